# SPDX-License-Identifier: GPL-2.0-or-later
"""The preview: the methods side by side on what the map shows, then a run on the whole scene."""

from __future__ import annotations

import json
import re

import pytest
from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QApplication
from qgis_helpers import create, message_in, raster_size, soon, until, write_raster

from ksdiff_qgis.gui import previewplan
from ksdiff_qgis.gui.background import BackgroundRun
from ksdiff_qgis.gui.pairdialog import PairDialog
from ksdiff_qgis.gui.preview import PreviewPanel


@pytest.fixture
def docks(iface, monkeypatch):
    """QGIS' main window as far as a panel needs it; has the panels that are in it."""
    there = []
    monkeypatch.setattr(iface, "addDockWidget", lambda area, dock: there.append(dock), False)
    monkeypatch.setattr(iface, "removeDockWidget", there.remove, False)
    monkeypatch.setattr("qgis.utils.iface", iface)
    return there


@pytest.fixture
def dialog(docks, layers, iface):
    """The main dialog, and a map that shows a part of the pair."""
    pan = layers[0]
    iface.mapCanvas().setDestinationCrs(pan.crs())
    part = pan.extent()
    part.scale(0.3)
    iface.mapCanvas().setExtent(part)
    opened = create("ksdiff").createCustomParametersWidget(None)
    opened.show()
    yield opened
    if not sip.isdeleted(opened):
        opened.close()


def previewed(dialog, docks):
    """Press the button, and wait until all methods are shown."""
    dialog.preview_button.click()
    (panel,) = docks
    until(lambda: not panel.busy)
    return panel


def test_methods_are_shown_side_by_side_without_a_word_in_the_message_bar(
    dialog, docks, use_worker, iface
):
    use_worker()
    iface.messageBar().clearWidgets()
    panel = previewed(dialog, docks)
    assert [view.step.method for view in panel.views] == ["exp", "scene-fit", "ksdiff", "srino"]
    assert all(re.match(r"\d", view.state.text()) for view in panel.views)  # the time it took
    assert [view.canvas.layers() for view in panel.views] == [[v.layer] for v in panel.views]
    stretches = {
        (contrast.minimumValue(), contrast.maximumValue())
        for contrast in (view.layer.renderer().redContrastEnhancement() for view in panel.views)
    }
    assert len(stretches) == 1
    assert message_in(iface) is None
    assert len(QgsProject.instance().mapLayers()) == 2


def test_maps_move_together(dialog, docks, use_worker):
    use_worker()
    first, *others = previewed(dialog, docks).views
    first.canvas.zoomByFactor(0.5)
    for view in others:
        assert view.canvas.extent().center().distance(first.canvas.extent().center()) < 1e-6


def test_whole_scene_is_run_with_the_method_chosen_there(dialog, docks, request_file):
    dialog.setParameters({"NODATA": 7.0, "DEVICE": "cpu"})
    panel = previewed(dialog, docks)
    part = json.loads(request_file.read_text())
    assert part["extent"] is not None
    assert (part["nodata"], part["device"], part["adapt"]) == (7.0, "cpu", 0)
    assert not part["scene_test"]
    assert panel.best.isChecked()  # as in the dialog
    panel.views[1].choice.setChecked(True)
    panel.run_button.click()
    until(lambda: len(QgsProject.instance().mapLayers()) == 3)
    whole = json.loads(request_file.read_text())
    assert (whole["method"], whole["extent"], whole["nodata"]) == ("scene-fit", None, 7.0)
    for window in QApplication.topLevelWidgets():
        if isinstance(window, PairDialog):
            until(window.runButton().isEnabled)
            window.close()


@pytest.mark.parametrize("trouble", ["map elsewhere", "one image twice", "product"])
def test_what_cannot_be_previewed_is_told_in_the_dialog(
    dialog, docks, iface, layers, tmp_path, trouble
):
    if trouble == "map elsewhere":
        iface.mapCanvas().setExtent(QgsRectangle(0, 0, 10, 10))
    elif trouble == "one image twice":
        dialog.setParameters({"PAN": layers[1].id(), "MS": layers[1].id()})
    else:
        (tmp_path / "GF2_1-PAN1.tiff").touch()
        dialog.setParameters({"PAN": None, "MS": None, "PRODUCT": str(tmp_path)})
    dialog.preview_button.click()
    assert docks == [] and message_in(dialog) is not None
    dialog.estimate.refresh()
    assert dialog.estimate.isHidden() == (trouble == "product")


