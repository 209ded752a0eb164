# SPDX-License-Identifier: GPL-2.0-or-later
"""Pairs of a folder as a job on the workers of a scheduler."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from core.commands import cluster
from core.errors import InputError
from core.jobs.freezing import Freezer
from core.jobs.frozen_scene import absolute
from core.jobs.planning import SceneRequest, finish_plan, list_scenes
from core.progress import Pace, Progress
from core.requests.jobs import Cluster, Plan


def on_scheduler(
    results: Path,
    scenes: Sequence[SceneRequest],
    scheduler: str,
    progress: Progress,
    pace: Pace,
    on_collected: cluster.OnCollected,
) -> dict[str, str]:
    """Sharpen pairs on the workers of a scheduler; return why some could not be, by their names.

    The job is a hidden folder in that of the results, named by a hash of its requests, so that a
    run that was stopped continues; it is removed in the end. `on_collected`: see `cluster.perform`.
    """
    asked = [[each.name, Freezer().freeze(absolute(each.request))] for each in scenes]
    called = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
    folder = results.absolute() / f".job-{called}"
    list_scenes(folder, scenes, Plan.part_size)
    try:
        cluster.perform(Cluster(str(folder), scheduler), progress, pace, on_collected)
    except InputError as error:
        if error.code != "job-empty":  # then each pair has its reason
            raise
    failed = finish_plan(folder)[1]
    shutil.rmtree(folder, ignore_errors=True)
    return failed
