# SPDX-License-Identifier: GPL-2.0-or-later
"""The expected error of a method, from its error in the test."""

from __future__ import annotations

import math

import pytest

from core.fusion.selection_rule import SelectionRule, error

RULE = SelectionRule(published=1.5, fitted=1.1, kept=0.5, believed=0.2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("srino", 4.0),
        ("ksdiff", 4.0),
        ("gsa", 6.0),
        ("gsa-bp", 6.0),
        ("scene-fit", 4.4),
        ("exp", 4.0),
    ],
)
def test_an_error_counts_as_much_as_its_kind_of_method(name: str, expected: float) -> None:
    assert RULE.expected({name: 4.0}) == {name: pytest.approx(expected)}


def test_a_part_of_what_fine_tuning_gains_is_kept() -> None:
    found = RULE.expected({"ksdiff": 4.0, "ksdiff-adapted": 1.0})
    assert found["ksdiff-adapted"] == pytest.approx(2.0)


def test_more_gain_than_is_believed_counts_against_fine_tuning() -> None:
    errors = {"ksdiff": 4.0, "ksdiff-adapted": 0.79}
    assert RULE.expected(errors)["ksdiff-adapted"] > 4.0
    assert RULE.select(errors, {}) == "ksdiff"
    assert RULE.select(errors | {"ksdiff-adapted": 0.81}, {}) == "ksdiff-adapted"


def test_error_is_the_geometric_mean_of_what_is_known() -> None:
    assert error({"ERGAS": 2.0, "SAM": 4.0, "Q2n": 0.0}) == pytest.approx(2.0)
    assert error({"ERGAS": 2.0, "SAM": math.nan, "Q2n": 0.5}) == pytest.approx(1.0)
    assert error({"ERGAS": math.nan, "SAM": math.nan, "Q2n": math.nan}) == math.inf
