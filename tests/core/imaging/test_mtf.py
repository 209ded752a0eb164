# SPDX-License-Identifier: GPL-2.0-or-later
"""Simulation: the reference toolbox's filters and interpolation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from core.imaging.degrade import reduce_ms
from core.imaging.mtf import correlate, gauss_kernel, mtf_filter, mtf_kernel
from core.imaging.resample import imresize, interp23tap

pytestmark = pytest.mark.numerical


def test_mtf_gain_at_nyquist_is_the_reference_codes_not_the_cards() -> None:
    """0.3222 for 0.34 and 0.2824 for 0.30: the reference's frequency grid is 41 wide, not 40."""
    x = np.arange(-20, 21)
    for gain, expected in ((0.34, 0.3222), (0.30, 0.2824)):
        kernel = mtf_kernel(gain, 4)
        assert kernel.sum(axis=0) @ np.cos(2 * np.pi * x / 8) == pytest.approx(expected, abs=4e-4)
        assert 0.998 < kernel.sum() < 0.999


def test_gaussian_low_pass_is_a_little_narrower_in_space() -> None:
    assert gauss_kernel(4)[20, 20] > mtf_kernel(0.3, 4)[20, 20]


def test_correlate_equals_the_full_sum_with_replicated_border() -> None:
    image = np.random.default_rng(1).normal(500, 100, (50, 61))
    kernels = np.stack([mtf_kernel(0.22, 4), mtf_kernel(0.35, 2, (0.5, 0.5))])
    full = np.stack([ndimage.correlate(image, kernel, mode="nearest") for kernel in kernels])
    np.testing.assert_allclose(correlate(image, kernels), full, rtol=1e-12)
    np.testing.assert_allclose(correlate(image, kernels[0]), full[0], rtol=1e-12)
    both = correlate(np.stack([image, 2 * image]), kernels)
    np.testing.assert_allclose(both, full * [[[1]], [[2]]], rtol=1e-12)
    one = np.full((1, 1), 7.0)  # smaller than the kernel
    assert correlate(one, kernels[0]) == pytest.approx(7 * kernels[0].sum())


def test_mtf_filter_uses_each_bands_own_gain() -> None:
    image = np.zeros((2, 61, 61))
    image[:, 30, 30] = 1
    found = mtf_filter(image, [0.2, 0.35], 4)
    np.testing.assert_allclose(found[0, 10:51, 10:51], mtf_kernel(0.2, 4), atol=1e-14)
    np.testing.assert_allclose(found[1, 10:51, 10:51], mtf_kernel(0.35, 4), atol=1e-14)
    with pytest.raises(ValueError):
        mtf_filter(image, [0.3], 4)


def test_23_taps_put_coarse_samples_on_4i_plus_2_unchanged() -> None:
    ms = np.random.default_rng(2).uniform(100, 900, (2, 8, 16))
    lms = interp23tap(ms, 4)
    assert lms.shape == (2, 32, 64)
    np.testing.assert_allclose(lms[:, 2::4, 2::4], ms, rtol=1e-12)
    np.testing.assert_allclose(interp23tap(ms, 2)[:, 1::2, 1::2], ms, rtol=1e-12)
    np.testing.assert_allclose(interp23tap(np.full((1, 8, 8), 7.0), 8), 7.0, rtol=1e-7)
    with pytest.raises(ValueError):
        interp23tap(ms, 3)


def test_imresize_keeps_constants_and_the_centres_of_a_ramp() -> None:
    assert imresize(np.full((64, 40), 9.0), 1 / 4) == pytest.approx(np.full((16, 10), 9.0))
    ramp = np.tile(np.arange(64.0), (64, 1))
    middle = imresize(ramp, 1 / 4)[8, 4:-4]
    assert middle == pytest.approx(4 * np.arange(4, 12) + 1.5)


def test_imresize_weights_of_one_output() -> None:
    """Bicubic weights stretched by 4, a mirrored border: an impulse shows them."""

    def cubic(t: float) -> float:
        t = abs(t)
        return 1.5 * t**3 - 2.5 * t**2 + 1 if t <= 1 else -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2

    weights = [cubic((k - 17.5) / 4) for k in range(10, 26)]
    for k, weight in zip(range(10, 26), weights, strict=True):
        image = np.zeros((1, 64))
        image[0, k] = 1
        assert imresize(np.repeat(image, 4, 0), 0.25)[0, 4] == pytest.approx(weight / sum(weights))
    edge = np.zeros((4, 64))
    edge[:, 0] = 1  # seen by output 0 at 0 and, mirrored, at -1
    own = [cubic((k - 1.5) / 4) for k in range(-6, 10)]
    expected = (own[6] + own[5]) / sum(own)
    assert imresize(edge, 0.25)[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize(("ratio", "phase"), [(4, "benchmark"), (4, "product"), (2, "product")])
def test_reduced_ms_of_a_plane_tells_its_phase(ratio: int, phase: str) -> None:
    y, x = np.mgrid[:96, :96].astype(np.float64)
    plane = np.stack([500 + 2 * x + 3 * y, 900 - x])
    found = reduce_ms(plane, [0.3, 0.25], ratio, phase)  # type: ignore[arg-type]
    offset = ratio / 2 if phase == "benchmark" else (ratio - 1) / 2
    at = ratio * np.arange(found.shape[1]) + offset
    truth = 500 + 2 * at[None, :] + 3 * at[:, None]
    gain = mtf_kernel(0.3, ratio, (offset % 1, offset % 1)).sum()
    inner = np.s_[12:-12, 12:-12] if ratio == 2 else np.s_[6:-6, 6:-6]
    np.testing.assert_allclose(found[0][inner], gain * truth[inner], rtol=1e-4)


@pytest.mark.parametrize("ratio", [2, 3, 4])
@pytest.mark.parametrize("cycles", [0.02, 0.06, 0.1])
def test_both_phases_dim_a_wave_alike_each_at_its_place(ratio: int, cycles: float) -> None:
    """Waves of so many cycles per pixel, along rows and along columns."""
    at = np.arange(240.0)
    amplitudes = []
    for phase in ("benchmark", "product"):
        offset = ratio // 2 if phase == "benchmark" else (ratio - 1) / 2
        for axis in (1, 2):
            wave = np.cos(2 * np.pi * cycles * at)
            image = np.broadcast_to(wave[:, None] if axis == 1 else wave, (1, 240, 240))
            found = reduce_ms(image, [0.3], ratio, phase)[0]  # type: ignore[arg-type]
            line = np.moveaxis(found, axis - 1, 0)[:, 120 // ratio]
            places = ratio * np.arange(len(line)) + offset
            inner = slice(24 // ratio, -24 // ratio)
            basis = np.stack([f(2 * np.pi * cycles * places[inner]) for f in (np.cos, np.sin)])
            cosine, sine = np.linalg.lstsq(basis.T, line[inner], rcond=None)[0]
            assert abs(sine) < 2e-3  # a wave displaced by a tenth of a pixel has 0.01 or more
            amplitudes.append(cosine)
    np.testing.assert_allclose(amplitudes, amplitudes[0], atol=2e-3)
    assert 0.05 < amplitudes[0] < 1
