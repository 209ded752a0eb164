# SPDX-License-Identifier: GPL-2.0-or-later
"""Freeze a prepared scene into its folder, and thaw it in the processes that do its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import ModelError
from core.fusion.run_files import layouts_of, output_of, spread_of
from core.fusion.run_settings import RunSettings
from core.fusion.tiled import Planned, Prepared, plan_scene
from core.gdal_names import is_path
from core.jobs import inputs
from core.jobs.freezing import Freezer, Thawer
from core.jobs.job import SceneFolder
from core.jobs.needs import memory_of_part
from core.methods.interface import Method, Settings
from core.methods.registry import create
from core.pair.scene import Scene
from core.products.inputs import one_raster
from core.progress import Progress
from core.raster.window import Window
from core.requests.scenes import Pansharpen


@dataclass(frozen=True)
class FrozenScene:
    """A thawed scene, ready to be sharpened, and the windows of its parts."""

    planned: Planned
    parts: list[Window]


def freeze(
    folder: SceneFolder,
    name: str,
    asked: Pansharpen,
    request: Pansharpen,
    chosen: RunSettings,
    part_size: int,
    progress: Progress,
) -> None:
    """Prepare a scene and write it into its folder.

    `asked` is the request as made, `request` the same with one raster for each of PAN and MS.
    """
    settings = chosen.saving(request)

    def plan(method: Method, context: Any) -> Planned:
        options = {**chosen.options(request), "context": context, "progress": progress}
        return plan_scene(chosen.scene, method, output_of(request), **options)

    used, planned = chosen.with_first(request, plan)
    scene, ready = planned.scene, planned.ready
    freezer = Freezer()
    frozen = freezer.freeze(
        {
            "request": absolute(asked),
            "settings": settings,
            "context": ready.context,
            "bar": ready.bar,
            "shares": chosen.shares,
            "shift": chosen.shift,
        }
    )
    parts = parts_of(scene, ready, part_size)
    pixel = planned.layouts[0][1].dtype.itemsize * scene.bands
    values = {
        "name": name,
        "out": str(absolute(asked).out),
        "method": used,
        "model_sha256": ready.method.model_hash,
        "description": dict(ready.description),
        "tile": ready.tile,
        "tags": dict(planned.tags),
        "parts": [[each.row, each.col, *each.shape] for each in parts],
        "bytes": [each.height * each.width * pixel for each in parts],
        "needs": {
            "memory": memory_of_part(scene, ready),
            "device": ready.description.get("device", "cpu"),
        },
        "inputs": inputs.fingerprints(asked, request),
        "facts": chosen.facts(used),
        "frozen": frozen,
    }
    folder.write(values, freezer.arrays)


def parts_of(scene: Scene, ready: Prepared, part_size: int) -> list[Window]:
    """Return windows of whole tiles, with an edge of about `part_size` PAN px."""
    edge = ready.tile * max(1, round(part_size / ready.tile))
    return [part.inner for part in scene.plan(edge, 0)]


def absolute(request: Pansharpen) -> Pansharpen:
    """Return the request with absolute names of files, for processes in other folders."""
    one = ("out", "report", "spread", "save_fit", "fit", "rpc_dem")
    named: dict[str, Any] = {name: _absolute(getattr(request, name)) for name in one}
    for name in ("pan", "ms"):
        given = getattr(request, name)
        one_file = isinstance(given, str)
        named[name] = _absolute(given) if one_file else tuple(map(_absolute, given))
    model = request.model
    if model and Path(model).suffix == ".safetensors":
        model = _absolute(model)
    return replace(request, **named, model=model)


def _absolute(name: str | None) -> str | None:
    return str(Path(name).absolute()) if name and is_path(name) else name


def request_of(folder: SceneFolder) -> Pansharpen:
    """Return the request that a scene was frozen for."""
    request: Pansharpen = Thawer({}).thaw(folder.read()["frozen"]["dict"]["request"])
    return request


@contextmanager
def thawed(folder: SceneFolder) -> Iterator[FrozenScene]:
    """Open a frozen scene.

    Raises InputError where the folder is damaged or an input has changed, ModelError where the
    model is another than that of the plan.
    """
    values = folder.read()
    inputs.check_inputs(values["inputs"])
    arrays = folder.arrays(values["arrays_sha256"])
    tree = values["frozen"]["dict"]
    plain = Thawer(arrays)
    request, settings = plain.thaw(tree["request"]), plain.thaw(tree["settings"])
    with one_raster(request.pan, "PAN") as pan, one_raster(request.ms, "MS") as ms:
        request = replace(request, pan=pan, ms=ms)
        with Scene.of(request, request.extent, request.extent_crs) as opened:
            shift = plain.thaw(tree["shift"])
            scene = opened.shifted(*shift) if shift else opened
            method, context = _method(values, settings, tree["context"], arrays)
            description = method.describe(context)
            bar = plain.thaw(tree["bar"])
            ready = Prepared(method, context, description, values["tile"], bar)
            windows = [Window(*each) for each in values["parts"]]
            shares = plain.thaw(tree["shares"])
            layouts = layouts_of(scene, output_of(request), spread_of(request))
            planned = Planned(scene, ready, layouts, request.tile, shares, values["tags"])
            yield FrozenScene(planned, windows)


def _method(
    values: Mapping[str, Any], settings: Settings, context: Any, arrays: Mapping[str, Any]
) -> tuple[Method, Any]:
    """Return the method and the context of a frozen scene."""
    method = create(values["method"], settings)
    if method.model_hash != values["model_sha256"]:
        raise ModelError("job-model-changed", method=values["method"])
    return method, Thawer(arrays, method.graph).thaw(context)
