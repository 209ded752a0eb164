# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:ksdiff` inside QGIS, with a stand-in worker that writes a real raster."""

from __future__ import annotations

import json
import threading
import time

import processing
import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsRasterLayer,
    QgsTask,
)
from qgis.PyQt.QtCore import QTimer
from qgis_helpers import CANCELLED_S, until, write_model, write_raster

from ksdiff_qgis.runtime import process
from ksdiff_qgis.runtime.errors import RunError

ID = "ksdiff:ksdiff"


@pytest.fixture
def parameters(layers, tmp_path):
    pan, ms = layers
    return {"PAN": pan, "MS": ms, "OUTPUT": str(tmp_path / "result.tif")}


@pytest.fixture
def request_of(use_worker, tmp_path):
    """Run with parameters and return the request the worker got."""
    told = tmp_path / "request.json"
    use_worker("gdal_worker", KSDIFF_TEST_REQUEST=str(told))

    def run(parameters):
        processing.run(ID, parameters)
        return json.loads(told.read_text())

    return run


def check(parameters):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ID)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return algorithm.checkParameterValues(parameters, context)


class Run:
    """The algorithm started as its dialog does it, and a clock that ticks with the event loop."""

    def __init__(self, parameters):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(ID)
        # The task owns neither of them.
        self.context, self.feedback = QgsProcessingContext(), QgsProcessingFeedback()
        self.context.setProject(QgsProject.instance())
        self.task = QgsProcessingAlgRunnerTask(algorithm, parameters, self.context, self.feedback)
        self.finished = []
        self.task.executed.connect(lambda good, results: self.finished.append((good, results)))
        self.ticks = []
        self.timer = QTimer()
        self.timer.timeout.connect(lambda: self.ticks.append(time.monotonic()))
        self.timer.start(10)
        QgsApplication.taskManager().addTask(self.task)

    def end(self):
        if not self.finished:
            self.feedback.cancel()
            until(lambda: bool(self.finished))
        self.timer.stop()


@pytest.fixture
def start(parameters):
    """Start runs in the background that end with the test, before its layers do."""
    runs = []

    def begin(parameters):
        runs.append(Run(parameters))
        return runs[-1]

    yield begin
    for run in runs:
        run.end()


# --- the request ---


