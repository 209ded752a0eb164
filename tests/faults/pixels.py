# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases of values: types, nodata values, masks, fill."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tests.faults.case import Case
from tests.faults.rasters import Floats, Hole, Pair, Scene, flat, pair, ramp, texture, unit
from tests.faults.right import (
    EXACT,
    RIGHT,
    close,
    has,
    kept,
    mask,
    or_refused,
    or_warned,
    refused,
    values,
)

FLOATS = ("float32", "float64")
WHOLE = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64")
SHORTEST = -3.4028234663852886e38
#: The hole of PAN, PAN px; that of MS is `Hole`'s own, and lies elsewhere.
OF_PAN = ((20, 33), (30, 44))


def marks(dtype: str) -> tuple[float, ...]:
    """Nodata values that are usual for a type."""
    if dtype in FLOATS:
        return math.nan, -9999.0, 0.0, SHORTEST
    info = np.iinfo(dtype)
    # A nodata value is a double, which the ends of 64 bit do not fit.
    return (0.0, 120.0) if info.bits == 64 else (float(info.min), float(info.max))


def holed(
    made: Pair, where: str, how: str = "value", value: float = 0.0, told: bool = True
) -> Pair:
    """The pair with a hole in PAN, MS or both; `told`: a nodata value is declared."""
    nodata = value if told and how == "value" else None
    if where != "MS":
        made = made.at("PAN", nodata=nodata, hole=Hole(*OF_PAN, how=how, value=value))
    if where != "PAN":
        made = made.at("MS", nodata=nodata, hole=Hole(how=how, value=value))
    return made


def types() -> Iterator[Case]:
    for dtype in (*WHOLE, *FLOATS):
        plain, even = pair(dtype=dtype), pair(dtype=dtype, scene=flat)
        yield Case(f"types {dtype} ramp", RIGHT, plain)
        yield Case(f"types {dtype} flat", EXACT, even)
        for mark in marks(dtype):
            text = f"types {dtype} nodata {mark:g}"
            yield Case(f"{text} in MS", RIGHT, holed(plain, "MS", value=mark))
            yield Case(f"{text} in PAN", RIGHT, holed(plain, "PAN", value=mark))
            yield Case(f"{text} in both, flat", EXACT, holed(even, "both", value=mark))
            asked = holed(plain, "MS", value=mark, told=False)
            yield Case(f"{text} asked for", RIGHT, asked, {"nodata": mark})


def mixed() -> Iterator[Case]:
    """PAN, MS and result of different types and nodata values."""
    for pan, ms in (("uint8", "uint16"), ("uint16", "uint8"), ("uint16", "float32"),
                    ("float32", "uint16"), ("float64", "uint8"), ("int16", "uint16"),
                    ("uint32", "int16"), ("uint8", "float64")):  # fmt: skip
        both = pair().at("PAN", dtype=pan).at("MS", dtype=ms)
        yield Case(f"mixed PAN {pan}, MS {ms}", RIGHT, both)
        low, high = marks(pan)[0], marks(ms)[-1]
        both = holed(holed(both, "PAN", value=low), "MS", value=high)
        yield Case(f"mixed PAN {pan} nodata {low:g}, MS {ms} nodata {high:g}", RIGHT, both)
    every = ("uint8", "uint16", "int16", "float32")
    # Only where the type holds the values.
    fitting = [(ms, out) for ms in every[:3] for out in every if unit(ms) == 1 or out != "uint8"]
    for ms, out in (*fitting, ("float32", "float32")):
        plain, asked = pair(dtype=ms), {"output_type": out}
        yield Case(f"mixed MS {ms} as {out}", RIGHT, plain, asked)
        yield Case(f"mixed MS {ms} with nodata as {out}", RIGHT, holed(plain, "MS"), asked)
    for value in (7.0, 65535.0, 1.0):
        right = *RIGHT, has("nodata", lambda made: made.nodata, value)
        yield Case(
            f"mixed result's nodata {value:g}", right, holed(pair(), "MS"), {"nodata": value}
        )
    for value in (-1.0, 0.5, 1e9, math.nan):
        told = refused("nodata-outside-type")
        yield Case(f"mixed result's nodata {value:g}", told, holed(pair(), "MS"), {"nodata": value})


HOLES = {
    "first row": ((0, 1), (0, 16)),
    "collar": ((0, 16), (0, 3)),
    "corner": ((0, 6), (0, 6)),
    "one pixel": ((7, 8), (7, 8)),
    "all but a part": ((0, 16), (0, 10)),
}


