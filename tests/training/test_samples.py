# SPDX-License-Identifier: GPL-2.0-or-later
"""PanCollection's training files, on small ones of their format with wrong phases planted."""

from __future__ import annotations

import logging
from pathlib import Path

import h5py
import numpy as np
import pytest
from raising import raises_code
from scipy.ndimage import gaussian_filter
from small import facts_logged, recipe

from core.imaging.mtf import mtf_filter
from core.imaging.resample import interp23tap
from core.sensors import sensor
from training import patches
from training.pancollection import load_samples, phase
from training.scenes import TRAIN, VALIDATION
from training.simulated_sensor import draw
from training.sources import load_sources
from training.trainer import Trainer

GAINS = sensor("quickbird").gains(("blue", "green", "red", "nir"))
PHASES = [(2, 2), (1, 2), (2, 1), (2, 2), (2, 1)]
SIZE = 64


def truth(number: int) -> np.ndarray:
    rng = np.random.default_rng(number)
    image = gaussian_filter(rng.normal(0, 1, (4, SIZE, SIZE)), (0, 1.5, 1.5)) * 600 + 700
    return np.rint(np.clip(image, 0, 2047))


def write(path: Path, phases: list[tuple[int, int]], gt: bool = True) -> Path:
    images = [truth(n) for n in range(len(phases))]
    seen = zip(images, phases, strict=True)
    ms = [mtf_filter(i, GAINS, 4)[:, p[0] :: 4, p[1] :: 4] for i, p in seen]
    with h5py.File(path, "w") as file:
        file["ms"] = np.stack(ms)
        file["lms"] = np.stack([interp23tap(m, 4) for m in ms])
        file["pan"] = np.stack([i.mean(0, keepdims=True) for i in images])
        if gt:
            file["gt"] = np.stack(images)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    write(data / "train_qb.h5", PHASES)
    write(data / "valid_qb.h5", [(2, 2), (2, 2)])
    write(data / "test_qb_full.h5", [(2, 2)], gt=False)
    return data


@pytest.mark.parametrize("at", [(2, 2), (1, 2), (2, 1), (0, 3)])
def test_the_phase_is_found(at: tuple[int, int]) -> None:
    ms = mtf_filter(truth(0), GAINS, 4)[:, at[0] :: 4, at[1] :: 4]
    assert phase(ms, truth(0), GAINS, 4) == at
    noisy = ms + np.random.default_rng(0).normal(0, 1, ms.shape)
    assert phase(noisy, truth(0), GAINS, 4) == at


def test_where_no_phase_is_clearly_nearer_the_right_one_is_meant() -> None:
    flat = np.full((4, SIZE, SIZE), 300.0)
    assert phase(flat[:, ::4, ::4] + 1, flat, GAINS, 4) == (2, 2)


def test_wrong_phases_are_repaired_and_others_left_alone(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        source = load_samples(folder / "train_qb.h5")
    assert ("train_qb.h5", 3, 5) in facts_logged(caplog, logging.INFO)
    assert (source.samples, source.bands, source.size) == (5, 4, (SIZE, SIZE))
    assert (source.part, source.sensor, source.gains) == (TRAIN, "quickbird", GAINS)
    with h5py.File(folder / "train_qb.h5") as file:
        for number, at in enumerate(PHASES):
            gt, meant = file["gt"][number], file["lms"][number]
            if at != (2, 2):
                meant = interp23tap(mtf_filter(gt, GAINS, 4)[:, 2::4, 2::4], 4)
            one = source.sample(number)
            assert one.lms is not None
            np.testing.assert_allclose(one.lms[:], meant, rtol=1e-6)
            np.testing.assert_array_equal(one.ms[:], gt)
            np.testing.assert_array_equal(one.pan[:], file["pan"][number, 0].astype(np.float32))


def test_as_in_the_papers_lms_is_the_file_s_and_windows_are_samples(folder: Path) -> None:
    source = load_samples(folder / "train_qb.h5")
    drawn = draw(np.random.default_rng(3), source, 4, 4, SIZE, 2047.0)
    assert drawn.pan.shape == (4, 1, SIZE, SIZE) and drawn.details.shape[:3] == (4, 4, 0)
    assert drawn.gt.dtype == drawn.lms.dtype == np.float32
    lms = [source.lms[n] / 2047 for n in range(5) if source.lms is not None]
    found = [
        [n for n in range(5) if np.isclose(np.sort(w.ravel()), np.sort(lms[n].ravel())).all()]
        for w in drawn.lms
    ]
    assert all(len(f) == 1 for f in found) and len({f[0] for f in found}) > 1
    # Turned as gt and pan are.
    np.testing.assert_allclose(drawn.gt.mean(axis=1), drawn.pan[:, 0], atol=1e-5)


def test_samples_are_packed_with_their_repairs(folder: Path, tmp_path: Path) -> None:
    entries = [{"pancollection": "train_qb.h5", "weight": 2.0}, {"pancollection": "valid_qb.h5"}]
    read = load_sources(entries, folder)
    assert [(s.name, s.part, s.weight) for s in read] == [
        ("train_qb", TRAIN, 2.0),
        ("valid_qb", VALIDATION, 1.0),
    ]
    patches.write(tmp_path / "p", read, entries)
    kept, _ = patches.open(tmp_path / "p", entries)
    for number in range(5):
        one, other = kept.sample(number), read[0].sample(number)
        assert one.lms is not None and other.lms is not None
        np.testing.assert_array_equal(one.ms[:], other.ms[:])
        np.testing.assert_allclose(one.lms[:], other.lms[:], atol=0.03)


def test_files_that_cannot_be_trained_on_are_explained(folder: Path, tmp_path: Path) -> None:
    with raises_code("pancollection-no-reference"):
        load_samples(folder / "test_qb_full.h5")
    with raises_code("pancollection-missing"):
        load_samples(tmp_path / "train_qb.h5")
    with raises_code("scenes-not-held-out"):
        load_sources([{"pancollection": "train_qb.h5", "validation": ["train_qb"]}], folder)


def test_the_papers_run_trains_on_one_file_and_validates_on_the_other(
    folder: Path, tmp_path: Path
) -> None:
    entries = [
        {"pancollection": "train_qb.h5"},
        {"pancollection": "valid_qb.h5", "validation": True},
    ]
    sources = load_sources(entries, folder)
    assert [s.part for s in sources] == [TRAIN, VALIDATION]
    papers = recipe(network={"bands": 4}, scale=2047.0)
    run = Trainer(papers, sources, tmp_path, "cpu")
    run.run(validate_every=4)
    rows = (tmp_path / "validation.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) > 2 and all("nan" not in row for row in rows)
    assert run.finished
