# SPDX-License-Identifier: GPL-2.0-or-later
"""PanNeXt-U: a U-Net of ConvNeXt blocks whose 7x7 depth-wise kernels may be modulated by a prior.

KSDiff (arXiv 2505.18991) names this kind of network and leaves its sizes open. For a fixed number
of bands it takes concat(LMS, PAN) and returns LMS + residual, as in the papers; for any number of
bands (see `core.networks.bands`) it returns

    LMS_b + (gamma g_b + a_b0) D + sum_k (delta_k + a_bk) d_bk + r_b

with PAN's detail D, the scene's injection gain g_b, the details d_bk of other methods
(`core.methods.network_inputs`), and the network's local gains a_b and residual r_b. The third
detail, if there is one, is that of the scene fit, which the untrained network then equals. With a
stride of two the body runs on blocks of 2 x 2 PAN px, and only the details are finer.
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
    """Features (B, d, H, W), and the modulated kernels that were used, layer by layer."""

    features: Tensor
    kernels: list[Tensor]


class Fusion(NamedTuple):
    """A sharpened image (B, C, H, W), with the features and kernels of the network."""

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
        # The usual 1e-6 would hold back a network of ten blocks for thousands of steps.
        self.gamma = nn.Parameter(torch.full((dim,), 1e-2))

    def forward(self, x: Tensor, kernels: Tensor | None) -> Tensor:
        """Apply the block: (K*S, C, H, W), kernels (S, C, 1, 7, 7) or None -> (K*S, C, H, W)."""
        y = self.norm(self.dw(x, kernels).permute(0, 2, 3, 1))  # (K*S, H, W, C)
        if torch.onnx.is_in_onnx_export():
            # As convolutions: onnxruntime keeps their layout through GELU and the sum.
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
    """The fusion network; see the module's docstring for its two forms.

    Height and width of images must be multiples of `stride` times two for each halving.

    Parameters
    ----------
    bands : fixed number of bands, or None for any number.
    dims, depths : channels and blocks of each resolution.
    ranks, c_z : Tucker ranks of the kernels, and length of the prior; with ranks None no kernel is
        modulated.
    guides, stride, details : for any number of bands, see `core.networks.bands.BandStem`.
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
        """Return the sharpened image (B, C, H, W); inputs as in `fuse`."""
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
        pan : PAN (B, 1, H, W); for any number of bands (B, 2 + guides, H, W), with its detail.
        lms : (B, C, H, W).
        gain, details : (B, C) and (B, C, D, H, W), for any number of bands only.
        prior : (S, C_z) for a batch of K*S windows, window-major; None for the base kernels.

        Raises ValueError for missing gains or details.
        """
        if self.bands is not None:
            features, kernels = self.body(self.stem(torch.cat([lms, pan], dim=1)), prior)
            return Fusion(lms + self.tail(features), features, kernels)
        if gain is None or details is None:
            raise ValueError("a network for any number of bands needs injection gains and details")
        each, common = self.entrance(lms, pan, gain, details)
        features, kernels = self.body(common, prior)
        # Summed in float32: half precision cannot hold 11-bit numbers.
        out = self.exit(features, each, lms.shape[1]).float()
        of_pan = ((self.gamma * gain)[:, :, None, None] + out[:, :, 1]) * pan[:, 1:2]
        of_others = ((self.delta[:, None, None] + out[:, :, 2:]) * details).sum(2)
        return Fusion(lms + (of_pan + of_others) + out[:, :, 0], features, kernels)

    def kernel_names(self) -> list[str]:
        """Return the names of the modulated weights, in the order of `Fusion.kernels`."""
        return kernel_names(self)
