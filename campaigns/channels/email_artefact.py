"""The artefact: one mail of one campaign in one language, frozen. Only the recipient's own names are open."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Self

from campaigns.compliance import MailClass
from campaigns.errors import ContentError, Problem
from campaigns.links import Link
from campaigns.webinar import Invitation, Method

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Artefact:
    """`subject`, `preview`, `html` and `text` are sources in the grammar; open in them are names of the
    recipient (contact.*) and of the delivery (token.*). `fallbacks` prints where a recipient has no value.
    `pictures` are the names ("<sha256>.<ext>") the html shows. `links[n]` is where /r/<click token>/<n>
    leads. `calendar` is the event that goes with a service mail.
    `key` is the sha256 (hex) of all that went in: the same inputs always give the same key."""

    key: str
    mail_class: MailClass
    locale: str
    subject: str
    preview: str
    html: str
    text: str
    links: tuple[Link, ...]
    pictures: tuple[str, ...]
    fallbacks: tuple[tuple[str, str], ...]
    sender_name: str
    sender_email: str
    reply_to: str
    base_url: str
    list_id: str
    feedback_id: str
    reason: str
    postal_address: str
    calendar: Invitation | None = None

    @property
    def has_main_link(self) -> bool:
        """Whether the mail leads to a page at all."""
        return bool(self.links)

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The artefact as it was stored. Raises ContentError for one that is not whole."""
        try:
            data: dict[str, Any] = json.loads(text)
            if data.pop("format") != FORMAT:
                raise KeyError("format")
            links = tuple(Link(**link) for link in data.pop("links"))
            event = data.pop("calendar", None)
            return cls(
                links=links,
                pictures=tuple(data.pop("pictures")),
                fallbacks=tuple((name, value) for name, value in data.pop("fallbacks")),
                mail_class=MailClass(data.pop("mail_class")),
                calendar=Invitation(**{**event, "method": Method(event["method"])}) if event else None,
                **data,
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ContentError(
                Problem("artefact", None, f"This artefact cannot be read: {error}.")
            ) from error


def content_key(*parts: str | bytes) -> str:
    """sha256 (hex) of the parts, each with its length, so that no two lists of parts look alike."""
    digest = sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
