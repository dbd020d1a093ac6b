"""The child process that reads one mail: its bytes in, one JSON object out, or an exit code other than 0.

Its arguments are the seconds of processor time it may take, and the envelope's sender where that is known.

Mails come from anybody, and some are made to keep a reader busy: the limits end what the reader does not foresee.
"""

import resource
import sys
from dataclasses import asdict

import orjson

from campaigns.replies.model import UnreadableMail
from campaigns.replies.reading import read

MEMORY_BYTES = 1024 * 1024 * 1024


def main() -> None:
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sender = sys.argv[2] if len(sys.argv) > 2 else None
    try:
        found = read(sys.stdin.buffer.read(), envelope_sender=sender)
    except UnreadableMail:
        sys.exit(1)
    sys.stdout.buffer.write(orjson.dumps(asdict(found)))


if __name__ == "__main__":
    main()
