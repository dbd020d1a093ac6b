"""Files in a local folder; a file appears whole or not at all."""

import os
import shutil
from pathlib import Path
from typing import BinaryIO

from tcma.errors import NotFound, phrase


class FolderStorage:
    """Under `root`, which is made with its first file."""

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

    def address(self, name: str, *, seconds: int, media_type: str, file_name: str) -> None:
        """None: a folder has no server of its own."""

    def _path(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError(f"A stored name must stay inside the storage: {name!r}")
        return path
