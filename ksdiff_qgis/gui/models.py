# SPDX-License-Identifier: GPL-2.0-or-later
"""Window that lists the models, and imports, edits and deletes them."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from qgis.core import Qgis
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QSize, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from .. import models
from ..algorithms import methods
from ..algorithms.models import CARD, DELETE, IMPORT, card_text, describe
from ..algorithms.parameters import model_files
from ..language import formatted, tr
from .background import BackgroundRun

ALGORITHM = "ksdiff:models"
_SHOWN = ("ERGAS", "SAM", "Q2n")
_MAX_SCORE = 1e12
_MAX_WIDTH = 220  # px, of a column; tooltips show what is longer


class ModelsDialog(QDialog):
    """Lists the shipped models and the user's own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("KSDiff: models"))
        self.resize(1000, 560)
        self.job: BackgroundRun | None = None
        self._select_next = ""  # name of the model to select after a run
        self.bar = QgsMessageBar()
        self.list = QTreeWidget()
        self.card = QTextBrowser()
        self.buttons: dict[str, QPushButton] = {}
        self._make_list()
        self._lay_out()
        self.fill()

    def fill(self) -> None:
        """Read the models again; the selection stays."""
        chosen = self._select_next or (self.chosen().name if self.chosen() else "")
        self._select_next = ""
        self.list.clear()
        for model in models.all_models():
            item = QTreeWidgetItem(_row(model))
            item.setData(0, Qt.ItemDataRole.UserRole, model)
            item.setToolTip(5, model.problem)
            item.setToolTip(7, str(model.path.parent))
            self.list.addTopLevelItem(item)
            if model.name == chosen:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None and self.list.topLevelItemCount():
            self.list.setCurrentItem(self.list.topLevelItem(0))
        for column in range(self.list.columnCount() - 1):
            self.list.resizeColumnToContents(column)
            self.list.setColumnWidth(column, min(self.list.columnWidth(column), _MAX_WIDTH))
        self._show_chosen()

    def chosen(self) -> models.ModelInfo | None:
        """Return the selected model."""
        item = self.list.currentItem()
        return item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None

    def _show_chosen(self) -> None:
        model = self.chosen()
        self.card.setHtml(_html_page(model) if model else "")
        own, idle = model is not None and not model.shipped, self.job is None
        self.buttons["import"].setEnabled(idle)
        self.buttons["card"].setEnabled(idle and own and not model.problem)
        self.buttons["delete"].setEnabled(idle and own)

    def import_model(self) -> None:
        """Ask for a file and import it."""
        title = tr("Import a model")
        file, _ = QFileDialog.getOpenFileName(self, title, "", model_files())
        if file:
            self.import_file(file)

    def import_file(self, file: str) -> None:
        """Import a file; ask for a name if its own is not allowed."""
        name = Path(file).stem
        problem = models.name_problem(name)
        if problem:
            self.ask({"name": f"{name}-2"}, problem, lambda values: self._import(file, values))
        else:
            self._import(file, {"name": name})

    def _import(self, file: str, values: Mapping[str, str]) -> None:
        self._select_next = values["name"]
        self._start({"ACTION": IMPORT, "FILE": file, "NAME": values["name"]})

    def edit(self) -> None:
        """Ask for name, licence and notes of the selected model, and write them."""
        model = self.chosen()
        if model is None:
            return
        card = {"name": model.name, "licence": model.licence, "notes": model.notes}
        self.ask(card, "", lambda values: self._write(model, values))

    def _write(self, model: models.ModelInfo, values: Mapping[str, str]) -> None:
        self._select_next = values["name"]
        # A blank clears a field; an empty text would leave it unchanged.
        card = {key.upper(): values[key] or " " for key in ("licence", "notes")}
        self._start({"ACTION": CARD, "FILE": str(model.path), "NAME": values["name"], **card})

    def ask(
        self, values: Mapping[str, str], reason: str, apply: Callable[[Mapping[str, str]], None]
    ) -> None:
        """Open a window for values of a card, and apply them when it is accepted."""
        window = CardDialog(values, reason, self)
        window.accepted.connect(lambda: apply(window.values()))
        window.open()

    def delete(self) -> None:
        """Delete the selected model after a confirmation."""
        model = self.chosen()
        if model is None:
            return
        question = tr("Delete the model '{}' and its files in {}? This cannot be undone.").format(
            model.name, model.path.parent
        )
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        if QMessageBox.question(self, tr("Delete a model"), question, yes | no, no) == yes:
            self._start({"ACTION": DELETE, "NAME": model.name})

    def open_folder(self) -> None:
        """Open the folder of the selected model, or that of the user's own models."""
        model = self.chosen()
        folder = model.path.parent if model is not None else models.folder()
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _start(self, parameters: Mapping[str, Any]) -> None:
        """Run the algorithm in the background; the window stays usable."""
        self.bar.clearWidgets()
        self.job = BackgroundRun(ALGORITHM, parameters, self)
        self.job.finished.connect(self._end)
        self._show_chosen()
        self.setCursor(Qt.CursorShape.BusyCursor)
        self.job.start()

    def _end(self, good: bool, results: dict[str, Any], failure: str) -> None:
        self.unsetCursor()
        self.job = None
        if not good:
            self._select_next = ""
            reason = failure or tr("The run failed; see the log messages of QGIS.")
            reason = html.escape(reason, quote=False)  # the bar renders markup
            self.bar.pushMessage(tr("Nothing was changed"), reason, Qgis.MessageLevel.Critical, 0)
        self.fill()

    def _make_list(self) -> None:
        heads = [
            tr("Name"),
            tr("Method"),
            tr("Bands"),
            tr("Sensors"),
            tr("Licence"),
            tr("Usable for"),
        ]
        self.list.setHeaderLabels([*heads, tr("Size"), tr("Location")])
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setAccessibleName(tr("Models"))
        self.list.currentItemChanged.connect(lambda *_: self._show_chosen())
        self.card.setAccessibleName(tr("Model card"))
        self.card.setOpenLinks(False)

    def _lay_out(self) -> None:
        actions = {
            "import": (tr("&Import…"), self.import_model),
            "card": (tr("&Edit card…"), self.edit),
            "delete": (tr("&Delete…"), self.delete),
            "folder": (tr("&Open folder"), self.open_folder),
        }
        row = QHBoxLayout()
        for key, (text, act) in actions.items():
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, do=act: do())
            self.buttons[key] = button
            row.addWidget(button)
        row.addStretch()
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        # Enter in the list must do nothing; Esc and the button close.
        close.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        row.addWidget(close)
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self.list)
        both.addWidget(self.card)
        both.setStretchFactor(1, 1)
        both.setSizes([220, 260])
        layout = QVBoxLayout(self)
        layout.addWidget(self.bar)
        layout.addWidget(both, 1)
        layout.addLayout(row)

    def sizeHint(self) -> QSize:
        return QSize(1000, 560)


