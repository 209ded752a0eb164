# SPDX-License-Identifier: GPL-2.0-or-later
"""The two steps of every method, classical or deep.

context = method.prepare(scene, progress)    # everything global, once
hrms = method.fuse(patch, context)           # purely local
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.pair.reduced import AnyScene
from core.pair.scene import Patch
from core.progress import Progress


class Method(Protocol):
    """What the pipeline needs of a method.

    ``halo`` (PAN px) is how far around a pixel the result depends on; windows start at multiples
    of ``align``.
    """

    name: str
    halo: int
    align: int

    def prepare(self, scene: AnyScene, progress: Progress) -> Any:
        """Look at the whole scene, once."""

    def fuse(self, patch: Patch, context: Any) -> NDArray[np.float32]:
        """Sharpen a window: (C, H, W) in DN, of the patch's height and width."""

    def describe(self) -> dict[str, object]:
        """What the result reports: method, model, device."""
