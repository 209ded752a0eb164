# SPDX-License-Identifier: GPL-2.0-or-later
"""Guidance of SRINO's denoiser: two small models of the sensor, and an adapter for each layer.

f_M2P predicts the PAN that the sensor would see of a multispectral image, f_KE how MS is blurred
against it. What PAN and LMS lack of that, given an estimate Y of the sharp image, are the residuals

    R_spa = P - f_M2P(Y),   R_spe = k * Y - L   (on the PAN grid, without decimation).

The adapter adds features of R_spa. R_spe only opens a gate for each channel (eq. 17): it is pooled
over the scene.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.bands import pool_bands, zero_init
from core.networks.batch import scene_mean, to_windows
from core.networks.layers import pointwise

#: Initial blur kernel of f_KE (standard deviation, PAN px): a common sensor's at ratio 4.
START_SIGMA = 2.0
#: Side (px) of the tiles whose spectra f_KE sees, and bounds of the rings (cycles per `TILE` px).
TILE = 64
RINGS = (0.75, 1.5, 2.3, 3.2, 4.2, 5.3, 6.5, 8.0, 10.0, 12.5, 16.0, 22.0, 33.0)
#: Numbers of a band's spectra: in each ring its power, PAN's, and their coherence; and the means
#: over all bands.
SPECTRA = 6 * (len(RINGS) - 1)
#: Least share of the power in a ring that a logarithm is taken of; what no power is divided by.
FLOOR, TINY = 1e-6, 1e-12
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
    """f_KE: the blur of each band, estimated from spectra of PAN and LMS; its kernel sums to one.

    It sees one band at a time beside PAN, and tells the width of a Gaussian: what training and
    classical methods take for a sensor's MTF.
    """

    def __init__(self, size: int, hidden: tuple[int, ...]) -> None:
        super().__init__()
        self.size, self.hidden = size, hidden
        layers: list[nn.Module] = []
        for before, after in pairwise((SPECTRA, *hidden)):
            layers += [nn.Linear(before, after), nn.GELU()]
        last = nn.Linear(hidden[-1], 1)
        zero_init(last)
        self.tell = nn.Sequential(*layers, last)

    def forward(self, pan: Tensor, lms: Tensor, scenes: int) -> Tensor:
        """Return kernels (S, C, k, k) of S scenes from windows: (K*S, P, H, W), (K*S, C, H, W)."""
        return self.kernels(ring_spectra(pan[:, :1], lms, scenes))

    def kernels(self, spectra: Tensor) -> Tensor:
        """Return kernels (S, C, k, k) from `ring_spectra` (S, C, `SPECTRA`)."""
        with torch.autocast(spectra.device.type, enabled=False):
            sigma = START_SIGMA * self.tell(spectra).exp()
            offsets = torch.arange(self.size, device=spectra.device) - (self.size - 1) / 2
            line = (-(offsets**2) / (2 * sigma**2)).softmax(dim=2)  # (S, C, k)
            return line[..., :, None] * line[..., None, :]


def ring_spectra(pan: Tensor, lms: Tensor, scenes: int) -> Tensor:
    """Return what the spectra of S scenes tell of the blur of each band, (S, C, `SPECTRA`).

    The logarithms of the power of LMS and of PAN in rings of frequencies, and the coherence of the
    two; beside those of a band, their means over the bands. Powers are means over tiles of the
    windows (K*S, 1, H, W) and (K*S, C, H, W), by matrices of cosines and sines: ONNX runtimes lack
    Fourier transforms.
    """
    side = min(*lms.shape[2:], TILE)
    rows, cols = (n // side for n in lms.shape[2:])
    with torch.autocast(lms.device.type, enabled=False):
        images = torch.cat([pan, lms], dim=1)[..., : rows * side, : cols * side].float()
        tiles = images.unflatten(3, (cols, side)).unflatten(2, (rows, side)).transpose(3, 4)
        tiles = tiles - tiles.mean(dim=(4, 5), keepdim=True)
        place = torch.arange(side, device=lms.device) + 0.5
        frequency = torch.arange(TILE // 2 + 1, device=lms.device)
        angle = 2 * math.pi / TILE * frequency[:, None] * place
        taper = torch.sin(math.pi / side * place) ** 2
        waves = torch.cat([angle.cos(), angle.sin()]) * taper  # (2 F, side)
        found = (waves @ tiles @ waves.T).flatten(4)  # (K*S, 1 + C, rows, cols, 4 F F)
        radius = frequency.repeat(2).float()
        radius = (radius[:, None] ** 2 + radius**2).sqrt().flatten()
        bounds = torch.tensor(RINGS, device=lms.device)[:, None]
        ring = ((radius >= bounds[:-1]) & (radius < bounds[1:])).float()
        own, other = found[:, 1:], found[:, :1].expand(-1, lms.shape[1], -1, -1, -1)
        products = torch.stack([own * own, other * other, own * other], dim=2) @ ring.T
        powers = scene_mean(products.mean(dim=(3, 4)), scenes)  # (S, C, 3, rings)
        shares = powers[:, :, :2] / (powers[:, :, :2].sum(dim=3, keepdim=True) + TINY)
        logs = (shares + FLOOR).log() / 4 + 1
        coherence = powers[:, :, 2] / (powers[:, :, 0] * powers[:, :, 1] + TINY).sqrt()
        each = torch.cat([logs.flatten(2), coherence], dim=2)
        return torch.cat([each, each.mean(dim=1, keepdim=True).expand_as(each)], dim=2)


def gain_at(kernels: Tensor, frequency: Tensor) -> Tensor:
    """Return the gain of kernels (S, C, k, k) at frequencies (S, C), cycles per PAN px: (S, C)."""
    offsets = torch.arange(kernels.shape[-1], device=kernels.device) - kernels.shape[-1] // 2
    waves = (2 * math.pi * frequency[..., None] * offsets).cos()
    return ((kernels.sum(dim=2) + kernels.sum(dim=3)) * waves).sum(dim=2) / 2


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
