# SPDX-License-Identifier: GPL-2.0-or-later
"""Do a job on the workers of a Dask scheduler; each scene is collected when its parts are done."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from core.commands.collect import collect_in_worker, job_result
from core.errors import InputError
from core.jobs.job import Job, scene_folder
from core.jobs.on_dask import Cluster as Workers
from core.jobs.on_dask import cluster
from core.jobs.planning import finish_plan, scene_names
from core.jobs.storage import place, with_store
from core.language import counted
from core.progress import Pace, Progress, scaled
from core.requests.jobs import Cluster

log = logging.getLogger(__name__)

OnCollected = Callable[[str, dict[str, Any]], None]

PREPARE_SHARE = 0.1
PARTS_SHARE = 0.9  # of the progress bar; the rest is for scenes not collected by then


@with_store
def perform(
    request: Cluster,
    progress: Progress,
    pace: Pace,
    on_collected: OnCollected = lambda name, made: None,
) -> dict[str, Any]:
    """Do all parts and collect them; return the files.

    `on_collected` is called with the name and the record of each scene that is collected.
    """
    started = time.monotonic()
    if request.workers < 1:
        raise InputError("workers-not-positive", workers=request.workers)
    folder = place(request.job)
    progress(0.0, "Waiting for the workers")
    with cluster(request.scheduler, request.workers) as workers:
        job = _prepared(folder, workers, scaled(progress, 0.0, PREPARE_SHARE))
        rest = scaled(progress, PREPARE_SHARE, 1.0)
        made, count = _done(job, request, workers, rest, pace, on_collected)
    result = job_result(job, [made[number] for number in sorted(made)], started)
    return {**result, "done": count}


def _prepared(folder: Path, workers: Workers, progress: Progress) -> Job:
    """Open the job, after the workers have prepared the scenes that are not prepared yet."""
    names = scene_names(folder)
    scenes = [scene_folder(folder, number) for number in range(len(names))]
    todo = [number for number, each in enumerate(scenes) if not each.state.exists()]
    if todo or not (folder / "job.json").exists():
        with closing(workers.prepare(folder, todo)) as stream:
            for done, number in enumerate(stream, start=1):
                progress(done / len(todo), f"Prepared {names[number]}, {done} of {len(todo)}")
        finish_plan(folder)
    job = Job.open(folder)
    if not job.parts:
        raise InputError("job-empty")
    return job


def _done(
    job: Job,
    request: Cluster,
    workers: Workers,
    progress: Progress,
    pace: Pace,
    on_collected: OnCollected,
) -> tuple[dict[int, dict[str, Any]], int]:
    """Do the parts, and collect each scene when its parts are done; return records and count."""
    missing = job.missing()
    left = Counter(part.scene for part in missing)
    made: dict[int, dict[str, Any]] = {}
    collecting: dict[int, Any] = {}
    pace.start(max(1, len(missing)))
    work = partial(collect_in_worker, request.mosaic_only)

    def collect(number: int) -> None:
        collecting[number] = workers.submit(work, job.folder, number)

    def take(number: int) -> None:
        made[number] = collecting.pop(number).result()
        log.info("%s is collected: %s", job.names[number], job.scene(number).out)
        on_collected(job.names[number], made[number])

    for number, parts in enumerate(job.counts):
        if parts and not left[number]:
            collect(number)
    with closing(workers.do(job, missing)) as stream:
        for done, part in enumerate(stream, start=1):
            pace.done(1)
            left[part.scene] -= 1
            if not left[part.scene]:
                collect(part.scene)
            for number in [n for n, future in collecting.items() if future.done()]:
                take(number)
            text = f"{done} of {counted(len(missing), 'part')}, "
            text += counted(workers.workers, "worker")
            progress(PARTS_SHARE * done / len(missing), text)
    for number in list(collecting):
        progress(PARTS_SHARE, f"Collecting {job.names[number]}")
        take(number)
    return made, len(missing)
