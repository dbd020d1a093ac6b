"""Kits: what a vendor publishes, read from a folder of files.

Marks that the renderer of mails relies on (see docs/kit-format.md):

- an element with `css-class="platform-lockup"` (an `mj-section`, empty) is replaced by the two logos;
- an element with `css-class="platform-footer"` (an `mj-section`, empty) is replaced by reason, sender, postal address,
  imprint, unsubscribe and privacy;
- an element with `css-class="rg-<name>"` holds the region `<name>`; its content is the kit's default text.

Each mail has exactly one lock-up and one footer. Other classes may stand beside these in the same attribute.
"""

from collections.abc import Mapping
from pathlib import Path

from campaigns.errors import Problem
from campaigns.kit_model import (
    CompanySize,
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

__all__ = [
    "CompanySize",
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
    "read_folder",
]


def read(files: Mapping[str, bytes]) -> Kit:
    """The kit in these files, by path relative to its folder. Raises ContentError with every problem found."""
    raise NotImplementedError


def check(files: Mapping[str, bytes]) -> list[Problem]:
    """Every problem and note about these files, in reading order; an empty list means a complete kit."""
    raise NotImplementedError


def read_folder(path: Path) -> dict[str, bytes]:
    """The files under a folder, by relative path with "/". Raises ContentError for more than 50 MB or 500 files,
    unknown types, links, or names that are not plain."""
    raise NotImplementedError
