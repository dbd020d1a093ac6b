"""Lists and contacts as a partner's people keep them."""

import io
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from campaigns import people
from tcma import clock
from tcma.audiences import contacts, eligible, figures, queries, service, suppression, terms, vendor_view
from tcma.audiences.details import Details
from tcma.audiences.models import (
    Basis,
    Contact,
    ContactList,
    ListMember,
    PartnerSuppression,
    SkippedRow,
    SuppressionReason,
)
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.organisations.models import TermsAcceptance
from tcma.viewer import Role, Viewer
from tests.factories import a_vendor, a_viewer
from tests.installation import Installation
from tests.tcma.audiences.factories import HASH_KEY, a_contact, a_file, a_world, hash_of, people_rows, read_in

ANNA = Details(address="Anna@Lindt.example.com", first_name="Anna", country="Schweiz", phone="044 555 01 23")


def test_terms_are_accepted_once_with_the_text_as_it_was_shown(databases: Installation) -> None:
    world = a_world(databases, accepted=False)
    with databases.web.transaction(world.partner.id) as session:
        first = terms.accept_processing_terms(session, world.viewer, terms.CURRENT)
        assert terms.accept_processing_terms(session, world.viewer, terms.CURRENT).id == first.id
        kept = session.scalars(select(TermsAcceptance)).one()
        assert (kept.text, kept.accepted_by_id) == (terms.TEXTS[terms.CURRENT], world.viewer.user_id)
        with pytest.raises(Invalid, match="now version"):
            terms.accept_processing_terms(session, world.viewer, "2019-01")


def test_terms_are_kept_in_the_language_they_were_read_in(database: Installation) -> None:
    world = a_world(database, accepted=False)
    with database.web.transaction(world.partner.id) as session:
        kept = terms.accept_processing_terms(session, world.viewer, terms.CURRENT, "de")

    assert kept.text.startswith(f"Verarbeitung Ihrer Kontakte, Version {terms.CURRENT}")
    assert terms.IN_GERMAN.keys() == terms.TEXTS.keys()
    assert kept.text.count("\n") == terms.TEXTS[terms.CURRENT].count("\n")  # as many numbers


def test_nobody_is_added_before_the_terms_are_accepted(database: Installation) -> None:
    world = a_world(database, accepted=False)
    with database.web.transaction(world.partner.id) as session, pytest.raises(Refused, match="terms"):
        service.add_contact(
            session, world.viewer, world.list.public_id, ANNA, basis=Basis.CUSTOMER, hash_key=HASH_KEY
        )


def test_a_person_is_added_changed_and_deleted(databases: Installation) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        added = service.add_contact(
            session, world.viewer, world.list.public_id, ANNA, basis=Basis.CUSTOMER, hash_key=HASH_KEY
        )
        assert (added.address, added.country, added.phone) == ("anna@lindt.example.com", "CH", "+41445550123")
        changed = service.change_contact(
            session, world.viewer, added.public_id, Details("anna.meier@lindt.example.com"), hash_key=HASH_KEY
        )
        assert (changed.id, changed.first_name) == (added.id, "")
        assert changed.address_hash == hash_of("anna.meier@lindt.example.com")
        service.delete_contact(session, world.viewer, added.public_id)
    with databases.owner.reading() as session:
        row = session.execute(select(Contact.__table__)).mappings().one()
        kept = {name: value for name, value in row.items() if isinstance(value, str) and value}
        assert set(kept) == {"address", "relation"}
        assert "@" not in kept["address"]
        assert row["address_hash"] != hash_of("anna.meier@lindt.example.com")
        assert session.scalar(select(func.count()).select_from(ListMember)) == 0


def test_a_deleted_person_is_not_found_and_not_mailed_and_added_again_is_somebody_new(
    databases: Installation,
) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        first = a_contact(session, world, "anna@lindt.example.com")
        service.delete_contact(session, world.viewer, first.public_id)
        with pytest.raises(NotFound):
            queries.find_contact(session, world.viewer, first.public_id)
        session.add(
            ListMember(
                list_id=world.list.id, contact_id=first.id, partner_id=world.partner.id,
                basis=Basis.CUSTOMER, added_at=first.created_at,
            )
        )  # fmt: skip
        session.flush()
        for message_class in ("marketing", "service"):
            chosen = eligible.people(world.partner.id, world.list.id, message_class=message_class)
            assert session.scalars(chosen).all() == []
        again = a_contact(session, world, "anna@lindt.example.com")
        assert again.id != first.id


