# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``ablate``: the ablations of a recipe's paper, several seeds each, as tables.

    .venv/bin/python -m experiments ablate --recipe training/recipes/ksdiff-scene.json \\
        --data scenes.patches --out build/ablation --steps 300 --seeds 3

With ``--width recipe`` the networks have their sizes in use, and may begin with the weights of a
model, ``--start``.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from pathlib import Path

import torch

from experiments.ablate.comparison import FIRST, Ablation
from training.distributed import device_of
from training.initialise import load_scenes
from training.recipe import Recipe


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the experiment."""
    add = parser.add_argument
    add("--recipe", type=Path, required=True, help="JSON file, see training/recipes")
    add("--data", type=Path, required=True, help="folder the sources are in, or prepared file")
    add("--out", type=Path, required=True, help="folder for runs and tables")
    add("--steps", type=int, default=600, help="of both stages together")
    add("--seeds", type=int, default=3, help="runs of each row")
    add("--rows", nargs="+", help="names of rows; all by default")
    add("--width", choices=("small", "recipe"), default="small", help="sizes of the networks")
    add("--start", help="with --width recipe: model that all rows begin with; random by default")
    add("--first", type=float, default=FIRST, help="share of the steps that stage 1 takes")
    add("--batch", type=int, help="with --width recipe: windows of a batch; as the recipe has it")
    add("--rate", type=float, help="peak learning rate of both stages; as the recipe has them")
    add("--device", default="cpu", help="cpu, cuda, cuda:0, ...")
    add("--threads", type=int, default=0, help="CPU threads; 0: torch decides")


def run(args: argparse.Namespace) -> int:
    """Train the rows that are not there yet, and write the tables of all."""
    logging.getLogger().setLevel(logging.INFO)
    if args.threads:
        torch.set_num_threads(args.threads)
    recipe, device = recipe_of(args), str(device_of(args.device))
    scenes = load_scenes(args.data, recipe.sources)
    ablation = Ablation(recipe, scenes, args.out, args.steps, args.width, device, args.first)
    ablation.run(args.rows, args.seeds)
    print(args.out / "ablation.md")
    return 0


def recipe_of(args: argparse.Namespace) -> Recipe:
    """Return the recipe, with what the options have instead."""
    recipe = Recipe.read(args.recipe)
    stages = recipe.stage1, recipe.stage2
    if args.rate:
        stages = replace(recipe.stage1, lr=args.rate), replace(recipe.stage2, lr=args.rate)
    return replace(
        recipe,
        start=args.start,
        batch=args.batch or recipe.batch,
        stage1=stages[0],
        stage2=stages[1],
    )
