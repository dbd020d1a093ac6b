"""Who may be written to: the SQL and its explanation are one rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tcma.audiences import consents, eligible, suppression
from tcma.audiences.bases import BUSINESS_CONTACT_ALLOWED
from tcma.audiences.models import (
    Basis,
    Consent,
    Contact,
    ListMember,
    PartnerSuppression,
    PlatformSuppression,
    ProgrammeSuppression,
    SuppressionReason,
)
from tests.factories import NOW, a_partner, a_vendor
from tests.installation import Installation
from tests.tcma.audiences.factories import World, a_contact, a_world, hash_of

Reasons = st.frozensets(st.sampled_from(SuppressionReason), max_size=1)


@dataclass(frozen=True)
class Case:
    """One person's circumstances; `words` are consents in the order of their recording: (minutes, given)."""

    basis: Basis
    source: str
    country: str
    is_deleted: bool
    words: tuple[tuple[int, bool], ...]
    foreign_word: bool | None
    partner: frozenset[SuppressionReason]
    programme: frozenset[SuppressionReason]
    platform: frozenset[SuppressionReason]
    elsewhere: frozenset[SuppressionReason]


CASES = st.builds(
    Case,
    basis=st.sampled_from(Basis),
    source=st.sampled_from(["file", "by_hand", "form"]),
    country=st.sampled_from(["", "CH", "DE", *sorted(BUSINESS_CONTACT_ALLOWED)]),
    is_deleted=st.integers(0, 9).map(lambda number: number == 0),
    words=st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=3).map(tuple),
    foreign_word=st.none() | st.booleans(),
    partner=Reasons,
    programme=Reasons,
    platform=Reasons,
    elsewhere=Reasons,
)


def test_the_sql_and_the_explanation_agree(databases: Installation) -> None:
    world = a_world(databases)
    with databases.owner.transaction() as session:
        vendor, other_vendor, other_partner = a_vendor(session), a_vendor(session), a_partner(session)

    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],  # shrinking sixteen rows in two databases takes minutes
    )
    @given(st.lists(CASES, min_size=10, max_size=16))
    @example([_case(basis=basis) for basis in Basis])
    def agree(cases: list[Case]) -> None:
        with databases.owner.transaction() as session:
            _forget(session)
            made = [
                _make(session, world, number, case, (vendor.id, other_vendor.id, other_partner.id))
                for number, case in enumerate(cases)
            ]
        with databases.worker.reading() as session:
            for message_class in (eligible.MARKETING, eligible.SERVICE):
                for vendor_id in (vendor.id, None):
                    given_: dict[str, Any] = {"message_class": message_class, "vendor_id": vendor_id}
                    chosen = set(session.scalars(eligible.people(world.partner.id, world.list.id, **given_)))
                    explained = {
                        contact.id
                        for contact in made
                        if eligible.explain(session, contact.id, world.list.id, **given_) is None
                    }
                    assert chosen == explained

    agree()


def test_not_sure_means_no_mail_until_the_person_agrees(databases: Installation) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        contact = a_contact(session, world, "anna@x.example", Basis.NOT_SURE)
        assert "not sure" in str(eligible.explain(session, contact.id, world.list.id))
        _say(session, world, contact, True, "1", NOW)
        assert eligible.explain(session, contact.id, world.list.id) is None
        _say(session, world, contact, False, "2", NOW + timedelta(days=1))
        assert "took back" in str(eligible.explain(session, contact.id, world.list.id))


def test_a_business_contact_is_written_to_only_where_the_law_allows(databases: Installation) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        reached = {
            country: a_contact(session, world, f"p{country}@x.example", Basis.BUSINESS, country=country).id
            in session.scalars(eligible.people(world.partner.id, world.list.id)).all()
            for country in ("US", "GB", "DE", "CH", "AT", "CA", "")
        }
    assert {country for country, is_reached in reached.items() if is_reached} == {"US", "GB"}


def test_service_mail_passes_an_unsubscription_but_no_complaint_and_no_hard_bounce(
    databases: Installation,
) -> None:
    world = a_world(databases)
    reached = {}
    with databases.web.transaction(world.partner.id) as session:
        for reason in SuppressionReason:
            address = f"{reason.value}@x.example"
            a_contact(session, world, address)
            suppression.suppress(session, world.partner.id, hash_of(address), reason, NOW)
        for message_class in (eligible.MARKETING, eligible.SERVICE):
            chosen = eligible.people(world.partner.id, world.list.id, message_class=message_class)
            reached[message_class] = set(
                session.scalars(select(Contact.address).where(Contact.id.in_(chosen)))
            )
    assert reached == {
        "marketing": set(),
        "service": {"unsubscribed@x.example", "imported@x.example", "by_hand@x.example"},
    }


