# SPDX-License-Identifier: GPL-2.0-or-later
"""Guidance of SRINO's denoiser: two small models of the sensor, and an adapter for each layer.

f_M2P predicts the PAN that the sensor would see of a multispectral image, f_KE how MS is blurred
against it. What PAN and LMS lack of that, given an estimate Y of the sharp image, are the residuals

    R_spa = P - f_M2P(Y),   R_spe = k * Y - L   (on the PAN grid, without decimation).

The adapter adds features of R_spa. R_spe only opens a gate for each channel (eq. 17): it is pooled
over the scene.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.bands import pool_bands, zero_init
from core.networks.batch import scene_mean, to_windows
from core.networks.layers import pointwise

#: Initial blur kernel of f_KE (standard deviation, PAN px): a common sensor's at ratio 4.
START_SIGMA = 2.0
#: Initial bias of the gates, before the sigmoid: nearly closed.
GATE_BIAS = -3.0


class PanModel(nn.Module):
    """f_M2P for a fixed number of bands: a network of each pixel."""

    def __init__(self, bands: int, hidden: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(bands, hidden, 1), nn.GELU(), nn.Conv2d(hidden, hidden, 1), nn.GELU(),
            nn.Conv2d(hidden, 1, 1),
        )  # fmt: skip

    def forward(self, image: Tensor, weight: Tensor) -> Tensor:
        """Predict PAN: (B, C, H, W) -> (B, 1, H, W); `weight` is not used."""
        result: Tensor = self.body(image)
        return result


class AnyBandsPanModel(nn.Module):
    """f_M2P for any number of bands: regression on PAN, corrected by a network of each pixel."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.each = nn.Linear(3, hidden)
        self.together = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 1)
        zero_init(self.out)

    def forward(self, image: Tensor, weight: Tensor) -> Tensor:
        """Predict PAN with the scene's regression: (B, C, H, W), (B, C) -> (B, 1, H, W)."""
        w = weight[:, :, None, None].expand_as(image)
        weighted = w * image
        inputs = torch.stack([image, w, weighted], dim=2)  # (B, C, 3, H, W)
        each = F.gelu(pointwise(inputs.flatten(0, 1), self.each.weight, self.each.bias))
        common = each.unflatten(0, image.shape[:2]).mean(dim=1)
        common = F.gelu(pointwise(common, self.together.weight, self.together.bias))
        out = pointwise(common, self.out.weight, self.out.bias)
        return weighted.sum(dim=1, keepdim=True) + out


