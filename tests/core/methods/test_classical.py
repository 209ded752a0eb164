# SPDX-License-Identifier: GPL-2.0-or-later
"""Classical methods: the reference toolbox's values, and prepare/fuse over tiles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Watched, quiet
from golden import SENSORS, Case, of_sensor
from raising import raises_code
from scipy.optimize import nnls
from toolbox import bdsd_pc, brovey, bt_h, gsa, moments, mtf_glp_fs

from core import RESOURCES
from core.errors import Cancelled
from core.imaging.arrays import FloatArray
from core.imaging.degrade import reduce_ms
from core.imaging.moments import Moments
from core.imaging.mtf import mtf_filter
from core.imaging.resample import imresize, interp23tap
from core.methods.classical import BdsdPc, Brovey, BtH, Gsa, MtfGlpFs
from core.methods.injection import (
    Modulation,
    fit_bdsd_pc,
    haze_factors,
    modulate,
    weighted_sums,
)
from core.methods.interface import Settings
from core.methods.registry import PUBLISHED, create
from core.pair.reduced import ReducedScene
from core.pair.scene import Patch, ReducedPatch, Scene
from core.quality.streaming import error_scores
from core.raster import tile_plan
from core.raster.tile_plan import Tile
from core.raster.window import Window
from core.sensors import cards, sensor

pytestmark = pytest.mark.numerical

PLAIN = ("exp", *(name for name in PUBLISHED if not name.endswith("-bp")))


class Images:
    """LMS and PAN in memory, read as a scene of ratio 4 is."""

    def __init__(
        self,
        lms: FloatArray,
        pan: FloatArray,
        valid: np.ndarray | None = None,
        names: tuple[str | None, ...] = (),
    ) -> None:
        self.lms, self.pan = lms.astype(np.float32), pan.astype(np.float32)
        self.valid = np.ones(pan.shape, bool) if valid is None else valid
        self.bands, (self.height, self.width) = len(lms), pan.shape
        self.band_names = names or (None,) * self.bands
        self.whole = Window(0, 0, self.height, self.width)
        self.ms_grid = Window(0, 0, self.height // 4, self.width // 4)

    def plan(self, tile: int, halo: int, align: int = 1) -> list[Tile]:
        """Tiles of the scene."""
        return tile_plan.plan(Window(0, 0, self.height, self.width), tile, halo, align)

    def plan_ms_grid(self, tile: int, halo: int) -> list[Tile]:
        """Tiles of the MS grid."""
        return tile_plan.plan(self.ms_grid, tile, halo)

    def read(self, window: Window) -> Patch:
        """A window of both."""
        part = window.slices
        return Patch(window, self.pan[part], self.lms[(slice(None), *part)], self.valid[part])

    def read_reduced(self, window: Window) -> ReducedPatch:
        """A window of both at MS resolution."""
        ms, valid = self.read_ms_grid(window)
        return ReducedPatch(window, imresize(self.pan, 1 / 4)[window.slices], ms, valid)

    def read_ms_grid(self, window: Window) -> tuple[FloatArray, np.ndarray]:
        """MS alone, as LMS has it."""
        part, ms = window.slices, imresize(self.lms, 1 / 4)
        return ms[(slice(None), *part)], self.valid[2::4, 2::4][part]


def scene(bands: int = 4, height: int = 200, width: int = 172, seed: int = 5) -> Images:
    """Textured bands that share their detail with PAN, LMS without it."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    detail = rng.normal(0, 30, (height, width)) + 60 * np.sin(x / 2.1) * np.sin(y / 2.7)
    smooth = np.stack(
        [600 + 40 * b + 150 * np.sin(x / (23 + b)) * np.cos(y / (31 - b)) for b in range(bands)]
    )
    return Images(smooth, smooth.mean(axis=0) + detail)


