# SPDX-License-Identifier: GPL-2.0-or-later
"""Back-projection in any number of passes, at the cost of one.

With M the MS, x the sharpened band, D the degradation to MS (the Gaussian with the MTF of the band,
sampled at the centres of the MS pixels), and U the cubic interpolation back to PAN's grid, a pass
of iterative back-projection (Irani, Peleg, CVGIP 1991) is x <- x + U (M - D x). N passes are

    x_N = x + U q,    q = sum_{n < N} (I - D U)^n (M - D x),

in which only D x and U q are on PAN's grid. D and U are products of an operator along the rows and
one along the columns, so that D U is two small matrices, and every operator is sparse. Where the
grids of PAN and MS are not nested, M is LMS interpolated at the centres of the MS pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import InputError
from core.imaging.arrays import Image
from core.imaging.nominal_mtf import TRUNCATE, mtf_sigma
from core.imaging.resample import RADIUS, cubic_weights, gaussian_weights, interpolation_weights
from core.methods.backprojection import STRETCH, centres_in, ms_centres
from core.pair.reduced import AnyScene
from core.pair.scene import Patch
from core.raster.window import Window

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

MOST_PASSES = 10
PASSES = 3
"""Default passes: with an MTF gain known to 0.1 only, more passes fit the error of the gain."""
FAINT = 1e-6
"""Sum of the weights of far pixels that is neglected: less than a tenth of a DN at 16 bits."""


@dataclass(frozen=True)
class BackProjectionPasses:
    """Back-projection onto the MS of a scene: MTF gain of each band, number of passes, 0 to 10.

    ratio_yx and phase_yx as `Scene` has them.
    """

    ratio_yx: tuple[float, float]
    phase_yx: tuple[float, float]
    gains: tuple[float, ...]
    passes: int

    @classmethod
    def onto(cls, scene: AnyScene, gains: Sequence[float], passes: int) -> BackProjectionPasses:
        """Return that onto the MS of a scene; raise InputError for too many or too few passes."""
        check_passes(passes)
        return cls(scene.ratio_yx, scene.phase_yx, tuple(gains), passes)

    def sampling(self, window: Window, gain: float) -> Sampling | None:
        """Return the operators of a band in a window; None if no centre of MS lies in it."""
        axes = centres_in(window, self.ratio_yx, self.phase_yx)
        if min(map(len, axes)) == 0:
            return None
        lengths = list(zip(axes, window.shape, self.ratio_yx, strict=True))
        down = _pair(gaussian_weights(at, n, mtf_sigma(r, gain)) for at, n, r in lengths)
        up = _pair(cubic_weights((np.arange(n) - at[0]) / r, len(at)) for at, n, r in lengths)
        return Sampling(
            down=down,
            up=up,
            there_and_back=_pair(d @ u for d, u in zip(down, up, strict=True)),
            centres=_pair(interpolation_weights(at, n) for at, n, _ in lengths),
            passes=self.passes,
        )

    def __call__(self, image: Image, patch: Patch) -> Image:
        """Correct a sharpened patch `(C, H, W)`, DN; invalid pixels are left unchanged."""
        if not self.passes:
            return image
        operators = {gain: self.sampling(patch.window, gain) for gain in set(self.gains)}
        whole = bool(patch.valid.all())
        result = np.empty_like(image)
        for band, gain in enumerate(self.gains):
            operator = operators[gain]
            if operator is None:
                return image
            lms = patch.lms[band]
            seen = image[band] if whole else np.where(patch.valid, image[band], lms)
            missing = operator.at_centres(lms) - operator.degrade(seen)
            change = operator.interpolate(operator.accumulate(missing))
            result[band] = image[band] + (change if whole else np.where(patch.valid, change, 0))
        return result


@dataclass(frozen=True)
class Sampling:
    """Separable operators between the PAN pixels of a window and the MS centres in it.

    Each is a matrix for rows and one for columns: `down` (h, H) is D, `up` (H, h) is U,
    `there_and_back` (h, h) is D U, `centres` (h, H) interpolates an image on PAN's grid at the MS
    centres.
    """

    down: tuple[csr_matrix, csr_matrix]
    up: tuple[csr_matrix, csr_matrix]
    there_and_back: tuple[csr_matrix, csr_matrix]
    centres: tuple[csr_matrix, csr_matrix]
    passes: int

    def degrade(self, image: Image) -> Image:
        """Return D x `(h, w)` of an image `(H, W)`."""
        return _rows_first(self.down, image)

    def at_centres(self, image: Image) -> Image:
        """Return an image `(H, W)` interpolated at the MS centres `(h, w)`."""
        return _rows_first(self.centres, image)

    def interpolate(self, coarse: Image) -> Image:
        """Return U q `(H, W)` of a correction `(h, w)`."""
        wide = (self.up[1] @ np.ascontiguousarray(coarse.T)).T
        return np.asarray(self.up[0] @ np.ascontiguousarray(wide))

    def accumulate(self, missing: Image) -> Image:
        """Return q `(h, w)`, the sum of all passes for the difference from MS `(h, w)`."""
        total, left = missing.copy(), missing
        for _ in range(self.passes - 1):
            left = left - _rows_first(self.there_and_back, left)
            total += left
        return total

    def unseen(self, image: Image) -> Image:
        """Return an image `(H, W)` less the correction of all passes for an MS of zeros."""
        if not self.passes:
            return image
        return image - self.interpolate(self.accumulate(self.degrade(image)))


def check_passes(passes: int) -> None:
    """Raise InputError for a number of passes that is not allowed."""
    if not 0 <= passes <= MOST_PASSES:
        raise InputError("back-projection-passes", passes=passes, most=MOST_PASSES)


def reach(ratio: float, gains: Sequence[float], passes: int) -> int:
    """Return the radius (PAN px) of the correction, beyond which all weights add up to `FAINT`.

    That is far less than the sum of the radii of all passes. It is computed along one axis: along
    both, weights fade faster. Raises InputError for a number of passes that is not allowed.
    """
    check_passes(passes)
    return _reach(STRETCH * ratio, min(gains), passes) if passes else 0


def border(ratio: float, gains: Sequence[float]) -> int:
    """Return the radius (PAN px) of the filters of one pass, faint weights included.

    The scene fit leaves out a border of this width, within which small scenes are fitted worse.
    """
    blur = math.ceil(TRUNCATE * STRETCH * mtf_sigma(ratio, min(gains))) + 1
    return max(blur, RADIUS) + 2 * math.ceil(STRETCH * ratio)


@cache
def _reach(ratio: float, gain: float, passes: int) -> int:
    """Return the reach for a ratio along one axis, and one gain."""
    sigma = mtf_sigma(ratio, gain)
    most = passes * (math.ceil(TRUNCATE * sigma) + 2 * math.ceil(ratio) + 1) + RADIUS
    size = 2 * most + math.ceil(ratio)
    centres = ms_centres(0.0, ratio, 0, size)
    down = gaussian_weights(centres, size, sigma)
    up = cubic_weights(np.arange(size) / ratio, len(centres))
    left = np.eye(len(centres)) - (down @ up).toarray()
    total = up @ sum(np.linalg.matrix_power(left, n) for n in range(passes))
    apart = np.abs(np.arange(size) - np.arange(most, size - most)[:, None])
    found = 0
    for seen in (down, interpolation_weights(centres, size)):
        weights = np.abs(total[most : size - most] @ seen.toarray())
        while np.where(apart > found, weights, 0).sum(axis=1).max() > FAINT:
            found += 1
    return found


def _pair(matrices: Any) -> tuple[csr_matrix, csr_matrix]:
    rows, cols = matrices
    return rows, cols


def _rows_first(matrices: tuple[csr_matrix, csr_matrix], image: Image) -> Image:
    """Return `rows @ image @ cols.T`, C-contiguous: the first product shortens the second."""
    short = np.ascontiguousarray((matrices[0] @ image).T)
    return np.ascontiguousarray((matrices[1] @ short).T)
