# SPDX-License-Identifier: GPL-2.0-or-later
"""The Tucker product and the convolution that it modulates."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch import Tensor

from core.networks.kernels import KernelGenerator, KSConv2d, tucker

pytestmark = pytest.mark.numerical

RANKS = (4, 4, 2, 2)


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


def factors(ranks: tuple[int, ...], sizes: tuple[int, ...]) -> list[Tensor]:
    shapes = [ranks, *zip(ranks, sizes, strict=True)]
    return [torch.randn(2, *shape) for shape in shapes]


def test_tucker_equals_the_n_mode_products() -> None:
    ranks, sizes = (2, 3, 2, 1), (4, 5, 3, 3)
    parts = factors(ranks, sizes)
    core, *us = (x.numpy() for x in parts)
    expected = np.zeros((2, 5, 4, 3, 3))
    for n, i, o, k, m in itertools.product(range(2), *map(range, sizes)):
        for a, b, c, d in itertools.product(*map(range, ranks)):
            product = us[0][n, a, i] * us[1][n, b, o] * us[2][n, c, k] * us[3][n, d, m]
            expected[n, o, i, k, m] += core[n, a, b, c, d] * product
    np.testing.assert_allclose(tucker(*parts).numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("ranks", [(4, 4, 1, 1), RANKS, (16, 16, 2, 2)])
def test_modulation_starts_near_one_with_distinct_components(
    ranks: tuple[int, int, int, int],
) -> None:
    generator = KernelGenerator((32, 32, 7, 7), ranks, 64, depthwise=True)
    w = generator(torch.randn(3, 32), torch.randn(3, 64)).detach()
    assert 0.85 < float(w.mean()) < 1.15
    assert 0.02 < float(w.std()) < 0.3


@pytest.mark.parametrize(
    ("ranks", "count"),
    [((4, 4, 1, 1), 22_470), (RANKS, 25_692), ((16, 16, 2, 2), 101_148)],
)
def test_a_modulated_dense_layer_has_the_papers_parameters(
    ranks: tuple[int, int, int, int], count: int
) -> None:
    layer = KSConv2d(32, 32, 3, depthwise=False, ranks=ranks, c_z=256)
    assert sum(p.numel() for p in layer.parameters()) == count + 9_248


def test_ranks_larger_than_their_mode_are_clipped() -> None:
    layer = KSConv2d(3, 2, 1, depthwise=False, ranks=RANKS, c_z=8)
    assert layer.kernels(torch.randn(1, 3, 4, 4), torch.randn(1, 8)).shape == (1, 2, 3, 1, 1)  # type: ignore[union-attr]


@pytest.mark.parametrize("depthwise", [True, False])
@pytest.mark.parametrize("windows", [1, 3])
def test_scenes_together_give_what_each_scene_gives_alone(depthwise: bool, windows: int) -> None:
    layer = KSConv2d(6, 6, 3, depthwise=depthwise, ranks=RANKS, c_z=8)
    scenes = 2
    x, prior = torch.randn(windows * scenes, 6, 8, 8), torch.randn(scenes, 8)
    together = layer(x, layer.kernels(x, prior)).unflatten(0, (windows, scenes))
    for s in range(scenes):
        own = x.unflatten(0, (windows, scenes))[:, s]
        alone = layer(own, layer.kernels(own, prior[s : s + 1]))
        torch.testing.assert_close(together[:, s], alone, atol=1e-5, rtol=1e-5)


def test_gradients_reach_every_part() -> None:
    layer = KSConv2d(6, 6, 3, depthwise=True, ranks=RANKS, c_z=8)
    x, prior = torch.randn(4, 6, 8, 8), torch.randn(2, 8, requires_grad=True)
    layer(x, layer.kernels(x, prior)).square().mean().backward()
    for name, parameter in [*layer.named_parameters(), ("prior", prior)]:
        assert parameter.grad is not None and parameter.grad.abs().max() > 0, name
