# SPDX-License-Identifier: GPL-2.0-or-later
"""A run can be repeated from QGIS' history, with the same bytes."""

from __future__ import annotations

import ast
import re

import processing
import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QCoreApplication
from qgis_helpers import log_of, rough_pair, until

RUNS = {
    "classical": {"METHOD": "gsa", "ALIGN": True},
    "align": {},
    "ksdiff": {"METHOD": "ksdiff", "SCENE_TEST": False, "ADAPT": 0, "DEVICE": "cpu"},
}


def recorded():
    """The command of the newest history entry."""
    try:
        from processing.core.ProcessingLog import ProcessingLog
    except ImportError:  # QGIS 3.24 on
        from qgis.gui import QgsGui

        entries = QgsGui.historyProviderRegistry().queryEntries(providerId="processing")
        # Not by time, which has a resolution of a second.
        newest = max(entries, key=lambda entry: entry.id)
        return str(newest.entry["python_command"])
    return str(ProcessingLog.getLogEntries()[-1].text)


@pytest.fixture
def layers(plugin, tmp_path):
    """A pair with a shift, as layers of the project."""
    from osgeo import gdal

    files = rough_pair(tmp_path, 2.0, -3.0)
    for path in files.values():
        # QGIS writes statistics next to a file that it shows; a copy of it would have them, too.
        gdal.Info(path, stats=True)
    made = {name: QgsRasterLayer(path, name.lower()) for name, path in files.items()}
    QgsProject.instance().addMapLayers(list(made.values()))
    return made


@pytest.mark.parametrize("name", list(RUNS))
def test_repeated_run_gives_the_same_bytes(layers, real_python, open_dialog, tmp_path, name):
    output = tmp_path / "result.tif"
    given = {key: layer.id() for key, layer in layers.items()}
    files = {key: layer.source() for key, layer in layers.items()}
    dialog = open_dialog(name, {**given, **RUNS[name], "OUTPUT": str(output)})
    dialog.runButton().click()
    until(lambda: "finished" in log_of(dialog), 600)
    QCoreApplication.processEvents()
    first = output.read_bytes()
    match = re.fullmatch(r'processing\.run\("(.+?)", *(\{.*\})\)\s*', recorded(), re.DOTALL)
    assert match[1] == "ksdiff:" + name
    parameters = ast.literal_eval(match[2])
    for key, value in {**RUNS[name], **files, "OUTPUT": str(output)}.items():
        assert parameters[key] == value

    QgsProject.instance().clear()  # another day, another project
    output.unlink()
    exec(recorded(), {"processing": processing})
    assert output.read_bytes() == first
