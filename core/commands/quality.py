# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``quality``, and the job itself, which the worker does too."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from core.commands.console import band_numbers, carry_out
from core.fusion import reduced_test
from core.fusion.method_selection import POOLS, tested
from core.methods import interface, registry
from core.progress import Pace, Progress, scaled
from core.quality.assess import assess
from core.quality.assessment import INDICES, Assessment
from core.quality.inputs import open_inputs
from core.raster.writer import check_target
from core.report.pages import quality_page
from core.report.verdict import verdict
from core.requests import Quality
from core.worker.protocol import EXIT_OK, finite

log = logging.getLogger(__name__)

HTML, JSON = (".html", ".htm"), (".json",)
TEST_SHARE = 0.6  # of the progress bar, where the methods are compared


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options; their names are a published interface."""
    add = parser.add_argument
    add("--pan", required=True, help="the panchromatic raster")
    add("--ms", required=True, help="the multispectral raster")
    add("--fused", required=True, help="the raster that was made of them, on PAN's grid")
    add("--reference", help="what it should be, on the same grid")
    add("--scene-test", action="store_true", help="tell what each method reaches on the scene")
    add("--json", metavar="FILE", help="write the numbers as JSON")
    add("--report", metavar="FILE", help="write a page in HTML")
    add("--sam-map", metavar="FILE", help="write a GeoTIFF of SAM in each pixel, degrees")
    add("--q2n-map", metavar="FILE", help="write a GeoTIFF of Q2n in each block of 32 x 32 pixels")
    add("--error-map", metavar="FILE", help="write a GeoTIFF of the error of each band, DN")
    add("--sensor", default="auto", metavar="NAME", help="whose MTF and peak: auto, quickbird...")
    add("--pan-band", type=int, metavar="N", help="PAN's band, from 1; needed if it has several")
    add(
        "--ms-bands",
        type=band_numbers,
        metavar="1,2,3",
        help="the MS bands that the fused raster was made of, from 1, in its order",
    )
    add("--nodata", type=float, metavar="V", help="value of missing pixels where none is declared")


def run(args: argparse.Namespace) -> int:
    """Assess, and show the numbers."""
    request = Quality(
        pan=args.pan,
        ms=args.ms,
        fused=args.fused,
        reference=args.reference,
        pan_band=args.pan_band,
        ms_bands=args.ms_bands,
        nodata=args.nodata,
        sensor=args.sensor,
        scene_test=args.scene_test,
        report=args.report,
        sam_map=args.sam_map,
        q2n_map=args.q2n_map,
        error_map=args.error_map,
    )
    target = None if args.json is None else check_target(Path(args.json), _inputs(request), JSON)
    done = carry_out(partial(perform, numbers=target), request)
    print(table(done))
    if done["scene_test"]:
        print("\n".join(["", *reduced_test.lines(done["scene_test"])]))
    return EXIT_OK


def perform(
    request: Quality, progress: Progress, pace: Pace, numbers: Path | None = None
) -> dict[str, Any]:
    """Assess, and tell what was found, in a JSON file too if `numbers` is one.

    All files take their places together, when the last is whole.

    Raises PansharpenError for what the user can mend.
    """
    report = None
    if request.report:
        report = check_target(Path(request.report), _inputs(request), HTML)

    test = None
    if request.scene_test:
        test = _scene_test(request, scaled(progress, 0.0, TEST_SHARE))
        progress = scaled(progress, TEST_SHARE, 1.0)

    def texts(found: Assessment) -> dict[Path, str]:
        made = {}
        if report:
            made[report] = quality_page(found, test)
        if numbers:
            done = _told(request, found, test)
            flat = finite({**done.pop("scores"), **done})
            made[numbers] = json.dumps(flat, indent=2, ensure_ascii=False) + "\n"
        return made

    return _told(request, assess(request, progress, pace, texts=texts), test)


def _scene_test(request: Quality, progress: Progress) -> dict[str, Any] | None:
    """What each method reaches where the fused image lies; None where that is too small."""
    with open_inputs(request, scaled(progress, 0.0, 0.0)) as inputs:

        def create(name: str, ratio: float) -> interface.Method:
            return registry.create(name, ratio=ratio, gains=inputs.gains)

        test = tested(inputs.scene, POOLS["auto"], create, inputs.gains, 0, progress)
    return test.facts() if test else None


def _told(request: Quality, found: Assessment, test: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "scene_test": test,
        "scores": found.scores,
        "consistency": found.consistency,
        "bands": [asdict(row) for row in found.bands],
        "shift": found.shift,
        "pan_shift": found.pan_shift,
        "detail": found.detail,
        "findings": verdict(found).findings,
        "sensor": found.sensor,
        "ratio": found.ratio,
        "pixels": found.pixels,
        "interpolation": found.interpolation,
        "peak": found.peak,
        "report": request.report,
        "sam_map": request.sam_map,
        "q2n_map": request.q2n_map,
        "error_map": request.error_map,
        "seconds": found.seconds,
    }


def _inputs(request: Quality) -> list[str]:
    given = (request.pan, request.ms, request.fused, request.reference)
    return [path for path in given if path is not None]


def table(done: Mapping[str, Any]) -> str:
    """What was found, for a terminal."""
    lines = []
    for name, value in done["scores"].items():
        index = INDICES[name]
        shown = f"{name:<12}{value:>10.{index.decimals}f}{index.unit:<3}"
        peak = f" Largest: {done['peak']:.6g}." if name == "PSNR" else ""
        lines.append(f"{shown}  best {index.best:<5} {index.meaning}{peak}")
    lines += ["", "Degraded to MS, against MS:"]
    for name, value in done["consistency"].items():
        known = INDICES.get(name)
        decimals, unit = (known.decimals, known.unit) if known else (2, " %")
        lines.append(f"{name:<12}{value:>10.{decimals}f}{unit}")
    lines.append("")
    for name, other in (("shift", "MS"), ("pan_shift", "PAN")):
        if done[name] is not None:
            down, right = done[name]
            lines.append(f"Lies {down:.2f} rows, {right:.2f} columns from {other} (PAN pixels).")
    for number, band in enumerate(done["bands"], start=1):
        if band["resembles"] is not None:
            other = band["resembles"] + 1
            lines.append(f"Band {number} ({band['name']}) looks like band {other} of MS.")
    lines += [f"Attention: {finding}" for finding in done["findings"]]
    lines.append(
        f"{done['pixels']} pixels, ratio {done['ratio']:.4g}, {done['sensor']}, "
        f"LMS {done['interpolation']}, {done['seconds']:.1f} s"
    )
    return "\n".join(lines)
