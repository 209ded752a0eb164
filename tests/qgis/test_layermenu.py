# SPDX-License-Identifier: GPL-2.0-or-later
"""The action in the context menu of raster layers."""

from __future__ import annotations

import time

import processing
import pytest
from qgis.core import QgsApplication, QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QTextEdit
from qgis_helpers import CANCELLED_S, until, write_raster

from ksdiff_qgis.gui import selection


def prefilled(layer, project):
    return selection.parameters(selection.pair([layer], project))


def test_action_is_for_raster_layers(plugin, iface):
    ((action, layer_type),) = iface.custom_actions
    assert action.text() == "Pansharpen with KSDiff…"
    assert not action.icon().isNull()
    assert layer_type == QgsMapLayer.LayerType.RasterLayer


@pytest.mark.parametrize("clicked", [0, 1])
def test_partner_is_found_whichever_was_clicked(layers, clicked):
    pan, ms = layers
    expected = {"PAN": pan.id(), "MS": ms.id()}
    assert prefilled(layers[clicked], QgsProject.instance()) == expected


def test_partner_in_another_crs_is_found(layers, tmp_path):
    pan, ms = layers
    QgsProject.instance().removeMapLayer(pan.id())
    path = write_raster(
        tmp_path / "pan.tif", 1, (160, 192), 6e-6, epsg=4326, origin=(15.0, 45.1533)
    )
    other = QgsRasterLayer(str(path), "pan in degrees")
    QgsProject.instance().addMapLayer(other)
    assert prefilled(ms, QgsProject.instance()) == {"PAN": other.id(), "MS": ms.id()}


def test_other_layers_are_passed_over(layers):
    web = QgsRasterLayer("type=xyz&url=http://localhost/{z}/{x}/{y}.png", "pan", "wms")
    points = QgsVectorLayer("Point?crs=EPSG:32633", "pan", "memory")
    QgsProject.instance().addMapLayers([web, points])
    assert prefilled(layers[1], QgsProject.instance())["PAN"] == layers[0].id()
    assert prefilled(web, QgsProject.instance()) == {}


def test_click_opens_the_dialog_filled_in(plugin, layers, iface, monkeypatch):
    pan, ms = layers
    monkeypatch.setattr(iface, "activeLayer", lambda: ms)
    iface.custom_actions[0][0].trigger()
    dialog = plugin._menu._dialog
    try:
        assert dialog.isVisible()
        assert dialog.algorithm().id() == "ksdiff:ksdiff"
        values = dialog.mainWidget().createProcessingParameters()
        assert (values["PAN"], values["MS"]) == (pan.id(), ms.id())
    finally:
        dialog.close()


def select(iface, monkeypatch, *layers):
    """What the analyst has selected in the layer panel, the last one clicked last."""
    monkeypatch.setattr(iface, "activeLayer", lambda: layers[-1])
    monkeypatch.setattr(iface.layerTreeView(), "selectedLayers", lambda: list(layers))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_selected_layers_are_the_pair_in_either_order(
    plugin, layers, iface, monkeypatch, order
):
    """Also where another layer would fit better by its name."""
    pan, ms = layers
    better = QgsRasterLayer(pan.source(), "scene_pan_ms")
    QgsProject.instance().addMapLayer(better)
    pan.setName("scene_dem")
    select(iface, monkeypatch, *(layers[i] for i in order))
    iface.custom_actions[0][0].trigger()
    dialog = plugin._menu._dialog
    try:
        values = dialog.mainWidget().createProcessingParameters()
        assert (values["PAN"], values["MS"]) == (pan.id(), ms.id())
        assert dialog.messageBar().currentItem() is None
    finally:
        dialog.close()


def test_a_selection_elsewhere_is_passed_over(layers, iface, monkeypatch, plugin):
    select(iface, monkeypatch, layers[0])
    monkeypatch.setattr(iface, "activeLayer", lambda: layers[1])
    assert selection.selected(iface) == [layers[1]]


def test_dialog_says_when_several_layers_fit(plugin, layers, iface, monkeypatch):
    pan, ms = layers
    rival = QgsRasterLayer(pan.source(), "other")
    QgsProject.instance().addMapLayer(rival)
    select(iface, monkeypatch, ms)
    iface.custom_actions[0][0].trigger()
    dialog = plugin._menu._dialog
    try:
        values = dialog.mainWidget().createProcessingParameters()
        assert values["PAN"] == pan.id()
        assert "possible, too: 'other'" in dialog.messageBar().currentItem().text()
    finally:
        dialog.close()