def fuse(method: Any, images: Any, tile: int) -> np.ndarray:
    """The whole result, tile by tile."""
    context = method.prepare(images, quiet)
    result = np.empty(images.lms.shape, np.float32)
    for part in tile_plan.plan(
        Window(0, 0, images.height, images.width), tile, method.halo, method.align
    ):
        fused = method.fuse(images.read(part.outer), context)
        assert fused.dtype == np.float32
        result[(slice(None), *part.inner.slices)] = fused[(slice(None), *part.crop)]
    return result


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("ratio", [2, 4, 1.994])
def test_result_does_not_depend_on_the_tile_size(name: str, ratio: float) -> None:
    images, method = scene(), create(name, Settings(ratio))
    whole = fuse(method, images, 1000)
    np.testing.assert_allclose(fuse(method, images, 48), whole, rtol=2e-6)
    if name == "exp":
        np.testing.assert_array_equal(whole, images.lms)
    else:
        assert np.abs(whole - images.lms).mean() > 0.5


def test_statistics_are_of_the_whole_scene_whatever_the_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    images = scene()
    whole = fuse(BtH(Settings(4)), images, 1000)
    monkeypatch.setattr("core.methods.classical.PASS_TILE", 64)
    np.testing.assert_allclose(fuse(BtH(Settings(4)), images, 1000), whole, rtol=1e-5)


@pytest.mark.parametrize(
    ("method", "whole"),
    [
        (BtH, lambda c, g: bt_h(c.lms, c.pan, 4)),
        (MtfGlpFs, lambda c, g: mtf_glp_fs(c.lms, c.pan, 4, g)),
        (Gsa, lambda c, g: gsa(c.lms, c.pan, c.ms, 4)),
        (Brovey, lambda c, g: brovey(c.lms, c.pan, 4)),
    ],
)
def test_tiled_methods_are_close_to_the_whole_array_functions(
    method: Any, whole: Callable[[Case, list[float]], FloatArray]
) -> None:
    case, gains = of_sensor("QB"), [0.34, 0.32, 0.30, 0.22]
    expected = whole(case, gains)
    found = fuse(method(Settings(4, gains)), Images(case.lms, case.pan), 512)
    assert np.abs(found - expected).mean() < 0.15 * np.abs(expected - case.lms).mean()


def test_on_a_real_scene_the_local_low_pass_is_no_worse(shared_data: Path) -> None:
    gains = sensor("quickbird").gains([None] * 4)
    stem = shared_data / "val" / "quickbird" / "qb_31"
    with rasterio.open(f"{stem}_gt.tif") as a, rasterio.open(f"{stem}_pan.tif") as b:
        gt, pan = a.read().astype(np.float64), b.read(1).astype(np.float64)
    ms = reduce_ms(gt, gains, 4)
    lms = interp23tap(ms, 4)
    for name, result in {
        "mtf-glp-fs": mtf_glp_fs(lms, pan, 4, gains),
        "gsa": gsa(lms, pan, ms, 4),
        "bt-h": bt_h(lms, pan, 4),
    }.items():
        local = fuse(create(name, Settings(4, gains)), Images(lms, pan), 512)
        errors = [error_scores(gt, r, 4)["ERGAS"] for r in (local, result)]
        assert errors[0] < 1.01 * errors[1], name


def test_brovey_makes_the_mean_of_the_bands_a_stretched_pan() -> None:
    images = scene(3)
    fused = fuse(Brovey(Settings(4)), images, 512).astype(np.float64)
    slope, offset = np.polyfit(images.pan.ravel(), fused.mean(axis=0).ravel(), 1)
    np.testing.assert_allclose(fused.mean(axis=0), slope * images.pan + offset, rtol=1e-5)
    hue = fused / fused.sum(axis=0)
    np.testing.assert_allclose(hue, images.lms / images.lms.sum(axis=0), rtol=1e-4)


def test_injection_of_detail_that_the_bands_share_restores_it() -> None:
    """PAN is a mixture of the true bands: GSA finds the weights, and the detail comes back."""
    rng = np.random.default_rng(6)
    images = scene(3)
    detail = rng.normal(0, 1, images.pan.shape)
    detail -= detail.mean()
    weight = np.array([0.2, 0.5, 0.3])
    lms = images.lms.astype(np.float64)
    pan = np.tensordot(weight, lms, 1) + 20 * detail
    fused = fuse(Gsa(Settings(4)), Images(lms, pan), 512)
    intensity = np.tensordot(weight, fused - lms, 1)
    np.testing.assert_allclose(intensity, 20 * detail, atol=2)


