# SPDX-License-Identifier: GPL-2.0-or-later
"""What is a path, and what else GDAL can open by its name."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from core.names import is_path, path_in

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
