# SPDX-License-Identifier: GPL-2.0-or-later
"""Pairs at 180 degrees: longitudes are counted from -180, from 0, or on beyond 180."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from numpy.typing import NDArray
from rasterio.warp import transform as transform_points
from scenes import write

from core.pair.scene import Scene

STEP = 1e-5
LAT = -17.0
UTM = "EPSG:32760"
SHAPE = 200, 240


def ground(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Waves of some 60 and 90 PAN px; the same for a longitude and that one turn further."""
    east = ((lon + 360.0) % 360.0 - 180.0) / STEP
    return 1000 + 300 * np.sin(east / 9.5) + 200 * np.cos((lat - LAT) / STEP / 14.0)


def seen(grid: Affine, shape: tuple[int, int], crs: str) -> NDArray[np.float64]:
    rows, cols = np.mgrid[: shape[0], : shape[1]] + 0.5
    xs, ys = grid * (cols.ravel(), rows.ravel())
    if crs == UTM:
        lon, lat = transform_points(UTM, "EPSG:4326", xs, ys)
        xs, ys = np.array(lon), np.array(lat)
    return ground(xs, ys).reshape(shape)


def degrees(centre: float, size: float, shape: tuple[int, int]) -> Affine:
    """A grid around a longitude."""
    corner = Affine(STEP, 0, centre, 0, -STEP, LAT) * Affine.scale(size)
    return corner * Affine.translation(-shape[1] / 2, -shape[0] / 2)


def metres(longitude: float, size: float, shape: tuple[int, int]) -> Affine:
    (x,), (y,) = transform_points("EPSG:4326", UTM, [longitude], [LAT])
    corner = Affine(1.0, 0, round(x), 0, -1.0, round(y)) * Affine.scale(size)
    return corner * Affine.translation(-shape[1] / 2, -shape[0] / 2)


def made(path: Path, grid: Affine, shape: tuple[int, int], crs: str) -> Path:
    return write(path, seen(grid, shape, crs)[None].astype(np.float32), grid, crs)


@pytest.mark.parametrize(
    ("pan_at", "ms_at"),
    [
        ("UTM 180", 180.0),
        ("UTM 180", -180.0),
        ("UTM 179.9", 179.9),
        ("UTM 179.9", -180.1),
        ("UTM -179.9", 180.1),
        (180.0, "UTM 180"),
        (-180.0, "UTM 180"),
        (200.0 - 20.1, "UTM 179.9"),
        (180.1, "UTM -179.9"),
        (180.1, -179.9),
        (-179.9, 180.1),
        (180.0, -180.0),
    ],
)
def test_longitudes_may_be_counted_in_any_way(
    tmp_path: Path, pan_at: float | str, ms_at: float | str
) -> None:
    coarse = SHAPE[0] // 4 + 20, SHAPE[1] // 4 + 20
    files = []
    for name, at, size, shape in (("pan", pan_at, 1.0, SHAPE), ("ms", ms_at, 4.0, coarse)):
        if isinstance(at, str):
            grid, crs = metres(float(at.split()[1]), size, shape), UTM
        else:
            grid, crs = degrees(at, size, shape), "EPSG:4326"
        files.append(made(tmp_path / f"{name}.tif", grid, shape, crs))
    with Scene.open(*files) as scene:
        patch = scene.read(scene.whole)
        truth = seen(scene.transform, scene.whole.shape, UTM if isinstance(pan_at, str) else "")
        assert patch.valid.mean() > 0.99
        assert np.abs(patch.lms[0] - truth)[patch.valid].max() < 8.0
