# SPDX-License-Identifier: GPL-2.0-or-later
"""What each algorithm asks of the worker, and what it makes of the answer; a stand-in worker."""

from __future__ import annotations

import json
from pathlib import Path

import processing
import pytest
from qgis.core import (
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
)
from qgis_helpers import Warnings, check, refused, write_model, write_raster

LEAST_ERROR = "It had the least error in the comparison on this scene."


@pytest.fixture(scope="module")
def fused(tmp_path_factory):
    """A raster on PAN's grid with the bands of MS."""
    folder = tmp_path_factory.mktemp("fused")
    return str(write_raster(folder / "fused.tif", 4, (160, 192), 0.5))


# --- ksdiff: the comparison ---


def test_winner_of_the_comparison_is_used_and_told(ask, files, tmp_path):
    output = str(tmp_path / "result.tif")
    request, result, log = ask("ksdiff", {**files, "OUTPUT": output})
    assert (request["method"], request["scene_test"], request["report"]) == ("auto", True, None)
    table = json.loads(result.pop("SCENE_TEST_TABLE"))
    assert [row["method"] for row in table] == ["bt-h", "ksdiff", "srino", "exp"]
    assert table[1]["ERGAS"] == 2.5
    assert result == {
        "OUTPUT": output,
        "RATIO": 4.0,
        "TILES": 1,
        "SECONDS": 0.25,
        "METHOD_USED": "bt-h",
        "METHOD_REASON": LEAST_ERROR,
        "SENSOR_USED": "Generic",
        "WINNER": "bt-h",
        "BEST_CLASSICAL": "bt-h",
        "ERGAS": 2.0,
        "SAM": 1.0,
        "TEST_PIXELS": 1234,
        "ADAPTED": False,
    }
    assert f"Sharpened by BT-H. {LEAST_ERROR}" in log


def test_ksdiff_is_used_although_another_did_a_little_better(ask, files, tmp_path, monkeypatch):
    monkeypatch.setenv("KSDIFF_TEST_WINNER", "ksdiff")
    _, result, log = ask("ksdiff", {**files, "OUTPUT": str(tmp_path / "result.tif")})
    assert (result["METHOD_USED"], result["WINNER"]) == ("ksdiff", "ksdiff")
    assert (result["BEST_CLASSICAL"], result["ERGAS"]) == ("bt-h", 2.5)
    assert "the error of BT-H was 20.0 % lower, too little" in result["METHOD_REASON"]
    assert f"Sharpened by KSDiff. {result['METHOD_REASON']}" in log


@pytest.mark.parametrize(
    ("winner", "used", "words"),
    [("", "ksdiff", "could not be compared"), ("ksdiff", "mtf-glp-fs", "KSDiff was to be used")],
)
def test_where_the_comparison_does_not_decide_is_told(
    ask, files, tmp_path, monkeypatch, winner, used, words
):
    monkeypatch.setenv("KSDIFF_TEST_WINNER", winner)
    monkeypatch.setenv("KSDIFF_TEST_USED", used)
    _, result, log = ask("ksdiff", {**files, "OUTPUT": str(tmp_path / "result.tif")})
    assert result["METHOD_USED"] == used
    assert words in result["METHOD_REASON"]
    assert words in log
    assert result.get("WINNER", "") == winner


def test_what_an_earlier_run_wrote_is_not_an_output(ask, files, tmp_path, monkeypatch):
    """The scene could not be compared, so there is no report; the file is of another scene."""
    monkeypatch.setenv("KSDIFF_TEST_WINNER", "")
    monkeypatch.setenv("KSDIFF_TEST_USED", "ksdiff")
    old = tmp_path / "report.html"
    old.write_text("another scene")
    outputs = {"OUTPUT": str(tmp_path / "result.tif"), "TEST_REPORT": str(old)}
    request, result, _ = ask("ksdiff", {**files, **outputs})
    assert request["report"] == str(old)
    assert "TEST_REPORT" not in result
    assert result["OUTPUT"] == outputs["OUTPUT"]


