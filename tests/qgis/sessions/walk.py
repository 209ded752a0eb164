# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody's first hour by mouse, in QGIS itself: every press of its button is counted."""

import time
from pathlib import Path

import qgis.utils
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QMimeData, QPointF, Qt, QUrl
from qgis.PyQt.QtGui import QDragEnterEvent, QDropEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QLineEdit, QPushButton
from session import INPUT, PLUGIN, settle


class Mouse:
    """Clicks, which are kept by what was clicked."""

    def __init__(self):
        self.clicks = []

    def click(self, widget, what, at=None):
        assert widget.isVisible() and widget.isEnabled(), what
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
        self.clicks.append(what)
        settle()

    def press(self, window, text):
        """Click a button of a window, by its text."""
        buttons = [b for b in window.findChildren(QPushButton) if b.isVisible()]
        (button,) = [b for b in buttons if b.text().replace("&", "") == text]
        self.click(button, text)

    def choose(self, *path):
        """Click through the menus of the main window."""
        menu = qgis.utils.iface.mainWindow().menuBar()
        for text in path:
            (entry,) = [a for a in menu.actions() if a.text().replace("&", "") == text]
            self.click(menu, text, menu.actionGeometry(entry).center())
            menu = entry.menu()

    def drop(self, files):
        """Drop files on the main window, as from a file manager."""
        window, data = qgis.utils.iface.mainWindow(), QMimeData()
        data.setUrls([QUrl.fromLocalFile(name) for name in files])
        at, held = (
            window.rect().center(),
            (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
        )
        copied = Qt.DropAction.CopyAction
        QApplication.sendEvent(window, QDragEnterEvent(at, copied, data, *held))
        QApplication.sendEvent(window, QDropEvent(QPointF(at), copied, data, *held))
        self.clicks.append("drop the files")
        until(lambda: len(QgsProject.instance().mapLayers()) == len(files))


def until(true, patience_s=900):
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end, "it takes too long"
        settle()


def layer_of(text):
    """The layer of the project whose name begins so; None while there is none."""
    layers = QgsProject.instance().mapLayers().values()
    return next((layer for layer in layers if layer.name().startswith(text)), None)


def first_result():
    """From the zip to a sharpened layer."""
    iface, mouse = qgis.utils.iface, Mouse()
    menu = qgis.utils.plugins[PLUGIN].main_menu
    mouse.press(iface.messageBar(), "Open Runtime…")
    (runtime,) = [w for w in menu.windows.values() if type(w).__name__ == "RuntimeDialog"]
    mouse.press(runtime, "Install")
    until(lambda: runtime.job is None)
    mouse.press(runtime, "Close")
    mouse.drop(INPUT["pair"])
    mouse.choose("Raster", "KSDiff", "Pansharpen…")
    dialog = menu.dialog
    mouse.press(dialog, "Run")
    until(lambda: layer_of("ms ("))
    until(dialog.runButton().isEnabled)
    mouse.press(dialog, "Close")
    layer = layer_of("ms (")
    renderer = layer.renderer()
    bands = [getattr(renderer, f"{colour}Band")() for colour in ("red", "green", "blue")]
    shown = {"name": layer.name(), "file": layer.source(), "bands": bands}
    return {"clicks": mouse.clicks, **shown}


def folder_of_pairs():
    """All pairs of a folder, of which the path is typed."""
    mouse, menu = Mouse(), qgis.utils.plugins[PLUGIN].main_menu
    mouse.choose("Raster", "KSDiff", "Pansharpen a folder…")
    dialog = menu.dialog
    fields = dialog.mainWidget().wrappers
    field = fields["FOLDER"].wrappedWidget().findChild(QLineEdit)
    mouse.click(field, "the field of the folder")
    QTest.keyClicks(field, INPUT["folder"])
    QTest.keyClick(field, Qt.Key.Key_Tab)
    settle(1)
    until(lambda: not fields["LEAVE_OUT"].busy)
    table = fields["LEAVE_OUT"].table
    pairs = [table.item(row, 0).text() for row in range(table.rowCount())]
    mouse.press(dialog, "Run")
    until(lambda: layer_of(f"{pairs[-1]} ("))
    until(dialog.runButton().isEnabled)
    layers = [layer.source() for layer in QgsProject.instance().mapLayers().values()]
    made = sorted(Path(name).name for name in layers if name.endswith("_sharpened.tif"))
    dialog.close()
    return {"clicks": mouse.clicks, "pairs": pairs, "made": made}
