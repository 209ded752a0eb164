# SPDX-License-Identifier: GPL-2.0-or-later
"""Number of training steps that a device does in a given time."""

from __future__ import annotations

import json
import logging
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from training.scenes import TrainingScene

if TYPE_CHECKING:
    from training.recipe import Recipe

log = logging.getLogger(__name__)

#: Steps of each stage that are timed; the fastest counts, since the first ones warm up.
TIMED = 3
#: Share of the time for steps: the rest is for reading, measuring and writing the model.
SHARE = 0.85
#: Steps of stage 2 for one of stage 1, as in the training lengths of the plugin.
LATER = 3
#: Steps of stage 1 at the least: below that nothing is learned.
LEAST = 5
#: In the run folder: a run that is resumed keeps the number of steps it began with.
STEPS = "steps.json"


def steps_for(
    minutes: float, recipe: Recipe, scenes: list[TrainingScene], device: str, run: Path
) -> tuple[int, int]:
    """Return the steps of both stages that take about `minutes` on a device, by measurement."""
    known = run / STEPS
    if known.is_file():
        first, second = json.loads(known.read_text(encoding="utf-8"))
        return int(first), int(second)
    cost = seconds_per_step(recipe, scenes, device)
    count = int(60 * minutes * SHARE / (cost[0] + LATER * cost[1]))
    if count < LEAST:
        least = 60 * minutes * LEAST / max(count, 0.5)
        raise InputError(
            "training-time-too-short", minutes=minutes, least=max(round(least / 60), 1)
        )
    log.info(
        "A step takes %.2g s in stage 1 and %.2g s in stage 2 on this device: %d and %d steps in "
        "about %g minutes.", *cost, count, LATER * count, minutes,
    )  # fmt: skip
    known.write_text(json.dumps([count, LATER * count]), encoding="utf-8")
    return count, LATER * count


def seconds_per_step(
    recipe: Recipe, scenes: list[TrainingScene], device: str
) -> tuple[float, float]:
    """Return the seconds of a step of each stage, from a few steps of a run of its own."""
    from training.recipe import Stage
    from training.trainer import Trainer

    short = [Stage(TIMED, stage.lr, 0) for stage in (recipe.stage1, recipe.stage2)]
    times: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory(prefix="ksdiff-") as folder:
        timed = replace(recipe, stage1=short[0], stage2=short[1])
        trainer = Trainer(timed, scenes, Path(folder), device)
        last = time.monotonic()

        def note(_losses: dict[str, float]) -> None:
            nonlocal last
            now = time.monotonic()
            times[trainer.stage].append(now - last)
            last = now

        trainer.run(save_every=10**9, on_step=note)
    return min(times[1]), min(times[2])
