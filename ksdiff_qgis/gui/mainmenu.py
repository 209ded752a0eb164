# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's one entry in QGIS' menus and toolbars."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.gui import QgisInterface
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QDialog, QMenu, QToolButton

from .. import paths
from ..language import tr
from . import dialogs, selection
from .help import HelpWindow
from .models import ModelsDialog
from .runtime import RuntimeDialog

NAME = "KSDiff"


class MainMenu:
    """The menu Raster > KSDiff, and the same as a button of the plugins' toolbar.

    `remove` undoes it.

    Parameters
    ----------
    iface : QGIS' interface to its windows.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._dialogs: dict[type, QDialog] = {}
        self._opened: QDialog | None = None
        self.menu = QMenu(NAME)
        self.menu.setIcon(QIcon(paths.icon("ksdiff")))
        pansharpen = self._add(QIcon(paths.icon("ksdiff")), tr("&Pansharpen…"), self.pansharpen)
        self._add(QIcon(paths.icon("train")), tr("&Train for a sensor…"), self.train)
        self._add(QIcon(paths.icon("models")), tr("&Models…"), lambda: self._show(ModelsDialog))
        self._add(QIcon(paths.icon("runtime")), tr("&Runtime…"), self.runtime)
        self.menu.addSeparator()
        of_qgis = QgsApplication.getThemeIcon("mActionHelpContents.svg")
        self._add(of_qgis, tr("&Help"), lambda: self._show(HelpWindow))
        iface.rasterMenu().addMenu(self.menu)
        self._button = QToolButton()
        self._button.setObjectName("ksdiff")
        self._button.setDefaultAction(pansharpen)
        self._button.setMenu(self.menu)
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        # Not the raster toolbar, which QGIS hides at first.
        self._in_toolbar = iface.addToolBarWidget(self._button)

    def remove(self) -> None:
        for kind in (ModelsDialog, RuntimeDialog):
            working = self._dialogs.get(kind)
            if working is not None and working.job is not None:
                working.job.cancel()
        for dialog in self._dialogs.values():
            dialog.close()
            dialog.deleteLater()
        self._dialogs.clear()
        self._opened = None
        self._iface.removeToolBarIcon(self._in_toolbar)
        self._in_toolbar.deleteLater()
        self._button.deleteLater()
        self._iface.rasterMenu().removeAction(self.menu.menuAction())
        self.menu.deleteLater()

    def pansharpen(self) -> None:
        """The main job, for the selected layers, or the best pair of the project."""
        self._opened = dialogs.open_pansharpening(selection.selected(self._iface))

    def train(self) -> None:
        """Train a model for a sensor."""
        self._opened = dialogs.open_algorithm(dialogs.TRAIN, {})

    def runtime(self) -> RuntimeDialog:
        """Open the window of what runs compute in."""
        return self._show(RuntimeDialog)

    def _add(self, icon: QIcon, text: str, work: Callable[[], object]) -> QAction:
        action = self.menu.addAction(icon, text)
        action.setToolTip(f"{NAME}: {text.replace('&', '').rstrip('…')}")
        action.triggered.connect(lambda _checked=False: work())
        return action

    def _show(self, kind: type) -> QDialog:
        """Open one of our own windows; there is at most one of a kind."""
        if kind not in self._dialogs:
            self._dialogs[kind] = kind(self._iface.mainWindow())
        window = self._dialogs[kind]
        window.show()
        window.raise_()
        window.activateWindow()
        return window
