"""Kits: what a vendor publishes, read from a folder of files.

What the renderer of mails relies on (docs/kit-format.md has the same in full):

- `mj-title` and `mj-preview` never stand in a file: subject and preview line come from kit.yml and are put
  into the file's `mj-head` by the renderer.
- An empty `mj-section` with `css-class="platform-lockup"` is filled with the two logos, one with
  `css-class="platform-footer"` with reason, sender, postal address, imprint, unsubscribe and privacy. Their
  other attributes and classes stay as written. Each mail has exactly one of both. What is put in uses the
  classes `t` (text), `s` (small text) and `plate` (a logo that needs a white plate in dark mode).
- An element with `css-class="rg-<name>"` holds the region `<name>`; what stands in it is the kit's own text.
  A partner's text replaces the content of the innermost single HTML element (the h1 of a headline), so that
  style stays; an optional region that is off is removed whole; a picked picture replaces `src`.
- Pictures are `src="assets/<file>"`, always of this kit. Links are https, mailto, tel or a name such as
  `{{ link.microsite }}`.
- Files are well-formed XML in which names and `if` stand only in attribute values and inside mj-text,
  mj-button and mj-table, never between other mj elements.
"""

from collections.abc import Mapping

from campaigns.errors import ContentError, Problem, Severity
from campaigns.kit.archive import read_archive, read_source, write_archive
from campaigns.kit.files import read_folder, source_hash
from campaigns.kit.model import (
    FOR_SALES,
    CompanySize,
    Condition,
    ConditionKind,
    ConsentText,
    Engagement,
    ForWhom,
    FundingProposal,
    Kit,
    LeadVisibility,
    MergeField,
    Offer,
    Party,
    Purpose,
    Sale,
    Touch,
    TouchKind,
)
from campaigns.kit.names import NAMES, PERSONAL
from campaigns.kit.reading import read_kit

__all__ = [
    "FOR_SALES",
    "NAMES",
    "PERSONAL",
    "CompanySize",
    "Condition",
    "ConditionKind",
    "ConsentText",
    "Engagement",
    "ForWhom",
    "FundingProposal",
    "Kit",
    "LeadVisibility",
    "MergeField",
    "Offer",
    "Party",
    "Purpose",
    "Sale",
    "Touch",
    "TouchKind",
    "check",
    "read",
    "read_archive",
    "read_folder",
    "read_source",
    "source_hash",
    "write_archive",
]


def read(files: Mapping[str, bytes], *, was_taken_in: bool = False) -> Kit:
    """The kit in these files, by path relative to its folder. Raises ContentError with every problem
    found; of files that `was_taken_in` before, none by a rule that came later."""
    kit, problems = read_kit(files, was_taken_in=was_taken_in)
    if kit is None:
        raise ContentError(found for found in problems if found.severity is Severity.PROBLEM)
    return kit


def check(files: Mapping[str, bytes]) -> list[Problem]:
    """Every problem and note about these files, kit.yml first; an empty list means a complete kit."""
    return read_kit(files)[1]
