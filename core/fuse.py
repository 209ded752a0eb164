# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene and a method in, a GeoTIFF out.

``prepare`` sees the scene once; then tiles are read ahead, fused in order, and written behind,
each in a thread of its own, since GDAL and the network's runtime work outside Python's lock.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import InputError, OutputError
from core.geotiff import Layout
from core.nodata import declared_nodata
from core.progress import Pace, Progress
from core.tiles import Tile, plan
from core.writer import Output, OutputFile

if TYPE_CHECKING:
    from core.methods import Method
    from core.reduced import AnyScene
    from core.scene import Patch, Scene

__all__ = ["Output", "Result", "fused_tiles", "in_memory", "sharpen"]

log = logging.getLogger(__name__)

PREPARE_SHARE = 0.3  # of the progress bar
FINISH_SHARE = 0.02
AHEAD = 2  # tiles read before, and tiles written behind, the one in work


@dataclass(frozen=True)
class Result:
    """What a run made. ``description`` is the method's own: model, device, ..."""

    path: Path
    height: int
    width: int
    bands: int
    ratio: float
    tiles: int
    seconds: float
    method: str
    description: Mapping[str, object]


def sharpen(
    scene: Scene,
    method: Method,
    output: Output,
    *,
    tile: int = 512,
    progress: Progress = lambda fraction, message: None,
    pace: Pace | None = None,
) -> Result:
    """Sharpen the scene with the method into a file on PAN's grid.

    Parameters
    ----------
    tile : edge of a tile, PAN px; the result does not depend on it.
    progress : told the fraction of the whole and what is being done; may raise Cancelled.
    pace : filled with the speed of the tiles, for whoever shows the remaining time.

    Raises
    ------
    OutputError : before any work where the target cannot be written, later for a full disk.
    Cancelled : raised by ``progress``, passed on; the target is then untouched.
    """
    started = time.monotonic()
    if tile < 1:
        raise InputError(f"A tile of {tile} pixels cannot be made.", "Choose 256 or more.")
    pace = pace or Pace()
    tiles = plan(scene.height, scene.width, tile, method.halo, method.align)
    with OutputFile(output, _layout(scene, output), tile) as sink:
        progress(0.0, "Preparing")
        context = method.prepare(scene, lambda f, text: progress(f * PREPARE_SHARE, text))
        log.info("Prepared %s in %.1f s.", method.name, time.monotonic() - started)
        _fuse_into(sink, scene, method, context, tiles, progress, pace)
        pace.stop()
        progress(1.0 - FINISH_SHARE, "Finishing the file")
        path = sink.commit()
    if sink.missing:
        log.info("%d pixels have no data.", sink.missing)
    return Result(
        path=path,
        height=scene.height,
        width=scene.width,
        bands=scene.bands,
        ratio=scene.ratio,
        tiles=len(tiles),
        seconds=round(time.monotonic() - started, 3),
        method=method.name,
        description=method.describe(),
    )


def _layout(scene: Scene, output: Output) -> Layout:
    """A file on the scene's grid, with its bands; raises OutputError for types of no use."""
    dtype = np.dtype(output.dtype or scene.dtype)
    if dtype.kind not in "uif":
        raise OutputError(f"Pixels of type {dtype} cannot be written.", "Choose another.")
    return Layout(
        (scene.pan_path, scene.ms_path),
        scene.height,
        scene.width,
        dtype,
        declared_nodata(output.nodata, scene, dtype),
        scene.crs,
        scene.transform,
        scene.band_names,
        scene.color_interp,
    )


def _fuse_into(
    sink: OutputFile,
    scene: Scene,
    method: Method,
    context: Any,
    tiles: Sequence[Tile],
    progress: Progress,
    pace: Pace,
) -> None:
    """Fuse the tiles in order; a thread writes what is done."""
    total = scene.height * scene.width
    fused, lost = 0, 0
    pace.start(total)
    writes: deque[Future[None]] = deque()
    stream = fused_tiles(scene, method, context, tiles)
    with _one_thread("write") as writer, closing(stream):
        progress(PREPARE_SHARE, f"Tile 1 of {len(tiles)}")
        for number, (tile, values, valid) in enumerate(stream, start=1):
            lost += int(np.count_nonzero(valid & ~np.isfinite(values).all(axis=0)))
            writes.append(writer.submit(sink.write, tile.inner, values, valid))
            if len(writes) > AHEAD:
                writes.popleft().result()
            pixels = tile.inner.height * tile.inner.width
            fused += pixels
            pace.done(pixels)
            share = (1.0 - PREPARE_SHARE - FINISH_SHARE) * fused / total
            progress(PREPARE_SHARE + share, f"Tile {number} of {len(tiles)}")
        for write in writes:
            write.result()
    if lost:
        log.warning("%s gave no number for %d valid pixels: written as nodata.", method.name, lost)


def fused_tiles(
    scene: AnyScene, method: Method, context: Any, tiles: Sequence[Tile]
) -> Generator[tuple[Tile, np.ndarray, np.ndarray], None, None]:
    """Fuse tile by tile, in order: the tile, its values (C, H, W) in DN, its mask (H, W).

    A thread reads the next tiles meanwhile; closing the generator waits for it.
    """
    with _one_thread("read") as reader:
        reads: deque[Future[Patch]] = deque()
        upcoming = iter(tiles)
        reads.extend(reader.submit(scene.read, tile.outer) for tile in islice(upcoming, AHEAD))
        for tile in tiles:
            reads.extend(reader.submit(scene.read, each.outer) for each in islice(upcoming, 1))
            patch = reads.popleft().result()
            values = method.fuse(patch, context)
            if values.shape != (scene.bands, *tile.outer.shape):
                raise ValueError(f"{method.name} gave {values.shape} for a tile {tile.outer.shape}")
            rows, cols = tile.crop
            yield tile, values[:, rows, cols], patch.valid[rows, cols]


def in_memory(
    scene: Scene,
    method: Method,
    context: Any,
    tile: int,
    progress: Progress = lambda fraction, message: None,
) -> np.ndarray:
    """The scene fused by tiles of `tile` PAN px, float32 (C, H, W) in DN; NaN where invalid."""
    tiles = plan(scene.height, scene.width, tile, method.halo, method.align)
    result = np.full((scene.bands, scene.height, scene.width), np.nan, np.float32)
    with closing(fused_tiles(scene, method, context, tiles)) as stream:
        for number, (part, values, valid) in enumerate(stream, start=1):
            result[(slice(None), *part.inner.slices)] = np.where(valid, values, np.nan)
            progress(number / len(tiles), f"Tile {number} of {len(tiles)}")
    return result


@contextmanager
def _one_thread(name: str) -> Iterator[ThreadPoolExecutor]:
    """A thread that works in order; what waits is dropped when the block is left early."""
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
