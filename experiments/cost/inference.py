# SPDX-License-Identifier: GPL-2.0-or-later
"""Speed of a model's networks on a device, tile by tile, and how far its result is from the CPU's.

From a scene on the disk to an image in memory; `prepare` is not counted, since it does not grow
with the scene. The whole of a run is timed by the experiment ``speed``.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.fusion.tiled import in_memory
from core.imaging.arrays import Image
from core.methods.interface import Settings
from core.methods.registry import create
from core.models import modelfile
from core.pair.scene import Scene
from core.progress import silent

#: Number of runs, of which the shortest counts: a GPU looks for the best kernels in the first.
REPEATS = 2


class Speed(NamedTuple):
    """Tiles of `tile` PAN px on a device: Mpix/s, and the largest and mean difference (DN)."""

    device: str
    tile: int
    speed: float
    largest: float
    mean: float


def speeds(model: str, scene: Scene, device: str, tiles: Sequence[int]) -> list[Speed]:
    """Return the speed of a model, by name or path, on the CPU and on `device`, for every tile.

    The reference is the result of the CPU with the first tile. Raises InputError for a device that
    is not there, ModelError for a model that cannot be used.
    """
    reference: Image | None = None
    found = []
    for on in dict.fromkeys(("cpu", device)):
        settings = Settings(scene.ratio, model=model, device=on)
        method = create(modelfile.read_card(modelfile.find(model)).method, settings)
        context = method.prepare(scene, silent)
        for tile in tiles if on == device else tiles[:1]:
            seconds = []
            for _ in range(REPEATS):
                began = time.perf_counter()
                image = in_memory(scene, method, context, tile)
                seconds.append(time.perf_counter() - began)
            reference = image if reference is None else reference
            apart = np.abs(image - reference)
            speed = scene.height * scene.width / 1e6 / min(seconds)
            ran = str(method.describe(context)["device"])
            found.append(Speed(ran, tile, speed, float(np.nanmax(apart)), float(np.nanmean(apart))))
    return found
