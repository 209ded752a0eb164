# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from core.networks.cost import cost
from core.networks.ksdiff import KSDiffConfig
from core.networks.srino import SRINOConfig


def test_cost_of_the_full_size_method_for_eight_bands() -> None:
    """All but the generators grows with the area: sixteen such images are one of 256 x 256 px."""
    parts = cost(KSDiffConfig(bands=8), 64, 64)
    assert sum(parameters for parameters, _ in parts.values()) == 4_554_256
    macs = {name: count for name, (_, count) in parts.items()}
    assert 16 * macs["network"] == pytest.approx(7.16e9, rel=0.01)
    assert 16 * macs["PLFE2"] == pytest.approx(7.05e9, rel=0.01)
    assert macs["denoiser"] == pytest.approx(10 * 0.040e9, rel=0.03)
    assert 0 < macs["generators"] < 1.5e6


def test_a_convolution_counts_its_products() -> None:
    parts = cost(KSDiffConfig(bands=4, backbone="dicnn", ranks=None), 16, 20)
    assert parts == {"network": (42_180, 16 * 20 * 9 * (5 * 64 + 64 * 64 + 64 * 4))}


def test_a_compact_schedule_takes_all_its_steps() -> None:
    sizes = {"bands": 2, "unet_dims": (8, 8), "unet_depths": (1, 1), "plfe_dims": (8, 8)}
    classic = cost(KSDiffConfig(**sizes, ddim_steps=1), 16, 16)
    compact = cost(KSDiffConfig(**sizes, schedule="compact", steps=4, beta=(0.1, 0.99)), 16, 16)
    assert compact["denoiser"][1] == 4 * classic["denoiser"][1]


def test_a_step_of_srino_for_eight_bands() -> None:
    """The full-size operator, and what guides it."""
    step = cost(SRINOConfig(8, sampling=1), 64, 64)
    assert step["operator"] == (567_816, pytest.approx(1.19e9, rel=0.01))
    assert step["adapters"][0] == 667_008 and step["predictor"][0] == 79_208 + 1_377
    assert step["blur"][0] == 163_560
    chain = cost(SRINOConfig(8, sampling=25), 64, 64)
    for name, (_, macs) in step.items():
        assert chain[name][1] == macs * (25 if name in ("operator", "adapters") else 1)
    large = cost(SRINOConfig(8, sampling=1), 128, 128)
    assert large["operator"][1] == pytest.approx(4 * step["operator"][1], rel=1e-3)


def test_srino_for_any_bands_works_at_its_own_resolution() -> None:
    sizes = {"layers": 1, "width": 8, "heads": 2, "unet_dims": (8, 8), "unet_depths": (1, 1)}
    fine, coarse = (cost(SRINOConfig(**sizes, stride=n), 32, 32) for n in (1, 2))
    assert coarse["operator"][1] < fine["operator"][1]
