# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair of rasters reduced by Wald's protocol, as GeoTIFFs of any size."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from affine import Affine
from rasterio.io import DatasetReader

from core.errors import InputError
from core.imaging.arrays import FloatArray, Mask
from core.imaging.degrade import Phase
from core.pair.geometry import bounds
from core.pair.reduced import MsGridSource, ReducedScene
from core.pair.scene import MS_FILL, PAN_FILL, ReducedPatch, Scene
from core.progress import Progress
from core.raster.geotiff import Layout
from core.raster.reader import (
    Source,
    check_bands,
    choose_pan_band,
    data_bands,
    open_raster,
    same_crs,
)
from core.raster.window import Window, plan
from core.raster.writer import Output, OutputFile, write_files

TILE = 512  # px of the reduced PAN
SAME_GRID = 0.01  # px


@dataclass(frozen=True)
class ReducedPair:
    """Files of a reduced pair: PAN and the reference (gt) on one grid, MS `ratio` times coarser.

    `size` is the height and width of PAN, `bands` the number of MS bands.
    """

    pan: Path
    ms: Path
    gt: Path
    ratio: int
    size: tuple[int, int]
    bands: int


def files_in(folder: Path) -> tuple[Path, Path, Path]:
    """Return the usual names of the three files in a folder."""
    return folder / "pan.tif", folder / "ms.tif", folder / "gt.tif"


class _SameGrid:
    """PAN and MS whose pixels coincide, as in benchmark tiles: only MS is to be reduced."""

    ratio = 1.0

    def __init__(self, pan: Source, ms: Source, offset: tuple[int, int]) -> None:
        self._pan, self._ms, self._offset = pan, ms, offset
        dataset = ms.dataset
        self.pan_path, self.ms_path = Path(pan.dataset.name), Path(dataset.name)
        self.bands = len(ms.bands)
        self.band_names = tuple(dataset.descriptions[b - 1] for b in ms.bands)
        self.dtype = np.dtype(dataset.dtypes[ms.bands[0] - 1])
        self.crs = dataset.crs or pan.dataset.crs
        row, col = offset
        common = ms.whole.shift(row, col).intersect(pan.whole).shift(-row, -col)
        if min(common.shape) < 1:
            raise InputError("no-overlap-to-reduce")
        self._at = common.row, common.col
        self.ms_grid = Window(0, 0, *common.shape)
        self.ms_grid_transform = dataset.transform * Affine.translation(common.col, common.row)
        if dataset.transform.is_identity:  # would not be stored, and then state no phase
            self.ms_grid_transform = Affine.translation(0, common.height) * Affine.scale(1, -1)

    def read_reduced(self, window: Window, pan_gain: float | None = None) -> ReducedPatch:
        """Read both as they are: this PAN is at MS resolution already."""
        ms, valid = self.read_ms_grid(window)
        at = window.shift(*self._at).shift(*self._offset)
        pan, pan_valid = self._pan.read_filled(at, PAN_FILL)
        return ReducedPatch(window, pan[0].astype(np.float64), ms, valid & pan_valid)

    def read_ms_grid(self, window: Window) -> tuple[FloatArray, Mask]:
        """Read MS as it is, and where it has data."""
        ms, valid = self._ms.read_filled(window.shift(*self._at), MS_FILL)
        return ms.astype(np.float64), valid


def write_reduced(
    pan: Path | str,
    ms: Path | str,
    targets: tuple[Path, Path, Path],
    ratio: int | None = None,
    gains: Sequence[float] | None = None,
    phase: Phase = "benchmark",
    *,
    pan_band: int | None = None,
    ms_bands: Sequence[int] | None = None,
    nodata: float | None = None,
    limit: int | None = None,
    sensor: str = "",
    pan_gain: float | None = None,
    progress: Progress = lambda fraction, message: None,
) -> ReducedPair:
    """Reduce a pair of rasters by Wald's protocol; write PAN, MS and the reference.

    The geotransforms state the phase, so that the reference lies on the grid of the reduced PAN.
    Values are float32 and not rounded, NaN where there are none. Where PAN already is on the grid
    of MS (benchmark files: PAN and reference), it is copied and only the MS is made. The files are
    moved into place together, after all are complete.

    Parameters
    ----------
    pan, ms, pan_band, ms_bands, nodata : the pair, as for `Scene.open`.
    ratio : of the reduced pair; by default that of the pair, rounded.
    gains : MTF gain of each MS band; the generic one by default.
    phase : of the reduced MS, see `core.imaging.degrade`.
    limit : height and width (PAN px) of the middle part that is taken of a larger pair; one whose
        pixels coincide is taken whole.
    sensor : written into the files' metadata, by which it is recognised again.
    pan_gain : MTF gain of PAN at the Nyquist frequency of MS; None for antialiased bicubic.

    Raises
    ------
    InputError : the two do not make a pair, or too small a one.
    OutputError : a file cannot be written.
    Cancelled : raised by ``progress``, passed on.
    """
    with ExitStack() as stack:
        source = stack.enter_context(_opened(pan, ms, pan_band, ms_bands, nodata, limit))
        reduced = ReducedScene(source, gains, phase, ratio)
        fine = source.ms_grid, source.ms_grid_transform, source, sensor
        coarse = reduced.ms_grid, reduced.ms_grid_transform, source, sensor
        pan_file = stack.enter_context(_file(targets[0], ("pan",), *fine))
        ms_file = stack.enter_context(_file(targets[1], reduced.band_names, *coarse))
        reference = stack.enter_context(_file(targets[2], source.band_names, *fine))
        _write_pan_and_reference(pan_file, reference, source, pan_gain, progress)
        _write_ms(ms_file, reduced, progress)
        write_files((pan_file, ms_file, reference))
    return ReducedPair(*targets, int(reduced.ratio), reduced.whole.shape, reduced.bands)


