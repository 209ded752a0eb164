# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers of a neural operator: a kernel integral over the whole image, then a point-wise network.

SRINO's (CVPR 2026, eqs. 2 and 6) is of Galerkin type (Cao, "Choose a Transformer: Fourier or
Galerkin", NeurIPS 2021):

    phi <- phi + O(K(phi) + phi),   K(phi) = Q (K~^T V~) / N,   K~, V~ = norm(W phi)

N is the number of pixels, so the cost is linear in it, and K~^T V~ / N, the Galerkin context, is a
mean over pixels. What the image says through that mean alone can be found once on windows
scattered over a scene and then kept: with a given context the layer is point-wise.

A batch is K windows of each of S scenes, window-major (see `core.networks.kernels`); means are
over all windows of a scene. `SoftmaxAttention`, `FourierKernel` and `Convolutions` are what the
paper compares with; they have no context.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Operator = Literal["galerkin", "softmax", "fourier", "cnn"]


def scene_mean(values: Tensor, scenes: int) -> Tensor:
    """Mean over the K windows of each of S scenes: (K*S, ...) -> (S, ...)."""
    return values.unflatten(0, (-1, scenes)).mean(dim=0)


def to_windows(values: Tensor, count: int) -> Tensor:
    """What each of S scenes has, for all `count` windows: (S, ...) -> (K*S, ...).

    That of a single scene stays (1, ...), which broadcasts.
    """
    if len(values) == 1:
        return values
    return values.repeat(count // values.shape[0], *[1] * (values.dim() - 1))


class HeadNorm(nn.Module):
    """LayerNorm over the channels of each head, with weights of its own: (B, h, c, N) -> same."""

    def __init__(self, heads: int, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(heads, channels, 1))
        self.bias = nn.Parameter(torch.zeros(heads, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = x.float()
        variance, mean = torch.var_mean(x, dim=2, keepdim=True, unbiased=False)
        return (x - mean) * torch.rsqrt(variance + 1e-5) * self.weight + self.bias


class GalerkinKernel(nn.Module):
    """Q (K~^T V~) / N, head by head; the sum over pixels in full precision."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Conv2d(dim, 3 * dim, 1)
        self.key_norm = HeadNorm(heads, dim // heads)
        self.value_norm = HeadNorm(heads, dim // heads)

    def context(self, phi: Tensor, scenes: int) -> Tensor:
        """K~^T V~ / N of each scene: (K*S, d, H, W) -> (S, h, c, c)."""
        dim = phi.shape[1]
        weight, bias = self.qkv.weight[dim:], self.qkv.bias[dim:]  # type: ignore[index]
        key, value = (
            F.conv2d(phi, weight, bias).flatten(2).unflatten(1, (2, self.heads, -1)).unbind(1)
        )
        with torch.autocast(phi.device.type, enabled=False):
            key, value = self.key_norm(key), self.value_norm(value)
            # Counted in the data: an exported graph would keep the number of its example.
            pixels = (key[0, 0, 0] * 0 + 1).sum()
            return scene_mean(key @ value.transpose(2, 3) / pixels, scenes)

    def forward(
        self, phi: Tensor, scenes: int, context: Tensor | None, found: list[Tensor]
    ) -> Tensor:
        """(K*S, d, H, W) -> the same; the context in use is appended to `found`."""
        dim = phi.shape[1]
        if context is None:
            context = self.context(phi, scenes)
        found.append(context)
        query = F.conv2d(phi, self.qkv.weight[:dim], self.qkv.bias[:dim])  # type: ignore[index]
        with torch.autocast(phi.device.type, enabled=False):
            mixing = to_windows(context, len(phi)).transpose(2, 3)
            out = mixing @ query.float().flatten(2).unflatten(1, (self.heads, -1))
        # Not by numbers: exported graphs would keep those of the example.
        return out.to(query.dtype).reshape_as(query)


class SoftmaxAttention(nn.Module):
    """softmax(Q K^T / sqrt(c)) V: time and memory grow with the square of the number of pixels."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Conv2d(dim, 3 * dim, 1)

    def forward(
        self, phi: Tensor, scenes: int, context: Tensor | None, found: list[Tensor]
    ) -> Tensor:
        """(B, d, H, W) -> the same."""
        b, dim, height, width = phi.shape
        split = self.qkv(phi).reshape(b, 3, self.heads, dim // self.heads, height * width)
        query, key, value = split.transpose(3, 4).unbind(1)
        # Written out: fused versions never hold the matrix, which is what is compared here.
        scores = (query @ key.transpose(2, 3)) * (dim // self.heads) ** -0.5
        out = scores.softmax(dim=3) @ value
        return out.transpose(2, 3).reshape(b, dim, height, width)


class FourierKernel(nn.Module):
    """A kernel in the frequency domain (Li et al., FNO, ICLR 2021): the lowest modes."""

    def __init__(self, dim: int, heads: int, modes: int = 16) -> None:
        super().__init__()
        self.modes = modes
        size = (2, dim, dim, modes, modes, 2)
        self.weight = nn.Parameter(torch.randn(size) / dim)
        self.skip = nn.Conv2d(dim, dim, 1)

    def forward(
        self, phi: Tensor, scenes: int, context: Tensor | None, found: list[Tensor]
    ) -> Tensor:
        """(B, d, H, W) -> the same."""
        height, width = phi.shape[2:]
        spectrum = torch.fft.rfft2(phi.float(), norm="ortho")
        rows, cols = min(self.modes, height // 2), min(self.modes, spectrum.shape[3])
        weight = torch.view_as_complex(self.weight)
        result = torch.zeros_like(spectrum)
        for part, kept in enumerate((slice(rows), slice(height - rows, height))):
            mixed = weight[part, :, :, :rows, :cols]
            result[:, :, kept, :cols] = torch.einsum(
                "bihw,iohw->bohw", spectrum[:, :, kept, :cols], mixed
            )
        back = torch.fft.irfft2(result, s=(height, width), norm="ortho")
        return F.gelu(back.to(phi.dtype) + self.skip(phi))


class Convolutions(nn.Module):
    """Two 3x3 convolutions: what is near."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(dim, dim, 3, padding=1), nn.GELU(), nn.Conv2d(dim, dim, 3, padding=1)
        )

    def forward(
        self, phi: Tensor, scenes: int, context: Tensor | None, found: list[Tensor]
    ) -> Tensor:
        """(B, d, H, W) -> the same."""
        result: Tensor = self.body(phi)
        return result


KERNELS: dict[str, type[nn.Module]] = {
    "galerkin": GalerkinKernel,
    "softmax": SoftmaxAttention,
    "fourier": FourierKernel,
    "cnn": Convolutions,
}


class OperatorLayer(nn.Module):
    """phi + O(K(phi') + phi'), phi' scaled and shifted by the time of the diffusion."""

    def __init__(self, dim: int, heads: int, operator: Operator) -> None:
        super().__init__()
        self.time = nn.Linear(4 * dim, 2 * dim)
        self.kernel = KERNELS[operator](dim, heads)
        self.out = nn.Sequential(nn.Conv2d(dim, dim, 1), nn.GELU(), nn.Conv2d(dim, dim, 1))
        nn.init.zeros_(self.time.weight)
        nn.init.zeros_(self.time.bias)

    def forward(
        self, phi: Tensor, time: Tensor, scenes: int, context: Tensor | None, found: list[Tensor]
    ) -> Tensor:
        """(K*S, d, H, W), time (K*S, 4d), context (S, h, c, c) if it is known -> (K*S, d, H, W)."""
        scale, shift = self.time(time)[:, :, None, None].chunk(2, dim=1)
        seen = phi * (1 + scale) + shift
        result: Tensor = phi + self.out(self.kernel(seen, scenes, context, found) + seen)
        return result
