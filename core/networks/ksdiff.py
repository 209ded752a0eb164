# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff: a prior diffused in a tiny latent space modulates the kernels of a fast network.

Jin, Cao, Deng, Li, "Fast Kernel-Space Diffusion for Remote Sensing Pansharpening", CVPR 2026
(arXiv 2505.18991). Stage 1 trains PLFE1, kernel generators and network with the prior of the
reference; stage 2 trains PLFE2 and the denoiser to find that prior from PAN and LMS alone.

Batches are window-major groups of scenes, see `core.networks.kernels`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from core.networks.backbones import Backbone, DiCNN, FusionNet, LAGNet
from core.networks.config import Batch, NetworkConfig
from core.networks.diffusion import CompactSchedule, Denoiser, Schedule
from core.networks.kernels import Generator, Ranks
from core.networks.pannext import PanNeXtU
from core.networks.plfe import PLFE1, PLFE2, PlainEncoder

Encoder = Literal["plfe", "concatenated", "none"]
Sampling = Literal["classic", "compact"]
Network = Literal["pannext", "dicnn", "fusionnet", "lagnet"]
BACKBONES: dict[str, type[Backbone]] = {"dicnn": DiCNN, "fusionnet": FusionNet, "lagnet": LAGNet}


@dataclass(frozen=True)
class KSDiffConfig(NetworkConfig):
    """Sizes of every part. The defaults are the full-size method.

    ``bands`` is that of `NetworkConfig`. ``tokens`` is a square number, the pooled grid of the
    latent.

    The words choose between the method and what the paper compares it with.

    Parameters
    ----------
    ranks : of the kernels' Tucker product, by mode; None makes a plain network without prior.
    generator : ``tucker``, or ``mlp`` from the prior to the whole kernel.
    encoder : ``plfe``, ``concatenated`` (one plain pyramid on all images), or ``none``: a plain
        network without prior.
    schedule : ``classic`` draws `ddim_steps` of `steps` by DDIM; ``compact`` goes through all of
        its few steps, as with ``steps=4, beta=(0.1, 0.99)``.
    backbone : the fusion network; all but ``pannext`` need `bands` and have sizes of their own.

    Raises
    ------
    ValueError
        For an unknown word, and for sizes that do not go together.
    """

    unet_dims: tuple[int, ...] = (32, 64, 128)
    unet_depths: tuple[int, ...] = (2, 2, 2)
    ranks: Ranks | None = (4, 4, 2, 2)
    plfe_dims: tuple[int, ...] = (32, 64, 128)
    c_z: int = 256
    tokens: int = 16
    denoiser_dim: int = 512
    steps: int = 1000
    beta: tuple[float, float] = (1e-4, 2e-2)
    ddim_steps: int = 10
    generator: Generator = "tucker"
    encoder: Encoder = "plfe"
    schedule: Sampling = "classic"
    backbone: Network = "pannext"

    def __post_init__(self) -> None:
        words = {"generator": Generator, "encoder": Encoder, "schedule": Sampling}
        for name, known in {**words, "backbone": Network}.items():
            if getattr(self, name) not in get_args(known):
                raise ValueError(f"{name} is one of {get_args(known)}, not {getattr(self, name)!r}")
        if self.side**2 != self.tokens:
            raise ValueError(f"tokens must be a square number, got {self.tokens}")
        if self.backbone != "pannext" and self.bands is None:
            raise ValueError(f"the backbone {self.backbone} needs bands")
        if self.schedule == "compact" and (self.steps > 16 or self.beta[1] < 0.9):
            raise ValueError(
                "a compact schedule has few and large steps: steps 4 or 8 and beta (0.1, 0.99)"
            )

    @property
    def side(self) -> int:
        """Tokens along one side of the pooled grid."""
        return round(self.tokens**0.5)

    @property
    def modulated(self) -> bool:
        """There is a prior, and there are kernels for it to shape."""
        return self.encoder != "none" and self.ranks is not None


def fusion_network(config: KSDiffConfig, plain: bool = False) -> PanNeXtU | Backbone:
    """The fusion network of a configuration, `plain` without kernel generators."""
    ranks = config.ranks if config.modulated and not plain else None
    if config.backbone == "pannext":
        sizes = (config.bands, config.unet_dims, config.unet_depths)
        return PanNeXtU(*sizes, ranks, config.c_z, config.generator)
    return BACKBONES[config.backbone](config.bands, ranks, config.c_z, config.generator)


