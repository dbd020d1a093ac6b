"""SendGrid's published rules for `/v3/mail/send`, and what a reader of an accepted mail sees."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_PEOPLE = 1_000
MOST_BYTES = 30 * 1024 * 1024
MOST_SUBSTITUTED = 10_000
MOST_ARGUED = 10_000
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z0-9-]{2,}")
_RESERVED = frozenset(
    {"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to",
     "from", "subject", "reply-to", "cc", "bcc"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """As SendGrid words it."""

    message: str
    field: str | None = None
    help: str | None = None

    @classmethod
    def of_address(cls, place: int) -> "Fault":
        return cls("Does not contain a valid address.", f"personalizations.{place}.to.0.email")


def faults(body: bytes) -> tuple[int, list[Fault]] | None:
    """Code and reasons of the refusal; None for a request that is as it should be."""
    if len(body) > MOST_BYTES:
        return 413, [Fault("Payload too large")]
    try:
        mail = json.loads(body)
    except ValueError:
        return 400, [Fault("Bad Request")]
    found = list(_faults(mail)) if isinstance(mail, dict) else [Fault("Bad Request")]
    return (400, found) if found else None


def _faults(mail: Mapping[str, Any]) -> Iterator[Fault]:
    people = mail.get("personalizations") or []
    if not 1 <= len(people) <= MOST_PEOPLE:
        yield Fault("The personalizations field is required and takes 1 to 1000.", "personalizations")
    if not _ADDRESS.fullmatch(str((mail.get("from") or {}).get("email"))):
        yield Fault("Does not contain a valid address.", "from.email")
    contents = mail.get("content") or []
    if not contents or any(not one.get("value") or not one.get("type") for one in contents):
        yield Fault("The content value must be a string at least one character in length.", "content")
    order = ["text/plain", "text/html", "text/calendar"]
    kinds = [one.get("type") for one in contents]
    if kinds != [kind for kind in order if kind in kinds]:
        yield Fault("Each content type once, text/plain first.", "content")
    if any(len(name) > 255 for name in mail.get("categories") or []):
        yield Fault("A category has at most 255 characters.", "categories")
    yield from _header_faults(mail.get("headers") or {}, "headers")
    for place, person in enumerate(people):
        yield from _person_faults(place, person, mail)


def _person_faults(place: int, person: Mapping[str, Any], mail: Mapping[str, Any]) -> Iterator[Fault]:
    where = f"personalizations.{place}"
    to = person.get("to") or []
    if len(to) != 1 or not _ADDRESS.fullmatch(str(to[0].get("email"))):
        yield Fault.of_address(place)
    if not (person.get("subject") or mail.get("subject")):
        yield Fault("The subject is required.", f"{where}.subject")
    if _size(person.get("substitutions") or {}) > MOST_SUBSTITUTED:
        yield Fault("Substitutions may not exceed 10000 bytes.", f"{where}.substitutions")
    arguments = person.get("custom_args") or {}
    if _size(arguments) > MOST_ARGUED or not all(isinstance(value, str) for value in arguments.values()):
        yield Fault("Custom arguments are strings of at most 10000 bytes.", f"{where}.custom_args")
    yield from _header_faults(person.get("headers") or {}, f"{where}.headers")


def _header_faults(headers: Mapping[str, Any], where: str) -> Iterator[Fault]:
    for name, value in headers.items():
        if name.lower() in _RESERVED or not name.isascii() or not isinstance(value, str) or "\n" in value:
            yield Fault("This header cannot be set.", where)


def _size(values: Mapping[str, Any]) -> int:
    return sum(len(name.encode()) + len(str(value).encode()) for name, value in values.items())


def rendered(mail: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The mails of a request: substitutions made, a person's headers before everybody's."""
    bodies = {one["type"]: one["value"] for one in mail["content"]}
    for person in mail["personalizations"]:
        values = person.get("substitutions") or {}
        yield {
            "to": person["to"][0]["email"],
            "sender": mail["from"]["email"],
            "from_name": mail["from"].get("name") or "",
            "reply_to": (mail.get("reply_to") or {}).get("email", ""),
            "subject": _substituted(person.get("subject") or mail["subject"], values),
            "text": _substituted(bodies.get("text/plain", ""), values),
            "html": _substituted(bodies.get("text/html", ""), values),
            "headers": {**(mail.get("headers") or {}), **(person.get("headers") or {})},
            "custom_args": {**(mail.get("custom_args") or {}), **(person.get("custom_args") or {})},
            "categories": mail.get("categories") or [],
            "tracking": mail.get("tracking_settings") or {},
            "attachments": mail.get("attachments") or [],
        }


def _substituted(text: str, values: Mapping[str, str]) -> str:
    """Names are replaced one after the other, so that a value which is a name would be replaced, too."""
    for name, value in values.items():
        text = text.replace(name, value)
    return text