def test_scores_are_those_of_the_method_used(ask, files, tmp_path):
    parameters = {**files, "METHOD": "ksdiff", "OUTPUT": str(tmp_path / "result.tif")}
    request, result, _ = ask("ksdiff", parameters)
    assert (request["method"], request["scene_test"]) == ("ksdiff", True)
    assert (result["METHOD_USED"], result["WINNER"]) == ("ksdiff", "bt-h")
    assert result["METHOD_REASON"] == "It was asked for."
    assert (result["ERGAS"], result["SAM"]) == (2.5, 1.25)
    assert (result["DEVICE_USED"], result["MODEL_USED"]) == ("cpu", "fake")


def test_adapted_network_is_told(ask, files, tmp_path, monkeypatch):
    monkeypatch.setenv("KSDIFF_TEST_ADAPTS", "1")
    parameters = {**files, "METHOD": "ksdiff", "OUTPUT": str(tmp_path / "result.tif")}
    request, result, log = ask("ksdiff", {**parameters, "ADAPT": 30})
    assert request["adapt"] == 30
    assert (result["METHOD_USED"], result["ADAPTED"]) == ("ksdiff-adapted", True)
    assert result["ADAPTATION"] == "Adapting KSDiff to the scene lowers its error by 9.1 %."
    assert "Sharpened by Adapted KSDiff." in log
    _, result, _ = ask("ksdiff", {**parameters, "ADAPT": 0})
    assert (result["METHOD_USED"], result["ADAPTED"]) == ("ksdiff", False)
    assert "ADAPTATION" not in result


def test_without_the_comparison_nothing_is_told_of_it(ask, files, tmp_path):
    output = str(tmp_path / "result.tif")
    parameters = {**files, "METHOD": "ksdiff", "SCENE_TEST": False, "OUTPUT": output}
    request, result, log = ask("ksdiff", parameters)
    assert (request["method"], request["scene_test"]) == ("ksdiff", False)
    assert not {"WINNER", "BEST_CLASSICAL", "ERGAS", "SCENE_TEST_TABLE"} & set(result)
    assert "Sharpened by KSDiff." in log


@pytest.mark.parametrize("name", ["ksdiff", "classical"])
@pytest.mark.parametrize("temporary", [False, True])
def test_asking_for_the_report_asks_for_the_comparison(ask, files, tmp_path, name, temporary):
    method = {"ksdiff": {"METHOD": "ksdiff", "SCENE_TEST": False}, "classical": {}}[name]
    report = "TEMPORARY_OUTPUT" if temporary else str(tmp_path / "report.html")
    outputs = {"OUTPUT": str(tmp_path / "result.tif"), "TEST_REPORT": report}
    request, result, _ = ask(name, {**files, **method, **outputs})
    assert request["scene_test"] is True
    assert result["TEST_REPORT"] == request["report"]
    assert temporary or request["report"] == report
    assert Path(result["TEST_REPORT"]).is_file()


def test_auto_without_the_comparison_is_refused(files, plugin, tmp_path):
    output = str(tmp_path / "result.tif")
    refused("ksdiff", {**files, "SCENE_TEST": False, "OUTPUT": output}, "'auto'", "'ksdiff'")


def test_layer_is_named_after_the_method_that_was_used(use_worker, layers, tmp_path):
    use_worker("every_task")
    pan, ms = layers
    names = []
    runs = [("ksdiff", "auto"), ("ksdiff", "ksdiff"), ("classical", "brovey"), ("classical", "exp")]
    for name, method in runs:
        outputs = {"METHOD": method, "OUTPUT": "TEMPORARY_OUTPUT"}
        before = set(QgsProject.instance().mapLayers())
        processing.runAndLoadResults("ksdiff:" + name, {"PAN": pan, "MS": ms, **outputs})
        (new,) = set(QgsProject.instance().mapLayers()) - before
        layer = QgsProject.instance().mapLayer(new)
        names.append(layer.name())
        abstract = layer.metadata().abstract()
        assert abstract.startswith("Sharpened by ")
        assert ("1234 pixels" in abstract) == (name == "ksdiff")
    assert names == [
        "scene_ms (BT-H)",
        "scene_ms (KSDiff)",
        "scene_ms (Brovey)",
        "scene_ms (interpolated)",
    ]


