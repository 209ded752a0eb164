# SPDX-License-Identifier: GPL-2.0-or-later
"""Batches as a function of the step: nothing to save, and resuming repeats them exactly."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
import torch

from core.networks.ksdiff import Batch
from training.sources import Source
from training.variation import Sample, draw, pick

BANDS = (3, 4, 4, 4, 4, 4, 5, 6, 8)
"""Numbers of bands to draw from; most sensors have four."""


@dataclass(frozen=True)
class Batches:
    """Draws a batch of `size` windows of `patch` px for any step of a stage.

    In half of the batches the windows of a scene share their kernels: four scenes of `size`/4
    windows, or all windows of one. So both the kernels of a patch and those of a scene are met
    in training.
    """

    sources: list[Source]
    size: int
    patch: int
    seed: int
    stage: int
    bands: int | None = None
    scale: float | None = None

    def make(self, step: int) -> Batch:
        """The batch of a step, window-major (see `core.networks.kernels`)."""
        rng = np.random.default_rng((self.seed, self.stage, step))
        scenes = int(rng.choice([self.size, max(self.size // 4, 1), 1], p=[0.5, 0.3, 0.2]))
        bands = self.bands or int(rng.choice(BANDS))
        windows = self.size // scenes
        samples = [
            draw(rng, pick(rng, self.sources), bands, windows, self.patch, self.scale)
            for _ in range(scenes)
        ]

        def stack(name: str) -> torch.Tensor:
            window_major = np.stack([getattr(s, name) for s in samples], axis=1)
            return torch.from_numpy(
                np.ascontiguousarray(window_major.reshape(-1, *window_major.shape[2:]))
            )

        return Batch(*(stack(f.name) for f in fields(Sample)), scenes=scenes)

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
