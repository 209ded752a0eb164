# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen a pair: select the method, fuse tile by tile, write the image and the report."""

from __future__ import annotations

import logging
import math
import time
from pathlib import Path
from typing import Any

from core.commands import per_band
from core.errors import InputError, OutputError
from core.fusion import run_files, tiled
from core.fusion.method_selection import POOLS
from core.fusion.run_settings import run_settings_for
from core.gdal_names import as_called, one_name
from core.methods.classical import Exp
from core.methods.interface import Method
from core.methods.registry import BACK_PROJECTED, FINE_TUNED, METHODS, NETWORKS, WITH_FIT
from core.methods.scene_fit import SceneFit
from core.methods.separable_backprojection import check_passes
from core.products.inputs import with_rasters
from core.progress import Pace, Progress, scaled
from core.raster import writer
from core.raster.output_files import check_target
from core.report.scene_test_page import write_test_report
from core.requests.scenes import Pansharpen, Sharpening, inputs_of

log = logging.getLogger(__name__)

HTML = (".html", ".htm")


@with_rasters
def perform(request: Pansharpen, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Sharpen the pair, write the results, and return what was done.

    Raises PansharpenError for wrong files or parameters, MemoryError for a tile that is too large.
    """
    started = time.monotonic()
    output = checked_output(request)
    if request.pan_from_bands:
        return per_band.perform(request, output, perform, progress, pace)
    with run_settings_for(request, progress) as chosen:
        rest = scaled(progress, chosen.selection.share, 1.0)

        def sharpen(method: Method, context: Any) -> tiled.Result:
            options = {**chosen.options(request), "context": context, "progress": rest}
            return tiled.sharpen(chosen.scene, method, output, pace=pace, **options)

        name, done = chosen.with_first(request, sharpen)
    facts = chosen.facts(name)
    report = write_report(request, facts)
    return {
        "device": "cpu",
        "model": None,
        **done.description,
        **chosen.adapted(name),
        "out": done.path,
        "spread": done.spread,
        "method": done.method,
        "sensor": chosen.card.name,
        "ratio": done.ratio,
        "bands": done.bands,
        "align_rows": chosen.shift and chosen.shift[0],
        "align_columns": chosen.shift and chosen.shift[1],
        "tiles": done.tiles,
        "seconds": round(time.monotonic() - started, 3),
        "tile_seconds": done.tile_seconds,
        "scene_test": facts,
        "report": report,
    }


def write_report(request: Pansharpen, facts: dict[str, Any] | None) -> str | None:
    """Write the report and return its path; a failure is only logged, since the image exists."""
    if not request.report:
        return None
    if facts is None:
        log.warning("The report %s was not written: the methods were not compared.", request.report)
        return None
    try:
        named = {"pan": as_called(one_name(request.pan)), "ms": as_called(one_name(request.ms))}
        write_test_report({**facts, **named}, Path(request.report))
    except OutputError as error:
        log.warning("The report was not written: %s", error.message)
        return None
    return request.report


def check_settings(request: Sharpening) -> None:
    """Raise InputError for an unknown method, or settings that it cannot have."""
    known = (*POOLS, *METHODS)
    if request.method not in known:
        raise InputError("unknown-method", method=request.method, known=", ".join(known))
    if not 0 <= request.adapt < math.inf:
        raise InputError("negative-seconds", seconds=request.adapt)
    plain = METHODS[request.method].fine_tunes if request.method in METHODS else None
    if plain and not request.adapt:
        raise InputError("fine-tuning-needs-time", method=request.method, plain=plain)
    _check_sampling(request)
    _check_fit(request)


def checked_output(request: Pansharpen) -> writer.Output:
    """Check the request and return the output.

    Raises OutputError for a file that cannot be written, InputError as `check_settings`.
    """
    check_settings(request)
    if request.save_fit and request.method != SceneFit.name:
        raise InputError("fit-needs-scene-fit", method=request.method)
    check_target(Path(request.out), inputs_of(request))
    if request.spread:
        check_target(Path(request.spread), (*inputs_of(request), request.out))
    if request.report:
        check_target(Path(request.report), (*inputs_of(request), request.out), HTML)
    if request.save_fit:
        inputs = [*inputs_of(request), request.out, *([request.fit] if request.fit else [])]
        check_target(Path(request.save_fit), inputs, (".json",))
    return run_files.output_of(request)


def _check_sampling(request: Sharpening) -> None:
    """Raise InputError for a number of sampling steps that the method cannot take."""
    if request.steps is None:
        return
    sampling = [name for name, info in METHODS.items() if info.samples]
    if request.method not in sampling:
        raise InputError(
            "method-does-not-sample",
            method=request.method,
            what="steps",
            sampling_method=sampling[0],
        )
    if request.steps < 1:
        raise InputError("steps-not-positive", steps=request.steps)


def _check_fit(request: Sharpening) -> None:
    """Raise InputError for passes of back-projection, or a fit, that the method does not take."""
    check_passes(request.back_projection or 0)
    fixed = request.method in (*NETWORKS, *FINE_TUNED, Exp.name) or request.fit
    none = request.back_projection == 0 and request.method in BACK_PROJECTED
    if none or (fixed and request.back_projection is not None):
        raise InputError("back-projection-not-used", method=request.method)
    if request.fit and request.method not in WITH_FIT:
        raise InputError("fit-needs-scene-fit", method=request.method)
