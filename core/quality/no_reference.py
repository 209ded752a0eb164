# SPDX-License-Identifier: GPL-2.0-or-later
"""Indices that need no reference: D_lambda, D_lambda_K, D_s, QNR, HQNR.

They compare the fused image with LMS, the MS interpolated onto the PAN grid, and with PAN, as the
field's reference MATLAB toolbox does. QNR: Alparone et al. 2008; D_lambda_K: Khan et al. 2009;
HQNR: Aiazzi et al. 2014. An accumulator as `core.quality.streaming` describes; `scores` is the same
of a whole image, as one tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray, Mask
from core.imaging.mtf import mtf_filter
from core.imaging.resample import imresize, interp23tap
from core.quality.interpolated_ms import PanGridImages
from core.quality.q2n import BLOCK, as_image_pair, block_moments, full_blocks, uqi_maps
from core.quality.streaming import BlockTile, ErrorIndices, TileErrors, single_tile


@dataclass(frozen=True)
class NoReferenceSums:
    """Sums of one tile: errors of the degraded image against LMS, and UQI over the tile's blocks.

    `uqi_total` and `uqi_count` `(2, C + 1, C + 1)` are sums and numbers of the UQI of every two
    images: of the fused bands and PAN, then of LMS and the low-pass PAN. `pan_variance`
    `(rows, cols)` is that of each block.
    """

    errors: TileErrors
    uqi_total: FloatArray
    uqi_count: FloatArray
    pan_variance: FloatArray


class NoReference:
    """Accumulate the indices that need no reference; `scale` converts values to DN."""

    def __init__(self, bands: int, ratio: float, scale: float = 1.0) -> None:
        self.errors = ErrorIndices(bands, ratio, scale)
        self.uqi_total = np.zeros((2, bands + 1, bands + 1))
        self.uqi_count = np.zeros((2, bands + 1, bands + 1))

    def measure(
        self,
        tile: BlockTile,
        images: PanGridImages,
        fused: FloatArray,
        degraded: FloatArray,
        valid: Mask,
    ) -> NoReferenceSums:
        """Compare images of `tile.padded`.

        `fused` `(C, h, w)` is in the unit of `images`, `degraded` the same filtered by the MTF,
        `valid` `(h, w)` where all have data.
        """
        given = (images.lms, images.low, images.pan, fused, valid)
        lms, low, pan, fused, inner = (tile.cut(i, tile.inner, tile.padded) for i in given)
        pad = [(0, -size % BLOCK) for size in inner.shape]
        full = full_blocks(np.pad(inner, pad, constant_values=True))
        maps = [
            np.where(full[..., None, None], uqi_maps(np.concatenate([bands, last[None]])), np.nan)
            for bands, last in ((fused, pan), (lms, low))
        ]
        known = [np.isfinite(each) for each in maps]
        return NoReferenceSums(
            self.errors.measure(tile, images.lms, degraded, valid),
            np.stack([m.sum(axis=(0, 1), where=k) for m, k in zip(maps, known, strict=True)]),
            np.stack([k.sum(axis=(0, 1)) for k in known]),
            np.where(full, block_moments(pan[None])[1][..., 0, 0], np.nan),
        )

    def update(self, sums: NoReferenceSums) -> None:
        """Add a tile."""
        self.errors.update(sums.errors)
        self.uqi_total += sums.uqi_total
        self.uqi_count += sums.uqi_count

    def compute(self) -> dict[str, float]:
        """Return the scores by name; NaN where no block is valid.

        D_lambda is the mean change of the UQI between two bands from LMS to the fused image, D_s
        that of each band's UQI with PAN (exponents p = q = 1), D_lambda_K is 1 - Q2n of the
        degraded image.
        """
        fine, coarse = np.divide(
            self.uqi_total,
            self.uqi_count,
            out=np.full(self.uqi_total.shape, np.nan),
            where=self.uqi_count > 0,
        )
        change = np.abs(fine - coarse)[:-1]
        pairs = change[:, :-1][np.triu_indices(len(change), 1)]
        d_lambda = float(pairs.mean()) if pairs.size else 0.0
        d_lambda_k, d_s = 1.0 - self.errors.q2n.value, float(change[:, -1].mean())
        return {
            "D_lambda": d_lambda,
            "D_lambda_K": d_lambda_k,
            "D_s": d_s,
            "QNR": (1 - d_lambda) * (1 - d_s),
            "HQNR": (1 - d_lambda_k) * (1 - d_s),
        }


def scores(
    fused: npt.ArrayLike,
    lms: npt.ArrayLike,
    pan: npt.ArrayLike,
    gains: Sequence[float],
    ratio: int,
    scale: float = 1.0,
) -> dict[str, float]:
    """Return all indices of whole images: fused and LMS `(C, H, W)`, PAN `(H, W)`.

    `gains` are the MTF gains of the bands. The low-pass PAN is `interp23tap(imresize(PAN))`; the
    half pixel between the two is part of the toolbox's definition.
    """
    x, y = as_image_pair(lms, fused)
    p = np.asarray(pan, dtype=np.float64)
    low = interp23tap(imresize(p, 1 / ratio)[None], ratio)[0]
    if low.shape != p.shape:
        raise ValueError(f"the size of PAN {p.shape} must be a multiple of the ratio {ratio}")
    images = PanGridImages(p, low, x, np.ones(p.shape, bool))
    indices = NoReference(len(x), ratio, scale)
    degraded = mtf_filter(y, gains, ratio)
    indices.update(indices.measure(single_tile(x.shape), images, y, degraded, images.valid))
    return indices.compute()
