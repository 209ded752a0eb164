# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the context of a method as JSON and arrays, and read it again, without pickle.

Contexts are trees of frozen dataclasses. Each value comes back with its type, arrays and scalars of
numpy to the bit, so that what is computed with them has the same bytes. A network's graph is kept
as its role in the model file and the weights that the scene gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
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

#: The dataclasses that a context may be made of.
KINDS: dict[str, Callable[..., Any]] = {
    kind.__name__: kind
    for kind in (
        BackProjectedContext, BackProjection, BackProjectionPasses, Chain, Details, ErrorBar,
        FusionNetwork, HighPassModulation, Injection, Intensity, Mixture, Modulation,
        NetworkContext, NetworkInputs, Pansharpen, PlainContext, Sampler, SceneFitContext,
        SceneFitWeights, SceneStatistics, Settings, Window,
    )
}  # fmt: skip
#: Other classes that it may be made of, and the values from which each is made again.
PARTS: dict[type[Any], Callable[[Any], dict[str, Any]]] = {
    Graph: lambda graph: {"role": graph.path.name.split(".")[-2], "weights": graph.constants},
    BackProjected: lambda method: {
        name: getattr(method, name) for name in ("name", "ratio", "gains", "passes")
    },
}
#: Fields that only the preparation needs.
LEFT_OUT: dict[tuple[str, str], Any] = {("Sampler", "windows"): {}}


class Freezer:
    """Freeze values; arrays that several of them share are kept once.

    Raises TypeError for anything but `KINDS`, `PARTS`, arrays, containers and plain values.
    """

    def __init__(self) -> None:
        self.arrays: Arrays = {}
        self._names: dict[int, str] = {}
        self._alive: list[Any] = []  # an id belongs to one array for as long as that lives

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
        kind = type(value).__name__
        if type(value) in PARTS:
            found = PARTS[type(value)](value)
        elif KINDS.get(kind) is type(value):
            found = {each.name: getattr(value, each.name) for each in fields(value)}
        else:
            raise TypeError(f"a {kind} cannot be frozen")
        found = {name: LEFT_OUT.get((kind, name), each) for name, each in found.items()}
        return {"kind": kind, "fields": {name: self.freeze(each) for name, each in found.items()}}

    def _kept(self, array: NDArray[Any]) -> str:
        if id(array) not in self._names:
            self._names[id(array)] = name = f"a{len(self._names)}"
            self._alive.append(array)
            self.arrays[name] = array
        return self._names[id(array)]


def _back_projected(
    name: str, ratio: float, gains: Sequence[float] | None, passes: int
) -> BackProjected:
    settings = Settings(ratio, gains)
    return BackProjected(name, create(name, settings), settings, passes)


class Thawer:
    """Make the values again that `Freezer` has frozen.

    Parameters
    ----------
    load : opens a graph by its role in the model file, with these weights.

    Raises KeyError, TypeError or ValueError for what was not frozen so.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], load: LoadGraph | None = None) -> None:
        self._arrays = arrays
        makers: dict[str, Any] = {"BackProjected": _back_projected, "Graph": load}
        self._kinds = {**KINDS, **makers}

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
        if how == "kind":
            found = {name: self.thaw(each) for name, each in tree["fields"].items()}
            return self._kinds[inside](**found)
        raise ValueError(f"{how} is nothing that was frozen")
