"""Partnerships: inviting a firm, accepting, suspending, ending."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import addresses, clock
from tcma.audit import trail
from tcma.errors import Conflict, Invalid, phrase
from tcma.jobs.queue import Job, enqueue
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.organisations import invitations, team
from tcma.organisations import queries as organisations
from tcma.organisations import service as organisations_service
from tcma.organisations.firms import Firm
from tcma.organisations.models import Membership, Organisation, User
from tcma.organisations.recipients import people_with
from tcma.partners import queries
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import OrganisationKind, Role, Viewer

TIER_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation led to. `token` goes into the mail to the firm's first person; None for a firm whose
    own people are here and answer for themselves."""

    partnership: Partnership
    partner: Organisation
    token: str | None

    @property
    def joined(self) -> bool:
        """Whether the firm was here already."""
        return self.token is None


def invite(
    session: Session,
    viewer: Viewer,
    firm: Firm,
    email: str,
    *,
    tier: str = "",
    external_id: str | None = None,
) -> Invited:
    """A vendor invites a firm. One that is here under its web domain is joined, never made twice."""
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER)
    if viewer.user_id is None:
        raise Invalid("An invitation is sent by a person.")
    address = organisations.normalised(email)
    _check_mailbox(firm, address)
    partner = _here(session, firm) or organisations_service.create_organisation(
        session, OrganisationKind.PARTNER, firm
    )
    if partner.kind is not OrganisationKind.PARTNER:
        raise Conflict(
            phrase(
                "%(partner)s is here as a %(kind)s, so it cannot become a partner.",
                partner=partner.name,
                kind=partner.kind,
            )
        )
    before = queries.partnership_between(session, viewer.organisation_id, partner.id)
    if before is not None:
        raise Conflict(
            phrase(
                "%(partner)s and %(organisation)s have a partnership already; it is %(status)s.",
                partner=partner.name,
                organisation=viewer.organisation_name,
                status=before.status,
            )
        )
    partnership = Partnership(
        vendor_id=viewer.organisation_id,
        partner_id=partner.id,
        status=PartnershipStatus.INVITED,
        tier=_tier(tier),
        external_id=external_id,
        invited_by_id=viewer.user_id,
        invited_at=clock.now(session),
    )
    session.add(partnership)
    trail.record(session, viewer, "partnership.invited", partnership)
    token = None
    if organisations.has_members(session, partner.id):
        team.note_newcomer(session, viewer, partner, address)
        _tell_owners(session, viewer, partner, partnership)
    elif not invitations.owner_is_awaited(session, partner.id):
        _, token = invitations.issue(session, viewer, partner.id, address, Role.OWNER)
    return Invited(partnership, partner, token)


def _tell_owners(session: Session, viewer: Viewer, partner: Organisation, partnership: Partnership) -> None:
    """A firm that is here learns by mail that one more vendor asks for it."""
    session.flush()
    inviter = session.get_one(User, viewer.user_id)
    notices.tell(
        session,
        NoticeKind.VENDOR_INVITES,
        people_with(session, partner.id, Role.OWNER),
        f"partnership:{partnership.id}",
        {"vendor": viewer.organisation_name, "inviter": inviter.name},
        addresses.partner_settings(partner.slug),
    )


def _check_mailbox(firm: Firm, address: str) -> None:
    """A firm that is known by its web domain is handed to somebody with a mailbox there, to nobody else."""
    domain = firm.checked().domain
    host = address.rpartition("@")[2]
    if domain is not None and host != domain and not host.endswith(f".{domain}"):
        sentence = phrase(
            "The invitation goes to an address at %(domain)s, so that the firm cannot be taken by another.",
            domain=domain,
        )
        raise Invalid(sentence, {"email": phrase("Write an address at %(domain)s.", domain=domain)})


