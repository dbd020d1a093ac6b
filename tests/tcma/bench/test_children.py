"""Programs that measuring starts do not outlive it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

# Somebody who starts a web server, says its process id, and waits.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-m", "tcma.bench.children", "http.server", "0", "--bind", "127.0.0.1"])
print(child.pid)
time.sleep(60)
"""


def test_a_program_ends_when_whoever_started_it_is_killed() -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        child = Path("/proc", parent.stdout.readline().strip())
        assert "Serving" in parent.stdout.readline()  # it runs
        parent.send_signal(signal.SIGKILL)
        end = time.monotonic() + 10
        while child.exists() and time.monotonic() < end:
            time.sleep(0.02)
        assert not child.exists()