def test_who_answered_a_form_without_confirming_gets_no_marketing(database: Installation) -> None:
    world = a_world(database)
    with database.web.transaction(world.partner.id) as session:
        contact = a_contact(session, world, "anna@x.example", Basis.AGREED, source="form")
        assert "did not confirm" in str(eligible.explain(session, contact.id, world.list.id))
        assert eligible.explain(session, contact.id, world.list.id, message_class="service") is None


def test_the_class_may_come_from_a_column(databases: Installation) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        for name, source in (("anna", "marketing"), ("bob", "service")):
            a_contact(session, world, f"{name}@x.example", source=source)
            suppression.suppress(
                session, world.partner.id, hash_of(f"{name}@x.example"), SuppressionReason.UNSUBSCRIBED, NOW
            )
        stopped = session.scalars(
            select(Contact.address)
            .join(ListMember, ListMember.contact_id == Contact.id)
            .where(
                eligible.suppressed(
                    Contact,
                    ListMember.partner_id.expression,
                    None,
                    message_class=ListMember.source.expression,
                )
            )
        ).all()
    assert stopped == ["anna@x.example"]


def test_a_consent_told_twice_is_recorded_once_and_the_latest_decides(databases: Installation) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        contact = a_contact(session, world, "anna@x.example")
        assert _say(session, world, contact, True, "later", NOW + timedelta(hours=1))
        assert _say(session, world, contact, False, "earlier", NOW)
        assert not _say(session, world, contact, False, "later", NOW + timedelta(hours=2))
        last = consents.latest(
            session,
            partner_id=world.partner.id,
            address_hash=contact.address_hash,
            party_id=world.partner.id,
        )
        assert last is not None
        assert last.given


def _case(**changes: object) -> Case:
    nothing: frozenset[SuppressionReason] = frozenset()
    given: dict[str, object] = {
        "basis": Basis.CUSTOMER, "source": "file", "country": "CH", "is_deleted": False, "words": (),
        "foreign_word": None, "partner": nothing, "programme": nothing, "platform": nothing, "elsewhere": nothing,
    }  # fmt: skip
    return Case(**{**given, **changes})  # type: ignore[arg-type]


def _make(session: Session, world: World, number: int, case: Case, others: tuple[int, int, int]) -> Contact:
    vendor, other_vendor, other_partner = others
    address = f"p{number}@x.example"
    contact = a_contact(session, world, address, case.basis, source=case.source, country=case.country)
    for at, (minutes, is_given) in enumerate(case.words):
        _say(session, world, contact, is_given, f"{number}:{at}", NOW + timedelta(minutes=minutes))
    if case.foreign_word is not None:
        _say(
            session,
            world,
            contact,
            case.foreign_word,
            f"{number}:v",
            NOW + timedelta(days=9),
            party_id=vendor,
        )
    for reason in case.partner:
        suppression.suppress(session, world.partner.id, hash_of(address), reason, NOW)
    for reason in case.programme:
        suppression.suppress_for_programme(session, vendor, hash_of(address), reason, NOW)
    for reason in case.platform:
        suppression.suppress_everywhere(session, hash_of(address), reason, NOW)
    for reason in case.elsewhere:
        suppression.suppress(session, other_partner, hash_of(address), reason, NOW)
        suppression.suppress_for_programme(session, other_vendor, hash_of(address), reason, NOW)
    if case.is_deleted:
        contact.blank(NOW, contact.address_hash)
    return contact


def _say(
    session: Session,
    world: World,
    contact: Contact,
    is_given: bool,
    key: str,
    at: datetime,
    party_id: int | None = None,
) -> bool:
    return consents.record(
        session,
        partner_id=world.partner.id,
        address_hash=contact.address_hash,
        party_id=party_id or world.partner.id,
        purpose=consents.NEWS,
        given=is_given,
        wording_version="1",
        wording="News from Harbour IT",
        how="form_confirmed",
        natural_key=key,
        at=at,
    )


def _forget(session: Session) -> None:
    for model in (
        ListMember,
        Contact,
        Consent,
        PartnerSuppression,
        ProgrammeSuppression,
        PlatformSuppression,
    ):
        session.execute(delete(model))
