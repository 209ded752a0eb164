# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers of a neural operator: a kernel integral over the whole image, then a point-wise network.

SRINO's (CVPR 2026, eqs. 2 and 6) is of Galerkin type (Cao, "Choose a Transformer: Fourier or
Galerkin", NeurIPS 2021):

    phi <- phi + O(K(phi) + phi),   K(phi) = Q (K~^T V~) / N,   K~, V~ = norm(W phi)

N is the number of pixels, so the cost is linear in it. K~^T V~ / N, the Galerkin context, is a mean
over the pixels of all windows of a scene (see `core.networks.batch.Batch`). It can be computed once
from windows scattered over a scene: with a given context the layer is point-wise.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.batch import scene_mean, to_windows


class Operated(NamedTuple):
    """Features (K*S, d, H, W), and the context (S, h, c, c) that they were computed with."""

    phi: Tensor
    context: Tensor


class HeadNorm(nn.Module):
    """LayerNorm over the channels of each head, with weights of its own."""

    def __init__(self, heads: int, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(heads, channels, 1))
        self.bias = nn.Parameter(torch.zeros(heads, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise each head: (B, h, c, N) -> the same, float32."""
        x = x.float()
        variance, mean = torch.var_mean(x, dim=2, keepdim=True, unbiased=False)
        return (x - mean) * torch.rsqrt(variance + 1e-5) * self.weight + self.bias


class GalerkinKernel(nn.Module):
    """Q (K~^T V~) / N (eq. 6), head by head; sums over pixels are in float32."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Conv2d(dim, 3 * dim, 1)
        self.key_norm = HeadNorm(heads, dim // heads)
        self.value_norm = HeadNorm(heads, dim // heads)

    def context(self, phi: Tensor, scenes: int) -> Tensor:
        """Return K~^T V~ / N of each scene: (K*S, d, H, W) -> (S, h, c, c)."""
        dim = phi.shape[1]
        weight, bias = self.qkv.weight[dim:], self.qkv.bias[dim:]  # type: ignore[index]
        # (K*S, 2d, H, W) -> two of (K*S, h, c, N)
        key, value = (
            F.conv2d(phi, weight, bias).flatten(2).unflatten(1, (2, self.heads, -1)).unbind(1)
        )
        with torch.autocast(phi.device.type, enabled=False):
            key, value = self.key_norm(key), self.value_norm(value)
            # Counted from the data: an exported graph would keep the number of its example input.
            pixels = (key[0, 0, 0] * 0 + 1).sum()
            return scene_mean(key @ value.transpose(2, 3) / pixels, scenes)

    def forward(self, phi: Tensor, scenes: int, context: Tensor | None = None) -> Operated:
        """Return K(phi) (K*S, d, H, W) of phi of that shape; None computes the context."""
        dim = phi.shape[1]
        if context is None:
            context = self.context(phi, scenes)
        query = F.conv2d(phi, self.qkv.weight[:dim], self.qkv.bias[:dim])  # type: ignore[index]
        with torch.autocast(phi.device.type, enabled=False):
            mixing = to_windows(context, len(phi)).transpose(2, 3)
            out = mixing @ query.float().flatten(2).unflatten(1, (self.heads, -1))  # (K*S, h, c, N)
        # Reshaped as another tensor: an exported graph would keep the sizes of its example input.
        return Operated(out.to(query.dtype).reshape_as(query), context)


class OperatorLayer(nn.Module):
    """phi + O(K(phi') + phi') (eq. 2), with phi' scaled and shifted by the diffusion step."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.time = nn.Linear(4 * dim, 2 * dim)
        self.kernel: nn.Module = GalerkinKernel(dim, heads)
        self.out = nn.Sequential(nn.Conv2d(dim, dim, 1), nn.GELU(), nn.Conv2d(dim, dim, 1))
        nn.init.zeros_(self.time.weight)
        nn.init.zeros_(self.time.bias)

    def forward(
        self, phi: Tensor, time: Tensor, scenes: int, context: Tensor | None = None
    ) -> Operated:
        """Return the next phi (K*S, d, H, W), of phi and time (K*S, 4d); None computes the context.

        `context` is (S, h, c, c).
        """
        scale, shift = self.time(time)[:, :, None, None].chunk(2, dim=1)
        shifted = phi * (1 + scale) + shift
        integral, used = self.kernel(shifted, scenes, context)
        return Operated(phi + self.out(integral + shifted), used)
