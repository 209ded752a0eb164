# SPDX-License-Identifier: GPL-2.0-or-later
"""Assessment tile by tile: equal to whole images at any tile size, with holes, in little memory."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.warp import Resampling, reproject
from scenes import GRID, Images, landscape, write
from scipy import ndimage

from core.errors import Cancelled, InputError
from core.imaging.arrays import FloatArray
from core.imaging.filters import interp23tap, mtf_filter, mtf_kernel
from core.imaging.resample import imresize, interpolate
from core.pair.scene import Scene
from core.quality import whole_image
from core.quality.assess import assess
from core.quality.indices import sam_map
from core.quality.interpolated_ms import Expanded, expansion, nesting
from core.quality.no_reference import NoReference, universal
from core.quality.overviews import Overview, choose_crops
from core.quality.q2n import q2n_map
from core.quality.streaming import WithReference, compare, detail, places
from core.raster.window import Window
from core.registration.edge_matching import displacement, typical
from core.requests import Quality

pytestmark = pytest.mark.numerical

ROOT = Path(__file__).resolve().parents[3]


def noisy(truth: FloatArray, seed: int = 1, amount: float = 25.0) -> FloatArray:
    """A fused image: the truth and some error."""
    rng = np.random.default_rng(seed)
    return np.maximum(truth + rng.normal(0, amount, truth.shape), 0)


def some_images(height: int, width: int, bands: int, seed: int) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    truth = ndimage.gaussian_filter(rng.uniform(0, 2000, (bands, height, width)), (0, 2, 2))
    return truth, noisy(truth, seed)


@settings(max_examples=25)
@given(
    st.integers(3, 170), st.integers(3, 170), st.integers(1, 5), st.sampled_from([32, 64, 96, 512]),
    st.integers(0, 99), st.booleans(),
)  # fmt: skip
def test_tiles_add_up_to_the_whole(
    height: int, width: int, bands: int, tile: int, seed: int, holes: bool
) -> None:
    truth, fused = some_images(height, width, bands, seed)
    valid = np.ones((height, width), bool)
    if holes:
        rng = np.random.default_rng(seed)
        row, col = rng.integers(0, height), rng.integers(0, width)
        valid[row : row + 9, col : col + 40] = False
        if not valid.any():
            valid[:] = True
    whole = Window(0, 0, height, width)
    tally = WithReference(bands, 4, 2047)
    for place in places(whole, tile):
        outer = [place.cut(i, place.outer, whole) for i in (truth, fused * valid, valid)]
        around = [place.cut(i, place.around) for i in outer]
        part = compare(place, around[0], around[1], around[2], 1.0)
        tally.add(part, detail(place, outer[0], outer[1], outer[2], 2047))
    found = tally.scores()
    expected = whole_image.scores(truth, fused, 4, 2047, valid)
    assert found == pytest.approx(expected, rel=1e-11, nan_ok=True)
    known = truth[:, None, valid], fused[:, None, valid]
    assert tally.psnr_bands() == pytest.approx(whole_image.psnr_bands(*known, 2047), rel=1e-11)


@pytest.fixture(scope="module")
def scene() -> Images:
    """180 x 212 pixels: neither whole tiles nor whole blocks, but whole MS pixels."""
    return landscape(180, 212)


def array_functions(scene: Images, fused: FloatArray) -> dict[str, float]:
    """The indices without a reference of whole images, 23-tap interpolated; gains are generic."""
    lms = interp23tap(scene.ms, 4)
    gains = [0.3] * len(lms)
    return {
        "D_lambda": whole_image.d_lambda(fused, lms),
        "D_lambda_K": whole_image.d_lambda_k(fused, lms, gains, 4),
        "D_s": whole_image.d_s(fused, lms, scene.pan, 4),
        "QNR": whole_image.qnr(fused, lms, scene.pan, 4),
        "HQNR": whole_image.hqnr(fused, lms, scene.pan, gains, 4),
    }


def test_lms_beside_a_pan_that_is_its_own_low_pass_is_undistorted(scene: Images) -> None:
    lms, low = interp23tap(scene.ms, 4), interp23tap(scene.ms.mean(axis=0)[None], 4)[0]
    valid, whole = np.ones(low.shape, bool), Window(0, 0, *low.shape)
    tally = NoReference(len(lms))
    for place in places(whole, 96):
        around = [place.cut(image, place.around, whole) for image in (low, lms, valid)]
        expanded = Expanded(around[0], around[0], around[1], around[2])
        inner = [place.cut(image, place.inner, whole) for image in (lms, valid)]
        compared = compare(place, around[1], around[1], around[2], 1.0)
        tally.add(compared, universal(place, expanded, inner[0], inner[1]))
    perfect = {"D_lambda": 0, "D_lambda_K": 0, "D_s": 0, "QNR": 1, "HQNR": 1}
    assert tally.scores() == pytest.approx(perfect, abs=1e-12)


@pytest.mark.parametrize("tile", [32, 96, 512])
def test_indices_without_reference_are_those_of_whole_images(
    scene: Images, tile: int, tmp_path: Path
) -> None:
    fused = noisy(scene.truth)
    found = assess(scene.written(tmp_path, fused), tile=tile)
    assert found.interpolation == "23-tap"
    assert found.scores == pytest.approx(array_functions(scene, fused), rel=1e-10)
    assert (found.pixels, found.blocks) == (180 * 212, 6 * 7)


def test_ms_on_the_benchmarks_phase_is_interpolated_by_23_taps_too(
    scene: Images, tmp_path: Path
) -> None:
    moved = replace(scene, offset=(0.5, 0.5))
    found = assess(moved.written(tmp_path, scene.truth))
    assert found.interpolation == "23-tap"
    assert found.scores == pytest.approx(array_functions(scene, scene.truth), rel=1e-10)


def test_both_interpolations_of_a_scene_by_window(scene: Images, tmp_path: Path) -> None:
    request = scene.written(tmp_path, scene.truth)
    with Scene.open(request.pan, request.ms) as opened:
        assert nesting(opened) == 4
        seen = expansion(opened)
        for window in (opened.whole, Window(0, 96, 33, 116), Window(147, 3, 33, 40)):
            part = seen.read(window)
            rows, cols = window.slices
            lms = interp23tap(scene.ms, 4)[:, rows, cols]
            low = interp23tap(imresize(scene.pan, 1 / 4)[None], 4)[0, rows, cols]
            np.testing.assert_allclose(part.lms, lms, rtol=1e-13)
            np.testing.assert_allclose(part.low, low, rtol=1e-13)
            np.testing.assert_array_equal(part.pan, scene.pan[rows, cols])
            assert part.valid.all()


@pytest.mark.parametrize(
    ("ratio", "offset"), [(4.0, (0.25, 0.0)), (4.0, (2.0, 0.0)), (3.0, (0, 0)), (3.97, (0, 0))]
)
def test_other_pairs_are_interpolated_where_they_lie(
    ratio: float, offset: tuple[float, float], scene: Images, tmp_path: Path
) -> None:
    other = replace(scene, ratio=ratio, offset=offset)
    request = other.written(tmp_path, scene.truth)
    with Scene.open(request.pan, request.ms) as opened:
        assert nesting(opened) is None
        seen = expansion(opened)
        whole, part = seen.read(opened.whole), seen.read(Window(40, 60, 50, 70))
        np.testing.assert_array_equal(part.low, whole.low[40:90, 60:130])
        np.testing.assert_array_equal(part.lms, whole.lms[:, 40:90, 60:130])
        np.testing.assert_array_equal(whole.lms, opened.read(opened.whole).lms)
    found = [assess(request, tile=tile) for tile in (64, 512)]
    assert found[0].interpolation == "georeferenced"
    for name in ("scores", "consistency"):
        assert getattr(found[0], name) == pytest.approx(getattr(found[1], name), rel=1e-10)


def test_the_low_pass_pan_lies_where_ms_does(tmp_path: Path) -> None:
    """A plane is its own low-pass, wherever the MS pixels lie; 23 taps move it by half a pixel."""
    plane = 100 + np.add.outer(3.0 * np.arange(96), 2.0 * np.arange(96))
    inside = np.s_[40:56, 40:56]
    for count, ratio, moved in ((32, 3.0, 0.0), (24, 4.0, 0.5)):
        ms = np.ones((2, count, count))
        request = Images(plane, ms, ms, ratio).written(tmp_path, np.ones((2, 96, 96)))
        with Scene.open(request.pan, request.ms) as opened:
            low = expansion(opened).read(opened.whole).low
        np.testing.assert_allclose(low[inside], plane[inside] - 5 * moved, rtol=1e-4)


def degraded(fused: FloatArray, ratio: float, rows: FloatArray, cols: FloatArray) -> FloatArray:
    """A fused image as MS sees it: the MTF without loss, sampled at the MS pixels' centres."""
    gain = mtf_kernel(0.3, ratio).sum()
    low = mtf_filter(fused, [0.3] * len(fused), ratio) / gain
    return interpolate(low, rows, cols).astype(np.float64)


