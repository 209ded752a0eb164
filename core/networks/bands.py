# SPDX-License-Identifier: GPL-2.0-or-later
"""Entrances and exits for any number of bands, in any order.

A network bound to C input channels serves one sensor. These modules look at every band through
the same weights and meet the others through symmetric statistics (mean and maximum over bands),
so the result is equivariant to the order of the bands and one model serves any number of them.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

DETAILS = 2
"""Classical details each band comes with, see `core.methods.injection.Details`."""


def pool_bands(features: Tensor, bands: int) -> Tensor:
    """(B*C, d, H, W) -> (B, 2d, H, W): mean and maximum over the C bands."""
    split = features.unflatten(0, (-1, bands))
    return torch.cat([split.mean(dim=1), split.amax(dim=1)], dim=1)


class BandSetStem(nn.Module):
    """A stem for a set of bands: (B, C, H, W) -> (B, d, H, W)."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.each = nn.Conv2d(1, dim, 3, padding=1)
        self.merge = nn.Conv2d(2 * dim, dim, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        return self.merge(pool_bands(F.gelu(self.each(x.reshape(b * c, 1, h, w))), c))


def image_stem(channels: int | None, dim: int) -> nn.Module:
    """3x3 - GELU - 3x3 on a fixed number of channels, or on a set of bands (None)."""
    if channels is None:
        return BandSetStem(dim)
    return nn.Sequential(
        nn.Conv2d(channels, dim, 3, padding=1), nn.GELU(), nn.Conv2d(dim, dim, 3, padding=1)
    )


class BandEntrance(nn.Module):
    """Features of each band beside PAN, and of all bands together.

    ``pan`` (B, 2 + guides, H, W) is PAN, its high-pass detail and what else guides all bands,
    ``gain`` (B, C) the scene's injection gain of each band, ``details`` (B, C, K, H, W) what K
    classical methods would add to it.
    Returns ``each`` (B*C, d, H, W) and ``all`` (B, D, H, W).
    """

    def __init__(self, each_dim: int, dim: int, guides: int = 0) -> None:
        super().__init__()
        self.band = nn.Conv2d(1 + DETAILS, each_dim, 3, padding=1)
        self.pan = nn.Conv2d(2 + guides, each_dim, 3, padding=1)
        self.gain = nn.Parameter(torch.zeros(each_dim))
        self.merge = nn.Conv2d(2 * each_dim + 2 + guides, dim, 3, padding=1)

    def forward(
        self, lms: Tensor, pan: Tensor, gain: Tensor, details: Tensor
    ) -> tuple[Tensor, Tensor]:
        b, c = lms.shape[:2]
        seen = torch.cat([lms[:, :, None], details], dim=2)
        each = self.band(seen.flatten(0, 1)).unflatten(0, (b, c))
        each = each + self.pan(pan)[:, None]
        each = each + gain[:, :, None, None, None] * self.gain[:, None, None]
        each = F.gelu(each).flatten(0, 1)
        return each, self.merge(torch.cat([pool_bands(each, c), pan], dim=1))


class BandExit(nn.Module):
    """Each band's residual and local gains, from the common and the band's features.

    (B, D, H, W), (B*C, d, H, W) -> (B, C, 2 + K, H, W): the residual, the gain of PAN's detail, and
    those of the K classical details. All start at zero: an untrained network injects what the
    classical methods do.
    """

    def __init__(self, dim: int, each_dim: int, hidden: int) -> None:
        super().__init__()
        self.common = nn.Conv2d(dim, hidden, 3, padding=1)
        self.band = nn.Conv2d(each_dim, hidden, 3, padding=1)
        self.out = nn.Conv2d(hidden, 2 + DETAILS, 3, padding=1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)  # type: ignore[arg-type]

    def forward(self, common: Tensor, each: Tensor, bands: int) -> Tensor:
        hidden = self.band(each).unflatten(0, (-1, bands)) + self.common(common)[:, None]
        return self.out(F.gelu(hidden).flatten(0, 1)).unflatten(0, (-1, bands))
