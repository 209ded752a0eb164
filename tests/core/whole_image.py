# SPDX-License-Identifier: GPL-2.0-or-later
"""Quality indices of whole arrays by their definitions, which `core.quality` is compared with.

Images are `(C, H, W)` and PAN `(H, W)`, float64 in DN; `valid` `(H, W)`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from core.imaging.arrays import FloatArray, Mask
from core.imaging.mtf import mtf_filter
from core.imaging.resample import imresize, interp23tap
from core.quality.q2n import full_blocks, q2n_map, uqi_maps
from core.registration.edge_matching import sobel


def with_reference(
    reference: FloatArray, fused: FloatArray, ratio: float, peak: float, valid: Mask
) -> dict[str, float]:
    """SAM, ERGAS, Q2n, SCC, PSNR, SSIM over the valid pixels."""
    x, y = np.where(valid, reference, 0.0), np.where(valid, fused, 0.0)
    known = x[:, valid], y[:, valid]
    mse = ((known[0] - known[1]) ** 2).mean(axis=1)
    return {
        "SAM": sam(*known),
        "ERGAS": 100 / ratio * math.sqrt((mse / known[0].mean(axis=1) ** 2).mean()),
        "Q2n": mean(q2n_map(x, y)[full_blocks(valid)]),
        "SCC": scc(x, y, valid),
        "PSNR": 10 * math.log10(peak**2 / mse.mean()),
        "SSIM": ssim(x, y, peak, valid),
    }


def no_reference(
    fused: FloatArray, lms: FloatArray, pan: FloatArray, gains: Sequence[float], ratio: int
) -> dict[str, float]:
    """D_lambda, D_lambda_K, D_s, QNR, HQNR with the 23-tap low-pass PAN."""
    low = interp23tap(imresize(pan, 1 / ratio)[None], ratio)
    fine, coarse = (
        np.nanmean(uqi_maps(np.concatenate(images)), axis=(0, 1))
        for images in ((fused, pan[None]), (lms, low))
    )
    change, bands = np.abs(fine - coarse), len(fused)
    upper = np.triu_indices(bands, 1)
    d_lambda = change[:bands, :bands][upper].mean() if bands > 1 else 0.0
    d_lambda_k = 1 - q2n_map(lms, mtf_filter(fused, gains, ratio)).mean()
    d_s = change[:bands, bands].mean()
    return {
        "D_lambda": d_lambda,
        "D_lambda_K": d_lambda_k,
        "D_s": d_s,
        "QNR": (1 - d_lambda) * (1 - d_s),
        "HQNR": (1 - d_lambda_k) * (1 - d_s),
    }


def mean(values: FloatArray) -> float:
    return float(values.mean()) if values.size else math.nan


def sam(x: FloatArray, y: FloatArray) -> float:
    """Mean angle, degrees, of spectra `(C, ...)` of which neither is zero."""
    norm = np.sqrt((x * x).sum(axis=0) * (y * y).sum(axis=0))
    cosine = (x * y).sum(axis=0)[norm > 0] / norm[norm > 0]
    return mean(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def scc(x: FloatArray, y: FloatArray, valid: Mask) -> float:
    """One cosine between the Sobel magnitudes of all bands, without the outermost pixels."""
    a, b = (sobel(image[:, 1:-1, 1:-1]) for image in (x, y))
    known = ndimage.binary_erosion(valid, np.ones((3, 3)))[1:-1, 1:-1]
    a, b = a[:, known], b[:, known]
    norm = math.sqrt((a * a).sum()) * math.sqrt((b * b).sum())
    return float((a * b).sum() / norm) if norm else math.nan


def ssim(x: FloatArray, y: FloatArray, peak: float, valid: Mask) -> float:
    """Mean over bands and pixels whose window of 11 x 11 pixels is valid."""
    if min(valid.shape) < 11:
        return math.nan
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2

    def local(image: FloatArray) -> FloatArray:
        low = [ndimage.gaussian_filter(band, 1.5, radius=5) for band in image]
        return np.stack(low)[:, 5:-5, 5:-5]

    mx, my = local(x), local(y)
    vx, vy, cov = local(x * x) - mx**2, local(y * y) - my**2, local(x * y) - mx * my
    values = (2 * mx * my + c1) * (2 * cov + c2) / (mx**2 + my**2 + c1) / (vx + vy + c2)
    return mean(values[:, ndimage.binary_erosion(valid, np.ones((11, 11)))[5:-5, 5:-5]])
