"""The compiler's child processes. One takes one list of mails and ends; the next is started ahead and waits with
its libraries loaded, so that whoever types in a mail does not wait for that (some 60 ms).

A child that waits holds about 15 MB, no processor time, and ends when its parent does: nobody can write to it then.
"""

import json
import os
import subprocess
import sys
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_CHILD = Path(__file__).with_name("markup_child.py")
_LIBRARIES = ("mjml", "css_inline")

_lock = threading.Lock()
_waiting: list[subprocess.Popen[bytes]] = []  # none or one


def answers(sources: list[str], timeout: float) -> list[dict[str, str]]:
    """One answer for each mail, in order, until the first that took the child down or `timeout` seconds passed."""
    child = _taken() or _started()
    try:
        out, _ = child.communicate(json.dumps(sources).encode(), timeout)
    except subprocess.TimeoutExpired:
        child.kill()
        out, _ = child.communicate()
    _start_ahead()
    return [json.loads(line) for line in out.splitlines(keepends=True) if line.endswith(b"\n")]


def _taken() -> subprocess.Popen[bytes] | None:
    with _lock:
        child = _waiting.pop() if _waiting else None
    return child if child is not None and child.poll() is None else None


def _start_ahead() -> None:
    with _lock:
        if not _waiting:
            _waiting.append(_started())


def _started() -> subprocess.Popen[bytes]:
    # Without the site module, which takes longer than all the rest; so the libraries' folders are named.
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(_CHILD), *_folders()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )


@cache
def _folders() -> list[str]:
    found = (find_spec(name) for name in _LIBRARIES)
    return list(dict.fromkeys(str(Path(spec.origin).parents[1]) for spec in found if spec and spec.origin))


def _forget() -> None:
    """A process that was forked off does not talk to its parent's child."""
    _waiting.clear()


os.register_at_fork(after_in_child=_forget)
