"""Reading what was received, as a mail program and as an examiner."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from campaigns.links import Purpose, Signer, Token
from tcma.bench.demo.post import Arrival

_LINK = re.compile(r'href="([^"]*/r/([A-Za-z0-9_-]{48})/(\d+))"')
_SEAT = re.compile(r'href="([^"]*/w/([A-Za-z0-9_-]{48}))(?:\.ics)?"')
_PICTURE = re.compile(r'src="([^"]*/i/[0-9a-f]{64}\.[a-z]+)"')


@dataclass(frozen=True, slots=True)
class Received:
    """One mail with what its links and headers say."""

    to: str
    subject: str
    delivery_id: int
    clicks: tuple[str, ...]  # addresses of links
    seat: str  # the page of its reader's seat in a webinar, whose calendar file has ".ics" behind it
    pictures: tuple[str, ...]
    unsubscribe: str
    one_click: bool
    reply_to: str
    message_id: str
    alts: tuple[str, ...]
    text: str
    calendars: tuple[bytes, ...]  # attached
    problems: tuple[str, ...]

    @property
    def calendar(self) -> str:
        return f"{self.seat}.ics"


def read(arrival: Arrival, signer: Signer) -> Received:
    """Parse one mail and verify its tokens."""
    letter = arrival.open()
    html, headers = letter.html, letter.headers
    problems = []
    found = _LINK.findall(html)
    seats = _SEAT.findall(html)
    tokens = {signer.verify(token, Purpose.CLICK) for _, token, _ in found}
    tokens |= {signer.verify(token, Purpose.SEAT) for _, token in seats}
    header = headers.get("list-unsubscribe", "").strip("<> ")
    stop = signer.verify(urlsplit(header).path.rpartition("/")[2], Purpose.UNSUBSCRIBE) if header else None
    genuine = [token for token in tokens if isinstance(token, Token)]
    if len(genuine) != len(tokens):
        problems.append("a link token does not verify")
    if header and stop is None:
        problems.append("the unsubscribe token does not verify")
    if len({token.delivery_id for token in genuine} | ({stop.delivery_id} if stop else set())) > 1:
        problems.append("tokens name different messages")
    if header and header not in html:
        problems.append("the unsubscribe link is missing in the mail")
    if not letter.text.strip():
        problems.append("there is no text part")
    return Received(
        to=arrival.to,
        subject=letter.subject,
        delivery_id=stop.delivery_id if stop else 0,
        clicks=tuple(dict.fromkeys(address for address, _, _ in found)),
        seat=seats[0][0] if seats else "",
        pictures=tuple(dict.fromkeys(_PICTURE.findall(html))),
        unsubscribe=header,
        one_click=headers.get("list-unsubscribe-post", "") == "List-Unsubscribe=One-Click",
        reply_to=headers.get("reply-to", ""),
        message_id=headers.get("message-id", ""),
        alts=tuple(re.findall(r'<img[^>]*alt="([^"]*)"', html)),
        text=letter.text,
        calendars=letter.calendars,
        problems=tuple(problems),
    )


def by_person(mails: Iterable[Received]) -> dict[str, list[Received]]:
    people: dict[str, list[Received]] = {}
    for mail in mails:
        people.setdefault(mail.to, []).append(mail)
    return people
