"""A kit from somebody else's mail in MJML 4 or 5.

Nothing is fetched and nothing outside the mail's folder is read: `read` gives the files beside it, from a folder or
from an upload. What a kit cannot hold is said in other elements, replaced or left out, and every such step is a
sentence with file and line.
"""

import re
from dataclasses import dataclass

from campaigns.errors import ContentError, Problem, Severity
from campaigns.kit.foreign import head, headline, marks, proposals, writing
from campaigns.kit.foreign.body import LINK, Body
from campaigns.kit.foreign.defaults import read_defaults
from campaigns.kit.foreign.hypertext import Hypertext
from campaigns.kit.foreign.loading import Loader, Read
from campaigns.kit.foreign.notes import Notes, shown
from campaigns.kit.foreign.pictures import Pictures
from campaigns.kit.foreign.tags import WORD, Tags
from campaigns.kit.foreign.tree import Node, written
from campaigns.kit.reading import read_kit

__all__ = ["Foreign", "Read", "from_mail"]

_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
_MOST_NAME, _MOST_SUBJECT, _MOST_PREVIEW = 80, 150, 200


@dataclass(frozen=True, slots=True)
class Foreign:
    """`files` are a kit that passes the check; `notes` say what was changed on the way to it, in the lines of the
    mail it was made from."""

    files: dict[str, bytes]
    notes: tuple[Problem, ...]


def from_mail(name: str, read: Read, *, called: str = "") -> Foreign:
    """A kit from the mail in the file `name`.

    Args:
        read: the content of a file by its path from the mail's folder, None if there is none; asked only for paths
            inside that folder.
        called: the kit's name; the mail's title or headline without it.
    Raises:
        ContentError: what is no MJML 4 or 5, or larger than a kit may be; with file and line.
    """
    notes = Notes(name)
    tags, pictures = Tags(notes), Pictures(read, notes)
    mail = Loader(read, tags, notes).mail(name)
    above, body = mail.elements
    hypertext = Hypertext(notes, pictures, tags)
    defaults = read_defaults(above)
    marks.placed(body, notes)
    Body(defaults, hypertext).shaped(body)
    shaped, said = head.shaped(above, defaults, hypertext)
    title = _line(said.title, tags, _MOST_SUBJECT)
    words = headline.made(
        body, defaults, notes, (_without_names(said.title) or "Say what the reader gains")[:60]
    )
    _lead_to_page(body, tags, notes)
    locale = _language(mail, notes)
    regions = proposals.proposed(body, locale, notes)
    mail.attributes = {k: v for k, v in mail.attributes.items() if k in ("dir", "owa")} | {"lang": locale}
    mail.children = ["\n  ", shaped, "\n  ", body, "\n"]
    if not title:
        notes.say("The mail has no mj-title. Its headline became the subject; write a better one.", mail)
    preview = _line(said.preview, tags, _MOST_PREVIEW)
    if not preview:
        notes.say("The mail has no mj-preview. Write the line that continues the subject in kit.yml.", mail)
    source = tags.back(written(mail)) + "\n"
    file = f"emails/01-{_stem(name)}.mjml"
    subject = title or words
    files = {
        file: source.encode(),
        "microsite/page.yml": writing.page(words),
        **pictures.files,
    }
    files["kit.yml"] = writing.manifest(
        name=(called or _without_names(said.title) or words)[:_MOST_NAME],
        language=locale,
        file=file,
        subject=subject,
        preview=preview or "And continue the thought here.",
        personal=[one for one in tags.personal() if one in f"{source}{subject}{preview}"],
        fallbacks=tags.fallbacks,
        regions=regions,
    )
    notes.say("The page in microsite/page.yml, where the mail leads, is a draft in English. Rewrite it.")
    return _checked(files, notes)


def _checked(files: dict[str, bytes], notes: Notes) -> Foreign:
    problems = [found for found in read_kit(files)[1] if found.severity is Severity.PROBLEM]
    if refused := [*notes.refused, *problems]:
        raise ContentError(refused)
    ordered = {"kit.yml": files.pop("kit.yml"), **files}
    return Foreign(
        ordered, tuple(sorted(notes.found, key=lambda p: (p.path != notes.path, p.path, p.line or 0)))
    )


def _lead_to_page(body: Node, tags: Tags, notes: Notes) -> None:
    """The main button leads to the partner's page."""
    buttons = body.all("mj-button")
    if not buttons or any(f"{{{{ {LINK} }}}}" == tags.back(button.attributes["href"]) for button in buttons):
        return
    address = buttons[0].attributes["href"]
    if address.startswith("https:"):
        buttons[0].attributes["href"] = tags.name(LINK)
        notes.say(
            f"The button '{shown(WORD.sub('', buttons[0].text))}' led to {shown(address, 100)}."
            " It leads to the partner's page now.",
            buttons[0],
        )


def _language(mail: Node, notes: Notes) -> str:
    given = mail.attributes.get("lang", "").strip().replace("_", "-")
    if _LANGUAGE.fullmatch(given):
        return given
    notes.say(
        "The mail does not say its language. English is assumed: change it in the mail and in kit.yml.", mail
    )
    return "en"


def _line(text: str, tags: Tags, most: int) -> str:
    """A subject or preview line in the grammar."""
    line = " ".join(text.split())
    if len(WORD.sub("", line)) > most:
        line = line[:most].rsplit(" ", 1)[0]
    line = re.sub(r"\{(?=[{%#])", "(", line)
    return tags.back(line).strip()


def _without_names(text: str) -> str:
    return " ".join(WORD.sub("", text).split()).strip(" ,;:-")


def _stem(name: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", name.rpartition("/")[2].lower().removesuffix(".mjml")).strip("-")
    return stem[:40].strip("-") or "mail"
