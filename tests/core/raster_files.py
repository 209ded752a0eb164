# SPDX-License-Identifier: GPL-2.0-or-later
"""Read rasters, and write changed copies of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio

from core.raster.gdal import quietly

Values = npt.NDArray[Any]


def read(path: Path | str | None) -> Values:
    """Return all bands `(C, H, W)` as they are stored."""
    assert path
    with quietly(), rasterio.open(path) as dataset:
        return np.asarray(dataset.read())


def pixels(path: Path | str) -> bytes:
    """Return the bytes of all pixels."""
    return bytes(read(path).tobytes())


def edited(
    path: Path | str,
    change: Callable[[Values], Values | None] = lambda values: None,
    to: Path | None = None,
    **profile: Any,
) -> Path:
    """Write a raster anew, or to another file, with other values and settings; return its path.

    `change` returns other values `(C, H, W)`, or changes those that it gets.
    """
    with quietly(), rasterio.open(path) as source:
        values, names, kept = source.read(), source.descriptions, source.profile
    changed = change(values)
    values = values if changed is None else changed
    count, height, width = values.shape
    shape = {"count": count, "height": height, "width": width, "dtype": values.dtype}
    target = Path(to or path)
    with quietly(), rasterio.open(target, "w", **{**kept, **shape, **profile}) as dataset:
        dataset.write(values.astype(dataset.dtypes[0]))
        if count == len(names):
            dataset.descriptions = names
    return target


def single_bands(path: Path | str, form: str) -> tuple[str, ...]:
    """Write each band to a file of its own beside the raster; `form` has its number in braces."""
    names = []
    for number, band in enumerate(read(path), start=1):
        target = Path(path).with_name(form.format(number))
        names.append(str(edited(path, lambda values, band=band: band[None], target)))
    return tuple(names)