# --- classical ---


def test_request_of_classical(ask, files, tmp_path):
    output = str(tmp_path / "result.tif")
    request, result, _ = ask("classical", {**files, "OUTPUT": output})
    assert request == {
        "protocol": 2,
        "task": "pansharpen",
        "pan": files["PAN"],
        "ms": files["MS"],
        "out": output,
        "pan_band": None,
        "ms_bands": None,
        "method": "mtf-glp-fs",
        "scene_test": False,
        "align": False,
        "report": None,
        "sensor": "auto",
        "extent": None,
        "output_type": None,
        "nodata": None,
        "creation_options": {},
        "cog": False,
        "tile": 512,
    }
    assert result == {
        "OUTPUT": output,
        "RATIO": 4.0,
        "TILES": 1,
        "SECONDS": 0.25,
        "METHOD_USED": "mtf-glp-fs",
        "METHOD_REASON": "It was asked for.",
        "SENSOR_USED": "Generic",
    }


def test_auto_of_classical_leaves_the_network_out(ask, files, tmp_path):
    parameters = {**files, "METHOD": "auto", "OUTPUT": str(tmp_path / "result.tif")}
    request, result, _ = ask("classical", parameters)
    assert (request["method"], request["scene_test"]) == ("classical", False)
    assert (result["METHOD_USED"], result["WINNER"]) == ("bt-h", "bt-h")
    assert "ksdiff" not in result["SCENE_TEST_TABLE"]
    assert "srino" not in result["SCENE_TEST_TABLE"]


# --- quality ---


def test_request_of_quality(ask, files, fused):
    request, result, _ = ask("quality", {**files, "FUSED": fused})
    assert request == {
        "protocol": 2,
        "task": "quality",
        "pan": files["PAN"],
        "ms": files["MS"],
        "fused": fused,
        "reference": None,
        "pan_band": None,
        "ms_bands": None,
        "nodata": None,
        "sensor": "auto",
        "scene_test": False,
        "report": None,
        "sam_map": None,
        "q2n_map": None,
        "error_map": None,
    }
    assert result == {
        "D_LAMBDA": 0.1,
        "D_LAMBDA_K": 0.02,
        "D_S": 0.03,
        "QNR": 0.87,
        "HQNR": 0.95,
        "CONSISTENCY_SAM": 0.5,
        "CONSISTENCY_ERGAS": 0.6,
        "CONSISTENCY_Q2N": 0.99,
        "SHIFT_ROWS": 0.5,
        "SHIFT_COLS": -0.5,
        "BIAS_PERCENT": -0.5,
        "FINDINGS": "",
        "PIXELS": 30720,
        "RATIO": 4.0,
        "SENSOR_USED": "Generic",
    }


