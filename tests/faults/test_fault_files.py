# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of every kind, damaged and hostile ones too, are read right or refused."""

from __future__ import annotations

from pathlib import Path

from tests.faults.trying import attempt, cases


@cases(1200, 2300)
def test_case(number: int, tmp_path: Path) -> None:
    attempt(number, tmp_path)
