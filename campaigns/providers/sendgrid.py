"""SendGrid by its v3 API: many messages of one artefact in a request, over a connection that is kept.

Accepted is 2xx. Not sent is 429, or a break before the write that holds the last byte of the request. Refused is
400 and 413: nothing of such a request was taken, so those it does not name are asked for again. Unknown is
everything else from that write on: time-out, reset, 5xx, an answer nobody can read. What says that the account or
its address is not served (401, 402, 403, 404, 405, a redirect) refuses the account.

An answer that is lost makes every message of its request unknown, so `most_together` weighs speed against
doubt. There is no look-up: what became of a message its events tell (`sendgrid_events`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import time
from urllib.parse import urlsplit

import orjson

from campaigns.providers.base import (
    NOT_TRIED,
    Accepted,
    AccountRefused,
    NotSent,
    Outcome,
    Outgoing,
    Refused,
    SettingsError,
    Unknown,
    only,
    setting,
)
from campaigns.providers.http_wire import Answer, Broken, HttpWire
from campaigns.providers.sendgrid_mail import MOST_TOGETHER, Entry, Unfit, entry, request_body
from campaigns.providers.trust import is_loopback, tls_context

PATH = "/v3/mail/send"
ADDRESS = "https://api.sendgrid.com"
LONGEST_WAIT = 3_600.0  # seconds: a stranger's word about when to come back is believed so far

_ACCOUNT = frozenset({401, 402, 403, 404, 405, 407})
_PERSON = re.compile(r"personalizations\.(\d{1,4})\.(\w+)")

Fate = Callable[[int], Outcome]  # of a delivery id


def from_settings(settings: Mapping[str, object]) -> "SendGrid":
    """Settings: key; address (of the API), site (whose messages these are: events of others are left alone),
    most_together (messages of a request), most_bytes (of a request, about), ca_file, and in seconds
    connect_timeout, answer_timeout."""
    only(
        settings, "key", "address", "site", "most_together", "most_bytes", "ca_file", "connect_timeout",
        "answer_timeout",
    )  # fmt: skip
    key, address = setting(settings, "key", ""), setting(settings, "address", ADDRESS)
    if not re.fullmatch(r"[\x21-\x7e]{1,200}", key):
        raise SettingsError("SendGrid needs its API key: the setting “key”.")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if not host or parts.scheme not in ("http", "https") or parts.path not in ("", "/"):
        raise SettingsError(f"“{address}” is no address of an API; write {ADDRESS}.")
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError("A key is not sent in the clear: the address has to begin with https.")
    together = setting(settings, "most_together", 100)
    if not 1 <= together <= MOST_TOGETHER:
        raise SettingsError(f"The setting “most_together” has to be from 1 to {MOST_TOGETHER}.")
    is_tls = parts.scheme == "https"
    wire = HttpWire(
        host,
        port or (443 if is_tls else 80),
        tls_context(setting(settings, "ca_file", "")) if is_tls else None,
        setting(settings, "connect_timeout", 10.0),
    )
    limits = _Limits(
        together, setting(settings, "most_bytes", 5_000_000), setting(settings, "answer_timeout", 30.0)
    )
    return SendGrid(wire, key, setting(settings, "site", ""), limits)


@dataclass(frozen=True, slots=True)
class _Limits:
    together: int
    size: int
    answer_timeout: float


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one request came to. `fate` is everybody's, but for those refused by their place in it; `rest` is
    that of the messages after them, which are not tried. `may_split`: without the cause it would go."""

    fate: Fate
    rest: Fate | None = None
    refused: Mapping[int, Fate] | None = None
    may_split: bool = False


