"""The SMTP provider against servers that misbehave at every step, over real sockets."""

import base64
import datetime
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
    Outgoing,
    Provider,
    Refused,
    SettingsError,
    Unknown,
)

CLOSE, RESET, SILENCE, TRICKLE = "close", "reset", "silence", "trickle"
RAW = b"Message-ID: <1@x.example>\r\nSubject: Hi\r\n\r\nHello\r\n"
GOOD = {
    "GREETING": b"220 here\r\n", "EHLO": b"250-here\r\n250 8BITMIME\r\n", "HELO": b"250 here\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n", "DATA": b"354 go\r\n", "BODY": b"250 2.0.0 queued as Q1\r\n",
    "RSET": b"250 ok\r\n",
    "QUIT": b"221 bye\r\n",
}  # fmt: skip


class Scripted:
    """A server that says what it is told to at each step (`GREETING`, a verb, or `BODY` for the end of a
    message), one answer after the other, and then behaves. It notes every command and message."""

    def __init__(self, **answers: list[bytes | str] | bytes | str) -> None:
        self.answers = {
            step: list(given) if isinstance(given, list) else [given] for step, given in answers.items()
        }
        self.commands: list[str] = []
        self.messages: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Scripted":
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._done.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._done.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with client, client.makefile("rb") as lines, suppress(OSError):
                self._talk(client, lines)

    def _talk(self, client: socket.socket, lines: "object") -> None:
        if not self._answer(client, "GREETING"):
            return
        for line in lines:  # type: ignore[attr-defined]
            self.commands.append(line.decode().strip())
            verb = line[:4].decode().upper()
            if not self._answer(client, verb):
                return
            if verb == "DATA" and self.last.startswith(b"354"):
                body = []
                if self.answers.get("MIDDLE"):
                    lines.readline()  # type: ignore[attr-defined]
                    if not self._answer(client, "MIDDLE"):
                        return
                for part in lines:  # type: ignore[attr-defined]
                    if part == b".\r\n":
                        break
                    body.append(part)
                else:
                    return
                self.messages.append(b"".join(body))
                if not self._answer(client, "BODY"):
                    return

    def _answer(self, client: socket.socket, step: str) -> bool:
        planned = self.answers.get(step)
        answer = planned.pop(0) if planned else GOOD.get(step, b"502 what?\r\n")
        self.last = answer if isinstance(answer, bytes) else b""
        if answer == RESET:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if answer in (CLOSE, RESET):
            client.close()
            return False
        if answer == SILENCE:
            self._done.wait(10)
            return False
        if answer == TRICKLE:
            for _ in range(100):
                client.sendall(b"2")
                if self._done.wait(0.05):
                    return False
        assert isinstance(answer, bytes)
        client.sendall(answer)
        return True


@contextmanager
def smtp(port: int, **settings: object) -> Iterator[Provider]:
    usual: dict[str, object] = {
        "security": "none",
        "step_timeout": 0.25,
        "data_timeout": 0.25,
        "connect_timeout": 2.0,
    }
    provider = build("smtp", {"host": "127.0.0.1", "port": port, "hello": "me.example"} | usual | settings)
    try:
        yield provider
    finally:
        provider.close()


def message(
    number: int = 1, recipient: str = "b@y.example", raw: bytes = RAW, sender: str = "a@x.example"
) -> Outgoing:
    return Outgoing(number, f"attempt{number}", sender, recipient, raw)


def outcome_of(server: Scripted, **settings: object) -> Outcome:
    with smtp(server.port, **settings) as provider:
        (outcome,) = provider.send([message()])
    return outcome


def test_a_message_is_accepted_with_the_servers_own_name_for_it() -> None:
    with Scripted() as server:
        assert outcome_of(server) == Accepted(1, "2.0.0 queued as Q1")

    assert server.messages == [RAW]
    assert server.commands == [
        "EHLO me.example",
        "MAIL FROM:<a@x.example>",
        "RCPT TO:<b@y.example>",
        "DATA",
        "QUIT",
    ]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "BODY"])
def test_5xx_at_any_step_of_a_message_is_refused_and_the_next_one_goes_out(step: str) -> None:
    with Scripted(**{step: b"554 5.7.1 no thanks\r\n"}) as server, smtp(server.port) as provider:
        first, second = provider.send([message(1), message(2)])

    assert first == Refused(1, 554, "554 5.7.1 no thanks", hard=False)
    assert isinstance(second, Accepted)
    assert server.connections == 1
    assert ("RSET" in server.commands) == (step != "BODY")


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "BODY"])
@pytest.mark.parametrize("code", [421, 450, 452])
def test_4xx_at_any_step_is_not_sent_and_the_next_one_goes_out(step: str, code: int) -> None:
    with Scripted(**{step: b"%d later\r\n" % code}) as server, smtp(server.port) as provider:
        first, second = provider.send([message(1), message(2)])

    assert first == NotSent(1, f"{code} later")
    assert isinstance(second, Accepted)
    assert server.connections == (2 if code == 421 else 1)


