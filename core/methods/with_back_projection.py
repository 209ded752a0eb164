# SPDX-License-Identifier: GPL-2.0-or-later
"""A method followed by back-projection: its result made consistent with the MS it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.imaging.arrays import Image
from core.methods.interface import Method, OnStep, Settings
from core.methods.separable_backprojection import BackProjectionPasses, check_passes, reach
from core.pair.reduced import AnyScene
from core.pair.scene import Patch
from core.progress import Progress
from core.sensors import GENERIC_GAIN, gains_for


@dataclass(frozen=True)
class BackProjectedContext:
    """The context of the method, and the back-projection onto the scene's MS."""

    of_method: Any
    restore: BackProjectionPasses


class BackProjected(Method):
    """A classical method whose result is corrected in `passes`.

    Raises InputError for a number of passes that is not allowed.
    """

    def __init__(self, name: str, method: Method, settings: Settings, passes: int) -> None:
        check_passes(passes)
        self.name, self.align, self.passes = name, method.align, passes
        self.method, self.gains, self.ratio = method, settings.gains, settings.ratio
        known = settings.gains or (GENERIC_GAIN,)
        self.halo = method.halo + reach(settings.ratio, known, self.passes)

    def describe(self, context: BackProjectedContext) -> dict[str, object]:
        """Return what the result reports: that of the method, and the passes."""
        return {**self.method.describe(context.of_method), "back_projection": self.passes}

    def prepare(self, scene: AnyScene, progress: Progress) -> BackProjectedContext:
        """Prepare the method. Raises InputError where there are more or fewer gains than bands."""
        context = self.method.prepare(scene, progress)
        gains = gains_for(scene.bands, self.gains)
        return BackProjectedContext(context, BackProjectionPasses.onto(scene, gains, self.passes))

    def fuse(
        self,
        patch: Patch,
        context: BackProjectedContext,
        *,
        on_step: OnStep | None = None,
    ) -> Image:
        """Sharpen one window: `(C, H, W)` in DN."""
        return context.restore(self.method.fuse(patch, context.of_method), patch)
