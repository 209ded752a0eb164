# SPDX-License-Identifier: GPL-2.0-or-later
"""Values become pixels without wrapping and without being mistaken for nodata."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.raster.pixels import convert, holds

INTEGERS = ("uint8", "int8", "uint16", "int16", "uint32", "int32")


def one(value: float, dtype: str, nodata: float, valid: bool = True, **more: bool) -> float:
    values = np.full((1, 1, 1), value, np.float32)
    made = convert(values, np.full((1, 1), valid), np.dtype(dtype), nodata, **more)
    assert made.dtype == dtype
    return made.item()


@given(value=st.floats(-1e10, 1e10, width=32), dtype=st.sampled_from(INTEGERS), data=st.data())
def test_values_are_rounded_and_clipped_and_step_aside_from_nodata(
    value: float, dtype: str, data: st.DataObject
) -> None:
    info = np.iinfo(dtype)
    nearest = int(np.clip(np.rint(value), info.min, info.max))
    nodata = data.draw(st.integers(int(info.min), int(info.max)) | st.just(nearest))
    expected = nearest
    if nearest == nodata:  # towards the value, unless the type ends there
        upward = nodata == info.min or (value >= nodata and nodata != info.max)
        expected += 1 if upward else -1
    assert one(value, dtype, nodata) == expected
    assert one(value, dtype, nodata, valid=False) == nodata


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        (1e30, "uint64", np.nextafter(2.0**64, 0)),
        (1e30, "int64", np.nextafter(2.0**63, 0)),
        (12.25, "float32", 12.25),
    ],
)
def test_what_no_double_holds_is_not_wrapped_and_floats_stay(
    value: float, dtype: str, expected: float
) -> None:
    assert one(value, dtype, 7) == expected


def test_a_valid_float_steps_aside_by_the_least() -> None:
    made = one(-9999.0, "float32", -9999.0)
    assert made != -9999.0
    assert made == pytest.approx(-9999.0, abs=1e-3)
    limit = float(np.finfo(np.float32).max)
    assert math.isfinite(one(limit, "float32", limit))
    assert one(limit, "float32", limit) != limit


def test_nothing_steps_aside_from_a_value_that_is_not_set_apart() -> None:
    assert one(0.0, "uint8", 0, reserved=False) == 0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_becomes_nodata(value: float) -> None:
    assert one(value, "uint16", 3) == 3
    assert math.isnan(one(value, "float32", math.nan))


def test_which_values_a_type_can_hold() -> None:
    assert holds(np.dtype("uint8"), 255)
    assert not holds(np.dtype("uint8"), 256)
    assert not holds(np.dtype("uint16"), -9999)
    assert not holds(np.dtype("int16"), 0.5)
    assert not holds(np.dtype("int16"), math.nan)
    assert holds(np.dtype("float32"), math.nan)
    assert not holds(np.dtype("float32"), 1e300)
