# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures of images: bands for red, green and blue, stretch, colour scales, PNG files.

Images are `(C, H, W)` in DN, NaN without data; pictures are bytes, `(H, W, 3)` colours or `(H, W)`
indices of a palette.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray
from core.sensors import band_of

Bytes = npt.NDArray[np.uint8]


#: Percentiles of the data that are shown black and white, with a linear stretch as in QGIS.
PERCENTILES = (2, 98)
#: Index and colour of missing data, the last of every palette.
MISSING = 255
NO_DATA = (222, 222, 222)

# Every eighth of viridis (S. van der Walt and N. Smith, CC0): even steps of lightness, legible to
# the colour-blind and in grey.
_VIRIDIS = (
    (68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142), (33, 144, 141),
    (39, 173, 129), (92, 200, 99), (170, 220, 50), (253, 231, 37),
)  # fmt: skip
# Blue, white, orange: distinct to the colour-blind, white is zero.
_DIVERGING = (
    (5, 48, 97), (67, 133, 190), (160, 203, 226), (247, 247, 247),
    (248, 190, 120), (214, 111, 30), (127, 59, 8),
)  # fmt: skip
_DENSITY = ((255, 255, 255), (189, 205, 228), (106, 150, 200), (42, 90, 158), (13, 38, 84))


def _palette(anchors: Sequence[tuple[int, int, int]]) -> Bytes:
    """Return `(256, 3)`: 255 colours interpolated between the anchors, and `NO_DATA`."""
    at, steps = np.linspace(0, 1, len(anchors)), np.linspace(0, 1, MISSING)
    channels = [np.interp(steps, at, channel) for channel in np.transpose(anchors)]
    return np.vstack([np.transpose(channels).round(), NO_DATA]).astype(np.uint8)


SEQUENTIAL = _palette(_VIRIDIS)
DIVERGING = _palette(_DIVERGING)
DENSITY = _palette(_DENSITY)


def rgb_bands(names: Sequence[str | None]) -> tuple[int, int, int]:
    """Return the indices of the bands for red, green and blue, by name or else by convention.

    Without names three bands are red, green, blue, eight are WorldView's, other numbers from four
    on begin with blue, green, red; of fewer than three the first is shown in grey.
    """
    known = {band_of(name): number for number, name in enumerate(names)}
    if {"red", "green", "blue"} <= known.keys():
        return known["red"], known["green"], known["blue"]
    if len(names) < 3:
        return 0, 0, 0
    return {3: (0, 1, 2), 8: (4, 2, 1)}.get(len(names), (2, 1, 0))


def stretch_limits(image: npt.ArrayLike) -> FloatArray:
    """Return the DN `(2, C)` of an image `(C, ...)` that are shown black and white."""
    bands = np.asarray(image, dtype=np.float64)
    bands = bands.reshape(len(bands), -1)
    known = bands[:, np.isfinite(bands).all(axis=0)]
    if not known.size:
        return np.zeros((2, len(bands)))
    return np.percentile(known, PERCENTILES, axis=1)


def stretch(image: npt.ArrayLike, limits: FloatArray) -> Bytes:
    """Return `(3, H, W)` or, for grey, `(1, H, W)` DN as a picture `(H, W, 3)`; no data is white.

    `limits` are those of `stretch_limits`, of this image or of one that it is compared with.
    """
    bands = np.asarray(image, dtype=np.float64)
    low, high = limits[:, :, None, None]
    tone = np.clip((bands - low) / np.maximum(high - low, 1e-9), 0, 1)
    tone = np.where(np.isfinite(bands).all(axis=0), tone, 1)
    picture = (tone * 255).round().astype(np.uint8).transpose(1, 2, 0)
    return np.ascontiguousarray(np.broadcast_to(picture, (*picture.shape[:2], 3)))


def palette_indices(values: npt.ArrayLike, low: float, high: float) -> Bytes:
    """Return `(H, W)` values as indices of a palette; values that are not finite are `MISSING`."""
    array = np.asarray(values, dtype=np.float64)
    known = np.isfinite(array)
    share = (np.where(known, array, low) - low) / (high - low if high > low else 1.0)
    steps = (np.clip(share, 0, 1) * (MISSING - 1)).round().astype(np.uint8)
    return np.where(known, steps, np.uint8(MISSING))


def enlarge(picture: Bytes, times: int) -> Bytes:
    """Return a picture `(H, W)` or `(H, W, 3)` with each pixel as `times` x `times` pixels."""
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def png(picture: Bytes, palette: Bytes | None = None) -> bytes:
    """Return a PNG file of colours `(H, W, 3)`, or of `(H, W)` with a palette or in grey."""
    height, width = picture.shape[:2]
    kind = 2 if picture.ndim == 3 else 0 if palette is None else 3
    rows = picture.reshape(height, -1)
    # Each row as the difference from the one above ("up", filter 2): repeated rows cost nothing.
    rows = np.diff(rows, axis=0, prepend=np.zeros((1, rows.shape[1]), np.uint8))
    data = np.hstack([np.full((height, 1), 2, np.uint8), rows]).tobytes()
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))]
    if palette is not None:
        chunks.append((b"PLTE", palette.tobytes()))
    chunks += [(b"IDAT", zlib.compress(data, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def data_uri(content: bytes, kind: str = "image/png") -> str:
    """Return a data URI of a file, so that a page needs no other file."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
