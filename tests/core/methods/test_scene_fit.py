# SPDX-License-Identifier: GPL-2.0-or-later
"""The scene fit: closed forms of its regression, tiles, holes, files, and what it is good for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import quiet, write_holed
from logged import told
from raising import raises_code
from raster_files import edited, read
from scipy import ndimage, optimize
from scipy.ndimage import gaussian_filter

from core.errors import InputError
from core.fusion.tiled import in_memory
from core.imaging.degrade import reduce_ms
from core.methods.interface import Settings
from core.methods.registry import create
from core.methods.scene_fit import SceneFit, fused
from core.methods.scene_fit_features import Features
from core.methods.scene_fit_file import fit_text, read_fit
from core.methods.scene_fit_regression import (
    KEPT,
    RIDGE,
    SHORT,
    NormalEquations,
    full_scale_gain,
    full_scale_shift,
    ridge,
)
from core.methods.scene_fit_weights import DETAILS, FEATURES, Intensity
from core.pair.reduced import ReducedScene
from core.pair.scene import Scene
from core.quality.streaming import error_scores
from core.synthetic.pairs import generate, write_pair

pytestmark = pytest.mark.numerical


def equations(x: np.ndarray, y: np.ndarray) -> NormalEquations:
    """Of features `(C, F, H, W)` and reference `(C, H, W)`, all pixels."""
    total = NormalEquations(len(x))
    everywhere = np.ones(y.shape[1:], bool)
    for band in range(len(x)):
        total.add(band, x[band], y[band], everywhere)
    total.pixels = everywhere.sum()
    return total


def pixels(seed: int = 0, bands: int = 2) -> np.ndarray:
    """Features `(C, F, 40, 40)` of different sizes, details and taps."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (bands, FEATURES, 40, 40))
    x[:, DETAILS:] *= 7
    return x.astype(np.float32)


def test_the_ridge_is_the_least_of_its_sum() -> None:
    """Against a general minimiser."""
    x = pixels(bands=1)
    y = np.tensordot(np.linspace(-1, 1, FEATURES), x[0], 1)[None] + pixels(1, 1)[0, :1]
    (found,) = ridge(*equations(x, y).mean()[:2])
    energy = (x[0] ** 2).mean(axis=(1, 2))
    scale = np.repeat([energy[:DETAILS].mean(), energy[DETAILS:].mean()], [2, FEATURES - 2])
    prior = np.r_[[0.5] * 2, [0.0] * (FEATURES - 2)]

    def total(w: np.ndarray) -> float:
        off = (y[0] - np.tensordot(w, x[0], 1)) ** 2
        return float(off.mean() + RIDGE * (scale * (w - prior) ** 2).sum())

    best = optimize.minimize(total, prior, tol=1e-12).x
    np.testing.assert_allclose(found, best, atol=1e-4)


def test_a_feature_that_is_zero_keeps_its_prior_and_blows_nothing_up() -> None:
    x = pixels()
    x[:, 1] = 0
    weights = ridge(*equations(x, 3 * x[:, 4]).mean()[:2])
    np.testing.assert_allclose(weights[:, 1], 0.5, atol=1e-6)
    assert np.abs(weights).max() < 4


def test_the_gain_at_full_resolution_is_relative_between_bands() -> None:
    x = pixels(bands=3)
    weights = np.full((3, FEATURES), 0.3)
    detail = np.einsum("cf,cfhw->chw", weights, x)
    right = full_scale_gain(weights, equations(x, SHORT * detail))
    np.testing.assert_allclose(right, 1, rtol=1e-3)
    wanted = np.array([0.5, 1.0, 2.0])[:, None, None]
    found = full_scale_gain(weights, equations(x, SHORT * wanted * detail))
    kept = KEPT / (SHORT + KEPT)
    assert found[0] < 0.75 < found[1] < 1.3 < found[2]
    assert found[2] / found[0] == pytest.approx(4, rel=4 * kept)
    half = full_scale_gain(weights, equations(x, 0.25 * SHORT * detail))
    assert (half > 0.45).all()  # of what the bands have in common, the root


def test_a_band_that_is_not_related_keeps_its_weights() -> None:
    x = pixels(bands=2)
    weights = np.full((2, FEATURES), 0.3)
    weights[1] *= 1e-3
    detail = np.einsum("cf,cfhw->chw", weights, x)
    y = SHORT * detail
    y[1] = pixels(5, 1)[0, 3]
    assert full_scale_gain(weights, equations(x, y))[1] == pytest.approx(1, abs=0.1)
    flat = np.zeros_like(x)
    assert (full_scale_gain(weights, equations(flat, y)) == 1).all()


