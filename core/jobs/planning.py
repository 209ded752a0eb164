# SPDX-License-Identifier: GPL-2.0-or-later
"""Plan a job: list its scenes, then freeze each with its method selected and prepared.

Scenes are frozen one by one, in any process; the job is complete when all are.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core import __version__
from core.errors import InputError, OutputError, PansharpenError
from core.fusion.run_settings import run_settings_for
from core.jobs.freezing import Freezer, Thawer
from core.jobs.frozen_scene import absolute, freeze
from core.jobs.job import FORMAT, Job, SceneFolder, read_json, scene_folder, write_json
from core.jobs.storage import fetched
from core.products.inputs import one_raster
from core.progress import Progress
from core.raster.output_files import make_folder
from core.requests.scenes import Pansharpen

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SceneRequest:
    """A scene requested for a job, under a name of its own; `item` is its STAC item, if any."""

    name: str
    request: Pansharpen
    item: dict[str, Any] | None = None


def list_scenes(
    folder: Path, scenes: Sequence[SceneRequest], part_size: int, alone: bool = False
) -> None:
    """Write the scenes requested of a job, whose parts have an edge of about `part_size` PAN px.

    `alone` is for one pair that the user named, whose errors end the plan.

    Raises InputError where the folder holds another job, OutputError where it cannot be made.
    """
    if part_size < 1:
        raise InputError("tile-too-small", tile=part_size)
    make_folder(folder)
    frozen = [Freezer().freeze(absolute(each.request)) for each in scenes]
    wanted = [
        {"name": each.name, "request": request, "item": each.item}
        for each, request in zip(scenes, frozen, strict=True)
    ]
    job = {"version": __version__, "part_size": part_size, "alone": alone, "scenes": wanted}
    path = folder / "asked.json"
    if not path.exists():
        write_json(path, {"format": FORMAT, **job})
    elif read_json(path) != {"format": FORMAT, **job}:
        raise InputError("job-is-another", job=folder)


def scene_names(folder: Path) -> list[str]:
    """Return the names of the scenes requested of a job."""
    return [each["name"] for each in read_json(folder / "asked.json")["scenes"]]


def item_of(folder: Path, number: int) -> dict[str, Any] | None:
    """Return the STAC item of a scene of a job, if it has one."""
    item: dict[str, Any] | None = read_json(folder / "asked.json")["scenes"][number]["item"]
    return item


def freeze_scene(folder: Path, number: int, progress: Progress) -> str:
    """Freeze a scene of a job unless that is done; return why it cannot be frozen, or "".

    Of one pair that the user named, the error is raised instead.
    """
    asked = read_json(folder / "asked.json")
    entry = asked["scenes"][number]
    target = scene_folder(folder, number)
    if target.state.exists():
        return ""
    try:
        request = Thawer({}).thaw(entry["request"])
        _freeze(target, SceneRequest(entry["name"], request), asked["part_size"], progress)
    except PansharpenError as error:
        if asked["alone"] or not isinstance(error, InputError | OutputError):
            raise
        log.warning("%s is not in the job: %s", entry["name"], error.message)
        target.path.mkdir(parents=True, exist_ok=True)
        write_json(target.failure, {"format": FORMAT, "why": error.message})
        return error.message
    target.failure.unlink(missing_ok=True)
    return ""


def finish_plan(folder: Path) -> tuple[Job | None, dict[str, str]]:
    """Write the job once all its scenes are frozen; return it, and why scenes are left out."""
    entries: list[dict[str, Any]] = []
    failed = {}
    memory = 0
    for number, name in enumerate(scene_names(folder)):
        scene = scene_folder(folder, number)
        if scene.state.exists():
            frozen = scene.read()
            entries.append({"name": name, "parts": len(frozen["parts"])})
            memory = max(memory, frozen["needs"]["memory"])
        elif scene.failure.exists():
            entries.append({"name": name, "parts": 0})
            failed[name] = read_json(scene.failure)["why"]
        else:
            return None, failed
    needs = {"memory": memory}
    values = {"format": FORMAT, "version": __version__, "needs": needs, "scenes": entries}
    write_json(folder / "job.json", values)
    return Job.open(folder), failed


def _freeze(folder: SceneFolder, scene: SceneRequest, part_size: int, progress: Progress) -> None:
    asked = scene.request
    with (
        fetched(asked.fit) as fit,
        one_raster(asked.pan, "PAN") as pan,
        one_raster(asked.ms, "MS") as ms,
    ):
        request = replace(asked, pan=pan, ms=ms, fit=fit)
        with run_settings_for(request, progress) as chosen:
            freeze(folder, scene.name, asked, request, chosen, part_size, progress)
