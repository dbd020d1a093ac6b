"""The whole loop on real servers: `tcma demo`."""

from tcma.bench.demo.loop import run

__all__ = ["run"]
