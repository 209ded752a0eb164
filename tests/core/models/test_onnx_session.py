# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from raising import raises_code

from core.models import modelfile
from core.models.onnx_session import CUDA, Graph
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
    from training.graphs import plain_network

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
