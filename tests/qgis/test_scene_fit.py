# SPDX-License-Identifier: GPL-2.0-or-later
"""The scene fit: in qgis_process, in the dialogs, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from osgeo import gdal
from processing.modeler.ModelerParametersDialog import ModelerParametersDialog
from qgis.core import QgsProcessingModelAlgorithm
from qgis.PyQt.QtWidgets import QComboBox
from qgis_helpers import check, create, refused, rough_pair, run

from ksdiff_qgis.algorithms.methods import CLASSICAL

NEW = ("scene-fit", "hpm-h", "hpm-r", "awlp-h")


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """A pair with structure, that is large enough for a fit."""
    return rough_pair(tmp_path_factory.mktemp("scene"), 0.0, 0.0)


def pixels(path):
    return gdal.Open(str(path)).ReadAsArray().tobytes()


def test_saved_fit_gives_the_same_pixels_in_qgis_process(call, scene, real_python, tmp_path):
    inputs = [f"--{name}={path}" for name, path in scene.items()]
    start = ["run", "ksdiff:classical", *inputs]  # scene-fit is the default
    first, again, fit = (tmp_path / name for name in ("first.tif", "again.tif", "fit.json"))
    done = call(*start, f"--OUTPUT={first}", f"--SAVE_FIT={fit}", KSDIFF_PYTHON=real_python)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"SAVE_FIT:\t{fit}" in done.stdout
    assert "METHOD_USED:\tscene-fit" in done.stdout
    assert json.loads(fit.read_text())
    done = call(*start, f"--OUTPUT={again}", f"--FIT={fit}", KSDIFF_PYTHON=real_python)
    assert done.returncode == 0, done.stdout + done.stderr
    assert pixels(first) == pixels(again)
    other = ["run", "ksdiff:classical", *inputs, "--METHOD=gsa"]
    done = call(*other, f"--OUTPUT={again}", f"--FIT={fit}")
    assert done.returncode != 0
    assert "scene-fit" in done.stdout + done.stderr


@pytest.mark.usefixtures("plugin", "real_python")
def test_new_methods_and_back_projection(scene, tmp_path):
    made = {}
    for method, passes in (*((name, 0) for name in NEW[1:]), ("hpm-h", 2)):
        output = tmp_path / f"{method}{passes}.tif"
        given = {**scene, "METHOD": method, "BACK_PROJECTION": passes, "OUTPUT": str(output)}
        result, log = run("classical", given)
        assert result["METHOD_USED"] == method
        assert CLASSICAL[method] in log.textLog()
        made[method, passes] = pixels(output)
    assert len(set(made.values())) == len(made)


@pytest.mark.usefixtures("plugin", "real_python")
def test_method_that_replaces_the_fit_is_named(files, tmp_path):
    corner = "500040,500060,4999960,4999980 [EPSG:32633]"
    given = {**files, "METHOD": "scene-fit", "EXTENT": corner}
    outputs = {"OUTPUT": str(tmp_path / "r.tif"), "SAVE_FIT": str(tmp_path / "fit.json")}
    result, log = run("classical", {**given, **outputs})
    used = result["METHOD_USED"].removesuffix("-bp")
    assert used in CLASSICAL and used != "scene-fit"
    assert CLASSICAL[used] in log.textLog()
    assert "SAVE_FIT" not in result and not Path(outputs["SAVE_FIT"]).exists()


@pytest.mark.usefixtures("plugin")
def test_fit_of_another_method_is_refused(files, tmp_path):
    fit = tmp_path / "fit.json"
    fit.write_text("{}")
    given = {**files, "OUTPUT": str(tmp_path / "r.tif")}
    for method in ("auto", "mtf-glp-fs"):
        refused("classical", {**given, "METHOD": method, "FIT": str(fit)}, "scene-fit")
        saved = {"SAVE_FIT": str(tmp_path / "new.json")}
        refused("classical", {**given, "METHOD": method, **saved}, "scene-fit")
    fitting = {**given, "METHOD": "scene-fit"}
    refused("classical", {**fitting, "FIT": str(tmp_path / "none.json")}, "none.json")
    refused("classical", {**fitting, "SAVE_FIT": str(tmp_path / "fit.txt")}, ".json")
    refused("classical", {**fitting, "BACK_PROJECTION": 11}, "BACK_PROJECTION")


@pytest.mark.usefixtures("plugin")
def test_passes_that_a_method_does_not_have_are_refused(files, tmp_path):
    """A fit has its own number of passes, and interpolation has none."""
    fit = tmp_path / "fit.json"
    fit.write_text("{}")
    given = {**files, "OUTPUT": str(tmp_path / "r.tif"), "FIT": str(fit)}
    refused("classical", {**given, "BACK_PROJECTION": 2}, "'Back-projection passes'")
    del given["FIT"]
    given["METHOD"] = "exp"
    refused("classical", {**given, "BACK_PROJECTION": 2}, "'exp'")
    for passes in (0, None):
        assert check("classical", {**given, "BACK_PROJECTION": passes}) == (True, "")


def shown(box):
    return {box.itemText(index): box.itemData(index) for index in range(box.count())}


def test_dialog_shows_plain_words_and_gives_the_name(open_dialog, files):
    panel = open_dialog("classical", {**files, "METHOD": "hpm-r"}).mainWidget()
    box = panel.wrappers["METHOD"].widget
    assert box.currentData() == "hpm-r"
    assert shown(box)["Fast (scene fit)"] == "scene-fit"
    assert list(shown(box).values()) == ["auto", *CLASSICAL]
    box.setCurrentText("Fast (scene fit)")
    parameters = panel.createProcessingParameters()
    assert parameters["METHOD"] == "scene-fit"
    assert parameters.get("BACK_PROJECTION") is None
    assert "FIT" not in parameters or not parameters["FIT"]


def test_model_designer_shows_plain_words_and_keeps_the_name(plugin, qgis_iface):
    dialog = ModelerParametersDialog(create("classical"), QgsProcessingModelAlgorithm())
    try:
        field = dialog.widget.widget.wrappers["METHOD"]
        box = next(each for each in field.findChildren(QComboBox) if "exp" in shown(each).values())
        assert shown(box)["Fast (scene fit)"] == "scene-fit"
        box.setCurrentText("Fast (scene fit)")
        (source,) = dialog.createAlgorithm().parameterSources()["METHOD"]
        assert source.staticValue() == "scene-fit"
    finally:
        dialog.close()
