"""calls/, guides/ and briefing.md: what the partner's sales people read, and nobody else."""

import re
from collections.abc import Iterator, Mapping

from campaigns.errors import ContentError
from campaigns.kit.fields import Report, Section
from campaigns.kit.markdown import TAG, check_markdown
from campaigns.kit.materials import Bant, Briefing, CallQuestion, CallScript, Chapter, Objection, SalesGuide
from campaigns.kit.yaml import as_utf8

MOST_GUIDE = 40_000
MOST_CHAPTERS = 20
WORDS_A_MINUTE = 200
LONGEST_BRIEFING = 5  # minutes

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")


def read_call_script(section: Section, files: Mapping[str, bytes]) -> CallScript:
    return CallScript(
        goal=section.source("goal", most=300),
        opening=section.source("opening", most=1_000),
        questions=tuple(_question(entry) for entry in section.sections("questions", most=12)),
        close=section.source("close", most=1_000),
        objections=tuple(
            Objection(entry.source("says", most=200), entry.source("answer", most=1_000))
            for entry in section.sections("objections", required=False, most=12)
        ),
        voicemail=section.source("voicemail", required=False, most=600),
    )


def _question(section: Section) -> CallQuestion:
    return CallQuestion(
        question=section.source("question", most=300),
        listen_for=section.source("listen_for", required=False, most=500),
        bant=section.choice("bant", Bant) if section.has("bant") else None,
    )


def read_guide(path: str, locale: str, files: Mapping[str, bytes], report: Report) -> SalesGuide | None:
    """A guide in Markdown: "# " is its title, "## " begins a chapter. None if it cannot be read."""
    written = _written(path, locale, files, report)
    return SalesGuide(*written) if written is not None else None


def read_briefing(path: str, locale: str, files: Mapping[str, bytes], report: Report) -> Briefing | None:
    """A briefing in the same form, that takes at most five minutes to read."""
    written = _written(path, locale, files, report)
    if written is None:
        return None
    title, chapters = written
    words = sum(len(f"{chapter.heading} {chapter.markdown}".split()) for chapter in chapters)
    minutes = max(1, -(-words // WORDS_A_MINUTE))
    if minutes > LONGEST_BRIEFING:
        report.problem(
            path,
            None,
            f"This briefing has {words:,} words, {minutes} minutes of reading. It may have "
            f"{LONGEST_BRIEFING * WORDS_A_MINUTE:,} words, which are {LONGEST_BRIEFING} minutes.",
        )
    return Briefing(title, min(minutes, LONGEST_BRIEFING), chapters)


def _written(
    path: str, locale: str, files: Mapping[str, bytes], report: Report
) -> tuple[str, tuple[Chapter, ...]] | None:
    try:
        text = as_utf8(files[path], path)
    except ContentError as error:
        report.refused(error)
        return None
    if len(text) > MOST_GUIDE:
        report.problem(path, None, f"This text is longer than {MOST_GUIDE:,} characters. Shorten it.")
        return None
    if report.template(text, path, 1, locale) is None:
        return None
    check_markdown(text, path, 1, report)
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    match = _HEADING.fullmatch(lines[first].strip()) if first is not None else None
    if first is None or match is None or len(match.group(1)) != 1 or not match.group(2):
        report.problem(path, (first or 0) + 1, "The first line has to be the title: # and a space before it.")
        return None
    chapters = tuple(_chapters(lines, first + 1, path, report))
    if not chapters:
        report.problem(path, None, "There is no chapter. Begin one with a line such as '## Who buys this'.")
    elif len(chapters) > MOST_CHAPTERS:
        report.problem(path, None, f"There are {len(chapters)} chapters. {MOST_CHAPTERS} are accepted.")
    return match.group(2), chapters


def _chapters(lines: list[str], start: int, path: str, report: Report) -> Iterator[Chapter]:
    heading, body = "", list[str]()
    for at, line in enumerate(lines[start:], start + 1):
        match = _HEADING.fullmatch(line.strip())
        if match is None:
            body.append(line)
            continue
        if len(match.group(1)) != 2:
            report.problem(path, at, "Chapters begin with '## '. There is one title and no deeper heading.")
            continue
        yield from _chapter(heading, body)
        heading, body = match.group(2), []
        if len(TAG.sub("", heading)) > 80:
            report.problem(path, at, "The heading has more than 80 characters. Shorten it.")
    yield from _chapter(heading, body)


def _chapter(heading: str, body: list[str]) -> Iterator[Chapter]:
    """What stands before the first heading is a chapter without one."""
    text = "\n".join(body).strip()
    if heading or text:
        yield Chapter(heading, text)
