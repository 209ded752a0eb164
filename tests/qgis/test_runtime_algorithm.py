# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm `ksdiff:runtime`: what it looks at, what it asks for, what it tells."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace

import processing
import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsApplication,
    QgsNetworkAccessManager,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtNetwork import QNetworkProxy

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import environment, envs, managed, nvidia, selftest
from ksdiff_qgis.runtime.errors import RunCancelled, RunError


@pytest.fixture
def home(plugin, tmp_path, monkeypatch):
    """A plugin without an environment: no checkout around it, and a home of its own."""
    monkeypatch.setenv("KSDIFF_QGIS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return tmp_path / "home"


@pytest.fixture
def run():
    def go(**parameters):
        return processing.run("ksdiff:runtime", parameters, feedback=QgsProcessingFeedback())

    return go


@pytest.fixture
def ready(home, monkeypatch):
    """An environment that was made, by the books; making one gives the same, and is noted."""
    asked = []
    folder = home / "envs" / "light-2"
    folder.mkdir(parents=True)
    (folder / envs.FACTS).write_text('{"size": "light"}')
    python = folder / "bin" / "python"
    facts = {"size": "light", "selftest": {"devices": [{"device": "cpu", "ran": "cpu"}]}}
    now = managed.Status("ready", "It is ready.", "light", folder, str(python), facts)
    monkeypatch.setattr(managed, "status", lambda home=None: now)
    monkeypatch.setattr(managed, "make", lambda plan, feedback: asked.append(plan) or now)
    monkeypatch.setattr(
        environment, "find", lambda *_: environment.Interpreter(str(python), "a test")
    )
    return asked


def test_no_algorithm_hides_where_nothing_is_installed(home, monkeypatch):
    for name in ("torch", "onnxruntime", "rasterio"):
        monkeypatch.setitem(sys.modules, name, None)  # to import it fails
    provider = QgsApplication.processingRegistry().providerById("ksdiff")
    provider.refreshAlgorithms()
    algorithms = provider.algorithms()
    assert len(algorithms) > 6
    for algorithm in algorithms:
        assert algorithm.canExecute() == (True, ""), algorithm.id()
        assert algorithm.create() is not None


def test_running_one_without_a_runtime_says_what_to_do(home, layers):
    pan, ms = layers
    with pytest.raises(QgsProcessingException) as caught:
        processing.run("ksdiff:ksdiff", {"PAN": pan, "MS": ms, "OUTPUT": "TEMPORARY_OUTPUT"})
    assert "No Python environment" in str(caught.value)
    assert "Runtime dialog" in str(caught.value)


def test_looking_where_nothing_is_raises_nothing_and_leaves_nothing(home, run):
    found = run()
    assert found["STATE"] == "missing"
    assert "--ACTION=install" in found["MESSAGE"] and "\n" not in found["MESSAGE"]
    assert (found["PYTHON_USED"], found["FOLDER"], found["DEVICES"]) == ("", "", "[]")
    assert not home.exists()


def test_looking_finds_a_python_of_ones_own(home, run, real_python, monkeypatch):
    monkeypatch.setattr(paths, "WORKER", paths.HERE.parent / "core" / "worker" / "main.py")
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    found = run(ACTION="check")
    assert (found["STATE"], found["PYTHON_USED"]) == ("ready", real_python)
    assert "CPUExecutionProvider" in found["MESSAGE"]
    tested = run(ACTION="selftest")
    assert json.loads(tested["DEVICES"])[0]["ran"] == "cpu"
    assert "sharpened on: cpu" in tested["MESSAGE"]


def test_looking_tells_that_a_python_lacks_packages(home, run, monkeypatch):
    monkeypatch.setattr(paths, "WORKER", paths.HERE.parent / "core" / "worker" / "main.py")
    monkeypatch.setenv("KSDIFF_PYTHON", "/usr/bin/python3")
    found = run()
    assert (found["STATE"], found["PYTHON_USED"]) == ("broken", "/usr/bin/python3")
    assert "lacks" in found["MESSAGE"]


@pytest.mark.parametrize("state", ["ready", "unfinished", "outdated", "broken"])
def test_a_named_python_that_is_not_there_is_told(home, run, monkeypatch, state):
    """Whatever there is of the plugin's own: it is not what would be used."""
    own = replace(managed.status(home), state=state, message="Repair it.")
    monkeypatch.setattr(managed, "status", lambda *_: own)
    monkeypatch.setenv("KSDIFF_PYTHON", "/no/python")
    found = run()
    assert found["STATE"] == "broken"
    assert "does not exist: /no/python Correct or clear" in found["MESSAGE"]
    assert "Repair it." not in found["MESSAGE"]


@pytest.mark.parametrize(
    ("device", "reason"),
    [
        ({"device": "cuda", "ran": "cpu", "passed": False, "reason": "It ran on cpu."}, "on cpu"),
        ({"device": "cuda", "ran": "", "passed": False, "reason": "no cuDNN"}, "cuda: no cuDNN"),
    ],
)
def test_a_device_that_does_not_really_run_fails_the_self_test(
    ready, run, monkeypatch, device, reason
):
    good = {"device": "cpu", "ran": "cpu", "passed": True}
    told = {"selftest": {"devices": [good, device], "raster": True}}
    monkeypatch.setattr(selftest, "run", lambda python, feedback: told)
    with pytest.raises(QgsProcessingException) as caught:
        run(ACTION="selftest")
    assert reason in str(caught.value)
    assert "--ACTION=repair" in str(caught.value)


def tells(told):
    """A self-test in the place of the real one."""

    def test(python, feedback):
        if isinstance(told, Exception):
            raise told
        return {"selftest": told}

    return test


WORKS = {"devices": [{"device": "cpu", "ran": "cpu", "passed": True}], "raster": True}


def test_what_is_there_is_not_made_again_unless_asked(ready, run, monkeypatch):
    monkeypatch.setattr(selftest, "run", tells(WORKS))
    found = run(ACTION="install", SIZE="light")
    assert ready == [] and found["STATE"] == "ready"
    run(ACTION="repair", SIZE="light")
    assert [plan.size.name for plan in ready] == ["light"]
    run(ACTION="install", SIZE="full")
    assert [plan.size.name for plan in ready] == ["light", "full"]


@pytest.mark.parametrize(
    "told", [{**WORKS, "raster": False}, RunError("The environment lacks numpy.", "", "NoRuntime")]
)
def test_what_is_there_and_does_not_work_is_made_anew(ready, run, monkeypatch, told):
    monkeypatch.setattr(selftest, "run", tells(told))
    run(ACTION="install", SIZE="light")
    assert [plan.size.name for plan in ready] == ["light"]


def test_full_without_torch_does_not_work(ready, run, monkeypatch):
    now = replace(managed.status(), size="full")
    monkeypatch.setattr(managed, "status", lambda home=None: now)
    monkeypatch.setattr(selftest, "run", tells(WORKS))
    run(ACTION="install", SIZE="full")
    monkeypatch.setattr(selftest, "run", tells({**WORKS, "torch": {"version": "2"}}))
    run(ACTION="install", SIZE="full")
    assert len(ready) == 1


def test_repair_keeps_the_size_that_is_there(ready, run):
    run(ACTION="repair")  # the size's default is full
    assert [plan.size.name for plan in ready] == ["light"]


def test_a_python_named_elsewhere_and_gone_is_told_after_an_installation(ready, run, monkeypatch):
    def nowhere(*_):
        raise RunError("The setting names a Python that does not exist.", "Do this.", "NoRuntime")

    feedback = QgsProcessingFeedback()
    monkeypatch.setattr(environment, "find", nowhere)
    found = processing.run("ksdiff:runtime", {"ACTION": "repair"}, feedback=feedback)
    assert len(ready) == 1 and found["STATE"] == "ready"
    assert "names a Python that does not exist.\nDo this." in feedback.textLog()


def test_relative_paths_are_those_of_who_named_them(ready, run, tmp_path, monkeypatch):
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "a.whl").touch()
    (tmp_path / "python").symlink_to("/usr/bin/python3")
    monkeypatch.chdir(tmp_path)
    run(ACTION="repair", WHEELS="wheels", PYTHON="./python")
    run(ACTION="repair", PYTHON="python3")
    monkeypatch.chdir("/")
    assert ready[0].wheels == tmp_path / "wheels"
    assert ready[0].base.path == str(tmp_path / "python")
    assert ready[1].base.path == shutil.which("python3")


