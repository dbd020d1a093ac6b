"""People and machines at their browsers, over real HTTP."""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from urllib.parse import urlencode, urlsplit

from tcma.bench.demo.mails import Received

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
AT_ONCE = 8
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_OPTION = re.compile(r"<option>([^<]+)</option>")


def machine_opens_everything(mail: Received) -> list[int]:
    """A scanner: HEAD and GET on every link and on the unsubscribe page, as fast as it can."""
    addresses = [*mail.clicks, mail.unsubscribe]
    jobs = [(method, address) for address in addresses for method in ("HEAD", "GET")]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda job: _ask(*job)[0], jobs))


def click_and_answer(mail: Received, company: str, name: str) -> str:
    """A person: the first link, the page, the form. Returns what went wrong, or nothing."""
    status, headers, _ = _ask("GET", mail.clicks[0])
    if status != 302:
        return f"the link answered {status}"
    target = headers["Location"]
    status, headers, page = _ask("GET", target)
    if status != 200 or "Set-Cookie" in headers:
        return f"the page answered {status}"
    form = {key: unescape(value) for key, value in _HIDDEN.findall(page)}
    options = [unescape(option) for option in _OPTION.findall(page)]
    form |= {"email": mail.to, "name": name, "company": company, "employees": options[1] if options else "12"}
    status, headers, _ = _ask("POST", target.partition("?")[0], form)
    if status != 303:
        return f"the form answered {status}"
    status, _, _ = _ask("GET", _absolute(target, headers["Location"]))
    return "" if status == 200 else f"the thank-you page answered {status}"


def leave(mail: Received) -> int:
    """One click in the mail program: RFC 8058."""
    return _ask("POST", mail.unsubscribe, {"List-Unsubscribe": "One-Click"})[0]


def fetch(address: str) -> tuple[int, str]:
    """Status and content type of a picture."""
    status, headers, _ = _ask("GET", address)
    return status, headers.get("Content-Type", "")


def _absolute(base: str, address: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}{address}" if address.startswith("/") else address


def _ask(method: str, address: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
    """One request without following redirects: status, headers, text."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = {"User-Agent": BROWSER}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
