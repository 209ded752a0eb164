# SPDX-License-Identifier: GPL-2.0-or-later
"""Collect a job: check all parts, make the files, write the manifest and the reports."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from core.commands.pansharpen import write_report
from core.job_requests import Collect
from core.jobs.collecting import check_parts, collect_scene, write_manifest
from core.jobs.frozen_scene import request_of
from core.jobs.job import Job
from core.jobs.planning import item_of
from core.jobs.stac import write_item
from core.progress import Pace, Progress, scaled


def perform(request: Collect, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Put the parts together; return the files.

    Raises InputError, which names them, where parts are missing; then no file is made.
    """
    started = time.monotonic()
    job = Job.open(Path(request.job))
    check_parts(job)
    numbers = [number for number, count in enumerate(job.counts) if count]
    scenes = []
    pace.start(len(numbers))
    for done, number in enumerate(numbers):
        part = scaled(progress, done / len(numbers), (done + 1) / len(numbers))
        scenes.append(collected(job, number, request.mosaic_only, part))
        pace.done(1)
    return summed_up(job, scenes, started)


def collected(job: Job, number: int, mosaic_only: bool, progress: Progress) -> dict[str, Any]:
    """Put the parts of a scene together, write its report and item; return what was made."""
    made = collect_scene(job, number, mosaic_only, progress)
    write_report(request_of(job.scene(number)), made["facts"])
    item = item_of(job.folder, number)
    if item and made["files"]:
        write_item(item, made)
    return made


def summed_up(job: Job, scenes: list[dict[str, Any]], started: float) -> dict[str, Any]:
    """Write the manifest, and return what was made since a time."""
    manifest = write_manifest(job, scenes)
    return {
        "job": str(job.folder),
        "files": [file["path"] for scene in scenes for file in scene["files"]],
        "mosaics": [path for scene in scenes for path in scene["mosaics"]],
        "manifest": manifest,
        "seconds": round(time.monotonic() - started, 3),
    }
