# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a network's ONNX graph with onnxruntime, on CPU or GPU."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from core.errors import InputError, ModelError
from core.models.modelfile import read_graph

log = logging.getLogger(__name__)

Array = NDArray[Any]
CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"


class Graph:
    """An ONNX graph in an onnxruntime session.

    Parameters
    ----------
    path : the .onnx file.
    device : ``auto``, ``cpu`` or ``cuda``.
    constants : weights to replace, by name. They are written into the graph before the session is
        made, so that they stay constants and keep the fast memory layouts.

    Attributes
    ----------
    device : ``cpu`` or ``cuda``, the one in use.
    inputs : names of the inputs.

    Raises
    ------
    InputError : ``cuda`` is requested but not available.
    ModelError : the graph cannot be run, has no weight of that name and shape, or points to other
        files.
    """

    def __init__(
        self, path: Path, device: str = "auto", constants: Mapping[str, Array] | None = None
    ) -> None:
        self._path = path
        try:
            self._session = _session(path, _providers(device), constants)
        except (ModelError, InputError, MemoryError):
            raise
        except Exception as error:  # onnx and onnxruntime have many, with long texts
            log.debug("%s", path, exc_info=True)
            reason = str(error).splitlines()[0][:200]
            raise ModelError("model-graph-fails", graph=path.name, reason=reason) from error
        # A listed provider can fail to load.
        self.device = "cuda" if self._session.get_providers()[0] == CUDA else "cpu"
        if device == "cuda" and self.device != "cuda":
            raise InputError("no-cuda")
        self.inputs = tuple(each.name for each in self._session.get_inputs())

    def run(self, **inputs: Array) -> list[Array]:
        """Return all outputs for inputs given by name, as float32.

        Raises ModelError where the graph expects others.
        """
        if missing := set(self.inputs) - set(inputs):
            reason = f"it expects {', '.join(sorted(missing))}"
            raise ModelError("model-graph-fails", graph=self._path.name, reason=reason)
        return self._session.run(
            None, {k: np.ascontiguousarray(v, np.float32) for k, v in inputs.items()}
        )


def _session(
    path: Path, providers: list[str], constants: Mapping[str, Array] | None
) -> onnxruntime.InferenceSession:
    graph = read_graph(path)
    if constants:
        _replace(graph, constants, path)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=providers)


def _providers(device: str) -> list[str]:
    available = onnxruntime.get_available_providers()
    if device == "cpu" or (device == "auto" and CUDA not in available):
        return [CPU]
    if device not in ("auto", "cuda"):
        raise InputError("unknown-device", device=device)
    if CUDA not in available:
        raise InputError("no-cuda")
    if hasattr(onnxruntime, "preload_dlls"):
        onnxruntime.preload_dlls()
    return [CUDA, CPU]


def _replace(graph: onnx.ModelProto, constants: Mapping[str, Array], path: Path) -> None:
    initializers = {i.name: i for i in graph.graph.initializer}
    for name, value in constants.items():
        old = initializers.get(name)
        if old is None or tuple(old.dims) != value.shape:
            raise ModelError("model-weight-missing", path=path, weight=name, shape=value.shape)
        old.CopyFrom(onnx.numpy_helper.from_array(value.astype(np.float32), name))
