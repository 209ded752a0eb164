# SPDX-License-Identifier: GPL-2.0-or-later
"""Loss of a sharpened image; the further losses of a method are in `training.objectives`."""

from __future__ import annotations

import torch
from torch import Tensor

from core.networks.batch import Batch, scene_mean, to_windows
from training.distributed import Processes

#: Px at the border of a window that the loss leaves out where the image is back-projected.
RIM = 8
#: Largest weight of a scene whose fit has a small error, and its inverse.
MOST_WEIGHT = 4.0
#: Share of the loss that is taken before back-projection: it keeps what MS sees in its place.
BEFORE = 0.2


def scene_weights(batch: Batch) -> Tensor | None:
    """Return the weights (B, 1, 1, 1) of the errors: the inverse of the scene fit's, by scene.

    What is to fall is the ratio of the two. None where the fit is not known.
    """
    if batch.seen is None:
        return None
    with torch.no_grad():
        fitted = back_projected(batch.lms + batch.details[:, :, -1], batch)
        least = _inner(fitted - batch.gt).abs().mean(dim=(1, 2, 3))
        least = to_windows(scene_mean(least, batch.scenes), len(least))[:, None, None, None]
        return (least.mean() / least.clamp(min=1e-6)).clamp(1 / MOST_WEIGHT, MOST_WEIGHT)


def image_loss(
    image: Tensor, batch: Batch, weights: Tensor | None, share: float, processes: Processes
) -> Tensor:
    """Return the loss of a sharpened image (B, C, H, W), see `error_weighted_l1`.

    With `weights`, those of `scene_weights`, the image is back-projected first, as in use.
    """
    if weights is None:
        return error_weighted_l1((image - batch.gt).abs(), share, processes)
    image = image.float()
    seen, before = (
        error_weighted_l1(weights * _inner(x - batch.gt).abs(), share, processes)
        for x in (back_projected(image, batch), image)
    )
    return (1 - BEFORE) * seen + BEFORE * before


def error_weighted_l1(error: Tensor, share: float, processes: Processes) -> Tensor:
    """Return the mean of errors (B, C, H, W); a `share` of its weight is proportional to the error.

    The weights are relative to the mean error over all `processes`.
    """
    if not share:
        return error.mean()
    mean = error.detach().mean()
    processes.average([mean])
    weight = error.detach() / mean.clamp(min=1e-6)
    return (error * (1 - share + share * weight)).mean()


def back_projected(image: Tensor, batch: Batch) -> Tensor:
    """Return an image (B, C, H, W) made consistent with MS, but for a border of `RIM` px.

    A pass is ``x + LMS - M x M^T`` with the batch's `seen` M.
    """
    if batch.seen is None:
        return image
    from core.methods.separable_backprojection import PASSES  # needs scipy

    lines = to_windows(batch.seen, len(image))
    for _ in range(PASSES):
        image = image + batch.lms - lines @ image @ lines.mT
    return image


def _inner(image: Tensor) -> Tensor:
    return image[..., RIM:-RIM, RIM:-RIM]
