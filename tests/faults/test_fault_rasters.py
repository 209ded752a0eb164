# SPDX-License-Identifier: GPL-2.0-or-later
"""Pairs of every kind of raster are sharpened right, or refused with a clear word."""

from __future__ import annotations

from pathlib import Path

from tests.faults.trying import attempt, cases


@cases(1, 1200)
def test_case(number: int, tmp_path: Path) -> None:
    attempt(number, tmp_path)
