# SPDX-License-Identifier: GPL-2.0-or-later
"""Is the scene test right to allow or to refuse a network that was fine-tuned to the scene?"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.benchmark.datasets import BenchmarkCase
from core.fusion import reduced_test
from core.fusion.comparison import FINE_TUNED_BY_AUTO
from core.fusion.method_selection import POOLS
from core.fusion.selection_rule import SelectionRule, error
from core.fusion.tiled import in_memory
from core.imaging.arrays import FloatArray
from core.methods import registry
from core.methods.classical import Exp
from core.methods.interface import Settings
from core.methods.registry import METHODS, NETWORKS
from core.methods.scene_fit import SceneFit
from core.pair.scene import Scene
from core.progress import silent
from experiments.cases import TILE

LIMITS = (0.0, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
"""Of `SelectionRule.believed`, to compare."""
AUTO, PLAIN_AUTO = "auto", "auto, not fine-tuned"


@dataclass(frozen=True)
class Judged:
    """A scene at reduced resolution, and what the test at a resolution reduced once more says.

    pixels : of the scene's MS.
    tested, right : method -> error of the test, and against the scene's reference.
    scores : method -> ERGAS, SAM, 1 - Q2n against the reference.
    given_back : method -> error in the test of the image degraded to MS.
    left_out : fine-tuned method -> why it cannot be had.
    """

    set: str
    scene: str
    scale: str
    pixels: int
    tested: dict[str, float]
    right: dict[str, float]
    scores: dict[str, list[float]]
    given_back: dict[str, float]
    left_out: dict[str, str]

    @property
    def networks(self) -> list[str]:
        """The networks that were fine-tuned, or tried to be."""
        return [n for n in NETWORKS if {METHODS[n].fine_tuned} & {*self.tested, *self.left_out}]

    def chosen(self, name: str) -> str:
        """Return what the rule in use takes for a network, fine-tuned or not, or for `auto`."""
        rule = SelectionRule()
        if name in NETWORKS:
            expected, tuned = rule.expected(self.tested), METHODS[name].fine_tuned or ""
            return tuned if tuned in expected and expected[tuned] < expected[name] else name
        names = {*POOLS["auto"], Exp.name}
        if name == AUTO:
            names |= {METHODS[FINE_TUNED_BY_AUTO].fine_tuned or ""}
        errors = {name: value for name, value in self.tested.items() if name in names}
        return rule.select(errors, self.given_back) or SceneFit.name

    def gain(self, network: str) -> float | None:
        """Return the error in the test of the fine-tuned network over that of the plain one."""
        tuned = self.tested.get(METHODS[network].fine_tuned or "")
        return tuned / self.tested[network] if tuned else None

    def limited(self, network: str, limit: float) -> float:
        """Return `effect` of a guard that allows what has at least `limit` as its gain, below 1."""
        gain = self.gain(network)
        return self.effect(network, False) if gain and limit <= gain < 1 else 1.0

    def effect(self, network: str, guarded: bool) -> float:
        """Return the error of the fine-tuned network over that of the plain one; 1 if not used."""
        used = METHODS[network].fine_tuned or ""
        if used not in self.right or (guarded and self.chosen(network) != used):
            return 1.0
        return self.right[used] / self.right[network]

    def over_fit(self, method: str) -> list[float]:
        """Return ERGAS, SAM and 1 - Q2n of a method over those of the scene fit."""
        of, fit = self.scores[method], self.scores[SceneFit.name]
        return [mine / theirs for mine, theirs in zip(of, fit, strict=True)]


def measure_all(
    cases: Sequence[BenchmarkCase], networks: Sequence[str], seconds: float, file: Path
) -> list[Judged]:
    """Append a line of JSON to `file` for each scene that has none there; return all of the file.

    `seconds` limit each fine-tuning.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    known = {(each.set, each.scene, each.scale) for each in read(file)}
    for case in cases:
        if (case.set, case.scene, case.scale) not in known:
            line = json.dumps(vars(measure(case, networks, seconds)))
            with file.open("a", encoding="utf-8") as lines:
                lines.write(line + "\n")
    return read(file)


