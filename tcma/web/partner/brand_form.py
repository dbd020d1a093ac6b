"""The brand as a form: its fields, what of them a browser sent, and what is said about its colours. Step 1 of a
launch and the page of the brand share it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import request

from campaigns import colour, pictures
from campaigns.colour import Palette
from campaigns.logo import MAX_BYTES
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.language import mark
from tcma.organisations.models import Organisation
from tcma.organisations.queries import find_organisation_by_id
from tcma.partners import brands, website
from tcma.partners.models import BrandProfile, SenderDomain
from tcma.partners.outside import Trouble, Unfetched
from tcma.web import formats
from tcma.web.frame import installation
from tcma.web.unit import reading, viewer, writing

UPLOAD: Final = 9 * 1024 * 1024  # a logo or a picture, and the fields around it
OWN: Final = "own"  # the colour that is no proposal
TEXTS: Final = tuple(name for name in brands.Profile.__dataclass_fields__ if name in brands.CHANGEABLE)
ADDRESS: Final = tuple(brands.ADDRESS_LENGTHS)

COLOURS: Final = {
    "black": mark("black"),
    "grey": mark("grey"),
    "white": mark("white"),
    "red": mark("red"),
    "orange": mark("orange"),
    "brown": mark("brown"),
    "yellow": mark("yellow"),
    "green": mark("green"),
    "teal": mark("turquoise"),
    "blue": mark("blue"),
    "purple": mark("purple"),
    "pink": mark("pink"),
}


TROUBLES: Final = {
    Trouble.NO_ADDRESS: mark("%(site)s is not an address of a web site. Correct it, or upload the logo."),
    Trouble.PRIVATE: mark("%(site)s leads into a private network and is not asked. Upload the logo instead."),
    Trouble.NO_SERVER: mark("There is no server called %(site)s. Correct the address, or upload the logo."),
    Trouble.NO_ANSWER: mark("%(site)s did not answer. Try again later, or upload the logo."),
    Trouble.REFUSED: mark("%(site)s does not show us its page. Upload the logo instead."),
    Trouble.TOO_LARGE: mark("The page of %(site)s is too large to be read. Upload the logo instead."),
    Trouble.TOO_SLOW: mark("%(site)s took too long to answer. Try again later, or upload the logo."),
    Trouble.NOTHING: mark("%(site)s has no logo we could find and use. Upload it instead."),
}


@dataclass(frozen=True, slots=True)
class Readable:
    """What became of a brand colour on a button, in words, with both colours."""

    palette: Palette
    colour_name: str
    sentence: str
    ratio: str


@dataclass(frozen=True, slots=True)
class BrandForm:
    """The brand as its form shows it. `proposals` are (colour, its name); `values` every field by its name."""

    values: Mapping[str, str]
    proposals: tuple[tuple[str, str], ...]
    is_own_colour: bool
    logo: Mapping[str, str]  # names of the stored pictures: light, dark; empty without a logo
    has_plate: bool
    has_own_dark: bool  # a drawing of the partner's own for dark ground
    picture: str  # name of the stored picture of the contact person, "" without one
    readable: Readable
    sender_address: str  # what mail goes out from
    sender_domain: str  # the own one, "" where none was entered
    sender_status: str
    site: str  # the name of the firm's web site, "" where none is known


def form_of(
    profile: BrandProfile | None, firm: Organisation, typed: Mapping[str, str], sender: SenderDomain | None
) -> BrandForm:
    """As kept, with what was typed and refused in its place."""
    kept = {name: str(getattr(profile, name)) for name in TEXTS} if profile else {}
    values = {
        **{name: "" for name in TEXTS},
        **kept,
        **{name: str(getattr(firm, name)) for name in ADDRESS},
        "colour": profile.colour if profile else brands.FIRST_COLOUR,
        **typed,
    }
    current = profile.colour if profile else brands.FIRST_COLOUR
    logo = profile.logo if profile and profile.logo else {}
    proposals = tuple(dict.fromkeys(logo.get("colours", ())))
    return BrandForm(
        values=values,
        proposals=tuple((proposal, name_of(proposal)) for proposal in proposals),
        is_own_colour=current not in proposals,
        logo={version: logo[version]["name"] for version in ("light", "dark")} if logo else {},
        has_plate=bool(logo and logo["dark_has_plate"]),
        has_own_dark=brands.MADE_DARK in logo,
        picture=profile.contact_picture["large"]["name"] if profile and profile.contact_picture else "",
        readable=readable(current),
        site=_name_of_site(site_of(profile, firm)),
        sender_address=sender.address if sender and sender.is_verified else installation().settings.mail_from,
        sender_domain=sender.domain if sender else "",
        sender_status=sender.status.value if sender else "",
    )


def sent() -> tuple[dict[str, str], dict[str, str]]:
    """What the form holds of the brand and of the postal address, by field; only what was sent."""
    texts = {name: request.form[name] for name in TEXTS if name in request.form and name != "colour"}
    if "colour" in request.form or "colour_own" in request.form:
        picked = request.form.get("colour", OWN)
        texts["colour"] = request.form.get("colour_own", "") if picked == OWN else picked
    return texts, {name: request.form[name] for name in ADDRESS if name in request.form}


def save(texts: Mapping[str, str], lines: Mapping[str, str]) -> None:
    """Keep what was sent, in one transaction. Invalid names each field that is refused; then nothing is kept."""
    if not texts and not lines:
        return
    with writing() as session:
        if lines:
            brands.set_address(session, viewer(), lines)
        if texts:
            brands.change(session, viewer(), texts)


def save_logo() -> bool:
    """Take in an uploaded logo, and its version for dark ground; whether there was one."""
    installed, found = installation(), False
    for name, keep in (("logo", brands.set_logo), (brands.DARK_LOGO, brands.set_dark_logo)):
        upload = request.files.get(name)
        if upload is not None and upload.filename:
            content = upload.stream.read(MAX_BYTES + 1)
            keep(installed.web, viewer(), installed.storage, content)
            found = True
    return found


def save_picture() -> bool:
    """Take in an uploaded picture of the contact person; whether there was one."""
    upload = request.files.get(brands.PICTURE)
    if upload is None or not upload.filename:
        return False
    content = upload.stream.read(pictures.MAX_BYTES + 1)
    installed = installation()
    brands.set_picture(installed.web, viewer(), installed.storage, content)
    return True


def wants_removal() -> bool:
    """Whether a button was pressed that takes a picture away."""
    return "no_picture" in request.form or "no_logo_dark" in request.form


def remove() -> None:
    """What such a button names."""
    with writing() as session:
        if "no_picture" in request.form:
            brands.remove_picture(session, viewer())
        if "no_logo_dark" in request.form:
            brands.remove_dark_logo(session, viewer())


def site_of(profile: BrandProfile | None, firm: Organisation) -> str:
    """The address of the firm's web site; empty where none is known."""
    if profile is not None and profile.website:
        return profile.website
    return f"https://{firm.domain}/" if firm.domain else ""


