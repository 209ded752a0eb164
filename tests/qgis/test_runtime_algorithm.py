# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm `ksdiff:runtime`: actions, parameters, outputs."""

from __future__ import annotations

import functools
import json
import shutil
from unittest.mock import Mock

import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtNetwork import QNetworkProxy
from qgis_helpers import fails_naming, make_environment, provider, refused, run

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import environments, installer, worker_run
from ksdiff_qgis.runtime.errors import RunCancelled, RunError

WORKS = {"devices": [{"device": "cpu", "ran": "cpu", "passed": True}], "raster": True}


@pytest.fixture
def home(plugin, home, tmp_path, monkeypatch):
    """The plugin's folder, without an environment and without a checkout around the plugin."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return home


def manage(**parameters):
    return run("runtime", parameters)[0]


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

        monkeypatch.setattr(worker_run, "self_test", test)

    replace(WORKS)
    return replace


# --- without an environment ---


def test_algorithms_are_available_without_an_environment(home):
    provider().refreshAlgorithms()
    assert provider().algorithms()
    for algorithm in provider().algorithms():
        assert algorithm.canExecute() == (True, ""), algorithm.id()
        assert algorithm.create() is not None


def test_sharpening_without_an_environment_says_how_to_install_it(home, files):
    fails_naming("ksdiff", {**files, "OUTPUT": "TEMPORARY_OUTPUT"}, "--ACTION=install")


def test_check_and_remove_without_an_environment_change_nothing(home):
    found = manage()
    assert found["STATE"] == "missing"
    assert "--ACTION=install" in found["MESSAGE"] and "\n" not in found["MESSAGE"]
    assert (found["PYTHON_USED"], found["FOLDER"], found["DEVICES"]) == ("", "", "[]")
    assert manage(ACTION="remove")["STATE"] == "missing"
    assert not home.exists()


# --- which interpreter ---


@pytest.mark.parametrize("by_variable", [True, False])
def test_check_and_self_test_of_the_users_python(home, real_python, monkeypatch, by_variable):
    if by_variable:
        monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    else:
        settings = {environments.PYTHON_VARIABLE: real_python}
        monkeypatch.setattr(ProcessingConfig, "getSetting", lambda name, *_: settings.get(name))
    found = manage()
    assert (found["STATE"], found["PYTHON_USED"]) == ("ready", real_python)
    assert "CPUExecutionProvider" in found["MESSAGE"]
    if by_variable:
        assert json.loads(manage(ACTION="selftest")["DEVICES"])[0]["ran"] == "cpu"


def test_python_without_the_packages_is_broken(home, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", "/usr/bin/python3")
    found = manage()
    assert (found["STATE"], found["PYTHON_USED"]) == ("broken", "/usr/bin/python3")
    assert "numpy" in found["MESSAGE"] or "rasterio" in found["MESSAGE"]


def test_named_python_that_does_not_exist_is_broken_whatever_is_installed(make, monkeypatch):
    make()
    monkeypatch.setenv("KSDIFF_PYTHON", "/no/python")
    found = manage()
    assert found["STATE"] == "broken"
    assert "/no/python" in found["MESSAGE"] and "--ACTION=repair" not in found["MESSAGE"]


# --- install, repair, self-test ---


def test_device_that_does_not_run_fails_the_self_test(make, self_test):
    make()
    device = {"device": "cuda", "ran": "cpu", "passed": False, "reason": "It ran on cpu."}
    self_test({**WORKS, "devices": [*WORKS["devices"], device]})
    fails_naming("runtime", {"ACTION": "selftest"}, device["reason"], "--ACTION=repair")


@pytest.mark.parametrize("size", ["light", "full"])
def test_installed_size_that_works_is_not_installed_again(make, installed, self_test, size):
    make(size)
    self_test({**WORKS, "torch": {"version": "2"}})
    assert manage(ACTION="install", SIZE=size)["STATE"] == "ready"
    assert installed == []
    manage(ACTION="install")  # the default size
    assert [plan.size.name for plan in installed] == (["full"] if size == "light" else [])


@pytest.mark.parametrize(
    ("size", "failure"),
    [
        ("light", {**WORKS, "raster": False}),
        ("light", RunError("It lacks numpy.")),
        ("full", WORKS),  # without PyTorch
    ],
)
def test_installed_size_that_does_not_work_is_installed_again(
    make, installed, self_test, size, failure
):
    make(size)
    self_test(failure)
    manage(ACTION="install", SIZE=size)
    assert [plan.size.name for plan in installed] == [size]


@pytest.mark.parametrize("marker", [environments.FACTS, environments.INCOMPLETE])
@pytest.mark.parametrize("content", ['{"size": "light"}', "{"])
def test_repair_keeps_the_size(home, installed, marker, content):
    folder = home / "envs" / "light-2"
    folder.mkdir(parents=True)
    (folder / marker).write_text(content)
    manage(ACTION="repair")  # the default of SIZE is full
    assert [plan.size.name for plan in installed] == ["light"]


def test_install_warns_if_runs_take_another_python(make, installed, monkeypatch):
    make()
    for python in ("/no/python", "/bin/sh"):
        monkeypatch.setenv("KSDIFF_PYTHON", python)
        result, log = run("runtime", {"ACTION": "repair"})
        assert result["STATE"] == "ready" and python in log.textLog()
    assert len(installed) == 2


def test_relative_paths_are_resolved(make, installed, tmp_path, monkeypatch):
    make()
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "a.whl").touch()
    (tmp_path / "python").symlink_to("/usr/bin/python3")
    monkeypatch.chdir(tmp_path)
    manage(ACTION="repair", WHEELS="wheels", PYTHON="./python")
    manage(ACTION="repair", PYTHON="python3")
    assert installed[0].wheels == tmp_path / "wheels"
    assert [plan.base.path for plan in installed] == [
        str(tmp_path / "python"),
        shutil.which("python3"),
    ]


def test_proxy_is_the_one_of_qgis(home, installed):
    """Its password is in the authentication database, not in the settings."""
    manage(ACTION="install")
    manager = QgsNetworkAccessManager.instance()
    before = (manager.fallbackProxy(), manager.excludeList(), manager.noProxyList())
    used = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "proxy.example", 3128, "me", "secret")
    manager.setFallbackProxyAndExcludes(used, ["https://a.example/"], ["https://b.example/x"])
    try:
        manage(ACTION="install")
    finally:
        manager.setFallbackProxyAndExcludes(*before)
    without, behind = (plan.proxy for plan in installed)
    assert without == {}
    assert behind["HTTPS_PROXY"] == "http://me:secret@proxy.example:3128"
    assert behind["NO_PROXY"] == "a.example,b.example"


def test_failed_install_shows_error_and_remedy(home, monkeypatch):
    error = RunError("The disk is full.", "Free some space.")
    monkeypatch.setattr(installer, "install", Mock(side_effect=error))
    fails_naming("runtime", {"ACTION": "install"}, str(error))


def test_cancelled_install_is_no_error(home, monkeypatch):
    monkeypatch.setattr(installer, "install", Mock(side_effect=RunCancelled))
    assert manage(ACTION="install") == {}


def test_unknown_action_is_refused(plugin):
    refused("runtime", {"ACTION": "instal"}, "check, install, repair, remove, selftest")
