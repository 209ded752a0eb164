# SPDX-License-Identifier: GPL-2.0-or-later
"""What the guard of the fine-tuning does, on scenes whose errors are made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments.tuning import guard
from experiments.tuning.guard import Judged


def scene(name: str, gain: float, effect: float) -> Judged:
    """A scene of a set of its own: `gain` of fine-tuned KSDiff in the test, `effect` in truth."""
    tested = {"ksdiff": 1.0, "ksdiff-adapted": gain, "scene-fit": 1.0}
    right = {"ksdiff": 0.9, "ksdiff-adapted": 0.9 * effect, "scene-fit": 1.0}
    scores = {method: [error] * 3 for method, error in right.items()}
    return Judged(name, name, "RR", 4096, tested, right, scores, {}, {})


def test_fine_tuning_is_taken_where_the_test_gains_but_not_too_much() -> None:
    helps, harms, worse = scene("a", 0.95, 0.9), scene("b", 0.6, 1.2), scene("c", 1.1, 0.8)
    assert [s.chosen("ksdiff") for s in (helps, harms, worse)] == ["ksdiff-adapted"] + [
        "ksdiff"
    ] * 2
    assert [s.effect("ksdiff", guarded=True) for s in (helps, harms)] == [pytest.approx(0.9), 1.0]
    assert harms.effect("ksdiff", guarded=False) == pytest.approx(1.2)
    assert helps.chosen(guard.AUTO) == "ksdiff-adapted"
    assert helps.chosen(guard.PLAIN_AUTO) == "ksdiff"
    told = guard.report([helps, harms, worse])
    assert "| b (1) | RR | 0.600 | 1.200 | 1.000, 0 of 1 |" in told
    assert "ksdiff: 3 of 3 tuned; allowed 1, better 1, worst 1.000; refused 2, would be" in told


def test_each_set_gets_the_limit_that_the_others_ask_for() -> None:
    harmed = [scene(name, 0.72, 1.3) for name in "ab"]
    helped = [scene(name, 0.88, 0.9) for name in "cd"]
    assert guard.best_limit([*harmed, *helped], "ksdiff") == 0.75
    assert guard.best_limit(helped, "ksdiff") == 0.0
    assert "worst 1.000" in guard.limits([*harmed, *helped], "ksdiff")


def test_a_network_that_cannot_be_tuned_counts_as_it_is() -> None:
    left_out = Judged(
        "a", "a", "RR", 100, {"ksdiff": 1.0, "scene-fit": 1.1}, {"ksdiff": 1.0, "scene-fit": 1.1},
        {"ksdiff": [1.0] * 3, "scene-fit": [1.1] * 3}, {}, {"ksdiff-adapted": "too small"},
    )  # fmt: skip
    assert left_out.effect("ksdiff", guarded=False) == 1.0
    assert "| a (1) | RR | not tuned | 1.000 | 1.000, 0 of 1 |" in guard.report([left_out])


def test_measured_scenes_are_read_again(tmp_path: Path) -> None:
    file, known = tmp_path / "guard.jsonl", scene("a", 0.95, 0.9)
    assert guard.read(file) == []
    file.write_text(json.dumps(vars(known)) + "\n", "utf-8")
    assert guard.measure_all([], ["ksdiff"], 1.0, file) == [known]
