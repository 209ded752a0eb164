# SPDX-License-Identifier: GPL-2.0-or-later
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


def test_a_written_model_loads_with_its_card(small_model: Path) -> None:
    model = modelfile.load(str(small_model))
    assert model.card.method == "ksdiff"
    assert model.card.bands is None
    assert set(model.card.hashes) == {"weights", "context", "fuse"}
    assert model.graph("fuse").is_file()


@pytest.mark.parametrize("role", ["context", "fuse"])
def test_a_changed_graph_is_refused(copy: Path, role: str) -> None:
    graph = modelfile.ModelFile(copy, modelfile.read_card(copy)).graph(role)
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)
    with raises_code("model-damaged", path=graph):
        modelfile.load(str(copy))


def test_a_missing_graph_is_named(copy: Path) -> None:
    modelfile.ModelFile(copy, modelfile.read_card(copy)).graph("fuse").unlink()
    with raises_code("model-graph-missing", graph="small.fuse.onnx"):
        modelfile.load(str(copy))


def test_changed_weights_are_refused(copy: Path) -> None:
    weights = modelfile.read_weights(copy)
    metadata = {"card": _card_text(copy)}
    name = sorted(weights)[0]
    weights[name] = weights[name] + np.float32(1e-3)
    save_file(weights, copy, metadata)
    with raises_code("model-damaged"):
        modelfile.load(str(copy))


def test_other_files_are_not_models(tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    save_file({"a": np.zeros(3, np.float32)}, other)
    text = tmp_path / "text.safetensors"
    text.write_text("hello")
    for path in (other, text):
        with raises_code("not-a-model"):
            modelfile.load(str(path))


def test_a_card_without_hashes_is_refused(copy: Path) -> None:
    card = json.loads(_card_text(copy))
    card["hashes"] = {}
    save_file(modelfile.read_weights(copy), copy, {"card": json.dumps(card)})
    with raises_code("not-a-model", reason="hashes are missing"):
        modelfile.load(str(copy))


def test_a_card_of_no_method_is_refused(copy: Path) -> None:
    card = json.loads(_card_text(copy))
    card["method"] = "wavelet"
    save_file(modelfile.read_weights(copy), copy, {"card": json.dumps(card)})
    with raises_code("not-a-model", reason="there is no method wavelet"):
        modelfile.load(str(copy))


def test_a_model_of_another_method_is_refused(small_model: Path) -> None:
    with raises_code("model-for-other-method", model_method="ksdiff", method="srino"):
        modelfile.load(str(small_model), "srino")


def test_each_method_has_graphs_and_settings_of_its_own(tmp_path: Path) -> None:
    card = modelfile.ModelCard(
        name="steps",
        method="srino",
        network={},
        bands=None,
        profile="scene",
        receptive=8,
        stride=4,
        window=32,
        ratios=(2, 4),
        version="1",
        steps=4,
    )
    # What the graphs share with the weights is stored once.
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


def test_graphs_that_point_elsewhere_than_to_their_weights_are_refused(copy: Path) -> None:
    """A file that was named anew, and a longer card, behind which all weights have moved."""
    renamed = copy.with_name("renamed.safetensors")
    shutil.copy(copy, renamed)
    graph = modelfile.ModelFile(copy, modelfile.read_card(copy)).graph("fuse")
    assert Graph(graph, "cpu").inputs
    other = graph.with_name("renamed.fuse.onnx")
    shutil.copy(graph, other)
    with raises_code("model-graph-mismatch"):
        Graph(other, "cpu")
    card = json.loads(_card_text(copy))
    card["scores"] = {"told": "later " * 50}
    save_file(modelfile.read_weights(copy), copy, {"card": json.dumps(card)})
    model = modelfile.load(str(copy))
    with raises_code("model-graph-mismatch"):
        Graph(model.graph("fuse"), "cpu")


def test_unknown_name_lists_what_is_there() -> None:
    with raises_code("model-unknown", model="nonsense"):
        modelfile.load("nonsense")


def test_shipped_models_are_whole_and_say_where_they_come_from() -> None:
    names = modelfile.shipped_models()
    assert "ksdiff-scene" in names
    for name in names:
        method = modelfile.read_card(modelfile.find(name)).method
        card = modelfile.load(name, method).card
        assert card.name == name
        assert card.training["sources"] and card.training["licences"] and card.scores


def _card_text(path: Path) -> str:
    return json.dumps(asdict(modelfile.read_card(path)))
