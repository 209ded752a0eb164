# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen a pair: select the method, fuse tile by tile, write the image and the report."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.commands import per_band
from core.errors import InputError, ModelError, OutputError
from core.fusion import tiled
from core.fusion.method_selection import POOLS, Selection, select_method
from core.fusion.provenance import of_request, of_run
from core.imaging.arrays import FloatArray
from core.methods import registry
from core.methods.classical import Exp
from core.methods.fit_file import read_fit
from core.methods.interface import Settings
from core.methods.registry import BACK_PROJECTED, FINE_TUNED, METHODS, NETWORKS
from core.methods.scene_fit import SceneFit
from core.methods.separable_backprojection import check_passes
from core.names import as_called, one_name
from core.pair.scene import Scene
from core.pair.unseen import detail_shares
from core.products.inputs import with_rasters
from core.progress import Pace, Progress, scaled
from core.raster import writer
from core.raster.targets import check_target
from core.registration.estimate import Shift, aligned, warn_if_displaced
from core.report.pages import write_test_report
from core.requests import Pansharpen, Sharpening, inputs_of
from core.sensors import Sensor, sensor_of
from core.words import counted

log = logging.getLogger(__name__)

HTML = (".html", ".htm")


@with_rasters
def perform(request: Pansharpen, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Sharpen the pair, write the results, and return what was done.

    Raises PansharpenError for wrong files or parameters, MemoryError for a tile that is too large.
    """
    started = time.monotonic()
    output = _output(request)
    if request.pan_from_bands:
        return per_band.perform(request, output, perform, progress, pace)
    with Scene.of(request, request.extent, request.extent_crs) as opened:
        tiled.rehearse(opened, output, **_extras(request))
        scene, shift = _aligned(opened, request, progress)
        bands = counted(scene.bands, "band")
        size = (scene.width, scene.height, bands, scene.ratio, scene.dtype)
        log.info("PAN %d x %d, MS %s, ratio %.4g, %s.", *size)
        card = sensor_of(request.sensor, *scene.rasters)
        log.info("Sensor: %s.", card.name)
        settings = _settings(scene, request, card)
        selection = select_method(scene, request, settings, progress)
        shares = detail_shares(scene, request.unseen_bands)
        rest = scaled(progress, selection.share, 1.0)
        name, done = _sharpen(selection, request, scene, settings, output, shares, rest, pace)
    test = selection.test
    adapted = {"adapted": name in FINE_TUNED, "adaptation": selection.adaptation}
    facts = {**test.facts(), **adapted, "sensor": card.name, "chosen": name} if test else None
    report = _write_report(request, facts)
    return {
        "device": "cpu",
        "model": None,
        **done.description,
        **adapted,
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
        "tile_seconds": done.tile_seconds,
        "scene_test": facts,
        "report": report,
    }


def _aligned(opened: Scene, request: Pansharpen, progress: Progress) -> tuple[Scene, Shift | None]:
    """Return the scene and the shift that was removed; without ``align``, warn of a shift."""
    if request.align:
        return aligned(opened, scaled(progress, 0.0, 0.0))
    warn_if_displaced(opened)
    return opened, None


def _sharpen(
    selection: Selection,
    request: Pansharpen,
    scene: Scene,
    settings: Settings,
    output: writer.Output,
    shares: FloatArray | None,
    progress: Progress,
    pace: Pace,
) -> tuple[str, tiled.Result]:
    """Sharpen with the first selected method that works; return its name and the result."""

    # Those of the comparison save no fit.
    saving = replace(settings, fit=selection.fit or settings.fit, save_fit=request.save_fit)
    tags = of_run(scene, request.seed, selection.test) | of_request(request)

    def sharpen(name: str) -> tuple[str, tiled.Result]:
        method = registry.create(name, saving)
        return name, tiled.sharpen(
            scene,
            method,
            output,
            context=selection.context(name),
            **_extras(request),
            shares=shares,
            progress=progress,
            pace=pace,
            tags=tags,
        )

    for name in selection.names[:-1]:
        try:
            return sharpen(name)
        except ModelError as error:
            log.warning("%s was left out: %s", name, error.message)
    return sharpen(selection.names[-1])


def _extras(request: Pansharpen) -> dict[str, Any]:
    """Return the file of the spread, its seeds and the edge of a tile."""
    seeds = range(request.seed, request.seed + request.spread_seeds)
    spread = Path(request.spread) if request.spread else None
    return {"spread": spread, "seeds": seeds, "tile": request.tile}


def _write_report(request: Pansharpen, facts: dict[str, Any] | None) -> str | None:
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
    """Raise InputError for a method that does not exist, has no time for fine-tuning, or more."""
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


def _output(request: Pansharpen) -> writer.Output:
    """Check the request and return the output.

    Raises OutputError for a file that cannot be written, InputError as `check_settings`.
    """
    check_settings(request)
    check_target(Path(request.out), inputs_of(request))
    if request.spread:
        check_target(Path(request.spread), (*inputs_of(request), request.out))
    if request.report:
        check_target(Path(request.report), (*inputs_of(request), request.out), HTML)
    if request.save_fit:
        inputs = [*inputs_of(request), request.out, *([request.fit] if request.fit else [])]
        check_target(Path(request.save_fit), inputs, (".json",))
    return writer.Output(
        path=Path(request.out),
        dtype=request.output_type,
        nodata=request.nodata if request.output_nodata is None else request.output_nodata,
        creation_options=request.creation_options,
        cog=request.cog,
        overviews={"yes": True, "no": False}.get(request.overviews),
    )


def _check_sampling(request: Sharpening) -> None:
    """Raise InputError for sampling options that the method does not have, or that are wrong."""
    spread = request.spread if isinstance(request, Pansharpen) else None
    given = {"steps": request.steps, "spread": spread}
    what = " and ".join(name for name, value in given.items() if value is not None)
    sampling = [name for name, info in METHODS.items() if info.samples]
    if what and request.method not in sampling:
        raise InputError(
            "method-does-not-sample", method=request.method, what=what, sampling_method=sampling[0]
        )
    if request.steps is not None and request.steps < 1:
        raise InputError("steps-not-positive", steps=request.steps)
    if isinstance(request, Pansharpen) and spread is not None and request.spread_seeds < 2:
        raise InputError("too-few-seeds", seeds=request.spread_seeds)


def _check_fit(request: Sharpening) -> None:
    """Raise InputError for passes of back-projection or a fit that cannot be."""
    check_passes(request.back_projection or 0)
    fixed = request.method in (*NETWORKS, *FINE_TUNED, Exp.name) or request.fit
    none = request.back_projection == 0 and request.method in BACK_PROJECTED
    if none or (fixed and request.back_projection is not None):
        raise InputError("back-projection-not-used", method=request.method)
    saved = request.save_fit if isinstance(request, Pansharpen) else None
    if (request.fit or saved) and request.method != SceneFit.name:
        raise InputError("fit-needs-scene-fit", method=request.method)


def _settings(scene: Scene, request: Pansharpen, card: Sensor) -> Settings:
    fit = read_fit(Path(request.fit), scene.ratio, scene.band_names) if request.fit else None
    return Settings(
        scene.ratio,
        card.gains(scene.band_names),
        model=request.model,
        device=request.device,
        seed=request.seed,
        steps=request.steps,
        fine_tuning_seconds=request.adapt,
        back_projection=request.back_projection,
        fit=fit,
    )
