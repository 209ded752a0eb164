# SPDX-License-Identifier: GPL-2.0-or-later
"""MS as files of single bands: one raster, in the order of wavelength, each band as its file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from affine import Affine
from fakes import perform
from logged import told
from raising import raises_code
from raster_files import pixels, single_bands
from scenes import GRID, landscape, write

from core.pair.scene import Scene
from core.products.bands import known_band
from core.products.inputs import one_raster
from core.raster.source import Source
from core.raster.window import Window
from core.requests.scenes import Align, Pansharpen, Quality, Simulate
from core.sensors import sensor_of

COARSE = GRID * Affine.scale(4)
LANDSAT = "LC08_L1TP_192028_20200101_20200113_02_T1"


def band(path: Path, values: npt.NDArray[Any], grid: Affine = COARSE, **options: Any) -> str:
    return str(write(path, values[None], grid, **options))


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Quality, tuple[str, ...]]:
    """A pair and a fused image; and the bands of MS as files of their own."""
    made = landscape(64, 64)
    asked = made.written(tmp_path, made.reference, "uint16")
    return asked, single_bands(asked.ms, "b{}.tif")


def test_every_command_works_as_on_one_file(
    pair: tuple[Quality, tuple[str, ...]], tmp_path: Path
) -> None:
    asked, names = pair
    done = []
    for ms in (asked.ms, names):
        out, moved = str(tmp_path / "out.tif"), str(tmp_path / "moved.tif")
        reduced = [str(tmp_path / f"{name}-reduced.tif") for name in ("pan", "ms", "reference")]
        perform(Pansharpen(asked.pan, ms, out, method="gsa"))
        perform(Simulate(asked.pan, ms, *reduced))
        perform(Align(asked.pan, ms, moved))
        scores = perform(replace(asked, ms=ms))["scores"]
        done.append([*map(pixels, map(Path, (out, moved, *reduced))), scores])
    assert done[0] == done[1]


def test_file_of_a_band_is_not_replaced(
    pair: tuple[Quality, tuple[str, ...]], tmp_path: Path
) -> None:
    asked, names = pair
    with raises_code("output-is-source-of-input"):
        perform(Pansharpen(asked.pan, names, names[1], method="exp"))


def test_bands_are_sorted_by_wavelength_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "core")
    ones = np.ones((8, 8), np.uint16)
    names = tuple(band(tmp_path / f"{LANDSAT}_B{n}.TIF", n * ones) for n in (5, 4, 2, 3))
    with one_raster(names, "MS") as name, rasterio.open(name) as dataset:
        assert dataset.descriptions == ("blue", "green", "red", "nir")
        assert dataset.read()[:, 0, 0].tolist() == [2, 3, 4, 5]
        assert dataset.tags(2, ns="IMAGERY") == {"CENTRAL_WAVELENGTH_UM": "0.5615"}
        assert sensor_of("auto", dataset).key == "landsat8"
    (facts,) = told(caplog, "core.products", logging.INFO)
    assert f"{LANDSAT}_B2.TIF, {LANDSAT}_B3.TIF" in str(facts)


def test_own_tags_of_a_file_tell_its_wavelength(tmp_path: Path) -> None:
    ones = np.ones((8, 8), np.uint16)
    names = tuple(band(tmp_path / f"{each}.tif", ones) for each in ("x", "y"))
    for name, tags in zip(names, ({"wavelength": "842"}, {"wavelength": "0.49"}), strict=True):
        with rasterio.open(name, "r+") as dataset:
            dataset.update_tags(1, **tags)
            dataset.set_band_description(1, f"band of {Path(name).stem}")
    with one_raster(names, "MS") as name, rasterio.open(name) as dataset:
        assert dataset.descriptions == ("band of y", "band of x")


def test_bands_of_unknown_wavelength_stay_as_given_and_are_named_by_their_files(
    tmp_path: Path,
) -> None:
    ones = np.ones((8, 8), np.uint16)
    names = tuple(band(tmp_path / f"{each}.tif", ones) for each in ("red", "blue"))
    two = str(write(tmp_path / "two.tif", np.ones((2, 8, 8), np.uint16), COARSE))
    with one_raster((*names, two), "MS") as name, rasterio.open(name) as dataset:
        assert dataset.descriptions == ("red", "blue", "two 1", "two 2")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LE07_L1TP_192028_20010101_20170113_01_T1_B7.TIF", "swir2"),
        ("LT05_L2SP_192028_20010101_20170113_02_T1_SR_B4.TIF", "nir"),
        ("LC09_L2SP_192028_20220101_20220113_02_T1_SR_B5.TIF", "nir"),
        ("S2A_MSIL2A_20200101T100000/R20m/B8A.tif", None),
        ("S2A_MSIL2A_20200101T100000_N0213_R022/B05.tif", "rededge1"),
        ("T32TQM_20200101T100319_B08_10m.jp2", "nir"),
        ("T32TQM_20200101T100319_B8A.jp2", "nir narrow"),
        ("CBERS_4A_WPM_20200730_209_139_L4_BAND3.tif", "red"),
        ("CBERS_4_MUX_20200730_209_139_L4_BAND8.tif", "nir"),
        ("CBERS_4A_WFI_20200730_209_139_L4_BAND13.tif", "blue"),
        ("CBERS_4_PAN10M_20200730_209_139_L4_BAND2.tif", "green"),
        ("AMAZONIA_1_WFI_20220811_036_018_L4_BAND4.tif", "nir"),
        ("B4.tif", None),
        ("my_band4.tif", None),
    ],
)
def test_band_is_known_by_the_name_of_its_mission(name: str, expected: str | None) -> None:
    found = known_band(name)
    assert (found[0] if found else None) == expected


def test_coarser_bands_are_interpolated_to_the_finest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    y, x = np.mgrid[:60, :60]
    fine = band(tmp_path / "fine.tif", (10.0 * x + 4 * y).astype(np.float32), COARSE)
    y, x = np.mgrid[:30, :30]
    ramp = 20.0 * x + 5 + 8 * y + 2
    twice = band(tmp_path / "twice.tif", ramp.astype(np.float32), COARSE * Affine.scale(2))
    with one_raster((fine, twice), "MS") as name, rasterio.open(name) as dataset:
        assert dataset.shape == (60, 60)
        assert dataset.transform == COARSE
        whole = dataset.read()
        np.testing.assert_allclose(whole[1, 4:-4, 4:-4], whole[0, 4:-4, 4:-4], atol=1e-3)
        part = rasterio.windows.Window(13, 7, 22, 31)
        np.testing.assert_array_equal(dataset.read(window=part), whole[:, 7:38, 13:35])
    assert told(caplog, "core.raster.stack") == [("2 x 2", "twice.tif")]


def masked(name: str, window: Window | None = None) -> npt.NDArray[np.bool_]:
    """Where all bands of a raster have data."""
    with rasterio.open(name) as dataset:
        source = Source(dataset, list(dataset.indexes), None)
        _, valid = source.read(window or source.whole)
        return np.ones(dataset.shape, bool) if valid is None else valid


def test_each_band_keeps_its_mask_nodata_scale_and_type(tmp_path: Path) -> None:
    values = np.full((12, 12), 7, np.uint16)
    first, second, third = (values.copy() for _ in range(3))
    first[2, 3], second[5, 6] = 0, 65535
    mask = np.ones((12, 12), bool)
    mask[8, 9] = False
    names = (
        band(tmp_path / "zero.tif", first, nodata=0),
        band(tmp_path / "most.tif", second, nodata=65535),
        band(tmp_path / "mask.tif", third.astype(np.int16), mask=mask),
        band(tmp_path / "full.tif", np.full((6, 6), 7, np.uint8), COARSE * Affine.scale(2)),
    )
    with rasterio.open(names[0], "r+") as dataset:
        dataset.scales, dataset.offsets, dataset.units = (0.5,), (-1.0,), ("W",)
    expected = np.ones((12, 12), bool)
    expected[2, 3] = expected[5, 6] = expected[8, 9] = False
    with one_raster(names, "MS") as name:
        np.testing.assert_array_equal(masked(name), expected)
        with rasterio.open(name) as dataset:
            assert dataset.nodatavals[:2] == (0, 65535)
            assert set(dataset.dtypes) == {"int32"}
            assert (dataset.scales[0], dataset.offsets[0], dataset.units[0]) == (0.5, -1.0, "W")
            assert dataset.scales[1] == 1.0


def test_missing_pixels_of_a_coarser_band_are_missing_and_harm_no_neighbour(
    tmp_path: Path,
) -> None:
    fine = band(tmp_path / "fine.tif", np.full((24, 24), 500, np.uint16))
    coarse = np.full((12, 12), 500, np.uint16)
    coarse[4:7, 5:8] = 0
    names = (fine, band(tmp_path / "c.tif", coarse, COARSE * Affine.scale(2), nodata=0))
    with one_raster(names, "MS") as name:
        valid = masked(name)
        np.testing.assert_array_equal(valid, np.kron(coarse, np.ones((2, 2))) > 0)
        with rasterio.open(name) as dataset:
            assert (dataset.read(2)[valid] == 500).all()


def test_grid_is_where_all_bands_have_pixels(tmp_path: Path) -> None:
    values = np.arange(400, dtype=np.uint16).reshape(20, 20)
    whole = band(tmp_path / "whole.tif", values)
    part = band(tmp_path / "part.tif", values[5:15, 3:], COARSE * Affine.translation(3, 5))
    for names in ((whole, part), (part, whole)):
        with one_raster(names, "MS") as name, rasterio.open(name) as dataset:
            assert dataset.transform == COARSE * Affine.translation(3, 5)
            for each in dataset.read():
                np.testing.assert_array_equal(each, values[5:15, 3:])


@pytest.mark.parametrize(
    ("grid", "crs", "code"),
    [
        (COARSE * Affine.translation(0.5, 0), "EPSG:32633", "bands-on-other-grids"),
        (COARSE, "EPSG:32634", "bands-on-other-grids"),
        (COARSE * Affine.rotation(5), "EPSG:32633", "bands-on-other-grids"),
        (None, None, "bands-on-other-grids"),
        (COARSE * Affine.translation(99, 0), "EPSG:32633", "bands-without-overlap"),
    ],
)
def test_bands_that_are_no_one_raster_are_refused(
    grid: Affine | None, crs: str | None, code: str, tmp_path: Path
) -> None:
    one = band(tmp_path / "one.tif", np.ones((8, 8), np.uint16))
    other = write(tmp_path / "other.tif", np.ones((1, 8, 9), np.uint16), grid, crs)
    with raises_code(code, role="MS"), one_raster((one, str(other)), "MS"):
        pass


def test_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    one = band(tmp_path / "one.tif", np.ones((8, 8), np.uint16))
    with raises_code("raster-missing", path="two.tif"), one_raster((one, "two.tif"), "MS"):
        pass


def test_files_may_be_named_relative_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: Sequence[str] = [
        Path(band(tmp_path / f"{n}.tif", np.ones((8, 8), np.uint16))).name for n in "ab"
    ]
    write(tmp_path / "pan.tif", np.ones((1, 32, 32), np.uint16))
    with one_raster(tuple(names), "MS") as name, Scene.open("pan.tif", name) as scene:
        assert scene.band_names == ("a", "b")