@pytest.fixture
def behind_a_proxy(plugin):
    """QGIS with a proxy whose password is not in the settings, but in the store of passwords."""
    manager = QgsNetworkAccessManager.instance()
    before = (manager.fallbackProxy(), manager.excludeList(), manager.noProxyList())
    used = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "proxy.example", 3128, "me", "secret")
    manager.setFallbackProxyAndExcludes(used, ["https://a.example/"], ["https://b.example/x"])
    yield
    manager.setFallbackProxyAndExcludes(*before)


def test_the_proxy_is_the_one_that_qgis_uses(ready, run, behind_a_proxy):
    run(ACTION="install")
    told = ready[0].proxy
    assert told["HTTPS_PROXY"] == "http://me:secret@proxy.example:3128"
    assert told["NO_PROXY"] == "a.example,b.example"


def test_full_is_the_default_and_no_proxy_is_made_up(ready, run):
    run(ACTION="install", PYTHON="/usr/bin/python3")
    assert ready[0].size.name == "full"
    assert ready[0].proxy == {}
    assert ready[0].base.path == "/usr/bin/python3"


def test_what_fails_is_told_with_what_to_do(ready, run, monkeypatch):
    def fails(plan, feedback):
        raise RunError("The disk is full.", "Free some space.", "Disk")

    monkeypatch.setattr(managed, "make", fails)
    with pytest.raises(QgsProcessingException, match=r"The disk is full\.\nFree some space\."):
        run(ACTION="install")


