# SPDX-License-Identifier: GPL-2.0-or-later
"""The error of a network on ground that is drawn as in training, over the scene fit's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from core.imaging.arrays import FloatArray
from core.networks.batch import Batch, scene_mean
from core.networks.config import NetworkConfig
from training.batches import Batches
from training.losses import RIM, back_projected
from training.recipe import Recipe
from training.scenes import TrainingScene

#: Of the draws: no training has it.
SEED = 1_000_000


def drawn(
    recipe: Recipe, config: NetworkConfig, scenes: Sequence[TrainingScene], part: str, count: int
) -> list[Batch]:
    """Return `count` batches of a part of the scenes, the same whatever the recipe's seed."""
    of = [scene for scene in scenes if scene.part == part]
    batches = Batches(
        of, recipe.batch, recipe.patch, SEED, 2, config.bands, recipe.scale, config.details
    )
    return [batches.make(step) for step in range(count)]


def relative_errors(sharpen: Callable[[Batch], Tensor], batches: Sequence[Batch]) -> FloatArray:
    """Return the RMSE of each drawn scene over that of the last detail given, (N,).

    That detail is the scene fit's where the network starts from it, and nothing (LMS) where it is
    given none. Both are back-projected, and the border of a window is left out, as in the loss.
    `sharpen` returns the images (B, C, H, W) of a batch.
    """
    found = []
    with torch.no_grad():
        for batch in batches:
            given = batch.details.shape[2]
            fit = batch.lms + batch.details[:, :, -1] if given else batch.lms
            mine, theirs = (_mean_square(x, batch) for x in (sharpen(batch), fit))
            found.append((mine / theirs).sqrt().cpu().numpy())
    return np.concatenate(found).astype(np.float64)


def geometric_mean(ratios: FloatArray) -> float:
    """Return the geometric mean of ratios (N,)."""
    return float(np.exp(np.log(ratios).mean()))


def _mean_square(image: Tensor, batch: Batch) -> Tensor:
    """Return the mean square error of each scene, (S,)."""
    error = (
        back_projected(image, batch)[..., RIM:-RIM, RIM:-RIM] - batch.gt[..., RIM:-RIM, RIM:-RIM]
    )
    return scene_mean(error.square().mean(dim=(1, 2, 3)), batch.scenes)
