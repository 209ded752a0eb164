# SPDX-License-Identifier: GPL-2.0-or-later
"""Import the plugin under Qt 6, build its windows and menu and show them; prints JSON.

Runs as a process of its own, since it replaces PyQGIS by a stand-in.
"""

import ast
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

import ksdiff_qgis  # noqa: E402

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


def chain(node):
    """The names of an attribute of an attribute ...: ["Qt", "ItemDataRole", "UserRole"]."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        inner = chain(node.value)
        return [*inner, node.attr] if inner else []
    return []


def unresolved(module):
    """What a module names of Qt's classes that Qt 6 does not have: enumerations, members, methods.

    Returns how many names were looked up, and those that are not there.
    """
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    looked_up, missing = 0, []
    for node in ast.walk(tree):
        names = chain(node) if isinstance(node, ast.Attribute) else []
        value = vars(module).get(names[0]) if names else None
        if not getattr(value, "__module__", "").startswith("PyQt6"):
            continue
        looked_up += 1
        for name in names[1:]:
            value = getattr(value, name, None)
        if value is None:
            missing.append(f"{module.__name__}:{node.lineno}: {'.'.join(names)}")
    return looked_up, missing


def main():
    application = QApplication([])
    window = QWidget()
    modules, dialogs, looked_up, missing = [], {}, 0, []
    for found in pkgutil.walk_packages(ksdiff_qgis.__path__, "ksdiff_qgis."):
        module = importlib.import_module(found.name)
        number, absent = unresolved(module)
        looked_up, missing = looked_up + number, missing + absent
        modules.append(found.name)
        if found.name.startswith("ksdiff_qgis.gui."):
            dialogs |= build_dialogs(module, window)
    menu = importlib.import_module("ksdiff_qgis.gui.mainmenu").MainMenu(Iface(window))
    entries = len(menu.menu.actions())
    menu.remove()
    application.quit()
    report = {"qt": QT_VERSION_STR, "modules": modules, "dialogs": dialogs, "entries": entries}
    report |= {"looked_up": looked_up, "missing": missing}
    print(json.dumps(report))


main()
