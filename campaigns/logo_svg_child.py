"""The child process that draws an SVG: one JSON object in, one PNG out, or an exit code other than 0.

It imports nothing of the product. The SVG was cleaned before and refers to nothing outside itself; the limits
are for what cleaning cannot foresee.
"""

import json
import resource
import sys

import resvg_py

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 5


def main() -> None:
    job = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=job["svg"],
            width=job["width"],
            skip_system_fonts=True,
            font_files=job["fonts"],
            font_family="Inter",
            serif_family="Inter",
            sans_serif_family="Inter",
            cursive_family="Inter",
            fantasy_family="Inter",
            monospace_family="Inter",
        )
    except ValueError:
        sys.exit(1)
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    main()
