# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``seams``: steps at seams, with a fit for each scene and with one for all.

    .venv/bin/python -m experiments seams --out build/seams

A pair is cut into 2 x 2 scenes, which are sharpened, by the scene fit or a network, and laid side
by side again. The step is the mean absolute difference of the two pixels at a seam, over that of
neighbours beside it: 1 where nobody could find the seam. The colour is what the two sides are off
by against the pair sharpened as a whole, in the mean of stretches of the seam, over that mean
difference of neighbours.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import rasterio.windows

from core.commands import collect, pansharpen, plan
from core.commands import run as run_command
from core.imaging.arrays import FloatArray
from core.progress import Pace, silent
from core.requests.jobs import Collect, Plan, Run
from core.requests.scenes import Pansharpen
from core.synthetic.pairs import write_pair

log = logging.getLogger(__name__)

SIZE, BANDS = 1024, 4
STRETCH = 64  # px of a seam that a colour is the mean of
NEAR, FAR = 4, 20  # px from the seam, between which it is looked for: beside it, the edge shows


@dataclass(frozen=True)
class Seams:
    """Mean over bands and seams; see the module."""

    step: float
    colour: float


def compare(
    pan: Path, ms: Path, folder: Path, method: str, passes: int | None = None
) -> dict[str, Seams]:
    """Return the seams with separate fits, with a shared one, and without a cut.

    `passes` of back-projection; None: as the scene fit has them.
    """
    whole = folder / "whole.tif"
    asked = Pansharpen(str(pan), str(ms), str(whole), method=method, back_projection=passes)
    pansharpen.perform(asked, silent, Pace())
    reference = _read(whole)
    found = {"uncut": measure(reference, reference)}
    scenes = folder / "scenes"
    _cut(pan, ms, scenes)
    for name, shared in (("separate", False), ("shared", True)):
        job, out = str(folder / f"job-{name}"), str(folder / name)
        planned = Plan(
            job=job,
            data=str(scenes),
            out_folder=out,
            method=method,
            shared_fit=shared,
            back_projection=passes,
        )
        plan.perform(planned, silent, Pace())
        run_command.perform(Run(job), silent, Pace())
        files = collect.perform(Collect(job), silent, Pace())["files"]
        found[name] = measure(_joined([_read(Path(path)) for path in sorted(files)]), reference)
    return found


def _read(path: Path) -> FloatArray:
    with rasterio.open(path) as dataset:
        return np.asarray(dataset.read(), np.float64)


def _cut(pan: Path, ms: Path, folder: Path) -> None:
    """Write the four quarters of a pair."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, kind in ((pan, "pan"), (ms, "ms")):
        with rasterio.open(path) as source:
            height, width = source.height // 2, source.width // 2
            for number in range(4):
                row, col = divmod(number, 2)
                window = rasterio.windows.Window(col * width, row * height, width, height)
                profile = {**source.profile, "height": height, "width": width}
                profile["transform"] = source.window_transform(window)
                target = folder / f"q{number}_{kind}.tif"
                with rasterio.open(target, "w", **profile) as cut:
                    cut.write(source.read(window=window))
                    cut.descriptions = source.descriptions


def _joined(quarters: Sequence[FloatArray]) -> FloatArray:
    rows = [np.concatenate(quarters[n : n + 2], axis=2) for n in (0, 2)]
    return np.concatenate(rows, axis=1)


def measure(image: FloatArray, reference: FloatArray) -> Seams:
    """Measure both seams in the middle of an image (C, H, W) of even size."""
    found = [_along(image.swapaxes(1, axis), reference.swapaxes(1, axis)) for axis in (1, 2)]
    step, colour = np.mean(found, axis=0)
    return Seams(float(step), float(colour))


def _along(image: FloatArray, reference: FloatArray) -> tuple[float, float]:
    """Return step and colour at the seam between the two middle rows."""
    at = image.shape[1] // 2
    apart = np.abs(np.diff(image[:, at - 2 : at + 2], axis=1)).mean(axis=2)  # (C, 3)
    noise = apart[:, [0, 2]].mean(axis=1)
    off = image - reference
    above = off[:, at - FAR : at - NEAR].mean(axis=1)
    below = off[:, at + NEAR : at + FAR].mean(axis=1)
    width = above.shape[1] // STRETCH * STRETCH
    stretches = (below - above)[:, :width].reshape(len(image), -1, STRETCH).mean(axis=2)
    colour = np.abs(stretches).mean(axis=1) / noise
    return float((apart[:, 1] / noise).mean()), float(colour.mean())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the experiment."""
    add = parser.add_argument
    add("--out", type=Path, required=True, help="folder for scenes, jobs and results")
    add("--pan", type=Path, help="a pair to cut; drawn scenes without it")
    add("--ms", type=Path)
    add("--scenes", type=int, default=4, help="number of drawn scenes")
    add("--method", default="scene-fit", help="scene-fit, or a network")
    add("--back-projection", type=int, help="passes (as the scene fit has)")
    add("--size", type=int, default=SIZE, help="of a drawn scene, PAN px")


def run_all(args: argparse.Namespace) -> list[dict[str, Seams]]:
    """Compare on all scenes."""
    found = []
    for seed in range(1, 2 if args.pan else args.scenes + 1):
        folder = args.out / f"scene-{seed}"
        pair = args.pan, args.ms
        if not args.pan:
            pair = write_pair(folder, args.size, BANDS, seed)[:2]
        folder.mkdir(parents=True, exist_ok=True)
        found.append(compare(*pair, folder, args.method, args.back_projection))
    return found


def run(args: argparse.Namespace) -> int:
    """Compare, and print a line for each scene and the means."""
    found = run_all(args)
    for name in ("uncut", "separate", "shared"):
        steps = [each[name].step for each in found]
        colours = [each[name].colour for each in found]
        each_of = ", ".join(f"{s:.3f} / {c:.3f}" for s, c in zip(steps, colours, strict=True))
        mean = f"step {np.mean(steps):.3f}, colour {np.mean(colours):.3f}"
        print(f"{name:<9} {mean} (step / colour of each: {each_of})")
    return 0
