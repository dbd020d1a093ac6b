"""People and machines at their browsers, over real HTTP."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

from tcma.bench.demo.browser import absolute, ask, hidden
from tcma.bench.demo.mails import Received

AT_ONCE = 8
_OPTION = re.compile(r"<option>([^<]+)</option>")


def machine_opens_everything(mail: Received) -> list[int]:
    """A scanner: HEAD and GET on every link and on the unsubscribe page, as fast as it can."""
    addresses = [*mail.clicks, mail.unsubscribe]
    jobs = [(method, address) for address in addresses for method in ("HEAD", "GET")]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda job: ask(*job).status, jobs))


def click_and_answer(mail: Received, company: str, name: str, language: str = "en") -> str:
    """A person: the first link, the page, the form. Returns what went wrong, or nothing."""
    speaks = {"Accept-Language": language}
    clicked = ask("GET", mail.clicks[0])
    if clicked.status != 302:
        return f"the link answered {clicked.status}"
    target = clicked.location
    page = ask("GET", target, headers=speaks)
    if page.status != 200 or "Set-Cookie" in page.headers:
        return f"the page answered {page.status}"
    form = hidden(page.text) | {"email": mail.to, "name": name, "company": company}
    form["employees"] = an_option(page.text)
    sent = ask("POST", target.partition("?")[0], form, headers=speaks)
    if sent.status != 303:
        return f"the form answered {sent.status}"
    thanks = ask("GET", absolute(target, sent.location), headers=speaks)
    return "" if thanks.status == 200 else f"the thank-you page answered {thanks.status}"


def an_option(page: str) -> str:
    """What a person answers to how many work there: one of the choices, or a number where there are none."""
    options = [unescape(option) for option in _OPTION.findall(page)]
    return options[1] if options else "12"


def leave(mail: Received) -> int:
    """One click in the mail program: RFC 8058."""
    return ask("POST", mail.unsubscribe, {"List-Unsubscribe": "One-Click"}).status


def fetch(address: str) -> tuple[int, str]:
    """Status and content type of a picture."""
    answer = ask("GET", address)
    return answer.status, answer.headers.get("Content-Type", "")
