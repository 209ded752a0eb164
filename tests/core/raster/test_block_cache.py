# SPDX-License-Identifier: GPL-2.0-or-later
"""How often a row of tiles reads what it is cut from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from core.raster import block_cache
from core.raster.block_cache import for_rows

MB = 1 << 20
SIDE, ROWS = 2048, 256


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A cache of half a megabyte; a row of tiles of these rasters has one."""
    monkeypatch.setattr(block_cache, "LEAST", MB // 2)
    monkeypatch.setenv("GDAL_CACHEMAX", "0")
    with rasterio.Env(GDAL_CACHEMAX=MB // 2):
        yield
    with rasterio.Env(GDAL_CACHEMAX=64 * MB):
        pass


def raster(path: Path, **options: Any) -> Path:
    values = np.random.default_rng(0).integers(0, 4000, (SIDE, SIDE), np.uint16)
    profile = {"height": SIDE, "width": SIDE, "count": 1, "dtype": "uint16", **options}
    with rasterio.open(path, "w", "GTiff", **profile) as file:
        file.write(values, 1)
    return path


def read_by_tiles(path: Path, rows: int) -> float:
    """Return how often the file is read when its rows of tiles are, with room for `rows`."""
    with rasterio.open(path) as file, for_rows([(file, rows)]):
        before = _bytes_read()
        for row in range(0, SIDE, ROWS):
            for col in range(0, SIDE, ROWS):
                file.read(1, window=((row, row + ROWS), (col, col + ROWS)))
        return (_bytes_read() - before) / path.stat().st_size


def _bytes_read() -> int:
    text = Path("/proc/self/io").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("rchar")))


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="counts reads as Linux tells them")
@pytest.mark.parametrize("form", [{"blockysize": 16}, {"blockysize": 16, "compress": "deflate"}])
@pytest.mark.usefixtures("small")
def test_strips_are_read_once_for_a_row_of_tiles(tmp_path: Path, form: dict[str, Any]) -> None:
    path = raster(tmp_path / "strips.tif", **form)
    assert read_by_tiles(path, rows=1) > 4, "without room, once for each tile"
    assert read_by_tiles(path, rows=ROWS) < 1.1


@pytest.mark.usefixtures("small")
def test_a_tiled_raster_needs_no_more_room(tmp_path: Path) -> None:
    path = raster(tmp_path / "tiles.tif", tiled=True, blockxsize=256, blockysize=256)
    with rasterio.open(path) as file:
        assert for_rows([(file, 10_000)]).options == {"GDAL_CACHEMAX": MB // 2}


def test_what_the_user_sets_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raster(tmp_path / "strips.tif", blockysize=16)
    monkeypatch.setenv("GDAL_CACHEMAX", "20")
    with rasterio.open(path) as file:
        assert "GDAL_CACHEMAX" not in for_rows([(file, SIDE)]).options
    assert os.environ["GDAL_CACHEMAX"] == "20"
