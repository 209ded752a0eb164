# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair with missing data: what is left out, what is told, and what the choices change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import Plain
from logged import told
from numpy.typing import NDArray
from rasterio.warp import calculate_default_transform, reproject
from rasterio.warp import transform as transform_points
from scenes import CRS, GRID, landscape, write

from core.fusion.tiled import sharpen
from core.pair.scene import Patch, Scene
from core.products.inputs import one_raster
from core.raster.writer import Output

COARSE = GRID * Affine.scale(4)
BLOCK = np.s_[8:16, 10:20]  # MS px


def pair(
    folder: Path, dtype: str = "uint16", **options: Any
) -> tuple[Path, Path, NDArray[np.float64]]:
    """A pair of ratio 4, MS of 40 x 48 with three bands, and the MS values."""
    made = landscape(160, 192)
    ms = made.ms.astype(dtype)
    return write(folder / "pan.tif", made.pan[None].astype(dtype)), folder / "ms.tif", ms


def block(*bands: int, of: int = 3) -> NDArray[np.bool_]:
    """Where the block of these bands is, `(C, H, W)` on PAN."""
    holes = np.zeros((of, 40, 48), bool)
    for band in bands:
        holes[band][BLOCK] = True
    return holes.repeat(4, 1).repeat(4, 2)


def opened(pan: Path, ms: Path, **options: Any) -> Patch:
    with Scene.open(pan, ms, **options) as scene:
        return scene.read(scene.whole)


@pytest.mark.parametrize("fill", [-9999.0, 9.969209968386869e36, -3.4028234663852886e38])
def test_undeclared_fill_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fill: float
) -> None:
    pan, ms, values = pair(tmp_path, "float32")
    values[(slice(None), *BLOCK)] = fill
    write(ms, values, COARSE)
    patch = opened(pan, ms)
    np.testing.assert_array_equal(patch.valid, ~block(0)[0])
    assert np.abs(patch.lms).max() < 1e5
    assert told(caplog) == [("MS", pytest.approx(4.2, abs=0.05), f"{fill:g}")]
    assert opened(pan, ms, nodata=float(f"{fill:.2g}") if abs(fill) > 1e4 else fill).valid.any()


def test_what_looks_missing_can_be_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pan, ms, values = pair(tmp_path, "int16")
    values[(slice(None), *BLOCK)] = -9999
    write(ms, values, COARSE)
    assert opened(pan, ms, undeclared_nodata="keep").valid.all()
    assert not caplog.records


def test_pan_ms_and_result_may_have_different_nodata(tmp_path: Path) -> None:
    pan, ms, values = pair(tmp_path, "int16")
    values[(slice(None), *BLOCK)] = -9999
    write(ms, values, COARSE)
    with rasterio.open(pan, "r+") as dataset:
        band = dataset.read(1)
        band[100:110, 50:60] = 17
        dataset.write(band, 1)
    expected = ~block(0)[0]
    with Scene.open(pan, ms, undeclared_nodata="keep", nodata=-9999, pan_nodata=17) as scene:
        valid = scene.read(scene.whole).valid
        expected[100:110, 50:60] = False
        np.testing.assert_array_equal(valid[100:110, 50:60], False)
        np.testing.assert_array_equal(valid | (scene.read(scene.whole).pan == 17), expected | False)
        sharpen(scene, Plain(), Output(tmp_path / "o.tif", nodata=-1))
    with rasterio.open(tmp_path / "o.tif") as made:
        assert made.nodata == -1
        assert (made.read(1)[block(0)[0]] == -1).all()


def test_a_found_value_is_that_of_the_result(tmp_path: Path) -> None:
    pan, ms, values = pair(tmp_path, "int16")
    values[(slice(None), *BLOCK)] = -9999
    write(ms, values, COARSE)
    with Scene.open(pan, ms) as scene:
        sharpen(scene, Plain(), Output(tmp_path / "o.tif"))
    with rasterio.open(tmp_path / "o.tif") as made:
        assert made.nodata == -9999
        np.testing.assert_array_equal(made.read() == -9999, block(0, 0, 0)[[0, 0, 0]])


