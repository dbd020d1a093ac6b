"""Mails for SendGrid, and a provider that talks to the fake."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from campaigns.message import compose, take_apart
from campaigns.personalise import Recipient
from campaigns.providers import build
from campaigns.providers.base import Outgoing, Provider
from tcma.bench.fake_sendgrid import Act, FakeSendGrid, Manners
from tests.campaigns.mails import a_recipient, an_artefact, an_envelope

KEY = "SG.of-tests"
ARTEFACT = an_artefact()


def mail(number: int, recipient: Recipient | None = None, artefact: object = None) -> Outgoing:
    """A campaign's mail, with its parts."""
    chosen = artefact or ARTEFACT
    person = recipient or a_recipient(email=f"p{number}@y.example", first_name=f"Petra {number}")
    envelope = an_envelope(f"T{number}", message_id=f"<{number}.7@mail.example>")
    made = compose(chosen, person, envelope)  # type: ignore[arg-type]
    parts = take_apart(chosen, person, envelope)  # type: ignore[arg-type]
    return Outgoing(number, "7", "post@mail.example", made.to, made.raw, parts)


def mails(count: int) -> list[Outgoing]:
    return [mail(number) for number in range(1, count + 1)]


@contextmanager
def fake(folder: Path, *script: Act, refused: Sequence[str] = ()) -> Iterator[FakeSendGrid]:
    manners = Manners(list(script), refused=frozenset(refused))
    with FakeSendGrid(folder / "sendgrid.jsonl", KEY, manners) as running:
        yield running


@contextmanager
def provider(running: FakeSendGrid | str, **settings: object) -> Iterator[Provider]:
    address = running if isinstance(running, str) else running.address
    usual: dict[str, object] = {"key": KEY, "address": address, "site": "go.example", "answer_timeout": 0.3}
    made = build("sendgrid", usual | settings)
    try:
        yield made
    finally:
        made.close()
