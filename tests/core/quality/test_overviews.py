# SPDX-License-Identifier: GPL-2.0-or-later
"""Overviews are means of valid pixels; crops are chosen where error and detail are."""

from __future__ import annotations

import numpy as np
import pytest

from core.quality.overviews import Overview, choose_crops
from core.raster.window import Window


def test_overview_is_mean_of_valid_pixels() -> None:
    rng = np.random.default_rng(5)
    values = rng.uniform(0, 9, (2, 70, 53))
    valid = rng.uniform(size=(70, 53)) > 0.3
    valid[:14, :7] = False
    overview = Overview(2, 70, 53, 7)
    for rows in (slice(0, 32), slice(32, 70)):
        for cols in (slice(0, 20), slice(20, 53)):
            window = Window.between(rows.start, cols.start, rows.stop, cols.stop)
            overview.update(overview.measure(window, values[:, rows, cols], valid[rows, cols]))
    found = overview.compute()
    assert found.shape == (2, 10, 8)
    assert np.isnan(found[:, :2, 0]).all()
    part = np.s_[21:28, 49:53]
    assert found[1, 3, 7] == pytest.approx(values[1][part][valid[part]].mean())
    assert Overview(1, 5000, 100).compute().shape == (1, 500, 10)


def test_crops_are_chosen_by_error_and_detail() -> None:
    detail, error = np.ones((10, 12)), np.ones((10, 12))
    detail[7:10, 0:3], error[2:5, 6:9] = 9, 5
    detail[0, :] = np.nan
    error[0, 0] = 99  # where there is no data
    found = dict(choose_crops(detail, error, Window(0, 0, 310, 384)))
    assert found["Largest error"] == Window(64, 192, 96, 96)
    assert found["Most detail"] == Window(224, 0, 86, 96)
    assert found["Median detail"].row >= 32
    assert choose_crops(np.full((4, 4), np.nan), error[:4, :4], Window(0, 0, 128, 128)) == []
