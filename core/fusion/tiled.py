# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene and a method in, a GeoTIFF out; of a method that samples, its spread in a second one.

``prepare`` sees the scene once; then tiles are read ahead, fused in order, and written behind,
each in a thread of its own, since GDAL and the network's runtime work outside Python's lock.
"""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from core.errors import InputError, OutputError
from core.fusion.nodata import declared_nodata
from core.methods.uncertainty import Sampling, Spread
from core.progress import Pace, Progress, duration, scaled
from core.raster.geotiff import Layout
from core.raster.window import Tile, plan
from core.raster.writer import Output, OutputFile, write_files

if TYPE_CHECKING:
    from core.methods.interface import Method
    from core.pair.reduced import AnyScene
    from core.pair.scene import Patch, Scene


log = logging.getLogger(__name__)

PREPARE_SHARE = 0.3  # of the progress bar
FINISH_SHARE = 0.02
LONG = 600.0  # seconds of tiles that are worth a warning
AHEAD = 2  # tiles read before, and tiles written behind, the one in work


@dataclass(frozen=True)
class Result:
    """What a run made. ``description`` is the method's own: model, device, ..."""

    path: Path
    spread: Path | None
    height: int
    width: int
    bands: int
    ratio: float
    tiles: int
    seconds: float
    method: str
    description: Mapping[str, object]


@dataclass(frozen=True)
class _Pass:
    """One way through the tiles: what is written where, and what a pixel costs."""

    sink: OutputFile
    method: Method
    context: Any
    tiles: Sequence[Tile]
    bands: int
    cost: int
    text: str

    @property
    def pixels(self) -> int:
        """That are fused, those around the tiles too, as often as they are."""
        return self.cost * sum(tile.outer.height * tile.outer.width for tile in self.tiles)


