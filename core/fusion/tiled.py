# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen a scene tile by tile into a GeoTIFF; if requested, its error bar into another.

``plan_scene`` prepares the method; then tiles are read ahead, fused, and written in order, each in
threads of its own, since GDAL and onnxruntime release Python's lock.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from core.errors import InputError
from core.fusion.coverage import log_missing
from core.fusion.provenance import of_method
from core.fusion.run_files import layouts_of
from core.fusion.scene_error_bar import tested_error_bar
from core.fusion.stream import AHEAD, fused_tiles, in_one_step, on_gpu, threads, tiles_in_work
from core.imaging.arrays import FloatArray, Image
from core.language import counted
from core.methods.error_bar import ErrorBar
from core.methods.interface import Method, Settings
from core.models.onnx_session import cpu_runs
from core.pair.scene import Patch, Scene
from core.pair.unseen_bands import with_less_detail
from core.progress import Pace, Progress, duration, scaled, silent
from core.raster.geotiff import Layout
from core.raster.metadata import Tags
from core.raster.tile_plan import Tile
from core.raster.window import Window
from core.raster.writer import Output, OutputFile, write_files

log = logging.getLogger(__name__)

PREPARE_SHARE = 0.3  # of the progress bar
FINISH_SHARE = 0.02
COST_OF_BAR = 0.1  # of a pixel of the error bar, in network evaluations
LONG = 600.0  # seconds for all tiles, beyond which there is a warning


