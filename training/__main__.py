# SPDX-License-Identifier: GPL-2.0-or-later
"""Command line of the training package.

python -m training run --recipe training/recipes/ksdiff-scene.json --data DIR --out DIR
python -m training export --run DIR --out resources/models
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import torch

from core.errors import PansharpenError
from training.recipe import Recipe
from training.sources import load_sources
from training.trainer import Trainer


def parser() -> argparse.ArgumentParser:
    """The arguments of both commands."""
    top = argparse.ArgumentParser(prog="python -m training", description="Train KSDiff.")
    commands = top.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="train both stages, or go on where a run was stopped")
    run.add_argument("--recipe", type=Path, required=True, help="JSON file, see training/recipes")
    run.add_argument("--data", type=Path, required=True, help="folder the recipe's sources are in")
    run.add_argument("--out", type=Path, required=True, help="folder for checkpoint and losses")
    run.add_argument("--device", default="cpu", help="cpu, cuda, cuda:0, ...")
    run.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch decide")
    run.add_argument("--save-every", type=int, default=200, help="steps between checkpoints")
    run.add_argument("--stop-after", type=int, help="stop, resumably, after so many steps")
    return top


def run(args: argparse.Namespace) -> None:
    """Train; prints progress through logging."""
    if args.threads:
        torch.set_num_threads(args.threads)
    recipe = Recipe.read(args.recipe)
    trainer = Trainer(recipe, load_sources(recipe.sources, args.data), args.out, args.device)
    trainer.run(args.save_every, args.stop_after)


def main() -> int:
    """Entry point; exit code 1 with one line of explanation when the input is at fault."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    args = parser().parse_args()
    try:
        run(args)
    except PansharpenError as error:
        logging.getLogger(__name__).error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
