# SPDX-License-Identifier: GPL-2.0-or-later
"""The weights of a scene fit, from windows of the scene at two scales, without an image in memory.

At reduced resolution MS is the reference M. With x the features of a band there, L its LMS and N
what the passes of back-projection leave of an image, the weights are the ridge regression

    w = argmin ||N (M - L) - N x w||^2 + RIDGE sum_f s_f (w_f - p_f)^2,

as back-projection restores the rest anyway. The scale s is one for both details and one for all
taps: a scale of its own would free a feature that is nearly zero. The prior p is the mean of the
details, without taps. How sharp PAN is at reduced resolution depends on how it is degraded, and the
sensor's own MTF is unknown: the normal equations under antialiased bicubic reduction and under a
soft MTF are weighted by how sharp the scene's PAN is (`core.pair.pan_sharpness`).

Two things change between the scales, and MS itself tells them at full resolution. With D the
degradation to MS, d = x w is regressed on what LMS lacks,

    M - D L = c D d + s . D grad d,

which gives the gain c of each band and its shift s against PAN: a shift shrinks with the scale, and
what PAN tells of a band differs between octaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.imaging.arrays import FloatArray, Image, Mask
from core.methods.injection import solve
from core.methods.scene_fit_weights import DETAILS, FEATURES, TAPS

RIDGE = 0.05
SHORT = 0.8
"""The gain that is found where the weights are right: regressed after back-projection, the detail
is short of what MS sees. The mean over the training scenes at reduced resolution."""
KEPT, UNRELATED = 0.1, 0.05
"""How strongly a band's gain is pulled to 1: by this share of the detail's energy in MS, and of
what MS has and LMS lacks, so that a band that PAN does not see keeps its weights."""
TOGETHER = 0.5
"""Power of the gain that the bands have in common: an MTF other than assumed moves it, too."""
STIFF = 1.0
"""How strongly a shift is pulled to zero, relative to the energy of the detail's slopes."""
MOST_GAIN = 2.0


@dataclass
class NormalEquations:
    """Sums over pixels of `x x^T`, `x y` and `y^2` for every band: (C, F, F), (C, F), (C,)."""

    bands: int
    pixels: int = 0
    square: FloatArray = field(init=False)
    product: FloatArray = field(init=False)
    energy: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.square = np.zeros((self.bands, FEATURES, FEATURES))
        self.product = np.zeros((self.bands, FEATURES))
        self.energy = np.zeros(self.bands)

    def add(self, band: int, x: Image, y: Image, where: Mask) -> None:
        """Add pixels of a band: features `(F, H, W)` and reference `(H, W)`, where `(H, W)`."""
        if not where.any():
            return
        rows, cols = (_extent(np.any(where, axis=axis)) for axis in (1, 0))
        inner, chosen, wanted = where[rows, cols], x[:, rows, cols], y[rows, cols]
        if inner.all():  # picking pixels is slow, and seldom needed
            chosen, wanted = chosen.reshape(len(x), -1), wanted.ravel()
        else:
            chosen, wanted = chosen[:, inner], wanted[inner]
        chosen, wanted = chosen.astype(np.float64), wanted.astype(np.float64)
        self.square[band] += chosen @ chosen.T
        self.product[band] += chosen @ wanted
        self.energy[band] += wanted @ wanted

    def take(self, other: NormalEquations) -> None:
        """Add the sums of another."""
        self.pixels += other.pixels
        self.square += other.square
        self.product += other.product
        self.energy += other.energy

    def mean(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the sums over the number of pixels."""
        n = max(self.pixels, 1)
        return self.square / n, self.product / n, self.energy / n


def _extent(line: Mask) -> slice:
    """Return the span from the first to the last True of `(n,)`."""
    found = np.flatnonzero(line)
    return slice(int(found[0]), int(found[-1]) + 1)


def ridge(square: FloatArray, product: FloatArray) -> FloatArray:
    """Return the weights `(C, F)` from the means of the normal equations."""
    weights, wanted = np.zeros(product.shape), prior()
    for band, (a, b) in enumerate(zip(square, product, strict=True)):
        scale = np.diag(a).copy()
        scale[:DETAILS] = scale[:DETAILS].mean()
        scale[DETAILS:] = scale[DETAILS:].mean()
        weights[band] = solve(a + RIDGE * np.diag(scale), b + RIDGE * scale * wanted)
    return weights


def prior() -> FloatArray:
    """Return the weights `(F,)` that those of a band are drawn to: the mean of the details."""
    weights = np.zeros(FEATURES)
    weights[:DETAILS] = 1 / DETAILS
    return weights


def full_scale_gain(weights: FloatArray, consistency: NormalEquations) -> FloatArray:
    """Return the factors `(C,)` on the weights that MS asks for at full resolution."""
    square, product, energy = consistency.mean()
    seen = np.einsum("cf,cfg,cg->c", weights, square, weights)
    if not seen.any():
        return np.ones(len(weights))
    found = np.einsum("cf,cf->c", weights, product)
    kept = KEPT * (seen + UNRELATED * energy)
    # A band without detail, and without anything that LMS lacks, has no gain.
    flat = seen + kept <= 0
    gain = (found + kept) / np.where(flat, 1.0, SHORT * seen + kept)
    gain = np.where(flat, 1.0, np.clip(gain, 1 / 20, 20))
    share = seen / np.where(flat, 1.0, energy)
    common = np.exp((share * np.log(gain)).sum() / share.sum())
    return np.clip(gain * common ** (TOGETHER - 1), 0.0, MOST_GAIN)


def full_scale_shift(weights: FloatArray, consistency: NormalEquations) -> FloatArray:
    """Return what is to be added to the weights `(C, F)` for the bands' shifts against PAN.

    Along each axis it is a multiple of the difference of two opposite taps.
    """
    square, product, _ = consistency.mean()
    tap = DETAILS + np.arange(TAPS).reshape(3, 3)
    slopes = np.zeros((FEATURES, 2))
    slopes[[tap[2, 1], tap[0, 1]], 0] = 0.5, -0.5
    slopes[[tap[1, 2], tap[1, 0]], 1] = 0.5, -0.5
    change = np.zeros(weights.shape)
    for band, (a, b) in enumerate(zip(square, product, strict=True)):
        energy = slopes.T @ a @ slopes
        stiff = STIFF * np.trace(energy) / 2 * np.eye(2)
        missing = slopes.T @ (b - SHORT * a @ weights[band])
        change[band] = slopes @ solve(energy + stiff, missing)
    return change
