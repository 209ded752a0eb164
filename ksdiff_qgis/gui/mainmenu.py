# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's menu Raster > KSDiff, its button in the toolbar, and its entry in layers' menus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qgis.core import QgsApplication, QgsProject
from qgis.gui import QgisInterface
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QDialog, QMenu, QToolButton

from .. import compat, paths
from ..language import tr
from . import dialogs, selected_layers
from .help import HelpWindow
from .message_bar import warn_in_dialog
from .models import ModelsDialog
from .runtime import RuntimeDialog
from .training import TrainingDialog

NAME = "KSDiff"


class MainMenu:
    """Adds the menu Raster > KSDiff, a button with it to the plugin toolbar, and an entry to the
    context menu of raster layers; `remove` undoes it.

    `dialog` is the algorithm dialog opened last, `windows` the plugin's own windows by class.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self.windows: dict[type, QDialog] = {}
        self.dialog: QDialog | None = None
        self.menu = QMenu(NAME)
        self.menu.setIcon(QIcon(paths.icon("ksdiff")))
        pansharpen = self._add(QIcon(paths.icon("ksdiff")), tr("&Pansharpen…"), self.pansharpen)
        self._add(QIcon(paths.icon("folder")), tr("Pansharpen a &folder…"), self.folder)
        self._add(QIcon(paths.icon("train")), tr("&Train for a sensor…"), self.train)
        self._add(QIcon(paths.icon("models")), tr("&Models…"), lambda: self._show(ModelsDialog))
        self._add(QIcon(paths.icon("runtime")), tr("&Runtime…"), self.runtime)
        self.menu.addSeparator()
        help_icon = QgsApplication.getThemeIcon("mActionHelpContents.svg")
        self._add(help_icon, tr("&Help"), lambda: self._show(HelpWindow))
        iface.rasterMenu().addMenu(self.menu)
        self._button = QToolButton()
        self._button.setObjectName("ksdiff")
        self._button.setDefaultAction(pansharpen)
        self._button.setMenu(self.menu)
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        # Not the raster toolbar, which QGIS hides by default.
        self._in_toolbar = iface.addToolBarWidget(self._button)
        self._on_layer = QAction(QIcon(paths.icon("ksdiff")), tr("Pansharpen with KSDiff…"))
        self._on_layer.triggered.connect(self._pansharpen_selected)
        iface.addCustomActionForLayerType(self._on_layer, "", compat.raster_layer_type(), True)

    def remove(self) -> None:
        """Cancel what runs, and remove windows, menu and button."""
        for kind in (ModelsDialog, RuntimeDialog, TrainingDialog):
            window = self.windows.get(kind)
            if window is not None and window.job is not None:
                window.job.cancel()
        for window in self.windows.values():
            window.close()
            window.deleteLater()
        self.windows.clear()
        self.dialog = None
        self._iface.removeCustomActionForLayerType(self._on_layer)
        self._on_layer.triggered.disconnect(self._pansharpen_selected)
        self._on_layer.deleteLater()
        self._iface.removeToolBarIcon(self._in_toolbar)
        self._in_toolbar.deleteLater()
        self._button.deleteLater()
        self._iface.rasterMenu().removeAction(self.menu.menuAction())
        self.menu.deleteLater()

    def pansharpen(self) -> None:
        """Open the main dialog with the selected layers, or the best pair of the project."""
        self.dialog = dialogs.open_pansharpening(selected_layers.selected(self._iface))

    def _pansharpen_selected(self) -> None:
        """Open the main dialog with the selected layer and its partner, or the two selected."""
        layers = selected_layers.selected(self._iface)
        if layers:
            self.dialog = dialogs.open_pansharpening(layers)

    def folder(self) -> None:
        """Open the dialog that sharpens all pairs of a folder."""
        self.dialog = dialogs.open_algorithm("ksdiff:folder", {})

    def train(self) -> None:
        """Open the window that trains a model for a sensor."""
        window = self._show(TrainingDialog)
        window.use = self._use
        window.messageBar().clearWidgets()
        warn_in_dialog(window, self.runtime, "full")

    def _use(self, algorithm: str, given: Mapping[str, Any]) -> None:
        """Open an algorithm's dialog with parameters and the pair of the project."""
        found = selected_layers.pair([], QgsProject.instance())
        filled = {**selected_layers.parameters(found), **given}
        self.dialog = dialogs.open_algorithm(algorithm, filled)

    def runtime(self) -> RuntimeDialog:
        """Open the window of the worker's environment."""
        return self._show(RuntimeDialog)

    def help(self, algorithm: str) -> None:
        """Show the help of an algorithm, by its key."""
        self._show(HelpWindow).open_algorithm(algorithm)

    def _add(self, icon: QIcon, text: str, open_window: Callable[[], object]) -> QAction:
        action = self.menu.addAction(icon, text)
        action.setToolTip(f"{NAME}: {text.replace('&', '').rstrip('…')}")
        action.triggered.connect(lambda _checked=False: open_window())
        return action

    def _show(self, kind: type) -> QDialog:
        """Open one of the plugin's own windows; there is at most one of each class."""
        if kind not in self.windows:
            self.windows[kind] = kind(self._iface.mainWindow())
        window = self.windows[kind]
        window.show()
        window.raise_()
        window.activateWindow()
        return window
