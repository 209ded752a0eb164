# SPDX-License-Identifier: GPL-2.0-or-later
"""Run the ONNX graphs of networks with onnxruntime, on CPU or GPU."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, TypeAlias

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from core.errors import InputError, ModelError, out_of_memory, reason_of
from core.models.modelfile import read_graph

log = logging.getLogger(__name__)

Array = NDArray[Any]
Kept: TypeAlias = onnxruntime.OrtValue
"""An output that stays on its device, as an input of other graphs."""

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
ON_GPU = {
    # TF32 saves no time here, and needs more memory: see docs/gpu.md.
    "use_tf32": "0",
    # Tiles have up to nine shapes: an exhaustive search for each would not pay.
    "cudnn_conv_algo_search": "HEURISTIC",
    # The default doubles the memory, more than tiles need.
    "arena_extend_strategy": "kSameAsRequested",
}
GPU_RUNS = 2
"""Concurrent runs of a graph on a GPU, which copies for one while it computes the other."""
CPU_RUNS = 2
"""Concurrent runs of a graph on a CPU, each with its share of the cores: parts of a graph, and the
preparation of inputs and results, use one core only."""


threads_in_use = 0  # 0: onnxruntime's default


def limit_threads(count: int) -> None:
    """Set the number of threads for graphs that are opened later; 0 for onnxruntime's default."""
    global threads_in_use
    threads_in_use = count


def cpu_runs() -> int:
    """Return the number of concurrent runs of a graph on the CPU."""
    return min(threads_in_use or os.cpu_count() or 1, CPU_RUNS)


class GpuLostError(Exception):
    """A GPU failed; outputs that were kept there are lost, and the graph is on the CPU now."""


class Graph:
    """An ONNX graph in an onnxruntime session.

    Parameters
    ----------
    path : the .onnx file.
    device : `auto`, `cpu`, `cuda`, or `cuda:1` for the second GPU.
    constants : weights to replace, by name; before the session is made, so that onnxruntime can
        optimise them.
    alone : use all cores for one run.

    Attributes
    ----------
    path, constants : as given.
    device : the device in use.
    inputs : names of the inputs.

    Raises
    ------
    InputError : `cuda` is requested but not available.
    ModelError : the graph cannot be run, has no weight of that name and shape, or points to other
        files.
    """

    def __init__(
        self,
        path: Path,
        device: str = "auto",
        constants: Mapping[str, Array] | None = None,
        alone: bool = False,
    ) -> None:
        runs = 1 if alone else cpu_runs()
        self.path, self.constants = path, constants
        try:
            graph = read_graph(path)
            if constants:
                _replace(graph, constants, path)
            self.session = open_session(graph.SerializeToString(), device, runs)
        except (ModelError, InputError, MemoryError):
            raise
        except Exception as error:  # onnx and onnxruntime have many, with long messages
            log.debug("%s", path, exc_info=True)
            reason = str(error).splitlines()[0][:200]
            raise ModelError("model-graph-fails", graph=path.name, reason=reason) from error
        self._may_change = device == "auto"
        self.device = _device(self.session, device)
        self.inputs = tuple(each.name for each in self.session.get_inputs())
        self._outputs = tuple(each.name for each in self.session.get_outputs())
        self._turn = BoundedSemaphore(runs if self.device == "cpu" else GPU_RUNS)
        self._leaving = Lock()

    def run(self, **inputs: Array | Kept) -> list[Array]:
        """Return all outputs for inputs given by name, as float32.

        If a GPU fails with the device `auto`, except for a lack of memory, the CPU takes over.
        Raises ModelError for missing inputs, GpuLostError if inputs were kept on a GPU that failed.
        """
        return [value.numpy() for value in self._run(inputs, on_device=False)]

    def keep(self, **inputs: Array | Kept) -> list[Kept]:
        """Return all outputs as `run` does, but keep them on the device."""
        return self._run(inputs, on_device=True)

    def _run(self, inputs: Mapping[str, Array | Kept], on_device: bool) -> list[Kept]:
        if missing := set(self.inputs) - set(inputs):
            reason = f"it expects {', '.join(sorted(missing))}"
            raise ModelError("model-graph-fails", graph=self.path.name, reason=reason)
        device = self.device
        try:
            return self._bound(inputs, on_device)
        except Exception as error:  # a driver may raise anything
            if device == "cpu" or not self._may_change or out_of_memory(error):
                raise
            self._leave_gpu(error)
            if not all(isinstance(value, np.ndarray) for value in inputs.values()):
                raise GpuLostError from error
        return self._bound(inputs, on_device)

    def _leave_gpu(self, error: Exception) -> None:
        """Move the session to the CPU, once for all threads."""
        with self._leaving:
            if self.device != "cpu":
                tell_once(logging.WARNING, reason_of(error))
                self.session.set_providers([CPU])
                self.device = "cpu"

    def _bound(self, inputs: Mapping[str, Array | Kept], on_device: bool) -> list[Kept]:
        binding = self.session.io_binding()
        for name, value in inputs.items():
            if isinstance(value, np.ndarray):
                binding.bind_cpu_input(name, np.ascontiguousarray(value, np.float32))
            else:
                binding.bind_ortvalue_input(name, value)
        kind, _, number = (self.device if on_device else "cpu").partition(":")
        for name in self._outputs:
            binding.bind_output(name, kind, int(number or 0))
        with self._turn:
            self.session.run_with_iobinding(binding)
        return list(binding.get_outputs())


