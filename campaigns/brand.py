"""A brand: what a campaign takes from a partner or a vendor, frozen as the *brand snapshot* at launch."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Self

from campaigns.colour import Palette, palette, parse
from campaigns.errors import ContentError, Problem
from campaigns.phrases import phrase

MAX_TEXT = 200
MAX_ADDRESS_LINES = 6

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_WEB = re.compile(r"https?://[^\s\"'<>{}\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture: `name` is "<sha256>.<ext>", sizes are pixels of the file."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LogoSet:
    """What was made of an uploaded logo. `light` lies on light ground, `dark` on dark, both at twice the
    largest size shown. `dark_has_plate` says that `dark` brings its own white plate. `mark` is square.
    `colours` are proposals, the best readable first."""

    light: Picture
    dark: Picture
    dark_has_plate: bool
    mark: Picture
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Portrait:
    """The picture of a person, square, at twice the size shown: `small` in mails, `large` on pages."""

    small: Picture
    large: Picture


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers. `email` and `phone` may be empty, not both."""

    name: str
    email: str = ""
    phone: str = ""
    title: str = ""
    picture: Portrait | None = None


@dataclass(frozen=True, slots=True)
class Brand:
    """`name` is said in text, `legal_name` and `address_lines` stand in the footer, `country` is ISO 3166.
    Addresses of pages are http(s) or empty. `sender_email` may be empty for a vendor, who sends nothing."""

    name: str
    legal_name: str
    address_lines: tuple[str, ...]
    country: str
    website: str
    phone: str
    imprint_url: str
    privacy_url: str
    colour: str
    logo: LogoSet | None
    contact: Person
    sender_name: str = ""
    sender_email: str = ""
    reply_to: str = ""

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise ContentError(problems)
        object.__setattr__(self, "colour", parse(self.colour))

    @property
    def palette(self) -> Palette:
        return palette(self.colour)

    @property
    def postal_address(self) -> str:
        """Legal name and address in one line."""
        return ", ".join([self.legal_name or self.name, *self.address_lines])

    @property
    def pictures(self) -> tuple[str, ...]:
        """The names of all pictures that mails and pages may show of this brand, each once."""
        logo, portrait = self.logo, self.contact.picture
        found = [
            *((logo.light, logo.dark, logo.mark) if logo else ()),
            *((portrait.small, portrait.large) if portrait else ()),
        ]
        return tuple(dict.fromkeys(picture.name for picture in found))

    @property
    def hash(self) -> str:
        """sha256 (hex) of the snapshot; the same for equal brands on every machine and version of Python."""
        return sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        data = asdict(self)
        if self.contact.picture is None:
            del data["contact"]["picture"]  # a brand without one reads as it did before there were any
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The brand of a snapshot. Raises ContentError for one that is not whole."""
        try:
            data: dict[str, Any] = json.loads(text)
            logo = data.pop("logo")
            address_lines, contact = tuple(data.pop("address_lines")), _person(data.pop("contact"))
            return cls(
                **data, logo=_logo(logo) if logo else None, address_lines=address_lines, contact=contact
            )
        except (AttributeError, KeyError, TypeError, json.JSONDecodeError) as error:
            raise ContentError(
                Problem("brand", None, f"This brand snapshot cannot be read: {error}.")
            ) from error

    def values(self, prefix: str) -> dict[str, str]:
        """Names for written texts: "partner.name", "partner.contact.phone", "partner.colours.button", ..."""
        made = self.palette
        return {
            f"{prefix}.name": self.name,
            f"{prefix}.legal_name": self.legal_name or self.name,
            f"{prefix}.address": ", ".join(self.address_lines),
            f"{prefix}.country": self.country,
            f"{prefix}.website": self.website,
            f"{prefix}.phone": self.phone,
            f"{prefix}.imprint_url": self.imprint_url,
            f"{prefix}.privacy_url": self.privacy_url,
            f"{prefix}.contact.name": self.contact.name,
            f"{prefix}.contact.email": self.contact.email,
            f"{prefix}.contact.phone": self.contact.phone or self.phone,
            f"{prefix}.contact.title": self.contact.title,
            f"{prefix}.colour": made.brand,
            f"{prefix}.colours.button": made.button,
            f"{prefix}.colours.button_text": made.button_text,
            f"{prefix}.colours.link": made.link_light,
            f"{prefix}.colours.link_dark": made.link_dark,
            f"{prefix}.colours.tint": made.tint,
        }

    def _problems(self) -> list[Problem]:
        texts = {
            "name": self.name,
            "legal_name": self.legal_name,
            "country": self.country,
            "phone": self.phone,
            "contact.name": self.contact.name,
            "contact.email": self.contact.email,
            "contact.phone": self.contact.phone,
            "contact.title": self.contact.title,
            "sender_name": self.sender_name,
            "sender_email": self.sender_email,
            "reply_to": self.reply_to,
        }
        texts |= {f"address line {number}": line for number, line in enumerate(self.address_lines, 1)}
        problems = [
            Problem(field, None, sentence) for field, text in texts.items() if (sentence := _refusal(text))
        ]
        if not self.name.strip():
            problems.append(Problem("name", None, phrase("A brand needs a name.")))
        if len(self.address_lines) > MAX_ADDRESS_LINES:
            problems.append(
                Problem(
                    "address", None, phrase("An address has at most %(most)s lines.", most=MAX_ADDRESS_LINES)
                )
            )
        pages = {"website": self.website, "imprint_url": self.imprint_url, "privacy_url": self.privacy_url}
        for field, address in pages.items():
            if address and not (_WEB.fullmatch(address) and len(address) <= 2_000):
                problems.append(
                    Problem(field, None, phrase("Write the whole address, beginning with https://."))
                )
        try:
            parse(self.colour)
        except ValueError as error:
            problems.append(Problem("colour", None, error.args[0]))
        return problems


def _refusal(text: str) -> str | None:
    if len(text) > MAX_TEXT:
        return phrase("This is longer than %(most)s characters. Shorten it.", most=MAX_TEXT)
    if _CONTROL.search(text):
        return phrase("Line breaks and control characters cannot be used here.")
    return None


def _person(data: Mapping[str, Any]) -> Person:
    portrait = data.get("picture")
    made = Portrait(Picture(**portrait["small"]), Picture(**portrait["large"])) if portrait else None
    return Person(**{**data, "picture": made})


def _logo(data: Mapping[str, Any]) -> LogoSet:
    return LogoSet(
        light=Picture(**data["light"]),
        dark=Picture(**data["dark"]),
        dark_has_plate=data["dark_has_plate"],
        mark=Picture(**data["mark"]),
        colours=tuple(data["colours"]),
    )
