# SPDX-License-Identifier: GPL-2.0-or-later
"""Back-projection in two steps, and in N passes at the cost of one: formulas, windows, holes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import quiet
from raising import raises_code
from raster_files import read

from core.fusion.tiled import in_memory
from core.imaging.mtf import mtf_filter, mtf_kernel
from core.imaging.nominal_mtf import mtf_sigma
from core.imaging.resample import interpolate
from core.methods.backprojection import BackProjection, radius
from core.methods.interface import Settings
from core.methods.registry import PUBLISHED, create
from core.methods.separable_backprojection import BackProjectionPasses, reach
from core.pair.reduced import ReducedScene
from core.pair.scene import Patch, Scene
from core.raster.tile_plan import plan
from core.raster.window import Window
from core.synthetic.pairs import write_pair

pytestmark = pytest.mark.numerical

GAINS = (0.3, 0.2)
GRIDS = [(4.0, 1.5), (2.0, 0.5), (3.0, 1.0), (6.0, 2.5), (2.994, 0.4)]
Operator = BackProjection | BackProjectionPasses


def operator(ratio: float, phase: float, passes: int | None) -> tuple[Operator, int]:
    """Return so many passes, or None of them: the two steps; and how far they look (PAN px)."""
    place = (ratio,) * 2, (phase,) * 2, GAINS
    if passes is None:
        return BackProjection(*place), radius(ratio, GAINS)
    return BackProjectionPasses(*place, passes), reach(ratio, GAINS, passes)


def of_truth(ratio: float, phase: float, shape: tuple[int, int]) -> tuple[np.ndarray, Patch]:
    """A truth `(C, H, W)`, and the patch with the LMS of the MS that a sensor sees of it."""
    rng = np.random.default_rng(0)
    truth = rng.random((len(GAINS), *shape)).astype(np.float32).cumsum(axis=2) % 7
    truth = np.stack([np.asarray(mtf_filter(b[None], [0.6], 2)[0]) for b in truth])
    at = [np.arange(phase, size - 0.5, ratio) for size in shape]
    total = np.array([mtf_kernel(g, ratio).sum() for g in GAINS])[:, None, None]
    ms = interpolate(mtf_filter(truth, GAINS, ratio), *at) / total
    positions = [(np.arange(size) - phase) / ratio for size in shape]
    lms = interpolate(ms.astype(np.float32), *positions)
    pan, valid = np.zeros(shape, np.float32), np.ones(shape, bool)
    return truth.astype(np.float32), Patch(Window(0, 0, *shape), pan, lms, valid)


def case(ratio: float, phase: float, size: int = 96) -> tuple[np.ndarray, Patch, list[np.ndarray]]:
    """A wrong image, the patch with the LMS of an MS of noise, and the MS centres and the MS."""
    rng = np.random.default_rng(1)
    at = np.arange(phase, size - 0.5, ratio)
    ms = np.stack([rng.normal(500, 40, (len(at), len(at))) for _ in GAINS]).astype(np.float32)
    lms = interpolate(ms, *[(np.arange(size) - phase) / ratio] * 2)
    patch = Patch(Window(0, 0, size, size), lms[0], lms, np.ones((size, size), bool))
    wrong = (1.05 * lms + rng.normal(0, 20, lms.shape)).astype(np.float32)
    return wrong, patch, [at, ms]


@pytest.mark.parametrize(("ratio", "phase"), [(4, 1.5), (2, 0.5), (3, 1.0), (2.5, 0.3), (4, 2)])
def test_what_is_consistent_stays_and_what_is_not_comes_closer(ratio: float, phase: float) -> None:
    truth, patch = of_truth(ratio, phase, (96, 88))
    restore, _ = operator(ratio, phase, None)
    inner = np.s_[:, 16:-16, 16:-16]
    wrong = truth + 0.3 * np.sin(np.arange(88) / 9).astype(np.float32) + 0.2
    error = [np.abs(x - truth)[inner].mean() for x in (wrong, restore(wrong, patch))]
    assert error[1] < 0.1 * error[0]
    assert np.abs(restore(truth, patch) - truth)[inner].max() < 0.05 * np.ptp(truth)


def test_detail_that_ms_cannot_see_is_left_alone() -> None:
    truth, patch = of_truth(4, 1.5, (96, 96))
    restore, _ = operator(4, 1.5, None)
    stripes = np.where(np.arange(96) % 2, 0.5, -0.5).astype(np.float32)
    change = restore(truth + stripes, patch) - restore(truth, patch)
    inner = np.s_[..., 16:-16]
    np.testing.assert_allclose(change[inner], 0 * change[inner] + stripes[inner], atol=1e-3)


def test_a_scene_knows_where_its_ms_lies(tmp_path: Path) -> None:
    pan, ms, original = write_pair(tmp_path, 128, 4, 5)
    gains, truth = (0.3, 0.25, 0.34, 0.2), read(original).astype(np.float32)
    with Scene.open(pan, ms) as scene:
        for of in (scene, ReducedScene(scene, gains)):
            assert BackProjection.onto(of, gains).phase_yx == (1.5, 1.5)
        better = BackProjection.onto(scene, gains)(1.1 * truth, scene.read(scene.whole))
    assert np.abs(better - truth).mean() < 0.3 * np.abs(0.1 * truth).mean()


def degrading(size: int, at: np.ndarray, ratio: float, gain: float) -> np.ndarray:
    """D along one axis, dense and in double precision; the border pixels are repeated."""
    sigma = mtf_sigma(ratio, gain)
    index = np.arange(-60, size + 60)
    matrix = np.zeros((len(at), size))
    for row, centre in enumerate(at):
        weight = np.exp(-0.5 * ((index - centre) / sigma) ** 2)
        weight[np.abs(index - centre) > 5 * sigma] = 0
        np.add.at(matrix[row], np.clip(index, 0, size - 1), weight / weight.sum())
    return matrix


def raising(size: int, at: np.ndarray, ratio: float) -> np.ndarray:
    """U along one axis: Keys' cubic, dense and in double precision."""
    matrix = np.zeros((size, len(at)))
    for row in range(size):
        position = (row - at[0]) / ratio
        for k in range(int(np.floor(position)) - 1, int(np.floor(position)) + 3):
            t = abs(position - k)
            near = 1.5 * t**3 - 2.5 * t**2 + 1
            far = -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
            matrix[row, np.clip(k, 0, len(at) - 1)] += near if t <= 1 else far if t < 2 else 0
    return matrix


