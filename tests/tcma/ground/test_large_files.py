"""Large files in storage: piece by piece in, piece by piece out, gone when they are not needed."""

import io
from pathlib import Path

import pytest

from tcma.errors import NotFound
from tcma.storage import Storage, name_of, open_storage

NAME = name_of("uploads", 7, "a" * 64)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return open_storage(f"folder:{tmp_path}")


def test_a_file_comes_back_as_it_was_given_and_the_giver_keeps_its_own(storage: Storage) -> None:
    file = io.BytesIO(b"E-mail\n" * 50_000)
    file.seek(100)
    storage.put_file(NAME, file)
    assert not file.closed
    with storage.open(NAME) as kept:
        assert kept.read(7) == b"E-mail\n"
        assert kept.seek(0, io.SEEK_END) == len(file.getvalue())
    assert storage.get(NAME) == file.getvalue()


def test_what_was_removed_is_not_found_and_removing_it_again_is_nothing(storage: Storage) -> None:
    storage.put_file(NAME, io.BytesIO(b"x"))
    storage.remove(NAME)
    storage.remove(NAME)
    assert not storage.exists(NAME)
    with pytest.raises(NotFound):
        storage.open(NAME)
