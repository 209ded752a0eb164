# SPDX-License-Identifier: GPL-2.0-or-later
"""Estimate time, memory and file size of a run.

The estimate is made of the last runs of its kind on this machine; before the first one, of
measurements on another machine (`first_estimate`). Some of the time hardly depends on the size of
the scene (comparison, fit, fine-tuning), the rest is proportional to its pixels.
"""

from __future__ import annotations

import contextlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from osgeo import gdal

from .. import paths
from ..runtime import environments, sizes
from .first_run_estimate import first

_KEPT = 100  # runs
_USED = 5  # the last runs of the same kind


@dataclass(frozen=True)
class Kind:
    """Kind of a run, which decides how long a pixel takes: method, device, further work.

    `compared` is a test at reduced resolution, of all methods or for the error bar; `evaluations`
    are the sampling steps.
    """

    method: str
    device: str
    seconds_of_tuning: float
    compared: bool
    evaluations: int
    machine: str

    @classmethod
    def of(cls, request: Mapping[str, Any], spread: bool) -> Kind:
        """Return the kind of a request to sharpen."""
        return cls(
            str(request["method"]),
            str(request.get("device", "cpu")),
            float(request.get("adapt") or 0),
            bool(request["scene_test"]) or spread,
            int(request.get("steps") or 1),
            platform.node(),
        )


@dataclass(frozen=True)
class Run:
    """Time, memory and file size of a run.

    Parameters
    ----------
    kind : its kind.
    values : pixels times bands of the result.
    fixed_s, tiles_s : seconds before the tiles, and for them.
    memory : most bytes in use; 0 if it was not measured.
    share : size of the file over that of its values.
    """

    kind: Kind
    values: int
    fixed_s: float
    tiles_s: float
    memory: int
    share: float


@dataclass(frozen=True)
class Estimate:
    """Time, memory and file size to expect; 0 if not known.

    From `runs` here; if there were none, from the machine that `measured_on` names.
    """

    seconds: float
    memory: float
    file_size: float
    runs: int = 0
    measured_on: str = ""


def remember(run: Run) -> None:
    """Keep a run; one that cannot be written is lost."""
    runs = [*recorded_runs(), run][-_KEPT:]
    path = paths.runs(paths.home())
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(json.dumps([asdict(each) for each in runs]), encoding="utf-8")
        new.replace(path)


def estimate(kind: Kind, pixels: int, bands: int, size_of_value: int) -> Estimate:
    """Estimate a run.

    Parameters
    ----------
    pixels, bands : of the result.
    size_of_value : bytes of a value, not compressed.
    """
    values = pixels * bands
    size = values * size_of_value
    last = [run for run in recorded_runs() if run.kind == kind and run.values > 0][-_USED:]
    if not last and kind.evaluations > 1:  # not measured elsewhere
        return Estimate(0.0, 0.0, size)
    if not last:
        elsewhere = first(
            kind.method,
            compared=kind.compared,
            tuning_s=kind.seconds_of_tuning,
            pixels=pixels,
            bands=bands,
            gpu=_takes_gpu(kind.device),
        )
        return Estimate(elsewhere.seconds, elsewhere.memory, size, measured_on=elsewhere.machine)
    per_value = median(run.tiles_s / run.values for run in last)
    seconds = median(run.fixed_s for run in last) + per_value * values
    share = median(run.share for run in last)
    return Estimate(seconds, max(run.memory for run in last), share * size, len(last))


def _takes_gpu(device: str) -> bool:
    """Return whether a network would run on a GPU: if it is named, or the runtime is for one."""
    used = environments.usable(paths.home())
    return device.startswith("cuda") or (
        device != "cpu" and used is not None and used.size == sizes.GPU
    )


def record(kind: Kind, result: Mapping[str, Any]) -> None:
    """Remember time, memory and file size of a run to sharpen, from the worker's result."""
    tiles_s = result.get("tile_seconds")
    try:
        data = gdal.Open(str(result.get("out")))
        size = Path(str(result.get("out"))).stat().st_size
    except (OSError, RuntimeError):
        return
    if data is None or tiles_s is None:
        return
    values = data.RasterXSize * data.RasterYSize * data.RasterCount
    raw = values * gdal.GetDataTypeSize(data.GetRasterBand(1).DataType) // 8
    fixed_s = max(float(result.get("seconds") or 0) - tiles_s, 0.0)
    memory = int(result.get("memory") or 0)
    remember(Run(kind, values, fixed_s, tiles_s, memory, size / raw))


def recorded_runs() -> list[Run]:
    """Return the recorded runs, oldest first; none if the file cannot be read."""
    try:
        listed = json.loads(paths.runs(paths.home()).read_text(encoding="utf-8"))
        return [Run(Kind(**each.pop("kind")), **each) for each in listed]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return []