@pytest.mark.parametrize("rule", ["any", "all", "each"])
@pytest.mark.parametrize(
    ("dtype", "nodata"), [("uint16", 0), ("int16", -9999), ("float32", np.nan)]
)
def test_a_band_without_data_and_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, rule: str, dtype: str, nodata: float
) -> None:
    pan, ms, whole = pair(tmp_path, dtype)
    values = whole.copy()
    values[2][BLOCK] = nodata
    values[:, 30:34, 30:34] = nodata
    write(ms, values, COARSE, nodata=nodata)
    everywhere = np.zeros((160, 192), bool)
    everywhere[120:136, 120:136] = True
    with Scene.open(pan, ms, nodata_bands=rule) as scene:
        patch = scene.read(scene.whole)
        assert np.isfinite(patch.lms).all()
        sharpen(scene, Plain(), Output(tmp_path / "o.tif"))
    warned = [each for each in told(caplog, "core.pair.valid_mask") if len(each) == 1]
    assert warned == [(pytest.approx(4.2, abs=0.05),)] * (rule == "any")
    with rasterio.open(tmp_path / "o.tif") as made:
        lost = made.read_masks() == 0
    lacking = block(2)
    if rule == "any":
        lacking |= lacking[2]
    if rule == "all":
        lacking &= False
    np.testing.assert_array_equal(lost, lacking | everywhere)
    if rule == "all" and nodata == 0:  # what may be a value is one
        assert patch.lms[2, 48, 60] == pytest.approx(0, abs=60)
    if rule == "each" or (rule == "all" and nodata != 0):  # as the other bands lead to expect
        write(tmp_path / "whole.tif", whole, COARSE)
        truth = opened(pan, tmp_path / "whole.tif").lms
        inner = np.s_[2, 36:60, 44:76]
        error = np.abs(patch.lms[inner] - truth[inner]).mean()
        assert error < 0.5 * np.abs(truth[2].mean() - truth[inner]).mean()
        other = np.s_[:2, 36:60, 44:76]
        np.testing.assert_allclose(patch.lms[other], truth[other], rtol=1e-5)


def test_completed_bands_do_not_depend_on_the_window(tmp_path: Path) -> None:
    pan, ms, values = pair(tmp_path)
    values[2][BLOCK] = 0
    values[1, 12:30, 15:30] = 0
    write(ms, values, COARSE, nodata=0)
    with Scene.open(pan, ms, nodata_bands="each") as scene:
        patch = scene.read(scene.whole)
        for tile in scene.plan(50, 0):
            part = scene.read(tile.inner)
            cut = (slice(None), *tile.inner.slices)
            np.testing.assert_array_equal(part.lms, patch.lms[cut])
            missing = np.zeros(part.lms.shape, bool) if part.missing is None else part.missing
            assert patch.missing is not None
            np.testing.assert_array_equal(missing, patch.missing[cut])


X, Y = transform_points(CRS, "EPSG:32634", [500000.0], [5000000.0])
ZONE_34 = {"transform": Affine(2.0, 0.0, X[0], 0.0, -2.0, Y[0]), "crs": "EPSG:32634"}


