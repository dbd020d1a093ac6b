"""Reading what the mail server received, as a mail program and as an examiner."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes, policy
from urllib.parse import urlsplit

from campaigns.links import Purpose, Signer, Token
from tcma.bench.sink import Entry

_LINK = re.compile(r'href="([^"]*/r/([A-Za-z0-9_-]{48})/(\d+))"')
_PICTURE = re.compile(r'src="([^"]*/i/[0-9a-f]{64}\.[a-z]+)"')


@dataclass(frozen=True, slots=True)
class Received:
    """One mail with what its links and headers say."""

    to: str
    subject: str
    delivery_id: int
    clicks: tuple[str, ...]  # addresses of links
    pictures: tuple[str, ...]
    unsubscribe: str
    one_click: bool
    alts: tuple[str, ...]
    problems: tuple[str, ...]


def read(entry: Entry, signer: Signer) -> Received:
    """Parse one raw message and verify its tokens."""
    if entry.raw_path is None:
        raise ValueError("The mail server of the demo keeps every message.")
    raw = entry.raw_path.read_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    body = mail.get_body(("html",))
    html = str(body.get_content()) if body else ""
    text = mail.get_body(("plain",))
    problems = []
    found = _LINK.findall(html)
    tokens = {signer.verify(token, Purpose.CLICK) for _, token, _ in found}
    header = str(mail["List-Unsubscribe"] or "").strip("<> ")
    stop = signer.verify(urlsplit(header).path.rpartition("/")[2], Purpose.UNSUBSCRIBE) if header else None
    genuine = [token for token in tokens if isinstance(token, Token)]
    if len(genuine) != len(tokens) or len(genuine) > 1:
        problems.append("a link token does not verify")
    if header and stop is None:
        problems.append("the unsubscribe token does not verify")
    if stop is not None and genuine and stop.delivery_id != genuine[0].delivery_id:
        problems.append("link and unsubscribe tokens name different messages")
    if header and header not in html:
        problems.append("the unsubscribe link is missing in the mail")
    if text is None or not str(text.get_content()).strip():
        problems.append("there is no text part")
    return Received(
        to=entry.recipients[0].lower(),
        subject=str(mail["Subject"]),
        delivery_id=stop.delivery_id if stop else 0,
        clicks=tuple(dict.fromkeys(address for address, _, _ in found)),
        pictures=tuple(dict.fromkeys(_PICTURE.findall(html))),
        unsubscribe=header,
        one_click=str(mail["List-Unsubscribe-Post"] or "") == "List-Unsubscribe=One-Click",
        alts=tuple(re.findall(r'<img[^>]*alt="([^"]*)"', html)),
        problems=tuple(problems),
    )


def by_person(mails: Iterable[Received]) -> dict[str, list[Received]]:
    people: dict[str, list[Received]] = {}
    for mail in mails:
        people.setdefault(mail.to, []).append(mail)
    return people
