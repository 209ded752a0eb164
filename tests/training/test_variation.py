# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from raising import raises_code

from training import patches
from training.batches import Batches
from training.patches import Source
from training.variation import (
    degrade_matrix,
    draw,
    enlarge_matrix,
    mix_bands,
    mix_pan,
    place,
    region_side,
)

pytestmark = pytest.mark.numerical


@pytest.fixture(scope="module")
def source() -> Source:
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:160, :160].astype(np.float32)
    ms = np.stack([500 + 200 * np.sin(x / (5 + b)) * np.cos(y / 9) for b in range(5)])
    ms += rng.normal(0, 10, ms.shape)
    ms = ms.astype(np.float32)
    return Source("waves", ms, ms.mean(0), np.ones((160, 160), bool), 1.0)


@pytest.mark.parametrize("ratio", [2, 4])
@pytest.mark.parametrize("offset", [0.0, 0.5, -0.3])
def test_degrading_and_enlarging_agree_on_where_things_are(ratio: int, offset: float) -> None:
    """A ramp keeps its place: a half-pixel error would show as a constant difference."""
    ramp = np.arange(96, dtype=np.float32)
    back = enlarge_matrix(96, ratio, offset) @ (degrade_matrix(96, ratio, offset, 0.3) @ ramp)
    inner = slice(24, 72)
    np.testing.assert_allclose(back[inner], ramp[inner], atol=2e-2)


def test_degrading_has_the_gain_asked_for() -> None:
    x = np.arange(256)
    wave = np.cos(np.pi * (x - 1.5) / 4).astype(np.float32)
    small = degrade_matrix(256, 4, 0.0, 0.25) @ wave
    assert np.abs(small[8:-8]).max() == pytest.approx(0.25, abs=0.01)


def test_mixtures_stay_within_what_the_scene_has(source: Source) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        bands = mix_bands(rng, source.ms, 7)
        assert bands.shape == (7, 160, 160)
        assert bands.min() >= source.ms.min() - 1 and bands.max() <= source.ms.max() + 1
        assert np.isfinite(mix_pan(rng, source.ms, source.pan)).all()


def test_lms_is_close_to_the_reference_and_detail_brings_it_closer(source: Source) -> None:
    before, after = [], []
    for seed in range(12):
        s = draw(np.random.default_rng(seed), source, 4, 4, 64)
        assert s.pan.shape == (4, 2, 64, 64) and s.lms.shape == s.gt.shape == (4, 4, 64, 64)
        before.append(np.abs(s.lms - s.gt).mean())
        after.append(np.abs(s.lms + s.gain[:, :, None, None] * s.pan[:, 1:] - s.gt).mean())
    assert 0 < np.mean(after) < np.mean(before) < 1


def test_a_batch_is_a_function_of_seed_stage_and_step(source: Source) -> None:
    a = Batches([source], 8, 32, seed=0, stage=1).make(5)
    b = Batches([source], 8, 32, seed=0, stage=1).make(5)
    assert a.scenes == b.scenes
    for name in ("pan", "lms", "gain", "gt"):
        assert getattr(a, name).equal(getattr(b, name))
    other = Batches([source], 8, 32, seed=0, stage=2).make(5)
    assert other.lms.shape != a.lms.shape or not other.lms.equal(a.lms)


def test_both_regimes_of_kernels_are_met(source: Source) -> None:
    batches = Batches([source], 8, 32, seed=0, stage=1)
    assert {batches.make(step).scenes for step in range(24)} == {8, 2, 1}


def test_gains_are_one_scene_s_for_all_its_windows(source: Source) -> None:
    batches = Batches([source], 8, 32, seed=0, stage=1)
    for step in range(12):
        batch = batches.make(step)
        gain = batch.gain.unflatten(0, (-1, batch.scenes))
        assert gain.equal(gain[:1].expand_as(gain))


def test_running_ahead_gives_the_same_batches(source: Source) -> None:
    batches = Batches([source], 4, 32, seed=1, stage=1)
    for step, batch in batches.run(3, 6):
        assert batch.lms.equal(batches.make(step).lms)


def test_a_rare_place_without_nodata_is_found(source: Source) -> None:
    valid = np.zeros((160, 160), bool)
    valid[120:154, 30:63] = True
    one = replace(source, valid=valid)
    places = {place(np.random.default_rng(seed), one, 32) for seed in range(40)}
    assert places == {(120, 30)}, "one of its cell is enough"
    assert len(one.places(33)) == 1 and len(one.places(34)) == 0


def striped(source: Source, width: int) -> Source:
    """Every 8 px of nodata are followed by `width` px of ground."""
    valid = np.arange(160) % (8 + width) >= 8
    return replace(source, valid=np.broadcast_to(valid, (160, 160)))


def test_places_are_those_without_nodata_and_searched_once(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stripes: what is drawn has none, and a mask is looked through once for every size."""
    searched = []
    real = patches.places_in
    monkeypatch.setattr(
        patches, "places_in", lambda valid, side: (searched.append(side), real(valid, side))[1]
    )
    one = striped(source, 41)
    for seed in range(30):
        row, col = place(np.random.default_rng(seed), one, 40)
        assert one.valid[row : row + 40, col : col + 40].all()
    assert region_side(one, 16, 32) == region_side(one, 1, 32) == 36
    assert sorted(searched) == [36, 40, 64, 96, 128]
    assert len(one.places(40)) <= (160 // 5) ** 2, "a coarse grid of them"


def test_drawn_pixels_are_never_nodata(source: Source) -> None:
    one = striped(source, 60)
    one = replace(one, ms=np.where(one.valid, source.ms, np.nan).astype(np.float32))
    for seed in range(8):
        assert np.isfinite(draw(np.random.default_rng(seed), one, 4, 16, 32).gt).all()
    with raises_code("no-square-to-train", source="waves", patch=36):
        draw(np.random.default_rng(0), striped(source, 30), 4, 1, 32)


def test_a_known_sensor_is_simulated_as_it_is(source: Source) -> None:
    """With a scale: the sensor's own MTF, the benchmarks' grid, no noise."""
    known = replace(source, gains=(0.34, 0.32, 0.30, 0.22, 0.3))
    one, other = (draw(np.random.default_rng(seed), known, 5, 4, 64, 2047.0) for seed in (1, 2))
    assert one.pan.shape == (4, 1, 64, 64) and one.details.shape == (4, 5, 0, 64, 64)
    for drawn in (one, other):
        error = np.abs(drawn.lms - drawn.gt).mean(axis=(0, 2, 3))
        assert (error > 0).all() and drawn.lms.dtype == np.float32
    sharper = replace(known, gains=(0.34, 0.32, 0.30, 0.40, 0.3))
    same = draw(np.random.default_rng(1), sharper, 5, 4, 64, 2047.0)
    np.testing.assert_array_equal(same.gt, one.gt)
    np.testing.assert_array_equal(same.lms[:, :3], one.lms[:, :3])
    assert (
        np.abs(same.lms[:, 3] - same.gt[:, 3]).mean() < np.abs(one.lms[:, 3] - one.gt[:, 3]).mean()
    )
