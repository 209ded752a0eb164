# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff: a prior from diffusion in a small latent space modulates the kernels of a fast network.

Jin, Cao, Deng, Li, "Fast Kernel-Space Diffusion for Remote Sensing Pansharpening", CVPR 2026
(arXiv 2505.18991). Stage 1 trains PLFE1, kernel generators and network with the prior of the
reference; stage 2 trains PLFE2 and the denoiser to predict that prior from PAN and LMS alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from core.networks.batch import Batch, scene_mean
from core.networks.config import NetworkConfig
from core.networks.diffusion import Denoiser, Schedule
from core.networks.kernels import Ranks
from core.networks.pannext import PanNeXtU
from core.networks.plfe import PLFE1, PLFE2
from core.networks.trainable import TrainableNetwork


@dataclass(frozen=True)
class KSDiffConfig(NetworkConfig):
    """Sizes of every part. The defaults are the full-size method.

    Parameters
    ----------
    bands, unet_dims, unet_depths, unet_stride, details : see `NetworkConfig`; of the fusion
        network.
    ranks : of the kernels' Tucker product, by mode.
    plfe_dims : channels of each resolution of the encoders.
    c_z, tokens : length and number of the latent tokens; a square number, for a square grid.
    denoiser_dim : channels of the denoiser.
    steps, beta : number of diffusion steps, first and last beta of the linear schedule.
    ddim_steps : number of sampled steps.

    Raises
    ------
    ValueError : for sizes that contradict each other.
    """

    LEGACY: ClassVar[dict[str, Any]] = {
        "generator": "tucker",
        "encoder": "plfe",
        "schedule": "classic",
        "backbone": "pannext",
    }

    ranks: Ranks = (4, 4, 2, 2)
    plfe_dims: tuple[int, ...] = (32, 64, 128)
    c_z: int = 256
    tokens: int = 16
    denoiser_dim: int = 512
    steps: int = 1000
    beta: tuple[float, float] = (1e-4, 2e-2)
    ddim_steps: int = 10

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.side**2 != self.tokens:
            raise ValueError(f"tokens must be a square number, got {self.tokens}")
        if not self.ranks:
            raise ValueError("ranks are needed: four numbers")

    @property
    def patch_multiple(self) -> int:
        """PAN px that divide the sides of training patches: the encoders halve them, too."""
        return max(self.multiple, int(2 ** (len(self.plfe_dims) - 1)))

    @property
    def side(self) -> int:
        """Number of tokens along one side of their grid."""
        return round(self.tokens**0.5)


class LatentResult(NamedTuple):
    """Result of stage 2: the latent loss of eq. 9, and the sharpened image (B, C, H, W)."""

    latent_loss: Tensor
    image: Tensor


def fusion_network(config: KSDiffConfig, plain: bool = False) -> PanNeXtU:
    """Return the untrained fusion network of a configuration; if `plain`, without generators."""
    ranks = None if plain else config.ranks
    return PanNeXtU(
        config.bands, config.unet_dims, config.unet_depths, ranks, config.c_z,
        stride=config.unet_stride, details=config.details,
    )  # fmt: skip


class KSDiff(TrainableNetwork):
    """All parts of KSDiff; PLFE1 is for training only and is not exported."""

    method = "ksdiff"
    title = "KSDiff"

    def __init__(self, config: KSDiffConfig) -> None:
        super().__init__()
        self.config: KSDiffConfig = config
        sizes = (config.bands, config.pan_channels, config.plfe_dims, config.c_z, config.side)
        self.plfe1, self.plfe2 = PLFE1(*sizes), PLFE2(*sizes)
        self.denoiser = Denoiser(config.tokens, config.c_z, config.denoiser_dim)
        self.schedule = Schedule(config.steps, config.beta)
        self.net = fusion_network(config)

    def trainable_modules(self, stage: int) -> list[nn.Module]:
        """Return the modules that stage 1 or 2 trains (eq. 10: jointly in stage 2)."""
        return [self.plfe1, self.net] if stage == 1 else [self.plfe2, self.denoiser, self.net]

    def begin_stage2(self) -> None:
        """Initialise the modules of PLFE2 that PLFE1 has too: stems and LMS branch."""
        one, two = self.plfe1, self.plfe2
        two.pan_stem.load_state_dict(one.pan_stem.state_dict())
        two.lms_stem.load_state_dict(one.lms_stem.state_dict())
        two.lms_branch.load_state_dict(one.lms_branch.state_dict())

    def prior(self, z: Tensor, scenes: int) -> Tensor:
        """Average z over tokens and the windows of a scene: (K*S, tokens, C_z) -> (S, C_z)."""
        return scene_mean(z.mean(dim=1), scenes)

    def stage1(self, batch: Batch) -> Tensor:
        """Return H1 (B, C, H, W), sharpened with the prior of the reference."""
        return self._fuse(batch, self.plfe1(batch.pan, batch.lms, batch.gt))

    def _fuse(self, batch: Batch, z: Tensor) -> Tensor:
        prior = self.prior(z, batch.scenes)
        return self.net(batch.pan, batch.lms, batch.gain, batch.details, prior)

    def stage2(
        self, batch: Batch, noise: Tensor, start: Tensor, t: Tensor, steps: int
    ) -> LatentResult:
        """Return the latent loss of eq. 9 and H2, sharpened with the sampled prior.

        Parameters
        ----------
        noise, start : (B, tokens, C_z), added to z0 for the loss; and the start of the sampling.
        t : (B,) diffusion steps of the latent loss.
        steps : number of sampling steps; gradients pass through all of them.
        """
        with torch.no_grad():
            z0 = self.plfe1(batch.pan, batch.lms, batch.gt)
        condition = self.plfe2(batch.pan, batch.lms)
        with torch.autocast(condition.device.type, enabled=False):
            noised = self.schedule.add_noise(z0, t, noise)
            latent_loss = (z0 - self.denoiser(noised, t, condition)).abs().mean()
            z = self.schedule.sample(self.denoiser, condition, start, steps)
        return LatentResult(latent_loss, self._fuse(batch, z))

    def sharpen(self, batch: Batch, stage: int) -> Tensor:
        """Return HRMS (B, C, H, W): in stage 2 as in use, in stage 1 with the reference's prior."""
        if stage == 1:
            return self.stage1(batch)
        config = self.config
        size = (len(batch.lms), config.tokens, config.c_z)
        noise = torch.randn(size, generator=torch.Generator().manual_seed(0)).to(batch.lms.device)
        t = torch.zeros(len(noise), dtype=torch.long, device=noise.device)
        return self.stage2(batch, noise, noise, t, config.ddim_steps).image

    def scene_kernels(
        self, pan: Tensor, lms: Tensor, gain: Tensor, details: Tensor, noise: Tensor
    ) -> list[Tensor]:
        """Return the scene's kernels (Cout, 1, k, k) in the order of the network's `kernel_names`.

        From K windows of the scene, with images as in `core.networks.batch.Batch`. The diffusion of
        all windows starts from the same noise (1, tokens, C_z); prior and features are averaged
        over the windows.
        """
        condition = self.plfe2(pan, lms)
        start = noise.expand(condition.shape[0], -1, -1)
        z = self.schedule.sample(self.denoiser, condition, start, self.config.ddim_steps)
        fusion = self.net.fuse(pan, lms, gain, details, self.prior(z, 1))
        return [kernels[0] for kernels in fusion.kernels]
