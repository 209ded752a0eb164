# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a method that samples is unsure: how far the results of several seeds lie apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.pair.reduced import AnyScene
from core.pair.scene import Patch
from core.progress import Progress


class Sampling(Protocol):
    """A method whose result depends on the seed of a noise that `fuse` may be given."""

    name: str
    halo: int
    align: int
    rounds: int

    def fuse(
        self,
        patch: Patch,
        context: Any,
        *,
        seed: int | None = None,
        told: Callable[[int], None] | None = None,
    ) -> NDArray[np.float32]:
        """Sharpen a window, from the noise of a seed or the method's own."""

    def sampling(self, context: Any, progress: Progress) -> tuple[Sampling, Any]:
        """The method as it is sampled where seeds are to matter, and its context."""

    def describe(self) -> dict[str, object]:
        """What the result reports."""


class Spread:
    """Per pixel the standard deviation over seeds, mean over the bands, in DN.

    That is the one of a sample (n - 1): it does not grow with the number of seeds.

    Parameters
    ----------
    method : as it is sampled where seeds matter.
    context : what it knows of the scene, which does not depend on these seeds.
    seeds : of the noise, at least two different ones.
    """

    def __init__(self, method: Sampling, context: Any, seeds: Sequence[int]) -> None:
        if len(set(seeds)) < 2:
            raise ValueError(f"there is no spread over the seeds {list(seeds)}")
        self.method, self.context, self.seeds = method, context, seeds
        self.name = f"{method.name}-spread"
        self.halo, self.align = method.halo, method.align
        self.rounds = len(seeds) * method.rounds

    @classmethod
    def of(cls, method: Sampling, context: Any, seeds: Sequence[int], progress: Progress) -> Spread:
        """Of a method that has prepared the scene."""
        return cls(*method.sampling(context, progress), seeds)

    def prepare(self, scene: AnyScene, progress: Progress) -> Any:
        """Nothing: the scene is known."""

    def fuse(
        self, patch: Patch, context: Any, told: Callable[[int], None] = lambda round: None
    ) -> NDArray[np.float32]:
        """The spread of a window, (1, H, W)."""

        def image(number: int) -> NDArray[np.float32]:
            passed = number * self.method.rounds
            return self.method.fuse(
                patch,
                self.context,
                seed=self.seeds[number],
                told=lambda round: told(passed + round),
            )

        # By Welford's recurrence two images are kept, however many seeds there are.
        mean = image(0)
        squares = np.zeros_like(mean)
        for number in range(1, len(self.seeds)):
            sample = image(number)
            apart = sample - mean
            mean = np.asarray(mean + apart / (number + 1), np.float32)
            squares += apart * (sample - mean)
        deviation = np.sqrt(squares / (len(self.seeds) - 1))
        return np.asarray(deviation.mean(axis=0, keepdims=True), np.float32)

    def describe(self) -> dict[str, object]:
        """As the method's."""
        return self.method.describe()
