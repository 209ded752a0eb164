# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO's denoiser G = P_out o M_L o ... o M_1 o P_in (eq. 1): X0 from X_t, a condition and t.

For a fixed number of bands it is the paper's. For any number of bands, all bands share one set of
weights and are combined by their mean and maximum (see `core.networks.bands`), and the head
corrects a linear estimate:

    X0_b = (1 + a_b) D_b + (1 + b_b) k (X_t,b - sqrt(abar) D_b) + r_b,
    k = sqrt(abar) s^2 / (abar s^2 + 1 - abar),

with the residual of the condition, D = condition - LMS. With a_b = b_b = r_b = 0 it is the least
squares estimate of X0 from D and X_t where D has an error of standard deviation s. The network
predicts a_b, b_b and r_b for each pixel.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.bands import BandFeatures, pool_bands, zero_init
from core.networks.diffusion import time_embedding
from core.networks.layers import PixelShuffle
from core.networks.operators import OperatorLayer

#: Features of each band by itself, for any number of bands.
BAND_FEATURES = 16
#: s above, in units of X0.
PRIOR_STD = 0.3


class ResidualBlock(nn.Module):
    """x + 3x3 - GELU - 3x3."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(dim, dim, 3, padding=1), nn.GELU(), nn.Conv2d(dim, dim, 3, padding=1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Apply the block: (B, d, H, W) -> the same."""
        return x + self.body(x)


class FixedBandsStem(nn.Module):
    """P_in for a fixed number C of bands."""

    def __init__(self, bands: int, dim: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(2 * bands, dim, 3, padding=1), ResidualBlock(dim), ResidualBlock(dim)
        )

    def forward(self, x_t: Tensor, condition: Tensor, detail: Tensor) -> BandFeatures:
        """Return features (B, d, H, W) of X_t and condition (B, C, H, W); `detail` is not used."""
        features = self.body(torch.cat([x_t, condition], dim=1))
        return BandFeatures(features, features)


class FixedBandsHead(nn.Module):
    """P_out for a fixed number of bands: point-wise."""

    def __init__(self, bands: int, dim: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(dim, dim, 1), nn.GELU(), nn.Conv2d(dim, bands, 1))

    def forward(
        self, phi: Tensor, each: Tensor, x_t: Tensor, detail: Tensor, abar: Tensor
    ) -> Tensor:
        """Return X0 (B, C, H, W) of phi (B, d, H, W); the other inputs are not used."""
        return self.body(phi).float()


class DenoiserStem(nn.Module):
    """P_in for any number of bands."""

    def __init__(self, dim: int, stride: int) -> None:
        super().__init__()
        self.each = nn.Conv2d(3, BAND_FEATURES, 3, padding=1)
        self.merge = nn.Conv2d(2 * BAND_FEATURES, dim, stride, stride=stride)
        self.block = ResidualBlock(dim)

    def forward(self, x_t: Tensor, condition: Tensor, detail: Tensor) -> BandFeatures:
        """Return features of each band (B*C, e, H, W), and common ones (B, d, h, w).

        X_t, condition and its residual D are (B, C, H, W); h, w count pixels of the operator.
        """
        inputs = torch.stack([x_t, condition, detail], dim=2).flatten(0, 1)  # (B*C, 3, H, W)
        each = F.gelu(self.each(inputs))
        return BandFeatures(each, self.block(self.merge(pool_bands(each, x_t.shape[1]))))


class DenoiserHead(nn.Module):
    """P_out for any number of bands: point-wise, on the pixels of PAN."""

    def __init__(self, dim: int, stride: int) -> None:
        super().__init__()
        self.shuffle = PixelShuffle(stride)
        self.common = nn.Conv2d(dim, BAND_FEATURES * stride**2, 1)
        self.band = nn.Conv2d(BAND_FEATURES, BAND_FEATURES, 1)
        self.out = nn.Conv2d(BAND_FEATURES, 3, 1)
        zero_init(self.out)

    def forward(
        self, phi: Tensor, each: Tensor, x_t: Tensor, detail: Tensor, abar: Tensor
    ) -> Tensor:
        """Return X0 (B, C, H, W), see the module's docstring.

        phi (B, d, h, w), each (B*C, e, H, W), X_t and D (B, C, H, W), abar (B,).
        """
        common = self.shuffle(self.common(phi))
        hidden = self.band(each).unflatten(0, x_t.shape[:2]) + common[:, None]
        out = self.out(F.gelu(hidden).flatten(0, 1)).float()  # (B*C, 3, H, W)
        r, a, b = out.unflatten(0, x_t.shape[:2]).unbind(2)
        level = abar[:, None, None, None]
        k = level.sqrt() * PRIOR_STD**2 / (level * PRIOR_STD**2 + 1 - level)
        return (1 + a) * detail + (1 + b) * k * (x_t - level.sqrt() * detail) + r


class ResidualGuidance(NamedTuple):
    """Inputs of the adapters of stage II.

    adapters : a `core.networks.guidance.Adapter` for each layer.
    features : V (K*S, c_V, h, w) at the operator's resolution.
    spatial : R_spa (K*S, 1, H, W).
    spectral : R_spe (K*S, C, H, W); not needed if the gates are given.
    """

    adapters: nn.ModuleList
    features: Tensor
    spatial: Tensor
    spectral: Tensor | None


class SceneContext(NamedTuple):
    """Means over the scene in a step, layer by layer: contexts (S, h, c, c) and gates (S, d)."""

    contexts: list[Tensor]
    gates: list[Tensor]


class Denoised(NamedTuple):
    """X0 (K*S, C, H, W), and the contexts and gates that it was computed with."""

    x0: Tensor
    context: SceneContext


class OperatorDenoiser(nn.Module):
    """G. `stride` is PAN px per pixel of the operator; 1 for a fixed number of bands."""

    def __init__(self, bands: int | None, layers: int, width: int, heads: int, stride: int) -> None:
        super().__init__()
        self.width = width
        self.time = nn.Sequential(
            nn.Linear(width, 4 * width), nn.SiLU(), nn.Linear(4 * width, 4 * width)
        )
        self.entrance: nn.Module = (
            DenoiserStem(width, stride) if bands is None else FixedBandsStem(bands, width)
        )
        self.layers = nn.ModuleList(OperatorLayer(width, heads) for _ in range(layers))
        self.exit: nn.Module = (
            DenoiserHead(width, stride) if bands is None else FixedBandsHead(bands, width)
        )

    def forward(
        self,
        x_t: Tensor,
        t: Tensor,
        abar: Tensor,
        condition: Tensor,
        detail: Tensor,
        scenes: int,
        guidance: ResidualGuidance | None = None,
        known: SceneContext | None = None,
    ) -> Denoised:
        """Return X0 (K*S, C, H, W).

        Parameters
        ----------
        x_t, condition, detail : (K*S, C, H, W).
        t, abar : (K*S,) the step, and alpha_bar there.
        scenes : S.
        guidance : what stage II adds before each layer.
        known : contexts and gates to use; None computes them.
        """
        contexts, gates = [], []
        each, phi = self.entrance(x_t, condition, detail)
        time = self.time(time_embedding(t, self.width))
        for number, layer in enumerate(self.layers):
            if guidance:
                gate = known.gates[number] if known else None
                phi, gate = guidance.adapters[number](phi, *guidance[1:], scenes, gate)
                gates.append(gate)
            phi, context = layer(phi, time, scenes, known.contexts[number] if known else None)
            contexts.append(context)
        return Denoised(self.exit(phi, each, x_t, detail, abar), SceneContext(contexts, gates))
