# SPDX-License-Identifier: GPL-2.0-or-later
"""PanNeXt-U: a U-Net of ConvNeXt blocks whose 7x7 depth-wise kernels a prior may modulate.

KSDiff (arXiv 2505.18991) fixes the kind of network and leaves its sizes open. With `bands` given
it takes concat(LMS, PAN) and returns LMS + residual, as the papers do; with ``bands=None`` it
takes any number of bands (see `core.networks.bands`) and returns

    LMS_b + (gamma g_b + a_b0) D + sum_k (delta_k + a_bk) d_bk + r_b

with PAN's detail D, the scene's injection gain g_b, the details d_bk that other methods would add
to the band (`core.methods.network_inputs`), and the network's local gains a_b and residual r_b.
With three details the last is the scene fit's, and the untrained network is the scene fit. With a
stride of two the body works on blocks of 2 x 2 PAN px: the details carry what is finer, the network
says how much of them is right.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.bands import BandHead, BandStem
from core.networks.kernels import KSConv2d, Ranks, kernel_names
from core.networks.layers import PixelShuffle, pointwise


class Modulated(NamedTuple):
    """Features (B, d, H, W) of a network, and the kernels that were used, layer by layer."""

    features: Tensor
    kernels: list[Tensor]


class Fusion(NamedTuple):
    """A sharpened image (B, C, H, W), features and kernels of the network that made it."""

    image: Tensor
    features: Tensor
    kernels: list[Tensor]


class LayerNorm2d(nn.LayerNorm):
    """LayerNorm over the channels of (B, C, H, W)."""

    def forward(self, x: Tensor) -> Tensor:
        """Normalise: (B, C, H, W) -> the same."""
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXtBlock(nn.Module):
    """ConvNeXt block: 7x7 depth-wise, LayerNorm, 1x1 to 4C, GELU, 1x1, layer scale, residual."""

    def __init__(self, dim: int, ranks: Ranks | None, c_z: int) -> None:
        super().__init__()
        self.dw = KSConv2d(dim, dim, 7, depthwise=True, ranks=ranks, c_z=c_z)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.expand = nn.Linear(dim, 4 * dim)
        self.reduce = nn.Linear(4 * dim, dim)
        # 1e-6, the usual start, leaves a ten-block regression network idle for thousands of steps.
        self.gamma = nn.Parameter(torch.full((dim,), 1e-2))

    def forward(self, x: Tensor, kernels: Tensor | None) -> Tensor:
        """Apply the block: (K*S, C, H, W), kernels (S, C, 1, 7, 7) or None -> (K*S, C, H, W)."""
        y = self.norm(self.dw(x, kernels).permute(0, 2, 3, 1))  # (K*S, H, W, C)
        if torch.onnx.is_in_onnx_export():
            # The same as convolutions: onnxruntime keeps their layout through GELU and the sum.
            y = F.gelu(pointwise(y.permute(0, 3, 1, 2), self.expand.weight, self.expand.bias))
            weight, bias = self.reduce.weight * self.gamma[:, None], self.reduce.bias * self.gamma
            return x + pointwise(y, weight, bias)
        y = self.reduce(F.gelu(self.expand(y))) * self.gamma
        return x + y.permute(0, 3, 1, 2)


class Level(nn.ModuleList):
    """The blocks of one resolution."""

    def __init__(self, dim: int, depth: int, ranks: Ranks | None, c_z: int) -> None:
        super().__init__(ConvNeXtBlock(dim, ranks, c_z) for _ in range(depth))

    def forward(self, x: Tensor, prior: Tensor | None) -> Modulated:
        """Return features: (K*S, C, H, W), prior (S, C_z) or None -> (K*S, C, H, W)."""
        used = []
        for block in self:
            kernels = block.dw.kernels(x, prior)  # type: ignore[union-attr, operator]
            if kernels is not None:
                used.append(kernels)
            x = block(x, kernels)
        return Modulated(x, used)


class UNet(nn.Module):
    """Blocks at resolutions that are halved and doubled again, with skip connections."""

    def __init__(
        self, dims: tuple[int, ...], depths: tuple[int, ...], ranks: Ranks | None, c_z: int
    ) -> None:
        super().__init__()
        self.encoder = nn.ModuleList(
            Level(d, n, ranks, c_z) for d, n in zip(dims, depths, strict=True)
        )
        self.down = nn.ModuleList(
            nn.Sequential(LayerNorm2d(a, eps=1e-6), nn.Conv2d(a, b, 2, stride=2))
            for a, b in pairwise(dims)
        )
        pairs = list(zip(dims[::-1], dims[-2::-1], strict=False))
        self.up = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, 4 * b, 1), PixelShuffle(2)) for a, b in pairs
        )
        self.skip = nn.ModuleList(nn.Conv2d(2 * b, b, 1) for _, b in pairs)
        self.decoder = nn.ModuleList(
            Level(b, n, ranks, c_z) for (_, b), n in zip(pairs, depths[-2::-1], strict=True)
        )

    def forward(self, x: Tensor, prior: Tensor | None) -> Modulated:
        """Return features: (K*S, dims[0], H, W), prior (S, C_z) or None -> (K*S, dims[0], H, W)."""
        kernels: list[Tensor] = []
        skips: list[Tensor] = []
        for i, level in enumerate(self.encoder):
            if i:
                x = self.down[i - 1](x)
            x, used = level(x, prior)
            kernels += used
            skips.append(x)
        skips.pop()
        for up, skip, level in zip(self.up, self.skip, self.decoder, strict=True):
            x, used = level(skip(torch.cat([up(x), skips.pop()], dim=1)), prior)
            kernels += used
        return Modulated(x, kernels)


class PanNeXtU(nn.Module):
    """The fusion network; see the module's text for its two forms.

    Parameters
    ----------
    bands : number of bands, or None for any number.
    dims, depths : channels and blocks of each resolution.
    ranks, c_z : of the kernels' Tucker product, and of the prior; without ranks no kernel is
        modulated.
    guides : channels that PAN comes with besides its detail, for any number of bands only.
    stride : PAN px per pixel of the body, 1 for a fixed number of bands.
    details : number D of details, 2 or 3, for any number of bands only.

    Height and width of images must be multiples of `stride` times two for each halving.
    """

    def __init__(
        self,
        bands: int | None,
        dims: tuple[int, ...] = (32, 64, 128),
        depths: tuple[int, ...] = (2, 2, 2),
        ranks: Ranks | None = (4, 4, 2, 2),
        c_z: int = 256,
        guides: int = 0,
        stride: int = 1,
        details: int = 2,
    ) -> None:
        super().__init__()
        self.bands = bands
        self.body = UNet(dims, depths, ranks, c_z)
        if bands is None:
            self.entrance = BandStem(dims[0] // 2, dims[0], details, guides, stride)
            self.exit = BandHead(dims[0], dims[0] // 2, dims[0], details, stride)
            gamma, delta = (0.4, [0.3, 0.3]) if details == 2 else (0.0, [0.0, 0.0, 1.0])
            self.gamma = nn.Parameter(torch.tensor(gamma))
            self.delta = nn.Parameter(torch.tensor(delta))
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
    ) -> Tensor:
        """Return the sharpened image (B, C, H, W); the inputs are those of `fuse`."""
        return self.fuse(pan, lms, gain, details, prior).image

    def fuse(
        self,
        pan: Tensor,
        lms: Tensor,
        gain: Tensor | None = None,
        details: Tensor | None = None,
        prior: Tensor | None = None,
    ) -> Fusion:
        """Return the sharpened image with features (B, dims[0], h, w) and kernels.

        Parameters
        ----------
        pan : (B, 1, H, W), or (B, 2 + guides, H, W) PAN and its detail for any number of bands.
        lms : (B, C, H, W).
        gain, details : (B, C) and (B, C, D, H, W), for any number of bands only.
        prior : (S, C_z) for a batch of K*S windows, window-major; None runs the base kernels.
        """
        if self.bands is not None:
            features, kernels = self.body(self.stem(torch.cat([lms, pan], dim=1)), prior)
            return Fusion(lms + self.tail(features), features, kernels)
        if gain is None or details is None:
            raise ValueError("a network for any number of bands needs injection gains and details")
        each, common = self.entrance(lms, pan, gain, details)
        features, kernels = self.body(common, prior)
        # The sum in full precision: half precision cannot hold 11-bit numbers.
        out = self.exit(features, each, lms.shape[1]).float()
        multiple = (self.gamma * gain)[:, :, None, None] + out[:, :, 1]
        injected = multiple * pan[:, 1:2] + (
            (self.delta[:, None, None] + out[:, :, 2:]) * details
        ).sum(2)
        return Fusion(lms + injected + out[:, :, 0], features, kernels)

    def kernel_names(self) -> list[str]:
        """Return the names of the modulated weights, in the order of `Fusion.kernels`."""
        return kernel_names(self)
