# SPDX-License-Identifier: GPL-2.0-or-later
"""Land cover of the zones of a synthetic scene: fields, woods, houses, halls.

Each kind of land is a function of the coordinates of a zone, evaluated at all its pixels at once.
A lot, a field or a hall is a cell of a grid in these coordinates; its properties are in the row of
the zone's table of random numbers that belongs to the cell. Lengths are in metres.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.imaging.arrays import Image, Mask
from core.synthetic.terrain import Zone

ROOFS = ("red_tile", "red_tile", "brown_tile", "bitumen", "metal", "white", "concrete")
HALLS = ("metal", "metal", "white", "blue_metal", "bitumen", "concrete")
CROPS = ("crop", "crop", "young_crop", "straw", "soil", "dark_soil", "young_crop", "dry_grass")
CARS = ("white", "white", "metal", "bitumen", "bitumen", "red_tile", "blue_metal")


def farmland(zone: Zone) -> None:
    """Draw fields, each with a crop, rows, tramlines and a border."""
    canvas, rng = zone.canvas, zone.canvas.rng
    wide, long = rng.uniform(55, 130), rng.uniform(90, 260)
    column = np.floor(zone.u / wide)
    v = zone.v + zone.table[zone.cell(column, column * 0), 0] * long
    row = np.floor(v / long)
    draw = zone.table[zone.cell(column, row)]
    crop = canvas.one_of(CROPS, draw[:, 1])
    u_in, v_in = zone.u - column * wide, v - row * long
    along = np.where(draw[:, 2] < 0.7, u_in, v_in)  # rows run along the field, mostly
    period = 1.6 + 3.2 * draw[:, 3]
    rows = np.sin(2 * np.pi * along / period) * (0.03 + 0.09 * draw[:, 4] ** 2)
    swaths = np.sin(2 * np.pi * along / (12 + 9 * draw[:, 10])) * 0.05 * draw[:, 11]
    lanes = np.abs((along + 9) % 21 - 10.5)
    share = 0.04 + 0.4 * draw[:, 5] ** 2 + rows + swaths + 0.3 * (np.abs(lanes - 1.0) < 0.3)
    everywhere = np.ones(len(zone.u), bool)
    zone.paint(
        everywhere, first=crop,
        second=np.where(draw[:, 6] < 0.6, canvas.code("soil"), canvas.code("dry_grass")),
        share=share.astype(np.float32), patchy=0.05 + 0.12 * draw[:, 7],
        gain=0.85 + 0.3 * draw[:, 8] + 0.5 * rows, rough=0.06, tilt=0.5 * (draw[:, 9] - 0.5),
        height=0.0, trees=0.0,
    )  # fmt: skip
    edge = np.minimum(np.minimum(u_in, wide - u_in), np.minimum(v_in, long - v_in))
    hedge = zone.table[zone.cell(column + 7, row), 10] < 0.35
    border = edge < 1.6
    zone.paint(border, first="dry_grass", second="grass", share=0.5, patchy=0.3, gain=1.0)
    zone.paint(border & hedge, first="broadleaf", trees=0.055)
    zone.paint((edge < 1.3) & ~hedge & (draw[:, 0] < 0.4), first="sand", second="dry_grass")


def meadow(zone: Zone) -> None:
    """Draw grass with patches of wear, mown stripes, and single trees."""
    rng = zone.canvas.rng
    stripes = 0.06 * np.sign(np.sin(zone.u * 2 * np.pi / rng.uniform(8, 16)))
    zone.paint(
        np.ones(len(zone.u), bool), first="grass",
        second=str(rng.choice(["dry_grass", "soil", "young_crop"])), share=0.25, patchy=0.3,
        gain=np.float32(rng.uniform(0.85, 1.15)) + stripes.astype(np.float32), rough=0.09,
        trees=float(rng.choice([0.0008, 0.002, 0.004])),
    )  # fmt: skip


def forest(zone: Zone) -> None:
    """Draw dense crowns over a dark floor."""
    everywhere = np.ones(len(zone.u), bool)
    density = float(zone.canvas.rng.uniform(0.025, 0.05))
    zone.paint(everywhere, first="broadleaf", second="soil", share=0.25, patchy=0.2, gain=0.7)
    zone.paint(everywhere, rough=0.12, trees=density)


def bare(zone: Zone) -> None:
    """Draw open ground, tracks and heaps: a quarry or a building site."""
    u, v = zone.u, zone.v
    track = np.abs(u + 9 * np.sin(v / 31) - np.median(u)) < 3.0
    everywhere = np.ones(len(u), bool)
    zone.paint(everywhere, first="sand", second="dark_soil", share=0.35, patchy=0.18, rough=0.08)
    zone.paint(everywhere, gain=0.95, trees=0.0004)
    zone.paint(track, first="sand", second="concrete", share=0.3, gain=1.1, patchy=0.05)


def gable(across: Image, half: Image | float, rise: Image | float) -> Image:
    """Return the height of a gable roof above its eaves, (n,), `across` (n,) from the ridge."""
    return (rise * np.clip(1 - np.abs(across) / half, 0, 1)).astype(np.float32)


def suburb(zone: Zone) -> None:
    """Draw streets with houses on both sides, gardens, pools and trees."""
    canvas, rng = zone.canvas, zone.canvas.rng
    lot_u, lot_v, street = rng.uniform(15, 21), rng.uniform(24, 31), 7.5
    block = np.floor(zone.v / (2 * lot_v + street))
    v = zone.v - block * (2 * lot_v + street)
    side = np.floor((v - street) / lot_v)  # -1 on the street, 0 and 1 the rows of lots
    lot = np.floor(zone.u / lot_u)
    draw = zone.table[zone.cell(lot, block * 2 + side)]
    u = zone.u - (lot + 0.5) * lot_u
    depth = np.where(side > 0, street + 2 * lot_v - v, v - street)  # from the street inwards
    everywhere = np.ones(len(u), bool)
    zone.paint(
        everywhere,
        first=np.where(draw[:, 0] < 0.8, canvas.code("grass"), canvas.code("dry_grass")),
        second="soil", share=0.1 + 0.3 * draw[:, 1], patchy=0.22, gain=0.8 + 0.35 * draw[:, 2],
        rough=0.12, trees=0.002 + 0.016 * draw[:, 3] ** 2,
    )  # fmt: skip
    drive = (np.abs(u - 5.5 * np.sign(draw[:, 4] - 0.5)) < 1.6) & (depth < 10)
    zone.paint(drive, first="concrete", second="asphalt", share=draw[:, 5], gain=0.85, trees=0.0)
    pool = (draw[:, 6] < 0.12) & (np.hypot(u / 1.6, depth - 21) < 2.3)
    zone.paint(pool, first="pool", patchy=0.0, rough=0.02, trees=0.0, share=0.0, gain=1.0)
    half_u, half_d = 4.0 + 3.0 * draw[:, 7], 3.8 + 2.2 * draw[:, 8]
    d = depth - (7.5 + 2.0 * draw[:, 9]) - half_d * 0.5
    house = (np.abs(u) < half_u) & (np.abs(d) < half_d)
    wing_u = u - np.sign(draw[:, 4] - 0.5) * (half_u - 2.2)
    wing = (np.abs(wing_u) < 2.4) & (d > 0) & (d < half_d + 4.5) & (draw[:, 10] < 0.45)
    ridge_along = draw[:, 11] < 0.65
    roof = gable(np.where(ridge_along, d, u), np.where(ridge_along, half_d, half_u), half_d * 0.45)
    roof = np.maximum(np.where(house, roof, 0), np.where(wing, gable(wing_u, 2.4, 1.0), 0))
    zone.paint(
        (house | wing) & (draw[:, 1] < 0.93),
        first=canvas.one_of(ROOFS, draw[:, 5]), second="bitumen",
        share=0.12 * draw[:, 0], patchy=0.03, gain=0.75 + 0.4 * draw[:, 3], rough=0.05,
        tilt=0.5 * (draw[:, 9] - 0.5),
        height=(3.2 + 2.6 * draw[:, 8] + roof).astype(np.float32), trees=0.0,
    )  # fmt: skip
    cross = np.abs(zone.u % (lot_u * 9)) < 5.5
    zone.paint((side < 0) | cross, **_street(zone))
    zone.paint((side < 0) & (np.abs(v - street / 2) > 2.8), **PAVEMENT)
    _kerb_cars(zone, v - street / 2, (side < 0) & ~cross)


PAVEMENT = {"first": "concrete", "second": "asphalt", "share": 0.35, "gain": 0.8}


def _street(zone: Zone) -> dict[str, object]:
    """Return the layers of an asphalt street."""
    gain = float(zone.canvas.rng.uniform(0.85, 1.2))
    return {
        "first": "asphalt", "second": "concrete", "share": 0.08, "patchy": 0.06, "gain": gain,
        "rough": 0.04, "height": 0.0, "trees": 0.0, "tilt": 0.0,
    }  # fmt: skip


def _kerb_cars(zone: Zone, across: Image, street: Mask) -> None:
    """Draw cars parked along both kerbs of a street that runs along u."""
    slot = np.floor(zone.u / 6.2)
    draw = zone.table[zone.cell(slot, np.sign(across) + 3)]
    car = (np.abs(zone.u - (slot + 0.5) * 6.2) < 2.2) & (np.abs(np.abs(across) - 2.1) < 0.9)
    _paint_cars(zone, car & street & (draw[:, 0] < 0.22), draw)


def _paint_cars(zone: Zone, where: Mask, draw: Image) -> None:
    paint = zone.canvas.one_of(CARS, draw[:, 1])
    zone.paint(where, first=paint, share=0.0, patchy=0.0, height=1.4, gain=0.7 + 0.6 * draw[:, 2])


def town(zone: Zone) -> None:
    """Draw blocks of tall houses around yards, with machinery on the flat roofs."""
    canvas, rng = zone.canvas, zone.canvas.rng
    long, wide, street = rng.uniform(60, 85), rng.uniform(42, 58), 11.0
    i, j = np.floor(zone.u / long), np.floor(zone.v / wide)
    u, v = zone.u - i * long, zone.v - j * wide
    inside = (u > street) & (v > street)
    edge = np.minimum(np.minimum(u - street, long - u), np.minimum(v - street, wide - v)) - 2.2
    part = np.floor((u + v * 0.35) / 17)  # the houses of a block differ
    draw = zone.table[zone.cell(i * 5 + part, j)]
    zone.paint(np.ones(len(u), bool), **_street(zone))
    zone.paint(inside, **PAVEMENT)
    yard = edge > 12
    zone.paint(yard, first="grass", second="concrete", share=0.4 * draw[:, 0], patchy=0.2)
    zone.paint(yard, trees=0.012, rough=0.1)
    level = 7.0 + np.floor(draw[:, 1] * 4) * 3.0
    house = inside & (edge > 0) & ~yard & (draw[:, 2] < 0.9)
    slope = np.where(draw[:, 10] < 0.45, gable(edge - 6, 6.0, 3.0), 0.0)
    zone.paint(
        house,
        first=canvas.one_of((*ROOFS, "concrete", "bitumen"), draw[:, 3]),
        second="bitumen", share=0.25 * draw[:, 4], patchy=0.07, gain=0.7 + 0.4 * draw[:, 5],
        rough=0.05, tilt=0.4 * (draw[:, 6] - 0.5), height=(level + slope).astype(np.float32),
    )  # fmt: skip
    unit = (np.abs(u % 17 - 8) < 1.3 + draw[:, 7]) & (np.abs(edge - 6) < 1.4) & (slope == 0)
    zone.paint(house & unit, first="metal", gain=1.1, height=(level + 2.2).astype(np.float32))
    parapet = (slope == 0) & ((edge < 0.6) | (edge > 11.4))
    zone.paint(house & parapet, first="concrete", gain=1.05)
    _kerb_cars(zone, v - street / 2 + np.sign(v - street / 2), (v < street) & (u > street))


def industry(zone: Zone) -> None:
    """Draw large halls with ribbed roofs, yards, and parking lots with rows of cars."""
    canvas, rng = zone.canvas, zone.canvas.rng
    long, wide = rng.uniform(75, 120), rng.uniform(50, 80)
    i, j = np.floor(zone.u / long), np.floor(zone.v / wide)
    u, v = zone.u - i * long, zone.v - j * wide
    draw = zone.table[zone.cell(i, j)]
    zone.paint(np.ones(len(u), bool), **{**PAVEMENT, "rough": 0.05, "patchy": 0.15})
    zone.paint((u < 9) | (v < 9), **_street(zone))
    green = (u > 9) & (u < 12) & (v > 9)
    zone.paint(green, first="grass", second="dry_grass", share=0.4, patchy=0.2, trees=0.015)
    margin = 16 + 6 * draw[:, 0]
    hall = (u > margin) & (u < long - 5 - 18 * draw[:, 1]) & (v > margin) & (v < wide - 5)
    hall &= draw[:, 2] < 0.72
    rib = np.where(draw[:, 3] < 0.5, np.abs(v % 11 - 5.5) < 0.7, np.abs(u % 8 - 4) < 0.5)
    zone.paint(
        hall, first=canvas.one_of(HALLS, draw[:, 4]),
        second="bitumen", share=0.15 * draw[:, 5] + 0.25 * rib * draw[:, 6], patchy=0.04,
        gain=0.8 + 0.3 * draw[:, 7], rough=0.02,
        height=(7 + 5 * draw[:, 8] + gable(v % 22 - 11, 11.0, draw[:, 9] * 2)).astype(np.float32),
    )  # fmt: skip
    lot = (draw[:, 2] >= 0.72) & (u > 14) & (v > 14) & (v < wide - 4)
    zone.paint(lot, **_street(zone))
    bay_u, bay_v = np.floor(u / 2.6), np.floor(v / 8.5)
    each = zone.table[zone.cell(bay_u + i * 47, bay_v + j * 31)]
    car = (np.abs(u - (bay_u + 0.5) * 2.6) < 0.9) & (np.abs(v - (bay_v + 0.5) * 8.5) < 2.2)
    _paint_cars(zone, lot & car & (each[:, 0] < 0.6), each)


SHADERS: dict[str, Callable[[Zone], None]] = {
    "farmland": farmland, "meadow": meadow, "forest": forest, "bare": bare,
    "suburb": suburb, "town": town, "industry": industry,
}  # fmt: skip
