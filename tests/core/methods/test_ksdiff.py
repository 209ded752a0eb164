# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import quiet, write_holed
from logged import told
from raising import raises_code
from raster_files import edited

from core.imaging.mtf import mtf_filter, mtf_kernel
from core.imaging.resample import interpolate
from core.methods import scene_network
from core.methods.injection import fit_detail_gain
from core.methods.interface import Settings
from core.methods.ksdiff import KSDiffMethod
from core.pair.reduced import ReducedScene
from core.pair.scene import Scene
from core.pair.valid_windows import training_tiles
from core.synthetic.pairs import write_pair

pytestmark = pytest.mark.numerical


def ksdiff(model: Path, **more: Any) -> KSDiffMethod:
    """KSDiff for scenes of ratio 4."""
    return KSDiffMethod(Settings(4.0, model=str(model), **more))


def sharpened(method: KSDiffMethod, scene: Scene) -> np.ndarray:
    return method.fuse(scene.read(scene.whole), method.prepare(scene, quiet))


def test_a_seed_decides_the_result(scene: Scene, small_model: Path) -> None:
    a, again, other = (sharpened(ksdiff(small_model, seed=seed), scene) for seed in (3, 3, 4))
    np.testing.assert_array_equal(a, again)
    assert np.abs(a - other).max() > 0


@pytest.mark.parametrize("bands", [[1], [3, 2, 1]])
def test_any_number_of_bands(pair: tuple[Path, Path], small_model: Path, bands: list[int]) -> None:
    with Scene.open(*pair, ms_bands=bands) as scene:
        out = sharpened(ksdiff(small_model), scene)
    assert out.shape[0] == len(bands)
    assert np.isfinite(out).all()


def test_order_of_bands_only_orders_the_result(pair: tuple[Path, Path], small_model: Path) -> None:
    results = []
    for order in ([1, 2, 3, 4], [4, 2, 1, 3]):
        with Scene.open(*pair, ms_bands=order) as scene:
            results.append(sharpened(ksdiff(small_model), scene))
    np.testing.assert_allclose(results[0][[3, 1, 0, 2]], results[1], rtol=1e-3, atol=0.05)


def test_values_in_other_units_give_the_same_image(
    pair: tuple[Path, Path], small_model: Path, tmp_path: Path
) -> None:
    scaled = [
        edited(path, lambda values: values.astype(np.float32) / 2047, tmp_path / path.name)
        for path in pair
    ]
    with Scene.open(*pair) as scene:
        dn = sharpened(ksdiff(small_model), scene)
    with Scene.open(*scaled) as scene:
        reflectance = sharpened(ksdiff(small_model), scene)
    np.testing.assert_allclose(reflectance * 2047, dn, rtol=2e-3, atol=0.5)


def test_nodata_stays_finite_and_does_not_reach_the_statistics(
    pair: tuple[Path, Path], small_model: Path, tmp_path: Path
) -> None:
    holed = write_holed(tmp_path / "ms.tif", pair[1], slice(20, 60), slice(30, 50))
    method = ksdiff(small_model)
    with Scene.open(*pair) as scene:
        clean = method.prepare(scene, quiet).inputs.statistics
    with Scene.open(pair[0], holed) as scene:
        context = method.prepare(scene, quiet)
        assert np.isfinite(method.fuse(scene.read(scene.whole), context)).all()
    np.testing.assert_allclose(context.inputs.statistics.mean, clean.mean, rtol=0.1)


def test_a_scene_without_a_valid_pixel_is_an_error(
    pair: tuple[Path, Path], small_model: Path, tmp_path: Path
) -> None:
    empty = edited(pair[1], np.zeros_like, tmp_path / "ms.tif", nodata=0)
    with Scene.open(pair[0], empty) as scene, raises_code("no-common-valid-pixel"):
        ksdiff(small_model).prepare(scene, quiet)


