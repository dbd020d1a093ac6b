"""Programs that measuring and looking start, and that must not outlive them: `python -m tcma.bench.children MODULE`
runs a module that ends with whoever started it, however that ended. Elsewhere than on Linux only an orderly end
ends it.
"""

import ctypes
import os
import runpy
import signal
import sys

_ON_PARENTS_END = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


def end_with_parent() -> None:
    """From here on the end of this process's parent is a SIGTERM to it."""
    parent = os.getppid()
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_ON_PARENTS_END, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it ended meanwhile
            sys.exit(1)


if __name__ == "__main__":
    end_with_parent()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
