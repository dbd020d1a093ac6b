"""Begins a run. What the tests may ask for stands in tests/fixtures.py."""

import gc

import hypothesis
import pytest

hypothesis.settings.register_profile("quick", max_examples=20, deadline=None)  # bin/test --quick
hypothesis.settings.register_profile("suite", max_examples=30, deadline=None)  # bin/test
pytest_plugins = ["tests.slow"]
gc.disable()  # until the tests are collected


def pytest_configure(config: pytest.Config) -> None:
    """A process that only hands out tests to others does without what they need: to load it takes seconds."""
    if config.getoption("dist", "no") == "no":
        config.pluginmanager.import_plugin("tests.fixtures")
    else:
        gc.enable()
