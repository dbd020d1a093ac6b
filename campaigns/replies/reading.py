"""Reading the bytes of a mail that came from outside: hostile, broken, in any charset."""

import re
from codecs import lookup
from contextlib import suppress
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from typing import cast

from charset_normalizer import from_bytes
from html2text import HTML2Text

from campaigns.replies.automatic import kind_of
from campaigns.replies.model import Kind, Reply, UnreadableMail
from campaigns.replies.own_words import asks_to_stop, own_words

LARGEST = 30 * 1024 * 1024  # bytes of a mail; more is refused where it arrives
MOST_TEXT = 20_000  # characters of the own words
MOST_READ = 400_000  # bytes of a body that are looked at
MOST_PARTS = 200
MOST_NESTS = 20  # multiparts; the parser compares each line with the boundary of each it is in
MOST_LINES = 500_000  # 25 MB of base64 have 330,000
MOST_SENDER = 2_000  # characters of From that are looked at
MOST_HEADER = 400  # characters of a subject or a name
_ID = re.compile(r"<[^<>\s]{1,300}>")
_UNKNOWN_SECTION = re.compile(
    r"(?i)<!\[(?!if|else|endif|cdata)[^>]*>?"
)  # the parser below asserts what it knows
_BOUNDARY = re.compile(rb"(?i)boundary[^=\r\n]{0,30}=")
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f@<>\"(),:;\\]{1,64}@[^\s\x00-\x1f\x7f@<>\"(),:;\\]{1,255}")
_HIDDEN = ("script", "style", "head", "title")
_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7"})

# compat32: the newer policy raises on headers that real mails have.
_POLICY = policy.compat32


def read(raw: bytes, *, envelope_sender: str | None = None) -> Reply:
    """The reply in `raw` (at most LARGEST bytes). `envelope_sender` is who handed it over in SMTP, "" for nobody.

    Raises UnreadableMail; every other fault of the mail is read around.
    """
    if len(raw) > LARGEST:
        raise UnreadableMail(f"The mail has {len(raw):,} bytes; at most {LARGEST:,} are read.")
    if len(_BOUNDARY.findall(raw)) > MOST_NESTS or raw.count(b"\n") > MOST_LINES:
        raise UnreadableMail("The mail is nested or broken up beyond what mail programs write.")
    try:
        mail = cast(EmailMessage, message_from_bytes(raw, policy=_POLICY))
    except (MessageError, ValueError, RecursionError) as error:
        raise UnreadableMail("These bytes are not a mail.") from error
    sender_name, sender = _sender(mail)
    if not sender:
        raise UnreadableMail("The mail has no address in From, so nobody knows who wrote.")
    subject = _header(mail, "Subject")
    kind = kind_of(mail, sender=sender, subject=subject, envelope_sender=envelope_sender)
    body, attachments = _body(mail)
    words = own_words(body)[:MOST_TEXT]
    return Reply(
        kind=kind,
        sender=sender,
        sender_name=sender_name,
        subject=subject,
        text=words,
        message_id=next(iter(_ID.findall(_header(mail, "Message-ID", most=1_000))), ""),
        attachment_count=attachments,
        wants_out=kind is Kind.PERSON and (asks_to_stop(words) or (not words and asks_to_stop(subject))),
    )


def _sender(mail: EmailMessage) -> tuple[str, str]:
    """Name and bare address of the first of From; "" twice when there is none."""
    given = _raw(mail, "From")[:MOST_SENDER]
    for name, address in getaddresses([given]):
        if _ADDRESS.fullmatch(address):
            return _decoded(name)[:MOST_HEADER], address.lower()
    found = _ADDRESS.search(given)
    return ("", found[0].lower()) if found else ("", "")


def _header(mail: EmailMessage, name: str, most: int = MOST_HEADER) -> str:
    return _decoded(_raw(mail, name)[: 4 * most])[:most]


def _raw(mail: EmailMessage, name: str) -> str:
    """The first header of this name; letters that nobody encoded are UTF-8 today, and were Latin-1 once."""
    for found, value in mail.raw_items():
        if found.lower() == name.lower():
            raw = str(value).encode("utf-8", "surrogateescape")
            try:
                return raw.decode()
            except UnicodeDecodeError:
                return raw.decode("latin-1")
    return ""


def _decoded(text: str) -> str:
    """RFC 2047 words read, one line, no control characters."""
    with suppress(LookupError, ValueError, MessageError):  # an unknown charset: shown as it came
        text = str(make_header(decode_header(text)))
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _body(mail: EmailMessage) -> tuple[str, int]:
    """The first text of the mail, plain before HTML, and how many files are attached."""
    plain = html = None
    attachments = 0
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            break
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if (
            part.get_filename()
            or part.get_content_disposition() == "attachment"
            or not kind.startswith("text/")
        ):
            attachments += 1
        elif kind == "text/html":
            html = html if html is not None else _text(part)
        elif plain is None:
            plain = _text(part)
    if plain is not None and plain.strip():
        return plain, attachments
    return (_from_html(html) if html else plain or ""), attachments


def _text(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    raw = (
        content[:MOST_READ]
        if isinstance(content, bytes)
        else str(content or "")[:MOST_READ].encode("utf-8", "replace")
    )
    for charset in (_charset(part), "utf-8"):
        try:
            return _clean(raw.decode(charset))
        except ValueError:
            continue
    if len(raw) < 64 or 3 * sum(byte > 127 for byte in raw) < len(raw):  # too little to guess by, or Western
        return _clean(raw.decode("cp1252", "replace"))
    guessed = from_bytes(raw[:20_000]).best()
    return _clean(raw.decode(guessed.encoding if guessed else "cp1252", "replace"))


def _charset(part: EmailMessage) -> str:
    """What the part says it is written in; UTF-8 where that is no charset of texts."""
    try:
        found = lookup(part.get_content_charset() or "utf-8").name
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if found in _NO_TEXT else found


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign in "\n\r\t" or sign.isprintable() or sign in "\u00a0\u2028")


def _from_html(html: str) -> str:
    writer = HTML2Text(bodywidth=0)
    writer.ignore_links = writer.ignore_images = writer.ignore_emphasis = writer.ignore_tables = True
    return writer.handle(_UNKNOWN_SECTION.sub("", _without_hidden(html)))


def _without_hidden(html: str) -> str:
    """Without what a browser does not show; a part without an end goes to the end."""
    for name in _HIDDEN:
        kept, at, lower = [], 0, html.lower()
        while (start := lower.find(f"<{name}", at)) >= 0:
            kept.append(html[at:start])
            end = lower.find(f"</{name}", start)
            at = lower.find(">", end) + 1 if end >= 0 and lower.find(">", end) >= 0 else len(html)
        html = "".join([*kept, html[at:]])
    return html
