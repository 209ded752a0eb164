# SPDX-License-Identifier: GPL-2.0-or-later
"""Choose the nodata value of the result."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from core.errors import OutputError
from core.raster.pixels import default_nodata, holds, value_range

if TYPE_CHECKING:
    from core.pair.scene import Scene


log = logging.getLogger(__name__)


def declared_nodata(
    asked: float | None, scene: Scene, dtype: np.dtype, bits: int | None = None
) -> float | None:
    """Return the nodata value: the user's, else that of MS, else a default if data may be missing.

    Raises OutputError if ``dtype``, packed to ``bits``, cannot hold the user's value.
    """
    name = f"{dtype} of {bits} bits" if bits else str(dtype)
    if asked is not None and not holds(dtype, asked, bits):
        least, most = value_range(dtype, bits)
        numbers = "numbers" if dtype.kind == "f" else "whole numbers"
        within = f"{numbers} from {least:.10g} to {most:.10g}"
        raise OutputError("nodata-outside-type", nodata=asked, dtype=name, range=within)
    if asked is not None:
        return asked
    if scene.nodata is None:
        return default_nodata(dtype) if may_lack_data(scene) else None
    return scene.nodata if holds(dtype, scene.nodata, bits) else default_nodata(dtype)


def warn_of_other_nodata(asked: float | None, scene: Scene, written: float) -> None:
    """Warn if another nodata value than that of MS is written, which the type cannot hold."""
    if asked is None and scene.nodata is not None and repr(float(scene.nodata)) != repr(written):
        log.warning("Nodata %g does not fit the result: %g is written.", scene.nodata, written)


def may_lack_data(scene: Scene) -> bool:
    """Return whether the result may have pixels without data, judged by masks, types and extents.

    Only then is a nodata value declared: 0 in a raster full of data would make its darkest pixels
    nodata.
    """
    if scene.warped or any(source.may_lack_data for source in scene.sources):
        return True
    ms = scene.rasters[0]
    ends = zip(scene.whole.shape, ms.shape, scene.phase_yx, scene.ratio_yx, strict=True)
    return not all(_covers(*each) for each in ends)


def _covers(pan_size: int, ms_size: int, phase: float, ratio: float) -> bool:
    """Return whether MS covers PAN's first and last pixel along one axis, to half a PAN pixel."""
    first = phase - 0.5 * ratio - 0.5
    last = phase + (ms_size - 0.5) * ratio + 0.5
    return first <= 1e-6 and pan_size - 1 <= last + 1e-6
