# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen a scene tile by tile into a GeoTIFF; of a method that samples, its spread in another.

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
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import InputError, OutputError
from core.fusion.coverage import tell_missing
from core.fusion.nodata import declared_nodata, tell_other_nodata
from core.fusion.provenance import of_method
from core.fusion.splitting import Splitting
from core.imaging.arrays import FloatArray, Image, Mask
from core.methods.interface import Method
from core.methods.uncertainty import ensemble_std
from core.pair.reduced import AnyScene
from core.pair.scene import Patch, Scene
from core.progress import Pace, Progress, counted, duration, scaled
from core.raster.geotiff import Layout
from core.raster.metadata import Tags, kept_metadata, only_names
from core.raster.options import packed_bits
from core.raster.window import Tile, Window
from core.raster.writer import Output, OutputFile, rehearse_files, write_files

log = logging.getLogger(__name__)

PREPARE_SHARE = 0.3  # of the progress bar
FINISH_SHARE = 0.02
LONG = 600.0  # seconds of tiles that are worth a warning
SPAN = 64  # px around the middle of MS, whose values creation options are tried with
AHEAD = 2  # tiles read before, and tiles written behind, the one in work


@dataclass(frozen=True)
class Result:
    """What was written. ``description`` is the method's own: model, device, ...

    ``tile_seconds`` are those of the ``seconds`` that grow with the scene.
    """

    path: Path
    spread: Path | None
    height: int
    width: int
    bands: int
    ratio: float
    tiles: int
    seconds: float
    tile_seconds: float
    method: str
    description: Mapping[str, object]


@dataclass(frozen=True)
class _Pass:
    """One pass over the tiles.

    sink : the file that is written.
    fuse : `(patch, *, on_step)` to `(bands, H, W)`.
    evaluations : network evaluations of a tile.
    text : what the progress bar calls a tile.
    """

    sink: OutputFile
    fuse: Callable[..., Image]
    tiles: Sequence[Tile]
    bands: int
    evaluations: int
    text: str

    @property
    def pixels(self) -> int:
        """Number of pixel evaluations, halos and repeated passes included."""
        return self.evaluations * sum(tile.outer.height * tile.outer.width for tile in self.tiles)

    @property
    def work(self) -> int:
        """Number of pixel evaluations of the result alone."""
        return self.evaluations * sum(tile.inner.height * tile.inner.width for tile in self.tiles)


def sharpen(
    scene: Scene,
    method: Method,
    output: Output,
    *,
    context: Any = None,
    spread: Path | None = None,
    seeds: Sequence[int] = (),
    tile: int = 512,
    shares: FloatArray | None = None,
    progress: Progress = lambda fraction, message: None,
    pace: Pace | None = None,
    tags: Tags | None = None,
) -> Result:
    """Sharpen the scene with the method into a file on PAN's grid.

    Parameters
    ----------
    context : of the scene, where the method has prepared it before.
    spread : file for the standard deviation over ``seeds``, for a method that samples: one band of
        float32, DN. Both files are written, or none.
    tile : edge of a tile, PAN px; the result does not depend on it.
    shares : of the detail that the method adds to each band, that is kept; None: all.
    progress : called with the fraction of the whole and what is being done; may raise Cancelled.
    pace : measures the speed of the tiles, to show the remaining time.
    tags : of the run, for its files; those of the method are added.

    Raises
    ------
    OutputError : before any work where a target cannot be written, later for a full disk.
    Cancelled : raised by ``progress``, passed on; the targets are then untouched.
    """
    started = time.monotonic()
    if tile < 1:
        raise InputError("tile-too-small", tile=tile)
    pace = pace or Pace()
    with ExitStack() as files:
        made = [files.enter_context(each) for each in _files(scene, output, spread, seeds, tile)]
        sink, second = made[0], made[1] if spread else None
        progress(0.0, "Preparing")
        if context is None:
            context = method.prepare(scene, scaled(progress, 0.0, PREPARE_SHARE))
        log.info("Prepared %s in %.1f s.", method.name, time.monotonic() - started)
        description = method.describe(context)
        for file in made:
            file.tag({**(tags or {}), **of_method(method, description)})
        tiles = scene.plan(tile, method.halo, method.align)
        fuse: Callable[..., Image] = partial(method.fuse, context=context)
        if shares is not None:
            fuse = partial(_with_less_detail, fuse, shares)
        passes = [_Pass(sink, fuse, tiles, scene.bands, method.evaluations, "Tile")]
        if second:
            still = scaled(progress, PREPARE_SHARE, PREPARE_SHARE)
            member, of_member = method.for_ensemble(context, still)
            fuse = partial(ensemble_std, member, context=of_member, seeds=seeds)
            more = scene.plan(tile, member.halo, member.align)
            evaluations = len(seeds) * member.evaluations
            passes.append(_Pass(second, fuse, more, 1, evaluations, "Spread, tile"))
        speed = method.seconds_per_pixel(context)
        _announce(passes, speed)
        bar = _Bar(progress, pace, passes, speed)
        begun = time.monotonic()
        for each in passes:
            _fuse_into(each, scene, bar)
        pace.stop()
        progress(1.0 - FINISH_SHARE, "Finishing the file")
        write_files([each.sink for each in passes])
    ended = time.monotonic()
    tell_missing(scene, sink.missing)
    return Result(
        path=sink.target,
        spread=second.target if second else None,
        height=scene.height,
        width=scene.width,
        bands=scene.bands,
        ratio=scene.ratio,
        tiles=len(tiles),
        seconds=round(ended - started, 3),
        tile_seconds=round(ended - begun, 3),
        method=method.name,
        description=description,
    )


