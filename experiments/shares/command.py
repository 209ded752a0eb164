# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``shares``: error over the network's share in the result.

    .venv/bin/python -m experiments shares --data ../shared/data,../shared/data/edge

A network's result and the scene fit's are mixed by shares from 0 (the fit alone) to 1 (the network
alone) at reduced resolution, PAN by bicubic and under an MTF. Printed are errors over those of the
fit, and which share is best on the other sets when one is left out.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.benchmark.datasets import BenchmarkCase
from core.cli.options import add_options, request_of
from core.fusion.selection_rule import error
from core.fusion.tiled import in_memory
from core.imaging.arrays import Image
from core.methods import registry
from core.methods.interface import Settings
from core.methods.registry import NETWORKS
from core.methods.scene_fit import SceneFit
from core.pair.scene import Scene
from core.requests import option
from core.worker.protocol import EXIT_OK
from experiments.cases import reduced_cases, silent

log = logging.getLogger(__name__)

SHARES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
TILE = 512  # PAN px
INDICES = {
    "ERGAS": lambda scores: scores["ERGAS"],
    "SAM": lambda scores: scores["SAM"],
    "1 - Q2n": lambda scores: 1 - scores["Q2n"],
    "error": error,
}


@dataclass(frozen=True)
class Request:
    """The options, named as in ``bench``."""

    data: tuple[str, ...] = option((), "folders with val/ or sets of pairs", "A,B")
    methods: tuple[str, ...] = option(NETWORKS, "networks, fine-tuned ones too (all plain)", "A,B")
    sets: tuple[str, ...] | None = option(None, "folders by name (all)", "A,B")
    adapt: float = option(60.0, "for how long a fine-tuned one learns ({default:g})", "SECONDS")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_options(parser, Request)


def run(args: argparse.Namespace) -> int:
    """Measure, and print a table for each network."""
    request = request_of(Request, args)
    cases = reduced_cases(request.data, request.sets)
    found = {
        name: [measure(case, name, request.adapt) for case in cases] for name in request.methods
    }
    for name, losses in found.items():
        print(table(name, [case.set for case in cases], losses))
    return EXIT_OK


def measure(case: BenchmarkCase, name: str, seconds: float) -> dict[str, NDArray[np.float64]]:
    """Return every index `(len(SHARES),)` of the mixed results of one scene."""

    with tempfile.TemporaryDirectory(prefix="shares-") as folder:
        prepared = case.prepare(Path(folder), silent)
        with Scene.open(prepared.pan, prepared.ms) as scene:
            settings = Settings(scene.ratio, case.gains, fine_tuning_seconds=seconds)
            fit, network = _fit(scene, settings), _network_alone(scene, name, settings)
            scores = [
                prepared.score(scene, fit + np.float32(share) * (network - fit), silent)
                for share in SHARES
            ]
    log.info("%s %s %s: measured.", name, case.scene, case.scale)
    return {title: np.array([loss(s) for s in scores]) for title, loss in INDICES.items()}


def _fit(scene: Scene, settings: Settings) -> Image:
    method = SceneFit(settings)
    return in_memory(scene, method, method.prepare(scene, silent), TILE)


def _network_alone(scene: Scene, name: str, settings: Settings) -> Image:
    method = registry.create(name, settings)
    context = replace(method.prepare(scene, silent), base=None)
    return in_memory(scene, method, context, TILE)


def table(
    name: str, sets: Sequence[str], losses: Sequence[Mapping[str, NDArray[np.float64]]]
) -> str:
    """Return the geometric means over the sets, relative to the fit alone, as Markdown."""
    known = list(dict.fromkeys(sets))
    head = ["share of the network", *(f"{share:g}" for share in SHARES), "best, a set left out"]
    lines = [
        f"### {name}, {len(losses)} scenes of {len(known)} sets",
        "",
        f"| {' | '.join(head)} |",
        "|---" * len(head) + "|",
    ]
    for title in INDICES:
        logs = np.array([np.log(loss[title] / loss[title][0]) for loss in losses])
        of_set = np.array([logs[[each == one for each in sets]].mean(axis=0) for one in known])
        of_others = [np.delete(of_set, k, axis=0) for k in range(len(known)) if len(known) > 1]
        best = ", ".join(f"{SHARES[k]:g}" for k in sorted({x.mean(0).argmin() for x in of_others}))
        means = " | ".join(f"{value:.3f}" for value in np.exp(of_set.mean(axis=0)))
        worst = " | ".join(f"{value:.3f}" for value in np.exp(logs.max(axis=0)))
        lines += [f"| {title} | {means} | {best} |", f"| {title}, worst scene | {worst} | |"]
    return "\n".join(lines) + "\n"
