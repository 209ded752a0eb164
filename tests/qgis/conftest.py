# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS without a screen, the plugin loaded into it, small rasters, and stand-in workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from qgis_helpers import (
    GOOD_PYTHON,
    ROOT,
    BackgroundTask,
    bare_environment,
    link_plugin,
    qgis_process,
    rough_pair,
    run,
    simulated,
    write_interpreter,
    write_pair,
    write_program,
    write_raster,
)

PATIENCE_S = 900  # with qgis_process: two slow cores are enough

try:
    import qgis.core  # this folder alone would already pass for a package "qgis"

    HAS_QGIS = True
except ModuleNotFoundError:
    HAS_QGIS = False

if not HAS_QGIS:
    # The worker's environment has no QGIS: these tests belong to the other environment.
    collect_ignore_glob = ["test_*.py"]
else:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if "XDG_RUNTIME_DIR" not in os.environ:
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="ksdiff-run-")
    # A developer's own choice, or environment, must not steer the tests.
    os.environ.pop("KSDIFF_PYTHON", None)
    HOME = tempfile.TemporaryDirectory(prefix="ksdiff-home-")  # goes with this process
    os.environ["KSDIFF_QGIS_HOME"] = HOME.name


def pytest_configure(config: pytest.Config) -> None:
    """Make the Processing framework importable, which QGIS keeps among its plugins."""
    if HAS_QGIS:
        folder = Path(qgis.core.QgsApplication.pkgDataPath())
        sys.path.append(str(folder / "python" / "plugins"))


@pytest.fixture(scope="session")
def plugins_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for QGIS_PLUGINPATH with this checkout's plugin in it."""
    return link_plugin(tmp_path_factory.mktemp("plugins"))


@pytest.fixture(scope="session")
def real_python() -> str:
    """The worker's own interpreter, made by `make env`."""
    python = ROOT / ".venv" / "bin" / "python"
    if not python.is_file():
        pytest.fail("the worker's environment .venv is not there (make env)")
    return str(python)


@pytest.fixture
def iface(qgis_iface, qgis_new_project, monkeypatch):
    """The stand-in of pytest-qgis for QGIS' windows, with what it lacks.

    `custom_actions` has the actions of the layers' context menu as (action, layer type).
    """
    from qgis.core import QgsLayerTreeModel, QgsProject
    from qgis.gui import QgsBrowserGuiModel, QgsLayerTreeView, QgsMapCanvas, QgsMessageBar
    from qgis.PyQt.QtWidgets import QMenu, QToolBar

    actions = []

    def add(action, menu, layer_type, all_layers):
        assert all_layers
        actions.append((action, layer_type))

    def remove(action):
        actions[:] = [entry for entry in actions if entry[0] is not action]

    model = QgsBrowserGuiModel()  # the algorithm dialog wants one
    monkeypatch.setattr(qgis_iface, "addCustomActionForLayerType", add, raising=False)
    monkeypatch.setattr(qgis_iface, "removeCustomActionForLayerType", remove, raising=False)
    monkeypatch.setattr(qgis_iface, "browserModel", lambda: model, raising=False)
    monkeypatch.setattr(qgis_iface, "custom_actions", actions, raising=False)
    canvases = [qgis_iface.mapCanvas()]

    def another(name):
        canvases.append(QgsMapCanvas())
        canvases[-1].setObjectName(name)
        return canvases[-1]

    toolbar = QToolBar("Plugins")
    monkeypatch.setattr(qgis_iface, "addToolBarWidget", toolbar.addWidget, raising=False)
    monkeypatch.setattr(qgis_iface, "removeToolBarIcon", toolbar.removeAction, raising=False)
    tree = QgsLayerTreeView()
    # A child of the view, which does not keep it, and crashes where it is gone.
    model_of_tree = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot(), tree)
    for flag in (QgsLayerTreeModel.Flag.ShowLegend, QgsLayerTreeModel.Flag.UseEmbeddedWidgets):
        model_of_tree.setFlag(flag)
    tree.setModel(model_of_tree)
    widgets = {
        "rasterMenu": QMenu("Raster"),
        "pluginToolBar": toolbar,
        "layerTreeView": tree,
        "messageBar": QgsMessageBar(),
    }
    for name, widget in widgets.items():
        monkeypatch.setattr(qgis_iface, name, lambda widget=widget: widget, raising=False)
    monkeypatch.setattr(qgis_iface, "mapCanvases", lambda: canvases, raising=False)
    monkeypatch.setattr(qgis_iface, "createNewMapCanvas", another, raising=False)
    return qgis_iface


@pytest.fixture
def german():
    """Settings of QGIS in German, for what is loaded afterwards."""
    from qgis.core import QgsSettings

    settings = QgsSettings()
    settings.setValue("locale/overrideFlag", True)
    settings.setValue("locale/userLocale", "de")
    yield
    settings.remove("locale/overrideFlag")
    settings.remove("locale/userLocale")


