"""What every answer shares; errors; logs; health; the real server."""

import io
import logging
import re
import socket
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from waitress.server import create_server

from campaigns.links import Purpose
from tcma import clock, logs
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.jobs.models import Worker
from tcma.web import create_app
from tcma.web.guards import Access, guard
from tests.web.site import ANNA, BROWSER, FORM, Site, inputs

TOKEN = "Ab3" * 16


def every_kind_of_answer(site: Site) -> Iterator[str]:
    mail = site.mail_to(ANNA)
    yield from ("/", "/health", "/robots.txt", "/nothing", "/i/x.png", "/assets/css/microsite.css")
    yield from (site.slug, f"{site.slug}/thanks", f"{site.slug}/file/en")
    yield f"{site.slug}?visit={site.token(Purpose.VISIT, mail)}"
    yield f"/r/{site.token(Purpose.CLICK, mail)}/0"
    yield f"/o/{site.token(Purpose.OPEN, mail)}"
    yield f"/u/{site.token(Purpose.UNSUBSCRIBE, mail)}"
    yield f"/confirm/{site.token(Purpose.CONFIRM, mail)}"


def test_no_answer_sets_a_cookie_and_every_one_is_strict(site: Site) -> None:
    nonces = set()
    for path in every_kind_of_answer(site):
        for answer in (site.visitor().get(path), site.visitor().post(path, {"email": "x"})):
            policy = answer.headers["Content-Security-Policy"]
            nonce = re.search(r"style-src 'nonce-([\w-]{22})'", policy)
            assert nonce and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
            assert "script-src" not in policy and "unsafe" not in policy
            assert "Set-Cookie" not in answer.headers, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
            assert answer.headers["Permissions-Policy"] and answer.headers["Cross-Origin-Opener-Policy"]
            if b"<style" in answer.data:
                assert f'nonce="{nonce[1]}"' in answer.text
                assert "<script" not in answer.text and " style=" not in answer.text
            nonces.add(nonce[1])
    assert len(nonces) == 2 * len(list(every_kind_of_answer(site)))


def test_pages_are_not_kept_by_browsers(site: Site) -> None:
    assert site.visitor().get(site.slug).headers["Cache-Control"] == "no-store"
    assert site.visitor().answer().headers["Cache-Control"] == "no-store"


def test_a_secure_connection_stays_secure(site: Site) -> None:
    answer = site.visitor().get("/", base_url="https://go.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "There is no page here"),
        ("de-CH,de;q=0.9", "Hier ist keine Seite"),
        ("xx", "There is no page here"),
    ],
)
def test_an_absent_page_is_told_in_the_visitors_language(site: Site, language: str, words: str) -> None:
    page = site.visitor(language).get("/nothing")

    assert page.status_code == 404 and words in page.text


def test_a_method_that_is_not_taken_names_those_that_are(site: Site) -> None:
    answer = site.visitor().client.put(site.slug)

    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_form_that_is_far_too_big_is_refused(site: Site) -> None:
    assert site.visitor().post(site.slug, {"email": "x" * 300_000}).status_code == 413


def with_route(site: Site, rule: str, view: Callable[..., str]) -> Site:
    """The site behind an application of its own that has one route more."""
    app = create_app(site.installation)
    app.add_url_rule(rule, view_func=view)
    return replace(site, app=app)


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound("x"), 404), (Refused("x"), 403), (Conflict("x"), 409), (Invalid("x"), 422)],
)
def test_a_broken_rule_has_its_own_status(site: Site, error: Exception, status: int) -> None:
    @guard(Access.ANYBODY)
    def view() -> str:
        raise error

    site = with_route(site, "/rule", view)

    assert site.visitor().get("/rule").status_code == status