def test_invalid_pixels_do_not_change_the_statistics() -> None:
    images = scene()
    hole = np.ones(images.pan.shape, bool)
    hole[40:90, 30:100] = False
    broken = Images(images.lms, images.pan, hole)
    for name in ("gsa", "bt-h", "brovey", "mtf-glp-fs"):
        method = create(name, Settings(4))
        clean = method.prepare(Images(images.lms, images.pan, hole), quiet)
        broken.lms[:, 42:88, 32:98] = 60000  # far enough inside for the low-pass not to see it
        broken.pan[62:68, 52:78] = 0
        other = method.prepare(broken, quiet)
        for field in clean.__dataclass_fields__:
            np.testing.assert_allclose(getattr(other, field), getattr(clean, field), rtol=1e-6)


def test_a_scene_without_valid_pixels_is_an_error() -> None:
    images = scene()
    images.valid[:] = False
    for name in ("bt-h", "bdsd-pc"):
        with raises_code("no-valid-pixel"):
            create(name, Settings(4)).prepare(images, quiet)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PLAIN)
def test_flat_images_and_copied_bands_stay_finite(name: str) -> None:
    flat = Images(np.full((4, 60, 60), 300.0), np.full((60, 60), 500.0))
    # The MTF filters pass 0.999 of a constant, which BDSD-PC takes for something to restore.
    tolerance = 2e-3 if name == "bdsd-pc" else 1e-5
    np.testing.assert_allclose(fuse(create(name, Settings(4)), flat, 64), 300, rtol=tolerance)
    one = scene(1)
    copies = Images(np.repeat(one.lms, 3, axis=0), one.pan)
    fused = fuse(create(name, Settings(4)), copies, 512)
    assert np.isfinite(fused).all()
    np.testing.assert_allclose(fused[0], fused[2], rtol=1e-5)


def test_a_ratio_over_a_dark_pixel_is_bounded() -> None:
    lms = np.full((2, 3, 3), 100.0)
    lms[:, 1, 1] = 1e-6
    lms[:, 0, 0] = -5
    half = Modulation(np.array([0.5, 0.5]), np.zeros(2), 1.0, 0.0)
    pan = np.full((3, 3), 110.0)
    assert modulate(lms, pan, half)[0, 1, 1] == pytest.approx(110)
    bounded = modulate(lms, pan, half, 10.0)
    assert bounded[0, 1, 1] == pytest.approx(1e-5)
    assert bounded[0, 0, 0] == -5
    assert bounded[0, 2, 2] == pytest.approx(110)


def test_moments_of_blocks_are_those_of_the_whole() -> None:
    values = np.random.default_rng(7).normal(5000, [[3.0], [40.0]], (2, 1000))
    moments = Moments(2)
    for part in np.split(values, [0, 1, 400, 400], axis=1):
        moments.add(part)
    np.testing.assert_allclose(moments.cov, np.cov(values), rtol=1e-10)
    np.testing.assert_allclose(moments.mean, values.mean(axis=1), rtol=1e-14)
    np.testing.assert_allclose(moments.raw, values @ values.T / 1000, rtol=1e-12)


def test_haze_goes_by_name() -> None:
    assert haze_factors([None] * 4, 4) == pytest.approx([0.95, 0.45, 0.40, 0.05])
    named = haze_factors(["Red", "green", "blue", "NIR"], 4)
    assert named == pytest.approx([0.40, 0.45, 0.95, 0.05])
    assert haze_factors(["NIR1", "R", "Band Green", "b"], 4) == pytest.approx(
        [0.05, 0.40, 0.45, 0.95]
    )
    assert haze_factors(["a", "b", "c", "d"], 4) is None
    assert haze_factors([None] * 3, 3) is None


