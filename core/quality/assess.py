# SPDX-License-Identifier: GPL-2.0-or-later
"""Assess a fused image of any size: one pass over its tiles, then some windows once more.

With a reference: SAM, ERGAS, Q2n, SCC, PSNR, SSIM. Always: QNR, HQNR and their parts, and the
consistency of the fused image, degraded to MS resolution, with MS.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import numpy as np

from core.errors import InputError
from core.gdal_names import as_called
from core.imaging.arrays import FloatArray, Mask
from core.imaging.moments import Moments
from core.imaging.mtf import mtf_filter
from core.progress import Pace, Progress, scaled, silent
from core.quality.assessment import Assessment, BandStatistics
from core.quality.consistency import Consistency, ConsistencySums
from core.quality.detail import measure_detail
from core.quality.inputs import QualityInputs, open_inputs
from core.quality.interpolated_ms import PanGridImages
from core.quality.maps import QualityMaps, check_map_targets
from core.quality.no_reference import NoReference, NoReferenceSums
from core.quality.overviews import Overview, OverviewSums, choose_crops, cut_crops, overview_of
from core.quality.q2n import BLOCK
from core.quality.streaming import HALO, BlockTile, ErrorIndices, TileErrors, block_tiles
from core.quality.two_band_indices import BandIndices, available
from core.quality.value_shares import ShareCounts, ShareSums
from core.quality.with_reference import ReferenceSums, WithReference
from core.raster.writer import write_files
from core.registration.shift_estimate import measure as measure_shift
from core.requests.scenes import Quality
from core.worker.versions import software

TILE = 512  # PAN px
THREADS = 4  # of measuring, at most
#: Shares of the progress bar: tiles begin, tiles are done, texts are done.
BEGUN, DONE, READY = 0.05, 0.95, 0.99

T = TypeVar("T")
R = TypeVar("R")


def map_in_order(work: Callable[[T], R], items: Iterable[T]) -> Generator[R, None, None]:
    """Yield `work(item)` in the order of the items; threads compute the next few ahead."""
    threads = min(THREADS, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="measure")
    running: deque[Future[R]] = deque()
    try:
        for item in items:
            running.append(pool.submit(work, item))
            if len(running) > threads:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True)
class _TileSums:
    """Sums of one tile for all accumulators.

    `mapped` are the errors for the maps: against the reference if there is one, else against LMS.
    """

    tile: BlockTile
    with_reference: ReferenceSums | None
    no_reference: NoReferenceSums
    consistency: ConsistencySums
    indices: dict[str, Moments]
    shares: ShareCounts
    mapped: TileErrors
    overviews: tuple[OverviewSums, ...]


class _Pass:
    """One pass over the tiles."""

    def __init__(self, inputs: QualityInputs) -> None:
        scene = inputs.scene
        self.inputs = inputs
        self.with_reference = WithReference(scene.bands, scene.ratio, inputs.peak, inputs.scale)
        self.no_reference = NoReference(scene.bands, scene.ratio, inputs.scale)
        self.consistency = Consistency(scene, inputs.gains, inputs.scale)
        bands = available(inputs.sensor.bands_of(scene.band_names))
        self.indices = BandIndices(bands, inputs.scale)
        self.shares = ShareSums(scene.bands, inputs.fused.dtype)
        size = scene.whole.shape
        self.maps = Overview(1 + scene.bands, *size)
        self.fused, self.pan = Overview(scene.bands, *size), Overview(1, *size)
        self.squares = Overview(1, *size, BLOCK)
        self.overviews = self.maps, self.squares, self.fused, self.pan
        blocks = -(-scene.height // BLOCK), -(-scene.width // BLOCK)
        self.q2n, self.pan_variance = np.full((2, *blocks), np.nan)

    @property
    def mapped(self) -> ErrorIndices:
        """The indices whose errors the maps show."""
        of = self.no_reference if self.inputs.reference is None else self.with_reference
        return of.errors

    def measure(self, tile: BlockTile) -> _TileSums:
        """Measure a tile; no side effects."""
        inputs = self.inputs
        fused, valid = inputs.fused.read(tile.outer)
        images = inputs.interpolated.read(tile.padded)
        known = images.valid & tile.cut(valid, tile.padded)
        consistency = self.consistency.measure(tile, fused, valid)
        indices = self.indices.measure(consistency.images, consistency.valid)
        inner = (tile.cut(fused, tile.inner), tile.cut(valid, tile.inner))
        shares = self.shares.measure(*inner, tile.cut(images.valid, tile.inner, tile.padded))
        degraded = tile.cut(mtf_filter(fused, inputs.gains, inputs.scene.ratio), tile.padded)
        padded = tile.cut(fused, tile.padded)
        no_reference = self.no_reference.measure(tile, images, padded, degraded, known)
        with_reference, mapped = None, no_reference.errors
        if inputs.reference is not None:
            reference, there = inputs.reference.read(tile.outer)
            with_reference = self.with_reference.measure(tile, reference, fused, valid & there)
            mapped = with_reference.errors
        elif inputs.interpolated.interpolation == "23-tap":
            # The LMS that defines the toolbox's indices is shifted by up to half a pixel and wraps
            # around at the border: errors that are not the image's, and not for the maps.
            lms = inputs.scene.read(tile.padded).lms.astype(np.float64)
            mapped = self.no_reference.errors.measure(tile, lms, degraded, known)
        overviews = self._overview_sums(tile, mapped, fused, valid, images)
        return _TileSums(
            tile, with_reference, no_reference, consistency, indices, shares, mapped, overviews
        )

    def _overview_sums(
        self,
        tile: BlockTile,
        errors: TileErrors,
        fused: FloatArray,
        valid: Mask,
        images: PanGridImages,
    ) -> tuple[OverviewSums, ...]:
        """Return the tile's part of each of `overviews`; fused and valid are of `tile.outer`."""
        inner = tile.inner
        known = np.isfinite(errors.angles)
        squares = (errors.error**2).mean(axis=0, keepdims=True)
        pan, pan_valid = (tile.cut(i, inner, tile.padded) for i in (images.pan, images.valid))
        return (
            self.maps.measure(inner, np.concatenate([errors.angles[None], errors.error]), known),
            self.squares.measure(inner, squares, known),
            self.fused.measure(inner, tile.cut(fused, inner), tile.cut(valid, inner)),
            self.pan.measure(inner, pan[None], pan_valid),
        )

    def update(self, sums: _TileSums) -> None:
        """Add a tile, in order."""
        if sums.with_reference:
            self.with_reference.update(sums.with_reference)
        self.no_reference.update(sums.no_reference)
        self.consistency.update(sums.consistency)
        self.indices.update(sums.indices)
        self.shares.update(sums.shares)
        for overview, each in zip(self.overviews, sums.overviews, strict=True):
            overview.update(each)
        at = sums.tile.blocks.slices
        self.q2n[at], self.pan_variance[at] = sums.mapped.q2n, sums.no_reference.pan_variance

    def band_statistics(self) -> tuple[BandStatistics, ...]:
        """Compare with the reference if there is one, else with MS at its resolution."""
        has_reference = self.inputs.reference is not None
        errors = self.with_reference.errors if has_reference else self.consistency.errors
        correlation = np.diagonal(errors.correlations())
        psnr = self.with_reference.psnr_bands() if has_reference else [None] * errors.bands
        bands = zip(
            self.inputs.scene.band_names,
            *errors.means,
            np.sqrt(errors.mse),
            correlation,
            psnr,
            self.consistency.best_matches(),
            strict=True,
        )
        statistics = []
        for number, (name, mean, fused, rmse, r, psnr_db, resembles) in enumerate(bands, start=1):
            percent = 100 / mean if mean else np.nan
            statistics.append(
                BandStatistics(
                    name=name or f"Band {number}",
                    mean=float(mean),
                    fused_mean=float(fused),
                    bias=float(fused - mean),
                    bias_percent=float((fused - mean) * percent),
                    rmse=float(rmse),
                    rmse_percent=float(rmse * percent),
                    correlation=float(r),
                    psnr=psnr_db,
                    resembles=resembles,
                )
            )
        return tuple(statistics)


