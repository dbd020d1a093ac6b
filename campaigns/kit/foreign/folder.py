"""The files beside a mail on disk."""

from pathlib import Path

from campaigns.kit.foreign.loading import Read
from campaigns.kit.foreign.pictures import MOST_BYTES


def beside_file(mail: Path) -> Read:
    """Reads files of the mail's folder and below, none larger than 20 MB; links that lead out of it lead nowhere."""
    folder = mail.resolve().parent

    def read(name: str) -> bytes | None:
        path = (folder / name).resolve()
        try:
            if not path.is_relative_to(folder) or not path.is_file() or path.stat().st_size > MOST_BYTES:
                return None
            return path.read_bytes()
        except OSError:
            return None

    return read