def test_haze_of_a_large_scene_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    images = scene()
    exact = BtH(Settings(4)).prepare(images, quiet).haze  # type: ignore[arg-type]
    monkeypatch.setattr("core.methods.classical.HAZE_SAMPLES", 4000)
    monkeypatch.setattr("core.methods.classical.PASS_TILE", 50)
    sampled = BtH(Settings(4)).prepare(images, quiet).haze  # type: ignore[arg-type]
    np.testing.assert_allclose(sampled, exact, rtol=0.02)
    assert not np.array_equal(sampled, exact)


def test_wrong_parameters_are_named() -> None:
    with raises_code("ratio-too-small"):
        Gsa(Settings(1.0))
    for kind in (MtfGlpFs, BdsdPc):
        with raises_code("mtf-gain-count", bands=4, gains=2):
            kind(Settings(4, [0.3, 0.3])).prepare(scene(), quiet)  # type: ignore[arg-type]
    with raises_code("unknown-method", method="best"):
        create("best", Settings(4))


def test_cancelling_stops_the_pass() -> None:
    for kind in (MtfGlpFs, BdsdPc):
        with pytest.raises(Cancelled):
            kind(Settings(4)).prepare(scene(), Watched(0.0))  # type: ignore[arg-type]


def test_methods_are_made_by_name_with_the_sensors_mtf() -> None:
    for name in PLAIN:
        method: Any = create(name, Settings(4, (0.34, 0.22)))
        assert method.describe(None)["method"] == name
        assert (method.ratio, method.gains) == (4, (0.34, 0.22))


def constrained(h: FloatArray, d: FloatArray) -> FloatArray:
    """Weights of the columns of `h`, the first at least 0 and the others at most 0: another way."""
    sign = np.where(np.arange(h.shape[1]) == 0, 1.0, -1.0)
    return sign * nnls(h * sign, d)[0]


def regressed(case: Case, pan: FloatArray, coarse: FloatArray, gains: list[float]) -> FloatArray:
    """BDSD-PC with PAN and MS at MS resolution, from all pixels at once (Vivone 2019)."""
    low = mtf_filter(coarse, gains, 4)
    h = np.stack([pan, *low]).reshape(len(low) + 1, -1).T
    weights = [constrained(h, (x - y).ravel()) for x, y in zip(coarse, low, strict=True)]
    assert np.min(weights) < 0 < np.max(weights)
    assert (np.array(weights) == 0).any()  # some constraint binds
    return case.lms + np.tensordot(weights, np.stack([case.pan, *case.lms]), 1)


@pytest.mark.parametrize("name", ["QB", "WV3"])
def test_bdsd_pc_has_the_filters_and_samples_of_the_toolbox(name: str) -> None:
    """No value of the toolbox is known: the formula, with a solver of another kind."""
    case, gains = of_sensor(name), [b.mtf for b in cards()[SENSORS[name]].bands]
    pan = mtf_filter(case.pan[None], [0.14], 4)[0, 2::4, 2::4]
    expected = regressed(case, pan, imresize(case.lms, 0.25), gains)
    found = bdsd_pc(case.lms, case.pan, 4, gains, 0.14)
    np.testing.assert_allclose(found, expected, rtol=1e-7)


def test_bdsd_pc_of_reflectance_is_that_of_dn() -> None:
    case, gains = of_sensor("QB"), [0.34, 0.32, 0.30, 0.22]
    expected = bdsd_pc(case.lms, case.pan, 4, gains, 0.15)
    found = 1e5 * bdsd_pc(1e-5 * case.lms, 1e-5 * case.pan, 4, gains, 0.15)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_bdsd_pc_streamed_is_the_regression_of_all_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    case, gains = of_sensor("QB"), [0.34, 0.32, 0.30, 0.22]
    monkeypatch.setattr("core.methods.classical.MS_TILE", 27)
    found = fuse(BdsdPc(Settings(4, gains)), Images(case.lms, case.pan), 100)
    coarse = imresize(case.lms.astype(np.float32), 0.25)
    expected = regressed(case, imresize(case.pan.astype(np.float32), 0.25), coarse, gains)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_least_squares_of_moments_is_that_of_the_pixels() -> None:
    rng = np.random.default_rng(8)
    coarse = rng.normal(600, 80, (4, 3000))
    coarse[3] = coarse[1]  # a copy: the weights are not unique, what they make is
    detail = rng.normal(0, 20, (3, 3000)) + np.array([[0.5], [0.1], [-0.4]]) * (coarse[0] - 600)
    found = fit_bdsd_pc(moments(coarse, detail), 3)
    assert (found.pan >= 0).all()
    assert (found.lms <= 0).all()
    for band in range(3):
        made = found.pan[band] * coarse[0] + found.lms[band] @ coarse[1:]
        best = coarse.T @ constrained(coarse.T, detail[band])
        np.testing.assert_allclose(made, best, atol=1e-6)


