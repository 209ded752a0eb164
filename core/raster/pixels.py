# SPDX-License-Identifier: GPL-2.0-or-later
"""Conversion of values to the data type of a raster, its range and its nodata value."""

from __future__ import annotations

import math

import numpy as np


def convert(
    values: np.ndarray,
    valid: np.ndarray,
    dtype: np.dtype,
    nodata: float,
    *,
    reserved: bool = True,
    bits: int | None = None,
) -> np.ndarray:
    """Round and clip fused values `(C, H, W)`, DN, to pixels of a type.

    Parameters
    ----------
    values : float `(C, H, W)`, DN; values that are not finite become `nodata`.
    valid : bool `(H, W)`; invalid pixels become `nodata`.
    reserved : `nodata` is declared: a valid pixel that would equal it is moved by the smallest
        step, towards its own value.
    bits : number of bits that pixels are packed to; None for all of the type.
    """
    missing = ~valid | ~np.isfinite(values)
    # float32 holds every 16-bit integer and is faster; wider types need float64.
    work = np.float64 if dtype.itemsize > 2 and dtype != np.float32 else np.float32
    wide = np.where(missing, 0, values).astype(work, copy=False)
    if dtype.kind == "f":
        limit = np.finfo(dtype).max
        pixels = np.clip(wide, -limit, limit).astype(dtype, copy=False)
    else:
        low, high = limits(dtype, bits)
        pixels = np.clip(np.rint(wide), low, high).astype(dtype)
    if reserved and math.isfinite(nodata):
        _avoid(pixels, wide, dtype.type(nodata), bits)
    pixels[missing] = dtype.type(nodata)
    return pixels


def limits(dtype: np.dtype, bits: int | None = None) -> tuple[float, float]:
    """Return the range of an integer type as float64, rounded inwards: 2^63 - 1 would overflow."""
    least, most = _range(dtype, bits)
    high = float(most)
    return float(least), high if int(high) <= most else math.nextafter(high, 0.0)


def value_range(dtype: np.dtype, bits: int | None = None) -> tuple[float, float]:
    """Return the least and the greatest number of a type, or of that many bits of it."""
    if dtype.kind == "f":
        return float(np.finfo(dtype).min), float(np.finfo(dtype).max)
    return _range(dtype, bits)


def _range(dtype: np.dtype, bits: int | None) -> tuple[int, int]:
    """Return the least and the greatest integer of a type, or of that many bits of it."""
    info = np.iinfo(dtype)
    return int(info.min), 2**bits - 1 if bits else int(info.max)


def _avoid(pixels: np.ndarray, values: np.ndarray, nodata: np.generic, bits: int | None) -> None:
    """Move pixels `(C, H, W)` equal to `nodata` to the next number, towards their `values`."""
    clash = pixels == nodata
    if not clash.any():
        return
    dtype = pixels.dtype
    if dtype.kind == "f":
        with np.errstate(over="ignore"):  # the number beyond the largest float is not used
            up, down = np.nextafter(nodata, np.inf), np.nextafter(nodata, -np.inf)
        least, most = np.finfo(dtype).min, np.finfo(dtype).max
    else:
        least, most = _range(dtype, bits)
        up, down = dtype.type(min(int(nodata) + 1, most)), dtype.type(max(int(nodata) - 1, least))
    upward = ((values[clash] >= nodata) | (nodata == least)) & (nodata != most)
    pixels[clash] = np.where(upward, up, down)


def default_nodata(dtype: np.dtype) -> float:
    """Return the default nodata value: NaN for float types, the minimum of integer types.

    Files have it as a decimal number, which is exact in double precision up to 2^53.
    """
    return math.nan if dtype.kind == "f" else float(max(np.iinfo(dtype).min, -(2**53)))


def holds(dtype: np.dtype, value: float, bits: int | None = None) -> bool:
    """Return whether a type, or that many bits of it, can hold exactly this value."""
    if dtype.kind == "f":
        return not math.isfinite(value) or abs(value) <= float(np.finfo(dtype).max)
    least, most = _range(dtype, bits)
    return math.isfinite(value) and value == int(value) and least <= value <= most