def test_the_shift_at_full_resolution_moves_the_taps() -> None:
    rng = np.random.default_rng(0)
    image = gaussian_filter(rng.normal(0, 50, (60, 60)), 2).astype(np.float32)
    around = np.pad(image, 1, mode="edge")
    taps = [around[i : i + 60, j : j + 60] for i in range(3) for j in range(3)]
    x = np.stack([np.zeros_like(image)] * 2 + taps)[None]
    weights = np.zeros((1, FEATURES))
    weights[0, DETAILS + 4] = 1
    slope = np.gradient(image)[1]
    down, across = np.array([-1, 0, 1]).repeat(3), np.tile([-1, 0, 1], 3)
    change = full_scale_shift(weights, equations(x, SHORT * image[None] + 0.4 * slope))[0, DETAILS:]
    assert 0.1 < change @ across < 0.5
    assert abs(change @ down) < 0.05
    assert abs(change.sum()) < 1e-9


def test_features_are_their_formulas() -> None:
    rng = np.random.default_rng(0)
    lms = (500 + 50 * rng.random((3, 40, 40))).astype(np.float32)
    pan = (600 + 90 * rng.random((40, 40))).astype(np.float32)
    weight, haze = np.array([0.2, 0.3, 0.6]), np.array([100.0, 90.0, 80.0])
    intensity = Intensity(weight, -20.0, haze, np.ones(3))
    found = Features.of(lms, pan, intensity, 4.0)
    low = gaussian_filter(pan.astype(np.float64), 4 / np.pi * np.sqrt(-2 * np.log(0.3)),
                          mode="nearest")  # fmt: skip
    assert intensity.pan_haze == pytest.approx(weight @ haze - 20)
    np.testing.assert_allclose(found.shared[0], pan - np.tensordot(weight, lms, 1) + 20, atol=1e-3)
    np.testing.assert_allclose(found.modulated, (pan - low) / (low - intensity.pan_haze), atol=1e-5)
    np.testing.assert_allclose(found.shared[5], pan - low, atol=1e-3)
    np.testing.assert_allclose(found.shared[1][1:, 1:], (pan - low)[:-1, :-1], atol=1e-3)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return write_pair(tmp_path, 512, 4, 3)[:2]