def test_paper_profile_divides_by_full_scale(scene: Scene, paper_model: Path) -> None:
    out = sharpened(ksdiff(paper_model), scene)
    lms = scene.read(scene.whole).lms
    assert np.isfinite(out).all() and np.abs(out - lms).max() > 1


def test_a_model_for_four_bands_refuses_two(pair: tuple[Path, Path], paper_model: Path) -> None:
    with (
        Scene.open(*pair, ms_bands=[1, 2]) as scene,
        raises_code("model-band-count", model_bands=4),
    ):
        ksdiff(paper_model).prepare(scene, quiet)


def test_a_ratio_beyond_training_is_warned_of(
    scene: Scene, small_model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    method = ksdiff(small_model)
    method.prepare(scene, quiet)
    assert not told(caplog, "core.methods.network_method")
    scene.ratio = 10.0
    method.prepare(scene, quiet)
    assert told(caplog, "core.methods.network_method") == [("small", 2, 4, 10)]


def test_the_degraded_result_is_ms(
    scene: Scene, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is so by back-projection: the network's own result departs much more."""
    monkeypatch.setattr(scene_network, "fit_detail_gain", lambda added, _: np.ones(len(added)))
    gains = (0.3, 0.25, 0.34, 0.2)
    method = ksdiff(small_model, gains=gains)
    context = method.prepare(scene, quiet)
    patch = scene.read(scene.whole)
    ms, _ = scene.read_ms_grid(scene.ms_grid)
    departures = []
    for restore in (None, context.restore):
        image = method.fuse(patch, replace(context, restore=restore))
        total = np.array([mtf_kernel(g, 4).sum() for g in gains])[:, None, None]
        seen = interpolate(mtf_filter(image, gains, 4), *scene.centres) / total
        departures.append(np.abs(seen - ms)[:, 8:-8, 8:-8].mean())
    assert departures[1] < 0.4 * departures[0]


def test_a_detail_gain_of_zero_gives_lms(
    scene: Scene, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene_network, "fit_detail_gain", lambda added, _: np.zeros(len(added)))
    method = ksdiff(small_model)
    context = replace(method.prepare(scene, quiet), restore=None, base=None)
    patch = scene.read(scene.whole)
    np.testing.assert_allclose(method.fuse(patch, context), patch.lms, rtol=1e-4)


def test_the_detail_gain_is_fitted_at_reduced_resolution(scene: Scene, small_model: Path) -> None:
    seen = []

    def noting(added: np.ndarray, missing: np.ndarray) -> np.ndarray:
        seen.append((added, missing))
        return fit_detail_gain(added, missing)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scene_network, "fit_detail_gain", noting)
        context = ksdiff(small_model).prepare(scene, quiet)
        reduced = ReducedScene(scene)
        reference, valid = reduced.reference(reduced.whole)
        missing = (reference - reduced.read(reduced.whole).lms)[:, valid]
    ((_, found),) = seen
    assert found.shape[0] == context.detail_gain.shape[0] == scene.bands
    # In units of the reduced scene's bands, which are a little flatter than the scene's own.
    ratio = found.std(axis=1) * context.inputs.statistics.std / missing.std(axis=1)
    assert (ratio > 1).all() and (ratio < 1.5).all() and np.ptp(ratio) < 0.2


def test_a_scene_too_small_to_be_reduced_is_sharpened(small_model: Path, tmp_path: Path) -> None:
    pan, ms, _ = write_pair(tmp_path, 48, 4, 3)
    with Scene.open(pan, ms) as scene:
        method = ksdiff(small_model)
        context = method.prepare(scene, quiet)
        assert (context.detail_gain == 1).all()
        assert np.isfinite(method.fuse(scene.read(scene.whole), context)).all()


def test_training_tiles_have_data(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with Scene.open(*pair) as scene:
        assert training_tiles(scene, 0) == [scene.ms_grid]
    holed = write_holed(tmp_path / "ms.tif", pair[1], slice(None, 60), slice(None, None))
    with Scene.open(pair[0], holed) as scene:
        assert training_tiles(scene, 0) == []
