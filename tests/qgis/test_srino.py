# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:srino`: what it asks of the worker, what it tells, and its layers; a stand-in worker."""

from __future__ import annotations

import json

import processing
import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis_helpers import Warnings, write_model

from ksdiff_qgis import paths

ID = "ksdiff:srino"


@pytest.fixture
def ask(use_worker, tmp_path, plugin, pair):
    """Run the algorithm; returns the request that the worker got, the outputs, and the feedback."""
    told = tmp_path / "request.json"
    use_worker("every_task", KSDIFF_TEST_REQUEST=str(told))
    given = {"PAN": str(pair[0]), "MS": str(pair[1]), "OUTPUT": str(tmp_path / "result.tif")}

    def run(**parameters):
        feedback = Warnings()
        result = processing.run(ID, {**given, **parameters}, feedback=feedback)
        return json.loads(told.read_text()), result, feedback

    return run


def test_defaults_are_srino_and_nothing_else(ask, pair, tmp_path):
    request, result, feedback = ask()
    assert request == {
        "protocol": 2,
        "task": "pansharpen",
        "pan": str(pair[0]),
        "ms": str(pair[1]),
        "out": str(tmp_path / "result.tif"),
        "spread": None,
        "spread_seeds": 4,
        "steps": None,
        "pan_band": None,
        "ms_bands": None,
        "method": "srino",
        "adapt": 0,
        "scene_test": False,
        "align": False,
        "report": None,
        "sensor": "auto",
        "model": None,
        "device": "auto",
        "extent": None,
        "output_type": None,
        "nodata": None,
        "creation_options": {},
        "cog": False,
        "tile": 512,
        "seed": 0,
    }
    assert result == {
        "OUTPUT": str(tmp_path / "result.tif"),
        "RATIO": 4.0,
        "TILES": 1,
        "SECONDS": 0.25,
        "METHOD_USED": "srino",
        "METHOD_REASON": "It was asked for.",
        "SENSOR_USED": "Generic",
        "DEVICE_USED": "cpu",
        "MODEL_USED": "fake",
        "ADAPTED": False,
        "STEPS_USED": 4,
    }
    assert "Sharpened by SRINO." in feedback.textLog()


def test_wishes_reach_the_worker(ask, tmp_path):
    model = write_model(tmp_path / "mine.safetensors", method="srino")
    spread = str(tmp_path / "spread.tif")
    request, result, _ = ask(
        STEPS=8, SEED=3, SPREAD=spread, SPREAD_SEEDS=6, MODEL="custom", MODEL_FILE=str(model)
    )
    wished = {"steps": 8, "seed": 3, "spread": spread, "spread_seeds": 6, "model": str(model)}
    assert {name: request[name] for name in wished} == wished
    assert (result["SPREAD"], result["STEPS_USED"]) == (spread, 8)


def test_time_and_warnings_are_in_the_log(ask):
    _, _, feedback = ask()
    assert "about 70 min" in feedback.textLog()
    assert feedback.warnings == ["That is long: take a graphics card."]


def test_comparison_tells_its_scores_and_who_was_better(ask):
    request, result, _ = ask(SCENE_TEST=True)
    assert (request["method"], request["scene_test"]) == ("srino", True)
    assert (result["METHOD_USED"], result["WINNER"]) == ("srino", "bt-h")
    assert (result["ERGAS"], result["SAM"]) == (2.75, 1.5)


