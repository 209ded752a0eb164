# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases of place: grids, ratios, extents, coordinate reference systems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.warp import transform

from tests.faults.case import Case, Outcome
from tests.faults.rasters import PIXEL, UTM, Pair, Raster, Scene, flat, pair, ramp, texture
from tests.faults.right import (
    EXACT,
    RIGHT,
    close,
    kept,
    mask,
    or_refused,
    or_warned,
    refused,
    succeeded,
    values,
)

RATIOS = (1.5, 1.75, 2.0, 2.5, 3.0, 3.7, 4.0, 4.5, 5.0, 6.0)
UPRIGHT = {
    "rows upward": PIXEL * Affine.scale(1, -1),
    "columns leftward": PIXEL * Affine.scale(-1, 1),
    "both reversed": PIXEL * Affine.scale(-1, -1),
    "tall pixels": PIXEL * Affine.scale(1, 1.5),
    "tiny pixels": PIXEL * Affine.scale(1e-4),
    "huge pixels": PIXEL * Affine.scale(1e4),
    "far away": Affine.translation(1e7, 9e6) * Affine.scale(0.5, -0.5),
}
TURNED = {
    "rotated 10": PIXEL * Affine.rotation(10),
    "rotated 90": PIXEL * Affine.rotation(90),
    "sheared": PIXEL * Affine.shear(5, 0),
}


def grids() -> Iterator[Case]:
    for ratio in RATIOS:
        text = f"grids ratio {ratio:g}"
        # Half a pixel of either, whole pixels, and a shift that no product has.
        for y, x in ((0.0, 0.0), (-0.5, 0.5), (-ratio / 2, -ratio / 2), (-2.0, -3.0), (0.3, -0.7)):
            yield Case(f"{text}, offset {y:g} {x:g}", RIGHT, pair(ratio, (y, x)))
        detail = pair(ratio, scene=texture)
        yield Case(f"{text}, detail", (mask(), close(0.85)), detail, {"method": "gsa"})
        yield Case(f"{text}, bare", RIGHT, _bare(pair(ratio, size=60)))
    for stretch in (0.9, 1.1, 1.15, 0.5, 1.5, 2.0):
        right = RIGHT if 0.8 < stretch < 1.2 else refused("pixel-shapes-differ")
        yield Case(f"grids columns {stretch:g} of rows", right, pair(stretch=stretch))
    for ratio in (0.25, 0.5, 1.0, 1.1):
        yield Case(f"grids ratio {ratio:g}", refused("pan-not-finer"), pair(ratio, size=32))
    for name, grid in UPRIGHT.items():
        yield Case(f"grids {name}", RIGHT, pair(grid=grid))
        yield Case(f"grids {name}, offset", RIGHT, pair(3.0, (-1.5, 0.5), grid=grid))
    for name, grid in TURNED.items():
        turned = pair(grid=grid)
        right = or_refused(values(), mask(3.0))
        yield Case(f"grids {name}", right, turned)
        apart = turned.at("MS", grid=pair().ms.grid)
        yield Case(f"grids {name}, PAN alone", right, apart)
    for name, flip in (("rows", Affine.scale(1, -1)), ("columns", Affine.scale(-1, 1))):
        whole = Affine.translation(*(16 if each < 0 else 0 for each in (flip.a, flip.e)))
        turned = pair().at("MS", grid=pair().ms.grid * whole * flip)
        yield Case(f"grids {name} of MS reversed", or_refused(*RIGHT), turned)
    for alone in ("PAN", "MS"):
        made = pair().at(alone, place="none")
        yield Case(f"grids {alone} alone is bare", refused("one-not-georeferenced"), made)


def _bare(made: Pair) -> Pair:
    """Without georeference the corners agree."""
    height, width = made.pan.shape
    grid = made.pan.grid * Affine.scale(width / made.ms.shape[1], height / made.ms.shape[0])
    return made.at("MS", grid=grid).at("both", place="none", crs=None)


