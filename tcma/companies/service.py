"""A company found in an owner's book, or entered there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.people.meanings import employees as read_employees
from tcma import clock
from tcma.addresses import company_key
from tcma.columns import new_public_id
from tcma.companies.models import Company
from tcma.companies.names import business_domain, plain_name
from tcma.db import insert_into


def ensure(
    session: Session, organisation_id: int, *, name: str, address: str, employees: str, hash_key: bytes
) -> Company:
    """The company of a person who wrote `name` (or nothing) and has this normalised mail address.

    A business domain decides; behind a free-mail address the name does, and without a name the person stands
    alone. Two calls at once make one row.
    """
    domain = business_domain(address)
    plain = plain_name(name)
    name_key = company_key(hash_key, f"name:{plain}" if plain else f"nameless:{domain or address}")
    if domain is None:
        known = session.scalar(
            select(Company)
            .where(Company.organisation_id == organisation_id, Company.name_key == name_key)
            .order_by(Company.id)
            .limit(1)
        )
        if known is not None:
            return known
    # Without a domain of its own the name stands in, so that the unique key holds in a race too.
    domain_key = company_key(hash_key, f"domain:{domain}") if domain else name_key
    band = read_employees(employees)
    session.execute(
        insert_into(session, Company)
        .values(
            public_id=new_public_id(),
            organisation_id=organisation_id,
            name=(name or domain or address)[:160],
            domain=domain,
            domain_key=domain_key,
            name_key=name_key,
            employees=employees[:40],
            employees_min=band.lowest,
            employees_max=band.highest,
            created_at=clock.now(session),
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "domain_key"])
    )
    company = session.scalars(
        select(Company).where(Company.organisation_id == organisation_id, Company.domain_key == domain_key)
    ).one()
    if employees and not company.employees:
        company.employees = employees[:40]
        company.employees_min, company.employees_max = band.lowest, band.highest
    return company
