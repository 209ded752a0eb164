# SPDX-License-Identifier: GPL-2.0-or-later
"""Build the plugin's own windows under Qt 6 and show them; prints what was built, as JSON.

Run as a process of its own, since it puts a stand-in for QGIS where Python looks for it.
"""

import importlib
import inspect
import json
import pkgutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "stand_in"), str(HERE.parents[1])]

from PyQt6.QtCore import QT_VERSION_STR  # noqa: E402
from PyQt6.QtWidgets import QApplication, QDialog, QMenu, QToolBar, QWidget  # noqa: E402
from qgis.anything import Anything  # noqa: E402

import ksdiff_qgis.gui  # noqa: E402

# What a window is made with, where that is more than its parent.
GIVEN = {"CardDialog": ({"name": "mine", "licence": "CC0", "notes": ""}, "Why.")}


class Iface(Anything):
    """QGIS' windows, as far as the plugin adds something to them."""

    def __init__(self, window):
        self._window, self._menu, self._bar = window, QMenu(window), QToolBar(window)

    def mainWindow(self):
        return self._window

    def rasterMenu(self):
        return self._menu

    def addToolBarWidget(self, widget):
        return self._bar.addWidget(widget)

    def removeToolBarIcon(self, action):
        self._bar.removeAction(action)


def main():
    application = QApplication([])
    window = QWidget()
    modules, dialogs = [], []
    for found in pkgutil.iter_modules(ksdiff_qgis.gui.__path__, "ksdiff_qgis.gui."):
        module = importlib.import_module(found.name)
        modules.append(found.name)
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, QDialog) and kind.__module__ == found.name:
                dialog = kind(*GIVEN.get(name, ()), window)
                dialog.show()
                application.processEvents()
                empty = dialog.grab().isNull()
                dialogs.append([name, dialog.windowTitle(), not empty])
                dialog.close()
    from ksdiff_qgis.gui.mainmenu import MainMenu

    iface = Iface(window)
    menu = MainMenu(iface)
    entries = [action.text() for action in menu.menu.actions()]
    menu.remove()
    print(
        json.dumps(
            {"qt": QT_VERSION_STR, "modules": modules, "dialogs": dialogs, "entries": entries}
        )
    )


main()
