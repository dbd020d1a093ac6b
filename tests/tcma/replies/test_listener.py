"""Replies over real SMTP: kept before 250 is said, refused or put off otherwise, once however often they come."""

import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from campaigns.replies import Kind
from tcma.config import ROOT, scratch_environment
from tcma.db import Database
from tcma.replies import postmaster as postmaster_module
from tcma.replies.listener import Certificate
from tcma.replies.models import InboundMail
from tcma.replies.postmaster import Postmaster
from tests.campaigns.test_providers_smtp_login import a_certificate
from tests.installation import Installation
from tests.tcma.launches.factories import deliveries, send, statuses
from tests.tcma.replies.desk import DOMAIN, a_mail
from tests.tcma.replies.mail_server import Running, listening
from tests.tcma.replies.test_taking import ASK, SENT, SKIPPED, a_desk, count

SENDER = "anna@lindt.example"


@dataclass
class Hung:
    """A storage that answers nobody; what a full disk or a lost bucket looks like from here."""

    seconds: float

    def put(self, name: str, content: bytes) -> None:
        time.sleep(self.seconds)
        raise OSError("No space left on device")

    def remove(self, name: str) -> None:
        pass


def told(client: smtplib.SMTP, *commands: str) -> list[int]:
    return [client.docmd(command)[0] for command in commands]


def bring(running: Running, recipient: str, raw: bytes) -> None:
    """As any mail server does. Raises smtplib's errors."""
    with running.client() as client:
        client.sendmail(SENDER, [recipient], raw)


def test_a_reply_is_kept_byte_for_byte_and_read_and_an_absence_note_ends_nothing(
    databases: Installation,
) -> None:
    desk = a_desk(databases, people=2, touches=2)
    first, second = deliveries(databases, desk.world.touch_ids[0])
    raw = a_mail(f"Anna <{SENDER}>", ASK + "\r\n.\r\n..two dots, and a long line: " + "x" * 2_000) + b"\r\n"
    away = a_mail("beat@lindt.example", "I am away.", "Auto-Submitted: auto-replied", number=2)

    with listening(databases) as running, running.client() as client:
        client.sendmail(SENDER, [desk.address(first).upper()], raw)
        client.sendmail("", [desk.address(second)], away)  # one connection, no sender: a machine's
    desk.read_all()
    send(databases)

    replies = {reply.kind: reply for reply in desk.replies()}
    assert set(replies) == {Kind.PERSON, Kind.AUTOMATIC}
    reply = replies[Kind.PERSON]
    assert desk.mail_of(reply) == raw
    assert (reply.delivery_id, reply.name) == (first.id, "Anna")
    second_touch = desk.world.touch_ids[1]
    assert statuses(databases, second_touch) == {SENT: 1, SKIPPED: 1}


def test_what_is_not_ours_is_refused_where_it_is_named(database: Installation) -> None:
    desk = a_desk(database, people=1, touches=1)
    (first,) = deliveries(database, desk.world.touch_ids[0])
    genuine = desk.address(first)
    forged = genuine[:20] + ("a" if genuine[20] != "a" else "b") + genuine[21:]
    with listening(database, recipients=2) as running, running.client() as client:
        client.ehlo()
        assert "starttls" not in client.esmtp_features and "auth" not in client.esmtp_features
        client.mail(SENDER)
        for wrong in (forged, "someone@elsewhere.example", f"postmaster@{DOMAIN}"):
            assert client.rcpt(wrong)[0] == 550, wrong
        client.send(b"RCPT TO:<r.\xfc@replies.example>\r\n")
        assert client.getreply()[0] == 550
        assert told(client, "DATA") == [503]
        assert [client.rcpt(genuine)[0] for _ in range(3)] == [250, 250, 452]
        assert client.data(a_mail(SENDER, ASK))[0] == 250
    assert count(desk, InboundMail) == 1  # named twice, it is one copy


