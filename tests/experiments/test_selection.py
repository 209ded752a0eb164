# SPDX-License-Identifier: GPL-2.0-or-later
"""The regret of a selection, on scenes whose errors are made up, and on one that is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.fusion.selection_rule import SelectionRule
from experiments.__main__ import main
from experiments.selection import command, measure, rules
from experiments.selection.measure import Measured


def scene(name: str, right: dict[str, float], test: dict[str, float]) -> Measured:
    """A scene of a set of its own, whose indices are all equal to such errors."""

    def scores(errors: dict[str, float]) -> dict[str, dict[str, float]]:
        return {
            method: {"ERGAS": e, "SAM": e, "Q2n": 1 - e, "reprojected": 0.1}
            for method, e in errors.items()
        }

    return Measured(name, name, "RR", scores(right), scores(test))


def test_regret_is_what_the_selected_method_has_above_the_best() -> None:
    led = scene("a", {"srino": 0.5, "gsa": 0.4}, {"srino": 0.5, "gsa": 0.45})
    found = rules.outcome(led, SelectionRule(published=1.2))
    assert (found.chosen, found.best) == ("srino", "gsa")
    assert found.regret == pytest.approx(0.25)
    assert rules.outcome(led, SelectionRule(published=1.0)).regret == 0


def test_a_scene_without_a_test_gets_the_scene_fit() -> None:
    found = rules.outcome(scene("a", {"srino": 0.5, "scene-fit": 0.6}, {}), SelectionRule())
    assert (found.chosen, found.regret) == ("scene-fit", pytest.approx(0.2))


def test_each_set_is_judged_by_the_rule_of_the_others() -> None:
    right = {"srino": 0.4, "gsa": 0.5}
    misled = {"srino": 0.5, "gsa": 0.45}  # the classical method leads by 10 % in the test
    scenes = [scene(name, right, misled) for name in "abc"]
    told = rules.report(scenes)
    assert "each set by the rule of the others: regret 0.0% over sets" in told
    assert "always gsa: regret 25.0% over sets" in told
    # Where the others say the opposite, the rule they give is wrong for it.
    other = scene("d", {"srino": 0.5, "gsa": 0.45}, misled)
    assert "d: 11.1% by" in rules.report([*scenes, other])


def test_a_scene_is_measured_once(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(command, "METHODS", {"gsa": None, "gsa-bp": None, "exp": None})
    out = tmp_path / "found.jsonl"
    options = ["--data", str(shared_data), "--sets", "worldview2", "--out", str(out)]
    for _ in range(2):
        assert main(["selection", *options]) == 0
    found = measure.read(out)
    assert [(each.set, each.scale) for each in found] == [
        ("worldview2", "RR"), ("worldview2", "RR-MTF"),
    ]  # fmt: skip
    assert all(set(each.right) == set(each.test) == {"gsa", "gsa-bp", "exp"} for each in found)
    assert rules.report(found) in capsys.readouterr().out
