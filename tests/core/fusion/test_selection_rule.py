# SPDX-License-Identifier: GPL-2.0-or-later
"""The expected error of a method, from its error in the test."""

from __future__ import annotations

import math

import pytest

from core.fusion.selection_rule import DISPLACED, SelectionRule, error

RULE = SelectionRule(published=1.5, fitted=1.1, displaced=2.0, kept=0.5)


@pytest.mark.parametrize(
    ("name", "shift", "expected"),
    [
        ("srino", 0.0, 4.0),
        ("srino", 1.0, 4.0),
        ("ksdiff", DISPLACED, 4.0),
        ("ksdiff", DISPLACED + 0.01, 8.0),
        ("gsa", 1.0, 6.0),
        ("gsa-bp", 0.0, 6.0),
        ("scene-fit", 0.0, 4.4),
        ("exp", 0.0, 4.0),
    ],
)
def test_an_error_counts_as_much_as_its_kind_of_method(
    name: str, shift: float, expected: float
) -> None:
    assert RULE.expected({name: 4.0}, shift) == {name: pytest.approx(expected)}


@pytest.mark.parametrize(("shift", "factor"), [(0.0, 1.0), (1.0, 2.0)])
def test_a_part_of_what_fine_tuning_gains_is_kept(shift: float, factor: float) -> None:
    found = RULE.expected({"ksdiff": 4.0, "ksdiff-adapted": 1.0}, shift)
    assert found["ksdiff-adapted"] == pytest.approx(factor * 2.0)


def test_error_is_the_geometric_mean_of_what_is_known() -> None:
    assert error({"ERGAS": 2.0, "SAM": 4.0, "Q2n": 0.0}) == pytest.approx(2.0)
    assert error({"ERGAS": 2.0, "SAM": math.nan, "Q2n": 0.5}) == pytest.approx(1.0)
    assert error({"ERGAS": math.nan, "SAM": math.nan, "Q2n": math.nan}) == math.inf
