# SPDX-License-Identifier: GPL-2.0-or-later
"""Missing data of PAN and MS: declared by the files, named by the user, or found by its values.

What is left out is logged, with its share.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT

from core.errors import InputError
from core.imaging.arrays import Image, Mask
from core.raster.gdal import forget_error
from core.raster.incomplete_pixels import IncompletePixels
from core.raster.nodata_override import NodataOverride
from core.raster.nodata_values import Undeclared, equal
from core.raster.source import NOTHING, Source, alpha_bands, is_mask, is_virtual
from core.raster.undeclared_nodata import find_undeclared
from core.requests.scenes import NODATA_BANDS, UNDECLARED

log = logging.getLogger(__name__)

FEW = 1e-3  # share of missing pixels below which there is no warning


@dataclass(frozen=True)
class MissingData:
    """The user's choices for missing data of a pair; raise InputError for unknown ones.

    Parameters
    ----------
    nodata : value of MS; and of PAN, if PAN declares none and `pan_nodata` is None.
    pan_nodata : value of PAN.
    bands : which bands of an MS pixel must lack data for it to be invalid, see `NODATA_BANDS`.
    undeclared : use of values that look like missing data, see `UNDECLARED`.
    """

    nodata: float | None = None
    pan_nodata: float | None = None
    bands: str = NODATA_BANDS[0]
    undeclared: str = UNDECLARED[0]

    def __post_init__(self) -> None:
        for value, known in ((self.bands, NODATA_BANDS), (self.undeclared, UNDECLARED)):
            if value not in known:
                raise InputError("nodata-choice-unknown", value=value, known=", ".join(known))

    @property
    def by_band(self) -> bool:
        """Return whether a band of the result lacks data only where its own MS band does."""
        return self.bands == "each"

    def in_pan(self, dataset: DatasetReader, band: list[int]) -> MissingValues:
        """Find the missing data of PAN, and log it."""
        nodata = self.nodata if dataset.nodata is None else None
        nodata = nodata if self.pan_nodata is None else self.pan_nodata
        return self._find(dataset, band, nodata, "PAN")

    def in_ms(self, dataset: DatasetReader, bands: list[int]) -> MissingValues:
        """Find the missing data of MS, and log it."""
        return self._find(dataset, bands, self.nodata, "MS")

    def _find(
        self, dataset: DatasetReader, bands: list[int], nodata: float | None, role: str
    ) -> MissingValues:
        not_alpha = _not_alpha(dataset, bands, role)
        plain = Source(dataset, bands, nodata)
        try:
            values, valid = plain.subsample()
            _leave_out_infinite(values, valid, role)
            found = self._undeclared(plain, values, valid, role)
        except InputError:  # raised again if the damaged part is read
            forget_error()
            return MissingValues(nodata, NodataOverride((), not_alpha))
        written = []  # the user's value as the file has it, exactly
        if nodata is not None:
            written = np.unique(values[equal(values, nodata, plain.floats)])[:4].tolist()
        alone = (area.values[0] for area in found.areas if area.alone)
        overrides = NodataOverride((*written, *found.values, *alone), not_alpha)
        partial = self._partial(values, valid) if role == "MS" else None
        return MissingValues(nodata, overrides, found, partial)

    def _undeclared(self, source: Source, values: Image, valid: Mask, role: str) -> Undeclared:
        """Return the undeclared missing data, log it, and remove it from `valid` (C, h, w)."""
        if self.undeclared == "keep":
            return NOTHING
        found = find_undeclared(source, values, valid)
        for value, share in found.values.items():
            log.warning(
                "%s: %.2g %% of its pixels are %s, far from all others, and no file says what "
                "that is. They are left out as missing data.", role, 100 * share, _number(value),
            )  # fmt: skip
        for area in found.areas:
            log.warning(
                "%s: %.2g %% of its pixels are %s in a collar or gap, and no file says what that "
                "is. They are left out as missing data.", role, 100 * area.share,
                ", ".join(_number(value) for value in dict.fromkeys(area.values)),
            )  # fmt: skip
        for value, share in found.doubtful.items():
            log.warning(
                "%s: %.2g %% of its pixels are %s in areas that end sharply. They stay as data; "
                "if they are not, name %s as nodata.", role, 100 * share,
                _number(value), _number(value),
            )  # fmt: skip
        return found

    def _partial(self, values: Image, valid: Mask) -> IncompletePixels | None:
        """Return the completion of pixels with data in some bands only; None if they are invalid.

        `values` and `valid` are (C, h, w).
        """
        anywhere, share = valid.any(axis=0), 0.0
        if not valid.all():
            share = float((anywhere & ~valid.all(axis=0)).mean())
        if self.bands != "any":
            return IncompletePixels(
                values[:, anywhere], valid[:, anywhere], keep=self.bands == "all"
            )
        if share:
            log.log(
                logging.WARNING if share >= FEW else logging.INFO,
                "MS: %.2g %% of its pixels have data in some bands only. They are left out in all "
                "bands; the choices all and each of nodata-bands keep them.", 100 * share,
            )  # fmt: skip
        return None


@dataclass(frozen=True)
class MissingValues:
    """Missing data of a raster: the user's value, and what its file does not declare."""

    nodata: float | None
    overrides: NodataOverride
    undeclared: Undeclared = NOTHING
    partial: IncompletePixels | None = None

    def source(self, dataset: DatasetReader | WarpedVRT, bands: list[int]) -> Source:
        """Return the source of the raster, as it was opened or warped."""
        stay = [area for area in self.undeclared.areas if not area.alone]
        if stay and is_virtual(dataset):
            log.warning(
                "The collar or gap of %s stays after all: the image is resampled, and the value "
                "is elsewhere too. Named as nodata it is left out everywhere.",
                _number(stay[0].values[0]),
            )  # fmt: skip
        return Source(dataset, bands, self.nodata, self.undeclared, self.partial)


def _number(value: float) -> str:
    """Return a value as text; integers have all their digits."""
    whole = value.is_integer() and abs(value) < 2**53
    return f"{value:.0f}" if whole else f"{value:g}"


def _leave_out_infinite(values: Image, valid: Mask, role: str) -> None:
    """Remove infinite values and NaN from `valid` (C, h, w), and log the share of the former."""
    share = float((np.isinf(values) & valid).any(axis=0).mean())
    valid &= np.isfinite(values)
    if share:
        log.warning(
            "%s: %.2g %% of its pixels are infinite, or as good as that. They are left out as "
            "missing data.",
            role, 100 * share,
        )  # fmt: skip


def _not_alpha(dataset: DatasetReader, bands: Sequence[int], role: str) -> tuple[int, ...]:
    """Return the bands tagged alpha that are not used as masks, and log them."""
    plain = tuple(b for b in alpha_bands(dataset) if b in bands or not is_mask(dataset, b))
    for band in plain:
        use = "used as data" if band in bands else "not used"
        log.warning(
            "%s: band %d is tagged alpha, but %s; it is %s.", role, band,
            "was named" if is_mask(dataset, band) else "is no mask by its values", use,
        )  # fmt: skip
    return plain