def accept(session: Session, viewer: Viewer, public_id: UUID) -> Partnership:
    """The partner takes up the invitation: the vendor's kits open to it."""
    viewer.require(OrganisationKind.PARTNER)
    partnership = queries.find_partnership(session, viewer, public_id, lock=True)
    if partnership.status is not PartnershipStatus.INVITED:
        raise Conflict(
            phrase("There is no open invitation: this partnership is %(status)s.", status=partnership.status)
        )
    partnership.activate(clock.now(session))
    trail.record(session, viewer, "partnership.accepted", partnership)
    return partnership


def suspend(session: Session, viewer: Viewer, public_id: UUID) -> Partnership:
    """Nothing new starts and nothing new is reserved; running messages finish, leads stay."""
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER)
    partnership = queries.find_partnership(session, viewer, public_id, lock=True)
    partnership.suspend()
    trail.record(session, viewer, "partnership.suspended", partnership)
    return partnership


def resume(session: Session, viewer: Viewer, public_id: UUID) -> Partnership:
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER)
    partnership = queries.find_partnership(session, viewer, public_id, lock=True)
    if partnership.status is not PartnershipStatus.SUSPENDED:
        raise Conflict(
            phrase(
                "Only a suspended partnership can be resumed; this one is %(status)s.",
                status=partnership.status,
            )
        )
    partnership.activate(clock.now(session))
    trail.record(session, viewer, "partnership.resumed", partnership)
    _recheck(session, partnership)
    return partnership


def end(session: Session, viewer: Viewer, public_id: UUID) -> Partnership:
    """Either side ends it. Leads and contacts stay with the partner, kits close to it; a job sees to the
    campaigns and to money that is set aside."""
    viewer.require(viewer.kind, Role.CHANNEL_MANAGER)
    partnership = queries.find_partnership(session, viewer, public_id, lock=True)
    partnership.end()
    trail.record(session, viewer, "partnership.ended", partnership)
    _recheck(session, partnership)
    return partnership


def set_terms(
    session: Session,
    viewer: Viewer,
    public_id: UUID,
    *,
    tier: str,
    marketing_ready_until_on: date | None = None,
    external_id: str | None = None,
) -> Partnership:
    """What the vendor says of a partner: its tier, until when it is ready to market, its own number."""
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER)
    partnership = queries.find_partnership(session, viewer, public_id, lock=True)
    partnership.tier = _tier(tier)
    partnership.marketing_ready_until_on = marketing_ready_until_on
    partnership.external_id = external_id
    trail.record(session, viewer, "partnership.changed", partnership)
    return partnership


def assign_account_manager(
    session: Session, viewer: Viewer, public_id: UUID, email: str | None
) -> Partnership:
    """Who at the vendor looks after the partner; None for nobody. Invalid for a person of another firm."""
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER)
    partnership = queries.find_partnership(session, viewer, public_id, lock=True)
    manager = None
    if email is not None:
        manager = organisations.find_user(session, email)
        member = session.scalar(
            select(Membership.id)
            .where(Membership.user_id == manager.id, Membership.organisation_id == viewer.organisation_id)
            .limit(1)
        )
        if member is None:
            raise Invalid(
                phrase(
                    "%(email)s does not belong to %(organisation)s.",
                    email=manager.email,
                    organisation=viewer.organisation_name,
                )
            )
    partnership.account_manager_id = manager.id if manager else None
    trail.record(session, viewer, "partnership.account_manager_set", partnership)
    return partnership


def _recheck(session: Session, partnership: Partnership) -> None:
    """Let the campaigns of the two look again at what they may do."""
    key = f"partnership:{partnership.id}:{partnership.status}:{clock.now(session).timestamp():.6f}"
    ids = {"vendor_id": partnership.vendor_id, "partner_id": partnership.partner_id}
    enqueue(session, Job.LAUNCHES_RECHECK_FUNDING, key, ids)


def _here(session: Session, firm: Firm) -> Organisation | None:
    return organisations.firm_at(session, firm.domain) if firm.domain else None


def _tier(tier: str) -> str:
    tidy = " ".join(tier.split()).lower()
    if len(tidy) > TIER_LENGTH:
        raise Invalid(phrase("The name of a tier has at most %(most)s characters.", most=TIER_LENGTH))
    return tidy
