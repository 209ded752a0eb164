# SPDX-License-Identifier: GPL-2.0-or-later
"""A classical method followed by back-projection, which makes its result consistent with MS."""

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
    """A classical method followed by `passes` of back-projection.

    Raises InputError for a number of passes that is not allowed.
    """

    def __init__(self, name: str, method: Method, settings: Settings, passes: int) -> None:
        check_passes(passes)
        self.name, self.align, self.passes = name, method.align, passes
        self.method, self.gains, self.ratio = method, settings.gains, settings.ratio
        gains = settings.gains or (GENERIC_GAIN,)
        self.halo = method.halo + reach(settings.ratio, gains, passes)

    def describe(self, context: BackProjectedContext) -> dict[str, object]:
        """Return the report of the method, and the number of passes."""
        return {**self.method.describe(context.of_method), "back_projection": self.passes}

    def prepare(self, scene: AnyScene, progress: Progress) -> BackProjectedContext:
        """Prepare the method. Raises InputError where there are more or fewer gains than bands."""
        context = self.method.prepare(scene, progress)
        gains = gains_for(scene.bands, self.gains)
        return BackProjectedContext(context, BackProjectionPasses.onto(scene, gains, self.passes))

    def fuse(
        self, patch: Patch, context: BackProjectedContext, *, on_step: OnStep | None = None
    ) -> Image:
        """Sharpen one window: `(C, H, W)` in DN."""
        return context.restore(self.method.fuse(patch, context.of_method), patch)
