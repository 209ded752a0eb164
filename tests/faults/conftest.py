# SPDX-License-Identifier: GPL-2.0-or-later
"""Say at the end how many cases were tried and how many were wrong."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    kinds = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    counts = {
        kind: sum("tests/faults/" in each.nodeid for each in terminalreporter.getreports(kind))
        for kind in kinds
    }
    if tried := counts["passed"] + counts["failed"]:
        others = sum(counts.values()) - tried
        line = f"faults: {tried} cases tried, {counts['failed']} wrong, {others} not tried"
        terminalreporter.write_line(line)
