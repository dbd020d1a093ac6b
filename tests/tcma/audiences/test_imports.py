"""Contact files read into lists."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from campaigns.people import Field, Person, Row
from tcma import clock
from tcma.audiences import figures, files, imports, queries, reading, service, suppression
from tcma.audiences.models import (
    Basis,
    Contact,
    ContactImport,
    ImportStatus,
    ListMember,
    PlatformSuppression,
    Relation,
    SkippedRow,
    SuppressionReason,
)
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.viewer import Role
from tests.factories import a_viewer
from tests.installation import Installation
from tests.tcma.audiences.factories import World, a_file, a_world, hash_of, people_rows, read_in

ROOT = Path(__file__).resolve().parents[3]


def test_people_become_contacts_on_the_list_with_basis_and_relation(databases: Installation) -> None:
    world = a_world(databases)
    receipt = read_in(
        world,
        a_file(
            "Anna.Meier@Lindt.example.com;Anna;Meier;Lindt AG;50-249;Schweiz;ja",
            "nobody;No;Body;;;;",
            "ANNA.meier@lindt.example.com;Anna;Meier;;;;",
            "bob@ruag.example.com;Bob;Roth;RUAG;1'200;CH;nein",
        ),
    )
    assert (receipt.ready, receipt.skipped) == (2, 2)
    assert receipt.by_reason == {"incomplete_address": 1, "twice": 1}
    with databases.web.reading(world.partner.id) as session:
        anna = queries.find_contact_by_address(session, world.viewer, "anna.meier@lindt.example.com")
        assert (anna.address_typed, anna.first_name, anna.company) == (
            "Anna.Meier@Lindt.example.com",
            "Anna",
            "Lindt AG",
        )
        assert (anna.employees, anna.employees_min, anna.employees_max) == ("50-249", 50, 249)
        assert (anna.country, anna.relation) == ("CH", Relation.CUSTOMER)
        assert anna.address_hash == hash_of("anna.meier@lindt.example.com")
        assert set(session.scalars(select(ListMember.basis))) == {Basis.CUSTOMER}
        found = session.get_one(ContactImport, receipt.import_id)
        assert (found.status, found.row_count) == (ImportStatus.DONE, 4)
        assert found.basis_wording.startswith("They are my customers")
        skipped = queries.skipped_rows_of(session, world.viewer, found.public_id)
        assert [(row.number, row.reason) for row in skipped] == [(3, "incomplete_address"), (4, "twice")]
        assert queries.skipped_rows_of(session, world.viewer, found.public_id, after=3)[0].number == 4


def test_no_file_is_read_before_the_processing_terms_are_accepted(database: Installation) -> None:
    world = a_world(database, accepted=False)
    file = a_file("anna@lindt.example.com;;;;;;")
    with pytest.raises(Refused, match="processing terms"):
        read_in(world, file)
    assert file.tell() == 0


def test_a_basis_has_to_be_stated(database: Installation) -> None:
    world = a_world(database)
    with pytest.raises(Invalid, match="why you may write"):
        read_in(world, a_file("anna@lindt.example.com;;;;;;"), basis=None)


def test_a_column_states_the_basis_for_each_row_and_silence_means_not_sure(databases: Installation) -> None:
    world = a_world(databases)
    read_in(
        world,
        a_file(
            "a@x.example.com;customer", "b@x.example.com;", "c@x.example.com;agreed", heading="E-mail;Basis"
        ),
        basis=None,
        mapping={0: Field.ADDRESS, 1: Field.BASIS},
    )
    with databases.web.reading(world.partner.id) as session:
        page = queries.contacts_of(session, world.viewer, world.list.public_id)
    assert [(line.basis, line.is_reachable) for line in page.lines] == [
        (Basis.CUSTOMER, True),
        (Basis.NOT_SURE, False),
        (Basis.AGREED, True),
    ]


def test_the_same_file_again_is_told_in_a_sentence_and_changes_nothing(databases: Installation) -> None:
    world = a_world(databases)
    read_in(world, a_file(*people_rows(range(3))))
    before = _everything(world)
    with pytest.raises(Conflict, match=r"3 people ready, 0 rows skipped\. Nothing was changed"):
        read_in(world, a_file(*people_rows(range(3))), file_name="other-name.csv")
    assert _everything(world) == before


def test_a_person_in_two_files_is_one_contact_and_empty_cells_wipe_out_nothing(
    databases: Installation,
) -> None:
    world = a_world(databases)
    read_in(world, a_file("anna@x.example.com;Anna;Meier;Lindt;50;CH;yes"))
    read_in(world, a_file("Anna@x.example.com;;Huber;;;;", "bob@x.example.com;;;;;;"), basis=Basis.AGREED)
    with databases.web.reading(world.partner.id) as session:
        lines = queries.contacts_of(session, world.viewer, world.list.public_id).lines
        assert [line.contact.address for line in lines] == ["anna@x.example.com", "bob@x.example.com"]
        anna = lines[0].contact
        assert (anna.first_name, anna.last_name, anna.company, anna.employees_min, anna.country, anna.relation) == (
            "Anna", "Huber", "Lindt", 50, "CH", Relation.CUSTOMER,
        )  # fmt: skip
        assert lines[0].basis is Basis.AGREED


@pytest.mark.parametrize("rows", [1, files.SLICE, files.SLICE * 2 + 7])
def test_every_row_is_counted_whatever_the_size(database: Installation, rows: int) -> None:
    world = a_world(database)
    told: list[int] = []
    receipt = read_in(world, a_file(*people_rows(range(rows))), progress=told.append)
    assert receipt.ready == rows == told[-1]
    assert _people(world) == rows


def test_an_import_that_breaks_goes_on_where_it_stopped(databases: Installation) -> None:
    world = a_world(databases)
    size = files.SLICE
    rows = [*people_rows(range(size)), "broken;;;;;;", *people_rows(range(size, 2 * size + 100))]

    def power_cut(done: int) -> None:
        raise OSError("power cut")

    with pytest.raises(OSError, match="power cut"):
        read_in(world, a_file(*rows), progress=power_cut)
    with databases.web.reading(world.partner.id) as session:
        found = session.scalars(select(ContactImport)).one()
        assert (found.status, found.ready_count, found.next_row) == (ImportStatus.FAILED, size, size + 2)

    told: list[int] = []
    receipt = read_in(world, a_file(*rows), progress=told.append)
    assert (receipt.ready, receipt.skipped, receipt.by_reason) == (
        2 * size + 100,
        1,
        {"incomplete_address": 1},
    )
    assert len(told) == 2
    assert _people(world) == 2 * size + 100


def test_an_import_that_broke_does_not_go_on_under_another_basis(database: Installation) -> None:
    world = a_world(database)
    rows = people_rows(range(5))
    with pytest.raises(ZeroDivisionError):
        read_in(world, a_file(*rows), progress=lambda done: done // 0)
    with pytest.raises(Conflict, match="begun as"):
        read_in(world, a_file(*rows), basis=Basis.AGREED)


def test_an_import_killed_in_the_middle_counts_each_row_once(database: Installation, tmp_path: Path) -> None:
    world = a_world(database)
    rows = people_rows(range(files.SLICE * 3 + 50))
    path = tmp_path / "people.csv"
    path.write_bytes(a_file(*rows).getvalue())
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.tcma.audiences.reader_to_kill",
            str(path),
            world.installation.settings.database_url,
            str(world.partner.id),
            str(world.viewer.user_id),
            str(world.list.public_id),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"%d\n" % files.SLICE
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with database.web.reading(world.partner.id) as session:
        found = session.scalars(select(ContactImport)).one()
        assert found.status is ImportStatus.RUNNING
        assert 0 < found.ready_count < len(rows)

    receipt = read_in(world, path.open("rb"))
    assert (receipt.ready, receipt.skipped) == (len(rows), 0)
    assert _people(world) == len(rows)


def test_two_who_read_the_same_file_at_once_count_each_row_once(database: Installation) -> None:
    world = a_world(database)
    rows = people_rows(range(files.SLICE * 2))

    def second(done: int) -> None:
        if done == files.SLICE:
            read_in(world, a_file(*rows))

    with pytest.raises(Conflict) as refusal:
        read_in(world, a_file(*rows), progress=second)
    assert "read by somebody else" in refusal.value.sentence
    with database.web.reading(world.partner.id) as session:
        found = session.scalars(select(ContactImport)).one()
        assert (found.status, found.ready_count) == (ImportStatus.DONE, len(rows))
    assert _people(world) == len(rows)


def test_people_who_unsubscribed_are_left_out_and_nothing_about_them_is_stored(
    databases: Installation,
) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        now = clock.now(session)
        suppression.suppress(
            session, world.partner.id, hash_of("gone@x.example.com"), SuppressionReason.UNSUBSCRIBED, now
        )
        suppression.suppress(
            session, world.partner.id, hash_of("bad@x.example.com"), SuppressionReason.BOUNCED, now
        )
    with databases.owner.transaction() as session:
        suppression.suppress_everywhere(
            session, hash_of("angry@x.example.com"), SuppressionReason.COMPLAINED, now
        )
        assert session.scalar(select(func.count()).select_from(PlatformSuppression)) == 1
    receipt = read_in(
        world,
        a_file(
            "Gone@x.example.com;;;;;;",
            "bad@x.example.com;;;;;;",
            "angry@x.example.com;;;;;;",
            "ok@x.example.com;;;;;;",
        ),
    )
    assert receipt.by_reason == {"unsubscribed_earlier": 2, "bounced_earlier": 1}
    with databases.web.reading(world.partner.id) as session:
        assert session.scalars(select(Contact.address)).all() == ["ok@x.example.com"]
        rows = session.scalars(select(SkippedRow).order_by(SkippedRow.number)).all()
        assert rows[0].sentence == "Row 2: this person unsubscribed earlier and gets no more mail."
        assert not any("x.example" in row.sentence + row.row_text for row in rows)


def test_reading_a_file_again_never_brings_back_who_left(databases: Installation) -> None:
    world = a_world(databases)
    read_in(world, a_file(*people_rows(range(3))))
    with databases.web.transaction(world.partner.id) as session:
        address = session.scalars(select(Contact.address).order_by(Contact.address)).first()
        assert address
        suppression.suppress(
            session, world.partner.id, hash_of(address), SuppressionReason.UNSUBSCRIBED, clock.now(session)
        )
    with databases.web.transaction(world.partner.id) as session:
        other = service.make_list(session, world.viewer, "Once more")
    for list_id in (world.list.public_id, other.public_id):
        read_in(world, a_file(*people_rows(range(4))), list_id=list_id, basis=Basis.AGREED)
        with databases.web.reading(world.partner.id) as session:
            lines = queries.contacts_of(session, world.viewer, list_id).lines
            assert address not in [line.contact.address for line in lines if line.is_reachable]
            assert len([line for line in lines if line.is_reachable]) == 3


def test_who_unsubscribes_while_their_file_is_read_is_not_reached(database: Installation) -> None:
    world = a_world(database)
    rows = people_rows(range(files.SLICE * 3))
    addresses = [row.split(";")[0].lower() for row in rows[::500]]
    started = threading.Event()

    def leave() -> None:
        started.wait(30)
        for address in addresses:
            with database.worker.transaction() as session:
                suppression.suppress(
                    session,
                    world.partner.id,
                    hash_of(address),
                    SuppressionReason.UNSUBSCRIBED,
                    clock.now(session),
                )

    leaving = threading.Thread(target=leave)
    leaving.start()

    def slowly(done: int) -> None:
        started.set()
        time.sleep(0.01)

    read_in(world, a_file(*rows), progress=slowly)
    leaving.join()
    with database.web.reading(world.partner.id) as session:
        found = figures.portrait(session, world.list)
    assert found.reachable_count == len(rows) - len(addresses)


def test_of_many_bad_rows_some_are_kept_and_all_are_counted(database: Installation) -> None:
    world = a_world(database)
    many = reading.MAX_SKIPPED_KEPT + 500
    receipt = read_in(world, a_file("ok@x.example.com;;;;;;", *(f"bad{n};;;;;;" for n in range(many))))
    assert receipt.by_reason == {"incomplete_address": many}
    with database.web.reading(world.partner.id) as session:
        assert session.scalar(select(func.count()).select_from(SkippedRow)) == reading.MAX_SKIPPED_KEPT


def test_a_file_beyond_the_limit_is_read_up_to_it() -> None:
    people = [Row(number, Person(f"a{number}@x.example", "")) for number in range(2, 9)]
    *read, last = reading.bounded(iter(people), 3)
    assert read == people[:3]
    assert isinstance(last, reading.LeftOut)
    assert (last.number, last.reason) == (5, "too_many_rows")
    assert list(reading.bounded(iter(people), 7)) == people


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "empty"), (b"%PDF-1.7 x", "PDF"), (b"a;b\n1;2\n3;4\n", "No column holds")]
)
def test_what_is_no_contact_file_is_refused_with_a_sentence(
    database: Installation, content: bytes, sentence: str
) -> None:
    world = a_world(database)
    file = a_file()
    file.seek(0)
    file.truncate()
    file.write(content)
    with pytest.raises(Invalid, match=sentence):
        read_in(world, file)


def test_rows_with_characters_no_database_takes_are_stored_all_the_same(databases: Installation) -> None:
    world = a_world(databases)
    receipt = read_in(
        world, a_file("anna\x00@x.example.com;A\x00;;;;;", f"ok@x.example.com;{'N' * 400};;;;;")
    )
    assert (receipt.ready, receipt.skipped) == (1, 1)
    with databases.web.reading(world.partner.id) as session:
        assert session.scalars(select(Contact.first_name)).one() == "N" * 80


def test_another_partner_s_list_is_not_found_and_readers_may_not_import(databases: Installation) -> None:
    world, other = a_world(databases), a_world(databases)
    with pytest.raises(NotFound):
        read_in(world, a_file(*people_rows(range(2))), list_id=other.list.public_id)
    with databases.owner.transaction() as session:
        reader = a_viewer(session, world.partner, Role.READER)
    with pytest.raises(Refused):
        imports.run(
            databases.web,
            reader,
            world.list.public_id,
            a_file(),
            file_name="x",
            basis=Basis.CUSTOMER,
            hash_key=b"k",
        )


@pytest.mark.slow
def test_a_large_file_is_read_in_little_memory(database: Installation) -> None:
    world = a_world(database)
    many = 40_000
    file = a_file(*people_rows(range(many)))
    read_in(world, a_file(*people_rows(range(10))))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    receipt = read_in(world, file)
    used = time.process_time() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"{many / receipt.seconds:,.0f} rows/s, {many / used:,.0f} per second of CPU, {grown // 1024} MB more"
    )
    assert receipt.ready == many
    assert grown < 40 * 1024


def _people(world: World) -> int:
    with world.installation.web.reading(world.partner.id) as session:
        return figures.portrait(session, world.list).people_count


def _everything(world: World) -> list[object]:
    with world.installation.web.reading(world.partner.id) as session:
        return [
            [
                tuple(row)
                for row in session.connection().execute(
                    select(model.__table__).order_by(model.__table__.c.id)
                )
            ]
            for model in (Contact, ListMember, ContactImport, SkippedRow)
        ]
