"""Fixtures for every test, and what keeps a long run honest: failures are told at once, and nothing hangs for ever."""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is.
settings.register_profile("hub", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hub")

pytest_plugins = ["tests.services", "tests.databases"]

CLEAN_UP_WITHIN_S = 120
"""pytest-timeout interrupts a test once; clean-up that swallows the interruption would hold the whole run."""


class Alarm:
    """Writes past pytest's capture: a run that is cut off has no summary, and what failed must be known without it."""

    def __init__(self) -> None:
        # A copy, made while the standard error is not captured yet.
        self._stderr = os.fdopen(os.dup(sys.stderr.fileno()), "w")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Iterator[None]:
        faulthandler.dump_traceback_later(CLEAN_UP_WITHIN_S, exit=True, file=self._stderr)
        try:
            return (yield)
        finally:
            faulthandler.cancel_dump_traceback_later()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            print(f"\n{report.nodeid} failed:\n{report.longreprtext}", file=self._stderr, flush=True)

    def pytest_unconfigure(self) -> None:
        self._stderr.close()


def pytest_collection_finish() -> None:
    # A tenth of the run went into looking for rubbish among three thousand collected tests.
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Alarm())
