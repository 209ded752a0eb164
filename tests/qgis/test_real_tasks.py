# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithms with the real worker, alone and in a chain."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from qgis.core import QgsRasterLayer
from qgis_helpers import fails_naming, raster_size, run, simulated, write_pair

from ksdiff_qgis.algorithms.methods import CLASSICAL

pytestmark = pytest.mark.usefixtures("plugin", "real_python")


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    """PAN of 384 x 320 px of 0.5 m, MS of four bands and 2 m: large enough for the comparison."""
    return write_pair(tmp_path_factory.mktemp("larger"), size=(80, 96))


def means(path):
    """The mean of each band."""
    layer = QgsRasterLayer(path)
    bands = range(1, layer.bandCount() + 1)
    return [layer.dataProvider().bandStatistics(band).mean for band in bands]


def test_classical_method_keeps_the_mean_of_each_band(larger, tmp_path):
    output, part = str(tmp_path / "result.tif"), str(tmp_path / "part.tif")
    result, _ = run("classical", {**larger, "METHOD": "gsa", "OUTPUT": output})
    assert (result["METHOD_USED"], result["RATIO"]) == ("gsa", pytest.approx(4.0))
    assert "WINNER" not in result
    assert raster_size(output) == (384, 320, 4)
    layer, pan, ms = (QgsRasterLayer(path) for path in (output, larger["PAN"], larger["MS"]))
    assert (layer.extent(), layer.crs()) == (pan.extent(), pan.crs())
    assert layer.dataProvider().dataType(1) == ms.dataProvider().dataType(1)
    assert means(output) == pytest.approx(means(larger["MS"]), rel=0.05)
    extent = "500040,500120,4999900,4999960 [EPSG:32633]"
    run("classical", {**larger, "METHOD": "exp", "EXTENT": extent, "OUTPUT": part})
    assert raster_size(part) == (160, 120, 4)


def test_comparison_selects_between_ksdiff_and_the_others(larger, tmp_path):
    output, report = str(tmp_path / "result.tif"), str(tmp_path / "report.html")
    parameters = {**larger, "DEVICE": "cpu", "ADAPT": 0, "OUTPUT": output, "TEST_REPORT": report}
    result, log = run("ksdiff", parameters)
    table = json.loads(result["SCENE_TEST_TABLE"])
    compared = {row["method"].removesuffix("-bp") for row in table}
    assert {"ksdiff", "srino", "exp"} <= compared <= {"ksdiff", "srino", *CLASSICAL}
    wanted = result["METHOD_USED"]
    assert result["WINNER"] == wanted != "exp"
    used = next(row for row in table if row["method"] == wanted)
    assert (result["ERGAS"], result["SAM"]) == (used["ERGAS"], used["SAM"])
    assert result["METHOD_REASON"] in log.textLog()
    assert result["TEST_PIXELS"] == 80 * 96
    page = Path(report).read_text(encoding="utf-8").lower()
    assert all(label in page for label in ("ksdiff", "srino", "bt-h", "bdsd-pc", "brovey"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "result.tif"]


def test_srino_maps_its_uncertainty(larger, tmp_path):
    outputs = {"OUTPUT": str(tmp_path / "result.tif"), "SPREAD": str(tmp_path / "spread.tif")}
    options = {"DEVICE": "cpu", "STEPS": 1}
    result, _ = run("srino", {**larger, **options, **outputs})
    assert (result["METHOD_USED"], result["STEPS_USED"]) == ("srino", 1)
    assert raster_size(outputs["OUTPUT"]) == (384, 320, 4)
    assert raster_size(outputs["SPREAD"]) == (384, 320, 4)
    spread = QgsRasterLayer(outputs["SPREAD"])
    assert spread.extent() == QgsRasterLayer(larger["PAN"]).extent()
    assert spread.dataProvider().bandStatistics(4).minimumValue > 0


@pytest.mark.parametrize("method", ["auto", "ksdiff"])
def test_damaged_model_is_refused(larger, tmp_path, method):
    model = tmp_path / "empty.safetensors"
    model.write_bytes(b"")
    given = {"MODEL": "custom", "MODEL_FILE": str(model), "METHOD": method}
    fails_naming("ksdiff", {**larger, **given, "OUTPUT": str(tmp_path / "result.tif")}, "empty")


# --- alignment ---


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
    reduced = simulated(tmp_path)
    result, _ = run("simulate", {**larger, **reduced})
    assert result["RATIO_USED"] == 4
    assert raster_size(reduced["OUTPUT_PAN"]) == (96, 80, 1)
    assert raster_size(reduced["OUTPUT_MS"]) == (24, 20, 4)
    assert raster_size(reduced["OUTPUT_REFERENCE"]) == (96, 80, 4)
    pair = {"PAN": reduced["OUTPUT_PAN"], "MS": reduced["OUTPUT_MS"]}
    maps = {name: str(tmp_path / f"{name}.tif") for name in ("SAM_MAP", "Q2N_MAP", "ERROR_MAP")}
    scores = {}
    for method in ("exp", "mtf-glp-fs"):
        fused = str(tmp_path / f"{method}.tif")
        run("classical", {**pair, "METHOD": method, "OUTPUT": fused})
        given = {**pair, "FUSED": fused, "REFERENCE": reduced["OUTPUT_REFERENCE"]}
        scores[method], log = run("quality", {**given, **maps})
        assert "ERGAS" in log.textLog()
        assert raster_size(maps["SAM_MAP"]) == (96, 80, 1)
        assert QgsRasterLayer(maps["Q2N_MAP"]).isValid()
        assert raster_size(maps["ERROR_MAP"]) == (96, 80, 4)
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
