"""Makers of lists, contacts and contact files."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from campaigns import people
from tcma.addresses import person_key
from tcma.audiences import contacts, imports, service, terms
from tcma.audiences.imports import ImportReceipt
from tcma.audiences.models import Basis, Contact, ContactList
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer
from tests.factories import a_partner, a_viewer
from tests.installation import Installation

HASH_KEY = b"k" * 32
HEADING = "E-mail;First name;Last name;Company;Employees;Country;Customer"


@dataclass(frozen=True)
class World:
    """A partner that has accepted the processing terms, with an owner and an empty list."""

    installation: Installation
    partner: Organisation
    viewer: Viewer
    list: ContactList


def a_world(installation: Installation, *, accepted: bool = True) -> World:
    with installation.owner.transaction() as session:
        partner = a_partner(session)
        viewer = a_viewer(session, partner)
    with installation.web.transaction(partner.id) as session:
        if accepted:
            terms.accept_processing_terms(session, viewer, terms.CURRENT)
        customers = service.make_list(session, viewer, "Customers")
    return World(installation, partner, viewer, customers)


def a_contact(
    session: Session, world: World, address: str, basis: Basis = Basis.CUSTOMER, **values: Any
) -> Contact:
    source = values.pop("source", "file")
    person = people.Person(address=address.lower(), address_typed=address, **values)
    return contacts.ensure(session, world.partner.id, person, basis, source, HASH_KEY, list_id=world.list.id)


def a_file(*rows: str, heading: str = HEADING) -> io.BytesIO:
    return io.BytesIO("\n".join((heading, *rows, "")).encode())


def people_rows(numbers: Iterable[int]) -> list[str]:
    return [
        f"Anna{n}.Meier@firm{n % 997}.example.com;Anna{n};Meier;Firm {n % 997} AG;{n % 900 + 1};CH;yes"
        for n in numbers
    ]


def read_in(world: World, file: BinaryIO, **given: Any) -> ImportReceipt:
    wanted: dict[str, Any] = {
        "file_name": "customers.csv",
        "basis": Basis.CUSTOMER,
        "hash_key": HASH_KEY,
        **given,
    }
    list_id = wanted.pop("list_id", world.list.public_id)
    return imports.run(world.installation.web, world.viewer, list_id, file, **wanted)


def hash_of(address: str) -> bytes:
    return person_key(HASH_KEY, address)
