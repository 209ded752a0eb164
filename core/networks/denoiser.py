# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO's denoiser G = P_out o M_L o ... o M_1 o P_in (eq. 1): X0 from X_t, a condition and t.

Bound to a number of bands it is the paper's. For any number of bands, every band enters by the
same weights and meets the others through their mean and maximum (see `core.networks.bands`), and
what leaves corrects an estimate that needs no network:

    X0_b = (1 + a_b) D_b + (1 + b_b) k (X_t,b - sqrt(abar) D_b) + r_b,
    k = sqrt(abar) s^2 / (abar s^2 + 1 - abar),

with the condition's own residual D = condition - LMS: were D wrong by a deviation of s, that would
be the least squares estimate of X0 from D and X_t. The network says a_b, b_b and r_b pixel by
pixel.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.bands import pool_bands
from core.networks.diffusion import time_embedding
from core.networks.operators import Operator, OperatorLayer

EACH = 16
"""Features of each band by itself, for any number of bands."""
DOUBT = 0.3
"""s above, in units of what is diffused."""


class ResidualBlock(nn.Module):
    """x + 3x3 - GELU - 3x3."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(dim, dim, 3, padding=1), nn.GELU(), nn.Conv2d(dim, dim, 3, padding=1)
        )

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = x + self.body(x)
        return result


class Entrance(nn.Module):
    """P_in for a fixed number of bands: concat(X_t, condition) to features."""

    def __init__(self, bands: int, dim: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(2 * bands, dim, 3, padding=1), ResidualBlock(dim), ResidualBlock(dim)
        )

    def forward(self, x_t: Tensor, condition: Tensor, detail: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(torch.cat([x_t, condition], dim=1))
        return features, features


class Exit(nn.Module):
    """P_out for a fixed number of bands: point-wise."""

    def __init__(self, bands: int, dim: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(dim, dim, 1), nn.GELU(), nn.Conv2d(dim, bands, 1))

    def forward(
        self, phi: Tensor, each: Tensor, x_t: Tensor, detail: Tensor, abar: Tensor
    ) -> Tensor:
        result: Tensor = self.body(phi).float()
        return result


class BandsEntrance(nn.Module):
    """P_in for any number of bands: features of all (B, d, h, w), and of each (B*C, e, H, W)."""

    def __init__(self, dim: int, stride: int) -> None:
        super().__init__()
        self.each = nn.Conv2d(3, EACH, 3, padding=1)
        self.merge = nn.Conv2d(2 * EACH, dim, stride, stride=stride)
        self.block = ResidualBlock(dim)

    def forward(self, x_t: Tensor, condition: Tensor, detail: Tensor) -> tuple[Tensor, Tensor]:
        seen = torch.stack([x_t, condition, detail], dim=2).flatten(0, 1)
        each = F.gelu(self.each(seen))
        return self.block(self.merge(pool_bands(each, x_t.shape[1]))), each


class BandsExit(nn.Module):
    """P_out for any number of bands: point-wise, on the pixels of PAN."""

    def __init__(self, dim: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.common = nn.Conv2d(dim, EACH * stride**2, 1)
        self.band = nn.Conv2d(EACH, EACH, 1)
        self.out = nn.Conv2d(EACH, 3, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)  # type: ignore[arg-type]

    def forward(
        self, phi: Tensor, each: Tensor, x_t: Tensor, detail: Tensor, abar: Tensor
    ) -> Tensor:
        common = F.pixel_shuffle(self.common(phi), self.stride)
        hidden = self.band(each).unflatten(0, x_t.shape[:2]) + common[:, None]
        r, a, b = (
            self.out(F.gelu(hidden).flatten(0, 1)).float().unflatten(0, x_t.shape[:2]).unbind(2)
        )
        level = abar[:, None, None, None]
        k = level.sqrt() * DOUBT**2 / (level * DOUBT**2 + 1 - level)
        return (1 + a) * detail + (1 + b) * k * (x_t - level.sqrt() * detail) + r


class Guide:
    """What stage II tells the layers: features V, the residuals, and what is known of the scene.

    Parameters
    ----------
    adapters : an `Adapter` before each layer.
    features : V (K*S, c_V, h, w) at the operator's resolution.
    spatial : R_spa (K*S, 1, H, W).
    spectral : R_spe (K*S, C, H, W); not needed where `gates` are known.
    gates : (S, d) of each layer, where they are known.
    """

    def __init__(
        self,
        adapters: nn.ModuleList,
        features: Tensor,
        spatial: Tensor,
        spectral: Tensor | None,
        gates: Sequence[Tensor] | None,
    ) -> None:
        self._adapters, self._features = adapters, features
        self._spatial, self._spectral, self._gates = spatial, spectral, gates
        self.found: list[Tensor] = []

    def __call__(self, number: int, phi: Tensor, scenes: int) -> Tensor:
        gate = self._gates[number] if self._gates else None
        return self._adapters[number](
            phi, self._features, self._spatial, self._spectral, scenes, gate, self.found
        )


class OperatorDenoiser(nn.Module):
    """G. `stride` is PAN px per pixel of the operator; 1 but for any number of bands."""

    def __init__(
        self, bands: int | None, layers: int, width: int, heads: int, operator: Operator,
        stride: int,
    ) -> None:  # fmt: skip
        super().__init__()
        self.width = width
        self.time = nn.Sequential(
            nn.Linear(width, 4 * width), nn.SiLU(), nn.Linear(4 * width, 4 * width)
        )
        self.entrance: nn.Module = (
            BandsEntrance(width, stride) if bands is None else Entrance(bands, width)
        )
        self.layers = nn.ModuleList(OperatorLayer(width, heads, operator) for _ in range(layers))
        self.exit: nn.Module = BandsExit(width, stride) if bands is None else Exit(bands, width)

    def forward(
        self,
        x_t: Tensor,
        t: Tensor,
        abar: Tensor,
        condition: Tensor,
        detail: Tensor,
        scenes: int,
        guide: Guide | None = None,
        contexts: Sequence[Tensor] | None = None,
        found: list[Tensor] | None = None,
    ) -> Tensor:
        """X0 (K*S, C, H, W).

        Parameters
        ----------
        x_t, condition, detail : (K*S, C, H, W).
        t, abar : (K*S,) the step, and alpha_bar there.
        scenes : S.
        guide : what stage II adds before each layer.
        contexts : (S, h, c, c) of each layer, where they are known; `found` collects them.
        """
        found = [] if found is None else found
        phi, each = self.entrance(x_t, condition, detail)
        time = self.time(time_embedding(t, self.width))
        for number, layer in enumerate(self.layers):
            if guide:
                phi = guide(number, phi, scenes)
            phi = layer(phi, time, scenes, contexts[number] if contexts else None, found)
        result: Tensor = self.exit(phi, each, x_t, detail, abar)
        return result