def test_quality_with_everything(ask, files, fused, tmp_path):
    maps = {name: str(tmp_path / f"{name}.tif") for name in ("SAM_MAP", "Q2N_MAP", "ERROR_MAP")}
    report = str(tmp_path / "report.html")
    wishes = {"MS_BANDS": [4, 3, 2, 1], "PAN_BAND": 1, "NODATA": 0, "SENSOR": "worldview2"}
    reference = write_raster(tmp_path / "reference.tif", 4, (160, 192), 0.5)
    outputs = {"REPORT": report, **maps}
    request, result, log = ask(
        "quality", {**files, "FUSED": fused, "REFERENCE": str(reference), **wishes, **outputs}
    )
    expected = {
        "reference": str(reference),
        "pan_band": 1,
        "ms_bands": [4, 3, 2, 1],
        "nodata": 0.0,
        "sensor": "worldview2",
        "report": report,
        "sam_map": maps["SAM_MAP"],
        "q2n_map": maps["Q2N_MAP"],
        "error_map": maps["ERROR_MAP"],
    }
    assert {name: request[name] for name in expected} == expected
    scores = {"SAM": 1.5, "ERGAS": 2.5, "Q2N": 0.9, "SCC": 0.8, "PSNR": 40.0, "SSIM": 0.97}
    assert {name: result[name] for name in (*scores, *outputs)} == {**scores, **outputs}
    assert "HQNR" not in result
    assert "\n2.5000  ERGAS: Relative error" in log
    assert "Consistency" in log
    assert "It lies 0.50 rows and -0.50 columns from MS" in log


def test_quality_compares_the_methods_where_it_is_asked_for(ask, files, fused):
    request, result, _ = ask("quality", {**files, "FUSED": fused, "SCENE_TEST": True})
    assert request["scene_test"] is True
    table = json.loads(result["SCENE_TEST_TABLE"])
    assert [row["method"] for row in table] == ["bt-h", "ksdiff", "srino", "exp"]


@pytest.mark.parametrize(
    ("shift", "pan_shift", "warned"),
    [
        ([0.5, -0.5], [0.0, 0.7], []),
        ([0.75, 0.0], None, ["It lies 0.75 rows and 0.00 columns from MS"]),
        ([-0.6, 0.6], None, ["It lies -0.60 rows and 0.60 columns from MS"]),
        ([0.0, 0.0], [0.0, -3.0], ["It lies 0.00 rows and -3.00 columns from PAN"]),
        (None, None, []),
    ],
)
def test_quality_warns_of_a_shift(use_worker, plugin, files, fused, shift, pan_shift, warned):
    seen = json.dumps({"shift": shift, "pan_shift": pan_shift})
    use_worker("every_task", KSDIFF_TEST_SEEN=seen)
    feedback = Warnings()
    result = processing.run("ksdiff:quality", {**files, "FUSED": fused}, feedback=feedback)
    assert [line.split(" (")[0] for line in feedback.warnings] == warned
    wanted = dict(zip(("SHIFT_ROWS", "SHIFT_COLS"), shift or (), strict=False))
    assert {name: result[name] for name in result if name.startswith("SHIFT")} == wanted


def test_quality_warns_of_what_was_found(use_worker, plugin, files, fused):
    findings = ["The band order looks wrong.", "The brightness departs from the MS."]
    seen = {"findings": findings, "biases": [1.0, -4.0, 2.0], "shift": None}
    use_worker("every_task", KSDIFF_TEST_SEEN=json.dumps(seen))
    feedback = Warnings()
    result = processing.run("ksdiff:quality", {**files, "FUSED": fused}, feedback=feedback)
    assert feedback.warnings == findings
    assert result["FINDINGS"] == "\n".join(findings)
    assert result["BIAS_PERCENT"] == -4.0


