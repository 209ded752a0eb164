# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``displaced``: the error of methods where PAN is displaced against MS.

    .venv/bin/python -m experiments displaced --data ../shared/data --sets spot6 worldview2

At reduced resolution PAN is moved by parts of its pixels; MS and the reference stay. Printed is the
ERGAS over that without displacement: geometric mean over the scenes, and the worst of them.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from scipy import ndimage

from core.benchmark.datasets import BenchmarkCase
from core.imaging.arrays import FloatArray
from core.methods.interface import Settings
from core.pair.scene import Scene
from core.progress import silent
from core.worker.protocol import EXIT_OK
from experiments.cases import reduced_cases, sharpened

Shift = tuple[float, float]
NONE = 0.0, 0.0
#: PAN px, down and right.
SHIFTS: dict[Shift, str] = {
    (0.25, 0.0): "0.25 down",
    (0.5, 0.0): "0.5 down",
    (0.0, 0.5): "0.5 right",
    (0.5, 0.5): "0.5 both",
    (1.0, 0.0): "1 down",
    (0.0, 1.0): "1 right",
    (1.0, 1.0): "1 both",
}
METHODS = "scene-fit", "bdsd-pc-bp"
PADDING = 32
"""PAN px by which PAN is mirrored at its borders before it is moved."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("--data", required=True, help="folder with val/ or sets of pairs")
    add("--sets", nargs="+", help="folders by name (all)")
    add("--methods", nargs="+", default=METHODS, help=f"({' '.join(METHODS)})")


def run(args: argparse.Namespace) -> int:
    """Print a table for each PAN model."""
    cases = reduced_cases([args.data], args.sets)
    for scale in dict.fromkeys(case.scale for case in cases):
        ratios = [relative_errors(case, args.methods) for case in cases if case.scale == scale]
        print(f"\n{scale}, {len(ratios)} scenes\n\n| moved | {' | '.join(args.methods)} |")
        print("|---|" + "---:|" * len(args.methods))
        for shift, title in SHIFTS.items():
            of_scenes = np.array([each[shift] for each in ratios])
            means, worst = np.exp(np.log(of_scenes).mean(axis=0)), of_scenes.max(axis=0)
            cells = (f"{m:.3f} ({w:.3f})" for m, w in zip(means, worst, strict=True))
            print(f"| {title} | {' | '.join(cells)} |")
    return EXIT_OK


def relative_errors(case: BenchmarkCase, methods: list[str]) -> dict[Shift, FloatArray]:
    """Return the ERGAS of methods over that without displacement, (M,), by shift."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="displaced-") as folder:
        prepared = case.prepare(Path(folder), silent)
        with rasterio.open(prepared.pan) as dataset:
            pan = dataset.read(1)
        for shift in (NONE, *SHIFTS):
            with rasterio.open(prepared.pan, "r+") as dataset:
                dataset.write(moved(pan, shift).astype(pan.dtype), 1)
            with Scene.open(prepared.pan, prepared.ms) as scene:
                settings = Settings(scene.ratio, case.gains)
                images = [sharpened(name, scene, settings) for name in methods]
                scores = [prepared.score(scene, image, silent)["ERGAS"] for image in images]
            found[shift] = np.array(scores)
    return {shift: scores / found[NONE] for shift, scores in found.items() if shift != NONE}


def moved(pan: FloatArray, shift: Shift) -> FloatArray:
    """Return PAN (H, W) moved down and right (PAN px), exact up to its Nyquist frequency."""
    if shift == NONE:
        return pan
    spectrum = np.fft.fft2(np.pad(pan.astype(np.float64), PADDING, mode="symmetric"))
    whole = np.fft.ifft2(ndimage.fourier_shift(spectrum, shift)).real
    return np.asarray(whole[PADDING:-PADDING, PADDING:-PADDING])
