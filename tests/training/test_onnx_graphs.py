# SPDX-License-Identifier: GPL-2.0-or-later
"""Weights of the exported graphs, and the receptive field of the fusion network."""

from __future__ import annotations

from dataclasses import replace

import onnx
import pytest
import torch
from small import recipe

from core.networks.ksdiff import KSDiff, KSDiffConfig
from training.objectives.ksdiff import KSDiffObjective, plain_network
from training.onnx_graphs import unet_receptive_field

DEPTHS = [(1, 1, 1), (2, 1, 1), (1, 2, 0), (2, 1)]


@pytest.mark.parametrize("bands", [None, 4])
def test_every_parameter_is_a_weight_of_the_fuse_graph(bands: int | None) -> None:
    """Untrained, with many equal values, which the exporter would merge."""
    model = KSDiff(replace(recipe().network, bands=bands))
    graph = onnx.load_model_from_string(KSDiffObjective().graphs(model.eval(), 32)["fuse"])
    weights = {w.name: onnx.numpy_helper.to_array(w) for w in graph.graph.initializer}
    for name, parameter in plain_network(model).named_parameters():
        torch.testing.assert_close(torch.tensor(weights[name]), parameter.detach(), rtol=0, atol=0)


@pytest.mark.numerical
@pytest.mark.parametrize(("bands", "stride"), [(None, 1), (None, 2), (3, 1)])
@pytest.mark.parametrize("depths", DEPTHS)
def test_the_receptive_field_is_that_of_the_gradients(
    bands: int | None, stride: int, depths: tuple[int, ...]
) -> None:
    """The farthest input that a pixel depends on, for every place in the coarsest grid."""
    dims = (4,) * len(depths)
    config = KSDiffConfig(bands, unet_dims=dims, unet_depths=depths, unet_stride=stride, c_z=8)
    torch.manual_seed(0)
    net = plain_network(KSDiff(config)).double()
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter) if parameter.dim() > 1 else None
    multiple = config.multiple
    side = multiple * (unet_receptive_field(config) // multiple + 2) * 2
    inputs = [torch.randn(1, config.pan_channels, side, side), torch.randn(1, 3, side, side)]
    if bands is None:
        inputs += [torch.rand(1, 3), torch.randn(1, 3, 2, side, side)]
    images = [i.double().requires_grad_() for i in inputs]
    hrms = net(*images)
    farthest = 0
    for place in range(side // 2, side // 2 + multiple):
        found = torch.autograd.grad(hrms[..., place, place].sum(), images, retain_graph=True)
        for gradient in (g for g in found if g.dim() > 2):
            hit = gradient.abs().flatten(0, -3).sum(0).nonzero()
            farthest = max(farthest, place - int(hit.min()), int(hit.max()) - place)
    assert farthest == unet_receptive_field(config)