class SendGrid:
    def __init__(self, wire: HttpWire, key: str, site: str, limits: _Limits) -> None:
        self._wire, self._site, self._limits = wire, site, limits
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "tcma",
        }
        self._is_between = True

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        self._is_between = True
        rest: Fate | None = None
        for together in self._requests(batch):
            if rest is not None:
                yield from (rest(one.delivery_id) for one in together)
                continue
            self._is_between = False
            outcomes, rest = self._handed_over(together)
            for place, outcome in enumerate(outcomes, 1):
                self._is_between = place == len(outcomes)
                yield outcome

    @property
    def is_between(self) -> bool:
        return self._is_between

    def look_up(self, attempt_id: str, delivery_id: int) -> Outcome | None:
        return None

    def close(self) -> None:
        self._wire.close()

    def _requests(self, batch: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
        """Neighbours of one skeleton that go together, within the limits."""
        together: list[Outgoing] = []
        size = 0
        for message in batch:
            parts = message.parts
            weight = sum(map(len, (*parts.text, *parts.html))) if parts else 0
            is_alike = (
                together
                and parts is not None
                and (before := together[-1].parts) is not None
                and before.skeleton is parts.skeleton
                and len(together) < self._limits.together
                and size + weight <= self._limits.size
            )
            if together and not is_alike:
                yield together
                together, size = [], 0
            together.append(message)
            size += weight
        if together:
            yield together

    def _handed_over(self, messages: Sequence[Outgoing]) -> tuple[list[Outcome], Fate | None]:
        """One outcome for each, in their order, and the fate of whatever comes after them."""
        fates: dict[int, Outcome] = {}
        entries = []
        for message in messages:
            try:
                entries.append(entry(message, self._site))
            except Unfit as unfit:
                fates[id(message)] = Refused(message.delivery_id, 400, str(unfit), hard=False)
        rest: Fate | None = None
        alike = [one for one in entries if one.skeleton is not None]
        for some in [alike, *([one] for one in entries if one.skeleton is None)]:
            if some:
                rest = self._settle(some, fates, rest)
        return [fates[id(message)] for message in messages], rest

    def _settle(self, entries: list[Entry], fates: dict[int, Outcome], rest: Fate | None) -> Fate | None:
        """Finds the fate of every entry, in as many requests as it takes."""
        if rest is not None:
            fates.update((id(one.message), rest(one.message.delivery_id)) for one in entries)
            return rest
        verdict = self._asked(entries)
        named = verdict.refused or {}
        if len(entries) > 1 and (named or verdict.may_split):
            for place, fate in named.items():
                fates[id(entries[place].message)] = fate(entries[place].message.delivery_id)
            left = [one for place, one in enumerate(entries) if place not in named]
            half = len(left) if named else len(left) // 2
            for some in (left[:half], left[half:]):
                if some:
                    rest = self._settle(some, fates, rest)
            return rest
        for place, one in enumerate(entries):
            fate = named.get(place, verdict.fate)
            fates[id(one.message)] = fate(one.message.delivery_id)
        return verdict.rest

    def _asked(self, entries: list[Entry]) -> _Verdict:
        try:
            body = request_body(entries)
        except Unfit as unfit:
            return _refused(400, str(unfit))
        try:
            answer = self._wire.post(PATH, self._headers, body, self._limits.answer_timeout)
        except Broken as broken:
            reason = str(broken)
            fate: Fate = lambda number: Unknown(number, reason)  # noqa: E731
            if not broken.is_complete:
                fate = lambda number: NotSent(number, reason)  # noqa: E731
            return _Verdict(fate, rest=_not_tried(reason))
        return _judged(answer, entries)


def _judged(answer: Answer, entries: Sequence[Entry]) -> _Verdict:
    code, reason = answer.status, _reason(answer)
    if 200 <= code < 300:
        name = answer.headers.get("x-message-id", "")[:100]
        return _Verdict(lambda number: Accepted(number, name))
    if code == 429:
        wait = _wait(answer.headers)
        later: Fate = lambda number: NotSent(number, reason, wait)  # noqa: E731
        return _Verdict(later, rest=later)
    if code in _ACCOUNT or 300 <= code < 400:
        account: Fate = lambda number: AccountRefused(number, code, reason)  # noqa: E731
        return _Verdict(account, rest=account)
    if 400 <= code < 500 and code != 408:
        named = _named(answer, entries) if code == 400 else {}
        return _refused(code, reason, named)
    return _Verdict(lambda number: Unknown(number, f"{code} {reason}"), rest=_not_tried(f"{code} {reason}"))


def _refused(code: int, reason: str, named: Mapping[int, Fate] | None = None) -> _Verdict:
    return _Verdict(lambda number: Refused(number, code, reason, hard=False), refused=named, may_split=True)


def _named(answer: Answer, entries: Sequence[Entry]) -> dict[int, Fate]:
    """The fates of those whom a refusal names by their place in the request."""
    named: dict[int, Fate] = {}
    for error in _errors(answer):
        found = _PERSON.match(str(error.get("field") or ""))
        if found is None or int(found[1]) >= len(entries):
            continue
        place, reason = int(found[1]), str(error.get("message") or "")[:200]
        is_wrong = found[2] == "to" and "valid address" in reason
        hard = is_wrong and entries[place].message.recipient.isascii()
        named[place] = lambda number, reason=reason, hard=hard: Refused(number, 400, reason, hard)  # type: ignore[misc]
    return named


def _not_tried(reason: str) -> Fate:
    return lambda number: NotSent(number, f"{NOT_TRIED}: {reason}")


def _reason(answer: Answer) -> str:
    said = [str(error.get("message") or "") for error in _errors(answer)]
    return " ".join(one for one in said if one)[:300] or f"SendGrid answered {answer.status}"


def _errors(answer: Answer) -> list[dict[str, object]]:
    try:
        told = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return []
    errors = told.get("errors") if isinstance(told, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until SendGrid wants to hear from us again, if it says so in either of its ways."""
    after, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if re.fullmatch(r"\d{1,6}", after):
        return min(float(after), LONGEST_WAIT)
    if re.fullmatch(r"\d{9,11}", reset):
        return min(max(float(reset) - time(), 0.0), LONGEST_WAIT)
    return None
