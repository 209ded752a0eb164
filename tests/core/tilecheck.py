# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``tilecheck``: tiles of any size, and no tiles, must give the same result."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.fusion.tiled import in_memory
from core.methods import registry
from core.pair.scene import Scene
from core.raster.window import plan

if TYPE_CHECKING:
    from core.methods.interface import Method

SIZES = (256, 512, 1024)
TOLERANCE = 1e-4  # of the data range


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options, named as in ``pansharpen``."""
    add = parser.add_argument
    add("--pan", required=True, help="the panchromatic raster")
    add("--ms", required=True, help="the multispectral raster")
    add("--method", default="ksdiff", help="default: ksdiff")
    add("--model", help="a model's name, or a path to a .safetensors file")
    add("--seed", type=int, default=0, metavar="S")
    add("--steps", type=int, metavar="N", help="of SRINO's sampling; as its model wants if absent")
    add("--device", default="auto")
    add("--pan-band", type=int, metavar="N", help="PAN's band, from 1")


def run(args: argparse.Namespace) -> int:
    """Print a line for each tile size. Returns 1 where one differs by more than TOLERANCE."""
    with Scene.open(args.pan, args.ms, pan_band=args.pan_band) as scene:
        method = registry.create(
            args.method,
            ratio=scene.ratio,
            model=args.model,
            device=args.device,
            seed=args.seed,
            steps=args.steps,
        )
        print(f"{args.method} on {scene.height} x {scene.width} PAN px, {scene.bands} bands")
        print(f"{'tile':>6}  {'tiles':>6}  max |difference| / data range")
        agree = True
        for size, tiles, difference in differences(scene, method, SIZES):
            agree = agree and difference <= TOLERANCE
            print(f"{size:>6}  {tiles:>6}  {difference:.2e}")
    print("agree" if agree else f"differ by more than {TOLERANCE:g}")
    return 0 if agree else 1


def differences(
    scene: Scene, method: Method, sizes: Sequence[int]
) -> Iterator[tuple[int, int, float]]:
    """For each tile size: it, the number of tiles, max |difference to the whole| / data range."""
    context = method.prepare(scene, lambda fraction, message: None)
    whole = in_memory(scene, method, context, max(scene.height, scene.width))
    span = float(np.nanmax(whole) - np.nanmin(whole)) or 1.0
    for size in sizes:
        tiled = in_memory(scene, method, context, size)
        count = len(plan(scene.height, scene.width, size, method.halo, method.align))
        apart = np.abs(tiled - whole)
        # A pixel that has a number in one and none in the other differs as much as can be.
        apart[np.isnan(tiled) != np.isnan(whole)] = np.inf
        yield size, count, float(np.nanmax(apart)) / span
