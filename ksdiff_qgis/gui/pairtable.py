# SPDX-License-Identifier: GPL-2.0-or-later
"""The pairs of a folder in the dialog that sharpens them: a row for each, ticked or left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from processing.gui.wrappers import WidgetWrapper
from qgis.core import QgsProcessingContext, QgsProject
from qgis.gui import QgsAbstractProcessingParameterWidgetWrapper, QgsProcessingGui
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..algorithms import folder
from ..algorithms.values import Values
from ..language import tr
from ..runtime.worker_translation import in_users_words
from .background import BackgroundRun, start_detached
from .estimatelabel import in_words
from .fields import kind_of, qgis_field
from .runtime import runtime_problem

ALGORITHM = "ksdiff:folder"
_PAUSE_MS = 500  # of no change, after which the pairs are looked for
_HEIGHT = 190  # px
# Change nothing about the pairs and their results.
_NO_CHANGE = (folder.LEAVE_OUT, folder.DRY_RUN, folder.SUMMARY, folder.LOAD)


class PairTable(WidgetWrapper):
    """A table of the pairs, looked for by the worker; its value is the names of those not ticked.

    Batches and the model designer have QGIS' own field, for the names.

    Parameters
    ----------
    definition, dialog, row, column : as QGIS gives them.
    """

    def __new__(cls, definition: Any, dialog: QDialog, row: int = 0, column: int = 0) -> Any:
        if kind_of(dialog) != QgsProcessingGui.WidgetType.Standard:
            return qgis_field(definition, dialog)
        return super().__new__(cls)

    def createLabel(self) -> QLabel:
        return QLabel(tr("Pairs"))

    def createWidget(self) -> QWidget:
        """Return the table with a status line. QGIS calls this in the constructor."""
        self._left_out: set[str] = set()
        self._rows: Sequence[Mapping[str, Any]] = ()
        self._sizes: dict[str, Sequence[int]] = {}
        self._fields: dict[str, QgsAbstractProcessingParameterWidgetWrapper] = {}
        self._job: BackgroundRun | None = None
        names = (tr("Pair"), tr("State"), "PAN", "MS", tr("Size"), tr("Result"), tr("Remark"))
        self.table = QTableWidget(0, len(names))
        self.table.setHorizontalHeaderLabels(names)
        self.table.setAccessibleName(tr("Pairs"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.setMinimumHeight(_HEIGHT)
        self.table.itemChanged.connect(self._ticked)
        self.status = QLabel()
        self.status.setWordWrap(True)
        whole = QWidget()
        self._timer = QTimer(whole)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.find)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        column.addWidget(self.status)
        self._show((), tr("Choose a folder or a table: its pairs are shown here."))
        return whole

    def postInitialize(
        self, wrappers: Sequence[QgsAbstractProcessingParameterWidgetWrapper]
    ) -> None:
        """Follow the other fields of the dialog. QGIS calls this once they are there."""
        self._fields = {field.parameterDefinition().name(): field for field in wrappers}
        for name in (folder.FOLDER, folder.TABLE):  # QGIS calls both optional; one is needed
            label = self._fields[name].wrappedLabel()
            label.setText(self._fields[name].parameterDefinition().description())
        for name, field in self._fields.items():
            if name not in _NO_CHANGE:
                field.widgetValueHasChanged.connect(lambda _field: self._timer.start())
        self.dialog.algorithmFinished.connect(lambda *_: self._timer.start())

    def setValue(self, value: Any) -> None:
        self._left_out = set(folder.left_out(str(value or "")))
        self._show(self._rows, self.status.text())

    def value(self) -> str:
        return folder.BETWEEN.join(sorted(self._left_out))

    # --- the pairs ---

    def find(self) -> None:
        """Have the worker look for the pairs; it does so in the background."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        given = {name: field.parameterValue() for name, field in self._fields.items()}
        place = given.get(folder.FOLDER) or given.get(folder.TABLE)
        if not place or not Path(place).exists():
            self._show((), tr("Choose a folder or a table: its pairs are shown here."))
            return
        missing = runtime_problem("light")
        if missing:
            self._show((), missing)
            return
        given |= {folder.DRY_RUN: True, folder.SUMMARY: None, folder.LEAVE_OUT: ""}
        self.status.setText(tr("Looking for pairs…"))
        self._job = start_detached(ALGORITHM, given, self._found)

    @property
    def busy(self) -> bool:
        """Tell whether pairs are, or will soon be, looked for."""
        return self._job is not None or self._timer.isActive()

    def _found(self, job: BackgroundRun, good: bool, results: dict[str, Any], failure: str) -> None:
        if self._job is not job or sip.isdeleted(self.table):
            return  # of an earlier folder, or the dialog is gone
        self._job = None
        if good:
            rows = json.loads(results["ROWS"])
            self._left_out &= {row["pair"] for row in rows}
            self._sizes = {row["pair"]: row["size"] for row in rows if row.get("size")}
            self._show(rows)
        else:
            self._show((), failure)

    def _show(self, rows: Sequence[Mapping[str, Any]], text: str = "") -> None:
        """Fill the table, and show the status: by default how many pairs are ticked."""
        self._rows = rows
        self.table.blockSignals(True)
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            self._fill(number, row)
        self.table.blockSignals(False)
        self.status.setText(text)
        if rows:
            self._tell()

    def _fill(self, number: int, row: Mapping[str, Any]) -> None:
        remark = in_users_words(row["remark"])
        cells = (
            row["pair"],
            folder.state_in_words(row["state"]),
            _names(row["pan"]),
            _names(row["ms"]),
            " x ".join(map(str, row.get("size") or ())),
            Path(row["out"]).name if row["pan"] and row["ms"] else "",
            remark,
        )
        tips = ("", remark, row["pan"], row["ms"], "", row["out"], remark)
        for column, (cell, tip) in enumerate(zip(cells, tips)):
            item = QTableWidgetItem(cell)
            item.setToolTip(tip.replace(folder.BETWEEN, "\n"))
            if column == 0:
                ready = row["state"] == folder.READY
                taken = ready and row["pair"] not in self._left_out
                states = Qt.CheckState
                item.setCheckState(states.Checked if taken else states.Unchecked)
                if not ready:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
            self.table.setItem(number, column, item)

    def _ticked(self, item: QTableWidgetItem) -> None:
        """Exclude or include a pair."""
        taken = item.checkState() == Qt.CheckState.Checked
        (self._left_out.discard if taken else self._left_out.add)(item.text())
        self.widgetValueHasChanged.emit(self)
        self._tell()

    def _tell(self) -> None:
        """Show how many pairs are ticked, and the estimate for them."""
        taken = [
            row["pair"]
            for row in self._rows
            if row["state"] == folder.READY and row["pair"] not in self._left_out
        ]
        text = tr("To sharpen: {} of {}.").format(len(taken), len(self._rows))
        if taken:
            text = f"{text} {self._expected(taken)}"
        self.status.setText(text)

    def _expected(self, taken: Sequence[str]) -> str:
        algorithm, context = self.dialog.algorithm(), QgsProcessingContext()
        context.setProject(QgsProject.instance())
        given = {name: field.parameterValue() for name, field in self._fields.items()}
        sizes = [self._sizes[pair] for pair in taken if pair in self._sizes]
        return in_words(algorithm.expected(Values(algorithm, given, context), sizes))


def _names(files: str) -> str:
    """Return the names of files without their folders."""
    return ", ".join(Path(name).name for name in files.split(folder.BETWEEN))