@pytest.mark.parametrize("tile", [32, 64, 512])
def test_consistency_is_that_of_the_degraded_image(
    tile: int, scene: Images, tmp_path: Path
) -> None:
    """45 x 53 MS pixels: blocks of 32 that tiles do not complete."""
    fused = noisy(scene.truth, amount=60)
    found = assess(scene.written(tmp_path, fused), tile=tile)
    seen = degraded(fused, 4, np.arange(45) * 4 + 1.5, np.arange(53) * 4 + 1.5)
    biases = seen.mean(axis=(1, 2)) / scene.ms.mean(axis=(1, 2)) - 1
    bias = biases[np.argmax(np.abs(biases))]
    expected = {
        "SAM": whole_image.sam(scene.ms, seen),
        "ERGAS": whole_image.ergas(scene.ms, seen, 4),
        "Q2n": whole_image.q2n(scene.ms, seen),
        "bias_percent": 100 * bias,
    }
    assert found.consistency == pytest.approx(expected, rel=1e-4)
    for number, row in enumerate(found.bands):
        error = seen[number] - scene.ms[number]
        assert row.bias == pytest.approx(error.mean(), abs=1e-3)
        assert row.rmse == pytest.approx(np.sqrt((error**2).mean()), rel=1e-4)
        both = np.corrcoef(seen[number].ravel(), scene.ms[number].ravel())[0, 1]
        assert row.correlation == pytest.approx(both, rel=1e-4)
        assert row.psnr is None and row.resembles is None
    assert found.sample.ms.shape == found.sample.fused.shape == (3, 45 * 53)
    assert np.corrcoef(found.sample.ms[0], found.sample.fused[0])[0, 1] > 0.95


