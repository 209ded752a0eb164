# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:trainingset` and `ksdiff:train`: requests, checks, the curve, and a real training."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from qgis.core import QgsProcessingException, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QRectF
from qgis_helpers import (
    Feedback,
    create,
    offered,
    project_context,
    raster_size,
    refused,
    run,
    until,
    write_model,
    write_pair,
    write_raster,
)

from ksdiff_qgis import models
from ksdiff_qgis.gui import curve

MS_SIZE = (96, 160)

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def sent(plugin, use_worker, request_file, tmp_path):
    """Use the stand-in worker; returns the request that it got."""
    made = write_model(tmp_path / "made" / "mine" / "mine.safetensors")
    use_worker(KSDIFF_TEST_MODEL=str(made.parent))
    return lambda: json.loads(request_file.read_text())


@pytest.fixture
def data(tmp_path):
    """A file with the suffix of a training set."""
    file = tmp_path / "set.patches"
    file.write_bytes(b"patches")
    return str(file)


def scene(folder, name, left=0.0, size=MS_SIZE):
    """Write a pair of ratio 4; returns the paths of PAN and MS."""
    return tuple(write_pair(folder, left, size, name).values())


# --- ksdiff:trainingset ---


def test_layers_are_paired_in_any_order(sent, tmp_path):
    pairs = [scene(tmp_path, name, left) for name, left in (("a", 0), ("b", 1000), ("c", 2000))]
    layer = QgsProject.instance().addMapLayer(QgsRasterLayer(pairs[0][0], "a layer"))
    pans, mss = [layer, *(pair[0] for pair in pairs[1:])], [pair[1] for pair in reversed(pairs)]
    out = str(tmp_path / "out.patches")
    result, log = run("trainingset", {"PANS": pans, "MSS": mss, "OUTPUT": out, "HELD_OUT": 0.3})
    request = sent()
    assert request["pans"] == [pan for pan, _ in pairs]
    assert request["mss"] == [ms for _, ms in pairs]
    assert (request["held_out"], request["generated"], request["sensor"]) == (0.3, 0.3, "auto")
    assert (request["task"], request["out"]) == ("trainingset", out)
    assert {request[key] for key in ("pan_band", "ms_bands", "nodata")} == {None}
    assert (result["OUTPUT"], result["PAIRS"], result["REFUSED"]) == (out, 3, 0)
    assert (result["BANDS"], result["SENSORS"], result["RECIPE"]) == ("4", "quickbird", "r.json")
    assert "12" in log.textLog()  # patches


def test_layer_without_a_partner_is_left_out_with_a_warning(sent, tmp_path):
    good, lonely = scene(tmp_path, "a"), scene(tmp_path, "far", 9000)
    parameters = {"PANS": [good[0], lonely[0]], "MSS": [good[1]], "OUTPUT": "TEMPORARY_OUTPUT"}
    result, log = run("trainingset", parameters)
    assert (result["PAIRS"], result["REFUSED"]) == (1, 1)
    assert any("far_pan" in warning for warning in log.warnings)
    assert result["OUTPUT"].endswith(".patches")


def test_bands_and_nodata_apply_to_every_pair(sent, tmp_path):
    pan, ms = scene(tmp_path, "a")
    stack = str(write_raster(tmp_path / "stack.tif", 2, (384, 640), 0.5, origin=(500000.0, 5e6)))
    given = {"MSS": [ms], "OUTPUT": "TEMPORARY_OUTPUT"}
    chosen = {"PANS": [stack], "PAN_BAND": 2, "MS_BANDS": " 3, 1 ", "NODATA": 0}
    run("trainingset", {**given, **chosen})
    assert [sent()[key] for key in ("pan_band", "ms_bands", "nodata")] == [2, [3, 1], 0]
    refused("trainingset", {**given, "PANS": [stack]})
    for listed in ([3, 1], ["3", "1"], "3"):
        run("trainingset", {**given, "PANS": [pan], "MS_BANDS": listed})
        assert sent()["ms_bands"] == [int(each) for each in listed]
    for wrong in ("0,1", "3-1", "all", "1,1", [1, 1], [0]):
        refused("trainingset", {**given, "PANS": [pan], "MS_BANDS": wrong})


