# SPDX-License-Identifier: GPL-2.0-or-later
"""Quality indices of whole images: the reference toolbox's values, published ones, invariants."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden import SENSORS, of_sensor, reference
from toolbox import bt_h, gsa, mtf_glp_fs

from core.imaging.arrays import FloatArray
from core.imaging.mtf import mtf_kernel
from core.quality import no_reference, with_reference
from core.quality.q2n import hypercomplex_product, q2n_map, uqi_maps
from core.quality.streaming import error_scores, sam_map
from core.sensors import cards

pytestmark = pytest.mark.numerical


def toolbox_quantities(sensor: str) -> dict[str, float]:
    """Every quantity that there are reference values of, by its name there."""
    c, bands = of_sensor(sensor), cards()[SENSORS[sensor]].bands
    gains = [band.mtf for band in bands]
    full = no_reference.scores(c.fused, c.lms, c.pan, gains, 4)
    found = {f"{name.replace('_', '')}_fused": value for name, value in full.items()}
    found |= {
        "EXP_at_101_57_1": c.lms[0, 100, 56],
        "EXP_at_200_200_last": c.lms[-1, 199, 199],
        "EXP_mean": c.lms.mean(),
    }
    for number, gain in enumerate(gains, start=1):
        kernel = mtf_kernel(gain, 4)
        points = {"centre": kernel[20, 20], "at_21_25": kernel[20, 24], "at_24_24": kernel[23, 23]}
        points["sum"] = kernel.sum()
        found |= {f"MTF_b{number}_{name}": value for name, value in points.items()}
    methods = {
        "MTF_GLP_FS_": mtf_glp_fs(c.lms, c.pan, 4, gains),
        "BT_H_": bt_h(c.lms, c.pan, 4),
        "GSA_": gsa(c.lms, c.pan, c.ms, 4),
    }
    for prefix, image, left_out in (
        ("", c.fused, ("SSIM",)),
        ("EXP_", c.lms, ("PSNR", "SSIM")),
        *((name, image, ("SCC", "PSNR", "SSIM")) for name, image in methods.items()),
    ):
        scores = with_reference.scores(c.gt, image, 4, c.peak)
        found |= {prefix + name: scores[name] for name in scores if name not in left_out}
    return found | {f"{name}at_101_57_1": image[0, 100, 56] for name, image in methods.items()}


@pytest.mark.parametrize("sensor", SENSORS)
def test_equal_to_reference_toolbox(sensor: str) -> None:
    known, found = reference()[sensor], toolbox_quantities(sensor)
    assert found.keys() == known.keys()
    for name, value in known.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name


def checkerboard(bands: int) -> tuple[FloatArray, FloatArray]:
    """A reference image of integers and a fused one, 256 x 256, from a formula."""
    y, x = np.mgrid[:256, :256].astype(np.float64)
    gt, fused = np.empty((2, bands, 256, 256))
    squares = 100 * ((x // 16 + y // 16) % 2)
    for b in range(bands):
        waves = 300 * np.sin(x / (7 + b)) + 200 * np.cos(y / (11 - b / 2))
        gt[b] = np.round(600 + waves + 50 * b + squares)
        fused[b] = gt[b] + 20 * np.sin((x + 2 * y) / 5) * (1 + b / 8)
    return gt, fused


@pytest.mark.parametrize(
    ("bands", "cut", "expected"),
    [
        (8, 21, (0.349891, 0.620851, 0.993835, 0.996168, 39.8908)),
        (8, 30, (0.350992, 0.620813, 0.993983, 0.995988, 39.8908)),
        (4, 21, (0.351174, 0.592483, 0.996615, 0.997260, 41.6596)),
        (4, 30, (0.351976, 0.589246, 0.996191, 0.996873, 41.6597)),
    ],
)
def test_equal_to_another_implementation(bands: int, cut: int, expected: tuple[float]) -> None:
    gt, fused = (i[:, cut - 1 : 256 - cut, cut - 1 : 256 - cut] for i in checkerboard(bands))
    scores = with_reference.scores(gt, fused, 4, 2047)
    found = [scores[name] for name in ("SAM", "ERGAS", "Q2n", "SCC", "PSNR")]
    assert found[:4] == pytest.approx(expected[:4], abs=6e-7)
    assert found[4] == pytest.approx(expected[4], abs=5e-3)  # its border differs a little


def test_identical_images_are_perfect() -> None:
    gt, _ = checkerboard(4)
    assert with_reference.scores(gt, gt, 4, 2047) == pytest.approx(
        {"SAM": 0.0, "ERGAS": 0.0, "Q2n": 1.0, "SCC": 1.0, "PSNR": math.inf, "SSIM": 1.0}, abs=2e-6
    )


def test_sam_ignores_brightness_and_q2n_does_not() -> None:
    gt, _ = checkerboard(4)
    found = error_scores(gt, 1.3 * gt, 4)
    assert found["SAM"] == pytest.approx(0, abs=2e-6)
    assert found["Q2n"] < 0.99


def test_sam_of_perpendicular_and_zero_spectra() -> None:
    gt, fused = np.zeros((2, 2, 5, 5))
    gt[0], fused[1] = 7, 3
    assert error_scores(gt, fused, 4)["SAM"] == pytest.approx(90)
    fused[:, 0, 0] = 0
    assert np.isnan(sam_map(gt, fused)[0, 0]) and np.isfinite(sam_map(gt, fused)).sum() == 24
    assert error_scores(gt, fused, 4)["SAM"] == pytest.approx(90)
    assert math.isnan(error_scores(np.zeros_like(gt), fused, 4)["SAM"])


def test_ergas_is_relative_to_mean_of_reference() -> None:
    gt, fused = np.full((1, 8, 8), 100.0), np.full((1, 8, 8), 110.0)
    assert error_scores(gt, fused, 4)["ERGAS"] == pytest.approx(25 * 0.1)
    assert error_scores(fused, gt, 2)["ERGAS"] == pytest.approx(50 * 10 / 110)


def test_order_of_bands_matters_for_q2n_only_between_images() -> None:
    gt, fused = checkerboard(4)
    order = [0, 3, 1, 2]
    found, other = (with_reference.scores(a, b, 4, 2047)
                    for a, b in ((gt, fused), (gt[order], fused[order])))  # fmt: skip
    for name in ("SAM", "ERGAS", "SCC"):
        assert other[name] == pytest.approx(found[name], rel=1e-12)
    assert error_scores(gt, gt[[1, 0, 2, 3]], 4)["Q2n"] < 0.9


def test_q2n_of_flat_blocks_is_defined() -> None:
    flat = np.full((4, 32, 32), 50.0)
    assert q2n_map(flat, flat) == pytest.approx(1)
    assert np.isfinite(q2n_map(flat, flat + 1)).all()


def q2n_by_pixels(reference: FloatArray, fused: FloatArray) -> float:
    """Q2n of one block by its definition: normalised pixels multiplied as hypercomplex numbers."""
    bands, pixels = len(reference), reference[0].size
    n = 1 << (bands - 1).bit_length()
    gt, image = np.zeros((2, n, pixels))
    gt[:bands], image[:bands] = reference.reshape(bands, -1), fused.reshape(bands, -1)
    mean, std = gt.mean(axis=1)[:, None], gt.std(axis=1, ddof=1)[:, None]
    std[std == 0] = np.finfo(np.float64).eps
    x = (gt - mean) / std + 1
    y = (image - mean) / np.where(mean == 0, 1, std) + 1
    y[1:] *= -1
    mx, my = x.mean(axis=1), y.mean(axis=1)
    unbiased = pixels / (pixels - 1)
    squares = (mx @ mx, my @ my)
    bias = 2 * math.sqrt(squares[0] * squares[1]) / sum(squares)
    variances = unbiased * ((x * x).sum(0).mean() + (y * y).sum(0).mean() - sum(squares))
    product = hypercomplex_product(x, y).mean(axis=1)
    product -= hypercomplex_product(mx[:, None], my[:, None])[:, 0]
    return float(bias * 2 / variances * unbiased * np.linalg.norm(product))


@pytest.mark.parametrize("bands", [1, 2, 3, 4, 6, 8])
def test_q2n_from_moments_equals_product_of_pixels(bands: int) -> None:
    gt, fused = (np.round(image[:bands, 40:72, 8:40]) for image in checkerboard(8))
    assert q2n_map(gt, fused) == pytest.approx(q2n_by_pixels(gt, fused), rel=1e-11)
    if bands > 1:
        gt[1] = 0  # a band of zero mean leaves the fused one unscaled
        assert q2n_map(gt, fused) == pytest.approx(q2n_by_pixels(gt, fused), rel=1e-9)


def test_uqi_of_truncated_and_of_flat_blocks() -> None:
    x, y = (image[0, :40, :33] for image in checkerboard(1))
    found = uqi_maps(np.stack([x, y, np.ones_like(x)]))
    assert found.shape == (2, 2, 3, 3)
    corner = np.cov(x[32:, :32].ravel(), y[32:, :32].ravel())
    mx, my = x[32:, :32].mean(), y[32:, :32].mean()
    expected = 4 * corner[0, 1] * mx * my / np.trace(corner) / (mx**2 + my**2)
    assert found[1, 0, 0, 1] == pytest.approx(expected, rel=1e-12)
    assert found[..., 0, 0] == pytest.approx(1)
    assert np.isnan(found[..., 2, 2]).all()


def test_d_lambda_of_lms_is_zero_but_not_that_of_khan() -> None:
    gt, _ = checkerboard(4)
    found = no_reference.scores(gt, gt, gt[0], [0.3] * 4, 4)
    assert found["D_lambda"] == 0 < found["D_lambda_K"] < 0.2
    assert no_reference.scores(gt[:1], gt[1:2], gt[0], [0.3], 4)["D_lambda"] == 0


def test_images_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError):
        error_scores(np.zeros((3, 8, 8)), np.zeros((3, 8, 9)), 4)
    image = np.ones((1, 66, 64))
    with pytest.raises(ValueError):
        no_reference.scores(image, image, image[0], [0.3], 4)
