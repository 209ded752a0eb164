# SPDX-License-Identifier: GPL-2.0-or-later
"""The interface of a network calibrated on a scene, its detail gain, and its parts of tiles."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from core.imaging.arrays import Image
from core.methods.injection import fit_detail_gain
from core.methods.interface import OnStep
from core.methods.network_inputs import ReducedPairs, starting_image
from core.progress import Progress
from core.raster.tile_plan import Tile, plan
from core.raster.window import Window

log = logging.getLogger(__name__)

SEEN = 0.8
"""Share of the receptive field used: what lies beyond changes the result less than rounding."""


class SceneNetwork(Protocol):
    """A network calibrated on a scene."""

    @property
    def device(self) -> str:
        """The device in use, ``cpu`` or ``cuda``."""

    def __call__(
        self, inputs: Mapping[str, Image], window: Window, *, on_step: OnStep | None = None
    ) -> Image:
        """Return HRMS (C, H, W) of one window, normalised.

        `inputs` are those of `NetworkMethod.input_names`. `window` is on the PAN grid; it may end
        beyond the scene, where the inputs are padded.
        """


@dataclass(frozen=True)
class Parts:
    """How tiles are divided for a network, in PAN px.

    A network takes much memory for each pixel, so that its windows are smaller than tiles; their
    halos are narrower, since they are for the network alone.

    most : largest edge of a part, without halo. before, looks : radius of the inputs, and of the
    network. align : windows start at multiples of it.
    """

    most: int
    before: int
    looks: int
    align: int

    def of(self, window: Window, scene: Window) -> list[Tile]:
        """Return the parts of a window without its halo, which ends at the edges of the scene."""
        begin, end = [window.row, window.col], [window.row_end, window.col_end]
        for axis, last in enumerate(scene.shape):
            begin[axis] += self.before + self.looks if begin[axis] > 0 else 0
            end[axis] -= self.before + self.looks if end[axis] < last else 0
        inner = Window.between(*begin, *end)
        edge = max(math.ceil(n / math.ceil(n / self.most)) for n in inner.shape)
        return plan(inner, edge, self.looks, self.align, scene)


def padded(value: Image, size: Sequence[int], mode: Literal["edge", "symmetric"]) -> Image:
    """Pad the last two axes of `(..., H, W)` at their ends to `size`."""
    rest = [(0, full - n) for full, n in zip(size, value.shape[-2:], strict=True)]
    return np.pad(value, [(0, 0)] * (value.ndim - 2) + rest, mode=mode)


def fitted_detail_gain(network: SceneNetwork, pairs: ReducedPairs, progress: Progress) -> Image:
    """Return the gain of the network's detail for each band, fitted at reduced resolution, (C,)."""
    added, missing = [], []
    for k, window in enumerate(pairs.windows):
        progress(k / len(pairs.windows), "Measuring how much detail to add")
        inputs = {name: value[k] for name, value in pairs.inputs.items()}
        hrms, valid, start = network(inputs, window), pairs.valid[k], starting_image(inputs)
        added.append((hrms - start)[:, valid])
        missing.append((pairs.reference[k] - start)[:, valid])
    gain = fit_detail_gain(*(np.concatenate(x, axis=1).astype(float) for x in (added, missing)))
    log.info("Detail added to each band: %s", ", ".join(f"{x:.0%}" for x in gain))
    return gain.astype(np.float32)
