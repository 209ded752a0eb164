# SPDX-License-Identifier: GPL-2.0-or-later
"""The memory that a part takes at most, which a scheduler must know before it runs.

The numbers are measurements of processes on the CPU, rounded up: two tiles at a time, 4 and 8
bands, tiles of 256 to 1024 PAN px; without a network, of the method that takes most.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.fusion.stream import on_gpu
from core.fusion.tiled import Prepared
from core.methods.registry import METHODS
from core.pair.scene import Scene

MIB = 1 << 20


@dataclass(frozen=True)
class Need:
    """MiB of a process and of each band; bytes of each band of a tile's pixel, halo included.

    A network computes parts of a tile, so that its memory hardly grows with the tile.
    """

    process: int
    band: int
    pixel: int


WITHOUT_NETWORK = Need(160, 0, 150)
WITH_NETWORK = Need(600, 125, 20)
ON_GPU = 3500  # MiB more: CUDA's libraries, and more tiles in work (docs/gpu.md)


def memory_of_part(scene: Scene, ready: Prepared) -> int:
    """Return the bytes that a process takes at most for parts of a scene."""
    need = WITH_NETWORK if METHODS[ready.method.name].model else WITHOUT_NETWORK
    most = ready.tile + 2 * ready.method.halo
    rows, cols = (min(most, edge) for edge in (scene.height, scene.width))
    of_bands = need.band * MIB + need.pixel * rows * cols
    more = ON_GPU if on_gpu(ready.description.get("device")) else 0
    return (need.process + more) * MIB + of_bands * scene.bands + scene.cache_bytes(rows)
