# SPDX-License-Identifier: GPL-2.0-or-later
"""The arithmetic of the classical methods: moments of a scene, coefficients, detail injection.

`Injection` adds detail times a gain per band, `Modulation` multiplies every band by one ratio,
`Mixture` adds a mixture of PAN and the bands to each band. All coefficients follow from joint
moments of a scene's pixels, so that one streaming pass suffices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray, Image
from core.imaging.moments import Moments
from core.sensors import band_of

T = TypeVar("T", np.float32, np.float64)

#: Share of each band's first percentile taken as haze (Lolli et al. 2017, four-band sensors).
HAZE = {"blue": 0.95, "green": 0.45, "red": 0.40, "nir": 0.05}
#: Largest ratio of PAN to intensity in `Details`; larger ones are noise over dark pixels.
DETAIL_LIMIT = 3.0
#: Least eigenvalue of a matrix of moments, relative to the largest; smaller ones are rounding.
RANK = 1e-13
#: How strongly `fit_detail_gain` pulls the bands to each other, and all of them to 1.
PULL_TOGETHER, PULL_TO_ONE = 1.0, 0.1
MAX_DETAIL_GAIN = 2.0


@dataclass(frozen=True)
class Injection:
    """`out_b = L_b + gain_b (P - pan_mean - sum_k weight_k (L_k - mean_k))`, or P's high-pass."""

    gain: FloatArray
    weight: FloatArray
    mean: FloatArray
    pan_mean: float


@dataclass(frozen=True)
class Modulation:
    """`out_b = max(L_b - haze_b, 0) P' / I + haze_b`, `I = sum_k weight_k (L_k - haze_k)`.

    P' is PAN stretched to the mean and standard deviation of I: `scale P + offset`.
    """

    weight: FloatArray
    haze: FloatArray
    scale: float
    offset: float


@dataclass(frozen=True)
class Mixture:
    """`out_b = L_b + pan_b P + sum_k lms_bk L_k`; `pan` is `(C,)`, `lms` `(C, C)`."""

    pan: FloatArray
    lms: FloatArray


def as_float(*images: npt.ArrayLike) -> list[FloatArray]:
    """Return images `(..., H, W)` in double precision, for computing and applying coefficients."""
    return [np.asarray(i, dtype=np.float64) for i in images]


def haze_factors(names: Sequence[str | None], bands: int) -> FloatArray | None:
    """Return the haze `(C,)` as a share of each band's first percentile; None: use the minimum.

    Known for the four bands blue, green, red, nir, by name or, without names, in that order.
    """
    if bands != len(HAZE):
        return None
    bands_known = [band_of(name) for name in names]
    if not any(bands_known):
        return np.array(list(HAZE.values()))
    if set(bands_known) != set(HAZE):
        return None
    return np.array([HAZE[n] for n in bands_known])


def divide(a: npt.ArrayLike, b: npt.ArrayLike) -> FloatArray:
    """Return a / b of any shapes `(...,)` that broadcast; 0 where b is 0, as of a flat image."""
    a, b = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(b, np.float64))
    return np.divide(a, b, out=np.zeros(a.shape), where=b != 0)


def solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Return the least-norm solution of `(C, C)` x = `(C,)` or `(C, N)`: bands may be equal."""
    return np.asarray(np.linalg.lstsq(matrix, right, rcond=RANK)[0], dtype=np.float64)


def column(x: FloatArray) -> FloatArray:
    """Return `(C,)` as `(C, 1, 1)`."""
    return x[:, None, None]


# Coefficients from moments. Order of the vector: L_1 .. L_C, P, then low-pass PAN (1 or C);
# for BDSD-PC low-pass PAN, low-pass MS_1 .. MS_C, then their details MS - low-pass MS.


def fit_glp_fs(m: Moments, bands: int) -> Injection:
    """Return the gains of the full-scale regression, `cov(L_b, P) / cov(P_lp_b, P)`."""
    cov = m.cov[:, bands]
    zero = np.zeros(bands)
    return Injection(divide(cov[:bands], cov[bands + 1 :]), zero, zero, 0.0)


def fit_gsa(cov: FloatArray, weight: FloatArray, mean: FloatArray, pan_mean: float) -> Injection:
    """Return the gains `cov(I, L_b) / var(I)` of the intensity `I = sum weight_k L_k`."""
    with_bands = cov @ weight
    return Injection(divide(with_bands, weight @ with_bands), weight, mean, pan_mean)


def modulation(m: Moments, weight: FloatArray, haze: FloatArray) -> Modulation:
    """Return the stretch of PAN to the intensity by `weight` and `haze` `(C,)`: mean and std."""
    bands = len(weight)
    intensity = float(weight @ (m.mean[:bands] - haze))
    cov = m.cov
    spread = weight @ cov[:bands, :bands] @ weight
    scale = float(np.sqrt(divide(spread, cov[bands + 1, bands + 1])))
    return Modulation(weight, haze, scale, intensity - scale * float(m.mean[bands + 1]))


def fit_bt_h(m: Moments, bands: int, haze: FloatArray) -> Modulation:
    """Regress the low-pass PAN on the bands, without a constant, for the weights `(C,)`."""
    weight = solve(m.raw[:bands, :bands], m.raw[:bands, bands + 1])
    return modulation(m, weight, haze)


def fit_bdsd_pc(m: Moments, bands: int) -> Mixture:
    """Fit each band's detail by PAN, with a weight >= 0, and the bands, with weights <= 0.

    A root `A` of the second moments, `A^T A = H^T H`, takes the place of the pixels `H`: least
    squares has the same solution.
    """
    size = bands + 1
    values, vectors = np.linalg.eigh(m.raw[:size, :size])
    kept = values > RANK * max(values[-1], 0.0)
    root = np.sqrt(values[kept])
    right = (vectors[:, kept] / root).T @ m.raw[:size, size:]
    signs = np.full(size, -1.0)
    signs[0] = 1.0
    # Scaled to about 1, since the tolerance of the solver is absolute.
    matrix = (root / root.max(initial=0.0))[:, None] * vectors[:, kept].T * signs
    weight = np.zeros((bands, size))
    for band, scale in enumerate(np.linalg.norm(right, axis=0)):
        if scale > 0:
            weight[band] = scale / root.max() * signs * nnls(matrix, right[:, band] / scale)
    return Mixture(weight[:, 0], weight[:, 1:])


def fit_detail_gain(injected: FloatArray, missing: FloatArray) -> FloatArray:
    """Return the factor for the detail that a method adds to each band, `(C,)`.

    The factors f_b with the least

        sum_b a_b (f_b - cov_b / a_b)^2 + PULL_TOGETHER mean(a) (f_b - g)^2
              + PULL_TO_ONE a_b (g - 1)^2,

    a_b the mean square of `injected` and cov_b its mean product with `missing`, both `(C, N)`;
    g is common to the bands. The pulls do not fade with the number of pixels, since factors that
    are right at reduced resolution may be wrong at full resolution. On the 30 validation scenes all
    pulls that were tried gave nearly the same mean ERGAS (0.966 to 0.973 of that without factors);
    these had the smallest loss on a single scene (1.03; 1.15 without pulls).
    """
    a = np.mean(injected**2, axis=1)
    if not a.any():
        return np.ones(len(a))
    product = np.mean(injected * missing, axis=1)
    pull = PULL_TOGETHER * a.mean()
    own = np.divide(product, a, out=np.ones_like(a), where=a > 0)
    share = a * pull / (a + pull)
    common = (share @ own + PULL_TO_ONE * a.sum()) / (share.sum() + PULL_TO_ONE * a.sum())
    return np.clip((product + pull * common) / (a + pull), 0.0, MAX_DETAIL_GAIN)


def nnls(a: FloatArray, b: FloatArray, tolerance: float = 1e-12) -> FloatArray:
    """Return the x >= 0 with the least ||a x - b|| (Lawson, Hanson 1974).

    Not that of scipy, which training does without.
    """
    size = a.shape[1]
    x = np.zeros(size)
    free = np.zeros(size, bool)
    for _ in range(3 * size):
        gradient = a.T @ (b - a @ x)
        gradient[free] = -np.inf
        best = int(gradient.argmax())
        if gradient[best] <= tolerance:
            break
        free[best] = True
        while True:
            wanted = np.zeros(size)
            wanted[free] = np.linalg.lstsq(a[:, free], b, rcond=None)[0]
            wrong = free & (wanted <= 0)
            if not wrong.any():
                x = wanted
                break
            # Move towards the unbounded solution until one reaches zero, which is then fixed.
            x = x + (x[wrong] / (x[wrong] - wanted[wrong])).min() * (wanted - x)
            free &= x > tolerance
            x[~free] = 0.0
    return x


# Coefficients applied to pixels.


def weighted_sums(weights: npt.NDArray[np.floating], images: npt.NDArray[T]) -> npt.NDArray[T]:
    """Return the sums over F of weights `(C, F)` times images `(F, H, W)`: `(C, H, W)`.

    They are added in the same order for every pixel; that of BLAS depends on the shape of the
    window and on the processor.
    """
    sums = np.zeros((len(weights), *images.shape[1:]), images.dtype)
    product = np.empty_like(images[0])
    for total, factors in zip(sums, weights.astype(images.dtype), strict=True):
        for factor, image in zip(factors, images, strict=True):
            np.multiply(image, factor, out=product)
            total += product
    return sums


def inject(lms: FloatArray, pan: FloatArray, c: Injection) -> FloatArray:
    """Add the detail `(H, W)` times each band's gain to LMS `(C, H, W)`."""
    detail = pan - c.pan_mean - weighted_sums(c.weight[None], lms - column(c.mean))[0]
    result: FloatArray = lms + column(c.gain) * detail
    return result


