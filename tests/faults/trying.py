# SPDX-License-Identifier: GPL-2.0-or-later
"""The cases of some groups as tests of pytest."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.faults.table import TABLE


def cases(begin: int, end: int) -> Any:
    """The decorator of a test of each case with a number in a range."""
    bare = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
    found = [
        pytest.param(number, id=f"{number}-{case.id}", marks=bare)
        for number, case in TABLE.items()
        if begin <= number < end
    ]
    return pytest.mark.parametrize("number", found)


def attempt(number: int, folder: Path) -> None:
    """Try a case; `python -m tests.faults NUMBER` tries it again and keeps the files."""
    try:
        wrong = TABLE[number].wrongs(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # of all cases it would be gigabytes
    assert not wrong, f"case {number}, {TABLE[number].id}: " + "; ".join(wrong)
