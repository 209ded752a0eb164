# SPDX-License-Identifier: GPL-2.0-or-later
"""Assessment of files: equal to whole images at any tile size, with holes, in bounded memory."""

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
import whole_image
from affine import Affine
from raising import raises_code
from raster_files import edited, read
from rasterio.warp import Resampling, reproject
from scenes import GRID, Images, landscape, noisy, write

from core.imaging.arrays import FloatArray
from core.imaging.mtf import mtf_filter
from core.imaging.resample import interp23tap
from core.pair.scene import Scene
from core.quality.assess import assess
from core.quality.q2n import q2n_map
from core.quality.streaming import error_scores, sam_map
from core.raster.window import Window

pytestmark = pytest.mark.numerical

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def scene() -> Images:
    """180 x 212 pixels: neither whole tiles nor whole blocks, but whole MS pixels."""
    return landscape(180, 212)


def no_reference(images: Images, fused: FloatArray) -> dict[str, float]:
    """The indices without a reference of whole images; gains are generic."""
    lms = interp23tap(images.ms, 4)
    return whole_image.no_reference(fused, lms, images.pan, [0.3] * len(lms), 4)


def with_reference(images: Images, fused: FloatArray, peak: float) -> dict[str, float]:
    valid = np.ones(images.pan.shape, bool)
    return whole_image.with_reference(images.reference, fused, 4, peak, valid)


@pytest.mark.parametrize(
    ("tile", "offset"), [(32, (0.0, 0.0)), (96, (0.0, 0.0)), (512, (0.0, 0.0)), (512, (0.5, 0.5))]
)
def test_indices_without_reference_equal_whole_images(
    tile: int, offset: tuple[float, float], scene: Images, tmp_path: Path
) -> None:
    """Also with MS on the benchmarks' phase."""
    fused = noisy(scene.reference)
    found = assess(replace(scene, offset=offset).written(tmp_path, fused), tile=tile)
    assert found.interpolation == "23-tap"
    assert found.scores == pytest.approx(no_reference(scene, fused), rel=1e-10)
    assert (found.pixels, found.blocks) == (180 * 212, 6 * 7)


@pytest.mark.parametrize(
    ("ratio", "offset"), [(4.0, (0.25, 0.0)), (4.0, (2.0, 0.0)), (3.97, (0, 0))]
)
def test_georeferenced_scores_do_not_depend_on_tile_size(
    ratio: float, offset: tuple[float, float], scene: Images, tmp_path: Path
) -> None:
    request = replace(scene, ratio=ratio, offset=offset).written(tmp_path, scene.reference)
    small, large = (assess(request, tile=tile) for tile in (64, 512))
    assert small.interpolation == "georeferenced"
    assert small.scores == pytest.approx(large.scores, rel=1e-6)
    assert small.consistency == pytest.approx(large.consistency, rel=1e-6)


