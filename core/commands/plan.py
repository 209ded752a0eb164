# SPDX-License-Identifier: GPL-2.0-or-later
"""Plan a job: prepare one pair, or those of a folder, and write what their parts need."""

from __future__ import annotations

import logging
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

from core.commands.folder import ENDING, asked_of, make_folder
from core.commands.folder_pairs import find_pairs
from core.commands.pansharpen import check_settings, checked_output
from core.errors import InputError
from core.job_requests import Plan
from core.jobs.planning import Asked, plan_job
from core.progress import Pace, Progress
from core.requests import Pansharpen
from core.words import counted

log = logging.getLogger(__name__)


def perform(request: Plan, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Prepare the scenes and write the job; return how many parts it has.

    A scene of several that cannot be prepared is left out, with a warning. Raises PansharpenError
    where none can be, or the folder holds another job.
    """
    started = time.monotonic()
    check_settings(request)
    scenes = _of_folder(request) if request.data else [_of_pair(request)]
    job, failed = plan_job(Path(request.job), scenes, request.part_size, progress)
    if not job.parts:
        raise InputError("job-empty")
    log.info("%s in %s.", counted(len(job.parts), "part"), job.folder)
    return {
        "job": request.job,
        "scenes": len(scenes) - len(failed),
        "failed": failed,
        "parts": len(job.parts),
        "bytes": sum(sum(job.scene(n).read()["bytes"]) for n, c in enumerate(job.counts) if c),
        "seconds": round(time.monotonic() - started, 3),
    }


def _of_pair(request: Plan) -> Asked:
    if not (request.pan and request.ms and request.out) or request.out_folder:
        raise InputError("job-needs-pair-or-folder")
    names = {each.name for each in fields(Pansharpen)} & {each.name for each in fields(Plan)}
    asked = Pansharpen(**{name: getattr(request, name) for name in names})
    checked_output(asked)
    return Asked(Path(request.out).stem, asked)


def _of_folder(request: Plan) -> list[Asked]:
    """Return the pairs of a folder that can be sharpened; tell of the others."""
    alone = (request.pan, request.ms, request.out, request.extent, request.report, request.spread)
    if any(alone) or not request.out_folder or not request.data:
        raise InputError("job-needs-pair-or-folder")
    pairs = find_pairs(Path(request.data), Path(request.out_folder))
    make_folder(request.out_folder)
    scenes = []
    for pair in pairs:
        if pair.problem:
            log.warning("%s is not in the job: %s", pair.name, pair.problem)
            continue
        for doubt in pair.doubts:
            log.warning("%s: %s", pair.name, doubt)
        out = pair.out or str(Path(request.out_folder) / f"{pair.name}{ENDING}")
        asked = asked_of(pair, out, request)
        checked_output(asked)
        scenes.append(Asked(pair.name, asked))
    if not scenes:
        raise InputError("no-pairs", data=request.data)
    return scenes
