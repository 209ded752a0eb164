# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers compute the same when they are exported."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core.models.onnx_session import Graph
from core.networks.layers import PixelShuffle
from core.networks.pannext import ConvNeXtBlock
from training.onnx_graphs import export_graph


class Block(nn.Module):
    """A block without modulation, with parameters of every size."""

    def __init__(self) -> None:
        super().__init__()
        self.block = ConvNeXtBlock(8, None, 4)
        for parameter in self.parameters():
            nn.init.normal_(parameter)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.block(x, None)


@pytest.mark.parametrize(
    ("layer", "channels"), [(PixelShuffle(2), 20), (PixelShuffle(4), 32), (Block(), 8)]
)
def test_an_exported_layer_computes_the_same(layer: nn.Module, channels: int, tmp_path) -> None:
    """Of another size and number of images than its example."""
    axes = {"x": {0: "windows", 2: "height", 3: "width"}}
    graph = export_graph(layer.eval(), [torch.randn(1, channels, 6, 8)], ["x"], ["y"], axes)
    (tmp_path / "layer.onnx").write_bytes(graph)
    x = torch.randn(3, channels, 5, 7)
    (found,) = Graph(tmp_path / "layer.onnx", "cpu").run(x=x.numpy())
    with torch.no_grad():
        np.testing.assert_allclose(found, layer(x).numpy(), rtol=1e-4, atol=1e-4)
