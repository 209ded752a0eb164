# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.networks.kernels import (
    KernelGenerator,
    KSConv2d,
    MLPGenerator,
    scene_mean,
    tucker,
    tucker_depthwise,
)

pytestmark = pytest.mark.numerical


def factors(ranks: tuple[int, ...], sizes: tuple[int, ...]) -> list[torch.Tensor]:
    torch.manual_seed(0)
    return [
        torch.randn(2, *ranks),
        *(torch.randn(2, r, d) for r, d in zip(ranks, sizes, strict=True)),
    ]


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


def test_depthwise_is_the_diagonal_of_the_dense_kernel() -> None:
    parts = factors((4, 4, 2, 2), (6, 6, 7, 7))
    dense = tucker(*parts)
    diagonal = torch.stack([dense[:, j, j] for j in range(6)], dim=1)[:, :, None]
    torch.testing.assert_close(tucker_depthwise(*parts), diagonal, atol=1e-5, rtol=1e-5)


def test_ranks_never_exceed_their_mode() -> None:
    generator = KernelGenerator((3, 2, 1, 1), (4, 4, 2, 2), 8, depthwise=False)
    assert generator.ranks == (3, 2, 1, 1)


@pytest.mark.parametrize("ranks", [(4, 4, 1, 1), (4, 4, 2, 2), (16, 16, 2, 2)])
def test_modulation_starts_near_one_with_distinct_components(ranks: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    generator = KernelGenerator((32, 32, 7, 7), ranks, 64, depthwise=True)  # type: ignore[arg-type]
    w = generator(torch.randn(3, 32), torch.randn(3, 64)).detach()
    assert 0.85 < float(w.mean()) < 1.15
    assert 0.02 < float(w.std()) < 0.3


@pytest.mark.parametrize(
    ("ranks", "count"),
    [((4, 4, 1, 1), 22_470), ((4, 4, 2, 2), 25_692), ((16, 16, 2, 2), 101_148)],
)
def test_parameters_of_a_modulated_dense_layer(ranks: Any, count: int) -> None:
    layer = KSConv2d(32, 32, 3, depthwise=False, ranks=ranks, c_z=256)
    assert layer.generator is not None
    assert sum(p.numel() for p in layer.generator.parameters()) == count
    assert sum(p.numel() for p in layer.parameters()) == count + 9_248


def test_without_structure_a_kernel_takes_many_more_parameters() -> None:
    torch.manual_seed(0)
    generator = MLPGenerator((32, 32, 3, 3), 256)
    count = sum(p.numel() for p in generator.parameters())
    assert count == (256 + 1) * 64 + (64 + 1) * 32 * 32 * 9
    assert count > 10 * 25_692
    w = generator(torch.randn(3, 32), torch.randn(3, 256)).detach()
    torch.testing.assert_close(w, torch.ones(3, 32, 32, 3, 3), atol=0.1, rtol=0)


@pytest.mark.parametrize("generator", ["tucker", "mlp"])
@pytest.mark.parametrize("depthwise", [True, False])
@pytest.mark.parametrize("windows", [1, 3])
def test_one_grouped_convolution_equals_each_scene_alone(
    depthwise: bool, generator: Any, windows: int
) -> None:
    torch.manual_seed(0)
    layer = KSConv2d(6, 6, 3, depthwise=depthwise, ranks=(4, 4, 2, 2), c_z=8, generator=generator)
    scenes = 2
    x, prior = torch.randn(windows * scenes, 6, 8, 8), torch.randn(scenes, 8)
    together = layer(x, prior).unflatten(0, (windows, scenes))
    for s in range(scenes):
        alone = layer(x.unflatten(0, (windows, scenes))[:, s], prior[s : s + 1])
        torch.testing.assert_close(together[:, s], alone, atol=1e-5, rtol=1e-5)


def test_found_kernels_make_a_plain_convolution() -> None:
    torch.manual_seed(0)
    layer = KSConv2d(6, 6, 7, depthwise=True, ranks=(4, 4, 2, 2), c_z=8)
    x, found = torch.randn(4, 6, 16, 16), []
    y = layer(x, torch.randn(1, 8), found)
    plain = F.conv2d(x, found[0][0], layer.bias, padding=3, groups=6)
    torch.testing.assert_close(y, plain)


def test_gradients_reach_every_part() -> None:
    torch.manual_seed(0)
    layer = KSConv2d(6, 6, 3, depthwise=True, ranks=(4, 4, 2, 2), c_z=8)
    prior = torch.randn(2, 8, requires_grad=True)
    layer(torch.randn(4, 6, 8, 8), prior).square().mean().backward()
    for name, parameter in [*layer.named_parameters(), ("prior", prior)]:
        assert parameter.grad is not None and parameter.grad.abs().max() > 0, name


def test_scene_mean_is_over_positions_and_windows() -> None:
    x = torch.arange(8.0).reshape(4, 1, 2, 1)  # windows 0, 1 of scenes 0, 1
    torch.testing.assert_close(scene_mean(x, 2), torch.tensor([[2.5], [4.5]]))
