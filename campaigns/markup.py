"""Compile MJML to HTML in a child process: placeholders kept, styles inlined, output cleaned.

A placeholder ({{ name }} or {% if ... %}) is swapped for a word of letters before the compiler runs and
swapped back afterwards, so that the compiler never sees what it would misread. Anything in the source that
would look like a placeholder afterwards is written as an entity.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise

from campaigns import markup_compiler, markup_hero
from campaigns.errors import ContentError, Problem, Severity
from campaigns.markup_clean import clean
from campaigns.markup_holes import Holes
from campaigns.markup_scan import Tag, scan, words

VERSION = f"1 mjml-python-{version('mjml-python')} css-inline-{version('css-inline')}"
"""Part of every artefact's key: another compiler makes another artefact."""

TIMEOUT_SECONDS = 20
MAX_OUTPUT_BYTES = 1024 * 1024

TAGS = words(
    "mjml mj-head mj-body mj-all mj-attributes mj-breakpoint mj-button mj-class mj-column mj-divider"
    " mj-group mj-hero mj-image mj-preview mj-raw mj-section mj-social mj-social-element mj-spacer"
    " mj-style mj-table mj-text mj-title mj-wrapper"
)
LAYOUT = words(
    "mjml mj-head mj-attributes mj-body mj-wrapper mj-section mj-group mj-column mj-hero mj-social"
)
LEFT_OUT = {
    "mj-include": "Includes are refused. Copy the text into this file.",
    "mj-font": "Web fonts are refused: a mail loads nothing from elsewhere. The reader's own fonts are used.",
    "script": "Scripts do not run in mail and are removed. Delete it.",
}


def compile_mail(source: str, *, path: str = "") -> str:
    """The HTML of one mail. Raises ContentError with a sentence and, where known, a line."""
    return compile_mails({path: source})[path]


def compile_mails(sources: Mapping[str, str]) -> dict[str, str]:
    """The HTML of several mails by path, compiled by one child (under 1 ms a mail).

    Raises:
        ContentError: with the problems of every mail that could not be compiled.
    """
    problems: list[Problem] = []
    jobs: dict[str, _Job] = {}
    for path, source in sources.items():
        try:
            jobs[path] = _prepare(source, path)
        except ContentError as error:
            problems += error.problems
    compiled: dict[str, str] = {}
    for path, answer in _run(jobs, TIMEOUT_SECONDS).items():
        try:
            compiled[path] = _finish(jobs[path], answer, path)
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(problems)
    return compiled


def check(source: str, *, path: str = "") -> list[Problem]:
    """What is wrong with the tags of a mail, without compiling it."""
    try:
        holes = Holes(source)
        tags = scan(holes.swapped, path=path)
    except ContentError as error:
        return list(error.problems)
    problems = _loose_text(holes, tags, path)
    for tag in tags:
        if sentence := _objection(tag):
            problems.append(Problem(path, tag.line, sentence))
        if handlers := [name for name in tag.attributes if name.startswith("on")]:
            sentence = f"{handlers[0]} runs a script, which mail programs refuse. It is removed."
            problems.append(Problem(path, tag.line, sentence, Severity.NOTE))
    return problems


def _objection(tag: Tag) -> str | None:
    if tag.is_close:
        return None
    if tag.name in LEFT_OUT:
        return LEFT_OUT[tag.name]
    if (tag.name.startswith("mj-") or tag.name == "mjml") and tag.name not in TAGS:
        return f"<{tag.name}> is not known here. Known are: {', '.join(sorted(TAGS - {'mjml'}))}."
    if tag.name == "mj-style" and "inline" in tag.attributes:
        return 'Take inline="inline" away: every style is inlined anyway.'
    return None


def _loose_text(holes: Holes, tags: list[Tag], path: str) -> list[Problem]:
    """Text that stands directly in a layout element, where compilers move or lose it."""
    problems: list[Problem] = []
    parents: list[str] = []
    for tag, following in pairwise(tags):
        if tag.is_close:
            parents.pop()
        elif not tag.is_empty:
            parents.append(tag.name)
        if parents and parents[-1] in LAYOUT:
            between = holes.swapped[tag.end : following.start]
            if loose := re.sub(r"<!.*?>", "", between, flags=re.DOTALL).strip():
                shown = holes.back(loose)[:40]
                sentence = f"{shown!r} stands directly in <{parents[-1]}>. Put it, whole, into <mj-text>."
                problems.append(Problem(path, following.line, sentence))
    return problems


@dataclass(frozen=True, slots=True)
class _Job:
    holes: Holes
    swapped: str
    backgrounds: frozenset[str] = frozenset()


def _prepare(source: str, path: str) -> _Job:
    holes = Holes(source)
    tags = scan(holes.swapped, path=path)
    refused = [Problem(path, tag.line, s) for tag in tags if tag.name != "script" and (s := _objection(tag))]
    if refused := refused + _loose_text(holes, tags, path):
        raise ContentError(refused)
    if not tags or tags[0].name != "mjml":
        raise ContentError(Problem(path, 1, "A mail starts with <mjml> and ends with </mjml>."))
    swapped = markup_hero.marked(holes.swapped, tags)
    backgrounds = frozenset(address for tag in tags if (address := tag.attributes.get("background-url")))
    return _Job(holes, swapped, backgrounds)


def _run(jobs: Mapping[str, _Job], timeout: float) -> dict[str, dict[str, str]]:
    """The child's answers by path. A mail that kills the child gets an error, the ones after it a new
    child."""
    answers: dict[str, dict[str, str]] = {}
    waiting = list(jobs)
    while waiting:
        lines = markup_compiler.answers([jobs[path].swapped for path in waiting], timeout)
        answers.update(zip(waiting, lines, strict=False))
        waiting = waiting[len(lines) :]
        if waiting:
            sentence = "The compiler gave up on this mail: it is nested too deeply or too large. Simplify it."
            answers[waiting.pop(0)] = {"error": sentence}
    return answers


def _finish(job: _Job, answer: dict[str, str], path: str) -> str:
    if "error" in answer:
        error = answer["error"]
        sentence = error if error[:1].isupper() else f"The mail cannot be compiled: {error}."
        raise ContentError(Problem(path, None, sentence))
    if len(answer["html"]) > MAX_OUTPUT_BYTES:
        raise ContentError(Problem(path, None, "The compiled mail is larger than 1 MB. Shorten it."))
    html = markup_hero.held_open(answer["html"])
    html = clean(html, trusted_address=job.holes.link, backgrounds=job.backgrounds)
    if lost := job.holes.lost(html):
        sentence = (
            f"{lost[0][:60]} stands where the mail cannot hold it. What is known only when the mail is sent"
            " belongs inside a text or a table, not into an address."
        )
        raise ContentError(Problem(path, None, sentence))
    return job.holes.back(html)
