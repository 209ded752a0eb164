# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known of a fused image after it was assessed: numbers, small maps, samples, crops.

Values only. `core.quality` makes an assessment; the command and the report show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.imaging.arrays import Image
from core.raster.window import Window

#: LMS and low-pass PAN as the reference toolbox makes them, or by the georeference of the pair.
Interpolation = Literal["23-tap", "georeferenced"]


@dataclass(frozen=True)
class Index:
    """How an index is shown: decimals and unit, its best value, and what it says."""

    decimals: int
    unit: str
    best: str
    meaning: str


#: Every index of quality, in the order in which they are shown.
INDICES = {
    "SAM": Index(3, "°", "0", "Spectral angle: how far the hues are off, whatever the brightness."),
    "ERGAS": Index(3, "", "0", "Relative error of all bands, brightness and detail alike."),
    "Q2n": Index(4, "", "1", "Agreement of all bands at once in mean, contrast and structure."),
    "SCC": Index(4, "", "1", "Agreement of edges and fine detail."),
    "PSNR": Index(2, " dB", "high", "Error against the largest value; 6 dB more is half of it."),
    "SSIM": Index(4, "", "1", "Agreement of local brightness, contrast and structure."),
    "D_lambda": Index(4, "", "0", "Whether the bands relate to each other as they do in the MS."),
    "D_lambda_K": Index(4, "", "0", "Colours: whether the image, blurred, gives the MS back."),
    "D_s": Index(4, "", "0", "Detail: whether bands relate to the PAN as at the MS' resolution."),
    "QNR": Index(4, "", "1", "Quality with no reference, of the bands' relations and detail."),
    "HQNR": Index(4, "", "1", "The same of colours and detail; agrees better with the eye."),
}


@dataclass(frozen=True)
class BandRow:
    """One band of the fused image against the reference, or else against MS at MS resolution.

    `mean`, `fused_mean`, `bias` and `rmse` are in DN, `bias_percent` and `rmse_percent` of `mean`;
    `psnr` (dB) needs a reference. `resembles` is the MS band, counted from 0, that this band
    correlates best with at MS resolution, and None where that is its own.
    """

    name: str
    mean: float
    fused_mean: float
    bias: float
    bias_percent: float
    rmse: float
    rmse_percent: float
    correlation: float
    psnr: float | None
    resembles: int | None


@dataclass(frozen=True)
class Crop:
    """A small window at full resolution, in DN, NaN where there is no data.

    `ms` `(C, h, w)` is the nearest MS pixel, as the user sees MS; `pan` `(h, w)`; `fused` and
    `reference` `(C, h, w)`. `window` is in PAN px.
    """

    title: str
    window: Window
    ms: Image
    pan: Image
    fused: Image
    reference: Image | None


@dataclass(frozen=True)
class Sample:
    """Pairs of values at MS resolution, `(C, n)` in DN: MS, and the fused image degraded to MS."""

    ms: Image
    fused: Image


@dataclass(frozen=True)
class Assessment:
    """All that is known of one fused image.

    Files and settings first: `sensor` is the name of its card, `gains` the MTF gain of each band.
    `size` is `(height, width)` in PAN px, `pixels` how many of them were valid and assessed,
    `blocks` how many blocks of 32 Q2n or D_lambda_K are the mean of.

    `scores` holds those that apply of SAM (degrees), ERGAS, Q2n, SCC, PSNR (dB), SSIM, and of
    D_lambda, D_lambda_K, D_s, QNR, HQNR; `consistency` SAM, ERGAS, Q2n and bias_percent of the
    fused image degraded to MS, against MS.

    `shift` is how far the fused image lies from MS, `pan_shift` from PAN: (rows, columns) in
    PAN px, None where it cannot be told. `detail` is, for each band, the correlation of its fine
    detail with PAN's, and `strength` how strong it is beside the band's contrast, against PAN's;
    both are empty where no window is large enough.

    The maps and overviews have at most 512 px a side, NaN where there is no data: `sam_map`
    `(h, w)` degrees, `q2n_map` `(h, w)`, `error_map` `(C, h, w)` DN, `overview` `(C, h, w)` of the
    fused image and `pan_overview` `(h, w)`.
    """

    pan: Path
    ms: Path
    fused: Path
    reference: Path | None
    band_names: tuple[str, ...]
    sensor: str
    mtf_source: str
    gains: tuple[float, ...]
    ratio: float
    peak: float
    size: tuple[int, int]
    pixels: int
    blocks: int
    interpolation: Interpolation
    seconds: float
    scores: dict[str, float]
    consistency: dict[str, float]
    bands: tuple[BandRow, ...]
    shift: tuple[float, float] | None
    pan_shift: tuple[float, float] | None
    detail: tuple[float, ...]
    strength: tuple[float, ...]
    sam_map: Image
    q2n_map: Image
    error_map: Image
    overview: Image
    pan_overview: Image
    sample: Sample
    crops: tuple[Crop, ...]
    versions: dict[str, str]
    when: str
