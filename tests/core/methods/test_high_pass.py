# SPDX-License-Identifier: GPL-2.0-or-later
"""HPM-H, HPM-R and AWLP-H: whole arrays in double precision, closed forms, and hard cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import quiet, write_holed
from scipy.ndimage import correlate

from core.fusion.tiled import in_memory
from core.imaging.mtf import gauss_kernel, mtf_kernel
from core.methods.high_pass import AwlpH, HpmH, HpmR
from core.methods.interface import Settings
from core.pair.scene import Patch, Scene
from core.raster.window import Window
from core.synthetic.pairs import write_pair

pytestmark = pytest.mark.numerical

GAINS = (0.34, 0.32, 0.30, 0.22)
KINDS = (HpmH, HpmR, AwlpH)


def low_pass(pan: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """PAN under a kernel, by a sum over its taps."""
    return correlate(pan, kernel, mode="nearest")


def regressed(pan: np.ndarray, bands: np.ndarray, constant: bool) -> np.ndarray:
    """Weights of the bands in PAN, then the constant, by least squares over all pixels."""
    columns = [*bands.reshape(len(bands), -1), *([np.ones(pan.size)] if constant else [])]
    return np.linalg.lstsq(np.stack(columns, axis=1), pan.ravel(), rcond=None)[0]


def hpm_h(lms: np.ndarray, pan: np.ndarray) -> np.ndarray:
    """(L - h) (P - h_P) / (P_b - h_P) + h, for blue, green, red and near infrared."""
    haze = np.array([0.95, 0.45, 0.40, 0.05]) * np.percentile(lms, 1, axis=(1, 2), method="hazen")
    weight = regressed(low_pass(pan, gauss_kernel(4)), lms, constant=True)
    of_pan = weight[:4] @ haze + weight[4]
    low = np.stack([low_pass(pan, mtf_kernel(gain, 4)) for gain in GAINS])
    h = haze[:, None, None]
    return (lms - h) * (pan - of_pan) / (low - of_pan) + h


def hpm_r(lms: np.ndarray, pan: np.ndarray) -> np.ndarray:
    """L (P + c) / (P_b + c) with c = mean(L) / g - mean(P)."""
    result = []
    for band, gain in zip(lms, GAINS, strict=True):
        low = low_pass(pan, mtf_kernel(gain, 4))
        g = np.cov(band.ravel(), low.ravel())[0, 1] / low.var(ddof=1)
        c = band.mean() / g - pan.mean()
        result.append(band * (pan + c) / (low + c))
    return np.stack(result)


def awlp_h(lms: np.ndarray, pan: np.ndarray) -> np.ndarray:
    """L + (L - m) / I s (P - P_0)."""
    least = lms.min(axis=(1, 2))[:, None, None]
    low = low_pass(pan, gauss_kernel(4))
    intensity = np.tensordot(regressed(low, lms, constant=False), lms - least, 1)
    stretch = intensity.std() / low.std()
    return lms + (lms - least) / intensity * stretch * (pan - low)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return write_pair(tmp_path, 192, 4, 3)[:2]


@pytest.mark.parametrize(("kind", "whole_array"), [(HpmH, hpm_h), (HpmR, hpm_r), (AwlpH, awlp_h)])
def test_methods_equal_their_formulas_on_whole_arrays(
    scene: Scene, kind: Any, whole_array: Any
) -> None:
    method = kind(Settings(scene.ratio, GAINS))
    patch = scene.read(scene.whole)
    found = method.fuse(patch, method.prepare(scene, quiet))
    lms, pan = patch.lms.astype(np.float64), patch.pan.astype(np.float64)
    expected = whole_array(lms, pan)
    ratio = (expected - lms.min(axis=(1, 2))[:, None, None]) / lms
    inside = np.broadcast_to((ratio > 0).all(axis=0) & (ratio < 3).all(axis=0), lms.shape)
    assert inside.mean() > 0.9  # where no ratio is bounded
    np.testing.assert_allclose(found[inside], expected[inside], rtol=2e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flat_pan_adds_nothing(kind: Any, scene: Scene) -> None:
    method = kind(Settings(scene.ratio, GAINS))
    context = method.prepare(scene, quiet)
    patch = scene.read(scene.whole)
    flat = Patch(patch.window, np.full_like(patch.pan, 700), patch.lms, patch.valid)
    change = np.abs(method.fuse(flat, context) - patch.lms)
    # The reference's MTF kernels pass 0.998 to 0.999 of a constant, which dark pixels show.
    assert np.median(change / patch.lms) < 5e-3


@pytest.mark.parametrize("kind", KINDS)
def test_dark_pixels_do_not_blow_up(kind: Any, scene: Scene) -> None:
    method = kind(Settings(scene.ratio, GAINS))
    context = method.prepare(scene, quiet)
    patch = scene.read(Window(0, 0, 64, 64))
    dark = Patch(patch.window, patch.pan * np.float32(1e-3), patch.lms, patch.valid)
    fused = method.fuse(dark, context)
    assert np.isfinite(fused).all()
    assert np.abs(fused).max() <= 10 * np.abs(patch.lms).max()


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_without_data_have_no_say(
    kind: Any, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    pan, ms = pair
    holed = write_holed(tmp_path / "holed.tif", ms, slice(10, 20), slice(5, 30))
    with Scene.open(pan, holed) as scene:
        method = kind(Settings(scene.ratio, GAINS))
        context = method.prepare(scene, quiet)
        whole, tiled = (in_memory(scene, method, context, size) for size in (192, 40))
    missing = np.isnan(whole).any(axis=0)
    assert missing.sum() == 16 * 10 * 25
    np.testing.assert_allclose(tiled, whole, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ratio", [2.0, 3.0, 5.994])
def test_any_ratio_and_number_of_bands(kind: Any, ratio: float) -> None:
    rng = np.random.default_rng(0)
    lms = 400 + 50 * rng.random((3, 60, 60), np.float32)
    patch = Patch(Window(0, 0, 60, 60), lms.mean(axis=0), lms, np.ones((60, 60), bool))

    class Whole:
        bands, band_names = 3, (None,) * 3

        def plan(self, tile: int, halo: int) -> Any:
            from core.raster.tile_plan import plan

            return plan(Window(0, 0, 60, 60), tile, halo)

        def read(self, window: Window) -> Patch:
            part = window.slices
            return Patch(window, patch.pan[part], lms[(slice(None), *part)], patch.valid[part])

    method = kind(Settings(ratio))
    fused = method.fuse(patch, method.prepare(Whole(), quiet))
    assert fused.dtype == np.float32 and np.isfinite(fused).all()
