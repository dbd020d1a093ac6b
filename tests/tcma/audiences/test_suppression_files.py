"""The list of another tool, large enough for a job."""

import io
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tcma.audiences import suppression, suppression_files
from tcma.audiences.models import PartnerSuppression
from tcma.audiences.suppression import SuppressionReceipt
from tcma.audiences.suppression_models import SuppressionImport
from tcma.errors import Refused
from tcma.jobs.models import JobRow
from tcma.jobs.queue import Job
from tcma.storage.folder import FolderStorage
from tcma.viewer import Role
from tests.factories import a_viewer
from tests.installation import Installation
from tests.tcma.audiences.factories import HASH_KEY, World, a_file, a_world, hash_of, read_in

NOTE = "left the newsletter " * 20
LARGE = "E-mail;Note\n" + "".join(f"gone{number % 1_000}@x.example;{NOTE}\n" for number in range(1_500))


def received(world: World, kept: FolderStorage, text: str) -> SuppressionReceipt | UUID:
    file = io.BytesIO(text.encode())
    return suppression_files.receive(
        world.installation.web, world.viewer, kept, file, file_name="left.csv", hash_key=HASH_KEY
    )


def the_import(world: World) -> SuppressionImport:
    with world.installation.web.reading(world.partner.id) as session:
        return session.scalars(select(SuppressionImport)).one()


def test_a_small_list_is_read_at_once_and_leaves_no_import(database: Installation, tmp_path: Path) -> None:
    world, kept = a_world(database), FolderStorage(tmp_path)

    assert received(world, kept, "a@x.example\nb@x.example\nnobody\n") == SuppressionReceipt(2, 0, 1)
    with database.web.reading(world.partner.id) as session:
        assert suppression_files.newest(session, world.viewer) is None


def test_addresses_nobody_could_be_added_with_are_stopped_all_the_same(
    database: Installation, tmp_path: Path
) -> None:
    world, kept = a_world(database), FolderStorage(tmp_path)
    doubtful = ["anna@gmail.con", "müller@x.example"]
    assert read_in(world, a_file(*(f"{address};;;;;;" for address in doubtful))).ready == 0

    receipt = received(world, kept, "E-mail\n" + "\n".join(doubtful))
    assert receipt == SuppressionReceipt(2, 0, 0)
    with database.web.reading(world.partner.id) as session:
        hashes = [hash_of(address) for address in doubtful]
        assert set(suppression.earlier(session, world.partner.id, hashes)) == set(hashes)


def test_a_large_list_is_read_in_slices_goes_on_where_it_stood_and_counts_no_row_twice(
    databases: Installation, tmp_path: Path
) -> None:
    world, kept = a_world(databases), FolderStorage(tmp_path)
    begun = received(world, kept, LARGE)
    found = the_import(world)
    assert found.public_id == begun and found.is_under_way and found.row_count == 0
    with databases.worker.reading() as session:
        assert session.scalars(select(JobRow.name)).all() == [Job.AUDIENCES_READ_SUPPRESSIONS]

    looks = iter((False, True))
    given = (databases.worker, kept, world.partner.id, found.id)
    assert not suppression_files.go_on(*given, hash_key=HASH_KEY, is_time_up=lambda: next(looks))
    halfway = the_import(world)
    assert halfway.is_under_way and 0 < halfway.row_count < 1_500
    assert suppression_files.go_on(*given, hash_key=HASH_KEY) and suppression_files.go_on(
        *given, hash_key=HASH_KEY
    )

    done = the_import(world)
    assert (done.row_count, done.added_count, done.unusable_count) == (1_500, 1_000, 0)
    assert not done.is_under_way and not [path for path in tmp_path.rglob("*") if path.is_file()]
    with databases.worker.reading() as session:
        assert session.scalar(select(func.count()).select_from(PartnerSuppression)) == 1_000


def test_nobody_but_marketers_gives_a_list(database: Installation, tmp_path: Path) -> None:
    world = a_world(database)
    with database.owner.transaction() as session:
        seller = a_viewer(session, world.partner, Role.SALES)
    with pytest.raises(Refused):
        suppression_files.receive(
            database.web,
            seller,
            FolderStorage(tmp_path),
            io.BytesIO(b"a@x.example\n"),
            file_name="left.csv",
            hash_key=HASH_KEY,
        )