def test_the_truth_is_consistent_with_ms_and_lies_where_it_does(tmp_path: Path) -> None:
    scene = landscape(512, 512)
    found = assess(scene.written(tmp_path, scene.truth))
    assert found.consistency["ERGAS"] < 0.2
    assert found.consistency["Q2n"] > 0.995
    assert found.shift == pytest.approx((0, 0), abs=0.1)
    assert found.pan_shift == pytest.approx((0, 0), abs=0.1)


def test_a_wrong_order_of_bands_is_unmistakable(scene: Images, tmp_path: Path) -> None:
    swapped = scene.truth[[0, 2, 1]]
    found = assess(scene.written(tmp_path, swapped))
    assert [row.resembles for row in found.bands] == [None, 2, 1]
    right = assess(scene.written(tmp_path, scene.truth))
    assert right.consistency["SAM"] < 0.5 * found.consistency["SAM"]


@pytest.mark.parametrize("shift", [(3, -2), (-5, 0), (0, 6)])
def test_a_shifted_image_is_found_out(shift: tuple[int, int], tmp_path: Path) -> None:
    scene = landscape(512, 512)
    fused = np.roll(scene.truth, shift, axis=(1, 2))
    found = assess(scene.written(tmp_path, fused))
    assert found.shift == pytest.approx(shift, abs=0.3)
    assert found.pan_shift == pytest.approx(shift, abs=0.3)


