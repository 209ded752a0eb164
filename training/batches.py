# SPDX-License-Identifier: GPL-2.0-or-later
"""Batches as a function of the step: nothing to save, and resuming repeats them exactly."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch

from core.networks.batch import Batch
from training.patches import Source
from training.processes import ALONE, Processes
from training.variation import Sample, draw, pick

BANDS = (3, 4, 4, 4, 4, 4, 5, 6, 8)
"""Numbers of bands to draw from; most sensors have four."""
WINDOWS = 16
"""At most so many windows of a scene share their kernels."""


@dataclass(frozen=True)
class Layout:
    """What a batch consists of: K windows of each of S scenes, and how many bands they have."""

    scenes: int
    windows: int
    bands: int


def scene_counts(size: int) -> list[int]:
    """How many scenes a batch of `size` windows may be of: one window each, four, or many."""
    return [size, max(size // 4, 1), max(size // WINDOWS, 1)]


@dataclass(frozen=True)
class Batches:
    """Draws a batch of `size` windows of `patch` px for any step of a stage.

    In half of the batches the windows of a scene share their kernels: scenes of four windows, or
    of `WINDOWS`. So both the kernels of a patch and those of a scene are met in training.

    Every scene is drawn by itself, so `processes` draw their own scenes of the same batch. `bands`
    fixes their number of bands, `scale` (DN) is the papers' setting, see `draw_plain`.
    """

    sources: list[Source]
    size: int
    patch: int
    seed: int
    stage: int
    bands: int | None = None
    scale: float | None = None
    processes: Processes = ALONE

    def layout(self, step: int) -> Layout:
        """How the whole batch of a step is made up."""
        rng = np.random.default_rng((self.seed, self.stage, step))
        scenes = int(rng.choice(scene_counts(self.size), p=[0.5, 0.3, 0.2]))
        return Layout(scenes, self.size // scenes, self.bands or int(rng.choice(BANDS)))

    def make(self, step: int) -> Batch:
        """This process' scenes of a step's batch, window-major (see `core.networks.kernels`)."""
        layout = self.layout(step)
        share = self.processes.share(layout.scenes)
        samples = [self._scene(step, scene, layout) for scene in share]

        def stack(name: str) -> torch.Tensor:
            images = np.stack([getattr(s, name) for s in samples], axis=1)
            count = len(share) * layout.windows
            return torch.from_numpy(np.ascontiguousarray(images.reshape(count, *images.shape[2:])))

        names = ("pan", "lms", "gain", "weight", "details", "gt")
        return Batch(**{name: stack(name) for name in names}, scenes=len(share))

    def _scene(self, step: int, scene: int, layout: Layout) -> Sample:
        rng = np.random.default_rng((self.seed, self.stage, step, scene))
        source = pick(rng, self.sources)
        return draw(rng, source, layout.bands, layout.windows, self.patch, self.scale)

    def run(self, first: int, last: int) -> Iterator[tuple[int, Batch]]:
        """Steps `first` to `last` - 1 with the next batch drawn while one is trained on."""
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.make, first) if first < last else None
            for step in range(first, last):
                if waiting is None:
                    return
                batch = waiting.result()
                waiting = pool.submit(self.make, step + 1) if step + 1 < last else None
                yield step, batch
