"""The confirmation a person gets after answering a form: what was asked for, the promised file, who calls
when.

A service mail: it passes an unsubscribe, carries no List-Unsubscribe and no tracking. Where a consent box
was ticked it also asks for the press of a button, because only that counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from babel.dates import format_date

from campaigns import sandbox
from campaigns.brand import Brand
from campaigns.channels.email import Facts, MailSource, freeze_source
from campaigns.channels.email_artefact import Artefact, content_key
from campaigns.cobrand import Weight
from campaigns.compliance import MailClass

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "notices" / "confirmation"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the form promised. `asked_for` names it ("Friday checklist"), `call` says who calls when, empty
    for nothing; `file_url` is http(s) or empty. `news_from` are the brands whose boxes were ticked, empty
    for none."""

    asked_for: str
    on: date
    call: str = ""
    file_url: str = ""
    file_name: str = ""
    news_from: tuple[str, ...] = ()


def confirmation(
    answered: Answered,
    *,
    locale: str,
    vendor: Brand,
    partner: Brand,
    facts: Facts,
    weight: Weight = Weight.EQUAL,
    picture_address: Callable[[str], str] | None = None,
) -> Artefact:
    """Freeze the confirmation in "en" or "de" (English for others). Compose it like any mail, with the
    token of `links.Purpose.CONFIRM` in the envelope where `news_from` is not empty.

    Raises:
        ContentError: a problem of a brand, or an address that is none.
    """
    said = _words().get(locale) or _words()["en"]
    given: dict[str, sandbox.Value] = {
        **partner.values("partner"),
        **vendor.values("vendor"),
        "words.asked_for": answered.asked_for,
        "words.call": answered.call,
        "words.file_url": answered.file_url,
        "words.file_name": answered.file_name or answered.asked_for,
        "words.news_from": (" & " if len(answered.news_from) < 3 else ", ").join(answered.news_from),
        "words.confirm_url": "yes" if answered.news_from else "",
        "words.day": format_date(
            answered.on, format="long", locale="en_GB" if said is _words()["en"] else locale
        ),
    }
    words = {f"words.{name}": _filled(text, given) for name, text in said.items()}
    if not answered.file_url:
        words["words.headline"] = words["words.headline_without_file"]
    if not answered.call:
        words["words.next"] = ""
    mjml = (FOLDER / "body.mjml").read_text(encoding="utf-8")
    source = MailSource(
        name="confirmation",
        path="confirmation/body.mjml",
        locale=locale,
        mjml=mjml,
        subject=said["subject"],
        preview=said["preview"],
        fallbacks={},
        version=content_key(mjml, repr(sorted(words.items())), repr(asdict(answered))),
        assets={},
        mail_class=MailClass.SERVICE,
    )
    return freeze_source(
        source,
        values=None,
        vendor=vendor,
        partner=partner,
        facts=Facts(facts.slug, facts.name, facts.partner_slug, facts.base_url, reason=words["words.reason"]),
        weight=weight,
        picture_address=picture_address,
        extra={**given, **words},
    )


def _filled(text: str, values: Mapping[str, sandbox.Value]) -> str:
    return sandbox.parse(text, path="confirmation/words.yml").render(values, escape=str)


@cache
def _words() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / "words.yml").read_text(encoding="utf-8"))
    return loaded
