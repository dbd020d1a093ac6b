"""The Node that comes with the browser's driver: what reads and runs our scripts outside of a browser."""

from pathlib import Path

import playwright

NODE = str(Path(playwright.__file__).parent / "driver" / "node")
