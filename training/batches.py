# SPDX-License-Identifier: GPL-2.0-or-later
"""Batches as a function of the step: nothing to save, and resuming repeats them exactly."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from core.networks.batch import Batch
from training.batch_processes import made_by_processes, process_count
from training.distributed import ALONE, Processes
from training.patches import StoredScene
from training.scenes import TrainingScene, pick
from training.simulated_sensor import Sample, draw

#: Numbers of bands to draw from; most sensors have four.
BANDS = (3, 4, 4, 4, 4, 4, 5, 6, 8)
#: Largest number of windows of a scene that share their kernels.
WINDOWS = 16
#: Share of the batches with one window of a scene, with four, and with `WINDOWS`.
SHARES = (0.5, 0.3, 0.2)


@dataclass(frozen=True)
class BatchShape:
    """K windows of each of S scenes, and how many bands they have."""

    scenes: int
    windows: int
    bands: int


def scene_counts(size: int) -> list[int]:
    """Return the possible numbers of scenes in a batch of `size` windows, see `SHARES`."""
    return [size, max(size // 4, 1), max(size // WINDOWS, 1)]


@dataclass(frozen=True)
class Batches:
    """Draws a batch of `size` windows of `patch` px for any step of a stage.

    In half of the batches the windows of a scene share their kernels, so training meets both the
    kernels of a patch and those of a scene. Every scene is drawn by itself, so `processes` draw
    their own scenes of the same batch. `bands` fixes the number of bands; `scale` (DN) is the
    papers' setting, see `training.simulated_sensor.draw_plain`; `details` is the network's.
    """

    scenes: list[TrainingScene]
    size: int
    patch: int
    seed: int
    stage: int
    bands: int | None = None
    scale: float | None = None
    details: int = 2
    processes: Processes = ALONE

    def shape(self, step: int) -> BatchShape:
        """Return the shape of the whole batch of a step."""
        rng = np.random.default_rng((self.seed, self.stage, step))
        scenes = int(rng.choice(scene_counts(self.size), p=SHARES))
        return BatchShape(scenes, self.size // scenes, self.bands or int(rng.choice(BANDS)))

    def make(self, step: int) -> Batch:
        """Return this process' scenes of a step's batch."""
        shape = self.shape(step)
        own = self.processes.shard(shape.scenes)
        samples = [self._sample(step, scene, shape) for scene in own]
        # (K, ...) of each scene -> (K*S, ...)
        stacks = [np.stack(images, axis=1) for images in zip(*samples, strict=True)]
        tensors = [torch.from_numpy(np.ascontiguousarray(s)).flatten(0, 1) for s in stacks]
        images: dict[str, Any] = dict(zip(Sample._fields, tensors, strict=True))
        if not images["seen"].numel():
            images["seen"] = None
        return Batch(**images, scenes=len(own))

    def _sample(self, step: int, scene: int, shape: BatchShape) -> Sample:
        rng = np.random.default_rng((self.seed, self.stage, step, scene))
        of = pick(rng, self.scenes)
        return draw(rng, of, shape.bands, shape.windows, self.patch, self.scale, self.details)

    def run(self, first: int, last: int, device: torch.device) -> Iterator[tuple[int, Batch]]:
        """Yield steps `first` to `last` - 1; the next batch is made while one is trained on."""
        count = 0 if device.type == "cpu" else process_count(self.processes.world_size)
        with closing(self.made(first, last, count)) as made, ThreadPoolExecutor(1) as thread:

            def bring() -> Batch | None:
                batch = next(made, None)
                return None if batch is None else batch.to(device)

            waiting = thread.submit(bring)
            for step in range(first, last):
                batch = waiting.result()
                waiting = thread.submit(bring)
                if batch is not None:
                    yield step, batch

    def made(self, first: int, last: int, count: int) -> Generator[Batch, None, None]:
        """Yield the batches of steps `first` to `last` - 1, made by `count` processes or here.

        Scenes in memory are drawn from here: each process would need a copy of them.
        """
        steps = range(first, last)
        stored = all(isinstance(scene, StoredScene) for scene in self.scenes)
        yield from (
            made_by_processes(self.make, steps, count)
            if count and stored
            else map(self.make, steps)
        )
