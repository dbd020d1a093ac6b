"""The own sending address: which domains are taken, what the DNS has to say, and what becomes of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tcma import clock
from tcma.config import ConfigError, Settings, load
from tcma.errors import Conflict, Invalid, Refused
from tcma.jobs.models import JobRow
from tcma.jobs.queue import Job
from tcma.notices.kinds import NoticeKind
from tcma.notices.models import Notice
from tcma.partners import sender_records, senders
from tcma.partners.models import SenderDomain, SenderStatus
from tcma.partners.names import SystemResolver
from tcma.partners.sender_records import Found, Look, Ways
from tcma.viewer import Role, Viewer
from tests.factories import a_partner, a_viewer
from tests.installation import Installation
from tests.names import Zone, served

DOMAIN = "harbour-it.example"
KEY = "v=DKIM1; k=rsa; p=MIGfMA0G"


@pytest.fixture(scope="module")
def server() -> Iterator[Zone]:
    with served() as zone:
        yield zone


@pytest.fixture
def zone(server: Zone) -> Zone:
    server.table.clear()
    server.is_broken = False
    return server


def settings_of(installation: Installation) -> Settings:
    return replace(installation.settings, mail_from="post@mail.example")


def an_owner(installation: Installation, name: str = "Harbour IT", domain: str = DOMAIN) -> Viewer:
    with installation.owner.transaction() as session:
        partner = a_partner(session, name, slug=domain.partition(".")[0])
        partner.domain = domain
        return a_viewer(session, partner)


def entered(installation: Installation, viewer: Viewer, typed: str = f"news@{DOMAIN}") -> SenderDomain:
    with installation.web.transaction(viewer.organisation_id) as session:
        return senders.enter(session, viewer, settings_of(installation), typed)


def looked_up(installation: Installation, zone: Zone, row: SenderDomain) -> SenderDomain:
    settings = settings_of(installation)
    senders.look_up(installation.worker, settings, SystemResolver(zone.address), row.id)
    with installation.worker.reading() as session:
        return session.get_one(SenderDomain, row.id)


def set_records(zone: Zone, row: SenderDomain) -> None:
    """What the page asks for, entered as it stands there."""
    for one in senders.shown(
        row, Ways("include:mail.example", (("tcma", "CNAME", "tcma._domainkey.mail.example"),))
    ):
        zone.table[one.record.name, one.record.kind] = [one.record.value]


def own_address(installation: Installation, viewer: Viewer) -> str:
    with installation.web.reading(viewer.organisation_id) as session:
        return senders.own_address(session, viewer.organisation_id)


def notices(installation: Installation) -> list[Notice]:
    with installation.worker.reading() as session:
        return list(session.scalars(select(Notice).where(Notice.kind == NoticeKind.SENDER_LOST)))


def test_a_domain_is_used_from_the_look_on_that_sees_every_record(
    databases: Installation, zone: Zone
) -> None:
    owner = an_owner(databases)
    row = entered(databases, owner)
    assert (row.address, row.status) == (f"news@{DOMAIN}", SenderStatus.UNVERIFIED)
    set_records(zone, row)
    del zone.table[f"_dmarc.{DOMAIN}", "TXT"]
    row = looked_up(databases, zone, row)
    assert row.status is SenderStatus.UNVERIFIED and own_address(databases, owner) == ""
    assert {key: look["found"] for key, look in row.looks.items()} == {
        "ownership": "found",
        "spf": "found",
        "dkim-tcma": "found",
        "dmarc": "missing",
    }
    set_records(zone, row)
    assert looked_up(databases, zone, row).status is SenderStatus.VERIFIED
    assert own_address(databases, owner) == f"news@{DOMAIN}"


def test_a_record_that_goes_away_loses_the_domain_tells_the_owner_once_and_comes_back(
    database: Installation, zone: Zone
) -> None:
    owner = an_owner(database)
    row = entered(database, owner)
    set_records(zone, row)
    looked_up(database, zone, row)
    zone.table[DOMAIN, "TXT"] = ["v=spf1 include:other.example -all"]
    for _ in range(2):
        assert looked_up(database, zone, row).status is SenderStatus.LOST
    assert own_address(database, owner) == ""
    (told,) = notices(database)
    assert (told.user_id, told.path) == (owner.user_id, "/p/harbour-it/brand/sender")
    set_records(zone, looked_up(database, zone, row))
    assert zone.table[DOMAIN, "TXT"] == ["v=spf1 include:mail.example include:other.example -all"]
    assert looked_up(database, zone, row).status is SenderStatus.VERIFIED
    assert own_address(database, owner) == f"news@{DOMAIN}"


def test_a_server_that_does_not_answer_neither_verifies_nor_loses(database: Installation, zone: Zone) -> None:
    owner = an_owner(database)
    row = entered(database, owner)
    set_records(zone, row)
    zone.is_broken = True
    row = looked_up(database, zone, row)
    assert row.status is SenderStatus.UNVERIFIED and row.looks["spf"]["found"] == "unknown"
    zone.is_broken = False
    assert looked_up(database, zone, row).is_verified
    zone.is_broken = True
    row = looked_up(database, zone, row)
    assert row.is_verified and row.looks["spf"]["seen"].startswith("v=spf1") and notices(database) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("marc@gmail.com", "belongs to a mail provider"),
        ("web.de", "belongs to a mail provider"),
        ("x@rival.example", "belongs to another firm here"),
        ("x@mail.rival.example", "belongs to another firm here"),
        ("post@mail.example", "is the shared domain"),
        ("x@sub.mail.example", "is the shared domain"),
        ("no domain", "is no sending address"),
        ("", "is no sending address"),
        ("a@b@c.example", "is no sending address"),
        ("x" * 300 + "@own.example", "is no sending address"),
    ],
)
def test_a_domain_that_is_not_ones_own_is_refused(database: Installation, typed: str, said: str) -> None:
    owner = an_owner(database)
    an_owner(database, "Rival", "rival.example")
    with pytest.raises(Invalid, match=said) as refused:
        entered(database, owner, typed)
    assert set(refused.value.fields) == {"sender_address"}


def test_a_domain_alone_gets_a_mailbox_and_another_mailbox_keeps_the_proof(
    database: Installation, zone: Zone
) -> None:
    owner = an_owner(database)
    row = entered(database, owner, "Harbour-IT.example")
    assert row.address == f"post@{DOMAIN}"
    set_records(zone, row)
    looked_up(database, zone, row)
    again = entered(database, owner)
    assert (again.token, again.is_verified) == (row.token, True)
    assert entered(database, owner, "other-own.example").status is SenderStatus.UNVERIFIED
    assert own_address(database, owner) == ""


def test_what_another_firm_sends_from_stays_unverified(database: Installation, zone: Zone) -> None:
    first, second = an_owner(database), an_owner(database, "Rival", "rival.example")
    row = entered(database, first, "x@shared-by-two.example")
    set_records(zone, row)
    looked_up(database, zone, row)
    other = entered(database, second, "x@shared-by-two.example")
    set_records(zone, other)
    other = looked_up(database, zone, other)
    assert other.is_taken and not other.is_verified


def test_only_owners_enter_and_a_look_is_asked_for_once_at_a_time(database: Installation, zone: Zone) -> None:
    owner = an_owner(database)
    row = entered(database, owner)
    marketer = replace(owner, roles=frozenset({Role.MARKETER}))
    with pytest.raises(Refused):
        entered(database, marketer)
    for _ in range(2):
        with database.web.transaction(owner.organisation_id) as session:
            senders.look_again(session, marketer)
    with database.worker.transaction() as session:
        jobs = select(JobRow).where(JobRow.name == Job.PARTNERS_LOOK_UP_SENDER)
        assert len(session.scalars(jobs).all()) == 1
    looked_up(database, zone, row)
    with database.web.transaction(owner.organisation_id) as session:
        senders.look_again(session, marketer)
        assert len(session.scalars(jobs).all()) == 2


def test_every_domain_is_looked_up_daily_and_a_new_one_hourly(database: Installation, zone: Zone) -> None:
    owner, settings = an_owner(database), settings_of(database)
    row = entered(database, owner)
    resolver = SystemResolver(zone.address)
    counts = [senders.watch(database.worker, settings, resolver)]
    for hours in (0, 1):
        with database.worker.transaction() as session:
            clock.advance(session, timedelta(hours=hours))
        counts.append(senders.watch(database.worker, settings, resolver))
    set_records(zone, row)
    looked_up(database, zone, row)
    for hours in (2, 23):
        with database.worker.transaction() as session:
            clock.advance(session, timedelta(hours=hours))
        counts.append(senders.watch(database.worker, settings, resolver))
    assert counts == [1, 0, 1, 0, 1]


def test_production_takes_no_own_domain_until_keys_are_set(database: Installation) -> None:
    owner = an_owner(database)
    closed = replace(settings_of(database), environment="production")
    with database.web.transaction(owner.organisation_id) as session, pytest.raises(Conflict):
        senders.enter(session, owner, closed, f"x@{DOMAIN}")
    keys = load(
        {
            "TCMA_VAR": str(database.settings.var),
            "TCMA_SENDING_DKIM": f"s1 CNAME s1.mail.example | s2 TXT {KEY}",
            "TCMA_SENDING_SPF": "include:mail.example",
        }
    )
    assert Ways.of(replace(keys, environment="production")).dkim == (
        ("s1", "CNAME", "s1.mail.example"),
        ("s2", "TXT", KEY),
    )
    for name, wrong in (
        ("TCMA_SENDING_DKIM", "s1 MX x"),
        ("TCMA_DNS", "localhost"),
        ("TCMA_DNS", "127.0.0.1:0"),
    ):
        with pytest.raises(ConfigError, match=name):
            load({"TCMA_VAR": str(database.settings.var), name: wrong})


@pytest.mark.parametrize(
    ("key", "name", "texts", "found"),
    [
        ("spf", DOMAIN, ["v=spf1 +INCLUDE:mail.example ~all"], Found.FOUND),
        ("spf", DOMAIN, ["v=spf1 include:mail.example", "v=spf1 -all"], Found.DIFFERENT),
        ("spf", DOMAIN, ["v=spf10 include:mail.example"], Found.MISSING),
        ("spf", DOMAIN, ["v=spf1 include:mail.example.evil.test -all"], Found.DIFFERENT),
        ("dkim-s2", f"s2._domainkey.{DOMAIN}", ["v=DKIM1; p=MIGf MA0G"], Found.FOUND),
        ("dkim-s2", f"s2._domainkey.{DOMAIN}", ["v=DKIM1; p="], Found.DIFFERENT),
        ("dmarc", f"_dmarc.{DOMAIN}", ["V=DMARC1; p=reject"], Found.FOUND),
        ("ownership", f"_tcma.{DOMAIN}", ["tcma-domain=other"], Found.DIFFERENT),
    ],
)
def test_a_record_is_read_as_mailboxes_read_it(
    zone: Zone, key: str, name: str, texts: list[str], found: Found
) -> None:
    zone.table[name, "TXT"] = texts
    ways = Ways("include:mail.example", (("s2", "TXT", KEY),))
    assert sender_records.look(DOMAIN, "t", ways, SystemResolver(zone.address))[key].found is found


def test_an_alias_that_leads_elsewhere_is_different_and_a_sub_domain_has_the_dmarc_above(zone: Zone) -> None:
    ways = Ways("include:mail.example", (("s1", "CNAME", "s1.mail.example"),))
    zone.table["s1._domainkey.news.own.example", "CNAME"] = ["elsewhere.example"]
    zone.table["_dmarc.own.example", "TXT"] = ["v=DMARC1; p=none"]
    looks = sender_records.look("news.own.example", "t", ways, SystemResolver(zone.address))
    assert looks["dkim-s1"] == Look(Found.DIFFERENT, "elsewhere.example")
    assert looks["dmarc"].found is Found.FOUND
