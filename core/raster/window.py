# SPDX-License-Identifier: GPL-2.0-or-later
"""Windows of pixels, and windows scattered over a scene: pure functions."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels: first row and column, height and width (PAN px)."""

    row: int
    col: int
    height: int
    width: int

    @property
    def row_end(self) -> int:
        """The row after the last one."""
        return self.row + self.height

    @property
    def col_end(self) -> int:
        """The column after the last one."""
        return self.col + self.width

    @property
    def shape(self) -> tuple[int, int]:
        """`(height, width)`."""
        return self.height, self.width

    @property
    def slices(self) -> tuple[slice, slice]:
        """Slices of the rows and columns of this window, of an array `(..., H, W)` from (0, 0)."""
        return slice(self.row, self.row_end), slice(self.col, self.col_end)

    @classmethod
    def between(cls, row: int, col: int, row_end: int, col_end: int) -> Window:
        """Return the window from the first row and column to those after the last.

        It is empty if an end is before its beginning.
        """
        return cls(row, col, max(0, row_end - row), max(0, col_end - col))

    def intersect(self, other: Window) -> Window:
        """Return the common part; it is empty if there is none."""
        return Window.between(
            max(self.row, other.row),
            max(self.col, other.col),
            min(self.row_end, other.row_end),
            min(self.col_end, other.col_end),
        )

    def inside(self, other: Window) -> bool:
        """Return whether every pixel of this window is in `other`."""
        return (
            other.row <= self.row
            and other.col <= self.col
            and self.row_end <= other.row_end
            and self.col_end <= other.col_end
        )

    def grow(self, halo: int, bounds: Window) -> Window:
        """Return the window grown by `halo` pixels on every side, clipped to `bounds`."""
        return Window(
            self.row - halo, self.col - halo, self.height + 2 * halo, self.width + 2 * halo
        ).intersect(bounds)

    def shift(self, rows: int, cols: int) -> Window:
        """Return the window moved `rows` down and `cols` to the right."""
        return Window(self.row + rows, self.col + cols, self.height, self.width)


def scattered(
    height: int, width: int, size: int, count: int, seed: int, align: int = 1
) -> list[Window]:
    """Return disjoint windows spread over the scene, one at a random place in each cell of a grid.

    The same seed gives the same windows, on any machine. Raises ValueError for sizes below 1.

    Parameters
    ----------
    height, width : size of the scene (PAN px).
    size : height and width of the windows (PAN px), clipped if the scene is smaller.
    count : number of windows; fewer if the scene has no room for them.
    align : origins are multiples of this (PAN px).
    """
    if min(height, width, size, count, align) < 1:
        raise ValueError(
            f"{count} windows of {size} pixels, align {align}, in {height} x {width}: impossible"
        )
    step = math.ceil(size / align)  # least distance of origins, in units of align
    room_y = max(0, height - size) // align + step
    room_x = max(0, width - size) // align + step
    ny, nx = _cells(room_y // step, room_x // step, count)
    rng = random.Random(seed)  # nosec B311
    cells = sorted(rng.sample(range(ny * nx), min(count, ny * nx)))
    windows = []
    for cell in cells:
        i, j = divmod(cell, nx)
        row = align * rng.randint(i * room_y // ny, (i + 1) * room_y // ny - step)
        col = align * rng.randint(j * room_x // nx, (j + 1) * room_x // nx - step)
        windows.append(Window.between(row, col, min(row + size, height), min(col + size, width)))
    return windows


def _cells(max_y: int, max_x: int, count: int) -> tuple[int, int]:
    """Return the shape of a grid of at least `count` almost square cells, or the largest one."""
    if max_y * max_x <= count:
        return max_y, max_x
    ny = min(max_y, max(1, round(math.sqrt(count * max_y / max_x))))
    nx = min(max_x, math.ceil(count / ny))
    return math.ceil(count / nx), nx
