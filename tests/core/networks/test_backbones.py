# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import itertools

import pytest
import torch

from core.networks.backbones import DiCNN, FusionNet, LAGConv2d, LAGNet
from core.networks.ksdiff import BACKBONES, KSDiffConfig, fusion_network

RANKS = (4, 4, 2, 2)
NETWORKS = {
    "pannext": {"unet_dims": (8, 12), "unet_depths": (2, 1)},
    **{name: {} for name in BACKBONES},
}


@pytest.mark.parametrize(
    ("network", "bands", "count"),
    [
        (DiCNN, 8, 46_792), (DiCNN, 4, 42_180),
        (FusionNet, 8, 78_632), (FusionNet, 4, 76_324),
        (LAGNet, 8, 151_397), (LAGNet, 4, 148_457),
    ],
)  # fmt: skip
def test_parameter_counts_of_the_plain_networks(network: type, bands: int, count: int) -> None:
    assert sum(p.numel() for p in network(bands, None, 256).parameters()) == count


@pytest.mark.parametrize(("name", "layers"), [("dicnn", 3), ("fusionnet", 8), ("lagnet", 10)])
def test_which_layers_a_prior_modulates(name: str, layers: int) -> None:
    assert len(BACKBONES[name](4, RANKS, 16).kernel_names()) == layers
    assert BACKBONES[name](4, None, 16).kernel_names() == []


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("generator", ["tucker", "mlp"])
def test_a_plain_network_with_the_found_kernels_is_the_modulated_one(
    name: str, generator: str
) -> None:
    torch.manual_seed(0)
    config = KSDiffConfig(bands=3, backbone=name, c_z=8, generator=generator, **NETWORKS[name])  # type: ignore[arg-type]
    network, plain = fusion_network(config), fusion_network(config, plain=True)
    pan, lms, prior = torch.randn(2, 1, 12, 16), torch.randn(2, 3, 12, 16), torch.randn(1, 8)
    found: list[torch.Tensor] = []
    with torch.no_grad():
        y = network(pan, lms, None, None, prior, found)
        state = {k: v for k, v in network.state_dict().items() if ".generator." not in k}
        names = network.kernel_names()
        assert set(names) <= set(state)
        plain.load_state_dict({**state, **dict(zip(names, (k[0] for k in found), strict=True))})
        torch.testing.assert_close(plain(pan, lms), y, atol=1e-5, rtol=1e-5)
        plain.load_state_dict(state)
        torch.testing.assert_close(plain(pan, lms), network(pan, lms), atol=1e-5, rtol=1e-5)
    assert not any(k[0].equal(state[name]) for k, name in zip(found, names, strict=True))


@pytest.mark.parametrize("name", NETWORKS)
def test_each_scene_alone_gives_the_same(name: str) -> None:
    torch.manual_seed(0)
    config = KSDiffConfig(bands=3, backbone=name, c_z=8, **NETWORKS[name])  # type: ignore[arg-type]
    network, windows, scenes = fusion_network(config), 2, 3
    pan, lms = torch.randn(windows, scenes, 1, 8, 8), torch.randn(windows, scenes, 3, 8, 8)
    prior = torch.randn(scenes, 8)
    with torch.no_grad():
        together = network(pan.flatten(0, 1), lms.flatten(0, 1), None, None, prior)
        for s in range(scenes):
            alone = network(pan[:, s], lms[:, s], None, None, prior[s : s + 1])
            torch.testing.assert_close(
                together.unflatten(0, (windows, scenes))[:, s], alone, atol=1e-5, rtol=1e-5
            )


@pytest.mark.parametrize("network", [DiCNN, FusionNet, LAGNet])
def test_these_networks_need_a_number_of_bands(network: type) -> None:
    with pytest.raises(ValueError, match="give bands"):
        network(None, None, 8)


def test_local_attention_weighs_the_taps_of_each_pixel() -> None:
    torch.manual_seed(0)
    layer = LAGConv2d(2, 3, None, 8, "tucker")
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
