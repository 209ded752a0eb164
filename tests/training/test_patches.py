# SPDX-License-Identifier: GPL-2.0-or-later
"""The file that training reads, and a training that has nothing but torch, numpy, safetensors."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from raising import raises_code

from training import patches
from training.__main__ import main
from training.scenes import VALIDATION, TrainingScene, all_valid
from training.simulated_sensor import draw

NETWORK = {
    "unet_dims": [8, 12, 16], "unet_depths": [1, 1, 1], "plfe_dims": [8, 12, 16], "c_z": 16,
    "tokens": 4, "denoiser_dim": 16, "steps": 20, "ddim_steps": 2,
}  # fmt: skip
ENTRIES = [{"generated": 2, "size": 96, "seed": 5, "validation": 0.5}]
ABSENT = ("rasterio", "scipy", "onnx", "onnxruntime", "matplotlib", "h5py", "affine")
RUN = f"""
import importlib.util
import sys

class Without:
    def __init__(self, finder):
        self.finder = finder

    def find_spec(self, name, path=None, target=None):
        absent = name.split(".")[0] in {ABSENT}
        return None if absent else self.finder.find_spec(name, path, target)

sys.meta_path[:] = [Without(finder) for finder in sys.meta_path]
if any(importlib.util.find_spec(name) for name in {ABSENT}):
    sys.exit("some package is still there")
from training.__main__ import main
sys.exit(main())
"""


def scene(seed: int = 0, size: int = 96, bands: int = 3) -> TrainingScene:
    rng = np.random.default_rng(seed)
    ms = rng.integers(200, 2000, (bands, size, size)).astype(np.float32)
    valid = np.ones((size, size), bool)
    valid[:, :7] = False
    return TrainingScene(
        f"scene{seed}", ms, ms.mean(0), valid, 0.5, sensor="quickbird", gains=(0.3,)
    )


def samples() -> TrainingScene:
    rng = np.random.default_rng(9)
    lms, gt = rng.normal(500, 100, (2, 5, 4, 16, 16)).astype(np.float32)
    lms[0, 0, 0, 0] = -222.6
    pan = rng.normal(500, 100, (5, 16, 16)).astype(np.float32)
    return TrainingScene("many", gt, pan, all_valid(pan.shape), 1.0, VALIDATION, lms=lms)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "new folder" / "p.safetensors"
    size = patches.write(path, [scene(), samples()], ENTRIES)
    assert size == path.stat().st_size
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    return path


def test_what_is_written_is_read(packed: Path) -> None:
    one, many = patches.open(packed, ENTRIES)
    meant, wanted = scene(), samples()
    assert one.name == meant.name and one.sensor == "quickbird" and one.gains == (0.3,)
    assert (one.part, many.part, one.weight, many.weight) == ("train", "validation", 0.5, 1.0)
    assert (one.samples, many.samples, one.bands, many.size) == (None, 5, 3, (16, 16))
    np.testing.assert_array_equal(one.ms[:, 3:50, 10:20], meant.ms[:, 3:50, 10:20])
    assert one.pan is not None and meant.pan is not None
    np.testing.assert_allclose(one.pan[:], meant.pan[:], atol=0.02)
    np.testing.assert_array_equal(one.valid, meant.valid)
    assert many.valid.all() and one.lms is None
    assert many.lms is not None and wanted.lms is not None
    for number in (4, 0):
        np.testing.assert_allclose(many.lms[number], wanted.lms[number], atol=0.01)
        np.testing.assert_allclose(many.ms[number], wanted.ms[number], atol=0.01)
    assert many.sample(3).ms.shape == (4, 16, 16) and many.sample(3).samples is None


def test_images_without_pan_stay_without(tmp_path: Path) -> None:
    path = tmp_path / "p"
    patches.write(path, [replace(scene(), pan=None)])
    (read,) = patches.open(path)
    assert read.pan is None and read.size == scene().size
    np.testing.assert_array_equal(read.valid, scene().valid)


def test_eight_bits_are_half_the_size_and_keep_each_band_s_range(tmp_path: Path) -> None:
    noisy = replace(samples(), valid=all_valid((5, 16, 16)))
    sizes = {
        bits: patches.write(tmp_path / f"{bits}", [replace(noisy, bits=bits)]) for bits in (8, 16)
    }
    assert 0.4 < sizes[8] / sizes[16] < 0.65
    (read,) = patches.open(tmp_path / "8")
    band = np.stack([noisy.ms[n][2] for n in range(5)])
    step = (band.max() - band.min()) / 255
    assert np.abs(read.ms[1][2] - band[1]).max() <= 0.51 * step


@pytest.mark.numerical
def test_draws_from_a_file_are_those_from_memory(packed: Path) -> None:
    (kept, _), meant = patches.open(packed), scene()
    one, other = (draw(np.random.default_rng(4), s, 4, 2, 32) for s in (kept, meant))
    for name in ("pan", "lms", "gain", "details", "gt"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=2e-2)


def test_what_is_no_patch_file_is_refused(packed: Path, tmp_path: Path) -> None:
    whole = packed.read_bytes()
    cut, other = tmp_path / "cut", tmp_path / "other"
    for length in (0, 4, 100, len(whole) - 10):
        cut.write_bytes(whole[:length])
        with raises_code("not-a-patch-file"):
            patches.open(cut)
    other.write_bytes(b"\x13\x00\x00\x00\x00\x00\x00\x00" + b"no JSON at all, text")
    with raises_code("not-a-patch-file"):
        patches.open(other)
    with raises_code("patches-unreadable"):
        patches.open(tmp_path / "missing")
    with raises_code("patches-of-other-sources"):
        patches.open(packed, [{**ENTRIES[0], "seed": 6}])


def test_training_needs_no_rasters(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prepared here, trained where only torch, numpy and safetensors are, in both stages."""
    stage = {"steps": 2, "lr": 1e-3, "warmup": 1}
    values = {"name": "tiny", "sources": ENTRIES, "network": NETWORK, "batch": 2, "patch": 32}
    values |= {"stage1": stage, "stage2": stage, "ddim_train_steps": 2}
    recipe, file, out = (tmp_path / n for n in ("recipe.json", "p.safetensors", "run"))
    recipe.write_text(json.dumps(values))
    common = ["--recipe", str(recipe), "--out"]
    prepare = ["training", "prepare", *common, str(file), "--data", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", prepare)
    assert main() == 0
    command = [sys.executable, "-c", RUN, "run", *common, str(out), "--data", str(file)]
    done = subprocess.run([*command, "--threads", "1"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (out / "loss.csv").read_text().count("\n") == 5
    with (out / "validation.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == 2 * 3  # stages, and what is compared
    assert all(float(row[name]) > 0 for row in rows for name in ("ERGAS", "SAM", "Q2n"))
    assert (out / "checkpoint.pt").is_file()
