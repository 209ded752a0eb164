# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair of rasters reduced by Wald's protocol, as GeoTIFFs of any size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from affine import Affine

from core.errors import InputError
from core.imaging.degrade import Phase
from core.pair.reduced import ReducedScene
from core.pair.scene import Scene
from core.progress import Progress, silent
from core.raster.geotiff import Layout
from core.raster.metadata import Metadata, kept_metadata
from core.raster.window import Window
from core.raster.writer import Output, OutputFile, rehearse_files, write_files

TILE = 512  # px of the reduced PAN


@dataclass(frozen=True)
class ReducedPair:
    """Files of a reduced pair: PAN and reference (gt) on one grid, MS `ratio` times coarser.

    `size` is height and width of PAN (px), `bands` the number of MS bands.
    """

    pan: Path
    ms: Path
    gt: Path
    ratio: int
    size: tuple[int, int]
    bands: int


def files_in(folder: Path) -> tuple[Path, Path, Path]:
    """Return the usual paths of PAN, MS and reference in a folder."""
    return folder / "pan.tif", folder / "ms.tif", folder / "gt.tif"


def write_reduced(
    scene: Scene,
    targets: tuple[Path, Path, Path],
    ratio: int | None = None,
    gains: Sequence[float] | None = None,
    phase: Phase = "benchmark",
    *,
    sensor: str = "",
    pan_gain: float | None = None,
    progress: Progress = silent,
) -> ReducedPair:
    """Reduce a pair by Wald's protocol; write PAN, MS and the reference.

    The geotransforms have the phase, so that the reference is on the grid of the reduced PAN.
    Values are float32, not rounded, with NaN as nodata. A PAN on the grid of MS (benchmark files:
    PAN and reference) is copied, and only MS is reduced. The files are moved into place together.

    Parameters
    ----------
    scene : the pair; if opened with `same_grid`, it may be on one grid.
    targets : paths of PAN, MS and reference.
    ratio, gains, phase, pan_gain : see `core.pair.reduced.ReducedScene`.
    sensor : key of the sensor, written into the metadata.

    Raises
    ------
    InputError : the pair is too small, or without data.
    OutputError : a file cannot be written.
    Cancelled : raised by `progress`.
    """
    reduced = ReducedScene(scene, gains, phase, ratio)
    of_ms, of_pan = _metadata(scene, {"SENSOR": sensor} if sensor else {})
    fine = scene.ms_grid, scene.ms_grid_transform, scene
    coarse = reduced.ms_grid, reduced.ms_grid_transform, scene
    with (
        _file(targets[0], of_pan, *fine) as pan,
        _file(targets[1], of_ms, *coarse) as ms,
        _file(targets[2], of_ms, *fine) as reference,
    ):
        rehearse_files((pan, ms, reference))
        _write_pan_and_reference(pan, reference, scene, pan_gain, progress)
        _write_ms(ms, reduced, progress)
        write_files((pan, ms, reference))
    return ReducedPair(*targets, int(reduced.ratio), reduced.whole.shape, reduced.bands)


def _metadata(scene: Scene, tags: Mapping[str, str]) -> tuple[Metadata, Metadata]:
    """Return the metadata of the files of MS and of PAN."""
    (ms, pan), (of_ms, of_pan) = scene.rasters, scene.sources
    return (
        kept_metadata(ms, of_ms.bands).named(scene.band_names).tagged(tags),
        kept_metadata(pan, of_pan.bands, ms).named(["pan"]).tagged(tags),
    )


def _file(
    path: Path, metadata: Metadata, grid: Window, transform: Affine, source: Scene
) -> OutputFile:
    """Return a float32 GeoTIFF with nodata NaN, to be written."""
    layout = Layout(
        (source.pan_name, source.ms_name),
        grid.height,
        grid.width,
        np.dtype(np.float32),
        math.nan,
        source.crs,
        transform,
        metadata,
        source.ms_grid_georeference.of_part(~source.ms_grid_transform * transform),
    )
    return OutputFile(Output(path), layout, TILE)


def _write_pan_and_reference(
    pan: OutputFile,
    reference: OutputFile,
    source: Scene,
    pan_gain: float | None,
    progress: Progress,
) -> None:
    """Write PAN and reference; raise InputError if no pixel is valid."""
    tiles = source.plan_ms_grid(TILE, 0)
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
