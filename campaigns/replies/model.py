"""A reply as it was read."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """PERSON wrote it; AUTOMATIC is an out-of-office note or another machine's answer; REPORT tells that a mail
    could not be delivered, or was; UNREAD is what could not be read within the limits."""

    PERSON = "person"
    AUTOMATIC = "automatic"
    REPORT = "report"
    UNREAD = "unread"


class UnreadableMail(ValueError):
    """The bytes are no mail, or one without a sender. Says what is wrong in a sentence."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A mail that came in. `text` is what the sender wrote, without what was quoted, at most MOST_TEXT characters;
    `wants_out`: its own words only ask for no more mail."""

    kind: Kind
    sender: str  # the bare address, lower case
    sender_name: str
    subject: str
    text: str
    message_id: str  # "" where the sender gave none
    attachment_count: int
    wants_out: bool
