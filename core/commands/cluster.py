# SPDX-License-Identifier: GPL-2.0-or-later
"""Do a job on the workers of a Dask scheduler; each scene is collected when its parts are done."""

from __future__ import annotations

import logging
import time
from collections import Counter
from pathlib import Path
from typing import Any

from core.commands.collect import collected, summed_up
from core.errors import InputError
from core.job_requests import Cluster
from core.jobs.job import Job, Part
from core.jobs.on_dask import do_parts
from core.progress import Pace, Progress
from core.words import counted

log = logging.getLogger(__name__)

PARTS_SHARE = 0.9  # of the progress bar; what is left to collect then has the rest


def perform(request: Cluster, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Do all parts and collect them; return the files."""
    started = time.monotonic()
    if request.workers < 1:
        raise InputError("workers-not-positive", workers=request.workers)
    job = Job.open(Path(request.job))
    missing = job.missing()
    left = Counter(part.scene for part in missing)
    made: dict[int, dict[str, Any]] = {}
    pace.start(max(1, len(missing)))
    progress(0.0, "Waiting for the workers")

    def collect(number: int) -> None:
        log.info("%s is whole.", job.names[number])
        made[number] = collected(job, number, request.mosaic_only, lambda fraction, text: None)

    def done(part: Part, workers: int) -> None:
        pace.done(1)
        left[part.scene] -= 1
        if not left[part.scene]:
            collect(part.scene)
        ready = len(missing) - left.total()
        text = f"{ready} of {counted(len(missing), 'part')}, {counted(workers, 'worker')}"
        progress(PARTS_SHARE * ready / len(missing), text)

    count = do_parts(job, request.scheduler, request.workers, done)
    for number, parts in enumerate(job.counts):
        if parts and number not in made:
            progress(PARTS_SHARE, f"Collecting {job.names[number]}")
            collect(number)
    told = summed_up(job, [made[number] for number in sorted(made)], started)
    return {**told, "done": count}
