# SPDX-License-Identifier: GPL-2.0-or-later
"""A fused image assessed in bounded memory: one pass over its tiles, a few windows looked at again.

With a reference: SAM, ERGAS, Q2n, SCC, PSNR, SSIM. Always: QNR, HQNR and their parts, and
consistency, the fused image degraded to MS against MS.
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
from core.imaging.arrays import FloatArray, Mask
from core.imaging.filters import mtf_filter
from core.progress import Pace, Progress, scaled
from core.quality.assessment import Assessment, BandRow
from core.quality.closeups import crops, look_closer
from core.quality.consistency import Consistency, Seen
from core.quality.inputs import Subject, opened
from core.quality.interpolated_ms import Expanded
from core.quality.maps import Maps, targets
from core.quality.no_reference import NoReference, Universal, unreferred
from core.quality.overviews import Overview, Reduced, choose_crops, shrink
from core.quality.q2n import BLOCK
from core.quality.streaming import Compared, Detail, Place, WithReference, compare, places, referred
from core.raster.writer import write_files
from core.requests import Quality
from core.versions import software

TILE = 512
THREADS = 4
# Of the progress bar: when the tiles begin, when they are done, when the texts are.
BEGUN, DONE, READY = 0.05, 0.95, 0.99

T = TypeVar("T")
R = TypeVar("R")


def in_order(work: Callable[[T], R], items: Iterable[T]) -> Generator[R, None, None]:
    """The results of threads that work on the next few items, in the order of the items."""
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
class _Measured:
    """All that one tile tells; `reduced` is its part of every overview.

    `shown` is what maps show: against the reference if there is one, else against LMS.
    """

    place: Place
    compared: tuple[Compared, Detail] | None
    degraded: Compared
    shown: Compared
    universal: Universal
    seen: Seen
    reduced: tuple[Reduced, ...]


class _Pass:
    """One pass over the tiles of a subject."""

    def __init__(self, subject: Subject) -> None:
        scene = subject.scene
        self.subject = subject
        self.reference = WithReference(scene.bands, scene.ratio, subject.peak)
        self.alone = NoReference(scene.bands)
        self.consistency = Consistency(scene, subject.expansion, subject.gains, subject.scale)
        size = scene.whole.shape
        self.maps = Overview(1 + scene.bands, *size)
        self.fused, self.pan = Overview(scene.bands, *size), Overview(1, *size)
        self.squares = Overview(1, *size, BLOCK)
        self.overviews = self.maps, self.fused, self.pan, self.squares
        blocks = -(-scene.height // BLOCK), -(-scene.width // BLOCK)
        self.q2n, self.variance = np.full((2, *blocks), np.nan)

    def measure(self, place: Place) -> _Measured:
        """A tile, in any thread."""
        s = self.subject
        fused, valid = s.fused.read(place.outer)
        expanded = s.expansion.read(place.around)
        known = expanded.valid & place.cut(valid, place.around)
        degraded = mtf_filter(fused, s.gains, s.scene.ratio)
        seen = self.consistency.measure(place, degraded, valid)
        degraded = place.cut(degraded, place.around)
        alone, found = unreferred(place, expanded, fused, degraded, known, s.scale)
        compared, shown = None, alone
        if s.reference is not None:
            truth, there = s.reference.read(place.outer)
            compared = referred(place, truth, fused, valid & there, s.scale, s.peak)
            shown = compared[0]
        elif s.expansion.interpolation == "23-tap":
            # The toolbox's LMS lies up to half a pixel off and wraps around at the border, which
            # its indices are defined with; a map of where the image is wrong should not show it.
            lms = s.scene.read(place.around).lms.astype(np.float64)
            shown = compare(place, lms, degraded, known, s.scale)
        reduced = self._reduced(place, shown, fused, valid, expanded)
        return _Measured(place, compared, alone, shown, found, seen, reduced)

    def _reduced(
        self, place: Place, shown: Compared, fused: FloatArray, valid: Mask, expanded: Expanded
    ) -> tuple[Reduced, ...]:
        """The tile's part of every overview; `fused` is of `place.outer`."""
        inner, around = place.inner, place.around
        known = np.isfinite(shown.angles)
        squares = (shown.error**2).mean(axis=0, keepdims=True)
        pan = place.cut(expanded.pan, inner, around)[None]
        return (
            self.maps.reduce(inner, np.concatenate([shown.angles[None], shown.error]), known),
            self.fused.reduce(inner, place.cut(fused, inner), place.cut(valid, inner)),
            self.pan.reduce(inner, pan, place.cut(expanded.valid, inner, around)),
            self.squares.reduce(inner, squares, known),
        )

    def add(self, part: _Measured) -> None:
        """One more tile, in order."""
        if part.compared:
            self.reference.add(*part.compared)
        self.alone.add(part.degraded, part.universal)
        self.consistency.add(part.seen)
        for overview, reduced in zip(self.overviews, part.reduced, strict=True):
            overview.add(reduced)
        at = part.place.blocks.slices
        self.q2n[at], self.variance[at] = part.shown.q2n, part.universal.variance

    def band_rows(self) -> tuple[BandRow, ...]:
        """Against the reference if there is one, else against MS at its resolution."""
        referred = self.subject.reference is not None
        difference = self.reference.difference if referred else self.consistency.difference
        rmse = np.sqrt(difference.mse)
        correlation = np.diagonal(difference.correlations())
        psnr = self.reference.psnr_bands() if referred else [None] * difference.bands
        resembling = self.consistency.resembling()
        rows = []
        columns = zip(*difference.means, rmse, correlation, strict=True)
        for number, (mean, fused, error, similar) in enumerate(columns):
            percent = 100 / mean if mean else np.nan
            rows.append(
                BandRow(
                    name=self.subject.scene.band_names[number] or f"Band {number + 1}",
                    mean=float(mean),
                    fused_mean=float(fused),
                    bias=float(fused - mean),
                    bias_percent=float((fused - mean) * percent),
                    rmse=float(error),
                    rmse_percent=float(error * percent),
                    correlation=float(similar),
                    psnr=psnr[number],
                    resembles=resembling[number],
                )
            )
        return tuple(rows)


