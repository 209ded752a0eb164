# SPDX-License-Identifier: GPL-2.0-or-later
"""The window with the models: what each is and fits, import, card, delete, where they are."""

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
from ..algorithms.models import CARD, DELETE, IMPORT, about
from ..language import tr
from .job import Job

ALGORITHM = "ksdiff:models"
_SHOWN = ("ERGAS", "SAM", "Q2n")
_LARGEST = 1e12  # of scores
_WIDEST = 220  # px, of a column: what is longer is told by its tooltip


class ModelsDialog(QDialog):
    """The models that came with the plugin and one's own.

    Parameters
    ----------
    parent : the window it belongs to.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("KSDiff: models"))
        self.resize(860, 560)
        self.job: Job | None = None
        self._after = ""
        self.bar = QgsMessageBar()
        self.list = QTreeWidget()
        self.card = QTextBrowser()
        self._buttons: dict[str, QPushButton] = {}
        self._make_list()
        self._lay_out()
        self.fill()

    # --- what is shown ---

    def fill(self) -> None:
        """Read the models anew; the chosen one stays chosen."""
        chosen = self._after or (self.chosen().name if self.chosen() else "")
        self._after = ""
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
            self.list.setColumnWidth(column, min(self.list.columnWidth(column), _WIDEST))
        self._choose()

    def chosen(self) -> models.Model | None:
        """The model that is selected."""
        item = self.list.currentItem()
        return item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None

    def _choose(self) -> None:
        model = self.chosen()
        self.card.setHtml(_page(model) if model else "")
        own, idle = model is not None and not model.shipped, self.job is None
        self._buttons["import"].setEnabled(idle)
        self._buttons["card"].setEnabled(idle and own and not model.problem)
        self._buttons["delete"].setEnabled(idle and own)

    # --- what can be done ---

    def take_in(self) -> None:
        """Ask for a file, and for a name where its own is taken; then import."""
        kinds = tr("Models") + " (*.safetensors)"
        file, _ = QFileDialog.getOpenFileName(self, tr("Import a model"), "", kinds)
        if file:
            self.take_in_file(file)

    def take_in_file(self, file: str) -> None:
        """Import a file."""
        name = Path(file).stem
        problem = models.name_problem(name)
        if problem:
            self.ask({"name": f"{name}-2"}, problem, lambda said: self._import(file, said))
        else:
            self._import(file, {"name": name})

    def _import(self, file: str, said: Mapping[str, str]) -> None:
        self._after = said["name"]
        self._start({"ACTION": IMPORT, "FILE": file, "NAME": said["name"]})

    def edit(self) -> None:
        """Ask for name, licence and notes of the chosen model, and write them."""
        model = self.chosen()
        if model is None:
            return
        told = {"name": model.name, "licence": model.licence, "notes": model.notes}
        self.ask(told, "", lambda said: self._write(model, said))

    def _write(self, model: models.Model, said: Mapping[str, str]) -> None:
        self._after = said["name"]
        # A blank is no text: nothing at all would leave what was there.
        values = {key.upper(): said[key] or " " for key in ("licence", "notes")}
        self._start({"ACTION": CARD, "FILE": str(model.path), "NAME": said["name"], **values})

    def ask(
        self, values: Mapping[str, str], why: str, then: Callable[[Mapping[str, str]], None]
    ) -> None:
        """Open a window for values of a card, and do something with what was entered."""
        window = CardDialog(values, why, self)
        window.accepted.connect(lambda: then(window.values()))
        window.open()

    def delete(self) -> None:
        """Delete the chosen model, if its owner is sure."""
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
        """Show the chosen model's files, or the folder of one's own."""
        model = self.chosen()
        place = model.path.parent if model is not None else models.folder()
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))

    def _start(self, parameters: Mapping[str, Any]) -> None:
        """Have QGIS' task manager run it; the window stays usable."""
        self.bar.clearWidgets()
        self.job = Job(ALGORITHM, parameters, self)
        self.job.done.connect(self._end)
        self._choose()
        self.setCursor(Qt.CursorShape.BusyCursor)
        self.job.start()

    def _end(self, good: bool, results: dict[str, Any], failure: str) -> None:
        self.unsetCursor()
        self.job = None
        if not good:
            self._after = ""
            said = failure or tr("It did not work; the log messages of QGIS tell more.")
            said = html.escape(said, quote=False)  # the bar shows markup, and files' names may be
            self.bar.pushMessage(tr("Nothing was changed"), said, Qgis.MessageLevel.Critical, 0)
        self.fill()

    # --- how it looks ---

    def _make_list(self) -> None:
        heads = [tr("Name"), tr("Method"), tr("Bands"), tr("Sensors"), tr("Licence"), tr("Fits")]
        self.list.setHeaderLabels([*heads, tr("Size"), tr("Where")])
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setAccessibleName(tr("Models"))
        self.list.currentItemChanged.connect(lambda *_: self._choose())
        self.card.setAccessibleName(tr("Card of the model"))
        self.card.setOpenLinks(False)

    def _lay_out(self) -> None:
        actions = {
            "import": (tr("&Import…"), self.take_in),
            "card": (tr("&Edit card…"), self.edit),
            "delete": (tr("&Delete…"), self.delete),
            "folder": (tr("&Open folder"), self.open_folder),
        }
        row = QHBoxLayout()
        for key, (text, act) in actions.items():
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, do=act: do())
            self._buttons[key] = button
            row.addWidget(button)
        row.addStretch()
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        # Enter in the list must do nothing; the keys to close are Esc and the button's own.
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
        return QSize(860, 560)