@pytest.mark.parametrize("how", [CLOSE, RESET, b"what is this?\r\n", b"999 no\r\n", b"250-a\r\n550 b\r\n"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "MIDDLE"])
def test_a_break_before_the_final_dot_is_not_sent(step: str, how: bytes | str) -> None:
    large = RAW + b"x" * 78 * 100_000 + b"\r\n"  # more than the buffers of both sides hold
    with Scripted(**{step: how}) as server, smtp(server.port, step_timeout=5.0) as provider:
        first, second = provider.send([message(1, raw=large), message(2)])

    assert isinstance(first, NotSent)
    assert isinstance(second, Accepted)
    assert [len(m) for m in server.messages][-1] == len(RAW)


@pytest.mark.parametrize(
    "how", [CLOSE, RESET, b"garbage\r\n", b"354 more?\r\n", b"x" * 5000, b"250-a\r\n" * 200]
)
def test_a_break_after_the_final_dot_is_unknown(how: bytes | str) -> None:
    with Scripted(BODY=how) as server, smtp(server.port) as provider:
        first, second = provider.send([message(1), message(2)])

    assert isinstance(first, Unknown)
    assert isinstance(second, Accepted)
    assert len(server.messages) == 2


@pytest.mark.parametrize("how", [SILENCE, TRICKLE])
@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("GREETING", NotSent),
        ("EHLO", NotSent),
        ("MAIL", NotSent),
        ("RCPT", NotSent),
        ("DATA", NotSent),
        ("BODY", Unknown),
    ],
)
def test_no_answer_in_time_leaves_the_rest_of_the_batch_for_later(
    step: str, kind: type[Outcome], how: str
) -> None:
    with Scripted(**{step: how}) as server, smtp(server.port) as provider:
        started = time.monotonic()
        outcomes = list(provider.send([message(1), message(2), message(3)]))

    assert time.monotonic() - started < 3
    assert [type(outcome) for outcome in outcomes] == [kind, NotSent, NotSent]
    assert [outcome.delivery_id for outcome in outcomes] == [1, 2, 3]


def test_a_server_that_says_no_before_the_final_dot_has_not_got_the_message() -> None:
    large = RAW + b"x" * 3_000_000 + b"\r\n"
    with Scripted(DATA=[b"354 go\r\n552 5.3.4 too big\r\n"]) as server, smtp(server.port) as provider:
        first, second = provider.send([message(1, raw=large), message(2)])

    assert first == Refused(1, 552, "552 5.3.4 too big", hard=False)
    assert isinstance(second, Accepted)
    assert server.messages == [RAW]


@pytest.mark.parametrize("goodbye", [b"421 too many messages\r\n", CLOSE, RESET])
def test_a_kept_connection_the_server_has_closed_costs_no_message(goodbye: bytes | str) -> None:
    with Scripted(MAIL=[GOOD["MAIL"], goodbye]) as server, smtp(server.port) as provider:
        outcomes = [next(iter(provider.send([message(n)]))) for n in (1, 2, 3)]

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert server.connections == 2
    assert len(server.messages) == 3


def test_a_server_that_keeps_breaking_is_left_alone_after_three_times() -> None:
    with Scripted(RCPT=[CLOSE] * 9) as server, smtp(server.port) as provider:
        outcomes = list(provider.send([message(n) for n in range(6)]))

    assert all(isinstance(outcome, NotSent) for outcome in outcomes)
    assert len(outcomes) == 6
    assert server.connections == 3


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"GREETING": b"554 5.7.1 you are blocked\r\n"}, AccountRefused),
        ({"GREETING": b"421 busy\r\n"}, NotSent),
        ({"GREETING": b"SSH-2.0-OpenSSH\r\n"}, NotSent),
        ({"MAIL": b"530 5.7.0 authentication required\r\n"}, AccountRefused),
        ({"EHLO": b"500 what?\r\n"}, Accepted),
        ({"EHLO": b"500 what?\r\n", "HELO": b"550 no\r\n"}, AccountRefused),
    ],
)
def test_what_a_server_says_before_a_message_is_about_the_account(
    answers: dict[str, bytes], kind: type[Outcome]
) -> None:
    with Scripted(**answers) as server, smtp(server.port) as provider:
        outcomes = list(provider.send([message(1), message(2)]))

    assert [type(outcome) for outcome in outcomes] == [kind, kind]