def masks() -> Iterator[Case]:
    ways = ("alpha", "msk", "internal", "value")
    for dtype in ("uint8", "uint16"):
        for how in ways:
            for scene, right in ((flat, EXACT), (ramp, RIGHT), (texture, (mask(), close(0.9)))):
                for where in ("MS", "PAN", "both"):
                    made = holed(pair(scene=scene, dtype=dtype), where, how)
                    yield Case(f"masks {dtype} {how} in {where}, {scene.__name__}", right, made)
    even = pair(scene=flat)
    for name, place in HOLES.items():
        for how in ways:
            made = holed(even, "MS", how).at("MS", hole=Hole(*place, how=how))
            yield Case(f"masks {name} by {how}", EXACT, made)
    for method in ("brovey", "gsa", "bdsd-pc", "mtf-glp-fs", "scene-fit", "hpm-h", "awlp-h"):
        for how in ("alpha", "value"):
            right, made = (values(0.02), mask()), holed(even, "MS", how)
            yield Case(f"masks {how} by {method}", right, made, {"method": method})
    for how in ways:
        made = holed(even, "MS", how).at("MS", hole=Hole((0, 16), (0, 16), how))
        yield Case(f"masks nothing is left by {how}", refused(), made, {"method": "gsa"})


def one_band() -> Iterator[Case]:
    """A band that lacks what the others have: lost with a word, or kept."""
    for dtype, mark in (("uint8", 0.0), ("uint16", 0.0), ("int16", -9999.0), ("float32", math.nan)):
        for bands in ((2,), (0, 1)):
            hole = Hole(value=mark, bands=bands)
            made = pair(scene=flat, dtype=dtype).at("MS", nodata=mark, hole=hole)
            yield Case(f"one band {dtype} bands {bands}", or_warned("%", kept), made)


UNDECLARED = (
    ("float32", -9999.0), ("float32", 9.969209968386869e36), ("float32", SHORTEST),
    ("float64", -9999.0), ("float64", -1e30), ("int16", -9999.0), ("int16", -32768.0),
    ("int32", -2147483648.0), ("uint16", 65535.0),
)  # fmt: skip
BEYOND = (
    ("float32", math.inf), ("float32", -math.inf), ("float64", 1e300), ("uint32", 4294967295.0)
)  # fmt: skip


def beyond() -> Iterator[Case]:
    """Fill that is no number, or beyond those of the type that it is read in."""
    yield from _fills(BEYOND)


def _fills(marks: Sequence[tuple[str, float]]) -> Iterator[Case]:
    for dtype, mark in marks:
        for where in ("MS", "PAN", "both"):
            made = holed(pair(size=128, scene=texture, dtype=dtype), where, value=mark, told=False)
            if where != "PAN":
                made = made.at("MS", hole=Hole((5, 11), (12, 19), value=mark))
            for method in ("exp", "gsa"):
                right = close(0.95), mask(4.0)
                # The largest value may be that of clouds: then it is told, and stays.
                told = or_warned("65535", *right) if mark == 65535 else or_refused(*right)
                text = f"undeclared {dtype} {mark:g} in {where}, {method}"
                yield Case(text, told, made, {"method": method})


def undeclared() -> Iterator[Case]:
    """Fill that no file declares is left out and told of; dark water is none."""
    yield from _fills(UNDECLARED)
    for dtype in ("uint8", "uint16"):
        made = pair(size=128, scene=texture, dtype=dtype).at("MS", hole=Hole((0, 32), (0, 6)))
        made = made.at("PAN", hole=Hole((0, 128), (0, 24)))
        for method in ("exp", "gsa"):
            told = or_warned("0", close(0.95))
            text = f"undeclared {dtype} zero collar, {method}"
            yield Case(text, told, made, {"method": method})
    for dtype in ("uint8", "uint16", "int16", "float32"):
        for level in (0, 1, 21):
            made = replace(pair(size=128, dtype=dtype), scene=_lake(level))
            for method in ("exp", "gsa"):
                text = f"undeclared {dtype} lake of {level} is no fill, {method}"
                yield Case(text, (mask(), close(1.2)), made, {"method": method})


def _lake(level: float) -> Scene:
    """A still lake: every pixel of it has one value, darker than all land."""

    def scene(rows: Floats, cols: Floats, bands: int) -> Floats:
        water = (rows > 30) & (rows < 70) & (cols > 20) & (cols < 60)
        return np.where(water, level, texture(rows, cols, bands) - 20.0)

    return scene
