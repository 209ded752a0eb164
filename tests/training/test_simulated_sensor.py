# SPDX-License-Identifier: GPL-2.0-or-later
"""Simulated sensors, the batches they make, and windows without nodata."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from raising import raises_code

from training.batches import Batches
from training.distributed import Processes
from training.resampling import degrade_matrix, enlarge_matrix
from training.scenes import TrainingScene
from training.sensor_prior import PRIOR
from training.simulated_sensor import draw

pytestmark = pytest.mark.numerical


@pytest.fixture(scope="module")
def scene() -> TrainingScene:
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:160, :160].astype(np.float32)
    ms = np.stack([500 + 200 * np.sin(x / (5 + b)) * np.cos(y / 9) for b in range(5)])
    ms += rng.normal(0, 10, ms.shape)
    ms = ms.astype(np.float32)
    return TrainingScene("waves", ms, ms.mean(0), np.ones((160, 160), bool), 1.0)


@pytest.mark.parametrize("ratio", [2, 4])
@pytest.mark.parametrize("offset", [0.0, 0.5, -0.3])
def test_a_ramp_keeps_its_place_when_degraded_and_enlarged(ratio: int, offset: float) -> None:
    """A half-pixel error would show as a constant difference."""
    ramp = np.arange(96, dtype=np.float32)
    back = enlarge_matrix(96, ratio, offset) @ (degrade_matrix(96, ratio, offset, 0.3) @ ramp)
    inner = slice(24, 72)
    np.testing.assert_allclose(back[inner], ramp[inner], atol=2e-2)


def test_degrading_has_the_gain_at_nyquist() -> None:
    x = np.arange(256)
    wave = np.cos(np.pi * (x - 1.5) / 4).astype(np.float32)
    small = degrade_matrix(256, 4, 0.0, 0.25) @ wave
    assert np.abs(small[8:-8]).max() == pytest.approx(0.25, abs=0.01)


def test_mixtures_of_bands_stay_within_their_range(scene: TrainingScene) -> None:
    ms = scene.ms[:]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        bands = PRIOR.mix_bands(rng, ms, 7)
        assert bands.shape == (7, 160, 160)
        assert bands.min() >= ms.min() - 1 and bands.max() <= ms.max() + 1
        assert np.isfinite(PRIOR.mix_pan(rng, ms, scene.pan[:])).all()


def test_a_simulated_pan_is_mostly_no_mixture_of_the_bands(scene: TrainingScene) -> None:
    ms = scene.ms[:]
    columns = np.vstack([ms.reshape(5, -1), np.ones(ms[0].size)]).T
    unexplained = []
    for seed in range(60):
        pan = PRIOR.simulate_pan(np.random.default_rng(seed), ms).ravel()
        left = pan - columns @ np.linalg.lstsq(columns, pan, rcond=None)[0]
        unexplained.append(left.std() / pan.std())
    beyond = np.array(unexplained) > 1e-3
    assert 45 < beyond.sum() < 60 and max(unexplained) < 0.9


def test_a_simulated_pan_shows_what_no_band_shows(scene: TrainingScene) -> None:
    """As far as real PANs do: 1 to 10 % of the variance, mostly."""
    ms = scene.ms[:]
    columns = np.vstack([ms[:4].reshape(4, -1), np.ones(ms[0].size)]).T
    response = replace(PRIOR, p_colour_response=1.0)
    unexplained = []
    for seed in range(40):
        pan = response.simulate_pan(np.random.default_rng(seed), ms[:4]).ravel()
        left = pan - columns @ np.linalg.lstsq(columns, pan, rcond=None)[0]
        unexplained.append(left.var() / pan.var())
    assert 0.002 < np.median(unexplained) < 0.2


def test_a_band_is_often_seen_by_pan_alone(scene: TrainingScene) -> None:
    ms = np.zeros((5, 8, 8), np.float32)
    ms[np.arange(5), np.arange(5), 0] = 1  # each band has a pixel of its own
    plain = replace(PRIOR, p_mixed_band=0.0)
    rngs = [np.random.default_rng(seed) for seed in range(200)]
    missing = [bool((plain.mix_bands(rng, ms, 5).max(axis=0)[:5, 0] == 0).any()) for rng in rngs]
    assert 0.3 < np.mean(missing) < 0.5
    three = [plain.mix_bands(rng, ms[:3], 3).max(axis=0)[:3, 0].min() for rng in rngs]
    assert min(three) == 1


def test_bands_are_displaced_by_parts_of_a_pixel(scene: TrainingScene) -> None:
    ramp = np.broadcast_to(np.arange(64, dtype=np.float32), (4, 64, 64))
    displaced = [PRIOR.shift_bands(np.random.default_rng(seed), ramp) for seed in range(200)]
    most = np.array([np.abs((d - ramp)[:, 8:-8, 8:-8]).max() for d in displaced])
    assert 0.5 < np.mean(most == 0) < 0.7
    assert 0.3 < most.max() <= 3 * PRIOR.band_shift[1] + 0.02


def test_references_are_as_soft_as_what_a_sensor_sees(scene: TrainingScene) -> None:
    """Those of images always; many of pairs, as MS is beside a PAN reduced without blur."""
    ms = np.asarray(scene.ms)
    kept: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(200):
        for pair, of in kept.items():
            soft = PRIOR.soften(np.random.default_rng(seed), ms, pair)
            of.append(float(np.abs(np.diff(soft)).mean() / np.abs(np.diff(ms)).mean()))
    assert 0.3 < np.mean(np.array(kept[True]) == 1.0) < 0.5
    assert min(kept[True]) < 0.8 and max(kept[True]) == 1.0
    assert max(kept[False]) < 0.95


def test_images_without_pan_are_seen_by_many_sensors(scene: TrainingScene) -> None:
    alone = replace(scene, pan=None)
    one, same, other = (draw(np.random.default_rng(n), alone, 4, 2, 64) for n in (1, 1, 2))
    for name in ("pan", "lms", "details", "gt"):
        a, b, c = (getattr(sample, name) for sample in (one, same, other))
        assert np.isfinite(a).all() and np.array_equal(a, b) and not np.array_equal(a, c)


def test_pans_detail_brings_lms_closer_to_the_reference(scene: TrainingScene) -> None:
    before, after = [], []
    for seed in range(12):
        s = draw(np.random.default_rng(seed), scene, 4, 4, 64)
        assert s.pan.shape == (4, 2, 64, 64) and s.lms.shape == s.gt.shape == (4, 4, 64, 64)
        before.append(np.abs(s.lms - s.gt).mean())
        after.append(np.abs(s.lms + s.gain[:, :, None, None] * s.pan[:, 1:] - s.gt).mean())
    assert 0 < np.mean(after) < np.mean(before) < 1


def test_a_known_sensor_is_simulated_with_its_own_mtf(scene: TrainingScene) -> None:
    """With a scale: the sensor's own MTF, the benchmarks' grid, no noise."""
    known = replace(scene, gains=(0.34, 0.32, 0.30, 0.22, 0.3))
    one = draw(np.random.default_rng(1), known, 5, 4, 64, 2047.0)
    assert one.pan.shape == (4, 1, 64, 64) and one.details.shape == (4, 5, 0, 64, 64)
    assert one.lms.dtype == np.float32
    sharper = replace(known, gains=(0.34, 0.32, 0.30, 0.40, 0.3))
    other = draw(np.random.default_rng(1), sharper, 5, 4, 64, 2047.0)
    np.testing.assert_array_equal(other.gt, one.gt)
    np.testing.assert_array_equal(other.lms[:, :3], one.lms[:, :3])
    error, sharper_error = (np.abs(s.lms[:, 3] - s.gt[:, 3]).mean() for s in (one, other))
    assert 0 < sharper_error < error


def test_a_batch_is_a_function_of_seed_stage_and_step(scene: TrainingScene) -> None:
    a, b = (Batches([scene], 8, 32, seed=0, stage=1).make(5) for _ in range(2))
    assert a.scenes == b.scenes
    for name in ("pan", "lms", "gain", "gt"):
        assert getattr(a, name).equal(getattr(b, name))
    other = Batches([scene], 8, 32, seed=0, stage=2).make(5)
    assert other.lms.shape != a.lms.shape or not other.lms.equal(a.lms)


def test_batches_have_kernels_of_windows_and_of_scenes(scene: TrainingScene) -> None:
    for size, counts in ((8, {8, 2, 1}), (64, {64, 16, 4})):
        batches = Batches([scene], size, 32, seed=0, stage=1)
        assert {batches.shape(step).scenes for step in range(30)} == counts


def test_all_windows_of_a_scene_have_its_gains(scene: TrainingScene) -> None:
    batches = Batches([scene], 8, 32, seed=0, stage=1)
    for step in range(12):
        batch = batches.make(step)
        gain = batch.gain.unflatten(0, (-1, batch.scenes))
        assert gain.equal(gain[:1].expand_as(gain))


def test_batches_drawn_ahead_are_the_same(scene: TrainingScene) -> None:
    batches = Batches([scene], 4, 32, seed=1, stage=1)
    for step, batch in batches.run(3, 6, torch.device("cpu")):
        assert batch.lms.equal(batches.make(step).lms)


def test_processes_draw_their_scenes_of_the_same_batch(scene: TrainingScene) -> None:
    whole = Batches([scene], 8, 32, seed=0, stage=1)
    halves = [replace(whole, processes=Processes(rank, 2)) for rank in range(2)]
    for step in range(8):
        shape, batch = whole.shape(step), whole.make(step)
        lms = [half.make(step).lms for half in halves]
        if shape.scenes == 1:  # a scene cannot be divided
            assert lms[0].equal(batch.lms) and lms[1].equal(batch.lms)
            continue
        parts = [part.unflatten(0, (shape.windows, -1)) for part in lms]
        assert torch.cat(parts, dim=1).flatten(0, 1).equal(batch.lms)


def test_the_only_square_without_nodata_is_found(scene: TrainingScene) -> None:
    valid = np.zeros((160, 160), bool)
    valid[120:154, 30:63] = True
    one = replace(scene, valid=valid)
    found = {str(one.random_square(np.random.default_rng(seed), 32)) for seed in range(40)}
    assert found == {str((slice(120, 152), slice(30, 62)))}, "one of its cell is enough"
    assert len(one.squares(33)) == 1 and len(one.squares(34)) == 0


def striped(scene: TrainingScene, width: int) -> TrainingScene:
    """Return the scene with 8 px of nodata before every `width` px of ground."""
    valid = np.broadcast_to(np.arange(160) % (8 + width) >= 8, (160, 160))
    ms = np.where(valid, scene.ms[:], np.nan).astype(np.float32)
    return replace(scene, ms=ms, valid=valid)


def test_drawn_pixels_are_never_nodata(scene: TrainingScene) -> None:
    one = striped(scene, 60)
    for seed in range(8):
        assert np.isfinite(draw(np.random.default_rng(seed), one, 4, 16, 32).gt).all()
    narrow = striped(scene, 41)
    assert narrow.region_side(16, 32) == narrow.region_side(1, 32) == 36
    assert len(narrow.squares(40)) <= (160 // 5) ** 2, "a coarse grid of them"
    with raises_code("no-square-to-train", source="waves", patch=36):
        draw(np.random.default_rng(0), striped(scene, 30), 4, 1, 32)
