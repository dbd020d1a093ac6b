"""Files under `<class>/<organisation>/<sha256>`: a folder today's default, S3 where configured."""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import boto3
from botocore.exceptions import ClientError

from tcma.errors import NotFound, phrase

PUBLIC = "pictures"
NOBODY = 0  # public pictures belong to no organisation: equal bytes are kept once
_CLASS = re.compile(r"[a-z]+(-[a-z]+)*\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class Storage(Protocol):
    """Keeps bytes under names; putting the same name twice keeps one. Large files go through `put_file` and
    `open`, which hold no more than a piece of them in memory."""

    def put(self, name: str, content: bytes) -> None: ...
    def put_file(self, name: str, file: BinaryIO) -> None: ...
    def get(self, name: str) -> bytes: ...
    def open(self, name: str) -> BinaryIO: ...
    def exists(self, name: str) -> bool: ...
    def remove(self, name: str) -> None: ...


def name_of(kind: str, organisation_id: int, sha256: str) -> str:
    """The stored name; all parts are ours, never a file name from outside."""
    if not _CLASS.match(kind) or not _SHA256.match(sha256):
        raise ValueError(f"Not a storage name: {kind!r}, {sha256!r}")
    return f"{kind}/{organisation_id}/{sha256}"


def keep(storage: Storage, kind: str, organisation_id: int, content: bytes) -> str:
    """Store `content` under its own hash and return the hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    storage.put(name_of(kind, organisation_id, sha256), content)
    return sha256


def fetch(storage: Storage, kind: str, organisation_id: int, sha256: str) -> bytes:
    return storage.get(name_of(kind, organisation_id, sha256))


def keep_public(storage: Storage, content: bytes) -> str:
    """Store a picture that prospects see in mails and on pages; served to anybody who knows its hash."""
    return keep(storage, PUBLIC, NOBODY, content)


def fetch_public(storage: Storage, sha256: str) -> bytes:
    return fetch(storage, PUBLIC, NOBODY, sha256)


def open_storage(address: str) -> Storage:
    """`folder:/path` or `s3://bucket/prefix`."""
    if address.startswith("folder:"):
        return FolderStorage(Path(address.removeprefix("folder:")))
    if address.startswith("s3://"):
        bucket, _, prefix = address.removeprefix("s3://").partition("/")
        return BucketStorage(bucket, prefix)
    raise ValueError(f"TCMA_STORAGE is '{address}'. Write folder:/path or s3://bucket/prefix.")


class FolderStorage:
    """A local folder; a file appears whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        draft.write_bytes(content)
        draft.replace(path)

    def put_file(self, name: str, file: BinaryIO) -> None:
        """From the file's beginning to its end."""
        path = self._path(name)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        file.seek(0)
        with draft.open("wb") as target:
            shutil.copyfileobj(file, target)
        draft.replace(path)

    def open(self, name: str) -> BinaryIO:
        try:
            return self._path(name).open("rb")
        except FileNotFoundError as error:
            raise NotFound(phrase("The file %(name)s is not in storage.", name=name)) from error

    def remove(self, name: str) -> None:
        """Gone, also when it was not there."""
        self._path(name).unlink(missing_ok=True)

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(phrase("The file %(name)s is not in storage.", name=name)) from error

    def exists(self, name: str) -> bool:
        return self._path(name).exists()

    def _path(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError(f"A stored name must stay inside the storage: {name!r}")
        return path


class BucketStorage:
    """An S3 bucket; objects are written once under their hash."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self.bucket, self.prefix = bucket, prefix.strip("/")
        self.client = boto3.client("s3")

    def put(self, name: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=self._key(name), Body=content)

    def put_file(self, name: str, file: BinaryIO) -> None:
        """From the file's beginning to its end."""
        file.seek(0)
        # The SDK closes what it is given; the file is its caller's.
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            self.client.upload_fileobj(copy, self.bucket, self._key(name))

    def open(self, name: str) -> BinaryIO:
        """A copy on this machine, gone once it is closed."""
        copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            self.client.download_fileobj(self.bucket, self._key(name), copy)
        except ClientError as error:
            copy.close()
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise NotFound(phrase("The file %(name)s is not in storage.", name=name)) from error
            raise
        copy.seek(0)
        return cast(BinaryIO, copy)

    def remove(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self._key(name))

    def get(self, name: str) -> bytes:
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key(name))
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise NotFound(phrase("The file %(name)s is not in storage.", name=name)) from error
            raise
        return bytes(answer["Body"].read())

    def exists(self, name: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=self._key(name))
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                return False
            raise
        return True

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name
