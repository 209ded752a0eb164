# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs in the background, in models and with errors, with stand-in workers."""

from __future__ import annotations

import threading
import time

import processing
import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsRasterLayer,
    QgsTask,
)
from qgis.PyQt.QtCore import QTimer
from qgis_helpers import CANCELLED_S, run, until, write_raster

from ksdiff_qgis.runtime import process
from ksdiff_qgis.runtime.errors import RunError


@pytest.fixture
def parameters(layers, tmp_path):
    pan, ms = layers
    return {"PAN": pan, "MS": ms, "OUTPUT": str(tmp_path / "result.tif")}


def test_windows_stay_responsive_during_a_run(use_worker, parameters, start):
    use_worker("slow")
    task = start("ksdiff", parameters)
    until(lambda: task.feedback.progress() > 0)
    ticks = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start(10)
    before = time.monotonic()
    until(lambda: time.monotonic() - before > 1.0)
    timer.stop()
    assert len(ticks) >= 10  # a run in the main thread would let no event through
    assert not task.finished


def test_worker_is_awaited_in_another_thread(parameters, start, monkeypatch):
    threads = []

    def record(*_):
        threads.append(threading.current_thread())
        raise RunError("Enough.")

    monkeypatch.setattr(process, "run", record)
    task = start("ksdiff", parameters)
    task.wait()
    assert task.finished[0][0] is False
    assert threads[0] is not threading.main_thread()


@pytest.mark.parametrize("worker", ["slow", "stubborn"])
def test_cancel_ends_the_run_soon(use_worker, parameters, start, worker):
    use_worker(worker)
    task = start("ksdiff", parameters)
    until(lambda: "KSDiff" in task.feedback.textLog())  # it has greeted
    before = time.monotonic()
    task.task.cancel()
    task.wait()
    assert time.monotonic() - before < CANCELLED_S
    assert task.finished == [(False, {})]
    assert "ksdiff-events" not in [t.name for t in threading.enumerate()]


def test_successful_run_gives_raster_numbers_and_texts(use_worker, parameters, start):
    use_worker("every_task")
    task = start("ksdiff", {**parameters, "METHOD": "ksdiff"})
    task.wait()
    ((good, results),) = task.finished
    assert good and task.task.status() == QgsTask.TaskStatus.Complete
    assert results["OUTPUT"] == parameters["OUTPUT"]
    layer = QgsRasterLayer(results["OUTPUT"])
    assert (layer.width(), layer.height(), layer.bandCount()) == (192, 160, 4)
    assert (results["RATIO"], results["TILES"], results["SECONDS"]) == (4.0, 1, 0.25)
    assert (results["DEVICE_USED"], results["MODEL_USED"]) == ("cpu", "fake")


def model_output(name):
    output = QgsProcessingModelOutput(name)
    output.setChildOutputName("OUTPUT")
    return output


def test_saved_model_uses_number_outputs(use_worker, parameters, tmp_path):
    """Sharpen, then write a raster of the ratio, which is an output of the first step."""
    source = QgsProcessingModelChildParameterSource
    model = QgsProcessingModelAlgorithm("Sharpen", "Tests")
    sharpen = QgsProcessingModelChildAlgorithm("ksdiff:ksdiff")
    sharpen.setChildId("sharpen")
    for name in ("PAN", "MS"):
        parameter = QgsProcessingParameterRasterLayer(name, name)
        model.addModelParameter(parameter, QgsProcessingModelParameter(name))
        sharpen.addParameterSources(name, [source.fromModelParameter(name)])
    sharpen.addParameterSources("DEVICE", [source.fromStaticValue("cpu")])
    sharpen.setModelOutputs({"Sharp": model_output("Sharp")})
    model.addChildAlgorithm(sharpen)
    constant = QgsProcessingModelChildAlgorithm("native:createconstantrasterlayer")
    constant.setChildId("constant")
    constant.addParameterSources("EXTENT", [source.fromModelParameter("MS")])
    constant.addParameterSources("TARGET_CRS", [source.fromStaticValue("EPSG:32633")])
    constant.addParameterSources("PIXEL_SIZE", [source.fromStaticValue(8)])
    constant.addParameterSources("NUMBER", [source.fromChildOutput("sharpen", "RATIO")])
    constant.setModelOutputs({"Ratio": model_output("Ratio")})
    model.addChildAlgorithm(constant)
    assert model.toFile(str(tmp_path / "sharpen.model3"))

    use_worker("every_task")
    loaded = QgsProcessingModelAlgorithm()
    assert loaded.fromFile(str(tmp_path / "sharpen.model3"))
    outputs = {
        "sharpen:Sharp": str(tmp_path / "sharp.tif"),
        "constant:Ratio": str(tmp_path / "ratio.tif"),
    }
    inputs = {name: parameters[name] for name in ("PAN", "MS")}
    result = processing.run(loaded, {**inputs, **outputs})
    assert QgsRasterLayer(result["sharpen:Sharp"]).width() == 192
    ratio = QgsRasterLayer(result["constant:Ratio"])
    assert ratio.dataProvider().bandStatistics(1).maximumValue == 4.0


# --- errors ---


@pytest.mark.parametrize(
    "name", ["ksdiff", "srino", "classical", "align", "quality", "simulate", "bench"]
)
def test_error_of_the_worker_is_raised_with_its_remedy(use_worker, parameters, tmp_path, name):
    use_worker("failing")
    fused = write_raster(tmp_path / "fused.tif", 4, (160, 192), 0.5)
    given = {**parameters, "FUSED": str(fused), "DATA": str(tmp_path)}
    for key in ("OUTPUT_PAN", "OUTPUT_MS", "OUTPUT_REFERENCE"):
        given[key] = str(tmp_path / f"{key}.tif")
    with pytest.raises(QgsProcessingException, match=r"No overlap\.\nTake others\."):
        run(name, given)


def test_killed_worker_is_raised(use_worker, parameters):
    use_worker("killed")
    with pytest.raises(QgsProcessingException):
        run("ksdiff", parameters)


def test_missing_interpreter_is_named(parameters, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", "/no/such/python")
    with pytest.raises(QgsProcessingException, match="/no/such/python") as caught:
        run("ksdiff", parameters)
    assert "KSDIFF_PYTHON" in str(caught.value)


def test_interpreter_of_the_provider_setting_is_used(parameters, monkeypatch):
    setting = ProcessingConfig.settings["KSDIFF_PYTHON"]
    monkeypatch.setattr(setting, "value", "/from/the/setting")
    with pytest.raises(QgsProcessingException, match="/from/the/setting"):
        run("ksdiff", parameters)