class CardDialog(QDialog):
    """Asks for values of a card: `name`, `licence`, `notes`.

    Parameters
    ----------
    values : current values; only these are asked for.
    reason : sentence shown above them; empty for none.
    """

    def __init__(
        self, values: Mapping[str, str], reason: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Model card"))
        self._current = dict(values)
        labels = {"name": tr("&Name"), "licence": tr("&Licence"), "notes": tr("N&otes")}
        self.fields: dict[str, QLineEdit | QPlainTextEdit] = {}
        form = QFormLayout()
        for key, text in values.items():
            field = QPlainTextEdit(text) if key == "notes" else QLineEdit(text)
            if isinstance(field, QPlainTextEdit):
                field.setTabChangesFocus(True)
            self.fields[key] = field
            form.addRow(labels[key], field)
        self.problem = QLabel(reason)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.problem)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.resize(460, 120 if "notes" not in values else 320)

    def values(self) -> dict[str, str]:
        """Return the values entered."""
        return {
            key: field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text().strip()
            for key, field in self.fields.items()
        }

    def accept(self) -> None:
        """Close, unless the name is not allowed."""
        name = self.values()["name"]
        kept = "licence" in self._current and name == self._current["name"]
        problem = "" if kept else models.name_problem(name)
        self.problem.setText(problem)
        if not problem:
            super().accept()


def _row(model: models.ModelInfo) -> list[str]:
    """Return the columns of the list."""
    return [
        model.name,
        methods.label(model.method),
        (tr("any") if model.bands is None else str(model.bands)) if model.method else "",
        ", ".join(model.sensors) or (tr("any") if model.method else ""),
        card_text(model.licence) or (tr("as the plugin") if model.shipped else ""),
        tr("not usable: {}").format(model.problem) if model.problem else describe(model),
        tr("{:.1f} MB").format(model.size / 1e6),
        tr("shipped with the plugin") if model.shipped else str(model.path.parent),
    ]


def _html_page(model: models.ModelInfo) -> str:
    """Return notes, ratios and scores as HTML; texts of the card are escaped."""
    parts = [f"<h3>{html.escape(model.name)}</h3>"]
    if model.problem:
        text = tr("Not usable: {}.").format(model.problem)
        return "".join([*parts, f"<p>{html.escape(text)}</p>", _html_path(model)])
    notes = html.escape(card_text(model.notes)).replace("\n", "<br>")
    parts.append(f"<p>{notes}</p>" if notes else "")
    ratios = tr("Trained for pixel size ratios from {:g} to {:g}.").format(*model.ratios)
    parts += [f"<p>{html.escape(ratios)}</p>", _html_scores(model.scores), _html_path(model)]
    return "".join(parts)


def _html_path(model: models.ModelInfo) -> str:
    return f"<p>{html.escape(str(model.path))}</p>"


def _number(value: object) -> str:
    """Return a score as text; empty if it is no number, or too large for a float."""
    valid = isinstance(value, (int, float)) and abs(value) < _MAX_SCORE
    return formatted(float(value), ".4g") if valid else ""


def _html_scores(scores: Mapping[str, Any]) -> str:
    """Return the scores as a table with a row for each set and method."""
    rows = []
    for name, by_method in scores.items():
        if not isinstance(by_method, Mapping):
            continue
        for method, row in by_method.items():
            if isinstance(row, Mapping):
                numbers = (row.get(index) for index in _SHOWN)
                rows.append([str(name), methods.label(str(method)), *map(_number, numbers)])
    if not rows:
        return f"<p>{html.escape(tr('The card has no scores.'))}</p>"
    head = [tr("Data set"), tr("Method"), *_SHOWN]
    lines = [
        "<tr>" + "".join(f"<{tag} align='left'>{html.escape(c)}&nbsp;&nbsp;</{tag}>" for c in row)
        + "</tr>"
        for tag, row in [("th", head), *(("td", row) for row in rows)]
    ]  # fmt: skip
    protocol = html.escape(card_text(str(scores.get("protocol") or "")))
    return f"<table>{''.join(lines)}</table><p><small>{protocol}</small></p>"
