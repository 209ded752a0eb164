# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``pansharpen``, and the job itself, which the worker does too."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from core import fuse, methods
from core.console import band_numbers, carry_out
from core.progress import Pace, Progress
from core.protocol import EXIT_OK, Pansharpen
from core.scene import Scene
from core.writer import check_target

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options; their names are a published interface."""
    add = parser.add_argument
    add("--pan", required=True, help="the panchromatic raster")
    add("--ms", required=True, help="the multispectral raster")
    add("--out", required=True, help="the GeoTIFF to write")
    add("--method", default="auto", help="auto (default), ksdiff, bt-h, mtf-glp-fs, ...")
    add("--model", help="a model's name, or a path to a .safetensors file")
    add("--tile", type=int, default=512, metavar="N", help="edge of a tile in PAN pixels (512)")
    add("--seed", type=int, default=0, metavar="S", help="of the method's random numbers (0)")
    add("--device", default="auto", help="auto (default), cpu or cuda")
    add("--pan-band", type=int, metavar="N", help="PAN's band, from 1; needed if it has several")
    add(
        "--ms-bands",
        type=band_numbers,
        metavar="1,2,3",
        help="MS' bands, from 1, in the output's order",
    )
    add("--extent", type=_extent, metavar="XMIN,YMIN,XMAX,YMAX", help="part to do, in PAN's CRS")
    types = ("uint8", "uint16", "int16", "float32")
    add("--output-type", choices=types, metavar="T", help=f"{', '.join(types)}; MS' own if absent")
    add("--nodata", type=float, metavar="V", help="value of missing pixels, in and out")
    add("--co", type=_option, action="append", default=[], metavar="KEY=VALUE", help="driver's")
    add("--cog", action="store_true", help="write a Cloud Optimized GeoTIFF")


def run(args: argparse.Namespace) -> int:
    """Sharpen. Interrupting it leaves no file behind."""
    done = carry_out(perform, request_of(args))
    print(f"{done['out']}: {done['bands']} bands, {done['tiles']} tiles, {done['seconds']:.1f} s")
    return EXIT_OK


def request_of(args: argparse.Namespace) -> Pansharpen:
    """The same request the plugin would send."""
    return Pansharpen(
        pan=args.pan,
        ms=args.ms,
        out=str(Path(args.out).absolute()),
        pan_band=args.pan_band,
        ms_bands=args.ms_bands,
        method=args.method,
        model=args.model,
        device=args.device,
        extent=args.extent,
        output_type=args.output_type,
        nodata=args.nodata,
        creation_options=dict(args.co),
        cog=args.cog,
        tile=args.tile,
        seed=args.seed,
    )


def _extent(text: str) -> tuple[float, float, float, float]:
    try:
        xmin, ymin, xmax, ymax = (float(number) for number in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not four numbers XMIN,YMIN,XMAX,YMAX"
        ) from error
    return xmin, ymin, xmax, ymax


def _option(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value


def perform(request: Pansharpen, progress: Progress, pace: Pace) -> dict[str, object]:
    """Sharpen, and tell what was made.

    Raises PansharpenError for what the user can mend, MemoryError for a tile that is too large.
    """
    output = fuse.Output(
        path=Path(request.out),
        dtype=request.output_type,
        nodata=request.nodata,
        creation_options=request.creation_options,
        cog=request.cog,
    )
    check_target(output.path, (request.pan, request.ms))
    with Scene.open(
        request.pan,
        request.ms,
        pan_band=request.pan_band,
        ms_bands=request.ms_bands,
        nodata=request.nodata,
        extent=request.extent,
    ) as scene:
        facts = (scene.width, scene.height, scene.bands, scene.ratio, scene.dtype)
        log.info("PAN %d x %d, MS %d bands, ratio %.4g, %s.", *facts)
        method = methods.create(
            "ksdiff" if request.method == "auto" else request.method,
            ratio=scene.ratio,
            model=request.model,
            device=request.device,
            seed=request.seed,
        )
        done = fuse.sharpen(scene, method, output, tile=request.tile, progress=progress, pace=pace)
    return {
        "device": "cpu",
        "model": None,
        **done.description,
        "out": done.path,
        "method": done.method,
        "ratio": done.ratio,
        "bands": done.bands,
        "tiles": done.tiles,
        "seconds": done.seconds,
    }
