# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes that training draws its windows from: arrays in memory, or in a memory-mapped file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.arrays import Image, Mask

Rng = np.random.Generator

TRAIN, VALIDATION = "train", "validation"
#: Random positions tried for a square without nodata, before a known one is taken.
TRIES = 12
#: A region is larger than a patch by at least this (px), so that patches differ.
MARGIN = 4


class PixelArray(Protocol):
    """An array that is read as float32 DN; index all bands: `[:, rows, cols]`, or `[n]`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """As numpy's."""

    def __getitem__(self, key: Any) -> Image:
        """Return pixels as float32, DN."""


@dataclass(frozen=True)
class TrainingScene:
    """One scene at the resolution of its MS, or many small samples of one sensor.

    Parameters
    ----------
    ms, pan, valid : (C, h, w), (h, w) and (h, w), DN; of samples (N, C, h, w) and (N, h, w).
        Without PAN one is simulated from the bands, another one for every draw.
    weight : its share of the draws.
    part : `TRAIN` or `VALIDATION`.
    sensor : key of the sensor's card, or empty.
    gains : MTF gains of the bands, where the sensor is known.
    lms : of the shape of `ms`, where files bring their own.
    bits : 8 or 16, precision in a patch file of values that are not whole DN.
    """

    name: str
    ms: PixelArray
    pan: PixelArray | None
    valid: Mask
    weight: float
    part: str = TRAIN
    sensor: str = ""
    gains: tuple[float, ...] = ()
    lms: PixelArray | None = None
    bits: int = 16
    _squares: dict[int, NDArray[np.intp]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def bands(self) -> int:
        """Number of MS bands."""
        return self.ms.shape[-3]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, of one sample where there are many (px)."""
        height, width = self.ms.shape[-2:]
        return height, width

    @property
    def samples(self) -> int | None:
        """Number of samples; None for a scene."""
        return self.ms.shape[0] if len(self.ms.shape) == 4 else None

    def sample(self, number: int) -> TrainingScene:
        """Return one of the samples as a scene of its own."""
        pan, lms = (None if of is None else of[number] for of in (self.pan, self.lms))
        return TrainingScene(
            f"{self.name}[{number}]", self.ms[number], pan, self.valid[number],
            self.weight, self.part, self.sensor, self.gains, lms, self.bits,
        )  # fmt: skip

    def squares(self, side: int) -> NDArray[np.intp]:
        """Return the `valid_squares` (n, 2) of the scene, computed once for each side."""
        if side not in self._squares:
            self._squares[side] = valid_squares(self.valid, side)
        return self._squares[side]

    def random_square(self, rng: Rng, side: int) -> tuple[slice, slice]:
        """Return rows and columns of a random square without nodata; there must be one."""
        for _ in range(TRIES):
            row, col = (int(rng.integers(0, n - side + 1)) for n in self.size)
            square = slice(row, row + side), slice(col, col + side)
            if self.valid[square].all():
                return square
        row, col = map(int, rng.choice(self.squares(side)))
        return slice(row, row + side), slice(col, col + side)

    def region_side(self, windows: int, patch: int) -> int:
        """Return the side (px) of the square that `windows` of `patch` px are cut from.

        Smaller where nodata leaves no room. Raises InputError where it leaves none for a patch.
        """
        largest = 2 if windows == 1 else 3 if windows <= 4 else 4
        sides = [patch * n for n in range(largest, 1, -1)]
        sides = [min(side, *(n // 4 * 4 for n in self.size)) for side in sides]
        for side in [*sides, patch + MARGIN]:
            if len(self.squares(side)):
                return side
        raise InputError("no-square-to-train", source=self.name, patch=patch + MARGIN)


def all_valid(shape: Sequence[int]) -> Mask:
    """Return a mask of a shape, such as (h, w), of valid pixels only, which takes no memory."""
    return np.broadcast_to(np.True_, tuple(shape))


def valid_squares(valid: Mask, side: int) -> NDArray[np.intp]:
    """Return upper left corners (n, 2) of squares without nodata, `side` px wide.

    One for every cell of an eighth of a side that has any: enough to draw from. Each row of the
    mask (h, w) is read once, and only a few rows are kept in memory.
    """
    step = max(side // 8, 1)
    depth = np.zeros(valid.shape[1], np.int32)  # valid pixels in a column, up from this row
    taken = np.zeros(valid.shape[1] // step + 1, bool)
    corners: list[tuple[int, int]] = []
    for last, line in enumerate(valid):
        depth = (depth + 1) * line
        row = last + 1 - side
        if row < 0:
            continue
        if row % step == 0:
            taken[:] = False
        sums = np.cumsum(np.pad(depth >= side, (1, 0)))
        columns = np.flatnonzero(sums[side:] - sums[:-side] == side)
        cells, first = np.unique(columns // step, return_index=True)
        new = ~taken[cells]
        taken[cells] = True
        corners += [(row, int(column)) for column in columns[first[new]]]
    return np.array(corners, np.intp).reshape(-1, 2)


def pick(rng: Rng, scenes: Sequence[TrainingScene]) -> TrainingScene:
    """Return a random scene, by weight."""
    weights = np.array([scene.weight for scene in scenes])
    return scenes[rng.choice(len(scenes), p=weights / weights.sum())]
