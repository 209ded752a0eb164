# SPDX-License-Identifier: GPL-2.0-or-later
"""Each algorithm with the real worker, alone and in a chain."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import processing
import pytest
from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsRasterLayer,
)
from qgis_helpers import write_raster

from ksdiff_qgis.algorithms.parameters import CLASSICAL

pytestmark = pytest.mark.usefixtures("plugin", "real_python")


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    """PAN of 384 x 320 px of 0.5 m and MS of four bands of 2 m: large enough to be reduced."""
    folder = tmp_path_factory.mktemp("larger")
    pan = write_raster(folder / "scene_pan.tif", 1, (320, 384), 0.5)
    ms = write_raster(folder / "scene_ms.tif", 4, (80, 96), 2.0)
    return {"PAN": str(pan), "MS": str(ms)}


def size(path):
    layer = QgsRasterLayer(path)
    return layer.width(), layer.height(), layer.bandCount()


def run(name, parameters):
    """The outputs, and what was logged."""
    feedback = QgsProcessingFeedback()
    result = processing.run("ksdiff:" + name, parameters, feedback=feedback)
    return result, feedback.textLog()


@pytest.mark.parametrize("method", list(CLASSICAL))
def test_every_classical_method_sharpens(larger, tmp_path, method):
    output = str(tmp_path / "result.tif")
    result, log = run("classical", {**larger, "METHOD": method, "OUTPUT": output})
    assert result["METHOD_USED"] == method
    assert result["RATIO"] == pytest.approx(4.0)
    assert size(output) == (384, 320, 4)
    got, expected = QgsRasterLayer(output), QgsRasterLayer(larger["MS"])
    for band in range(1, 5):
        mean = got.dataProvider().bandStatistics(band).mean
        # Brovey takes PAN for the mean of the bands, and so shifts them all.
        tolerance = 0.15 if method == "brovey" else 0.05
        wanted = expected.dataProvider().bandStatistics(band).mean
        assert mean == pytest.approx(wanted, rel=tolerance)
    assert "WINNER" not in result
    assert "Sharpened by" in log


def test_best_classical_method_is_found(larger, tmp_path):
    output = str(tmp_path / "result.tif")
    result, log = run("classical", {**larger, "METHOD": "auto", "OUTPUT": output})
    table = json.loads(result["SCENE_TEST_TABLE"])
    assert {row["method"] for row in table} == set(CLASSICAL)
    assert result["METHOD_USED"] == result["WINNER"] == result["BEST_CLASSICAL"]
    assert result["METHOD_USED"] == next(r["method"] for r in table if r["method"] != "exp")
    assert result["TEST_PIXELS"] == 80 * 96
    for row in table:
        assert row["method"] in log
    assert size(output) == (384, 320, 4)


def test_comparison_decides_between_ksdiff_and_the_others(larger, tmp_path):
    output, report = str(tmp_path / "result.tif"), str(tmp_path / "report.html")
    parameters = {**larger, "DEVICE": "cpu", "ADAPT": 0, "OUTPUT": output, "TEST_REPORT": report}
    result, log = run("ksdiff", parameters)
    table = json.loads(result["SCENE_TEST_TABLE"])
    assert {row["method"] for row in table} == {"ksdiff", "srino", *CLASSICAL}
    errors = {row["method"]: row["error"] for row in table}
    best = next(row["method"] for row in table if row["method"] != "exp")
    wanted = best if errors[best] < 0.9 * errors["ksdiff"] else "ksdiff"
    assert result["METHOD_USED"] == result["WINNER"] == wanted
    used = next(row for row in table if row["method"] == wanted)
    assert (result["ERGAS"], result["SAM"]) == (used["ERGAS"], used["SAM"])
    assert result["METHOD_REASON"] in log
    assert ("least error" in result["METHOD_REASON"]) == (wanted == best)
    assert result["TEST_PIXELS"] == 80 * 96
    assert str(result["TEST_PIXELS"]) in log
    page = Path(report).read_text(encoding="utf-8").lower()
    learned, others = ("ksdiff", "srino"), ("gsa", "brovey", "interpolat")
    for label in (*learned, "bt-h", "mtf-glp-fs", "bdsd-pc", *others):
        assert label in page
    assert str(result["TEST_PIXELS"]) in page.replace(",", "").replace(
        "\N{NARROW NO-BREAK SPACE}", ""
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "result.tif"]


def test_ksdiff_is_used_when_it_is_asked_for(larger, tmp_path):
    parameters = {**larger, "METHOD": "ksdiff", "ADAPT": 0, "DEVICE": "cpu"}
    parameters["OUTPUT"] = str(tmp_path / "a.tif")
    result, log = run("ksdiff", parameters)
    assert result["METHOD_USED"] == "ksdiff"
    assert result["BEST_CLASSICAL"] in CLASSICAL
    assert str(result["TEST_PIXELS"]) in log
    assert result["MODEL_USED"]


def test_quality_without_a_reference(larger, tmp_path):
    fused, report = str(tmp_path / "fused.tif"), str(tmp_path / "report.html")
    run("classical", {**larger, "OUTPUT": fused})
    result, log = run("quality", {**larger, "FUSED": fused, "REPORT": report})
    for name in ("D_LAMBDA", "D_LAMBDA_K", "D_S", "QNR", "HQNR", "CONSISTENCY_Q2N"):
        assert 0.0 <= result[name] <= 1.0, name
    assert result["CONSISTENCY_ERGAS"] < 2.0
    assert not {"SAM", "ERGAS", "PSNR"} & set(result)
    assert result["HQNR"] == pytest.approx((1 - result["D_LAMBDA_K"]) * (1 - result["D_S"]))
    assert "HQNR" in log
    page = Path(report).read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    assert "HQNR" in page


def test_a_part_of_the_scene_can_be_assessed(larger, tmp_path):
    fused = str(tmp_path / "fused.tif")
    extent = "500040,500120,4999900,4999960 [EPSG:32633]"
    run("classical", {**larger, "METHOD": "gsa", "EXTENT": extent, "OUTPUT": fused})
    assert size(fused) == (160, 120, 4)
    result, _ = run("quality", {**larger, "FUSED": fused})
    assert result["PIXELS"] == 160 * 120
    assert result["CONSISTENCY_ERGAS"] < 2.0


def test_bands_in_another_order_are_told(larger, tmp_path):
    fused = str(tmp_path / "fused.tif")
    run("classical", {**larger, "MS_BANDS": [2, 1, 3, 4], "OUTPUT": fused})
    result, log = run("quality", {**larger, "FUSED": fused})
    assert "The band order looks wrong" in result["FINDINGS"]
    assert result["FINDINGS"] in log
    result, log = run("quality", {**larger, "FUSED": fused, "MS_BANDS": [2, 1, 3, 4]})
    assert "looks" not in result["FINDINGS"] + log


def test_brighter_and_moved_image_is_told(larger, tmp_path):
    from osgeo import gdal

    fused, bad = str(tmp_path / "fused.tif"), str(tmp_path / "bad.tif")
    run("classical", {**larger, "OUTPUT": fused})
    result, _ = run("quality", {**larger, "FUSED": fused})
    assert abs(result["BIAS_PERCENT"]) < 2.0
    assert max(abs(result["SHIFT_ROWS"]), abs(result["SHIFT_COLS"])) < 0.75
    assert "brightness" not in result["FINDINGS"]
    data = gdal.GetDriverByName("GTiff").CreateCopy(bad, gdal.Open(fused))
    moved = 1.1 * data.ReadAsArray()
    moved[:, 3:] = moved[:, :-3].copy()
    data.WriteArray(moved)
    data = None
    result, log = run("quality", {**larger, "FUSED": bad})
    assert result["BIAS_PERCENT"] == pytest.approx(10.0, abs=2.0)
    assert result["SHIFT_ROWS"] == pytest.approx(3.0, abs=0.5)
    assert "brightness" in result["FINDINGS"]
    assert "displaced" in result["FINDINGS"]
    assert result["FINDINGS"] in log


def test_chain_from_simulation_to_scores(larger, tmp_path):
    """Reduce, sharpen, and assess against the reference that the reduction gave."""
    names = {
        "OUTPUT_PAN": "reduced_pan.tif",
        "OUTPUT_MS": "reduced_ms.tif",
        "OUTPUT_REFERENCE": "reference.tif",
    }
    reduced = {name: str(tmp_path / file) for name, file in names.items()}
    result, _ = run("simulate", {**larger, **reduced})
    assert result["RATIO_USED"] == 4
    assert size(reduced["OUTPUT_PAN"]) == (96, 80, 1)
    assert size(reduced["OUTPUT_MS"]) == (24, 20, 4)
    assert size(reduced["OUTPUT_REFERENCE"]) == (96, 80, 4)
    pair = {"PAN": reduced["OUTPUT_PAN"], "MS": reduced["OUTPUT_MS"]}
    maps = {name: str(tmp_path / f"{name}.tif") for name in ("SAM_MAP", "Q2N_MAP", "ERROR_MAP")}
    scores = {}
    for method in ("exp", "mtf-glp-fs"):
        fused = str(tmp_path / f"{method}.tif")
        run("classical", {**pair, "METHOD": method, "OUTPUT": fused})
        given = {**pair, "FUSED": fused, "REFERENCE": reduced["OUTPUT_REFERENCE"]}
        scores[method], log = run("quality", {**given, **maps})
        assert "ERGAS" in log
        assert size(maps["SAM_MAP"]) == (96, 80, 1)
        assert QgsRasterLayer(maps["Q2N_MAP"]).isValid()
        assert size(maps["ERROR_MAP"]) == (96, 80, 4)
    assert scores["mtf-glp-fs"]["ERGAS"] < scores["exp"]["ERGAS"]
    assert scores["mtf-glp-fs"]["PSNR"] > scores["exp"]["PSNR"]
    assert 0 < scores["exp"]["SAM"] < 90
    perfect = {**pair, "FUSED": reduced["OUTPUT_REFERENCE"]}
    result, _ = run("quality", {**perfect, "REFERENCE": str(tmp_path / "exp.tif")})
    assert result["ERGAS"] > 0


def test_chain_as_a_model(larger, tmp_path):
    """The same, drawn in the model designer, saved and loaded again."""
    source = QgsProcessingModelChildParameterSource
    model = QgsProcessingModelAlgorithm("Judge", "Tests")

    def add(name, inputs, outputs=()):
        child = QgsProcessingModelChildAlgorithm("ksdiff:" + name)
        child.setChildId(name)
        for parameter, value in inputs.items():
            child.addParameterSources(parameter, [value])
        child.setModelOutputs({label: model_output(output) for label, output in outputs})
        model.addChildAlgorithm(child)

    for name in ("PAN", "MS"):
        model.addModelParameter(
            QgsProcessingParameterRasterLayer(name, name), QgsProcessingModelParameter(name)
        )
    add("simulate", {name: source.fromModelParameter(name) for name in ("PAN", "MS")})
    reduced = {
        "PAN": source.fromChildOutput("simulate", "OUTPUT_PAN"),
        "MS": source.fromChildOutput("simulate", "OUTPUT_MS"),
    }
    add("classical", {**reduced, "METHOD": source.fromStaticValue("gsa")})
    judged = {
        **reduced,
        "FUSED": source.fromChildOutput("classical", "OUTPUT"),
        "REFERENCE": source.fromChildOutput("simulate", "OUTPUT_REFERENCE"),
    }
    add("quality", judged, [("Report", "REPORT"), ("Angles", "SAM_MAP")])
    assert model.toFile(str(tmp_path / "judge.model3"))

    loaded = QgsProcessingModelAlgorithm()
    assert loaded.fromFile(str(tmp_path / "judge.model3"))
    outputs = {
        "quality:Report": str(tmp_path / "report.html"),
        "quality:Angles": str(tmp_path / "angles.tif"),
    }
    result = processing.run(loaded, {**larger, **outputs})
    assert Path(result["quality:Report"]).is_file()
    assert size(result["quality:Angles"]) == (96, 80, 1)
    assert result["CHILD_RESULTS"]["quality"]["ERGAS"] > 0


def model_output(name):
    output = QgsProcessingModelOutput(name)
    output.setChildOutputName(name)
    return output


def test_bench_of_one_scene(larger, tmp_path):
    folder = tmp_path / "data" / "made-up"
    folder.mkdir(parents=True)
    for kind in ("PAN", "MS"):
        (folder / f"a_{kind.lower()}.tif").symlink_to(larger[kind])
    table = tmp_path / "table.csv"
    given = {"DATA": str(tmp_path / "data"), "METHODS": ["exp", "gsa"], "CSV": str(table)}
    result, log = run("bench", given)
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert result["ROWS"] == len(rows) > 0
    assert {row["method"] for row in rows} == {"exp", "gsa"}
    assert "gsa" in log


def test_worker_refuses_what_qgis_cannot_see(larger, tmp_path):
    """A reference full of no data passes the checks of the dialog."""
    fused = str(tmp_path / "fused.tif")
    run("classical", {**larger, "METHOD": "exp", "OUTPUT": fused})
    empty = str(tmp_path / "empty.tif")
    processing.run("gdal:translate", {"INPUT": fused, "OUTPUT": empty})
    from osgeo import gdal

    data = gdal.Open(empty, gdal.GA_Update)
    for band in range(1, 5):
        data.GetRasterBand(band).SetNoDataValue(0)
        data.GetRasterBand(band).Fill(0)
    data = None
    report = tmp_path / "report.html"
    with pytest.raises(QgsProcessingException, match="No pixel of"):
        run("quality", {**larger, "FUSED": fused, "REFERENCE": empty, "REPORT": str(report)})
    assert not report.exists()
