# SPDX-License-Identifier: GPL-2.0-or-later
"""Training sets and training: what is asked of the worker, what is shown, and a real one."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path

import processing
import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
)
from qgis_helpers import ROOT, Warnings, refused, until, write_model, write_raster

from ksdiff_qgis import models

MS_SIZE = (96, 160)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A place for models of one's own and runs, empty."""
    monkeypatch.setenv("KSDIFF_QGIS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def told(use_worker, plugin, tmp_path, monkeypatch):
    """The request that a stand-in got."""
    made = write_model(tmp_path / "made" / "mine" / "mine.safetensors")
    file = tmp_path / "request.json"
    use_worker("trainer", KSDIFF_TEST_REQUEST=str(file), KSDIFF_TEST_MODEL=str(made.parent))
    return lambda: json.loads(file.read_text())


@pytest.fixture
def data(tmp_path):
    """What could be a training set."""
    file = tmp_path / "set.patches"
    file.write_bytes(b"patches")
    return str(file)


def scene(folder, name, left=0.0, size=MS_SIZE):
    """A pair of ratio 4 as files: (PAN, MS)."""
    origin = (500000.0 + left, 5000000.0)
    fine = (4 * size[0], 4 * size[1])
    pan = write_raster(folder / f"{name}_pan.tif", 1, fine, 0.5, origin=origin)
    ms = write_raster(folder / f"{name}_ms.tif", 4, size, 2.0, origin=origin)
    return str(pan), str(ms)


def run(name, parameters, feedback=None):
    feedback = feedback or QgsProcessingFeedback()
    return processing.run("ksdiff:" + name, parameters, feedback=feedback), feedback.textLog()


# --- ksdiff:trainingset ---


def test_layers_are_paired_whatever_their_order(told, tmp_path):
    pairs = [scene(tmp_path, name, left) for name, left in (("a", 0), ("b", 1000), ("c", 2000))]
    pans, mss = [pair[0] for pair in pairs], [pair[1] for pair in reversed(pairs)]
    out = str(tmp_path / "out.patches")
    result, log = run("trainingset", {"PANS": pans, "MSS": mss, "OUTPUT": out, "HELD_OUT": 0.3})
    request = told()
    assert request["pans"] == [pan for pan, _ in pairs]
    assert request["mss"] == [ms for _, ms in pairs]
    assert (request["held_out"], request["generated"], request["sensor"]) == (0.3, 0.3, "auto")
    assert (request["task"], request["out"]) == ("trainingset", out)
    assert (result["OUTPUT"], result["PAIRS"], result["REFUSED"]) == (out, 3, 0)
    assert (result["BANDS"], result["SENSORS"], result["RECIPE"]) == ("4", "quickbird", "r.json")
    assert "3 pairs with 4 bands: 12 patches" in log


def test_what_fits_nothing_is_told_and_left_out(told, tmp_path):
    good, lonely = scene(tmp_path, "a"), scene(tmp_path, "far", 9000)
    feedback = Warnings()
    parameters = {"PANS": [good[0], lonely[0]], "MSS": [good[1]], "OUTPUT": "TEMPORARY_OUTPUT"}
    result, _ = run("trainingset", parameters, feedback)
    assert (result["PAIRS"], result["REFUSED"]) == (1, 1)
    assert any("far_pan" in warning for warning in feedback.warnings)
    assert result["OUTPUT"].endswith(".patches")


def test_layers_of_the_project_do_as_well_as_files(told, tmp_path):
    layers = [QgsRasterLayer(path, Path(path).stem) for path in scene(tmp_path, "a")]
    QgsProject.instance().addMapLayers(layers)
    parameters = {"PANS": [layers[0]], "MSS": [layers[1].id()], "OUTPUT": "TEMPORARY_OUTPUT"}
    run("trainingset", parameters)
    assert told()["pans"] == [layers[0].source()]


def test_bands_and_nodata_are_of_every_pair(told, tmp_path):
    pan, ms = scene(tmp_path, "a")
    stack = str(write_raster(tmp_path / "stack.tif", 2, (384, 640), 0.5, origin=(500000.0, 5e6)))
    given = {"MSS": [ms], "OUTPUT": "TEMPORARY_OUTPUT"}
    run("trainingset", {**given, "PANS": [pan]})
    assert {told()[key] for key in ("pan_band", "ms_bands", "nodata")} == {None}
    chosen = {"MS_BANDS": " 3, 1 ", "NODATA": 0}
    run("trainingset", {**given, **chosen, "PANS": [stack], "PAN_BAND": 2})
    assert [told()[key] for key in ("pan_band", "ms_bands", "nodata")] == [2, [3, 1], 0]
    refused("trainingset", {**given, "PANS": [stack]}, "None of the MS layers fits")
    for listed in ([3, 1], ["3", "1"], "3"):
        run("trainingset", {**given, "PANS": [pan], "MS_BANDS": listed})
        assert told()["ms_bands"] == [int(each) for each in listed]
    for wrong in ("0,1", "3-1", "all", "1,1", [1, 1], [0]):
        refused("trainingset", {**given, "PANS": [pan], "MS_BANDS": wrong}, "as in 1,2,3")


def test_training_set_refuses_before_work(plugin, tmp_path):
    pan, ms = scene(tmp_path, "a")
    _, other = scene(tmp_path, "far", 9000)
    out = {"OUTPUT": str(tmp_path / "out.patches")}
    refused("trainingset", out, "at least one of each, or a folder")
    refused("trainingset", {**out, "PANS": [pan]}, "at least one of each")
    refused("trainingset", {**out, "FOLDER": str(tmp_path / "no")}, "folder does not exist")
    refused("trainingset", {**out, "PANS": [pan], "MSS": [other]}, "None of the MS layers fits")
    refused("trainingset", {**out, "PANS": [ms], "MSS": [pan]}, "None of the MS layers fits")
    given = {"PANS": [pan], "MSS": [ms]}
    refused("trainingset", {**given, "OUTPUT": str(tmp_path / "a.tif")}, ".patches")
    refused("trainingset", {**given, "OUTPUT": str(tmp_path / "no" / "a.patches")}, "folder")


def test_inputs_are_not_touched(plugin, real_python, tmp_path):
    pairs = [scene(tmp_path, "a")]
    before = {path: path.read_bytes() for path in tmp_path.glob("*.tif")}
    parameters = {"PANS": [pairs[0][0]], "MSS": [pairs[0][1]], "GENERATED": 0}
    out = tmp_path / "out" / "set.patches"
    out.parent.mkdir()
    result, _ = run("trainingset", {**parameters, "OUTPUT": str(out)})
    assert (result["PAIRS"], result["PATCHES"], result["HELD_OUT_PATCHES"]) == (1, 2, 1)
    assert {path: path.read_bytes() for path in tmp_path.glob("*.tif")} == before
    assert sorted(path.name for path in out.parent.iterdir()) == ["set.patches", "set.patches.json"]
    # In a second run there is nothing to be trained on: what was made stays as it is.
    made = out.read_bytes()
    small = scene(tmp_path, "small", 5000, (40, 40))
    with pytest.raises(QgsProcessingException, match="None of the 1 pairs"):
        run("trainingset", {"PANS": [small[0]], "MSS": [small[1]], "OUTPUT": str(out)})
    assert out.read_bytes() == made


# --- ksdiff:train ---


def test_what_is_asked_and_found(told, data, home):
    result, log = run("train", {"DATA": data, "NAME": " mine ", "LICENCE": "CC0", "NOTES": "a\nb"})
    assert told() == {
        "protocol": 2,
        "task": "train",
        "data": data,
        "name": "mine",
        "run": str(home / "training" / "mine"),
        "models": str(home / "models"),
        "method": "ksdiff",
        "start": "ksdiff-scene",
        "stage1": 300,
        "stage2": 900,
        "batch": 16,
        "device": "auto",
        "seed": 0,
        "licence": "CC0",
        "notes": "a\nb",
    }
    assert result["MODEL_FILE"] == str(home / "models" / "mine" / "mine.safetensors")
    assert (result["NAME"], result["STEPS_DONE"]) == ("mine", 1200)
    assert (result["ERGAS"], result["ERGAS_BEFORE"], result["ERGAS_CLASSICAL"]) == (1.25, 1.5, 2.5)
    assert "The model 'mine' is ready. On 2 windows" in log
    assert "Run folder:" in log


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"METHOD": "srino"}, {"method": "srino", "start": "srino-scene"}),
        ({"START": "scratch"}, {"start": None}),
        ({"LENGTH": "quick"}, {"stage1": 40, "stage2": 120}),
        ({"LENGTH": "long", "STEPS1": 0}, {"stage1": 0, "stage2": 4000}),
        ({"STEPS1": 1, "STEPS2": 2, "BATCH": 4}, {"stage1": 1, "stage2": 2, "batch": 4}),
        ({"DEVICE": "cpu", "SEED": 5}, {"device": "cpu", "seed": 5}),
    ],
)
def test_wishes_reach_the_worker(told, data, given, expected):
    run("train", {"DATA": data, "NAME": "mine", **given})
    assert {key: told()[key] for key in expected} == expected


