# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from logged import told
from raising import raises_code

from core.models import modelfile
from core.models.onnx_session import CUDA, ON_GPU, GpuLostError, Graph, Kept, tell_once
from core.networks.ksdiff import KSDiff


def inputs(bands: int, side: int, windows: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        "pan": rng.standard_normal((windows, 2, side, side), np.float32),
        "lms": rng.standard_normal((windows, bands, side, side), np.float32),
        "gain": np.repeat(rng.random((1, bands), np.float32), windows, axis=0),
        "details": rng.standard_normal((windows, bands, 2, side, side), np.float32),
    }


@pytest.mark.numerical
@pytest.mark.parametrize("bands", [1, 3, 8])
def test_scene_kernels_and_fusion_agree_with_torch(
    small_network: KSDiff, small_model: Path, bands: int
) -> None:
    """The context graph's kernels, folded into the fusion graph, against the modulated network."""
    model = modelfile.load(str(small_model))
    windows, image = inputs(bands, 32, windows=3), inputs(bands, 48)
    noise = np.random.default_rng(1).standard_normal((1, 4, 16), np.float32)
    found = Graph(model.graph("context"), "cpu").run(**windows, noise=noise)
    kernels = dict(zip(model.card.kernels, found, strict=True))
    tensors = {k: torch.from_numpy(v) for k, v in windows.items()}
    with torch.no_grad():
        expected = small_network.scene_kernels(
            *(tensors[name] for name in ("pan", "lms", "gain", "details")), torch.from_numpy(noise)
        )
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b.numpy(), atol=1e-5)
    fused = Graph(model.graph("fuse"), "cpu", kernels).run(**image)[0]
    plain = Graph(model.graph("fuse"), "cpu").run(**image)[0]
    weights = {k: torch.from_numpy(v) for k, v in kernels.items()}
    from training.objectives.ksdiff import plain_network

    network = plain_network(small_network)
    network.load_state_dict({**network.state_dict(), **weights})
    with torch.no_grad():
        reference = network(**{k: torch.from_numpy(v) for k, v in image.items()}).numpy()
    np.testing.assert_allclose(fused, reference, atol=1e-4)
    assert np.abs(fused - plain).max() > 1e-3, "the scene's kernels made no difference"


def test_a_weight_that_is_not_there_is_an_error(small_model: Path) -> None:
    graph = modelfile.load(str(small_model)).graph("fuse")
    for constants in ({"no.such": np.zeros(3)}, {"body.encoder.0.0.dw.weight": np.zeros(3)}):
        with raises_code("model-weight-missing"):
            Graph(graph, "cpu", constants)


def test_a_graph_says_what_it_takes(small_model: Path) -> None:
    model = modelfile.load(str(small_model))
    assert set(Graph(model.graph("fuse"), "cpu").inputs) == set(inputs(4, 32))
    assert set(Graph(model.graph("context"), "cpu").inputs) == {*inputs(4, 32), "noise"}


def test_the_device_is_the_one_really_used(small_model: Path) -> None:
    graph = modelfile.load(str(small_model)).graph("fuse")
    assert Graph(graph, "cpu").device == "cpu"
    with raises_code("unknown-device"):
        Graph(graph, "tpu")


@pytest.mark.skipif(
    CUDA in onnxruntime.get_available_providers(), reason="this machine has a usable GPU"
)
def test_a_gpu_that_is_not_there_is_never_replaced_in_silence(small_model: Path) -> None:
    graph = modelfile.load(str(small_model)).graph("fuse")
    with raises_code("no-cuda"):
        Graph(graph, "cuda")
    assert Graph(graph, "auto").device == "cpu"


class Session:
    """Pretends a session on a GPU; `fault` says when it fails, `open` or `run`."""

    fault, error = "", RuntimeError("")

    def __init__(self, model: bytes, options: Any, providers: list[Any], **more: Any) -> None:
        assert more == {"enable_fallback": 0}
        named = [each for each in providers if isinstance(each, tuple)]
        self.options = dict(named)
        self.providers = [each[0] if isinstance(each, tuple) else each for each in providers]
        if self.fault == "open" and CUDA in self.providers:
            raise self.error

    def get_providers(self) -> list[str]:
        return self.providers

    def set_providers(self, providers: list[str]) -> None:
        self.providers = providers

    def get_inputs(self) -> list[Any]:
        return []

    def get_outputs(self) -> list[Any]:
        return []

    def io_binding(self) -> Binding:
        return Binding(self)

    def run_with_iobinding(self, binding: Binding) -> None:
        if self.fault == "run" and CUDA in self.providers:
            raise self.error


