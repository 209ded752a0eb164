# SPDX-License-Identifier: GPL-2.0-or-later
"""Quality indices of pansharpened images, equal to the field's reference MATLAB toolbox.

Images are `(C, H, W)` in DN, computed in float64. With a reference (reduced resolution): SAM,
ERGAS, Q2n, SCC, PSNR. Without (full resolution): D_lambda, D_lambda_K, D_s, QNR, HQNR, which
compare the fused image with LMS, the MS interpolated onto the PAN grid, and PAN.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from core.simulate import imresize, interp23tap, mtf_filter

FloatArray = npt.NDArray[np.float64]
BLOCK = 32


def _pair(reference: npt.ArrayLike, fused: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Both images as float64 `(C, H, W)` of one shape."""
    x = np.asarray(reference, dtype=np.float64)
    y = np.asarray(fused, dtype=np.float64)
    if x.ndim != 3 or x.shape != y.shape:
        raise ValueError(f"images must be (C, H, W) of one shape, not {x.shape} and {y.shape}")
    return x, y


def sam_map(reference: npt.ArrayLike, fused: npt.ArrayLike) -> FloatArray:
    """Spectral angle of each pixel `(H, W)`, degrees; NaN where either spectrum is zero."""
    x, y = _pair(reference, fused)
    norm = np.sqrt((x * x).sum(0) * (y * y).sum(0))
    cosine = np.divide((x * y).sum(0), norm, out=np.full(norm.shape, np.nan), where=norm > 0)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def sam(reference: npt.ArrayLike, fused: npt.ArrayLike) -> float:
    """Mean spectral angle, degrees, over pixels where neither spectrum is zero."""
    angles = sam_map(reference, fused)
    known = np.isfinite(angles)
    return float(angles[known].mean()) if known.any() else float("nan")


def ergas(reference: npt.ArrayLike, fused: npt.ArrayLike, ratio: float) -> float:
    """Relative dimensionless global error, `100/ratio sqrt(mean_b MSE_b / mean_b^2)`."""
    x, y = _pair(reference, fused)
    mse = ((x - y) ** 2).mean(axis=(1, 2))
    return float(100 / ratio * np.sqrt((mse / x.mean(axis=(1, 2)) ** 2).mean()))


def psnr(reference: npt.ArrayLike, fused: npt.ArrayLike, peak: float) -> float:
    """Peak signal-to-noise ratio, dB, squared error pooled over all bands."""
    x, y = _pair(reference, fused)
    mse = float(((x - y) ** 2).mean())
    return float("inf") if mse == 0 else float(10 * np.log10(peak**2 / mse))


def psnr_bands(reference: npt.ArrayLike, fused: npt.ArrayLike, peak: float) -> list[float]:
    """PSNR of each band, dB. Their mean is the other convention of the field (1.5 dB higher)."""
    x, y = _pair(reference, fused)
    return [psnr(a[None], b[None], peak) for a, b in zip(x, y, strict=True)]


def _edges(image: FloatArray) -> FloatArray:
    """Sobel gradient magnitude of the image without its outermost pixels, zero padding."""
    image = image[:, 1:-1, 1:-1]
    smooth, difference = [1.0, 2.0, 1.0], [1.0, 0.0, -1.0]
    gradient = []
    for along, across in ((1, 2), (2, 1)):
        d = ndimage.correlate1d(image, difference, axis=along, mode="constant")
        gradient.append(ndimage.correlate1d(d, smooth, axis=across, mode="constant"))
    return np.hypot(*gradient)


def scc(
    reference: npt.ArrayLike, fused: npt.ArrayLike, valid: npt.NDArray[np.bool_] | None = None
) -> float:
    """Spatial correlation: one cosine between the Sobel magnitudes of all bands and pixels.

    With `valid` `(H, W)`: of the pixels whose neighbours are valid too; NaN if there are none.
    """
    x, y = (_edges(image) for image in _pair(reference, fused))
    if valid is not None:
        known = ndimage.binary_erosion(valid, np.ones((3, 3)))[1:-1, 1:-1]
        x, y = x[:, known], y[:, known]
        if not x.any() or not y.any():
            return float("nan")
    return float((x * y).sum() / np.sqrt((x * x).sum()) / np.sqrt((y * y).sum()))


