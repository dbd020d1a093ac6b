"""Reading a mail in a process of its own, which can be ended."""

import subprocess
import sys
from pathlib import Path

import orjson

from campaigns.replies.model import Kind, Reply

ROOT = Path(__file__).resolve().parents[2]
CPU_SECONDS = 5  # a mail of the largest size takes two
PATIENCE = 4  # seconds by the clock for each of them: the machine may be busy


def read_apart(raw: bytes, *, envelope_sender: str | None = None, seconds: int = CPU_SECONDS) -> Reply | None:
    """What `reading.read` finds in the mail; None for what cannot be read within the limits, of which `seconds` of
    processor time are one."""
    command = [sys.executable, "-m", "campaigns.replies.child", str(seconds)]
    if envelope_sender is not None:
        command.append(envelope_sender.replace("\0", ""))
    try:
        done = subprocess.run(
            command,
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE * seconds,
            cwd=ROOT,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    found = orjson.loads(done.stdout)
    return Reply(**{**found, "kind": Kind(found["kind"])})
