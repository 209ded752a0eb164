# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

from core.networks import schedule
from core.networks.diffusion import CosineSchedule


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
    found = schedule.timesteps(steps, count)
    assert found == sorted(set(found), reverse=True) and len(found) <= count
    assert 0 <= found[-1] <= found[0] < steps
    assert CosineSchedule(steps).timesteps(count) == found


def test_sampling_takes_a_step_at_least() -> None:
    with pytest.raises(ValueError, match="at least one step, not 0"):
        schedule.timesteps(500, 0)


@pytest.mark.parametrize("count", [1, 2, 25])
def test_a_perfect_predictor_leads_to_the_truth(count: int) -> None:
    """On arrays as on tensors; on the way, every state is the truth with the very same noise."""
    rng = np.random.default_rng(0)
    x0, eps = rng.normal(size=(2, 3, 8, 8))
    alpha_bar, steps = schedule.cosine(500), schedule.timesteps(500, count)
    x = math.sqrt(alpha_bar[steps[0]]) * x0 + math.sqrt(1 - alpha_bar[steps[0]]) * eps
    for t, s in itertools.pairwise(steps):
        x = schedule.ddim(x, x0, float(alpha_bar[t]), float(alpha_bar[s]))
        np.testing.assert_allclose(
            x, math.sqrt(alpha_bar[s]) * x0 + math.sqrt(1 - alpha_bar[s]) * eps, atol=1e-6
        )
    truth = torch.from_numpy(x0).float()
    noise = torch.from_numpy(eps).float()
    found = CosineSchedule(500).sample(lambda z, t, c: truth, truth, noise, count)
    torch.testing.assert_close(found, truth)
