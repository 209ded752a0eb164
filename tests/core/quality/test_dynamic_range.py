# SPDX-License-Identifier: GPL-2.0-or-later
"""Scale and peak follow from the sensor, the values and their data type."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.quality.dynamic_range import scale_and_peak
from core.sensors import sensor


@pytest.mark.parametrize(
    ("name", "largest", "dtype", "peak"),
    [
        ("generic", 200, "uint8", 255),
        ("generic", 1000, "uint16", 1023),
        ("generic", 1024, "uint16", 2047),
        ("generic", 2, "uint16", 255),
        ("generic", 40000, "float64", 65535),
        ("generic", 70000, "float64", 70000),
        ("QB", 900, "uint16", 2047),
        ("QB", 900, "float32", 2047),
        ("QB", 5000, "uint16", 16383),
        ("QB", 200, "uint8", 255),
    ],
)
def test_peak_of_sensor_or_of_the_bits_in_use(
    name: str, largest: float, dtype: str, peak: float
) -> None:
    assert scale_and_peak(sensor(name), largest, dtype) == (1.0, peak)


@pytest.mark.parametrize("name", ["generic", "QB"])
def test_small_floats_are_reflectance(name: str) -> None:
    assert scale_and_peak(sensor(name), 0.31, np.float32) == (10_000.0, 0.31)
    assert scale_and_peak(sensor(name), 2.5, np.float32)[0] == 1.0


@pytest.mark.parametrize("largest", [0.0, -3.0, -math.inf, math.nan])
def test_no_positive_value_has_no_peak(largest: float) -> None:
    scale, peak = scale_and_peak(sensor("QB"), largest, np.float32)
    assert scale == 1.0 and math.isnan(peak)
