"""A partner's people: lists of any size, as files bring them, with all that a count has to look at."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tcma.addresses import person_key
from tcma.audiences import consents
from tcma.audiences.models import (
    Basis,
    Consent,
    Contact,
    ContactList,
    ListMember,
    PartnerSuppression,
    SuppressionReason,
)
from tcma.bench.reference.rows import Rows
from tcma.columns import new_public_id

EVERYBODY = "Everybody"
LARGEST = "Everybody we ever met"
DAY = timedelta(days=1)
FIRST = "Anna Bruno Carla David Elif Fabian Greta Hugo Irina Jonas".split()
LAST = "Meier Graf Rossi Weber Kaya Lang Sommer Petit Novak Berg".split()
COUNTRIES = ["CH"] * 6 + ["DE"] * 2 + ["AT", ""]
SIZES = [(1, 9), (10, 49), (50, 99), (100, 499), (500, 2_000), (3_000, 9_000), (None, None)]
BASES = [Basis.CUSTOMER] * 6 + [Basis.AGREED] * 2 + [Basis.BUSINESS, Basis.NOT_SURE]


@dataclass(frozen=True, slots=True)
class Place:
    """The partner whose rows are written, and what they are modelled on."""

    partner_id: int
    launched: dict[str, Any]  # the row of a campaign that was really launched
    now: datetime
    chance: random.Random


def write(rows: Rows, place: Place, name: str, count: int, hash_key: bytes) -> list[int]:
    """`count` more people on the list of this name; their ids. One in forty stopped mail, one in thirty said yes
    or no in a form."""
    here = (ContactList.partner_id == place.partner_id, ContactList.name == name)
    if not rows.find_all(ContactList, *here):
        rows.add(ContactList, partner_id=place.partner_id, name=name, created_at=place.now)
    list_id = rows.find(ContactList, *here)["id"]
    there = rows.count(Contact, Contact.partner_id == place.partner_id)
    people = [_person(place, number, hash_key) for number in range(there, there + count)]
    made = rows.add_all(Contact, people)
    rows.pour(ListMember, (_member(place, list_id, contact) for contact in made))
    rows.pour(PartnerSuppression, (_stop(place, person) for person in people[::40]))
    rows.pour(Consent, (_word(place, person, at) for at, person in enumerate(people[::30])))
    return made


def _person(place: Place, number: int, hash_key: bytes) -> dict[str, Any]:
    address = f"reader{number}.{place.partner_id}@many.example"
    fewest, most = place.chance.choice(SIZES)
    return {
        "public_id": new_public_id(),
        "partner_id": place.partner_id,
        "address": address,
        "address_typed": address,
        "address_hash": person_key(hash_key, address),
        "first_name": place.chance.choice(FIRST) if number % 12 else "",
        "last_name": place.chance.choice(LAST),
        "company": f"Firm {number % 900}",
        "country": place.chance.choice(COUNTRIES),
        "employees": "" if fewest is None else f"{fewest}-{most}",
        "employees_min": fewest,
        "employees_max": most,
        "created_at": place.now,
        "updated_at": place.now,
    }


def _member(place: Place, list_id: int, contact: int) -> dict[str, Any]:
    return {
        "list_id": list_id,
        "contact_id": contact,
        "partner_id": place.partner_id,
        "basis": place.chance.choice(BASES),
        "source": "file",
        "added_at": place.now - place.chance.randrange(400) * DAY,
    }


def _stop(place: Place, person: dict[str, Any]) -> dict[str, Any]:
    return {
        "partner_id": place.partner_id,
        "address_hash": person["address_hash"],
        "reason": place.chance.choice((SuppressionReason.UNSUBSCRIBED, SuppressionReason.BOUNCED)),
        "at": place.now - place.chance.randrange(300) * DAY,
    }


def _word(place: Place, person: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "partner_id": place.partner_id,
        "address_hash": person["address_hash"],
        "party_id": place.partner_id,
        "purpose": consents.NEWS,
        "channel": consents.EMAIL,
        "given": number % 3 > 0,
        "wording_version": "1",
        "wording": "I want to get news by e-mail.",
        "how": "form_confirmed",
        "natural_key": f"grown:{person['address']}",
        "at": place.now - place.chance.randrange(300) * DAY,
    }
