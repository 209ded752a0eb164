# SPDX-License-Identifier: GPL-2.0-or-later
"""Quality indices: the reference toolbox's values, published vectors, and invariants."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden import SENSORS, of_sensor, reference
from toolbox import bt_h, gsa, mtf_glp_fs

from core.imaging import filters
from core.imaging.arrays import FloatArray
from core.imaging.filters import mtf_kernel
from core.quality import indices, q2n, whole_image
from core.sensors import cards

pytestmark = pytest.mark.numerical


def everything(sensor: str) -> dict[str, float]:
    """Every quantity that there are reference values of, by its name there."""
    c, bands = of_sensor(sensor), cards()[SENSORS[sensor]].bands
    gains = [band.mtf for band in bands]
    found = {
        "DlambdaK_fused": whole_image.d_lambda_k(c.fused, c.lms, gains, 4),
        "Ds_fused": whole_image.d_s(c.fused, c.lms, c.pan, 4),
        "Dlambda_fused": whole_image.d_lambda(c.fused, c.lms),
        "QNR_fused": whole_image.qnr(c.fused, c.lms, c.pan, 4),
        "HQNR_fused": whole_image.hqnr(c.fused, c.lms, c.pan, gains, 4),
        "EXP_at_101_57_1": c.lms[0, 100, 56],
        "EXP_at_200_200_last": c.lms[-1, 199, 199],
        "EXP_mean": c.lms.mean(),
    }
    for number, gain in enumerate(gains, start=1):
        kernel = mtf_kernel(gain, 4)
        for name, value in (
            ("centre", kernel[20, 20]),
            ("at_21_25", kernel[20, 24]),
            ("at_24_24", kernel[23, 23]),
            ("sum", kernel.sum()),
        ):
            found[f"MTF_b{number}_{name}"] = value
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
        scores = whole_image.scores(c.gt, image, 4, c.peak)
        found |= {prefix + name: scores[name] for name in scores if name not in left_out}
    return found | {f"{name}at_101_57_1": image[0, 100, 56] for name, image in methods.items()}


@pytest.mark.parametrize("sensor", SENSORS)
def test_every_value_of_the_toolbox(sensor: str) -> None:
    """None is left out, none is made up."""
    known, found = reference()[sensor], everything(sensor)
    assert found.keys() == known.keys()
    for name, value in known.items():
        relative = 1e-3 if name.startswith("GSA") else 1e-9
        assert found[name] == pytest.approx(value, rel=relative), name


def test_every_sensor_of_the_toolbox_is_tested() -> None:
    assert reference().keys() == SENSORS.keys()


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
        (8, 21, (0.349891, 0.620851, 0.993835, 0.996168, 40.2387, 39.8908)),
        (8, 30, (0.350992, 0.620813, 0.993983, 0.995988, 40.2387, 39.8908)),
        (4, 21, (0.351174, 0.592483, 0.996615, 0.997260, 41.7802, 41.6596)),
        (4, 30, (0.351976, 0.589246, 0.996191, 0.996873, 41.7802, 41.6597)),
    ],
)
def test_values_of_another_implementation(bands: int, cut: int, expected: tuple[float]) -> None:
    gt, fused = (i[:, cut - 1 : 256 - cut, cut - 1 : 256 - cut] for i in checkerboard(bands))
    found = (
        indices.sam(gt, fused),
        indices.ergas(gt, fused, 4),
        indices.q2n(gt, fused),
        whole_image.scc(gt, fused),
    )
    assert found == pytest.approx(expected[:4], abs=6e-7)
    # Its PSNR is of a slightly different border: only the two conventions are told apart here.
    by_band = float(np.mean(whole_image.psnr_bands(gt, fused, 2047)))
    assert (by_band, whole_image.psnr(gt, fused, 2047)) == pytest.approx(expected[4:], abs=5e-3)


def test_identical_images_are_perfect() -> None:
    gt, _ = checkerboard(4)
    assert whole_image.scores(gt, gt, 4, 2047) == pytest.approx(
        {"SAM": 0.0, "ERGAS": 0.0, "Q2n": 1.0, "SCC": 1.0, "PSNR": math.inf, "SSIM": 1.0}, abs=2e-6
    )


def test_sam_ignores_brightness_and_q2n_does_not() -> None:
    gt, _ = checkerboard(4)
    assert indices.sam(gt, 1.3 * gt) == pytest.approx(0, abs=2e-6)
    assert indices.q2n(gt, 1.3 * gt) < 0.99


def test_sam_leaves_out_zero_spectra_and_maps_them_as_unknown() -> None:
    gt = np.ones((3, 4, 4))
    fused = gt.copy()
    fused[:, 0, 0] = 0
    fused[0, 1, 1] = 1 + math.sqrt(6) * math.tan(math.radians(30))
    angles = indices.sam_map(gt, fused)
    assert np.isnan(angles[0, 0])
    assert np.isfinite(angles).sum() == 15
    assert indices.sam(gt, fused) == pytest.approx(np.nansum(angles) / 15)
    assert math.isnan(indices.sam(np.zeros((3, 4, 4)), fused))


def test_sam_of_perpendicular_spectra_is_90_degrees() -> None:
    gt, fused = np.zeros((2, 2, 5, 5))
    gt[0], fused[1] = 7, 3
    assert indices.sam(gt, fused) == pytest.approx(90)


def test_ergas_is_relative_to_the_mean_of_the_reference() -> None:
    gt, fused = np.full((1, 8, 8), 100.0), np.full((1, 8, 8), 110.0)
    assert indices.ergas(gt, fused, 4) == pytest.approx(25 * 0.1)
    assert indices.ergas(fused, gt, 2) == pytest.approx(50 * 10 / 110)


def test_order_of_the_bands_does_not_matter_where_it_should_not() -> None:
    gt, fused = checkerboard(4)
    order = [0, 3, 1, 2]
    for index in (indices.sam, whole_image.scc):
        assert index(gt[order], fused[order]) == pytest.approx(index(gt, fused), rel=1e-12)
    assert indices.ergas(gt[order], fused[order], 4) == pytest.approx(indices.ergas(gt, fused, 4))


def test_q2n_sees_a_wrong_order_of_bands() -> None:
    gt, _ = checkerboard(4)
    assert indices.q2n(gt, gt[[1, 0, 2, 3]]) < 0.9


@pytest.mark.parametrize("bands", [1, 2, 3, 5, 6])
def test_q2n_of_any_number_of_bands_and_any_size(bands: int) -> None:
    gt, fused = (i[:bands, :70, :45] for i in checkerboard(8))
    assert q2n.q2n_map(gt, fused).shape == (3, 2)
    assert indices.q2n(gt, gt) == pytest.approx(1)
    assert 0.5 < indices.q2n(gt, fused) < 1


def test_q2n_of_one_band_is_the_universal_quality_index() -> None:
    gt, fused = (np.round(i[:1, :64, :64]) for i in checkerboard(1))
    # Every block is brought to mean 1 and deviation 1 of the reference first, which changes the
    # luminance term only; compare with the index of the images so normalised.
    expected = []
    for r in (0, 32):
        for c in (0, 32):
            x, y = gt[0, r : r + 32, c : c + 32], fused[0, r : r + 32, c : c + 32]
            mean, std = x.mean(), x.std(ddof=1)
            expected.append(whole_image.uqi((x - mean) / std + 1, (y - mean) / std + 1))
    assert indices.q2n(gt, fused) == pytest.approx(np.mean(expected), rel=1e-12)


def test_q2n_of_flat_blocks() -> None:
    flat = np.full((4, 32, 32), 50.0)
    assert indices.q2n(flat, flat) == pytest.approx(1)
    assert np.isfinite(indices.q2n(flat, flat + 1))


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
    spread = unbiased * ((x * x).sum(0).mean() + (y * y).sum(0).mean() - sum(squares))
    product = q2n._onion(x, y).mean(axis=1) - q2n._onion(mx[:, None], my[:, None])[:, 0]
    return float(bias * 2 / spread * unbiased * np.linalg.norm(product))


@pytest.mark.parametrize("bands", [1, 2, 3, 4, 6, 8])
def test_q2n_from_moments_is_that_of_multiplied_pixels(bands: int) -> None:
    gt, fused = (np.round(image[:bands, 40:72, 8:40]) for image in checkerboard(8))
    assert indices.q2n(gt, fused) == pytest.approx(q2n_by_pixels(gt, fused), rel=1e-11)
    if bands > 1:
        gt[1] = 0  # a band that is zero on average leaves the fused one unscaled
        assert indices.q2n(gt, fused) == pytest.approx(q2n_by_pixels(gt, fused), rel=1e-9)


@pytest.mark.parametrize("bands", [1, 4])
def test_ssim_of_one_window_by_its_definition(bands: int) -> None:
    gt, fused = (image[:bands, :40, :30] for image in checkerboard(4))
    y, x = np.mgrid[-5:6, -5:6]
    weight = np.exp(-(x**2 + y**2) / (2 * 1.5**2))
    weight /= weight.sum()
    found = whole_image.ssim_map(gt, fused, 2047)
    assert found.shape == (bands, 30, 20)
    for band, row, col in ((0, 0, 0), (bands - 1, 29, 19), (0, 11, 7)):
        a, b = (image[band, row : row + 11, col : col + 11] for image in (gt, fused))
        ma, mb = (weight * a).sum(), (weight * b).sum()
        va, vb = (weight * (a - ma) ** 2).sum(), (weight * (b - mb) ** 2).sum()
        both = (weight * (a - ma) * (b - mb)).sum()
        c1, c2 = (0.01 * 2047) ** 2, (0.03 * 2047) ** 2
        expected = (2 * ma * mb + c1) * (2 * both + c2) / (ma**2 + mb**2 + c1) / (va + vb + c2)
        assert found[band, row, col] == pytest.approx(expected, rel=1e-10)
    assert whole_image.ssim(gt, fused, 2047) == pytest.approx(found.mean())


def test_ssim_of_identical_small_and_broken_images() -> None:
    gt, fused = checkerboard(2)
    assert whole_image.ssim(gt, gt, 2047) == pytest.approx(1)
    assert math.isnan(whole_image.ssim(gt[:, :10], fused[:, :10], 2047))
    valid = np.ones((256, 256), bool)
    valid[:, 100:] = False
    broken = np.where(valid, fused, 1e6)
    expected = whole_image.ssim(gt[:, :, :100], fused[:, :, :100], 2047)
    assert whole_image.ssim(gt, broken, 2047, valid) == pytest.approx(expected)
    assert math.isnan(whole_image.ssim(gt, fused, 2047, np.zeros_like(valid)))


def test_scc_pads_with_zeros() -> None:
    """A constant image has edges on its outermost ring only, and correlates there."""
    flat = np.full((1, 34, 34), 9.0)
    ring = filters.sobel(flat[:, 1:-1, 1:-1])[0]
    assert ring[1:-1, 1:-1].max() == 0
    assert min(ring[0].min(), ring[:, 0].min()) > 0
    assert whole_image.scc(flat, 3 * flat) == pytest.approx(1)


def test_scc_falls_with_blur() -> None:
    gt, _ = checkerboard(4)
    shifted = np.roll(gt, 3, axis=2)
    assert whole_image.scc(gt, shifted) < 0.95


def test_uqi_of_small_blocks_at_the_edge_and_of_flat_ones() -> None:
    gt, fused = checkerboard(1)
    x, y = gt[0, :40, :33], fused[0, :40, :33]
    found = q2n.uqi_map(x, y)
    assert found.shape == (2, 2)
    corner = np.cov(x[32:, :32].ravel(), y[32:, :32].ravel())
    mx, my = x[32:, :32].mean(), y[32:, :32].mean()
    expected = 4 * corner[0, 1] * mx * my / np.trace(corner) / (mx**2 + my**2)
    assert found[1, 0] == pytest.approx(expected, rel=1e-12)
    assert math.isnan(whole_image.uqi(np.ones((32, 32)), np.ones((32, 32))))
    assert whole_image.uqi(x, x) == pytest.approx(1)


def test_d_s_is_zero_for_lms_when_pan_is_its_own_low_pass() -> None:
    gt, _ = checkerboard(2)
    y, x = np.mgrid[:256, :256] * (2 * math.pi / 256)
    smooth = 500 + 90 * np.sin(x) * np.cos(y)  # its own low-pass, but for half a pixel
    assert whole_image.d_s(gt, gt, smooth, 4) < 0.01
    assert whole_image.d_s(smooth + 0 * gt, gt, smooth, 4) > 0.5


def test_d_lambda_is_zero_for_lms_but_khans_is_not() -> None:
    gt, _ = checkerboard(4)
    assert whole_image.d_lambda(gt, gt) == 0
    assert 0 < whole_image.d_lambda_k(gt, gt, [0.3] * 4, 4) < 0.2


def test_images_of_different_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="one shape"):
        indices.sam(np.zeros((3, 8, 8)), np.zeros((3, 8, 9)))
    with pytest.raises(ValueError, match="multiple of the ratio"):
        whole_image.d_s(np.ones((1, 66, 64)), np.ones((1, 66, 64)), np.ones((66, 64)), 4)


def test_scores_of_the_valid_pixels_only() -> None:
    """Beside a seam of blocks: the scores of the one part, whatever the other holds."""
    rng = np.random.default_rng(3)
    gt = rng.uniform(100, 900, (4, 64, 96))
    fused = gt + rng.normal(0, 50, gt.shape)
    expected = whole_image.scores(gt[:, :, :64], fused[:, :, :64], 4, 2047)
    valid = np.zeros((64, 96), bool)
    valid[:, :64] = True
    fused[:, :, 64:], gt[:, :, 64:] = np.nan, 3
    found = whole_image.scores(gt, fused, 4, 2047, valid)
    assert found.pop("SCC") == pytest.approx(expected.pop("SCC"), abs=0.01)  # its border differs
    assert found == pytest.approx(expected)
    nothing = whole_image.scores(gt, fused, 4, 2047, np.zeros_like(valid))
    assert nothing.keys() == {*found, "SCC"} and np.isnan(list(nothing.values())).all()
