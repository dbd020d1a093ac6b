"""The brand as it is changed field by field: what is kept, what is refused, who answers first."""

import io
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from campaigns import colour
from tcma import storage
from tcma.audit.models import AuditEntry
from tcma.errors import Invalid, Refused
from tcma.organisations.models import Organisation, User
from tcma.partners import brands
from tcma.partners.models import BrandProfile
from tcma.storage.folder import FolderStorage
from tcma.viewer import Role, Viewer
from tests.factories import a_partner, a_viewer
from tests.installation import Installation


def _owner(database: Installation) -> Viewer:
    with database.owner.transaction() as session:
        return a_viewer(session, a_partner(session, "Harbour IT", slug="harbour-it"))


def test_lengths_are_those_of_the_columns_and_every_field_has_one() -> None:
    kept = {name: getattr(BrandProfile.__table__.c[name].type, "length", 0) for name in brands.LENGTHS}
    assert kept == brands.LENGTHS
    assert set(brands.LENGTHS) == {field.name for field in fields(brands.Profile)} - {"colour"}
    firm = {
        name: getattr(Organisation.__table__.c[name].type, "length", 0) for name in brands.ADDRESS_LENGTHS
    }
    assert firm == brands.ADDRESS_LENGTHS


def test_a_change_of_one_field_leaves_the_others_and_names_who_answers(databases: Installation) -> None:
    owner = _owner(databases)
    with databases.web.transaction(owner.organisation_id) as session:
        person = session.get_one(User, owner.user_id)
        changed = brands.change(session, owner, {"contact_phone": " +41 44  555 01 23 "})
        assert (changed.contact_name, changed.contact_email) == (person.name, person.email)
        assert changed.contact_phone == "+41 44 555 01 23" and changed.colour == brands.FIRST_COLOUR
        changed = brands.change(
            session, owner, {"imprint_url": "harbour-it.example/imprint", "colour": "F58220"}
        )
        assert changed.imprint_url == "https://harbour-it.example/imprint" and changed.colour == "#f58220"
        assert changed.contact_phone == "+41 44 555 01 23"


def test_beginning_again_replaces_nobody(database: Installation) -> None:
    owner = _owner(database)
    with database.web.transaction(owner.organisation_id) as session:
        brands.change(
            session, owner, {"contact_name": "Ursina Alpiger", "contact_email": "u@harbour-it.example"}
        )
        assert brands.begin(session, owner).contact_name == "Ursina Alpiger"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact_name": "M" * 121}, "contact_name"),
        ({"contact_title": "Sales\x00"}, "contact_title"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"website": "https://harbour it"}, "website"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_the_fields_own_name(
    database: Installation, changes: dict[str, str], field: str
) -> None:
    owner = _owner(database)
    with (
        pytest.raises(Invalid) as refused,
        database.web.transaction(owner.organisation_id) as session,
    ):
        brands.change(session, owner, changes)
    assert set(refused.value.fields) == {field}


def test_neither_the_logo_nor_a_sending_address_is_set_as_a_text(database: Installation) -> None:
    owner = _owner(database)
    for name in ("sender_email", "logo", "organisation_id", "invented"):
        with (
            pytest.raises(Invalid, match="could be set here"),
            database.web.transaction(owner.organisation_id) as session,
        ):
            brands.change(session, owner, {name: "x"})


def test_the_postal_address_is_the_firms_own(databases: Installation) -> None:
    owner = _owner(databases)
    with databases.web.transaction(owner.organisation_id) as session:
        brands.set_address(session, owner, {"street": "Quai  7", "city": "Zürich"})
        firm = brands.set_address(session, owner, {"legal_name": ""})
        assert (firm.street, firm.city, firm.legal_name) == ("Quai 7", "Zürich", "Harbour IT")
        assert brands.brand_of(session, owner.organisation_id).address_lines[0] == "Quai 7"
    for lines in ({"street": "x" * 161}, {"city": "a\x07b"}, {"country": "CH"}):
        with pytest.raises(Invalid), databases.web.transaction(owner.organisation_id) as session:
            brands.set_address(session, owner, lines)


def test_a_picture_goes_into_the_brand_and_out_again_and_each_is_written_down(
    databases: Installation, tmp_path: Path
) -> None:
    owner, files = _owner(databases), FolderStorage(tmp_path)
    out = io.BytesIO()
    Image.new("RGB", (90, 120)).save(out, "PNG")
    brands.set_picture(databases.web, owner, files, out.getvalue())
    with databases.web.transaction(owner.organisation_id) as session:
        portrait = brands.brand_of(session, owner.organisation_id).contact.picture
        assert portrait is not None
        content = brands.picture(files, owner.organisation_id, portrait.large.name)
        assert content == storage.fetch_public(files, portrait.large.name.partition(".")[0])
        for _ in range(2):
            assert brands.remove_picture(session, owner).contact_picture is None
    with databases.owner.reading() as session:
        recorded = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert recorded == ["brand.picture_changed", "brand.picture_removed"]


def test_sales_people_change_no_brand(database: Installation) -> None:
    sales = replace(_owner(database), roles=frozenset({Role.SALES}))
    with database.web.transaction(sales.organisation_id) as session:
        for deed in (
            lambda: brands.begin(session, sales),
            lambda: brands.change(session, sales, {"phone": "1"}),
            lambda: brands.set_address(session, sales, {"street": "1"}),
            lambda: brands.remove_picture(session, sales),
        ):
            with pytest.raises(Refused):
                deed()


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_has_a_word(value: int) -> None:
    assert colour.word(f"#{value:06x}") in {
        *("black", "grey", "white", "red", "orange", "brown", "yellow", "green"),
        *("teal", "blue", "purple", "pink"),
    }


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("#e30613", "red"),
        ("#f58220", "orange"),
        ("#ffcc00", "yellow"),
        ("#00aeef", "blue"),
        ("#8a8a8a", "grey"),
        ("#0a6570", "teal"),
        ("#14181d", "black"),
        ("#5b2d90", "purple"),
        ("#7a3d12", "brown"),
    ],
)
def test_a_colour_is_called_what_people_call_it(value: str, word: str) -> None:
    assert colour.word(value) == word
