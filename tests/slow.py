"""Which tests the quick run leaves out for their time alone: those that tests/slow.txt names.

`bin/test --quick --measure` writes the file anew. A test it does not name, a new one say, is run.
"""

from collections import defaultdict
from pathlib import Path

import pytest

NAMES = Path(__file__).with_suffix(".txt")
SLOW = 0.2  # seconds of one case on two cores, with what was made for it


def name_of(nodeid: str) -> str:
    """File and function, without the parameters of a case."""
    return nodeid.partition("[")[0]


class Measuring:
    """Adds up what each test takes and writes the names of the slow ones when all have run."""

    def __init__(self) -> None:
        self.seconds: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[name_of(report.nodeid)][report.nodeid] += report.duration

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput"):
            return
        slow = [name for name, cases in self.seconds.items() if sum(cases.values()) / len(cases) > SLOW]
        NAMES.write_text("".join(f"{name}\n" for name in sorted(slow)), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--measure", action="store_true", help="write tests/slow.txt anew")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--measure"):
        config.pluginmanager.register(Measuring())


@pytest.hookimpl(tryfirst=True)  # before the marks are asked for
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--measure") or not NAMES.exists():
        return
    slow = set(NAMES.read_text(encoding="utf-8").splitlines())
    for item in items:
        if name_of(item.nodeid) in slow and item.get_closest_marker("quick") is None:
            item.add_marker(pytest.mark.slow)
