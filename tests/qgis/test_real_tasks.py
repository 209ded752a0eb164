# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithms with the real worker, alone and in a chain."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import processing
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from qgis_helpers import rough_pair, run, write_raster

from ksdiff_qgis.algorithms.methods import CLASSICAL

pytestmark = pytest.mark.usefixtures("plugin", "real_python")


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    """PAN of 384 x 320 px of 0.5 m, MS of four bands and 2 m: large enough for the comparison."""
    folder = tmp_path_factory.mktemp("larger")
    pan = write_raster(folder / "scene_pan.tif", 1, (320, 384), 0.5)
    ms = write_raster(folder / "scene_ms.tif", 4, (80, 96), 2.0)
    return {"PAN": str(pan), "MS": str(ms)}


def size(path):
    layer = QgsRasterLayer(path)
    return layer.width(), layer.height(), layer.bandCount()


def test_classical_method_keeps_the_mean_of_each_band(larger, tmp_path):
    output = str(tmp_path / "result.tif")
    extent = "500040,500120,4999900,4999960 [EPSG:32633]"
    result, _ = run("classical", {**larger, "METHOD": "gsa", "OUTPUT": output})
    assert (result["METHOD_USED"], result["RATIO"]) == ("gsa", pytest.approx(4.0))
    assert "WINNER" not in result
    assert size(output) == (384, 320, 4)
    got, expected = QgsRasterLayer(output), QgsRasterLayer(larger["MS"])
    for band in range(1, 5):
        wanted = expected.dataProvider().bandStatistics(band).mean
        assert got.dataProvider().bandStatistics(band).mean == pytest.approx(wanted, rel=0.05)
    part = str(tmp_path / "part.tif")
    run("classical", {**larger, "METHOD": "exp", "EXTENT": extent, "OUTPUT": part})
    assert size(part) == (160, 120, 4)


def test_auto_of_classical_uses_the_best_method(larger, tmp_path):
    output = str(tmp_path / "result.tif")
    result, log = run("classical", {**larger, "METHOD": "auto", "OUTPUT": output})
    table = json.loads(result["SCENE_TEST_TABLE"])
    assert {"exp", "gsa", "mtf-glp-fs"} <= {row["method"] for row in table} <= set(CLASSICAL)
    assert result["METHOD_USED"] == result["WINNER"] == result["BEST_CLASSICAL"]
    assert result["METHOD_USED"] == next(r["method"] for r in table if r["method"] != "exp")
    assert result["TEST_PIXELS"] == 80 * 96
    assert all(row["method"] in log.textLog() for row in table)
    assert size(output) == (384, 320, 4)


