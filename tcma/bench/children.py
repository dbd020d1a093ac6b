"""Programs that measuring and looking start, and that must not outlive them: `python -m tcma.bench.children MODULE`
runs a module that ends with whoever started it, however that ended; `start` does the same for programs that are not
ours. Elsewhere than on Linux only an orderly end ends them.
"""

import ctypes
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Sequence
from signal import Signals
from typing import Any

_ON_PARENTS_END = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_PRCTL = getattr(ctypes.CDLL(None), "prctl", None)


def start(command: Sequence[str], *, ends_by: Signals, **how: Any) -> subprocess.Popen[bytes]:
    """A program that gets this signal when this process ends. Call it from the thread that stays to the end: the
    kernel takes the end of the thread for that of the process. `how` goes to `Popen`."""
    parent = os.getpid()

    def before() -> None:  # in the child, when its user is set already: changing that would forget the signal
        signal.signal(ends_by, signal.SIG_DFL)  # a shell that starts us in the background has it ignored
        _end_with(parent, ends_by)

    # Safe beside threads: nothing is imported or looked up between fork and start.
    return subprocess.Popen(command, preexec_fn=before, **how)  # noqa: PLW1509


def end_with_parent() -> None:
    """From here on the end of this process's parent is a SIGTERM to it."""
    _end_with(os.getppid(), signal.SIGTERM)


def _end_with(parent: int, sent: Signals) -> None:
    if _PRCTL is not None:
        _PRCTL(_ON_PARENTS_END, sent, 0, 0, 0)
        if os.getppid() != parent:  # it ended meanwhile
            os._exit(1)


if __name__ == "__main__":
    end_with_parent()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