def test_the_hash_of_a_deleted_person_stays_where_mail_has_gone_out(database: Installation) -> None:
    world = a_world(database)
    with database.web.transaction(world.partner.id) as session:
        contact = a_contact(session, world, "anna@lindt.example.com")
    path = str(database.owner.url.database)
    with (
        closing(sqlite3.connect(path)) as connection,
        connection,
    ):  # without foreign keys: one delivery will do
        connection.execute(
            "INSERT INTO deliveries (partner_id, campaign_id, touch_id, contact_id, occasion, artefact_id,"
            " message_class, status, reason, attempts) VALUES (?, 1, 1, ?, 0, 1, 'marketing', 'sent', '', 1)",
            (world.partner.id, contact.id),
        )
    with database.web.transaction(world.partner.id) as session:
        service.delete_contact(session, world.viewer, contact.public_id)
        assert session.scalars(select(Contact.address_hash)).one() == hash_of("anna@lindt.example.com")


def test_deleting_a_person_blanks_the_skipped_rows_that_name_them(databases: Installation) -> None:
    world = a_world(databases)
    read_in(world, a_file("Anna@x.example.com;Anna;;;;;", "ANNA@x.example.com;Anna;;;;;", "bob;;;;;;"))
    with databases.web.transaction(world.partner.id) as session:
        found = queries.find_contact_by_address(session, world.viewer, "anna@x.example.com")
        service.delete_contact(session, world.viewer, found.public_id)
        rows = session.scalars(select(SkippedRow).order_by(SkippedRow.number)).all()
        assert not any("anna" in (row.row_text + row.sentence).lower() for row in rows)
        assert "bob" in rows[1].row_text


def test_who_unsubscribed_is_neither_added_by_hand_nor_renamed_to(databases: Installation) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        assert suppression.suppress_by_hand(
            session, world.viewer, "Anna@Lindt.example.com", hash_key=HASH_KEY
        )
        assert not suppression.suppress_by_hand(
            session, world.viewer, "anna@lindt.example.com", hash_key=HASH_KEY
        )
        with pytest.raises(Conflict, match="unsubscribed"):
            service.add_contact(
                session, world.viewer, world.list.public_id, ANNA, basis=Basis.AGREED, hash_key=HASH_KEY
            )
        bob = a_contact(session, world, "bob@lindt.example.com")
        with pytest.raises(Conflict, match="unsubscribed"):
            service.change_contact(session, world.viewer, bob.public_id, ANNA, hash_key=HASH_KEY)
        suppression.suppress_by_hand(session, world.viewer, "bob@lindt.example.com", hash_key=HASH_KEY)
        with pytest.raises(Conflict, match="only be deleted"):
            service.change_contact(
                session, world.viewer, bob.public_id, Details("robert@lindt.example.com"), hash_key=HASH_KEY
            )


def test_a_doubtful_address_is_asked_about_only_when_it_is_new(database: Installation) -> None:
    world = a_world(database)
    with database.web.transaction(world.partner.id) as session:
        anna = a_contact(session, world, "Anna@gmail.con")
        given = (session, world.viewer, anna.public_id)
        changed = service.change_contact(*given, Details("anna@gmail.con", "Anna"), hash_key=HASH_KEY)
        assert changed.first_name == "Anna"
        with pytest.raises(Invalid, match="did you mean gmail"):
            service.change_contact(*given, Details("anna.meier@gmail.con"), hash_key=HASH_KEY)


