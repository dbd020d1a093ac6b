import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from html import escape
from time import perf_counter
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaigns import sandbox
from campaigns.channels.email import Artefact
from campaigns.compliance import MailClass
from campaigns.errors import ContentError
from campaigns.message import TEST_PREFIX, Envelope, Message, Recipient, compose
from tests.campaigns.mails import a_recipient, an_artefact, an_envelope

ARTEFACT = an_artefact()

words = st.text(st.characters(codec="utf-8"), max_size=90)
names = words | st.sampled_from(
    [
        "Ànna",
        "=?utf-8?q?x?=",
        "a=b",
        ".",
        "...",
        " x ",
        "Müller " * 12,
        "{{7*7}}",
        "<b>&",
        "x" * 300,
        "日本" * 40,
        "\r\nBcc: x",
    ]
)


def parsed(message: Message) -> EmailMessage:
    return message_from_bytes(message.raw, policy=default)


def composed_the_slow_way(artefact: Artefact, recipient: Recipient, envelope: Envelope) -> EmailMessage:
    """The same message by the standard library and the grammar alone."""
    values = {
        **recipient.values(),
        "token.click": envelope.click,
        "token.open": envelope.open,
        "token.unsubscribe": envelope.unsubscribe,
    }
    fallbacks = dict(artefact.fallbacks)

    def rendered(source: str, escaped: bool) -> str:
        print_as = escape if escaped else str
        return sandbox.parse(source).render(values, escape=print_as, fallbacks=fallbacks)

    slow = EmailMessage(policy=SMTP)
    slow["From"] = f'"{artefact.sender_name}" <{artefact.sender_email}>'
    slow["To"] = recipient.email
    slow["Reply-To"] = artefact.reply_to
    slow["List-Unsubscribe"] = f"<https://go.example/u/{envelope.unsubscribe}>"
    slow["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    slow.set_content(rendered(artefact.text, False))
    slow.add_alternative(rendered(artefact.html, True), subtype="html")
    return slow


@given(names, names, names)
@example("a=b =41", ".", "=")
@example("Müller " * 30, "x" * 300, " = ")
@example("=?utf-8?q?x?=", "{{7*7}}", "\r\nBcc: x")
@settings(max_examples=60, deadline=None)
def test_a_message_parses_to_what_the_standard_library_would_have_written(
    first: str, last: str, company: str
) -> None:
    recipient = a_recipient(first_name=first, last_name=last, company=company)
    message = compose(ARTEFACT, recipient, an_envelope())
    fast, slow = parsed(message), composed_the_slow_way(ARTEFACT, recipient, an_envelope())

    reread = message_from_bytes(slow.as_bytes(), policy=default)

    assert not fast.defects
    # The library decodes what looks like an encoded word when a subject is set; a name stays as it was typed.
    subject = sandbox.parse(ARTEFACT.subject).render(
        recipient.values(), escape=str, fallbacks=dict(ARTEFACT.fallbacks)
    )
    assert str(fast["Subject"]) == subject.strip()
    for name in ("From", "To", "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"):
        assert str(fast[name]) == str(slow[name])
    for kind in ("plain", "html"):
        ours, theirs = fast.get_body((kind,)), reread.get_body((kind,))
        assert ours is not None and theirs is not None and not ours.defects
        assert ours.get_content().rstrip() == theirs.get_content().rstrip()


@given(names, names)
@settings(max_examples=50, deadline=None)
def test_no_line_is_too_long_and_no_value_adds_a_header(first: str, company: str) -> None:
    raw = compose(ARTEFACT, a_recipient(first_name=first, company=company), an_envelope()).raw
    head, _, body = raw.partition(b"\r\n\r\n")

    assert max(len(line) for line in body.split(b"\r\n")) <= 78
    assert max(len(line) for line in head.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    assert [name for name, _ in parsed(Message(raw, "", "")).items()] == [
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Feedback-ID", "List-Id", "List-Unsubscribe",
        "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
    ]  # fmt: skip


def test_preview_test_and_sent_mail_are_equal_but_for_tokens_date_id_and_prefix() -> None:
    later = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    sent = an_envelope("A")
    preview = an_envelope("P", date=later)
    test = an_envelope("T", date=later, subject_prefix=TEST_PREFIX)

    raws = []
    for envelope in (sent, preview, test):
        raw = compose(ARTEFACT, a_recipient(), envelope).raw
        for token in (envelope.click, envelope.open, envelope.unsubscribe):
            assert token.encode() in raw or token == envelope.open
            raw = raw.replace(token.encode(), b"<token>")
        raw = re.sub(rb"\r\nDate: [^\r]+", b"\r\nDate: <date>", raw)
        raw = re.sub(rb"\r\nMessage-ID: [^\r]+", b"\r\nMessage-ID: <id>", raw)
        raws.append(raw)

    assert raws[0] == raws[1]
    assert raws[0] != raws[2] == raws[0].replace(b"\r\nSubject: ", b"\r\nSubject: [Test] ", 1)


def test_what_stands_in_a_name_is_printed_as_typed() -> None:
    message = compose(ARTEFACT, a_recipient(first_name="{{7*7}} <script>"), an_envelope())

    assert "Hello {{7*7}} &lt;script&gt;," in message.html
    assert "Hello {{7*7}} <script>," in message.text
    assert message.subject == "{{7*7}} <script>, seven checks"


def test_a_missing_name_prints_its_fallback_and_a_condition_sees_that_it_is_missing() -> None:
    message = compose(ARTEFACT, a_recipient(first_name="", company=""), an_envelope())

    assert message.subject == "there, seven checks"
    assert "Hello there," in message.text and "For you." in message.text


def test_one_click_unsubscribe_is_in_the_head_of_marketing_mail() -> None:
    fast = parsed(compose(ARTEFACT, a_recipient(), an_envelope("B")))

    assert fast["List-Unsubscribe"] == f"<https://go.example/u/u{'B' * 47}>"
    assert fast["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert fast["List-Id"] == "<ransomware.harbour-it.go.example>"
    assert fast["Feedback-ID"] == "ransomware:harbour-it:marketing:go.example"
    assert fast["Auto-Submitted"] is None


@pytest.mark.parametrize(
    "address",
    [
        "", "anna", "anna@", "@lindt.example", "a b@lindt.example", "anna@lindt", "<anna@lindt.example>",
        "anna@lindt.example\r\nBcc: x@y.example", "anna@lindt.example, eve@evil.example",
        "ännä@lindt.example", "a@-x.example", "a" * 65 + "@b.example",
    ],
)  # fmt: skip
def test_an_address_that_is_none_or_several_is_refused(address: str) -> None:
    with pytest.raises(ContentError):
        compose(ARTEFACT, a_recipient(email=address), an_envelope())


@pytest.mark.parametrize(
    "changed",
    [
        {"from_name": "Marc\r\nBcc: x@y.example"},
        {"from_email": "news@harbour.example\nX: y"},
        {"reply_to": "a@b.example\r\nX: y"},
        {"subject_prefix": "[Test]\r\nX: y "},
        {"message_id": "<a@b>\r\nX: y"},
        {"click": "abc\r\n"},
        {"unsubscribe": "a b"},
        {"date": datetime(2026, 1, 1)},  # noqa: DTZ001
    ],
)
def test_a_second_header_cannot_be_smuggled_in(changed: dict[str, Any]) -> None:
    with pytest.raises(ContentError):
        compose(ARTEFACT, a_recipient(), an_envelope(**changed))


def test_umlauts_work_in_names_subjects_and_domains() -> None:
    artefact = an_artefact(subject="Grüße an {{ contact.first_name }}: " + "sehr langer Betreff " * 6)
    envelope = an_envelope(from_name="Jürg Müller", from_email="news@zürich-it.example")
    fast = parsed(compose(artefact, a_recipient(email="anna@müller.example"), envelope))

    assert fast["From"].addresses[0].display_name == "Jürg Müller"
    assert fast["From"].addresses[0].domain == "xn--zrich-it-65a.example"
    assert fast["To"].addresses[0].domain == "xn--mller-kva.example"
    assert fast["Subject"].startswith("Grüße an Anna: sehr langer Betreff sehr")


def test_a_service_mail_has_no_list_header_and_says_that_a_machine_answers() -> None:
    values = {name: getattr(ARTEFACT, name) for name in Artefact.__slots__} | {
        "mail_class": MailClass.SERVICE
    }
    fast = parsed(compose(Artefact(**values), a_recipient(), an_envelope()))

    assert not [name for name, _ in fast.items() if name.startswith("List-")]
    assert fast["Auto-Submitted"] == "auto-replied"


def test_messages_are_made_by_the_thousand_per_second() -> None:
    recipients = [a_recipient(email=f"a{number}@lindt.example") for number in range(400)]
    envelope = an_envelope()
    compose(ARTEFACT, recipients[0], envelope)
    best = 0.0
    for _ in range(3):
        started = perf_counter()
        for recipient in recipients:
            compose(ARTEFACT, recipient, envelope)
        best = max(best, len(recipients) / (perf_counter() - started))

    assert best > 1_000
