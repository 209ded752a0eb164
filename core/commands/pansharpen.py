# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``pansharpen``, and the job itself, which the worker does too."""

from __future__ import annotations

import argparse
import logging
import math
import time
from functools import partial
from pathlib import Path
from typing import Any

from core.commands.console import band_numbers, carry_out
from core.errors import InputError, ModelError, OutputError
from core.fusion import reduced_test, tiled
from core.fusion.method_selection import POOLS, Choice, Create, choose
from core.methods import interface, registry
from core.pair.scene import Scene
from core.progress import Pace, Progress, scaled
from core.raster import writer
from core.raster.writer import check_target
from core.registration.estimate import Shift, aligned, warn_if_displaced
from core.report.pages import write_test_report
from core.requests import Pansharpen
from core.sensors import Sensor, sensor_of
from core.worker.protocol import EXIT_OK

log = logging.getLogger(__name__)

ADAPT = {"srino": 0.0}
"""Seconds for adapting where nobody said: what takes longer than others is adapted on demand."""
HTML = (".html", ".htm")
SAMPLING = ("srino", "srino-adapted")
"""The methods that sample in steps, and whose results have a spread."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options; their names are a published interface."""
    add = parser.add_argument
    add("--pan", required=True, help="the panchromatic raster")
    add("--ms", required=True, help="the multispectral raster")
    add("--out", required=True, help="the GeoTIFF to write")
    help_ = (
        "auto (default): the best of all on this scene, or KSDiff where that is nearly as good; "
        "classical: the best of the classical ones"
    )
    add("--method", default="auto", help=f"{help_}; or {', '.join(registry.METHODS)}")
    help_ = "if a test shows that it helps, the network learns on the scene, at most so long (60; "
    add("--adapt", type=float, metavar="SECONDS", help=help_ + "srino: 0, which is not at all)")
    add("--scene-test", action="store_true", help="compare all methods on the scene")
    add("--report", metavar="FILE", help="the comparison as an HTML page")
    add("--sensor", default="auto", help="a sensor card's name; auto: from the files' metadata")
    add("--model", help="a model's name, or a path to a .safetensors file")
    add("--tile", type=int, default=512, metavar="N", help="edge of a tile in PAN pixels (512)")
    add("--seed", type=int, default=0, metavar="S", help="of the method's random numbers (0)")
    add("--steps", type=int, metavar="N", help="of SRINO's sampling; as its model wants if absent")
    add("--spread", metavar="FILE", help="where SRINO is unsure: its spread over seeds, a GeoTIFF")
    add("--spread-seeds", type=int, default=4, metavar="N", help="so many seeds (4)")
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
    add("--align", action="store_true", help="measure how far MS lies from PAN, and take it out")


def run(args: argparse.Namespace) -> int:
    """Sharpen. Interrupting it leaves no file behind."""
    done = carry_out(perform, request_of(args))
    if done["scene_test"]:
        print("\n".join(reduced_test.lines(done["scene_test"])))
    print(f"{done['out']}: {done['bands']} bands, {done['tiles']} tiles, {done['seconds']:.1f} s")
    if done["spread"]:
        print(f"{done['spread']}: spread over {args.spread_seeds} seeds, DN")
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
        adapt=ADAPT.get(args.method, 60.0) if args.adapt is None else args.adapt,
        scene_test=args.scene_test or args.report is not None,
        report=None if args.report is None else str(Path(args.report).absolute()),
        sensor=args.sensor,
        model=args.model,
        device=args.device,
        extent=args.extent,
        output_type=args.output_type,
        nodata=args.nodata,
        creation_options=dict(args.co),
        cog=args.cog,
        tile=args.tile,
        seed=args.seed,
        steps=args.steps,
        spread=None if args.spread is None else str(Path(args.spread).absolute()),
        spread_seeds=args.spread_seeds,
        align=args.align,
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