def test_a_stop_by_hand_is_undone_only_at_once_by_who_did_it_and_while_nobody_asked_again(
    databases: Installation,
) -> None:
    world = a_world(databases)
    with databases.owner.transaction() as session:
        colleague = a_viewer(session, world.partner, Role.SALES)

    def stop(session: Session, viewer: Viewer, address: str) -> bool:
        return suppression.suppress_by_hand(session, viewer, address, hash_key=HASH_KEY)

    def undo(session: Session, viewer: Viewer, address: str) -> None:
        suppression.take_back_by_hand(session, viewer, address, hash_key=HASH_KEY)

    with databases.web.transaction(world.partner.id) as session:
        for address in ("anna@x.example", "bob@x.example", "cem@x.example"):
            assert stop(session, world.viewer, address)
        with pytest.raises(Refused, match="Only the person who did this"):
            undo(session, colleague, "anna@x.example")
        assert not stop(session, colleague, "bob@x.example")
        for viewer in (world.viewer, colleague):
            with pytest.raises(Refused):
                undo(session, viewer, "bob@x.example")
    with databases.owner.transaction() as session:
        clock.advance(session, timedelta(seconds=14))
    with databases.web.transaction(world.partner.id) as session:
        undo(session, world.viewer, "anna@x.example")
        assert stop(session, colleague, "anna@x.example")
        undo(session, colleague, "anna@x.example")
    with databases.owner.transaction() as session:
        clock.advance(session, timedelta(seconds=3))
    with databases.web.transaction(world.partner.id) as session:
        with pytest.raises(NotFound):
            undo(session, world.viewer, "cem@x.example")
        assert suppression.counts_for(session, world.viewer) == {SuppressionReason.BY_HAND: 2}


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Details("anna"), "address"),
        (Details("anna@yahoo.con"), "address"),
        (Details("a@x.example.com", first_name="x" * 81), "first_name"),
        (Details("a@x.example.com", company="a\x00b"), "company"),
        (Details("a@x.example.com", country="Narnia"), "country"),
        (Details("a@x.example.com", language="Klingonish"), "language"),
        (Details("a@x.example.com", relation="friend"), "relation"),
    ],
)
def test_what_cannot_be_used_is_told_by_field(details: Details, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        details.checked("CH")
    assert set(refusal.value.fields) == {field}


def test_a_registrant_becomes_a_contact_once_and_keeps_the_own_word(databases: Installation) -> None:
    world = a_world(databases)
    anna = people.Person("anna@x.example.com", "Anna@x.example.com", first_name="Anna")
    with databases.web.transaction(world.partner.id) as session:
        first = contacts.ensure(session, world.partner.id, anna, Basis.AGREED, "form", HASH_KEY)
        again = contacts.ensure(session, world.partner.id, anna, Basis.AGREED, "form", HASH_KEY)
        assert first.id == again.id
        answered = queries.find_list_named(session, world.viewer, contacts.ANSWERED)
        service.add_contact(
            session, world.viewer, answered.public_id, Details("anna@x.example.com"),
            basis=Basis.CUSTOMER, hash_key=HASH_KEY,
        )  # fmt: skip
        service.change_basis(session, world.viewer, answered.public_id, Basis.BUSINESS)
        assert session.execute(select(ListMember.basis, ListMember.source)).all() == [(Basis.AGREED, "form")]


def test_a_list_has_a_name_of_its_own(databases: Installation) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        with pytest.raises(Conflict, match="already"):
            service.make_list(session, world.viewer, " Customers ")
        other = service.make_list(session, world.viewer, "Prospects")
        with pytest.raises(Conflict, match="already"):
            service.rename_list(session, world.viewer, other.public_id, "Customers")
        with pytest.raises(Invalid):
            service.make_list(session, world.viewer, "")


def test_people_are_paged_by_address_and_found_by_how_they_begin(databases: Installation) -> None:
    world = a_world(databases)
    read_in(
        world,
        a_file(
            *(f"p{n:03}@x.example.com;First{n};Öztürk;Lindt;;;" for n in range(120)),
            "100%@x.example.com;;;;;;",
        ),
    )
    seen: list[str] = []
    after = None
    with databases.web.reading(world.partner.id) as session:
        while True:
            page = queries.contacts_of(session, world.viewer, world.list.public_id, after=after, limit=50)
            seen += [line.contact.address for line in page.lines]
            after = page.next_after
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 121

        def found(prefix: str) -> int:
            return len(
                queries.contacts_of(
                    session, world.viewer, world.list.public_id, prefix=prefix, limit=500
                ).lines
            )

        assert [found(it) for it in ("P00", "lindt", "öztürk", "first11", "%", "100%", "nobody")] == [
            10, 120, 120, 11, 0, 1, 0,
        ]  # fmt: skip


def test_a_list_shows_its_people_and_how_many_can_be_reached(databases: Installation) -> None:
    world = a_world(databases)
    read_in(world, a_file(*people_rows(range(8))))
    with databases.web.transaction(world.partner.id) as session:
        service.make_list(session, world.viewer, "Empty")
        suppression.suppress_by_hand(
            session, world.viewer, "anna3.meier@firm3.example.com", hash_key=HASH_KEY
        )
        found = figures.lists_for(session, world.viewer)
    assert [(item.list.name, item.people_count, item.reachable_count) for item in found] == [
        ("Customers", 8, 7),
        ("Empty", 0, 0),
    ]


def test_the_list_of_another_tool_is_suppressed_by_hash_alone(databases: Installation) -> None:
    world = a_world(databases)
    rows = [f"p{n}@x.example.com" for n in range(2_100)]
    file = io.BytesIO("\n".join(["E-mail", *rows, "P0@x.example.com", "nobody"]).encode())
    first = suppression.import_suppressions(databases.web, world.viewer, file, hash_key=HASH_KEY)
    again = suppression.import_suppressions(databases.web, world.viewer, file, hash_key=HASH_KEY)
    assert (first.added, first.known, first.unusable) == (2_100, 0, 1)
    assert (again.added, again.known) == (0, 2_100)
    with databases.web.reading(world.partner.id) as session:
        assert session.scalar(select(func.count()).select_from(PartnerSuppression)) == 2_100
        assert session.scalar(select(func.count()).select_from(Contact)) == 0
    assert read_in(world, a_file("P7@x.example.com;;;;;;", "new@x.example.com;;;;;;")).ready == 1


def test_a_vendor_sees_counts_from_five_on_and_none_that_can_be_subtracted() -> None:
    assert vendor_view.shown({"a": 2, "b": 2}).people is None
    assert vendor_view.shown({"a": 100, "b": 7}).bands == {"a": 100, "b": 7}
    assert vendor_view.shown({"a": 100, "b": 7, "c": 3}).bands == {"a": 100, "b": None, "c": None}
    assert vendor_view.shown({"a": 100, "b": 3, "c": 4}).bands == {"a": 100, "b": None, "c": None}
    assert vendor_view.shown({"a": 100, "b": 6, "c": 1, "d": 2}).bands == {
        "a": 100,
        "b": None,
        "c": None,
        "d": None,
    }


def test_the_partner_is_shown_what_the_vendor_would_see(databases: Installation) -> None:
    world = a_world(databases)
    read_in(
        world,
        a_file(*(f"p{n}@x.example.com;;;;{size};;" for n, size in enumerate([50] * 6 + ["101-500"] * 5))),
    )
    with databases.web.reading(world.partner.id) as session:
        counts = vendor_view.counts_for(session, world.viewer, world.list.public_id)
    assert (counts.people, counts.bands) == (11, {"1–100": 6, "101–500": 5})


def test_nobody_else_sees_a_partner_s_people(databases: Installation) -> None:
    world, other = a_world(databases), a_world(databases)
    read_in(world, a_file(*people_rows(range(6))))
    with databases.owner.transaction() as session:
        vendor = a_vendor(session)
        vendor_viewer = a_viewer(session, vendor)
    with databases.web.reading(world.partner.id) as session:
        own = session.scalars(select(Contact.public_id)).first()
        assert own is not None
    for viewer in (other.viewer, vendor_viewer):
        with databases.web.transaction(viewer.organisation_id) as session:
            for model in (Contact, ListMember, SkippedRow, PartnerSuppression):
                assert session.scalars(select(model)).all() == []
            assert session.scalars(eligible.people(world.partner.id, world.list.id)).all() == []
            assert [item.people_count for item in figures.lists_for(session, viewer)] in ([0], [])
            for refused in (
                lambda: queries.contacts_of(session, viewer, world.list.public_id),  # noqa: B023
                lambda: queries.find_contact(session, viewer, own),  # noqa: B023
                lambda: vendor_view.counts_for(session, viewer, world.list.public_id),  # noqa: B023
            ):
                with pytest.raises(NotFound):
                    refused()
            with pytest.raises((NotFound, Refused)):
                service.delete_contact(session, viewer, own)


@pytest.mark.postgresql
def test_the_database_itself_hides_a_partner_s_people(postgresql: Installation) -> None:
    databases = postgresql
    world, other = a_world(databases), a_world(databases)
    read_in(world, a_file(*people_rows(range(6))))
    with databases.web.reading(other.partner.id) as session:
        for name in ("contacts", "list_members", "contact_imports", "skipped_rows"):
            assert session.connection().execute(text(f"SELECT count(*) FROM {name}")).scalar() == 0


def test_only_marketers_delete_and_every_deed_is_on_record(database: Installation) -> None:
    world = a_world(database)
    with database.owner.transaction() as session:
        sales = a_viewer(session, world.partner, Role.SALES)
    with database.web.transaction(world.partner.id) as session:
        contact = a_contact(session, world, "anna@x.example.com")
        with pytest.raises(Refused):
            service.delete_contact(session, sales, contact.public_id)
        service.remove_from_list(session, world.viewer, world.list.public_id, contact.public_id)
        actions = session.execute(text("SELECT action FROM audit_entries ORDER BY id")).scalars().all()
        assert actions == ["processing_terms.accepted", "contact_list.made", "contact.removed_from_list"]
        assert session.scalar(select(func.count()).select_from(ContactList)) == 1


def test_a_stranger_who_types_a_known_address_changes_nothing_the_partner_knows(
    databases: Installation,
) -> None:
    world = a_world(databases)
    known = people.Person(
        address="anna@lindt.example.com",
        address_typed="Anna@Lindt.example.com",
        first_name="Anna",
        phone="044",
    )
    typed = known._replace(
        first_name="Mallory", last_name="Frei", phone="999", address_typed="ANNA@lindt.example.com"
    )
    with databases.web.transaction(world.partner.id) as session:
        contacts.ensure(
            session, world.partner.id, known, Basis.CUSTOMER, "by_hand", HASH_KEY, list_id=world.list.id
        )
        after = contacts.ensure(session, world.partner.id, typed, Basis.NOT_SURE, "form", HASH_KEY)

    assert (after.first_name, after.last_name, after.phone) == ("Anna", "Frei", "044")
    assert after.address_typed == "Anna@Lindt.example.com"
