# SPDX-License-Identifier: GPL-2.0-or-later
"""Displacement by matching edges: to a fraction of a pixel, or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from scenes import landscape
from scipy import ndimage

from core.registration.edge_matching import match_edges, median_shift

pytestmark = pytest.mark.numerical


def test_displacement_is_found_to_a_fraction_of_a_pixel_or_not_at_all() -> None:
    image = landscape(128, 128, 1).reference[0]
    moved = ndimage.shift(image, (1.4, -2.7), order=5, mode="nearest")
    assert match_edges(moved, image) == pytest.approx((1.4, -2.7), abs=0.15)
    noise = np.random.default_rng(4).normal(0, 1, image.shape)
    assert match_edges(noise, image) is None
    assert match_edges(np.full_like(image, 7.0), image) is None
    assert match_edges(np.roll(image, 20, axis=0), image) is None


def test_typical_displacement_is_that_of_most_windows() -> None:
    assert median_shift([(1.0, 2.0), (1.2, 2.2), (9.0, -9.0)]) == (1.2, 2.0)
    assert median_shift([(1.0, 2.0), *[None] * 4]) is None
    assert median_shift([(1.0, 2.0), (5.0, 2.0), (-5.0, 7.0), (8.0, 0.0)]) is None
    assert median_shift([]) is None
