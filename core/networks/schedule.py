# SPDX-License-Identifier: GPL-2.0-or-later
"""The cosine noise schedule and DDIM, for arrays and tensors alike.

Nichol, Dhariwal, "Improved Denoising Diffusion Probabilistic Models", ICML 2021, eq. 17; Song,
Meng, Ermon, "Denoising Diffusion Implicit Models", ICLR 2021, eq. 12 with eta = 0.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

OFFSET = 0.008
REFERENCE_STEPS = 25  # sampling steps of SRINO's authors

Values = TypeVar("Values")


def cosine(steps: int) -> NDArray[np.float64]:
    """Return alpha_bar (T,) of the cosine schedule, with betas of at most 0.999."""
    u = np.arange(steps + 1) / steps
    f = np.cos((u + OFFSET) / (1 + OFFSET) * np.pi / 2) ** 2
    betas = np.minimum(1 - f[1:] / f[:-1], 0.999)
    return np.asarray(np.cumprod(1 - betas))


def timesteps(steps: int, count: int) -> list[int]:
    """Return `count` of T steps, evenly spaced from T - T/25 down to 0; for one, the first.

    25 of 500 are 480, 460, ..., 0. They are indices into the whole schedule, as in training. Raises
    ValueError for a count below 1.
    """
    if count < 1:
        raise ValueError(f"sampling takes at least one step, not {count}")
    first = min(steps - steps // REFERENCE_STEPS, steps - 1)
    return [round(t) for t in np.linspace(first, 0, min(count, first + 1)).tolist()]


def ddim(x: Values, x0: Any, abar: float, earlier: float) -> Values:
    """Return the less noisy x_s from x_t and the predicted x0, of any shape.

    `abar` and `earlier` are alpha_bar at t and at s.
    """
    before: Any = x
    noise = (before - math.sqrt(abar) * x0) / math.sqrt(1 - abar)
    return math.sqrt(earlier) * x0 + math.sqrt(1 - earlier) * noise
