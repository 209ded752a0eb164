# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels of a raster's data type: values rounded and clipped, and what marks missing ones."""

from __future__ import annotations

import math

import numpy as np


def convert(
    values: np.ndarray, valid: np.ndarray, dtype: np.dtype, nodata: float, *, reserved: bool = True
) -> np.ndarray:
    """Fused values (C, H, W) in DN as pixels of ``dtype``.

    Parameters
    ----------
    values : float (C, H, W) in DN; what is not finite becomes ``nodata``.
    valid : bool (H, W); invalid pixels become ``nodata``.
    reserved : readers take ``nodata`` for missing, so a valid value that would come out equal to
        it moves by the smallest step, towards its own side.
    """
    missing = ~valid | ~np.isfinite(values)
    # float32 holds every 16-bit integer, and half the bytes are moved; wider types need float64.
    work = np.float64 if dtype.itemsize > 2 and dtype != np.float32 else np.float32
    wide = np.where(missing, 0, values).astype(work, copy=False)
    if dtype.kind == "f":
        limit = np.finfo(dtype).max
        pixels = np.clip(wide, -limit, limit).astype(dtype, copy=False)
    else:
        low, high = _limits(dtype)
        pixels = np.clip(np.rint(wide), low, high).astype(dtype)
    if reserved and math.isfinite(nodata):
        _avoid(pixels, wide, dtype.type(nodata))
    pixels[missing] = dtype.type(nodata)
    return pixels


def _limits(dtype: np.dtype) -> tuple[float, float]:
    """Return the type's range in float64, rounded inwards: 2^63 - 1 would round up and wrap."""
    info = np.iinfo(dtype)
    high = float(info.max)
    return float(info.min), high if int(high) <= info.max else math.nextafter(high, 0.0)


def _avoid(pixels: np.ndarray, values: np.ndarray, nodata: np.generic) -> None:
    """Move pixels equal to ``nodata`` to the next value, on the side their value lies on."""
    clash = pixels == nodata
    if not clash.any():
        return
    dtype = pixels.dtype
    if dtype.kind == "f":
        with np.errstate(over="ignore"):  # the side beyond the largest float is not taken
            up, down = np.nextafter(nodata, np.inf), np.nextafter(nodata, -np.inf)
        least, most = np.finfo(dtype).min, np.finfo(dtype).max
    else:
        least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
        up, down = dtype.type(min(int(nodata) + 1, most)), dtype.type(max(int(nodata) - 1, least))
    upward = ((values[clash] >= nodata) | (nodata == least)) & (nodata != most)
    pixels[clash] = np.where(upward, up, down)


def usual_nodata(dtype: np.dtype) -> float:
    """Return the default nodata value: NaN for float types, the minimum of integer types."""
    return math.nan if dtype.kind == "f" else float(np.iinfo(dtype).min)


def holds(dtype: np.dtype, value: float) -> bool:
    """Whether ``dtype`` can hold exactly this value."""
    if dtype.kind == "f":
        return not math.isfinite(value) or abs(value) <= float(np.finfo(dtype).max)
    info = np.iinfo(dtype)
    return math.isfinite(value) and value == int(value) and info.min <= value <= info.max
