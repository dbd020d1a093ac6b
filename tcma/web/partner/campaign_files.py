"""The charts of a campaign as files."""

from uuid import UUID

from flask import Blueprint, Response

from tcma.language import gettext as _
from tcma.launches import queries, results
from tcma.launches.models import Campaign
from tcma.launches.queries import TouchFigures
from tcma.launches.recipients import Where
from tcma.leads import by_campaign
from tcma.viewer import OrganisationKind
from tcma.web import lists
from tcma.web.guards import Access, guard
from tcma.web.partner import campaign_words as words
from tcma.web.partner.campaigns import funnel_steps, with_shares
from tcma.web.unit import reading, viewer

bp = Blueprint("partner_campaign_files", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>")


@bp.get("/funnel.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def funnel(campaign: UUID) -> Response:
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        reached = results.reached(session, found)
        course = by_campaign.course_of(session, viewer(), found)
        answered = by_campaign.people_who_answered(session, viewer(), found)
    steps = with_shares(funnel_steps(found, reached, answered, course), reached.people)
    header = [_("Step"), _("Count"), _("Share of the step before")]
    rows = [(label, value, share) for label, value, share, _href in steps]
    return lists.csv_answer(f"{found.slug}-funnel", header, rows)


@bp.get("/messages.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def messages(campaign: UUID) -> Response:
    """Where the people of each message are; the five add up to them."""
    found, mails = _mails(campaign)
    header = [_("Message"), _("State"), _("People"), *(_(words.PARTS[part]) for part in Where), _("Clicked")]
    rows = [
        (
            mail.name,
            _(words.TOUCHES[mail.status]),
            mail.people,
            *(getattr(mail, part.value) for part in Where),
            mail.clicked,
        )
        for mail in mails
    ]
    return lists.csv_answer(f"{found.slug}-messages", header, rows)


@bp.get("/by-message.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def by_message(campaign: UUID) -> Response:
    found, mails = _mails(campaign)
    header = [_("Message"), _("Sent"), _("Clicked"), _("Clicks per 100 people")]
    rows = [
        (one.figures.name, one.figures.sent, one.figures.clicked, _tenths(one.per_hundred))
        for one in results.by_message(mails)
    ]
    return lists.csv_answer(f"{found.slug}-by-message", header, rows)


def _mails(campaign: UUID) -> tuple[Campaign, list[TouchFigures]]:
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        return found, queries.figures(session, found)


def _tenths(value: int) -> str:
    """With a point in every language: a file is for programs."""
    return f"{value // 10}.{value % 10}"
