# SPDX-License-Identifier: GPL-2.0-or-later
"""Dialogs of the algorithms: opened, filled in, run, cancelled, in light and dark colours."""

from __future__ import annotations

import re
import time
from pathlib import Path

import processing
import pytest
from processing.core.ProcessingResults import resultsList
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QTextEdit
from qgis_helpers import CANCELLED_S, ROOT, until, write_raster

SHOTS = ROOT / "build" / "screenshots"


def log(dialog):
    return dialog.findChild(QTextEdit, "txtLog").toPlainText()


def save(widget, name):
    """Save a screenshot; returns the number of its colours."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    grabbed = widget.grab()
    assert grabbed.save(str(SHOTS / (name + ".png")))
    image = grabbed.toImage()
    steps = range(0, image.height(), 4), range(0, image.width(), 4)
    return len({image.pixel(x, y) for y in steps[0] for x in steps[1]})


@pytest.fixture
def dialog(plugin, layers, iface, monkeypatch):
    """The main dialog as opened by the context menu of MS."""
    monkeypatch.setattr(iface, "activeLayer", lambda: layers[1])
    iface.custom_actions[0][0].trigger()
    opened = plugin.layer_menu.dialog
    opened.resize(900, 760)
    yield opened
    opened.close()


def test_run_from_the_dialog_shows_a_layer(dialog, use_worker, layers):
    use_worker("every_task", KSDIFF_TEST_WINNER="ksdiff")
    assert save(dialog, "dialog") > 10
    dialog.runButton().click()
    until(lambda: len(QgsProject.instance().mapLayers()) == 3)
    until(lambda: "finished" in log(dialog))
    (result,) = QgsProject.instance().mapLayersByName("scene_ms (KSDiff)")
    assert save(dialog, "log") > 10
    assert re.search(r"RATIO'?: 4\b", log(dialog))  # as QGIS 3.22 and 3.40 write it
    assert result.extent() == layers[0].extent()

    canvas = QgsMapCanvas()
    canvas.resize(500, 420)
    canvas.setDestinationCrs(result.crs())
    canvas.setLayers([result])
    canvas.setExtent(result.extent())
    canvas.refresh()
    canvas.waitWhileRendering()
    assert save(canvas, "map") > 50


def test_error_is_logged_and_nothing_is_loaded(dialog, use_worker):
    use_worker("failing")
    dialog.runButton().click()
    until(lambda: "Take others." in log(dialog))
    until(lambda: dialog.runButton().isEnabled())
    assert len(QgsProject.instance().mapLayers()) == 2


def test_cancel_button_ends_the_run(dialog, use_worker):
    use_worker("slow")
    dialog.runButton().click()
    until(lambda: "KSDiff ?" in log(dialog))
    before = time.monotonic()
    dialog.cancelButton().click()
    until(lambda: not dialog.cancelButton().isEnabled())
    assert time.monotonic() - before < CANCELLED_S
    assert len(QgsProject.instance().mapLayers()) == 2


def dark():
    """The palette of a dark theme."""
    palette = QPalette()
    roles = {
        "Window": "#323232", "WindowText": "#eeeeee", "Base": "#232323", "AlternateBase": "#2a2a2a",
        "Text": "#eeeeee", "Button": "#3c3c3c", "ButtonText": "#eeeeee", "Highlight": "#2a82da",
    }  # fmt: skip
    for role, colour in roles.items():
        palette.setColor(getattr(QPalette.ColorRole, role), QColor(colour))
    return palette


PAIR = ("ksdiff", "srino", "classical", "align", "quality", "simulate", "alignsharpenassess")
GIVEN = {
    **dict.fromkeys(PAIR, ("PAN", "MS")),
    "bench": ("DATA",),
    "trainingset": ("FOLDER",),
    "train": ("DATA", "NAME"),
    "models": ("ACTION",),
    "runtime": ("ACTION",),
}


def test_every_algorithm_is_covered(plugin):
    provider = QgsApplication.processingRegistry().providerById("ksdiff")
    assert {algorithm.name() for algorithm in provider.algorithms()} == set(GIVEN)


@pytest.mark.parametrize("name", GIVEN)
def test_dialog_shows_the_values_it_was_given(plugin, layers, tmp_path, name):
    actions = {"models": "list", "runtime": "selftest"}
    values = {
        "PAN": layers[0].id(), "MS": layers[1].id(), "NAME": "mine", "ACTION": actions.get(name),
        "DATA": str(tmp_path), "FOLDER": str(tmp_path),
    }  # fmt: skip
    if name == "train":
        values["DATA"] = str(tmp_path / "set.patches")
    given = {key: values[key] for key in GIVEN[name]}
    opened = processing.createAlgorithmDialog("ksdiff:" + name, given)
    opened.show()
    opened.resize(1000, 1400)
    try:
        QCoreApplication.processEvents()
        assert save(opened, f"dialog-{name}") > 10
        opened.setPalette(dark())
        assert save(opened, f"dialog-{name}-dark") > 10
        values = opened.mainWidget().createProcessingParameters()
        assert {key: values[key] for key in given} == given
    finally:
        opened.close()


def test_report_is_listed_in_the_results_viewer(plugin, layers, use_worker, tmp_path):
    use_worker("every_task")
    fused = QgsRasterLayer(str(write_raster(tmp_path / "fused.tif", 4, (160, 192), 0.5)), "sharp")
    QgsProject.instance().addMapLayer(fused)
    given = {"PAN": layers[0].id(), "MS": layers[1].id(), "FUSED": fused.id()}
    opened = processing.createAlgorithmDialog("ksdiff:quality", given)
    opened.show()
    before = len(resultsList.getResults())
    try:
        opened.runButton().click()
        until(lambda: "finished" in log(opened))
        (report,) = resultsList.getResults()[before:]
        assert "made up" in Path(report.filename).read_text()
        assert save(opened, "log-quality") > 10
    finally:
        opened.close()
