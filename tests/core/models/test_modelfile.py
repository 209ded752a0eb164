# SPDX-License-Identifier: GPL-2.0-or-later
"""Model files: what is written is read and checked, whatever else is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import pytest
from raising import raises_code
from safetensors.numpy import save_file

from core.models import modelfile
from core.models.onnx_session import Graph


@pytest.fixture
def copy(small_model: Path, tmp_path: Path) -> Path:
    """A model that may be damaged."""
    shutil.copytree(small_model.parent, tmp_path / "small")
    return tmp_path / "small" / small_model.name


def change_card(path: Path, **values: object) -> None:
    """Replace values of a model's card, with the same weights."""
    card = {**asdict(modelfile.read_card(path)), **values}
    save_file(modelfile.read_weights(path), path, {"card": json.dumps(card)})


def test_written_model_loads_with_its_card(small_model: Path) -> None:
    model = modelfile.load(str(small_model))
    assert model.card.method == "ksdiff"
    assert model.card.bands is None
    assert set(model.card.hashes) == {"weights", "context", "fuse"}
    assert model.graph("fuse").is_file()


def test_model_of_another_method_is_refused(small_model: Path) -> None:
    with raises_code("model-for-other-method", model_method="ksdiff", method="srino"):
        modelfile.load(str(small_model), "srino")


def test_graphs_share_weights_with_the_file(tmp_path: Path) -> None:
    card = modelfile.ModelCard(
        name="steps", method="srino", network={}, bands=None, profile="scene", receptive=8,
        stride=4, window=32, ratios=(2, 4), version="1", steps=4,
    )  # fmt: skip
    shared, own = np.arange(3000, dtype=np.float32), np.arange(500, dtype=np.float32)
    graphs = {role: sum_of(shared=shared, own=own) for role in modelfile.ROLES["srino"]}
    path = modelfile.write(tmp_path, card, {"shared": shared}, graphs).path
    found = modelfile.load(str(path), "srino")
    assert (found.card.steps, found.card.latent, found.card.kernels) == (4, (), ())
    assert 4 * own.size < found.graph("begin").stat().st_size < 4 * own.size + 500
    (total,) = Graph(found.graph("begin"), "cpu").run()
    assert total == shared.sum() + own.sum()


def sum_of(**weights: np.ndarray) -> bytes:
    """A graph that sums all its weights."""
    stored = [onnx.numpy_helper.from_array(value, name) for name, value in weights.items()]
    nodes = [
        onnx.helper.make_node("ReduceSum", [name], [f"of {name}"], keepdims=0) for name in weights
    ]
    nodes.append(onnx.helper.make_node("Sum", [f"of {name}" for name in weights], ["total"]))
    total = onnx.helper.make_tensor_value_info("total", onnx.TensorProto.FLOAT, [])
    graph = onnx.helper.make_graph(nodes, "sum", [], [total], stored)
    made = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    made.ir_version = 8
    return made.SerializeToString()


def test_graphs_that_point_to_other_weights_are_refused(copy: Path) -> None:
    """After renaming, and with a longer card, which moves all weights in the file."""
    graph = modelfile.load(str(copy)).graph("fuse")
    assert Graph(graph, "cpu").inputs
    shutil.copy(copy, copy.with_name("renamed.safetensors"))
    renamed = graph.with_name("renamed.fuse.onnx")
    shutil.copy(graph, renamed)
    change_card(copy, scores={"note": "later " * 50})
    for path in (renamed, modelfile.load(str(copy)).graph("fuse")):
        with raises_code("model-graph-mismatch"):
            Graph(path, "cpu")


def test_unknown_model_is_an_error() -> None:
    with raises_code("model-unknown", model="nonsense"):
        modelfile.load("nonsense")


def test_shipped_models_are_intact_and_state_their_sources() -> None:
    assert set(modelfile.shipped_models()) >= {"ksdiff-scene"}
    for name in modelfile.shipped_models():
        method = modelfile.read_card(modelfile.find(name)).method
        card = modelfile.load(name, method).card
        assert card.name == name
        assert card.training["sources"] and card.training["licences"] and card.scores