def open_session(model: bytes, device: str, runs: int) -> onnxruntime.InferenceSession:
    """Return a session on the device; with `auto` on the CPU if no GPU can be used.

    On the CPU, that many concurrent `runs` share the cores. Raises InputError for an unknown
    device, or `cuda` that cannot be used.
    """
    named = re.fullmatch(r"auto|cpu|cuda(?::(\d+))?", device)
    if named is None:
        raise InputError("unknown-device", device=device)
    if device == "cpu":
        return _open(model, [CPU], runs)
    level, failure = logging.WARNING, None
    if CUDA not in onnxruntime.get_available_providers():
        level, reason = logging.INFO, "the installed onnxruntime is one for the CPU"
    else:
        reason = _preload()
        try:
            gpu = {**ON_GPU, "device_id": int(named[1] or 0)}
            session = _open(model, [(CUDA, gpu), CPU], runs)
        except Exception as error:  # a driver may raise anything
            reason, failure = reason_of(error), error
        else:
            # onnxruntime may fall back to the CPU without an error.
            if _device(session, device) != "cpu":
                return session
    tell_once(level, reason)
    if device.startswith("cuda"):
        raise InputError("no-cuda") from failure
    return _open(model, [CPU], runs)


def _open(model: bytes, providers: Sequence[Any], runs: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads_in_use
    if runs > 1:
        options.intra_op_num_threads = max((threads_in_use or os.cpu_count() or 1) // runs, 1)
    # A memory plan for each shape of a tile needs 50 % more memory, and saves no time.
    options.enable_mem_pattern = False
    if providers == [CPU]:
        _share_memory()
        options.add_session_config_entry("session.use_env_allocators", "1")
    # onnxruntime's fallback to the CPU prints to stdout, and hides that CUDA failed.
    return onnxruntime.InferenceSession(model, options, providers=providers, enable_fallback=0)


@cache
def _share_memory() -> None:
    """Let all sessions on the CPU share one memory arena."""
    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(memory, None)


def _device(session: onnxruntime.InferenceSession, asked: str) -> str:
    """Return the device of a session: `cpu`, or the requested GPU, by default the first."""
    if session.get_providers()[0] != CUDA:
        return "cpu"
    return "cuda" if asked == "auto" else asked


def _preload() -> str:
    """Load CUDA's libraries; return the reason of a failure, as far as it is known."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        if hasattr(onnxruntime, "preload_dlls"):
            onnxruntime.preload_dlls()
    log.debug("%s", printed.getvalue())
    failed = [line for line in printed.getvalue().splitlines() if "Failed to load" in line]
    return failed[0].rstrip(". ") if failed else "onnxruntime could not load its part for CUDA"


@cache
def tell_once(level: int, reason: str) -> None:
    """Log why the GPU is not used, once for all graphs."""
    log.log(level, "The GPU is not used: %s.", reason)


def _replace(graph: onnx.ModelProto, constants: Mapping[str, Array], path: Path) -> None:
    initializers = {i.name: i for i in graph.graph.initializer}
    for name, value in constants.items():
        old = initializers.get(name)
        if old is None or tuple(old.dims) != value.shape:
            raise ModelError("model-weight-missing", path=path, weight=name, shape=value.shape)
        old.CopyFrom(onnx.numpy_helper.from_array(value.astype(np.float32), name))
