"""The whole loop on real servers: `tcma demo`."""

from tcma.bench.demo.loop import LEAST_ROWS, run

__all__ = ["LEAST_ROWS", "run"]
