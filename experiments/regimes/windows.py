# SPDX-License-Identifier: GPL-2.0-or-later
"""Learned methods that are shown windows of one's choice: scattered, in one place, or of a tile."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import ClassVar

import numpy as np

from core.errors import ModelError
from core.imaging.arrays import Image
from core.methods.ksdiff import KSDiffMethod
from core.methods.network_method import SAMPLE, LearnedContext, LearnedMethod, Sharpener
from core.methods.srino import SRINOMethod
from core.models.onnx_session import Graph
from core.pair.reduced import AnyScene
from core.pair.scene import Scene
from core.progress import Progress
from core.raster.window import Window

TILE, IMAGE = "per tile", "whole image"
SCENE = {count: f"scene, {count} windows" for count in (4, 16, 64, 256)}
#: Other windows and another noise, no other regime: differences as small as its own mean nothing.
CHANCE = f"{SCENE[64]}, another seed"
#: Nothing is frozen: the network sees the image at once.
FREE = "not frozen"
#: Windows side by side in the middle of the image, together of PLACE_SIZE px along their edge.
PLACE_SIZE = 256
PLACE = f"one place, {PLACE_SIZE} px"


class ChosenWindows(LearnedMethod):
    """A learned method that knows a scene from windows that are named, as many as there are.

    Attributes
    ----------
    regimes : what it is compared with; the first is what the others are measured against.
    seamless : the one whose image has no borders inside, for the measure of seams.
    tile : edge of the tiles that know themselves only, PAN px, where nobody says.
    """

    regimes: ClassVar[tuple[str, ...]]
    seamless: ClassVar[str]
    tile: ClassVar[int]

    def shown(self, windows: dict[str, Image], seed: int) -> Sharpener:
        """The network that knows the scene from its inputs of windows; `seed` is the noise's."""
        raise NotImplementedError

    def know(self, scene: Scene, progress: Progress) -> LearnedContext:
        """What `prepare` knows of the scene. Raises ModelError for a model of no use here."""
        return self.prepare(scene, progress)

    def sample(self, scene: AnyScene, seed: int) -> list[Window]:
        """The windows all over the scene of which some are shown."""
        return scene.scattered(self.card.window, SAMPLE, seed, self.align)

    def among(self, scene: AnyScene, windows: list[Window], count: int) -> list[Window]:
        """At most `count` of the windows, full of valid pixels, as `prepare` chooses them."""
        shares = np.array([scene.read(window).valid.mean() for window in windows])
        return self._chosen(windows, shares, count)

    def context(
        self, scene: AnyScene, windows: list[Window], known: LearnedContext, seed: int
    ) -> LearnedContext:
        """What `fuse` needs when these windows are shown; `seed` is that of the noise."""
        return replace(known, network=self.shown(self._windows(scene, windows, known.known), seed))

    def free(self, known: LearnedContext) -> LearnedContext:
        """What `fuse` needs to know nothing but the window it is given, which is not frozen."""
        raise NotImplementedError


class KSDiffWindows(ChosenWindows, KSDiffMethod):
    """KSDiff, whose kernels the windows make."""

    regimes = (SCENE[64], TILE, IMAGE, SCENE[16], SCENE[256], CHANCE)
    seamless = IMAGE
    tile = 64

    @cached_property
    def _maker(self) -> Graph:
        return Graph(self.model.graph("context"), self.device)

    def know(self, scene: Scene, progress: Progress) -> LearnedContext:
        """What `prepare` knows; raises ModelError also for a model without kernels to change."""
        if not self.card.kernels:
            raise ModelError("other", message=(f"{self.card.name} has no kernels."), remedy=(""))
        return super().know(scene, progress)

    def shown(self, windows: dict[str, Image], seed: int) -> Sharpener:
        """The network with the kernels of the windows; `seed` is that of the prior's noise."""
        return self._modulated(self._maker, windows, seed)


class SRINOWindows(ChosenWindows, SRINOMethod):
    """SRINO, whose contexts and gates are those of the windows."""

    regimes = (FREE, SCENE[4], SCENE[16], SCENE[64], CHANCE, PLACE, TILE)
    seamless = FREE
    tile = 256

    def shown(self, windows: dict[str, Image], seed: int) -> Sharpener:
        """The sampling with what the windows have in the mean; `seed` is that of its noise."""
        return replace(self.sharpener(windows, lambda fraction, text: None), seed=seed)

    def know(self, scene: Scene, progress: Progress) -> LearnedContext:
        """What `prepare` knows; raises ModelError also for a model bound to its sensor."""
        if self.card.profile != "scene":
            raise ModelError(
                "other",
                message=(f"{self.card.name} is bound to its sensor."),
                remedy=("Use one for any number of bands."),
            )
        return super().know(scene, progress)

    def free(self, known: LearnedContext) -> LearnedContext:
        """The network as it was trained. Raises ModelError where there is no torch to run it."""
        try:
            from experiments.regimes.unfrozen import Unfrozen
        except ModuleNotFoundError as error:
            raise ModelError(
                "other",
                message=(f"What is not frozen needs {error.name}, which this environment lacks."),
                remedy=(
                    "Install the size full in the plugin's Runtime dialog, or torch in your own."
                ),
            ) from error
        return replace(known, network=Unfrozen(self))


METHODS: dict[str, type[KSDiffWindows] | type[SRINOWindows]] = {
    "ksdiff": KSDiffWindows,
    "srino": SRINOWindows,
}


def lattice(part: Window, whole: Window, size: int, align: int) -> list[Window]:
    """Windows side by side that cover a part of the scene.

    The last ones are moved inwards where the scene ends, so that all are full; what then is left
    at the end are fewer than `align` px.
    """
    rows, cols = (
        dict.fromkeys(
            min(at, max(0, (length - size) // align * align)) for at in range(start, end, size)
        )
        for start, end, length in (
            (part.row, part.row_end, whole.height),
            (part.col, part.col_end, whole.width),
        )
    )
    return [Window(row, col, size, size).intersect(whole) for row in rows for col in cols]


def middle(whole: Window, size: int, align: int) -> Window:
    """The square in the middle of the scene, or all of a smaller one; PAN px."""
    row, col = (max(0, (n - size) // 2 // align * align) for n in whole.shape)
    return Window(row, col, size, size).intersect(whole)
