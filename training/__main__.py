# SPDX-License-Identifier: GPL-2.0-or-later
"""Command line of the training package.

python -m training prepare --recipe training/recipes/ksdiff-scene.json --data DIR --out FILE
python -m training run --recipe training/recipes/ksdiff-scene.json --data DIR|FILE --out DIR
torchrun --nproc-per-node 2 -m training run ...
python -m training export --run DIR --out resources/models
python -m training ablate --recipe training/recipes/ksdiff-scene.json --data DIR|FILE --out DIR
python -m training growth --out DIR [--device cuda]

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
from training.patches import Source
from training.processes import device_of
from training.recipe import Recipe
from training.trainer import Trainer

log = logging.getLogger(__name__)


def parser() -> argparse.ArgumentParser:
    """The arguments of all commands."""
    top = argparse.ArgumentParser(prog="python -m training", description="Train KSDiff and SRINO.")
    commands = top.add_subparsers(dest="command", required=True)
    prepare = commands.add_parser("prepare", help="write a recipe's sources to one file")
    run = commands.add_parser("run", help="train both stages, or go on where a run was stopped")
    ablate = commands.add_parser("ablate", help="train the papers' ablations and compare them")
    for command in (prepare, run, ablate):
        command.add_argument(
            "--recipe", type=Path, required=True, help="JSON file, see training/recipes"
        )
    prepare.add_argument("--data", type=Path, required=True, help="folder the sources are in")
    prepare.add_argument("--out", type=Path, required=True, help="file to write")
    prepare.set_defaults(work=gather)
    for command in (run, ablate):
        command.add_argument(
            "--data", type=Path, required=True, help="folder the sources are in, or prepared file"
        )
    growth = commands.add_parser("growth", help="time and memory of SRINO over the image's size")
    for command in (run, ablate, growth):
        command.add_argument("--device", default="cpu", help="cpu, cuda, cuda:0, ...")
        command.add_argument("--threads", type=int, default=0, help="CPU threads; 0: torch decides")
    run.add_argument(
        "--out", type=Path, required=True, help="folder for checkpoint, curves and the model"
    )
    run.add_argument("--save-every", type=positive, default=200, help="steps between checkpoints")
    run.add_argument(
        "--validate-every", type=int, default=500, help="steps between validations; 0: none"
    )
    run.add_argument("--stop-after", type=positive, help="stop, resumably, after so many steps")
    run.set_defaults(work=train)
    export = commands.add_parser("export", help="write the model file and its ONNX graphs")
    export.add_argument("--run", type=Path, required=True, help="folder given to run --out")
    export.add_argument("--out", type=Path, required=True, help="folder of models, one each")
    export.add_argument("--scores", type=Path, help="JSON file with scores for the card")
    export.set_defaults(work=write)
    ablate.add_argument("--out", type=Path, required=True, help="folder for runs and tables")
    ablate.add_argument("--steps", type=int, default=600, help="of both stages together")
    ablate.add_argument("--seeds", type=int, default=3, help="runs of each row")
    ablate.add_argument("--rows", nargs="+", help="names of rows; all by default")
    ablate.add_argument(
        "--width", choices=("small", "recipe"), default="small", help="sizes of the networks"
    )
    ablate.set_defaults(work=compare)
    growth.add_argument("--out", type=Path, required=True, help="folder for growth.csv and .png")
    growth.add_argument("--sizes", type=positive, nargs="+", help="sides in px; 64 to 1024")
    growth.set_defaults(work=grow)
    return top


def positive(text: str) -> int:
    """A whole number from 1; argparse explains what is none."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {text}")
    return int(text)


def sources_of(recipe: Recipe, data: Path) -> list[Source]:
    """The recipe's sources, read from a folder or mapped from a prepared file."""
    if data.is_file():
        return patches.open(data, recipe.sources)
    from training.sources import load_sources

    return load_sources(recipe.sources, data)


def gather(args: argparse.Namespace) -> None:
    """A recipe's sources in one file."""
    recipe = Recipe.read(args.recipe)
    size = patches.write(args.out, sources_of(recipe, args.data), recipe.sources)
    log.info("%s: %.1f MB", args.out, size / 1e6)


def train(args: argparse.Namespace) -> None:
    """Both stages, or what is left of them, and the model file when they are done."""
    recipe, device = Recipe.read(args.recipe), device_of(args.device)
    trainer = Trainer(recipe, sources_of(recipe, args.data), args.out, str(device))
    if not trainer.processes.first:
        logging.getLogger().setLevel(logging.WARNING)
    trainer.run(args.save_every, args.stop_after, args.validate_every)
    if not (trainer.finished and recipe.usable and trainer.processes.first):
        return
    try:
        from training.export import export_run
    except ImportError as error:
        log.info("The run is complete, but there is no %s to export it here.", error.name)
        return
    log.info("%s", export_run(args.out, args.out).path)


def write(args: argparse.Namespace) -> None:
    """The averaged weights of a run as a model file."""
    from training.export import export_run

    scores = json.loads(args.scores.read_text(encoding="utf-8")) if args.scores else None
    log.info("%s", export_run(args.run, args.out, scores).path)


def compare(args: argparse.Namespace) -> None:
    """Rows of the papers' ablations that are not there yet, and the tables of all."""
    from training.ablation import Ablation

    recipe = Recipe.read(args.recipe)
    ablation = Ablation(
        recipe, sources_of(recipe, args.data), args.out, args.steps, args.width,
        str(device_of(args.device)),
    )  # fmt: skip
    ablation.run(args.rows, args.seeds)
    log.info("%s", ablation.folder / "ablation.md")


def grow(args: argparse.Namespace) -> None:
    """Galerkin against softmax over sizes of images."""
    from training import growth

    growth.growth(args.out, args.sizes or growth.SIZES, args.device, args.threads)
    log.info("%s", args.out / "growth.png")


def main() -> int:
    """Entry point; exit code 1 with one line of explanation when the input is at fault."""
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
