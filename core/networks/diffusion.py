# SPDX-License-Identifier: GPL-2.0-or-later
"""Diffusion of a small latent: noise schedules, forward process, samplers, and the denoiser.

The denoiser predicts z0 (KSDiff, arXiv 2505.18991, eq. 9). DDIM with eta = 0 (eq. 8):

    eps = (z_t - sqrt(abar_t) z0) / sqrt(1 - abar_t)
    z_s = sqrt(abar_s) z0 + sqrt(1 - abar_s) eps

`CompactSchedule` has few and large steps and takes the posterior mean of each, as DiffIR does
(Xia et al., "DiffIR: Efficient Diffusion Model for Image Restoration", ICCV 2023).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from core.networks import schedule

Denoise = Callable[[Tensor, Tensor, Tensor], Tensor]


class Schedule(nn.Module):
    """A linear beta schedule of T steps with DDIM; alpha_bar (T,) is never stored in a model."""

    alpha_bar: Tensor

    def __init__(self, steps: int, beta: tuple[float, float]) -> None:
        super().__init__()
        betas = torch.linspace(beta[0], beta[1], steps, dtype=torch.float64)
        self.steps = steps
        self.register_buffer(
            "alpha_bar", torch.cumprod(1 - betas, 0).to(torch.float32), persistent=False
        )

    def add_noise(self, z0: Tensor, t: Tensor, noise: Tensor) -> Tensor:
        """z_t = sqrt(abar_t) z0 + sqrt(1 - abar_t) eps for t (B,), z0 and noise (B, ...)."""
        abar = self.alpha_bar[t].reshape(-1, *[1] * (z0.dim() - 1))
        return abar.sqrt() * z0 + (1 - abar).sqrt() * noise

    def timesteps(self, count: int) -> list[int]:
        """`count` evenly spaced steps, at most T, from T-1 down to 0 (T-1 alone for one).

        Raises ValueError when no step is asked for.
        """
        if count < 1:
            raise ValueError(f"sampling takes at least one step, not {count}")
        count = min(count, self.steps)
        spacing = torch.linspace(self.steps - 1, 0, count, dtype=torch.float64)
        return [round(float(t)) for t in spacing]

    def sample(self, denoise: Denoise, condition: Tensor, noise: Tensor, count: int) -> Tensor:
        """DDIM from `noise` (B, S, C_z) in `count` steps; returns the last z0 (B, S, C_z)."""
        z, z0 = noise, noise
        steps = self.timesteps(count)
        for t, s in zip(steps, [*steps[1:], None], strict=True):
            z0 = denoise(z, torch.full((z.shape[0],), t, device=z.device), condition)
            if s is None:
                break
            z = schedule.ddim(z, z0, float(self.alpha_bar[t]), float(self.alpha_bar[s]))
        return z0


class CosineSchedule(Schedule):
    """The cosine schedule of T steps with the timesteps of `core.networks.schedule`."""

    def __init__(self, steps: int) -> None:
        super().__init__(steps, (0.0, 0.0))
        self.alpha_bar.copy_(torch.from_numpy(schedule.cosine(steps)))

    def timesteps(self, count: int) -> list[int]:
        """See `core.networks.schedule.timesteps`."""
        return schedule.timesteps(self.steps, count)


class CompactSchedule(Schedule):
    """Few steps with large betas; sampling goes through all of them, without added noise.

    The mean of q(z_{t-1} | z_t, z0), see Ho et al., "Denoising Diffusion Probabilistic Models",
    NeurIPS 2020, eq. 7:

        sqrt(abar_{t-1}) beta_t / (1 - abar_t) z0
        + sqrt(alpha_t) (1 - abar_{t-1}) / (1 - abar_t) z_t,  with abar_{-1} = 1
    """

    from_z0: Tensor
    from_z: Tensor

    def __init__(self, steps: int, beta: tuple[float, float]) -> None:
        super().__init__(steps, beta)
        betas = torch.linspace(beta[0], beta[1], steps, dtype=torch.float64)
        abar = torch.cumprod(1 - betas, 0)
        before = torch.cat([torch.ones(1, dtype=torch.float64), abar[:-1]])
        weights = {
            "from_z0": before.sqrt() * betas / (1 - abar),
            "from_z": (1 - betas).sqrt() * (1 - before) / (1 - abar),
        }
        for name, values in weights.items():
            self.register_buffer(name, values.to(torch.float32), persistent=False)

    def sample(self, denoise: Denoise, condition: Tensor, noise: Tensor, count: int) -> Tensor:
        """Posterior means from `noise` (B, S, C_z) through all T steps, whatever the `count`."""
        z = noise
        for t in self.timesteps(self.steps):
            z0 = denoise(z, torch.full((z.shape[0],), t, device=z.device), condition)
            z = self.from_z0[t] * z0 + self.from_z[t] * z
        return z


def time_embedding(t: Tensor, dim: int) -> Tensor:
    """Sinusoidal embedding of integer steps: (B,) -> (B, dim)."""
    half = dim // 2
    frequencies = torch.exp(
        -math.log(10_000.0) * torch.arange(half, device=t.device, dtype=torch.float32) / half
    )
    angles = t.float()[:, None] * frequencies[None]
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class Mixer(nn.Module):
    """One MLP-mixer block: tokens, then channels; pre-norm, residual. (B, S, D) -> (B, S, D)."""

    def __init__(self, tokens: int, dim: int) -> None:
        super().__init__()
        hidden = max(tokens // 2, 1)
        self.token_norm = nn.LayerNorm(dim)
        self.token_mlp = nn.Sequential(
            nn.Linear(tokens, hidden), nn.GELU(), nn.Linear(hidden, tokens)
        )
        self.channel_norm = nn.LayerNorm(dim)
        self.channel_mlp = nn.Sequential(
            nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.token_mlp(self.token_norm(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channel_mlp(self.channel_norm(x))


class Denoiser(nn.Module):
    """z0 from (z_t, t, c): all (B, S, C_z), t (B,). A token-MLP mixer; size-independent."""

    def __init__(self, tokens: int, c_z: int, dim: int, blocks: int = 2, time_dim: int = 128):
        super().__init__()
        self.time_dim = time_dim
        self.inward = nn.Linear(2 * c_z, dim)
        self.time = nn.Sequential(nn.Linear(time_dim, dim), nn.SiLU(), nn.Linear(dim, dim))
        self.mixers = nn.Sequential(*(Mixer(tokens, dim) for _ in range(blocks)))
        self.outward = nn.Linear(dim, c_z)

    def forward(self, z_t: Tensor, t: Tensor, condition: Tensor) -> Tensor:
        x = self.inward(torch.cat([z_t, condition], dim=2))
        x = x + self.time(time_embedding(t, self.time_dim))[:, None]
        return self.outward(self.mixers(x))
