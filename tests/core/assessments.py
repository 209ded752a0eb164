# SPDX-License-Identifier: GPL-2.0-or-later
"""A synthetic assessment, good or with one fault, without measuring anything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import ndimage

from core.quality.assessment import (
    Assessment,
    BandIndex,
    BandStatistics,
    ConsistencyStatistics,
    Crop,
    ValuePairs,
    ValueShares,
)
from core.raster.window import Window

NAMES = ("blue", "green", "red", "nir", "rededge", "coastal", "yellow", "nir2")


def assessment(bands: int = 4, *, reference: bool = False, **changes: object) -> Assessment:
    """Return a good assessment of 256 x 192 PAN px; `changes` replace its fields."""
    rng = np.random.default_rng(bands)
    names = tuple(NAMES[n] if n < len(NAMES) else f"band {n + 1}" for n in range(bands))
    image = np.stack([_scene(rng) for _ in names])
    ms = image[:, 1::4, 1::4]
    fused = image + rng.normal(0, 4, image.shape)
    sample = ValuePairs(_flat(ms), _flat(ms + rng.normal(0, 4, ms.shape)))
    rows = tuple(
        BandStatistics(
            name, mean, mean + 1.5, 1.5, 0.3, 4.0, 0.8, 0.998, 42.0 if reference else None, None
        )
        for name, mean in zip(names, image.mean(axis=(1, 2)).tolist(), strict=True)
    )
    near = ms.repeat(4, axis=1).repeat(4, axis=2)
    windows = (Window(16, 32, 64, 64), Window(120, 100, 64, 64))
    crops = tuple(
        Crop(
            f"place {n}",
            window,
            *(_f32(i[(..., *window.slices)]) for i in (near, image.mean(axis=0), fused)),
            _f32(image[(..., *window.slices)]) if reference else None,
        )
        for n, window in enumerate(windows)
    )
    none = np.empty((0, sample.ms.shape[1]), np.float32)
    known = {"SAM": 1.2, "ERGAS": 1.1, "Q2n": 0.93, "SCC": 0.96, "PSNR": 41.0, "SSIM": 0.97}
    estimated = {"D_lambda": 0.02, "D_lambda_K": 0.03, "D_s": 0.04, "QNR": 0.94, "HQNR": 0.93}
    values = {
        "pan": "pan.tif", "ms": "ms.tif", "fused": "fused.tif",
        "reference": "truth.tif" if reference else None, "band_names": names,
        "sensor": "QuickBird", "mtf_source": "the operator", "gains": (0.3,) * bands,
        "ratio": 4.0, "peak": 2047.0, "size": (256, 192), "pixels": 256 * 192, "blocks": 48,
        "interpolation": "23-tap", "seconds": 1.5,
        "scores": {**known, **estimated} if reference else estimated,
        "consistency": {"SAM": 0.8, "ERGAS": 0.5, "Q2n": 0.99, "bias_percent": 0.1},
        "consistency_bands": (ConsistencyStatistics(3.0, 0.6, 0.5, 0.1, 0.99),) * bands,
        "indices": (BandIndex("NDVI", (3, 2), 3000, 0.4, 0.001, 0.01, 0.998),) * (bands > 3),
        "shares": ValueShares((0.0,) * bands, (0.0,) * bands, (0.0,) * bands, 0.0),
        "bands": rows, "shift": (0.05, -0.08), "pan_shift": (0.01, 0.02), "ms_shift": (0.1, 0.0),
        "detail": (0.93,) * bands, "strength": (0.9,) * bands,
        "sam_map": _f32(np.abs(rng.normal(0, 1, (256, 192)))),
        "q2n_map": _f32(rng.uniform(0.8, 1, (8, 6))),
        "error_map": _f32(fused - image), "overview": _f32(fused),
        "pan_overview": _f32(image.mean(axis=0)), "sample": sample, "crops": crops,
        "index_sample": _indices(sample) if bands > 3 else ValuePairs(none, none),
        "versions": {"ksdiff": "0.1.0", "python": "3.11"}, "when": "2026-01-31",
    }  # fmt: skip
    return Assessment(**{**values, **changes})  # type: ignore[arg-type]


def with_bands(made: Assessment, **changes: object) -> Assessment:
    """Replace statistics of the bands by lists with a value for each."""
    rows = [
        replace(row, **{name: values[n] for name, values in changes.items()})  # type: ignore[index]
        for n, row in enumerate(made.bands)
    ]
    return replace(made, bands=tuple(rows))


def reversed_bands(made: Assessment) -> Assessment:
    """Return the assessment of a fused image with its bands in reverse order."""
    last = len(made.bands) - 1
    sample = ValuePairs(made.sample.ms, made.sample.fused[::-1])
    return replace(
        with_bands(made, resembles=[last - n if 2 * n != last else None for n in range(last + 1)]),
        sample=sample,
        consistency={**made.consistency, "SAM": 26.0, "ERGAS": 13.0},
    )


def _scene(rng: np.random.Generator) -> np.ndarray:
    rough = ndimage.gaussian_filter(rng.normal(0, 1, (256, 192)), 3)
    return 400 + 120 * rough / rough.std() + rng.uniform(0, 200)


def _indices(sample: ValuePairs) -> ValuePairs:
    ms, fused = (((v[3] - v[2]) / (v[3] + v[2]))[None] for v in (sample.ms, sample.fused))
    return ValuePairs(ms, fused)


def _flat(image: np.ndarray) -> np.ndarray:
    return _f32(image.reshape(len(image), -1))


def _f32(image: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(image, dtype=np.float32)
