# SPDX-License-Identifier: GPL-2.0-or-later
"""Pyramid Latent Fusion Encoders: images to a few latent tokens.

KSDiff (arXiv 2505.18991). PLFE1 encodes PAN, LMS and the reference as the prior z; PLFE2, with one
guided branch instead of two, encodes PAN and LMS as the condition c. Equations 1 and 2:

    Q = softmax_channels(q(X)),  K = softmax_positions(k(Y)),  V = v(Y)
    A = K V^T,  O = Conv_out(A^T Q)
    gate = sigmoid(Conv_g[X; Proj(Y)]),  F = gate * X + (1 - gate) * Proj(Y) + O

The products in eq. 1 are matrix products, so that the cost of the attention is linear in H*W.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.bands import pool_bands


class AnyBandsStem(nn.Module):
    """Two 3x3 convolutions for any number of bands, which are pooled in between."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.each = nn.Conv2d(1, dim, 3, padding=1)
        self.merge = nn.Conv2d(2 * dim, dim, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Return features common to all bands: (B, C, H, W) -> (B, d, H, W)."""
        each = F.gelu(self.each(x.flatten(0, 1)[:, None]))  # (B*C, d, H, W)
        return self.merge(pool_bands(each, x.shape[1]))


def image_stem(channels: int | None, dim: int) -> nn.Module:
    """Return 3x3 - GELU - 3x3 on a fixed number of channels, or on any number of bands (None)."""
    if channels is None:
        return AnyBandsStem(dim)
    return nn.Sequential(
        nn.Conv2d(channels, dim, 3, padding=1), nn.GELU(), nn.Conv2d(dim, dim, 3, padding=1)
    )


def _projection(cin: int, cout: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(cin, cout, 1), nn.Conv2d(cout, cout, 3, padding=1, groups=cout))


class LinearCrossAttention(nn.Module):
    """Eq. 1: queries from X, keys and values from Y; memory d*d."""

    def __init__(self, dim: int, guide: int) -> None:
        super().__init__()
        self.q = _projection(dim, dim)
        self.k = _projection(guide, dim)
        self.v = _projection(guide, dim)
        self.out = nn.Conv2d(dim, dim, 1)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Return O: X (B, d, H, W), Y (B, g, H, W) -> (B, d, H, W)."""
        q = self.q(x).flatten(2).softmax(dim=1)  # (B, d, N)
        k = self.k(y).flatten(2).softmax(dim=2)
        v = self.v(y).flatten(2)
        context = k @ v.transpose(1, 2)  # (B, d, d)
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
        """Return F, halved: X (B, d, H, W), Y (B, g, H, W) -> (B, out, H/2, W/2)."""
        aligned = self.project(y)
        gate = torch.sigmoid(self.gate(torch.cat([x, aligned], dim=1)))
        fused = gate * x + (1 - gate) * aligned + self.attention(x, y)
        return F.gelu(self.down(fused))


class Branch(nn.Module):
    """A branch X under the guide Y, which is halved from stage to stage."""

    def __init__(self, dims: tuple[int, ...]) -> None:
        super().__init__()
        outs = [*dims[1:], dims[-1]]
        self.stages = nn.ModuleList(
            GuidedStage(dim, dims[0], out) for dim, out in zip(dims, outs, strict=True)
        )

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Return X after all n stages: X, Y (B, dims[0], H, W) -> (B, dims[-1], H/2^n, W/2^n)."""
        for stage in self.stages:
            x = stage(x, y)
            y = F.avg_pool2d(y, 2)  # what bilinear interpolation by a half is on this grid
        return x


class Tokens(nn.Module):
    """Pool the features of a branch to a grid of `side` x `side` tokens of unit variance."""

    def __init__(self, dim: int, c_z: int, side: int) -> None:
        super().__init__()
        self.side = side
        self.project = nn.Conv2d(dim, c_z, 1)
        self.linear = nn.Linear(c_z, c_z)
        # The diffusion assumes a prior of unit variance.
        self.norm = nn.LayerNorm(c_z, elementwise_affine=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return tokens: (B, d, h, w) -> (B, side*side, C_z)."""
        pooled = F.adaptive_avg_pool2d(self.project(x), self.side)
        return self.norm(self.linear(F.gelu(pooled.flatten(2).transpose(1, 2))).float())


class PLFE1(nn.Module):
    """Encoder of the prior z: two branches, PAN and LMS, guided by the reference."""

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
        """Return z: PAN (B, P, H, W), LMS and reference (B, C, H, W) -> (B, tokens, C_z)."""
        y = self.gt_stem(gt)
        x = [self.pan_branch(self.pan_stem(pan), y), self.lms_branch(self.lms_stem(lms), y)]
        return self.tokens(torch.cat(x, dim=1))


class PLFE2(nn.Module):
    """Encoder of the condition c from PAN and LMS alone: the LMS branch, guided by PAN."""

    def __init__(
        self, bands: int | None, pan: int, dims: tuple[int, ...], c_z: int, side: int
    ) -> None:
        super().__init__()
        self.pan_stem = image_stem(pan, dims[0])
        self.lms_stem = image_stem(bands, dims[0])
        self.lms_branch = Branch(dims)
        self.tokens = Tokens(dims[-1], c_z, side)

    def forward(self, pan: Tensor, lms: Tensor) -> Tensor:
        """Return c: PAN (B, P, H, W), LMS (B, C, H, W) -> (B, tokens, C_z)."""
        return self.tokens(self.lms_branch(self.lms_stem(lms), self.pan_stem(pan)))
