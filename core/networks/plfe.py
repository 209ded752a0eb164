# SPDX-License-Identifier: GPL-2.0-or-later
"""Pyramid Latent Fusion Encoders: images to a few latent tokens.

KSDiff (arXiv 2505.18991). PLFE1 sees PAN, LMS and the reference and makes the prior z; PLFE2 has
one guided branch instead of two, sees PAN and LMS, and makes the condition c. Equations 1 and 2:

    Q = softmax_channels(q(X)),  K = softmax_positions(k(Y)),  V = v(Y)
    A = K V^T,  O = Conv_out(A^T Q)
    gate = sigmoid(Conv_g[X; Proj(Y)]),  F = gate * X + (1 - gate) * Proj(Y) + O

The products in eq. 1 are matrix products: that is what makes the attention linear in H*W.

The paper's counter-example "entangled feature" (Table 4) is a `PlainEncoder`: no branches, no
guide, no attention, one plain pyramid on everything at once.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.bands import image_stem


def _projection(cin: int, cout: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(cin, cout, 1), nn.Conv2d(cout, cout, 3, padding=1, groups=cout))


class LinearCrossAttention(nn.Module):
    """Eq. 1. X (B, d, H, W) asks, Y (B, g, H, W) answers -> (B, d, H, W); memory d*d."""

    def __init__(self, dim: int, guide: int) -> None:
        super().__init__()
        self.q = _projection(dim, dim)
        self.k = _projection(guide, dim)
        self.v = _projection(guide, dim)
        self.out = nn.Conv2d(dim, dim, 1)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        q = self.q(x).flatten(2).softmax(dim=1)
        k = self.k(y).flatten(2).softmax(dim=2)
        v = self.v(y).flatten(2)
        context = k @ v.transpose(1, 2)
        return self.out((context.transpose(1, 2) @ q).unflatten(2, x.shape[2:]))


class GuidedStage(nn.Module):
    """One pyramid stage of one branch: attention, gate (eq. 2), strided convolution."""

    def __init__(self, dim: int, guide: int, out: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(guide, dim, 1)
        self.attention = LinearCrossAttention(dim, guide)
        self.gate = nn.Conv2d(2 * dim, dim, 3, padding=1)
        self.down = nn.Conv2d(dim, out, 3, stride=2, padding=1)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        aligned = self.project(y)
        gate = torch.sigmoid(self.gate(torch.cat([x, aligned], dim=1)))
        fused = gate * x + (1 - gate) * aligned + self.attention(x, y)
        return F.gelu(self.down(fused))


class Branch(nn.Module):
    """A branch X refined under a guide Y, which is only halved from stage to stage."""

    def __init__(self, dims: tuple[int, ...]) -> None:
        super().__init__()
        outs = [*dims[1:], dims[-1]]
        self.stages = nn.ModuleList(
            GuidedStage(dim, dims[0], out) for dim, out in zip(dims, outs, strict=True)
        )

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        for stage in self.stages:
            x = stage(x, y)
            # Halving on this grid, bilinear interpolation is the mean of 2x2.
            y = F.avg_pool2d(y, 2)
        return x


class Tokens(nn.Module):
    """Branch features (B, d, h, w) to unit-scale tokens (B, side*side, C_z)."""

    def __init__(self, dim: int, c_z: int, side: int) -> None:
        super().__init__()
        self.side = side
        self.project = nn.Conv2d(dim, c_z, 1)
        self.linear = nn.Linear(c_z, c_z)
        # The diffusion assumes a prior of unit scale.
        self.norm = nn.LayerNorm(c_z, elementwise_affine=False)

    def forward(self, x: Tensor) -> Tensor:
        pooled = F.adaptive_avg_pool2d(self.project(x), self.side)
        return self.norm(self.linear(F.gelu(pooled.flatten(2).transpose(1, 2))).float())


class PLFE1(nn.Module):
    """The prior z from PAN (B, P, H, W), LMS and reference (B, C, H, W) -> (B, S, C_z)."""

    def __init__(
        self, bands: int | None, pan: int, dims: tuple[int, ...], c_z: int, side: int
    ) -> None:
        super().__init__()
        self.pan_stem = image_stem(pan, dims[0])
        self.lms_stem = image_stem(bands, dims[0])
        self.gt_stem = image_stem(bands, dims[0])
        self.pan_branch = Branch(dims)
        self.lms_branch = Branch(dims)
        self.tokens = Tokens(2 * dims[-1], c_z, side)

    def forward(self, pan: Tensor, lms: Tensor, gt: Tensor) -> Tensor:
        y = self.gt_stem(gt)
        x = [
            self.pan_branch(self.pan_stem(pan), y),
            self.lms_branch(self.lms_stem(lms), y),
        ]
        return self.tokens(torch.cat(x, dim=1))


class PLFE2(nn.Module):
    """The condition c from PAN and LMS alone: the LMS branch, guided by PAN."""

    def __init__(
        self, bands: int | None, pan: int, dims: tuple[int, ...], c_z: int, side: int
    ) -> None:
        super().__init__()
        self.pan_stem = image_stem(pan, dims[0])
        self.lms_stem = image_stem(bands, dims[0])
        self.lms_branch = Branch(dims)
        self.tokens = Tokens(dims[-1], c_z, side)

    def forward(self, pan: Tensor, lms: Tensor) -> Tensor:
        return self.tokens(self.lms_branch(self.lms_stem(lms), self.pan_stem(pan)))


class PlainEncoder(nn.Module):
    """Tokens (B, S, C_z) of all images in one: stems, concatenation, strided convolutions.

    With ``reference`` it takes PAN, LMS and reference and makes the prior z, without it PAN and LMS
    and makes the condition c.
    """

    def __init__(
        self,
        bands: int | None,
        pan: int,
        dims: tuple[int, ...],
        c_z: int,
        side: int,
        *,
        reference: bool,
    ) -> None:
        super().__init__()
        self.pan_stem = image_stem(pan, dims[0])
        self.lms_stem = image_stem(bands, dims[0])
        self.gt_stem = image_stem(bands, dims[0]) if reference else None
        self.merge = nn.Conv2d((3 if reference else 2) * dims[0], dims[0], 1)
        self.pyramid = nn.Sequential()
        for dim, out in zip(dims, [*dims[1:], dims[-1]], strict=True):
            self.pyramid.extend([nn.Conv2d(dim, dim, 3, padding=1), nn.GELU()])
            self.pyramid.extend([nn.Conv2d(dim, out, 3, stride=2, padding=1), nn.GELU()])
        self.tokens = Tokens(dims[-1], c_z, side)

    def forward(self, pan: Tensor, lms: Tensor, gt: Tensor | None = None) -> Tensor:
        features = [self.pan_stem(pan), self.lms_stem(lms)]
        if self.gt_stem is not None:
            features.append(self.gt_stem(gt))
        return self.tokens(self.pyramid(self.merge(torch.cat(features, dim=1))))
