# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes at reduced resolution, which have a reference, and what experiments score on them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from core.benchmark import datasets
from core.benchmark.datasets import BenchmarkCase, CaseSelection
from core.benchmark.tables import BenchmarkRow
from core.fusion.tiled import in_memory
from core.imaging.arrays import Image
from core.methods import registry
from core.methods.interface import Settings
from core.pair.scene import Scene
from core.progress import silent
from core.quality.consistency import Consistency

PAN_GAIN = 0.15
"""MTF of the second PAN at the Nyquist frequency of MS."""
TILE = 512
"""PAN px."""
REPROJECTED = "reprojected"
"""ERGAS of an image that is degraded to MS, against MS."""

Make = Callable[[Scene, Settings], Iterator[tuple[str, Image]]]
"""Yields names and images (C, H, W), DN, from a scene and settings with its ratio and MTF."""


def reduced_cases(folders: Sequence[str], sets: Sequence[str] | None) -> list[BenchmarkCase]:
    """Return the scenes of folders, PAN reduced by bicubic and again under an MTF.

    `sets` names the sets to take; None takes all.
    """
    selection = CaseSelection(sets=tuple(sets) if sets else None, pan_gain=PAN_GAIN)
    return [
        case
        for folder in folders
        for case in datasets.find_cases(Path(folder), selection)
        if case.scale != "FR"
    ]


def score(case: BenchmarkCase, make: Make) -> list[BenchmarkRow]:
    """Return a row for each image that `make` makes of a case, with its reprojected error, too."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="experiment-") as folder:
        prepared = case.prepare(Path(folder), silent)
        with Scene.open(prepared.pan, prepared.ms) as scene:
            whole = scene.read(scene.whole)
            for name, image in make(scene, Settings(scene.ratio, case.gains)):
                consistency = Consistency(scene, case.gains)
                consistency.add(image, whole)
                scores = prepared.score(scene, image, silent)
                scores |= {REPROJECTED: consistency.compute()["ERGAS"]}
                rows.append(BenchmarkRow(case.set, case.scene, case.scale, name, name, scores, 0.0))
    return rows


def sharpened(name: str, scene: Scene, settings: Settings) -> Image:
    """Return the image (C, H, W), DN, of a method by name."""
    method = registry.create(name, settings)
    return in_memory(scene, method, method.prepare(scene, silent), TILE)
