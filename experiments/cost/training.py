# SPDX-License-Identifier: GPL-2.0-or-later
"""Speed of training on a device: the loop in use, with the shipped recipe of a method.

Synthetic scenes in a patch file are drawn from, so that a GPU has the processes that draw for it.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from core.imaging.arrays import Image
from core.synthetic.pairs import generate
from training import patches
from training.recipe import Recipe, Stage
from training.scenes import TrainingScene, all_valid
from training.tasks.train import RECIPES
from training.trainer import Trainer

#: Steps at most before those that count: a GPU looks for the best kernels of each batch's shape.
WARM = 60
SCENES, SIZE, BANDS = 4, 512, 8


class StepSpeed(NamedTuple):
    """Of a stage: seconds of a step, and those of it in which the device waited for a batch."""

    stage: int
    seconds: float
    waiting: float


def step_speeds(method: str, device: str, batch: int, steps: int) -> list[StepSpeed]:
    """Return the speed of both stages, of `steps` steps of `batch` windows after as many others."""
    recipe = replace(Recipe.read(RECIPES / f"{method}-scene.json"), batch=batch, start=None)
    with tempfile.TemporaryDirectory(prefix="ksdiff-cost-") as folder:
        patches.write(Path(folder, "data"), [_scene(number) for number in range(SCENES)])
        scenes = patches.open(Path(folder, "data"))
        return [_speed(recipe, scenes, Path(folder), device, stage, steps) for stage in (1, 2)]


def _scene(number: int) -> TrainingScene:
    made = generate(SIZE, BANDS, number + 1)
    pan: Image = made.pan
    return TrainingScene(f"synthetic-{number}", made.reference, pan, all_valid(pan.shape), 1.0)


def _speed(
    recipe: Recipe, scenes: list[TrainingScene], folder: Path, device: str, stage: int, steps: int
) -> StepSpeed:
    warm = min(WARM, steps)
    length = warm + steps
    first, second = (Stage(length * (stage == n), 1e-3) for n in (1, 2))
    run = Trainer(replace(recipe, stage1=first, stage2=second), scenes, folder / str(stage), device)
    ends: list[tuple[float, float]] = []
    run.run(length + 1, on_step=lambda losses: ends.append((time.perf_counter(), run.seconds)))
    (began, busy_before), (ended, busy) = ends[warm - 1], ends[-1]
    seconds = (ended - began) / steps
    return StepSpeed(stage, seconds, max(seconds - (busy - busy_before) / steps, 0.0))