@contextmanager
def _opened(
    pan: Path | str,
    ms: Path | str,
    pan_band: int | None,
    ms_bands: Sequence[int] | None,
    nodata: float | None,
    limit: int | None,
) -> Iterator[MsGridSource]:
    """Open the pair as a scene, or as two images on one grid."""
    with ExitStack() as stack:
        pan_set = stack.enter_context(open_raster(pan, "PAN"))
        ms_set = stack.enter_context(open_raster(ms, "MS"))
        offset = _offset(pan_set, ms_set)
        if offset is not None:
            band = choose_pan_band(pan_set, pan_band)
            bands = check_bands(ms_set, ms_bands or data_bands(ms_set), "MS")
            of_pan = nodata if pan_set.nodata is None else None
            pan_source, ms_source = Source(pan_set, band, of_pan), Source(ms_set, bands, nodata)
            yield _SameGrid(pan_source, ms_source, offset)
            return
        extent = None
        if limit is not None and limit < max(pan_set.shape):
            middle = Window(0, 0, min(limit, pan_set.height), min(limit, pan_set.width))
            at = (pan_set.height - middle.height) // 2, (pan_set.width - middle.width) // 2
            extent = bounds(pan_set.transform, middle.shift(*at))
        scene = Scene.open(
            pan, ms, pan_band=pan_band, ms_bands=ms_bands, nodata=nodata, extent=extent
        )
        yield stack.enter_context(scene)


def _offset(pan: DatasetReader, ms: DatasetReader) -> tuple[int, int] | None:
    """Return the PAN pixel of the first MS pixel if the pixels of both coincide."""
    if not same_crs(pan.crs, ms.crs):
        return None
    grid = ~pan.transform * ms.transform
    whole = round(grid.f), round(grid.c)
    apart = max(abs(grid.f - whole[0]), abs(grid.c - whole[1]))
    drift = max(abs(grid.a - 1) * ms.width, abs(grid.e - 1) * ms.height)
    bare = pan.transform.is_identity and ms.transform.is_identity
    if max(apart, drift) > SAME_GRID or (bare and pan.shape != ms.shape):
        return None
    return whole


def _file(
    path: Path, names: Sequence[str | None], grid: Window, transform: Affine, source: MsGridSource,
    sensor: str,
) -> OutputFile:  # fmt: skip
    """Return a float32 GeoTIFF with nodata NaN, to be written."""
    layout = Layout(
        (source.pan_path, source.ms_path),
        grid.height,
        grid.width,
        np.dtype(np.float32),
        math.nan,
        source.crs,
        transform,
        tuple(names),
        tags={"SENSOR": sensor} if sensor else {},
    )
    options = {"COMPRESS": "DEFLATE", "PREDICTOR": "3"}
    return OutputFile(Output(path, creation_options=options), layout, TILE)


def _write_pan_and_reference(
    pan: OutputFile,
    reference: OutputFile,
    source: MsGridSource,
    pan_gain: float | None,
    progress: Progress,
) -> None:
    """Write PAN and reference. Raises InputError where no pixel is valid."""
    tiles = plan(source.ms_grid.height, source.ms_grid.width, TILE, 0)
    found = False
    for number, tile in enumerate(tiles):
        progress(0.6 * number / len(tiles), f"PAN and reference, tile {number + 1} of {len(tiles)}")
        reduced = source.read_reduced(tile.inner, pan_gain)
        found = found or bool(reduced.valid.any())
        pan.write(tile.inner, reduced.pan[None], reduced.valid)
        reference.write(tile.inner, reduced.ms, reduced.valid)
    if not found:
        raise InputError("no-data-to-reduce")


def _write_ms(ms: OutputFile, reduced: ReducedScene, progress: Progress) -> None:
    tiles = reduced.plan_ms_grid(max(TILE // int(reduced.ratio), 1), 0)
    for number, tile in enumerate(tiles):
        progress(0.6 + 0.4 * number / len(tiles), f"MS, tile {number + 1} of {len(tiles)}")
        ms.write(tile.inner, *reduced.read_ms_grid(tile.inner))
