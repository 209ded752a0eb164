# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages in QGIS' message bar: the summary of a run, and a missing runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from qgis.core import Qgis, QgsProject, QgsRasterLayer
from qgis.gui import QgisInterface, QgsMessageBarItem
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QDialog, QPushButton

from ..algorithms.worker_algorithm import RunSummary
from ..language import tr
from ..layers.sources import same_file
from .compare import BeforeView
from .runtime import RuntimeDialog, runtime_problem


class Announcer(QObject):
    """Shows messages in QGIS' main window, one at a time; `remove` takes the last one back."""

    _requested = pyqtSignal(object)

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self._iface = iface
        self._shown: QgsMessageBarItem | None = None
        self._requested.connect(self._show_summary)

    def remove(self) -> None:
        """Remove the message shown."""
        if self._shown is not None and not sip.isdeleted(self._shown):
            self._iface.messageBar().popWidget(self._shown)
        self._shown = None

    def show_summary(self, summary: RunSummary) -> None:
        """Show the summary of a run, in place of the last message.

        From another thread, as that of a model's steps, the message is queued.
        """
        self._requested.emit(summary)

    def _show_summary(self, summary: RunSummary) -> None:
        actions: dict[str, Callable[[], None]] = {}
        for label, page in summary.reports.items():
            name = label if len(summary.reports) > 1 else tr("Open the report")
            actions[name] = partial(_open, page)
        if summary.folder:
            actions[tr("Open the folder")] = partial(_open, summary.folder)
        if summary.result and summary.compare_id:
            compare = partial(self._compare, summary.compare_id, summary.result)
            actions[tr("Before and after")] = compare
        self._show(summary.text, actions, Qgis.MessageLevel.Success)

    def _compare(self, layer_id: str, result: str) -> None:
        """Show a layer and the result side by side, if both are in the project."""
        project = QgsProject.instance()
        layers = project.mapLayers().values()
        rasters = (layer for layer in layers if isinstance(layer, QgsRasterLayer))
        after = next((each for each in rasters if same_file(each.source(), result)), None)
        before = project.mapLayer(layer_id)
        if after is not None and before is not None:
            BeforeView(self._iface, before, after)
        else:
            text = tr("One of the two layers is no longer in the project.")
            self._show(text, {}, Qgis.MessageLevel.Warning)

    def show_missing_runtime(self, reason: str, open_runtime: Callable[[], None]) -> None:
        """Show why there is no runtime, with a button that opens its window."""
        self._show(reason, {tr("Open Runtime…"): open_runtime}, Qgis.MessageLevel.Info)

    def _show(
        self,
        text: str,
        actions: Mapping[str, Callable[[], None]],
        level: Qgis.MessageLevel,
    ) -> None:
        """Show a message with a button for each action, in place of the last message."""
        self.remove()
        item = self._iface.messageBar().createMessage("KSDiff", text)
        for label, action in actions.items():
            _add_button(item, label, action)
        self._shown = item
        self._iface.messageBar().pushWidget(item, level)


def _add_button(item: QgsMessageBarItem, text: str, action: Callable[[], None]) -> None:
    button = QPushButton(text, item)
    button.clicked.connect(lambda _checked=False: action())
    item.layout().addWidget(button)


def _open(report: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(report).resolve())))


def warn_in_dialog(dialog: QDialog, open_runtime: Callable[[], RuntimeDialog], size: str) -> None:
    """Warn in an algorithm's dialog, before it is run, that the runtime it needs is missing.

    The message is removed once it is installed. `size` is ``full`` if PyTorch is needed.
    """
    bar, reason = dialog.messageBar(), runtime_problem(size)
    if not reason:
        return
    item = bar.createMessage(reason)

    def end() -> None:
        if not sip.isdeleted(item) and not runtime_problem(size):
            bar.popWidget(item)

    def show() -> None:
        window = open_runtime()
        window.choose(size)
        window.changed.connect(end)

    _add_button(item, tr("Open Runtime…"), show)
    bar.pushWidget(item, Qgis.MessageLevel.Warning)
