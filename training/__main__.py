# SPDX-License-Identifier: GPL-2.0-or-later
"""Command line of the training package.

python -m training run --recipe training/recipes/ksdiff-scene.json --data DIR --out DIR
python -m training export --run DIR --out resources/models
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

import torch

from core.errors import PansharpenError
from training.export import export_run
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
    run.add_argument(
        "--out", type=Path, required=True, help="folder for checkpoint, losses and the model"
    )
    run.add_argument("--device", default="cpu", help="cpu, cuda, cuda:0, ...")
    run.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch decide")
    run.add_argument("--save-every", type=int, default=200, help="steps between checkpoints")
    run.add_argument("--stop-after", type=int, help="stop, resumably, after so many steps")
    run.set_defaults(work=train)
    export = commands.add_parser("export", help="write the model file and its ONNX graphs")
    export.add_argument("--run", type=Path, required=True, help="folder given to run --out")
    export.add_argument("--out", type=Path, required=True, help="folder of models, one each")
    export.add_argument("--scores", type=Path, help="JSON file with scores for the card")
    export.set_defaults(work=write)
    return top


def train(args: argparse.Namespace) -> None:
    """Both stages, or what is left of them, and the model file when they are done."""
    if args.threads:
        torch.set_num_threads(args.threads)
    recipe = Recipe.read(args.recipe)
    trainer = Trainer(recipe, load_sources(recipe.sources, args.data), args.out, args.device)
    trainer.run(args.save_every, args.stop_after)
    if trainer.finished:
        model = export_run(args.out, args.out)
        logging.getLogger(__name__).info("%s", model.path)


def write(args: argparse.Namespace) -> None:
    """The averaged weights of a run as a model file."""
    scores = json.loads(args.scores.read_text(encoding="utf-8")) if args.scores else None
    model = export_run(args.run, args.out, scores)
    logging.getLogger(__name__).info("%s", model.path)


def main() -> int:
    """Entry point; exit code 1 with one line of explanation when the input is at fault."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    args = parser().parse_args()
    try:
        args.work(args)
    except PansharpenError as error:
        logging.getLogger(__name__).error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
