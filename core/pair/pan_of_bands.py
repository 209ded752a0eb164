# SPDX-License-Identifier: GPL-2.0-or-later
"""A PAN for each MS band, made of finer bands: for sensors without PAN, such as Sentinel-2.

    PAN_b = sum_k w_bk F_k,  w_bk >= 0

with F_k the fine bands. The weights are a least squares fit of the details of MS band b by those of
the F_k reduced to its grid; detail is the difference from the mean of 5 x 5 px. These are the
synthesised bands of Selva et al. ("Hyper-sharpening: a first approach on SIM-GA data", IEEE JSTARS
8(6), 2015), whose weights may be negative: between similar bands noise would decide the sign.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from html import escape

import numpy as np
import rasterio
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter
from scipy.optimize import nnls

from core.errors import InputError
from core.gdal_names import call
from core.imaging.arrays import FloatArray
from core.imaging.moments import Moments
from core.pair.scene import Scene
from core.pair.valid_windows import comparison_windows
from core.raster.gdal import quietly
from core.raster.reader import open_raster
from core.raster.source import data_bands
from core.requests.scenes import PairRequest

AROUND = 5  # MS px, edge of the mean that detail is the difference from


def fine_bands(name: str) -> list[int]:
    """Return the numbers of the fine bands; raise InputError unless there are several."""
    with open_raster(name, "PAN") as dataset:
        bands = data_bands(dataset)
        if len(bands) < 2 or dataset.transform.is_identity:
            raise InputError("pan-of-bands-not-possible", path=name, bands=len(bands))
    return bands


def band_weights(request: PairRequest, bands: list[int], seed: int) -> FloatArray:
    """Return the weights `(C, K)` of the fine bands for each MS band.

    A band that none of them explains gets equal weights.
    """
    count = len(bands)
    with ExitStack() as stack:
        scenes = [stack.enter_context(Scene.of(replace(request, pan_band=band))) for band in bands]
        moments = Moments(count + scenes[0].bands)
        for window in comparison_windows(scenes[0], seed):
            parts = [scene.read_reduced(window) for scene in scenes]
            valid = np.logical_and.reduce([part.valid for part in parts])
            values = np.concatenate([np.stack([part.pan for part in parts]), parts[0].ms])
            details = values - uniform_filter(values, (1, AROUND, AROUND))
            moments.add(details[:, valid])
    return weights_from(moments.cov, count)


def weights_from(cov: NDArray[np.float64], count: int) -> FloatArray:
    """Return the weights `(C, K)` from the covariance of K fine bands and C MS bands."""
    values, vectors = np.linalg.eigh(cov[:count, :count])
    root = vectors * np.sqrt(np.maximum(values, 1e-9 * max(values.max(), 1e-30)))
    # The squared error is |root' w - t|^2 plus a constant, with root t the covariance with a band.
    targets = np.linalg.solve(root, cov[:count, count:])
    found = np.array([nnls(root.T, target)[0] for target in targets.T])
    unseen = found.sum(axis=1) <= 0
    found[unseen] = 1.0 / count
    return found


def mixed_raster(name: str, bands: list[int], weights: FloatArray, nodata: float | None) -> str:
    """Return the text of a VRT with one band, `sum_k weights[k] * band k`, for weights (K,).

    `nodata` is used if the raster declares none. A pixel lacks data if one of the bands does, by
    its value or by a mask or alpha band of the raster.
    """
    with quietly(), rasterio.open(name) as dataset:
        a, b, c, d, e, f = dataset.transform[:6]
        declared = [dataset.nodatavals[band - 1] for band in bands]
        alpha = sorted({*dataset.indexes} - {*data_bands(dataset)})
        crs = dataset.crs.to_wkt() if dataset.crs else ""
        height, width = dataset.shape
    missing = [nodata if value is None else value for value in declared]
    # GDAL's mask of a band may not include an alpha band, which is added with weight 0.
    parts = [*zip(bands, weights, missing, strict=True), *((band, 0.0, 0.0) for band in alpha)]
    sources = [
        f"<ComplexSource><SourceFilename>{escape(name)}</SourceFilename>"
        f"<SourceBand>{band}</SourceBand><ScaleOffset>0</ScaleOffset>"
        f"<ScaleRatio>{float(weight)!r}</ScaleRatio>{_element('NODATA', value)}"
        "<UseMaskBand>true</UseMaskBand></ComplexSource>"
        for band, weight, value in parts
    ]
    text = (
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}"><SRS>{escape(crs)}</SRS>'
        f"<GeoTransform>{c!r}, {a!r}, {b!r}, {f!r}, {d!r}, {e!r}</GeoTransform>"
        '<VRTRasterBand dataType="Float32" band="1" subClass="VRTDerivedRasterBand">'
        "<PixelFunctionType>sum</PixelFunctionType><NoDataValue>nan</NoDataValue>"
        f"{''.join(sources)}</VRTRasterBand></VRTDataset>"
    )
    call(text, name)
    return text


def _element(name: str, value: float | None) -> str:
    return "" if value is None else f"<{name}>{float(value)!r}</{name}>"
