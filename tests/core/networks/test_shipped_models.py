# SPDX-License-Identifier: GPL-2.0-or-later
"""The networks compute what they did when the shipped models were trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.models import modelfile
from core.models.onnx_session import Graph
from training.export import renew_graphs

pytestmark = pytest.mark.numerical


def example(graph: Path, card: modelfile.ModelCard) -> dict[str, np.ndarray]:
    """Inputs of the shapes that a graph declares, with three bands where any number will do."""
    rng = np.random.default_rng(0)
    side = card.window // card.network.get("stride", 1)
    sizes = {"windows": 2, "bands": 3, "rows": side, "cols": side}
    inputs = {
        each.name: rng.random(
            [d.dim_value or sizes.get(d.dim_param, card.window)
             for d in each.type.tensor_type.shape.dim], np.float32)
        for each in modelfile.read_graph(graph).graph.input
    }  # fmt: skip
    return {**inputs, "t": np.full(1, 40, np.float32)} if "t" in inputs else inputs


@pytest.mark.parametrize("name", modelfile.shipped_models())
def test_a_shipped_model_exported_anew_computes_the_same(name: str, tmp_path: Path) -> None:
    shipped = modelfile.load(name, modelfile.read_card(modelfile.find(name)).method)
    again = renew_graphs(shipped, tmp_path)
    for role in modelfile.ROLES[shipped.card.method]:
        old, new = (Graph(model.graph(role), "cpu") for model in (shipped, again))
        given = example(shipped.graph(role), shipped.card)
        for one, other in zip(old.run(**given), new.run(**given), strict=True):
            np.testing.assert_allclose(other, one, atol=1e-5 * max(1, np.abs(one).max()))
