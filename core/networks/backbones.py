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
gains and details are not looked at.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.kernels import Generator, KSConv2d, Ranks, kernel_names


class LAGConv2d(KSConv2d):
    """A 3x3 convolution whose taps are weighted at each pixel, plus a bias from the whole image.

    y_p = W (a_p * patch_p) + b with the local attention a (B, k*k, H, W), the same for all input
    channels, and the global bias b (B, Cout). Unfolds its input: nine times its memory.
    """

    def __init__(
        self, cin: int, cout: int, ranks: Ranks | None, c_z: int, generator: Generator
    ) -> None:
        super().__init__(
            cin, cout, 3, depthwise=False, ranks=ranks, c_z=c_z, generator=generator, bias=False
        )
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

    def forward(
        self, x: Tensor, prior: Tensor | None = None, found: list[Tensor] | None = None
    ) -> Tensor:
        kernels = self.weight[None]
        if self.generator is not None and prior is not None:
            kernels = self.kernels(x, prior)
            if found is not None:
                found.append(kernels)
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

    def forward(self, x: Tensor, prior: Tensor | None, found: list[Tensor] | None) -> Tensor:
        return x + self.second(F.relu(self.first(x, prior, found)), prior, found)


class Backbone(nn.Module):
    """What the networks of this module share.

    Parameters
    ----------
    bands : number of bands; ValueError for any number (None).
    ranks : Tucker ranks of the modulated layers; None makes the plain network.
    c_z : length of the prior.
    """

    def __init__(
        self, bands: int | None, ranks: Ranks | None, c_z: int, generator: Generator = "tucker"
    ) -> None:
        super().__init__()
        if bands is None:
            raise ValueError(f"{type(self).__name__} is bound to a number of bands: give bands")
        self._build(bands, ranks, c_z, generator)

    def _build(self, bands: int, ranks: Ranks | None, c_z: int, generator: Generator) -> None:
        raise NotImplementedError

    def residual(
        self, pan: Tensor, lms: Tensor, prior: Tensor | None, found: list[Tensor] | None
    ) -> Tensor:
        """What is added to LMS, (B, C, H, W)."""
        raise NotImplementedError

    def forward(
        self,
        pan: Tensor,
        lms: Tensor,
        gain: Tensor | None = None,
        details: Tensor | None = None,
        prior: Tensor | None = None,
        found: list[Tensor] | None = None,
    ) -> Tensor:
        """Sharpen; see `core.networks.pannext.PanNeXtU.forward`."""
        return lms + self.residual(pan, lms, prior, found)

    def kernel_names(self) -> list[str]:
        """Names of the modulated weights, in the order in which `found` collects them."""
        return kernel_names(self)


class DiCNN(Backbone):
    """Three convolutions on concat(LMS, PAN)."""

    def _build(self, bands: int, ranks: Ranks | None, c_z: int, generator: Generator) -> None:
        widths = (bands + 1, 64, 64, bands)
        self.layers = nn.ModuleList(
            KSConv2d(a, b, 3, depthwise=False, ranks=ranks, c_z=c_z, generator=generator)
            for a, b in pairwise(widths)
        )

    def residual(
        self, pan: Tensor, lms: Tensor, prior: Tensor | None, found: list[Tensor] | None
    ) -> Tensor:
        x = torch.cat([lms, pan], dim=1)
        for i, layer in enumerate(self.layers):
            x = layer(F.relu(x) if i else x, prior, found)
        return x


class FusionNet(Backbone):
    """Four residual blocks on what PAN has and each band lacks."""

    def _build(self, bands: int, ranks: Ranks | None, c_z: int, generator: Generator) -> None:
        def layer() -> KSConv2d:
            return KSConv2d(32, 32, 3, depthwise=False, ranks=ranks, c_z=c_z, generator=generator)

        self.head = nn.Conv2d(bands, 32, 3, padding=1)
        self.blocks = nn.ModuleList(Residual(layer(), layer()) for _ in range(4))
        self.tail = nn.Conv2d(32, bands, 3, padding=1)

    def residual(
        self, pan: Tensor, lms: Tensor, prior: Tensor | None, found: list[Tensor] | None
    ) -> Tensor:
        x = F.relu(self.head(pan - lms))
        for block in self.blocks:
            x = block(x, prior, found)
        return self.tail(x)


class LAGNet(Backbone):
    """Five residual blocks of local-context adaptive convolutions on concat(PAN, LMS)."""

    def _build(self, bands: int, ranks: Ranks | None, c_z: int, generator: Generator) -> None:
        def layer() -> LAGConv2d:
            return LAGConv2d(32, 32, ranks, c_z, generator)

        self.head = LAGConv2d(bands + 1, 32, None, c_z, generator)
        self.blocks = nn.ModuleList(Residual(layer(), layer()) for _ in range(5))
        self.tail = LAGConv2d(32, bands, None, c_z, generator)

    def residual(
        self, pan: Tensor, lms: Tensor, prior: Tensor | None, found: list[Tensor] | None
    ) -> Tensor:
        x = F.relu(self.head(torch.cat([pan, lms], dim=1)))
        for block in self.blocks:
            x = block(x, prior, found)
        return self.tail(x)
