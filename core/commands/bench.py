# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare methods on the scenes of a folder, at reduced and at full resolution.

    .venv/bin/python -m core bench --data ../shared/data --csv scores.csv

Each scene is opened like any pair, and sharpened tile by tile.
"""

from __future__ import annotations

import datetime
import hashlib
import math
import os
import platform
import shlex
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path
from typing import cast

from core.benchmark import datasets, tables
from core.benchmark.datasets import BenchmarkCase, PreparedCase
from core.benchmark.tables import BenchmarkRow
from core.errors import Cancelled, InputError, PansharpenError
from core.fusion import reduced_test
from core.fusion.comparison import FINE_TUNED_BY_AUTO
from core.fusion.method_selection import POOLS, without_twins
from core.fusion.tiled import in_memory
from core.imaging.degrade import Phase
from core.language import later, say
from core.methods import registry
from core.methods.classical import Exp
from core.methods.interface import Settings
from core.methods.registry import CLASSICAL, FINE_TUNED, METHODS, NETWORKS, PUBLISHED
from core.methods.scene_fit import SceneFit
from core.methods.separable_backprojection import check_passes
from core.models import modelfile
from core.pair.scene import Scene
from core.progress import Pace, Progress, labelled, scaled
from core.raster.output_files import check_target
from core.raster.writer import write_texts
from core.requests.scenes import PHASES, Bench
from core.worker.versions import software

AUTO, AUTO_ADAPTED = "auto", "auto-adapted"
TITLES = {
    AUTO: later("Best for this scene"),
    AUTO_ADAPTED: later("Best for this scene, fine-tuned"),
}
#: Methods that are fine-tuned to each scene; only with --adapt.
ADAPTING = (*FINE_TUNED, AUTO_ADAPTED)
DEFAULT_METHODS = (*CLASSICAL, *NETWORKS, AUTO)
#: References of every method: the best of these on each scene.
REFERENCES = {
    "to interpolation": (Exp.name,),
    "to best classical": PUBLISHED,
    "to scene fit": (SceneFit.name,),
}


def perform(request: Bench, progress: Progress, pace: Pace) -> dict[str, object]:
    """Measure and return the tables; files are written after the last measurement.

    A method that cannot sharpen a scene is left out there, with a note below the tables. Raises
    PansharpenError for wrong files or parameters.
    """
    started = time.monotonic()
    targets = {
        check_target(Path(path), [request.data], (ending,)): ending
        for path, ending in ((request.csv, ".csv"), (request.json, ".json"))
        if path
    }
    names = methods_to_compare(request.methods, request.adapt)
    check_passes(request.back_projection or 0)
    if not 0 <= request.pan_gain < 1:
        raise InputError("mtf-gain-range", gain=request.pan_gain)
    if request.steps is not None and request.steps < 1:
        raise InputError("steps-not-positive", steps=request.steps)
    todo = datasets.find_cases(
        Path(request.data),
        datasets.CaseSelection(
            request.sets, request.sensor, _known_phase(request.phase), request.cut, request.pan_gain
        ),
    )
    facts = facts_of(request)  # before hours of measuring: it may fail
    rows, notes = measure_all(todo, request, names, progress, pace)
    if not rows:
        raise InputError("no-scene-sharpened", reasons=" ".join(notes))
    seconds = round(time.monotonic() - started, 1)
    sensors = {case.set: case.card.name for case in todo}
    facts |= {"sensors": sensors, "seconds": seconds, "notes": notes}
    made = {".csv": tables.as_csv(rows), ".json": tables.as_json(rows, REFERENCES, facts)}
    write_texts({path: made[ending] for path, ending in targets.items()})
    return {
        "rows": len(rows),
        "sets": list(dict.fromkeys(row.set for row in rows)),
        "table": tables.as_text(rows, REFERENCES, notes),
        "csv": request.csv,
        "json": request.json,
        "seconds": seconds,
    }


def methods_to_compare(names: tuple[str, ...] | None, adapt: float) -> tuple[str, ...]:
    """Return the methods to compare, by default all; raise InputError for one that cannot run."""
    if not 0 <= adapt < math.inf:
        raise InputError("negative-seconds", seconds=adapt)
    known = (*DEFAULT_METHODS, *ADAPTING)
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise InputError("unknown-methods", unknown=", ".join(unknown), known=", ".join(known))
    untimed = [name for name in names or () if name in ADAPTING and not adapt]
    if untimed:
        raise InputError("fine-tuning-needs-seconds", methods=", ".join(untimed))
    return tuple(dict.fromkeys(names or (known if adapt else DEFAULT_METHODS)))


def _known_phase(name: str) -> Phase:
    if name not in PHASES:
        raise InputError("unknown-phase", phase=name, phases=", ".join(PHASES))
    return cast(Phase, name)


def measure_all(
    todo: Sequence[BenchmarkCase],
    request: Bench,
    names: Sequence[str],
    progress: Progress,
    pace: Pace,
) -> tuple[list[BenchmarkRow], list[str]]:
    """Return the rows of all cases, and the notes without repetition."""
    rows: list[BenchmarkRow] = []
    notes = {f"{case.set}: {say(case.note)}": None for case in todo if case.note}
    total, done = sum(case.pixels for case in todo), 0
    pace.start(total)
    for case in todo:
        where = f"{case.set}, {say(tables.TITLES[case.scale])}, {case.scene}"
        part = scaled(labelled(progress, where), done / total, (done + case.pixels) / total)
        rows += measure(case, request, names, notes, part)
        done += case.pixels
        pace.done(case.pixels)
    return rows, list(notes)


def measure(
    case: BenchmarkCase,
    request: Bench,
    names: Sequence[str],
    notes: dict[str, None],
    progress: Progress,
) -> Iterable[BenchmarkRow]:
    """Return a row for each method; why one has none is added to `notes`."""
    rows: dict[str, BenchmarkRow] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        try:
            progress(0.0, say("Preparing"))
            prepared = case.prepare(Path(folder), scaled(progress, 0.0, 0.0))
            scene = stack.enter_context(Scene.open(prepared.pan, prepared.ms))
        except Cancelled:
            raise
        except PansharpenError as error:
            notes[say("{} {} left out: {}", case.set, case.scene, error)] = None
            return ()
        for number, name in enumerate(names):
            standing = partial(_standing, progress, number / len(names), name)
            try:
                rows[name] = _row(case, prepared, scene, name, request, rows, standing)
            except Cancelled:
                raise
            except PansharpenError as error:
                notes[say("{} left out of {}: {}", name, case.set, error)] = None
    return rows.values()


def _standing(progress: Progress, at: float, name: str, fraction: float, text: str) -> None:
    """Report the start of a method again: the bar stands still, but the run can be cancelled."""
    progress(at, say(TITLES[name]) if name in TITLES else registry.title_of(name))


def _row(
    case: BenchmarkCase,
    prepared: PreparedCase,
    scene: Scene,
    name: str,
    request: Bench,
    rows: Mapping[str, BenchmarkRow],
    progress: Progress,
) -> BenchmarkRow:
    """Sharpen and score the scene; auto takes the row of its method if that is in `rows`."""
    started = time.perf_counter()
    used = name
    if name in (AUTO, AUTO_ADAPTED):
        used = _selected(case, scene, request, name == AUTO_ADAPTED, progress)
    if used in rows:
        seconds = time.perf_counter() - started + rows[used].seconds
        scores = rows[used].scores
    else:
        fused = prepared.lms if used == Exp.name else None
        if fused is None:
            method = registry.create(used, Settings.of(request, scene.ratio, case.gains))
            context = method.prepare(scene, progress)
            fused = in_memory(scene, method, context, request.tile, progress)
        seconds = time.perf_counter() - started
        scores = prepared.score(scene, fused, progress)
    return BenchmarkRow(case.set, case.scene, case.scale, name, used, scores, round(seconds, 2))


def _selected(
    case: BenchmarkCase, scene: Scene, request: Bench, adapts: bool, progress: Progress
) -> str:
    """Return the method that auto selects on this scene; `adapts` includes the fine-tuned one."""
    names = POOLS[AUTO]
    if adapts:
        names = (*names, METHODS[FINE_TUNED_BY_AUTO].fine_tuned or "")
    names = without_twins(names, request.back_projection)
    settings = Settings.of(request, scene.ratio, case.gains)
    try:
        return reduced_test.run(scene, names, settings, progress).winner
    except InputError:  # too small for a test
        return names[0]


def facts_of(request: Bench) -> dict[str, object]:
    """Return command, time, versions, machine, settings and models of this run."""
    return {
        "command": command_line(request),
        "when": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "versions": software(),
        "machine": {"system": platform.platform(), "cpus": os.cpu_count()},
        "settings": asdict(request),
        "models": _models(request.model),
    }


def _models(name: str | None) -> dict[str, str]:
    """Return the SHA-256 of the networks' models by name; missing ones are left out."""
    found = {}
    for each in [name] if name else [METHODS[network].model or "" for network in NETWORKS]:
        with suppress(PansharpenError, OSError):
            path = modelfile.find(each)
            found[path.stem] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def command_line(request: Bench) -> str:
    """Return the command line of the request."""
    words = ["python", "-m", "core", "bench"]
    for each in fields(request):
        value = getattr(request, each.name)
        if value != each.default:
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            words += [f"--{each.name}", text]
    return shlex.join(words)
