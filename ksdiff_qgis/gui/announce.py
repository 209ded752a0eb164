# SPDX-License-Identifier: GPL-2.0-or-later
"""What QGIS' message bar says when a run is done: a sentence, the report, before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from qgis.core import Qgis, QgsProject, QgsRasterLayer
from qgis.gui import QgisInterface, QgsMessageBarItem
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QPushButton

from ..algorithms.sources import same_file
from ..algorithms.told import Told
from ..language import tr
from .compare import BeforeView


class Announcer(QObject):
    """Says in QGIS' main window that a run is done; `remove` takes back what it said.

    Parameters
    ----------
    iface : QGIS' interface to its windows.
    """

    _told = pyqtSignal(object)

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self._iface = iface
        self._shown: QgsMessageBarItem | None = None
        self._told.connect(self._tell)

    def remove(self) -> None:
        if self._shown is not None and not sip.isdeleted(self._shown):
            self._iface.messageBar().popWidget(self._shown)
        self._shown = None

    def tell(self, told: Told) -> None:
        """Show what a run has made; a later run's message takes its place.

        A model runs its parts in a thread of its own, where no window may be touched: from there
        the message comes a little later.
        """
        self._told.emit(told)

    def _tell(self, told: Told) -> None:
        actions: dict[str, Callable[[], None]] = {}
        for label, page in told.reports.items():
            name = label if len(told.reports) > 1 else tr("Open the report")
            actions[name] = partial(_open, page)
        if told.result and told.before:
            actions[tr("Before and after")] = partial(self._compare, told.before, told.result)
        self._show(told.title, told.text, actions, Qgis.MessageLevel.Success)

    def _compare(self, before: str, result: str) -> None:
        """Show both layers side by side, if both are (still) in the project."""
        project = QgsProject.instance()
        layers = project.mapLayers().values()
        rasters = (layer for layer in layers if isinstance(layer, QgsRasterLayer))
        after = next((one for one in rasters if same_file(one.source(), result)), None)
        layer = project.mapLayer(before)
        if after is not None and layer is not None:
            BeforeView(self._iface, layer, after)
        else:
            text = tr("One of the two layers is not in the project any more.")
            self._show("KSDiff", text, {}, Qgis.MessageLevel.Warning)

    def miss_runtime(self, why: str, open_runtime: Callable[[], None]) -> None:
        """Say why nothing can be computed yet, with a button to mend that."""
        self._show("KSDiff", why, {tr("Open Runtime…"): open_runtime}, Qgis.MessageLevel.Info)

    def _show(
        self,
        title: str,
        text: str,
        actions: Mapping[str, Callable[[], None]],
        level: Qgis.MessageLevel,
    ) -> None:
        """A message with a button for each action, in the place of the last one."""
        self.remove()
        item = self._iface.messageBar().createMessage(title, text)
        for label, work in actions.items():
            _button(item, label, work)
        self._shown = item
        self._iface.messageBar().pushWidget(item, level)


def _button(item: QgsMessageBarItem, text: str, work: Callable[[], None]) -> None:
    button = QPushButton(text, item)
    button.clicked.connect(lambda _checked=False: work())
    item.layout().addWidget(button)


def _open(report: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(report).resolve())))