def test_maps_are_loaded_in_colours(use_worker, layers, fused, tmp_path):
    use_worker("every_task")
    image = QgsRasterLayer(fused, "sharp")
    QgsProject.instance().addMapLayer(image)
    maps = dict.fromkeys(("SAM_MAP", "Q2N_MAP", "ERROR_MAP"), "TEMPORARY_OUTPUT")
    before = set(QgsProject.instance().mapLayers())
    pair = dict(zip(("PAN", "MS"), layers, strict=True))
    processing.runAndLoadResults("ksdiff:quality", {**pair, "FUSED": image, **maps})
    new = [QgsProject.instance().mapLayer(i) for i in QgsProject.instance().mapLayers()]
    new = {layer.name(): layer.renderer() for layer in new if layer.id() not in before}
    assert set(new) == {
        "sharp (SAM per pixel)",
        "sharp (Q2n per block)",
        "sharp (Error per band)",
    }
    assert {renderer.type() for renderer in new.values()} == {"singlebandpseudocolor"}
    limits = {
        name: (renderer.classificationMin(), renderer.classificationMax())
        for name, renderer in new.items()
    }
    assert limits["sharp (SAM per pixel)"] == (0.0, pytest.approx(2.96, abs=0.05))
    assert limits["sharp (Q2n per block)"] == (pytest.approx(0.26, abs=0.02), 1.0)
    low, high = limits["sharp (Error per band)"]
    assert low == -high
    assert high == pytest.approx(4.44, abs=0.05)
    colours = [item.color.name() for item in map_items(new["sharp (SAM per pixel)"])]
    assert (colours[0], colours[-1]) == ("#000004", "#fcfdbf")


def map_items(renderer):
    return renderer.shader().rasterShaderFunction().colorRampItemList()


def test_quality_refuses_what_cannot_be_compared(files, fused, tmp_path, plugin):
    given = {**files, "FUSED": fused}
    assert check("quality", given) == (True, "")
    assert check("quality", {**given, "REFERENCE": fused}) == (True, "")
    small = str(write_raster(tmp_path / "small.tif", 4, (80, 96), 1.0))
    refused("quality", {**given, "FUSED": small}, "2 x 2 of the other's")
    refused("quality", {**given, "REFERENCE": small}, "0.5 x 0.5")
    for place, words in ((500000.2, "beside"), (500001.0, "beyond"), (499999.0, "beyond")):
        away = write_raster(tmp_path / "away.tif", 4, (160, 192), 0.5, origin=(place, 5000000.0))
        refused("quality", {**given, "FUSED": str(away)}, words)
    part = write_raster(tmp_path / "part.tif", 4, (80, 64), 0.5, origin=(500016.0, 4999984.0))
    assert check("quality", {**given, "FUSED": str(part)}) == (True, "")
    assert check("quality", {**given, "FUSED": str(part), "REFERENCE": fused}) == (True, "")
    refused("quality", {**given, "REFERENCE": str(part)}, "beyond")
    three = str(write_raster(tmp_path / "three.tif", 3, (160, 192), 0.5))
    refused("quality", {**given, "FUSED": three}, "3 bands", "4 of MS")
    refused("quality", {**given, "REFERENCE": three}, "3 bands")
    refused("quality", {**given, "FUSED": files["PAN"]}, "'scene_pan' has 1 band, ", "4 of MS")
    chosen = {**given, "FUSED": three, "MS_BANDS": [3, 2, 1]}
    assert check("quality", chosen) == (True, "")
    refused("quality", {**given, "MS_BANDS": [1, 2]}, "4 bands", "2 of MS")
    refused("quality", {**given, "FUSED": "/no/such.tif"}, "FUSED")
    refused("quality", {**given, "REFERENCE": "/no/such.tif"}, "/no/such.tif")
    refused("quality", {**given, "PAN": files["MS"], "MS": files["PAN"]}, "band")


def test_quality_writes_over_nothing(files, fused, tmp_path, plugin):
    given = {**files, "FUSED": fused}
    refused("quality", {**given, "SAM_MAP": fused}, "one of the inputs")
    same = str(tmp_path / "map.tif")
    refused("quality", {**given, "SAM_MAP": same, "Q2N_MAP": same}, "other outputs")
    refused("quality", {**given, "REPORT": str(tmp_path / "report.pdf")}, "HTML", ".html")
    refused("quality", {**given, "REPORT": str(tmp_path / "no" / "report.html")}, "folder")


def test_alpha_of_the_sharpened_image_is_no_band(files, tmp_path, plugin):
    from osgeo import gdal

    path = write_raster(tmp_path / "alpha.tif", 5, (160, 192), 0.5)
    data = gdal.Open(str(path), gdal.GA_Update)
    data.GetRasterBand(5).SetColorInterpretation(gdal.GCI_AlphaBand)
    data = None
    assert check("quality", {**files, "FUSED": str(path)}) == (True, "")