@pytest.mark.parametrize("name", PLAIN[1:])
def test_parts_that_are_the_whole_give_its_coefficients(name: str, shared_data: Path) -> None:
    """A scene reduced at scattered windows: every window has its say, none twice."""
    folder = shared_data / "val" / "quickbird_full"
    with Scene.open(folder / "pan.tif", folder / "ms.tif") as full:
        whole = ReducedScene(full)
        halves = [Window(0, 0, 128, 256), Window(128, 0, 128, 256)]
        parted = ReducedScene(full, parts=halves, margin=48)
        method: Any = create(name, Settings(4))
        expected, found = (method.prepare(each, quiet) for each in (whole, parted))
    for field in expected.__dataclass_fields__:
        # float32 patches: equal but for rounding
        np.testing.assert_allclose(
            getattr(found, field), getattr(expected, field), rtol=1e-5, atol=1e-9
        )


@pytest.mark.parametrize("name", ["quickbird_full", "geoeye1", "worldview2", "spot6"])
def test_bdsd_pc_is_a_rival_on_real_scenes(name: str, shared_data: Path) -> None:
    """No worse than as the toolbox has it, and about as good as MTF-GLP-FS."""
    folder, card = shared_data / "val" / name, sensor(name.partition("_")[0])
    (pan,) = folder.glob("*pan.tif")
    with Scene.open(pan, pan.with_name(pan.name.replace("pan", "ms"))) as full:
        gains = card.gains(full.band_names)
        reduced = ReducedScene(full, gains, "benchmark", parts=[full.ms_grid])
        truth, patch = reduced.reference(reduced.whole)[0], reduced.read(reduced.whole)
        found = {}
        for method in (BdsdPc(Settings(4, gains)), MtfGlpFs(Settings(4, gains))):
            context: Any = method.prepare(reduced, quiet)
            fused = method.fuse(patch, context)
            found[method.name] = error_scores(truth, fused, 4)["ERGAS"]
    lms = interp23tap(reduce_ms(truth, gains, 4), 4)
    path = RESOURCES / "sensors" / f"{card.key}.json"
    of_pan = json.loads(path.read_text("utf-8"))["pan"]["mtf"]
    toolbox = bdsd_pc(lms, patch.pan, 4, gains, of_pan)
    assert found["bdsd-pc"] < error_scores(truth, toolbox, 4)["ERGAS"]
    assert found["bdsd-pc"] < 1.1 * found["mtf-glp-fs"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weighted_sums_of_a_window_are_those_of_the_whole(dtype: type) -> None:
    """To the bit: a product of matrices by BLAS depends on the window's shape."""
    rng = np.random.default_rng(0)
    images, weights = rng.normal(0, 1, (10, 70, 90)).astype(dtype), rng.normal(0, 1, (4, 10))
    whole = weighted_sums(weights, images)
    assert whole.dtype == dtype
    np.testing.assert_allclose(whole, np.tensordot(weights, images, 1), rtol=1e-4, atol=1e-5)
    for row, col, height, width in ((3, 5, 17, 83), (0, 0, 1, 1), (9, 7, 61, 43)):
        part = slice(row, row + height), slice(col, col + width)
        window = np.ascontiguousarray(images[(slice(None), *part)])
        np.testing.assert_array_equal(weighted_sums(weights, window), whole[(slice(None), *part)])
