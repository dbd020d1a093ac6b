"""The mails themselves: in both languages, for one event and for several, with hostile values."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import Any

import pytest

from campaigns.links import Purpose, Signer
from tcma.notices import formats, rendering
from tcma.notices.kinds import MANNERS, NoticeKind
from tcma.notices.mails import Writer
from tcma.notices.models import Notice
from tcma.notices.recipients import Recipient
from tcma.notices.values import Amount, kept, read
from tests.tcma.notices.examples import EXAMPLES

K = NoticeKind
BASE = "https://go.example"
SIGNER = Signer({1: b"k" * 32}, 1)
WRITER = Writer(BASE, "post@mail.example", "Channel Works GmbH", SIGNER)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
EVERY_MAIL = [
    (kind, locale, count)
    for kind in K
    for locale in ("en", "de", "de-CH")
    for count in (1, 3)
    if count == 1 or MANNERS[kind].is_grouped
]


def reader(locale: str = "en", **values: Any) -> Recipient:
    given: dict[str, Any] = {
        "user_id": 7,
        "name": "Eva Roth",
        "email": "eva@harbour.example",
        "organisation_id": 3,
        "organisation_name": "Harbour IT",
        "timezone": "Europe/Zurich",
    }
    return Recipient(locale=locale, **{**given, **values})


def notice(
    kind: NoticeKind, path: str = "/p/harbour-it/page", token: list[int] | None = None, **said: Any
) -> Notice:
    return Notice(kind=kind, said=kept({**EXAMPLES[kind], **said}), path=path, token=token)


def written(*notices: Notice, to: Recipient | None = None) -> EmailMessage:
    raw = WRITER.write(notices, to or reader(), message_id="notice.1.n1", now=NOW)
    return message_from_bytes(raw, policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


@pytest.mark.parametrize(("kind", "locale", "count"), EVERY_MAIL)
def test_every_mail_says_why_it_came_and_leads_to_one_button_for_each_event(
    kind: NoticeKind, locale: str, count: int
) -> None:
    mail = written(*[notice(kind)] * count, to=reader(locale))
    html, text = part(mail, "html"), part(mail, "plain")
    shown_at_once = kind in (K.LEADS_WITHOUT_UPDATE, K.SIGN_IN_LINK, K.ADDRESS_LINK, K.INVITATION)

    assert html.count('class="n-button"') == (1 if shown_at_once else count)
    assert f"{BASE}/p/harbour-it/page" in html and f"{BASE}/p/harbour-it/page" in text
    assert ("You get this" if locale == "en" else "Sie bekommen diese E-Mail") in text
    assert f'lang="{locale[:2]}"' in html
    assert "{{" not in html + text + mail["Subject"] and "{%" not in html + text
    assert len(html) < 100_000


@pytest.mark.parametrize("kind", K)
def test_a_mail_loads_nothing_and_both_parts_hold_the_same_links(kind: NoticeKind) -> None:
    mail = written(notice(kind))
    html, text = part(mail, "html"), part(mail, "plain")

    assert not re.search(r"<img|<link|url\(|@import|@font-face", html)
    links = {unescape(found) for found in re.findall(r'href="([^"]+)"', html)}
    assert links and {link for link in links if link not in text} == set()
    assert all(link.startswith((f"{BASE}/", "tel:", "mailto:")) for link in links)


@pytest.mark.parametrize("kind", K)
def test_what_can_be_switched_off_has_its_switch_in_page_text_and_head(kind: NoticeKind) -> None:
    mail = written(notice(kind))
    manner = MANNERS[kind]
    switch = f"{BASE}/n/{SIGNER.token(Purpose.NOTICE, 3, manner.number, 7)}"

    if manner.can_be_switched_off:
        assert mail["List-Unsubscribe"] == f"<{switch}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert switch in part(mail, "html") and switch in part(mail, "plain")
    else:
        assert mail["List-Unsubscribe"] is None
        assert "/n/" not in part(mail, "html")


def test_the_address_of_the_switch_stands_on_one_line_of_the_head() -> None:
    raw = WRITER.write([notice(K.NEW_LEAD)], reader(), message_id="notice.1.n1", now=NOW)

    assert re.search(rb"^List-Unsubscribe: <https://go\.example/n/[\w-]{48}>\r$", raw, re.MULTILINE)


def test_the_mail_of_a_lead_can_be_answered_by_telephone_by_mail_and_by_its_own_link() -> None:
    mail = written(notice(K.NEW_LEAD, "/l/{token}", [Purpose.LEAD, 5]))
    html = part(mail, "html")

    assert 'href="tel:+41445550123"' in html
    assert 'href="mailto:anna.meier@lindt.example"' in html
    assert f'href="{BASE}/l/{SIGNER.token(Purpose.LEAD, 3, 7, 5)}"' in html
    assert f'href="{BASE}/p/harbour-it/leads/1"' in html


def test_a_lead_without_a_number_offers_no_call() -> None:
    assert "tel:" not in part(written(notice(K.NEW_LEAD, phone="")), "html")
    assert "tel:" not in part(written(notice(K.NEW_LEAD, phone="ask me")), "html")


HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {% for x in y %} \"' \r\nBcc: all@x.example \u202e\x00"


@pytest.mark.parametrize(
    "kind", [kind for kind in K if "vendor" in MANNERS[kind].fields or kind is K.INVITATION]
)
def test_what_people_typed_is_text_and_nothing_else(kind: NoticeKind) -> None:
    names = [name for name, value in EXAMPLES[kind].items() if isinstance(value, str)]
    hostile: dict[str, Any] = dict.fromkeys(set(names) - {"decision", "deadline", "role"}, HOSTILE)

    mail = written(notice(kind, **hostile), to=reader(organisation_name=HOSTILE))
    html, text = part(mail, "html"), part(mail, "plain")

    assert "<script" not in html and "&lt;script&gt;" in html
    assert "{{ 7*7 }}" in html and "{{ 7*7 }}" in text
    assert mail["Bcc"] is None and "\n" not in mail["Subject"]


def test_only_the_first_of_many_events_are_listed_and_the_rest_is_counted() -> None:
    notices = [notice(K.NEW_LEAD, person=f"Person {number}.") for number in range(400)]
    text = part(written(*notices), "plain")

    assert "Person 24." in text and "Person 25." not in text
    assert "And 375 more on the page." in text
    assert written(*notices)["Subject"] == "400 new leads"


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "Tue 24 Nov, 17:00 (Zurich)"),
        ("de", "Di., 24. Nov., 17:00 (Zürich)"),
        ("fr", "Tue 24 Nov, 17:00 (Zurich)"),
        ("not a locale", "Tue 24 Nov, 17:00 (Zurich)"),
    ],
)
def test_times_are_the_readers_own_with_their_place(locale: str, said: str) -> None:
    moment = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)

    assert formats.plain(moment, formats.locale_of(locale), "Europe/Zurich") == said


def test_whole_amounts_lose_their_decimals() -> None:
    english = formats.locale_of("en")

    assert formats.plain(Amount(40_000, "CHF"), english, "UTC") == "CHF\u00a0400"
    assert formats.plain(Amount(31_250, "CHF"), english, "UTC") == "CHF\u00a0312.50"
    assert formats.plain(Amount(5_000, "JPY"), english, "UTC") == "JPY\u00a05,000"


@pytest.mark.parametrize("kind", K)
def test_values_come_back_as_they_were_kept(kind: NoticeKind) -> None:
    assert read(kept(EXAMPLES[kind])) == EXAMPLES[kind]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        kept({"at": (NOW + timedelta(days=1)).replace(tzinfo=None)})


def test_both_languages_say_the_same_things() -> None:
    for kind in K:
        english, german = (rendering.words_of(kind, language, "one") for language in ("en", "de"))
        assert english.keys() == german.keys()
        assert all(german.values()) and all(english.values()), kind
