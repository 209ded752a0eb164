# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's entry in the menu and the toolbar."""

from __future__ import annotations

import pytest
from qgis.core import QgsProject
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QToolButton
from qgis_helpers import until

from ksdiff_qgis import paths


def entries(menu):
    return [action.text() for action in menu.actions() if not action.isSeparator()]


@pytest.fixture
def menu(plugin):
    return plugin._main_menu


def click(menu, text):
    (action,) = (one for one in menu.menu.actions() if one.text() == text)
    action.trigger()


def test_one_entry_in_the_menu_and_one_button(menu, iface):
    (raster,) = iface.rasterMenu().actions()
    assert raster.text() == "KSDiff"
    shown = ["&Pansharpen…", "&Train for a sensor…", "&Models…", "&Runtime…", "&Help"]
    assert entries(raster.menu()) == shown
    keys = [text[text.index("&") + 1] for text in shown]
    assert len(set(keys)) == len(keys)  # each can be reached by a key of its own
    (button,) = iface.pluginToolBar().findChildren(QToolButton, "ksdiff")
    assert button.defaultAction().text() == "&Pansharpen…"
    assert button.toolTip() == "KSDiff: Pansharpen"
    assert entries(button.menu()) == shown
    for action in raster.menu().actions():
        assert action.isSeparator() or not action.icon().isNull(), action.text()


def test_pansharpen_takes_the_best_pair_of_the_project(menu, layers, iface, monkeypatch):
    monkeypatch.setattr(iface, "activeLayer", lambda: None)
    click(menu, "&Pansharpen…")
    values = menu._opened.mainWidget().createProcessingParameters()
    assert (values["PAN"], values["MS"]) == (layers[0].id(), layers[1].id())


def test_pansharpen_opens_without_any_layer(menu, iface, monkeypatch):
    QgsProject.instance().clear()
    monkeypatch.setattr(iface, "activeLayer", lambda: None)
    click(menu, "&Pansharpen…")
    assert menu._opened.isVisible()
    assert "choose both" in menu._opened.messageBar().currentItem().text()


def test_train_opens_its_dialog(menu):
    click(menu, "&Train for a sensor…")
    assert menu._opened.algorithm().id() == "ksdiff:train"


@pytest.mark.parametrize("text", ["&Models…", "&Runtime…", "&Help"])
def test_own_windows_open_once_and_go_with_the_plugin(menu, plugin, text):
    click(menu, text)
    click(menu, text)
    (window,) = menu._dialogs.values()
    assert window.isVisible()
    plugin.unload()
    assert sip.isdeleted(window) or not window.isVisible()


def test_help_shows_the_pages_and_their_pictures(menu):
    click(menu, "&Help")
    (window,) = menu._dialogs.values()
    assert window.pages.source().toLocalFile() == str(paths.DOCS / "index.md")
    assert len(window.pages.toPlainText()) > 200
    window.pages.setSource(QUrl.fromLocalFile(str(paths.DOCS / "srino.md")))
    picture = window.pages.loadResource(2, QUrl("images/growth.png"))
    assert 100 < picture.width() < window.pages.viewport().width()


def test_web_links_leave_the_help_window(menu, monkeypatch):
    opened = []
    monkeypatch.setattr(
        "ksdiff_qgis.gui.help.QDesktopServices.openUrl", lambda url: opened.append(url.toString())
    )
    click(menu, "&Help")
    (window,) = menu._dialogs.values()
    window.pages.anchorClicked.emit(QUrl("https://example.org/x"))
    assert opened == ["https://example.org/x"]
    window.pages.anchorClicked.emit(QUrl("srino.md"))
    assert window.pages.source().toLocalFile() == str(paths.DOCS / "srino.md")


def test_help_can_be_read_by_keys(menu):
    click(menu, "&Help")
    (window,) = menu._dialogs.values()
    start = window.pages.source()
    window.activateWindow()
    until(window.isActiveWindow)
    window.pages.setFocus()
    QTest.keyClick(window.pages, Qt.Key.Key_Tab)  # to the first link
    QTest.keyClick(window.pages, Qt.Key.Key_Return)
    second = window.pages.source()
    assert second != start and second.isLocalFile()
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(window, Qt.Key.Key_B, alt)
    until(lambda: window.pages.source() == start)  # a button is pressed for a moment
    window.pages.setSource(second)
    QTest.keyClick(window, Qt.Key.Key_C, alt)
    until(lambda: window.pages.source() == start)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
