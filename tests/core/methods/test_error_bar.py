# SPDX-License-Identifier: GPL-2.0-or-later
"""The error bar: what it covers where errors are known, and what it depends on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InputError
from core.methods.error_bar import (
    COVERAGE,
    WIDENING,
    ErrorBar,
    WindowErrors,
    fit_error_bar,
    local_detail,
    widening,
)
from core.pair.scene import Patch
from core.raster.window import Window

pytestmark = pytest.mark.numerical

SIZE, RATIO = 256, 4.0
DN = np.array([2.0, 7.0, 20.0])


@pytest.fixture(scope="module")
def patch() -> Patch:
    """PAN with detail in its right half alone."""
    rng = np.random.default_rng(1)
    pan = 500 + 40 * np.sin(np.arange(SIZE) / 30)[:, None] + np.zeros((SIZE, SIZE))
    pan[:, SIZE // 2 :] += rng.normal(0, 30, (SIZE, SIZE // 2))
    whole, shape = Window(0, 0, SIZE, SIZE), (len(DN), SIZE, SIZE)
    lms = np.zeros(shape, np.float32)
    return Patch(whole, pan.astype(np.float32), lms, np.ones((SIZE, SIZE), bool))


def known(patch: Patch, seed: int) -> WindowErrors:
    """Normal errors, in each band so many DN for each DN of PAN's detail and of its mean."""
    detail = local_detail(patch.pan, patch.valid, RATIO)
    size = DN[:, None, None] * (detail + 0.5 * detail.mean()) / 30
    error = np.abs(np.random.default_rng(seed).normal(0, size)).astype(np.float32)
    return WindowErrors(detail, error, patch.valid)


def test_it_covers_what_it_says_of_errors_of_the_same_kind(patch: Patch) -> None:
    bar = fit_error_bar([known(patch, 2)], RATIO)
    np.testing.assert_allclose(bar.scale, DN / 30 * 1.645 * WIDENING / RATIO, rtol=0.02)
    other = known(patch, 3)
    width = bar.of(patch) / widening(RATIO)
    for where in (np.s_[:, : SIZE // 2], np.s_[:, SIZE // 2 :]):  # a constant bar fails in both
        for band in range(len(DN)):
            share = np.mean(other.error[band][where] <= width[band][where])
            assert share == pytest.approx(COVERAGE, abs=0.01)


def test_a_bar_of_a_low_ratio_is_widened_more_and_none_is_narrowed() -> None:
    assert widening(2.0) == 2 * widening(4.0) > 2
    assert widening(100.0) == 1.0


def test_pixels_without_data_do_not_count(patch: Patch) -> None:
    test = known(patch, 2)
    valid = patch.valid.copy()
    valid[:60, 100:200] = False
    error = np.where(valid, test.error, np.nan)
    holed = fit_error_bar([replace(test, error=error, valid=valid)], RATIO)
    np.testing.assert_allclose(holed.scale, fit_error_bar([test], RATIO).scale, rtol=0.05)
    with pytest.raises(InputError) as refused:
        fit_error_bar([replace(test, valid=np.zeros_like(valid))], RATIO)
    assert refused.value.code == "no-pixel-to-test"


def test_it_is_local(patch: Patch) -> None:
    bar = ErrorBar(DN.astype(np.float32), 3.0, RATIO)
    inner = Window(100, 90, 40, 50)
    around = inner.grow(bar.halo, patch.window)
    at = inner.shift(-around.row, -around.col).slices
    expected = bar.of(patch)[(..., *inner.slices)]
    np.testing.assert_allclose(bar.of(patch.cut(around))[(..., *at)], expected, rtol=1e-4)


def test_a_pan_without_detail_has_one_bar(patch: Patch) -> None:
    flat = replace(patch, pan=np.full((SIZE, SIZE), 7, np.float32))
    error = np.abs(np.random.default_rng(0).normal(0, 5, (3, SIZE, SIZE)))
    detail = local_detail(flat.pan, flat.valid, RATIO)
    width = fit_error_bar([WindowErrors(detail, error, flat.valid)], RATIO).of(flat)
    np.testing.assert_allclose(width, 5 * 1.645 * widening(RATIO), rtol=0.02)
