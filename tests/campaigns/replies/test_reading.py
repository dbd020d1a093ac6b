"""Mails that come back, as mail programs write them: who, which words are theirs, person or machine."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.replies import LARGEST, Kind, UnreadableMail, read

HEAD = (
    "From: Anna Frei <Anna.Frei@Lindt.example>\r\nTo: r.abc@reply.example\r\n"
    "Subject: Re: Ransomware before Monday\r\nMessage-ID: <1@lindt.example>\r\n"
    "In-Reply-To: <77.5@mail.example>\r\nReferences: <1.1@mail.example> <77.5@mail.example>\r\n"
)
ASK = "Can you call me on Thursday?"


def a_mail(body: str, *headers: str, charset: str = "utf-8") -> bytes:
    more = "".join(f"{line}\r\n" for line in (*headers, f"Content-Type: text/plain; charset={charset}"))
    return f"{HEAD}{more}".encode() + b"\r\n" + body.encode(charset)


def test_a_reply_says_who_wrote_and_which_mail_it_answers() -> None:
    reply = read(a_mail(ASK))
    assert (reply.kind, reply.sender, reply.sender_name) == (
        Kind.PERSON,
        "anna.frei@lindt.example",
        "Anna Frei",
    )
    assert reply.subject == "Re: Ransomware before Monday"
    assert reply.message_id == "<1@lindt.example>"


@pytest.mark.parametrize(
    "quoted",
    [
        "\n\nOn Mon, 2 Nov 2026 at 09:12, Marc Keller <marc@harbour-it.example> wrote:\n> Dear Anna\n> Act now",
        "\n\nOn Mon, 2 Nov 2026 at 09:12, Marc Keller\n<marc@harbour-it.example>\nwrote:\n\n> Dear Anna",
        "\n\nAm 02.11.2026 um 09:12 schrieb Marc Keller:\n> Liebe Anna",
        "\n\nAm Mo., 2. Nov. 2026 schrieb Marc Keller <marc@harbour-it.example>:\n\n> Liebe Anna",
        "\n\nLe lun. 2 nov. 2026 à 09:12, Marc Keller <marc@harbour-it.example> a écrit :\n> Bonjour",
        "\n\nIl giorno lun 2 nov 2026 Marc Keller ha scritto:\n> Ciao",
        "\n\nEl lun, 2 nov 2026 Marc Keller escribió:\n> Hola",
        "\n\nOp ma 2 nov. 2026 schreef Marc Keller <marc@harbour-it.example>:\n> Hallo",
        "\n\n-----Original Message-----\nFrom: Marc Keller\nSent: Monday\n\nDear Anna",
        "\n\n-----Ursprüngliche Nachricht-----\nVon: Marc Keller\n\nLiebe Anna",
        "\n\n________________________________\nFrom: Marc Keller <marc@harbour-it.example>\nDear Anna",
        "\n\nVon: Marc Keller <marc@harbour-it.example>\nGesendet: Montag, 2. November 2026\nAn: Anna\n\nLiebe Anna",
        "\n-- \nAnna Frei\nLindt AG, 8802 Kilchberg",
    ],
)
def test_what_was_quoted_or_signed_is_left_out(quoted: str) -> None:
    assert read(a_mail(ASK + quoted)).text == ASK


def test_answers_between_the_quoted_lines_stay() -> None:
    body = "See below.\n\nOn Monday Marc wrote:\n> When may I call?\nThursday at ten.\n> And which number?\n044 123"
    assert read(a_mail(body)).text == "See below.\n\nThursday at ten.\n044 123"


def test_a_sentence_that_only_sounds_like_a_quote_is_kept() -> None:
    body = "On Monday my colleague wrote: we want this.\nFrom: now on please call me."
    assert read(a_mail(body)).text == body


def test_a_mail_of_html_alone_is_read_as_text() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "anna@lindt.example", "Re: Monday"
    mail.set_content(
        f"<html><head><style>p {{}}</style></head><body><p>{ASK}</p><div class='gmail_quote'>"
        "On Mon, Marc &lt;marc@x.example&gt; wrote:<br><blockquote>Dear Anna</blockquote></div></body></html>",
        subtype="html",
    )
    assert read(mail.as_bytes()).text == ASK


@pytest.mark.parametrize("odd", ["<![a", "<![a]>", "<![if !supportLists]>", "<![endif]>", "<![CDATA[x", "<!"])
def test_odd_sections_of_html_cost_no_words(odd: str) -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<p>" + ASK.encode() + b"</p><p>" + odd.encode()
    )
    assert read(raw).text.startswith(ASK)


def test_attachments_are_counted_and_not_read() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "anna@lindt.example", "Re: Monday"
    mail.set_content(ASK)
    mail.add_alternative(f"<p>{ASK}</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="offer.pdf")
    mail.add_attachment("evil", filename="note.txt")
    reply = read(mail.as_bytes())
    assert (reply.text, reply.attachment_count) == (ASK, 2)


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_umlauts_arrive_in_every_charset(charset: str) -> None:
    assert read(a_mail("Grüße aus Zürich, gern am Donnerstag", charset=charset)).text.startswith(
        "Grüße aus Zürich"
    )


@pytest.mark.parametrize("declared", ["x-unknown", "utf-8", "ascii"])
def test_a_wrong_or_unknown_charset_costs_no_words(declared: str) -> None:
    raw = a_mail("", charset="utf-8").replace(b"charset=utf-8", f"charset={declared}".encode())
    assert "am Donnerstag" in read(raw + "Gr\xfc\xdfe, am Donnerstag, Z\xfcrich".encode("latin-1")).text


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-replied",),
        ("Auto-Submitted: auto-generated; type=vacation",),
        ("X-Autoreply: yes",),
        ("Precedence: bulk",),
        ("Precedence: auto_reply",),
        ("Return-Path: <>",),
    ],
)
def test_a_machine_that_says_so_is_no_person(headers: tuple[str, ...]) -> None:
    assert read(a_mail("I am away.", *headers)).kind is Kind.AUTOMATIC


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Ransomware",
        "Out of Office: back on Monday",
        "Automatische Antwort: Ransomware",
        "Abwesenheitsnotiz: Ransomware",
        "=?utf-8?q?R=C3=A9ponse_automatique_=3A_Ransomware?=",
        "Risposta automatica: Ransomware",
        "Respuesta automática: Ransomware",
        "Automatisch antwoord: Ransomware",
        "自動返信: 不在",
    ],
)
def test_an_out_of_office_note_without_a_header_is_known_by_its_subject(subject: str) -> None:
    raw = a_mail("I am away.").replace(b"Re: Ransomware before Monday", subject.encode())
    assert read(raw).kind is Kind.AUTOMATIC


@pytest.mark.parametrize("subject", ["Re: Automatic reply systems", "AW: Abwesenheit", "Autobahn", "Office"])
def test_a_person_who_writes_of_absence_stays_a_person(subject: str) -> None:
    raw = a_mail(ASK).replace(b"Re: Ransomware before Monday", subject.encode())
    assert read(raw).kind is Kind.PERSON
    assert read(a_mail(ASK, "Auto-Submitted: no")).kind is Kind.PERSON


def test_reports_of_mail_servers_are_no_replies() -> None:
    raw = a_mail("").replace(
        b"text/plain; charset=utf-8", b'multipart/report; report-type=delivery-status; boundary="x"'
    )
    assert read(raw).kind is Kind.REPORT
    daemon = a_mail("Could not deliver").replace(b"Anna.Frei@Lindt.example", b"MAILER-DAEMON@lindt.example")
    assert read(daemon).kind is Kind.REPORT
    assert read(a_mail("Could not deliver"), envelope_sender="").kind is Kind.AUTOMATIC


@pytest.mark.parametrize("words", ["STOP", "Unsubscribe!", "Bitte abmelden.", "Désinscrire", "配信停止"])
def test_a_wish_for_no_more_mail_is_heard(words: str) -> None:
    assert read(a_mail(f"{words}\n\nOn Monday Marc wrote:\n> Dear Anna")).wants_out


@pytest.mark.parametrize(
    "words", ["Do not stop.", "Stop by on Thursday", "How do I unsubscribe my colleague Max?", ""]
)
def test_other_words_are_no_wish_for_no_more_mail(words: str) -> None:
    assert not read(a_mail(words)).wants_out


def test_a_machine_wishes_nothing() -> None:
    assert not read(a_mail("unsubscribe", "Auto-Submitted: auto-replied")).wants_out


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff" * 100, b"Subject: no sender\r\n\r\nhi", b"From: nobody\r\n\r\nhi"]
)
def test_bytes_without_a_sender_are_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(UnreadableMail, match="nobody knows who wrote"):
        read(raw)


def test_a_mail_beyond_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableMail, match="at most"):
        read(b"From: a@b.example\r\n\r\n" + b"x" * LARGEST)


def a_nest(depth: int) -> bytes:
    return b"From: a@b.example\r\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
        for number in range(depth)
    )


def test_a_mail_that_was_forwarded_ten_times_is_read() -> None:
    assert read(a_nest(10) + b"\r\n" + ASK.encode()).text == ASK


@pytest.mark.parametrize("raw", [a_nest(10_000), a_nest(3) + b"\r\n" * 600_000])
def test_what_would_keep_the_parser_busy_is_refused_at_once(raw: bytes) -> None:
    with pytest.raises(UnreadableMail, match="beyond what mail programs write"):
        read(raw)


def test_long_and_odd_headers_stay_one_short_line() -> None:
    raw = b"From: =?utf-8?q?Ev=0Ail=0D=0ABcc=3A_x?= <a@b.example>\r\nSubject: " + b"a" * 5_000 + b"\r\n\r\nhi"
    reply = read(raw)
    assert reply.sender_name == "Ev il Bcc: x"
    assert len(reply.subject) == 400


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "Auto-Submitted: auto-replied", "Content-Type: multipart/mixed"]),
)
def test_no_bytes_break_the_reader(body: bytes, header: str) -> None:
    raw = f"From: a@b.example\r\n{header or 'X: y'}\r\n\r\n".encode() + body
    assert read(raw).sender == "a@b.example"
