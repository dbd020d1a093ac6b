"""TLS, log-in and settings of the SMTP provider, also with a real server."""

import base64
import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Aiosmtpd
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from campaigns.providers import build
from campaigns.providers.base import (
    Accepted,
    AccountRefused,
    NotSent,
    Outcome,
    SettingsError,
)
from tests.campaigns.scripted_smtp import Scripted, message, smtp


def outcome_of(server: Scripted, **settings: object) -> Outcome:
    with smtp(server.port, **settings) as provider:
        (outcome,) = provider.send([message()])
    return outcome


class Keeper:
    def __init__(self) -> None:
        self.kept: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, server: Aiosmtpd, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.kept.append((envelope.mail_from or "", envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 kept"


@contextmanager
def aiosmtpd_server(
    keeper: Keeper, controller: Callable[..., Controller] = Controller, **options: object
) -> Iterator[int]:
    running = controller(keeper, hostname="127.0.0.1", port=0, **options)
    with socket.create_server(("127.0.0.1", 0)) as free:
        running.port = free.getsockname()[1]
    running.start()
    try:
        yield running.port
    finally:
        running.stop()


def a_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


def allow(server: Aiosmtpd, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me", "pässword".encode())
    return AuthResult(success=is_right, handled=False)


@pytest.mark.filterwarnings(
    "ignore:Requiring AUTH while not requiring TLS:UserWarning"
)  # TLS is there already
@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("exclude", [[], ["PLAIN"]])
def test_tls_and_log_in_work_with_a_real_server(tmp_path: Path, security: str, exclude: list[str]) -> None:
    context, public = a_certificate(tmp_path)
    keeper = Keeper()
    options: dict[str, object] = {
        "authenticator": allow, "auth_required": True, "auth_exclude_mechanism": exclude,
    }  # fmt: skip
    options |= (
        {"ssl_context": context, "auth_require_tls": False} if security == "tls" else {"tls_context": context}
    )
    with aiosmtpd_server(keeper, DeafController, **options) as port:
        usual = {
            "security": security,
            "ca_file": str(public),
            "username": "me",
            "step_timeout": 5.0,
            "data_timeout": 5.0,
        }
        with smtp(port, password="pässword", **usual) as provider:
            good = list(provider.send([message(1), message(2)]))
        with smtp(port, password="wrong", **usual) as provider:
            bad = list(provider.send([message(3), message(4)]))
        with smtp(port, password="pässword", **{**usual, "ca_file": ""}) as provider:
            strange = list(provider.send([message(5)]))

    assert [type(outcome) for outcome in good] == [Accepted, Accepted]
    assert [(type(outcome), outcome.delivery_id) for outcome in bad] == [
        (AccountRefused, 3),
        (AccountRefused, 4),
    ]
    assert isinstance(strange[0], NotSent) and "TLS" in strange[0].reason
    assert [recipients for _, recipients, _ in keeper.kept] == [["b@y.example"], ["b@y.example"]]


class DeafController(Controller):
    """A controller that does not greet itself to see whether it started; it cannot over TLS with our
    certificate."""

    def _trigger_server(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5):
            pass


def test_starttls_that_is_not_offered_sends_nothing() -> None:
    with Scripted() as server:
        outcome = outcome_of(server, security="starttls")

    assert outcome == NotSent(1, "The server does not offer STARTTLS")
    assert not any(command.startswith("MAIL") for command in server.commands)


def test_a_password_is_never_shown_and_never_sent_in_the_clear_to_another_host() -> None:
    with pytest.raises(SettingsError, match="in the clear"):
        build("smtp", {"host": "mail.x.example", "security": "none", "username": "me", "password": "secret"})
    with Scripted(EHLO=b"250-here\r\n250 AUTH PLAIN\r\n", AUTH=b"535 5.7.8 wrong\r\n") as server:
        outcome = outcome_of(server, username="me", password="secret")

    assert outcome == AccountRefused(1, 535, "5.7.8 wrong")
    assert server.commands[1] == "AUTH PLAIN " + base64.b64encode(b"\0me\0secret").decode()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "needs the setting “host”"),
        ({"host": "x", "port": 0}, "port"),
        ({"host": "x", "port": "25"}, "has to be a int"),
        ({"host": "x", "security": "ssl"}, "none, starttls or tls"),
        ({"host": "x", "hots": "y"}, "no setting called “hots”"),
        ({"host": "x", "ca_file": "/nowhere/ca.pem"}, "cannot be read"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_a_sentence(
    settings: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        build("smtp", settings)
