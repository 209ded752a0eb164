# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math

import pytest
import torch

from core.networks.diffusion import Denoiser, Schedule, time_embedding


def test_alpha_bar_is_the_product_of_one_minus_beta() -> None:
    schedule = Schedule(1000, (1e-4, 2e-2))
    assert float(schedule.alpha_bar[0]) == pytest.approx(1 - 1e-4, rel=1e-6)
    assert float(schedule.alpha_bar[-1]) == pytest.approx(4.0e-5, rel=0.02)
    assert not any("alpha_bar" in name for name in schedule.state_dict())


def test_compact_schedule() -> None:
    assert float(Schedule(4, (0.1, 0.99)).alpha_bar[-1]) == pytest.approx(1.7e-3, rel=0.05)


def test_noised_latent_has_the_moments_of_the_closed_form() -> None:
    torch.manual_seed(0)
    schedule = Schedule(100, (1e-4, 2e-2))
    z0 = torch.full((20_000, 1, 1), 2.0)
    z = schedule.add_noise(z0, torch.full((20_000,), 60), torch.randn_like(z0))
    abar = float(schedule.alpha_bar[60])
    assert float(z.mean()) == pytest.approx(2 * math.sqrt(abar), abs=0.03)
    assert float(z.std()) == pytest.approx(math.sqrt(1 - abar), abs=0.02)


@pytest.mark.parametrize(("count", "expected"), [(1, [99]), (2, [99, 0]), (4, [99, 66, 33, 0])])
def test_timesteps_are_even_and_include_the_last(count: int, expected: list[int]) -> None:
    assert Schedule(100, (1e-4, 2e-2)).timesteps(count) == expected


@pytest.mark.parametrize("count", [1, 2, 10])
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


def test_denoiser_depends_on_all_its_inputs() -> None:
    torch.manual_seed(0)
    denoiser = Denoiser(tokens=4, c_z=8, dim=16)
    z, c, t = torch.randn(1, 4, 8), torch.randn(1, 4, 8), torch.tensor([3])
    base = denoiser(z, t, c)
    assert base.shape == z.shape
    for other in (denoiser(z + 1, t, c), denoiser(z, t + 5, c), denoiser(z, t, c + 1)):
        assert (other - base).abs().max() > 1e-3


def test_time_embedding_tells_steps_apart() -> None:
    e = time_embedding(torch.arange(1000), 128)
    assert e.shape == (1000, 128)
    assert torch.cdist(e, e).fill_diagonal_(9).min() > 1e-2
