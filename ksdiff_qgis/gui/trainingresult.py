# SPDX-License-Identifier: GPL-2.0-or-later
"""Last page of the training window: whether the model is better on held-out ground."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..language import formatted, tr

INDICES = ("ERGAS", "SAM", "Q2n")

FIT = "scene-fit"

#: Label of a compared sharpening -> its scores.
Rows = Mapping[str, Mapping[str, float]]


class TrainingResult(QWidget):
    """A verdict in words, its scores, and what they mean."""

    def __init__(self) -> None:
        super().__init__()
        self.verdict = QLabel()
        self.scores = QTableWidget(0, len(INDICES))
        self.scores.setHorizontalHeaderLabels(list(INDICES))
        self.scores.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.scores.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.scores.setAccessibleName(tr("Scores on held-out ground"))
        self.scores.setSizeAdjustPolicy(QTableWidget.SizeAdjustPolicy.AdjustToContents)
        self.scores.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        explained = QLabel(
            tr(
                "Scores on held-out ground at reduced resolution, where MS is the reference. "
                "ERGAS and SAM: lower is better. Q2n: higher is better, 1 at most. They hold "
                "for these scenes only: on every other scene the model is tested again before "
                "it is used."
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.verdict, self.scores, explained):
            layout.addWidget(widget)
        for label in (self.verdict, explained):
            label.setWordWrap(True)
        layout.addStretch(1)

    def tell(self, rows: Rows, gained: bool) -> None:
        """Show scores and verdict; without rows nothing was held out."""
        text = tr("Nothing was held out, so it is not known whether the model is better.")
        if rows:
            head = tr("The model is better.") if gained else tr("The model is not better.")
            rest = tr("Its ERGAS would have to be lower than both others.")
            if gained:
                rest = tr("Its ERGAS is lower than those of the others.")
            text = " ".join([f"<b>{head}</b>", rest, *_against(rows)])
        self.verdict.setText(text)
        self.scores.setRowCount(len(rows))
        self.scores.setVisible(bool(rows))
        self.scores.setVerticalHeaderLabels([_title(label) for label in rows])
        for row, scores in enumerate(rows.values()):
            for column, index in enumerate(INDICES):
                item = QTableWidgetItem(formatted(scores[index], "#.4g"))
                item.setTextAlignment(int(Qt.AlignmentFlag.AlignCenter))
                self.scores.setItem(row, column, item)


def _against(rows: Rows) -> list[str]:
    """Return a sentence for each other index by which the new model is not the best."""
    found = []
    for index, sign in (("SAM", 1), ("Q2n", -1)):
        best = min(rows, key=lambda label: sign * rows[label][index])
        if best in (FIT, *filter(_is_before, rows)):
            found.append(tr("Better by {}: {}.").format(index, _title(best)))
    return found


def _title(label: str) -> str:
    if label == FIT:
        return tr("Scene fit")
    return tr("Weights before") if _is_before(label) else tr("Your model")


def _is_before(label: str) -> bool:
    return label.endswith(" before")
