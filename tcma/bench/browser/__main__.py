"""`python -m tcma.bench.browser shots FOLDER [ONLY]`, `… axe [ONLY]`, `… mails REFERENCE PICTURES KEEP` and
`… kit-mails [REFERENCE]`, started by the commands of the same name."""

import sys
from pathlib import Path

from tcma.bench.browser import axe, kit_mails, mails, shots
from tcma.errors import DomainError


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(what: str, *given: str) -> int:
    if what == "shots":
        folder, only = Path(given[0]), given[1] if len(given) > 1 else ""
        print(f"{shots.take(folder, only, _report)} pictures in {folder}; index.html there shows all.")
        return 0
    if what == "mails":
        return mails.report(Path(given[0]), Path(given[1]) if given[1] else None, keep=given[2] == "keep")
    if what == "kit-mails":
        return kit_mails.report(Path(given[0]) if given else None)
    checked = axe.check_all(given[0] if given else "", _report)
    for name in checked.pages:
        print(name)
    for finding in checked.findings:
        print(finding)
    print(f"{len(checked.pages)} pages, {checked.looks} looks, {len(checked.findings)} findings")
    return 1 if checked.findings else 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except DomainError as error:
        sys.exit(str(error))