def perform(request: Pansharpen, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Sharpen, and tell what was made.

    Raises PansharpenError for what the user can mend, MemoryError for a tile that is too large.
    """
    started = time.monotonic()
    output = _output(request)
    with Scene.open(
        request.pan,
        request.ms,
        pan_band=request.pan_band,
        ms_bands=request.ms_bands,
        nodata=request.nodata,
        extent=request.extent,
    ) as opened:
        scene, shift = _on_pan(opened, request, progress)
        size = (scene.width, scene.height, scene.bands, scene.ratio, scene.dtype)
        log.info("PAN %d x %d, MS %d bands, ratio %.4g, %s.", *size)
        card = sensor_of(request.sensor, *scene.rasters)
        log.info("Sensor: %s.", card.name)
        create = partial(_create, scene, request, card)
        choice = choose(scene, request, create, card.gains(scene.band_names), progress)
        rest = scaled(progress, choice.share, 1.0)
        name, done = _sharpened(choice, request, scene, create, output, rest, pace)
    adaptation, test = choice.adaptation, choice.test
    if choice.names[0] in registry.PLAIN and name != choice.names[0]:
        adaptation = f"{adaptation} Yet it could not be adapted; see the log."
    told = {"adapted": name in registry.PLAIN, "adaptation": adaptation}
    facts = {**test.facts(), **told, "sensor": card.name, "chosen": name} if test else None
    report = _reported(request, facts)
    return {
        "device": "cpu",
        "model": None,
        **done.description,
        **told,
        "out": done.path,
        "spread": done.spread,
        "method": done.method,
        "sensor": card.name,
        "ratio": done.ratio,
        "bands": done.bands,
        "align_rows": shift and shift[0],
        "align_columns": shift and shift[1],
        "tiles": done.tiles,
        "seconds": round(time.monotonic() - started, 3),
        "scene_test": facts,
        "report": report,
    }


def _on_pan(opened: Scene, request: Pansharpen, progress: Progress) -> tuple[Scene, Shift | None]:
    """The pair aligned, if that is asked for, and by what shift; else it is looked at."""
    if request.align:
        return aligned(opened, lambda _, text: progress(0.0, text))
    warn_if_displaced(opened)
    return opened, None


def _sharpened(
    choice: Choice,
    request: Pansharpen,
    scene: Scene,
    create: Create,
    output: writer.Output,
    progress: Progress,
    pace: Pace,
) -> tuple[str, tiled.Result]:
    """Sharpen by the method of choice, or by what takes its place; by which, and the result."""

    def sharpen(name: str) -> tuple[str, tiled.Result]:
        method = create(name, scene.ratio)
        return name, tiled.sharpen(
            scene,
            method,
            output,
            spread=Path(request.spread) if request.spread else None,
            seeds=range(request.seed, request.seed + request.spread_seeds),
            tile=request.tile,
            progress=progress,
            pace=pace,
        )

    for name in choice.names[:-1]:
        try:
            return sharpen(name)
        except ModelError as error:
            log.warning("%s was left out: %s", name, error.message)
    return sharpen(choice.names[-1])


def _reported(request: Pansharpen, facts: dict[str, Any] | None) -> str | None:
    """Write the report that was asked for; where it is. The image is there, come what may."""
    if not request.report:
        return None
    if facts is None:
        log.warning("There is no comparison to report on: %s was not written.", request.report)
        return None
    try:
        write_test_report({**facts, "pan": request.pan, "ms": request.ms}, Path(request.report))
    except OutputError as error:
        log.warning("The report was not written: %s", error.message)
        return None
    return request.report


def _output(request: Pansharpen) -> writer.Output:
    """What to write.

    Raises OutputError where that, the spread or the report cannot be written, InputError for a
    method that does not exist, has no time, or does not sample as is asked for.
    """
    known = (*POOLS, *registry.METHODS)
    if request.method not in known:
        raise InputError("unknown-method", method=request.method, known=", ".join(known))
    if not 0 <= request.adapt < math.inf:
        raise InputError("negative-seconds", seconds=request.adapt)
    plain = registry.PLAIN.get(request.method)
    if plain and not request.adapt:
        raise InputError("fine-tuning-needs-time", method=request.method, plain=plain)
    _check_sampling(request)
    check_target(Path(request.out), (request.pan, request.ms))
    if request.spread:
        check_target(Path(request.spread), (request.pan, request.ms, request.out))
    if request.report:
        check_target(Path(request.report), (request.pan, request.ms, request.out), HTML)
    return writer.Output(
        path=Path(request.out),
        dtype=request.output_type,
        nodata=request.nodata,
        creation_options=request.creation_options,
        cog=request.cog,
    )


def _check_sampling(request: Pansharpen) -> None:
    """Raise InputError for steps or a spread that cannot be."""
    asked = {"steps": request.steps is not None, "a spread": request.spread is not None}
    what = " and ".join(name for name, wanted in asked.items() if wanted)
    if what and request.method not in SAMPLING:
        raise InputError(
            "method-does-not-sample", method=request.method, what=what, sampling_method=SAMPLING[0]
        )
    if request.steps is not None and request.steps < 1:
        raise InputError("steps-not-positive", steps=request.steps)
    if request.spread is not None and request.spread_seeds < 2:
        raise InputError("too-few-seeds", seeds=request.spread_seeds)


def _create(
    scene: Scene, request: Pansharpen, card: Sensor, name: str, ratio: float
) -> interface.Method:
    return registry.create(
        name,
        ratio=ratio,
        gains=card.gains(scene.band_names),
        model=request.model,
        device=request.device,
        seed=request.seed,
        adapt=request.adapt,
        steps=request.steps,
    )
