# SPDX-License-Identifier: GPL-2.0-or-later
"""What a method has prepared, as JSON and arrays, and back; nothing is unpickled.

Contexts are trees of frozen dataclasses. Each value comes back with its type, arrays and scalars of
numpy to the bit, so that what is computed with them has the same bytes. A network's graph is told
by its role in the model file, and by the weights that the scene gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.methods.backprojection import BackProjection
from core.methods.error_bar import ErrorBar
from core.methods.high_pass import HighPassModulation
from core.methods.injection import Details, Injection, Mixture, Modulation
from core.methods.interface import Settings
from core.methods.ksdiff import FusionNetwork
from core.methods.network_inputs import NetworkInputs
from core.methods.network_method import NetworkContext
from core.methods.registry import create
from core.methods.scene_fit import PlainContext, SceneFitContext
from core.methods.scene_fit_weights import Intensity, SceneFitWeights
from core.methods.separable_backprojection import BackProjectionPasses
from core.methods.srino import Chain, Sampler
from core.methods.statistics import SceneStatistics
from core.methods.with_back_projection import BackProjected, BackProjectedContext
from core.models.onnx_session import Graph
from core.raster.window import Window
from core.requests.scenes import Pansharpen

Arrays = dict[str, NDArray[Any]]
LoadGraph = Callable[[str, Mapping[str, Any] | None], Graph]

#: What a context may be made of.
KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        BackProjectedContext, BackProjection, BackProjectionPasses, Chain, Details, ErrorBar,
        FusionNetwork, HighPassModulation, Injection, Intensity, Mixture, Modulation,
        NetworkContext, NetworkInputs, Pansharpen, PlainContext, Sampler, SceneFitContext,
        SceneFitWeights, SceneStatistics, Settings, Window,
    )
}  # fmt: skip
#: Fields that only the preparation needs.
LEFT_OUT: dict[tuple[str, str], Any] = {("Sampler", "windows"): {}}


class Freezer:
    """Freezes values; arrays that several of them share are kept once.

    Raises TypeError for what is none of `KINDS`, an array or a plain value.
    """

    def __init__(self) -> None:
        self.arrays: Arrays = {}
        self._names: dict[int, str] = {}
        self._alive: list[Any] = []  # an id is one array's as long as that lives

    def freeze(self, value: Any) -> Any:
        """Return a value as JSON; its arrays are in `arrays`."""
        if value is None or type(value) in (bool, int, float, str):
            return value
        if isinstance(value, np.ndarray):
            return {"array": self._kept(value)}
        if isinstance(value, np.generic):
            return {"scalar": self._kept(np.asarray(value))}
        if isinstance(value, list | tuple):
            return {type(value).__name__: [self.freeze(each) for each in value]}
        if isinstance(value, Mapping):
            return {"dict": {str(key): self.freeze(each) for key, each in value.items()}}
        if isinstance(value, Graph):
            role = value.path.name.split(".")[-2]
            return {"graph": role, "weights": self.freeze(value.constants)}
        if isinstance(value, BackProjected):
            facts = value.name, value.ratio, value.gains, value.passes
            return {"back-projected": self.freeze(facts)}
        kind = type(value).__name__
        if not is_dataclass(value) or KINDS.get(kind) is not type(value):
            raise TypeError(f"a {kind} cannot be frozen")
        found = {
            each.name: LEFT_OUT.get((kind, each.name), getattr(value, each.name))
            for each in fields(value)
        }
        return {"kind": kind, "fields": {name: self.freeze(each) for name, each in found.items()}}

    def _kept(self, array: NDArray[Any]) -> str:
        if id(array) not in self._names:
            self._names[id(array)] = name = f"a{len(self._names)}"
            self._alive.append(array)
            self.arrays[name] = array
        return self._names[id(array)]


class Thawer:
    """Makes values of what `Freezer` has made of them.

    Parameters
    ----------
    load : makes a graph of its role in the model file and the weights that it is given.

    Raises KeyError, TypeError or ValueError for what was not frozen so.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], load: LoadGraph | None = None) -> None:
        self._arrays, self._load = arrays, load

    def thaw(self, tree: Any) -> Any:
        """Return the value of a tree of JSON."""
        if not isinstance(tree, dict):
            return tree
        how = next(iter(tree))
        inside = tree[how]
        if how == "array":
            return self._arrays[inside]
        if how == "scalar":
            return self._arrays[inside][()]
        if how in ("list", "tuple"):
            values = map(self.thaw, inside)
            return list(values) if how == "list" else tuple(values)
        if how == "dict":
            return {key: self.thaw(each) for key, each in inside.items()}
        if how == "graph" and self._load:
            return self._load(inside, self.thaw(tree["weights"]))
        if how == "back-projected":
            name, ratio, gains, passes = self.thaw(inside)
            settings = Settings(ratio, gains)
            return BackProjected(name, create(name, settings), settings, passes)
        if how == "kind":
            return KINDS[inside](**{k: self.thaw(each) for k, each in tree["fields"].items()})
        raise ValueError(f"{how} is nothing that was frozen")
