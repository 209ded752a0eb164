# SPDX-License-Identifier: GPL-2.0-or-later
"""Other fusion networks whose kernels a prior may modulate (KSDiff, arXiv 2505.18991, Table 5).

- DiCNN: He et al., "Pansharpening via Detail Injection Based Convolutional Neural Networks", IEEE
  JSTARS 2019. All three convolutions are modulated.
- FusionNet: Deng et al., "Detail Injection-Based Deep Convolutional Neural Networks for
  Pansharpening", IEEE TGRS 2021. The eight convolutions of the residual blocks are modulated.
- LAGNet: Jin et al., "LAGConv: Local-Context Adaptive Convolution Kernels with Global Harmonic
  Bias for Pansharpening", AAAI 2022. The shared weights of the ten convolutions in the residual
  blocks are modulated; their local attention and global bias stay.

Each is bound to its number of bands, takes PAN (B, 1, H, W) and LMS (B, C, H, W) and returns
LMS + residual (B, C, H, W). They are called as `core.networks.pannext.PanNeXtU` is; the scene's
gains and details are not used.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.kernels import KSConv2d, Ranks, kernel_names
from core.networks.pannext import Fusion, Modulated


def modulate(layer: KSConv2d, x: Tensor, prior: Tensor | None) -> Modulated:
    """Apply a layer with the kernels that its input and a prior (S, C_z) make."""
    kernels = layer.kernels(x, prior)
    return Modulated(layer(x, kernels), [] if kernels is None else [kernels])


class LAGConv2d(KSConv2d):
    """A 3x3 convolution whose taps are weighted at each pixel, plus a bias from the whole image.

    y_p = W (a_p * patch_p) + b with the local attention a (B, k*k, H, W), the same for all input
    channels, and the global bias b (B, Cout). Unfolds its input: nine times its memory.
    """

    def __init__(self, cin: int, cout: int, ranks: Ranks | None, c_z: int) -> None:
        super().__init__(cin, cout, 3, depthwise=False, ranks=ranks, c_z=c_z, bias=False)
        taps = 9
        self.local = nn.Sequential(
            nn.Conv2d(cin, taps, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(taps, taps, 1),
            nn.ReLU(),
            nn.Conv2d(taps, taps, 1),
            nn.Sigmoid(),
        )
        self.whole = nn.Sequential(nn.Linear(cin, cout), nn.ReLU(), nn.Linear(cout, cout))

    def forward(self, x: Tensor, kernels: Tensor | None = None) -> Tensor:
        """Convolve: (K*S, Cin, H, W), kernels (S, Cout, Cin, 3, 3) or None -> (K*S, Cout, H, W)."""
        kernels = self.weight[None] if kernels is None else kernels
        patches = F.unfold(x, 3, padding=1).unflatten(1, (x.shape[1], -1))
        weighted = (patches * self.local(x).flatten(2)[:, None]).flatten(1, 2)
        scenes = weighted.unflatten(0, (-1, kernels.shape[0]))
        y = (kernels.flatten(2).to(x.dtype) @ scenes).flatten(0, 1).unflatten(2, x.shape[2:])
        return y + self.whole(x.mean(dim=(2, 3)))[:, :, None, None]


class Residual(nn.Module):
    """Convolution, ReLU, convolution, plus the input; nothing after the sum."""

    def __init__(self, first: KSConv2d, second: KSConv2d) -> None:
        super().__init__()
        self.first = first
        self.second = second

    def forward(self, x: Tensor, prior: Tensor | None) -> Modulated:
        """Apply the block: (K*S, d, H, W), prior (S, C_z) or None -> (K*S, d, H, W)."""
        y, one = modulate(self.first, x, prior)
        y, other = modulate(self.second, F.relu(y), prior)
        return Modulated(x + y, one + other)


class Backbone(nn.Module):
    """Base of the networks of this module.

    Parameters
    ----------
    bands : number of bands.
    ranks : Tucker ranks of the modulated layers; None makes the plain network.
    c_z : length of the prior.
    """

    def __init__(self, bands: int, ranks: Ranks | None, c_z: int) -> None:
        super().__init__()
        self._build(bands, ranks, c_z)

    def _build(self, bands: int, ranks: Ranks | None, c_z: int) -> None:
        raise NotImplementedError

    def residual(self, pan: Tensor, lms: Tensor, prior: Tensor | None) -> Modulated:
        """Return what is added to LMS, (B, C, H, W)."""
        raise NotImplementedError

    def fuse(
        self, pan: Tensor, lms: Tensor, gain: Tensor | None = None, details: Tensor | None = None,
        prior: Tensor | None = None,
    ) -> Fusion:  # fmt: skip
        """Return the sharpened image (B, C, H, W); see `core.networks.pannext.PanNeXtU.fuse`."""
        residual, kernels = self.residual(pan, lms, prior)
        return Fusion(lms + residual, residual, kernels)

    def forward(
        self, pan: Tensor, lms: Tensor, gain: Tensor | None = None, details: Tensor | None = None,
        prior: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """Return the sharpened image (B, C, H, W)."""
        return self.fuse(pan, lms, gain, details, prior).image

    def kernel_names(self) -> list[str]:
        """Return the names of the modulated weights, in the order of `Fusion.kernels`."""
        return kernel_names(self)


class DiCNN(Backbone):
    """Three convolutions on concat(LMS, PAN)."""

    def _build(self, bands: int, ranks: Ranks | None, c_z: int) -> None:
        widths = (bands + 1, 64, 64, bands)
        self.layers = nn.ModuleList(
            KSConv2d(a, b, 3, depthwise=False, ranks=ranks, c_z=c_z) for a, b in pairwise(widths)
        )

    def residual(self, pan: Tensor, lms: Tensor, prior: Tensor | None) -> Modulated:
        """Return the residual (B, C, H, W)."""
        x, kernels = torch.cat([lms, pan], dim=1), []
        for i, layer in enumerate(self.layers):
            x, used = modulate(layer, F.relu(x) if i else x, prior)  # type: ignore[arg-type]
            kernels += used
        return Modulated(x, kernels)


class ResidualBackbone(Backbone):
    """A head, residual blocks and a tail."""

    head: nn.Module
    blocks: nn.ModuleList
    tail: nn.Module

    def inputs(self, pan: Tensor, lms: Tensor) -> Tensor:
        """Return the input of the head (B, channels, H, W)."""
        raise NotImplementedError

    def residual(self, pan: Tensor, lms: Tensor, prior: Tensor | None) -> Modulated:
        """Return the residual (B, C, H, W)."""
        x, kernels = F.relu(self.head(self.inputs(pan, lms))), []
        for block in self.blocks:
            x, used = block(x, prior)
            kernels += used
        return Modulated(self.tail(x), kernels)


class FusionNet(ResidualBackbone):
    """Four residual blocks on what PAN has and each band lacks."""

    def _build(self, bands: int, ranks: Ranks | None, c_z: int) -> None:
        def layer() -> KSConv2d:
            return KSConv2d(32, 32, 3, depthwise=False, ranks=ranks, c_z=c_z)

        self.head = nn.Conv2d(bands, 32, 3, padding=1)
        self.blocks = nn.ModuleList(Residual(layer(), layer()) for _ in range(4))
        self.tail = nn.Conv2d(32, bands, 3, padding=1)

    def inputs(self, pan: Tensor, lms: Tensor) -> Tensor:
        """Return PAN - LMS (B, C, H, W)."""
        return pan - lms


class LAGNet(ResidualBackbone):
    """Five residual blocks of local-context adaptive convolutions on concat(PAN, LMS)."""

    def _build(self, bands: int, ranks: Ranks | None, c_z: int) -> None:
        def layer() -> LAGConv2d:
            return LAGConv2d(32, 32, ranks, c_z)

        self.head = LAGConv2d(bands + 1, 32, None, c_z)
        self.blocks = nn.ModuleList(Residual(layer(), layer()) for _ in range(5))
        self.tail = LAGConv2d(32, bands, None, c_z)

    def inputs(self, pan: Tensor, lms: Tensor) -> Tensor:
        """Return concat(PAN, LMS) (B, 1 + C, H, W)."""
        return torch.cat([pan, lms], dim=1)


BACKBONES: dict[str, type[Backbone]] = {"DiCNN": DiCNN, "FusionNet": FusionNet, "LAGNet": LAGNet}
