# SPDX-License-Identifier: GPL-2.0-or-later
"""How well a network sharpens scenes that are held out of training, in the field's indices.

By Wald's protocol, as training is, but by one fixed sensor at ratio 4 with the MTF the source
knows or a generic one. The reference rows are BDSD-PC and BT-H, or the interpolated MS where a
network is not given the details of classical methods. Stage 1 sees the prior of the truth: its
values are what stage 2 could reach, no result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.errors import InputError
from core.imaging.arrays import Image
from core.imaging.moments import Moments
from core.imaging.nominal_mtf import NYQUIST_GAIN, mtf_sigma
from core.methods.statistics import normalise, pixel_vectors, statistics
from core.networks.batch import Batch
from core.networks.ksdiff import KSDiff
from core.networks.srino import SRINO
from core.quality.streaming import error_scores
from core.sensors import GENERIC_GAIN
from training.patches import VALIDATION, Source
from training.variation import (
    BENCHMARK,
    blur,
    details_of,
    observe_as,
    place,
)

RATIO = 4
SIDE = 256
"""Of the region of each scene that is sharpened (px), at most."""
STEP = 16
"""Sides of regions are multiples of this (px)."""
LEAST = 2 * STEP
"""Side of the smallest region that leaves something within `RIM` (px)."""
CASES = 12
"""Regions, at most, spread over what is held out."""
RIM = 8
"""Pixels at the region's border that do not count: what lies beyond had to be made up."""
NAMES = ("L1", "ERGAS", "SAM", "Q2n")
CLASSICAL = ("BDSD-PC", "BT-H")
"""The methods whose details a network is given, in the order of `injection.Details`."""


@dataclass(frozen=True)
class Case:
    """A region to be sharpened, as a batch of one window, and what makes DN of it (C, 1, 1)."""

    batch: Batch
    mean: Image
    std: Image

    def dn(self, image: Tensor) -> Image:
        """(1, C, H, W) as the network sees it to DN (C, H - 2 RIM, W - 2 RIM)."""
        inner = image[0, :, RIM:-RIM, RIM:-RIM].float().cpu().numpy()
        return np.asarray(inner * self.std + self.mean)


def cases(sources: Sequence[Source], bands: int | None, scale: float | None) -> list[Case]:
    """The held-out sources as they are sharpened; the same for every run.

    `bands` is the number that a network is bound to, if any.
    """
    scenes: list[Source] = []
    for source in sources:
        if source.part != VALIDATION:
            continue
        count = source.samples
        scenes += [source] if count is None else [source.sample(n) for n in _spread(count)]
    return [_case(scenes[n], bands, scale) for n in _spread(len(scenes))]


def _spread(count: int) -> list[int]:
    """At most `CASES` of so many, evenly."""
    return sorted({round(n) for n in np.linspace(0, count - 1, CASES)}) if count else []


def region_side(source: Source) -> int:
    """Side of the region of a scene that is sharpened (px).

    Raises InputError where nothing large enough is without nodata.
    """
    largest = min(SIDE, *(n // STEP * STEP for n in source.size))
    for side in range(largest, LEAST - 1, -STEP):
        if len(source.places(side)):
            return side
    raise InputError("no-square-to-validate", source=source.name, least=LEAST)


def _case(source: Source, fixed: int | None, scale: float | None) -> Case:
    rng = np.random.default_rng(0)
    side = region_side(source)
    row, col = place(rng, source, side)
    region = slice(row, row + side), slice(col, col + side)
    gt, pan = source.ms[(slice(None), *region)], source.pan[region]
    bands = fixed or len(gt)
    gt = gt[np.arange(bands) % len(gt)]
    gains = [*source.gains, *[GENERIC_GAIN] * bands][:bands]
    # In the papers' setting what is trained on lies on the benchmarks' grid.
    seen = observe_as(gt, RATIO, gains, 0.0 if scale is None else BENCHMARK)
    if scale is not None:
        lms = seen.lms if source.lms is None else source.lms[(slice(None), *region)]
        zero, full = np.zeros((bands, 1, 1)), np.full((bands, 1, 1), scale)
        ones = np.ones(bands)
        return _batch(pan[None] / scale, lms / scale, ones, ones, None, gt, zero, full)
    low = blur(pan, mtf_sigma(RATIO, NYQUIST_GAIN))
    moments = Moments(bands + 2)
    moments.add(pixel_vectors(seen.lms, pan, low, np.ones(pan.shape, bool)))
    known = statistics(moments)
    mean, std = known.mean[:, None, None], known.std[:, None, None]
    pans, lms = normalise(pan, low, seen.lms, None, known)
    details = details_of(rng, seen, pan, RATIO, moments).of(seen.lms, pan) / std[:, None]
    return _batch(pans, lms, known.gain, known.weight, details, gt, mean, std)


def _batch(
    pan: Any, lms: Any, gain: Any, weight: Any, details: Any | None, gt: Any, mean: Any, std: Any
) -> Case:
    if details is None:
        details = np.zeros((len(lms), 0, *pan.shape[1:]))
    arrays = (pan, lms, gain, weight, details, (gt - mean) / std)
    images = [torch.from_numpy(np.asarray(a, np.float32)[None]) for a in arrays]
    batch = Batch(*images)  # type: ignore[arg-type]
    return Case(batch, np.asarray(mean, np.float32), np.asarray(std, np.float32))


def validate(model: KSDiff | SRINO, of: Sequence[Case], stage: int) -> dict[str, dict[str, float]]:
    """Means over the cases of `NAMES`, for the network and for what it is compared with.

    L1 is of normalised values, the indices are of DN.
    """
    device = next(model.parameters()).device
    training = model.training
    model.eval()
    sums: dict[str, list[dict[str, float]]] = {}
    for case in of:
        batch = case.batch.to(device)
        with torch.no_grad():
            images = {model.title: model.sharpen(batch, stage)}
        if batch.details.shape[2]:
            images |= {name: batch.lms + batch.details[:, :, n] for n, name in enumerate(CLASSICAL)}
        else:
            images["LMS"] = batch.lms
        for method, image in images.items():
            scores = {"L1": float((image - batch.gt).abs().mean())}
            truth, fused = case.dn(batch.gt), case.dn(image)
            scores |= error_scores(truth, fused, RATIO)
            sums.setdefault(method, []).append(scores)
    model.train(training)
    return {
        method: {index: float(np.nanmean([r[index] for r in rows])) for index in NAMES}
        for method, rows in sums.items()
    }
