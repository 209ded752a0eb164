# SPDX-License-Identifier: GPL-2.0-or-later
"""Overviews and statistics lie in the file, and are those of its pixels."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Plain, write_holed, write_pair
from raising import raises_code
from raster_files import edited

from core.fusion.tiled import sharpen
from core.pair.scene import Scene
from core.raster import writer
from core.raster.writer import Output

SIZE = 768


def sharpened(folder: Path, holed: bool = False, tile: int = 100, **more: Any) -> Path:
    pan, ms = write_pair(folder / "in", size=SIZE, dtype=more.pop("ms", "uint16"))
    if holed:
        ms = write_holed(folder / "in" / "holed.tif", ms, slice(20, 40), slice(5, 60))
    with Scene.open(pan, ms) as scene:
        return sharpen(scene, Plain(), Output(folder / "o.tif", **more), tile=tile).path


@pytest.mark.parametrize("options", [{}, {"NBITS": "12"}, {"INTERLEAVE": "BAND"}])
def test_overviews_are_averages_inside_the_file(tmp_path: Path, options: dict[str, str]) -> None:
    path = sharpened(tmp_path, overviews=True, creation_options=options)
    with rasterio.open(path) as made:
        assert made.overviews(1) == made.overviews(4) == [2, 4]
        fine = made.read().reshape(4, SIZE // 2, 2, SIZE // 2, 2).mean(axis=(2, 4))
    with rasterio.open(path, overview_level=0) as coarse:
        assert np.abs(coarse.read() - fine).max() <= 0.5
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in", "o.tif"]


@pytest.mark.parametrize("cog", [False, True])
@pytest.mark.parametrize("dtype", [None, "float32"])
@pytest.mark.parametrize("holed", [False, True])
def test_statistics_are_those_of_the_pixels(
    tmp_path: Path, cog: bool, dtype: str | None, holed: bool
) -> None:
    path = sharpened(tmp_path, holed, overviews=True, cog=cog, dtype=dtype)
    with rasterio.open(path) as made:
        for band in made.indexes:
            values = made.read(band, masked=True).astype(np.float64)
            told = {key: float(text) for key, text in made.tags(band).items()}
            assert told == pytest.approx(
                {
                    "STATISTICS_MINIMUM": values.min(),
                    "STATISTICS_MAXIMUM": values.max(),
                    "STATISTICS_MEAN": values.mean(),
                    "STATISTICS_STDDEV": values.std(),
                    "STATISTICS_VALID_PERCENT": 100.0 * values.count() / values.size,
                }
            )


def test_statistics_of_a_band_know_nothing_of_what_others_lack(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path / "in", size=SIZE)
    with rasterio.open(ms) as dataset:
        lacking = dataset.read()
    lacking[3, 20:40] = 0
    edited(ms, lambda values: lacking, nodata=0)
    with Scene.open(pan, ms, nodata_bands="each") as scene:
        path = sharpen(scene, Plain(), Output(tmp_path / "o.tif", overviews=True)).path
    with rasterio.open(path) as made:
        for band in made.indexes:
            pixels = made.read(band, masked=True).astype(np.float64)
            assert bool(pixels.mask.any()) == (band == 4)
            assert float(made.tags(band)["STATISTICS_MEAN"]) == pytest.approx(pixels.mean())


def test_missing_pixels_do_not_darken_an_overview(tmp_path: Path) -> None:
    with rasterio.open(sharpened(tmp_path, True, overviews=True), overview_level=1) as coarse:
        values = coarse.read(1, masked=True)
    assert values.mask.any()
    assert values.min() > 100


@pytest.mark.parametrize("options", [{}, {"SPARSE_OK": "TRUE"}])
def test_overviews_of_large_gaps_are_complete(tmp_path: Path, options: dict[str, str]) -> None:
    """Blocks without any data are no sign of a full disk."""
    pan, ms = write_pair(tmp_path / "in", size=SIZE)
    ms = write_holed(tmp_path / "in" / "holed.tif", ms, slice(0, 150), slice(None))
    with Scene.open(pan, ms) as scene:
        output = Output(tmp_path / "o.tif", overviews=True, creation_options=options)
        path = sharpen(scene, Plain(), output, tile=256).path
    with rasterio.open(path, overview_level=0) as coarse:
        assert not coarse.read_masks(1)[:290].any()


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file of this process may grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_while_overviews_are_added_is_an_error(tmp_path: Path) -> None:
    """GDAL itself closes such a file without an error."""
    whole = sharpened(tmp_path, tile=256, overviews=True).stat().st_size
    (tmp_path / "o.tif").write_bytes(b"an earlier result")
    for short_of in (400_000, 100_000, 1):
        with small_disk(whole - short_of), raises_code("disk-full"):
            sharpened(tmp_path, tile=256, overviews=True)
    assert (tmp_path / "o.tif").read_bytes() == b"an earlier result"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in", "o.tif"]


def test_small_files_have_none_and_large_ones_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rasterio.open(sharpened(tmp_path)) as made:
        assert made.overviews(1) == []
        assert made.tags(1) == {}
    monkeypatch.setattr(writer, "LARGE", SIZE * SIZE - 1)
    with rasterio.open(sharpened(tmp_path)) as made:
        assert made.overviews(1) == [2, 4]
    with rasterio.open(sharpened(tmp_path, overviews=False)) as made:
        assert made.overviews(1) == []


def test_a_cog_has_its_own_unless_none_are_wanted(tmp_path: Path) -> None:
    with rasterio.open(sharpened(tmp_path, cog=True)) as made:
        assert made.overviews(1)
    with rasterio.open(sharpened(tmp_path, cog=True, overviews=False)) as made:
        assert made.overviews(1) == []
