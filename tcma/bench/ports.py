"""Ports of this machine for servers of a run."""

import socket


def free_port() -> int:
    """One nobody listens on at the moment of asking."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