def test_defaults_make_the_simplest_request(request_of, parameters, pair):
    request = request_of(parameters)
    assert request == {
        "protocol": 2,
        "task": "pansharpen",
        "pan": str(pair[0]),
        "ms": str(pair[1]),
        "out": parameters["OUTPUT"],
        "pan_band": None,
        "ms_bands": None,
        "method": "auto",
        "adapt": 60,
        "scene_test": True,
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


def test_every_parameter_reaches_the_worker(request_of, parameters, tmp_path):
    model = write_model(tmp_path / "mine.safetensors")
    request = request_of(
        {
            **parameters,
            "PAN_BAND": 1,
            "MS_BANDS": [4, 2, 1],
            "METHOD": "ksdiff",
            "SCENE_TEST": False,
            "ADAPT": 15,
            "SENSOR": "quickbird",
            "MODEL": "custom",
            "MODEL_FILE": str(model),
            "DEVICE": "cpu",
            "EXTENT": "500010,500020,4999960,4999970 [EPSG:32633]",
            "OUTPUT_TYPE": "float32",
            "NODATA": -1.5,
            "CREATION_OPTIONS": "COMPRESS=LZW|TILED=YES",
            "COG": True,
            "TILE": 128,
            "SEED": 7,
        }
    )
    expected = {
        "pan_band": 1,
        "ms_bands": [4, 2, 1],
        "method": "ksdiff",
        "adapt": 15,
        "scene_test": False,
        "sensor": "quickbird",
        "model": str(model),
        "device": "cpu",
        "extent": [500010.0, 4999960.0, 500020.0, 4999970.0],
        "output_type": "float32",
        "nodata": -1.5,
        "creation_options": {"COMPRESS": "LZW", "TILED": "YES"},
        "cog": True,
        "tile": 128,
        "seed": 7,
    }
    assert {name: request[name] for name in expected} == expected


def test_extent_in_degrees_is_brought_to_the_crs_of_pan(request_of, parameters):
    request = request_of({**parameters, "EXTENT": "15.0001,15.0003,45.1530,45.1534 [EPSG:4326]"})
    xmin, ymin, xmax, ymax = request["extent"]
    assert 500000 < xmin < xmax < 500030
    assert 4999900 < ymin < ymax < 5000000


def test_nodata_of_zero_is_a_value(request_of, parameters):
    assert request_of({**parameters, "NODATA": 0})["nodata"] == 0.0


def test_paths_work_as_well_as_layers(request_of, parameters, pair):
    request = request_of({**parameters, "PAN": str(pair[0]), "MS": str(pair[1])})
    assert (request["pan"], request["ms"]) == tuple(map(str, pair))


# --- results ---


def test_run_gives_raster_numbers_and_words(use_worker, parameters):
    use_worker("gdal_worker")
    result = processing.run(ID, parameters)
    layer = QgsRasterLayer(result["OUTPUT"])
    assert (layer.width(), layer.height(), layer.bandCount()) == (192, 160, 4)
    assert (result["RATIO"], result["TILES"], result["SECONDS"]) == (4.0, 1, 0.25)
    assert (result["DEVICE_USED"], result["MODEL_USED"]) == ("cpu", "gdal-nearest")


def test_runs_off_the_main_thread_while_the_window_stays_alive(use_worker, parameters, start):
    use_worker("slow")
    run = start(parameters)
    until(lambda: run.feedback.progress() > 0)
    run.ticks.clear()
    before = time.monotonic()
    until(lambda: time.monotonic() - before > 1.0)
    assert len(run.ticks) >= 10  # a run in the main thread would let no event through
    assert not run.finished


def test_algorithm_is_not_in_the_main_thread(parameters, start, monkeypatch):
    threads = []

    def record(request, feedback, command, *others):
        threads.append(threading.current_thread())
        raise RunError("Enough.")

    monkeypatch.setattr(process, "run", record)
    run = start(parameters)
    until(lambda: bool(run.finished))
    assert run.finished[0][0] is False
    assert threads[0] is not threading.main_thread()


@pytest.mark.parametrize("worker", ["slow", "stubborn"])
def test_cancel_ends_the_run_soon(use_worker, parameters, start, worker):
    use_worker(worker)
    run = start(parameters)
    until(lambda: "KSDiff" in run.feedback.textLog())  # it has greeted
    before = time.monotonic()
    run.task.cancel()
    until(lambda: bool(run.finished))
    assert time.monotonic() - before < CANCELLED_S
    assert run.finished == [(False, {})]
    assert "ksdiff-events" not in [t.name for t in threading.enumerate()]


def test_task_of_a_good_run_ends_well(use_worker, parameters, start):
    use_worker("gdal_worker")
    run = start(parameters)
    until(lambda: bool(run.finished))
    good, results = run.finished[0]
    assert good
    assert results["OUTPUT"] == parameters["OUTPUT"]
    assert run.task.status() == QgsTask.TaskStatus.Complete


def test_model_with_the_algorithm_runs(use_worker, parameters, tmp_path):
    """A saved model: sharpen, then a raster of the ratio that came out as a number."""
    source = QgsProcessingModelChildParameterSource
    model = QgsProcessingModelAlgorithm("Sharpen", "Tests")
    sharpen = QgsProcessingModelChildAlgorithm(ID)
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

    use_worker("gdal_worker")
    loaded = QgsProcessingModelAlgorithm()
    assert loaded.fromFile(str(tmp_path / "sharpen.model3"))
    inputs = {name: parameters[name] for name in ("PAN", "MS")}
    outputs = {
        "sharpen:Sharp": str(tmp_path / "sharp.tif"),
        "constant:Ratio": str(tmp_path / "ratio.tif"),
    }
    result = processing.run(loaded, {**inputs, **outputs})
    assert QgsRasterLayer(result["sharpen:Sharp"]).width() == 192
    ratio = QgsRasterLayer(result["constant:Ratio"])
    assert ratio.dataProvider().bandStatistics(1).maximumValue == 4.0


def model_output(name):
    output = QgsProcessingModelOutput(name)
    output.setChildOutputName("OUTPUT")
    return output


# --- errors ---


def test_error_of_the_worker_is_raised_with_its_remedy(use_worker, parameters):
    use_worker("failing")
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(ID, parameters)
    assert "No overlap.\nTake others." in str(caught.value)


def test_killed_worker_is_raised(use_worker, parameters):
    use_worker("killed")
    with pytest.raises(QgsProcessingException, match="smaller tile"):
        processing.run(ID, parameters)


def test_python_that_is_not_there_is_to_be_corrected(parameters, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", "/no/such/python")
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(ID, parameters)
    assert "/no/such/python" in str(caught.value)
    assert "Correct or clear the environment variable KSDIFF_PYTHON" in str(caught.value)


def test_setting_of_the_provider_is_used(parameters, monkeypatch):
    setting = ProcessingConfig.settings["KSDIFF_PYTHON"]
    monkeypatch.setattr(setting, "value", "/from/the/setting")
    with pytest.raises(QgsProcessingException, match="/from/the/setting"):
        processing.run(ID, parameters)


def refused(parameters, *words):
    good, message = check(parameters)
    assert not good
    for word in words:
        assert word in message
    with pytest.raises(QgsProcessingException):
        processing.run(ID, parameters)


def test_good_parameters_pass(parameters):
    assert check(parameters) == (True, "")
    assert check({**parameters, "OUTPUT": "TEMPORARY_OUTPUT"}) == (True, "")
    sink = QgsProcessingOutputLayerDefinition(parameters["OUTPUT"])
    assert check({**parameters, "OUTPUT": sink}) == (True, "")


def test_missing_raster_is_refused(parameters):
    refused({**parameters, "PAN": "/no/such.tif"}, "PAN")
    refused({k: v for k, v in parameters.items() if k != "MS"}, "MS")


def test_exchanged_inputs_are_refused(parameters, layers):
    refused({**parameters, "PAN": layers[1], "MS": layers[0], "PAN_BAND": 1}, "exchanged")


def test_same_image_is_refused(parameters, layers):
    refused({**parameters, "PAN": layers[1], "PAN_BAND": 1}, "same file")
    refused({**parameters, "PAN": layers[1], "PAN_BAND": 1, "MS_BANDS": [2, 3]}, "same file")


def test_pan_of_many_bands_needs_a_choice(parameters, tmp_path):
    pan = write_raster(tmp_path / "pan3.tif", 3, (160, 192), 0.5)
    refused({**parameters, "PAN": str(pan)}, "3 bands", "Band of PAN")
    assert check({**parameters, "PAN": str(pan), "PAN_BAND": 2}) == (True, "")


def test_bands_that_are_not_there_are_refused(parameters):
    refused({**parameters, "MS_BANDS": [1, 5]}, "no band 5")
    refused({**parameters, "MS_BANDS": [1, 1]}, "twice")
    refused({**parameters, "PAN_BAND": 2}, "no band 2")


def test_scenes_apart_are_refused(parameters, tmp_path):
    far = write_raster(tmp_path / "far.tif", 4, (40, 48), 2.0, origin=(600000.0, 5000000.0))
    refused({**parameters, "MS": str(far)}, "do not overlap.")
    assert "declared" not in check({**parameters, "MS": str(far)})[1]


def test_scenes_apart_in_two_crs_are_told_both(parameters, tmp_path):
    """As where a file's zone is declared wrongly: the coordinates are right, their CRS is not."""
    away = write_raster(tmp_path / "away.tif", 4, (40, 48), 2.0, epsg=32631)
    refused(
        {**parameters, "MS": str(away)},
        "do not overlap",
        "PAN is in EPSG:32633, MS in EPSG:32631",
        "declared wrongly",
    )


def test_other_crs_is_no_reason_to_refuse(parameters, tmp_path):
    degrees = write_raster(
        tmp_path / "degrees.tif", 4, (40, 48), 2e-5, epsg=4326, origin=(15.0, 45.1533)
    )
    assert check({**parameters, "MS": str(degrees)}) == (True, "")


def test_output_over_an_input_is_refused(parameters, pair, tmp_path):
    refused({**parameters, "OUTPUT": str(pair[1])}, "one of the inputs")
    link = tmp_path / "link.tif"
    link.symlink_to(pair[0])
    refused({**parameters, "OUTPUT": str(link)}, "one of the inputs")
    sink = QgsProcessingOutputLayerDefinition(str(pair[0]))
    refused({**parameters, "OUTPUT": sink}, "one of the inputs")


def test_output_that_cannot_be_written_is_refused(parameters, tmp_path):
    refused({**parameters, "OUTPUT": str(tmp_path / "no" / "folder.tif")}, "folder")
    refused({**parameters, "OUTPUT": str(tmp_path / "result.jpg")}, "tif")


def test_custom_model_needs_its_file(parameters, tmp_path):
    refused({**parameters, "MODEL": "custom"}, "model file")
    refused({**parameters, "MODEL": "custom", "MODEL_FILE": "/no.safetensors"}, "does not exist")
    pickle = tmp_path / "model.pt"
    pickle.touch()
    refused({**parameters, "MODEL": "custom", "MODEL_FILE": str(pickle)}, "MODEL_FILE")


@pytest.mark.parametrize(
    ("name", "value"),
    [("MODEL", "nonsense"), ("DEVICE", 0), ("TILE", 10), ("OUTPUT_TYPE", "int64"), ("SEED", -1)],
)
def test_values_out_of_range_are_refused(parameters, name, value):
    refused({**parameters, name: value}, name)


def test_creation_options_must_have_a_value(parameters):
    refused({**parameters, "CREATION_OPTIONS": "COMPRESS"}, "NAME=VALUE", "COMPRESS")


def test_layers_only_qgis_can_read_are_refused(parameters, plugin):
    from osgeo import gdal

    wms = "crs=EPSG:32633&format&type=xyz&url=http://localhost/{z}/{x}/{y}.png"
    web = QgsRasterLayer(wms, "web map", "wms")
    assert web.isValid()
    QgsProject.instance().addMapLayer(web)
    refused({**parameters, "MS": web.id()}, "web map", "wms", "Export")

    gdal.Translate("/vsimem/ms.tif", parameters["MS"].source())
    memory = QgsRasterLayer("/vsimem/ms.tif", "in memory")
    QgsProject.instance().addMapLayer(memory)
    refused({**parameters, "MS": memory.id()}, "in memory", "Export")


def test_source_passes_files_in_archives_on(pair, plugin, tmp_path):
    import zipfile

    from ksdiff_qgis.algorithms.sources import source

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(pair[0], "pan.tif")
    path = f"/vsizip/{tmp_path / 'a.zip'}/pan.tif"
    assert source(QgsRasterLayer(path, "zipped")) == path


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {}),
        ("compress=LZW", {"COMPRESS": "LZW"}),
        ("A=1|B=x=y|", {"A": "1", "B": "x=y"}),
        ("A=1 B=2", {"A": "1", "B": "2"}),  # QGIS 3.40 and newer
    ],
)
def test_creation_options_are_read(text, options):
    from ksdiff_qgis.algorithms.sources import creation_options

    assert creation_options(text) == options
