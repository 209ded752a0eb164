# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``simulate``: a pair and its reference, one ratio coarser, from a pair of rasters."""

from __future__ import annotations

import argparse
import logging
import shutil
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, cast, get_args

import rasterio
from rasterio.errors import RasterioError

from core.commands.console import band_numbers, carry_out
from core.errors import InputError, OutputError
from core.imaging.degrade import Phase
from core.pair.reduced_files import ReducedPair, write_reduced
from core.progress import Pace, Progress
from core.raster.geotiff import check_complete, quietly
from core.raster.reader import check_bands, data_bands, open_raster
from core.raster.writer import check_target, folder_beside, put_in_place
from core.requests import Simulate
from core.sensors import Sensor, sensor_of
from core.worker.protocol import EXIT_OK

log = logging.getLogger(__name__)

PHASES = get_args(Phase)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options; their names are a published interface."""
    add = parser.add_argument
    add("--pan", required=True, help="the panchromatic raster")
    add("--ms", required=True, help="the multispectral raster")
    add("--out", required=True, metavar="FOLDER", help="gets pan.tif, ms.tif and reference.tif")
    add("--ratio", type=int, metavar="N", help="how much coarser; the pair's own ratio if absent")
    add("--sensor", default="auto", metavar="NAME", help="whose MTF filters MS: auto, quickbird...")
    add(
        "--phase",
        choices=PHASES,
        default="product",
        help="of the coarse MS: its pixels cover whole ones (product, default), or are centred on "
        "samples r/2, r/2 + r, ... (benchmark)",
    )
    add("--pan-band", type=int, metavar="N", help="PAN's band, from 1; needed if it has several")
    add("--ms-bands", type=band_numbers, metavar="1,2,3", help="MS' bands, from 1, in this order")
    add("--nodata", type=float, metavar="V", help="value of missing pixels")


def run(args: argparse.Namespace) -> int:
    """Reduce. Interrupting it leaves no file behind."""
    folder = Path(args.out).absolute()
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError("folder-not-made", folder=folder, reason=error.strerror) from error
    request = Simulate(
        pan=args.pan,
        ms=args.ms,
        out_pan=str(folder / "pan.tif"),
        out_ms=str(folder / "ms.tif"),
        out_reference=str(folder / "reference.tif"),
        pan_band=args.pan_band,
        ms_bands=args.ms_bands,
        nodata=args.nodata,
        ratio=args.ratio,
        sensor=args.sensor,
        phase=args.phase,
    )
    try:
        done = carry_out(perform, request)
    finally:
        if new:
            with suppress(OSError):  # only an empty folder can be removed
                folder.rmdir()
    print(
        f"{folder}: pan.tif, ms.tif, reference.tif; {done['width']} x {done['height']} pixels, "
        f"{done['bands']} bands, ratio {done['ratio']}, {done['sensor']}, {done['seconds']:.1f} s"
    )
    return EXIT_OK


def perform(request: Simulate, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Reduce, and tell what was made: `height` and `width` are those of PAN and reference.

    The three files take their places together, when all are whole.

    Raises PansharpenError for what the user can mend.
    """
    started = time.monotonic()
    targets = _targets(request)
    card, gains = _sensor(request)
    with ExitStack() as stack:
        folders = [stack.enter_context(folder_beside(target)) for target in targets]
        try:
            pair = write_reduced(
                request.pan,
                request.ms,
                folders[0],
                request.ratio,
                gains,
                cast(Phase, request.phase),
                pan_band=request.pan_band,
                ms_bands=request.ms_bands,
                nodata=request.nodata,
                sensor=card.name,
                progress=progress,
            )
            facts = _facts(pair)
            _deliver(pair, folders, targets)
        except (RasterioError, OSError) as error:
            raise OutputError("reduced-pair-not-written", reason=error) from error
    return {
        "out_pan": str(targets[0]),
        "out_ms": str(targets[1]),
        "out_reference": str(targets[2]),
        **facts,
        "sensor": card.name,
        "seconds": round(time.monotonic() - started, 2),
    }


def _targets(request: Simulate) -> list[Path]:
    """Where PAN, MS and reference go. Raises PansharpenError for a request that makes no sense."""
    if request.phase not in PHASES:
        raise InputError("unknown-phase", phase=request.phase, phases=", ".join(PHASES))
    if request.ratio is not None and request.ratio < 2:
        raise InputError("ratio-below-two", ratio=request.ratio)
    names = request.out_pan, request.out_ms, request.out_reference
    targets = [check_target(Path(name), (request.pan, request.ms)) for name in names]
    if len(set(targets)) < len(targets):
        raise OutputError("outputs-are-one-file")
    return targets


def _sensor(request: Simulate) -> tuple[Sensor, tuple[float, ...]]:
    """The sensor, and the MTF gains of the bands asked for."""
    with open_raster(request.pan, "PAN") as pan, open_raster(request.ms, "MS") as ms:
        card = sensor_of(request.sensor, ms, pan)
        bands = check_bands(ms, request.ms_bands or data_bands(ms), "MS")
        gains = card.gains([ms.descriptions[band - 1] for band in bands])
    log.info("MTF of %s: %s.", card.name, ", ".join(f"{gain:g}" for gain in gains))
    return card, gains


def _facts(pair: ReducedPair) -> dict[str, int]:
    with quietly(), rasterio.open(pair.gt) as reference:
        height, width, bands = reference.height, reference.width, reference.count
    return {"ratio": pair.ratio, "height": height, "width": width, "bands": bands}


def _deliver(pair: ReducedPair, folders: list[Path], targets: list[Path]) -> None:
    """Every file beside its target first, which may be another disk, and then into its place."""
    ready = []
    for made, folder, target in zip((pair.pan, pair.ms, pair.gt), folders, targets, strict=True):
        check_complete(made, target)
        (folder / "whole").mkdir()
        ready.append(Path(shutil.move(made, folder / "whole" / target.name)))
    for made, target in zip(ready, targets, strict=True):
        put_in_place(made, target)
