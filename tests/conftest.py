# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures shared by every suite."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# As training has it (`training/__init__.py`); numpy, imported later, reads it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real satellite pairs kept beside the checkout; tests that need them skip without."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real scenes are not at ../shared/data beside the checkout")
    return folder


@pytest.fixture(autouse=True)
def level_of_the_log() -> Iterator[None]:
    """Restore what the log tells, which every run of the command line sets."""
    log = logging.getLogger("core")
    before = log.level
    yield
    log.setLevel(before)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Say last how many tests were skipped and why; `make test` collects it of both suites."""
    yield
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or hasattr(session.config, "workerinput"):  # a process of pytest-xdist
        return
    counts = {kind: len(terminal.getreports(kind)) for kind in ("failed", "error", "passed")}
    line = ", ".join(f"{number} {kind}" for kind, number in counts.items() if number)
    skipped = Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in terminal.getreports("skipped")
    )
    line += f", {skipped.total()} skipped"
    if skipped:
        line += ": " + "; ".join(f"{number} x {why}" for why, number in skipped.most_common())
        terminal.write_line(line)
    if summary := os.environ.get("TEST_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