def read(file: Path) -> list[Judged]:
    """Return what was measured so far."""
    if not file.exists():
        return []
    return [Judged(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def measure(case: BenchmarkCase, networks: Sequence[str], seconds: float) -> Judged:
    """Test a scene, and sharpen it with what was tested; each network is fine-tuned once."""
    tuned = [name for n in networks if (name := METHODS[n].fine_tuned)]
    with tempfile.TemporaryDirectory(prefix="guard-") as folder:
        prepared = case.prepare(Path(folder), silent)
        with Scene.open(prepared.pan, prepared.ms) as scene:
            settings = Settings(scene.ratio, case.gains, fine_tuning_seconds=seconds)
            test = reduced_test.run(scene, (*POOLS["auto"], *tuned), settings, silent)
            of_auto = METHODS[FINE_TUNED_BY_AUTO].fine_tuned or ""
            winners = [test.winner_of(pool) for pool in (POOLS["auto"], (*POOLS["auto"], of_auto))]
            right, scores = {}, {}
            settings = replace(settings, fit=test.fit)
            wanted = (SceneFit.name, *networks, *tuned, *winners)
            for name in dict.fromkeys(wanted):
                if name in test.left_out:
                    continue
                method = registry.create(name, settings)
                context = test.contexts.get(name) or method.prepare(scene, silent)
                found = prepared.score(scene, in_memory(scene, method, context, TILE), silent)
                right[name] = error(found)
                scores[name] = [found["ERGAS"], found["SAM"], 1 - found["Q2n"]]
            tested = {row.method: error(row.scores) for row in test.rows}
            given_back = {row.method: row.scores["reprojected"] for row in test.rows}
            left_out = {name: test.left_out[name] for name in tuned if name in test.left_out}
            size = scene.ms_grid.height * scene.ms_grid.width
    return Judged(
        case.set, case.scene, case.scale, size, tested, right, scores, given_back, left_out
    )


def best_limit(judged: Sequence[Judged], network: str) -> float:
    """Return the limit with which the error is least, the lowest of equal ones."""
    return min(LIMITS, key=lambda limit: _mean_limited(judged, network, limit))


def limits(judged: Sequence[Judged], network: str) -> str:
    """Tell what limit of the gain each set is given by the others, and what comes of it."""
    names = list(dict.fromkeys(each.set for each in judged))
    left_out, found = [], {}
    for name in names:
        others = [each for each in judged if each.set != name]
        found[name] = best_limit(others, network) if others else 0.0
        left_out += [each.limited(network, found[name]) for each in judged if each.set == name]
    fixed = [f"{limit:g}: {np.exp(_mean_limited(judged, network, limit)):.3f}" for limit in LIMITS]
    given = ", ".join(f"{name} {limit:g}" for name, limit in found.items())
    return (
        f"{network}: error by limit {', '.join(fixed)}; by that of the other sets, {given}: mean "
        f"over scenes {np.exp(np.mean(np.log(left_out))):.3f}, worst {max(left_out):.3f}"
    )


def _mean_limited(judged: Sequence[Judged], network: str, limit: float) -> float:
    logs = [float(np.log(each.limited(network, limit))) for each in judged]
    return float(mean_over_sets(judged, logs))


def report(judged: Sequence[Judged]) -> str:
    """Return Markdown tables: what the test says, what it allows, and what comes of it."""
    of = {network: [e for e in judged if network in e.networks] for network in NETWORKS}
    of = {network: some for network, some in of.items() if some}
    heads = "".join(f" {network}: in the test | tuned | as the guard says |" for network in of)
    lines = [f"| set (scenes) | PAN |{heads}", "|---|---|" + "---:|---:|---:|" * len(of)]
    for name, scale in dict.fromkeys((each.set, each.scale) for each in judged):
        some = [each for each in judged if (each.set, each.scale) == (name, scale)]
        cells = [cell for network in of for cell in _cells(some, network)]
        lines.append(f"| {name} ({len(some)}) | {scale} | {' | '.join(cells)} |")
    cells = [cell for network, some in of.items() for cell in ("", *_cells(some, network)[1:])]
    lines.append(f"| all ({len(judged)}) |  | {' | '.join(cells)} |")
    lines += [
        "",
        "| auto, over the scene fit: | ERGAS | SAM | 1 - Q2n | worst error | fine-tuned |",
    ]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for name in (PLAIN_AUTO, AUTO):
        logs = [[float(np.log(x)) for x in each.over_fit(each.chosen(name))] for each in judged]
        values = np.exp(mean_over_sets(judged, logs))
        worst = max(e.right[e.chosen(name)] / e.right[SceneFit.name] for e in judged)
        tuned = sum(bool(METHODS[each.chosen(name)].fine_tunes) for each in judged)
        row = " | ".join(f"{value:.3f}" for value in (*values, worst))
        lines.append(f"| {name} | {row} | {tuned} |")
    said = [f(some, network) for network, some in of.items() for f in (counts, limits)]
    return "\n".join([*lines, "", *said])


def counts(judged: Sequence[Judged], network: str) -> str:
    """Tell how many scenes the guard allows and refuses, and where it is right."""
    tuned = [each for each in judged if each.gain(network)]
    allowed = [each for each in tuned if each.chosen(network) != network]
    refused = [each for each in tuned if each.chosen(network) == network]
    better = [sum(e.effect(network, False) < 1 for e in some) for some in (allowed, refused)]
    worst = [max(e.effect(network, guarded) for e in judged) for guarded in (True, False)]
    return (
        f"{network}: {len(tuned)} of {len(judged)} tuned; allowed {len(allowed)}, better "
        f"{better[0]}, worst {worst[0]:.3f}; refused {len(refused)}, would be better {better[1]}, "
        f"worst of all {worst[1]:.3f}"
    )


def mean_over_sets(judged: Sequence[Judged], values: Sequence[float | list[float]]) -> FloatArray:
    """Return the mean of `values` over the scenes of each set and PAN, then over these."""
    groups: dict[tuple[str, str], list[float | list[float]]] = {}
    for each, value in zip(judged, values, strict=True):
        groups.setdefault((each.set, each.scale), []).append(value)
    return np.asarray(np.mean([np.mean(some, axis=0) for some in groups.values()], axis=0))


def _cells(judged: Sequence[Judged], network: str) -> list[str]:
    """Return the gain in the test, and the mean effect of tuning without and with the guard."""
    gains = [gain for each in judged if (gain := each.gain(network))]
    ends = [f"{gain:.3f}" for gain in (min(gains), max(gains))] if gains else ["not tuned"]
    logs = [
        [float(np.log(e.effect(network, guarded))) for guarded in (False, True)] for e in judged
    ]
    tuned, guarded = np.exp(mean_over_sets(judged, logs))
    allowed = sum(each.chosen(network) != network for each in judged)
    tested = " to ".join(dict.fromkeys(ends))
    return [tested, f"{tuned:.3f}", f"{guarded:.3f}, {allowed} of {len(judged)}"]
