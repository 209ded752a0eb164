# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases of bands: how many, which, in what order, and what the file says of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import ColorInterp

from tests.faults.case import Case
from tests.faults.rasters import Hole, flat, pair, texture
from tests.faults.right import (
    EXACT,
    RIGHT,
    close,
    has,
    kept,
    mask,
    refused,
    same_as,
    values,
)

RED, GREEN, BLUE, ALPHA = (getattr(ColorInterp, name) for name in ("red", "green", "blue", "alpha"))
METHODS = ("exp", "brovey", "gsa", "bt-h", "mtf-glp-fs", "bdsd-pc", "hpm-h", "hpm-r", "awlp-h",
           "scene-fit", "gsa-bp", "bdsd-pc-bp", "classical")  # fmt: skip


def _names(count: int) -> tuple[str, ...]:
    return tuple(f"band {number}" for number in range(1, count + 1))


def _named(made: Any) -> None:
    made.descriptions = _names(made.count)


#: MS of five bands with names.
FIVE = pair(bands=5).at("MS", touch=_named)


def bands() -> Iterator[Case]:
    for count in range(1, 13):
        named = has("bands", lambda made: made.descriptions, _names(count))
        made = pair(bands=count).at("MS", touch=_named)
        yield Case(f"bands {count}", (*RIGHT, named), made)
        yield Case(f"bands {count} by gsa", (values(0.1), mask()), made, {"method": "gsa"})
    for chosen in ((1,), (5,), (3, 2, 1), (5, 1), (2, 4, 1, 5, 3)):
        wanted = tuple(_names(5)[band - 1] for band in chosen)
        named = has("bands", lambda made: made.descriptions, wanted)
        of = same_as(Case("", (), FIVE), [band - 1 for band in chosen])
        yield Case(f"bands {chosen} of 5", (*RIGHT, named, of), FIVE, {"ms_bands": chosen})
    for chosen in ((0,), (6,), (-1,), (1, 99)):
        yield Case(f"bands {chosen} of 5", refused("no-such-band"), FIVE, {"ms_bands": chosen})
    for chosen in ((1, 1), (3, 2, 3)):
        yield Case(f"bands {chosen} of 5", refused("bands-repeated"), FIVE, {"ms_bands": chosen})
    for method in METHODS:
        ask, detail = {"method": method}, pair(size=160, scene=texture)
        bound = 1.05 if method == "exp" else 0.85
        yield Case(f"bands by {method}, ramp", (values(0.3), mask()), pair(size=96), ask)
        yield Case(f"bands by {method}, flat", (values(0.02), mask()), pair(scene=flat), ask)
        yield Case(f"bands by {method}, detail", (close(bound), mask()), detail, ask)
    many = pair().at("PAN", change=_tripled)
    yield Case("bands PAN of three, none chosen", refused("pan-band-needed"), many)
    yield Case("bands PAN of three, second", RIGHT, many, {"pan_band": 2})
    for wrong in (0, 4, -1):
        told = refused("no-such-band")
        yield Case(f"bands PAN of three, band {wrong}", told, many, {"pan_band": wrong})


def _tripled(path: Path) -> str:
    """Write a raster's only band three times."""
    with rasterio.open(path) as source:
        values, profile = source.read(1), source.profile
    with rasterio.open(path, "w", **{**profile, "count": 3}) as made:
        made.write(np.stack([values] * 3))
    return str(path)


def _tag(**of: tuple[Any, ...]) -> Callable[[Any], None]:
    def touch(made: Any) -> None:
        for name, value in of.items():
            setattr(made, name, value)

    return touch


SCALED = {"scales": (1e-4, 2e-4, 3e-4), "offsets": (-0.1, 0.0, 0.5), "units": ("W", "sr", "m")}


def meanings() -> Iterator[Case]:
    """What a file says of its bands: colours, alpha, scale, offset, unit."""
    for dtype in ("uint8", "uint16"):
        # Near infrared in the fourth sample, which GDAL tags as alpha by default.
        options = {"photometric": "RGB", "alpha": "YES"}
        nir = pair(scene=texture, dtype=dtype, bands=4).at("MS", options=options)
        dark = nir.at("MS", hole=Hole(value=0.0, bands=(3,)))
        text, ask = f"meanings {dtype}", {"ms_bands": (1, 2, 3, 4)}
        yield Case(f"{text}, near infrared as alpha", (mask(), close(1.05)), nir)
        yield Case(f"{text}, near infrared by name", (mask(), close(1.05)), nir, ask)
        yield Case(f"{text}, near infrared by name, 0 over water", (kept,), dark, ask)
        real = pair(scene=flat, dtype=dtype).at("MS", hole=Hole(how="alpha"))
        yield Case(f"{text}, real alpha", EXACT, real)
        yield Case(f"{text}, real alpha, bands by name", EXACT, real, {"ms_bands": (3, 1)})
    for kinds in ((RED, GREEN, BLUE), (BLUE, GREEN, RED)):
        told = has("colours", lambda made: made.colorinterp, kinds)
        made = pair().at("MS", touch=_tag(colorinterp=kinds))
        yield Case(f"meanings colours {[kind.name for kind in kinds]}", (*RIGHT, told), made)
    for chosen in ((1, 2, 3), (3, 1)):
        made = pair().at("MS", touch=_tag(**SCALED))
        for what, every in SCALED.items():
            of = operator.attrgetter(what)
            told = has(what, of, tuple(every[band - 1] for band in chosen))
            ask = {"ms_bands": chosen}
            yield Case(f"meanings {what} of bands {chosen}", (*RIGHT, told), made, ask)
    other = pair().at("PAN", touch=_tag(scales=(0.5,), offsets=(3.0,)))
    plain = has("scales", operator.attrgetter("scales"), (1.0, 1.0, 1.0))
    yield Case("meanings PAN's scale is not MS'", (*RIGHT, plain), other)
    table = {number: (number, number, number, 255) for number in range(256)}
    indexed = pair(dtype="uint8", bands=1).at("MS", options={"photometric": "palette"})
    indexed = indexed.at("MS", touch=lambda made: made.write_colormap(1, table))
    yield Case("meanings MS of indices", refused("raster-palette"), indexed)
    for where in ("PAN", "MS"):
        waves = pair(bands=2).at(where, dtype="complex64")
        yield Case(f"meanings {where} of complex numbers", refused("raster-complex"), waves)
