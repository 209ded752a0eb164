# SPDX-License-Identifier: GPL-2.0-or-later
"""The noise schedules of both networks: the forward process, their steps, and DDIM."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

from core.networks import schedule
from core.networks.diffusion import CosineSchedule, Schedule

pytestmark = pytest.mark.numerical

LINEAR = Schedule(100, (1e-4, 2e-2))
BOTH = pytest.mark.parametrize("of", [LINEAR, CosineSchedule(500)], ids=["linear", "cosine"])


def test_forward_process_is_the_product_of_its_steps() -> None:
    """q(z_t | z_{t-1}) composed: what is left of z0, and the variance of what was added."""
    beta = torch.linspace(1e-4, 2e-2, 100, dtype=torch.float64)
    one, nothing = torch.ones(1, 1, 1), torch.zeros(1, 1, 1)
    left, variance = 1.0, 0.0
    for t, b in enumerate(beta.tolist()):
        left, variance = math.sqrt(1 - b) * left, (1 - b) * variance + b
        at = torch.tensor([t])
        assert float(LINEAR.add_noise(one, at, nothing)) == pytest.approx(left, rel=1e-5)
        added = float(LINEAR.add_noise(nothing, at, one)) ** 2
        assert added == pytest.approx(variance, rel=1e-3)


def test_cosine_schedule_has_the_published_values() -> None:
    alpha_bar = schedule.cosine(500)
    values = {0: 0.999913, 20: 0.994096, 240: 0.521891, 480: 0.003503, 499: 0.0}
    for step, value in values.items():
        assert alpha_bar[step] == pytest.approx(value, abs=1e-6), step
    assert (np.diff(alpha_bar) < 0).all() and alpha_bar[-1] > 0


def test_25_of_500_steps_are_those_of_the_reference() -> None:
    assert schedule.timesteps(500, 25) == list(range(480, -1, -20))


@pytest.mark.parametrize("steps", [4, 20, 100, 500])
@pytest.mark.parametrize("count", [1, 2, 3, 25, 99, 1000])
def test_steps_only_get_less_noisy(steps: int, count: int) -> None:
    for of in (Schedule(steps, (1e-4, 2e-2)), CosineSchedule(steps)):
        found = of.timesteps(count)
        assert found == sorted(set(found), reverse=True) and len(found) <= count
        assert 0 <= found[-1] <= found[0] < steps


@BOTH
def test_sampling_takes_a_step_at_least(of: Schedule) -> None:
    with pytest.raises(ValueError):
        of.timesteps(0)


@BOTH
@pytest.mark.parametrize("count", [1, 2, 3, 25, 500])
def test_a_perfect_predictor_leads_to_the_truth_by_the_noised_path(
    of: Schedule, count: int
) -> None:
    """With the truth known, each state is the forward process with the very same noise."""
    torch.manual_seed(0)
    truth, noise = torch.randn(2, 4, 8), torch.randn(2, 4, 8)
    seen: list[tuple[torch.Tensor, torch.Tensor]] = []

    def denoise(z: torch.Tensor, t: torch.Tensor, c: torch.Tensor) -> torch.Tensor:
        seen.append((t, z))
        return truth

    first = torch.full((2,), of.timesteps(count)[0])
    found = of.sample(denoise, truth, of.add_noise(truth, first, noise), count)
    torch.testing.assert_close(found, truth)
    for t, z in seen:
        torch.testing.assert_close(z, of.add_noise(truth, t, noise), atol=1e-3, rtol=1e-3)


def test_ddim_of_arrays_follows_that_path_too() -> None:
    rng = np.random.default_rng(0)
    x0, eps = rng.normal(size=(2, 3, 8, 8))
    alpha_bar, steps = schedule.cosine(500), schedule.timesteps(500, 25)
    x = math.sqrt(alpha_bar[steps[0]]) * x0 + math.sqrt(1 - alpha_bar[steps[0]]) * eps
    for t, s in itertools.pairwise(steps):
        x = schedule.ddim(x, x0, float(alpha_bar[t]), float(alpha_bar[s]))
        expected = math.sqrt(alpha_bar[s]) * x0 + math.sqrt(1 - alpha_bar[s]) * eps
        np.testing.assert_allclose(x, expected, atol=1e-6)
