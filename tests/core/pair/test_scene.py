# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair on one grid: phase, masks, windows, and the errors that come before any work."""

from __future__ import annotations

import logging
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from affine import Affine
from logged import told
from numpy.typing import NDArray
from raising import raises_code
from rasterio.warp import transform as transform_points
from rasterio.warp import transform_bounds
from scenes import CRS, GRID, write
from scipy.ndimage import gaussian_filter

from core.imaging.resample import interpolate
from core.pair.scene import Scene
from core.raster.georeference import same_crs
from core.raster.tile_plan import plan
from core.raster.window import Window

pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")


def shifted(transform: Affine, rows: float, cols: float, ratio: float) -> Affine:
    """A grid of pixels `ratio` times as large whose corner lies at a row and column."""
    return transform * Affine.translation(cols, rows) * Affine.scale(ratio)


def pair(
    folder: Path,
    pan: NDArray[Any] | None = None,
    ms: NDArray[Any] | None = None,
    ratio: float = 4.0,
    **ms_options: Any,
) -> tuple[Path, Path]:
    """PAN of 128 x 160 and MS of 32 x 40, corners agreeing, unless given otherwise."""
    pan = np.full((1, 128, 160), 100, np.uint16) if pan is None else pan
    ms = np.full((3, 32, 40), 200, np.uint16) if ms is None else ms
    ms_options.setdefault("transform", shifted(GRID, 0, 0, ratio))
    return write(folder / "pan.tif", pan), write(folder / "ms.tif", ms, **ms_options)


def textured(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.uint16]:
    return rng.integers(100, 2000, shape).astype(np.uint16)


# --- grids ---------------------------------------------------------------------------------------

World = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


def sample(world: World, transform: Affine, height: int, width: int) -> NDArray[np.float64]:
    """The values of a function of map coordinates at pixel centres."""
    cols, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    xs, ys = transform * (cols, rows)
    return world(xs, ys)


GRIDS = {  # corner of MS (row, col in PAN px), ratio, size of MS
    "corners agree": (0.0, 0.0, 4.0, (60, 70)),
    "benchmark phase, 4i+2": (0.5, 0.5, 4.0, (60, 70)),
    "half a pixel apart": (0.5, 0.5, 2.0, (120, 140)),
    "half a pixel apart, the other way": (-0.5, 0.5, 2.0, (121, 140)),
    "ratio 1.994": (0.0, 0.0, 1.994, (121, 141)),
    "other extents": (-37.3, -61.9, 3.7, (90, 120)),
}


