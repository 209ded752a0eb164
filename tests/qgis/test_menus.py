# SPDX-License-Identifier: GPL-2.0-or-later
"""The action of raster layers, the plugin's menu and button, and the dialogs they open."""

from __future__ import annotations

import processing
import pytest
from qgis.core import QgsApplication, QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QToolButton
from qgis_helpers import log_of, provider, soon, until, write_raster

from ksdiff_qgis import paths
from ksdiff_qgis.gui import selected_layers
from ksdiff_qgis.gui.help import HelpWindow
from ksdiff_qgis.gui.models import ModelsDialog
from ksdiff_qgis.gui.runtime import RuntimeDialog
from ksdiff_qgis.gui.training import TrainingDialog

WEB = "type=xyz&url=http://localhost/{z}/{x}/{y}.png"


def select(iface, monkeypatch, *layers):
    """Select layers in the layer panel, the last one clicked last."""
    monkeypatch.setattr(iface, "activeLayer", lambda: layers[-1] if layers else None)
    monkeypatch.setattr(iface.layerTreeView(), "selectedLayers", lambda: list(layers))


# --- the action of raster layers ---


def test_action_is_for_raster_layers(plugin, iface):
    ((action, layer_type),) = iface.custom_actions
    assert not action.icon().isNull()
    assert layer_type == QgsMapLayer.LayerType.RasterLayer


def test_selection_without_the_active_layer_is_ignored(layers, iface, monkeypatch, plugin):
    select(iface, monkeypatch, layers[0])
    monkeypatch.setattr(iface, "activeLayer", lambda: layers[1])
    assert selected_layers.selected(iface) == [layers[1]]


@pytest.fixture
def opened(plugin, iface, monkeypatch):
    """Open the dialog for selected layers; returns the names of PAN and MS, and its message.

    A name is empty if no layer is chosen.
    """

    def open_for(*layers):
        select(iface, monkeypatch, *layers)
        iface.custom_actions[0][0].trigger()
        dialog = plugin.main_menu.dialog
        assert dialog.isVisible()
        assert dialog.algorithm().id() == "ksdiff:ksdiff"
        wrappers = dialog.mainWidget().wrappers
        values = [wrappers[name].parameterValue() for name in ("PAN", "MS")]
        item = dialog.messageBar().currentItem()
        shown = [QgsProject.instance().mapLayer(value).name() if value else "" for value in values]
        return (*shown, item.text() if item else "")

    return open_for  # unloading the plugin closes the dialogs


@pytest.mark.parametrize("which", [[0], [1], [0, 1], [1, 0]])
def test_dialog_is_filled_in(layers, opened, which):
    assert opened(*(layers[i] for i in which)) == ("scene_pan", "scene_ms", "")


def test_two_selected_layers_win_over_a_better_match(layers, opened):
    pan, ms = layers
    QgsProject.instance().addMapLayer(QgsRasterLayer(pan.source(), "scene_pan_ms"))
    pan.setName("scene_dem")
    assert opened(pan, ms) == ("scene_dem", "scene_ms", "")


def test_other_matching_layers_are_named(layers, opened):
    pan, ms = layers
    QgsProject.instance().addMapLayer(QgsRasterLayer(pan.source(), "other"))
    shown_pan, _, text = opened(ms)
    assert shown_pan == "scene_pan"
    assert "'other'" in text


def test_partner_in_another_crs_is_found(layers, opened, tmp_path):
    pan, ms = layers
    QgsProject.instance().removeMapLayer(pan.id())
    path = tmp_path / "pan.tif"
    write_raster(path, 1, (160, 192), 6e-6, epsg=4326, origin=(15.0, 45.1533))
    QgsProject.instance().addMapLayer(QgsRasterLayer(str(path), "pan in degrees"))
    assert opened(ms) == ("pan in degrees", "scene_ms", "")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_pan_is_left_open_if_none_matches(plugin, layers, opened, tmp_path, elsewhere):
    """QGIS would fill in MS as PAN, too."""
    pan, ms = layers
    QgsProject.instance().removeMapLayer(pan.id())
    if elsewhere:
        path = write_raster(tmp_path / "pan.tif", 1, (160, 192), 0.5, origin=(9e5, 5e6))
        QgsProject.instance().addMapLayer(QgsRasterLayer(str(path), "elsewhere_pan"))
    shown_pan, shown_ms, text = opened(ms)
    assert (shown_pan, shown_ms) == ("", "scene_ms")
    assert "PAN" in text and "'scene_ms'" in text
    plugin.main_menu.dialog.runButton().click()
    assert "PAN" in plugin.main_menu.dialog.messageBar().currentItem().text()


def test_ms_is_left_open_if_none_matches(layers, opened):
    pan, ms = layers
    QgsProject.instance().removeMapLayer(ms.id())
    shown_pan, shown_ms, text = opened(pan)
    assert (shown_pan, shown_ms) == ("scene_pan", "")
    assert "MS" in text and "'scene_pan'" in text


def test_layers_that_are_no_raster_files_are_left_out(layers, opened):
    points = QgsVectorLayer("Point?crs=EPSG:32633", "pan", "memory")
    web = QgsRasterLayer(WEB, "osm", "wms")
    QgsProject.instance().addMapLayers([points, web])
    shown_pan, shown_ms, text = opened(web)
    assert (shown_pan, shown_ms) == ("", "")
    assert "'osm'" in text
    for layer in layers:  # it does not count among the selected layers
        assert opened(layer, web) == ("scene_pan", "scene_ms", "")


def test_action_without_a_raster_layer_opens_nothing(plugin, iface, monkeypatch):
    select(iface, monkeypatch)
    iface.custom_actions[0][0].trigger()
    assert plugin.main_menu.dialog is None