def under_gaussians(image: FloatArray, sigma: float) -> FloatArray:
    """Samples of an image of whole MS pixels, 4 x 4, under a Gaussian at their centres."""
    away = (np.arange(-16, n + 16) - 4 * np.arange(n // 4)[:, None] - 1.5 for n in image.shape[1:])
    rows, cols = (np.exp(-0.5 * (distance / sigma) ** 2) for distance in away)
    rows, cols = (w / w.sum(axis=1, keepdims=True) for w in (rows, cols))
    padded: FloatArray = np.pad(image, ((0, 0), (16, 16), (16, 16)), mode="edge")
    return rows @ padded @ cols.T


@pytest.mark.parametrize("tile", [32, 64, 512])
def test_consistency_compares_degraded_image_with_ms(
    tile: int, scene: Images, tmp_path: Path
) -> None:
    """45 x 53 MS pixels: blocks of 32 that tiles do not complete, truncated at the edges."""
    fused = noisy(scene.reference, amount=60)
    found = assess(scene.written(tmp_path, fused), tile=tile)
    degraded = under_gaussians(fused, 4 / np.pi * np.sqrt(-2 * np.log(0.3)))
    biases = 100 * (degraded.mean(axis=(1, 2)) / scene.ms.mean(axis=(1, 2)) - 1)
    blocks = [np.s_[:, r : r + 32, c : c + 32] for r in (0, 32) for c in (0, 32)]
    expected = {
        **error_scores(scene.ms, degraded, 4),
        "Q2n": np.mean([q2n_map(scene.ms[b], degraded[b])[0, 0] for b in blocks]),
        "bias_percent": biases[np.argmax(np.abs(biases))],
    }
    assert found.consistency == pytest.approx(expected, rel=1e-3)
    for number, band in enumerate(found.bands):
        error = degraded[number] - scene.ms[number]
        assert band.bias == pytest.approx(error.mean(), abs=1e-3)
        assert band.rmse == pytest.approx(np.sqrt((error**2).mean()), rel=1e-4)
        both = np.corrcoef(degraded[number].ravel(), scene.ms[number].ravel())[0, 1]
        assert band.correlation == pytest.approx(both, rel=1e-4)
        assert band.psnr is None and band.resembles is None
    assert found.sample.ms.shape == found.sample.fused.shape == (3, 45 * 53)
    assert np.corrcoef(found.sample.ms[0], found.sample.fused[0])[0, 1] > 0.95


@pytest.mark.parametrize("shift", [(0, 0), (3, -2), (-5, 0), (0, 6)])
def test_displacement_from_ms_and_pan(shift: tuple[int, int], tmp_path: Path) -> None:
    images = landscape(512, 512)
    found = assess(images.written(tmp_path, np.roll(images.reference, shift, axis=(1, 2))))
    assert found.shift == pytest.approx(shift, abs=0.3)
    assert found.pan_shift == pytest.approx(shift, abs=0.3)
    if shift == (0, 0):
        assert found.consistency["ERGAS"] < 0.2 and found.consistency["Q2n"] > 0.995


def test_swapped_bands_are_recognised(scene: Images, tmp_path: Path) -> None:
    found = assess(scene.written(tmp_path, scene.reference[[0, 2, 1]]))
    assert [band.resembles for band in found.bands] == [None, 2, 1]
    right = assess(scene.written(tmp_path, scene.reference))
    assert right.consistency["SAM"] < 0.5 * found.consistency["SAM"]


def test_chosen_ms_bands_are_compared(scene: Images, tmp_path: Path) -> None:
    request = scene.written(tmp_path, scene.reference[[2, 0]])
    found = assess(replace(request, ms_bands=(3, 1)))
    assert [band.resembles for band in found.bands] == [None, None]
    assert found.consistency["ERGAS"] < 0.3


def test_fused_image_of_a_part_is_assessed_there(tmp_path: Path) -> None:
    images = landscape(256, 320)
    row, col, height, width = 32, 64, 128, 192
    part = np.s_[..., row : row + height, col : col + width]
    ms_part = np.s_[:, row // 4 : (row + height) // 4, col // 4 : (col + width) // 4]
    request = images.with_reference(tmp_path, images.reference)
    fused = noisy(images.reference)[part]
    write(Path(request.fused), fused, GRID * Affine.translation(col, row))
    found = assess(request)
    alone = Images(images.pan[part], images.ms[ms_part], images.reference[part])
    expected = with_reference(alone, fused, found.peak) | no_reference(alone, fused)
    assert found.scores == pytest.approx(expected, rel=1e-10)
    assert found.size == (128, 192)


def test_ms_beyond_pan_and_pan_with_several_bands(tmp_path: Path) -> None:
    images = landscape(128, 192)
    request = images.written(tmp_path, noisy(images.reference))
    expected = assess(request)
    wide = np.pad(images.ms, ((0, 0), (2, 5), (3, 1)), constant_values=77.0)
    write(Path(request.ms), wide, GRID * Affine.translation(-12, -8) * Affine.scale(4))
    write(Path(request.pan), np.stack([0 * images.pan, images.pan]))
    found = assess(replace(request, pan_band=2))
    assert found.interpolation == "23-tap"
    assert found.scores == pytest.approx(expected.scores, rel=1e-12)
    assert found.consistency == pytest.approx(expected.consistency, rel=1e-12)


def test_ms_in_another_crs(tmp_path: Path) -> None:
    images = landscape(256, 256)
    request = images.written(tmp_path, images.reference)
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


def test_rasters_without_georeference_lie_on_each_other(tmp_path: Path) -> None:
    images = landscape(128, 128)
    fused = noisy(images.reference)
    request = images.with_reference(tmp_path, fused)
    expected = assess(request)
    for path in (request.pan, request.ms, request.fused, request.reference):
        edited(path or "", transform=Affine.identity(), crs=None)
    assert assess(request).scores == pytest.approx(expected.scores, rel=1e-12)
    write(Path(request.fused), fused[:, 1:], Affine.identity(), crs=None)
    with raises_code("not-on-pan-grid"):
        assess(request)


def test_holes_in_any_image_leave_other_blocks_unchanged(tmp_path: Path) -> None:
    """Holes of NaN, of nodata and of a mask."""
    images = landscape(256, 256)
    fused = noisy(images.reference)
    request = images.with_reference(tmp_path, fused)
    whole = assess(request)
    rasters = {"pan": images.pan[None], "ms": images.ms, "fused": fused}
    rasters["reference"] = images.reference
    holes = {"pan": (10, 10), "ms": (30, 3), "fused": (140, 200), "reference": (200, 40)}
    for name, image in rasters.items():
        row, col = holes[name]
        broken = image.copy()
        broken[:, row : row + 3, col : col + 3] = -9999 if name == "fused" else np.nan
        step = 4 if name == "ms" else 1
        nodata = -9999 if name == "fused" else None
        write(tmp_path / f"{name}.tif", broken, GRID * Affine.scale(step), nodata=nodata)
    found, alone = assess(request), assess(replace(request, reference=None))
    assert (found.pixels, found.blocks) == (256 * 256 - 2 * 9, 64 - 2)
    assert (alone.pixels, alone.blocks) == (256 * 256 - 2 * 9 - 9 * 16, 64 - 4)  # and MS' hole
    for scores in (found.scores, alone.scores):
        for name, value in scores.items():
            assert value == pytest.approx(whole.scores[name], rel=0.05, abs=0.005), name
    assert found.consistency == pytest.approx(whole.consistency, rel=0.05)


def test_ms_pixels_over_a_hole_are_not_compared(scene: Images, tmp_path: Path) -> None:
    """One invalid pixel of 16 is enough."""
    fused = noisy(scene.reference)
    fused[:, 40, 60] = np.nan
    found = assess(scene.written(tmp_path, fused))
    kept = np.isin(scene.ms[0].astype(np.float32), found.sample.ms[0])
    assert not kept[10, 15]
    assert (~kept).sum() <= 9


def test_nothing_valid_is_an_error(scene: Images, tmp_path: Path) -> None:
    request = scene.written(tmp_path, np.full_like(scene.reference, np.nan))
    with raises_code("nothing-to-assess", fused=request.fused):
        assess(request)


def test_scene_smaller_than_a_block(tmp_path: Path) -> None:
    images = landscape(20, 24)
    fused = noisy(images.reference)
    found = assess(images.with_reference(tmp_path, fused))
    expected = with_reference(images, fused, found.peak)
    assert {name: found.scores[name] for name in expected} == pytest.approx(expected, rel=1e-10)
    assert found.blocks == 1
    assert (found.shift, found.pan_shift) == (None, None)
    assert [crop.window for crop in found.crops] == [Window(0, 0, 20, 24)]


def test_reflectance_scores_equal_those_in_dn(tmp_path: Path) -> None:
    images = landscape(128, 128)
    fused = noisy(images.reference)
    dn = assess(images.with_reference(tmp_path, fused))
    small = Images(images.pan / 1e4, images.ms / 1e4, images.reference / 1e4)
    reflectance = assess(small.with_reference(tmp_path, fused / 1e4))
    assert reflectance.peak == pytest.approx(images.reference.max() / 1e4)
    for name in ("SAM", "ERGAS", "Q2n", "SCC", "D_lambda", "D_lambda_K", "D_s", "QNR", "HQNR"):
        assert reflectance.scores[name] == pytest.approx(dn.scores[name], rel=1e-6), name
    psnr = dn.scores["PSNR"] + 20 * math.log10(images.reference.max() / dn.peak)
    assert reflectance.scores["PSNR"] == pytest.approx(psnr)


def test_image_of_zeros_has_no_peak(tmp_path: Path) -> None:
    images = landscape(64, 64)
    black = Images(*(0 * image for image in (images.pan, images.ms, images.reference)))
    found = assess(black.with_reference(tmp_path, images.reference))
    assert math.isnan(found.peak)
    assert math.isnan(found.scores["PSNR"]) and math.isnan(found.scores["SSIM"])


def test_overviews_and_crops(tmp_path: Path) -> None:
    images = landscape(640, 600)
    fused = noisy(images.reference)
    fused[:, 300:330, 100:140] += 900
    found = assess(images.with_reference(tmp_path, fused))
    assert found.sam_map.shape == found.pan_overview.shape == (320, 300)
    assert found.overview.shape == (3, 320, 300) and found.q2n_map.shape == (20, 19)
    error = (fused - images.reference).reshape(3, 320, 2, 300, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(found.error_map, error, rtol=1e-4, atol=1e-3)
    worst = found.crops[0]
    inside = Window(300, 100, 30, 40).intersect(worst.window)
    assert inside.height > 20 and inside.width > 30
    rows, cols = worst.window.slices
    nearest = np.repeat(np.repeat(images.ms, 4, axis=1), 4, axis=2)
    for shown, image in ((worst.fused, fused), (worst.reference, images.reference),
                         (worst.ms, nearest)):  # fmt: skip
        assert shown is not None
        np.testing.assert_allclose(shown, image[:, rows, cols], rtol=1e-6)
    assert len({crop.window for crop in found.crops}) == 3


class WatchedDataset:
    """An open raster that records whether two threads ever read it at once, as GDAL forbids."""

    together: ClassVar[list[str]] = []

    def __init__(self, dataset: Any) -> None:
        self._dataset, self._busy = dataset, threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dataset, name)

    def __enter__(self) -> WatchedDataset:
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
    request = replace(scene, ratio=ratio).with_reference(tmp_path, scene.reference)
    expected = assess(request, tile=64).scores
    real = rasterio.open
    monkeypatch.setattr(rasterio, "open", lambda path: WatchedDataset(real(path)))
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(WatchedDataset, "together", [])
    for reference in (request.reference, None):
        found = assess(replace(request, reference=reference), tile=64)
        assert not WatchedDataset.together
        assert all(expected[name] == value for name, value in found.scores.items())


def test_files_that_do_not_fit_are_refused_by_name(scene: Images, tmp_path: Path) -> None:
    request = scene.with_reference(tmp_path, scene.reference)
    fused = Path(request.fused)
    fused_facts = {"role": "Fused image", "path": fused}
    for transform in (
        GRID * Affine.translation(0.3, 0),  # beside PAN's pixels
        GRID * Affine.scale(2),
        GRID * Affine.translation(4, 0),  # beyond PAN
        Affine.identity(),
    ):
        write(fused, scene.reference, transform)
        with raises_code("not-on-pan-grid", **fused_facts):
            assess(request)
    write(fused, scene.reference, crs="EPSG:32634")
    with raises_code("crs-differs-from-pan", **fused_facts):
        assess(request)
    write(fused, scene.reference[:2])
    with raises_code("fused-bands-missing", **fused_facts, bands=2, scene_bands=3):
        assess(request)
    with raises_code("fused-band-count", **fused_facts, bands=2, scene_bands=1):
        assess(replace(request, ms_bands=(1,)))
    write(fused, scene.reference)
    write(Path(request.reference or ""), scene.reference[:, :-1])
    with raises_code("not-on-pan-grid", role="Reference", path=request.reference):
        assess(request)
    with raises_code("raster-missing", role="Fused image"):
        assess(replace(request, fused=str(tmp_path / "none.tif")))


MEMORY = """
import os, re, sys
os.cpu_count = lambda: 2  # as many tiles are measured together
from core.quality.assess import assess
from core.requests.scenes import Quality
found = assess(Quality(*sys.argv[1:]), tile=256)
print(found.pixels, re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_memory_does_not_grow_with_scene(tmp_path: Path) -> None:
    """Eight times the pixels, one array of which would take 67 MB."""
    small, peaks = landscape(512, 512, 4), []
    for times in (1, 8):
        images = (np.concatenate([i] * times, axis=-2) for i in (small.pan, small.ms,
                                                                 small.reference))  # fmt: skip
        large = Images(*images)
        request = large.with_reference(tmp_path, noisy(large.reference), "uint16")
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


def test_maps_with_reference(scene: Images, tmp_path: Path) -> None:
    fused = noisy(scene.reference)
    fused[:, 70:75, 20:90] = np.nan
    names = {name: str(tmp_path / f"{name}.tif") for name in ("sam_map", "q2n_map", "error_map")}
    assess(replace(scene.with_reference(tmp_path, fused), **names), tile=64)
    expected = {
        "sam_map": sam_map(scene.reference, fused)[None],
        "q2n_map": q2n_map(scene.reference, np.nan_to_num(fused))[None],
        "error_map": fused - scene.reference,
    }
    expected["q2n_map"][0, 2, 0:3] = np.nan
    for name, path in names.items():
        with rasterio.open(path) as made:
            assert made.dtypes[0] == "float32" and math.isnan(made.nodata)
            np.testing.assert_allclose(made.read(), expected[name], rtol=1e-5, atol=1e-4)
            side = 32 if name == "q2n_map" else 1
            assert made.transform.almost_equals(GRID * Affine.scale(side))
            assert made.crs.to_epsg() == 32633


def test_maps_without_reference_are_against_georeferenced_lms(
    scene: Images, tmp_path: Path
) -> None:
    """Not the toolbox's LMS, which lies half a pixel off and would show at every edge."""
    maps = {name: str(tmp_path / f"{name}.tif") for name in ("sam_map", "q2n_map")}
    request = replace(scene.written(tmp_path, scene.reference), **maps)
    assess(request, tile=96)
    low = mtf_filter(scene.reference, [0.3] * 3, 4)
    with Scene.open(request.pan, request.ms) as opened:
        lms = opened.read(opened.whole).lms
    np.testing.assert_allclose(read(maps["sam_map"])[0], sam_map(lms, low), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(read(maps["q2n_map"])[0], q2n_map(lms, low), rtol=1e-4)