def test_training_begins_with_a_model_of_ones_own(told, data, tmp_path):
    path = write_model(models.folder() / "fields" / "fields.safetensors")
    parameters = {"DATA": data, "NAME": "mine", "START": "fields", "RUN": str(tmp_path / "r")}
    run("train", parameters)
    assert (told()["start"], told()["run"]) == (str(path), str(tmp_path / "r"))


def test_training_refuses_before_work(plugin, data, tmp_path):
    given = {"DATA": data, "NAME": "mine"}
    write_model(models.folder() / "taken" / "taken.safetensors")
    refused("train", {**given, "DATA": str(tmp_path / "no.patches")}, "Prepare training set")
    refused("train", {**given, "NAME": "a b"}, "cannot be the name")
    refused("train", {**given, "NAME": "taken"}, "a model 'taken' already")
    refused("train", {**given, "NAME": "ksdiff-scene"}, "came with the plugin")
    wrong = {**given, "METHOD": "ksdiff", "START": "srino-scene"}
    refused("train", wrong, "cannot begin with the model 'srino-scene'", "ksdiff-scene")
    refused("train", {**given, "STEPS2": 0}, "STEPS2")


def test_new_model_is_offered_when_the_training_is_done(told, data):
    run("train", {"DATA": data, "NAME": "mine"})

    def offered():
        made = QgsApplication.processingRegistry().algorithmById("ksdiff:ksdiff")
        return made.parameterDefinition("MODEL").options()

    until(lambda: "mine" in offered())


