"""Files in an S3 bucket, or in one of a server that speaks the same: objects are written once under their hash."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast
from urllib.parse import quote

import boto3
import structlog
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from s3transfer.exceptions import RetriesExceededError

from tcma.errors import NotFound, Unavailable, phrase

CONNECT_LIMIT = 3.0  # seconds
READ_LIMIT = 20.0  # seconds of silence
TRIES = 3
_ABSENT = frozenset({"NoSuchKey", "404"})
_AWAY = "The file storage does not answer. Nothing was changed. Try again in a few minutes."

_log = structlog.get_logger(__name__)


class BucketStorage:
    """Credentials come from where boto3 looks for them: the environment, a file, the machine's role."""

    def __init__(
        self, bucket: str, prefix: str, *, endpoint: str | None = None, region: str | None = None
    ) -> None:
        self.bucket, self.prefix = bucket, prefix.strip("/")
        self._is_there = False
        self.client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=region,
            config=Config(
                signature_version="s3v4",
                connect_timeout=CONNECT_LIMIT,
                read_timeout=READ_LIMIT,
                retries={"mode": "standard", "total_max_attempts": TRIES},
                s3={"addressing_style": "path"}
                if endpoint
                else {},  # a server of one's own has one host name
            ),
        )

    def put(self, name: str, content: bytes) -> None:
        with self._asking("put", name):
            self.client.put_object(Bucket=self.bucket, Key=self._key(name), Body=content)

    def put_file(self, name: str, file: BinaryIO) -> None:
        """From the file's beginning to its end."""
        file.seek(0)
        # The SDK closes what it is given; the file is its caller's.
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            with self._asking("put", name):
                self.client.upload_fileobj(copy, self.bucket, self._key(name))

    def open(self, name: str) -> BinaryIO:
        """A copy on this machine, gone once it is closed."""
        copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            with self._asking("get", name):
                self.client.download_fileobj(self.bucket, self._key(name), copy)
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return cast(BinaryIO, copy)

    def remove(self, name: str) -> None:
        """Gone, also when it was not there."""
        with self._asking("remove", name):
            self.client.delete_object(Bucket=self.bucket, Key=self._key(name))

    def get(self, name: str) -> bytes:
        with self._asking("get", name):
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key(name))
            return bytes(answer["Body"].read())

    def exists(self, name: str) -> bool:
        try:
            with self._asking("look for", name):
                self.client.head_object(Bucket=self.bucket, Key=self._key(name))
        except NotFound:
            self._require_bucket()
            return False
        return True

    def _require_bucket(self) -> None:
        """Asked once: a bucket that is not there answers a HEAD like a file that is not there."""
        if self._is_there:
            return
        try:
            with self._asking("look for", self.bucket):
                self.client.head_bucket(Bucket=self.bucket)
        except NotFound as error:
            _log.error("storage_failed", deed="look for", error="NoSuchBucket")
            raise Unavailable(_AWAY) from error
        self._is_there = True

    def address(self, name: str, *, seconds: int, media_type: str, file_name: str) -> str:
        """Signed here, without asking the server; always a download."""
        wanted = {
            "Bucket": self.bucket,
            "Key": self._key(name),
            "ResponseContentType": media_type,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
            "ResponseCacheControl": "private, no-store",
        }
        with self._asking("sign", name):
            return str(self.client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds))

    @contextmanager
    def _asking(self, deed: str, name: str) -> Iterator[None]:
        """The SDK tries again by itself; what still fails is said in our words, and its own go to the log."""
        try:
            yield
        except (BotoCoreError, Boto3Error, ClientError, RetriesExceededError) as error:
            answer = getattr(error, "response", {}).get("Error", {})
            if answer.get("Code") in _ABSENT:
                raise NotFound(phrase("The file %(name)s is not in storage.", name=name)) from error
            _log.error("storage_failed", deed=deed, error=type(error).__name__, code=answer.get("Code"))
            raise Unavailable(_AWAY) from error

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name