def overlaps() -> Iterator[Case]:
    """Parts of each other, and extents."""
    even = pair(scene=flat)
    for row, col in ((-40, 0), (40, 0), (0, -40), (0, 40), (24, 24), (-24, -24), (30.5, -20.3)):
        text, offset = f"overlaps MS begins at {row:g} {col:g}", (row, col)
        yield Case(text, EXACT, pair(offset=offset, scene=flat))
        yield Case(f"{text}, ramp", RIGHT, pair(offset=offset, size=96))
    for row, col in ((64, 0), (-64, 0), (0, 1000), (-1e6, 1e6)):
        far = pair(offset=(row, col))
        yield Case(f"overlaps none at {row:g} {col:g}", refused("no-overlap"), far)
    yield Case("overlaps PAN within MS", RIGHT, pair(offset=(-64, -64)).at("MS", shape=(48, 48)))
    inner = pair(offset=(16, 16), scene=flat).at("MS", shape=(8, 8))
    yield Case("overlaps MS within PAN", EXACT, inner)
    x, y = PIXEL * (16, 16)
    for name, extent in (
        ("of pixels", (x, y - 12, x + 12, y)),
        ("between pixels", (x + 0.13, y - 12.2, x + 12.3, y - 0.2)),
        ("beyond PAN", (x, y - 500, x + 500, y)),
    ):
        yield Case(f"overlaps extent {name}", (_within,), even, {"extent": extent})
    end = float("inf")
    for name, extent in (
        ("elsewhere", (0.0, 0.0, 1.0, 1.0)),
        ("reversed", (x + 5, y, x, y - 5)),
        ("empty", (x, y, x, y)),
        ("endless", (-end, y - 5, end, y)),
        ("no number", (float("nan"), y - 5, x + 5, y)),
    ):
        yield Case(f"overlaps extent {name}", refused("extent-empty"), pair(), {"extent": extent})


@succeeded
def _within(done: Outcome) -> Iterator[str]:
    """A part of a flat scene that begins at a pixel of PAN."""
    with rasterio.open(done.out) as made:
        if set(made.read(1).ravel().tolist()) != {640}:
            yield "not the value of the flat scene"
        corner = ~PIXEL * (made.transform.c, made.transform.f)
        if max(abs(at - round(at)) for at in corner) > 1e-6 or made.width > 48:
            yield f"the corner {corner} is no pixel of PAN"


LOCAL, OTHER = (f'LOCAL_CS["{name}",UNIT["metre",1]]' for name in ("Unknown", "another"))
SYSTEMS = ("EPSG:32632", "EPSG:32634", "EPSG:4326", "EPSG:3857", "EPSG:3035", "EPSG:25833",
           "EPSG:4258", "ESRI:54009")  # fmt: skip
SAME = {
    "WKT": CRS.from_user_input(UTM).to_wkt(),
    "ESRI's WKT": CRS.from_user_input(UTM).to_wkt(version="WKT1_ESRI"),
    "PROJ": "+proj=utm +zone=33 +datum=WGS84 +units=m",
}


def _in(crs: str, ratio: float = 4.0, scene: Scene = ramp) -> Pair:
    """A pair in UTM whose MS lies around PAN in another CRS, at about the ratio."""
    made = pair(ratio, size=96, scene=scene)
    height, width = made.pan.shape
    ends = [(0, 0), (width, 0), (0, height), (width, height), (1, 0)]
    xs, ys = zip(*(made.pan.grid * end for end in ends), strict=True)
    xs, ys = transform(made.pan.crs, crs, xs, ys)
    step = ratio * max(abs(xs[4] - xs[0]), abs(ys[4] - ys[0]))
    margin = 6 * step
    grid = Affine(step, 0, min(xs) - margin, 0, -step, max(ys) + margin)
    shape = tuple(round((max(at) - min(at) + 2 * margin) / step) for at in (ys, xs))
    return made.at("MS", grid=grid, shape=shape, crs=crs)