def test_a_home_that_cannot_be_written_has_no_log(home, run):
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file")
    with pytest.raises(QgsProcessingException, match="cannot be written") as caught:
        run(ACTION="install", SIZE="light")
    assert "install.log" not in str(caught.value)


@pytest.mark.parametrize("left", [envs.INCOMPLETE, envs.FACTS])
def test_repair_keeps_the_size_of_what_was_not_finished_or_cannot_be_read(
    home, run, monkeypatch, left
):
    folder = home / "envs" / "light-2"
    folder.mkdir(parents=True)
    (folder / left).write_text("{")
    asked = []
    now = managed.status()
    assert (now.state, now.size) == ("unfinished", "light")
    assert "--ACTION=install --SIZE=light" in now.message
    monkeypatch.setattr(managed, "make", lambda plan, feedback: asked.append(plan) or now)
    run(ACTION="repair")
    assert [plan.size.name for plan in asked] == ["light"]


def test_cancelled_it_ends_without_an_error(ready, run, monkeypatch):
    def cancelled(plan, feedback):
        raise RunCancelled

    monkeypatch.setattr(managed, "make", cancelled)
    assert run(ACTION="install") == {}


def test_a_gpu_that_is_not_there_is_told(home, run, monkeypatch):
    monkeypatch.setattr(nvidia, "find", lambda: [])
    with pytest.raises(QgsProcessingException, match="No NVIDIA GPU"):
        run(ACTION="install", SIZE="gpu")
    assert not home.exists()


def test_choices_are_checked(plugin):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:runtime")
    good, message = algorithm.checkParameterValues({"ACTION": "instal"}, QgsProcessingContext())
    assert not good
    assert "check, install, repair, remove, selftest" in message


def test_removing_nothing_is_no_error(home, run):
    found = run(ACTION="remove")
    assert found["STATE"] == "missing"
    assert "nothing to remove" in found["MESSAGE"]


def test_the_setting_is_what_runs_take(home, run, real_python, monkeypatch):
    monkeypatch.setattr(paths, "WORKER", paths.HERE.parent / "core" / "worker" / "main.py")
    monkeypatch.setattr(
        ProcessingConfig, "getSetting", lambda name, *_: real_python if "KSDIFF" in name else None
    )
    assert "KSDIFF_PYTHON" not in os.environ
    assert run()["PYTHON_USED"] == real_python
