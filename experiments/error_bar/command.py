# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``error_bar``: how many errors does the error bar cover, scene by scene?

    .venv/bin/python -m experiments error_bar --data ../shared/data,../shared/data/edge

Every scene is sharpened at reduced resolution, where it has a reference, PAN by bicubic and under
an MTF; its bar is made of its own test, one resolution lower. ``left out`` is the coverage of a bar
that is widened by what the other sets need; ``constant`` is one bar for all pixels
of a band, as wide as the bar is in the mean.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from scipy.stats import spearmanr

from core.benchmark.datasets import BenchmarkCase
from core.cli.options import add_options, request_of
from core.errors import PansharpenError
from core.fusion.scene_error_bar import tested_error_bar
from core.fusion.tiled import in_memory
from core.imaging.arrays import FloatArray
from core.methods import registry
from core.methods.error_bar import COVERAGE, local_detail, widening
from core.methods.interface import Settings
from core.pair.scene import Scene
from core.progress import silent
from core.requests.scenes import option
from core.worker.protocol import EXIT_OK
from experiments.cases import reduced_cases

EDGES = 0.2
"""Share of a scene's pixels, those with most of PAN's detail, that count as edges."""
UPPER = 0.75
"""Quantile over the sets of the widening that they need, which is taken."""
TILE = 512  # PAN px


@dataclass(frozen=True)
class Request:
    """The options, named as in ``bench``."""

    data: tuple[str, ...] = option((), "folders with val/ or sets of pairs", "A,B")
    sets: tuple[str, ...] | None = option(None, "folders by name (all)", "A,B")
    methods: tuple[str, ...] = option(("srino",), "methods ({default})", "A,B")


@dataclass(frozen=True)
class Found:
    """Errors of a scene over their bar before it is widened, (C, N), and over a constant bar.

    edges : (N,). rank : correlation of bar and error, mean over bands. width : of the bar over the
    band's mean error.
    """

    case: BenchmarkCase
    ratio: float
    method: str
    over_bar: FloatArray
    over_constant: FloatArray
    edges: FloatArray
    rank: float
    width: float

    @property
    def needed(self) -> float:
        """Widening times ratio at which the bar has its nominal coverage."""
        return float(np.quantile(self.over_bar, COVERAGE)) * self.ratio

    def covered(self, widened: float, errors: FloatArray | None = None) -> float:
        """Return the share of errors (C, N) within the bar widened by `widened` over the ratio."""
        errors = self.over_bar if errors is None else errors
        return float(np.mean(errors <= max(widened / self.ratio, 1.0)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_options(parser, Request)


def run(args: argparse.Namespace) -> int:
    """Measure and print a table for each method."""
    request = request_of(Request, args)
    cases = reduced_cases(request.data, request.sets)
    for method in request.methods:
        print(f"\n{method}\n" + report([each for case in cases for each in measure(case, method)]))
    return EXIT_OK


def measure(case: BenchmarkCase, name: str) -> list[Found]:
    """Return the measurement of a scene; empty if it has no error bar."""
    with tempfile.TemporaryDirectory(prefix="error-bar-") as folder:
        prepared = case.prepare(Path(folder), silent)
        (path,) = Path(folder).glob("*gt*.tif")
        with rasterio.open(path) as dataset, Scene.open(prepared.pan, prepared.ms) as scene:
            reference = dataset.read().astype(np.float32)
            settings = Settings(scene.ratio, case.gains)
            method = registry.create(name, settings)
            try:
                context = method.prepare(scene, silent)
                image = in_memory(scene, method, context, TILE)
                bar = tested_error_bar(scene, method, context, settings, None, silent)
            except PansharpenError as error:
                print(f"{case.set} {case.scene}: {error}")
                return []
            patch = scene.read(scene.whole)
            off = image - reference
            valid = patch.valid & np.isfinite(off).all(axis=0)
            errors, width = np.abs(off)[:, valid], bar.of(patch)[:, valid]
            detail = local_detail(patch.pan, patch.valid, scene.ratio)[valid]
            narrow = width / widening(scene.ratio)
            constant = narrow.mean(axis=1, keepdims=True)
            ranks = [spearmanr(w, e).statistic for w, e in zip(width, errors, strict=True)]
            mean_error = errors.mean(axis=1)
            return [
                Found(
                    case,
                    scene.ratio,
                    name,
                    errors / narrow,
                    errors / constant,
                    detail >= np.quantile(detail, 1 - EDGES),
                    float(np.mean(ranks)),
                    float(np.mean(width.mean(axis=1) / mean_error)),
                )
            ]


def needed_by(found: Sequence[Found], left_out: str = "") -> float:
    """Return the widening that the sets need, without one of them."""
    sets: dict[str, list[float]] = {}
    for each in found:
        if each.case.set != left_out:
            sets.setdefault(each.case.set, []).append(np.log(each.needed))
    return float(np.quantile([np.exp(np.mean(logs)) for logs in sets.values()], UPPER))


def report(found: Sequence[Found]) -> str:
    """Return a table of the sets, each scale of them, and the worst scene of each."""
    lines = [
        "| set | PAN | scenes | needed | covered | left out | worst | edges | edges, constant "
        "| rank | width / error |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, scale in dict.fromkeys((each.case.set, each.case.scale) for each in found):
        some = [each for each in found if (each.case.set, each.case.scale) == (name, scale)]
        others = needed_by(found, name)
        widened = [widening(each.ratio) * each.ratio for each in some]
        pairs = list(zip(some, widened, strict=True))
        covered = [each.covered(w) for each, w in pairs]
        row = [
            float(np.mean([each.needed for each in some])),
            float(np.mean(covered)),
            float(np.mean([each.covered(others) for each in some])),
            min(covered),
            float(np.mean([each.covered(w, each.over_bar[:, each.edges]) for each, w in pairs])),
            float(np.mean([e.covered(w, e.over_constant[:, e.edges]) for e, w in pairs])),
            float(np.mean([each.rank for each in some])),
            float(np.mean([each.width for each in some])),
        ]
        values = " | ".join(f"{value:.2f}" for value in row)
        lines.append(f"| {name} | {scale} | {len(some)} | {values} |")
    lines.append(f"\nWidening that the sets need, upper quartile: {needed_by(found):.2f} / ratio.")
    return "\n".join(lines)
