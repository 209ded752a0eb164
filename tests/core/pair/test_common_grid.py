# SPDX-License-Identifier: GPL-2.0-or-later
"""Pairs that lie on the ground by RPCs, ground control points or a rotated grid.

The ground is a function of longitude and latitude, and every image is what a sensor of known
geometry sees of it, so that each pixel of a result can be compared with the ground below it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import Plain
from logged import told
from numpy.typing import NDArray
from raising import raises_code
from rasterio.control import GroundControlPoint
from rasterio.rpc import RPC
from rasterio.warp import transform as transform_points
from scenes import write

from core.fusion.tiled import sharpen
from core.pair.reduced_files import files_in, write_reduced
from core.pair.scene import Scene
from core.quality.inputs import open_inputs
from core.raster import warp
from core.raster.gdal import quietly
from core.raster.georeference import georeference_of
from core.raster.window import Window
from core.raster.writer import Output
from core.requests.scenes import Pansharpen, Quality, inputs_of

Floats = NDArray[np.float64]
LON, LAT = 15.0, 47.0
STEP = 1e-5  # degrees a PAN px, along both axes
UTM = "EPSG:32633"
WGS84 = "EPSG:4326"


def ground(lon: Floats, lat: Floats) -> Floats:
    """Waves of some 60 and 90 PAN px around 1000."""
    return 1000 + 300 * np.sin((lon - LON) / STEP / 9.5) + 200 * np.cos((lat - LAT) / STEP / 14.0)


@dataclass(frozen=True)
class Sensor:
    """An image of `shape`, its corner at a row and column of PAN, its pixels `size` PAN px wide.

    What lies a metre higher is seen `lean` PAN px further to the right.
    """

    shape: tuple[int, int]
    row: float = 0.0
    col: float = 0.0
    size: float = 1.0
    lean: float = 0.0

    def places(self, height: float = 0.0) -> tuple[Floats, Floats]:
        """Longitudes and latitudes that its pixels see where the ground has a height."""
        rows, cols = np.mgrid[: self.shape[0], : self.shape[1]] + 0.5
        cols = self.col + self.size * cols - self.lean * height
        return LON + STEP * cols, LAT - STEP * (self.row + self.size * rows)

    def image(self, height: float = 0.0) -> NDArray[np.float32]:
        return ground(*self.places(height))[None].astype(np.float32)

    def rpcs(self, height_off: float = 0.0) -> RPC:
        """The same as RPCs; they count pixels from the centre of the first."""
        rows, cols = self.shape
        half_y, half_x = rows * self.size * STEP / 2, cols * self.size * STEP / 2
        one = [1.0] + [0.0] * 19
        lean = self.lean * 100 / self.size / (cols / 2)
        return RPC(
            height_off=height_off,
            height_scale=100,
            lat_off=LAT - self.row * STEP - half_y,
            lat_scale=half_y,
            long_off=LON + self.col * STEP + half_x,
            long_scale=half_x,
            line_off=rows / 2 - 0.5,
            line_scale=rows / 2,
            samp_off=cols / 2 - 0.5,
            samp_scale=cols / 2,
            line_num_coeff=[0.0, 0.0, -1.0] + [0.0] * 17,
            line_den_coeff=one,
            samp_num_coeff=[lean * height_off / 100, 1.0, 0.0, lean] + [0.0] * 16,
            samp_den_coeff=one,
        )

    def gcps(self, points: int = 3, bend: float = 0.0) -> list[GroundControlPoint]:
        """Points all over the image; `bend` moves every other one, as no polynomial would."""
        found = []
        for i, row in enumerate(np.linspace(0, self.shape[0], points)):
            for j, col in enumerate(np.linspace(0, self.shape[1], points)):
                x = LON + STEP * (self.col + self.size * col + bend * (-1) ** (i + j))
                y = LAT - STEP * (self.row + self.size * row)
                found.append(GroundControlPoint(row, col, x, y, 0.0))
        return found

    def grid(self) -> Affine:
        corner = Affine(STEP, 0.0, LON, 0.0, -STEP, LAT) * Affine.translation(self.col, self.row)
        return corner * Affine.scale(self.size)


PAN = Sensor((160, 200))
MS = Sensor((40, 50), size=4.0)
INNER = Sensor((96, 128), row=32, col=24)  # PAN, a part of MS


def by_rpcs(path: Path, of: Sensor, height: float = 0.0, height_off: float = 0.0) -> Path:
    write(path, of.image(height), transform=None, crs=None)
    with quietly(), rasterio.open(path, "r+") as dataset:
        dataset.rpcs = of.rpcs(height_off)
    return path


def by_gcps(path: Path, of: Sensor, bend: float = 0.0, crs: str | None = WGS84) -> Path:
    write(path, of.image(), transform=None, crs=None)
    with quietly(), rasterio.open(path, "r+") as dataset:
        dataset.gcps = of.gcps(5 if bend else 3, bend), crs or rasterio.CRS()
    return path


def by_arrays(path: Path, of: Sensor) -> Path:
    """Arrays of the longitude and latitude of every other pixel, beside the image."""
    write(path, of.image(), transform=None, crs=None)
    arrays = {"SRS": WGS84, "PIXEL_OFFSET": "-0.5", "PIXEL_STEP": "2", "LINE_OFFSET": "-0.5"}
    arrays["GEOREFERENCING_CONVENTION"] = "PIXEL_CENTER"
    for axis, values in zip("XY", of.places(), strict=True):
        name = path.with_name(f"{path.stem}_{axis}.tif")
        write(name, values[None, ::2, ::2], transform=None, crs=None)
        arrays |= {f"{axis}_DATASET": str(name), f"{axis}_BAND": "1"}
    with quietly(), rasterio.open(path, "r+") as dataset:
        dataset.update_tags(ns="GEOLOCATION", LINE_STEP="2", **arrays)
    return path


def by_grid(path: Path, of: Sensor) -> Path:
    return write(path, of.image(), transform=of.grid(), crs=WGS84)


def by_utm(path: Path, pixel: float, shape: tuple[int, int] = (200, 180)) -> Path:
    """An image of the same ground on a grid of UTM that begins inside of PAN."""
    (x,), (y,) = transform_points(WGS84, UTM, [LON + 4 * STEP], [LAT - 4 * STEP])
    grid = Affine(pixel, 0, round(x), 0, -pixel, round(y))
    return write(path, image_on(grid, UTM, shape)[None].astype(np.float32), grid, UTM)


def image_on(grid: Affine, crs: object, shape: tuple[int, int]) -> Floats:
    """The ground below the pixels of a grid."""
    rows, cols = np.mgrid[: shape[0], : shape[1]] + 0.5
    xs, ys = grid * (cols.ravel(), rows.ravel())
    lon, lat = transform_points(crs, WGS84, xs, ys)
    return ground(np.array(lon), np.array(lat)).reshape(shape)


def off(scene: Scene, truth: Floats, edge: int = 12) -> float:
    """The largest error of PAN and LMS inside of the scene, in DN; most of it must be valid."""
    patch = scene.read(scene.whole)
    inner = patch.valid.copy()
    for axis in (0, 1):
        for by in range(-edge, edge + 1):
            inner &= np.roll(patch.valid, by, axis)
    inner[:edge] = inner[-edge:] = inner[:, :edge] = inner[:, -edge:] = False
    assert inner.mean() > 0.2
    return float(max(np.abs(image - truth)[inner].max() for image in (patch.pan, patch.lms[0])))


Maker = Callable[..., Path]


@pytest.mark.parametrize("made", [by_rpcs, by_gcps])
@pytest.mark.parametrize("pan", [PAN, INNER], ids=["corners agree", "PAN a part of MS"])
def test_one_sensor_grid_is_kept(tmp_path: Path, made: Maker, pan: Sensor) -> None:
    files = made(tmp_path / "pan.tif", pan), made(tmp_path / "ms.tif", MS)
    with Scene.open(*files) as scene:
        assert not scene.warped
        assert off(scene, pan.image()[0].astype(float)) < 2.0
        sharpen(scene, Plain(), Output(tmp_path / "out.tif"))
    with rasterio.open(files[0]) as given, rasterio.open(tmp_path / "out.tif") as result:
        assert result.shape == given.shape
        at, found = georeference_of(given), georeference_of(result)
        assert found.by == at.by
        corners = [0, pan.shape[1]], [0, pan.shape[0]]
        np.testing.assert_allclose(found.ground(*corners), at.ground(*corners), atol=1e-9)


@pytest.mark.parametrize("made", [by_rpcs, by_gcps])
def test_of_a_part_the_model_is_that_of_the_part(tmp_path: Path, made: Maker) -> None:
    files = made(tmp_path / "pan.tif", PAN), made(tmp_path / "ms.tif", MS)
    extent = (LON + 40 * STEP, LAT - 100 * STEP, LON + 140 * STEP, LAT - 20 * STEP)
    with Scene.open(*files, extent=extent) as scene:
        assert scene.whole.shape == (80, 100)
        sharpen(scene, Plain(), Output(tmp_path / "out.tif"))
    with rasterio.open(tmp_path / "out.tif") as result:
        corner = georeference_of(result).ground([0, 100], [0, 80])
    np.testing.assert_allclose(corner, [[extent[0], extent[2]], [extent[3], extent[1]]], atol=1e-9)
    request = Quality(*map(str, files), fused=str(tmp_path / "out.tif"))
    with open_inputs(request, lambda fraction, message: None) as inputs:
        assert inputs.scene.whole.shape == (80, 100)
        patch = inputs.scene.read(inputs.scene.whole)
        np.testing.assert_allclose(patch.pan, PAN.image()[0, 20:100, 40:140])


@pytest.mark.parametrize("made", [by_rpcs, by_gcps])
def test_ms_is_warped_to_the_grid_of_pan(
    tmp_path: Path, made: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    pan = by_utm(tmp_path / "pan.tif", 0.7)
    with Scene.open(pan, made(tmp_path / "ms.tif", MS)) as scene:
        assert scene.warped and str(scene.crs) == UTM
        assert off(scene, image_on(scene.transform, UTM, scene.whole.shape)) < 5.0
    ((role, name, crs, *_),) = told(caplog, "core.pair.common_grid")
    assert (role, Path(name).name, str(crs)) == ("MS", "ms.tif", UTM)


@pytest.mark.parametrize("made", [by_rpcs, by_gcps])
def test_pan_is_warped_to_the_map_of_ms(tmp_path: Path, made: Maker) -> None:
    ms = by_utm(tmp_path / "ms.tif", 4.0, (40, 36))
    with Scene.open(made(tmp_path / "pan.tif", PAN), ms) as scene:
        assert str(scene.crs) == UTM
        assert scene.ratio == pytest.approx(round(scene.ratio))
        assert off(scene, image_on(scene.transform, UTM, scene.whole.shape), 20) < 5.0
        sharpen(scene, Plain(), Output(tmp_path / "out.tif"))
    with rasterio.open(tmp_path / "out.tif") as result:
        assert str(result.crs) == UTM and result.rpcs is None and not result.gcps[0]


def test_sensors_that_look_from_elsewhere_are_both_warped(tmp_path: Path) -> None:
    leaning = Sensor(MS.shape, size=4.0, lean=0.3)
    height = 30.0
    pan = by_rpcs(tmp_path / "pan.tif", PAN, height, height)
    ms = by_rpcs(tmp_path / "ms.tif", leaning, height, 0.0)
    with Scene.open(pan, ms) as scene:
        assert scene.warped and str(scene.crs) == UTM
        assert off(scene, image_on(scene.transform, UTM, scene.whole.shape), 16) < 5.0


def test_with_a_dem_rpcs_place_the_ground_at_its_height(tmp_path: Path) -> None:
    high, lean = 200.0, 0.1
    pan, ms = Sensor((160, 200), lean=lean), Sensor((40, 50), size=4.0, lean=lean)
    files = by_rpcs(tmp_path / "pan.tif", pan, high), by_rpcs(tmp_path / "ms.tif", ms, high)
    dem = np.full((1, 60, 60), high, np.float32)
    around = Affine(10 * STEP, 0, LON - 200 * STEP, 0, -10 * STEP, LAT + 200 * STEP)
    write(tmp_path / "Heights of Ground.tif", dem, around, WGS84)
    with Scene.open(*files) as flat:
        assert not flat.warped
    with Scene.open(*files, dem=str(tmp_path / "Heights of Ground.tif")) as scene:
        assert scene.warped
        assert off(scene, image_on(scene.transform, UTM, scene.whole.shape), 16) < 5.0


def test_points_that_no_polynomial_meets_are_joined_by_a_spline(tmp_path: Path) -> None:
    pan, ms = by_gcps(tmp_path / "pan.tif", PAN, bend=3.0), by_grid(tmp_path / "ms.tif", MS)
    with rasterio.open(pan) as dataset:
        at = georeference_of(dataset)
        assert at.spline
        points = at.pixels([p.x for p in at.gcps], [p.y for p in at.gcps])
        np.testing.assert_allclose(points, np.array([(p.col, p.row) for p in at.gcps]).T, atol=1e-3)
    with Scene.open(pan, ms) as scene:
        assert scene.warped and str(scene.crs) == WGS84
        assert scene.ms_grid.shape >= (30, 40)


def test_a_grid_goes_before_rpcs_and_rpcs_stay(tmp_path: Path) -> None:
    pan, ms = by_grid(tmp_path / "pan.tif", PAN), by_grid(tmp_path / "ms.tif", MS)
    with rasterio.open(pan, "r+") as dataset:
        dataset.rpcs = INNER.rpcs()  # of something else, to see which is used
    with Scene.open(pan, ms) as scene:
        assert not scene.warped
        sharpen(scene.part(Window(8, 16, 64, 64)), Plain(), Output(tmp_path / "out.tif"))
    with rasterio.open(tmp_path / "out.tif") as result:
        assert str(result.crs) == WGS84
        assert result.rpcs.line_off == INNER.rpcs().line_off - 8


@pytest.mark.parametrize("ms_angle", [20.0, 0.0], ids=["alike", "only PAN"])
def test_rotated_grids(tmp_path: Path, ms_angle: float) -> None:
    pan_grid = PAN.grid() * Affine.rotation(20.0)
    corner = Affine.translation(-40, -120) if not ms_angle else Affine.identity()
    ms_grid = PAN.grid() * corner * Affine.rotation(ms_angle) * Affine.scale(4.0)
    shape = (40, 50) if ms_angle else (90, 80)
    pan = image_on(pan_grid, WGS84, PAN.shape)[None].astype(np.float32)
    ms = image_on(ms_grid, WGS84, shape)[None].astype(np.float32)
    write(tmp_path / "pan.tif", pan, pan_grid, WGS84)
    write(tmp_path / "ms.tif", ms, ms_grid, WGS84)
    with Scene.open(tmp_path / "pan.tif", tmp_path / "ms.tif") as scene:
        assert scene.warped == (ms_angle == 0.0)
        assert off(scene, image_on(scene.transform, WGS84, scene.whole.shape)) < 5.0


def test_what_cannot_be_placed_is_refused_with_what_to_type(tmp_path: Path) -> None:
    good = by_grid(tmp_path / "ms.tif", MS)
    bare = write(tmp_path / "bare.tif", PAN.image(), transform=None, crs=None)
    with raises_code("one-not-georeferenced"):
        Scene.open(bare, by_rpcs(tmp_path / "r.tif", MS))
    with raises_code("gcps-without-crs", role="PAN"):
        Scene.open(by_gcps(tmp_path / "g.tif", PAN, crs=None), good)
    with raises_code("raster-geolocation-arrays") as caught:
        Scene.open(by_arrays(tmp_path / "a.tif", PAN), good)
    assert "gdalwarp -geoloc" in caught.value.remedy
    nowhere = write(tmp_path / "flat.tif", MS.image(), MS.grid(), None)
    tilted = write(tmp_path / "t.tif", PAN.image(), PAN.grid() * Affine.rotation(9), None)
    with raises_code("raster-rotated", role="PAN"):
        Scene.open(tilted, nowhere)
    elsewhere = by_rpcs(tmp_path / "far.tif", Sensor((40, 50), row=9000, size=4.0))
    with raises_code("no-overlap"):
        Scene.open(by_rpcs(tmp_path / "pan.tif", PAN), elsewhere)
    with quietly(), rasterio.open(bare, "r+") as dataset:
        dataset.gcps = [GroundControlPoint(i, i, LON + i, LAT + i, 0.0) for i in range(4)], WGS84
    with raises_code("raster-not-placed", by="ground control points"):
        Scene.open(bare, good)
    with quietly(), rasterio.open(bare, "r+") as dataset:
        corners = [(row, col) for row in (0, 160) for col in (0, 200)]
        dataset.gcps = [GroundControlPoint(r, c, c, r, 0.0) for r, c in corners], WGS84
    with raises_code("raster-not-placed", reason="they name latitudes beyond the poles"):
        Scene.open(bare, good)


def test_the_log_says_at_which_height(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "core"):
        ms = by_rpcs(tmp_path / "ms.tif", MS, height_off=120.0)
        Scene.open(by_grid(tmp_path / "pan.tif", PAN), ms).close()
    ((role, _, _, height),) = told(caplog, "core.pair.common_grid")
    assert (role, height) == ("MS", 120.0)


def test_what_places_both_alike_needs_no_crs_and_no_map(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    local = partial(by_gcps, crs=None)
    for made in (local, by_arrays):
        files = made(tmp_path / "pan.tif", INNER), made(tmp_path / "ms.tif", MS)
        with Scene.open(*files) as scene:
            assert not scene.warped and scene.crs is None
            assert off(scene, INNER.image()[0].astype(float)) < 2.0
    assert told(caplog, "core.pair.common_grid")[-1] == ()


@pytest.mark.parametrize("made", [by_rpcs, by_gcps])
def test_a_reduced_pair_keeps_the_sensor_grid(tmp_path: Path, made: Maker) -> None:
    files = made(tmp_path / "pan.tif", INNER), made(tmp_path / "ms.tif", MS)
    (tmp_path / "reduced").mkdir()
    with Scene.open(*files) as scene:
        pan, ms, _ = files_in(tmp_path / "reduced")
        write_reduced(scene, (pan, ms, tmp_path / "reduced" / "gt.tif"), phase="product")
    with rasterio.open(pan) as dataset:
        corner = georeference_of(dataset).ground([0, 32], [0, 24])
    right, bottom = LON + 152 * STEP, LAT - 128 * STEP
    expected = [[LON + 24 * STEP, right], [LAT - 32 * STEP, bottom]]
    np.testing.assert_allclose(corner, expected, atol=1e-9)
    with Scene.open(pan, ms) as scene:
        assert not scene.warped
        np.testing.assert_allclose(scene.phase_yx, (1.5, 1.5), atol=1e-4)


def test_damaged_rpcs_stop_only_what_nothing_else_places(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ms = by_grid(tmp_path / "ms.tif", MS)
    pan = write(tmp_path / "pan.tif", PAN.image(), transform=None, crs=None)
    damaged = tmp_path / "pan_RPC.TXT"
    damaged.write_text("LINE_OFF: 80 pixels\n")
    with raises_code("raster-not-placed", role="PAN") as caught:
        Scene.open(pan, ms)
    assert "pan_RPC.TXT" in str(caught.value.facts)
    by_grid(pan, PAN)
    damaged.write_text("LINE_OFF: 80 pixels\n")
    Scene.open(pan, ms).close()
    assert any("pan_RPC.TXT" in str(each) for each in told(caplog))


def test_a_dem_that_is_missing_or_elsewhere_is_told(tmp_path: Path) -> None:
    pan, ms = by_rpcs(tmp_path / "pan.tif", PAN), by_rpcs(tmp_path / "ms.tif", MS)
    with raises_code("raster-missing", role="DEM"):
        Scene.open(pan, ms, dem=str(tmp_path / "none.tif"))
    away = Affine(STEP, 0, LON + 1, 0, -STEP, LAT)
    dem = write(tmp_path / "dem.tif", np.zeros((1, 9, 9), np.float32), away, WGS84)
    with raises_code("raster-not-placed", reason="the DEM has no height there"):
        Scene.open(pan, ms, dem=str(dem))


def test_the_raster_of_heights_is_an_input() -> None:
    request = Pansharpen("pan.tif", "ms.tif", "out.tif", rpc_dem="dem.tif")
    assert sorted(inputs_of(request)) == ["dem.tif", "ms.tif", "pan.tif"]


@pytest.mark.parametrize("hills", [False, True])
def test_warp_by_rpcs_is_within_a_hundredth_of_a_pixel_of_the_exact_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hills: bool
) -> None:
    """Over hills it is the exact one: GDAL's interpolation would miss them."""
    of = Sensor((300, 400), lean=0.1)
    rpcs = of.rpcs()
    rpcs.samp_num_coeff[7] = rpcs.line_num_coeff[4] = 3e-3  # curved
    rows, cols = np.mgrid[:300, :400].astype(np.float64)
    path = tmp_path / "pan.tif"
    with (
        quietly(),
        rasterio.open(
            path, "w", driver="GTiff", count=2, width=400, height=300, dtype="float64"
        ) as dataset,
    ):
        dataset.rpcs = rpcs
        dataset.write(np.stack([rows, cols]))
    dem = None
    if hills:
        heights = 40 * np.random.default_rng(0).random((1, 60, 60))
        at = Affine(STEP * 10, 0, LON - STEP * 100, 0, -STEP * 10, LAT + STEP * 100)
        dem = str(write(tmp_path / "dem.tif", heights, at, WGS84))

    def placed(error: float) -> Floats:
        monkeypatch.setattr(warp, "RPC_TOLERANCE", error)
        grid = Affine(0.9 * STEP, 0, LON + 40 * STEP, 0, -0.9 * STEP, LAT - 40 * STEP)
        with rasterio.open(path) as dataset:
            target = warp.Grid(rasterio.CRS.from_string(WGS84), grid, (200, 300))
            with warp.warped(dataset, georeference_of(dataset, dem), target) as raster:
                found: Floats = raster.read()
        return found

    off = np.abs(placed(warp.RPC_TOLERANCE) - placed(1e-6))
    assert np.nanmax(off) == 0 if hills else 0 < np.nanmax(off) < 0.015