def test_it_is_better_than_the_classical_methods_on_a_drawn_scene(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    pan, ms, original = write_pair(tmp_path / "other", 512, 4, 3)
    truth = read(original).astype(np.float64)
    errors = {}
    with Scene.open(pan, ms) as scene:
        for name in ("scene-fit", "gsa", "mtf-glp-fs", "bdsd-pc", "hpm-h"):
            method = create(name, Settings(scene.ratio))
            image = in_memory(scene, method, method.prepare(scene, quiet), 512)
            errors[name] = error_scores(truth, image.astype(np.float64), 4)["ERGAS"]
    assert min(errors, key=errors.__getitem__) == "scene-fit"


def test_pixels_without_data_have_no_say(pair: tuple[Path, Path], tmp_path: Path) -> None:
    pan, ms = pair
    holed = write_holed(tmp_path / "holed.tif", ms, slice(40, 80), slice(30, 90))
    contexts = []
    for fill in (65535, 0):
        hole = np.zeros((128, 128), bool)
        hole[40:80, 30:90] = True
        edited(holed, lambda values, to=fill, hole=hole: np.where(hole, to, values), nodata=fill)
        with Scene.open(pan, holed) as scene:
            method = SceneFit(Settings(scene.ratio))
            contexts.append(method.prepare(scene, quiet))
            image = in_memory(scene, method, contexts[-1], 200)
    np.testing.assert_array_equal(contexts[0].fit.weights, contexts[1].fit.weights)
    assert np.isnan(image).any(axis=0).sum() == 16 * 40 * 60
    assert np.nanmax(np.abs(image)) < 1e5


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32"])
def test_any_type_of_pixels(pair: tuple[Path, Path], tmp_path: Path, dtype: str) -> None:
    """The fit is of the same form whatever the unit."""
    paths = []
    for path in pair:
        factor = {"uint8": 250 / read(path).max(), "int16": 0.5, "float32": 1e-4}[dtype]
        made = tmp_path / f"{dtype}_{path.name}"
        paths.append(edited(path, lambda v, f=factor: f * v, made, dtype=dtype, nodata=None))
    with Scene.open(*paths) as scene:
        method = SceneFit(Settings(scene.ratio))
        context = method.prepare(scene, quiet)
        image = in_memory(scene, method, context, 512)
    assert np.isfinite(image).all()
    assert np.isfinite(context.fit.weights).all() and np.abs(context.fit.weights).max() < 10


def test_passes_of_back_projection_change_the_image(scene: Scene) -> None:
    methods = [SceneFit(Settings(scene.ratio, back_projection=passes)) for passes in (0, 3)]
    none, three = (in_memory(scene, m, m.prepare(scene, quiet), 512) for m in methods)
    assert np.abs(three - none).max() > 1


def test_a_saved_fit_gives_the_same_image(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "fit.json"
    method = SceneFit(Settings(scene.ratio, save_fit=str(path)))
    image = in_memory(scene, method, method.prepare(scene, quiet), 256)
    fit, _ = read_fit(path, scene.ratio, scene.band_names)
    again = SceneFit(Settings(scene.ratio, (0.9,) * 4, back_projection=1, fit=fit))
    same = in_memory(scene, again, again.prepare(scene, quiet), 256)
    np.testing.assert_array_equal(image, same)
    assert fit_text(fit) == path.read_text(encoding="utf-8")


def test_a_fit_for_another_scene_is_an_error(pair: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "fit.json"
    with Scene.open(*pair) as scene:
        SceneFit(Settings(scene.ratio, save_fit=str(path))).prepare(scene, quiet)
    eight = write_pair(tmp_path / "eight", 128, 8, 1)[:2]
    with Scene.open(*eight) as scene, raises_code("fit-bands", InputError, bands=4, wanted=8):
        read_fit(path, scene.ratio, scene.band_names)
    turned = Scene.open(*pair, ms_bands=(4, 3, 2, 1))
    with turned as scene, raises_code("fit-band-order", InputError):
        read_fit(path, scene.ratio, scene.band_names)
    with raises_code("fit-ratio", InputError, wanted=2.0):
        read_fit(path, 2.0, (None,) * 4)
    with raises_code("fit-not-read", InputError):
        read_fit(tmp_path / "none.json", 4.0, ())


def test_a_small_scene_is_sharpened_by_a_classical_method(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pan, ms, _ = write_pair(tmp_path, 64, 4, 5)
    with Scene.open(pan, ms) as scene:
        method = SceneFit(Settings(scene.ratio))
        context = method.prepare(scene, quiet)
        used = method.describe(context)["used"]
        image = in_memory(scene, method, context, 64)
        plain = create(str(used), Settings(scene.ratio, (0.3,) * 4, back_projection=3))
        expected = in_memory(scene, plain, plain.prepare(scene, quiet), 64)
    assert used != "scene-fit"
    assert told(caplog, "core.methods.scene_fit") == [(16, 16, used)]
    np.testing.assert_array_equal(image, expected)


def test_a_band_that_pan_does_not_see_gets_little_of_it(pair: tuple[Path, Path]) -> None:
    """A band turned upside down has the statistics of the band, and nothing to do with PAN."""
    pan, ms = pair
    edited(ms, lambda values: np.stack([*values[:3], values[1, ::-1]]))
    with Scene.open(pan, ms) as scene:
        fit = SceneFit(Settings(scene.ratio)).prepare(scene, quiet).fit
        patch = scene.read(scene.whole)
    added = np.std(fused(patch, fit, 4.0) - patch.lms, axis=(1, 2))
    assert added[3] < 0.35 * added[1]


def mean_squares(pan: Path, ms: Path) -> tuple[np.ndarray, np.ndarray]:
    """At reduced resolution, where MS is the reference: of the fit and of interpolation, (C,)."""
    with Scene.open(pan, ms) as scene:
        reduced = ReducedScene(scene, parts=[scene.ms_grid])
        truth, known = reduced.reference(reduced.whole)
        patch = reduced.read(reduced.whole)
        method = SceneFit(Settings(reduced.ratio))
        image = method.fuse(patch, method.prepare(reduced, quiet))
    fitted, plain = (((x - truth)[:, known] ** 2).mean(axis=1) for x in (image, patch.lms))
    return fitted, plain


@pytest.mark.parametrize("name", ["half_pixel_offset", "non_integer_ratio", "float_ms"])
def test_real_scenes_of_any_geometry(shared_data: Path, name: str) -> None:
    """It is better than interpolation."""
    folder = shared_data / "edge" / name
    fitted, plain = mean_squares(folder / "pan.tif", folder / "ms.tif")
    assert fitted.mean() < plain.mean()


def test_the_border_of_a_small_scene_has_no_say(shared_data: Path) -> None:
    """Fitted nearer to its border, WorldView-2 at reduced resolution has 3 % more error."""
    folder = shared_data / "val" / "worldview2"
    fitted, plain = mean_squares(folder / "pan.tif", folder / "ms.tif")
    assert np.sqrt(fitted.mean()) < 0.45 * np.sqrt(plain.mean())


@pytest.mark.parametrize("ratio", [2, 3, 5, 6])
def test_any_whole_ratio(tmp_path: Path, ratio: int) -> None:
    """A drawn scene seen at other ratios, MS and PAN moved against each other by half a PAN px."""
    drawn = generate(96 * ratio if ratio > 3 else 384, 4, 11)
    size = min(drawn.pan.shape) // ratio * ratio
    reference = ndimage.shift(drawn.reference, (0, 0.5, 0.5), order=3)[:, :size, :size]
    ms = reduce_ms(reference, (0.3,) * 4, ratio, "product")
    errors = errors_on(tmp_path, drawn.pan[:size, :size], ms, reference, ratio)
    assert min(errors, key=errors.__getitem__) == "scene-fit"


def test_a_displacement_of_up_to_a_pixel_costs_hardly_anything(tmp_path: Path) -> None:
    """Of PAN, and by the same fit as if it were not: the result lies where MS does."""
    drawn, fits = generate(256, 4, 11), []
    ms = reduce_ms(drawn.reference, (0.3,) * 4, 4, "product")
    for by in ((0.0, 0.0), (1.0, 0.0), (0.5, -1.0)):
        pan = ndimage.shift(drawn.pan, by, order=5, mode="nearest")
        fits.append(errors_on(tmp_path, pan, ms, drawn.reference, 4)["scene-fit"])
    assert max(fits) < 1.1 * fits[0]


def test_a_ratio_that_is_no_whole_number(tmp_path: Path) -> None:
    ratio, size = 2.5, 400
    drawn = generate(size, 4, 11)
    sigma = ratio * np.sqrt(-2 * np.log(0.3)) / np.pi  # MTF 0.3 at the Nyquist frequency of MS
    at = np.mgrid[:160, :160] * ratio + (ratio - 1) / 2
    blurred = [gaussian_filter(band.astype(float), sigma) for band in drawn.reference]
    ms = np.stack([ndimage.map_coordinates(band, at, order=3) for band in blurred])
    errors = errors_on(tmp_path, drawn.pan, ms, drawn.reference, ratio)
    assert errors["scene-fit"] < 0.9 * errors["exp"] and errors["scene-fit"] < errors["gsa"]


def errors_on(
    folder: Path, pan: np.ndarray, ms: np.ndarray, reference: np.ndarray, ratio: float
) -> dict[str, float]:
    """ERGAS by method, the same in tiles of two sizes."""
    paths = folder / "pan.tif", folder / "ms.tif"
    for path, image, pixel in zip(paths, (pan[None], ms), (1, ratio), strict=True):
        with rasterio.open(
            path, "w", driver="GTiff", dtype="float32", crs="EPSG:32633",
            count=len(image), height=image.shape[1], width=image.shape[2],
            transform=Affine(pixel, 0, 5e5, 0, -pixel, 5e6),
        ) as dataset:  # fmt: skip
            dataset.write(image.astype(np.float32))
    errors = {}
    with Scene.open(*paths) as scene:
        for name in ("scene-fit", "exp", "gsa"):
            method = create(name, Settings(scene.ratio))
            context = method.prepare(scene, quiet)
            image, tiled = (in_memory(scene, method, context, tile) for tile in (512, 96))
            np.testing.assert_array_equal(tiled, image)
            scores = error_scores(reference.astype(float), image.astype(float), ratio)
            errors[name] = scores["ERGAS"]
    return errors


def test_a_band_gets_of_pan_what_pan_sees_of_it(shared_data: Path) -> None:
    """PAN of Landsat-7 ends at 0.90 um: SWIR follows it only where the ground does."""
    added, better = {}, []
    for name in ("L7_19", "L7_21"):
        folder = shared_data / "val" / "landsat7"
        pan, ms = folder / f"{name}_pan.tif", folder / f"{name}_ms.tif"
        with Scene.open(pan, ms) as scene:
            method = SceneFit(Settings(scene.ratio))
            patch = scene.read(scene.whole)
            detail = fused(patch, method.prepare(scene, quiet).fit, scene.ratio) - patch.lms
            added[name] = np.std(detail, axis=(1, 2)) / np.std(patch.lms, axis=(1, 2))
        fitted, plain = mean_squares(pan, ms)
        better.append(fitted < plain)
    swir1, swir2, nir = 4, 5, 3
    assert added["L7_19"][swir2] < 0.1 * added["L7_19"][nir]
    assert max(added["L7_21"][[swir1, swir2]]) < 0.7 * added["L7_21"][nir]
    assert np.all(better), "no band is worse than its interpolation"
