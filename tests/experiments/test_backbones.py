# SPDX-License-Identifier: GPL-2.0-or-later
"""The fusion networks of other papers, plain and with kernels of a prior."""

from __future__ import annotations

import itertools

import pytest
import torch

from experiments.ablate.backbones import BACKBONES, Backbone, DiCNN, FusionNet, LAGConv2d, LAGNet

RANKS = (4, 4, 2, 2)
every_backbone = pytest.mark.parametrize("network", BACKBONES.values(), ids=BACKBONES)


@pytest.mark.parametrize(
    ("network", "bands", "count"),
    [
        (DiCNN, 8, 46_792), (DiCNN, 4, 42_180),
        (FusionNet, 8, 78_632), (FusionNet, 4, 76_324),
        (LAGNet, 8, 151_397), (LAGNet, 4, 148_457),
    ],
)  # fmt: skip
def test_plain_networks_have_the_papers_parameters(
    network: type[Backbone], bands: int, count: int
) -> None:
    assert sum(p.numel() for p in network(bands, None, 256).parameters()) == count


@every_backbone
def test_a_plain_network_with_the_scenes_kernels_is_the_modulated_one(
    network: type[Backbone],
) -> None:
    torch.manual_seed(0)
    modulated, plain = network(3, RANKS, 8), network(3, None, 8)
    pan, lms, prior = torch.randn(2, 1, 12, 16), torch.randn(2, 3, 12, 16), torch.randn(1, 8)
    state = {k: v for k, v in modulated.state_dict().items() if ".generator." not in k}
    names = modulated.kernel_names()
    with torch.no_grad():
        image, _, kernels = modulated.fuse(pan, lms, prior=prior)
        plain.load_state_dict({**state, **dict(zip(names, (k[0] for k in kernels), strict=True))})
        torch.testing.assert_close(plain(pan, lms), image, atol=1e-5, rtol=1e-5)
        plain.load_state_dict(state)
        torch.testing.assert_close(plain(pan, lms), modulated(pan, lms), atol=1e-5, rtol=1e-5)
    assert not any(k[0].equal(state[name]) for k, name in zip(kernels, names, strict=True))


@every_backbone
def test_scenes_together_give_what_each_scene_gives_alone(network: type[Backbone]) -> None:
    torch.manual_seed(0)
    net, windows, scenes = network(3, RANKS, 8), 2, 3
    pan, lms = torch.randn(windows, scenes, 1, 8, 8), torch.randn(windows, scenes, 3, 8, 8)
    prior = torch.randn(scenes, 8)
    with torch.no_grad():
        together = net(pan.flatten(0, 1), lms.flatten(0, 1), prior=prior)
        for s in range(scenes):
            alone = net(pan[:, s], lms[:, s], prior=prior[s : s + 1])
            torch.testing.assert_close(
                together.unflatten(0, (windows, scenes))[:, s], alone, atol=1e-5, rtol=1e-5
            )


def test_local_attention_weighs_the_taps_of_each_pixel() -> None:
    torch.manual_seed(0)
    layer = LAGConv2d(2, 3, None, 8)
    x = torch.randn(1, 2, 4, 5)
    with torch.no_grad():
        y = layer(x)[0]
        attention = layer.local(x)[0].unflatten(0, (3, 3))
        bias = layer.whole(x.mean(dim=(2, 3)))[0]
        padded = torch.nn.functional.pad(x[0], (1, 1, 1, 1))
        for o, r, c in itertools.product(range(3), range(4), range(5)):
            patch = padded[:, r : r + 3, c : c + 3] * attention[:, :, r, c]
            expected = (layer.weight[o] * patch).sum() + bias[o]
            assert float(y[o, r, c]) == pytest.approx(float(expected), abs=1e-5)
