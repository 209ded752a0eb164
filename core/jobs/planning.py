# SPDX-License-Identifier: GPL-2.0-or-later
"""Plan a job: each scene opened, its method selected and prepared once, and frozen."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core import __version__
from core.errors import InputError, OutputError
from core.fusion import files
from core.fusion.chosen import choose
from core.jobs.freezing import Freezer
from core.jobs.frozen_scene import absolute, freeze
from core.jobs.job import FORMAT, Job, SceneFolder, read_json, scene_folder, write_json
from core.pair.scene import Scene
from core.products.inputs import one_raster
from core.progress import Progress, scaled
from core.requests import Pansharpen

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A scene that is to be in a job, under a name of its own."""

    name: str
    request: Pansharpen


def plan_job(
    folder: Path, scenes: Sequence[Asked], part_size: int, progress: Progress
) -> tuple[Job, dict[str, str]]:
    """Freeze the scenes into a folder, and write the job; return it, and why scenes are not in it.

    What is frozen there already, for the same request, is left as it is: a plan that was stopped
    goes on. Raises InputError where the folder holds another job, OutputError where it cannot be
    made.
    """
    if part_size < 1:
        raise InputError("tile-too-small", tile=part_size)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "output-folder-not-writable", folder=folder, reason=error.strerror
        ) from error
    wanted = [_told(each, part_size) for each in scenes]
    started = folder / "asked.json"
    if not started.exists():
        write_json(started, {"format": FORMAT, "version": __version__, "scenes": wanted})
    elif read_json(started)["scenes"] != wanted:
        raise InputError("job-is-another", job=folder)
    entries, failed = [], {}
    for number, each in enumerate(scenes):
        part = scaled(progress, number / len(scenes), (number + 1) / len(scenes))
        target = scene_folder(folder, number)
        try:
            count = _frozen(target, each, part_size, _labelled(part, each.name))
        except (InputError, OutputError) as error:
            if len(scenes) == 1:
                raise
            log.warning("%s is not in the job: %s", each.name, error.message)
            failed[each.name] = error.message
            count = 0
        entries.append({"name": each.name, "parts": count})
    write_json(folder / "job.json", {"format": FORMAT, "version": __version__, "scenes": entries})
    return Job.open(folder), failed


def _told(scene: Asked, part_size: int) -> dict[str, Any]:
    """Return what a scene was asked for, as JSON."""
    request = Freezer().freeze(absolute(scene.request))
    return {"name": scene.name, "part_size": part_size, "request": request}


def _labelled(progress: Progress, label: str) -> Callable[[float, str], None]:
    return lambda fraction, text: progress(fraction, f"{label}: {text}")


def _frozen(folder: SceneFolder, scene: Asked, part_size: int, progress: Progress) -> int:
    """Freeze a scene unless it is; return the number of its parts."""
    if folder.state.exists():
        return len(folder.windows())
    asked = scene.request
    with one_raster(asked.pan, "PAN") as pan, one_raster(asked.ms, "MS") as ms:
        request = replace(asked, pan=pan, ms=ms)
        with Scene.of(request, request.extent, request.extent_crs) as opened:
            output, spread = files.output_of(request), files.spread_of(request)
            files.rehearse(opened, output, **spread, tile=request.tile)
            chosen = choose(opened, request, progress)
            rest = scaled(progress, chosen.selection.share, 1.0)
            return freeze(folder, scene.name, asked, request, chosen, part_size, rest)
