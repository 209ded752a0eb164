# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``pansharpen``, and the job itself, which the worker does too."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any

from core import fuse, methods, scenetest
from core.console import band_numbers, carry_out
from core.errors import InputError, ModelError, OutputError
from core.methods.classical import CLASSICAL
from core.progress import Pace, Progress
from core.protocol import EXIT_OK, Pansharpen
from core.report import write_test_report
from core.scene import Scene
from core.scenetest import SceneTest
from core.sensors import Sensor, sensor_of
from core.writer import check_target

log = logging.getLogger(__name__)

HTML = (".html", ".htm")
TEST_SHARE = 0.25  # of the progress bar
#: Methods that are the best of several on the scene; the first is taken where nothing can be told,
#: and FALLBACK where its model cannot be used.
FALLBACK = "mtf-glp-fs"
POOLS = {
    "auto": ("ksdiff", *CLASSICAL),
    "classical": ("mtf-glp-fs", *(name for name in CLASSICAL if name != "mtf-glp-fs")),
}


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
    add("--method", default="auto", help=f"{help_}; or {', '.join(methods.METHODS)}")
    add("--scene-test", action="store_true", help="compare with the classical methods on the scene")
    add("--report", metavar="FILE", help="the comparison as an HTML page")
    add("--sensor", default="auto", help="a sensor card's name; auto: from the files' metadata")
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
    if done["scene_test"]:
        print("\n".join(scenetest.lines(done["scene_test"])))
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
    output = _output(request)
    with Scene.open(
        request.pan,
        request.ms,
        pan_band=request.pan_band,
        ms_bands=request.ms_bands,
        nodata=request.nodata,
        extent=request.extent,
    ) as scene:
        size = (scene.width, scene.height, scene.bands, scene.ratio, scene.dtype)
        log.info("PAN %d x %d, MS %d bands, ratio %.4g, %s.", *size)
        card = sensor_of(request.sensor, *scene.rasters)
        log.info("Sensor: %s.", card.name)
        test = None
        if request.scene_test or request.method in POOLS:
            test = _compare(scene, request, card, lambda f, text: progress(TEST_SHARE * f, text))
        name = _chosen(request.method, test)
        share = TEST_SHARE if test else 0.0

        def remaining(fraction: float, message: str) -> None:
            progress(share + (1 - share) * fraction, message)

        try:
            done = _sharpen(name, scene, request, card, output, remaining, pace)
        except ModelError as error:
            if request.method not in POOLS or request.model:
                raise
            log.warning("%s was left out: %s", name, error.message)
            name = FALLBACK
            done = _sharpen(name, scene, request, card, output, remaining, pace)
    facts = {**test.facts(), "sensor": card.name, "chosen": name} if test else None
    report = _reported(request, facts)
    return {
        "device": "cpu",
        "model": None,
        **done.description,
        "out": done.path,
        "method": done.method,
        "sensor": card.name,
        "ratio": done.ratio,
        "bands": done.bands,
        "tiles": done.tiles,
        "seconds": done.seconds,
        "scene_test": facts,
        "report": report,
    }


def _sharpen(
    name: str,
    scene: Scene,
    request: Pansharpen,
    card: Sensor,
    output: fuse.Output,
    progress: Progress,
    pace: Pace,
) -> fuse.Result:
    method = _create(name, scene.ratio, scene, request, card)
    return fuse.sharpen(scene, method, output, tile=request.tile, progress=progress, pace=pace)


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


def _output(request: Pansharpen) -> fuse.Output:
    """What to write.

    Raises OutputError where that, or the report, cannot be written, InputError for a method that
    does not exist.
    """
    known = (*POOLS, *methods.METHODS)
    if request.method not in known:
        raise InputError(f"Unknown method {request.method}.", f"Use one of {', '.join(known)}.")
    check_target(Path(request.out), (request.pan, request.ms))
    if request.report:
        check_target(Path(request.report), (request.pan, request.ms, request.out), HTML)
    return fuse.Output(
        path=Path(request.out),
        dtype=request.output_type,
        nodata=request.nodata,
        creation_options=request.creation_options,
        cog=request.cog,
    )


def _compare(
    scene: Scene, request: Pansharpen, card: Sensor, progress: Progress
) -> SceneTest | None:
    """The scene test, told to the log; None where the scene is too small for it."""
    names = POOLS.get(request.method) or tuple(dict.fromkeys((request.method, *CLASSICAL)))
    if request.model and "ksdiff" in names:
        _create("ksdiff", scene.ratio, scene, request, card)  # a named model must be there
    try:
        test = scenetest.run(
            scene,
            names,
            lambda name, ratio: _create(name, ratio, scene, request, card),
            card.gains(scene.band_names),
            seed=request.seed,
            progress=progress,
        )
    except InputError as error:
        log.warning("The methods were not compared on this scene: %s", error.message)
        return None
    if request.model and "ksdiff" in test.left_out:
        raise ModelError(test.left_out["ksdiff"], "Name another model, or none.")
    for name, reason in test.left_out.items():
        log.warning("%s was left out: %s", name, reason)
    for line in scenetest.lines(test.facts()):
        log.info(line)
    return test


def _chosen(method: str, test: SceneTest | None) -> str:
    """The method to use; what the scene test says against it goes to the log."""
    if test is None:
        return POOLS[method][0] if method in POOLS else method
    name = test.winner if method in POOLS else method
    if test.rows[0].method == scenetest.BASELINE != name:
        log.warning(
            "No method comes closer to the truth than interpolation does: PAN and MS may be "
            "displaced against each other, or show different days."
        )
    used, best = test.row(name), test.best
    if used and best.method != name:
        less = 1 - scenetest.error(best.scores) / scenetest.error(used.scores)
        level = logging.INFO if test.winner == name else logging.WARNING
        text = "On this scene %s had an error %.0f %% lower than %s."
        log.log(level, text, best.method, 100 * less, name)
    log.info("Sharpening with %s.", name)
    return name


def _create(
    name: str, ratio: float, scene: Scene, request: Pansharpen, card: Sensor
) -> methods.Method:
    return methods.create(
        name,
        ratio=ratio,
        gains=card.gains(scene.band_names),
        model=request.model,
        device=request.device,
        seed=request.seed,
    )
