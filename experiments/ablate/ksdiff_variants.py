# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff with one part replaced, for its ablations (arXiv 2505.18991, Tables 4 and 5)."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor, nn

from core.networks.batch import Batch
from core.networks.kernels import KSConv2d
from core.networks.ksdiff import KSDiff, KSDiffConfig, LatentResult, fusion_network
from core.networks.plfe import Tokens, image_stem
from experiments.ablate.backbones import Backbone

#: Bands of the networks of Table 5, which are bound to a number.
BANDS = 4


class WithoutPrior(KSDiff):
    """The fusion network alone, with plain kernels: both stages are regression."""

    def __init__(self, config: KSDiffConfig) -> None:
        super().__init__(config)
        self.plfe1, self.plfe2, self.denoiser = nn.Identity(), nn.Identity(), nn.Identity()  # type: ignore[assignment]
        self.net = fusion_network(config, plain=True)

    def trainable_modules(self, stage: int) -> list[nn.Module]:
        """Return the network."""
        return [self.net]

    def begin_stage2(self) -> None:
        """Keep the weights of stage 1."""

    def stage1(self, batch: Batch) -> Tensor:
        """Return HRMS (B, C, H, W)."""
        image: Tensor = self.net(batch.pan, batch.lms, batch.gain, batch.details)
        return image

    def stage2(
        self, batch: Batch, noise: Tensor, start: Tensor, t: Tensor, steps: int
    ) -> LatentResult:
        """Return no latent loss and HRMS (B, C, H, W)."""
        return LatentResult(batch.gt.new_zeros(()), self.stage1(batch))


class PlainEncoder(nn.Module):
    """Tokens of all images in one ("entangled feature", Table 4).

    Stems, concatenation, strided convolutions: no branches, no guide, no attention. With
    `reference` it takes PAN, LMS and reference and makes the prior z, without it PAN and LMS and
    makes the condition c.
    """

    def __init__(
        self, bands: int | None, pan: int, dims: tuple[int, ...], c_z: int, side: int,
        *, reference: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        self.pan_stem = image_stem(pan, dims[0])
        self.lms_stem = image_stem(bands, dims[0])
        self.gt_stem = image_stem(bands, dims[0]) if reference else None
        self.merge = nn.Conv2d((3 if reference else 2) * dims[0], dims[0], 1)
        self.pyramid = nn.Sequential()
        for dim, out in zip(dims, [*dims[1:], dims[-1]], strict=True):
            self.pyramid.extend([nn.Conv2d(dim, dim, 3, padding=1), nn.GELU()])
            self.pyramid.extend([nn.Conv2d(dim, out, 3, stride=2, padding=1), nn.GELU()])
        self.tokens = Tokens(dims[-1], c_z, side)

    def forward(self, pan: Tensor, lms: Tensor, gt: Tensor | None = None) -> Tensor:
        """Return tokens: PAN (B, P, H, W), LMS and reference (B, C, H, W) -> (B, tokens, C_z)."""
        features = [self.pan_stem(pan), self.lms_stem(lms)]
        if self.gt_stem is not None:
            features.append(self.gt_stem(gt))
        return self.tokens(self.pyramid(self.merge(torch.cat(features, dim=1))))


class ConcatenatedEncoder(KSDiff):
    """`PlainEncoder` instead of both PLFE."""

    def __init__(self, config: KSDiffConfig) -> None:
        super().__init__(config)
        sizes = (config.bands, config.pan_channels, config.plfe_dims, config.c_z, config.side)
        self.plfe1 = PlainEncoder(*sizes, reference=True)  # type: ignore[assignment]
        self.plfe2 = PlainEncoder(*sizes, reference=False)  # type: ignore[assignment]

    def begin_stage2(self) -> None:
        """Initialise the second encoder with the parts of the first that it has too."""
        for name in ("pan_stem", "lms_stem", "pyramid"):
            getattr(self.plfe2, name).load_state_dict(getattr(self.plfe1, name).state_dict())


class MLPGenerator(nn.Module):
    """The modulation W of one layer from the prior alone, entry by entry, without structure.

    As many hidden features as the core of `KernelGenerator` has; W starts at 1 here too.
    """

    def __init__(self, shape: tuple[int, ...], c_z: int, hidden: int = 64) -> None:
        super().__init__()
        self.shape = shape
        self.inward = nn.Sequential(nn.Linear(c_z, hidden), nn.GELU())
        self.outward = nn.Linear(hidden, math.prod(shape))
        nn.init.normal_(self.outward.weight, std=1e-3)
        nn.init.ones_(self.outward.bias)

    def forward(self, features: Tensor, prior: Tensor) -> Tensor:
        """Return W: (S, Cin), which is not used, and (S, C_z) -> (S, *shape)."""
        return self.outward(self.inward(prior)).unflatten(1, self.shape)


class MLPKernels(KSDiff):
    """`MLPGenerator` instead of the Tucker product ("w/o Structure-Aware", Table 4)."""

    def __init__(self, config: KSDiffConfig) -> None:
        super().__init__(config)
        for layer in self.net.modules():
            if isinstance(layer, KSConv2d) and layer.generator is not None:
                layer.generator = MLPGenerator(tuple(layer.weight.shape), config.c_z)


class SeparateTraining(KSDiff):
    """Stage 2 trains PLFE2 and denoiser on the latent loss, and leaves the fusion network alone."""

    def trainable_modules(self, stage: int) -> list[nn.Module]:
        """Return the parts that stage 1 or 2 trains."""
        return super().trainable_modules(stage) if stage == 1 else [self.plfe2, self.denoiser]

    def stage2(
        self, batch: Batch, noise: Tensor, start: Tensor, t: Tensor, steps: int
    ) -> LatentResult:
        """Return the latent loss and HRMS (B, C, H, W) without gradient."""
        latent_loss, image = super().stage2(batch, noise, start, t, steps)
        return LatentResult(latent_loss, image.detach())


def fixed_bands(batch: Batch) -> Batch:
    """Return the batch as a network for a fixed number of bands sees it: no details."""
    return replace(batch, pan=batch.pan[:, :1], details=batch.details[:, :, :0])


class PlugIn(KSDiff):
    """KSDiff with another fusion network, bound to `BANDS` bands."""

    def __init__(self, config: KSDiffConfig, backbone: type[Backbone]) -> None:
        super().__init__(replace(config, bands=BANDS))
        self.net = backbone(BANDS, config.ranks, config.c_z)  # type: ignore[assignment]

    def stage1(self, batch: Batch) -> Tensor:
        """Return HRMS (B, C, H, W)."""
        return super().stage1(fixed_bands(batch))

    def stage2(
        self, batch: Batch, noise: Tensor, start: Tensor, t: Tensor, steps: int
    ) -> LatentResult:
        """Return the latent loss and HRMS (B, C, H, W)."""
        return super().stage2(fixed_bands(batch), noise, start, t, steps)


class PlainBackbone(WithoutPrior):
    """Another fusion network without KSDiff, bound to `BANDS` bands."""

    def __init__(self, config: KSDiffConfig, backbone: type[Backbone]) -> None:
        super().__init__(replace(config, bands=BANDS))
        self.net = backbone(BANDS, None, config.c_z)  # type: ignore[assignment]

    def stage1(self, batch: Batch) -> Tensor:
        """Return HRMS (B, C, H, W)."""
        return super().stage1(fixed_bands(batch))
