# SPDX-License-Identifier: GPL-2.0-or-later
"""Collect a job: check all parts, make the files, write the manifest and the reports."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from core.commands.pansharpen import write_report
from core.jobs.collecting import collect_scene, collected_before, refuse_missing, write_manifest
from core.jobs.frozen_scene import request_of
from core.jobs.job import Job, share_of
from core.jobs.planning import item_of
from core.jobs.stac import write_item
from core.jobs.storage import name_of, place, store_errors, with_store
from core.progress import Pace, Progress, scaled, silent
from core.requests.jobs import Collect


@with_store
def perform(request: Collect, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Join the parts of the scenes; return the files.

    Raises InputError, and makes no file, where parts are missing.
    """
    started = time.monotonic()
    job = Job.open(place(request.job))
    there = [number for number, count in enumerate(job.counts) if count]
    numbers = [there[at] for at in share_of(request.part, len(there))]
    refuse_missing(job, job.missing(numbers))
    pace.start(len(numbers))
    for done, number in enumerate(numbers):
        part = scaled(progress, done / len(numbers), (done + 1) / len(numbers))
        collect_one(job, number, request.mosaic_only, part)
        pace.done(1)
    scenes = [collected_before(job.scene(number)) for number in there]
    return job_result(job, scenes, started)


def collect_in_worker(mosaic_only: bool, folder: str, number: int) -> dict[str, Any]:
    """Collect a scene in a worker of a cluster; return its record."""
    with store_errors(folder):
        return collect_one(Job.open(place(folder)), number, mosaic_only, silent)


def collect_one(job: Job, number: int, mosaic_only: bool, progress: Progress) -> dict[str, Any]:
    """Collect a scene, write its report and its STAC item; return its record."""
    made = collect_scene(job, number, mosaic_only, progress)
    write_report(request_of(job.scene(number)), made["facts"])
    item = item_of(job.folder, number)
    if item and made["files"]:
        write_item(item, made)
    return made


def job_result(job: Job, scenes: Sequence[dict[str, Any] | None], started: float) -> dict[str, Any]:
    """Return the result of the command; write the manifest once all scenes are collected."""
    whole = [each for each in scenes if each]
    manifest = write_manifest(job, whole) if len(whole) == len(scenes) else None
    return {
        "job": name_of(job.folder),
        "files": [file["path"] for scene in whole for file in scene["files"]],
        "mosaics": [path for scene in whole for path in scene["mosaics"]],
        "manifest": manifest and name_of(manifest),
        "seconds": round(time.monotonic() - started, 3),
    }