def assess(
    request: Quality,
    progress: Progress = silent,
    pace: Pace | None = None,
    tile: int = TILE,
    texts: Callable[[Assessment], Mapping[Path, str]] = lambda assessment: {},
) -> Assessment:
    """Assess a fused raster, and write the maps that are requested.

    Parameters
    ----------
    tile : side of the tiles (PAN px); the result does not depend on it.
    texts : makes text files of the assessment. They and the maps are moved into place together.

    Raises
    ------
    InputError : the files do not fit together, or have no common data.
    OutputError : a map cannot be written; before any work where that can be known.
    Cancelled : raised by ``progress``; nothing is written then.
    """
    started = time.monotonic()
    pace = pace or Pace()
    check_map_targets(request)
    with (
        open_inputs(request, scaled(progress, 0.0, BEGUN)) as inputs,
        QualityMaps(request, inputs.scene) as maps,
    ):
        whole_pass = _Pass(inputs)
        halo = max(HALO, whole_pass.consistency.reach)
        plan = block_tiles(inputs.scene.whole, tile, halo)
        progress_of_tiles = scaled(progress, BEGUN, DONE)
        pace.start(inputs.scene.height * inputs.scene.width)
        with closing(map_in_order(whole_pass.measure, plan)) as measured:
            for number, sums in enumerate(measured, start=1):
                whole_pass.update(sums)
                maps.write(sums.tile, sums.mapped)
                pace.done(sums.tile.inner.height * sums.tile.inner.width)
                progress_of_tiles(number / len(plan), f"Tile {number} of {len(plan)}")
        pace.stop()
        assessment = _assessment(request, whole_pass, started)
        progress(DONE, "Files")
        contents = texts(assessment)
        progress(READY, "Files")  # the last chance to cancel
        write_files(maps.files, contents)
    return assessment


