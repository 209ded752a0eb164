# SPDX-License-Identifier: GPL-2.0-or-later
"""The JSON file of a scene fit, with which it is used for another scene.

That of several scenes may also hold their statistics, which then normalise each for a network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.methods.scene_fit_weights import FEATURES, Intensity, SceneFitWeights
from core.methods.statistics import SceneStatistics

KIND, VERSION = "scene-fit", 1
_RATIO_TOLERANCE = 0.05  # relative, between the scene of the fit and another


def fit_text(fit: SceneFitWeights, shared: SceneStatistics | None = None) -> str:
    """Return the text of the file; `shared` are the statistics of the scenes, for networks."""
    values: dict[str, Any] = {"kind": KIND, "version": VERSION, **asdict(fit)}
    if shared:
        values["statistics"] = asdict(shared)
    return json.dumps(values, indent=1, default=np.ndarray.tolist) + "\n"


def read_fit(
    path: Path, ratio: float, bands: Sequence[str | None]
) -> tuple[SceneFitWeights, SceneStatistics | None]:
    """Return the weights, and the statistics if there are any, for a scene of this ratio and bands.

    Names of bands are compared where both are known. Raises InputError where the file is for other
    scenes, holds no fit, or cannot be read.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if (values["kind"], values["version"]) != (KIND, VERSION):
            raise ValueError(f"kind {values['kind']}, version {values['version']}")
        fit, shared = _fit(values), _statistics(values)
    except OSError as error:
        raise InputError("fit-not-read", path=path, reason=error.strerror) from error
    # RecursionError: JSON that is nested too deep
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("fit-damaged", path=path, reason=error) from error
    if len(bands) != len(fit.weights):
        raise InputError("fit-bands", path=path, bands=len(fit.weights), wanted=len(bands))
    if any(a and b and a != b for a, b in zip(fit.bands, bands, strict=True)):
        known, wanted = (", ".join(str(name) for name in names) for names in (fit.bands, bands))
        raise InputError("fit-band-order", path=path, bands=known, wanted=wanted)
    if abs(ratio - fit.ratio) > _RATIO_TOLERANCE * fit.ratio:
        raise InputError("fit-ratio", path=path, ratio=fit.ratio, wanted=ratio)
    return fit, shared


def _statistics(values: dict[str, Any]) -> SceneStatistics | None:
    if "statistics" not in values:
        return None
    known, bands = values["statistics"], len(values["bands"])
    return SceneStatistics(
        pan_mean=float(_array(known["pan_mean"])),
        pan_std=float(_array(known["pan_std"])),
        **{
            name: _array(known[name], bands).astype(np.float32)
            for name in ("mean", "std", "gain", "weight")
        },
    )


def _fit(values: dict[str, Any]) -> SceneFitWeights:
    known, bands = values["intensity"], len(values["bands"])
    intensity = Intensity(
        weight=_array(known["weight"], bands),
        offset=float(_array(known["offset"])),
        haze=_array(known["haze"], bands),
        gain=_array(known["gain"], bands),
    )
    gains = _array(values["gains"], bands)
    if not ((gains > 0) & (gains < 1)).all():
        raise ValueError("gains that no sensor has")
    if not all(name is None or isinstance(name, str) for name in values["bands"]):
        raise ValueError("names of bands that are none")
    return SceneFitWeights(
        intensity=intensity,
        weights=_array(values["weights"], bands, FEATURES),
        gains=tuple(gains.tolist()),
        passes=int(values["passes"]),
        ratio=float(_array(values["ratio"])),
        bands=tuple(values["bands"]),
    )


def _array(values: Any, *shape: int) -> NDArray[np.float64]:
    """Return an array of this shape; raise ValueError unless it is one, of finite numbers."""
    array = np.array(values, np.float64)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"an array {array.shape} instead of {shape}, or one that is not finite")
    return array
