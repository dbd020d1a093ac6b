"""The whole loop with few people; the long form is `tcma demo`."""

import pytest
from click.testing import CliRunner

from tcma.bench.demo.figures import Figures
from tcma.cli.root import main


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_whole_loop_ends_with_every_figure_right() -> None:
    done = CliRunner().invoke(main, ["demo", "--rows", "120"])

    assert done.exit_code == 0, done.output
    assert "Every figure is right." in done.output and done.output.count("\n  ok  ") >= 40


def test_a_figure_that_is_not_what_it_must_be_is_remembered() -> None:
    lines: list[str] = []
    figures = Figures(lines.append)

    figures.equal("leads", 3, 3)
    figures.equal("people", 4, 5)

    assert figures.wrong == ["people"] and lines[1] == "WRONG people: 4 instead of 5"