def modulate(lms: FloatArray, pan: FloatArray, c: Modulation, limit: float = np.inf) -> FloatArray:
    """Multiply bands `(C, H, W)` by a ratio `(H, W)`, which is kept within 0 and `limit`."""
    above = lms - column(c.haze)
    intensity = weighted_sums(c.weight[None], above)[0]
    # Without a positive intensity there is no ratio; such pixels keep their interpolated value.
    positive = intensity > 0
    ratio = np.divide(c.scale * pan + c.offset, intensity, out=np.ones_like(pan), where=positive)
    if np.isfinite(limit):
        ratio = np.clip(ratio, 0.0, limit)
    result: FloatArray = np.where(positive, np.maximum(above, 0) * ratio + column(c.haze), lms)
    return result


def mix(lms: FloatArray, pan: FloatArray, c: Mixture) -> FloatArray:
    """Add a mixture of PAN `(H, W)` and the bands to each band of LMS `(C, H, W)`."""
    result: FloatArray = lms + column(c.pan) * pan + weighted_sums(c.lms, lms)
    return result


@dataclass(frozen=True)
class Details:
    """The details that BDSD-PC and BT-H add to each band, which are inputs of networks."""

    mixture: Mixture
    modulation: Modulation

    def of(self, lms: Image, pan: Image) -> Image:
        """Return `(C, 2, H, W)` DN from LMS `(C, H, W)` and PAN `(H, W)`, all float32."""
        mixture, modulation = self.mixture, self.modulation
        details = np.empty((len(lms), 2, *pan.shape), np.float32)
        weights = np.concatenate([mixture.pan[:, None], mixture.lms], axis=1)
        details[:, 0] = weighted_sums(weights, np.concatenate([pan[None], lms]))
        above = lms - column(modulation.haze).astype(np.float32)
        intensity = weighted_sums(modulation.weight[None], above)[0]
        stretched = np.float32(modulation.scale) * pan + np.float32(modulation.offset)
        positive = intensity > 0
        ratio = np.divide(stretched, intensity, out=np.ones_like(pan), where=positive)
        factor = np.clip(ratio, 0, DETAIL_LIMIT) - 1
        for band, values in enumerate(above):
            # As in `modulate`, values below the haze become haze where there is a ratio.
            details[band, 1] = np.maximum(values, 0) * factor
            details[band, 1] -= np.minimum(values, 0, out=np.zeros_like(values), where=positive)
        return details