def test_too_large_and_too_many_are_refused_and_the_rest_goes_on(database: Installation) -> None:
    desk = a_desk(database, people=1, touches=1)
    (first,) = deliveries(database, desk.world.touch_ids[0])
    with listening(database, connections_of_host=2, connection_bytes=5_000) as running:
        with running.client() as client, running.client():
            client.ehlo()
            assert client.mail(SENDER, [f"SIZE={40 * 1024 * 1024}"])[0] == 552
            with pytest.raises(smtplib.SMTPConnectError, match="421"):
                running.client()
            client.mail(SENDER)
            client.rcpt(desk.address(first))
            with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
                client.data(a_mail(SENDER, "x" * 200_000))
        bring(running, desk.address(first), a_mail(SENDER, ASK))
    assert count(desk, InboundMail) == 1


def test_who_says_nothing_is_cut_off(database: Installation) -> None:
    with (
        listening(database, command_time=0.3, lifetime=1.0) as running,
        socket.create_connection(("127.0.0.1", running.port)) as silent,
    ):
        silent.settimeout(5)
        assert silent.recv(100).startswith(b"220 ")
        begun = time.monotonic()
        assert silent.recv(100) == b"" and time.monotonic() - begun < 2


@pytest.mark.parametrize("seconds", [0.0, 1.0], ids=["fails", "hangs"])
def test_what_cannot_be_kept_now_is_put_off_and_nothing_is_lost(
    database: Installation, seconds: float
) -> None:
    desk = a_desk(database, people=1, touches=1)
    (first,) = deliveries(database, desk.world.touch_ids[0])
    with listening(database, keeping_time=0.3) as running:
        works, running.listener._files = running.listener._files, Hung(seconds)  # type: ignore[assignment]
        with pytest.raises(smtplib.SMTPDataError) as put_off:
            bring(running, desk.address(first), a_mail(SENDER, ASK))
        assert put_off.value.smtp_code == 451
        running.listener._files = works
        bring(running, desk.address(first), a_mail(SENDER, ASK))  # it comes again
    desk.read_all()
    assert [reply.text for reply in desk.replies()] == [ASK]


def test_while_the_database_is_away_a_mail_is_put_off_and_nothing_is_left_behind(
    database: Installation, tmp_path: Path
) -> None:
    desk = a_desk(database, people=1, touches=1)
    (first,) = deliveries(database, desk.world.touch_ids[0])
    away = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}", guarded=True)
    with listening(database) as running:
        works, running.listener._web = running.listener._web, away
        with pytest.raises(smtplib.SMTPDataError) as put_off:
            bring(running, desk.address(first), a_mail(SENDER, ASK))
        assert put_off.value.smtp_code == 451 and desk.files() == [] and not count(desk, InboundMail)
        running.listener._web = works
        bring(running, desk.address(first), a_mail(SENDER, ASK))  # it comes again
    away.dispose()
    desk.read_all()
    assert [reply.text for reply in desk.replies()] == [ASK]


def test_mail_for_postmaster_is_handed_on_to_the_operator(database: Installation) -> None:
    reader = "olga@host.example"
    settings = replace(database.settings, postmaster=reader, replies=DOMAIN, mail="outbox:")
    desk, postmaster = a_desk(database, people=1, touches=1), Postmaster(settings, database.storage)
    (first,) = deliveries(database, desk.world.touch_ids[0])
    raw = a_mail(SENDER, "Your server does not take my mail.")
    with listening(database, postmaster=postmaster) as running, running.client() as client:
        client.sendmail(SENDER, ["Postmaster"], raw)
        client.sendmail("", [f"PostMaster@{DOMAIN}", desk.address(first)], raw)
        assert client.rcpt("postmaster@elsewhere.example")[0] in (503, 550)
        assert client.mail(SENDER)[0] == 250 and client.rcpt("postmaster@elsewhere.example")[0] == 550
        client.rset()
        for _ in range(postmaster_module.MOST - 2):
            postmaster._count()
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            client.sendmail(SENDER, ["postmaster"], raw)  # beyond so many an hour
    mails = sorted((database.settings.var / "files" / "outbox").rglob("*.eml"))
    assert len(mails) == 2 and count(desk, InboundMail) == 1
    for mail in mails:
        found = message_from_bytes(mail.read_bytes(), policy=default)
        assert found["To"] == reader and found["From"] == settings.mail_from
        (file,) = found.iter_attachments()
        assert file.get_payload(decode=True) == raw + b"\r\n"


