# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpness of bands relative to PAN, on images whose detail is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from core.quality.detail import median, sharpness

pytestmark = pytest.mark.numerical


@pytest.fixture
def pan() -> np.ndarray:
    rng = np.random.default_rng(0)
    return 500 + 80 * ndimage.gaussian_filter(rng.normal(size=(96, 96)), 1)


def test_bands_proportional_to_pan_have_its_detail(pan: np.ndarray) -> None:
    found = sharpness(np.stack([pan, 3 * pan + 20, 900 - pan]), pan)
    assert found.correlation == pytest.approx([1, 1, -1])
    assert found.strength == pytest.approx([1, 1, 1])


def test_smooth_noisy_and_flat_bands(pan: np.ndarray) -> None:
    rng = np.random.default_rng(1)
    smooth = ndimage.gaussian_filter(pan, 3)
    noise = rng.normal(500, 30, pan.shape)
    found = sharpness(np.stack([smooth, noise, np.full_like(pan, 7.0)]), pan)
    assert abs(found.correlation[1]) < 0.1
    assert found.strength[0] < 0.3 < 1 < found.strength[1]
    assert np.isnan(found.correlation[2]) and np.isnan(found.strength[2])


def test_median_over_windows(pan: np.ndarray) -> None:
    windows = [sharpness(np.stack([k * pan, pan]), pan) for k in (1, 2, 3)]
    middle = median(windows)
    assert middle is not None and middle.correlation == pytest.approx([1, 1])
    assert median([]) is None
