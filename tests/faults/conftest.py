# SPDX-License-Identifier: GPL-2.0-or-later
"""Say at the end how many cases were tried and how many were wrong."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    counts = {
        kind: sum("tests/faults/" in each.nodeid for each in terminalreporter.getreports(kind))
        for kind in ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    }
    if tried := sum(counts.values()):
        wrong, known = counts["failed"] + counts["error"], counts["xfailed"]
        line = f"faults: {tried} cases tried, {wrong} wrong, {known} more known to be wrong"
        terminalreporter.write_line(f"{line}, {counts['skipped']} skipped")
