# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm `ksdiff:runtime`: actions, parameters, outputs."""

from __future__ import annotations

import functools
import json
import shutil
import sys

import processing
import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsApplication,
    QgsNetworkAccessManager,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtNetwork import QNetworkProxy
from qgis_helpers import check, make_environment

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import environments, installer, process
from ksdiff_qgis.runtime.environments import State, Status
from ksdiff_qgis.runtime.errors import RunCancelled, RunError

WORKS = {"devices": [{"device": "cpu", "ran": "cpu", "passed": True}], "raster": True}


@pytest.fixture
def home(plugin, tmp_path, monkeypatch):
    """The plugin's folder, without an environment and without a checkout around the plugin."""
    monkeypatch.setenv("KSDIFF_QGIS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return tmp_path / "home"


@pytest.fixture
def run():
    def run_algorithm(feedback=None, **parameters):
        feedback = feedback or QgsProcessingFeedback()
        return processing.run("ksdiff:runtime", parameters, feedback=feedback)

    return run_algorithm


@pytest.fixture
def make(home):
    """Make an environment that looks complete."""
    return functools.partial(make_environment, home, selftest=WORKS)


@pytest.fixture
def installed(monkeypatch):
    """The plans that were installed; nothing is."""
    plans = []

    def install(plan, feedback):
        plans.append(plan)
        return environments.status()

    monkeypatch.setattr(installer, "install", install)
    return plans


@pytest.fixture
def self_test(monkeypatch):
    """Replace the self-test by its result, or an error."""

    def replace(result):
        def test(python, feedback):
            if isinstance(result, Exception):
                raise result
            return {"selftest": result}

        monkeypatch.setattr(process, "self_test", test)

    replace(WORKS)
    return replace


# --- without an environment ---


def test_algorithms_are_available_without_an_environment(home, monkeypatch):
    for name in ("torch", "onnxruntime", "rasterio"):
        monkeypatch.setitem(sys.modules, name, None)  # importing it fails
    provider = QgsApplication.processingRegistry().providerById("ksdiff")
    provider.refreshAlgorithms()
    assert provider.algorithms()
    for algorithm in provider.algorithms():
        assert algorithm.canExecute() == (True, ""), algorithm.id()
        assert algorithm.create() is not None


def test_sharpening_without_an_environment_says_how_to_install_it(home, layers):
    pan, ms = layers
    with pytest.raises(QgsProcessingException, match="--ACTION=install"):
        processing.run("ksdiff:ksdiff", {"PAN": pan, "MS": ms, "OUTPUT": "TEMPORARY_OUTPUT"})


def test_check_and_remove_without_an_environment_change_nothing(home, run):
    found = run()
    assert found["STATE"] == "missing"
    assert "--ACTION=install" in found["MESSAGE"] and "\n" not in found["MESSAGE"]
    assert (found["PYTHON_USED"], found["FOLDER"], found["DEVICES"]) == ("", "", "[]")
    assert run(ACTION="remove")["STATE"] == "missing"
    assert not home.exists()


# --- which interpreter ---


@pytest.mark.parametrize("by_variable", [True, False])
def test_check_and_self_test_of_the_users_python(home, run, real_python, monkeypatch, by_variable):
    if by_variable:
        monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    else:
        settings = {environments.PYTHON_VARIABLE: real_python}
        monkeypatch.setattr(ProcessingConfig, "getSetting", lambda name, *_: settings.get(name))
    found = run()
    assert (found["STATE"], found["PYTHON_USED"]) == ("ready", real_python)
    assert "CPUExecutionProvider" in found["MESSAGE"]
    if by_variable:
        assert json.loads(run(ACTION="selftest")["DEVICES"])[0]["ran"] == "cpu"


def test_python_without_the_packages_is_broken(home, run, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", "/usr/bin/python3")
    found = run()
    assert (found["STATE"], found["PYTHON_USED"]) == ("broken", "/usr/bin/python3")
    assert "numpy" in found["MESSAGE"] or "rasterio" in found["MESSAGE"]


@pytest.mark.parametrize("state", [s for s in State if s is not State.MISSING])
def test_named_python_that_does_not_exist_is_broken_whatever_is_installed(
    home, run, monkeypatch, state
):
    monkeypatch.setattr(environments, "status", lambda *_: Status(state, "light"))
    monkeypatch.setenv("KSDIFF_PYTHON", "/no/python")
    found = run()
    assert found["STATE"] == "broken"
    assert "/no/python" in found["MESSAGE"] and "--ACTION=repair" not in found["MESSAGE"]


# --- install, repair, self-test ---


@pytest.mark.parametrize(
    "device",
    [
        {"device": "cuda", "ran": "cpu", "passed": False, "reason": "It ran on cpu."},
        {"device": "cuda", "ran": "", "passed": False, "reason": "no cuDNN"},
    ],
)
def test_device_that_does_not_run_fails_the_self_test(make, run, self_test, device):
    make()
    self_test({**WORKS, "devices": [*WORKS["devices"], device]})
    with pytest.raises(QgsProcessingException) as caught:
        run(ACTION="selftest")
    assert device["reason"] in str(caught.value)
    assert "--ACTION=repair" in str(caught.value)


def test_installed_size_that_works_is_not_installed_again(make, run, installed, self_test):
    make("light")
    assert run(ACTION="install", SIZE="light")["STATE"] == "ready"
    assert installed == []
    run(ACTION="install")  # the default size
    assert [plan.size.name for plan in installed] == ["full"]


@pytest.mark.parametrize("failure", [{**WORKS, "raster": False}, RunError("It lacks numpy.")])
def test_installed_size_that_does_not_work_is_installed_again(
    make, run, installed, self_test, failure
):
    make("light")
    self_test(failure)
    run(ACTION="install", SIZE="light")
    assert [plan.size.name for plan in installed] == ["light"]


def test_full_without_pytorch_does_not_work(make, run, installed, self_test):
    make("full")
    self_test({**WORKS, "torch": {"version": "2"}})
    run(ACTION="install", SIZE="full")
    assert installed == []
    self_test(WORKS)
    run(ACTION="install", SIZE="full")
    assert len(installed) == 1


@pytest.mark.parametrize("marker", [environments.FACTS, environments.INCOMPLETE])
@pytest.mark.parametrize("content", ['{"size": "light"}', "{"])
def test_repair_keeps_the_size(home, run, installed, marker, content):
    folder = home / "envs" / "light-2"
    folder.mkdir(parents=True)
    (folder / marker).write_text(content)
    run(ACTION="repair")  # the default of SIZE is full
    assert [plan.size.name for plan in installed] == ["light"]


def test_install_warns_if_runs_take_another_python(make, run, installed, monkeypatch):
    make()
    for python in ("/no/python", "/bin/sh"):
        feedback = QgsProcessingFeedback()
        monkeypatch.setenv("KSDIFF_PYTHON", python)
        assert run(feedback, ACTION="repair")["STATE"] == "ready"
        assert python in feedback.textLog()
    assert len(installed) == 2


def test_relative_paths_are_resolved(make, run, installed, tmp_path, monkeypatch):
    make()
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "a.whl").touch()
    (tmp_path / "python").symlink_to("/usr/bin/python3")
    monkeypatch.chdir(tmp_path)
    run(ACTION="repair", WHEELS="wheels", PYTHON="./python")
    run(ACTION="repair", PYTHON="python3")
    assert installed[0].wheels == tmp_path / "wheels"
    assert [plan.base.path for plan in installed] == [
        str(tmp_path / "python"),
        shutil.which("python3"),
    ]


def test_proxy_is_the_one_of_qgis(home, run, installed):
    """Its password is in the authentication database, not in the settings."""
    run(ACTION="install")
    manager = QgsNetworkAccessManager.instance()
    before = (manager.fallbackProxy(), manager.excludeList(), manager.noProxyList())
    used = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "proxy.example", 3128, "me", "secret")
    manager.setFallbackProxyAndExcludes(used, ["https://a.example/"], ["https://b.example/x"])
    try:
        run(ACTION="install")
    finally:
        manager.setFallbackProxyAndExcludes(*before)
    without, behind = (plan.proxy for plan in installed)
    assert without == {}
    assert behind["HTTPS_PROXY"] == "http://me:secret@proxy.example:3128"
    assert behind["NO_PROXY"] == "a.example,b.example"


def test_failed_install_shows_error_and_remedy(home, run, monkeypatch):
    def fail(plan, feedback):
        raise RunError("The disk is full.", "Free some space.")

    monkeypatch.setattr(installer, "install", fail)
    with pytest.raises(QgsProcessingException, match=r"The disk is full\.\nFree some space\."):
        run(ACTION="install")


def test_cancelled_install_is_no_error(home, run, monkeypatch):
    def cancel(plan, feedback):
        raise RunCancelled

    monkeypatch.setattr(installer, "install", cancel)
    assert run(ACTION="install") == {}


def test_unknown_action_is_refused(plugin):
    good, message = check("runtime", {"ACTION": "instal"})
    assert not good
    assert "check, install, repair, remove, selftest" in message
