# SPDX-License-Identifier: GPL-2.0-or-later
"""Read PanCollection's training files: thousands of samples, one at a time.

`train_qb.h5`, `train_wv3.h5`, `train_gf2.h5` hold gt, ms, lms and pan, N x C x H x W, DN. By their
recipe ms is gt under the sensor's MTF, every fourth pixel from the third: phase (2, 2). In the
distributed QuickBird files most samples have another phase, so that lms lies beside gt and pan.
Such samples are detected by comparison with every phase; their lms is simulated again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from core.benchmark.pancollection import SampleFile
from core.errors import InputError
from core.imaging.arrays import FloatArray, Image
from core.imaging.degrade import phase_offset, reduce_ms
from core.imaging.mtf import mtf_filter
from core.imaging.resample import interp23tap
from core.sensors import AUTO
from training.scenes import TRAIN, VALIDATION, TrainingScene, all_valid

log = logging.getLogger(__name__)

#: A phase replaces the right one if its mean difference is less than this share of its.
WRONG = 0.5
#: MS px at the border that are not compared: samples cut from larger images differ there.
RIM = 2


@dataclass(frozen=True)
class LazyArray:
    """Pixels of samples, read by number."""

    shape: tuple[int, ...]
    read: Callable[[int], Image]

    def __getitem__(self, key: Any) -> Image:
        """Return one sample, float32, DN."""
        return self.read(int(key))


def load_samples(path: Path, sensor: str = AUTO) -> TrainingScene:
    """Return the samples of a file; each is read once, to check its phase.

    A file named valid... is for validation. Raises InputError where the file is not of this kind,
    or a test file without a reference.
    """
    file = SampleFile.open(path, sensor)
    if file.full:
        raise InputError("pancollection-no-reference", path=path)
    gains = file.card.gains(file.band_names)
    wrong = frozenset(number for number in range(file.count) if _displaced(file, number, gains))
    log.info("%s: %d of %d samples had their MS made anew", path.name, len(wrong), file.count)

    @lru_cache(maxsize=4)
    def read(number: int) -> tuple[Image, Image, Image]:
        sample = file.read(number)
        if sample.gt is None:
            raise InputError("pancollection-no-reference", path=path)
        lms = sample.lms
        if number in wrong:
            lms = interp23tap(reduce_ms(sample.gt, gains, file.ratio), file.ratio)
        gt, lms32, pan = (a.astype(np.float32) for a in (sample.gt, lms, sample.pan))
        return gt, lms32, pan

    shape = file.count, file.bands, file.height, file.width
    plane = file.count, file.height, file.width
    return TrainingScene(
        path.stem,
        LazyArray(shape, lambda number: read(number)[0]),
        LazyArray(plane, lambda number: read(number)[2]),
        all_valid(plane),
        1.0,
        VALIDATION if path.name.lower().startswith("valid") else TRAIN,
        file.card.key,
        gains,
        LazyArray(shape, lambda number: read(number)[1]),
    )


def phase(ms: FloatArray, gt: FloatArray, gains: tuple[float, ...], ratio: int) -> tuple[int, int]:
    """Return row and column of gt where ms begins: the right ones unless others fit much better.

    `ms` (C, h, w) and `gt` (C, H, W), DN.
    """
    filtered = mtf_filter(gt, gains, ratio)
    rim = RIM if min(ms.shape[1:]) > 3 * RIM else 0
    inner = np.s_[:, rim : ms.shape[1] - rim, rim : ms.shape[2] - rim]

    def difference(at: tuple[int, int]) -> float:
        there = filtered[:, at[0] :: ratio, at[1] :: ratio]
        return float(np.abs(ms - there)[inner].mean())

    right = int(phase_offset(ratio, "benchmark"))
    found = min(np.ndindex(ratio, ratio), key=difference)
    clear = difference(found) < WRONG * difference((right, right))
    return (found[0], found[1]) if clear else (right, right)


def _displaced(file: SampleFile, number: int, gains: tuple[float, ...]) -> bool:
    sample = file.read(number)
    right = int(phase_offset(file.ratio, "benchmark"))
    return sample.gt is not None and phase(sample.ms, sample.gt, gains, file.ratio) != (right,) * 2
