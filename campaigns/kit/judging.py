"""What only shows once every file of a kit was read: whether names, regions, texts and languages fit together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from campaigns.kit.fields import Report
from campaigns.kit.manifest import Manifest
from campaigns.kit.materials import Ad, Block, LinkTarget, Material, SocialPosts
from campaigns.kit.microsite import Form
from campaigns.kit.model import LeadVisibility, Purpose, Touch, TouchKind
from campaigns.kit.names import IN_SERVICE_MAILS, PERSONAL, WEBINAR, WEBINAR_LINKS
from campaigns.kit.webinar import Host, Webinar

MANIFEST = "kit.yml"
FOR_PEOPLE = frozenset({"README.md", "LICENSE", "LICENSE.txt"})

_WITHOUT_LINKS = ("social/", "ads/", "blocks/", "calls/", "guides/", "events/", "trial.", "briefing.")
_TO_ANYBODY = ("social/", "ads/", "blocks/", "guides/", "events/", "trial.", "briefing.")
_PAGES = ("microsite/", "webinar")


@dataclass(slots=True)
class Collected:
    """What was met while reading. `missing` is what a language lacks, in words; `whole` tells that no file broke
    off, so what nothing uses can be told; `block_regions` hold no text of their own; `forms` are by file,
    `names_of_mails` by key of the touch."""

    missing: dict[str, list[str]]
    used: set[str] = field(default_factory=lambda: {MANIFEST, *FOR_PEOPLE})
    block_regions: set[str] = field(default_factory=set)
    forms: dict[str, Form] = field(default_factory=dict)
    names_of_mails: dict[str, frozenset[str]] = field(default_factory=dict)
    whole: bool = True


def judge(
    manifest: Manifest,
    files: Mapping[str, bytes],
    found: Collected,
    touches: tuple[Touch, ...],
    materials: Mapping[str, Mapping[str, Material]],
    report: Report,
) -> None:
    """Every check of the whole, in the order in which kit.yml is written."""
    _Judge(manifest, files, found, touches, materials, report).all()


def judge_anew(
    manifest: Manifest,
    touches: tuple[Touch, ...],
    materials: Mapping[str, Mapping[str, Material]],
    report: Report,
) -> None:
    """Rules that are younger than kits partners run already; those stay as they were published. So far one: who
    gets the list of a webinar is what the kit says the vendor sees, because partners read it before launch."""
    if manifest.lead_visibility is LeadVisibility.NAMED_BY_NOTICE:
        return
    for touch in touches:
        read = materials.get(touch.key, {}).values()
        if any(isinstance(one, Webinar) and one.host is Host.JOINT for one in read):
            sentence = (
                f"'{touch.key}' is joint, so both firms get the list: that needs lead_visibility:"
                " named_by_notice. Otherwise the host is the partner."
            )
            report.problem(MANIFEST, manifest.lines.get("lead_visibility"), sentence)


@dataclass(frozen=True, slots=True)
class _Judge:
    manifest: Manifest
    files: Mapping[str, bytes]
    found: Collected
    touches: tuple[Touch, ...]
    materials: Mapping[str, Mapping[str, Material]]
    report: Report

    def all(self) -> None:
        self._forms()
        self._regions()
        self._names()
        self._links()
        self._consents()
        self._unused_files()
        self._languages()

    def _forms(self) -> None:
        purposes = {text.key: text.purpose for text in self.manifest.consents}
        for file, form in self.found.forms.items():
            if form.information and purposes.get(form.information) is not Purpose.INFORMATION:
                sentence = f"The form shows '{form.information}', which is no information text of kit.yml."
                self.report.problem(file, None, sentence)
            for key in form.consents:
                if purposes.get(key) in (None, Purpose.INFORMATION):
                    sentence = f"The form asks for the consent '{key}', which kit.yml does not describe."
                    self.report.problem(file, None, sentence)

    def _regions(self) -> None:
        used = {name for touch in self.touches for name in touch.regions}
        for region in self.manifest.regions:
            line = self.manifest.region_lines.get(region.name)
            if self.found.whole and region.name not in used:
                self._problem(line, f"The region '{region.name}' is described but used nowhere. Take it out.")
            for variant in region.variants:
                if variant.file and (
                    variant.file not in self.files or not variant.file.startswith("assets/")
                ):
                    self._problem(line, f"There is no file '{variant.file}'. Put it into assets/.")
                elif variant.file:
                    self.found.used.add(variant.file)
            if region.by_country and region.name in self.found.block_regions:
                sentence = (
                    f"The region '{region.name}' is a whole block of the page; texts by country need a text."
                )
                self._problem(line, sentence)
            for country, texts in region.by_country.items():
                if self.manifest.countries and country not in self.manifest.countries:
                    self._problem(line, f"'{country}' is not among the countries of this kit.")
                for language in self.manifest.languages:
                    if language not in texts:
                        self.found.missing[language].append(f"the text of '{region.name}' for {country}")

    def _names(self) -> None:
        described = {field.name for field in self.manifest.merge_fields}
        has_webinar = any(touch.kind is TouchKind.WEBINAR for touch in self.touches)
        for name, path, line in self.report.uses:
            if refusal := _refused_name(name, path, has_webinar):
                self.report.problem(path, line, refusal)
            elif name in PERSONAL and name not in described:
                sentence = f"'{name}' has no fallback. Describe it under merge_fields in kit.yml."
                self.report.problem(path, line, sentence)
        for merge_field in self.manifest.merge_fields:
            for language in self.manifest.languages:
                if language not in merge_field.fallback:
                    self.found.missing[language].append(f"the fallback of {merge_field.name}")

    def _links(self) -> None:
        """What a post or an ad leads to is there."""
        kinds = {touch.kind.value for touch in self.touches}
        for touch, entry in zip(self.touches, self.manifest.entries, strict=True):
            for target in _targets(self.materials.get(touch.key, {})):
                if target.value not in kinds:
                    what = "page" if target is LinkTarget.MICROSITE else "webinar"
                    sentence = f"'{touch.key}' leads to a {what}, and this kit has none."
                    self._problem(entry.line, sentence)

    def _consents(self) -> None:
        manifest = self.manifest
        shown = {key for form in self.found.forms.values() for key in form.consents}
        purposes = {text.purpose for text in manifest.consents if text.key in shown}
        agreed = manifest.lead_visibility is LeadVisibility.NAMED_WHERE_AGREED
        if self.found.forms and agreed and Purpose.SHARING not in purposes:
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
                    self.found.missing[language].append(f"the consent text '{text.key}'")

    def _unused_files(self) -> None:
        for name in sorted(self.files) if self.found.whole else ():
            if name not in self.found.used:
                self.report.note(name, None, "Nothing uses this file. Take it out or name it in kit.yml.")

    def _languages(self) -> None:
        manifest = self.manifest
        for language, missing in self.found.missing.items():
            for text, what in ((manifest.name, "the name"), (manifest.promise, "the promise")):
                if language not in text:
                    missing.append(what)
            if missing and language != manifest.languages[0]:
                rest = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
                self.report.note(
                    MANIFEST,
                    manifest.lines.get("languages"),
                    f"Language '{language}' is incomplete, so nobody can launch in it yet. "
                    f"Missing: {', '.join(missing[:4])}{rest}.",
                )

    def _problem(self, line: int | None, sentence: str) -> None:
        self.report.problem(MANIFEST, line, sentence)


def _refused_name(name: str, path: str, has_webinar: bool) -> str | None:
    """Why a name that exists may not stand in this file, as a sentence."""
    if name in PERSONAL and path.startswith(_PAGES):
        return f"'{name}' is not used on a page: a forwarded mail would name somebody else."
    if name in PERSONAL and path.startswith(_TO_ANYBODY):
        return f"'{name}' is not used here: everybody reads the same text."
    if name.startswith("link.") and path.startswith(_WITHOUT_LINKS):
        return f"'{name}' is not used here: the product puts the link in. Say where with 'link'."
    if name in IN_SERVICE_MAILS and not path.startswith("webinar"):
        return f"'{name}' stands in the mails of webinar.yml only."
    if name in WEBINAR | WEBINAR_LINKS and path.startswith("microsite/"):
        return f"'{name}' is not used on this page. It stands in mails and in webinar.yml."
    if name in WEBINAR | WEBINAR_LINKS and not has_webinar:
        return f"'{name}' says something of a webinar, and this kit has none."
    return None


def _targets(by_language: Mapping[str, Material]) -> Iterator[LinkTarget]:
    seen = {part.link for part in by_language.values() if isinstance(part, SocialPosts | Ad | Block)}
    yield from sorted(seen)
