# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``kernels``: a trained KSDiff with its own kernels, fixed and foreign ones.

    .venv/bin/python -m experiments kernels --recipe training/recipes/ksdiff-scene.json \\
        --patches scenes.patches --data ../shared/data

On held-out ground drawn as in training, and on scenes at reduced resolution. Fixed kernels are the
mean of those of scenes drawn from what is trained on, foreign ones are those of one of these.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from core.benchmark import tables
from core.fusion.tiled import in_memory
from core.imaging.arrays import Image
from core.methods.interface import Settings
from core.methods.ksdiff import KSDiffMethod
from core.methods.registry import METHODS
from core.methods.scene_fit import SceneFit
from core.methods.scene_network import fitted_detail_gain
from core.models import modelfile
from core.networks.batch import Batch
from core.pair.scene import Scene
from core.progress import silent
from core.worker.protocol import EXIT_OK
from experiments.ablate.draws import drawn, geometric_mean, relative_errors
from experiments.cases import TILE, reduced_cases, score, sharpened
from experiments.kernels.exchange import Exchange, Kernels, by_scene, mean, spread
from training.initialise import load_scenes
from training.recipe import Recipe
from training.scenes import TRAIN, VALIDATION

OWN, FIXED, FOREIGN = "own", "fixed", "foreign"
#: Batches of drawn scenes, to take kernels from and to test on.
BATCHES = 15
#: Windows of a batch.
WINDOWS = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("--recipe", type=Path, required=True, help="JSON file, see training/recipes")
    add("--patches", type=Path, required=True, help="its sources: a folder or a prepared file")
    add("--data", help="folder with val/ or sets of pairs, too")
    add("--sets", nargs="+", help="folders by name (all)")
    add("--model", default=METHODS["ksdiff"].model, help="name of a shipped model, or its file")
    add("--foreign", type=int, default=3, help="foreign kernels that a scene is given in turn")


def run(args: argparse.Namespace) -> int:
    """Print how much kernels differ, and the errors with each kind of them."""
    exchange = Exchange(modelfile.load(args.model, "ksdiff"))
    recipe = replace(Recipe.read(args.recipe), batch=WINDOWS)
    scenes = load_scenes(args.patches, recipe.sources)
    seen, unseen = (
        drawn(recipe, exchange.config, scenes, part, BATCHES) for part in (TRAIN, VALIDATION)
    )
    known = [exchange.of(scene) for batch in seen for scene in by_scene(batch)]
    print(f"Kernels of {len(known)} scenes differ from their mean by {spread(known):.2%}.\n")
    print(errors_on_draws(exchange, known, unseen, args.foreign))
    if args.data:
        foreign = {
            f"{FOREIGN} {n}": known[n * len(known) // args.foreign] for n in range(args.foreign)
        }
        make = partial(images, args.model, {FIXED: mean(known), **foreign})
        rows = [row for case in reduced_cases([args.data], args.sets) for row in score(case, make)]
        print(tables.as_text(rows, {"to own": (OWN,), "to scene fit": (SceneFit.name,)}, []))
    return EXIT_OK


def errors_on_draws(
    exchange: Exchange, known: Sequence[Kernels], unseen: Sequence[Batch], count: int
) -> str:
    """Return a table of the errors on drawn scenes, over the fit's and over those with own kernels.

    The second has its standard error over the scenes, of logarithms.
    """
    rng = np.random.default_rng(0)
    fixed = mean(known)

    def foreign(scene: Batch) -> Kernels:
        return known[int(rng.integers(len(known)))]

    choices = {OWN: exchange.of, FIXED: lambda scene: fixed}
    choices |= {f"{FOREIGN} {n}": foreign for n in range(count)}
    found = {
        name: relative_errors(partial(exchange.sharpen, choose=choose), unseen)
        for name, choose in choices.items()
    }
    lines = [
        "| kernels | error over the fit's | over own | lower on | scenes |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, errors in found.items():
        over = errors / found[OWN]
        noise = np.log(over).std(ddof=1) / np.sqrt(len(over))
        cells = f"{geometric_mean(errors):.4f} | {geometric_mean(over):.4f} ± {noise:.4f}"
        lines.append(f"| {name} | {cells} | {(over < 1).sum()} | {len(over)} |")
    return "\n".join(lines) + "\n"


def images(
    model: str, kernels: dict[str, Kernels], scene: Scene, settings: Settings
) -> Iterator[tuple[str, Image]]:
    """Yield name and image (C, H, W), DN, of the scene fit, and of KSDiff with each kernels.

    The strength of the detail is fitted anew for each, as in use.
    """
    yield SceneFit.name, sharpened(SceneFit.name, scene, settings)
    method = KSDiffMethod(replace(settings, model=model))
    context, pairs = method.calibrated(scene, silent)
    yield OWN, in_memory(scene, method, context, TILE)
    for name, weights in kernels.items():
        other = method.with_weights(context, {k: v.numpy() for k, v in weights.items()})
        if pairs:
            gain = fitted_detail_gain(other.network, pairs, silent)
            other = replace(other, detail_gain=gain)
        yield name, in_memory(scene, method, other, TILE)