def rehearse(
    scene: Scene, output: Output, *, spread: Path | None, seeds: Sequence[int], tile: int
) -> None:
    """Raise OutputError where `sharpen` could not write its files; see there for the parameters."""
    files = _files(scene, output, spread, seeds, tile)
    tell_other_nodata(output.nodata, scene, float(files[0].nodata))
    rehearse_files(files, partial(_span, scene))


def _span(scene: Scene) -> tuple[float, float]:
    """Return the least and the greatest value in the middle of MS; 0 and 1 where there is none."""
    height, width = scene.ms_grid.shape
    middle = Window(height // 2, width // 2, 1, 1).grow(SPAN, scene.ms_grid)
    values, valid = scene.read_ms_grid(middle)
    found = values[:, valid]
    if not found.size or found.min() == found.max():
        return 0.0, 1.0
    return float(found.min()), float(found.max())


def _files(
    scene: Scene, output: Output, spread: Path | None, seeds: Sequence[int], tile: int
) -> list[OutputFile]:
    """Return the result and, where it is asked for, its spread; not yet open."""
    layout = layout_of(scene, output)
    files = [OutputFile(output, layout, tile)]
    if spread:
        of_spread = _spread_layout(scene, output, len(seeds))
        # What is chosen for integers, such as NBITS or JPEG, may not do for floats.
        options = output.creation_options if layout.dtype == of_spread.dtype else {}
        other = replace(output, path=spread, creation_options=options)
        files.append(OutputFile(other, of_spread, tile))
    return files


def layout_of(scene: Scene, output: Output) -> Layout:
    """Return a file on the scene's grid, with its bands; raise OutputError for types of no use."""
    ms, pan = scene.rasters
    dtype = np.dtype(output.dtype or scene.dtype)
    if dtype.kind not in "uif":
        raise OutputError("type-not-writable", dtype=dtype)
    return Layout(
        (scene.pan_name, scene.ms_name),
        scene.height,
        scene.width,
        dtype,
        declared_nodata(output.nodata, scene, dtype, packed_bits(dtype, output.creation_options)),
        scene.crs,
        scene.transform,
        kept_metadata(ms, scene.sources[0].bands, pan).named(scene.band_names),
        scene.georeference,
    )


def _spread_layout(scene: Scene, output: Output, seeds: int) -> Layout:
    """Return one band on the scene's grid; any number can be a spread, so nodata is NaN."""
    return Layout(
        (scene.pan_name, scene.ms_name, str(output.path)),
        scene.height,
        scene.width,
        np.dtype(np.float32),
        math.nan,
        scene.crs,
        scene.transform,
        only_names(f"Spread of {seeds} seeds (DN)"),
        scene.georeference,
    )


def _with_less_detail(
    fuse: Callable[..., Image], shares: FloatArray, patch: Patch, **more: Any
) -> Image:
    """Fuse, and keep so much of the detail of each band; one that keeps all is as it was."""
    result = fuse(patch, **more).copy()
    for band in np.flatnonzero(shares < 1.0):
        lms = patch.lms[band]
        result[band] = lms + np.float32(shares[band]) * (result[band] - lms)
    return result


def _announce(passes: Sequence[_Pass], seconds_per_pixel: float | None) -> None:
    """Log how long the tiles will take, where the time of a pixel was measured."""
    if seconds_per_pixel is None:
        return
    seconds = seconds_per_pixel * sum(each.pixels for each in passes)
    steps = sum(each.evaluations for each in passes)
    work = counted(len(passes[0].tiles), "tile") + (f", {steps} steps each," if steps > 1 else "")
    log.info("%s will take about %s on this device.", work, duration(seconds))
    if seconds > LONG:
        log.warning(
            "This will take long, about %s. Fewer steps, a smaller extent, no spread, or a GPU "
            "make it shorter; it can be cancelled at any time.", duration(seconds),
        )  # fmt: skip


class _Bar:
    """Progress of the passes: a tile counts by its pixels times their evaluations."""

    def __init__(
        self, progress: Progress, pace: Pace, passes: Sequence[_Pass], speed: float | None
    ) -> None:
        self._progress, self._pace, self._done = progress, pace, 0
        self._total = sum(each.work for each in passes)
        if speed is not None:  # of a pixel, with its share of the halo
            speed *= sum(each.pixels for each in passes) / self._total
        first = passes[0].tiles[0].inner
        pace.start(self._total, first.height * first.width, speed)

    def done(self, work: int, text: str) -> None:
        """Add pixel evaluations that are done."""
        self._done += work
        if work:
            self._pace.done(work)
        share = (1.0 - PREPARE_SHARE - FINISH_SHARE) * self._done / self._total
        self._progress(PREPARE_SHARE + share, text)


def _fuse_into(each: _Pass, scene: Scene, bar: _Bar) -> None:
    """Fuse the tiles in order; a thread writes what is done."""
    lost, before, reached, count = 0, 0, 0, len(each.tiles)
    started, fusing = time.monotonic(), 0.0
    writes: deque[Future[None]] = deque()

    def fuse(patch: Patch) -> Image:
        nonlocal fusing
        begun = time.monotonic()
        image = each.fuse(patch, on_step=on_step) if in_steps else each.fuse(patch)
        fusing += time.monotonic() - begun
        return image

    def on_step(step: int) -> None:
        nonlocal reached
        of = each.tiles[before].inner
        text = f"{each.text} {before + 1} of {count}, step {step} of {each.evaluations}"
        # A tile that is sharpened in parts takes each step once for every part.
        bar.done(of.height * of.width if step > reached else 0, text)
        reached = max(reached, step)

    in_steps = each.evaluations > 1
    with (
        scene.keep_rows(max(tile.outer.height for tile in each.tiles)),
        _one_thread("write") as writer,
        closing(fused_tiles(scene, fuse, each.tiles, each.bands)) as stream,
    ):
        bar.done(0, f"{each.text} 1 of {count}")
        for number, (tile, values, valid) in enumerate(stream, start=1):
            numbers = np.isfinite(values)
            made = numbers.any(axis=0) if scene.by_band else numbers.all(axis=0)
            lost += int(np.count_nonzero(valid & ~made))
            writes.append(writer.submit(each.sink.write, tile.inner, values, valid))
            if len(writes) > AHEAD:
                writes.popleft().result()
            work = 0 if in_steps else tile.inner.height * tile.inner.width
            bar.done(work, f"{each.text} {number} of {count}")
            before, reached = number, 0
        for write in writes:
            write.result()
    seconds = time.monotonic() - started
    waited = seconds - fusing
    tiles = counted(count, "tile")
    log.info("%s in %.2f s, %.2f s of it waiting for the disk.", tiles, seconds, waited)
    if lost:
        log.warning("The method gave no number for %d valid pixels: written as nodata.", lost)


def fused_tiles(
    scene: AnyScene,
    fuse: Callable[[Patch], Image],
    tiles: Sequence[Tile],
    bands: int | None = None,
) -> Generator[tuple[Tile, Image, Mask], None, None]:
    """Yield fused tiles in order: the tile, its values (C, H, W) in DN, its valid mask (H, W).

    The result has the scene's bands unless ``bands`` says otherwise. A thread reads the next tiles
    meanwhile; closing the generator waits for it. See `Splitting` for a lack of memory.
    """
    split = Splitting(fuse, bands or scene.bands, scene.whole)
    with _one_thread("read") as reader:
        reads: deque[Future[Patch]] = deque()
        upcoming = iter(tiles)
        reads.extend(reader.submit(scene.read, tile.outer) for tile in islice(upcoming, AHEAD))
        for tile in tiles:
            reads.extend(reader.submit(scene.read, each.outer) for each in islice(upcoming, 1))
            patch = reads.popleft().result()
            values = split(patch, tile)
            rows, cols = tile.crop
            if patch.missing is not None:
                values = np.where(patch.missing[:, rows, cols], np.nan, values)
            yield tile, values, patch.valid[rows, cols]


def in_memory(
    scene: Scene,
    method: Method,
    context: Any,
    tile: int,
    progress: Progress = lambda fraction, message: None,
) -> Image:
    """Return the scene fused by tiles of `tile` PAN px: (C, H, W) in DN; NaN where invalid."""
    tiles = scene.plan(tile, method.halo, method.align)
    result = np.full((scene.bands, scene.height, scene.width), np.nan, np.float32)
    with closing(fused_tiles(scene, partial(method.fuse, context=context), tiles)) as stream:
        for number, (part, values, valid) in enumerate(stream, start=1):
            result[(slice(None), *part.inner.slices)] = np.where(valid, values, np.nan)
            progress(number / len(tiles), f"Tile {number} of {len(tiles)}")
    return result


@contextmanager
def _one_thread(name: str) -> Iterator[ThreadPoolExecutor]:
    """Provide a thread that works in order; leaving the block early drops what waits."""
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
