# SPDX-License-Identifier: GPL-2.0-or-later
"""What a network of a scene is, and the parts of a tile that it computes one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from core.imaging.arrays import Image
from core.methods.interface import OnStep
from core.raster.window import Tile, Window, plan

SEEN = 0.8
"""Of a network's receptive field: what lies beyond changes the result by less than rounding."""


class SceneNetwork(Protocol):
    """A network calibrated on a scene."""

    @property
    def device(self) -> str:
        """Where it really runs, ``cpu`` or ``cuda``."""

    def __call__(
        self,
        inputs: Mapping[str, Image],
        window: Window,
        *,
        seed: int | None = None,
        on_step: OnStep | None = None,
    ) -> Image:
        """Return HRMS (C, H, W) of one window, normalised.

        `inputs` are those of `NetworkMethod.input_names`. `window` is their place on the PAN grid;
        it may end beyond the scene, where they are continued.
        """


@dataclass(frozen=True)
class Parts:
    """How tiles are divided for a network, in PAN px.

    It takes much memory for each pixel, so that its windows are smaller than tiles; and looks less
    far than all together, so that the halos of its windows are narrower.

    most : edge of a part, without its halo. before, looks : how far the inputs look, and the
    network. align : where windows start.
    """

    most: int
    before: int
    looks: int
    align: int

    def of(self, window: Window, scene: Window) -> list[Tile]:
        """Return the parts of a window: all of it but what lacks a halo, unless the scene ends."""
        begin, end = [window.row, window.col], [window.row_end, window.col_end]
        for axis, last in enumerate(scene.shape):
            begin[axis] += self.before + self.looks if begin[axis] > 0 else 0
            end[axis] -= self.before + self.looks if end[axis] < last else 0
        inner = Window.between(*begin, *end)
        edge = max(math.ceil(n / math.ceil(n / self.most)) for n in inner.shape)
        return plan(inner, edge, self.looks, self.align, scene)


def padded(value: Image, size: Sequence[int], mode: Literal["edge", "symmetric"]) -> Image:
    """Pad the last two axes at their ends to `size`."""
    rest = [(0, full - n) for full, n in zip(size, value.shape[-2:], strict=True)]
    return np.pad(value, [(0, 0)] * (value.ndim - 2) + rest, mode=mode)