def test_a_reprojected_ms_may_have_several_values_and_an_untrue_alpha(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Of each value, and of each band's own, nothing bleeds into what is valid."""
    values = np.full((4, 200, 200), 500.0, np.float32)
    values += np.random.default_rng(1).normal(0, 20, values.shape)
    values[:, 40:60, 40:60] = -9999  # declared
    values[:, 80:100, 80:100] = -3.4028234663852886e38  # found
    values[:, 120:140, 40:60] = -5  # named
    values[3, 20:40, 100:120] = 0  # no transparency
    pan = write(tmp_path / "pan.tif", np.full((1, 700, 700), 500, np.uint16))
    ms = write(tmp_path / "ms.tif", values, nodata=-9999, alpha=True, **ZONE_34)
    with Scene.open(pan, ms, nodata=-5) as scene:
        assert scene.bands == 4
        patch = scene.read(scene.whole)
    assert 0.5 < patch.valid.mean() < 0.99
    assert patch.lms[:3, patch.valid].min() > 300
    assert patch.lms[:, patch.valid].max() < 700
    warned = told(caplog, "core.pair.valid_mask")
    assert [share for role, share, *value in warned if value == ["-3.40282e+38"]]
    assert [role for role, band, *_ in warned if band == 4] == ["MS"], "tagged alpha"


def test_a_collar_is_left_out_of_ms_reprojected_too(tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(500, 40, (3, 200, 200)).astype(np.uint16)
    values[:, :, :60] = 0
    pan = write(tmp_path / "pan.tif", np.full((1, 700, 700), 500, np.uint16))
    with Scene.open(pan, write(tmp_path / "ms.tif", values, **ZONE_34)) as scene:
        patch = scene.read(scene.whole)
    assert 0.3 < patch.valid.mean() < 0.8
    assert patch.lms[:, patch.valid].min() > 150


def test_a_lake_of_the_collars_value_stays_in_ms_reprojected_and_that_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    values = np.random.default_rng(1).normal(500, 40, (3, 200, 200)).astype(np.uint16)
    values[:, :, :60] = 0
    values[:, 100:130, 100:130] = 0
    pan = write(tmp_path / "pan.tif", np.full((1, 700, 700), 500, np.uint16))
    with Scene.open(pan, write(tmp_path / "ms.tif", values, **ZONE_34)) as scene:
        assert scene.read(scene.whole).valid.mean() > 0.9
    assert told(caplog)[-1] == ("0",), "the value of the collar, which stays after all"


def test_one_bad_pixel_is_no_reason_to_refuse(tmp_path: Path) -> None:
    """A file that is damaged where nobody looks is read as before."""
    rng = np.random.default_rng(6)
    pan, ms, values = pair(tmp_path)
    write(ms, values, COARSE)
    noise = rng.integers(100, 2000, (1, 160, 192)).astype(np.uint16)
    write(pan, noise, blockysize=16)
    pan.write_bytes(pan.read_bytes()[:-20000])
    top = (500000.0, 4999980.0, 500096.0, 5000000.0)
    with Scene.open(pan, ms, extent=top) as scene:
        assert scene.read(scene.whole).valid.all()


@pytest.mark.parametrize("value", [np.inf, -np.inf])
@pytest.mark.parametrize("role", ["PAN", "MS"])
def test_infinite_values_are_left_out_and_told_with_their_share(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, value: float, role: str
) -> None:
    pan, ms, values = pair(tmp_path, "float32")
    if role == "MS":
        values[(slice(None), *BLOCK)] = value
    write(ms, values, COARSE)
    if role == "PAN":
        fine = landscape(160, 192).pan.astype(np.float32)
        fine[block(0)[0]] = value
        write(pan, fine[None])
    patch = opened(pan, ms)
    np.testing.assert_array_equal(patch.valid, ~block(0)[0])
    assert np.isfinite(patch.pan).all() and np.isfinite(patch.lms).all()
    assert (role, pytest.approx(4.2, abs=0.05)) in told(caplog)


def test_declared_infinity_is_no_news(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pan, ms, values = pair(tmp_path, "float32")
    values[(slice(None), *BLOCK)] = np.inf
    write(ms, values, COARSE, nodata=np.inf)
    np.testing.assert_array_equal(opened(pan, ms).valid, ~block(0)[0])
    assert not told(caplog)


@pytest.mark.parametrize("crs", [CRS, "EPSG:32632"])
def test_masks_of_single_bands_count_where_ms_is_warped_too(tmp_path: Path, crs: str) -> None:
    pan, _, values = pair(tmp_path)
    names = []
    for band, image in enumerate(values):
        hidden = np.zeros(image.shape, bool)
        hidden[8 + 10 * band : 16 + 10 * band, 10:20] = True
        image[hidden] = 9999
        grid, path = COARSE, tmp_path / f"b{band}.tif"
        if crs != CRS:
            grid, image, hidden = elsewhere(image, hidden, crs)
        write(path, image[None], grid, crs=crs, mask=~hidden)
        names.append(str(path))
    with one_raster(tuple(names), "MS") as ms:
        patch, alone = opened(pan, Path(ms)), opened(pan, Path(ms), nodata_bands="each")
    inner = (slice(36, 60), slice(44, 76))  # of the first band's hole, whose edges are resampled
    assert not patch.valid[inner].any()
    assert patch.lms.max() < 2000 and alone.lms.max() < 2000
    assert alone.missing is not None
    assert alone.missing[0][inner].all() and not alone.missing[1][inner].any()


def elsewhere(
    image: NDArray[Any], hidden: NDArray[np.bool_], crs: str
) -> tuple[Affine, NDArray[Any], NDArray[np.bool_]]:
    """Return a raster as it lies in another CRS, its pixels the nearest ones."""
    height, width = image.shape
    bounds = rasterio.transform.array_bounds(height, width, COARSE)
    grid, cols, rows = calculate_default_transform(
        CRS, crs, width, height, *bounds, resolution=COARSE.a
    )
    outside = np.ones((rows, cols), np.uint8)
    moved = np.full((rows, cols), 9999, image.dtype)
    places = {"src_transform": COARSE, "src_crs": CRS, "dst_transform": grid, "dst_crs": crs}
    reproject(image, moved, init_dest_nodata=False, **places)
    reproject(hidden.astype(np.uint8), outside, init_dest_nodata=False, **places)
    return grid, moved, outside > 0


def test_value_behind_a_mask_is_kept_only_if_the_band_has_such(tmp_path: Path) -> None:
    """With `all`, a 0 over water is a value, and 9999 among hundreds is none."""
    pan, ms, values = pair(tmp_path)
    values[(1, *BLOCK)] = 9999
    write(ms, values, COARSE)
    assert opened(pan, ms, nodata=9999, nodata_bands="all").lms.max() < 2000
    values[(1, *BLOCK)] = 0
    write(ms, values, COARSE)
    assert opened(pan, ms, nodata=0, nodata_bands="all").lms[1][48, 60] < 50