def _assessment(request: Quality, done: _Pass, started: float) -> Assessment:
    """Collect the results of the pass, and measure some windows."""
    inputs, scene, mapped = done.inputs, done.inputs.scene, done.mapped
    if not mapped.moments.count:
        other = "the reference" if inputs.reference is not None else "PAN and MS"
        raise InputError("nothing-to-assess", fused=request.fused, other=other)
    scores = done.with_reference.compute() if inputs.reference is not None else {}
    detail = measure_detail(inputs)
    windows = choose_crops(done.pan_variance, done.squares.compute()[0], scene.whole)
    bands, maps = done.band_statistics(), done.maps.compute()
    sharpness, sample = detail.sharpness, done.consistency.value_pairs()
    return Assessment(
        pan=as_called(scene.pan_name),
        ms=as_called(scene.ms_name),
        fused=request.fused,
        reference=request.reference,
        band_names=tuple(band.name for band in bands),
        sensor=inputs.sensor.name,
        mtf_source=inputs.sensor.mtf_source,
        gains=inputs.gains,
        ratio=scene.ratio,
        peak=inputs.peak,
        size=scene.whole.shape,
        pixels=mapped.moments.count,
        blocks=mapped.q2n.count,
        interpolation=inputs.interpolated.interpolation,
        scores={**scores, **done.no_reference.compute()},
        consistency=done.consistency.compute(),
        consistency_bands=done.consistency.band_statistics(),
        indices=done.indices.compute(),
        shares=done.shares.compute(),
        bands=bands,
        shift=detail.shift,
        pan_shift=detail.pan_shift,
        ms_shift=measure_shift(scene).shift,
        detail=tuple(map(float, sharpness.correlation)) if sharpness else (),
        strength=tuple(map(float, sharpness.strength)) if sharpness else (),
        sam_map=maps[0],
        q2n_map=overview_of(done.q2n),
        error_map=maps[1:],
        overview=done.fused.compute(),
        pan_overview=done.pan.compute()[0],
        sample=sample,
        index_sample=done.indices.pairs(sample),
        crops=cut_crops(inputs, windows),
        versions=software(),
        when=datetime.now().astimezone().isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - started, 3),
    )
