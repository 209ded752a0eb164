# SPDX-License-Identifier: GPL-2.0-or-later
"""Read tiles ahead and fuse a few at a time in threads; on a GPU some more.

While the network of one tile runs, inputs and results of others are computed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np

from core.fusion.out_of_memory import Splitting
from core.imaging.arrays import Image, Mask
from core.methods.interface import Method
from core.models.onnx_session import cpu_runs
from core.pair.reduced import AnyScene
from core.pair.scene import Patch
from core.raster.tile_plan import Tile

AHEAD = 2  # tiles that are read ahead, or wait to be written
ON_GPU = 8  # tiles at a time


def tiles_in_work(device: object) -> int:
    """Return how many tiles a method fuses at a time on a device."""
    return ON_GPU if on_gpu(device) else cpu_runs()


def on_gpu(device: object) -> bool:
    """Return whether a device, as methods describe it, is a GPU."""
    return str(device).startswith("cuda")


def in_one_step(method: Method, context: Any) -> Callable[[Patch, Tile], Image]:
    """Return `fuse` of a method for `fused_tiles`, without `on_step`."""
    return lambda patch, tile: method.fuse(patch, context)


def fused_tiles(
    scene: AnyScene,
    fuse: Callable[[Patch, Tile], Image],
    tiles: Sequence[Tile],
    at_once: int = 1,
) -> Generator[tuple[Tile, Image, Mask], None, None]:
    """Yield fused tiles in order: the tile, its values (C, H, W) in DN, its valid mask (H, W).

    `fuse` gets a patch, of a tile or a part of it, and the tile; `at_once` threads call it. Another
    thread reads the next tiles; closing the generator waits for all. See `Splitting` for a lack of
    memory.
    """
    split = Splitting(fuse, scene.bands, scene.whole)

    def fused(tile: Tile, read: Future[Patch]) -> tuple[Tile, Image, Mask]:
        patch = read.result()
        values = split(patch, tile)
        rows, cols = tile.crop
        if patch.missing is not None:
            values = np.where(patch.missing[:, rows, cols], np.nan, values)
        return tile, values, patch.valid[rows, cols]

    with threads("read", 1) as reader, threads("fuse", at_once) as fusers:
        reads = ((tile, reader.submit(scene.read, tile.outer)) for tile in tiles)
        ahead = deque(islice(reads, AHEAD))
        working: deque[Future[tuple[Tile, Image, Mask]]] = deque()
        while ahead or working:
            while ahead and len(working) < at_once:
                ahead.extend(islice(reads, 1))
                working.append(fusers.submit(fused, *ahead.popleft()))
            yield working.popleft().result()


@contextmanager
def threads(name: str, count: int) -> Iterator[ThreadPoolExecutor]:
    """Provide a pool of threads; leaving the block cancels work that has not started."""
    pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
