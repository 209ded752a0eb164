# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen tiles that do not fit into memory in parts, with the same result.

The memory that a network takes for a tile is not known in advance, least of all on a GPU.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np

from core.errors import out_of_memory
from core.imaging.arrays import Image
from core.pair.scene import Patch
from core.raster.tile_plan import Tile, plan
from core.raster.window import Window

log = logging.getLogger(__name__)

LEAST = 64  # PAN px; edge of the smallest parts


class Splitting:
    """Sharpen tiles of a scene; when memory runs out, in parts that are halved until they fit.

    Parameters
    ----------
    fuse : sharpens a window, halo included; also gets the tile that it is a part of.
    bands : number of bands of the result of `fuse`.
    whole : the scene, at whose edges halos end.
    """

    def __init__(self, fuse: Callable[[Patch, Tile], Image], bands: int, whole: Window) -> None:
        self._fuse, self._bands, self._whole = fuse, bands, whole
        self._most: int | None = None  # edge of the parts, PAN px

    def __call__(self, patch: Patch, tile: Tile, whole: Tile | None = None) -> Image:
        """Return the tile's inner window `(bands, H, W)` from the patch of its outer one.

        `whole` is the tile that it is a part of, if it is one.

        Raises the error of `fuse` if memory runs out for the smallest parts, too.
        """
        edge = max(tile.inner.shape)
        if self._most is None or edge <= self._most:
            try:
                return self._in_one(patch, tile, whole or tile)
            except Exception as error:
                half = (edge + 1) // 2
                if not out_of_memory(error) or half < LEAST:
                    raise
                self._most = half
            # Not in the except clause, which keeps the arrays of the failed attempt alive.
            log.warning(
                "Memory ran out for %d px: going on in parts of %d px, which gives the same result "
                "and takes longer. A smaller tile size avoids this.", edge, half,
            )  # fmt: skip
        return self._in_parts(patch, tile, self._most, whole or tile)

    def _in_one(self, patch: Patch, tile: Tile, whole: Tile) -> Image:
        values = self._fuse(patch, whole)
        if values.shape != (self._bands, *tile.outer.shape):
            raise ValueError(f"{values.shape} is not the shape of a tile {tile.outer.shape}")
        rows, cols = tile.crop
        return values[:, rows, cols]

    def _in_parts(self, patch: Patch, tile: Tile, edge: int, whole: Tile) -> Image:
        result = np.empty((self._bands, *tile.inner.shape), np.float32)
        at = (-tile.inner.row, -tile.inner.col)
        for part in plan(tile.inner, edge, tile.halo, tile.align, self._whole):
            result[(slice(None), *part.inner.shift(*at).slices)] = self(
                patch.cut(part.outer), part, whole
            )
        return result