class Binding:
    """Of such a session; what it makes is the session's provider."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def bind_ortvalue_input(self, name: str, value: Any) -> None:
        assert isinstance(value, Kept)

    def get_outputs(self) -> list[Any]:
        return [SimpleNamespace(numpy=lambda: self.session.providers[0])]


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch, small_model: Path) -> Callable[..., Graph]:
    """Return a function that opens a graph on a GPU that fails so."""
    tell_once.cache_clear()

    def listed() -> list[str]:
        return [CUDA, "CPUExecutionProvider"]

    def opened(device: str, fault: str, error: str) -> Graph:
        monkeypatch.setattr(onnxruntime, "get_available_providers", listed)
        monkeypatch.setattr(onnxruntime, "preload_dlls", lambda: None, raising=False)
        monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
        monkeypatch.setattr(Session, "fault", fault)
        monkeypatch.setattr(Session, "error", RuntimeError(error))
        return Graph(modelfile.load(str(small_model)).graph("fuse"), device)

    return opened


def test_one_of_several_gpus_can_be_chosen(pretend: Callable[..., Graph]) -> None:
    graph = pretend("cuda:1", "", "")
    assert graph.device == "cuda:1"
    assert graph.session.options == {CUDA: {**ON_GPU, "device_id": 1}}
    assert pretend("cuda", "", "").session.options == {CUDA: {**ON_GPU, "device_id": 0}}
    with raises_code("unknown-device"):
        pretend("cuda:x", "", "")


def test_a_gpu_that_cannot_be_opened_is_told_of_once(
    pretend: Callable[..., Graph], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        graph = pretend("auto", "open", "CUDA failure 35: driver too old.")
        assert graph.device == "cpu" and graph.run() == ["CPUExecutionProvider"]
    assert told(caplog) == [("CUDA failure 35: driver too old",)]
    with raises_code("no-cuda"):
        pretend("cuda", "open", "CUDA failure 35: driver too old.")


def test_a_gpu_that_fails_later_is_left_where_any_device_will_do(
    pretend: Callable[..., Graph], caplog: pytest.LogCaptureFixture
) -> None:
    graph = pretend("auto", "run", "CUDA failure 719: launch failure")
    assert graph.device == "cuda"
    assert graph.run() == ["CPUExecutionProvider"] and graph.device == "cpu"
    assert told(caplog) == [("CUDA failure 719: launch failure",)]
    with pytest.raises(RuntimeError):
        pretend("cuda", "run", "CUDA failure 719: launch failure").run()


def test_what_was_kept_on_a_gpu_that_is_left_is_lost(pretend: Callable[..., Graph]) -> None:
    """The tile is begun anew, see `core.methods.srino.Sampler`."""
    kept = Kept.ortvalue_from_numpy(np.zeros(1, np.float32))
    graph = pretend("auto", "run", "CUDA failure 719: launch failure")
    with pytest.raises(GpuLostError):
        graph.run(kept=kept)
    assert graph.device == "cpu" and graph.run(kept=kept) == ["CPUExecutionProvider"]


def test_what_a_graph_keeps_on_its_device_is_what_it_returns(
    small_srino: Path,
) -> None:
    model = modelfile.load(str(small_srino))
    begin, of = Graph(model.graph("begin"), "cpu"), inputs(4, 32)
    of["weight"] = of["gain"]
    of = {name: of[name] for name in begin.inputs}
    kept, returned = begin.keep(**of), begin.run(**of)
    assert all(isinstance(value, Kept) and value.device_name() == "cpu" for value in kept)
    for a, b in zip(kept, returned, strict=True):
        np.testing.assert_array_equal(a.numpy(), b)


def test_a_gpu_whose_memory_is_full_is_not_left(pretend: Callable[..., Graph]) -> None:
    """Smaller windows may fit, see `core.fusion.out_of_memory`."""
    graph = pretend("auto", "run", "BFCArena: Failed to allocate memory for requested buffer")
    with pytest.raises(RuntimeError):
        graph.run()
    assert graph.device == "cuda"


def test_libraries_of_cuda_that_are_missing_are_named(
    monkeypatch: pytest.MonkeyPatch, small_model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """onnxruntime prints them, and then takes the CPU in silence."""

    def preload() -> None:
        print("Failed to load libcublas.so.13: no such file.")
        print("Please follow https://onnxruntime.ai to install CUDA.")

    tell_once.cache_clear()
    monkeypatch.setattr(onnxruntime, "preload_dlls", preload, raising=False)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA])
    with pytest.warns(UserWarning):
        graph = Graph(modelfile.load(str(small_model)).graph("fuse"), "auto")
    assert graph.device == "cpu"
    assert told(caplog) == [("Failed to load libcublas.so.13: no such file",)]