def test_a_shift_is_found_to_a_fraction_of_a_pixel_or_not_at_all() -> None:
    image = landscape(128, 128, 1).truth[0]
    moved = ndimage.shift(image, (1.4, -2.7), order=5, mode="nearest")
    assert displacement(moved, image) == pytest.approx((1.4, -2.7), abs=0.15)
    noise = np.random.default_rng(4).normal(0, 1, image.shape)
    assert displacement(noise, image) is None
    assert displacement(np.full_like(image, 7.0), image) is None
    assert displacement(np.roll(image, 20, axis=0), image) is None
    assert typical([(1.0, 2.0), (1.2, 2.2), (9.0, -9.0)]) == (1.2, 2.0)
    assert typical([(1.0, 2.0), *[None] * 4]) is None
    assert typical([(1.0, 2.0), (5.0, 2.0), (-5.0, 7.0), (8.0, 0.0)]) is None
    assert typical([]) is None


def test_an_image_that_covers_a_part_is_assessed_there(tmp_path: Path) -> None:
    scene = landscape(256, 320)
    row, col, height, width = 32, 64, 128, 192
    part = np.s_[..., row : row + height, col : col + width]
    cut = np.s_[:, row // 4 : (row + height) // 4, col // 4 : (col + width) // 4]
    request = scene.with_reference(tmp_path, scene.truth)
    fused = noisy(scene.truth)[part]
    write(Path(request.fused), fused, GRID * Affine.translation(col, row))
    found = assess(request)
    alone = Images(scene.pan[part], scene.ms[cut], scene.truth[part])
    expected = whole_image.scores(alone.truth, fused, 4, found.peak) | array_functions(alone, fused)
    assert {name: found.scores[name] for name in expected} == pytest.approx(expected, rel=1e-10)
    assert found.size == (128, 192)


def test_ms_may_reach_beyond_pan_and_pan_may_be_one_band_of_several(tmp_path: Path) -> None:
    scene = landscape(128, 192)
    fused = noisy(scene.truth)
    expected = assess(scene.written(tmp_path, fused))
    request = scene.written(tmp_path, fused)
    wide = np.pad(scene.ms, ((0, 0), (2, 5), (3, 1)), constant_values=77.0)
    write(Path(request.ms), wide, GRID * Affine.translation(-12, -8) * Affine.scale(4))
    write(Path(request.pan), np.stack([0 * scene.pan, scene.pan]))
    found = assess(replace(request, pan_band=2))
    assert found.interpolation == "23-tap"
    assert found.scores == pytest.approx(expected.scores, rel=1e-12)
    assert found.consistency == pytest.approx(expected.consistency, rel=1e-12)


def test_ms_in_another_crs_is_assessed_where_it_lies(tmp_path: Path) -> None:
    scene = landscape(256, 256)
    request = scene.written(tmp_path, scene.truth)
    here = assess(request)
    with rasterio.open(request.ms) as dataset:
        warped, transform = reproject(
            dataset.read(), src_transform=dataset.transform, src_crs=dataset.crs,
            dst_crs="EPSG:4326", resampling=Resampling.cubic, src_nodata=None, dst_nodata=np.nan,
        )  # fmt: skip
    write(Path(request.ms), warped, transform, crs="EPSG:4326")
    found = assess(request)
    assert found.interpolation == "georeferenced"
    assert found.scores["HQNR"] == pytest.approx(here.scores["HQNR"], abs=0.05)
    assert found.consistency["Q2n"] > 0.9
    assert found.shift == pytest.approx((0, 0), abs=0.3)


def test_pixels_without_data_have_no_say_in_any_of_the_four(tmp_path: Path) -> None:
    """Holes of NaN, of nodata and of a mask leave the blocks beside them what they were."""
    scene = landscape(256, 256)
    fused = noisy(scene.truth)
    request = scene.with_reference(tmp_path, fused)
    whole = assess(request)
    images = {"pan": scene.pan[None], "ms": scene.ms, "fused": fused, "reference": scene.truth}
    holes = {"pan": (10, 10), "ms": (30, 3), "fused": (140, 200), "reference": (200, 40)}
    for name, image in images.items():
        row, col = holes[name]
        broken = image.copy()
        broken[:, row : row + 3, col : col + 3] = -9999 if name == "fused" else np.nan
        step = 4 if name == "ms" else 1
        nodata = -9999 if name == "fused" else None
        write(tmp_path / f"{name}.tif", broken, GRID * Affine.scale(step), nodata=nodata)
    found = assess(request)
    assert found.pixels == 256 * 256 - 2 * 9
    assert found.blocks == 64 - 2
    for name, value in whole.scores.items():
        assert found.scores[name] == pytest.approx(value, rel=0.05, abs=0.005), name
    assert found.consistency == pytest.approx(whole.consistency, rel=0.05)
    assert np.isfinite(list(found.scores.values())).all()
    alone = assess(replace(request, reference=None))
    assert alone.pixels == 256 * 256 - 2 * 9 - 9 * 16  # those under MS' hole too
    assert alone.blocks == 64 - 4
    for name, value in alone.scores.items():
        assert whole.scores[name] == pytest.approx(value, rel=0.05, abs=0.005), name


def test_what_ms_sees_through_a_hole_is_not_compared(scene: Images, tmp_path: Path) -> None:
    """One pixel of 16 is enough: what it is filled with is no part of the image."""
    fused = noisy(scene.truth)
    fused[:, 40, 60] = np.nan
    found = assess(scene.written(tmp_path, fused))
    left = np.isin(scene.ms[0].astype(np.float32), found.sample.ms[0])
    assert not left[10, 15]
    assert (~left).sum() <= 9


def test_nothing_valid_is_an_error(scene: Images, tmp_path: Path) -> None:
    request = scene.written(tmp_path, np.full_like(scene.truth, np.nan))
    with pytest.raises(InputError, match=r"No pixel of .*fused\.tif has data in PAN and MS too"):
        assess(request)


def test_a_scene_smaller_than_a_block_is_assessed(tmp_path: Path) -> None:
    scene = landscape(20, 24)
    fused = noisy(scene.truth)
    found = assess(scene.with_reference(tmp_path, fused))
    expected = whole_image.scores(scene.truth, fused, 4, found.peak)
    assert {name: found.scores[name] for name in expected} == pytest.approx(expected, rel=1e-10)
    assert found.blocks == 1
    assert (found.shift, found.pan_shift) == (None, None)
    assert [crop.window for crop in found.crops] == [Window(0, 0, 20, 24)]


def test_reflectance_is_assessed_as_the_same_image_in_dn(tmp_path: Path) -> None:
    scene = landscape(128, 128)
    fused = noisy(scene.truth)
    (tmp_path / "dn").mkdir()
    (tmp_path / "reflectance").mkdir()
    dn = assess(scene.with_reference(tmp_path / "dn", fused))
    small = Images(scene.pan / 1e4, scene.ms / 1e4, scene.truth / 1e4)
    reflectance = assess(small.with_reference(tmp_path / "reflectance", fused / 1e4))
    assert reflectance.peak == pytest.approx(scene.truth.max() / 1e4)
    for name in ("SAM", "ERGAS", "Q2n", "SCC", "D_lambda", "D_lambda_K", "D_s", "QNR", "HQNR"):
        assert reflectance.scores[name] == pytest.approx(dn.scores[name], rel=1e-6), name
    psnr = dn.scores["PSNR"] + 20 * math.log10(scene.truth.max() / dn.peak)
    assert reflectance.scores["PSNR"] == pytest.approx(psnr)


@pytest.mark.parametrize(("sensor", "peak"), [("generic", 1023), ("QB", 2047)])
def test_peak_is_the_sensors_or_that_of_the_bits_in_use(
    sensor: str, peak: float, tmp_path: Path
) -> None:
    scene = landscape(64, 64)
    factor = 900 / scene.truth.max()
    small = Images(*(np.rint(factor * i) for i in (scene.pan, scene.ms, scene.truth)))
    request = small.with_reference(tmp_path, small.truth, "uint16")
    assert assess(replace(request, sensor=sensor)).peak == peak


def test_an_image_of_zeros_has_no_peak_and_an_error_none(tmp_path: Path) -> None:
    scene = landscape(64, 64)
    black = Images(*(0 * image for image in (scene.pan, scene.ms, scene.truth)))
    found = assess(black.with_reference(tmp_path, scene.truth))
    assert math.isnan(found.peak)
    assert math.isnan(found.scores["PSNR"]) and math.isnan(found.scores["SSIM"])


def test_overviews_are_means_of_what_is_valid() -> None:
    rng = np.random.default_rng(5)
    values = rng.uniform(0, 9, (2, 70, 53))
    valid = rng.uniform(size=(70, 53)) > 0.3
    valid[:14, :7] = False
    overview = Overview(2, 70, 53, 7)
    for rows in (slice(0, 32), slice(32, 70)):
        for cols in (slice(0, 20), slice(20, 53)):
            window = Window.between(rows.start, cols.start, rows.stop, cols.stop)
            overview.add(overview.reduce(window, values[:, rows, cols], valid[rows, cols]))
    found = overview.image()
    assert found.shape == (2, 10, 8)
    assert np.isnan(found[:, :2, 0]).all()
    part = np.s_[21:28, 49:53]
    expected = values[1][part][valid[part]].mean()
    assert found[1, 3, 7] == pytest.approx(expected)
    assert Overview(1, 5000, 100).image().shape == (1, 500, 10)


def test_crops_show_the_worst_and_typical_places() -> None:
    detail, error = np.ones((10, 12)), np.ones((10, 12))
    detail[7:10, 0:3], error[2:5, 6:9] = 9, 5
    detail[0, :] = np.nan
    error[0, 0] = 99  # lies where there is no data
    found = dict(choose_crops(detail, error, Window(0, 0, 310, 384)))
    assert found["Largest error"] == Window(64, 192, 96, 96)
    assert found["Most detail"] == Window(224, 0, 86, 96)
    assert found["Median detail"].row >= 32
    assert choose_crops(np.full((4, 4), np.nan), error[:4, :4], Window(0, 0, 128, 128)) == []


def test_what_is_shown_of_an_image(tmp_path: Path) -> None:
    scene = landscape(640, 600)
    fused = noisy(scene.truth)
    fused[:, 300:330, 100:140] += 900
    found = assess(scene.with_reference(tmp_path, fused))
    assert found.sam_map.shape == found.pan_overview.shape == (320, 300)
    assert found.error_map.shape == found.overview.shape == (3, 320, 300)
    assert found.q2n_map.shape == (20, 19)
    error = (fused - scene.truth)[:, :640, :600].reshape(3, 320, 2, 300, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(found.error_map, error, rtol=1e-4, atol=1e-3)
    worst = found.crops[0]
    assert worst.title == "Largest error"
    inside = Window(300, 100, 30, 40).intersect(worst.window)
    assert inside.height > 20 and inside.width > 30
    rows, cols = worst.window.slices
    np.testing.assert_allclose(worst.fused, fused[:, rows, cols], rtol=1e-6)
    assert worst.reference is not None
    np.testing.assert_allclose(worst.reference, scene.truth[:, rows, cols], rtol=1e-6)
    nearest = np.repeat(np.repeat(scene.ms, 4, axis=1), 4, axis=2)[:, rows, cols]
    np.testing.assert_allclose(worst.ms, nearest, rtol=1e-6)
    assert len({crop.window for crop in found.crops}) == 3


class Watched:
    """An open raster that tells whether two threads ever read it at once, as GDAL forbids."""

    together: ClassVar[list[str]] = []

    def __init__(self, dataset: Any) -> None:
        self._dataset, self._busy = dataset, threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dataset, name)

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *given: object) -> None:
        self._dataset.close()

    def read(self, *given: Any, **more: Any) -> Any:
        if not self._busy.acquire(blocking=False):
            self.together.append(self._dataset.name)
            return self._dataset.read(*given, **more)
        try:
            time.sleep(0.002)
            return self._dataset.read(*given, **more)
        finally:
            self._busy.release()


