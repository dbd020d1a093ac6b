"""What a printed figure must carry to be repeated."""

import platform
import shutil
import subprocess

from tcma.config import ROOT


def stamp() -> str:
    """ "commit 1a2b3c4, Python 3.11.7"."""
    return f"commit {_commit()}, Python {platform.python_version()}"


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "unknown"
    found = subprocess.run(
        [git, "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"