class BlurModel(nn.Module):
    """f_KE: the blur kernel of each band, estimated from PAN and LMS; it sums to one.

    With `bands` None it sees one band at a time, beside PAN and its detail.
    """

    def __init__(self, bands: int | None, size: int, widths: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.bands, self.size = bands, size
        a, b, c, hidden = widths
        channels = 3 if bands is None else bands + 1
        self.look = nn.Sequential(
            nn.Conv2d(channels, a, 3, stride=2, padding=1), nn.GELU(),
            nn.Conv2d(a, b, 3, stride=2, padding=1), nn.GELU(),
            nn.Conv2d(b, c, 3, stride=2, padding=1), nn.GELU(),
        )  # fmt: skip
        for layer in self.look:
            if isinstance(layer, nn.Conv2d):
                # With torch's own start, differences of scenes fade from layer to layer, and
                # training stays at one kernel for all of them.
                nn.init.kaiming_normal_(layer.weight)
        last = nn.Linear(hidden, (bands or 1) * size * size)
        nn.init.normal_(last.weight, std=1e-3)
        with torch.no_grad():
            last.bias.copy_(gaussian_kernel(size, START_SIGMA).log().flatten().repeat(bands or 1))
        self.tell = nn.Sequential(nn.Linear(c, hidden), nn.GELU(), last)

    def forward(self, pan: Tensor, lms: Tensor, scenes: int) -> Tensor:
        """Return kernels (S, C, k, k) of S scenes from windows: (K*S, P, H, W), (K*S, C, H, W)."""
        b, c = lms.shape[:2]
        if self.bands is None:
            beside = pan[:, None].expand(-1, c, -1, -1, -1)
            inputs = torch.cat([beside, lms[:, :, None]], dim=2).flatten(0, 1)  # (K*S*C, 3, H, W)
        else:
            inputs = torch.cat([pan, lms], dim=1)
        pooled = self.look(inputs).float().mean(dim=(2, 3))
        if self.bands is None:
            pooled = pooled.unflatten(0, (b, c))
        taps = self.tell(scene_mean(pooled, scenes)).float().reshape(scenes, c, -1)
        return taps.softmax(dim=2).unflatten(2, (self.size, self.size))


def gaussian_kernel(size: int, sigma: float, device: torch.device | None = None) -> Tensor:
    """Return a Gaussian (1, 1, size, size) that sums to one, on the CPU by default."""
    offsets = torch.arange(size, device=device) - (size - 1) / 2
    weights = torch.exp(-(offsets**2) / (2 * sigma**2))
    kernel = weights[:, None] * weights[None]
    return (kernel / kernel.sum())[None, None]


def blurred(image: Tensor, kernels: Tensor) -> Tensor:
    """Return k * Y, the border repeated: (K*S, C, H, W) with kernels (S, C, k, k)."""
    b, c, height, width = image.shape
    radius = kernels.shape[2] // 2
    padded = F.pad(image.float(), (radius,) * 4, mode="replicate")
    weight = to_windows(kernels.float(), b).expand(b, -1, -1, -1).flatten(0, 1)[:, None]
    with torch.autocast(image.device.type, enabled=False):
        return F.conv2d(padded.flatten(0, 1)[None], weight, groups=b * c).view(b, c, height, width)


class SpectralProjection(nn.Module):
    """Features of R_spe; with `bands` None for any number of bands."""

    def __init__(self, bands: int | None, dim: int, stride: int) -> None:
        super().__init__()
        self.bands = bands
        self.conv = nn.Conv2d(bands or 1, dim, 3, stride=stride, padding=1)
        self.merge = nn.Conv2d(2 * dim, dim, 1) if bands is None else nn.Identity()

    def forward(self, residual: Tensor) -> Tensor:
        """Project: (B, C, H, W) -> (B, d, h, w) at the operator's resolution."""
        if self.bands is not None:
            return self.conv(residual)
        b, c, height, width = residual.shape
        each = F.gelu(self.conv(residual.reshape(b * c, 1, height, width)))
        result: Tensor = self.merge(pool_bands(each, c))
        return result


class Adapted(NamedTuple):
    """Features (K*S, d, h, w) that enter a layer, and the gate (S, d) that was used."""

    features: Tensor
    gate: Tensor


class Adapter(nn.Module):
    """Triple guidance before an operator layer (eqs. 11 to 17): features V, R_spa, R_spe.

    F~ = conv([F, V]) + F;  Z = block([F~, proj(R_spa)]) + F~;  Z~ = conv([Z, proj(R_spe)]);
    w = sigmoid(MLP([mean(Z~), max(Z~)]));  w Z + Z enters the layer.

    Mean and maximum are of windows, and the mean over a scene's windows is taken of both. What is
    added starts at zero, and gates start nearly closed: stage II begins with the operator of
    stage I.
    """

    def __init__(
        self, dim: int, bands: int | None, features: int, residual: int, stride: int
    ) -> None:
        super().__init__()
        self.fusion = nn.Conv2d(dim + features, dim, 3, padding=1)
        zero_init(self.fusion)
        self.spatial = nn.Conv2d(1, residual, 3, stride=stride, padding=1)
        self.block = nn.Conv2d(dim + residual, dim, 3, padding=1)
        zero_init(self.block)
        self.spectral = SpectralProjection(bands, residual, stride)
        self.merge = nn.Conv2d(dim + residual, dim, 1)
        last = nn.Linear(dim // 4, dim)
        nn.init.normal_(last.weight, std=1e-2)
        nn.init.constant_(last.bias, GATE_BIAS)
        self.gate = nn.Sequential(nn.Linear(2 * dim, dim // 4), nn.GELU(), last)

    def forward(
        self,
        features: Tensor,
        guide: Tensor,
        spatial: Tensor,
        spectral: Tensor | None,
        scenes: int,
        gate: Tensor | None = None,
    ) -> Adapted:
        """Return what enters the layer.

        Parameters
        ----------
        features, guide : F (K*S, d, h, w) and V (K*S, c_V, h, w) at the operator's resolution.
        spatial, spectral : R_spa (K*S, 1, H, W) and R_spe (K*S, C, H, W) on the PAN grid.
        scenes : S.
        gate : (S, d), where it is known; R_spe is not needed then.
        """
        z = self.add_spatial(features + self.fusion(torch.cat([features, guide], dim=1)), spatial)
        if gate is None:
            if spectral is None:
                raise ValueError("without gates the spectral residual is needed")
            gate = self.open_gate(z, spectral, scenes)
        return Adapted(z + z * to_windows(gate, z.shape[0])[:, :, None, None].to(z.dtype), gate)

    def add_spatial(self, features: Tensor, spatial: Tensor) -> Tensor:
        """Return Z: F~ (K*S, d, h, w), R_spa (K*S, 1, H, W) -> (K*S, d, h, w)."""
        return features + F.gelu(self.block(torch.cat([features, self.spatial(spatial)], dim=1)))

    def open_gate(self, z: Tensor, spectral: Tensor, scenes: int) -> Tensor:
        """Return w (eq. 17): Z (K*S, d, h, w), R_spe (K*S, C, H, W) -> (S, d)."""
        merged = self.merge(torch.cat([z, self.spectral(spectral)], dim=1)).float()
        pooled = torch.cat([merged.mean(dim=(2, 3)), merged.amax(dim=(2, 3))], dim=1)
        with torch.autocast(z.device.type, enabled=False):
            return torch.sigmoid(self.gate(scene_mean(pooled, scenes)))
