# SPDX-License-Identifier: GPL-2.0-or-later
"""What is a path, and what else GDAL can open by its name."""

from __future__ import annotations

import logging
from pathlib import Path, PurePath

import pytest

from core.errors import InputError
from core.gdal_names import as_called, call, is_path, log_as_called, path_in

NO_PATHS = {
    "/vsizip//data/scene.zip/set/pan.tif": "pan.tif",
    "/vsicurl/https://host/ms.tif": "ms.tif",
    "https://host/scenes/ms.tif?sig=ab//cd": "ms.tif",
    "s3://bucket/ms.tif": "ms.tif",
    "GPKG:/data/scene.gpkg:ms": "scene.gpkg:ms",
    'NETCDF:"/data/scene.nc":pan': 'scene.nc":pan',
    "GTIFF_DIR:2:/data/pan.tif": "pan.tif",
    "GTIFF_DIR:off:408:/data/pan.tif": "pan.tif",
    "<VRTDataset/>" + 9999 * " ": "VRT",
}


@pytest.mark.parametrize("name", ["pan.tif", "/data//pan.tif", r"C:\data\pan.tif", "../ä ö.tif"])
def test_path_is_itself(name: str) -> None:
    assert is_path(name)
    assert path_in(name) == PurePath(name)


@pytest.mark.parametrize("name", NO_PATHS)
def test_other_name_holds_a_path(name: str) -> None:
    assert not is_path(name)
    assert path_in(name).name == NO_PATHS[name]


def test_existing_file_is_a_path_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("scene:1.tif").touch()
    assert is_path("scene:1.tif")
    assert not is_path("scene:2.tif")


def test_raster_made_on_the_way_is_called_what_the_user_named_in_errors_and_logs() -> None:
    call("/vsimem/1a/ms.vrt", "/data/LC08")
    call("/vsimem/2b/2b.vrt", "/vsimem/1a/ms.vrt")
    error = InputError("raster-damaged", path="/vsimem/2b/2b.vrt", reason="x: /vsimem/1a/ms.vrt")
    assert error.facts == {"path": "/data/LC08", "reason": "x: /data/LC08"}
    call("WarpedVRT(/vsimem/1a/ms.vrt)", "/vsimem/1a/ms.vrt")
    assert as_called("WarpedVRT(/vsimem/1a/ms.vrt) of it") == "/data/LC08 of it"
    record = logging.LogRecord("n", 20, "p", 1, "%s is warped", ("/vsimem/1a/ms.vrt",), None)
    assert log_as_called(record)
    assert record.getMessage() == "/data/LC08 is warped"
