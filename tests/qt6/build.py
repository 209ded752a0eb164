# SPDX-License-Identifier: GPL-2.0-or-later
"""Build the plugin's windows and menu under Qt 6 and show them; prints the result as JSON.

Runs as a process of its own, since it replaces PyQGIS by a stand-in.
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

# Arguments of the windows that need more than their parent.
ARGUMENTS = {"CardDialog": ({"name": "mine", "licence": "CC0", "notes": ""}, "Reason.")}


class Iface(Anything):
    """QGIS' interface to its windows, as far as the menu uses it."""

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


def build_dialogs(module, parent):
    """Show every dialog of a module; returns name -> whether something was drawn."""
    drawn = {}
    for name, kind in inspect.getmembers(module, inspect.isclass):
        if issubclass(kind, QDialog) and kind.__module__ == module.__name__:
            dialog = kind(*ARGUMENTS.get(name, ()), parent)
            dialog.show()
            QApplication.processEvents()
            drawn[name] = not dialog.grab().isNull()
            dialog.close()
    return drawn


def main():
    application = QApplication([])
    window = QWidget()
    modules, dialogs = [], {}
    for found in pkgutil.iter_modules(ksdiff_qgis.gui.__path__, "ksdiff_qgis.gui."):
        modules.append(found.name)
        dialogs |= build_dialogs(importlib.import_module(found.name), window)
    menu = importlib.import_module("ksdiff_qgis.gui.mainmenu").MainMenu(Iface(window))
    entries = len(menu.menu.actions())
    menu.remove()
    application.quit()
    report = {"qt": QT_VERSION_STR, "modules": modules, "dialogs": dialogs, "entries": entries}
    print(json.dumps(report))


main()