def wants_fetched_logo() -> bool:
    return "fetch" in request.form


def fetch_logo() -> None:
    """Take in the logo on the firm's own web site; Invalid says why there is none. Seconds, never a transaction
    while another server is asked."""
    with reading() as session:
        profile = brands.profile_of(session, viewer().organisation_id)
        firm = find_organisation_by_id(session, viewer().organisation_id)
    installed = installation()
    site = site_of(profile, firm)
    try:
        content = website.find_logo(
            site, allow_private=not installed.settings.production, whole=installed.settings.website_time
        )
    except Unfetched as error:
        sentence = _(TROUBLES[error.trouble], site=_name_of_site(site) or site)
        raise Invalid(sentence, {"logo": sentence}) from error
    brands.set_logo(installed.web, viewer(), installed.storage, content)


def _name_of_site(address: str) -> str:
    """ "harbour-it.example", as people say it."""
    try:
        return urlsplit(address).netloc.removeprefix("www.")
    except ValueError:
        return ""


def joined(*errors: Invalid) -> Invalid:
    """Several refusals as one."""
    fields = {name: sentence for error in errors for name, sentence in error.fields.items()}
    return Invalid(" ".join(error.sentence for error in errors), fields)


def name_of(value: str) -> str:
    """A colour in one word."""
    return _(COLOURS[colour.word(value)])


def readable(value: str) -> Readable:
    made = colour.palette(value)
    name = name_of(made.brand)
    ratio = formats.ratio(colour.contrast(made.button, made.button_text))
    if not made.button_was_changed:
        if made.button_text == colour.WHITE:
            sentence = _(
                "White text on your %(colour)s, %(ratio)s to 1: easy to read.", colour=name, ratio=ratio
            )
        else:
            sentence = _(
                "Dark text on your %(colour)s, %(ratio)s to 1: easy to read.", colour=name, ratio=ratio
            )
    elif colour.lightness(made.button) < colour.lightness(made.brand):
        sentence = _(
            "We darkened your %(colour)s a little on buttons so that everybody can read them.", colour=name
        )
    else:
        sentence = _(
            "We lightened your %(colour)s a little on buttons so that everybody can read them.", colour=name
        )
    return Readable(made, name, sentence, ratio)
