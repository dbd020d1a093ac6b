"""Files in storage, in a folder and in a bucket (moto's server, over HTTP): whole or not at all, and never lost
without a word."""

import io
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tcma.errors import NotFound, Unavailable
from tcma.storage import Storage, fetch, keep, name_of, open_storage
from tcma.storage.bucket import BucketStorage
from tests import s3 as buckets

NAME = name_of("uploads", 7, "a" * 64)
EVIL = 'Rechnung "März"; filename=x.html\r\nSet-Cookie: a=b.pdf'


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with buckets.served() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> BucketStorage:
    """Empty, and never the same twice."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    found = open_storage(f"s3://{buckets.a_bucket(s3)}/files?endpoint={s3}&region=eu-central-1")
    assert isinstance(found, BucketStorage)
    return found


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return open_storage(f"folder:{tmp_path}")
    found: Storage = request.getfixturevalue("bucket")
    return found


def test_a_file_comes_back_as_it_was_given_and_the_giver_keeps_its_own(storage: Storage) -> None:
    file = io.BytesIO(b"E-mail\n" * 50_000)
    file.seek(100)
    storage.put_file(NAME, file)
    assert not file.closed
    with storage.open(NAME) as kept:
        assert kept.read(7) == b"E-mail\n"
        assert kept.seek(0, io.SEEK_END) == len(file.getvalue())
    assert storage.get(NAME) == file.getvalue()


def test_equal_bytes_are_kept_once_and_found_under_their_hash(storage: Storage) -> None:
    first = keep(storage, "papers", 7, b"%PDF-1.7")
    assert keep(storage, "papers", 7, b"%PDF-1.7") == first
    assert fetch(storage, "papers", 7, first) == b"%PDF-1.7"
    with pytest.raises(NotFound):
        fetch(storage, "papers", 8, first)


def test_what_was_removed_is_not_found_and_removing_it_again_is_nothing(storage: Storage) -> None:
    storage.put_file(NAME, io.BytesIO(b"x"))
    assert storage.exists(NAME)
    storage.remove(NAME)
    storage.remove(NAME)
    assert not storage.exists(NAME)
    with pytest.raises(NotFound):
        storage.open(NAME)
    with pytest.raises(NotFound):
        storage.get(NAME)


def test_a_folder_has_no_address_for_others(tmp_path: Path) -> None:
    storage = open_storage(f"folder:{tmp_path}")
    storage.put(NAME, b"x")
    assert storage.address(NAME, seconds=60, media_type="application/pdf", file_name="a.pdf") is None


def test_a_bucket_that_is_not_there_is_no_answer_about_a_file(bucket: BucketStorage, s3: str) -> None:
    assert not bucket.exists(NAME)
    with pytest.raises(Unavailable):
        BucketStorage(f"{bucket.bucket}-gone", "files", endpoint=s3).exists(NAME)


def test_a_signed_address_downloads_the_file_and_only_this_one(bucket: BucketStorage) -> None:
    bucket.put(NAME, b"%PDF-1.7")
    address = bucket.address(NAME, seconds=60, media_type="application/pdf", file_name=EVIL)
    assert address is not None

    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.read() == b"%PDF-1.7"
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Set-Cookie"] is None
        said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; filename*=UTF-8''Rechnung%20%22M%C3%A4rz")
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["X-Amz-Signature"][0]
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(address.replace(NAME, name_of("uploads", 7, "b" * 64)), timeout=10)


def test_a_bucket_that_is_away_says_so_and_is_back_afterwards(
    bucket: BucketStorage, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        away = BucketStorage(bucket.bucket, "files", endpoint=f"http://127.0.0.1:{nobody.getsockname()[1]}")
        for ask in (
            lambda: away.put(NAME, b"x"),
            lambda: away.put_file(NAME, io.BytesIO(b"x")),
            lambda: away.get(NAME),
            lambda: away.exists(NAME),
        ):
            with pytest.raises(Unavailable, match="does not answer"):
                ask()
    bucket.put(NAME, b"x")
    assert bucket.get(NAME) == b"x"


def test_a_bucket_that_is_not_ours_is_unavailable_and_not_empty(bucket: BucketStorage, s3: str) -> None:
    other = BucketStorage("nobody-has-this", "", endpoint=s3, region="eu-central-1")
    with pytest.raises(Unavailable):
        other.put(NAME, b"x")
    with pytest.raises(Unavailable):
        other.get(NAME)


@pytest.mark.parametrize("address", ["ftp://x", "s3://", "s3:///prefix", "s3://bucket?secret=1", "files"])
def test_an_address_of_storage_that_cannot_be_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="TCMA_STORAGE"):
        open_storage(address)