def test_training_set_is_refused(plugin, tmp_path):
    pan, ms = scene(tmp_path, "a")
    _, other = scene(tmp_path, "far", 9000)
    out = {"OUTPUT": str(tmp_path / "out.patches")}
    refused("trainingset", out)
    refused("trainingset", {**out, "PANS": [pan]})
    refused("trainingset", {**out, "FOLDER": str(tmp_path / "no")}, str(tmp_path / "no"))
    refused("trainingset", {**out, "PANS": [pan], "MSS": [other]})
    refused("trainingset", {**out, "PANS": [ms], "MSS": [pan]})
    given = {"PANS": [pan], "MSS": [ms]}
    refused("trainingset", {**given, "OUTPUT": str(tmp_path / "a.tif")}, ".patches")
    missing = str(tmp_path / "no")
    refused("trainingset", {**given, "OUTPUT": missing + "/a.patches"}, missing)


def test_real_training_set_leaves_the_inputs_unchanged(plugin, real_python, tmp_path):
    pan, ms = scene(tmp_path, "a")
    before = {path: path.read_bytes() for path in tmp_path.glob("*.tif")}
    out = tmp_path / "out" / "set.patches"
    out.parent.mkdir()
    given = {"PANS": [pan], "MSS": [ms], "GENERATED": 0, "OUTPUT": str(out)}
    result, _ = run("trainingset", given)
    assert (result["PAIRS"], result["PATCHES"], result["HELD_OUT_PATCHES"]) == (1, 2, 1)
    assert {path: path.read_bytes() for path in tmp_path.glob("*.tif")} == before
    written = ["set.patches", "set.patches.json", "set.patches.png"]
    assert sorted(path.name for path in out.parent.iterdir()) == written
    # A second run without usable pairs leaves the file as it is.
    made = out.read_bytes()
    small = scene(tmp_path, "small", 5000, (40, 40))
    with pytest.raises(QgsProcessingException):
        run("trainingset", {"PANS": [small[0]], "MSS": [small[1]], "OUTPUT": str(out)})
    assert out.read_bytes() == made


# --- ksdiff:train ---


def test_training_request_and_outputs(sent, data, home):
    result, log = run("train", {"DATA": data, "NAME": " mine ", "LICENCE": "CC0", "NOTES": "a\nb"})
    assert sent() == {
        "protocol": 2,
        "language": "en",
        "task": "train",
        "data": data,
        "name": "mine",
        "run": str(home / "training" / "mine"),
        "models": str(home / "models"),
        "method": "ksdiff",
        "start": "ksdiff-scene",
        "stage1": 300,
        "stage2": 900,
        "minutes": 0.0,
        "batch": 16,
        "device": "auto",
        "seed": 0,
        "licence": "CC0",
        "notes": "a\nb",
    }
    assert result["MODEL_FILE"] == str(home / "models" / "mine" / "mine.safetensors")
    assert (result["NAME"], result["STEPS_DONE"]) == ("mine", 1200)
    assert (result["ERGAS"], result["ERGAS_BEFORE"], result["ERGAS_CLASSICAL"]) == (1.25, 1.5, 2.5)
    for fact in ("'mine'", "On 2 windows", str(home / "training" / "mine")):
        assert fact in log.textLog()
    until(lambda: "mine" in offered())


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
def test_options_reach_the_training_worker(sent, data, given, expected):
    run("train", {"DATA": data, "NAME": "mine", **given})
    assert {key: sent()[key] for key in expected} == expected


def test_initial_model_and_run_folder_are_sent_by_path(sent, data, tmp_path):
    path = write_model(models.folder() / "fields" / "fields.safetensors")
    given = {"DATA": data, "NAME": "mine", "START": "fields", "RUN": str(tmp_path / "run")}
    run("train", given)
    assert (sent()["start"], sent()["run"]) == (str(path), str(tmp_path / "run"))


