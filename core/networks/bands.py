# SPDX-License-Identifier: GPL-2.0-or-later
"""Stem and head of KSDiff's fusion network for any number of bands, in any order.

A network bound to C input channels serves one sensor. These modules apply the same weights to
every band and combine the bands through symmetric statistics (mean and maximum over bands), so the
result is equivariant to the order of the bands and one model serves any number of them.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.layers import PixelShuffle


def pool_bands(features: Tensor, bands: int) -> Tensor:
    """Return mean and maximum over the C bands: (B*C, d, H, W) -> (B, 2d, H, W)."""
    split = features.unflatten(0, (-1, bands))
    return torch.cat([split.mean(dim=1), split.amax(dim=1)], dim=1)


class BandFeatures(NamedTuple):
    """Features of each band (B*C, e, H, W), and those common to all bands (B, d, H, W)."""

    each: Tensor
    common: Tensor


class BandStem(nn.Module):
    """Stem: features of each band, and features common to all bands, from LMS and PAN.

    Parameters
    ----------
    each_dim, dim : channels e of each band's features and d of the common ones.
    details : number D of details per band, see `core.methods.network_inputs`.
    guides : number of input channels besides PAN and its high-pass detail.
    stride : PAN px per pixel of the features, even or 1.
    """

    def __init__(
        self, each_dim: int, dim: int, details: int, guides: int = 0, stride: int = 1
    ) -> None:
        super().__init__()
        # Twice as wide as the stride: each output is centred on the pixels that it covers.
        kernel, padding = (3, 1) if stride == 1 else (2 * stride, stride // 2)
        self.band = nn.Conv2d(1 + details, each_dim, kernel, stride, padding)
        self.pan = nn.Conv2d(2 + guides, each_dim, kernel, stride, padding)
        self.gain = nn.Parameter(torch.zeros(each_dim))
        self.whole_pan = stride == 1
        beside = 2 + guides if self.whole_pan else each_dim
        self.merge = nn.Conv2d(2 * each_dim + beside, dim, 3, padding=1)

    def forward(self, lms: Tensor, pan: Tensor, gain: Tensor, details: Tensor) -> BandFeatures:
        """Return features (B*C, e, h, w) and (B, d, h, w).

        From LMS (B, C, H, W), PAN (B, 2 + guides, H, W), the scene's injection `gain` (B, C) of
        each band, and the `details` (B, C, D, H, W) of `core.methods.network_inputs`.
        """
        b, c = lms.shape[:2]
        inputs = torch.cat([lms[:, :, None], details], dim=2)  # (B, C, 1 + D, H, W)
        beside = self.pan(pan)
        each = self.band(inputs.flatten(0, 1)).unflatten(0, (b, c))  # (B, C, e, h, w)
        each = each + beside[:, None]
        each = each + gain[:, :, None, None, None] * self.gain[:, None, None]
        each = F.gelu(each).flatten(0, 1)
        pan = pan if self.whole_pan else beside
        return BandFeatures(each, self.merge(torch.cat([pool_bands(each, c), pan], dim=1)))


class BandHead(nn.Module):
    """Head: residual and local gains of each band, from the common features and the band's own.

    The last layer starts at zero: an untrained network adds only the weighted details. `details`
    and `stride` are those of `BandStem`.
    """

    def __init__(self, dim: int, each_dim: int, hidden: int, details: int, stride: int = 1) -> None:
        super().__init__()
        self.stride, self.shuffle = stride, PixelShuffle(stride)
        self.common = nn.Conv2d(dim, hidden, 3, padding=1)
        self.band = nn.Conv2d(each_dim, hidden, 3, padding=1)
        self.out = nn.Conv2d(hidden, (2 + details) * stride**2, 3, padding=1)
        zero_init(self.out)

    def forward(self, common: Tensor, each: Tensor, bands: int) -> Tensor:
        """Return (B, C, 2 + D, H, W): residual, gain of PAN's detail, gains of the D details.

        From the common features (B, d, h, w) and those of each band (B*C, e, h, w).
        """
        hidden = self.band(each).unflatten(0, (-1, bands)) + self.common(common)[:, None]
        out = self.out(F.gelu(hidden).flatten(0, 1))
        if self.stride > 1:
            out = self.shuffle(out)
        return out.unflatten(0, (-1, bands))


def zero_init(layer: nn.Conv2d | nn.Linear) -> None:
    """Set weight and bias to zero, so that the layer adds nothing before it is trained."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