def _onion(a: FloatArray, b: FloatArray) -> FloatArray:
    """Hypercomplex (Cayley-Dickson) product over axis 0, whose length is a power of two.

    As the reference's `onion_mult`: the operands' second halves enter conjugated.
    """
    n = len(a)
    if n == 1:
        return a * b
    h = n // 2

    def conj(x: FloatArray) -> FloatArray:
        return np.concatenate([x[:1], -x[1:]])

    a1, a2, b1, b2 = a[:h], conj(a[h:]), b[:h], conj(b[h:])
    if n == 2:
        return np.concatenate([a1 * b1 - a2 * b2, a1 * b2 + b1 * a2])
    first = _onion(a1, b1) - _onion(b2, conj(a2))
    second = _onion(conj(a1), b2) + _onion(b1, a2)
    return np.concatenate([first, second])


def _blocks(image: FloatArray, block: int) -> FloatArray:
    """`(C, H, W)` -> `(C, rows, cols, block * block)`; right and bottom padded symmetrically."""
    c, h, w = image.shape
    rows, cols = -(-h // block), -(-w // block)
    pad = ((0, 0), (0, rows * block - h), (0, cols * block - w))
    image = np.pad(image, pad, mode="symmetric")
    image = image.reshape(c, rows, block, cols, block).transpose(0, 1, 3, 2, 4)
    return image.reshape(c, rows, cols, block * block)


def _q2n_row(z1: FloatArray, z2: FloatArray) -> FloatArray:
    """Q2n of blocks: `(n, blocks, pixels)`, n a power of two -> `(blocks,)`."""
    n, _, pixels = z1.shape
    sign = np.where(np.arange(n) == 0, 1.0, -1.0)[:, None, None]
    mean = z1.mean(-1, keepdims=True)
    std = z1.std(-1, ddof=1, keepdims=True)
    std[std == 0] = np.finfo(np.float64).eps
    # Where a reference band is zero on average the reference leaves the fused one unscaled.
    z2 = sign * ((z2 - mean) / np.where(mean == 0, 1.0, std) + 1)
    z1 = (z1 - mean) / std + 1
    m1, m2 = z1.mean(-1), z2.mean(-1)
    s1, s2 = (m1**2).sum(0), (m2**2).sum(0)
    bias = 2 * np.sqrt(s1 * s2) / (s1 + s2)
    unbiased = pixels / (pixels - 1)
    spread = unbiased * ((z1**2).sum(0).mean(-1) + (z2**2).sum(0).mean(-1) - s1 - s2)
    q = unbiased * (_onion(z1, z2).mean(-1) - _onion(m1, m2))
    flat = spread == 0
    value = bias * 2 / np.where(flat, 1.0, spread) * np.sqrt((q**2).sum(0))
    return np.where(flat, bias, value)


def q2n_map(reference: npt.ArrayLike, fused: npt.ArrayLike, block: int = BLOCK) -> FloatArray:
    """Q2n (Q4, Q8, ...) of each `block x block` block, `(ceil(H/block), ceil(W/block))`.

    Both images are rounded to uint16 first, as the reference does, so they must be in DN.
    """
    pair = []
    for image in _pair(reference, fused):
        dn = np.clip(np.floor(image + 0.5), 0, 65535)
        n = 1 << (len(dn) - 1).bit_length()
        dn = np.concatenate([dn, np.zeros((n - len(dn), *dn.shape[1:]))])
        pair.append(_blocks(dn, block))
    # One row of blocks at a time bounds the memory of the temporaries.
    return np.stack([_q2n_row(pair[0][:, r], pair[1][:, r]) for r in range(pair[0].shape[1])])


def q2n(
    reference: npt.ArrayLike,
    fused: npt.ArrayLike,
    block: int = BLOCK,
    valid: npt.NDArray[np.bool_] | None = None,
) -> float:
    """Mean of `q2n_map`; 1 for identical images.

    With `valid` `(H, W)`: of the blocks without a hole; NaN if there are none.
    """
    values = q2n_map(reference, fused, block)
    if valid is not None:
        values = values[_blocks(valid[None].astype(np.float64), block)[0].all(axis=-1)]
    return float(values.mean()) if values.size else float("nan")


def uqi_map(x: npt.ArrayLike, y: npt.ArrayLike, block: int = BLOCK) -> FloatArray:
    """Universal quality index of two bands `(H, W)` in each block; NaN where both are flat.

    Blocks at the right and bottom edge are as small as what is left (MATLAB's `blockproc`).
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    starts = [np.arange(0, size, block) for size in x.shape]
    sizes = [np.diff(s, append=n) for s, n in zip(starts, x.shape, strict=True)]
    count = np.outer(*sizes)

    def total(values: FloatArray) -> FloatArray:
        rows = np.add.reduceat(values, starts[0], axis=0)
        return np.add.reduceat(rows, starts[1], axis=1)

    def centred(values: FloatArray, mean: FloatArray) -> FloatArray:
        return values - np.repeat(np.repeat(mean, sizes[0], axis=0), sizes[1], axis=1)

    mx, my = total(x) / count, total(y) / count
    dx, dy = centred(x, mx), centred(y, my)
    above = 4 * total(dx * dy) * mx * my
    below = (total(dx * dx) + total(dy * dy)) * (mx**2 + my**2)
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)


def uqi(x: npt.ArrayLike, y: npt.ArrayLike, block: int = BLOCK) -> float:
    """Mean of `uqi_map` over the blocks where it is defined."""
    values = uqi_map(x, y, block)
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else float("nan")


def d_lambda(fused: npt.ArrayLike, lms: npt.ArrayLike, block: int = BLOCK) -> float:
    """Spectral distortion of QNR: change of the UQI between every two bands, p = 1."""
    x, y = _pair(lms, fused)
    pairs = [(i, j) for i in range(len(x)) for j in range(i + 1, len(x))]
    if not pairs:
        return 0.0
    return float(np.mean([abs(uqi(y[i], y[j], block) - uqi(x[i], x[j], block)) for i, j in pairs]))


def d_lambda_k(
    fused: npt.ArrayLike,
    lms: npt.ArrayLike,
    gains: Sequence[float],
    ratio: float,
    block: int = BLOCK,
) -> float:
    """Khan's spectral distortion: 1 - Q2n of LMS and the fused image degraded by the MTF."""
    x, y = _pair(lms, fused)
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
    x, y = _pair(lms, fused)
    p = np.asarray(pan, dtype=np.float64)
    low = interp23tap(imresize(p, 1 / ratio)[None], ratio)[0]
    if low.shape != p.shape:
        raise ValueError(f"the size of PAN {p.shape} must be a multiple of the ratio {ratio}")
    change = [abs(uqi(f, p, block) - uqi(m, low, block)) for m, f in zip(x, y, strict=True)]
    return float(np.mean(change))


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
) -> dict[str, float]:
    """All indices that need a reference, by the name they have in tables.

    With `valid` `(H, W)`: of the valid pixels only, whatever the others hold. An index that finds
    none it can be computed from is NaN.
    """
    x, y = _pair(reference, fused)
    if valid is None or valid.all():
        known, valid = (x, y), None
    else:
        x, y = np.where(valid, x, 0.0), np.where(valid, y, 0.0)
        known = x[:, None, valid], y[:, None, valid]
        if not valid.any():
            return dict.fromkeys(("SAM", "ERGAS", "Q2n", "SCC", "PSNR"), float("nan"))
    return {
        "SAM": sam(*known),
        "ERGAS": ergas(*known, ratio),
        "Q2n": q2n(x, y, valid=valid),
        "SCC": scc(x, y, valid),
        "PSNR": psnr(*known, peak),
    }