def systems() -> Iterator[Case]:
    """Coordinate reference systems: the same, others, none, and some without a place on Earth."""

    def said_otherwise(made: Pair) -> Pair:
        return replace(made, true_crs=made.pan.crs)

    for name, crs in SAME.items():
        made = said_otherwise(pair().at("MS", crs=crs))
        yield Case(f"systems the same as {name}", RIGHT, made)
    for crs in SYSTEMS:
        for ratio in (2.0, 4.0):
            right = values(0.35, margin=24), mask(ratio)
            yield Case(f"systems MS in {crs}, ratio {ratio:g}", right, _in(crs, ratio))
        yield Case(f"systems MS in {crs}, flat", (values(0.07), mask(4.0)), _in(crs, scene=flat))
    for alone in ("PAN", "MS"):
        yield Case(f"systems {alone} has none", RIGHT, said_otherwise(pair().at(alone, crs=None)))
        local = said_otherwise(pair().at(alone, crs=LOCAL))
        yield Case(f"systems {alone} is local", or_refused(*RIGHT), local)
    yield Case("systems both have none", RIGHT, pair(crs=None))
    yield Case("systems both are local", RIGHT, pair(crs=LOCAL))
    two = said_otherwise(pair(crs=LOCAL).at("MS", crs=OTHER))
    yield Case("systems two local ones", or_refused(*RIGHT), two)
    for west in (179.999, 180.5, -180.0, 359.0):
        degrees = Affine(1e-5, 0, west, 0, -1e-5, 47.0)
        yield Case(f"systems degrees from {west:g}", RIGHT, pair(grid=degrees, crs="EPSG:4326"))
    for zone, lon in ((60, 180.0), (1, -180.0)):
        for west in (180.0, -180.0):
            told = or_refused(*or_warned("%", kept, values(0.1)))
            text = f"systems date line, UTM {zone}, degrees about {west:g}"
            yield Case(text, told, _at_date_line(zone, lon, west))
    for place in ("gcps", "rpcs"):
        yield from _placed_by(place)


def _at_date_line(zone: int, lon: float, west: float) -> Pair:
    """PAN in UTM across 180 degrees, MS in degrees of either sign around it."""
    crs, step = f"EPSG:326{zone:02}", 4e-4
    x, y = transform("EPSG:4326", crs, [lon], [50.0])
    pan = Raster(Affine(10, 0, x[0] - 480, 0, -10, y[0] + 480), (96, 96), crs=crs)
    degrees = Affine(step, 0, west - 24 * step, 0, -step, 50.0 + 24 * step)
    return Pair(pan, Raster(degrees, (48, 48), crs="EPSG:4326"), flat)


def _placed_by(place: str) -> Iterator[Case]:
    """Both by GCPs or RPCs of one sensor grid; PAN a part of MS; one of the two alone."""
    degrees = Affine(1e-5, 0, 15.0, 0, -1e-5, 47.0)
    make = partial(pair, grid=degrees, crs="EPSG:4326")
    near = values(0.35, margin=16)
    both = make().at("both", place=place)
    yield Case(f"systems both by {place}", or_refused(near, _placed), both)
    part = make(offset=(-32, -32)).at("MS", shape=(32, 32)).at("both", place=place)
    yield Case(f"systems both by {place}, PAN a part of MS", or_refused(near), part)
    for alone in ("PAN", "MS"):
        made = make().at(alone, place=place)
        yield Case(f"systems {alone} alone by {place}", or_refused(near), made)


@succeeded
def _placed(done: Outcome) -> Iterator[str]:
    """The result says where it lies, in one way or another."""
    with rasterio.open(done.out) as made:
        if made.transform.is_identity and not made.gcps[0] and not made.rpcs:
            yield "the result does not say where it lies"
