# SPDX-License-Identifier: GPL-2.0-or-later
"""Diffusion: noise schedules with forward process and DDIM, and KSDiff's latent denoiser.

The denoiser predicts z0 (KSDiff, arXiv 2505.18991, eq. 9). DDIM with eta = 0 (eq. 8):

    eps = (z_t - sqrt(abar_t) z0) / sqrt(1 - abar_t)
    z_s = sqrt(abar_s) z0 + sqrt(1 - abar_s) eps
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from core.networks import schedule

Denoise = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Predicts x0 from x_t (B, ...), t (B,) and a condition (B, ...)."""


class Schedule(nn.Module):
    """A linear beta schedule of T steps, with DDIM; alpha_bar (T,) is not stored in models.

    `levels` are the same numbers as a list: reading one from a tensor would wait for the GPU.
    """

    alpha_bar: Tensor

    def __init__(self, steps: int, beta: tuple[float, float]) -> None:
        super().__init__()
        betas = torch.linspace(beta[0], beta[1], steps, dtype=torch.float64)
        self._set(torch.cumprod(1 - betas, 0))

    def _set(self, alpha_bar: Tensor) -> None:
        self.steps = len(alpha_bar)
        self.register_buffer("alpha_bar", alpha_bar.to(torch.float32), persistent=False)
        self.levels: list[float] = self.alpha_bar.tolist()

    def add_noise(self, x0: Tensor, t: Tensor, noise: Tensor) -> Tensor:
        """Return x_t = sqrt(abar_t) x0 + sqrt(1 - abar_t) eps for t (B,), x0 and noise (B, ...)."""
        abar = self.alpha_bar[t].reshape(-1, *[1] * (x0.dim() - 1))
        return abar.sqrt() * x0 + (1 - abar).sqrt() * noise

    def timesteps(self, count: int) -> list[int]:
        """Return `count` evenly spaced steps, at most T, from T-1 down to 0; for one, T-1.

        Raises ValueError for a count below 1.
        """
        if count < 1:
            raise ValueError(f"sampling takes at least one step, not {count}")
        count = min(count, self.steps)
        spacing = torch.linspace(self.steps - 1, 0, count, dtype=torch.float64)
        return [round(float(t)) for t in spacing]

    def sample(self, denoise: Denoise, condition: Tensor, noise: Tensor, count: int) -> Tensor:
        """Run DDIM from `noise` (B, ...) in `count` steps; return the last x0 (B, ...)."""
        x, x0 = noise, noise
        steps = self.timesteps(count)
        for number, t in enumerate(steps):
            if number:
                x = schedule.ddim(x, x0, self.levels[steps[number - 1]], self.levels[t])
            x0 = denoise(x, torch.full((x.shape[0],), t, device=x.device), condition)
        return x0


class CosineSchedule(Schedule):
    """The cosine schedule of T steps with the timesteps of `core.networks.schedule`."""

    def __init__(self, steps: int) -> None:
        super().__init__(steps, (0.0, 0.0))
        self._set(torch.from_numpy(schedule.cosine(steps)))

    def timesteps(self, count: int) -> list[int]:
        """Return the steps of `core.networks.schedule.timesteps`."""
        return schedule.timesteps(self.steps, count)


def time_embedding(t: Tensor, dim: int) -> Tensor:
    """Return the sinusoidal embedding of integer steps: (B,) -> (B, dim)."""
    half = dim // 2
    frequencies = torch.exp(
        -math.log(10_000.0) * torch.arange(half, device=t.device, dtype=torch.float32) / half
    )
    angles = t.float()[:, None] * frequencies[None]
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class Mixer(nn.Module):
    """One MLP-mixer block: tokens, then channels; pre-norm, residual."""

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
        """Apply the block: (B, tokens, D) -> the same."""
        x = x + self.token_mlp(self.token_norm(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channel_mlp(self.channel_norm(x))


class Denoiser(nn.Module):
    """An MLP-mixer over tokens that predicts z0, independent of the size of the image."""

    def __init__(self, tokens: int, c_z: int, dim: int, blocks: int = 2, time_dim: int = 128):
        super().__init__()
        self.time_dim = time_dim
        self.inward = nn.Linear(2 * c_z, dim)
        self.time = nn.Sequential(nn.Linear(time_dim, dim), nn.SiLU(), nn.Linear(dim, dim))
        self.mixers = nn.Sequential(*(Mixer(tokens, dim) for _ in range(blocks)))
        self.outward = nn.Linear(dim, c_z)

    def forward(self, z_t: Tensor, t: Tensor, condition: Tensor) -> Tensor:
        """Return z0 (B, tokens, C_z) from z_t and condition of that shape, and t (B,)."""
        x = self.inward(torch.cat([z_t, condition], dim=2))
        x = x + self.time(time_embedding(t, self.time_dim))[:, None]
        return self.outward(self.mixers(x))
