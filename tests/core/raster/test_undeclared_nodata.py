# SPDX-License-Identifier: GPL-2.0-or-later
"""Values that stand for missing data undeclared are found, and dark or bright real ones are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scenes import write
from scipy.ndimage import gaussian_filter

from core.raster.nodata_values import Undeclared
from core.raster.reader import open_raster
from core.raster.source import Source
from core.raster.undeclared_nodata import find_undeclared
from core.raster.window import Window

SIZE = 200
Y, X = np.mgrid[:SIZE, :SIZE]
COLLAR = (Y - X > 120) | (X - Y > 120)  # two corners, as a scene's that lies askew
GAP = (Y > 80 + 0.1 * X) & (Y < 100 + 0.1 * X)  # between two strips of a mosaic
BLOCK = (Y >= 60) & (Y < 110) & (X >= 70) & (X < 120)  # away from the borders
LAKE = np.hypot(Y - 90, X - 110) < 35
SEA = X + 20 * np.sin(Y / 15) > 130


def land(low: float, high: float, bands: int = 3) -> NDArray[np.float64]:
    """Fields and texture between two values, in bands that differ."""
    rng = np.random.default_rng(5)
    coarse = gaussian_filter(rng.normal(size=(bands, SIZE, SIZE)), (0, 8, 8)) * 16
    fine = gaussian_filter(rng.normal(size=(bands, SIZE, SIZE)), (0, 1, 1)) * 2
    return low + (high - low) * np.clip(0.4 + 0.12 * (coarse + 0.4 * fine), 0, 1)


def seen(
    values: NDArray[np.float64], where: NDArray[np.bool_], level: float
) -> NDArray[np.float64]:
    """The land with water or cloud of a level in it, as an instrument sees it: soft and noisy."""
    mixed = np.where(where, level, values)
    soft = gaussian_filter(mixed, (0, 0.7, 0.7))
    return soft + np.random.default_rng(6).normal(0, 1.5, values.shape)


def found_in(
    folder: Path, values: NDArray[np.float64], dtype: str, nodata: float | None = None
) -> tuple[Undeclared, NDArray[np.bool_]]:
    """What is found in a raster of these values, and what is valid then."""
    whole = Window(0, 0, *values.shape[1:])
    if np.dtype(dtype).kind in "iu":
        info = np.iinfo(dtype)
        values = np.clip(np.rint(values), info.min, info.max)
    path = write(folder / "ms.tif", values.astype(dtype))
    with open_raster(path, "MS") as dataset:
        bands = list(dataset.indexes)
        plain = Source(dataset, bands, nodata)
        found = find_undeclared(plain, *plain.subsample())
        valid = Source(dataset, bands, nodata, found).read(whole)[1]
    return found, np.ones(whole.shape, bool) if valid is None else valid


TYPES = pytest.mark.parametrize(
    ("dtype", "bands"), [("uint8", 1), ("uint8", 3), ("uint16", 3), ("int16", 1), ("float32", 3)]
)
FILLS = [
    ("float32", -9999.0, (0.02, 0.5)),
    ("float32", -3.4028234663852886e38, (0.02, 0.5)),
    ("float32", 9.969209968386869e36, (0.02, 0.5)),
    ("float32", 1e20, (200.0, 1800.0)),
    ("float64", -1.7976931348623157e308, (200.0, 1800.0)),
    ("float32", -1.0, (0.02, 0.5)),
    ("float32", 65535.0, (0.02, 0.5)),
    ("int16", -9999.0, (-50.0, 9000.0)),
    ("int16", -32768.0, (-50.0, 9000.0)),
    ("int16", -999.0, (0.0, 9000.0)),
    ("int32", -2147483648.0, (0.0, 9000.0)),
]


@pytest.mark.parametrize(("dtype", "value", "range_"), FILLS)
@pytest.mark.parametrize("bands", [1, 3])
def test_a_value_that_no_sensor_gives_is_missing_wherever_it_is(
    tmp_path: Path, dtype: str, value: float, range_: tuple[float, float], bands: int
) -> None:
    values = land(*range_, bands)
    holes = BLOCK | ((Y % 50 == 3) & (X % 50 == 7))
    values[-1, holes] = value  # of one band alone
    found, valid = found_in(tmp_path, values, dtype)
    np.testing.assert_array_equal(valid, ~holes)
    if abs(value) < 1e300:
        assert list(found.values) == pytest.approx([value], rel=1e-6)
        assert found.values[next(iter(found.values))] == pytest.approx(holes.mean())


def test_several_values_are_found_and_nan_beside_them(tmp_path: Path) -> None:
    values = land(0.02, 0.5)
    values[:, :20] = -9999.0
    values[:, 180:] = -32768.0
    values[:, 100:110, 50:60] = np.nan
    found, valid = found_in(tmp_path, values, "float32")
    assert list(found.values) == [-32768.0, -9999.0]
    np.testing.assert_array_equal(valid, np.isfinite(values[0]) & (values[0] > -1))


def test_a_value_that_the_user_names_is_not_told_and_matches_as_it_is_printed(
    tmp_path: Path,
) -> None:
    values = land(0.02, 0.5)
    values[:, BLOCK] = -3.4028234663852886e38
    found, valid = found_in(tmp_path, values, "float32", nodata=-3.4e38)
    assert not found
    np.testing.assert_array_equal(valid, ~BLOCK)
    values[:, BLOCK] = -9999.9
    found, valid = found_in(tmp_path, values, "float32", nodata=-9999.9)
    assert not found
    np.testing.assert_array_equal(valid, ~BLOCK)


@TYPES
@pytest.mark.parametrize(
    "where", [COLLAR, COLLAR | GAP, GAP, X > 170], ids=["corners", "both", "gap", "side"]
)
def test_collars_and_gaps_are_missing_and_a_lake_of_their_value_is_not(
    tmp_path: Path, dtype: str, bands: int, where: NDArray[np.bool_]
) -> None:
    lake = np.roll(LAKE, 60, axis=0)
    values = np.clip(seen(land(20, 220, bands), lake, 0.0), 0, None)
    values[:, where] = 0.0
    found, valid = found_in(tmp_path, values, dtype)
    assert [area.values for area in found.areas] == [(0.0,) * bands]
    assert found.areas[0].share == pytest.approx(where.mean(), abs=0.01)
    np.testing.assert_array_equal(valid, ~where)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_white_collars_are_missing(tmp_path: Path, dtype: str) -> None:
    values = land(0.1 * np.iinfo(dtype).max, 0.8 * np.iinfo(dtype).max)
    values[:, COLLAR] = np.iinfo(dtype).max
    found, valid = found_in(tmp_path, values, dtype)
    assert [area.values for area in found.areas] == [(np.iinfo(dtype).max,) * 3]
    np.testing.assert_array_equal(valid, ~COLLAR)


@pytest.mark.parametrize("scale", [2.75e-5, 3.3e-4])
def test_collars_that_were_scaled_are_missing(tmp_path: Path, scale: float) -> None:
    """A 0 becomes -0.2, or a number of its own in each band."""
    values = land(7000, 15000)
    values[:, COLLAR] = 0
    scaled = scale * values - np.reshape([0.2, 0.2, 0.2 + 700 * scale], (3, 1, 1))
    found, valid = found_in(tmp_path, scaled, "float32")
    np.testing.assert_array_equal(valid, ~COLLAR)
    assert found.values or len(found.areas) == 1
    dark = np.maximum(scaled, np.percentile(scaled[:, ~COLLAR], 20))  # clipped, as a sea may be
    dark[:, COLLAR] = scaled[:, COLLAR]
    np.testing.assert_array_equal(found_in(tmp_path, dark, "float32")[1], ~COLLAR)
    clipped = np.maximum(scaled, np.percentile(scaled[:, ~COLLAR], 20))
    assert found_in(tmp_path, clipped[:, 40:160, 40:160], "float32")[1].all()


WATER = {"lake": LAKE, "lake at the border": np.roll(LAKE, 60, axis=1), "sea": SEA, "shadows": GAP}


@TYPES
@pytest.mark.parametrize("kind", WATER)
def test_dark_water_and_shadows_stay(tmp_path: Path, dtype: str, bands: int, kind: str) -> None:
    for level in (0.0, -4.0, 2.0):  # clipped to 0 more or less
        values = np.clip(seen(land(10, 200, bands), WATER[kind], level), 0, None)
        found, valid = found_in(tmp_path, values, dtype)
        assert not found
        assert not found.doubtful
        assert valid.all()


@pytest.mark.parametrize(("dtype", "most"), [("uint8", 255), ("uint16", 65535), ("uint16", 2047)])
@pytest.mark.parametrize("where", [LAKE, SEA], ids=["inside", "at the border"])
def test_saturated_clouds_stay(
    tmp_path: Path, dtype: str, most: int, where: NDArray[np.bool_]
) -> None:
    values = np.clip(seen(land(10, 0.3 * most), where, 1.1 * most), 0, most)
    found, valid = found_in(tmp_path, values, dtype)
    assert not found
    assert valid.all()


def test_a_cloud_far_brighter_than_all_else_stays(tmp_path: Path) -> None:
    values = land(100, 300)
    values[:, LAKE] = 65535
    found, valid = found_in(tmp_path, values, "uint16")
    assert not found
    assert valid.all()


@pytest.mark.parametrize("value", [0.0, 255.0])
@pytest.mark.parametrize("where", [BLOCK, LAKE, X > 2000], ids=["block", "lake", "nowhere"])
def test_a_sharp_area_within_is_data_but_told(
    tmp_path: Path, value: float, where: NDArray[np.bool_]
) -> None:
    values = land(20, 220)
    values[:, where] = value
    found, valid = found_in(tmp_path, values, "uint8")
    assert not found
    assert valid.all()
    assert dict(found.doubtful) == ({value: pytest.approx(where.mean())} if where.any() else {})


def test_few_dark_pixels_of_one_band_stay(tmp_path: Path) -> None:
    values = land(200, 1800)
    values[2, LAKE] = 0.0  # near infrared over water
    found, valid = found_in(tmp_path, values, "uint16")
    assert not found
    assert valid.all()


def test_negative_reflectance_of_dark_pixels_stays(tmp_path: Path) -> None:
    values = land(-0.02, 0.5)
    values[:, LAKE] = np.random.default_rng(1).normal(-0.05, 0.02, (3, LAKE.sum()))
    values[0, 7, 7] = -0.4  # one pixel, far below
    assert not found_in(tmp_path, values, "float32")[0]
    clipped = np.maximum(values, -0.05)  # a real value, however often it is there
    assert not found_in(tmp_path, clipped, "float32")[0]


def test_classes_are_no_image(tmp_path: Path) -> None:
    values = np.where(BLOCK, -1.0, np.floor(X / 50))[None]
    assert not found_in(tmp_path, values, "int16")[0]


def test_a_large_raster_is_looked_at_in_little_memory(tmp_path: Path) -> None:
    row = np.random.default_rng(2).integers(100, 2000, 5000).astype(np.uint16)
    values = np.broadcast_to(row, (1, 5000, 5000)).copy()
    collar = np.add.outer(np.arange(5000), np.arange(5000)) < 3000
    values[:, collar] = 0
    path = write(tmp_path / "pan.tif", values, tiled=True, compress="deflate", zlevel=1)
    with open_raster(path, "PAN") as dataset:
        plain = Source(dataset, [1], None)
        seen_values, known = plain.subsample()
        assert max(seen_values.shape) <= 1024
        found = find_undeclared(plain, seen_values, known)
        corner, middle = Window(0, 0, 900, 900), Window(2000, 500, 900, 900)
        source = Source(dataset, [1], None, found)
        for window in (corner, middle):
            valid = source.read(window)[1]
            expected = ~collar[window.slices]
            assert np.array_equal(expected if valid is None else valid, expected)
