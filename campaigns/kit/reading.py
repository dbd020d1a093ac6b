"""From files to a kit: reads kit.yml, then every file it names, then what only shows when all is known."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from campaigns.errors import ContentError, Problem, Severity
from campaigns.kit.fields import Report, Section
from campaigns.kit.files import check_files, source_hash
from campaigns.kit.manifest import Manifest, TouchEntry, read_manifest
from campaigns.kit.microsite import Microsite, MicrositePage
from campaigns.kit.mjml import Mail, read_mail, regions_used
from campaigns.kit.model import Kit, LeadVisibility, Purpose, Touch, TouchKind
from campaigns.kit.names import PERSONAL
from campaigns.kit.page import read_page
from campaigns.kit.yaml import parse_yaml

MANIFEST = "kit.yml"


def read_kit(files: Mapping[str, bytes]) -> tuple[Kit | None, list[Problem]]:
    """The kit, or None if there is a problem (not a note) with it, and everything found, file by file."""
    report = Report()
    check_files(files, report)
    kit = None
    if MANIFEST not in files:
        report.problem(MANIFEST, None, "This file is missing. A kit starts with it.")
    elif not report.problems or all(found.severity is Severity.NOTE for found in report.problems):
        try:
            manifest = read_manifest(Section(parse_yaml(files[MANIFEST], MANIFEST), MANIFEST, report))
            kit = _Assembly(manifest, files, report).kit()
        except ContentError as error:
            report.refused(error)
    problems = sorted(dict.fromkeys(report.problems), key=_reading_order)
    return (None if any(found.severity is Severity.PROBLEM for found in problems) else kit), problems


def _reading_order(problem: Problem) -> tuple[bool, str, int]:
    return problem.path != MANIFEST, problem.path, problem.line or 0


class _Assembly:
    """Reads the files that a manifest names, and judges the whole."""

    def __init__(self, manifest: Manifest, files: Mapping[str, bytes], report: Report) -> None:
        self.manifest, self.files, self.report = manifest, files, report
        self.default = manifest.languages[0]
        self.missing: dict[str, list[str]] = {language: [] for language in manifest.languages}
        self.used: dict[str, None] = {
            "kit.yml": None,
            "README.md": None,
            "LICENSE": None,
            "LICENSE.txt": None,
        }
        self.pages: dict[str, MicrositePage] = {}
        self.whole = True  # no file broke off, so what nothing uses can be told
        self.described = {region.name for region in manifest.regions}

    def kit(self) -> Kit:
        manifest = self.manifest
        touches = tuple(self._touch(entry) for entry in manifest.entries)
        self._check_regions(touches)
        self._check_names()
        self._check_consents()
        self._check_unused_files()
        self._check_languages()
        complete = tuple(language for language in manifest.languages if not self.missing[language])
        return Kit(
            name=manifest.name,
            promise=manifest.promise,
            sale=manifest.sale,
            offer=manifest.offer,
            engagement=manifest.engagement,
            for_whom=manifest.for_whom,
            sizes=manifest.sizes,
            languages=manifest.languages,
            complete_languages=complete,
            countries=manifest.countries,
            touches=touches,
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
        )

    def _touch(self, entry: TouchEntry) -> Touch:
        files = dict(self._language_files(entry))
        if entry.touch.kind is TouchKind.MICROSITE:
            return replace(entry.touch, files=files, regions=self._read_pages(files))
        mails = dict(self._read_mails(files))
        for language, mail in mails.items():
            self.used.update(dict.fromkeys(mail.assets))
            self._check_described(mail.regions, files[language])
        for language in self.manifest.languages:
            for what in ("subject", "preview"):
                if language not in getattr(entry.touch, what):
                    self.missing[language].append(f"the {what} of '{entry.touch.key}'")
        return replace(entry.touch, files=files, regions=regions_used(mails.values()))

    def _read_mails(self, files: Mapping[str, str]) -> Iterator[tuple[str, Mail]]:
        for language, file in files.items():
            mail = read_mail(file, language, self.files, self.report)
            if mail is None:
                self.whole = False
            else:
                yield language, mail

    def _language_files(self, entry: TouchEntry) -> Iterator[tuple[str, str]]:
        """The file of each language: "emails/01.mjml" for the first, "emails/01.de.mjml" for German."""
        mail = entry.touch.kind is TouchKind.EMAIL
        folder, ending = ("emails/", ".mjml") if mail else ("microsite/", ".yml")
        if not entry.file:
            return
        if not entry.file.startswith(folder) or not entry.file.endswith(ending):
            self._problem(entry.file_line, f"'{entry.file}' has to be a file {folder}<name>{ending}.")
            return
        for language in self.manifest.languages:
            file = (
                entry.file
                if language == self.default
                else f"{entry.file.removesuffix(ending)}.{language}{ending}"
            )
            if file in self.files:
                self.used[file] = None
                yield language, file
            elif language == self.default:
                self._problem(entry.file_line, f"There is no file '{file}'.")
            else:
                self.missing[language].append(file)

    def _read_pages(self, files: Mapping[str, str]) -> tuple[str, ...]:
        for language, file in files.items():
            page = read_page(file, language, self.files, self.report)
            if page is None:
                self.whole = False
            else:
                self.pages[language] = page
                texts = [section.file for section in page.sections]
                picture = page.hero.picture.file if page.hero.picture else None
                self.used.update(dict.fromkeys(name for name in [*texts, picture, page.thanks.file] if name))
                self._check_form(page, file)
                self._check_described(_lines_of(page.region_names(), self.files[file]), file)
        return tuple(dict.fromkeys(name for page in self.pages.values() for name in page.region_names()))

    def _check_form(self, page: MicrositePage, file: str) -> None:
        purposes = {text.key: text.purpose for text in self.manifest.consents}
        if page.form.information and purposes.get(page.form.information) is not Purpose.INFORMATION:
            sentence = f"The form shows '{page.form.information}', which is no information text of kit.yml."
            self.report.problem(file, None, sentence)
        for key in page.form.consents:
            if purposes.get(key) in (None, Purpose.INFORMATION):
                sentence = f"The form asks for the consent '{key}', which kit.yml does not describe."
                self.report.problem(file, None, sentence)

    def _check_described(self, used: Mapping[str, int | None], file: str) -> None:
        for name, line in used.items():
            if name not in self.described:
                sentence = f"region '{name[:40]}' is used but not described in kit.yml."
                self.report.problem(file, line, sentence)

    def _check_regions(self, touches: tuple[Touch, ...]) -> None:
        used = {name for touch in touches for name in touch.regions}
        for region in self.manifest.regions:
            line = self.manifest.region_lines.get(region.name)
            if self.whole and region.name not in used:
                self._problem(line, f"The region '{region.name}' is described but used nowhere. Take it out.")
            for variant in region.variants:
                if variant.file and (
                    variant.file not in self.files or not variant.file.startswith("assets/")
                ):
                    self._problem(line, f"There is no file '{variant.file}'. Put it into assets/.")
                elif variant.file:
                    self.used[variant.file] = None

    def _check_names(self) -> None:
        described = {field.name for field in self.manifest.merge_fields}
        for name, path, line in self.report.uses:
            page = path.startswith("microsite/")
            if name in PERSONAL and page:
                sentence = f"'{name}' is not used on a page: a forwarded mail would name somebody else."
                self.report.problem(path, line, sentence)
            elif name in PERSONAL and name not in described:
                sentence = f"'{name}' has no fallback. Describe it under merge_fields in kit.yml."
                self.report.problem(path, line, sentence)
        for field in self.manifest.merge_fields:
            for language in self.manifest.languages:
                if language not in field.fallback:
                    self.missing[language].append(f"the fallback of {field.name}")

    def _check_consents(self) -> None:
        manifest = self.manifest
        shown = {key for page in self.pages.values() for key in page.form.consents}
        purposes = {text.purpose for text in manifest.consents if text.key in shown}
        agreed = manifest.lead_visibility is LeadVisibility.NAMED_WHERE_AGREED
        if self.pages and agreed and Purpose.SHARING not in purposes:
            sentence = "'named_where_agreed' needs a consent with purpose sharing on the form of the page."
            self._problem(manifest.lines.get("lead_visibility"), sentence)
        everywhere = {text.key for text in manifest.consents if text.country is None}
        for text in manifest.consents:
            if text.key not in everywhere:
                self._problem(
                    manifest.lines.get("consents"),
                    f"The consent '{text.key}' needs a wording without country too.",
                )
                everywhere.add(text.key)
            for language in manifest.languages:
                if language not in text.text:
                    self.missing[language].append(f"the consent text '{text.key}'")

    def _check_unused_files(self) -> None:
        for name in sorted(self.files):
            if self.whole and name not in self.used and name.startswith(("emails/", "microsite/", "assets/")):
                self.report.note(name, None, "Nothing uses this file. Take it out or name it in kit.yml.")

    def _check_languages(self) -> None:
        for language, missing in self.missing.items():
            for text, what in ((self.manifest.name, "the name"), (self.manifest.promise, "the promise")):
                if language not in text:
                    missing.append(what)
            if missing and language != self.default:
                rest = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
                self.report.note(
                    MANIFEST,
                    self.manifest.lines.get("languages"),
                    f"Language '{language}' is incomplete, so nobody can launch in it yet. "
                    f"Missing: {', '.join(missing[:4])}{rest}.",
                )

    def _problem(self, line: int | None, sentence: str) -> None:
        self.report.problem(MANIFEST, line, sentence)


def _lines_of(regions: Iterable[str], content: bytes) -> dict[str, int | None]:
    """The line in which a page names each region."""
    lines = content.decode("utf-8", "replace").splitlines()
    return {
        name: next((at for at, text in enumerate(lines, 1) if "region:" in text and name in text), None)
        for name in regions
    }
