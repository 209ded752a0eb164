# SPDX-License-Identifier: GPL-2.0-or-later
"""Numbers with their nouns, and tables, as text."""

from __future__ import annotations

import pytest

from core.language import counted, in_columns


@pytest.mark.parametrize(("number", "text"), [(0, "0 tiles"), (1, "1 tile"), (12, "12 tiles")])
def test_a_noun_is_of_the_number_before_it(number: int, text: str) -> None:
    assert counted(number, "tile") == text


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    rows = [("", "state", "ERGAS"), ("bt-h-bp", "ok", "2.5"), ("gsa", "failed", "")]
    assert in_columns(rows, left=2) == [
        ["       ", "state ", "ERGAS"],
        ["bt-h-bp", "ok    ", "  2.5"],
        ["gsa    ", "failed", "     "],
    ]
