# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen a scene tile by tile into a GeoTIFF; of a method that samples, its spread in another.

``prepare`` sees the scene once; then tiles are read ahead, fused, and written behind in order, each
in threads of its own, since GDAL and the network's runtime work outside Python's lock. For a GPU
several are fused at a time: while it computes one, inputs and results of others are made.
"""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from core.errors import InputError, OutputError
from core.fusion.coverage import tell_missing
from core.fusion.gpu_tiles import larger, on_gpu, tiles_in_work
from core.fusion.nodata import declared_nodata, tell_other_nodata
from core.fusion.provenance import of_method
from core.fusion.stream import AHEAD, fused_tiles, in_one_step, threads
from core.imaging.arrays import FloatArray, Image
from core.methods.interface import Method
from core.methods.uncertainty import ensemble_std
from core.pair.scene import Patch, Scene
from core.progress import Pace, Progress, duration, scaled
from core.raster.geotiff import Layout
from core.raster.metadata import Tags, kept_metadata, only_names
from core.raster.options import packed_bits
from core.raster.window import Tile, Window
from core.raster.writer import Output, OutputFile, rehearse_files, write_files
from core.words import counted

log = logging.getLogger(__name__)

PREPARE_SHARE = 0.3  # of the progress bar
FINISH_SHARE = 0.02
LONG = 600.0  # seconds of tiles that are worth a warning
SPAN = 64  # px around the middle of MS, whose values creation options are tried with


@dataclass(frozen=True)
class Result:
    """Files that were written. ``description`` is the method's own: model, device, ...

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
    at_once : tiles that are fused at a time.
    evaluations : network evaluations of a tile.
    text : what the progress bar calls a tile.
    """

    sink: OutputFile
    fuse: Callable[..., Image]
    tiles: Sequence[Tile]
    at_once: int
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
    tile : edge of a tile, PAN px, on a GPU at least; the result does not depend on it.
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
        device = description.get("device")
        tile = larger(tile, method.halo, device)
        tiles = scene.plan(tile, method.halo, method.align)
        fuse: Callable[..., Image] = partial(method.fuse, context=context)
        if shares is not None:
            fuse = partial(_with_less_detail, fuse, shares)
        at_once = tiles_in_work(device)
        passes = [_Pass(sink, fuse, tiles, at_once, scene.bands, method.evaluations, "Tile")]
        if second:
            still = scaled(progress, PREPARE_SHARE, PREPARE_SHARE)
            ensemble = method.for_ensemble(context, still)
            passes.append(_spread_pass(second, scene, ensemble, seeds, tile, at_once))
        speed = _speed(method, context, device)
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


def _spread_pass(
    sink: OutputFile,
    scene: Scene,
    ensemble: tuple[Method, Any],
    seeds: Sequence[int],
    tile: int,
    at_once: int,
) -> _Pass:
    """Return the pass that writes the spread over seeds of a method with its context."""
    member, context = ensemble
    fuse = partial(ensemble_std, member, context=context, seeds=seeds)
    tiles = scene.plan(tile, member.halo, member.align)
    evaluations = len(seeds) * member.evaluations
    return _Pass(sink, fuse, tiles, at_once, 1, evaluations, "Spread, tile")


def _with_less_detail(
    fuse: Callable[..., Image], shares: FloatArray, patch: Patch, **more: Any
) -> Image:
    """Fuse, and keep so much of the detail of each band; one that keeps all is as it was."""
    result = fuse(patch, **more).copy()
    for band in np.flatnonzero(shares < 1.0):
        lms = patch.lms[band]
        result[band] = lms + np.float32(shares[band]) * (result[band] - lms)
    return result


def _speed(method: Method, context: Any, device: object) -> float | None:
    """Return the measured time of a pixel, but not a GPU's: that holds its start, too."""
    return None if on_gpu(device) else method.seconds_per_pixel(context)


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
        self._progress, self._pace, self._done, self._lock = progress, pace, 0, Lock()
        self._total = sum(each.work for each in passes)
        if speed is not None:  # of a pixel, with its share of the halo
            speed *= sum(each.pixels for each in passes) / self._total
        first = passes[0].tiles[0].inner
        pace.start(self._total, first.height * first.width, speed)

    def done(self, work: int, text: str) -> None:
        """Add pixel evaluations that are done; in any thread."""
        with self._lock:
            self._done += work
            if work:
                self._pace.done(work)
            share = (1.0 - PREPARE_SHARE - FINISH_SHARE) * self._done / self._total
            self._progress(PREPARE_SHARE + share, text)


def _fuse_into(each: _Pass, scene: Scene, bar: _Bar) -> None:
    """Fuse the tiles; a thread writes what is done."""
    lost, count, started = 0, len(each.tiles), time.monotonic()
    fusing: list[float] = []
    writes: deque[Future[None]] = deque()
    numbers = {tile: number for number, tile in enumerate(each.tiles, start=1)}
    reached = dict.fromkeys(each.tiles, 0)

    def fuse(patch: Patch, tile: Tile) -> Image:
        begun = time.monotonic()
        image = each.fuse(patch, on_step=partial(on_step, tile)) if in_steps else each.fuse(patch)
        fusing.append(time.monotonic() - begun)
        return image

    def on_step(tile: Tile, step: int) -> None:
        text = f"{each.text} {numbers[tile]} of {count}, step {step} of {each.evaluations}"
        # A tile that is sharpened in parts takes each step once for every part.
        of = tile.inner
        bar.done(of.height * of.width if step > reached[tile] else 0, text)
        reached[tile] = max(reached[tile], step)

    in_steps = each.evaluations > 1
    with (
        scene.keep_rows(max(tile.outer.height for tile in each.tiles)),
        threads("write", 1) as writer,
        closing(fused_tiles(scene, fuse, each.tiles, each.bands, each.at_once)) as stream,
    ):
        bar.done(0, f"{each.text} 1 of {count}")
        for number, (tile, values, valid) in enumerate(stream, start=1):
            finite = np.isfinite(values)
            made = finite.any(axis=0) if scene.by_band else finite.all(axis=0)
            lost += int(np.count_nonzero(valid & ~made))
            writes.append(writer.submit(each.sink.write, tile.inner, values, valid))
            if len(writes) > AHEAD:
                writes.popleft().result()
            work = 0 if in_steps else tile.inner.height * tile.inner.width
            bar.done(work, f"{each.text} {number} of {count}")
        for write in writes:
            write.result()
    seconds = time.monotonic() - started
    waited = max(seconds - sum(fusing) / each.at_once, 0.0)
    tiles = counted(count, "tile")
    log.info("%s in %.2f s, %.2f s of it waiting for the disk.", tiles, seconds, waited)
    if lost:
        log.warning("The method gave no number for %d valid pixels: written as nodata.", lost)


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
    at_once = tiles_in_work(method.describe(context).get("device"))
    fuse = in_one_step(method, context)
    with closing(fused_tiles(scene, fuse, tiles, at_once=at_once)) as stream:
        for number, (part, values, valid) in enumerate(stream, start=1):
            result[(slice(None), *part.inner.slices)] = np.where(valid, values, np.nan)
            progress(number / len(tiles), f"Tile {number} of {len(tiles)}")
    return result
