# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``steps``: SRINO in one and in several steps, beside methods without a network.

    .venv/bin/python -m experiments steps --data ../shared/data --sets geoeye1 spot6

Scenes are at reduced resolution, PAN by bicubic and under an MTF.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from core.benchmark import tables
from core.commands.bench import REFERENCES
from core.fusion.tiled import in_memory
from core.imaging.arrays import Image
from core.methods.classical import Exp
from core.methods.interface import Settings
from core.methods.registry import METHODS, PUBLISHED
from core.methods.scene_fit import SceneFit
from core.methods.srino import SRINOMethod
from core.pair.scene import Scene
from core.progress import silent
from core.worker.protocol import EXIT_OK
from experiments.cases import TILE, reduced_cases, score, sharpened

ONE = "srino, 1 step"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("--data", required=True, help="folder with val/ or sets of pairs")
    add("--sets", nargs="+", help="folders by name (all)")
    add("--steps", nargs="+", type=int, default=(4, 8, 25), help="besides one step")
    add("--averaged", nargs="*", type=int, default=(4,), help="steps of which samples are averaged")
    add("--samples", type=int, default=8, help="that are averaged")


def run(args: argparse.Namespace) -> int:
    """Print a table for each set, and all sets relative to references."""
    make = partial(images, args.steps, args.averaged, args.samples)
    rows = [row for case in reduced_cases([args.data], args.sets) for row in score(case, make)]
    print(tables.as_text(rows, REFERENCES | {"to one step": (ONE,)}, []))
    return EXIT_OK


def images(
    steps: Sequence[int], averaged: Sequence[int], samples: int, scene: Scene, settings: Settings
) -> Iterator[tuple[str, Image]]:
    """Yield name and image (C, H, W), DN, of each method and number of steps."""
    for name in (Exp.name, *PUBLISHED, SceneFit.name):
        yield name, sharpened(name, scene, settings)
    model = METHODS[SRINOMethod.method].model
    for count in dict.fromkeys((1, *steps)):
        method = SRINOMethod(replace(settings, model=model, steps=count))
        context = method.prepare(scene, silent)
        title = ONE if count == 1 else f"srino, {count} steps"
        yield title, in_memory(scene, method, context, TILE)
        if count in averaged:
            noises = (replace(context.network, seed=seed) for seed in range(samples))
            found = [in_memory(scene, method, replace(context, network=n), TILE) for n in noises]
            yield f"{title}, mean of {samples}", np.mean(found, axis=0)