def test_adapted_network_is_told(ask, monkeypatch):
    monkeypatch.setenv("KSDIFF_TEST_ADAPTS", "1")
    request, result, feedback = ask(ADAPT=30)
    assert request["adapt"] == 30
    assert (result["METHOD_USED"], result["ADAPTED"]) == ("srino-adapted", True)
    assert "lowers its error by 9.1 %" in result["ADAPTATION"]
    assert "Sharpened by Adapted SRINO." in feedback.textLog()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"STEPS": -1}, "STEPS"),
        ({"STEPS": 101}, "STEPS"),
        ({"SPREAD_SEEDS": 1}, "SPREAD_SEEDS"),
        ({"MODEL": "custom"}, "model file"),
        ({"SPREAD": "/no/folder/spread.tif"}, "folder"),
        ({"SPREAD": "{OUTPUT}"}, "other outputs"),
        ({"SPREAD": "{MS}"}, "one of the inputs"),
    ],
)
def test_what_cannot_be_is_refused(plugin, pair, tmp_path, wrong, words):
    given = {"PAN": str(pair[0]), "MS": str(pair[1]), "OUTPUT": str(tmp_path / "result.tif")}
    wrong = {k: v.format(**given) if isinstance(v, str) else v for k, v in wrong.items()}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ID)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    good, message = algorithm.checkParameterValues({**given, **wrong}, context)
    assert not good
    assert words in message


def load(layers, **outputs):
    """Run and load as the dialog does; the names of the layers in the tree, from the top."""
    pair = dict(zip(("PAN", "MS"), layers, strict=True))
    processing.runAndLoadResults(ID, {**pair, **outputs})
    QCoreApplication.processEvents()
    tree = QgsProject.instance().layerTreeRoot().findLayers()
    return [node.layer() for node in tree]


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_spread_is_a_map_right_below_the_image(use_worker, layers, tmp_path, names):
    """Whatever the order in which QGIS loads them."""
    use_worker("every_task")
    image, spread = (str(tmp_path / f"{name}.tif") for name in names)
    found = load(layers, OUTPUT=image, SPREAD=spread)
    expected = [f"{names[0]} (SRINO)", f"{names[1]} (Spread over seeds)", "scene_pan", "scene_ms"]
    if found[2].name() == "scene_ms":
        expected[2:] = ["scene_ms", "scene_pan"]
    assert [layer.name() for layer in found] == expected
    renderer = found[1].renderer()
    assert renderer.type() == "singlebandpseudocolor"
    assert renderer.classificationMin() == 0.0
    assert renderer.classificationMax() == pytest.approx(2.96, abs=0.05)
    items = renderer.shader().rasterShaderFunction().colorRampItemList()
    assert (items[0].color.name(), items[-1].color.name()) == ("#0d0887", "#f0f921")
    assert "over 4 seeds" in found[1].metadata().abstract()
    assert found[0].renderer().type() == "multibandcolor"


def test_without_a_spread_there_is_one_layer(use_worker, layers, tmp_path):
    use_worker("every_task")
    found = load(layers, OUTPUT=str(tmp_path / "result.tif"))
    assert found[0].name() == "result (SRINO)"
    assert len(found) == 3


# --- the real worker ---


def test_missing_model_is_told(plugin, real_python, pair, tmp_path):
    if paths.model_names("srino"):
        pytest.skip("there is a model of SRINO")
    outputs = {"OUTPUT": str(tmp_path / "result.tif"), "SPREAD": str(tmp_path / "spread.tif")}
    with pytest.raises(QgsProcessingException, match="srino-scene"):
        processing.run(ID, {"PAN": str(pair[0]), "MS": str(pair[1]), **outputs})
    assert not [*tmp_path.iterdir()]


def test_srino_sharpens_a_pair_and_tells_its_spread(plugin, real_python, pair, tmp_path):
    if not paths.model_names("srino"):
        pytest.skip("no model srino-scene under resources/models")
    outputs = {"OUTPUT": str(tmp_path / "result.tif"), "SPREAD": str(tmp_path / "spread.tif")}
    given = {"PAN": str(pair[0]), "MS": str(pair[1]), "DEVICE": "cpu", "STEPS": 1}
    result = processing.run(ID, {**given, **outputs, "SPREAD_SEEDS": 2})
    image, spread, pan = (QgsRasterLayer(str(path)) for path in (*outputs.values(), pair[0]))
    assert (image.bandCount(), spread.bandCount()) == (4, 1)
    assert image.extent() == spread.extent() == pan.extent()
    assert (image.width(), spread.width()) == (192, 192)
    assert spread.dataProvider().bandStatistics(1).minimumValue >= 0
    assert (result["METHOD_USED"], result["STEPS_USED"]) == ("srino", 1)