def test_training_is_refused(plugin, data, tmp_path):
    given = {"DATA": data, "NAME": "mine"}
    write_model(models.folder() / "taken" / "taken.safetensors")
    refused("train", {**given, "DATA": str(tmp_path / "no.patches")}, "no.patches")
    for name in ("a b", "taken", "ksdiff-scene"):
        refused("train", {**given, "NAME": name}, f"'{name}'")
    wrong = {**given, "METHOD": "ksdiff", "START": "srino-scene"}
    refused("train", wrong, "'srino-scene'", "ksdiff-scene")
    refused("train", {**given, "STEPS2": 0}, "STEPS2")


# --- the curve ---


def test_curve_is_shown_during_the_training(sent, data, start, monkeypatch):
    monkeypatch.setenv("KSDIFF_TEST_STEP_S", "0.05")
    task = start("train", {"DATA": data, "NAME": "mine", "STEPS1": 20, "STEPS2": 20})
    (window,) = curve.windows()
    assert window.isVisible()
    until(lambda: len(window.panel.view.lines(QRectF(0, 0, 1, 1))[1][0]) > 0)
    assert not task.finished
    task.wait()
    until(lambda: "'mine'" in window.panel.state.text())
    assert "ksdiff 1.25" in window.panel.error.text()
    assert task.finished[0][1]["NAME"] == "mine"


def test_training_in_another_thread_opens_no_window(sent, data):
    """A script may run an algorithm in any thread; windows belong to the main thread."""
    given = {"DATA": data, "NAME": "mine"}
    with ThreadPoolExecutor(1) as threads:
        job = threads.submit(create("train").run, given, project_context(), Feedback())
        until(job.done)
    assert job.result()[1]
    assert curve.windows() == []


def test_failure_is_shown_in_the_curve(use_worker, plugin, data):
    use_worker("failing")
    with pytest.raises(QgsProcessingException):
        run("train", {"DATA": data, "NAME": "mine"})
    (window,) = curve.windows()
    until(lambda: not window.panel.running)


# --- the real worker ---


def test_real_training_is_stopped_and_continued(plugin, real_python, home, start, tmp_path):
    if subprocess.run([real_python, "-c", "import torch"], capture_output=True).returncode:
        pytest.skip("the worker's environment has no torch: make env")
    pan, ms = scene(tmp_path, "a")
    data = str(tmp_path / "set.patches")
    run("trainingset", {"PANS": [pan], "MSS": [ms], "GENERATED": 0, "OUTPUT": data})
    given = {"DATA": data, "NAME": "mine", "DEVICE": "cpu", "BATCH": 1, "STEPS1": 1, "STEPS2": 3}
    stopped = start("train", given)
    folder = home / "training" / "mine"
    losses, checkpoint = folder / "loss.csv", folder / "checkpoint.pt"
    until(lambda: losses.is_file() and len(losses.read_text().splitlines()) > 1, 120)
    stopped.task.cancel()
    stopped.wait()
    assert str(folder) in stopped.feedback.textLog()
    assert checkpoint.is_file()
    assert not (home / "models").exists()
    first = losses.read_text().splitlines()[1]  # with the seconds that it took

    result, _ = run("train", given)
    assert result["STEPS_DONE"] == 4
    assert losses.read_text().splitlines()[1] == first  # that step was not repeated
    assert result["ERGAS"] > 0 and result["ERGAS_BEFORE"] > 0 and result["ERGAS_CLASSICAL"] > 0
    model = models.find("mine")
    assert (model.problem, model.method) == ("", "ksdiff")
    assert not checkpoint.exists()  # the next training of that name starts anew
    assert set(model.scores["held out"]) >= {"ksdiff", "ksdiff before", "bdsd-pc", "bt-h"}
    assert [entry.name for entry in models.folder().iterdir()] == ["mine"]

    sharpened = {"PAN": pan, "MS": ms, "METHOD": "ksdiff", "MODEL": "mine", "ADAPT": 0}
    out = str(tmp_path / "sharpened.tif")
    result, _ = run("ksdiff", {**sharpened, "SCENE_TEST": False, "DEVICE": "cpu", "OUTPUT": out})
    assert result["MODEL_USED"] == "mine"
    assert raster_size(out) == (4 * MS_SIZE[1], 4 * MS_SIZE[0], 4)
