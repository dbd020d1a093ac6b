"""From files to a kit: reads kit.yml, then every file it names, then what only shows when all is known."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from campaigns.errors import ContentError, Problem, Severity
from campaigns.kit import judging
from campaigns.kit.fields import Report, Section
from campaigns.kit.files import check_files, source_hash
from campaigns.kit.judging import Collected
from campaigns.kit.manifest import Manifest, read_manifest
from campaigns.kit.materials import Briefing, Material
from campaigns.kit.microsite import Microsite, MicrositePage, block_regions_in
from campaigns.kit.mjml import Mail, read_mail, regions_used
from campaigns.kit.model import BY_HAND, Kit, Touch, TouchKind
from campaigns.kit.page import read_page
from campaigns.kit.places import BRIEFING, PLACES, in_language
from campaigns.kit.reading_materials import files_named, read_material
from campaigns.kit.running import sorted_out
from campaigns.kit.sales import read_briefing
from campaigns.kit.sequence import TouchEntry
from campaigns.kit.webinar import Webinar
from campaigns.kit.yaml import parse_yaml

MANIFEST = "kit.yml"


def read_kit(files: Mapping[str, bytes], *, was_taken_in: bool = False) -> tuple[Kit | None, list[Problem]]:
    """The kit, or None if there is a problem (not a note) with it, and everything found, file by file. Of files
    that were taken in before, rules that came later ask nothing."""
    report = Report()
    check_files(files, report)
    kit = None
    if MANIFEST not in files:
        report.problem(MANIFEST, None, "This file is missing. A kit starts with it.")
    elif not report.problems or all(found.severity is Severity.NOTE for found in report.problems):
        try:
            manifest = read_manifest(Section(parse_yaml(files[MANIFEST], MANIFEST), MANIFEST, report))
            kit = _Assembly(manifest, files, report, was_taken_in).kit()
        except ContentError as error:
            report.refused(error)
    problems = sorted(dict.fromkeys(report.problems), key=_reading_order)
    return (None if any(found.severity is Severity.PROBLEM for found in problems) else kit), problems


def _reading_order(problem: Problem) -> tuple[bool, str, int]:
    return problem.path != MANIFEST, problem.path, problem.line or 0


class _Assembly:
    """Reads the files that a manifest names; the whole is judged by `campaigns.kit.judging`."""

    def __init__(
        self, manifest: Manifest, files: Mapping[str, bytes], report: Report, was_taken_in: bool
    ) -> None:
        self.manifest, self.files, self.report = manifest, files, report
        self.was_taken_in = was_taken_in
        self.default = manifest.languages[0]
        self.found = Collected(missing={language: [] for language in manifest.languages})
        self.pages: dict[str, MicrositePage] = {}
        self.materials: dict[str, dict[str, Material]] = {}
        self.described = {region.name for region in manifest.regions}

    def kit(self) -> Kit:
        manifest = self.manifest
        touches = tuple(self._touch(entry) for entry in manifest.entries)
        briefing = dict(self._briefing())
        touches = sorted_out(touches, self.found.names_of_mails, manifest, self.report)
        judging.judge(manifest, self.files, self.found, touches, self.materials, self.report)
        if not self.was_taken_in:
            judging.judge_anew(manifest, touches, self.materials, self.report)
        missing = self.found.missing
        return Kit(
            name=manifest.name,
            promise=manifest.promise,
            sale=manifest.sale,
            offer=manifest.offer,
            engagement=manifest.engagement,
            for_whom=manifest.for_whom,
            sizes=manifest.sizes,
            languages=manifest.languages,
            complete_languages=tuple(language for language in manifest.languages if not missing[language]),
            countries=manifest.countries,
            touches=tuple(touch for touch in touches if touch.runs and touch.kind not in BY_HAND),
            regions=manifest.regions,
            merge_fields=manifest.merge_fields,
            consents=manifest.consents,
            lead_visibility=manifest.lead_visibility,
            microsite=Microsite(self.pages) if self.pages else None,
            funding=manifest.funding,
            external_id=manifest.external_id,
            files=dict(self.files),
            source_hash=source_hash(self.files),
            topics=manifest.topics,
            by_hand=tuple(touch for touch in touches if touch.runs and touch.kind in BY_HAND),
            kept=tuple(touch for touch in touches if not touch.runs),
            materials=self.materials,
            briefing=briefing,
        )

    def _touch(self, entry: TouchEntry) -> Touch:
        place = PLACES[entry.touch.kind]
        if entry.file and not place.pattern.fullmatch(entry.file):
            self._problem(entry.file_line, f"'{entry.file}' has to be a file {place.shown}.")
            files = {}
        else:
            files = dict(self._language_files(entry.file, entry.file_line))
        match entry.touch.kind:
            case TouchKind.EMAIL:
                regions = self._read_mails(entry.touch, files)
            case TouchKind.MICROSITE:
                regions = self._read_pages(files)
            case _:
                regions = self._read_materials(entry.touch, files)
        return replace(entry.touch, files=files, regions=regions)

    def _language_files(self, file: str, line: int | None) -> Iterator[tuple[str, str]]:
        """The file of each language: "emails/01.mjml" for the first, "emails/01.de.mjml" for German."""
        if not file:
            return
        for language in self.manifest.languages:
            name = file if language == self.default else in_language(file, language)
            if name in self.files:
                self.found.used.add(name)
                yield language, name
            elif language == self.default:
                self._problem(line, f"There is no file '{name}'.")
            else:
                self.found.missing[language].append(name)

    def _read_mails(self, touch: Touch, files: Mapping[str, str]) -> tuple[str, ...]:
        mails: list[Mail] = []
        for language, file in files.items():
            mail = read_mail(file, language, self.files, self.report)
            if mail is None:
                self.found.whole = False
                continue
            mails.append(mail)
            self.found.used.update(mail.assets)
            self._check_described(mail.regions, file)
        self.found.names_of_mails[touch.key] = frozenset[str]().union(*(mail.names for mail in mails))
        for language in self.manifest.languages:
            for what in ("subject", "preview"):
                if language not in getattr(touch, what):
                    self.found.missing[language].append(f"the {what} of '{touch.key}'")
        return regions_used(mails)

    def _read_pages(self, files: Mapping[str, str]) -> tuple[str, ...]:
        for language, file in files.items():
            page = read_page(file, language, self.files, self.report)
            if page is None:
                self.found.whole = False
                continue
            self.pages[language] = page
            texts = [section.file for section in page.sections]
            picture = page.hero.picture.file if page.hero.picture else None
            self.found.used.update(name for name in [*texts, picture, page.thanks.file] if name)
            self._page_with_form(page, file)
        return tuple(dict.fromkeys(name for page in self.pages.values() for name in page.region_names()))

    def _read_materials(self, touch: Touch, files: Mapping[str, str]) -> tuple[str, ...]:
        by_language = self.materials.setdefault(touch.key, {})
        regions: list[str] = []
        for language, file in files.items():
            material = read_material(touch.kind, file, language, self.files, self.report)
            if material is None:
                self.found.whole = False
                continue
            by_language[language] = material
            self.found.used.update(files_named(material))
            if isinstance(material, Webinar):
                regions += material.region_names()
                self._page_with_form(material, file)
        return tuple(dict.fromkeys(regions))

    def _page_with_form(self, page: MicrositePage | Webinar, file: str) -> None:
        self.found.forms[file] = page.form
        self.found.block_regions.update(block_regions_in(page))
        self._check_described(_lines_of(page.region_names(), self.files[file]), file)

    def _briefing(self) -> Iterator[tuple[str, Briefing]]:
        file, line = self.manifest.briefing, self.manifest.lines.get("briefing")
        if file is not None and file != BRIEFING:
            self._problem(line, f"The briefing stands in {BRIEFING}, not in '{file}'.")
            return
        for language, name in self._language_files(file or "", line):
            briefing = read_briefing(name, language, self.files, self.report)
            if briefing is None:
                self.found.whole = False
            else:
                yield language, briefing

    def _check_described(self, used: Mapping[str, int | None], file: str) -> None:
        for name, line in used.items():
            if name not in self.described:
                sentence = f"region '{name[:40]}' is used but not described in kit.yml."
                self.report.problem(file, line, sentence)

    def _problem(self, line: int | None, sentence: str) -> None:
        self.report.problem(MANIFEST, line, sentence)


def _lines_of(regions: Iterable[str], content: bytes) -> dict[str, int | None]:
    """The line in which a page names each region."""
    lines = content.decode("utf-8", "replace").splitlines()
    return {
        name: next((at for at, text in enumerate(lines, 1) if "region:" in text and name in text), None)
        for name in regions
    }
