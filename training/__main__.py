# SPDX-License-Identifier: GPL-2.0-or-later
"""Command line of the training package.

python -m training prepare --recipe training/recipes/ksdiff-scene.json --data DIR --out FILE
python -m training run --recipe training/recipes/ksdiff-scene.json --data DIR|FILE --out DIR
torchrun --nproc-per-node 2 -m training run ...
python -m training export --run DIR --out resources/models
python -m training blur --recipe training/recipes/srino-blur.json --data DIR --out DIR

``run`` on a prepared file needs torch, numpy and safetensors, nothing else; hence the imports
within the functions.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

import torch

from core.errors import PansharpenError
from training import patches
from training.distributed import device_of
from training.initialise import load_scenes
from training.recipe import Recipe
from training.trainer import Trainer

log = logging.getLogger(__name__)


def parser() -> argparse.ArgumentParser:
    """Return the arguments of all commands."""
    top = argparse.ArgumentParser(prog="python -m training", description="Train KSDiff and SRINO.")
    commands = top.add_subparsers(dest="command", required=True)
    prepare = commands.add_parser("prepare", help="write a recipe's sources to one file")
    run = commands.add_parser("run", help="train both stages, or go on where a run was stopped")
    blur = commands.add_parser("blur", help="train f_KE of a SRINO alone, or go on with it")
    for command in (prepare, run, blur):
        command.add_argument(
            "--recipe", type=Path, required=True, help="JSON file, see training/recipes"
        )
    prepare.add_argument("--data", type=Path, required=True, help="folder the sources are in")
    prepare.add_argument("--out", type=Path, required=True, help="file to write")
    prepare.set_defaults(work=gather)
    run.add_argument(
        "--data", type=Path, required=True, help="folder the sources are in, or prepared file"
    )
    run.add_argument("--device", default="cpu", help="cpu, cuda, cuda:0, ...")
    run.add_argument("--threads", type=int, default=0, help="CPU threads; 0: torch decides")
    run.add_argument(
        "--out", type=Path, required=True, help="folder for checkpoint, curves and the model"
    )
    run.add_argument("--save-every", type=positive, default=200, help="steps between checkpoints")
    run.add_argument(
        "--validate-every", type=int, default=500, help="steps between validations; 0: none"
    )
    run.add_argument("--stop-after", type=positive, help="stop, resumably, after so many steps")
    run.set_defaults(work=train)
    blur.add_argument("--data", type=Path, required=True, help="folder, or prepared file")
    blur.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    blur.add_argument("--models", type=Path, help="folder to write the model to; else --out")
    blur.add_argument("--threads", type=int, default=1, help="CPU threads")
    blur.add_argument("--save-every", type=positive, default=50, help="steps between checkpoints")
    blur.set_defaults(work=train_blur)
    export = commands.add_parser("export", help="write the model file and its ONNX graphs")
    export.add_argument("--run", type=Path, required=True, help="folder given to run --out")
    export.add_argument("--out", type=Path, required=True, help="folder of models, one each")
    export.add_argument("--scores", type=Path, help="JSON file with scores for the card")
    export.set_defaults(work=write)
    renew = commands.add_parser("graphs", help="write the ONNX graphs of a model anew")
    renew.add_argument("--model", required=True, help="name of a shipped model, or its file")
    renew.set_defaults(work=write_graphs)
    return top


def positive(text: str) -> int:
    """Read a whole number from 1; argparse explains the error."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {text}")
    return int(text)


def gather(args: argparse.Namespace) -> None:
    """Write a recipe's sources to one file."""
    recipe = Recipe.read(args.recipe)
    size = patches.write(args.out, load_scenes(args.data, recipe.sources), recipe.sources)
    log.info("%s: %.1f MB", args.out, size / 1e6)


def train(args: argparse.Namespace) -> None:
    """Train both stages, or the rest of them, and export the model when they are done."""
    recipe, device = Recipe.read(args.recipe), device_of(args.device)
    trainer = Trainer(recipe, load_scenes(args.data, recipe.sources), args.out, str(device))
    if not trainer.processes.is_main:
        logging.getLogger().setLevel(logging.WARNING)
    trainer.run(args.save_every, args.stop_after, args.validate_every)
    if not (trainer.finished and trainer.processes.is_main):
        return
    try:
        from training.export import export_run
    except ImportError as error:
        log.info("The run is complete, but there is no %s to export it here.", error.name)
        return
    log.info("%s", export_run(args.out, args.out).path)


def train_blur(args: argparse.Namespace) -> None:
    """Train f_KE, or go on, and write the model that it belongs to when it is done."""
    from training import blur

    recipe = Recipe.read(args.recipe)
    scenes = load_scenes(args.data, recipe.sources)
    model = blur.run(recipe, scenes, args.out, args.models or args.out, args.save_every)
    log.info("%s", model.path)


def write(args: argparse.Namespace) -> None:
    """Write the averaged weights of a run as a model file."""
    from training.export import export_run

    scores = json.loads(args.scores.read_text(encoding="utf-8")) if args.scores else None
    log.info("%s", export_run(args.run, args.out, scores).path)


def write_graphs(args: argparse.Namespace) -> None:
    """Write the graphs of a model anew, where it lies."""
    from core.models import modelfile
    from training.export import renew_graphs

    model = modelfile.load(args.model)
    log.info("%s", renew_graphs(model, model.path.parents[1]).path)


def main() -> int:
    """Run a command; return 1, with one line of explanation, when the input is at fault."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    args = parser().parse_args()
    if getattr(args, "threads", 0):
        torch.set_num_threads(args.threads)
    try:
        args.work(args)
    except PansharpenError as error:
        log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