@pytest.mark.parametrize("grid", GRIDS)
def test_interpolation_honours_the_phase(tmp_path: Path, grid: str) -> None:
    row, col, ratio, (height, width) = GRIDS[grid]
    to_pan, to_ms = GRID, shifted(GRID, row, col, ratio)
    period = 0.5 * ratio / 0.31  # metres; 0.31 cycles per MS pixel along the diagonal

    def plane(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1000.0 + 3.0 * (x - 500000.0) + 2.0 * (y - 5000000.0)

    def sine(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.sin(2 * np.pi * (0.8 * (x - 500000.0) - 0.6 * (y - 5000000.0)) / period)

    ms = np.stack([sample(world, to_ms, height, width) for world in (plane, sine)])
    files = pair(tmp_path, np.ones((1, 240, 280), np.uint8), ms.astype(np.float32), transform=to_ms)
    with Scene.open(*files) as scene:
        assert scene.ratio == pytest.approx(ratio, rel=1e-6)
        phase = np.array([row, col]) + (ratio - 1) / 2
        np.testing.assert_allclose(scene.phase_yx, phase, atol=1e-5)
        patch = scene.read(scene.whole)
    truth = sample(plane, to_pan, 240, 280)
    np.testing.assert_allclose(patch.lms[0][patch.valid], truth[patch.valid], atol=1e-3)
    truth = sample(sine, to_pan, 240, 280)
    edge = round(9 * ratio)
    inner = (slice(edge, -edge), slice(edge, -edge))
    assert patch.valid[inner].all()
    assert np.abs(patch.lms[1] - truth)[inner].max() < 1e-3


@pytest.mark.parametrize(
    ("row", "col", "rows", "cols"),
    [
        (8, -6, slice(8, 72), slice(0, 74)),
        (0.5, 0.5, slice(0, 65), slice(0, 81)),  # a PAN pixel partly beyond MS is still valid
    ],
)
def test_pan_beyond_ms_is_invalid(
    tmp_path: Path, row: float, col: float, rows: slice, cols: slice
) -> None:
    with Scene.open(*pair(tmp_path, transform=shifted(GRID, row, col, 2.0))) as scene:
        patch = scene.read(scene.whole)
    expected = np.zeros((128, 160), bool)
    expected[rows, cols] = True
    np.testing.assert_array_equal(patch.valid, expected)
    assert np.isfinite(patch.lms).all()


@pytest.mark.parametrize("kind", ["nodata", "user", "mask file", "alpha", "nan", "none"])
def test_ms_in_another_crs(tmp_path: Path, kind: str) -> None:
    """A smooth function of longitude and latitude, sampled on CRS zones 33 and 32."""
    to_pan = Affine(10.0, 0.0, 212000.0, 0.0, -10.0, 5000000.0)  # near the border of the zones
    xs, ys = transform_points(CRS, "EPSG:32632", [212000.0], [5000000.0])
    to_ms = Affine(40.0, 0.0, xs[0] - 2000.0, 0.0, -40.0, ys[0] + 2000.0)

    def seen_from(crs: str) -> World:
        def world(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
            lon, lat = transform_points(crs, "EPSG:4326", x.ravel(), y.ravel())
            waves = 1e4 * np.array([lon, lat]) / 50.0
            return (10000 + 1000 * np.sin(waves[0]) * np.cos(waves[1])).reshape(x.shape)

        return world

    ms = sample(seen_from("EPSG:32632"), to_ms, 150, 160)[None]
    hole = np.zeros((150, 160), bool)
    hole[90:95, 70:75] = kind != "none"
    pan = write(tmp_path / "pan.tif", np.ones((1, 300, 320), np.uint8), to_pan)
    path = masked(tmp_path, "ms.tif", ms, hole, kind, to_ms, "EPSG:32632")
    with Scene.open(pan, path, nodata=60000 if kind == "user" else None) as scene:
        assert scene.ratio == pytest.approx(4.0)
        assert scene.dtype == (np.float32 if kind == "nan" else np.uint16)
        patch = scene.read(scene.whole)
        part = scene.read(Window(101, 57, 90, 80))
    error = np.abs(patch.lms[0] - sample(seen_from(CRS), to_pan, 300, 320))
    missing = ~patch.valid
    # Five MS pixels square, turned by a few degrees, plus what touches it.
    assert (16**2 <= missing.sum() <= 32**2) if hole.any() else not missing.any()
    far = gaussian_filter(missing.astype(float), 12) < 1e-9
    assert error[far].max() < 5  # of an amplitude of 1000
    assert error[patch.valid].max() < 200  # no trace of 60000
    np.testing.assert_array_equal(part.valid, patch.valid[101:191, 57:137])
    np.testing.assert_allclose(part.lms, patch.lms[:, 101:191, 57:137], rtol=1e-5)


def test_equal_crs_in_other_words() -> None:
    utm = rasterio.CRS.from_string(CRS)
    assert same_crs(utm, rasterio.CRS.from_string("+proj=utm +zone=33 +datum=WGS84 +units=m"))
    assert same_crs(utm, None)
    assert not same_crs(utm, rasterio.CRS.from_epsg(32632))


def test_one_crs_missing_is_taken_for_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), Scene.open(*pair(tmp_path, crs=None)) as scene:
        assert scene.read(scene.whole).valid.all()
        assert told(caplog) == [(scene.pan_name, scene.ms_name)]


LOCAL = 'LOCAL_CS["Site",UNIT["metre",1]]'


@pytest.mark.parametrize("where", ["PAN", "MS", "both"])
def test_a_crs_that_is_nowhere_on_earth_is_taken_for_the_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    pan, ms = pair(tmp_path, crs=CRS if where == "PAN" else LOCAL)
    if where != "MS":
        write(pan, np.ones((1, 128, 160), np.uint16), crs=LOCAL)
    with caplog.at_level(logging.WARNING), Scene.open(pan, ms) as scene:
        assert scene.read(scene.whole).valid.all()
        assert str(scene.crs) == (CRS if where != "both" else str(scene.rasters[0].crs))
    names = {"PAN": (str(pan), str(ms)), "MS": (str(ms), str(pan))}
    assert told(caplog) == ([names[where]] if where != "both" else [])


def test_what_is_no_raster_is_told_in_plain_words(tmp_path: Path) -> None:
    pan, ms = pair(tmp_path)
    flat = write(tmp_path / "flat.tif", np.ones((3, 32, 40), np.uint8), Affine(0, 0, 5, 0, 0, 5))
    with raises_code("raster-pixel-size"):
        Scene.open(pan, flat)
    ms.write_bytes(b"")
    with raises_code("raster-unreadable", reason="the file is empty"):
        Scene.open(pan, ms)
    with raises_code("raster-unreadable", reason="it is a folder"):
        Scene.open(pan, tmp_path)


# --- bands and description ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "extent, window",
    [
        ((500010.0, 4999960.0, 500020.0, 4999990.0), Window(20, 20, 60, 20)),
        ((500010.2, 4999960.1, 500019.7, 4999989.9), Window(20, 20, 60, 20)),  # snapped outward
        ((500010.000001, 4999959.999999, 500020.000001, 4999990.000001), Window(20, 20, 60, 20)),
        ((0.0, 4999990.0, 500010.0, 9e6), Window(0, 0, 20, 20)),
    ],
)
def test_extent_cuts_the_scene(
    tmp_path: Path, extent: tuple[float, float, float, float], window: Window
) -> None:
    rng = np.random.default_rng(4)
    files = pair(tmp_path, textured(rng, (1, 128, 160)), textured(rng, (2, 32, 40)))
    with Scene.open(*files) as scene, Scene.open(*files, extent=extent) as part:
        assert (part.height, part.width) == window.shape
        assert part.transform == scene.transform * Affine.translation(window.col, window.row)
        whole, cut = scene.read(window), part.read(part.whole)
        np.testing.assert_array_equal(cut.pan, whole.pan)
        np.testing.assert_allclose(cut.lms, whole.lms, rtol=1e-5)


def test_extent_in_another_crs_covers_the_same_ground(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    files = pair(tmp_path, textured(rng, (1, 128, 160)), textured(rng, (2, 32, 40)))
    west, south, east, north = 500010.0, 4999960.0, 500020.0, 4999990.0
    there = transform_bounds(CRS, "EPSG:4326", west, south, east, north)
    with Scene.open(*files, extent=there, extent_crs="EPSG:4326") as scene:
        assert np.abs(np.subtract(~GRID * (scene.transform * (0, 0)), (20, 20))).max() <= 2
        assert np.abs(np.subtract(scene.whole.shape, (60, 20))).max() <= 4
    for crs, code in (("EPSG:3857", "extent-empty"), ("EPSG:0", "crs-unknown")):
        with raises_code(code):
            Scene.open(*files, extent=there, extent_crs=crs)


def test_extent_of_a_raster_without_georeference(tmp_path: Path) -> None:
    """QGIS shows such rasters below the x axis."""
    pan = write(tmp_path / "pan.tif", np.ones((1, 64, 64), np.uint8), None, None)
    ms = write(tmp_path / "ms.tif", np.ones((1, 16, 16), np.uint8), None, None)
    with Scene.open(pan, ms, extent=(10, -30, 50, -8)) as scene:
        assert scene.transform == Affine.translation(10, 8)
        assert (scene.height, scene.width) == (22, 40)


# --- masks ---------------------------------------------------------------------------------------


def holes(shape: tuple[int, int]) -> NDArray[np.bool_]:
    """A blot, a collar, and single pixels."""
    hole = np.random.default_rng(1).uniform(size=shape) < 0.02
    hole[5:12, 7:19] = True
    hole[:, -4:] = True
    return hole


MASKS = ["nodata", "user", "mask file", "alpha", "alpha and nodata", "nan"]


def masked(
    folder: Path,
    name: str,
    values: NDArray[Any],
    hole: NDArray[np.bool_],
    kind: str,
    transform: Affine,
    crs: str = CRS,
) -> Path:
    """A raster whose `hole` holds 60000 (or NaN), declared as `kind` says."""
    bands = values.astype(np.float32 if kind == "nan" else np.uint16)
    bands[:, hole] = np.nan if kind == "nan" else 60000
    if kind.startswith("alpha"):
        opaque = np.where(hole & (kind == "alpha"), 0, 65535).astype(np.uint16)
        bands = np.concatenate([bands, opaque[None]])
    return write(
        folder / name, bands, transform, crs, mask=~hole if kind == "mask file" else None,
        alpha=kind.startswith("alpha"), nodata=60000 if kind.endswith("nodata") else None,
    )  # fmt: skip


@pytest.mark.parametrize("kind", MASKS)
@pytest.mark.parametrize("which", ["pan", "ms"])
def test_nodata_never_bleeds(tmp_path: Path, which: str, kind: str) -> None:
    pan_hole, ms_hole = np.zeros((128, 160), bool), np.zeros((32, 40), bool)
    (pan_hole if which == "pan" else ms_hole)[:] = holes((128, 160) if which == "pan" else (32, 40))
    to_ms = shifted(GRID, 0, 0, 4)
    pan, ms = np.full((1, 128, 160), 100.0), np.full((2, 32, 40), 200.0)
    files = (
        masked(tmp_path, "pan.tif", pan, pan_hole, kind if which == "pan" else "none", GRID),
        masked(tmp_path, "ms.tif", ms, ms_hole, kind if which == "ms" else "none", to_ms),
    )
    with Scene.open(*files, nodata=60000 if kind == "user" else None) as scene:
        assert scene.bands == 2
        patch = scene.read(scene.whole)
    expected = ~pan_hole & ~np.kron(ms_hole, np.ones((4, 4), bool))
    np.testing.assert_array_equal(patch.valid, expected)
    np.testing.assert_allclose(patch.pan[patch.valid], 100.0)
    np.testing.assert_allclose(patch.lms[:, patch.valid], 200.0, rtol=1e-5)
    assert np.isfinite(patch.pan).all()
    assert np.isfinite(patch.lms).all()


def test_one_band_without_data_makes_the_pixel_invalid(tmp_path: Path) -> None:
    ms = np.full((3, 32, 40), 200, np.int16)
    ms[1, 10, 10] = -32768
    with Scene.open(*pair(tmp_path, ms=ms, nodata=-32768)) as scene:
        patch = scene.read(scene.whole)
        assert scene.nodata == -32768
    assert (~patch.valid).sum() == 16
    assert not patch.valid[40:44, 40:44].any()
    np.testing.assert_allclose(patch.lms, 200.0, rtol=1e-5)
    # A band that was not chosen does not matter.
    with Scene.open(*pair(tmp_path, ms=ms, nodata=-32768), ms_bands=[1, 3]) as scene:
        assert scene.read(scene.whole).valid.all()


@pytest.mark.parametrize("kind", ["none", *MASKS])
def test_a_pixel_does_not_depend_on_the_window(tmp_path: Path, kind: str) -> None:
    rng = np.random.default_rng(2)
    pan_hole, ms_hole = (rng.uniform(size=s) < 0.03 for s in ((200, 230), (97, 113)))
    pan_hole[30:110, 40:150] = ms_hole[50:75, 10:40] = True
    if kind == "none":
        pan_hole[:], ms_hole[:] = False, False
    to_ms = shifted(GRID, -0.5, 3.2, 1.994)
    pan = masked(tmp_path, "pan.tif", textured(rng, (1, 200, 230)), pan_hole, kind, GRID)
    ms = masked(tmp_path, "ms.tif", textured(rng, (3, 97, 113)), ms_hole, kind, to_ms)
    with Scene.open(pan, ms, nodata=60000 if kind == "user" else None) as scene:
        whole = scene.read(scene.whole)
        windows = [tile.outer for tile in plan(Window(0, 0, 200, 230), 70, 9)]
        windows += [Window(0, 0, 1, 1), Window(199, 229, 1, 1), Window(60, 0, 3, 230)]
        for window in windows:
            patch = scene.read(window)
            rows, cols = window.slices
            np.testing.assert_array_equal(patch.valid, whole.valid[rows, cols])
            np.testing.assert_array_equal(patch.pan, whole.pan[rows, cols])
            scale = 1e-6 * np.abs(whole.lms).max()
            np.testing.assert_allclose(patch.lms, whole.lms[:, rows, cols], rtol=0, atol=scale)


def test_read_ms_is_what_lms_comes_from(tmp_path: Path) -> None:
    ms = textured(np.random.default_rng(3), (2, 32, 40))
    window = Window(40, 30, 50, 60)
    with Scene.open(*pair(tmp_path, ms=ms)) as scene:
        (part, valid, *at), patch = scene.read_ms(window), scene.read(window)
    # PAN row 40 lies at (40 - 1.5) / 4 on MS, column 30 at (30 - 1.5) / 4.
    row, col = 9.625 - at[0][0], 7.125 - at[1][0]
    assert row == round(row) and col == round(col)
    rows, cols = (slice(int(k), int(k) + n) for k, n in zip((row, col), valid.shape, strict=True))
    np.testing.assert_array_equal(part, ms[:, rows, cols])
    assert valid.all()
    np.testing.assert_array_equal(interpolate(part, *at), patch.lms)


def test_windows_outside_are_refused(tmp_path: Path) -> None:
    with Scene.open(*pair(tmp_path)) as scene:
        for window in (Window(-1, 0, 9, 9), Window(120, 0, 9, 9), Window(0, 0, 0, 5)):
            with pytest.raises(ValueError):
                scene.read(window)


def test_threads_may_share_a_scene(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    files = pair(tmp_path, textured(rng, (1, 128, 160)), textured(rng, (3, 32, 40)))
    windows = [tile.outer for tile in plan(Window(0, 0, 128, 160), 16, 4)]
    with Scene.open(*files) as scene:
        one = [scene.read(window) for window in windows]
        with ThreadPoolExecutor(4) as pool:
            many = list(pool.map(scene.read, windows))
    for left, right in zip(one, many, strict=True):
        np.testing.assert_array_equal(left.pan, right.pan)
        np.testing.assert_array_equal(left.lms, right.lms)


def test_huge_rasters_are_read_in_part(tmp_path: Path) -> None:
    """80 000 x 80 000 PAN pixels would be 25 GB; the files are sparse."""
    options = {"driver": "GTiff", "dtype": "uint16", "crs": CRS, "tiled": True, "sparse_ok": True}
    for name, size, step in (("pan.tif", 80000, 0.5), ("ms.tif", 20000, 2.0)):
        grid = Affine(step, 0, 500000.0, 0, -step, 5000000.0)
        with rasterio.open(
            tmp_path / name, "w", count=1, height=size, width=size, transform=grid, nodata=9,
            **options,
        ):  # fmt: skip
            pass
    tracemalloc.start()
    with Scene.open(tmp_path / "pan.tif", tmp_path / "ms.tif") as scene:
        scene.read(Window(79488, 79488, 512, 512))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64e6


# --- errors --------------------------------------------------------------------------------------


EAST_OF_MS = (500060.0, 4999940.0, 500080.0, 5000000.0)
XY = transform_points(CRS, "EPSG:32634", [500000.0], [5000000.0])
ZONE_34 = {
    "transform": Affine(2.0, 0.0, XY[0][0], 0.0, -2.0, XY[1][0]), "crs": "EPSG:32634", "nodata": 0
}  # fmt: skip


@pytest.mark.parametrize(
    ("files", "open_options", "code"),
    [
        ({"crs": "EPSG:32733"}, {}, "no-overlap"),
        ({"transform": GRID * Affine.scale(4, -4)}, {}, "opposite-directions"),
        ({"ms": np.ones((4, 32, 40), np.uint16), "alpha": True}, {"ms_bands": [5]}, "no-such-band"),
        ({}, {"nodata_bands": "some"}, "nodata-choice-unknown"),
        ({}, {"undeclared_nodata": "guess"}, "nodata-choice-unknown"),
        ({"transform": shifted(GRID, 0, 0, 2)}, {"extent": EAST_OF_MS}, "no-overlap"),
    ],
)
def test_errors_before_any_work(
    tmp_path: Path, files: dict[str, Any], open_options: dict[str, Any], code: str
) -> None:
    """More of them are cases of the fault table."""
    with raises_code(code):
        Scene.open(*pair(tmp_path, **files), **open_options)


def test_files_that_are_no_pair_are_refused(tmp_path: Path) -> None:
    pan, ms = pair(tmp_path)
    archive = tmp_path / "delivered.tar"
    archive.write_bytes(bytes(1024))
    for files, code, facts in (
        ((pan, tmp_path / "nowhere.tif"), "raster-missing", {"role": "MS"}),
        (("nowhere.tif", ms), "raster-missing", {"role": "PAN"}),
        ((ms, ms), "pan-is-ms", {}),
        ((archive, archive), "raster-unreadable", {"role": "PAN"}),
    ):
        with raises_code(code, **facts):
            Scene.open(*files)
