# SPDX-License-Identifier: GPL-2.0-or-later
"""The outcome of an assessment: scores, band statistics, small maps, value pairs, crops.

Values only. `core.quality.assess` makes an assessment; the command and the report show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.imaging.arrays import Image
from core.language import later
from core.raster.window import Window

#: Interpolation of LMS and the low-pass PAN: that of the reference toolbox, or georeferenced.
Interpolation = Literal["23-tap", "georeferenced"]


@dataclass(frozen=True)
class Index:
    """Display of an index: decimals, unit, best value, and its meaning in a sentence."""

    decimals: int
    unit: str
    best: str
    meaning: str


#: All indices, in the order in which they are shown.
INDICES = {
    "SAM": Index(
        3, "°", "0", later("Spectral angle: how far the hues are off, whatever the brightness.")
    ),
    "ERGAS": Index(3, "", "0", later("Relative error of all bands, brightness and detail alike.")),
    "Q2n": Index(
        4, "", "1", later("Agreement of all bands at once in mean, contrast and structure.")
    ),
    "SCC": Index(4, "", "1", later("Agreement of edges and fine detail.")),
    "PSNR": Index(
        2, " dB", later("high"), later("Error against the largest value; 6 dB more is half of it.")
    ),
    "SSIM": Index(4, "", "1", later("Agreement of local brightness, contrast and structure.")),
    "D_lambda": Index(
        4, "", "0", later("Whether the bands relate to each other as they do in the MS.")
    ),
    "D_lambda_K": Index(
        4, "", "0", later("Colours: whether the image, blurred, gives the MS back.")
    ),
    "D_s": Index(
        4, "", "0", later("Detail: whether bands relate to the PAN as at the MS' resolution.")
    ),
    "QNR": Index(4, "", "1", later("D_lambda and D_s in one number.")),
    "HQNR": Index(4, "", "1", later("D_lambda_K and D_s in one number.")),
}
#: Indices that describe how an image relates to PAN and MS. They do not measure quality or rank
#: methods: the best by them need not be the best against a reference.
DESCRIPTORS = ("D_lambda", "D_lambda_K", "D_s", "QNR", "HQNR")


@dataclass(frozen=True)
class BandStatistics:
    """One band of the fused image against the reference if there is one, else against MS.

    MS is compared at MS resolution. `mean`, `fused_mean`, `bias` and `rmse` are in DN,
    `bias_percent` and `rmse_percent` relative to `mean`; `psnr` (dB) needs a reference. `resembles`
    is the MS band, counted from 0, that this band correlates best with at MS resolution; None for
    its own.
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
class ConsistencyStatistics:
    """One band of the fused image, degraded to MS, against MS.

    `rmse` and `bias` are in the images' unit, in percent of MS' mean too; `q` is the band's Q, the
    universal quality index.
    """

    rmse: float
    rmse_percent: float
    bias: float
    bias_percent: float
    q: float


@dataclass(frozen=True)
class BandIndex:
    """A normalised difference of two bands (counted from 0): the fused image, degraded, against MS.

    `mean` is that of MS, `pixels` the number of MS pixels compared, `correlation` that of both.
    """

    name: str
    bands: tuple[int, int]
    pixels: int
    mean: float
    bias: float
    rmse: float
    correlation: float


@dataclass(frozen=True)
class ValueShares:
    """Shares (0 to 1) of each band's values that are negative, or at an end of the file's type.

    `nodata` is the share of the pixels with data in PAN and MS that have none in the fused image.
    """

    negative: tuple[float, ...]
    clipped_low: tuple[float, ...]
    clipped_high: tuple[float, ...]
    nodata: float


@dataclass(frozen=True)
class Crop:
    """A small window (PAN px) at full resolution, in DN, NaN without data.

    `ms` `(C, h, w)` is MS by nearest neighbour; `pan` `(h, w)`; `fused` and `reference`
    `(C, h, w)`.
    """

    title: str
    window: Window
    ms: Image
    pan: Image
    fused: Image
    reference: Image | None


@dataclass(frozen=True)
class ValuePairs:
    """Values at MS resolution `(C, n)`, DN, of MS and of the fused image degraded to MS."""

    ms: Image
    fused: Image


@dataclass(frozen=True)
class Assessment:
    """The quality of one fused image.

    Files and settings first: `sensor` is the name of its card, `gains` the MTF gain of each band.
    `size` is `(height, width)` in PAN px, `pixels` the number of valid pixels that were assessed,
    `blocks` the number of blocks of 32 px that Q2n or D_lambda_K is averaged over.

    `scores` holds those that apply of SAM (degrees), ERGAS, Q2n, SCC, PSNR (dB), SSIM, and of
    D_lambda, D_lambda_K, D_s, QNR, HQNR; `consistency` SAM, ERGAS, Q2n and bias_percent of the
    fused image degraded to MS, against MS; `consistency_bands` has one for each band, `indices`
    compares NDVI and the like at MS resolution.

    `shift` is the displacement of the fused image from MS, `pan_shift` from PAN, `ms_shift` that of
    MS from PAN: (rows, columns) in PAN px, None where it cannot be measured. `detail` is the
    correlation of each band's fine detail with PAN's, `strength` its strength relative to PAN's;
    both are empty if no window is large enough.

    Maps and overviews have at most 512 px a side, NaN without data: `sam_map` `(h, w)` degrees,
    `q2n_map` `(h, w)`, `error_map` `(C, h, w)` DN, `overview` `(C, h, w)` of the fused image and
    `pan_overview` `(h, w)`. `sample` are some pixels' values, `index_sample` their `indices`
    `(I, n)`, NaN where an index is not defined.
    """

    pan: str
    ms: str
    fused: str
    reference: str | None
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
    consistency_bands: tuple[ConsistencyStatistics, ...]
    indices: tuple[BandIndex, ...]
    shares: ValueShares
    bands: tuple[BandStatistics, ...]
    shift: tuple[float, float] | None
    pan_shift: tuple[float, float] | None
    ms_shift: tuple[float, float] | None
    detail: tuple[float, ...]
    strength: tuple[float, ...]
    sam_map: Image
    q2n_map: Image
    error_map: Image
    overview: Image
    pan_overview: Image
    sample: ValuePairs
    index_sample: ValuePairs
    crops: tuple[Crop, ...]
    versions: dict[str, str]
    when: str
