"""The words of what the partner's people do by hand: posts, ads, scripts, guides, blocks, events, trials.

They are read by the partner's own people, so no name of a person stands in them: where a caller says it, a gap
says what belongs there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from campaigns import sandbox
from campaigns.brand import Brand
from campaigns.channels import microsite_content as prose
from campaigns.kit.model import Kit
from campaigns.kit.names import WEBINAR


@dataclass(frozen=True, slots=True)
class Words:
    """What fills the texts of a kit's materials. `values` is keyed by dotted name (partner.name)."""

    values: Mapping[str, sandbox.Value]

    def plain(self, source: str) -> str:
        """A text with its names filled in; raises ContentError if it is outside the grammar."""
        return prose.plain(source, self.values)

    def rich(self, source: str) -> Markup:
        """Markdown as cleaned HTML; what is filled in counts as plain words."""
        return prose.rich(source, self.values)


def words(kit: Kit, locale: str, *, partner: Brand, vendor: Brand, campaign_name: str) -> Words:
    """The words of `kit` in `locale`, with a gap such as "[First name]" for what differs from person to person, and
    "…" for what is known once a webinar has its day."""
    gaps = {
        field.name: f"[{field.label.get(locale) or field.label[kit.default_language]}]"
        for field in kit.merge_fields
    }
    gaps |= dict.fromkeys(WEBINAR, "…")
    return Words(
        {**gaps, **partner.values("partner"), **vendor.values("vendor"), "campaign.name": campaign_name}
    )
