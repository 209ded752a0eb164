# SPDX-License-Identifier: GPL-2.0-or-later
"""Regret of a selection rule: error of the method that it selects over the least error."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.fusion.selection_rule import SelectionRule, error
from core.methods.classical import Exp
from core.methods.scene_fit import SceneFit
from experiments.selection.measure import Measured

CANDIDATES = tuple(
    SelectionRule(*values)
    for values in itertools.product(
        (1.0, 1.1, 1.2, 1.3, 1.5),
        (0.96, 1.0, 1.04, 1.08, 1.12, 1.16),
        (0.0, 0.1, 0.2, 0.3, 0.5, 1.0),
    )
)


@dataclass(frozen=True)
class Outcome:
    """What a rule selects on a scene, what would have been best, and the regret."""

    scene: Measured
    chosen: str
    best: str
    regret: float


def outcome(scene: Measured, rule: SelectionRule) -> Outcome:
    """Apply a rule to a scene; without a test the scene fit is taken."""
    right = {name: error(scores) for name, scores in scene.right.items() if name != Exp.name}
    tested = {name: scores for name, scores in scene.test.items() if name in scene.right}
    errors = {name: error(scores) for name, scores in tested.items()}
    given_back = {name: scores["reprojected"] for name, scores in tested.items()}
    chosen = rule.select(errors, given_back) or SceneFit.name
    best = min(right, key=right.__getitem__)
    return Outcome(scene, chosen, best, right[chosen] / right[best] - 1)


def mean_over_sets(outcomes: Sequence[Outcome]) -> float:
    """Return the regret, averaged over the scenes of each set and then over the sets."""
    by_set: dict[str, list[float]] = {}
    for each in outcomes:
        by_set.setdefault(each.scene.set, []).append(each.regret)
    return float(np.mean([np.mean(values) for values in by_set.values()]))


def best_rule(scenes: Sequence[Measured]) -> SelectionRule:
    """Return the rule with the least regret.

    Of equal ones it is one that trusts the published methods least, which are hardly ever the best;
    of these the middle one.
    """
    regrets = [mean_over_sets([outcome(scene, rule) for scene in scenes]) for rule in CANDIDATES]
    least = [rule for rule, x in zip(CANDIDATES, regrets, strict=True) if x <= min(regrets) + 1e-9]
    most = max(rule.published for rule in least)
    cautious = [rule for rule in least if rule.published == most]
    return cautious[len(cautious) // 2]


def report(scenes: Sequence[Measured]) -> str:
    """Return a table of the regrets, each set judged by the rule that the others give."""
    if not scenes:
        return "No scene was measured."
    lines = ["set / scene / scale: selected, best, regret"]
    outcomes = []
    for left_out in dict.fromkeys(scene.set for scene in scenes):
        others = [scene for scene in scenes if scene.set != left_out]
        rule = best_rule(others) if others else SelectionRule()
        found = [outcome(scene, rule) for scene in scenes if scene.set == left_out]
        outcomes += found
        lines.append(f"{left_out}: {mean_over_sets(found):.1%} by {rule}")
        lines += [
            f"  {o.scene.scene} {o.scene.scale}: {o.chosen}, {o.best}, {o.regret:.1%}"
            for o in found
        ]
    lines.append(_summary("each set by the rule of the others", outcomes))
    for title, rule in (("best rule", best_rule(scenes)), ("rule in use", SelectionRule())):
        lines.append(_summary(f"{title}, {rule}", [outcome(scene, rule) for scene in scenes]))
    names = [name for name in scenes[0].right if all(name in scene.right for scene in scenes)]
    for name in names:
        fixed = [_always(scene, name) for scene in scenes]
        lines.append(_summary(f"always {name}", fixed))
    return "\n".join(lines)


def _always(scene: Measured, name: str) -> Outcome:
    right = {each: error(scores) for each, scores in scene.right.items() if each != Exp.name}
    best = min(right, key=right.__getitem__)
    return Outcome(scene, name, best, error(scene.right[name]) / right[best] - 1)


def _summary(title: str, outcomes: Sequence[Outcome]) -> str:
    worst = max(outcomes, key=lambda each: each.regret)
    mean = np.mean([each.regret for each in outcomes])
    return (
        f"{title}: regret {mean_over_sets(outcomes):.1%} over sets, {mean:.1%} over scenes, worst "
        f"{worst.regret:.1%} on {worst.scene.scene} {worst.scene.scale}"
    )
