# SPDX-License-Identifier: GPL-2.0-or-later
"""Plan a job: prepare one pair, or those of a folder, and write what their parts need."""

from __future__ import annotations

import logging
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from core.commands.folder import asked_of
from core.commands.folder_files import FoundPair
from core.commands.folder_pairs import find_pairs
from core.commands.pansharpen import check_settings, checked_output
from core.errors import InputError
from core.jobs.job import share_of
from core.jobs.planning import SceneRequest, finish_plan, freeze_scene, list_scenes
from core.jobs.shared_fit import fit_together
from core.jobs.stac import read_items
from core.jobs.storage import name_of, place, with_store
from core.methods.registry import WITH_FIT
from core.progress import Pace, Progress, labelled, scaled
from core.raster.output_files import make_folder
from core.requests.jobs import Plan
from core.requests.scenes import Pansharpen

log = logging.getLogger(__name__)


@with_store
def perform(request: Plan, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Prepare the scenes and write the job; return how many parts it has.

    If one of several scenes cannot be prepared, it is left out with a warning. Raises
    PansharpenError where none can be, or the folder holds another job.
    """
    started = time.monotonic()
    check_settings(request)
    if request.shared_fit and (request.method not in WITH_FIT or request.fit):
        raise InputError("shared-fit-needs-scene-fit")
    scenes = _scenes(request)
    folder = place(request.job)
    if request.shared_fit:
        scenes = _with_fit(folder, scenes, progress)
    alone = not (request.data or request.items)
    list_scenes(folder, scenes, request.part_size, alone)
    mine = [] if request.list_only else share_of(request.part, len(scenes))
    for done, number in enumerate(mine):
        part = scaled(progress, done / len(mine), (done + 1) / len(mine))
        freeze_scene(folder, number, labelled(part, scenes[number].name))
    job, failed = finish_plan(folder)
    if job and not job.parts:
        raise InputError("job-empty")
    counts = job.counts if job else ()
    return {
        "job": request.job,
        "scenes": len(scenes) - len(failed),
        "failed": failed,
        "ready": job is not None,
        "parts": sum(counts),
        "memory": job.memory if job else 0,
        "bytes": sum(sum(job.scene(n).read()["bytes"]) for n, c in enumerate(counts) if c and job),
        "seconds": round(time.monotonic() - started, 3),
    }


def _with_fit(folder: Path, scenes: list[SceneRequest], progress: Progress) -> list[SceneRequest]:
    """Return the scenes with the fit that they share, which is made unless it is there."""
    path = folder / "fit.json"
    if not path.exists():
        make_folder(folder)
        fit_together(path, scenes, scaled(progress, 0.0, 0.0))
    return [replace(each, request=replace(each.request, fit=name_of(path))) for each in scenes]


def _scenes(request: Plan) -> list[SceneRequest]:
    several = bool(request.data) + bool(request.items)
    if not several:
        return [_of_pair(request)]
    alone = (request.pan, request.ms, request.out, request.extent, request.report, request.spread)
    if any(alone) or several > 1 or not request.out_folder:
        raise InputError("job-needs-pair-or-folder")
    make_folder(Path(request.out_folder))
    scenes = _of_items(request) if request.items else _of_folder(request)
    for each in scenes:
        checked_output(each.request)
    return scenes


def _of_items(request: Plan) -> list[SceneRequest]:
    """Return the pairs of a catalogue's items."""
    scenes = []
    for item in read_items(Path(request.items or "")):
        pair = FoundPair(item.name, item.pan, item.ms)
        asked = asked_of(pair, request.out_folder or "", request)
        scenes.append(SceneRequest(item.name, asked, item.item))
    return scenes


def _of_pair(request: Plan) -> SceneRequest:
    if not (request.pan and request.ms and request.out) or request.out_folder:
        raise InputError("job-needs-pair-or-folder")
    names = {each.name for each in fields(Pansharpen)} & {each.name for each in fields(Plan)}
    asked = Pansharpen(**{name: getattr(request, name) for name in names})
    checked_output(asked)
    return SceneRequest(Path(request.out).stem, asked)


def _of_folder(request: Plan) -> list[SceneRequest]:
    """Return the pairs of a folder that can be sharpened; log a warning for the others."""
    results = request.out_folder or ""
    scenes = []
    for pair in find_pairs(Path(request.data or ""), Path(results)):
        if pair.problem:
            log.warning("%s is not in the job: %s", pair.name, pair.problem)
            continue
        for doubt in pair.doubts:
            log.warning("%s: %s", pair.name, doubt)
        scenes.append(SceneRequest(pair.name, asked_of(pair, results, request)))
    if not scenes:
        raise InputError("no-pairs", data=request.data)
    return scenes