@pytest.fixture
def plugin(iface, qgis_processing):
    """The plugin, loaded as QGIS does it, and unloaded afterwards."""
    from qgis.core import QgsProject

    import ksdiff_qgis

    made = ksdiff_qgis.classFactory(iface)
    made.initGui()
    yield made
    made.unload()
    QgsProject.instance().clear()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The plugin's folder in the user's home; it does not exist yet."""
    monkeypatch.setenv("KSDIFF_QGIS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def opened_files(monkeypatch):
    """The addresses of files and pages that were given to other programs to open."""
    from qgis.PyQt.QtGui import QDesktopServices

    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    return opened


@pytest.fixture
def open_dialog(plugin):
    """Open the dialog of an algorithm with values; it is closed with the test."""
    import processing
    from qgis.PyQt.QtCore import QCoreApplication

    dialogs = []

    def open_filled_in(name, given):
        dialogs.append(processing.createAlgorithmDialog("ksdiff:" + name, given))
        dialogs[-1].show()
        QCoreApplication.processEvents()
        return dialogs[-1]

    yield open_filled_in
    for dialog in dialogs:
        dialog.close()


@pytest.fixture
def use_worker(tmp_path, monkeypatch):
    """Make the plugin use a stand-in worker, by naming an interpreter that runs it."""

    def use(name: str = "every_task", **variables: str) -> None:
        monkeypatch.setenv("KSDIFF_PYTHON", str(write_interpreter(tmp_path / "python", name)))
        for variable, value in variables.items():
            monkeypatch.setenv(variable, value)

    return use


@pytest.fixture
def python(tmp_path):
    """Write a program that answers the probe of a Python, as a good one but for some facts."""

    def write(name: str = "python3", **facts: object) -> str:
        answer = json.dumps({**GOOD_PYTHON, **facts})
        return str(write_program(tmp_path / name, f"cat <<'END'\n{answer}\nEND"))

    return write


@pytest.fixture
def request_file(use_worker, tmp_path):
    """Use the stand-in worker of all tasks, and return the file that it writes its request to."""
    file = tmp_path / "request.json"
    use_worker(KSDIFF_TEST_REQUEST=str(file))
    return file


@pytest.fixture
def ask(request_file, plugin):
    """Run an algorithm; returns the request that the worker got, the outputs, and the log."""

    def ask_worker(name, parameters):
        result, log = run(name, parameters)
        return json.loads(request_file.read_text()), result, log

    return ask_worker


@pytest.fixture
def start(plugin):
    """Start algorithms in the background; they end with the test, before its layers do."""
    tasks = []

    def begin(name, parameters):
        tasks.append(BackgroundTask(name, parameters))
        return tasks[-1]

    yield begin
    for task in tasks:
        task.end()


@pytest.fixture(scope="module")
def call(tmp_path_factory, plugins_folder):
    """Run `qgis_process` with arguments, in a folder, with text on its stdin.

    It has a fresh profile with only this plugin.
    """
    if qgis_process() is None:
        pytest.skip("qgis_process is not installed")
    environment = bare_environment(tmp_path_factory.mktemp("home"), plugins_folder)

    def call_process(*arguments, folder=None, stdin=None, **variables):
        return subprocess.run(
            [qgis_process(), *arguments],
            cwd=folder,
            input=stdin,
            env={**environment, **variables},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    enabled = call_process("plugins", "enable", "ksdiff_qgis")
    assert enabled.returncode == 0, enabled.stdout + enabled.stderr
    return call_process


@pytest.fixture(scope="session")
def files(tmp_path_factory) -> dict[str, str]:
    """PAN of 192 x 160 px of 0.5 m, MS of four bands and 2 m, the same ground, by path."""
    return write_pair(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="session")
def fused(tmp_path_factory) -> str:
    """A raster on PAN's grid with the bands of MS."""
    path = tmp_path_factory.mktemp("fused") / "fused.tif"
    return str(write_raster(path, 4, (160, 192), 0.5))


@pytest.fixture
def given(files, plugin, fused, tmp_path):
    """Good parameters of every algorithm: the pair, a sharpened image, outputs, and a folder."""
    made = {"FUSED": fused, "OUTPUT": str(tmp_path / "result.tif"), "DATA": str(tmp_path)}
    return {**files, **simulated(tmp_path), **made}


@pytest.fixture(scope="session")
def shifted(tmp_path_factory):
    """A pair whose MS is shifted by 4 rows down and 6 columns left of PAN."""
    return rough_pair(tmp_path_factory.mktemp("shifted"), 2.0, -3.0)


@pytest.fixture
def layers(files, plugin):
    """The pair as layers of the project: (PAN, MS)."""
    from qgis.core import QgsProject, QgsRasterLayer

    made = [QgsRasterLayer(path, Path(path).stem) for path in files.values()]
    QgsProject.instance().addMapLayers(made)
    return tuple(made)
