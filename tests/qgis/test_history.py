# SPDX-License-Identifier: GPL-2.0-or-later
"""What QGIS keeps of a run can be run again, and gives the same bytes."""

from __future__ import annotations

import ast
import re
import time

import processing
import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QTextEdit
from qgis_helpers import rough_pair

RUNS = {
    "classical": {"METHOD": "gsa", "ALIGN": True},
    "align": {},
    "ksdiff": {"METHOD": "ksdiff", "SCENE_TEST": False, "ADAPT": 0, "DEVICE": "cpu"},
}


def recorded():
    """The command of the newest entry of the history."""
    try:
        from processing.core.ProcessingLog import ProcessingLog
    except ImportError:  # QGIS 3.24 on
        from qgis.gui import QgsGui

        entries = QgsGui.historyProviderRegistry().queryEntries(providerId="processing")
        # Not by their time, which counts whole seconds: another test's run may share this one's.
        newest = max(entries, key=lambda entry: entry.id)
        return str(newest.entry["python_command"])
    return str(ProcessingLog.getLogEntries()[-1].text)


def asked(command):
    """Algorithm and parameters of a command."""
    said = re.fullmatch(r'processing\.run\("(.+?)", *(\{.*\})\)\s*', command, re.DOTALL)
    assert said, command
    return said[1], ast.literal_eval(said[2])


@pytest.fixture
def layers(plugin, tmp_path):
    """A pair whose MS is displaced, as layers of the project."""
    from osgeo import gdal

    files = rough_pair(tmp_path, 2.0, -3.0)
    for path in files.values():
        # QGIS notes statistics beside a file that it shows, which a copy of it then has too.
        gdal.Info(path, stats=True)
    made = {name: QgsRasterLayer(path, name.lower()) for name, path in files.items()}
    QgsProject.instance().addMapLayers(list(made.values()))
    return made


def run_in_the_dialog(name, given):
    """Press Run, and wait for the end."""
    dialog = processing.createAlgorithmDialog("ksdiff:" + name, given)
    dialog.show()
    log = dialog.findChild(QTextEdit, "txtLog")
    try:
        dialog.runButton().click()
        deadline = time.monotonic() + 600
        while "finished" not in log.toPlainText():
            assert time.monotonic() < deadline, log.toPlainText()
            QCoreApplication.processEvents()
            time.sleep(0.01)
        QCoreApplication.processEvents()
        text = log.toPlainText()
    finally:
        dialog.close()
        dialog.deleteLater()
    return text


@pytest.mark.parametrize("name", list(RUNS))
def test_history_replays(layers, real_python, tmp_path, name):
    output = tmp_path / "result.tif"
    given = {key: layer.id() for key, layer in layers.items()}
    files = {key: layer.source() for key, layer in layers.items()}
    run_in_the_dialog(name, {**given, **RUNS[name], "OUTPUT": str(output)})
    first = output.read_bytes()
    algorithm, parameters = asked(recorded())
    assert algorithm == "ksdiff:" + name
    for key, value in {**RUNS[name], **files, "OUTPUT": str(output)}.items():
        assert parameters[key] == value

    QgsProject.instance().clear()  # another day, another project
    output.unlink()
    exec(recorded(), {"processing": processing})
    assert output.read_bytes() == first


def test_dialog_of_an_entry_asks_for_the_same(layers, use_worker, tmp_path):
    """A double click on the entry opens the dialog, filled in."""
    use_worker("every_task")
    given = {key: layer.id() for key, layer in layers.items()}
    wanted = {"METHOD": "bt-h", "TILE": 128, "MS_BANDS": [2, 1]}
    wanted["OUTPUT"] = str(tmp_path / "result.tif")
    run_in_the_dialog("classical", {**given, **wanted})
    algorithm, parameters = asked(recorded())
    dialog = processing.createAlgorithmDialog(algorithm, parameters)
    dialog.show()
    try:
        QCoreApplication.processEvents()
        values = dialog.mainWidget().createProcessingParameters()
    finally:
        dialog.close()
        dialog.deleteLater()
    shown = {key: values[key] for key in ("METHOD", "TILE", "MS_BANDS")}
    assert shown == {"METHOD": "bt-h", "TILE": 128, "MS_BANDS": [2, 1]}
