"""The file of a touch that is neither mail nor page, by its kind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from campaigns.errors import ContentError
from campaigns.kit.fields import Report, Section
from campaigns.kit.gatherings import read_event, read_trial
from campaigns.kit.materials import Material, PostPicture
from campaigns.kit.microsite import Picture, Prose
from campaigns.kit.model import TouchKind
from campaigns.kit.sales import read_call_script, read_guide
from campaigns.kit.social import read_ad, read_block, read_posts
from campaigns.kit.webinar_page import read_webinar
from campaigns.kit.yaml import parse_yaml

_READERS: Mapping[TouchKind, Callable[[Section, Mapping[str, bytes]], Material]] = {
    TouchKind.WEBINAR: read_webinar,
    TouchKind.SOCIAL: read_posts,
    TouchKind.BLOCK: read_block,
    TouchKind.AD: read_ad,
    TouchKind.CALL_SCRIPT: read_call_script,
    TouchKind.EVENT: read_event,
    TouchKind.TRIAL: read_trial,
}


def read_material(
    kind: TouchKind, path: str, locale: str, files: Mapping[str, bytes], report: Report
) -> Material | None:
    """What stands in `path`; None if the file cannot be read at all. Problems go to the report."""
    if kind is TouchKind.SALES_GUIDE:
        return read_guide(path, locale, files, report)
    try:
        table = parse_yaml(files[path], path)
    except ContentError as error:
        report.refused(error)
        return None
    section = Section(table, path, report, locale)
    material = _READERS[kind](section, files)
    section.done()
    return material


def files_named(part: object) -> Iterator[str]:
    """Every file of the kit that a material names, by walking through all its parts."""
    if isinstance(part, tuple):
        for item in part:
            yield from files_named(item)
    elif is_dataclass(part):
        match part:
            case Picture() if part.file:
                yield part.file
            case PostPicture() if part.background:
                yield part.background
            case Prose() if part.file:
                yield part.file
        for inner in fields(part):
            yield from files_named(getattr(part, inner.name))
