# SPDX-License-Identifier: GPL-2.0-or-later
"""Quality indices of pansharpened images, equal to the field's reference MATLAB toolbox.

Images are `(C, H, W)` in DN, computed in float64. With a reference (reduced resolution): SAM,
ERGAS, Q2n, SCC, PSNR, SSIM. Without (full resolution): D_lambda, D_lambda_K, D_s, QNR, HQNR, which
compare the fused image with LMS, the MS interpolated onto the PAN grid, and PAN.

Each is a mean or a ratio of sums over a map, so that `core.quality.streaming` computes them tile by
tile for scenes of any size; the functions here take whole images.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from core.imaging.arrays import FloatArray
from core.imaging.filters import interp23tap, mtf_filter, sobel
from core.imaging.resample import imresize
from core.quality.indices import ergas, q2n, sam
from core.quality.q2n import BLOCK, known_mean, pair, uqi_map, uqi_maps

#: The indices that need a reference.
REFERRED = ("SAM", "ERGAS", "Q2n", "SCC", "PSNR", "SSIM")
#: The Gaussian window of SSIM, radius (px) and standard deviation, and its constants.
SSIM_RADIUS = 5
SSIM_STD = 1.5
SSIM_K = (0.01, 0.03)


def psnr(reference: npt.ArrayLike, fused: npt.ArrayLike, peak: float) -> float:
    """Peak signal-to-noise ratio, dB, squared error pooled over all bands."""
    x, y = pair(reference, fused)
    mse = float(((x - y) ** 2).mean())
    return float("inf") if mse == 0 else float(10 * np.log10(peak**2 / mse))


def psnr_bands(reference: npt.ArrayLike, fused: npt.ArrayLike, peak: float) -> list[float]:
    """PSNR of each band, dB. Their mean is the other convention of the field (1.5 dB higher)."""
    x, y = pair(reference, fused)
    return [psnr(a[None], b[None], peak) for a, b in zip(x, y, strict=True)]


def scc(
    reference: npt.ArrayLike, fused: npt.ArrayLike, valid: npt.NDArray[np.bool_] | None = None
) -> float:
    """Spatial correlation: one cosine between the Sobel magnitudes of all bands and pixels.

    The outermost pixels are left out first. With `valid` `(H, W)`: of the pixels whose neighbours
    are valid too; NaN if there are none.
    """
    x, y = (sobel(image[:, 1:-1, 1:-1]) for image in pair(reference, fused))
    if valid is not None:
        known = ndimage.binary_erosion(valid, np.ones((3, 3)))[1:-1, 1:-1]
        x, y = x[:, known], y[:, known]
    if not x.any() or not y.any():
        return float("nan")
    return float((x * y).sum() / np.sqrt((x * x).sum()) / np.sqrt((y * y).sum()))


def ssim_map(reference: npt.ArrayLike, fused: npt.ArrayLike, peak: float) -> FloatArray:
    """Structural similarity of each band `(C, H - 10, W - 10)` (Wang et al. 2004, as ssim.m).

    The window is a Gaussian of 11 x 11 pixels, wherever it lies within the image.
    """
    r = SSIM_RADIUS
    window = np.exp(-(np.arange(-r, r + 1) ** 2) / (2 * SSIM_STD**2))
    window /= window.sum()
    c1, c2 = ((k * peak) ** 2 for k in SSIM_K)

    def mean(values: FloatArray) -> FloatArray:
        for axis in (0, 1):
            values = ndimage.correlate1d(values, window, axis=axis)
        return values[r:-r, r:-r]

    def band(x: FloatArray, y: FloatArray) -> FloatArray:
        mx, my = mean(x), mean(y)
        product, squares = mx * my, mx * mx + my * my
        spread = mean(x * x + y * y) - squares
        both = mean(x * y) - product
        return (2 * product + c1) * (2 * both + c2) / ((squares + c1) * (spread + c2))

    x, y = pair(reference, fused)
    if min(x.shape[1:]) <= 2 * r:
        return np.empty((len(x), 0, 0))
    return np.stack([band(*bands) for bands in zip(x, y, strict=True)])


def ssim(
    reference: npt.ArrayLike,
    fused: npt.ArrayLike,
    peak: float,
    valid: npt.NDArray[np.bool_] | None = None,
) -> float:
    """Mean of `ssim_map` over bands and pixels, those whose window is `valid` `(H, W)`."""
    values = ssim_map(reference, fused, peak)
    if valid is not None and values.size:
        values = values[:, whole_windows(valid, SSIM_RADIUS)]
    return float(values.mean()) if values.size else float("nan")


def whole_windows(valid: npt.NDArray[np.bool_], radius: int) -> npt.NDArray[np.bool_]:
    """Where in `(H - 2 radius, W - 2 radius)` a square window has no hole."""
    size = 2 * radius + 1
    inside = ndimage.minimum_filter(valid, size)
    return np.asarray(inside[radius:-radius, radius:-radius], dtype=bool)


def uqi(x: npt.ArrayLike, y: npt.ArrayLike, block: int = BLOCK) -> float:
    """Mean of `uqi_map` over the blocks where it is defined."""
    return float(known_mean(uqi_map(x, y, block)))


def d_lambda(fused: npt.ArrayLike, lms: npt.ArrayLike, block: int = BLOCK) -> float:
    """Spectral distortion of QNR: change of the UQI between every two bands, p = 1."""
    x, y = pair(lms, fused)
    if len(x) < 2:
        return 0.0
    change = np.abs(known_mean(uqi_maps(y, block)) - known_mean(uqi_maps(x, block)))
    return float(change[np.triu_indices(len(x), 1)].mean())


def d_lambda_k(
    fused: npt.ArrayLike,
    lms: npt.ArrayLike,
    gains: Sequence[float],
    ratio: float,
    block: int = BLOCK,
) -> float:
    """Khan's spectral distortion: 1 - Q2n of LMS and the fused image degraded by the MTF."""
    x, y = pair(lms, fused)
    return 1.0 - q2n(x, mtf_filter(y, gains, ratio), block)