# --- simulate ---


@pytest.fixture
def simulated(tmp_path):
    names = ("OUTPUT_PAN", "OUTPUT_MS", "OUTPUT_REFERENCE")
    return {name: str(tmp_path / f"{name}.tif") for name in names}


def test_request_of_simulate(ask, files, simulated):
    request, result, _ = ask("simulate", {**files, **simulated})
    assert request == {
        "protocol": 2,
        "task": "simulate",
        "pan": files["PAN"],
        "ms": files["MS"],
        "pan_band": None,
        "ms_bands": None,
        "nodata": None,
        "ratio": None,
        "sensor": "auto",
        "phase": "product",
        "out_pan": simulated["OUTPUT_PAN"],
        "out_ms": simulated["OUTPUT_MS"],
        "out_reference": simulated["OUTPUT_REFERENCE"],
    }
    assert result == {**simulated, "RATIO_USED": 4, "SENSOR_USED": "Generic"}


def test_wishes_reach_simulate(ask, files, simulated):
    wishes = {"RATIO": 3, "PHASE": "benchmark", "SENSOR": "ikonos", "MS_BANDS": [2], "NODATA": 7}
    request, result, _ = ask("simulate", {**files, **wishes, **simulated})
    asked = {name: request[name] for name in ("ratio", "phase", "sensor", "ms_bands", "nodata")}
    assert asked == {
        "ratio": 3,
        "phase": "benchmark",
        "sensor": "ikonos",
        "ms_bands": [2],
        "nodata": 7.0,
    }
    assert result["RATIO_USED"] == 3


def test_simulate_refuses(files, simulated, plugin):
    refused("simulate", {**files, **simulated, "RATIO": 1}, "RATIO")
    both = {**simulated, "OUTPUT_MS": simulated["OUTPUT_PAN"]}
    refused("simulate", {**files, **both}, "other outputs")
    refused("simulate", {**files, **simulated, "OUTPUT_MS": files["MS"]}, "one of the inputs")
    refused("simulate", {**files, **simulated, "PHASE": "moon"}, "PHASE")


def test_simulated_layers_are_named_and_look_like_their_inputs(use_worker, layers):
    use_worker("every_task")
    before = set(QgsProject.instance().mapLayers())
    pair = dict(zip(("PAN", "MS"), layers, strict=True))
    outputs = dict.fromkeys(("OUTPUT_PAN", "OUTPUT_MS", "OUTPUT_REFERENCE"), "TEMPORARY_OUTPUT")
    processing.runAndLoadResults("ksdiff:simulate", {**pair, **outputs})
    new = set(QgsProject.instance().mapLayers()) - before
    made = {layer.name(): layer for layer in map(QgsProject.instance().mapLayer, new)}
    assert set(made) == {"scene_pan (reduced)", "scene_ms (reduced)", "scene_ms (reference)"}
    assert made["scene_pan (reduced)"].renderer().type() == "singlebandgray"
    assert made["scene_ms (reference)"].renderer().type() == "multibandcolor"


# --- bench ---


def test_request_of_bench(ask, tmp_path):
    table = str(tmp_path / "table.csv")
    request, result, log = ask("bench", {"DATA": str(tmp_path), "CSV": table})
    assert request == {
        "protocol": 2,
        "task": "bench",
        "data": str(tmp_path),
        "methods": None,
        "adapt": 0,
        "csv": table,
        "json": None,
    }
    assert result == {"CSV": table, "ROWS": 2, "SECONDS": 0.5}
    assert "method ERGAS\nexp 5.0\n" in log