class KSDiff(nn.Module):
    """All parts. PLFE1 serves training alone and is not part of what is exported.

    Without a prior, both encoders and the denoiser are empty and both stages train the network.
    """

    title = "KSDiff"
    plfe1: nn.Module
    plfe2: nn.Module
    denoiser: nn.Module

    def __init__(self, config: KSDiffConfig) -> None:
        super().__init__()
        self.config = config
        sizes = (config.bands, config.pan_channels, config.plfe_dims, config.c_z, config.side)
        if not config.modulated:
            self.plfe1, self.plfe2, self.denoiser = nn.Identity(), nn.Identity(), nn.Identity()
        else:
            if config.encoder == "plfe":
                self.plfe1, self.plfe2 = PLFE1(*sizes), PLFE2(*sizes)
            else:
                self.plfe1 = PlainEncoder(*sizes, reference=True)
                self.plfe2 = PlainEncoder(*sizes, reference=False)
            self.denoiser = Denoiser(config.tokens, config.c_z, config.denoiser_dim)
        schedule = CompactSchedule if config.schedule == "compact" else Schedule
        self.schedule = schedule(config.steps, config.beta)
        self.net = fusion_network(config)

    def trained(self, stage: int) -> list[nn.Module]:
        """The parts that stage 1 or 2 trains (eq. 10: jointly in stage 2)."""
        return [self.plfe1, self.net] if stage == 1 else [self.plfe2, self.denoiser, self.net]

    def begin_stage2(self) -> None:
        """PLFE2 starts from the parts of PLFE1 that it has too."""
        for name in ("pan_stem", "lms_stem", "lms_branch", "pyramid"):
            if hasattr(self.plfe2, name):
                part = getattr(self.plfe1, name).state_dict()
                getattr(self.plfe2, name).load_state_dict(part)

    def prior(self, z: Tensor, scenes: int) -> Tensor:
        """e: mean over tokens and over a scene's windows. (K*S, tokens, C_z) -> (S, C_z)."""
        return z.mean(dim=1).unflatten(0, (-1, scenes)).mean(dim=0)

    def stage1(self, batch: Batch) -> Tensor:
        """H1 (B, C, H, W), sharpened with the prior of the reference."""
        if not self.config.modulated:
            return self._sharpen(batch, None)
        z = self.plfe1(batch.pan, batch.lms, batch.gt)
        return self._sharpen(batch, self.prior(z, batch.scenes))

    def _sharpen(self, batch: Batch, prior: Tensor | None) -> Tensor:
        return self.net(batch.pan, batch.lms, batch.gain, batch.details, prior)

    def stage2(
        self, batch: Batch, noise: Tensor, start: Tensor, t: Tensor, steps: int
    ) -> tuple[Tensor, Tensor]:
        """The latent loss of eq. 9 and H2 (B, C, H, W), sharpened with the sampled prior.

        Without a prior the latent loss is 0.

        Parameters
        ----------
        noise, start : (B, tokens, C_z) for the noised z0 and for the start of the sampled chain.
        t : (B,) diffusion steps of the latent loss.
        steps : length of the sampled chain; gradients run through all of it.
        """
        if not self.config.modulated:
            return batch.gt.new_zeros(()), self._sharpen(batch, None)
        with torch.no_grad():
            z0 = self.plfe1(batch.pan, batch.lms, batch.gt)
        condition = self.plfe2(batch.pan, batch.lms)
        with torch.autocast(condition.device.type, enabled=False):
            noised = self.schedule.add_noise(z0, t, noise)
            latent_loss = (z0 - self.denoiser(noised, t, condition)).abs().mean()
            z = self.schedule.sample(self.denoiser, condition, start, steps)
        return latent_loss, self._sharpen(batch, self.prior(z, batch.scenes))

    def sharpened(self, batch: Batch, stage: int) -> Tensor:
        """HRMS (B, C, H, W): in stage 2 as it will be used, in stage 1 with the truth's prior."""
        if stage == 1:
            return self.stage1(batch)
        config = self.config
        size = (len(batch.lms), config.tokens, config.c_z)
        noise = torch.randn(size, generator=torch.Generator().manual_seed(0)).to(batch.lms.device)
        t = torch.zeros(len(noise), dtype=torch.long, device=noise.device)
        return self.stage2(batch, noise, noise, t, config.ddim_steps)[1]

    def scene_kernels(
        self, pan: Tensor, lms: Tensor, gain: Tensor, details: Tensor, noise: Tensor
    ) -> list[Tensor]:
        """The scene's kernels from K of its windows, in the order of the network's `kernel_names`.

        All windows start the diffusion from the same noise (1, tokens, C_z), and what the
        generators see is the mean over all of them. Without a prior there are none.
        """
        if not self.config.modulated:
            return []
        condition = self.plfe2(pan, lms)
        start = noise.expand(condition.shape[0], -1, -1)
        z = self.schedule.sample(self.denoiser, condition, start, self.config.ddim_steps)
        found: list[Tensor] = []
        self.net(pan, lms, gain, details, self.prior(z, 1), found)
        return [kernels[0] for kernels in found]
