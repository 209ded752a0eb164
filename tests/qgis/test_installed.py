# SPDX-License-Identifier: GPL-2.0-or-later
"""The zip in an empty profile of a real QGIS: loaded, used with its environment, unloaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis_helpers import ROOT, run_session, write_raster

from tools import desktop, package

PATIENCE_S = 1500  # a network may be slow


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of a session: install the environment, sharpen a pair."""
    if desktop.missing():
        pytest.skip(f"not on this machine: {desktop.missing()}")
    home = tmp_path_factory.mktemp("home")
    zipped = home / "ksdiff_qgis.zip"
    package.write(ROOT, zipped)
    desktop.install(zipped, home)
    pan = write_raster(home / "scene_pan.tif", 1, (512, 512), 0.5)
    ms = write_raster(home / "scene_ms.tif", 4, (128, 128), 2.0)
    runs = [
        ("ksdiff:runtime", {"ACTION": "install", "SIZE": "light"}),
        ("ksdiff:ksdiff", {"PAN": str(pan), "MS": str(ms), "OUTPUT": str(home / "sharp.tif")}),
    ]
    report = run_session("installed.py", home, {"runs": runs}, patience_s=PATIENCE_S)
    return {**report, "home": home}


def test_qgis_loads_the_installed_plugin(report):
    assert report["available"] and report["loaded"] and report["started"]
    assert str(report["home"]) in report["file"]
    before, during = report["before"], report["during"]
    assert set(during["providers"]) - set(before["providers"]) == {"ksdiff"}
    assert len(during["menus"]) > len(before["menus"])
    assert len(during["toolbars"]) > len(before["toolbars"])


def test_pair_was_sharpened_in_the_installed_environment(report):
    from osgeo import gdal

    outputs = report["runs"]
    assert outputs["ksdiff:ksdiff"]["METHOD_USED"]
    raster = gdal.Open(str(report["home"] / "sharp.tif"))
    assert (raster.RasterXSize, raster.RasterYSize, raster.RasterCount) == (512, 512, 4)
    made = report["home"] / "ksdiff"
    assert list(made.rglob("site-packages/onnxruntime")), "no environment was made there"
    assert outputs["ksdiff:runtime"]["STATE"] == "ready"
    assert outputs["ksdiff:runtime"]["PYTHON_USED"].startswith(str(made))
    assert report["layers"]


def test_unload_leaves_no_trace(report):
    assert report["unloaded"]
    for what, before in report["before"].items():
        assert report["after"][what] == before, what


def test_plugin_folder_was_not_changed(report):
    """QGIS replaces it at each update."""
    folder = Path(report["file"]).parent
    inside = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    compiled = {name for name in inside if "__pycache__" in name}
    expected = {name.split("/", 1)[1] for name in package.contents(ROOT)}
    assert inside - compiled == expected
