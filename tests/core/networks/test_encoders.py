# SPDX-License-Identifier: GPL-2.0-or-later
"""PLFE against its equations, and the fusion network for any number of bands."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from core.networks.ksdiff import KSDiff
from core.networks.plfe import PLFE1, PLFE2, LinearCrossAttention

pytestmark = pytest.mark.numerical


class Shapes(TorchDispatchMode):
    """The shape of every tensor that is computed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[torch.Size] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        self.seen += [x.shape for x in (out if isinstance(out, tuple) else (out,))]
        return out


def test_linear_attention_never_holds_all_pairs_of_pixels() -> None:
    d, side = 6, 16
    with torch.no_grad(), Shapes() as shapes:
        LinearCrossAttention(d, 4)(torch.randn(1, d, side, side), torch.randn(1, 4, side, side))
    assert torch.Size([1, d, d]) in shapes.seen
    assert max(shape.numel() for shape in shapes.seen) <= d * side * side


def test_tokens_are_of_unit_scale() -> None:
    torch.manual_seed(0)
    for encoder, inputs in (
        (PLFE1(None, 2, (8, 12), 16, 2), (2, 4, 4)),
        (PLFE2(4, 1, (8, 12), 16, 2), (1, 4)),
    ):
        z = encoder(*(torch.randn(3, c, 32, 32) for c in inputs))
        assert z.shape == (3, 4, 16)
        torch.testing.assert_close(z.mean(2), torch.zeros(3, 4), atol=1e-5, rtol=0)
        torch.testing.assert_close(z.std(2, correction=0), torch.ones(3, 4), atol=1e-2, rtol=0)


def test_order_of_the_bands_does_not_matter_for_the_kernels(small_network: KSDiff) -> None:
    torch.manual_seed(0)
    pan, lms, gain = torch.randn(1, 2, 32, 32), torch.randn(1, 5, 32, 32), torch.rand(1, 5)
    noise, order = torch.randn(1, 4, 16), torch.tensor([3, 0, 4, 2, 1])
    details = torch.randn(1, 5, 2, 32, 32)
    with torch.no_grad():
        kernels = small_network.scene_kernels(pan, lms, gain, details, noise)
        shuffled = small_network.scene_kernels(
            pan, lms[:, order], gain[:, order], details[:, order], noise
        )
    for a, b in zip(kernels, shuffled, strict=True):
        torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-4)
