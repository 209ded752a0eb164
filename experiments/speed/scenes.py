# SPDX-License-Identifier: GPL-2.0-or-later
"""Large pairs to measure on: a synthetic scene repeated, written window by window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

from core.synthetic.pairs import write_pair

BASE = 1024
"""PAN px of the scene that is repeated, every second time mirrored, so that there are no edges."""


def large_pair(folder: Path, size: int, bands: int) -> tuple[Path, Path]:
    """Return PAN of `size` x `size` px and MS in `folder`, made where they are not there yet."""
    base = folder / f"base-{bands}"
    names = base / "pan.tif", base / "ms.tif"
    if not all(name.exists() for name in names):
        base.mkdir(parents=True, exist_ok=True)
        pan, ms, _ = write_pair(base, BASE, bands, 1)
        names = pan, ms
    pan, ms = (folder / f"{kind}-{size}-{bands}.tif" for kind in ("pan", "ms"))
    for source, target, edge in ((names[0], pan, size), (names[1], ms, size // 4)):
        if not target.exists():
            _repeat(source, target, edge)
    return pan, ms


def _repeat(source: Path, target: Path, edge: int) -> None:
    """Write the top left `edge` x `edge` px of a plane covered with a raster, uncompressed."""
    unfinished = target.with_suffix(".part")
    with rasterio.open(source) as base:
        values = base.read()
        profile = {
            "driver": "GTiff", "count": base.count, "dtype": "uint16", "crs": base.crs,
            "transform": base.transform, "width": edge, "height": edge, "tiled": True,
            "blockxsize": 256, "blockysize": 256,
        }  # fmt: skip
    step = values.shape[1]
    with rasterio.open(unfinished, "w", **profile) as file:
        for row in range(0, edge, step):
            for col in range(0, edge, step):
                height, width = min(step, edge - row), min(step, edge - col)
                part = values[:, :: -1 if row // step % 2 else 1, :: -1 if col // step % 2 else 1]
                block = np.rint(part[:, :height, :width]).astype(np.uint16)
                file.write(block, window=Window(col, row, width, height))
    unfinished.replace(target)
