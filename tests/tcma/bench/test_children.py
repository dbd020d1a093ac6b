"""Programs that measuring starts do not outlive it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# Somebody who starts a web server, says its process id, and waits.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-m", "tcma.bench.children", "http.server", "0", "--bind", "127.0.0.1"])
print(child.pid)
time.sleep(60)
"""


# The same with a program that is not ours, run as somebody else.
OTHER = """
import os, pwd, signal, time
from tcma.bench import children
how = {"user": pwd.getpwnam("nobody").pw_uid} if os.geteuid() == 0 else {}
print(children.start(["sleep", "60"], ends_by=signal.SIGQUIT, **how).pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_a_program_of_another_user_ends_too(sent: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", OTHER], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = Path("/proc", parent.stdout.readline().strip())
        assert child.exists()
        parent.send_signal(sent)
        assert is_gone(child)


def is_gone(process: Path) -> bool:
    """Whether it ends within ten seconds. One that has ended stays listed until somebody asks for its status, which is
    the business of the machine's first process."""
    end = time.monotonic() + 10
    while not (ended := _has_ended(process)) and time.monotonic() < end:
        time.sleep(0.02)
    return ended


def _has_ended(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_program_ends_when_whoever_started_it_is_killed() -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        child = Path("/proc", parent.stdout.readline().strip())
        assert "Serving" in parent.stdout.readline()  # it runs
        parent.send_signal(signal.SIGKILL)
        assert is_gone(child)
