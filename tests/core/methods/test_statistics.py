# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from core.imaging.moments import Moments
from core.imaging.mtf import lowpass
from core.imaging.nominal_mtf import lowpass_radius
from core.methods import statistics as n
from core.methods.statistics import SceneStatistics, normalise, pixel_vectors

pytestmark = pytest.mark.numerical


def scene(bands: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    pan = lowpass(rng.normal(0, 300, (96, 96)).astype(np.float32), 1.2) + 500
    low = lowpass(pan, 4)
    lms = np.stack([low * (b + 1) + 20 * b for b in range(bands)])
    return lms.astype(np.float32), pan, low


def statistics(lms: np.ndarray, pan: np.ndarray, low: np.ndarray) -> SceneStatistics:
    moments = Moments(len(lms) + 2)
    moments.add(pixel_vectors(lms, pan, low, np.ones(pan.shape, bool)))
    return n.statistics(moments)


@pytest.mark.parametrize("ratio", [2, 4])
def test_lowpass_has_the_nominal_gain_at_the_nyquist_frequency_of_ms(ratio: int) -> None:
    x = np.arange(256)
    wave = np.tile(np.cos(np.pi * x / ratio), (256, 1)).astype(np.float32)
    middle = lowpass(wave, ratio)[128, 64:192]
    assert np.abs(middle).max() == pytest.approx(0.3, abs=0.01)


def test_lowpass_looks_no_further_than_it_says() -> None:
    image = np.zeros((65, 65), np.float32)
    image[32, 32] = 1
    reach = np.abs(np.argwhere(lowpass(image, 4) != 0) - 32).max()
    assert reach == lowpass_radius(4)


def test_statistics_are_those_of_all_windows_together() -> None:
    lms, pan, low = scene()
    whole = statistics(lms, pan, low)
    parts = Moments(5)
    for rows in (slice(0, 30), slice(30, 96)):
        valid = np.ones(pan[rows].shape, bool)
        parts.add(pixel_vectors(lms[:, rows], pan[rows], low[rows], valid))
    split = n.statistics(parts)
    np.testing.assert_allclose(whole.mean, lms.mean(axis=(1, 2)), rtol=1e-5)
    np.testing.assert_allclose(whole.std, lms.std(axis=(1, 2)), rtol=1e-4)
    np.testing.assert_allclose(split.gain, whole.gain, rtol=1e-5)
    np.testing.assert_allclose(split.std, whole.std, rtol=1e-5)


def test_invalid_pixels_do_not_count() -> None:
    lms, pan, low = scene()
    valid = np.ones(pan.shape, bool)
    valid[:20] = False
    moments = Moments(5)
    broken = lms.copy()
    broken[:, :20] = 65535
    moments.add(pixel_vectors(broken, pan, low, valid))
    np.testing.assert_allclose(n.statistics(moments).mean, lms[:, 20:].mean(axis=(1, 2)), rtol=1e-5)


@pytest.mark.parametrize(("factor", "offset"), [(1 / 1000, 0), (16, 100), (1, -300)])
def test_what_the_network_sees_does_not_depend_on_units(factor: float, offset: float) -> None:
    lms, pan, low = scene()
    units = [np.float32(factor) * x + np.float32(offset) for x in (lms, pan, low)]
    a = normalise(pan, low, lms, None, statistics(lms, pan, low))
    b = normalise(units[1], units[2], units[0], None, statistics(*units))
    for x, y in zip(a, b, strict=True):
        np.testing.assert_allclose(x, y, atol=2e-3)


def test_gain_of_a_band_that_is_pan_itself_is_one() -> None:
    _, pan, low = scene()
    gain = statistics(np.stack([pan, 3 * pan + 5]), pan, low).gain
    # cov(PAN, PAN) / cov(low, PAN), times the ratio of standard deviations of low and PAN.
    covariance = np.cov(pan.ravel(), low.ravel())
    expected = covariance[0, 0] / covariance[0, 1] * low.std() / pan.std()
    np.testing.assert_allclose(gain, [expected, expected], rtol=1e-3)


def test_a_flat_band_stays_finite() -> None:
    lms, pan, low = scene()
    lms[1] = 77
    s = statistics(lms, pan, low)
    _, bands = normalise(pan, low, lms, None, s)
    assert np.isfinite(bands).all() and np.abs(bands[1]).max() < 1e-3


def test_invalid_pixels_are_the_mean_of_the_scene() -> None:
    lms, pan, low = scene()
    valid = np.ones(pan.shape, bool)
    valid[5, 7] = False
    pan2, bands = normalise(pan, low, lms, valid, statistics(lms, pan, low))
    assert not pan2[:, 5, 7].any() and not bands[:, 5, 7].any()


def test_no_pixel_at_all_is_an_error() -> None:
    with pytest.raises(ValueError):
        n.statistics(Moments(5))