@pytest.fixture
def opened(plugin, iface, monkeypatch):
    """Open the dialog for selected layers; returns what it shows as PAN and MS, and what it says.

    What it shows is empty where nothing is chosen.
    """

    def open_dialog(*layers):
        select(iface, monkeypatch, *layers)
        iface.custom_actions[0][0].trigger()
        dialog = plugin._menu._dialog
        try:
            wrappers = dialog.mainWidget().wrappers
            values = [wrappers[name].parameterValue() for name in ("PAN", "MS")]
            item = dialog.messageBar().currentItem()
            shown = [
                QgsProject.instance().mapLayer(value).name() if value else "" for value in values
            ]
            return (*shown, item.text() if item else "")
        finally:
            dialog.close()

    return open_dialog


def web_layer():
    made = QgsRasterLayer("type=xyz&url=http://localhost/{z}/{x}/{y}.png", "osm", "wms")
    return QgsProject.instance().addMapLayer(made)


@pytest.mark.parametrize("alone", [True, False])
def test_an_ms_without_a_pan_leaves_pan_open(layers, opened, tmp_path, alone):
    """QGIS would show the MS as PAN, too. A PAN of another place is none."""
    pan, ms = layers
    QgsProject.instance().removeMapLayer(pan.id())
    if not alone:
        path = write_raster(tmp_path / "pan.tif", 1, (160, 192), 0.5, origin=(9e5, 5e6))
        QgsProject.instance().addMapLayer(QgsRasterLayer(str(path), "elsewhere_pan"))
    shown_pan, shown_ms, said = opened(ms)
    assert (shown_pan, shown_ms) == ("", "scene_ms")
    assert "No PAN" in said and "'scene_ms'" in said


def test_a_pan_without_an_ms_leaves_ms_open(layers, opened):
    pan, ms = layers
    QgsProject.instance().removeMapLayer(ms.id())
    shown_pan, shown_ms, said = opened(pan)
    assert (shown_pan, shown_ms) == ("scene_pan", "")
    assert "No MS" in said and "'scene_pan'" in said


def test_what_is_no_file_leaves_both_open(layers, opened):
    shown_pan, shown_ms, said = opened(web_layer())
    assert (shown_pan, shown_ms) == ("", "")
    assert "'osm'" in said


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_no_file_does_not_count_among_the_selected(layers, opened, which):
    assert opened(layers[which], web_layer()) == ("scene_pan", "scene_ms", "")


def test_nothing_chosen_cannot_be_run(plugin, layers, iface, monkeypatch):
    QgsProject.instance().removeMapLayer(layers[0].id())
    select(iface, monkeypatch, layers[1])
    iface.custom_actions[0][0].trigger()
    dialog = plugin._menu._dialog
    try:
        dialog.runButton().click()
        assert "Panchromatic (PAN)" in dialog.messageBar().currentItem().text()
    finally:
        dialog.close()


def test_click_without_a_raster_layer_does_nothing(plugin, iface, monkeypatch):
    monkeypatch.setattr(iface, "activeLayer", lambda: None)
    iface.custom_actions[0][0].trigger()
    assert plugin._menu._dialog is None


@pytest.mark.parametrize("provider_is_gone", [False, True])
def test_unload_deletes_every_dialog_of_ours(plugin, layers, iface, monkeypatch, provider_is_gone):
    """One that is left would ask its algorithm about the next change of the project, and crash."""
    monkeypatch.setattr(iface, "activeLayer", lambda: layers[1])
    ours = []
    for _ in range(2):
        iface.custom_actions[0][0].trigger()
        ours.append(plugin._menu._dialog)
    provider = QgsApplication.processingRegistry().providerById("ksdiff")
    ours += [processing.createAlgorithmDialog(one.id(), {}) for one in provider.algorithms()]
    foreign = processing.createAlgorithmDialog("native:buffer", {})
    try:
        if provider_is_gone:  # as QGIS does it when it quits
            QgsApplication.processingRegistry().removeProvider("ksdiff")
        plugin.unload()
        assert [sip.isdeleted(dialog) for dialog in ours] == [True] * len(ours)
        assert not sip.isdeleted(foreign)
        QgsProject.instance().clear()
    finally:
        sip.delete(foreign)


def test_unload_ends_what_runs(plugin, layers, iface, monkeypatch, use_worker):
    """A dialog owns what the thread of its run works with."""
    use_worker("slow")
    monkeypatch.setattr(iface, "activeLayer", lambda: layers[1])
    iface.custom_actions[0][0].trigger()
    dialog = plugin._menu._dialog
    dialog.runButton().click()
    log = dialog.findChild(QTextEdit, "txtLog")
    until(lambda: "KSDiff ?" in log.toPlainText())
    before = time.monotonic()
    plugin.unload()
    assert time.monotonic() - before < CANCELLED_S
    assert sip.isdeleted(dialog)
    assert QgsApplication.taskManager().countActiveTasks() == 0
