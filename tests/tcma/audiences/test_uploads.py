"""Files given over the web: read, read anew, mended, cancelled, forgotten."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from campaigns.people import Field
from tcma import clock
from tcma.audiences import (
    figures,
    forgetting,
    mending,
    queries,
    rereading,
    service,
    suppression,
    uploads,
)
from tcma.audiences.details import Details
from tcma.audiences.models import (
    Basis,
    Contact,
    ContactBefore,
    ContactImport,
    ContactList,
    ImportStatus,
    ListMember,
    SkippedRow,
    SuppressionReason,
)
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.storage.folder import FolderStorage
from tests.installation import Installation
from tests.tcma.audiences import four_hundred
from tests.tcma.audiences.factories import (
    HASH_KEY,
    World,
    a_contact,
    a_file,
    a_world,
    hash_of,
    people_rows,
    read_in,
)


@pytest.mark.parametrize(
    "written",
    [
        {"separator": ";", "encoding": "cp1252"},
        {"separator": ",", "mark": True, "shuffle": 3},
        {"separator": "\t", "encoding": "utf-8", "shuffle": 11},
        {"separator": "|", "encoding": "utf-16", "shuffle": None},
    ],
    ids=lambda given: "-".join(str(value) for value in given.values()),
)
def test_421_rows_give_412_people_and_9_reasons_however_they_are_written(
    database: Installation, written: dict[str, object]
) -> None:
    _judged(database, four_hundred.content(**written))  # type: ignore[arg-type]


def test_421_rows_of_a_workbook_give_the_same_and_a_second_upload_of_it_is_known(
    database: Installation,
) -> None:
    world = _judged(database, four_hundred.workbook())
    assert _upload(world, four_hundred.workbook()).is_known
    assert not _upload(world, four_hundred.content()).is_known


def test_a_damaged_workbook_leaves_a_sentence_and_nothing_else(database: Installation) -> None:
    world = a_world(database)
    with pytest.raises(Invalid, match="damaged"):
        _upload(world, four_hundred.workbook()[:-300])
    with database.web.reading(world.partner.id) as session:
        assert session.scalar(select(func.count()).select_from(ContactImport)) == 0


def _judged(database: Installation, content: bytes) -> World:
    world = _with_earlier_leavers(database)
    found = _import(world, _upload(world, content))
    assert (found.ready_count, found.skipped_count) == (four_hundred.READY, four_hundred.SKIPPED)
    with database.web.reading(world.partner.id) as session:
        rows = queries.skipped_rows_of(session, world.viewer, found.public_id)
        nameless = session.scalar(select(func.count()).where(Contact.first_name == ""))
        companies = set(session.scalars(select(Contact.company).where(Contact.company.contains("Firma 7 "))))
    reasons = {row.number: row.reason for row in rows}
    assert set(reasons) == {*four_hundred.BAD_ADDRESSES, *four_hundred.UNSUBSCRIBED, *four_hundred.TWICE}
    assert all(reasons[number] == "unsubscribed_earlier" for number in four_hundred.UNSUBSCRIBED)
    assert all(reasons[number] == "twice" for number in four_hundred.TWICE)
    assert [reasons[number] for number in four_hundred.BAD_ADDRESSES] == [
        "incomplete_address",
        "no_address",
        "incomplete_address",
        "several_addresses",
    ]
    assert nameless == four_hundred.WITHOUT_FIRST_NAME
    assert companies == {"Firma 7 für Bäder AG"}
    return world


def test_nobody_of_a_file_gets_mail_before_the_basis_is_stated(databases: Installation) -> None:
    world = a_world(databases)
    received = _upload(world, a_file(*people_rows(range(4))).getvalue())
    assert _reachable(world, received.list_id) == 0
    found = _state(world, received.import_id, Basis.CUSTOMER)
    assert _reachable(world, received.list_id) == 4
    assert found.basis_wording.startswith("They are my customers")
    assert (found.basis_stated_by_id, found.basis_stated_at is not None) == (world.viewer.user_id, True)


def test_a_new_file_takes_no_basis_from_people_who_had_one(databases: Installation) -> None:
    world = a_world(databases)
    read_in(world, a_file("a@x.example.com;Anna;;;;;"))
    _upload(
        world, a_file("a@x.example.com;Anna;;;;;", "b@x.example.com;;;;;;").getvalue(), world.list.public_id
    )
    assert _reachable(world, world.list.public_id) == 1


def test_the_same_file_twice_is_one_list_and_doubles_nobody(databases: Installation) -> None:
    world = a_world(databases)
    content = a_file(*people_rows(range(4))).getvalue()
    first, second = _upload(world, content), _upload(world, content, name="again.csv")
    assert (second.list_id, second.is_known) == (first.list_id, True)
    with databases.web.reading(world.partner.id) as session:
        assert session.scalar(select(func.count()).select_from(ContactImport)) == 1
        assert session.scalar(select(func.count()).select_from(Contact)) == 4
    with pytest.raises(Conflict, match="Nothing was changed"):
        _upload(world, content, first.list_id)


@pytest.mark.parametrize("names", [("customers.csv", "customers.csv"), ("customers.csv", "again.csv")])
def test_two_uploads_of_one_file_at_once_are_one_list_with_each_row_once(
    databases: Installation, names: tuple[str, str]
) -> None:
    world = a_world(databases)
    content = a_file(*people_rows(range(40))).getvalue()
    ready = threading.Barrier(2)

    def give(name: str) -> uploads.Received:
        ready.wait()
        return _upload(world, content, name=name)

    with ThreadPoolExecutor(2) as crowd:
        received = list(crowd.map(give, names))
    assert sorted(one.is_known for one in received) == [False, True]
    assert len({one.list_id for one in received}) == 1
    with databases.web.reading(world.partner.id) as session:
        found = session.scalars(select(ContactImport)).one()
        assert (found.status, found.row_count, found.ready_count) == (ImportStatus.DONE, 40, 40)
        assert session.scalar(select(func.count()).select_from(ListMember)) == 40


def test_two_uploads_at_once_into_one_list_are_one_import(databases: Installation) -> None:
    world = a_world(databases)
    content = a_file(*people_rows(range(40))).getvalue()
    ready = threading.Barrier(2)

    def give(_: int) -> uploads.Received | Conflict:
        ready.wait()
        try:
            return _upload(world, content, world.list.public_id)
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(2) as crowd:
        answers = list(crowd.map(give, range(2)))
    assert sum(isinstance(one, uploads.Received) for one in answers) >= 1
    with databases.web.reading(world.partner.id) as session:
        found = session.scalars(select(ContactImport)).one()
        assert (found.status, found.row_count, found.ready_count) == (ImportStatus.DONE, 40, 40)
        assert session.scalar(select(func.count()).select_from(ListMember)) == 40


def test_columns_chosen_anew_replace_what_the_file_brought_and_nobody_else(databases: Installation) -> None:
    world = a_world(databases)
    read_in(world, a_file("old@x.example.com;Old;Timer;Old AG;12;CH;yes", "b@x.example.com;Bob;;;;;"))
    received = _upload(
        world,
        a_file(
            "b@x.example.com;Roth AG;Robert",
            "new@x.example.com;New AG;Nina",
            heading="E-mail;First name;Company",
        ).getvalue(),
        world.list.public_id,
    )
    assert _names(world) == {
        "b@x.example.com": ("Roth AG", "Robert"),
        "new@x.example.com": ("New AG", "Nina"),
        "old@x.example.com": ("Old", "Old AG"),
    }
    found = _change(world, received.import_id, {0: Field.ADDRESS, 2: Field.FIRST_NAME})
    assert (found.status, found.ready_count, found.skipped_count) == (ImportStatus.DONE, 2, 0)
    assert _names(world) == {
        "b@x.example.com": ("Robert", ""),
        "new@x.example.com": ("Nina", ""),
        "old@x.example.com": ("Old", "Old AG"),
    }
    assert _bases(world)["b@x.example.com"] is Basis.CUSTOMER
    with databases.web.reading(world.partner.id) as session:
        assert session.scalar(select(func.count()).select_from(Contact)) == 3


def test_another_e_mail_column_leaves_no_trace_of_the_first(databases: Installation) -> None:
    world = a_world(databases)
    heading = "Private e-mail;E-mail;First name"
    content = a_file(
        "a@home.example.com;a@x.example.com;A", "b@home.example.com;b@x.example.com;B", heading=heading
    ).getvalue()
    received = _upload(world, content)
    with databases.web.reading(world.partner.id) as session:
        before = sorted(session.scalars(select(Contact.address)))
    other = 0 if before[0] == "a@x.example.com" else 1
    _change(world, received.import_id, {other: Field.ADDRESS, 2: Field.FIRST_NAME})
    with databases.web.reading(world.partner.id) as session:
        after = sorted(session.scalars(select(Contact.address)))
    assert len(after) == 2 and not set(after) & set(before)


def test_who_is_not_in_the_file_read_anew_has_the_basis_of_before(databases: Installation) -> None:
    world = a_world(databases)
    read_in(world, a_file("a@home.example.com;Anna;;;;;"))
    content = a_file("a@home.example.com;a@x.example.com", heading="E-mail;Mail 2").getvalue()
    received = _upload(world, content, world.list.public_id)
    _state(world, received.import_id, Basis.AGREED)
    assert _bases(world) == {"a@home.example.com": Basis.AGREED}
    _change(world, received.import_id, {1: Field.ADDRESS})
    assert _bases(world) == {"a@home.example.com": Basis.CUSTOMER, "a@x.example.com": Basis.AGREED}


def test_what_was_corrected_by_hand_since_is_not_taken_back(databases: Installation) -> None:
    world = a_world(databases)
    with databases.web.transaction(world.partner.id) as session:
        a_contact(session, world, "anna@x.example.com", first_name="Anna")
    received = _upload(world, a_file("anna@x.example.com;Wrong;;;;;").getvalue(), world.list.public_id)
    with databases.owner.transaction() as session:
        clock.advance(session, timedelta(minutes=1))
    with databases.web.transaction(world.partner.id) as session:
        anna = queries.find_contact_by_address(session, world.viewer, "anna@x.example.com")
        service.change_contact(
            session, world.viewer, anna.public_id, Details("anna@x.example.com", "Annina"), hash_key=HASH_KEY
        )
    _change(world, received.import_id, {0: Field.ADDRESS})
    assert _names(world)["anna@x.example.com"][0] == "Annina"


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({1: Field.FIRST_NAME}, "No column is chosen as the e-mail column"),
        ({0: Field.ADDRESS, 1: Field.COMPANY, 2: Field.COMPANY}, "Two columns"),
        ({0: Field.ADDRESS, 99: Field.COMPANY}, "7 columns"),
    ],
)
def test_columns_that_make_no_sense_change_nothing(
    database: Installation, mapping: dict[int, Field], sentence: str
) -> None:
    world = a_world(database)
    received = _upload(world, a_file(*people_rows(range(3))).getvalue())
    with pytest.raises(Invalid, match=sentence):
        _change(world, received.import_id, mapping)
    assert _import(world, received).status is ImportStatus.DONE


def test_an_older_file_of_a_list_is_not_read_anew(database: Installation) -> None:
    world = a_world(database)
    first = _upload(world, a_file(*people_rows(range(2))).getvalue())
    _upload(world, a_file(*people_rows(range(3))).getvalue(), first.list_id)
    with pytest.raises(Conflict, match="Another file was read into this list since"):
        _change(world, first.import_id, {0: Field.ADDRESS})


def test_a_column_that_states_the_basis_is_read_once_somebody_says_so(databases: Installation) -> None:
    world = a_world(databases)
    received = _upload(
        world, a_file("a@x.example.com;customer", "b@x.example.com;", heading="E-mail;Legal basis").getvalue()
    )
    assert _reachable(world, received.list_id) == 0
    found = _state(world, received.import_id, None)
    assert (found.status, found.ready_count) == (ImportStatus.DONE, 2)
    assert _reachable(world, received.list_id) == 1
    _state(world, received.import_id, Basis.AGREED)
    assert _reachable(world, received.list_id) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 whatever", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"name;city\nAnna;Zurich\nBob;Bern\n", "No column of this file holds e-mail addresses"),
        (b"E-mail;Name\nnobody;Anna\nnothing;Bob\n", "Nobody in this file can be used. Row 2:"),
        (b"", "empty"),
    ],
)
def test_a_wrong_file_leaves_no_list_behind(databases: Installation, content: bytes, sentence: str) -> None:
    world = a_world(databases)
    with pytest.raises(Invalid, match=sentence):
        _upload(world, content)
    with databases.web.reading(world.partner.id) as session:
        assert [item.list.name for item in figures.lists_for(session, world.viewer)] == ["Customers"]
        assert session.scalar(select(func.count()).select_from(ContactImport)) == 0
    assert not list((databases.settings.var / "files").rglob("*/[0-9a-f]*[0-9a-f]"))


def test_a_row_mended_in_place_is_ready_and_left_out_no_more(databases: Installation) -> None:
    world = _with_earlier_leavers(databases)
    received = _upload(world, four_hundred.content(shuffle=None))
    found = _mend(world, received.import_id, 14, "anna@lindt.example.com")
    assert (found.ready_count, found.skipped_count) == (413, 8)
    assert found.skipped_by_reason["incomplete_address"] == 1
    with databases.web.reading(world.partner.id) as session:
        anna = queries.find_contact_by_address(session, world.viewer, "anna@lindt.example.com")
        assert (anna.first_name, anna.company, anna.employees_min) == (
            "Jürg14",
            "Firma 14 für Bäder AG",
            None,
        )
    with pytest.raises(NotFound, match="not left out any more"):
        _mend(world, received.import_id, 14, "anna@lindt.example.com")
    with databases.web.transaction(world.partner.id) as session:
        left = mending.leave_out(session, world.viewer, received.import_id, min(four_hundred.TWICE))
        assert left.skipped_count == 8  # it was left out, and is; only nobody is asked about it any more
        session.flush()
        with pytest.raises(NotFound):
            mending.leave_out(session, world.viewer, received.import_id, min(four_hundred.TWICE))
        left.replace()
        with pytest.raises(Conflict, match="still being read"):
            mending.leave_out(session, world.viewer, received.import_id, max(four_hundred.TWICE))


def test_a_mended_row_outlives_reading_the_file_anew(databases: Installation) -> None:
    world = a_world(databases)
    received = _upload(
        world, a_file("anna@lindt;Anna", "b@x.example.com;Bob", heading="E-mail;First name").getvalue()
    )
    _mend(world, received.import_id, 2, "anna@lindt.example.com")
    found = _change(world, received.import_id, {0: Field.ADDRESS})
    assert (found.ready_count, found.skipped_count) == (1, 1)
    with databases.web.reading(world.partner.id) as session:
        lines = queries.contacts_of(session, world.viewer, received.list_id).lines
    assert [line.contact.first_name for line in lines] == ["Anna", ""]
    _state(world, received.import_id, Basis.CUSTOMER)
    assert _reachable(world, received.list_id) == 2


def test_a_row_that_is_still_wrong_says_so_and_stays(database: Installation) -> None:
    world = _with_earlier_leavers(database)
    received = _upload(world, four_hundred.content(shuffle=None))
    for typed, sentence in (
        ("still wrong", "not a complete address"),
        (four_hundred.UNSUBSCRIBED[60], "unsubscribed earlier"),
        (four_hundred.address(30), "on this list already"),
    ):
        with pytest.raises(Invalid, match=sentence):
            _mend(world, received.import_id, 14, typed)
    with pytest.raises(Conflict, match="Nothing of row 60 is kept"):
        _mend(world, received.import_id, 60, "somebody@else.example.com")
    assert _import(world, received).ready_count == 412


def test_a_large_file_is_read_by_a_job_and_can_be_cancelled_without_a_trace(databases: Installation) -> None:
    world = a_world(databases)
    read_in(world, a_file("anna1.meier@firm1.example.com;First;;;;;"))
    content = a_file(*people_rows(range(8_000))).getvalue()
    assert len(content) > uploads.SMALL
    received = _upload(world, content)
    assert _import(world, received).status is ImportStatus.RUNNING
    assert not _go_on(world, received, is_time_up=lambda: True)
    found = _import(world, received)
    assert (found.status, found.ready_count) == (ImportStatus.RUNNING, 5_000)
    with databases.web.transaction(world.partner.id) as session:
        uploads.cancel(session, world.viewer, received.import_id)
    assert _go_on(world, received)
    with databases.web.reading(world.partner.id) as session:
        (anna,) = session.scalars(select(Contact))
        assert anna.first_name == "First"
        assert [item.list.name for item in figures.lists_for(session, world.viewer)] == ["Customers"]
        for model in (ContactImport, ContactBefore, ListMember):
            wanted = select(func.count()).select_from(model)
            assert session.scalar(wanted) == (0 if model is ContactBefore else 1)


def test_who_cancels_while_it_is_read_stops_it(database: Installation) -> None:
    world = a_world(database)
    received = _upload(world, a_file(*people_rows(range(8_000))).getvalue())

    def cancel() -> bool:
        with database.web.transaction(world.partner.id) as session:
            uploads.cancel(session, world.viewer, received.import_id)
        return False

    assert not _go_on(world, received, is_time_up=cancel)
    assert _go_on(world, received)
    with database.web.reading(world.partner.id) as session:
        assert session.scalar(select(func.count()).select_from(Contact)) == 0


def test_a_large_file_is_read_anew_by_jobs_too(database: Installation) -> None:
    world = a_world(database)
    received = _upload(world, a_file(*people_rows(range(8_000))).getvalue())
    assert _go_on(world, received)
    found = _change(world, received.import_id, {0: Field.ADDRESS, 3: Field.COMPANY})
    assert found.status is ImportStatus.REPLACING
    rounds = 0
    while not _go_on(world, received, is_time_up=lambda: True):
        rounds += 1
        assert rounds < 10
    found = _import(world, received)
    assert (found.status, found.ready_count) == (ImportStatus.DONE, 8_000)
    with database.web.reading(world.partner.id) as session:
        assert set(session.scalars(select(Contact.first_name))) == {""}


def test_files_and_rows_are_gone_after_thirty_days(databases: Installation) -> None:
    world = _with_earlier_leavers(databases)
    received = _upload(world, four_hundred.content())
    kept = _files(databases)
    name = forgetting.name_of(world.partner.id, _import(world, received).file_sha256)
    forgetting.forget_uploads(databases.worker, kept)
    assert kept.exists(name)
    with databases.owner.transaction() as session:
        clock.advance(session, timedelta(days=31))
    forgetting.forget_uploads(databases.worker, kept)
    assert not kept.exists(name)
    found = _import(world, received)
    assert (found.file_kept_until, found.layout["first_rows"], found.skipped_count) == (None, [], 9)
    with databases.web.reading(world.partner.id) as session:
        assert session.scalar(select(func.count()).select_from(SkippedRow)) == 0
    with pytest.raises(Conflict, match="not kept any more"):
        _change(world, received.import_id, {0: Field.ADDRESS})


def test_a_deleted_person_does_not_come_back_with_the_kept_file(databases: Installation) -> None:
    world = a_world(databases)
    received = _upload(world, a_file(*people_rows(range(3))).getvalue())
    with databases.web.transaction(world.partner.id) as session:
        first = session.scalars(select(Contact)).first()
        assert first is not None
        service.delete_contact(session, world.viewer, first.public_id)
    with pytest.raises(Conflict, match="not kept any more"):
        _change(world, received.import_id, {0: Field.ADDRESS})
    forgetting.forget_uploads(databases.worker, _files(databases))
    assert not _files(databases).exists(
        forgetting.name_of(world.partner.id, _import(world, received).file_sha256)
    )


def test_a_deleted_list_takes_along_who_is_on_no_other(databases: Installation) -> None:
    world = a_world(databases)
    received = _upload(world, a_file(*people_rows(range(3))).getvalue())
    with databases.web.transaction(world.partner.id) as session:
        stays = a_contact(session, world, "anna1.meier@firm1.example.com")
        service.delete_list(session, world.viewer, received.list_id)
        gone = session.scalars(select(ContactList).where(ContactList.deleted_at.is_not(None))).one()
    with databases.web.reading(world.partner.id) as session, pytest.raises(NotFound):
        queries.find_list(session, world.viewer, received.list_id)
    assert forgetting.forget_list(databases.worker, _files(databases), gone.id)
    with databases.web.reading(world.partner.id) as session:
        assert list(session.scalars(select(Contact.id))) == [stays.id]
        assert session.scalar(select(func.count()).select_from(ContactBefore)) == 0
    with databases.web.transaction(world.partner.id) as session:
        service.make_list(session, world.viewer, "customers")  # the name is free again


def test_only_the_partners_own_marketers_upload_and_only_after_the_terms(database: Installation) -> None:
    world, other = a_world(database), a_world(database)
    content = a_file(*people_rows(range(2))).getvalue()
    received = _upload(world, content)
    for deed in (
        lambda: _change(other, received.import_id, {0: Field.ADDRESS}),
        lambda: _state(other, received.import_id, Basis.AGREED),
        lambda: _mend(other, received.import_id, 2, "a@x.example.com"),
        lambda: _upload(other, content, received.list_id),
    ):
        with pytest.raises(NotFound):
            deed()
    with pytest.raises(Refused, match="processing terms"):
        _upload(a_world(database, accepted=False), content)


def _upload(
    world: World, content: bytes, list_id: UUID | None = None, *, name: str = "customers.csv"
) -> uploads.Received:
    return uploads.receive(
        world.installation.web,
        world.viewer,
        _files(world.installation),
        io.BytesIO(content),
        file_name=name,
        hash_key=HASH_KEY,
        list_id=list_id,
    )


def _change(world: World, import_id: UUID, mapping: dict[int, Field]) -> ContactImport:
    return rereading.change_columns(
        world.installation.web,
        world.viewer,
        _files(world.installation),
        import_id,
        mapping,
        hash_key=HASH_KEY,
    )


def _state(world: World, import_id: UUID, basis: Basis | None) -> ContactImport:
    return rereading.state_basis(
        world.installation.web, world.viewer, _files(world.installation), import_id, basis, hash_key=HASH_KEY
    )


def _mend(world: World, import_id: UUID, number: int, typed: str) -> ContactImport:
    with world.installation.web.transaction(world.partner.id) as session:
        return mending.mend(session, world.viewer, import_id, number, {0: typed}, hash_key=HASH_KEY)


def _go_on(world: World, received: uploads.Received, **given: object) -> bool:
    """What the worker does."""
    installation = world.installation
    with installation.worker.reading() as session:
        found = session.scalars(
            select(ContactImport).where(ContactImport.public_id == received.import_id)
        ).one()
    return uploads.go_on(
        installation.worker,
        _files(installation),
        world.partner.id,
        found.id,
        hash_key=HASH_KEY,
        **given,  # type: ignore[arg-type]
    )


def _import(world: World, received: uploads.Received) -> ContactImport:
    with world.installation.web.reading(world.partner.id) as session:
        return queries.find_import(session, world.viewer, received.import_id)


def _files(installation: Installation) -> FolderStorage:
    return FolderStorage(installation.settings.var / "files")


def _reachable(world: World, list_id: UUID) -> int:
    with world.installation.web.reading(world.partner.id) as session:
        return figures.portrait(session, queries.find_list(session, world.viewer, list_id)).reachable_count


def _names(world: World) -> dict[str, tuple[str, str]]:
    with world.installation.web.reading(world.partner.id) as session:
        lines = queries.contacts_of(session, world.viewer, world.list.public_id).lines
        return {line.contact.address: (line.contact.first_name, line.contact.company) for line in lines}


def _bases(world: World) -> dict[str, Basis]:
    with world.installation.web.reading(world.partner.id) as session:
        lines = queries.contacts_of(session, world.viewer, world.list.public_id).lines
        return {line.contact.address: line.basis for line in lines}


def _with_earlier_leavers(installation: Installation) -> World:
    world = a_world(installation)
    with installation.web.transaction(world.partner.id) as session:
        for address in four_hundred.UNSUBSCRIBED.values():
            suppression.suppress(
                session,
                world.partner.id,
                hash_of(address),
                SuppressionReason.UNSUBSCRIBED,
                clock.now(session),
            )
    return world
