"""A prepared installation's folder once more."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def copy(folder: Path, target: Path) -> None:
    """All of it but what stands in storage, which is never written again under its name and so can be shared."""

    def stored(source: str, copied: str) -> str:
        if "/files/" in source:
            with suppress(OSError):  # the copy may stand on another disk
                os.link(source, copied)
                return copied
        return str(shutil.copyfile(source, copied))

    shutil.copytree(folder, target, copy_function=stored, dirs_exist_ok=True)
