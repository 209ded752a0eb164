# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameters of reading a pair: missing data and heights that its files do not declare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import parameters as p
from .values import Values


def nodata() -> p.Parameter:
    """Return the no data value of the inputs."""
    text = "Only needed if the files do not define it."
    return p.number(p.NODATA, "No data value", text, advanced=True)


def reading() -> list[p.Parameter]:
    """Return the parameters besides `nodata`, which did not exist from the beginning."""
    made_here = [
        p.number(p.PAN_NODATA, "No data value of PAN", "Only needed if it is not that of MS."),
        p.choice(
            p.NODATA_BANDS,
            "Pixels with data in some bands only",
            "'any': a pixel of MS has no data if any band has none; 'all': only if all bands have "
            "none; 'each': each band by itself.",
            ("any", "all", "each"),
            "any",
            titles={
                "any": "No data",
                "all": "Keep the bands that have data",
                "each": "Each band by itself",
            },
        ),
        p.choice(
            p.UNDECLARED_NODATA,
            "Values that look like missing data",
            "Such as -9999, or 0 around the image, if no file declares them: 'leave-out' or "
            "'keep'. The log names them.",
            ("leave-out", "keep"),
            "leave-out",
            titles={"leave-out": "Leave out", "keep": "Keep as data"},
        ),
        p.raster(
            p.RPC_DEM,
            "Heights for images with RPCs",
            "A raster of heights in metres, by which images with RPCs are placed on the map. "
            "Without it one height is assumed. PAN and MS of the same sensor stay on its grid "
            "and need no heights.",
            optional=True,
        ),
    ]
    return [p.added_later(each) for each in made_here]


def request(values: Values, heights: Sequence[str]) -> dict[str, Any]:
    """Return the fields of a request; `heights` has the source of the raster of heights, if any."""
    return {
        "nodata": values.decimal_or_none(p.NODATA),
        "pan_nodata": values.decimal_or_none(p.PAN_NODATA),
        "nodata_bands": values.text(p.NODATA_BANDS),
        "undeclared_nodata": values.text(p.UNDECLARED_NODATA),
        "rpc_dem": next(iter(heights), None),
    }