def test_wishes_reach_bench(ask, tmp_path):
    chosen = ["exp", "ksdiff-adapted"]
    wishes = {"METHODS": chosen, "ADAPT": 20, "JSON": str(tmp_path / "table.json")}
    request, result, _ = ask("bench", {"DATA": str(tmp_path), **wishes})
    assert (request["methods"], request["adapt"], request["csv"]) == (chosen, 20, None)
    assert request["json"] == wishes["JSON"] == result["JSON"]


def test_relative_paths_are_made_whole(ask, files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenes").mkdir()
    write_model(tmp_path / "mine.safetensors")
    request, _, _ = ask("bench", {"DATA": "scenes"})
    assert request["data"] == str(tmp_path / "scenes")
    model = {"MODEL": "custom", "MODEL_FILE": "mine.safetensors", "OUTPUT": "result.tif"}
    request, result, _ = ask("ksdiff", {**files, **model})
    assert request["model"] == str(tmp_path / "mine.safetensors")
    assert request["out"] == str(tmp_path / "result.tif")
    assert result["OUTPUT"] == "result.tif"


def test_bench_refuses(tmp_path, plugin):
    refused("bench", {"DATA": str(tmp_path / "nothing")}, "folder", "nothing")
    refused("bench", {"DATA": str(tmp_path), "METHODS": ["magic"]}, "METHODS")
    adapted = {"DATA": str(tmp_path), "METHODS": ["exp", "auto-adapted"]}
    refused("bench", adapted, "auto-adapted needs time", "seconds")
    refused("bench", {"DATA": str(tmp_path), "CSV": str(tmp_path / "a.xls")}, ".csv")
    (tmp_path / "a.txt").touch()
    refused("bench", {"DATA": str(tmp_path / "a.txt")}, ".h5 or .mat", "a.txt")


@pytest.mark.parametrize("file", ["test.h5", "sample_1.mat"])
def test_bench_takes_a_file_of_samples(ask, tmp_path, file):
    (tmp_path / file).touch()
    request, _, _ = ask("bench", {"DATA": str(tmp_path / file)})
    assert request["data"] == str(tmp_path / file)


# --- all ---


@pytest.mark.parametrize(
    ("name", "choice", "value", "words"),
    [
        ("ksdiff", "METHOD", 1, "auto, ksdiff."),
        ("classical", "METHOD", "4", "auto, brovey, gsa, bt-h, mtf-glp-fs, bdsd-pc, exp."),
        ("classical", "METHOD", "GSA", "auto, brovey, gsa, bt-h, mtf-glp-fs, bdsd-pc, exp."),
        ("simulate", "PHASE", 0, "product, benchmark."),
        ("bench", "METHODS", ["exp", "magic"], "auto, ksdiff, srino, brovey"),
    ],
)
def test_choice_by_number_is_told_the_words(
    plugin, files, simulated, tmp_path, name, choice, value, words
):
    given = {**files, **simulated, "OUTPUT": str(tmp_path / "a.tif"), "DATA": str(tmp_path)}
    refused(name, {**given, choice: value}, choice, str(value), words)


@pytest.mark.parametrize("name", ["ksdiff", "srino", "classical", "quality", "simulate", "bench"])
def test_error_of_the_worker_is_raised(use_worker, name, files, fused, simulated, tmp_path, plugin):
    use_worker("failing")
    outputs = {**simulated, "OUTPUT": str(tmp_path / "result.tif"), "DATA": str(tmp_path)}
    with pytest.raises(QgsProcessingException, match="Take others"):
        processing.run("ksdiff:" + name, {**files, "FUSED": fused, **outputs})


def test_temporary_outputs_are_named_for_their_kind(ask, files, fused):
    outputs = dict.fromkeys(("REPORT", "SAM_MAP"), "TEMPORARY_OUTPUT")
    request, result, _ = ask("quality", {**files, "FUSED": fused, **outputs})
    assert request["report"].endswith(".html")
    assert request["sam_map"].endswith(".tif")
    assert (result["REPORT"], result["SAM_MAP"]) == (request["report"], request["sam_map"])
