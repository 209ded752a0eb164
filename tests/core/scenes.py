# SPDX-License-Identifier: GPL-2.0-or-later
"""Synthetic rasters of a scene, a fused image and its reference, for the tests of quality."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from scipy import ndimage

from core.imaging.arrays import FloatArray
from core.imaging.degrade import reduce_ms
from core.requests.scenes import Quality

GRID = Affine(0.5, 0, 500000, 0, -0.5, 5000000)
CRS = "EPSG:32633"


def write(
    path: Path,
    image: npt.NDArray[Any],
    transform: Affine | None = GRID,
    crs: str | None = CRS,
    names: tuple[str, ...] = (),
    mask: npt.NDArray[np.bool_] | None = None,
    alpha: bool = False,
    **options: Any,
) -> Path:
    """A GeoTIFF of `(C, H, W)`; `mask` becomes a mask file; `alpha`: the last band is alpha."""
    profile = {"driver": "GTiff", "dtype": image.dtype, "crs": crs, "transform": transform}
    profile |= {"count": len(image), "height": image.shape[1], "width": image.shape[2]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **{**profile, **options}) as dataset:
            if alpha:
                grays = [ColorInterp.gray] + [ColorInterp.undefined] * (len(image) - 2)
                dataset.colorinterp = [*grays, ColorInterp.alpha]
            dataset.write(image)
            if mask is not None:
                dataset.write_mask(mask)
            for band, name in enumerate(names, start=1):
                dataset.set_band_description(band, name)
    return path


@dataclass(frozen=True)
class Images:
    """PAN `(H, W)`, MS `(C, h, w)`, reference `(C, H, W)`, DN; `offset` is MS' corner (PAN px)."""

    pan: FloatArray
    ms: FloatArray
    reference: FloatArray
    ratio: float = 4.0
    offset: tuple[float, float] = (0.0, 0.0)

    def written(self, folder: Path, fused: FloatArray, dtype: str = "float64") -> Quality:
        """Write all but the reference; return the request to assess the fused image."""
        row, col = self.offset
        coarse = GRID * Affine.translation(col, row) * Affine.scale(self.ratio)
        return Quality(
            pan=str(write(folder / "pan.tif", self.pan[None].astype(dtype))),
            ms=str(write(folder / "ms.tif", self.ms.astype(dtype), coarse)),
            fused=str(write(folder / "fused.tif", fused.astype(dtype))),
        )

    def with_reference(self, folder: Path, fused: FloatArray, dtype: str = "float64") -> Quality:
        """Write the reference too."""
        made = write(folder / "reference.tif", self.reference.astype(dtype))
        return replace(self.written(folder, fused, dtype), reference=str(made))


def landscape(height: int, width: int, bands: int = 3, seed: int = 0, ratio: int = 4) -> Images:
    """Fields and texture, each band with a share of its own; MS as its sensor would see it."""
    rng = np.random.default_rng(seed)
    size = height + 8 * ratio, width + 8 * ratio
    layers = [
        ndimage.gaussian_filter(rng.normal(0, 1, size), sigma) * sigma for sigma in (1.2, 4, 15)
    ]
    fields = np.floor(3 * ndimage.gaussian_filter(rng.normal(0, 1, size), 12) * 12)
    share = rng.uniform(0.3, 1.0, (bands, 4))
    stack = np.tensordot(share, np.stack([*layers, fields]), 1)
    whole = 500 + 60 * np.arange(bands)[:, None, None] + 90 * stack
    ms = reduce_ms(np.maximum(whole, 1), [0.3] * bands, ratio, "product")[:, 4:-4, 4:-4]
    inside = np.s_[:, 4 * ratio : -4 * ratio, 4 * ratio : -4 * ratio]
    reference = np.maximum(whole, 1)[inside]
    return Images(reference.mean(axis=0), ms, reference, float(ratio))


def noisy(reference: FloatArray, seed: int = 1, amount: float = 25.0) -> FloatArray:
    """Return a fused image: the reference and some noise."""
    rng = np.random.default_rng(seed)
    return np.maximum(reference + rng.normal(0, amount, reference.shape), 0)
