# SPDX-License-Identifier: GPL-2.0-or-later
"""The linear schedule, DDIM, and the denoiser of the latent."""

from __future__ import annotations

import math

import pytest
import torch

from core.networks.diffusion import Schedule

pytestmark = pytest.mark.numerical


def test_forward_process_is_the_product_of_its_steps() -> None:
    """q(z_t | z_{t-1}) composed: what is left of z0, and the variance of what was added."""
    beta = torch.linspace(1e-4, 2e-2, 100, dtype=torch.float64)
    schedule = Schedule(100, (1e-4, 2e-2))
    one, nothing = torch.ones(1, 1, 1), torch.zeros(1, 1, 1)
    left, variance = 1.0, 0.0
    for t, b in enumerate(beta.tolist()):
        left, variance = math.sqrt(1 - b) * left, (1 - b) * variance + b
        at = torch.tensor([t])
        assert float(schedule.add_noise(one, at, nothing)) == pytest.approx(left, rel=1e-5)
        added = float(schedule.add_noise(nothing, at, one)) ** 2
        assert added == pytest.approx(variance, rel=1e-3)


def test_sampling_takes_a_step_at_least() -> None:
    with pytest.raises(ValueError, match="at least one step, not 0"):
        Schedule(100, (1e-4, 2e-2)).timesteps(0)


@pytest.mark.parametrize("count", [1, 2, 3, 10, 99, 100, 500])
def test_ddim_with_a_perfect_denoiser_returns_z0(count: int) -> None:
    torch.manual_seed(0)
    z0, noise = torch.randn(2, 4, 8), torch.randn(2, 4, 8)
    out = Schedule(100, (1e-4, 2e-2)).sample(lambda z, t, c: z0, z0, noise, count)
    torch.testing.assert_close(out, z0)


def test_ddim_follows_the_noised_path_of_its_estimate() -> None:
    """With z0 known, each DDIM state is the forward process with the very same noise."""
    torch.manual_seed(0)
    schedule = Schedule(50, (1e-3, 5e-2))
    z0, eps = torch.randn(1, 4, 8), torch.randn(1, 4, 8)
    start = schedule.add_noise(z0, torch.tensor([49]), eps)
    seen: list[tuple[int, torch.Tensor]] = []

    def denoise(z: torch.Tensor, t: torch.Tensor, c: torch.Tensor) -> torch.Tensor:
        seen.append((int(t[0]), z))
        return z0

    schedule.sample(denoise, z0, start, 5)
    for t, z in seen:
        expected = schedule.add_noise(z0, torch.tensor([t]), eps)
        torch.testing.assert_close(z, expected, atol=1e-4, rtol=1e-4)
