# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``pansharpen``: the same job as the worker's, with a progress bar."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TextIO

from core.fuse import Pace
from core.protocol import EXIT_CANCELLED, EXIT_OK, Request
from core.worker import Stop, end_now, pansharpen

BAR_WIDTH = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options; their names are a published interface."""
    add = parser.add_argument
    add("--pan", required=True, help="the panchromatic raster")
    add("--ms", required=True, help="the multispectral raster")
    add("--out", required=True, help="the GeoTIFF to write")
    add("--method", default="ksdiff", help="ksdiff (default) or a classical method, as mtf-glp-fs")
    add("--model", help="a model's name, or a path to a .safetensors file")
    add("--tile", type=int, default=512, metavar="N", help="edge of a tile in PAN pixels (512)")
    add("--seed", type=int, default=0, metavar="S", help="of the method's random numbers (0)")
    add("--device", default="auto", help="auto (default), cpu or cuda")
    add("--pan-band", type=int, metavar="N", help="PAN's band, from 1; needed if it has several")
    add("--ms-bands", type=_bands, metavar="1,2,3", help="MS' bands, from 1, in the output's order")
    add("--extent", type=_extent, metavar="XMIN,YMIN,XMAX,YMAX", help="part to do, in PAN's CRS")
    types = ("uint8", "uint16", "int16", "float32")
    add("--output-type", choices=types, metavar="T", help=f"{', '.join(types)}; MS' own if absent")
    add("--nodata", type=float, metavar="V", help="value of missing pixels, in and out")
    add("--co", type=_option, action="append", default=[], metavar="KEY=VALUE", help="driver's")
    add("--cog", action="store_true", help="write a Cloud Optimized GeoTIFF")


def run(args: argparse.Namespace) -> int:
    """Sharpen. Interrupting it leaves no file behind."""
    stop = Stop(force=lambda: end_now(EXIT_CANCELLED))
    pace = Pace()
    with stop.on_signals(), ProgressBar(sys.stderr) as bar:

        def progress(fraction: float, message: str) -> None:
            stop.check()
            bar.show(fraction, message, pace.remaining())

        done = pansharpen(request_of(args), progress, pace)
    print(f"{done['out']}: {done['bands']} bands, {done['tiles']} tiles, {done['seconds']:.1f} s")
    return EXIT_OK


def request_of(args: argparse.Namespace) -> Request:
    """The same request the plugin would send."""
    return Request(
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


class ProgressBar:
    """One line that is drawn over on a terminal, a few lines elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._shown = -1.0
        self._drawn_at = 0.0
        self._stage: list[str] = []
        self._length = 0

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.show(1.0, "Done", None)
        if self._live and self._length:
            self._stream.write("\n")

    def show(self, fraction: float, message: str, remaining: float | None) -> None:
        """Draw, unless nothing worth showing has changed."""
        now = time.monotonic()
        step = 0.001 if self._live else 0.1
        stage = message.split()[:1]  # the first tile may last long: say at once that it began
        due = fraction >= 1.0 or stage != self._stage
        due = due or (fraction >= self._shown + step and now > self._drawn_at + 0.1)
        if not due or fraction <= self._shown:
            return
        self._shown, self._drawn_at, self._stage = fraction, now, stage
        line = bar_line(fraction, message, remaining)
        if self._live:
            self._stream.write("\r" + line.ljust(self._length))
            self._length = len(line)
        else:
            self._stream.write(line + "\n")
        self._stream.flush()


def bar_line(fraction: float, message: str, remaining: float | None) -> str:
    """For example ``[#######..............]  33 %  Tile 3 of 9, 12 s left``."""
    full = int(BAR_WIDTH * fraction)
    bar = "#" * full + "." * (BAR_WIDTH - full)
    left = "" if remaining is None else f", {_duration(remaining)} left"
    return f"[{bar}] {100 * fraction:3.0f} %  {message}{left}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def _bands(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(number) for number in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not band numbers as in 1,2,3") from error


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
