# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:align` and the option of the sharpening algorithms, inside QGIS."""

from __future__ import annotations

from pathlib import Path

import processing
import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
)
from qgis_helpers import Warnings, rough_pair

SHIFT = (2.0, -3.0)  # m down and right, of MS against PAN: 4 rows, 6 columns to the left


def test_request_and_outputs(ask, files, tmp_path):
    output, report = str(tmp_path / "moved.tif"), str(tmp_path / "report.html")
    request, result, log = ask("align", {**files, "MS_BANDS": [2, 1], "OUTPUT": output,
                                         "REPORT": report})  # fmt: skip
    assert request == {
        "protocol": 2,
        "task": "align",
        "pan": files["PAN"],
        "ms": files["MS"],
        "pan_band": None,
        "ms_bands": [2, 1],
        "nodata": None,
        "out": output,
        "report": report,
    }
    assert result == {
        "OUTPUT": output,
        "REPORT": report,
        "SHIFT_ROWS": 3.0,
        "SHIFT_COLUMNS": 2.5,
        "CONFIDENCE": 0.97,
        "BLOCKS": 1,
        "FINDINGS": "",
    }
    assert "The MS lies apart." in log
    assert "Match 0.97, without the shift 0.71; 1 of 9 blocks tell clearly." in log


def test_measuring_alone_writes_nothing(ask, files, tmp_path):
    request, result, _ = ask("align", files)
    assert (request["out"], request["report"]) == (None, None)
    assert "OUTPUT" not in result
    assert result["SHIFT_ROWS"] == 3.0


def test_what_cannot_be_told_is_no_number(ask, files, monkeypatch):
    monkeypatch.setenv("KSDIFF_TEST_SHIFT", "")
    _, result, _ = ask("align", files)
    assert "SHIFT_ROWS" not in result and "SHIFT_COLUMNS" not in result
    assert result["BLOCKS"] == 0


@pytest.mark.parametrize("name", ["ksdiff", "srino", "classical"])
def test_option_is_off_unless_asked_for(ask, files, tmp_path, name):
    files["OUTPUT"] = str(tmp_path / "result.tif")
    request, result, _ = ask(name, files)
    assert request["align"] is False
    assert "ALIGN_ROWS" not in result
    request, result, _ = ask(name, {**files, "ALIGN": True})
    assert request["align"] is True
    assert (result["ALIGN_ROWS"], result["ALIGN_COLUMNS"]) == (3.0, 2.5)


def test_helps_are_about_measuring(plugin):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:align")
    helps = {d.name(): d.help() for d in algorithm.parameterDefinitions()}
    assert "stays where it is" in helps["PAN"]
    assert "the output has all of them" in helps["MS_BANDS"]
    assert not [text for text in helps.values() if "result" in text.lower()]


@pytest.mark.parametrize(("told", "label"), [("3.0 2.5", "aligned"), ("", "not aligned")])
def test_layer_looks_like_its_ms_and_says_so(ask, layers, tmp_path, monkeypatch, told, label):
    monkeypatch.setenv("KSDIFF_TEST_SHIFT", told)
    pan, ms = layers
    feedback, context = QgsProcessingFeedback(), QgsProcessingContext()
    context.setProject(QgsProject.instance())
    parameters = {"PAN": pan, "MS": ms, "OUTPUT": str(tmp_path / "moved.tif")}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:align")
    assert algorithm.checkParameterValues(parameters, context)[0]
    processing.runAndLoadResults(algorithm, parameters, feedback=feedback, context=context)
    loaded = [
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if layer.name() == f"moved ({label})"
    ]
    assert len(loaded) == 1
    assert loaded[0].renderer().type() == ms.renderer().type()
    assert loaded[0].metadata().abstract() == "The MS lies apart."


def test_an_input_cannot_be_the_output(plugin, files):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:align")
    good, message = algorithm.checkParameterValues(
        {**files, "OUTPUT": files["MS"]}, QgsProcessingContext()
    )
    assert not good
    assert "must not be one of the inputs" in message


