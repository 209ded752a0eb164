# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks calibrated on chosen windows: scattered, in one place, or of a tile."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from core.methods.interface import Settings
from core.methods.ksdiff import KSDiffMethod
from core.methods.network_inputs import SAMPLE, Inputs
from core.methods.network_method import NetworkContext, NetworkMethod
from core.methods.scene_network import SceneNetwork
from core.methods.srino import SRINOMethod
from core.models.onnx_session import Graph
from core.pair.scene import Scene
from core.pair.valid_windows import draw_valid
from core.progress import Progress, silent
from core.raster.window import Window
from experiments.errors import model_error

TILE, IMAGE = "per tile", "whole image"
SCENE = {count: f"scene, {count} windows" for count in (4, 16, 64, 256)}
#: Other windows and another noise, no other regime: differences as small as its own mean nothing.
CHANCE = f"{SCENE[64]}, another seed"
#: Nothing is frozen: the network sees the image at once.
FREE = "not frozen"
#: Windows side by side in the middle of the image, together of PLACE_SIZE px along their edge.
PLACE_SIZE = 256
PLACE = f"one place, {PLACE_SIZE} px"


class Calibration:
    """A network method whose calibration windows are chosen, as many as there are.

    Attributes
    ----------
    method : the network method.
    regimes : names of its regimes; the others are measured against the first.
    seamless : the one whose image has no borders inside, for the measure of seams.
    tile : edge of the tiles that are calibrated on themselves, PAN px, by default.
    """

    method: NetworkMethod[Any]
    regimes: ClassVar[tuple[str, ...]]
    seamless: ClassVar[str]
    tile: ClassVar[int]

    def calibrate(self, windows: Inputs, seed: int) -> SceneNetwork:
        """Calibrate the network on windows; `seed` is that of its noise."""
        raise NotImplementedError

    def prepare(self, scene: Scene, progress: Progress) -> NetworkContext[Any]:
        """Prepare the network, without the scene fit's share, which would hide what differs.

        Raises ModelError for a model of no use here.
        """
        return replace(self.method.prepare(scene, progress), base=None)

    def sample(self, scene: Scene, seed: int) -> list[Window]:
        """Return windows all over the scene."""
        method = self.method
        return scene.scattered(method.card.window, SAMPLE, seed, method.align)

    def among(self, scene: Scene, windows: list[Window], count: int) -> list[Window]:
        """Return at most `count` of the windows, as `prepare` draws them."""
        shares = np.array([scene.read(window).valid.mean() for window in windows])
        return draw_valid(windows, shares, count, self.method.settings.seed)

    def context(
        self, scene: Scene, windows: list[Window], known: NetworkContext[Any], seed: int
    ) -> NetworkContext[Any]:
        """Return the context calibrated on these windows; `seed` is that of the noise."""
        inputs = self.method.window_inputs(scene, windows, known.inputs)
        return replace(known, network=self.calibrate(inputs, seed))

    def free(self, known: NetworkContext[Any]) -> NetworkContext[Any]:
        """Return the context whose network has nothing frozen."""
        raise NotImplementedError


class KSDiffCalibration(Calibration):
    """KSDiff, whose kernels the windows give."""

    regimes = (SCENE[64], TILE, IMAGE, SCENE[16], SCENE[256], CHANCE)
    seamless = IMAGE
    tile = 64

    def __init__(self, settings: Settings) -> None:
        self.method: KSDiffMethod = KSDiffMethod(settings)

    @cached_property
    def _context_graph(self) -> Graph:
        return self.method.context_graph()

    def prepare(self, scene: Scene, progress: Progress) -> NetworkContext[Any]:
        """Prepare the method; raises ModelError also for a model without kernels to change."""
        if not self.method.card.kernels:
            message = f"{self.method.card.name} has no kernels."
            raise model_error(message)
        return super().prepare(scene, progress)

    def calibrate(self, windows: Inputs, seed: int) -> SceneNetwork:
        """Return the network with the kernels of the windows; `seed` is that of the prior."""
        return self.method.with_kernels(self._context_graph, windows, seed)


class SRINOCalibration(Calibration):
    """SRINO, whose contexts and gates are those of the windows."""

    regimes = (FREE, SCENE[4], SCENE[16], SCENE[64], CHANCE, PLACE, TILE)
    seamless = FREE
    tile = 256

    def __init__(self, settings: Settings) -> None:
        self.method: SRINOMethod = SRINOMethod(settings)

    def calibrate(self, windows: Inputs, seed: int) -> SceneNetwork:
        """Return the sampling with the contexts of the windows; `seed` is that of its noise."""
        return replace(self.method.calibrate(windows, silent), seed=seed)

    def prepare(self, scene: Scene, progress: Progress) -> NetworkContext[Any]:
        """Prepare the method; raises ModelError also for a model bound to its sensor."""
        if self.method.card.profile != "scene":
            raise model_error(
                f"{self.method.card.name} is bound to its sensor.",
                "Use one for any number of bands.",
            )
        return super().prepare(scene, progress)

    def free(self, known: NetworkContext[Any]) -> NetworkContext[Any]:
        """Return the network as it was trained. Raises ModelError without torch to run it."""
        try:
            from experiments.regimes.unfrozen import Unfrozen
        except ModuleNotFoundError as error:
            raise model_error(
                f"What is not frozen needs {error.name}, which this environment lacks.",
                "Install the size full in the plugin's Runtime dialog, or torch yourself.",
            ) from error
        return replace(known, network=Unfrozen(self.method, known.network.device))


METHODS: dict[str, type[KSDiffCalibration] | type[SRINOCalibration]] = {
    "ksdiff": KSDiffCalibration,
    "srino": SRINOCalibration,
}


def lattice(part: Window, whole: Window, size: int, align: int) -> list[Window]:
    """Return windows side by side that cover a part of the scene.

    At the end of the scene they are moved inwards, so that all are full; fewer than `align` px may
    remain there.
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
    """Return the square in the middle of the scene, or all of a smaller one; PAN px."""
    row, col = (max(0, (n - size) // 2 // align * align) for n in whole.shape)
    return Window(row, col, size, size).intersect(whole)