def test_a_stop_finishes_the_mail_under_way_and_takes_no_other(database: Installation) -> None:
    desk = a_desk(database, people=1, touches=1)
    (first,) = deliveries(database, desk.world.touch_ids[0])
    with listening(database) as running, running.client() as busy, running.client() as idle:
        idle.ehlo()
        busy.ehlo()
        busy.mail(SENDER)
        busy.rcpt(desk.address(first))
        stopping = threading.Thread(target=running.stop)
        stopping.start()
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            for _ in range(100):
                idle.noop()
                time.sleep(0.02)
        assert busy.data(a_mail(SENDER, ASK))[0] == 250
        assert busy.mail(SENDER)[0] == 421
        busy.close()
        stopping.join(10)
        with pytest.raises(ConnectionError):
            running.client()
    assert count(desk, InboundMail) == 1


def test_mail_is_encrypted_where_there_is_a_certificate(database: Installation, tmp_path: Path) -> None:
    desk = a_desk(database, people=1, touches=1)
    (first,) = deliveries(database, desk.world.touch_ids[0])
    a_certificate(tmp_path)
    certificate = Certificate(tmp_path / "cert.pem", tmp_path / "key.pem")
    with listening(database, certificate=certificate) as running, running.client() as client:
        trusts = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        client.starttls(context=trusts)
        client.ehlo()
        assert "auth" not in client.esmtp_features
        client.sendmail(SENDER, [desk.address(first)], a_mail(SENDER, ASK))
    assert count(desk, InboundMail) == 1


@contextmanager
def process(installation: Installation, port: int) -> Iterator[subprocess.Popen[str]]:
    """`tcma inbound` as it is started in production."""
    settings = installation.settings
    given = {
        "TCMA_ENVIRONMENT": "test",
        "TCMA_VAR": str(settings.var),
        "TCMA_DATABASE_URL": settings.database_url,
        "TCMA_STORAGE": settings.storage,
        "TCMA_REPLIES": DOMAIN,
        "TCMA_INBOUND_LISTEN": f"127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "tcma", "inbound"]
    child = subprocess.Popen(
        command, cwd=ROOT, env=scratch_environment(given), stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline().startswith(f"READY smtp://127.0.0.1:{port} for {DOMAIN}")
        yield child
    finally:
        child.kill()
        child.wait()


@pytest.mark.slow
def test_a_server_killed_after_the_last_dot_costs_nothing_and_doubles_nothing(database: Installation) -> None:
    desk = a_desk(database, people=1, touches=1)
    (first,) = deliveries(database, desk.world.touch_ids[0])
    raw = a_mail(SENDER, ASK) + b"\r\n"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with process(database, port) as child:
        client = smtplib.SMTP("127.0.0.1", port, timeout=10)
        client.ehlo()
        client.mail(SENDER)
        client.rcpt(desk.address(first))
        client.docmd("DATA")
        client.send(raw + b".\r\n")
        until = time.monotonic() + 10
        while count(desk, InboundMail) == 0 and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(child.pid, signal.SIGKILL)  # kept, and nobody was told
        client.close()
    with process(database, port) as child:  # the sender knows nothing and comes again
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as again:
            again.sendmail(SENDER, [desk.address(first)], raw)
        assert count(desk, InboundMail) == 2
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0
    desk.read_all()
    assert [reply.text for reply in desk.replies()] == [ASK]
    assert len(desk.files()) == 1
