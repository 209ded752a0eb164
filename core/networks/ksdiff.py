# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff: a prior diffused in a tiny latent space modulates the kernels of a fast network.

Jin, Cao, Deng, Li, "Fast Kernel-Space Diffusion for Remote Sensing Pansharpening", CVPR 2026
(arXiv 2505.18991). Stage 1 trains PLFE1, kernel generators and network with the prior of the
reference; stage 2 trains PLFE2 and the denoiser to find that prior from PAN and LMS alone.

Batches are window-major groups of scenes, see `core.networks.kernels`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

import torch
from torch import Tensor, nn

from core.networks.diffusion import Denoiser, Schedule
from core.networks.kernels import Ranks
from core.networks.pannext import PanNeXtU
from core.networks.plfe import PLFE1, PLFE2


@dataclass(frozen=True)
class KSDiffConfig:
    """Sizes of every part. The defaults are the full-size method.

    ``bands=None`` serves any number of bands (profile `scene`); a number binds the network to it
    (profile `paper`). ``tokens`` is a square number, the pooled grid of the latent.
    """

    bands: int | None = None
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

    @property
    def pan_channels(self) -> int:
        """PAN alone, or PAN and its detail."""
        return 2 if self.bands is None else 1

    def to_json(self) -> dict[str, Any]:
        """Plain values for a model card."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> KSDiffConfig:
        """Read `to_json` back. Raises TypeError on unknown names."""
        frozen: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**frozen)


@dataclass(frozen=True)
class Batch:
    """Normalised images of one training step.

    pan (B, 1 or 2, H, W), lms and gt (B, C, H, W), gain (B, C), details (B, C, D, H, W) with D = 0
    for a network bound to its bands; ``scenes`` is S of B = K*S.
    """

    pan: Tensor
    lms: Tensor
    gain: Tensor
    details: Tensor
    gt: Tensor
    scenes: int = field(default=1)

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        tensors = {
            f.name: getattr(self, f.name).to(device) for f in fields(self) if f.name != "scenes"
        }
        return Batch(**tensors, scenes=self.scenes)


class KSDiff(nn.Module):
    """All parts. PLFE1 serves training alone and is not part of what is exported."""

    def __init__(self, config: KSDiffConfig) -> None:
        super().__init__()
        self.config = config
        side = round(config.tokens**0.5)
        if side * side != config.tokens:
            raise ValueError(f"tokens must be a square number, got {config.tokens}")
        sizes = (config.bands, config.pan_channels, config.plfe_dims, config.c_z, side)
        self.plfe1 = PLFE1(*sizes)
        self.plfe2 = PLFE2(*sizes)
        self.denoiser = Denoiser(config.tokens, config.c_z, config.denoiser_dim)
        self.schedule = Schedule(config.steps, config.beta)
        self.net = PanNeXtU(
            config.bands, config.unet_dims, config.unet_depths, config.ranks, config.c_z
        )

    def prior(self, z: Tensor, scenes: int) -> Tensor:
        """e: mean over tokens and over a scene's windows. (K*S, tokens, C_z) -> (S, C_z)."""
        return z.mean(dim=1).unflatten(0, (-1, scenes)).mean(dim=0)

    def stage1(self, batch: Batch) -> Tensor:
        """H1 (B, C, H, W), sharpened with the prior of the reference."""
        z = self.plfe1(batch.pan, batch.lms, batch.gt)
        return self.net(
            batch.pan, batch.lms, batch.gain, batch.details, self.prior(z, batch.scenes)
        )

    def stage2(
        self, batch: Batch, noise: Tensor, start: Tensor, t: Tensor, steps: int
    ) -> tuple[Tensor, Tensor]:
        """The latent loss of eq. 9 and H2 (B, C, H, W), sharpened with the sampled prior.

        Parameters
        ----------
        noise, start : (B, tokens, C_z) for the noised z0 and for the start of the sampled chain.
        t : (B,) diffusion steps of the latent loss.
        steps : length of the sampled chain; gradients run through all of it.
        """
        with torch.no_grad():
            z0 = self.plfe1(batch.pan, batch.lms, batch.gt)
        condition = self.plfe2(batch.pan, batch.lms)
        with torch.autocast(condition.device.type, enabled=False):
            noised = self.schedule.add_noise(z0, t, noise)
            latent_loss = (z0 - self.denoiser(noised, t, condition)).abs().mean()
            z = self.schedule.sample(self.denoiser, condition, start, steps)
        hrms = self.net(
            batch.pan, batch.lms, batch.gain, batch.details, self.prior(z, batch.scenes)
        )
        return latent_loss, hrms

    def scene_kernels(
        self, pan: Tensor, lms: Tensor, gain: Tensor, details: Tensor, noise: Tensor
    ) -> list[Tensor]:
        """The scene's kernels from K of its windows, in the order of `PanNeXtU.kernel_names`.

        All windows start the diffusion from the same noise (1, tokens, C_z), and what the
        generators see is the mean over all of them.
        """
        condition = self.plfe2(pan, lms)
        start = noise.expand(condition.shape[0], -1, -1)
        z = self.schedule.sample(self.denoiser, condition, start, self.config.ddim_steps)
        found: list[Tensor] = []
        self.net(pan, lms, gain, details, self.prior(z, 1), found)
        return [kernels[0] for kernels in found]