def sharpen(
    scene: Scene,
    method: Method,
    output: Output,
    *,
    spread: Path | None = None,
    seeds: Sequence[int] = (),
    tile: int = 512,
    progress: Progress = lambda fraction, message: None,
    pace: Pace | None = None,
) -> Result:
    """Sharpen the scene with the method into a file on PAN's grid.

    Parameters
    ----------
    spread : where to write how far the results of ``seeds`` lie apart, for a method that samples:
        one band of float32, DN. Both files are written, or none.
    tile : edge of a tile, PAN px; the result does not depend on it.
    progress : told the fraction of the whole and what is being done; may raise Cancelled.
    pace : filled with the speed of the tiles, for whoever shows the remaining time.

    Raises
    ------
    OutputError : before any work where a target cannot be written, later for a full disk.
    Cancelled : raised by ``progress``, passed on; the targets are then untouched.
    """
    started = time.monotonic()
    if tile < 1:
        raise InputError("tile-too-small", tile=tile)
    pace = pace or Pace()
    tiles = plan(scene.height, scene.width, tile, method.halo, method.align)
    with ExitStack() as files:
        sink = files.enter_context(OutputFile(output, _layout(scene, output), tile))
        second = None
        if spread:
            apart = replace(output, path=spread)
            layout = _spread_layout(scene, output, len(seeds))
            second = files.enter_context(OutputFile(apart, layout, tile))
        progress(0.0, "Preparing")
        context = method.prepare(scene, scaled(progress, 0.0, PREPARE_SHARE))
        log.info("Prepared %s in %.1f s.", method.name, time.monotonic() - started)
        cost = _rounds(method)
        passes = [_Pass(sink, method, context, tiles, scene.bands, cost, "Tile")]
        if second:
            unsure = Spread.of(
                cast(Sampling, method), context, seeds,
                lambda _, text: progress(PREPARE_SHARE, text),
            )  # fmt: skip
            apart_tiles = plan(scene.height, scene.width, tile, unsure.halo, unsure.align)
            cost = _rounds(unsure)
            passes.append(_Pass(second, unsure, None, apart_tiles, 1, cost, "Spread, tile"))
        _announce(passes, getattr(context, "pace", None))
        pixels = scene.height * scene.width
        bar = _Bar(progress, pace, pixels * sum(each.cost for each in passes))
        for each in passes:
            _fuse_into(each, scene, bar)
        pace.stop()
        progress(1.0 - FINISH_SHARE, "Finishing the file")
        write_files([each.sink for each in passes])
    if sink.missing:
        log.info("%d pixels have no data.", sink.missing)
    return Result(
        path=sink.target,
        spread=second.target if second else None,
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
        raise OutputError("type-not-writable", dtype=dtype)
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


def _spread_layout(scene: Scene, output: Output, seeds: int) -> Layout:
    """One band on the scene's grid. Any number can be a spread, so NaN is what is missing."""
    return Layout(
        (scene.pan_path, scene.ms_path, output.path),
        scene.height,
        scene.width,
        np.dtype(np.float32),
        math.nan,
        scene.crs,
        scene.transform,
        (f"Spread of {seeds} seeds (DN)",),
    )


def _rounds(method: Method) -> int:
    """How often a method goes through a window; most do once, and do not speak of it."""
    return int(getattr(method, "rounds", 1))


def _announce(passes: Sequence[_Pass], seconds_per_pixel: float | None) -> None:
    """Tell how long the tiles will take, where the method knows what a pixel of a round takes."""
    if seconds_per_pixel is None:
        return
    seconds = seconds_per_pixel * sum(each.pixels for each in passes)
    steps = sum(each.cost for each in passes)
    work = f"{len(passes[0].tiles)} tiles" + (f", {steps} steps each," if steps > 1 else "")
    log.info("%s will take about %s on this device.", work, duration(seconds))
    if seconds > LONG:
        log.warning(
            "This will take long, about %s. Fewer steps, a smaller extent, no spread, or a GPU "
            "make it shorter; it can be cancelled at any time.", duration(seconds),
        )  # fmt: skip


class _Bar:
    """How far the passes are: a tile counts by its pixels and by what a pixel costs."""

    def __init__(self, progress: Progress, pace: Pace, total: int) -> None:
        self._progress, self._pace, self._total, self._done = progress, pace, total, 0
        pace.start(total)

    def done(self, work: int, text: str) -> None:
        """So much more work is done."""
        self._done += work
        if work:
            self._pace.done(work)
        share = (1.0 - PREPARE_SHARE - FINISH_SHARE) * self._done / self._total
        self._progress(PREPARE_SHARE + share, text)


def _fuse_into(each: _Pass, scene: Scene, bar: _Bar) -> None:
    """Fuse the tiles in order; a thread writes what is done."""
    lost, before, count = 0, 0, len(each.tiles)
    writes: deque[Future[None]] = deque()

    def told(step: int) -> None:
        of = each.tiles[before].inner
        text = f"{each.text} {before + 1} of {count}, step {step} of {each.cost}"
        bar.done(of.height * of.width, text)

    stream = fused_tiles(scene, each.method, each.context, each.tiles, each.bands, told)
    with _one_thread("write") as writer, closing(stream):
        bar.done(0, f"{each.text} 1 of {count}")
        for number, (tile, values, valid) in enumerate(stream, start=1):
            lost += int(np.count_nonzero(valid & ~np.isfinite(values).all(axis=0)))
            writes.append(writer.submit(each.sink.write, tile.inner, values, valid))
            if len(writes) > AHEAD:
                writes.popleft().result()
            work = 0 if each.cost > 1 else tile.inner.height * tile.inner.width
            bar.done(work, f"{each.text} {number} of {count}")
            before = number
        for write in writes:
            write.result()
    if lost:
        text = "%s gave no number for %d valid pixels: written as nodata."
        log.warning(text, each.method.name, lost)


def fused_tiles(
    scene: AnyScene,
    method: Method,
    context: Any,
    tiles: Sequence[Tile],
    bands: int | None = None,
    told: Callable[[int], None] | None = None,
) -> Generator[tuple[Tile, np.ndarray, np.ndarray], None, None]:
    """Fuse tile by tile, in order: the tile, its values (C, H, W) in DN, its mask (H, W).

    The result has the scene's bands unless ``bands`` says otherwise. ``told`` is called with the
    number of each round by a method of several. A thread reads the next tiles meanwhile; closing
    the generator waits for it.
    """
    how = {"told": told} if told and _rounds(method) > 1 else {}
    with _one_thread("read") as reader:
        reads: deque[Future[Patch]] = deque()
        upcoming = iter(tiles)
        reads.extend(reader.submit(scene.read, tile.outer) for tile in islice(upcoming, AHEAD))
        for tile in tiles:
            reads.extend(reader.submit(scene.read, each.outer) for each in islice(upcoming, 1))
            patch = reads.popleft().result()
            values = method.fuse(patch, context, **how)
            if values.shape != (bands or scene.bands, *tile.outer.shape):
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