class CardDialog(QDialog):
    """Asks for values of a card, by their names: `name`, `licence`, `notes`.

    Parameters
    ----------
    values : what is there now; only these are asked.
    why : a sentence above them; empty for none.
    parent : the window it belongs to.
    """

    def __init__(self, values: Mapping[str, str], why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Card of the model"))
        self._before = dict(values)
        labels = {"name": tr("&Name"), "licence": tr("&Licence"), "notes": tr("N&otes")}
        self.fields: dict[str, QLineEdit | QPlainTextEdit] = {}
        form = QFormLayout()
        for key, text in values.items():
            field = QPlainTextEdit(text) if key == "notes" else QLineEdit(text)
            if isinstance(field, QPlainTextEdit):
                field.setTabChangesFocus(True)
            self.fields[key] = field
            form.addRow(labels[key], field)
        self.problem = QLabel(why)
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
        """What was entered."""
        return {
            key: field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text().strip()
            for key, field in self.fields.items()
        }

    def accept(self) -> None:
        """Close, unless the name cannot be."""
        name = self.values()["name"]
        kept = "licence" in self._before and name == self._before["name"]
        problem = "" if kept else models.name_problem(name)
        self.problem.setText(problem)
        if not problem:
            super().accept()


def _row(model: models.Model) -> list[str]:
    """The columns of the list."""
    fits = model.problem or about(model)
    return [
        model.name,
        model.method,
        (tr("any") if model.bands is None else str(model.bands)) if model.method else "",
        ", ".join(model.sensors) or (tr("any") if model.method else ""),
        model.licence or (tr("as the plugin") if model.shipped else ""),
        tr("not usable: {}").format(fits) if model.problem else fits,
        f"{model.size / 1e6:.1f} MB",
        tr("came with the plugin") if model.shipped else str(model.path.parent),
    ]


def _page(model: models.Model) -> str:
    """Notes, ratios and scores of a model; everything from its card is text, never markup."""
    parts = [f"<h3>{html.escape(model.name)}</h3>"]
    if model.problem:
        said = tr("It cannot be used: {}.").format(model.problem)
        return "".join([*parts, f"<p>{html.escape(said)}</p>", _where(model)])
    notes = html.escape(model.notes).replace("\n", "<br>")
    parts.append(f"<p>{notes}</p>" if notes else "")
    ratios = tr("Trained for ratios of the pixel sizes from {:g} to {:g}.").format(*model.ratios)
    parts += [f"<p>{html.escape(ratios)}</p>", _scores(model.scores), _where(model)]
    return "".join(parts)


def _where(model: models.Model) -> str:
    return f"<p>{html.escape(str(model.path))}</p>"


def _number(value: object) -> str:
    """A score; nothing for what is none, as a number that no float can hold."""
    good = isinstance(value, (int, float)) and abs(value) < _LARGEST
    return f"{value:.4g}" if good else ""


def _scores(scores: Mapping[str, Any]) -> str:
    """The scores as a table: a row for each set and method."""
    rows = []
    for name, methods in scores.items():
        if not isinstance(methods, Mapping):
            continue
        for method, row in methods.items():
            if isinstance(row, Mapping):
                numbers = (row.get(index) for index in _SHOWN)
                rows.append([str(name), str(method), *map(_number, numbers)])
    if not rows:
        return f"<p>{html.escape(tr('Its card has no scores.'))}</p>"
    head = [tr("Scores on"), tr("Method"), *_SHOWN]
    lines = [
        "<tr>" + "".join(f"<{tag} align='left'>{html.escape(c)}&nbsp;&nbsp;</{tag}>" for c in row)
        + "</tr>"
        for tag, row in [("th", head), *(("td", row) for row in rows)]
    ]  # fmt: skip
    protocol = html.escape(str(scores.get("protocol") or ""))
    return f"<table>{''.join(lines)}</table><p><small>{protocol}</small></p>"
