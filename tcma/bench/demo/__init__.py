"""The whole loop on real servers: `tcma demo`."""

from tcma.bench.demo.loop import PLANS, Kit, run
from tcma.bench.demo.post import By

__all__ = ["PLANS", "By", "Kit", "run"]
