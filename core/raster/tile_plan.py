# SPDX-License-Identifier: GPL-2.0-or-later
"""Tile plans: the windows that a scene is sharpened in, each with its halo.

A tile is written where its `inner` window lies and read where its `outer` window lies. The inner
windows partition the scene; the outer ones add the halo that a method's result depends on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from core.raster.window import Window


@dataclass(frozen=True)
class Tile:
    """A tile: `outer` is read, `inner` is written; `halo` and `align` are those of its `plan`."""

    inner: Window
    outer: Window
    halo: int = field(default=0, kw_only=True)
    align: int = field(default=1, kw_only=True)

    @property
    def crop(self) -> tuple[slice, slice]:
        """Slices of the rows and columns of `inner`, of an array `(..., H, W)` of `outer`."""
        return self.inner.shift(-self.outer.row, -self.outer.col).slices


def plan(
    part: Window, tile: int, halo: int, align: int = 1, whole: Window | None = None
) -> list[Tile]:
    """Divide a scene, or a part of one, into tiles, row by row.

    Inner windows cover every pixel once; outer windows stay inside the scene. Raises ValueError for
    an empty part, or sizes that make no sense.

    Parameters
    ----------
    part : the window to divide (PAN px).
    tile : height and width of the inner windows (PAN px); the last ones may be smaller.
    halo : pixels around the inner window that its result depends on (PAN px).
    align : origins of outer windows are multiples of this (PAN px), and so are their ends except at
        the end of the scene, so that a strided network has the same phase in every tile.
    whole : the scene, from (0, 0), where halos end; the part itself by default.
    """
    if min(part.shape) < 1:
        raise ValueError(f"a scene of {part.height} x {part.width} pixels has no tiles")
    if tile < 1 or halo < 0 or align < 1:
        raise ValueError(f"tile {tile}, halo {halo}, align {align}: not a tile plan")
    height, width = (whole or part).shape
    rows = _spans(part.row, part.row_end, height, tile, halo, align)
    cols = _spans(part.col, part.col_end, width, tile, halo, align)
    return [
        Tile(Window.between(r0, c0, r1, c1), Window.between(y0, x0, y1, x1), halo=halo, align=align)
        for r0, r1, y0, y1 in rows
        for c0, c1, x0, x1 in cols
    ]


def _spans(
    start: int, stop: int, size: int, tile: int, halo: int, align: int
) -> list[tuple[int, int, int, int]]:
    """Return begin and end of each inner window, and of its outer window, along one axis."""
    spans = []
    for begin in range(start, stop, tile):
        end = min(begin + tile, stop)
        first = max(0, begin - halo) // align * align
        last = min(size, math.ceil((end + halo) / align) * align)
        spans.append((begin, end, first, last))
    return spans
