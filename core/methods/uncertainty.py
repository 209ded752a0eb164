# SPDX-License-Identifier: GPL-2.0-or-later
"""Uncertainty of a method that samples: the ensemble standard deviation over noise seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.imaging.arrays import Image
from core.methods.interface import Method, OnStep
from core.pair.scene import Patch


def ensemble_std(
    method: Method,
    patch: Patch,
    context: Any,
    seeds: Sequence[int],
    *,
    on_step: OnStep | None = None,
) -> Image:
    """Return the standard deviation over seeds, averaged over the bands: `(1, H, W)` in DN.

    It is that of a sample (n - 1), so it does not grow with the number of seeds. `method` and
    `context` are those of `Method.for_ensemble`.
    """
    if len(set(seeds)) < 2:
        raise ValueError(f"no standard deviation over the seeds {list(seeds)}")

    def image(number: int) -> Image:
        before = number * method.evaluations
        return method.fuse(
            patch,
            context,
            seed=seeds[number],
            on_step=on_step and (lambda step: on_step(before + step)),
        )

    # Welford's recurrence: two images in memory, however many seeds there are.
    mean = image(0)
    squares = np.zeros_like(mean)
    for number in range(1, len(seeds)):
        sample = image(number)
        deviation = sample - mean
        mean = np.asarray(mean + deviation / (number + 1), np.float32)
        squares += deviation * (sample - mean)
    std = np.sqrt(squares / (len(seeds) - 1))
    return np.asarray(std.mean(axis=0, keepdims=True), np.float32)
