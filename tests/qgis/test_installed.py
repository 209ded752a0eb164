# SPDX-License-Identifier: GPL-2.0-or-later
"""The zip in an empty profile of a real QGIS: loaded, used by mouse, unloaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from osgeo import gdal
from qgis_helpers import ROOT, run_session, write_raster

from tools import desktop, package

PATIENCE_S = 1500  # a network may be slow
MOST_CLICKS = 10
PAIRS = ("coast", "field", "hills", "lake", "town")


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of a session: install the environment, sharpen a pair, and a folder of five."""
    if desktop.missing():
        pytest.skip(f"not on this machine: {desktop.missing()}")
    home = tmp_path_factory.mktemp("home")
    zipped = home / "ksdiff_qgis.zip"
    package.write(ROOT, zipped)
    desktop.install(zipped, home)
    pan = write_raster(home / "pan.tif", 1, (512, 512), 0.5)
    ms = write_raster(home / "ms.tif", 4, (128, 128), 2.0)
    name_bands(ms, ("blue", "green", "red", "nir"))
    folder = home / "scenes"
    folder.mkdir()
    for name in PAIRS:
        shutil.copy(pan, folder / f"{name}_pan.tif")
        shutil.copy(ms, folder / f"{name}_ms.tif")
    asked = {"pair": [str(pan), str(ms)], "folder": str(folder)}
    report = run_session("installed.py", home, asked, patience_s=PATIENCE_S)
    return {**report, "home": home}


def name_bands(path, names):
    raster = gdal.Open(str(path), gdal.GA_Update)
    for number, name in enumerate(names, start=1):
        raster.GetRasterBand(number).SetDescription(name)


def test_qgis_loads_the_installed_plugin(report):
    assert report["available"] and report["loaded"] and report["started"]
    assert str(report["home"]) in report["file"]
    before, during = report["before"], report["during"]
    assert set(during["providers"]) - set(before["providers"]) == {"ksdiff"}
    assert len(during["menus"]) > len(before["menus"])
    assert len(during["toolbars"]) > len(before["toolbars"])


def test_first_result_takes_few_clicks_and_is_in_true_colour(report):
    first = report["first"]
    assert first["clicks"] == [
        *("Open Runtime…", "Install", "Close", "drop the files"),
        *("Raster", "KSDiff", "Pansharpen…", "Run", "Close"),
    ]
    assert len(first["clicks"]) <= MOST_CLICKS
    assert first["bands"] == [3, 2, 1], "red, green, blue by their names"
    raster = gdal.Open(first["file"])
    assert (raster.RasterXSize, raster.RasterYSize, raster.RasterCount) == (512, 512, 4)


def test_folder_of_five_pairs_takes_few_clicks(report):
    folder = report["folder"]
    assert folder["pairs"] == [*PAIRS]
    assert folder["made"] == [f"{name}_sharpened.tif" for name in PAIRS]
    assert folder["clicks"] == [
        *("Raster", "KSDiff", "Pansharpen a folder…", "the field of the folder", "Run")
    ]


def test_runs_took_the_installed_environment(report):
    made = report["home"] / "ksdiff"
    assert list(made.rglob("site-packages/onnxruntime")), "no environment was made there"
    assert report["checked"]["STATE"] == "ready"
    assert report["checked"]["PYTHON_USED"].startswith(str(made))


def test_unload_leaves_no_trace(report):
    assert report["unloaded"]
    for what, before in report["before"].items():
        after = report["after"][what]
        if what == "menus":
            # QGIS itself makes some, of its viewer of results, when an algorithm has run.
            assert set(before) <= set(after)
            new = [entry for entry in after if entry not in before]
            assert not [entry for entry in new if "ksdiff" in entry.lower() or "harpen" in entry]
        else:
            assert after == before, what


def test_plugin_folder_was_not_changed(report):
    """QGIS replaces it at each update."""
    folder = Path(report["file"]).parent
    inside = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    compiled = {name for name in inside if "__pycache__" in name}
    expected = {name.split("/", 1)[1] for name in package.contents(ROOT)}
    assert inside - compiled == expected
