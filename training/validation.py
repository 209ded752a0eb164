# SPDX-License-Identifier: GPL-2.0-or-later
"""Indices of a network on held-out scenes, in training.

By Wald's protocol, as training, but by one fixed sensor at ratio 4 with the MTF that the scene
knows or a generic one. Reference rows are the methods whose details a network is given, or the
interpolated MS where it is given none; all are back-projected where the scene fit is one of them.
Stage 1 sees the prior of the reference: its values are an upper limit of what stage 2 could reach,
no result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from core.errors import InputError
from core.imaging.arrays import Image
from core.networks.batch import Batch
from core.networks.trainable import TrainableNetwork
from core.quality.streaming import error_scores
from core.sensors import GENERIC_GAIN
from training.losses import back_projected
from training.observation import observe_as
from training.resampling import BENCHMARK, seen_matrix
from training.scenes import VALIDATION, TrainingScene
from training.sensor_prior import PRIOR
from training.simulated_sensor import normalised, scaled

RATIO = 4
#: Largest side of the region of each scene that is sharpened (px).
SIDE = 256
#: Sides of regions are multiples of this (px).
STEP = 16
#: Side of the smallest region that leaves something within `RIM` (px).
LEAST = 2 * STEP
#: Largest number of regions, spread over the held-out scenes.
CASES = 12
#: Pixels at the region's border that do not count: filters extrapolate there.
RIM = 8
INDICES = ("L1", "ERGAS", "SAM", "Q2n")
#: Methods whose details a network is given, in their order.
DETAILS = ("BDSD-PC", "BT-H", "scene fit")

Scores = dict[str, dict[str, float]]
"""Method -> index -> value."""


@dataclass(frozen=True)
class Case:
    """A region to be sharpened: a batch of one window, and mean and std of its bands (C, 1, 1)."""

    batch: Batch
    mean: Image
    std: Image

    def dn(self, image: Tensor) -> Image:
        """Return DN of a normalised image: (1, C, H, W) -> (C, H - 2 RIM, W - 2 RIM)."""
        inner = image[0, :, RIM:-RIM, RIM:-RIM].float().cpu().numpy()
        return np.asarray(inner * self.std + self.mean)


def cases(
    scenes: Sequence[TrainingScene], bands: int | None, scale: float | None, details: int
) -> list[Case]:
    """Return the regions of the held-out scenes; the same for every run.

    `bands` is the number that a network is bound to, if any; `scale` is the papers' setting;
    `details` is the network's number of details.
    """
    held_out: list[TrainingScene] = []
    for scene in scenes:
        if scene.part == VALIDATION:
            count = scene.samples
            held_out += [scene] if count is None else [scene.sample(n) for n in _spread(count)]
    return [_case(held_out[n], bands, scale, details) for n in _spread(len(held_out))]


def _spread(count: int) -> list[int]:
    """Return at most `CASES` numbers below `count`, evenly spaced."""
    return sorted({round(n) for n in np.linspace(0, count - 1, CASES)}) if count else []


def region_side(scene: TrainingScene) -> int:
    """Return the side of the region of a scene that is sharpened (px).

    Raises InputError where nothing large enough is without nodata.
    """
    largest = min(SIDE, *(n // STEP * STEP for n in scene.size))
    for side in range(largest, LEAST - 1, -STEP):
        if len(scene.squares(side)):
            return side
    raise InputError("no-square-to-validate", source=scene.name, least=LEAST)


def _case(scene: TrainingScene, fixed: int | None, scale: float | None, details: int) -> Case:
    rng = np.random.default_rng(0)
    square = scene.random_square(rng, region_side(scene))
    region = (slice(None), *square)
    gt = scene.ms[region]
    pan = PRIOR.simulate_pan(rng, gt) if scene.pan is None else scene.pan[square]
    bands = fixed or len(gt)
    gt = gt[np.arange(bands) % len(gt)]
    gains = [*scene.gains, *[GENERIC_GAIN] * bands][:bands]
    # In the papers' setting training windows lie on the benchmarks' grid.
    seen = observe_as(gt, RATIO, gains, 0.0 if scale is None else BENCHMARK)
    if scale is None:
        of = normalised(rng, seen, pan, gt, details)
    else:
        of = scaled(pan, seen.lms if scene.lms is None else scene.lms[region], gt, scale)
    images = (of.pan, of.lms, of.gain, of.weight, of.details, of.gt)
    tensors = [torch.from_numpy(np.asarray(image, np.float32)[None]) for image in images]
    seen_lines: Tensor | None = None
    if of.details.shape[1] == len(DETAILS):
        lines = [seen_matrix(len(pan), RATIO, seen.offset, gain) for gain in of.assumed]
        seen_lines = torch.from_numpy(np.stack(lines)[None])
    batch = replace(Batch(*tensors), seen=seen_lines)  # type: ignore[arg-type]
    return Case(batch, of.mean[:, None, None], of.std[:, None, None])


def validate(model: TrainableNetwork, of: Sequence[Case], stage: int) -> Scores:
    """Return means over the cases of `INDICES`, for the network and the reference rows.

    L1 is of normalised values, the indices are of DN.
    """
    device = next(model.parameters()).device
    training = model.training
    model.eval()
    rows: dict[str, list[dict[str, float]]] = {}
    for case in of:
        batch = case.batch.to(device)
        with torch.no_grad():
            images = {model.title: model.sharpen(batch, stage)}
        if batch.details.shape[2]:
            details = batch.details.unbind(2)
            images |= {k: batch.lms + d for k, d in zip(DETAILS, details, strict=False)}
        else:
            images["LMS"] = batch.lms
        for method, image in images.items():
            image = back_projected(image, batch)
            scores = error_scores(case.dn(batch.gt), case.dn(image), RATIO)
            scores["L1"] = float((image - batch.gt).abs().mean())
            rows.setdefault(method, []).append(scores)
    model.train(training)
    return {
        method: {index: float(np.nanmean([s[index] for s in found])) for index in INDICES}
        for method, found in rows.items()
    }