@pytest.mark.parametrize("ratio", [4.0, 3.97])
def test_threads_never_read_a_raster_at_once(
    ratio: float, scene: Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = replace(scene, ratio=ratio).with_reference(tmp_path, scene.truth)
    expected = assess(request, tile=64).scores
    real = rasterio.open
    monkeypatch.setattr(rasterio, "open", lambda path: Watched(real(path)))
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(Watched, "together", [])
    for reference in (request.reference, None):
        found = assess(replace(request, reference=reference), tile=64)
        assert not Watched.together
        assert all(expected[name] == value for name, value in found.scores.items())


def refused(request: Quality, match: str) -> None:
    with pytest.raises(InputError, match=match):
        assess(request)


def test_what_does_not_fit_is_refused_by_name(scene: Images, tmp_path: Path) -> None:
    request = scene.with_reference(tmp_path, scene.truth)
    fused, transform = Path(request.fused), GRID
    write(fused, scene.truth, transform * Affine.translation(0.3, 0))
    refused(request, r"Fused image .*fused\.tif does not lie on the grid of PAN .*pixels lie 0\.3")
    write(fused, scene.truth, transform * Affine.scale(2))
    refused(request, r"its pixels are 2 x 2 of PAN's")
    write(fused, scene.truth, transform * Affine.translation(4, 0))
    refused(request, "reaches beyond PAN")
    write(fused, scene.truth, transform, crs="EPSG:32634")
    refused(request, "another CRS")
    write(fused, scene.truth[:2])
    refused(request, r"has 2 bands, MS .*ms\.tif has 3.*--ms-bands")
    refused(replace(request, ms_bands=(1,)), "has 2 bands, MS .* has 1 chosen")
    write(fused, scene.truth, Affine.identity())
    refused(request, "only one of the two is georeferenced")
    write(fused, scene.truth)
    write(Path(request.reference or ""), scene.truth[:, :-1])
    refused(request, r"Reference .*reference\.tif .*does not cover the fused image")
    refused(replace(request, fused=str(tmp_path / "none.tif")), r"Fused image .*does not exist")


def test_rasters_without_georeference_lie_on_each_other(tmp_path: Path) -> None:
    scene = landscape(128, 128)
    fused = noisy(scene.truth)
    with_grid = assess(scene.with_reference(tmp_path, fused))
    request = scene.with_reference(tmp_path, fused)
    images = (scene.pan[None], scene.ms, fused, scene.truth)
    paths = (request.pan, request.ms, request.fused, request.reference)
    for image, path in zip(images, paths, strict=True):
        write(Path(path or ""), image, Affine.identity(), crs=None)
    assert assess(request).scores == pytest.approx(with_grid.scores, rel=1e-12)
    write(Path(request.fused), fused[:, 1:], Affine.identity(), crs=None)
    refused(request, "neither is georeferenced, and their sizes differ")


def test_chosen_bands_of_ms_are_compared(scene: Images, tmp_path: Path) -> None:
    request = scene.written(tmp_path, scene.truth[[2, 0]])
    found = assess(replace(request, ms_bands=(3, 1)))
    assert [row.resembles for row in found.bands] == [None, None]
    assert found.consistency["ERGAS"] < 0.3


def test_cancelling_stops_the_threads_and_leaves_nothing(scene: Images, tmp_path: Path) -> None:
    request = replace(scene.written(tmp_path, scene.truth), sam_map=str(tmp_path / "sam.tif"))
    before = set(tmp_path.iterdir())

    def stop(fraction: float, message: str) -> None:
        if message.startswith("Tile 2"):
            raise Cancelled

    with pytest.raises(Cancelled):
        assess(request, stop, tile=64)
    assert set(tmp_path.iterdir()) == before


def test_progress_grows_to_the_end(scene: Images, tmp_path: Path) -> None:
    told: list[float] = []
    assess(scene.with_reference(tmp_path, scene.truth), lambda f, text: told.append(f), tile=64)
    assert told == sorted(told) and told[-1] <= 1
    assert len(told) >= 12


MEMORY = """
import os, re, sys
os.cpu_count = lambda: 2  # as many tiles are looked at together
from core.quality.assess import assess
from core.requests import Quality
found = assess(Quality(*sys.argv[1:]), tile=256)
print(found.pixels, re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_memory_does_not_grow_with_the_scene(tmp_path: Path) -> None:
    """Eight times the pixels, one array of which would take 67 MB."""
    small, peaks = landscape(512, 512, 4), []
    for times in (1, 8):
        images = (np.concatenate([i] * times, axis=-2) for i in (small.pan, small.ms, small.truth))
        large = Images(*images)
        request = large.with_reference(tmp_path, noisy(large.truth), "uint16")
        paths = (request.pan, request.ms, request.fused, str(request.reference))
        environment = {**os.environ, "GDAL_CACHEMAX": "8", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, *paths],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        pixels, kilobytes = map(int, done.stdout.split())
        assert pixels == large.pan.size
        peaks.append(kilobytes / 1024)
    assert peaks[1] - peaks[0] < 40


def test_maps_are_those_of_the_array_functions(scene: Images, tmp_path: Path) -> None:
    fused = noisy(scene.truth)
    fused[:, 70:75, 20:90] = np.nan
    names = {name: str(tmp_path / f"{name}.tif") for name in ("sam_map", "q2n_map", "error_map")}
    request = replace(scene.with_reference(tmp_path, fused), **names)
    assess(request, tile=64)
    expected = {
        "sam_map": sam_map(scene.truth, fused)[None],
        "q2n_map": q2n_map(scene.truth, np.nan_to_num(fused))[None],
        "error_map": fused - scene.truth,
    }
    expected["q2n_map"][0, 2, 0:3] = np.nan
    for name, path in names.items():
        with rasterio.open(path) as made:
            assert made.dtypes[0] == "float32" and math.isnan(made.nodata)
            np.testing.assert_allclose(made.read(), expected[name], rtol=1e-5, atol=1e-4)
            side = 32 if name == "q2n_map" else 1
            assert made.transform.almost_equals(GRID * Affine.scale(side))
            assert made.crs.to_epsg() == 32633


def test_maps_without_a_reference_are_against_lms_in_its_place(
    scene: Images, tmp_path: Path
) -> None:
    """Not the toolbox's LMS, which lies half a pixel off and would show at every edge."""
    request = replace(
        scene.written(tmp_path, scene.truth),
        sam_map=str(tmp_path / "sam.tif"),
        q2n_map=str(tmp_path / "q2n.tif"),
    )
    assess(request, tile=96)
    low = mtf_filter(scene.truth, [0.3] * 3, 4)
    with Scene.open(request.pan, request.ms) as opened:
        lms = opened.read(opened.whole).lms
    with rasterio.open(request.sam_map or "") as made:
        np.testing.assert_allclose(made.read(1), sam_map(lms, low), rtol=1e-3, atol=1e-3)
    with rasterio.open(request.q2n_map or "") as made:
        np.testing.assert_allclose(made.read(1), q2n_map(lms, low), rtol=1e-4)
