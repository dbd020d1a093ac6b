"""The command `tcma`: each command acts through the same viewer as a page would."""

from tcma.cli.root import main

__all__ = ["main"]