def test_method_that_fails_does_not_stop_the_others(dialog, docks, use_worker):
    use_worker("failing")
    panel = previewed(dialog, docks)
    assert [view.layer for view in panel.views] == [None] * 4
    assert all("Take others." in view.state.toolTip() for view in panel.views)


def test_a_preview_shows_that_it_works_and_can_be_cancelled(dialog, docks, use_worker):
    use_worker("slow")
    dialog.preview_button.click()
    (panel,) = docks
    first, *others = panel.views
    until(lambda: " %" in first.state.text())
    (waiting,) = {view.state.text() for view in others}
    with soon():
        panel.cancel_button.click()
        until(lambda: not BackgroundRun.detached)
    (cancelled,) = {view.state.text() for view in panel.views}
    assert cancelled != waiting
    assert not panel.busy and not panel.cancel_button.isEnabled()
    assert PreviewPanel.shown is panel


def test_panel_goes_with_the_plugin(dialog, docks, use_worker, plugin):
    use_worker()
    dialog.preview_button.click()
    plugin.unload()
    assert docks == [] and PreviewPanel.shown is None
    plugin.initGui()


def test_parts_are_sharpened_by_the_real_worker(
    dialog, docks, layers, real_python, monkeypatch, iface
):
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    dialog.preview_button.click()
    (panel,) = docks
    until(lambda: panel.views[1].layer is not None)
    panel.stop()
    interpolated, fitted = (view.layer for view in panel.views[:2])
    part = previewplan.visible_part(iface.mapCanvas(), *layers)
    width, height = round(part.width() / 0.5), round(part.height() / 0.5)
    assert raster_size(fitted.source()) == (width, height, 4)
    assert width * height < 0.75 * 192 * 160
    assert fitted.extent() == interpolated.extent()
    provider = fitted.dataProvider()
    detail = provider.bandStatistics(1).stdDev
    assert detail > interpolated.dataProvider().bandStatistics(1).stdDev


@pytest.mark.parametrize(
    ("algorithm", "given", "shown"),
    [
        ("ksdiff:ksdiff", {"METHOD": "srino"}, ["exp", "srino", "scene-fit", "ksdiff"]),
        ("ksdiff:classical", {"METHOD": "gsa"}, ["exp", "gsa", "scene-fit", "ksdiff", "srino"]),
        ("ksdiff:srino", {}, ["exp", "srino", "scene-fit", "ksdiff"]),
    ],
)
def test_chosen_method_is_run_as_the_dialog_says(plugin, algorithm, given, shown):
    steps = previewplan.steps(algorithm, {**given, "SEED": 3, "STEPS": 8})
    assert [step.method for step in steps] == shown
    chosen = steps[1]
    assert chosen.algorithm == algorithm
    assert chosen.parameters == {**given, "SEED": 3, "STEPS": 8}
    assert {step.algorithm for step in steps if step is not chosen} == {"ksdiff:ksdiff"}
    assert "STEPS" not in steps[2].parameters


@pytest.mark.parametrize(
    ("shown", "size"),
    [((0, 0, 1600, 1600), (1024, 1024)), ((100.2, 100.2, 300.4, 200.4), (200, 100))],
)
def test_part_is_what_the_map_shows_on_whole_pixels_and_not_too_large(
    plugin, tmp_path, shown, size
):
    pan = QgsRasterLayer(str(write_raster(tmp_path / "pan.tif", 1, (1600, 1600), 0.5)))
    ms = QgsRasterLayer(str(write_raster(tmp_path / "ms.tif", 4, (400, 400), 2.0)))
    canvas = QgsMapCanvas()
    canvas.resize(400, 400)
    canvas.setDestinationCrs(pan.crs())
    left, bottom, right, top = (value * 0.5 for value in shown)
    corner = pan.extent()
    x, y = corner.xMinimum(), corner.yMinimum()
    wanted = QgsRectangle(x + left, y + bottom, x + right, y + top)
    part = previewplan.visible_part(_Map(canvas, wanted), pan, ms)
    assert (part.width() / 0.5, part.height() / 0.5) == size
    assert (part.xMinimum() - x) / 0.5 == round((part.xMinimum() - x) / 0.5)
    assert part.center().distance(wanted.center()) <= 0.75


class _Map:
    """A map that shows just an extent, whatever its shape."""

    def __init__(self, canvas, extent):
        self.mapSettings, self.extent = canvas.mapSettings, lambda: extent