class Task:
    """An algorithm in QGIS' task manager, as its dialog runs it."""

    def __init__(self, parameters):
        self.feedback = QgsProcessingFeedback()
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())
        self.ended = []
        made = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:train")
        self.task = QgsProcessingAlgRunnerTask(made, parameters, self.context, self.feedback)
        self.task.executed.connect(lambda good, results: self.ended.append((good, results)))
        QgsApplication.taskManager().addTask(self.task)


def curves():
    from ksdiff_qgis.gui import curve

    return curve._windows()


def test_curve_is_shown_while_it_trains(told, data, iface, monkeypatch):
    monkeypatch.setattr("qgis.utils.iface", iface)
    monkeypatch.setenv("KSDIFF_TEST_STEP_S", "0.05")
    parameters = {"DATA": data, "NAME": "mine", "STEPS1": 20, "STEPS2": 20}
    task = Task(parameters)
    (window,) = curves()
    assert window.isVisible()
    until(lambda: "Stage 1 of 2" in window.state.text())
    assert not task.ended
    until(lambda: bool(task.ended))
    until(lambda: "The model 'mine' is ready." in window.state.text())
    assert "ksdiff 1.25" in window.error.text()
    assert task.ended[0][1]["NAME"] == "mine"


def test_without_windows_there_is_no_curve(told, data, monkeypatch):
    monkeypatch.setattr("qgis.utils.iface", None)
    run("train", {"DATA": data, "NAME": "mine"})
    assert curves() == []


def test_two_trainings_have_a_window_each(told, data, iface, monkeypatch):
    monkeypatch.setattr("qgis.utils.iface", iface)
    monkeypatch.setenv("KSDIFF_TEST_STEP_S", "0.05")
    given = {"DATA": data, "STEPS1": 5, "STEPS2": 5}
    tasks = [Task({**given, "NAME": name}) for name in "ab"]
    assert {window.windowTitle()[-1] for window in curves()} == {"a", "b"}
    until(lambda: all(task.ended for task in tasks))
    until(lambda: all("is ready" in window.state.text() for window in curves()))
    run("train", {**given, "NAME": "c"})
    assert len(curves()) == 2


def test_what_cannot_be_prepared_is_told(told, data, monkeypatch):
    made = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:train")
    monkeypatch.setattr(
        "ksdiff_qgis.algorithms.worker.WorkerAlgorithm.prepareAlgorithm", lambda *args: False
    )
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    assert not made.prepare({"DATA": data, "NAME": "mine"}, context, feedback)