def test_nobody_listening_is_not_sent_for_the_whole_batch() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with smtp(port) as provider:
        outcomes = list(provider.send([message(1), message(2)]))

    assert [type(outcome) for outcome in outcomes] == [NotSent, NotSent]
    assert "refused" in str(outcomes[0])


@pytest.mark.parametrize(
    ("step", "reply", "hard"),
    [
        ("RCPT", b"550 5.1.1 no such user\r\n", True),
        ("RCPT", b"550 user unknown\r\n", True),
        ("RCPT", b"552 5.2.2 mailbox full\r\n", False),
        ("RCPT", b"554 5.7.1 policy\r\n", False),
        ("RCPT", b"550-5.1.1 no\r\n550 5.1.1 such user\r\n", True),
        ("BODY", b"550 5.1.1 no such user\r\n", True),
        ("BODY", b"550 looks like spam\r\n", False),
        ("MAIL", b"550 5.1.8 bad sender\r\n", False),
    ],
)
def test_only_a_refused_address_is_a_hard_bounce(step: str, reply: bytes, hard: bool) -> None:
    with Scripted(**{step: reply}) as server:
        outcome = outcome_of(server)

    assert isinstance(outcome, Refused)
    assert outcome.hard is hard


def test_lines_are_ended_and_dots_doubled_so_that_no_message_can_hide_in_another() -> None:
    smuggled = b"Subject: x\r\n\r\n.\r\n.one\r\nbare\n.\nMAIL FROM:<evil@x.example>\r.\r\nno end"
    with Scripted() as server, smtp(server.port) as provider:
        (outcome,) = provider.send([message(raw=smuggled)])

    assert isinstance(outcome, Accepted)
    assert server.messages == [
        b"Subject: x\r\n\r\n..\r\n..one\r\nbare\r\n..\r\nMAIL FROM:<evil@x.example>\r\n..\r\nno end\r\n"
    ]
    assert len([command for command in server.commands if command.startswith("MAIL")]) == 1


@pytest.mark.parametrize(
    "address", ["b@y.example>\r\nRCPT TO:<c@z.example", "b c@y.example", "b", "<b@y.example>", ""]
)
def test_an_address_that_could_add_a_command_is_refused_here(address: str) -> None:
    with Scripted() as server, smtp(server.port) as provider:
        (outcome,) = provider.send([message(recipient=address)])

    assert isinstance(outcome, Refused)
    assert server.commands == []


EHLO_UTF8 = b"250-here\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"


@pytest.mark.parametrize(
    ("recipient", "raw", "ehlo", "mail"),
    [
        ("b@bücher.example", RAW, EHLO_UTF8, "MAIL FROM:<a@x.example>"),
        ("b@y.example", RAW + "é".encode(), EHLO_UTF8, "MAIL FROM:<a@x.example> BODY=8BITMIME"),
        ("jörg@y.example", RAW, EHLO_UTF8, "MAIL FROM:<a@x.example> BODY=8BITMIME SMTPUTF8"),
        (
            "b@y.example",
            "Subject: é\r\n\r\n".encode(),
            EHLO_UTF8,
            "MAIL FROM:<a@x.example> BODY=8BITMIME SMTPUTF8",
        ),
        ("jörg@y.example", RAW, b"250 here\r\n", None),
        ("b@y.example", RAW + "é".encode(), b"250 here\r\n", None),
    ],
)
def test_extensions_are_asked_for_only_when_needed_and_offered(
    recipient: str, raw: bytes, ehlo: bytes, mail: str | None
) -> None:
    with Scripted(EHLO=ehlo) as server, smtp(server.port) as provider:
        (outcome,) = provider.send([message(recipient=recipient, raw=raw)])

    if mail is None:
        assert isinstance(outcome, Refused) and not outcome.hard
    else:
        assert isinstance(outcome, Accepted)
        assert mail in server.commands
    if "bücher" in recipient:
        assert "RCPT TO:<b@xn--bcher-kva.example>" in server.commands


def test_a_caller_that_stops_asking_has_handed_over_only_what_it_asked_for() -> None:
    with Scripted() as server, smtp(server.port) as provider:
        batch = provider.send([message(1), message(2), message(3)])
        next(batch)
        batch.close()  # type: ignore[attr-defined]

    assert len(server.messages) == 1


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
