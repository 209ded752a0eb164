# SPDX-License-Identifier: GPL-2.0-or-later
"""How a result was made, as tags in its file: enough to make it again, and no folder names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core import __version__
from core.fusion.comparison import METRICS, Comparison
from core.names import path_in

if TYPE_CHECKING:
    from core.methods.interface import Method
    from core.pair.scene import Scene

NUMBERS = (*METRICS, "error", "expected")


def of_run(scene: Scene, seed: int, test: Comparison | None) -> dict[str, str]:
    """Return what holds for every file of a run: program, inputs, seed, scene test."""
    tags = {
        "TIFFTAG_SOFTWARE": f"KSDiff {__version__}",
        "KSDIFF_VERSION": __version__,
        "KSDIFF_PAN": _file_name(scene.pan_name),
        "KSDIFF_MS": _file_name(scene.ms_name),
        "KSDIFF_SEED": str(seed),
    }
    return {**tags, "KSDIFF_SCENE_TEST": _numbers(test)} if test else tags


def of_method(method: Method, description: Mapping[str, object]) -> dict[str, str]:
    """Return the method, what it says of itself, and its model with the hash of its weights."""
    tags = {"KSDIFF_METHOD": method.name}
    for key in ("used", "model", "steps", "back_projection"):
        if description.get(key) not in (None, ""):
            tags[f"KSDIFF_{key.upper()}"] = str(description[key])
    return {**tags, "KSDIFF_MODEL_SHA256": method.model_hash} if method.model_hash else tags


def _file_name(name: str) -> str:
    """Return the last part of a raster's name; bytes in it that are no text are told by number."""
    return path_in(name).name.encode("utf-8", "backslashreplace").decode("utf-8")


def _numbers(test: Comparison) -> str:
    """Return the scores of the methods as JSON; times would differ in every run."""
    facts: dict[str, Any] = test.facts()
    rows = {
        row["method"]: {key: float(f"{row[key]:.6g}") for key in NUMBERS if key in row}
        for row in facts["rows"]
    }
    return json.dumps({"pixels": facts["pixels"], "winner": facts["winner"], "methods": rows})
