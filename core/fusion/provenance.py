# SPDX-License-Identifier: GPL-2.0-or-later
"""Tags in the file of a result that say how to make it again, without names of folders."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rasterio

from core import __version__
from core.fusion.comparison import METRICS, Comparison
from core.gdal_names import is_path, path_in
from core.raster.gdal import GDAL_ERRORS, quietly
from core.raster.reader import file_names
from core.requests.scenes import Pansharpen, Sharpening, inputs_of

if TYPE_CHECKING:
    from core.methods.interface import Method
    from core.pair.scene import Scene

NUMBERS = (*METRICS, "error", "expected")
SETTINGS = "KSDIFF_SETTINGS"
#: Fields of a request that do not change the result, or have their own tag.
_NO_SETTINGS = ("seed", "device", "tile", "scene_test")
#: Fields that name files; their tags leave out the folder.
_FILES = ("model", "rpc_dem", "fit")


def of_run(scene: Scene, seed: int, test: Comparison | None) -> dict[str, str]:
    """Return the tags of every file of a run: program, inputs, seed, scene test."""
    ms, pan = scene.rasters
    tags = {
        "TIFFTAG_SOFTWARE": f"KSDiff {__version__}",
        "KSDIFF_VERSION": __version__,
        "KSDIFF_PAN": _as_text(file_names(pan)),
        "KSDIFF_MS": _as_text(file_names(ms)),
        "KSDIFF_SEED": str(seed),
    }
    return {**tags, "KSDIFF_SCENE_TEST": _numbers(test)} if test else tags


def of_request(request: Sharpening) -> dict[str, str]:
    """Return the tag with the settings of a result that are not the defaults."""
    given: dict[str, Any] = {}
    for each in fields(Sharpening):
        value = getattr(request, each.name)
        default = {} if each.default is MISSING else each.default
        if each.name not in _NO_SETTINGS and value != default:
            given[each.name] = path_in(value).name if each.name in _FILES and value else value
    return {SETTINGS: json.dumps(given, sort_keys=True)} if given else {}


def made_alike(path: Path, request: Pansharpen) -> str | None:
    """Return the method of an existing result of the same request; None if it must be made.

    Version, settings and inputs must be the same, and no input may be newer.
    """
    try:
        made = path.stat().st_mtime
        with quietly(), rasterio.open(path) as dataset:
            tags: dict[str, str] = dataset.tags()
    except GDAL_ERRORS:
        return None
    wanted: dict[str, str | None] = {
        "KSDIFF_VERSION": __version__,
        "KSDIFF_SEED": str(request.seed),
        SETTINGS: None,
        **of_request(request),
    }
    names = [name for name in inputs_of(request) if is_path(name)]
    for key, name in (("KSDIFF_PAN", request.pan), ("KSDIFF_MS", request.ms)):
        # Products, and files of single bands, have other names in the tags.
        if isinstance(name, str) and Path(name).suffix.lower() in (".tif", ".tiff"):
            wanted[key] = _as_text(path_in(name).name)
    alike = all(tags.get(key) == value for key, value in wanted.items())
    older = all(Path(name).stat().st_mtime <= made for name in names if Path(name).exists())
    return tags.get("KSDIFF_METHOD", "") if alike and older else None


def of_method(method: Method, description: Mapping[str, object]) -> dict[str, str]:
    """Return the tags of the method, and of its model with the hash of the weights."""
    tags = {"KSDIFF_METHOD": method.name}
    for key in ("used", "model", "steps", "back_projection"):
        if description.get(key) not in (None, ""):
            tags[f"KSDIFF_{key.upper()}"] = str(description[key])
    return {**tags, "KSDIFF_MODEL_SHA256": method.model_hash} if method.model_hash else tags


def _as_text(name: str) -> str:
    """Return a name of a file, with numbers for bytes that are not text."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _numbers(test: Comparison) -> str:
    """Return the scores of the methods as JSON; times would differ in every run."""
    facts: dict[str, Any] = test.facts()
    rows = {
        row["method"]: {key: float(f"{row[key]:.6g}") for key in NUMBERS if key in row}
        for row in facts["rows"]
    }
    return json.dumps({"pixels": facts["pixels"], "winner": facts["winner"], "methods": rows})
