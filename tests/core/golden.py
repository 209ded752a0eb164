# SPDX-License-Identifier: GPL-2.0-or-later
"""Values of the field's reference MATLAB toolbox, and the formulas of the images they are of."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from core.imaging.arrays import FloatArray
from core.imaging.resample import interp23tap

FILE = Path(__file__).resolve().parents[3] / "shared" / "golden" / "dlpan_reference.csv"
SENSORS = {
    "WV3": "worldview3",
    "QB": "quickbird",
    "GF2": "gaofen2",
    "GeoEye1": "geoeye1",
    "WV2": "worldview2",
    "IKONOS": "ikonos",
}


@lru_cache(maxsize=1)
def reference() -> dict[str, dict[str, float]]:
    """Sensor -> quantity -> value; skips the test without the file."""
    if not FILE.is_file():
        pytest.skip("reference values are not at ../shared/golden beside the checkout")
    values: dict[str, dict[str, float]] = {}
    with FILE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values.setdefault(row["sensor"], {})[row["quantity"]] = float(row["value"])
    return values


@dataclass(frozen=True)
class Case:
    """The images of one sensor."""

    peak: int
    gt: FloatArray
    fused: FloatArray
    pan: FloatArray
    ms: FloatArray
    lms: FloatArray


@lru_cache(maxsize=2)
def case(bands: int, peak: int) -> Case:
    """`gt`, `fused`, `pan`, `ms` of 256 x 256 pixels from sines, and the 23-tap LMS."""
    y, x = np.mgrid[1:257, 1:257].astype(np.float64)
    k = peak / 2047
    gt, fused = np.empty((2, bands, 256, 256))
    for b in range(1, bands + 1):
        waves = 300 * np.sin(x / (7 + b)) * np.cos(y / (9 + b))
        gt[b - 1] = k * (900 + waves + 150 * np.sin(x * y / (500 + 37 * b)))
        fused[b - 1] = gt[b - 1] + 40 * k * np.sin(1.3 * x + b) * np.cos(0.7 * y + 2 * b)
    pan = gt.mean(axis=0) + 20 * k * np.sin(0.9 * x) * np.cos(1.1 * y)
    ms = gt.reshape(bands, 64, 4, 64, 4).mean(axis=(2, 4))
    return Case(peak, gt, fused, pan, ms, interp23tap(ms, 4))


def of_sensor(sensor: str) -> Case:
    """The case a sensor's reference values are of."""
    return case(8 if sensor.startswith("WV") else 4, 1023 if sensor == "GF2" else 2047)
