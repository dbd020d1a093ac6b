"""`python -m tcma`."""

from tcma.cli import main

main()