@dataclass(frozen=True)
class Result:
    """The files written. ``description`` is that of the method: model, device and so on.

    ``tile_seconds`` is the part of ``seconds`` that is proportional to the scene's size.
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
class Prepared:
    """A method with the context of a scene.

    tile : edge of a tile, PAN px.
    bar : the error bar, if requested.
    """

    method: Method
    context: Any
    description: Mapping[str, object]
    tile: int
    bar: ErrorBar | None

    def tiles(
        self, scene: Scene, halo: int, align: int = 1, part: Window | None = None
    ) -> list[Tile]:
        """Return the tiles of a scene, or those in a part of it."""
        tiles = scene.plan(self.tile, halo, align)
        return [tile for tile in tiles if tile.inner.inside(part)] if part else tiles


@dataclass(frozen=True)
class _Pass:
    """One pass over the tiles.

    sink : the file to write.
    fuse : `(patch, *, on_step)` to `(bands, H, W)`.
    at_once : tiles that are fused at a time.
    evaluations : network evaluations of a tile.
    cost : of a pixel, in network evaluations.
    text : what the progress bar calls a tile.
    """

    sink: OutputFile
    fuse: Callable[..., Image]
    tiles: Sequence[Tile]
    at_once: int
    evaluations: int
    cost: float
    text: str

    @property
    def pixels(self) -> float:
        """Number of pixel evaluations, halos and repeated passes included."""
        return self.cost * sum(tile.outer.height * tile.outer.width for tile in self.tiles)

    @property
    def work(self) -> int:
        """Number of pixel evaluations of the result alone."""
        return sum(self.work_of(tile) for tile in self.tiles)

    def work_of(self, tile: Tile) -> int:
        """Number of pixel evaluations of a tile of the result."""
        return round(self.cost * tile.inner.height * tile.inner.width)


@dataclass(frozen=True)
class Planned:
    """A scene, a method prepared for it, and the files of the result; a job freezes it.

    Parameters
    ----------
    layouts : of the result and, if requested, of its error bar.
    tile : edge of a tile, PAN px, as requested.
    shares : (C,), of the detail added to each band that are kept; None: all.
    tags : of the files.
    """

    scene: Scene
    ready: Prepared
    layouts: Sequence[tuple[Output, Layout]]
    tile: int
    shares: FloatArray | None
    tags: Tags

    def files(self) -> list[OutputFile]:
        """Return the files, not yet open; raise OutputError if one cannot be written."""
        return [OutputFile(*each, self.tile) for each in self.layouts]

    def fuse(
        self,
        files: Sequence[OutputFile],
        progress: Progress,
        pace: Pace,
        part: Window | None = None,
    ) -> int:
        """Fuse the tiles, or those in a part of the scene, into open files; return their number."""
        scene, ready = self.scene, self.ready
        method, device = ready.method, ready.description.get("device")
        fuse: Callable[..., Image] = partial(method.fuse, context=ready.context)
        if self.shares is not None:
            fuse = partial(with_less_detail, fuse, self.shares)
        tiles = ready.tiles(scene, method.halo, method.align, part)
        at_once, evaluations = tiles_in_work(device), method.evaluations
        passes = [_Pass(files[0], fuse, tiles, at_once, evaluations, evaluations, "Tile")]
        if ready.bar:
            of_bar, text = ready.bar, "Error bar, tile"
            others = ready.tiles(scene, of_bar.halo, part=part)
            passes.append(_Pass(files[1], of_bar.of, others, cpu_runs(), 1, COST_OF_BAR, text))
        speed = _speed(method, ready.context, device)
        _announce(passes, speed)
        bar = _Bar(progress, pace, passes, speed)
        for each in passes:
            _fuse_into(each, scene, bar)
        return len(tiles)

    @contextmanager
    def writing(self, files: Sequence[OutputFile], progress: Progress) -> Iterator[None]:
        """Open the files of the whole scene; in the end all are moved into place, or none."""
        with ExitStack() as stack:
            for file in files:
                stack.enter_context(file)
                file.tag(self.tags)
            yield
            progress(1.0 - FINISH_SHARE, "Finishing the file")
            write_files(files)
        log_missing(self.scene, files[0].missing)


def sharpen(
    scene: Scene, method: Method, output: Output, *, pace: Pace | None = None, **options: Any
) -> Result:
    """Sharpen the scene with the method into a file on PAN's grid.

    `options` are those of `plan_scene`. Raises OutputError for a file that cannot be written, after
    the work: call `core.fusion.run_files.rehearse` before.
    """
    started = time.monotonic()
    progress, pace = options.get("progress", silent), pace or Pace()
    planned = plan_scene(scene, method, output, **options)
    files = planned.files()
    with planned.writing(files, progress):
        begun = time.monotonic()
        tiles = planned.fuse(files, progress, pace)
        pace.stop()
    ended = time.monotonic()
    return Result(
        path=files[0].target,
        spread=files[1].target if planned.ready.bar else None,
        height=scene.height,
        width=scene.width,
        bands=scene.bands,
        ratio=scene.ratio,
        tiles=tiles,
        seconds=round(ended - started, 3),
        tile_seconds=round(ended - begun, 3),
        method=method.name,
        description=planned.ready.description,
    )


def plan_scene(
    scene: Scene,
    method: Method,
    output: Output,
    *,
    context: Any = None,
    spread: Path | None = None,
    settings: Settings | None = None,
    tile: int = 512,
    shares: FloatArray | None = None,
    progress: Progress = silent,
    tags: Tags | None = None,
) -> Planned:
    """Prepare a method for the scene, and plan the files.

    Parameters
    ----------
    context : of the scene, if the method was prepared before.
    spread : file for the error bar: float32, DN, the bands of the result.
    settings : of the method, needed for the error bar.
    tile : edge of a tile, PAN px; the result does not depend on it.
    shares : (C,), of the detail added to each band that are kept; None: all.
    progress : called with the fraction of the run and what is being done; may raise Cancelled.
    tags : of the run, for its files; those of the method are added.

    Raises OutputError for a type that cannot be written.
    """
    if tile < 1:
        raise InputError("tile-too-small", tile=tile)
    layouts = layouts_of(scene, output, spread)
    progress(0.0, "Preparing")
    ready = _prepared(scene, method, tile, settings if spread else None, progress, context, shares)
    tags = {**(tags or {}), **of_method(method, ready.description)}
    return Planned(scene, ready, layouts, tile, shares, tags)


def _prepared(
    scene: Scene,
    method: Method,
    tile: int,
    settings: Settings | None,
    progress: Progress,
    context: Any = None,
    shares: FloatArray | None = None,
) -> Prepared:
    """Prepare the method unless its `context` is given, and the error bar if `settings` are."""
    started = time.monotonic()
    if context is None:
        share = PREPARE_SHARE / 2 if settings else PREPARE_SHARE
        context = method.prepare(scene, scaled(progress, 0.0, share))
    log.info("Prepared %s in %.1f s.", method.name, time.monotonic() - started)
    description = method.describe(context)
    bar = None
    if settings:
        rest = scaled(progress, PREPARE_SHARE / 2, PREPARE_SHARE)
        bar = tested_error_bar(scene, method, context, settings, shares, rest)
    return Prepared(method, context, description, tile * method.tile_multiple, bar)


def _speed(method: Method, context: Any, device: object) -> float | None:
    """Return the measured time of a pixel; None on a GPU, where it includes the start."""
    return None if on_gpu(device) else method.seconds_per_pixel(context)


def _announce(passes: Sequence[_Pass], seconds_per_pixel: float | None) -> None:
    """Log how long the tiles will take, if the time of a pixel was measured."""
    if seconds_per_pixel is None:
        return
    seconds = seconds_per_pixel * sum(each.pixels for each in passes)
    steps = passes[0].evaluations
    work = counted(len(passes[0].tiles), "tile") + (f", {steps} steps each," if steps > 1 else "")
    log.info("%s will take about %s on this device.", work, duration(seconds))
    if seconds > LONG:
        log.warning(
            "This will take long, about %s. Fewer steps, a smaller extent, or a GPU "
            "make it shorter; it can be cancelled at any time.", duration(seconds),
        )  # fmt: skip


class _Bar:
    """The progress of the passes, in pixels times evaluations."""

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
        """Add pixel evaluations that are done; from any thread."""
        with self._lock:
            self._done += work
            if work:
                self._pace.done(work)
            share = (1.0 - PREPARE_SHARE - FINISH_SHARE) * self._done / self._total
            self._progress(PREPARE_SHARE + share, text)


def _fuse_into(each: _Pass, scene: Scene, bar: _Bar) -> None:
    """Fuse the tiles of a pass; a thread writes them."""
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
        # A tile in parts reports each step once for every part.
        bar.done(each.work_of(tile) // each.evaluations if step > reached[tile] else 0, text)
        reached[tile] = max(reached[tile], step)

    in_steps = each.evaluations > 1
    with (
        scene.cached_rows(max(tile.outer.height for tile in each.tiles)),
        threads("write", 1) as writer,
        closing(fused_tiles(scene, fuse, each.tiles, each.at_once)) as stream,
    ):
        bar.done(0, f"{each.text} 1 of {count}")
        for number, (tile, values, valid) in enumerate(stream, start=1):
            finite = np.isfinite(values)
            made = finite.any(axis=0) if scene.by_band else finite.all(axis=0)
            lost += int(np.count_nonzero(valid & ~made))
            writes.append(writer.submit(each.sink.write, tile.inner, values, valid))
            if len(writes) > AHEAD:
                writes.popleft().result()
            bar.done(0 if in_steps else each.work_of(tile), f"{each.text} {number} of {count}")
        for write in writes:
            write.result()
    seconds = time.monotonic() - started
    # A scene of a single tile keeps one thread busy; the others do not wait for the disk.
    waited = max(seconds - sum(fusing) / min(each.at_once, count), 0.0)
    tiles = counted(count, "tile")
    log.info("%s in %.2f s, %.2f s of it waiting for the disk.", tiles, seconds, waited)
    if lost:
        log.warning("The method gave no number for %d valid pixels: written as nodata.", lost)


def in_memory(
    scene: Scene, method: Method, context: Any, tile: int, progress: Progress = silent
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