def assess(
    request: Quality,
    progress: Progress = lambda fraction, message: None,
    pace: Pace | None = None,
    tile: int = TILE,
    texts: Callable[[Assessment], Mapping[Path, str]] = lambda found: {},
) -> Assessment:
    """Assess a fused raster, and write the maps that are asked for.

    `texts` makes text files of what is found. They and the maps take their places together, when
    all are whole.

    Raises
    ------
    InputError : the files do not belong together, or have no common data.
    OutputError : a map cannot be written; before any work where that can be known.
    Cancelled : raised by ``progress``, passed on; nothing is written then.
    """
    started = time.monotonic()
    pace = pace or Pace()
    targets(request)
    with (
        opened(request, scaled(progress, 0.0, BEGUN)) as subject,
        Maps(request, subject.scene) as maps,
    ):
        found = _Pass(subject)
        plan = places(subject.scene.whole, tile)
        pace.start(subject.scene.height * subject.scene.width)
        with closing(in_order(found.measure, plan)) as parts:
            for number, part in enumerate(parts, start=1):
                found.add(part)
                maps.write(part.place, part.shown)
                pace.done(part.place.inner.height * part.place.inner.width)
                done = BEGUN + (DONE - BEGUN) * number / len(plan)
                progress(done, f"Tile {number} of {len(plan)}")
        pace.stop()
        assessment = _assessment(request, found, started)
        progress(DONE, "Files")
        made = texts(assessment)
        progress(READY, "Files")  # the last that can be stopped
        write_files(maps.files, made)
    return assessment


def _assessment(request: Quality, found: _Pass, started: float) -> Assessment:
    """What the pass has found, and what a second look at some windows tells."""
    s, scene = found.subject, found.subject.scene
    shown = found.reference.difference if s.reference is not None else found.alone.degraded
    if not shown.moments.count:
        other = "the reference" if s.reference is not None else "PAN and MS"
        raise InputError("nothing-to-assess", fused=request.fused, other=other)
    scores = found.reference.scores() if s.reference is not None else {}
    look = look_closer(s)
    chosen = choose_crops(found.variance, found.squares.image()[0], scene.whole)
    bands, maps = found.band_rows(), found.maps.image()
    return Assessment(
        pan=Path(request.pan),
        ms=Path(request.ms),
        fused=Path(request.fused),
        reference=None if request.reference is None else Path(request.reference),
        band_names=tuple(row.name for row in bands),
        sensor=s.sensor.name,
        mtf_source=s.sensor.mtf_source,
        gains=s.gains,
        ratio=scene.ratio,
        peak=s.peak,
        size=scene.whole.shape,
        pixels=shown.moments.count,
        blocks=shown.q2n.count,
        interpolation=s.expansion.interpolation,
        scores={**scores, **found.alone.scores()},
        consistency=found.consistency.scores(),
        bands=bands,
        shift=look.shift,
        pan_shift=look.pan_shift,
        detail=tuple(map(float, look.sharpness.correlation)) if look.sharpness else (),
        strength=tuple(map(float, look.sharpness.strength)) if look.sharpness else (),
        sam_map=maps[0],
        q2n_map=shrink(found.q2n),
        error_map=maps[1:],
        overview=found.fused.image(),
        pan_overview=found.pan.image()[0],
        sample=found.consistency.sample(),
        crops=crops(s, chosen),
        versions=software(),
        when=datetime.now().astimezone().isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - started, 3),
    )
