"""Direct writing of MIME: quoted-printable bodies in pieces, and header values that cannot carry a second
header.

A body is encoded once, piece by piece; between pieces stands a soft line break, so that a value of any
length can be put in without touching its neighbours.
"""

import re
from binascii import b2a_base64, b2a_qp

import idna

from campaigns.errors import ContentError, Problem

SOFT_BREAK = b"=\r\n"
MAX_PLAIN_SLOT = 72
MAX_WORD_BYTES = 45
FOLD_AT = 72
MAX_HEADER = 900

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~. -]*", re.ASCII)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.ASCII)
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+=-]{1,200}@[A-Za-z0-9.-]{1,250}>", re.ASCII)


def quoted(text: str) -> bytes:
    """Quoted-printable with CRLF line ends, lines of at most 76 characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    return b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


def slot(text: str) -> bytes:
    """`quoted`, with a short cut for the many short plain values."""
    is_short = len(text) <= MAX_PLAIN_SLOT and text.isascii() and text.isprintable()
    if is_short and "=" not in text and text[-1:] != " " and text[:1] != ".":
        return text.encode()
    return quoted(text)


def one_line(text: str) -> str:
    """A value of a recipient for a header or a body: control characters and line ends become spaces."""
    if text.isprintable():
        return text
    return " ".join(_CONTROL.sub(" ", text).split())


def header_text(text: str, field: str) -> bytes:
    """An unstructured header value (a subject): plain and folded, or in RFC 2047 words.

    Raises:
        ContentError: control characters, such as the line end that would begin another header.
    """
    _refuse_control(text, field)
    text = text.strip()
    if text.isascii() and "=?" not in text:
        return _folded(text)
    return _encoded_words(text)


def mailbox(name: str, address: str, field: str) -> bytes:
    """ "Name" <address>, the name quoted or in RFC 2047 words, the domain in its ASCII form."""
    _refuse_control(name, field)
    route = b"<" + address_bytes(address, field) + b">"
    name = " ".join(name.split())
    if not name:
        return route[1:-1]
    if not name.isascii() or "=?" in name:
        return _encoded_words(name) + b"\r\n " + route
    if _ATOM.fullmatch(name) and "." not in name:
        return name.encode() + b" " + route
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" '.encode() + route


def address_bytes(address: str, field: str) -> bytes:
    """One mail address with its domain in IDNA. Raises ContentError for anything that is not exactly one
    address."""
    _refuse_control(address, field)
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        domain = ""
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise ContentError(
            Problem(field, None, f"'{address[:80]}' is not a mail address that can be written to.")
        )
    return f"{local}@{domain}".encode()


def message_id(text: str) -> bytes:
    if not _MESSAGE_ID.fullmatch(text):
        raise ContentError(
            Problem("message_id", None, f"'{text[:60]}' is not a message id such as <a1@mail.example>.")
        )
    return text.encode()


def plain_token(text: str, field: str) -> bytes:
    """A value made by ourselves, of letters, digits and a few signs: tokens, list ids, addresses of our own
    site."""
    if not re.fullmatch(r"[A-Za-z0-9_.:/@+=~-]{1,500}", text, re.ASCII):
        raise ContentError(Problem(field, None, f"'{text[:60]}' cannot stand in a mail's head."))
    return text.encode()


def _refuse_control(text: str, field: str) -> None:
    if not text.isprintable() and _CONTROL.search(text):
        sentence = "Line ends and control characters cannot stand in a mail's head. Take them out."
        raise ContentError(Problem(field, None, sentence))
    if len(text) > MAX_HEADER:
        raise ContentError(Problem(field, None, f"This is longer than {MAX_HEADER} characters. Shorten it."))


def _folded(text: str) -> bytes:
    """Folded before spaces that follow a word, so that unfolding gives the same text."""
    if len(text) <= FOLD_AT:
        return text.encode()
    lines, line = [], ""
    for word in re.findall(r"\S+|\s+\S+", text):
        if line and len(line) + len(word) > FOLD_AT and word[0] == " ":
            lines.append(line)
            line = ""
        line += word
    return "\r\n".join([*lines, line]).encode()


def _encoded_words(text: str) -> bytes:
    """RFC 2047 words of at most 75 characters, broken between characters."""
    words, chunk = [], b""
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(chunk) + len(encoded) > MAX_WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += encoded
    words.append(chunk)
    return b"\r\n ".join(b"=?utf-8?b?" + b2a_base64(word, newline=False) + b"?=" for word in words)