@pytest.mark.parametrize(("ratio", "phase"), GRIDS)
@pytest.mark.parametrize("passes", [1, 3, 10])
def test_passes_are_those_one_after_the_other(ratio: float, phase: float, passes: int) -> None:
    wrong, patch, (at, ms) = case(ratio, phase)
    found = operator(ratio, phase, passes)[0](wrong, patch)
    for band, gain in enumerate(GAINS):
        down, up = degrading(96, at, ratio, gain), raising(96, at, ratio)
        x = wrong[band].astype(np.float64)
        for _ in range(passes):
            x = x + up @ (ms[band] - down @ x @ down.T) @ up.T
        inner = np.s_[24:-24, 24:-24]  # LMS at the border is not quite MS again
        assert np.abs(found[band] - x)[inner].max() < 0.01 * np.abs(x - wrong[band]).max()


def test_no_pass_leaves_the_image_as_it_is() -> None:
    wrong, patch, _ = case(4.0, 1.5)
    restore, halo = operator(4.0, 1.5, 0)
    np.testing.assert_array_equal(restore(wrong, patch), wrong)
    assert halo == 0


@pytest.mark.parametrize(("ratio", "phase"), GRIDS)
@pytest.mark.parametrize("passes", [None, 1, 3])
def test_any_window_gives_the_same_pixels(ratio: float, phase: float, passes: int | None) -> None:
    size = 240
    wrong, patch, _ = case(ratio, phase, size)
    patch.valid[100:130, 90:140] = False
    restore, halo = operator(ratio, phase, passes)
    one = restore(wrong, patch)
    for part in plan(Window(0, 0, size, size), 70, halo):
        cut = (slice(None), *part.outer.slices)
        inner = restore(wrong[cut], patch.cut(part.outer))[(slice(None), *part.crop)]
        np.testing.assert_allclose(
            inner, one[(slice(None), *part.inner.slices)], atol=1e-4 * np.ptp(one)
        )


@pytest.mark.parametrize("passes", [None, 3])
def test_pixels_without_data_stay_and_do_not_spoil_their_neighbours(passes: int | None) -> None:
    wrong, patch, _ = case(4.0, 1.5)
    restore, _ = operator(4.0, 1.5, passes)
    clean = restore(wrong, patch)
    patch.valid[30:60, 30:60] = False
    holed = np.where(patch.valid, wrong, -1e4).astype(np.float32)
    result = restore(holed, patch)
    assert (result[:, ~patch.valid] == -1e4).all()
    assert np.abs(result - clean)[:, patch.valid].max() < 0.2 * np.ptp(clean)


@pytest.mark.parametrize("passes", [None, 3])
def test_less_than_one_ms_pixel_is_left_as_it_is(passes: int | None) -> None:
    one = np.ones((2, 2), np.float32)
    patch = Patch(Window(2, 2, 1, 1), one[:1, :1], one[:, :1, None], np.ones((1, 1), bool))
    image = np.full((2, 1, 1), 5, np.float32)
    assert (operator(4, 1.5, passes)[0](image, patch) == image).all()


@pytest.mark.parametrize("name", [name for name in PUBLISHED if not name.endswith("-bp")])
def test_every_classical_method_can_be_followed_by_it(name: str, tmp_path: Path) -> None:
    pan, ms, _ = write_pair(tmp_path, 128, 4, 5)
    with Scene.open(pan, ms) as scene:
        plain, none, three = (
            create(name, Settings(scene.ratio, back_projection=n)) for n in (None, 0, 3)
        )
        default = create(f"{name}-bp", Settings(scene.ratio))
        images = []
        for method in (plain, none, default, three):
            context = method.prepare(scene, quiet)
            images.append(in_memory(scene, method, context, 128))
        tiled = in_memory(scene, three, context, 48)
        assert three.describe(context)["back_projection"] == 3
        restore = BackProjectionPasses.onto(scene, (0.3,) * 4, 3)
        patch = scene.read(scene.whole)
        np.testing.assert_allclose(images[3], restore(images[0], patch), rtol=1e-6)
    np.testing.assert_array_equal(images[0], images[1])
    np.testing.assert_array_equal(images[2], images[3])
    np.testing.assert_allclose(tiled, images[2], atol=1e-4 * np.ptp(images[2]))


@pytest.mark.parametrize("passes", [-1, 11])
def test_too_few_or_too_many_passes_are_an_error(passes: int) -> None:
    for name in ("gsa", "scene-fit"):
        with raises_code("back-projection-passes", passes=passes):
            create(name, Settings(4.0, back_projection=passes))
