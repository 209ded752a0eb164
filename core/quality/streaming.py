# SPDX-License-Identifier: GPL-2.0-or-later
"""The quality indices of a scene of any size: each tile is measured, the measures are added up.

The indices equal those of `core.quality.whole_image`, to rounding, whatever the tile size. For
that, tiles begin at multiples of 32 px, where blocks do, and are read with a halo that covers the
reach of every filter. Measuring is free of side effects, so tiles may be measured in threads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.imaging import filters
from core.imaging.arrays import FloatArray, Mask
from core.imaging.moments import Moments
from core.quality import whole_image
from core.quality.indices import sam_map
from core.quality.q2n import BLOCK, full_blocks, q2n_map
from core.raster.window import Tile, Window, plan

HALO = 32  # px: the MTF's reach of 20, the sampling's of 8, whole blocks


@dataclass(frozen=True)
class Place(Tile):
    """A tile of an image that is measured.

    `around` is `inner`, and one block more above or left of it where the image ends within a
    block of the tile: there, Q2n continues the image by its mirror image.
    """

    around: Window
    whole: Window

    @property
    def blocks(self) -> Window:
        """The blocks that begin in `inner`, counted over the whole image."""
        inner = self.inner
        rows, cols = -(-inner.height // BLOCK), -(-inner.width // BLOCK)
        return Window(inner.row // BLOCK, inner.col // BLOCK, rows, cols)

    def cut(self, image: np.ndarray, window: Window, origin: Window | None = None) -> np.ndarray:
        """A window `(..., h, w)` of an image that was read for `origin`, by default `outer`."""
        origin = origin or self.outer
        return image[(..., *window.shift(-origin.row, -origin.col).slices)]

    def own(self, image: np.ndarray) -> np.ndarray:
        """Those of the blocks `(..., rows, cols)` of `around` that lie within `inner`."""
        row = (self.inner.row - self.around.row) // BLOCK
        col = (self.inner.col - self.around.col) // BLOCK
        return image[..., row:, col:]


def places(whole: Window, tile: int) -> list[Place]:
    """Tiles of `tile` px, rounded to whole blocks, in rows from the top."""
    size = max(tile // BLOCK, 1) * BLOCK
    found = []
    for each in plan(whole.height, whole.width, size, HALO, BLOCK):
        inner = each.inner
        up = BLOCK if inner.height % BLOCK and inner.row else 0
        left = BLOCK if inner.width % BLOCK and inner.col else 0
        around = Window.between(inner.row - up, inner.col - left, inner.row_end, inner.col_end)
        found.append(Place(inner, each.outer, around, whole))
    return found


@dataclass(frozen=True)
class Mean:
    """A sum and how many it is of."""

    total: float
    count: int

    @classmethod
    def of(cls, values: FloatArray) -> Mean:
        """Of what is not NaN."""
        known = np.isfinite(values)
        return cls(float(values.sum(where=known)), int(known.sum()))

    def __add__(self, other: Mean) -> Mean:
        return Mean(self.total + other.total, self.count + other.count)

    @property
    def value(self) -> float:
        return self.total / self.count if self.count else math.nan


NOTHING = Mean(0.0, 0)


@dataclass(frozen=True)
class Pixels:
    """Two images in one tile: maps of `inner`, NaN where not valid, and the moments of both.

    `angles` `(h, w)` are degrees, `error` `(C, h, w)` DN.
    """

    angles: FloatArray
    error: FloatArray
    moments: Moments


@dataclass(frozen=True)
class Compared(Pixels):
    """The same, and `q2n` `(rows, cols)` of the tile's blocks."""

    q2n: FloatArray


def compare(
    place: Place, reference: FloatArray, fused: FloatArray, valid: Mask, scale: float
) -> Compared:
    """Images of `place.around`; `scale` makes DN of them, where they are reflectance."""
    x, y = (place.cut(image, place.inner, place.around) for image in (reference, fused))
    known = place.cut(valid, place.inner, place.around)
    q = place.own(q2n_map(reference * scale, fused * scale))
    whole = place.own(full_blocks(valid))
    moments = Moments(2 * len(x))
    moments.add(np.concatenate([picked(x, known), picked(y, known)]))
    return Compared(
        np.where(known, sam_map(x, y), np.nan),
        np.where(known, y - x, np.nan),
        moments,
        np.where(whole, q, np.nan),
    )


def picked(image: FloatArray, mask: Mask) -> FloatArray:
    """The pixels `(C, n)` of an image that a mask has."""
    found: FloatArray = image.reshape(len(image), -1) if mask.all() else image[:, mask]
    return found


