# SPDX-License-Identifier: GPL-2.0-or-later
"""The loss at full resolution: an image that gives MS back, and follows PAN as far as MS does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from fakes import quiet, write_holed
from torch import Tensor

from core.methods.full_resolution_loss import BOX, FullResolution, correlation
from core.methods.full_resolution_windows import COUNT, FullWindows
from core.methods.interface import Settings
from core.methods.ksdiff import KSDiffMethod
from core.pair.scene import Scene
from core.raster.window import Window
from core.sensors import gains_for
from core.synthetic.pairs import write_pair

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return write_pair(tmp_path_factory.mktemp("pair"), 384, 4, 7)


@pytest.fixture(scope="module")
def windows(files: tuple[Path, Path, Path], small_model: Path) -> tuple[FullWindows, Tensor]:
    """Windows of a drawn scene, and the truth in nine of them."""
    return read_windows(files[0], files[1], files[2], small_model)


def read_windows(pan: Path, ms: Path, truth: Path, model: Path) -> tuple[FullWindows, Tensor]:
    sample = [Window(row, col, 32, 32) for row in (0, 128, 320) for col in (32, 200, 352)]
    with Scene.open(pan, ms) as scene, rasterio.open(truth) as reference:
        method = KSDiffMethod(Settings(4.0, model=str(model)))
        inputs = method.calibrated(scene, quiet)[0].inputs
        stacks = method.window_inputs(scene, sample, inputs)
        found = FullWindows.read(scene, sample, stacks, gains_for(scene.bands, None))
        image = reference.read().astype(np.float32)
    mean, std = (x[:, None, None] for x in (inputs.statistics.mean, inputs.statistics.std))
    image = (image - mean) / std
    return found, torch.from_numpy(np.stack([image[(..., *w.slices)] for w in sample]))


def test_the_truth_gives_ms_back_and_interpolation_does_not(
    windows: tuple[FullWindows, Tensor],
) -> None:
    """All but noise and the MTF that nobody knows."""
    full, truth = FullResolution.of(windows[0], CPU), windows[1]
    of_truth = float(full.reprojected_error(truth))
    assert of_truth < 0.5 * float(full.reprojected_error(full.inputs["lms"]))


def test_only_ms_pixels_that_are_seen_whole_count(windows: tuple[FullWindows, Tensor]) -> None:
    full, truth = FullResolution.of(windows[0], CPU), windows[1]
    framed = truth.clone()
    framed[..., 0], framed[..., -1, :] = 3, -3
    assert float(full.reprojected_error(framed)) < 2 * float(full.reprojected_error(truth))


def test_a_band_follows_pan_only_as_far_as_ms_does(windows: tuple[FullWindows, Tensor]) -> None:
    """An image that is PAN misses nothing; a band that is PAN's opposite in MS is left alone."""
    found, _ = windows
    inputs = dict(found.inputs)
    pan, detail = inputs["pan"][:, :1], inputs["pan"][:, 1:]
    alike = FullResolution.of(found, CPU)
    as_pan = torch.from_numpy(np.repeat(pan, 4, axis=1))
    assert float(alike.missing_structure(as_pan)) < 1e-3
    opposite = 0.3 * torch.randn(as_pan.shape, generator=torch.Generator().manual_seed(0)) - as_pan
    assert float(alike.missing_structure(opposite)) > 1
    inputs["lms"] = np.repeat(detail - pan, 4, axis=1)
    unlike = FullResolution.of(replace(found, inputs=inputs), CPU)
    assert float(unlike.missing_structure(opposite)) < 1e-3


def test_what_is_not_valid_does_not_count(
    files: tuple[Path, Path, Path], small_model: Path, tmp_path: Path
) -> None:
    holed = write_holed(tmp_path / "ms.tif", files[1], slice(36, 37), slice(53, 54))
    found, truth = read_windows(files[0], holed, files[2], small_model)
    full = FullResolution.of(found, CPU)
    wrong = torch.where(full.valid > 0, truth, truth + 1)
    assert int((full.valid[4] == 0).sum()) > int((full.valid[0] == 0).sum())
    careless = replace(full, valid=torch.ones_like(full.valid))
    right = float(full.reprojected_error(truth))
    assert float(full.reprojected_error(wrong)) < right + 0.01
    assert float(careless.reprojected_error(wrong)) > right + 0.03
    missing = float(full.missing_structure(truth))
    assert float(full.missing_structure(wrong)) == pytest.approx(missing, rel=1e-3)
    assert float(careless.missing_structure(wrong)) > 1.05 * missing


def test_correlation_is_that_of_each_box() -> None:
    rng = np.random.default_rng(2)
    image, other = (torch.from_numpy(rng.normal(3, 1, (2, c, 9, 8))).float() for c in (3, 1))
    found = correlation(image, other, BOX)
    assert found.shape == (2, 3, 6, 5)
    boxes = (x[1, k, 2:6, 3:7].numpy().ravel() for x, k in ((image, 2), (other, 0)))
    assert float(found[1, 2, 2, 3]) == pytest.approx(np.corrcoef(*boxes)[0, 1], abs=1e-4)


def test_windows_have_data_and_every_strength_of_detail(
    files: tuple[Path, Path, Path], small_model: Path, tmp_path: Path
) -> None:
    """One of each of sixteen strata, none where most of MS is missing."""
    holed = write_holed(tmp_path / "ms.tif", files[1], slice(0, 96), slice(0, 40))
    with Scene.open(files[0], holed) as scene:
        method = KSDiffMethod(Settings(4.0, model=str(small_model)))
        inputs = method.calibrated(scene, quiet)[0].inputs
        sample = scene.scattered(32, 64, 0)
        stacks = method.window_inputs(scene, sample, inputs)
        found = FullWindows.read(scene, sample, stacks, gains_for(scene.bands, None))
    assert len(sample) == 64 and len(found.ms) == COUNT
    assert found.valid.mean(axis=(1, 2)).min() > 0.8
    detail, chosen = (x["pan"][:, 1].std(axis=(1, 2)) for x in (stacks, found.inputs))
    full = detail[[scene_part.col >= 160 for scene_part in sample]]
    below = [(full < value).mean() for value in np.sort(chosen)]
    np.testing.assert_allclose(below, (np.arange(COUNT) + 0.5) / COUNT, atol=0.08)
