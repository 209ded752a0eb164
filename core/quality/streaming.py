# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles and accumulators: quality indices of scenes of any size in bounded memory.

An accumulator has three methods, called as in torchmetrics:

    sums = indices.measure(tile, ...)    of one tile; no side effects, so threads may share it
    indices.update(sums)                 in the order of the tiles
    indices.compute()                    scores by name, NaN where nothing valid was found

Results do not depend on the tile size, to rounding: tiles begin at multiples of 32 px, where blocks
do, and are read with a halo that covers the reach of every filter. A whole image is one tile.
numpy alone: training watches SAM, ERGAS and Q2n.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray, Mask
from core.imaging.moments import Moments
from core.quality.q2n import BLOCK, as_image_pair, full_blocks, q2n_map
from core.raster.tile_plan import Tile, plan
from core.raster.window import Window

HALO = 32  # px: 20 of the MTF filter, rounded up to whole blocks


@dataclass(frozen=True)
class BlockTile(Tile):
    """A tile whose `inner` window begins at a block of 32 px; windows are in px of `whole`.

    `padded` is `inner`, plus a block above or left of it where the image ends within a block of the
    tile: Q2n extends that one by the mirror image of the block before.
    """

    padded: Window
    whole: Window

    @property
    def blocks(self) -> Window:
        """The blocks that begin in `inner`, as a window of the image's blocks."""
        inner = self.inner
        rows, cols = -(-inner.height // BLOCK), -(-inner.width // BLOCK)
        return Window(inner.row // BLOCK, inner.col // BLOCK, rows, cols)

    def cut(self, image: np.ndarray, window: Window, origin: Window | None = None) -> np.ndarray:
        """Cut a window `(..., h, w)` out of an image of the window `origin` (default: `outer`)."""
        origin = origin or self.outer
        return image[(..., *window.shift(-origin.row, -origin.col).slices)]

    def inner_blocks(self, blocks: np.ndarray) -> np.ndarray:
        """Return those of the blocks `(..., rows, cols)` of `padded` that begin in `inner`."""
        row = (self.inner.row - self.padded.row) // BLOCK
        col = (self.inner.col - self.padded.col) // BLOCK
        return blocks[..., row:, col:]


def block_tiles(whole: Window, size: int, halo: int = HALO) -> list[BlockTile]:
    """Divide an image into tiles of `size` px, rounded down to whole blocks, row by row.

    They are read with at least `halo` px around.
    """
    tiles = []
    for tile in plan(whole, max(size // BLOCK, 1) * BLOCK, halo, BLOCK):
        inner = tile.inner
        up = BLOCK if inner.height % BLOCK and inner.row else 0
        left = BLOCK if inner.width % BLOCK and inner.col else 0
        padded = Window.between(inner.row - up, inner.col - left, inner.row_end, inner.col_end)
        tiles.append(BlockTile(inner, tile.outer, padded, whole))
    return tiles


def single_tile(shape: tuple[int, ...]) -> BlockTile:
    """Return the one tile of an image `(..., H, W)`."""
    height, width = shape[-2:]
    return block_tiles(Window(0, 0, height, width), max(height, width) + BLOCK)[0]


@dataclass(frozen=True)
class RunningMean:
    """A mean as a sum and a count; add two to get the mean over both."""

    total: float = 0.0
    count: int = 0

    @classmethod
    def of(cls, values: FloatArray) -> RunningMean:
        """Return the mean over all values that are not NaN."""
        known = np.isfinite(values)
        return cls(float(values.sum(where=known)), int(known.sum()))

    def __add__(self, other: RunningMean) -> RunningMean:
        return RunningMean(self.total + other.total, self.count + other.count)

    @property
    def value(self) -> float:
        """The mean; NaN of nothing."""
        return self.total / self.count if self.count else math.nan


def masked_pixels(image: FloatArray, mask: Mask) -> FloatArray:
    """Return the pixels `(C, n)` of an image `(C, H, W)` where the mask `(H, W)` is set."""
    pixels: FloatArray = image.reshape(len(image), -1) if mask.all() else image[:, mask]
    return pixels


def sam_map(reference: npt.ArrayLike, fused: npt.ArrayLike) -> FloatArray:
    """Return the spectral angle of each pixel `(H, W)`, degrees; NaN where a spectrum is zero."""
    x, y = as_image_pair(reference, fused)
    norm = np.sqrt((x * x).sum(0) * (y * y).sum(0))
    cosine = np.divide((x * y).sum(0), norm, out=np.full(norm.shape, np.nan), where=norm > 0)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


@dataclass(frozen=True)
class PixelErrors:
    """Errors of one tile's pixels, NaN where not valid, and the moments of both images' bands.

    `angles` `(h, w)` are spectral angles in degrees, `error` `(C, h, w)` is fused - reference, DN.
    """

    angles: FloatArray
    error: FloatArray
    moments: Moments

    @classmethod
    def of(
        cls, reference: FloatArray, fused: FloatArray, valid: Mask, pixels: FloatArray
    ) -> PixelErrors:
        """Compare two images `(C, h, w)`; `pixels` `(2 C, n)` are the valid ones of both."""
        moments = Moments(len(pixels))
        moments.add(pixels)
        return cls(
            np.where(valid, sam_map(reference, fused), np.nan),
            np.where(valid, fused - reference, np.nan),
            moments,
        )


@dataclass(frozen=True)
class TileErrors(PixelErrors):
    """Errors of one tile: those of its pixels, and Q2n `(rows, cols)` of its blocks."""

    q2n: FloatArray


class ErrorIndices:
    """SAM, ERGAS and Q2n of two images, and the statistics of their bands.

    `scale` converts the images' values to DN, which Q2n rounds to integers: see
    `core.quality.dynamic_range`.
    """

    def __init__(self, bands: int, ratio: float, scale: float = 1.0) -> None:
        self.bands, self.ratio, self.scale = bands, ratio, scale
        self.moments = Moments(2 * bands)
        self.squares = np.zeros(bands)
        self.angle = self.q2n = RunningMean()

    def measure(
        self, tile: BlockTile, reference: FloatArray, fused: FloatArray, valid: Mask
    ) -> TileErrors:
        """Compare two images `(C, h, w)` of `tile.padded`."""
        x, y, known = (tile.cut(i, tile.inner, tile.padded) for i in (reference, fused, valid))
        pixels = np.concatenate([masked_pixels(x, known), masked_pixels(y, known)])
        errors = PixelErrors.of(x, y, known, pixels)
        q2n = tile.inner_blocks(q2n_map(reference * self.scale, fused * self.scale))
        full = tile.inner_blocks(full_blocks(valid))
        return TileErrors(errors.angles, errors.error, errors.moments, np.where(full, q2n, np.nan))

    def update(self, errors: TileErrors) -> None:
        """Add a tile."""
        self.update_pixels(errors)
        self.update_blocks(errors.q2n)

    def update_pixels(self, errors: PixelErrors) -> None:
        """Add the pixels of a tile."""
        self.moments.merge(errors.moments)
        self.squares += np.nansum(errors.error**2, axis=(1, 2))
        self.angle += RunningMean.of(errors.angles)

    def update_blocks(self, q2n: FloatArray) -> None:
        """Add the Q2n of blocks, an array of any shape, NaN where not valid."""
        self.q2n += RunningMean.of(q2n)

    @property
    def mse(self) -> FloatArray:
        """Mean squared error of each band `(C,)`."""
        count = self.moments.count
        return self.squares / count if count else np.full(self.bands, np.nan)

    @property
    def means(self) -> tuple[FloatArray, FloatArray]:
        """Band means `(C,)` of the reference and of the fused image."""
        mean = self.moments.mean if self.moments.count else np.full(2 * self.bands, np.nan)
        return mean[: self.bands], mean[self.bands :]

    def correlations(self) -> FloatArray:
        """Return the correlation `(C, C)` of every fused band with every reference band."""
        cov = self.moments.cov
        std = np.sqrt(np.diagonal(cov))
        product = std[self.bands :, None] * std[None, : self.bands]
        cross = cov[self.bands :, : self.bands]
        return np.divide(cross, product, out=np.full(product.shape, np.nan), where=product > 0)

    def compute(self) -> dict[str, float]:
        """Return SAM (degrees), ERGAS `100/ratio sqrt(mean_b MSE_b / mean_b^2)` and Q2n."""
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = float((self.mse / self.means[0] ** 2).mean())
        return {
            "SAM": self.angle.value,
            "ERGAS": 100 / self.ratio * math.sqrt(relative),
            "Q2n": self.q2n.value,
        }


def whole_images(
    reference: npt.ArrayLike, fused: npt.ArrayLike, valid: Mask | None
) -> tuple[BlockTile, FloatArray, FloatArray, Mask]:
    """Return two images `(C, H, W)` as a tile: the tile, images with zeros where invalid, mask."""
    x, y = as_image_pair(reference, fused)
    if valid is None:
        valid = np.ones(x.shape[1:], bool)
    return single_tile(x.shape), np.where(valid, x, 0.0), np.where(valid, y, 0.0), valid


def error_scores(
    reference: npt.ArrayLike,
    fused: npt.ArrayLike,
    ratio: float,
    valid: Mask | None = None,
    scale: float = 1.0,
) -> dict[str, float]:
    """Return SAM (degrees), ERGAS and Q2n of two whole images `(C, H, W)` over valid pixels.

    An index without any valid pixel or block is NaN. `scale` converts the values to DN.
    """
    tile, x, y, valid = whole_images(reference, fused, valid)
    indices = ErrorIndices(len(x), ratio, scale)
    indices.update(indices.measure(tile, x, y, valid))
    return indices.compute()
