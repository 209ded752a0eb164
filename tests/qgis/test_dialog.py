# SPDX-License-Identifier: GPL-2.0-or-later
"""Dialogs of the algorithms: opened, filled in, run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from processing.core.ProcessingResults import resultsList
from qgis.core import QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis_helpers import ROOT, log_of, provider, until

SHOTS = ROOT / "build" / "screenshots"


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
    opened = plugin.main_menu.dialog
    opened.resize(900, 760)
    yield opened
    opened.close()


def test_run_from_the_dialog_shows_a_layer(dialog, use_worker, layers):
    use_worker(KSDIFF_TEST_WINNER="ksdiff")
    assert save(dialog, "dialog") > 10
    dialog.runButton().click()
    until(lambda: len(QgsProject.instance().mapLayers()) == 3)
    until(lambda: "finished" in log_of(dialog))
    (result,) = QgsProject.instance().mapLayersByName("scene_ms (KSDiff)")
    assert save(dialog, "log") > 10
    assert re.search(r"RATIO'?: 4\b", log_of(dialog))  # as QGIS 3.22 and 3.40 write it
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
    until(lambda: "Take others." in log_of(dialog))
    until(lambda: dialog.runButton().isEnabled())
    assert len(QgsProject.instance().mapLayers()) == 2


def test_dialogs_show_the_values_they_were_given(open_dialog, layers, fused, tmp_path):
    image = QgsProject.instance().addMapLayer(QgsRasterLayer(fused, "sharp"))
    values = {"PAN": layers[0].id(), "MS": layers[1].id(), "FUSED": image.id()}
    values |= {"NAME": "mine", "FOLDER": str(tmp_path)}
    values["DATA"] = str(tmp_path / "set.patches")
    for algorithm in provider().algorithms():
        given = {key: values[key] for key in values if algorithm.parameterDefinition(key)}
        if action := algorithm.parameterDefinition("ACTION"):
            given["ACTION"] = action.options()[-1]
        assert given, algorithm.name()
        dialog = open_dialog(algorithm.name(), given)
        dialog.resize(1000, 1400)
        assert save(dialog, f"dialog-{algorithm.name()}") > 10
        shown = dialog.mainWidget().createProcessingParameters()
        assert {key: shown[key] for key in given} == given, algorithm.name()


def test_report_is_listed_in_the_results_viewer(open_dialog, layers, use_worker, fused):
    use_worker()
    image = QgsProject.instance().addMapLayer(QgsRasterLayer(fused, "sharp"))
    given = {"PAN": layers[0].id(), "MS": layers[1].id(), "FUSED": image.id()}
    dialog = open_dialog("quality", given)
    before = len(resultsList.getResults())
    dialog.runButton().click()
    until(lambda: "finished" in log_of(dialog))
    (report,) = resultsList.getResults()[before:]
    assert "made up" in Path(report.filename).read_text()
