# SPDX-License-Identifier: GPL-2.0-or-later
"""Small files in PanCollection's formats, with synthetic scenes."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import scipy.io

from core.benchmark.pancollection import PanCollectionSample
from core.imaging.degrade import reduce_ms
from core.imaging.resample import interp23tap

SIZE = 32


def sample(
    number: int, bands: int = 4, full: bool = False, size: int = SIZE
) -> PanCollectionSample:
    """A made-up scene by the recipe of the files: MTF, every fourth pixel from 2, 23 taps."""
    rng = np.random.default_rng(number)
    y, x = np.mgrid[:size, :size] / 5.0
    pan = 500 + 200 * np.sin(y + number) * np.cos(x) + rng.normal(0, 10, (size, size))
    gt = np.round(np.stack([pan * (0.6 + 0.1 * b) + 20 * np.sin(b * x) for b in range(bands)]))
    ms = reduce_ms(gt, [0.3] * bands, 4)
    return PanCollectionSample(ms, interp23tap(ms, 4), pan, None if full else gt)


def write_h5(path: Path, samples: list[PanCollectionSample], pan_axes: int = 4) -> Path:
    """N x C x H x W; PAN with or without its axis of one band."""
    with h5py.File(path, "w") as file:
        for key in ("ms", "lms", "gt"):
            arrays = [getattr(each, key) for each in samples]
            if arrays[0] is not None:
                file[key] = np.stack(arrays)
        pan = np.stack([each.pan for each in samples])
        file["pan"] = pan[:, None] if pan_axes == 4 else pan
    return path


def write_mat(path: Path, each: PanCollectionSample) -> Path:
    """H x W x C, as MATLAB saves by default."""
    arrays = {"ms": each.ms, "lms": each.lms, "gt": each.gt}
    ordered = {key: a.transpose(1, 2, 0) for key, a in arrays.items() if a is not None}
    scipy.io.savemat(path, {**ordered, "pan": each.pan})
    return path


def write_mat_73(path: Path, each: PanCollectionSample) -> Path:
    """The same as MATLAB saves it with -v7.3: HDF5 behind a block of text, axes reversed."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for key in ("ms", "lms", "gt"):
            if getattr(each, key) is not None:
                file[key] = getattr(each, key).transpose(0, 2, 1)
        file["pan"] = each.pan.T
    text = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124)
    with path.open("r+b") as raw:
        raw.write(text + b"\x00\x02IM")
    return path
