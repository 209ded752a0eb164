# SPDX-License-Identifier: GPL-2.0-or-later
"""Do parts of a job."""

from __future__ import annotations

import time
from typing import Any

from core.jobs.job import Job
from core.jobs.running import run_parts, set_threads
from core.jobs.storage import place, with_store
from core.progress import Pace, Progress
from core.requests.jobs import Run


@with_store
def perform(request: Run, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Do the requested parts that are not done yet; return their number."""
    started = time.monotonic()
    if request.threads:
        set_threads(request.threads)
    job = Job.open(place(request.job))
    counts = run_parts(job, job.chosen(request.part), progress, pace)
    seconds = round(time.monotonic() - started, 3)
    return {"job": request.job, **counts, "missing": len(job.missing()), "seconds": seconds}
