# SPDX-License-Identifier: GPL-2.0-or-later
"""The operator layers: what they compute, what that costs, and at which resolutions."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from core.networks.operators import GalerkinKernel, HeadNorm, OperatorLayer

pytestmark = pytest.mark.numerical


def galerkin(dim: int = 8, heads: int = 2) -> GalerkinKernel:
    """With norms that are not the identity."""
    torch.manual_seed(0)
    kernel = GalerkinKernel(dim, heads)
    for norm in (kernel.key_norm, kernel.value_norm):
        torch.nn.init.normal_(norm.weight, 1, 0.3)
        torch.nn.init.normal_(norm.bias, 0, 0.3)
    return kernel


def parts(kernel: GalerkinKernel, phi: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Q, K~ and V~ (h, N, c) of one image in double precision, by torch's own LayerNorm."""
    kernel, heads = kernel.double(), kernel.heads
    split = kernel.qkv(phi.double())[0].flatten(1).unflatten(0, (3, heads, -1)).transpose(2, 3)

    def norm(values: Tensor, by: HeadNorm) -> Tensor:
        weights = zip(values, by.weight[..., 0], by.bias[..., 0], strict=True)
        return torch.stack([F.layer_norm(v, v.shape[-1:], w, b, 1e-5) for v, w, b in weights])

    return split[0], norm(split[1], kernel.key_norm), norm(split[2], kernel.value_norm)


def test_galerkin_kernel_is_the_double_sum_over_pairs_of_pixels() -> None:
    """K(phi)(x) = 1/N sum_y (q(x) . k(y)) v(y), written as slowly as it is defined."""
    kernel, phi = galerkin(), torch.randn(1, 8, 3, 4)
    with torch.no_grad():
        found = kernel(phi, 1).phi
        q, k, v = parts(kernel, phi)
    expected = torch.zeros_like(q)
    for head in range(2):
        for x in range(12):
            for y in range(12):
                expected[head, x] += (q[head, x] @ k[head, y]) * v[head, y] / 12
    expected = expected.transpose(1, 2).reshape(1, 8, 3, 4)
    torch.testing.assert_close(found.double(), expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("size", [(5, 7), (8, 8), (40, 24)])
def test_a_layer_takes_any_size_and_learns(size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    layer = OperatorLayer(8, 2)
    torch.nn.init.normal_(layer.time.weight, std=0.1)
    phi = torch.randn(2, 8, *size)
    out, _ = layer(phi, torch.randn(2, 32), 2)
    assert out.shape == phi.shape
    out.square().mean().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in layer.parameters())


def flops(side: int) -> int:
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        GalerkinKernel(8, 2)(torch.zeros(1, 8, side, side), 1)
    return counter.get_total_flops()


def test_cost_is_linear_in_the_number_of_pixels() -> None:
    one = flops(8)
    assert [flops(side) / one for side in (16, 32, 64)] == [4, 16, 64]


def test_context_of_windows_is_the_mean_of_theirs() -> None:
    """Of each scene by itself; batches are window-major."""
    kernel, phi = galerkin(), torch.randn(6, 8, 5, 5)
    with torch.no_grad():
        pooled = kernel.context(phi, 2)
        single = torch.cat([kernel.context(window[None], 1) for window in phi])
    for scene in range(2):
        torch.testing.assert_close(pooled[scene], single[scene::2].mean(dim=0))


def test_with_a_given_context_the_layer_is_point_wise() -> None:
    torch.manual_seed(0)
    layer, phi, time_of = (
        OperatorLayer(8, 2),
        torch.randn(1, 8, 9, 9),
        torch.randn(1, 32),
    )
    changed = phi.clone()
    changed[..., 8, 8] += 3
    with torch.no_grad():
        context = layer.kernel.context(torch.randn(1, 8, 4, 4), 1)
        before, after = (layer(x, time_of, 1, context).phi for x in (phi, changed))
        free, moved = (layer(x, time_of, 1).phi for x in (phi, changed))
    assert before[..., :8, :].equal(after[..., :8, :])
    assert not before[..., 8, 8].equal(after[..., 8, 8])
    assert not free[..., 0, 0].equal(moved[..., 0, 0])


def test_a_layer_given_its_own_context_does_the_same() -> None:
    torch.manual_seed(0)
    layer, phi, time_of = OperatorLayer(8, 2), torch.randn(4, 8, 6, 6), torch.randn(4, 32)
    with torch.no_grad():
        free, context = layer(phi, time_of, 2)
        given = layer(phi, time_of, 2, context).phi
    assert context.shape == (2, 2, 4, 4)
    torch.testing.assert_close(given, free)


def test_the_sum_over_pixels_is_of_full_precision_under_autocast() -> None:
    kernel, phi = galerkin(), torch.randn(1, 8, 128, 128)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        out, context = kernel(phi, 1)
        rounded = F.conv2d(phi, kernel.qkv.weight[8:], kernel.qkv.bias[8:])  # type: ignore[index]
    assert out.dtype == rounded.dtype == torch.bfloat16 and context.dtype == torch.float32
    with torch.no_grad():
        key, value = rounded.flatten(2).unflatten(1, (2, 2, 4)).unbind(1)
        key, value = kernel.key_norm(key), kernel.value_norm(value)
    exact = key.double() @ value.double().transpose(2, 3) / 128**2
    torch.testing.assert_close(context.double(), exact, atol=2e-6, rtol=1e-5)
