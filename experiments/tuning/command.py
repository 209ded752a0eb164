# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``tuning``: errors of the networks before and after fine-tuning, over the fit's.

    .venv/bin/python -m experiments tuning --data ../shared/data --sets spot6 worldview2

At reduced resolution with PAN by bicubic (RR) and under an MTF (RR-MTF), and at full resolution
(FR), where the reprojected error is the ERGAS of the image degraded to MS.

    .venv/bin/python -m experiments tuning --data ../shared/data --guard build/guard.jsonl

adds what the scene test says of fine-tuning, and whether it is right; at reduced resolution alone.
A second run goes on after the last scene in the file.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from core.benchmark import datasets
from core.benchmark.datasets import CaseSelection
from core.benchmark.tables import LOSSES, BenchmarkRow, Loss, Scale
from core.imaging.arrays import FloatArray, Image
from core.methods.interface import Settings
from core.methods.registry import FINE_TUNED, NETWORKS
from core.methods.scene_fit import SceneFit
from core.pair.scene import Scene
from core.worker.protocol import EXIT_OK
from experiments.cases import PAN_GAIN, REPROJECTED, score, sharpened
from experiments.tuning import guard

SCALES: tuple[Scale, ...] = ("RR", "RR-MTF", "FR")
#: Errors by scale and title, see `core.benchmark.tables.LOSSES`.
ERRORS: dict[Scale, dict[str, Loss]] = {
    **LOSSES,
    "FR": {"reprojected": lambda scores: scores[REPROJECTED], **LOSSES["FR"]},
}
#: Enough for all steps of the fine-tuning: the result does not depend on the machine.
SECONDS = 3600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("--data", required=True, help="folder with val/ or sets of pairs")
    add("--sets", nargs="+", help="folders by name (all)")
    add("--scales", nargs="+", choices=SCALES, default=SCALES, help="(all)")
    add("--networks", nargs="+", choices=NETWORKS, default=NETWORKS, help="(all)")
    add("--guard", type=Path, metavar="FILE", help="judge the scene test, keep what is measured")


def run(args: argparse.Namespace) -> int:
    """Print a line for each set, scale and method: errors over those of the scene fit."""
    sets = tuple(args.sets) if args.sets else None
    selection = CaseSelection(sets=sets, pan_gain=PAN_GAIN)
    names = [name for name in (*NETWORKS, *FINE_TUNED) if name.startswith(tuple(args.networks))]
    cases = [
        case
        for case in datasets.find_cases(Path(args.data), selection)
        if case.scale in args.scales
    ]
    if args.guard:
        reduced = [case for case in cases if case.scale != "FR"]
        print(guard.report(guard.measure_all(reduced, args.networks, SECONDS, args.guard)))
        return EXIT_OK
    rows: list[BenchmarkRow] = []
    for case in cases:
        rows += score(case, partial(images, names))
    print(report(rows))
    return EXIT_OK


def images(names: Sequence[str], scene: Scene, settings: Settings) -> Iterator[tuple[str, Image]]:
    """Yield name and image (C, H, W), DN, of the scene fit and the methods."""
    for name in (SceneFit.name, *names):
        yield name, sharpened(name, scene, replace(settings, fine_tuning_seconds=SECONDS))


def report(rows: Sequence[BenchmarkRow]) -> str:
    """Return Markdown tables: errors relative to the scene fit's, geometric mean over scenes."""
    lines: list[str] = []
    for scale in SCALES:
        found = [row for row in rows if row.scale == scale]
        if not found:
            continue
        lines += [f"### {scale}", "", f"| set | method | {' | '.join(ERRORS[scale])} |"]
        lines.append("|---|---|" + "---:|" * len(ERRORS[scale]))
        methods = [m for m in dict.fromkeys(row.method for row in found) if m != SceneFit.name]
        sets = list(dict.fromkeys(row.set for row in found))
        of_sets = {(name, m): relative(found, name, m) for m in methods for name in sets}
        for name in sets:
            lines += [_line(name, m, of_sets[name, m]) for m in methods]
        lines += [
            _line("all", m, np.mean([of_sets[name, m] for name in sets], axis=0)) for m in methods
        ]
        lines.append("")
    return "\n".join(lines)


def relative(rows: Sequence[BenchmarkRow], name: str, method: str) -> FloatArray:
    """Return log(error / the fit's) of each index, means over a set's scenes, (indices,)."""
    errors = {
        each: np.array(
            [
                [loss(row.scores) for loss in ERRORS[row.scale].values()]
                for row in rows
                if row.set == name and row.method == each
            ]
        )
        for each in (method, SceneFit.name)
    }
    return np.asarray(np.log(errors[method] / errors[SceneFit.name]).mean(axis=0))


def _line(name: str, method: str, logarithms: FloatArray) -> str:
    cells = " | ".join(f"{value:.3f}" for value in np.exp(logarithms))
    return f"| {name} | {method} | {cells} |"
