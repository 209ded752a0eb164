# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a method that samples is unsure: how far the results of several seeds lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress
from core.reduced import AnyScene
from core.scene import Patch


class Sampling(Protocol):
    """A method whose result depends on the seed of a noise that `fuse` may be given."""

    name: str
    halo: int
    align: int

    def fuse(self, patch: Patch, context: Any, *, seed: int | None = None) -> NDArray[np.float32]:
        """Sharpen a window, from the noise of a seed or the method's own."""

    def describe(self) -> dict[str, object]:
        """What the result reports."""


class Spread:
    """Per pixel the standard deviation over seeds, mean over the bands, in DN.

    That is the one of a sample (n - 1): it does not grow with the number of seeds.

    Parameters
    ----------
    method : has prepared the scene, which does not depend on these seeds.
    context : what it knows of the scene.
    seeds : of the noise, at least two different ones.
    """

    def __init__(self, method: Sampling, context: Any, seeds: Sequence[int]) -> None:
        if len(set(seeds)) < 2:
            raise ValueError(f"there is no spread over the seeds {list(seeds)}")
        self.method, self.context, self.seeds = method, context, seeds
        self.name = f"{method.name}-spread"
        self.halo, self.align = method.halo, method.align

    def prepare(self, scene: AnyScene, progress: Progress) -> Any:
        """Nothing: the scene is known."""
        return self.context

    def fuse(self, patch: Patch, context: Any) -> NDArray[np.float32]:
        """The spread of a window, (1, H, W)."""
        # By Welford's recurrence two images are kept, however many seeds there are.
        mean = self.method.fuse(patch, context, seed=self.seeds[0])
        squares = np.zeros_like(mean)
        for number, seed in enumerate(self.seeds[1:], start=2):
            image = self.method.fuse(patch, context, seed=seed)
            apart = image - mean
            mean = np.asarray(mean + apart / number, np.float32)
            squares += apart * (image - mean)
        deviation = np.sqrt(squares / (len(self.seeds) - 1))
        return np.asarray(deviation.mean(axis=0, keepdims=True), np.float32)

    def describe(self) -> dict[str, object]:
        """As the method's."""
        return self.method.describe()