def d_s(
    fused: npt.ArrayLike,
    lms: npt.ArrayLike,
    pan: npt.ArrayLike,
    ratio: int,
    block: int = BLOCK,
) -> float:
    """Spatial distortion: change of each band's UQI with PAN between the two scales, q = 1.

    The low-pass PAN is `interp23tap(imresize(PAN))`; the half pixel between the two is part of
    the reference's definition.
    """
    x, y = pair(lms, fused)
    p = np.asarray(pan, dtype=np.float64)
    low = interp23tap(imresize(p, 1 / ratio)[None], ratio)[0]
    if low.shape != p.shape:
        raise ValueError(f"the size of PAN {p.shape} must be a multiple of the ratio {ratio}")
    fine = known_mean(uqi_maps(np.concatenate([y, p[None]]), block))
    coarse = known_mean(uqi_maps(np.concatenate([x, low[None]]), block))
    return float(np.abs(fine - coarse)[:-1, -1].mean())


def qnr(
    fused: npt.ArrayLike, lms: npt.ArrayLike, pan: npt.ArrayLike, ratio: int, block: int = BLOCK
) -> float:
    """Quality with no reference: `(1 - D_lambda)(1 - D_s)`."""
    return (1 - d_lambda(fused, lms, block)) * (1 - d_s(fused, lms, pan, ratio, block))


def hqnr(
    fused: npt.ArrayLike,
    lms: npt.ArrayLike,
    pan: npt.ArrayLike,
    gains: Sequence[float],
    ratio: int,
    block: int = BLOCK,
) -> float:
    """Hybrid quality with no reference: `(1 - D_lambda_K)(1 - D_s)`."""
    spectral = 1 - d_lambda_k(fused, lms, gains, ratio, block)
    return spectral * (1 - d_s(fused, lms, pan, ratio, block))


def scores(
    reference: npt.ArrayLike,
    fused: npt.ArrayLike,
    ratio: float,
    peak: float,
    valid: npt.NDArray[np.bool_] | None = None,
    scale: float = 1.0,
) -> dict[str, float]:
    """All indices that need a reference, by the name they have in tables.

    With `valid` `(H, W)`: of the valid pixels only, whatever the others hold. An index that finds
    none it can be computed from is NaN. `scale` makes DN of the values, see
    `core.quality.dynamic_range`.
    """
    x, y = pair(reference, fused)
    if valid is None or valid.all():
        known, valid = (x, y), None
    else:
        x, y = np.where(valid, x, 0.0), np.where(valid, y, 0.0)
        known = x[:, None, valid], y[:, None, valid]
        if not valid.any():
            return dict.fromkeys(REFERRED, float("nan"))
    return {
        "SAM": sam(*known),
        "ERGAS": ergas(*known, ratio),
        "Q2n": q2n(scale * x, scale * y, valid=valid),
        "SCC": scc(x, y, valid),
        "PSNR": psnr(*known, peak),
        "SSIM": ssim(x, y, peak, valid),
    }
