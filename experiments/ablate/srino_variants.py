# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO with one part replaced, for its ablations (CVPR 2026, Table 3, Figures 7 and 8).

The operators take the place of `core.networks.operators.GalerkinKernel`. They have no context: an
empty one stands for it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.batch import Batch
from core.networks.denoiser import Denoised, OperatorDenoiser, SceneContext
from core.networks.guidance import Adapter
from core.networks.operators import Operated
from core.networks.srino import SRINO, Prediction, SRINOConfig


class SoftmaxAttention(nn.Module):
    """softmax(Q K^T / sqrt(c)) V: time and memory grow with the square of the number of pixels."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Conv2d(dim, 3 * dim, 1)

    def forward(self, phi: Tensor, scenes: int, context: Tensor | None = None) -> Operated:
        """Attend: (B, d, H, W) -> the same."""
        b, dim, height, width = phi.shape
        split = self.qkv(phi).reshape(b, 3, self.heads, dim // self.heads, height * width)
        query, key, value = split.transpose(3, 4).unbind(1)  # (B, h, N, c) each
        # Written out: fused versions never hold the matrix, which is what is compared here.
        scores = (query @ key.transpose(2, 3)) * (dim // self.heads) ** -0.5
        out = scores.softmax(dim=3) @ value
        return Operated(out.transpose(2, 3).reshape(b, dim, height, width), phi.new_zeros(0))


class FourierKernel(nn.Module):
    """A kernel in the frequency domain (Li et al., FNO, ICLR 2021): the lowest modes."""

    def __init__(self, dim: int, heads: int, modes: int = 16) -> None:
        super().__init__()
        self.modes = modes
        size = (2, dim, dim, modes, modes, 2)
        self.weight = nn.Parameter(torch.randn(size) / dim)
        self.skip = nn.Conv2d(dim, dim, 1)

    def forward(self, phi: Tensor, scenes: int, context: Tensor | None = None) -> Operated:
        """Convolve: (B, d, H, W) -> the same."""
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
        return Operated(F.gelu(back.to(phi.dtype) + self.skip(phi)), phi.new_zeros(0))


class Convolutions(nn.Module):
    """Two 3x3 convolutions: a local operator."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(dim, dim, 3, padding=1), nn.GELU(), nn.Conv2d(dim, dim, 3, padding=1)
        )

    def forward(self, phi: Tensor, scenes: int, context: Tensor | None = None) -> Operated:
        """Convolve: (B, d, H, W) -> the same."""
        return Operated(self.body(phi), phi.new_zeros(0))


def replace_kernels(denoiser: OperatorDenoiser, kernel: type[nn.Module], heads: int) -> None:
    """Give every layer of a denoiser another kernel."""
    for layer in denoiser.layers:
        layer.kernel = kernel(denoiser.width, heads)


class OtherOperator(SRINO):
    """SRINO with another kernel in every layer of its operator (Figure 8)."""

    def __init__(self, config: SRINOConfig, kernel: type[nn.Module]) -> None:
        super().__init__(config)
        replace_kernels(self.operator, kernel, config.heads)


class PartialAdapter(Adapter):
    """An adapter without the spatial or without the spectral residual."""

    def __init__(
        self, dim: int, bands: int | None, features: int, residual: int, stride: int,
        spatial: bool, spectral: bool,
    ) -> None:  # fmt: skip
        super().__init__(dim, bands, features, residual, stride)
        self.has_spatial, self.has_spectral = spatial, spectral
        if not spatial:
            del self.spatial, self.block
        if not spectral:
            del self.spectral, self.merge, self.gate

    def add_spatial(self, features: Tensor, spatial: Tensor) -> Tensor:
        """Return Z, or F~ unchanged: (K*S, d, h, w) -> the same."""
        return super().add_spatial(features, spatial) if self.has_spatial else features

    def open_gate(self, z: Tensor, spectral: Tensor, scenes: int) -> Tensor:
        """Return w (S, d), or zeros."""
        if self.has_spectral:
            return super().open_gate(z, spectral, scenes)
        return z.new_zeros(scenes, z.shape[1])


class SomeResiduals(SRINO):
    """SRINO guided by the spatial or the spectral residual alone, or by none (Table 3)."""

    def __init__(self, config: SRINOConfig, spatial: bool, spectral: bool) -> None:
        super().__init__(config)
        sizes = (config.width, config.bands, config.features, config.residual, config.stride)
        self.adapters = nn.ModuleList(
            PartialAdapter(*sizes, spatial, spectral) for _ in range(config.layers)
        )


class GradientGuidance(SRINO):
    """SRINO whose steps descend the residuals' gradient, too (Figure 7).

    X0 <- X0 - alpha grad_X ( |P - f_M2P(Y)| + |k * Y - L| ), means over the image.
    """

    def __init__(self, config: SRINOConfig, alpha: float) -> None:
        super().__init__(config)
        self.alpha = alpha

    def denoise(
        self, x_t: Tensor, t: Tensor, y: Tensor, prediction: Prediction, batch: Batch,
        spectral: Tensor | None, known: SceneContext | None = None,
    ) -> Denoised:  # fmt: skip
        """Return X0 (K*S, C, H, W), see `SRINO.denoise`."""
        with torch.enable_grad():
            noisy = x_t.detach().requires_grad_(True)
            x0, context = super().denoise(noisy, t, y, prediction, batch, spectral, known)
            image = batch.lms + x0 / self.config.scale
            kernels = self.ke(batch.pan, batch.lms, batch.scenes)
            r_spa = batch.pan[:, :1] - self.m2p(image, batch.weight)
            r_spe = self.spectral_residual(image, kernels, batch.lms)
            (gradient,) = torch.autograd.grad(r_spa.abs().mean() + r_spe.abs().mean(), noisy)
        return Denoised((x0 - self.alpha * gradient).detach(), context)