# --- the real worker ---


@pytest.fixture(scope="module")
def displaced(tmp_path_factory):
    """A pair of which MS is said to lie elsewhere than it does."""
    return rough_pair(tmp_path_factory.mktemp("displaced"), *SHIFT)


def test_shift_is_found_and_taken_out(plugin, real_python, displaced, tmp_path):
    output, report = tmp_path / "moved.tif", tmp_path / "report.html"
    before = Path(displaced["MS"]).read_bytes()
    result = processing.run(
        "ksdiff:align", {**displaced, "OUTPUT": str(output), "REPORT": str(report)}
    )
    assert result["SHIFT_ROWS"] == pytest.approx(4.0, abs=0.05)
    assert result["SHIFT_COLUMNS"] == pytest.approx(-6.0, abs=0.05)
    assert result["SHIFT_METRES"] == pytest.approx(13**0.5, abs=0.05)
    assert result["CONFIDENCE"] > 0.9
    assert result["BLOCKS"] == 9
    moved, old = QgsRasterLayer(str(output)), QgsRasterLayer(displaced["MS"])
    assert moved.extent().xMinimum() == pytest.approx(500000.0, abs=0.05)
    assert moved.extent().yMaximum() == pytest.approx(5000000.0, abs=0.05)
    assert moved.width() == old.width() and moved.bandCount() == old.bandCount()
    assert Path(displaced["MS"]).read_bytes() == before
    assert "Shift of each block" in report.read_text(encoding="utf-8")


def test_sharpening_warns_or_aligns(plugin, real_python, displaced, tmp_path):
    feedback = Warnings()
    parameters = {**displaced, "METHOD": "exp", "OUTPUT": str(tmp_path / "result.tif")}
    result = processing.run("ksdiff:classical", parameters, feedback=feedback)
    assert "ALIGN_ROWS" not in result
    assert len(feedback.warnings) == 1
    assert "rows further down" in feedback.warnings[0] and "ALIGN" in feedback.warnings[0]
    feedback = Warnings()
    result = processing.run("ksdiff:classical", {**parameters, "ALIGN": True}, feedback=feedback)
    assert result["ALIGN_ROWS"] == pytest.approx(4.0, abs=0.05)
    assert result["ALIGN_COLUMNS"] == pytest.approx(-6.0, abs=0.05)
    assert feedback.warnings == []


def test_without_georeference_it_is_aligned_while_it_is_sharpened(plugin, real_python, tmp_path):
    from osgeo import gdal

    whole = rough_pair(tmp_path, 0.0, 0.0)
    files = {"PAN": str(tmp_path / "bare_pan.tif"), "MS": str(tmp_path / "bare_ms.tif")}
    for name, window in (("PAN", (0, 0, 480, 480)), ("MS", (1, 2, 120, 120))):
        # Of MS two rows and a column are cut off that PAN has.
        old = gdal.Open(whole[name])
        driver, bands = gdal.GetDriverByName("GTiff"), old.RasterCount
        made = driver.Create(files[name], *window[2:], bands, gdal.GDT_UInt16)
        made.WriteArray(old.ReadAsArray(*window))
        made.FlushCache()
        del made
    moved = tmp_path / "moved.tif"
    with pytest.raises(QgsProcessingException, match="no georeference that could be moved"):
        processing.run("ksdiff:align", {**files, "OUTPUT": str(moved)})
    assert not moved.exists()
    parameters = {**files, "METHOD": "exp", "ALIGN": True, "OUTPUT": str(tmp_path / "result.tif")}
    result = processing.run("ksdiff:classical", parameters)
    assert result["ALIGN_ROWS"] == pytest.approx(-8.0, abs=0.05)
    assert result["ALIGN_COLUMNS"] == pytest.approx(-4.0, abs=0.05)
