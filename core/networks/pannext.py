# SPDX-License-Identifier: GPL-2.0-or-later
"""PanNeXt-U: a U-Net of ConvNeXt blocks whose 7x7 depth-wise kernels a prior may modulate.

KSDiff (arXiv 2505.18991) fixes the kind of network and leaves its sizes open. With `bands` given
it takes concat(LMS, PAN) and returns LMS + residual, as the papers do; with ``bands=None`` it
takes any number of bands (see `core.networks.bands`) and returns

    LMS_b + (gamma g_b + a_b0) D + sum_k (delta_k + a_bk) d_bk + r_b

with PAN's detail D, the scene's injection gain g_b, the details d_bk that classical methods would
add to the band (`core.methods.injection.Details`), and the network's local gains a_b and residual
r_b.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.bands import DETAILS, BandEntrance, BandExit
from core.networks.kernels import Generator, KSConv2d, Ranks, kernel_names

STRIDE = 4
"""Height and width must be multiples of this (two halvings)."""


class LayerNorm2d(nn.LayerNorm):
    """LayerNorm over the channels of (B, C, H, W)."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Block(nn.Module):
    """ConvNeXt block: 7x7 depth-wise, LayerNorm, 1x1 to 4C, GELU, 1x1, layer scale, residual."""

    def __init__(self, dim: int, ranks: Ranks | None, c_z: int, generator: Generator) -> None:
        super().__init__()
        self.dw = KSConv2d(dim, dim, 7, depthwise=True, ranks=ranks, c_z=c_z, generator=generator)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.expand = nn.Linear(dim, 4 * dim)
        self.reduce = nn.Linear(4 * dim, dim)
        # 1e-6, the usual start, leaves a ten-block regression network idle for thousands of steps.
        self.gamma = nn.Parameter(torch.full((dim,), 1e-2))

    def forward(self, x: Tensor, prior: Tensor | None, found: list[Tensor] | None) -> Tensor:
        y = self.dw(x, prior, found).permute(0, 2, 3, 1)
        y = self.reduce(F.gelu(self.expand(self.norm(y)))) * self.gamma
        return x + y.permute(0, 3, 1, 2)


class UNet(nn.Module):
    """(B, dims[0], H, W) -> the same; `found` collects the kernels in block order."""

    def __init__(
        self,
        dims: tuple[int, ...],
        depths: tuple[int, ...],
        ranks: Ranks | None,
        c_z: int,
        generator: Generator,
    ) -> None:
        super().__init__()

        def level(dim: int, depth: int) -> nn.ModuleList:
            return nn.ModuleList(Block(dim, ranks, c_z, generator) for _ in range(depth))

        self.encoder = nn.ModuleList(level(d, n) for d, n in zip(dims, depths, strict=True))
        self.down = nn.ModuleList(
            nn.Sequential(LayerNorm2d(a, eps=1e-6), nn.Conv2d(a, b, 2, stride=2))
            for a, b in pairwise(dims)
        )
        pairs = list(zip(dims[::-1], dims[-2::-1], strict=False))
        self.up = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, 4 * b, 1), nn.PixelShuffle(2)) for a, b in pairs
        )
        self.skip = nn.ModuleList(nn.Conv2d(2 * b, b, 1) for _, b in pairs)
        self.decoder = nn.ModuleList(
            level(b, n) for (_, b), n in zip(pairs, depths[-2::-1], strict=True)
        )

    def forward(self, x: Tensor, prior: Tensor | None, found: list[Tensor] | None) -> Tensor:
        skips: list[Tensor] = []
        for i, blocks in enumerate(self.encoder):
            if i:
                x = self.down[i - 1](x)
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x, prior, found)
            skips.append(x)
        skips.pop()
        for up, skip, blocks in zip(self.up, self.skip, self.decoder, strict=True):
            x = skip(torch.cat([up(x), skips.pop()], dim=1))
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x, prior, found)
        return x


class PanNeXtU(nn.Module):
    """The fusion network; see the module's text for its two forms.

    With `guides`, for any number of bands only, PAN comes with so many further channels.
    """

    def __init__(
        self,
        bands: int | None,
        dims: tuple[int, ...] = (32, 64, 128),
        depths: tuple[int, ...] = (2, 2, 2),
        ranks: Ranks | None = (4, 4, 2, 2),
        c_z: int = 256,
        generator: Generator = "tucker",
        guides: int = 0,
    ) -> None:
        super().__init__()
        self.bands = bands
        self.body = UNet(dims, depths, ranks, c_z, generator)
        if bands is None:
            self.entrance = BandEntrance(dims[0] // 2, dims[0], guides)
            self.exit = BandExit(dims[0], dims[0] // 2, dims[0])
            self.gamma = nn.Parameter(torch.tensor(0.4))
            self.delta = nn.Parameter(torch.full((DETAILS,), 0.3))
        else:
            self.stem = nn.Conv2d(bands + 1, dims[0], 3, padding=1)
            self.tail = nn.Conv2d(dims[0], bands, 3, padding=1)

    def forward(
        self,
        pan: Tensor,
        lms: Tensor,
        gain: Tensor | None = None,
        details: Tensor | None = None,
        prior: Tensor | None = None,
        found: list[Tensor] | None = None,
    ) -> Tensor:
        """Sharpen.

        Parameters
        ----------
        pan : (B, 1, H, W), or (B, 2 + guides, H, W) PAN and its detail for any number of bands.
        lms : (B, C, H, W).
        gain, details : (B, C) and (B, C, K, H, W), for any number of bands only.
        prior : (S, C_z) for a batch of K*S windows, window-major; None runs the base kernels.
        """
        if self.bands is not None:
            x = self.body(self.stem(torch.cat([lms, pan], dim=1)), prior, found)
            return lms + self.tail(x)
        if gain is None or details is None:
            raise ValueError("a network for any number of bands needs injection gains and details")
        return self.with_features(pan, lms, gain, details, prior, found)[0]

    def with_features(
        self,
        pan: Tensor,
        lms: Tensor,
        gain: Tensor,
        details: Tensor,
        prior: Tensor | None = None,
        found: list[Tensor] | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The sharpened bands, and the features (B, dims[0], H, W) common to all of them."""
        each, common = self.entrance(lms, pan, gain, details)
        features = self.body(common, prior, found)
        # The sum in full precision: half precision cannot hold 11-bit numbers.
        out = self.exit(features, each, lms.shape[1]).float()
        multiple = (self.gamma * gain)[:, :, None, None] + out[:, :, 1]
        injected = multiple * pan[:, 1:2] + (
            (self.delta[:, None, None] + out[:, :, 2:]) * details
        ).sum(2)
        return lms + injected + out[:, :, 0], features

    def kernel_names(self) -> list[str]:
        """Names of the modulated weights, in the order in which `found` collects them."""
        return kernel_names(self)