class Difference:
    """SAM, ERGAS, Q2n and PSNR of two images, and the statistics of their bands."""

    def __init__(self, bands: int) -> None:
        self.bands = bands
        self.moments = Moments(2 * bands)
        self.squares = np.zeros(bands)
        self.angle = self.q2n = NOTHING

    def add(self, part: Compared) -> None:
        """One more tile."""
        self.add_pixels(part)
        self.add_blocks(part.q2n)

    def add_pixels(self, part: Pixels) -> None:
        """What a tile tells without its blocks."""
        self.moments.merge(part.moments)
        self.squares += np.nansum(part.error**2, axis=(1, 2))
        self.angle += Mean.of(part.angles)

    def add_blocks(self, q2n: FloatArray) -> None:
        """Q2n of some blocks, NaN where not valid."""
        self.q2n += Mean.of(q2n)

    @property
    def mse(self) -> FloatArray:
        """Mean squared error of each band."""
        count = self.moments.count
        return self.squares / count if count else np.full(self.bands, np.nan)

    @property
    def means(self) -> tuple[FloatArray, FloatArray]:
        """Of the bands of both images."""
        mean = self.moments.mean if self.moments.count else np.full(2 * self.bands, np.nan)
        return mean[: self.bands], mean[self.bands :]

    def correlations(self) -> FloatArray:
        """Of every band of the fused image with every band of the reference `(C, C)`."""
        cov = self.moments.cov
        std = np.sqrt(np.diagonal(cov))
        below = std[self.bands :, None] * std[None, : self.bands]
        above = cov[self.bands :, : self.bands]
        return np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)

    def scores(self, ratio: float) -> dict[str, float]:
        """SAM, ERGAS and Q2n."""
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = float((self.mse / self.means[0] ** 2).mean())
        return {
            "SAM": self.angle.value,
            "ERGAS": 100 / ratio * math.sqrt(relative),
            "Q2n": self.q2n.value,
        }


@dataclass(frozen=True)
class Detail:
    """Sums over one tile: the products of both images' edges, and the structural similarity."""

    edges: FloatArray
    ssim: Mean


def detail(
    place: Place, reference: FloatArray, fused: FloatArray, valid: Mask, peak: float
) -> Detail:
    """Images of `place.outer`."""
    inside = Window(1, 1, place.whole.height - 2, place.whole.width - 2)
    part = place.inner.intersect(inside)
    edges = np.zeros(3)
    if min(part.shape) > 0:
        frame = ~_mask(inside, place.outer)
        around = whole_image.whole_windows(np.pad(valid, 1), 1)
        known = place.cut(around, part)
        x, y = (
            picked(place.cut(filters.sobel(np.where(frame, 0.0, image)), part), known)
            for image in (reference, fused)
        )
        edges = np.array([(x * y).sum(), (x * x).sum(), (y * y).sum()])
    return Detail(edges, _ssim(place, reference, fused, valid, peak))


def _mask(window: Window, outer: Window) -> Mask:
    """Which pixels of `outer` belong to `window`."""
    mask = np.zeros(outer.shape, bool)
    mask[window.intersect(outer).shift(-outer.row, -outer.col).slices] = True
    return mask


def _ssim(place: Place, reference: FloatArray, fused: FloatArray, valid: Mask, peak: float) -> Mean:
    r = whole_image.SSIM_RADIUS
    inside = Window(r, r, place.whole.height - 2 * r, place.whole.width - 2 * r)
    part = place.inner.intersect(inside)
    if min(part.shape) < 1:
        return NOTHING
    window = part.grow(r, place.whole)
    x, y = (place.cut(image, window) for image in (reference, fused))
    known = whole_image.whole_windows(place.cut(valid, window), r)
    return Mean.of(picked(whole_image.ssim_map(x, y, peak), known))


def referred(
    place: Place, reference: FloatArray, fused: FloatArray, valid: Mask, scale: float, peak: float
) -> tuple[Compared, Detail]:
    """What `WithReference` adds up; images of `place.outer`."""
    a, b, known = (place.cut(image, place.around) for image in (reference, fused, valid))
    found = detail(place, reference, fused, valid, peak)
    return compare(place, a, b, known, scale), found


class WithReference:
    """The indices that need a reference, of all tiles added."""

    def __init__(self, bands: int, ratio: float, peak: float) -> None:
        self.ratio, self.peak = ratio, peak
        self.difference = Difference(bands)
        self.edges = np.zeros(3)
        self.ssim = NOTHING

    def add(self, compared: Compared, found: Detail) -> None:
        """One more tile."""
        self.difference.add(compared)
        self.edges += found.edges
        self.ssim += found.ssim

    def psnr_bands(self) -> list[float]:
        """PSNR of each band, dB."""
        return [_psnr(float(mse), self.peak) for mse in self.difference.mse]

    def scores(self) -> dict[str, float]:
        """By the names they have in tables; NaN where nothing valid was found."""
        both, xx, yy = self.edges
        return {
            **self.difference.scores(self.ratio),
            "SCC": float(both / math.sqrt(xx) / math.sqrt(yy)) if xx and yy else math.nan,
            "PSNR": _psnr(float(self.difference.mse.mean()), self.peak),
            "SSIM": self.ssim.value,
        }


def _psnr(mse: float, peak: float) -> float:
    """NaN where nothing was compared or there is no peak."""
    if mse == 0:
        return math.inf
    return 10 * math.log10(peak**2 / mse) if math.isfinite(peak) else math.nan