# --- the menu and the button ---


def actions(menu):
    return [action for action in menu.actions() if not action.isSeparator()]


def click(menu, number):
    actions(menu.menu)[number].trigger()


PANSHARPEN, FOLDER, TRAIN, MODELS, RUNTIME, HELP = range(6)


@pytest.fixture
def menu(plugin):
    return plugin.main_menu


def test_menu_and_button_have_the_same_entries(menu, iface):
    (raster,) = iface.rasterMenu().actions()
    texts = [action.text() for action in actions(raster.menu())]
    keys = [text[text.index("&") + 1].lower() for text in texts]
    assert len(set(keys)) == len(keys)  # every entry has its own key
    (button,) = iface.pluginToolBar().findChildren(QToolButton, "ksdiff")
    assert button.defaultAction() is actions(raster.menu())[PANSHARPEN]
    assert [action.text() for action in actions(button.menu())] == texts
    assert not any(action.icon().isNull() for action in actions(raster.menu()))


def test_pansharpen_takes_the_best_pair_of_the_project(menu, layers, iface, monkeypatch):
    select(iface, monkeypatch)
    click(menu, PANSHARPEN)
    values = menu.dialog.mainWidget().createProcessingParameters()
    assert (values["PAN"], values["MS"]) == (layers[0].id(), layers[1].id())


def test_pansharpen_opens_without_layers(menu, iface, monkeypatch):
    QgsProject.instance().clear()
    select(iface, monkeypatch)
    click(menu, PANSHARPEN)
    assert menu.dialog.isVisible()
    assert menu.dialog.messageBar().currentItem() is not None


def test_a_folder_is_one_entry_away(menu):
    click(menu, FOLDER)
    assert menu.dialog.isVisible()
    assert menu.dialog.algorithm().id() == "ksdiff:folder"


def test_train_opens_its_window(menu):
    click(menu, TRAIN)
    assert menu.windows[TrainingDialog].isVisible()


@pytest.mark.parametrize(
    ("entry", "kind"), [(MODELS, ModelsDialog), (RUNTIME, RuntimeDialog), (HELP, HelpWindow)]
)
def test_windows_open_once_and_are_closed_with_the_plugin(menu, plugin, entry, kind):
    click(menu, entry)
    window = menu.windows[kind]
    click(menu, entry)
    assert menu.windows == {kind: window}
    assert window.isVisible()
    plugin.unload()
    assert sip.isdeleted(window) or not window.isVisible()


@pytest.fixture
def help_window(menu):
    click(menu, HELP)
    return menu.windows[HelpWindow]


def test_help_shows_pages_with_scaled_images(help_window):
    pages = help_window.pages
    assert pages.source().toLocalFile() == str(paths.DOCS / "index.md")
    assert pages.toPlainText()
    pages.setSource(QUrl.fromLocalFile(str(paths.DOCS / "srino.md")))
    image = pages.loadResource(2, QUrl("images/growth.png"))
    assert 100 < image.width() < pages.viewport().width()


def test_help_opens_web_links_in_the_browser(help_window, opened_files):
    help_window.pages.anchorClicked.emit(QUrl("https://example.org/x"))
    assert opened_files == ["https://example.org/x"]
    help_window.pages.anchorClicked.emit(QUrl("srino.md"))
    assert help_window.pages.source().toLocalFile() == str(paths.DOCS / "srino.md")


def test_help_is_usable_by_keyboard(help_window):
    pages = help_window.pages
    start = pages.source()
    help_window.activateWindow()
    until(help_window.isActiveWindow)
    pages.setFocus()
    QTest.keyClick(pages, Qt.Key.Key_Tab)  # to the first link
    QTest.keyClick(pages, Qt.Key.Key_Return)
    second = pages.source()
    assert second != start and second.isLocalFile()
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(help_window, Qt.Key.Key_B, alt)  # back
    until(lambda: pages.source() == start)  # a button stays pressed for a moment
    pages.setSource(second)
    QTest.keyClick(help_window, Qt.Key.Key_C, alt)  # contents
    until(lambda: pages.source() == start)
    QTest.keyClick(help_window, Qt.Key.Key_Escape)
    assert not help_window.isVisible()


# --- unloading ---


@pytest.mark.parametrize("provider_is_gone", [False, True])
def test_unload_deletes_all_dialogs_of_the_plugin(
    plugin, layers, iface, monkeypatch, provider_is_gone
):
    """A dialog that is left would call its algorithm at the next change of the project."""
    select(iface, monkeypatch, layers[1])
    ours = []
    for _ in range(2):
        iface.custom_actions[0][0].trigger()
        ours.append(plugin.main_menu.dialog)
    ours += [processing.createAlgorithmDialog(each.id(), {}) for each in provider().algorithms()]
    foreign = processing.createAlgorithmDialog("native:buffer", {})
    try:
        if provider_is_gone:  # as when QGIS quits
            QgsApplication.processingRegistry().removeProvider("ksdiff")
        plugin.unload()
        assert all(sip.isdeleted(dialog) for dialog in ours)
        assert not sip.isdeleted(foreign)
        QgsProject.instance().clear()
    finally:
        sip.delete(foreign)


def test_unload_cancels_runs(plugin, layers, opened, use_worker):
    """The thread of a run uses objects of its dialog."""
    use_worker("slow")
    opened(layers[1])
    dialog = plugin.main_menu.dialog
    dialog.runButton().click()
    until(lambda: "KSDiff ?" in log_of(dialog))
    with soon():
        plugin.unload()
    assert sip.isdeleted(dialog)
    assert QgsApplication.taskManager().countActiveTasks() == 0