def test_comparison_selects_between_ksdiff_and_the_others(larger, tmp_path):
    output, report = str(tmp_path / "result.tif"), str(tmp_path / "report.html")
    parameters = {**larger, "DEVICE": "cpu", "ADAPT": 0, "OUTPUT": output, "TEST_REPORT": report}
    result, log = run("ksdiff", parameters)
    table = json.loads(result["SCENE_TEST_TABLE"])
    compared = {row["method"] for row in table}
    assert {"ksdiff", "srino", "exp"} <= compared <= {"ksdiff", "srino", *CLASSICAL}
    errors = {row["method"]: row["error"] for row in table}
    best = next(row["method"] for row in table if row["method"] != "exp")
    wanted = best if errors[best] < 0.9 * errors["ksdiff"] else "ksdiff"
    assert result["METHOD_USED"] == result["WINNER"] == wanted
    used = next(row for row in table if row["method"] == wanted)
    assert (result["ERGAS"], result["SAM"]) == (used["ERGAS"], used["SAM"])
    assert result["METHOD_REASON"] in log.textLog()
    assert result["TEST_PIXELS"] == 80 * 96
    page = Path(report).read_text(encoding="utf-8").lower()
    assert all(label in page for label in ("ksdiff", "srino", "bt-h", "bdsd-pc", "brovey"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "result.tif"]


def test_ksdiff_is_used_if_it_is_chosen(larger, tmp_path):
    given = {**larger, "METHOD": "ksdiff", "ADAPT": 0, "DEVICE": "cpu"}
    output = str(tmp_path / "a.tif")
    result, _ = run("ksdiff", {**given, "OUTPUT": output})
    assert result["METHOD_USED"] == "ksdiff"
    assert result["BEST_CLASSICAL"] in CLASSICAL
    assert result["MODEL_USED"] and result["DEVICE_USED"].startswith("cpu")
    layer, pan, ms = (QgsRasterLayer(path) for path in (output, larger["PAN"], larger["MS"]))
    assert (layer.extent(), layer.crs()) == (pan.extent(), pan.crs())
    assert layer.dataProvider().dataType(1) == ms.dataProvider().dataType(1)
    for band in range(1, 5):
        expected = ms.dataProvider().bandStatistics(band).mean
        assert layer.dataProvider().bandStatistics(band).mean == pytest.approx(expected, rel=0.05)


def test_srino_maps_its_uncertainty(larger, tmp_path):
    outputs = {"OUTPUT": str(tmp_path / "result.tif"), "SPREAD": str(tmp_path / "spread.tif")}
    options = {"DEVICE": "cpu", "STEPS": 1, "SPREAD_SEEDS": 2}
    result, _ = run("srino", {**larger, **options, **outputs})
    assert (result["METHOD_USED"], result["STEPS_USED"]) == ("srino", 1)
    assert (size(outputs["OUTPUT"]), size(outputs["SPREAD"])) == ((384, 320, 4), (384, 320, 1))
    spread = QgsRasterLayer(outputs["SPREAD"])
    assert spread.extent() == QgsRasterLayer(larger["PAN"]).extent()
    assert spread.dataProvider().bandStatistics(1).minimumValue >= 0


@pytest.mark.parametrize("method", ["auto", "ksdiff"])
def test_damaged_model_is_refused(larger, tmp_path, method):
    model = tmp_path / "empty.safetensors"
    model.write_bytes(b"")
    given = {"MODEL": "custom", "MODEL_FILE": str(model), "METHOD": method}
    with pytest.raises(QgsProcessingException, match="empty"):
        run("ksdiff", {**larger, **given, "OUTPUT": str(tmp_path / "result.tif")})


# --- alignment ---


@pytest.fixture(scope="module")
def shifted(tmp_path_factory):
    """A pair whose MS is shifted by 4 rows down and 6 columns left of PAN."""
    return rough_pair(tmp_path_factory.mktemp("shifted"), 2.0, -3.0)


def test_shift_is_measured_and_corrected(shifted, tmp_path):
    output, report = tmp_path / "moved.tif", tmp_path / "report.html"
    before = Path(shifted["MS"]).read_bytes()
    result, _ = run("align", {**shifted, "OUTPUT": str(output), "REPORT": str(report)})
    assert result["SHIFT_ROWS"] == pytest.approx(4.0, abs=0.05)
    assert result["SHIFT_COLUMNS"] == pytest.approx(-6.0, abs=0.05)
    assert result["SHIFT_METRES"] == pytest.approx(13**0.5, abs=0.05)
    assert result["CONFIDENCE"] > 0.9
    assert result["BLOCKS"] == 9
    moved, old = QgsRasterLayer(str(output)), QgsRasterLayer(shifted["MS"])
    assert moved.extent().xMinimum() == pytest.approx(500000.0, abs=0.05)
    assert moved.extent().yMaximum() == pytest.approx(5000000.0, abs=0.05)
    assert moved.width() == old.width() and moved.bandCount() == old.bandCount()
    assert Path(shifted["MS"]).read_bytes() == before
    assert "<html" in report.read_text(encoding="utf-8")


def test_shift_is_warned_of_or_corrected(shifted, tmp_path):
    given = {**shifted, "METHOD": "exp", "OUTPUT": str(tmp_path / "result.tif")}
    result, log = run("classical", given)
    assert "ALIGN_ROWS" not in result
    (warning,) = log.warnings
    assert "ALIGN" in warning
    result, log = run("classical", {**given, "ALIGN": True})
    assert result["ALIGN_ROWS"] == pytest.approx(4.0, abs=0.05)
    assert result["ALIGN_COLUMNS"] == pytest.approx(-6.0, abs=0.05)
    assert log.warnings == []


def test_images_without_georeference_are_aligned_by_sharpening(tmp_path):
    georeferenced = rough_pair(tmp_path, 0.0, 0.0)
    files = {"PAN": str(tmp_path / "bare_pan.tif"), "MS": str(tmp_path / "bare_ms.tif")}
    # MS lacks two rows and a column of PAN's ground.
    for name, window in (("PAN", (0, 0, 480, 480)), ("MS", (1, 2, 120, 120))):
        old = gdal.Open(georeferenced[name])
        driver, bands = gdal.GetDriverByName("GTiff"), old.RasterCount
        made = driver.Create(files[name], *window[2:], bands, gdal.GDT_UInt16)
        made.WriteArray(old.ReadAsArray(*window))
        made.FlushCache()
        del made
    moved = tmp_path / "moved.tif"
    with pytest.raises(QgsProcessingException):
        run("align", {**files, "OUTPUT": str(moved)})
    assert not moved.exists()
    parameters = {**files, "METHOD": "exp", "ALIGN": True, "OUTPUT": str(tmp_path / "result.tif")}
    result, _ = run("classical", parameters)
    assert result["ALIGN_ROWS"] == pytest.approx(-8.0, abs=0.05)
    assert result["ALIGN_COLUMNS"] == pytest.approx(-4.0, abs=0.05)


# --- quality ---


def test_quality_without_a_reference(larger, tmp_path):
    fused, report = str(tmp_path / "fused.tif"), str(tmp_path / "report.html")
    run("classical", {**larger, "OUTPUT": fused})
    result, log = run("quality", {**larger, "FUSED": fused, "REPORT": report})
    for name in ("D_LAMBDA", "D_LAMBDA_K", "D_S", "QNR", "HQNR", "CONSISTENCY_Q2N"):
        assert 0.0 <= result[name] <= 1.0, name
    assert result["CONSISTENCY_ERGAS"] < 2.0
    assert not {"SAM", "ERGAS", "PSNR"} & set(result)
    assert result["HQNR"] == pytest.approx((1 - result["D_LAMBDA_K"]) * (1 - result["D_S"]))
    assert "HQNR" in log.textLog()
    page = Path(report).read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    assert "HQNR" in page


def test_chain_from_simulation_to_scores(larger, tmp_path):
    """Simulate reduced resolution, sharpen, and assess against the reference."""
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
        assert "ERGAS" in log.textLog()
        assert size(maps["SAM_MAP"]) == (96, 80, 1)
        assert QgsRasterLayer(maps["Q2N_MAP"]).isValid()
        assert size(maps["ERROR_MAP"]) == (96, 80, 4)
    assert scores["mtf-glp-fs"]["ERGAS"] < scores["exp"]["ERGAS"]
    assert scores["mtf-glp-fs"]["PSNR"] > scores["exp"]["PSNR"]
    assert 0 < scores["exp"]["SAM"] < 90


def test_bench_of_one_scene(larger, tmp_path):
    folder = tmp_path / "data" / "set"
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
    assert "gsa" in log.textLog()


def test_worker_refuses_what_the_dialog_cannot_check(larger, tmp_path):
    """A reference of nothing but no data."""
    fused = str(tmp_path / "fused.tif")
    run("classical", {**larger, "METHOD": "exp", "OUTPUT": fused})
    empty = str(tmp_path / "empty.tif")
    processing.run("gdal:translate", {"INPUT": fused, "OUTPUT": empty})
    data = gdal.Open(empty, gdal.GA_Update)
    for band in range(1, 5):
        data.GetRasterBand(band).SetNoDataValue(0)
        data.GetRasterBand(band).Fill(0)
    data = None
    report = tmp_path / "report.html"
    with pytest.raises(QgsProcessingException):
        run("quality", {**larger, "FUSED": fused, "REFERENCE": empty, "REPORT": str(report)})
    assert not report.exists()
