# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from core.methods.injection import (
    DETAIL_LIMIT,
    PULL_TO_ONE,
    PULL_TOGETHER,
    Details,
    Mixture,
    Modulation,
    fit_detail_gain,
    mix,
    modulate,
)

pytestmark = pytest.mark.numerical


def test_the_detail_gain_of_a_band_is_pulled_to_the_others() -> None:
    rng = np.random.default_rng(0)
    injected = rng.standard_normal((3, 4000))
    wanted = np.array([0.5, 0.8, 1.2])
    found = fit_detail_gain(injected, wanted[:, None] * injected)
    assert (np.diff(found) > 0.1).all() and np.ptp(found) < np.ptp(wanted)
    assert abs(found.mean() - wanted.mean()) < 0.05
    np.testing.assert_allclose(fit_detail_gain(injected, injected), 1.0)


def test_the_detail_gain_minimises_its_sum() -> None:
    """Against a general minimiser."""
    rng = np.random.default_rng(0)
    injected = rng.standard_normal((4, 50)) * np.array([[1.0], [2.0], [0.5], [0.1]])
    missing = 0.7 * injected + rng.standard_normal((4, 50))
    a, c = (injected**2).mean(axis=1), (injected * missing).mean(axis=1)

    def total(x: np.ndarray) -> float:
        f, g = x[:4], x[4]
        pulls = PULL_TOGETHER * a.mean() * (f - g) ** 2 + PULL_TO_ONE * a * (g - 1) ** 2
        return float((a * (f - c / a) ** 2 + pulls).sum())

    best = optimize.minimize(total, np.ones(5), tol=1e-12).x[:4]
    np.testing.assert_allclose(fit_detail_gain(injected, missing), best, atol=1e-4)


def test_the_detail_gain_is_bounded() -> None:
    rng = np.random.default_rng(0)
    injected = rng.standard_normal((2, 100))
    assert (fit_detail_gain(np.zeros((2, 100)), injected) == 1).all()
    assert (fit_detail_gain(injected, -3 * injected) == 0).all()
    assert (fit_detail_gain(injected, 9 * injected) == 2).all()
    one_flat = np.stack([injected[0], np.zeros(100)])
    assert np.isfinite(fit_detail_gain(one_flat, one_flat)).all()


def test_the_details_in_single_precision_are_what_both_methods_add() -> None:
    rng = np.random.default_rng(0)
    haze = np.array([1000.0, 900.0, 1100.0])
    # Some bands lie below the haze, and some pixels with all of their intensity.
    lms = (haze[:, None, None] + rng.uniform(-300, 3000, (3, 32, 32))).astype(np.float32)
    lms[:, :4] -= 3000
    pan = rng.uniform(0, 9000, (32, 32)).astype(np.float32)
    mixture = Mixture(np.array([0.5, 0.4, 0.6]), -0.3 * rng.random((3, 3)))
    modulation = Modulation(np.array([0.3, 0.4, 0.3]), haze, 1.1, 30.0)
    bands, sharp = lms.astype(np.float64), pan.astype(np.float64)
    mixed = mix(bands, sharp, mixture) - bands
    modulated = modulate(bands, sharp, modulation, DETAIL_LIMIT) - bands
    found = Details(mixture, modulation).of(lms, pan)
    np.testing.assert_allclose(found, np.stack([mixed, modulated], axis=1), rtol=1e-4, atol=0.05)
    assert not found[:, 1, :4].any()