def test_from_another_thread_no_window_is_made(told, data, iface, monkeypatch):
    """A script may run an algorithm wherever it likes; windows are the main thread's."""
    monkeypatch.setattr("qgis.utils.iface", iface)
    made = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:train")
    done = []

    def work():
        context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
        done.append(made.run({"DATA": data, "NAME": "mine"}, context, feedback))

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: not thread.is_alive())
    assert done[0][1]
    assert curves() == []


def test_failure_is_told_in_the_curve_too(use_worker, plugin, data, iface, monkeypatch):
    use_worker("failing")
    monkeypatch.setattr("qgis.utils.iface", iface)
    with pytest.raises(QgsProcessingException, match="Take others"):
        run("train", {"DATA": data, "NAME": "mine"})
    (window,) = curves()
    until(lambda: "stopped or failed" in window.state.text())


# --- the real worker ---


@pytest.fixture(scope="module")
def real_set(tmp_path_factory):
    """A training set of one small scene, by the real worker."""
    folder = tmp_path_factory.mktemp("real")
    return folder, scene(folder, "a")


def test_real_training_stops_goes_on_and_gives_a_model(
    plugin, real_python, real_set, home, tmp_path
):
    if subprocess.run([real_python, "-c", "import torch"], capture_output=True).returncode:
        pytest.skip("the worker's environment has no torch: make env")
    folder, (pan, ms) = real_set
    data = str(folder / "set.patches")
    run("trainingset", {"PANS": [pan], "MSS": [ms], "GENERATED": 0, "OUTPUT": data})
    given = {"DATA": data, "NAME": "mine", "DEVICE": "cpu", "BATCH": 1}
    given |= {"STEPS1": 1, "STEPS2": 3}
    stopped = Task(given)
    losses = home / "training" / "mine" / "loss.csv"
    until(lambda: losses.is_file() and len(losses.read_text().splitlines()) > 1, 120)
    stopped.task.cancel()
    until(lambda: bool(stopped.ended))
    log = stopped.feedback.textLog()
    assert "The same run folder goes on from there" in log
    checkpoint = home / "training" / "mine" / "checkpoint.pt"
    assert checkpoint.is_file()
    assert not (home / "models").exists()

    result, log = run("train", given)
    assert "A training was stopped there; it goes on." in log
    assert "continuing stage 2 after" in log or "continuing stage 1 after" in log
    assert result["STEPS_DONE"] == 4
    assert result["ERGAS"] > 0 and result["ERGAS_BEFORE"] > 0 and result["ERGAS_CLASSICAL"] > 0
    model = models.find("mine")
    assert (model.problem, model.method) == ("", "ksdiff")
    assert not checkpoint.exists()  # the next training of that name begins anew
    assert set(model.scores["held out"]) >= {"ksdiff", "ksdiff before", "bdsd-pc", "bt-h"}
    assert [entry.name for entry in models.folder().iterdir()] == ["mine"]

    sharpened = {"PAN": pan, "MS": ms, "METHOD": "ksdiff", "MODEL": "mine", "ADAPT": 0}
    out = str(tmp_path / "sharpened.tif")
    result, _ = run("ksdiff", {**sharpened, "SCENE_TEST": False, "DEVICE": "cpu", "OUTPUT": out})
    assert result["MODEL_USED"] == "mine"
    assert QgsRasterLayer(out).width() == 4 * MS_SIZE[1]


def test_without_torch_it_is_told_how_to_get_it(plugin, real_python, data, tmp_path, monkeypatch):
    """The light runtime: an interpreter that has everything else."""
    script = tmp_path / "python"
    code = "import runpy, sys; sys.modules['torch'] = None; "
    code += f"runpy.run_path({str(ROOT / 'training' / 'worker.py')!r}, run_name='__main__')"
    script.write_text(f'#!/bin/sh\nexec "{real_python}" -I -u -X utf8 -c "{code}"\n')
    script.chmod(0o755)
    monkeypatch.setenv("KSDIFF_PYTHON", str(script))
    with pytest.raises(QgsProcessingException) as caught:
        run("train", {"DATA": data, "NAME": "mine"})
    assert "needs torch" in str(caught.value)
    assert "--SIZE=full" in str(caught.value)
