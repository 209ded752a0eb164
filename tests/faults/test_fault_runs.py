# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever ends a run, the earlier result stays or the new one is whole."""

from __future__ import annotations

from pathlib import Path

from tests.faults.trying import attempt, cases


@cases(2300, 3000)
def test_case(number: int, tmp_path: Path) -> None:
    attempt(number, tmp_path)
