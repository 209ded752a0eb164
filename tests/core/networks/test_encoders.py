# SPDX-License-Identifier: GPL-2.0-or-later
"""PLFE against its equations, and the fusion network for any number of bands."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from core.networks.diffusion import Denoiser
from core.networks.ksdiff import KSDiff, KSDiffConfig
from core.networks.pannext import PanNeXtU
from core.networks.plfe import PLFE1, PLFE2, Branch, GuidedStage, LinearCrossAttention
from training.graphs import plain_network, receptive_field

pytestmark = pytest.mark.numerical


def size(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def test_parameter_counts_of_the_full_size_method_for_eight_bands() -> None:
    model = KSDiff(KSDiffConfig(bands=8))
    assert size(model.plfe1) == 1_563_488
    assert size(model.plfe2) == 819_552
    assert size(model.net) == 907_136
    assert size(PanNeXtU(8, ranks=None)) == 561_064
    assert size(Denoiser(16, 256, 512)) == 2_827_568


def test_linear_attention_equals_the_explicit_double_sum() -> None:
    torch.manual_seed(0)
    attention = LinearCrossAttention(6, 4)
    x, y = torch.randn(1, 6, 5, 5), torch.randn(1, 4, 5, 5)
    q = attention.q(x).flatten(2).softmax(1)[0]
    k = attention.k(y).flatten(2).softmax(2)[0]
    v = attention.v(y).flatten(2)[0]
    out = torch.zeros(6, 25)
    for p in range(25):
        for n in range(25):
            out[:, p] += torch.dot(q[:, p], k[:, n]) * v[:, n]
    expected = attention.out(out.reshape(1, 6, 5, 5))
    torch.testing.assert_close(attention(x, y), expected, atol=1e-5, rtol=1e-5)


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


def test_a_stage_is_gated_as_written() -> None:
    """Eq. 2, pixel by pixel: g X + (1 - g) Proj(Y) + O, with g from X and Proj(Y)."""
    torch.manual_seed(0)
    stage = GuidedStage(6, 4, 8)
    x, y = torch.randn(2, 6, 8, 8), torch.randn(2, 4, 8, 8)
    aligned = torch.einsum("og,nghw->nohw", stage.project.weight[:, :, 0, 0], y)
    aligned = aligned + stage.project.bias[:, None, None]
    both = F.pad(torch.cat([x, aligned], dim=1), (1, 1, 1, 1)).unfold(2, 3, 1).unfold(3, 3, 1)
    score = torch.einsum("nchwij,ocij->nohw", both, stage.gate.weight)
    g = 1 / (1 + torch.exp(-score - stage.gate.bias[:, None, None]))
    assert float((g - 0.5).detach().abs().max()) > 0.1, "a gate that is open by half hides a swap"
    fused = g * x + (1 - g) * aligned + stage.attention(x, y)
    expected = F.gelu(F.conv2d(fused, stage.down.weight, stage.down.bias, stride=2, padding=1))
    torch.testing.assert_close(stage(x, y), expected, atol=1e-5, rtol=1e-5)


def test_the_guide_is_halved_from_stage_to_stage_and_nothing_else() -> None:
    torch.manual_seed(0)
    branch = Branch((6, 8, 10))
    guides: list[torch.Tensor] = []
    for stage in branch.stages:
        stage.register_forward_pre_hook(lambda module, inputs: guides.append(inputs[1]))
    y = torch.randn(2, 6, 16, 16)
    assert branch(torch.randn(2, 6, 16, 16), y).shape == (2, 10, 2, 2)
    assert len(guides) == 3
    for guide in guides:
        torch.testing.assert_close(guide, y)
        y = F.interpolate(y, scale_factor=0.5, mode="bilinear")


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


def test_order_of_the_bands_does_not_matter(small_network: KSDiff) -> None:
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
        prior = torch.randn(1, 16)
        y = small_network.net(pan, lms, gain, details, prior)
        again = small_network.net(pan, lms[:, order], gain[:, order], details[:, order], prior)
    torch.testing.assert_close(y[:, order], again, atol=1e-4, rtol=1e-4)


def test_untrained_network_injects_what_classical_methods_do() -> None:
    torch.manual_seed(0)
    model = KSDiff(KSDiffConfig(unet_dims=(8, 12, 16), unet_depths=(1, 1, 1), plfe_dims=(8, 12)))
    pan, lms, gain = torch.randn(2, 2, 32, 32), torch.randn(2, 3, 32, 32), torch.rand(2, 3)
    details = torch.randn(2, 3, 2, 32, 32)
    expected = lms + 0.4 * gain[:, :, None, None] * pan[:, 1:] + 0.3 * details.sum(dim=2)
    torch.testing.assert_close(model.net(pan, lms, gain, details), expected)


def test_nothing_beyond_the_receptive_field_changes_a_pixel(small_network: KSDiff) -> None:
    reach = receptive_field(small_network.config)
    net, side = plain_network(small_network), 2 * reach + 4
    torch.manual_seed(0)
    pan, lms, gain = torch.randn(1, 2, side, side), torch.randn(1, 2, side, side), torch.rand(1, 2)
    details = torch.randn(1, 2, 2, side, side)
    far_pan, far_lms, far_details = pan.clone(), lms.clone(), details.clone()
    middle = slice(side // 2 - reach, side // 2 + reach + 1)
    inside = torch.zeros(side, side, dtype=torch.bool)
    inside[middle, middle] = True
    far_pan[..., ~inside] += 10
    far_lms[..., ~inside] -= 10
    far_details[..., ~inside] -= 10
    with torch.no_grad():
        a, b = net(pan, lms, gain, details), net(far_pan, far_lms, gain, far_details)
    centre = (..., side // 2, side // 2)
    torch.testing.assert_close(a[centre], b[centre], atol=1e-6, rtol=0)
    assert (a - b).abs().max() > 1
