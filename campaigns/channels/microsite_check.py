"""What could be wrong with a microsite before anybody sees it: texts, form, logos and colours."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from campaigns import colour
from campaigns.brand import Brand
from campaigns.channels import microsite_look as look
from campaigns.channels.microsite_content import Site
from campaigns.errors import ContentError, Problem, Severity
from campaigns.kit.microsite import Copy, FieldName, Picture, Prose, Question
from campaigns.kit.model import ConsentText

TEXT_GROUNDS = ("page", "paper", "sheet")


def check(site: Site, *, partner: Brand, vendor: Brand, consents: Sequence[ConsentText]) -> list[Problem]:
    """Every problem and note about a page as this partner would show it; empty means it can go out."""
    return [
        *_text_problems(site, site.page, "microsite"),
        *_form_problems(site, consents),
        *_brand_problems(partner, "partner"),
        *_brand_problems(vendor, "vendor"),
        *_colour_problems(partner.colour),
    ]


def _text_problems(site: Site, part: object, path: str) -> Iterator[Problem]:
    """Every text that cannot be filled in, or is empty once it is."""
    region = getattr(part, "region", None)
    if isinstance(region, str) and not site.shown(region):
        return
    try:
        if isinstance(part, Copy):
            if not site.text(part).strip():
                yield Problem(path, None, "This text is empty. Write it, or take the block out.")
            return
        if isinstance(part, Prose):
            site.prose(part)
        if isinstance(part, Question):
            site.markdown(part.answer)
        if isinstance(part, Picture):
            site.plain(part.alt)
    except ContentError as error:
        yield from (Problem(path, problem.line, problem.sentence) for problem in error.problems)
    if isinstance(part, tuple):
        for number, item in enumerate(part, 1):
            yield from _text_problems(site, item, f"{path} {number}")
    elif is_dataclass(part):
        for inner in fields(part):
            value = getattr(part, inner.name)
            if is_dataclass(value) or isinstance(value, tuple):
                yield from _text_problems(site, value, f"{path}.{inner.name}")


def _form_problems(site: Site, consents: Sequence[ConsentText]) -> Iterator[Problem]:
    form, known = site.page.form, {consent.key: consent for consent in consents}
    if not form.fields or form.fields[0].name is not FieldName.EMAIL or not form.fields[0].required:
        yield Problem(
            "form", None, "The form has to begin with the e-mail address, and it has to be required."
        )
    for key in (form.information, *form.consents):
        if key not in known:
            yield Problem(
                "form", None, f"The text {key!r} is missing for the partner's country. Add its wording."
            )
            continue
        try:
            site.wording(known[key])
        except ContentError as error:
            yield from (
                Problem(f"consent {key}", problem.line, problem.sentence) for problem in error.problems
            )


def _brand_problems(brand: Brand, which: str) -> Iterator[Problem]:
    if brand.logo is None:
        yield Problem(f"{which}.logo", None, "There is no logo. The name stands in its place.", Severity.NOTE)
    elif (
        min(brand.logo.light.width, brand.logo.light.height, brand.logo.dark.width, brand.logo.dark.height)
        < 1
    ):
        yield Problem(f"{which}.logo", None, "The logo has no size. Upload it again.")
    if not brand.address_lines:
        yield Problem(
            f"{which}.address", None, "The postal address is missing. The foot of the page has to show it."
        )
    if not brand.privacy_url:
        yield Problem(
            f"{which}.privacy_url", None, "The address of the privacy page is missing. The form links to it."
        )
    person = look.person(brand, str)
    if which == "partner" and not person.tel and not person.mailto:
        yield Problem(
            "partner.contact", None, "Nobody can be reached: add a phone number or an e-mail address."
        )


def _colour_problems(brand: str) -> Iterator[Problem]:
    """Pairs under their ratio. Colours are derived, so this stays silent; it is the proof beside the
    promise."""
    for scheme in (look.light(brand), look.dark(brand)):
        pairs = [(scheme.link, getattr(scheme, ground), colour.TEXT_RATIO) for ground in TEXT_GROUNDS]
        pairs += [(scheme.mark, getattr(scheme, ground), colour.SHAPE_RATIO) for ground in TEXT_GROUNDS]
        pairs.append((scheme.button, scheme.button_text, colour.TEXT_RATIO))
        if scheme.button_edge != scheme.button:
            pairs.append((scheme.button_edge, scheme.sheet, colour.SHAPE_RATIO))
        else:
            pairs.append((scheme.button, scheme.sheet, colour.SHAPE_RATIO))
        for one, other, ratio in pairs:
            if colour.contrast(one, other) < ratio:
                yield Problem(
                    "colour", None, f"{one} on {other} is hard to read. Choose another brand colour."
                )