def test_a_bug_shows_the_page_and_logs_neither_address_nor_token(site: Site) -> None:
    @guard(Access.ANYBODY)
    def view(token: str) -> str:
        raise RuntimeError(f"anna@lindt.example with {token}")

    site = with_route(site, "/bug/<token>", view)
    written = io.StringIO()
    structlog.configure(
        processors=[structlog.processors.format_exc_info, logs.scrub, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(written),
        cache_logger_on_first_use=False,
    )
    try:
        page = site.visitor("de").get(f"/bug/{TOKEN}")
    finally:
        structlog.reset_defaults()

    assert page.status_code == 500 and "Das hat bei uns nicht geklappt" in page.text
    assert "RuntimeError: [address] with [token]" in written.getvalue()
    assert "anna" not in written.getvalue() and TOKEN not in written.getvalue()


def test_logs_are_scrubbed_at_any_depth() -> None:
    event = {
        "event": "mail to Anna.Frei+x@lindt.example failed",
        "error": ValueError("<beat@lindt.example>: no such user"),
        "rows": [{"to": "carla@migros.example", "count": 3}, ("x", TOKEN)],
        "path": f"/u/{TOKEN}",
        "sha256": "0" * 64,
        "ok": True,
    }
    scrubbed = logs.scrub(None, "info", event)

    assert "lindt" not in str(scrubbed) and "migros" not in str(scrubbed) and TOKEN not in str(scrubbed)
    assert scrubbed["rows"][0]["count"] == 3 and scrubbed["ok"] is True
    assert scrubbed["sha256"] == "0" * 64 and scrubbed["path"] == "/u/[token]"


def test_plain_logging_of_libraries_is_scrubbed_with_its_traceback() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Scrubbed("%(message)s"))
    logger = logging.Logger("library")
    logger.addHandler(handler)
    try:
        raise RuntimeError("anna@lindt.example")
    except RuntimeError:
        logger.exception("for %s", "anna@lindt.example")

    assert "for [address]\nTraceback" in written.getvalue()
    assert "RuntimeError: [address]" in written.getvalue() and "anna" not in written.getvalue()


def test_without_a_worker_the_installation_is_not_well(site: Site) -> None:
    answer = site.visitor().get("/health")

    assert answer.status_code == 503
    assert answer.json == {
        "ok": False,
        "database": "works",
        "worker": "no worker is running",
        "oldest_waiting_since": None,
        "failed_jobs": 0,
    }


@pytest.mark.parametrize(
    ("beat", "progress", "ended", "status"),
    [(0, 0, False, 200), (0, 60, False, 503), (60, 60, False, 503), (0, 0, True, 503)],
)
def test_a_worker_is_alive_by_its_progress(
    site: Site, beat: int, progress: int, ended: bool, status: int
) -> None:
    now = clock.real()
    with site.worker() as session:
        session.add(
            Worker(
                host="h",
                pid=1,
                started_at=now,
                beat_at=now - timedelta(seconds=beat),
                progress_at=now - timedelta(seconds=progress),
                oldest_waiting_at=now,
                ended_at=now if ended else None,
            )
        )
    answer = site.visitor().get("/health")

    assert answer.status_code == status, answer.json
    if status == 200:
        assert (answer.json or {})["oldest_waiting_since"] == now.isoformat()


@pytest.mark.parametrize(("is_killed", "status"), [(False, 200), (True, 503)])
def test_a_worker_that_was_killed_a_moment_ago_is_not_alive(site: Site, is_killed: bool, status: int) -> None:
    now = clock.real()
    with subprocess.Popen(["sleep", "60"]) as process:
        with site.worker() as session:
            worker = {"host": socket.gethostname(), "pid": process.pid, "started_at": now}
            session.add(Worker(**worker, beat_at=now, progress_at=now))
        if is_killed:
            process.kill()
            process.wait()
        answer = site.visitor().get("/health")
        process.kill()

    assert answer.status_code == status, answer.json


def test_a_database_that_is_gone_is_told(site: Site) -> None:
    site.installation.web.dispose()
    (site.installation.settings.var / "tcma.db").write_bytes(b"not a database" * 100)

    answer = site.visitor().get("/health")
    assert (answer.status_code, (answer.json or {})["database"]) == (503, "does not answer")


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The application behind the real server, on a port of its own."""
    server = create_server(site.app, host="127.0.0.1", port=0, threads=4, ident=None)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            server.asyncore.loop(timeout=0.05, map=server._map, count=1)
        server.task_dispatcher.shutdown()
        server.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        over.set()
        thread.join(5)


def test_a_person_answers_through_the_real_server(site: Site) -> None:
    mail = site.mail_to(ANNA)
    site.sent_an_hour_ago(mail)
    with served(site) as host:

        def fetch(path: str, data: dict[str, str] | None = None) -> tuple[str, dict[str, str]]:
            body = urllib.parse.urlencode(data).encode() if data else None
            asked = urllib.request.Request(host + path, body, {"User-Agent": BROWSER})
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.read().decode(), dict(answer.headers)

        token = site.token(Purpose.VISIT, mail)
        page, headers = fetch(f"{site.slug}?visit={token}")
        hidden = {name: value for name, value in inputs(page).items() if name in ("form_token", "visit")}
        thanks, _ = fetch(site.slug, {**hidden, **FORM})
        assert "Here is your checklist" in thanks and "Server" not in headers
        assert site.steps() == [("visited", 1), ("submitted", 1)]

        with pytest.raises(urllib.error.HTTPError) as absent:
            fetch("/nothing")
        assert absent.value.code == 404
        with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), 10) as line:
            line.sendall(b"POST /u/x HTTP/1.1\r\nHost: evil.example\r\nContent-Length: nonsense\r\n\r\n")
            assert b" 400 " in line.recv(200)
