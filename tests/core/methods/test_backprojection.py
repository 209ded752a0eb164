# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imaging.mtf import mtf_filter, mtf_kernel
from core.imaging.resample import interpolate
from core.methods.backprojection import BackProjection, radius
from core.pair.reduced import ReducedScene
from core.pair.scene import Patch, Scene
from core.raster.tile_plan import plan
from core.raster.window import Window
from core.synthetic.pairs import write_pair

pytestmark = pytest.mark.numerical

GAINS = (0.3, 0.25, 0.34, 0.2)


def scene_of(
    rng: np.random.Generator, shape: tuple[int, int], ratio: float, phase: float
) -> tuple[np.ndarray, Patch, BackProjection]:
    """A truth, the patch with the LMS of its MS, and the operator."""
    truth = rng.random((4, *shape)).astype(np.float32).cumsum(axis=2) % 7
    truth = np.stack([np.asarray(mtf_filter(b[None], [0.6], 2)[0]) for b in truth])
    at = [np.arange(phase, size - 0.5, ratio) for size in shape]
    total = np.array([mtf_kernel(g, ratio).sum() for g in GAINS])[:, None, None]
    ms = interpolate(mtf_filter(truth, GAINS, ratio), *at) / total
    positions = [(np.arange(size) - phase) / ratio for size in shape]
    lms = interpolate(ms.astype(np.float32), *positions)
    whole = Window(0, 0, *shape)
    patch = Patch(whole, np.zeros(shape, np.float32), lms, np.ones(shape, bool))
    return truth.astype(np.float32), patch, BackProjection((ratio,) * 2, (phase,) * 2, GAINS)


@pytest.mark.parametrize(("ratio", "phase"), [(4, 1.5), (2, 0.5), (3, 1.0), (2.5, 0.3), (4, 2)])
def test_what_is_consistent_stays_and_what_is_not_comes_closer(ratio: float, phase: float) -> None:
    truth, patch, restore = scene_of(np.random.default_rng(0), (96, 88), ratio, phase)
    inner = np.s_[:, 16:-16, 16:-16]
    wrong = truth + 0.3 * np.sin(np.arange(88) / 9).astype(np.float32) + 0.2
    error = [np.abs(x - truth)[inner].mean() for x in (wrong, restore(wrong, patch))]
    assert error[1] < 0.1 * error[0]
    assert np.abs(restore(truth, patch) - truth)[inner].max() < 0.05 * np.ptp(truth)


def test_detail_that_ms_cannot_see_is_left_alone() -> None:
    truth, patch, restore = scene_of(np.random.default_rng(0), (96, 96), 4, 1.5)
    stripes = np.where(np.arange(96) % 2, 0.5, -0.5).astype(np.float32)
    change = restore(truth + stripes, patch) - restore(truth, patch)
    inner = np.s_[..., 16:-16]
    np.testing.assert_allclose(change[inner], 0 * change[inner] + stripes[inner], atol=1e-3)


@settings(max_examples=15)
@given(
    st.sampled_from([(4.0, 1.5), (2.0, 0.5), (3.0, 1.0), (2.5, 0.3)]),
    st.integers(24, 70),
    st.integers(0, 2**16),
)
def test_any_window_gives_the_same_pixels(lies: tuple[float, float], tile: int, seed: int) -> None:
    ratio, phase = lies
    truth, patch, restore = scene_of(np.random.default_rng(seed), (101, 90), ratio, phase)
    wrong = (truth * 1.2 + 1).astype(np.float32)
    valid = patch.valid.copy()
    valid[40:60, 30:47] = False
    one = restore(wrong, Patch(patch.window, patch.pan, patch.lms, valid))
    for part in plan(Window(0, 0, 101, 90), tile, radius(ratio, GAINS)):
        cut = (slice(None), *part.outer.slices)
        seen = Patch(part.outer, patch.pan[cut[1:]], patch.lms[cut], valid[cut[1:]])
        inner = restore(wrong[cut], seen)[(slice(None), *part.crop)]
        np.testing.assert_allclose(
            inner, one[(slice(None), *part.inner.slices)], atol=1e-4 * np.ptp(one)
        )


def test_pixels_without_data_stay_and_do_not_spoil_their_neighbours() -> None:
    truth, patch, restore = scene_of(np.random.default_rng(0), (96, 96), 4, 1.5)
    valid = np.ones((96, 96), bool)
    valid[30:60, 30:60] = False
    holed = np.where(valid, truth, -1e4).astype(np.float32)
    result = restore(holed, Patch(patch.window, patch.pan, patch.lms, valid))
    assert (result[:, ~valid] == -1e4).all()
    difference = np.abs(result - restore(truth, patch))[:, valid]
    assert difference.max() < 0.2 * np.ptp(truth)


def test_less_than_one_ms_pixel_is_left_as_it_is() -> None:
    patch = Patch(
        Window(2, 2, 2, 2), np.ones((2, 2), np.float32), np.ones((4, 2, 2), np.float32),
        np.ones((2, 2), bool),
    )  # fmt: skip
    image = np.full((4, 2, 2), 5, np.float32)
    assert (BackProjection((4, 4), (1.5, 1.5), GAINS)(image, patch) == image).all()


def test_a_scene_knows_where_its_ms_lies(tmp_path: Path) -> None:
    pan, ms, original = write_pair(tmp_path, 128, 4, 5)
    with Scene.open(pan, ms) as scene:
        assert BackProjection.onto(scene, GAINS).phase_yx == (1.5, 1.5)
        with rasterio.open(original) as dataset:
            truth = dataset.read().astype(np.float32)
        wrong = 1.1 * truth
        better = BackProjection.onto(scene, GAINS)(wrong, scene.read(scene.whole))
        assert np.abs(better - truth).mean() < 0.3 * np.abs(wrong - truth).mean()
        reduced = ReducedScene(scene, GAINS)
        assert BackProjection.onto(reduced, GAINS).phase_yx == (1.5, 1.5)
