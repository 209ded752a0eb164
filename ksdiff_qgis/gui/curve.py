# SPDX-License-Identifier: GPL-2.0-or-later
"""The curve of a training as it runs: loss of both stages, and the error on what was held out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QPointF, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from ..language import tr

_SMOOTH = 0.9  # of the mean so far stays with each step: losses of steps differ a lot
_CONTRAST = 96  # of 255: less cannot be read
_LEAST = 1e-6  # a logarithm needs more than 0


class Measurements(QObject):
    """What a training tells, from its thread to the windows'."""

    measured = pyqtSignal(dict)
    ended = pyqtSignal(str)


class CurveView(QWidget):
    """Draws the losses on a logarithmic scale over the steps of both stages.

    The colours are the palette's, so that it can be read in light and dark themes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(360, 200)
        self.setAccessibleName(tr("Curve of the training"))
        self._points: dict[int, list[tuple[int, float]]] = {1: [], 2: []}
        self._steps = {1: 0, 2: 0}

    def clear(self) -> None:
        self._points, self._steps = {1: [], 2: []}, {1: 0, 2: 0}
        self.update()

    def add(self, stage: int, step: int, steps: int, loss: float) -> None:
        """A loss. A run that goes on from an earlier step takes back what was later."""
        points = self._points[stage]
        while points and points[-1][0] >= step:
            points.pop()
        points.append((step, loss))
        self._steps[stage] = steps
        self.update()

    def lines(self, area: QRectF) -> dict[int, tuple[QPolygonF, QPolygonF]]:
        """By stage, every loss and their running mean, as points within an area."""
        low, high = self._range()
        whole = max(self._width(), 1)
        begin, found = 0, {}
        for stage, points in self._points.items():
            raw, smooth, mean = QPolygonF(), QPolygonF(), 0.0
            for number, (step, loss) in enumerate(points):
                value = math.log10(max(loss, _LEAST))
                keep = min(_SMOOTH, number / (number + 1))
                mean = keep * mean + (1 - keep) * value
                x = area.left() + area.width() * (begin + step) / whole
                for line, level in ((raw, value), (smooth, mean)):
                    y = area.bottom() - area.height() * (level - low) / (high - low)
                    line.append(QPointF(x, y))
            found[stage] = (raw, smooth)
            begin += self._steps[stage]
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        # Room for the numbers of the axes, whatever the font.
        text = self.fontMetrics()
        left, below = text.horizontalAdvance("0.0000 "), 1.6 * text.height()
        area = QRectF(self.rect()).adjusted(left, text.height() / 2 + 4, -12, -below)
        self._draw_axes(painter, area)
        colours = {
            1: palette.color(QPalette.ColorRole.Highlight),
            2: palette.color(QPalette.ColorRole.Link),
        }
        for stage, (raw, smooth) in self.lines(area).items():
            faint = QColor(colours[stage])
            faint.setAlpha(90)
            painter.setPen(QPen(faint, 1))
            painter.drawPolyline(raw)
            # Stages also differ in their strokes, for who cannot tell the colours.
            stroke = Qt.PenStyle.SolidLine if stage == 1 else Qt.PenStyle.DashLine
            painter.setPen(QPen(colours[stage], 2.5, stroke))
            painter.drawPolyline(smooth)
        painter.end()

    def _draw_axes(self, painter: QPainter, area: QRectF) -> None:
        text = self._ink()
        faint = QColor(text)
        faint.setAlpha(60)
        low, high = self._range()
        for number in range(4):
            level = low + (high - low) * number / 3
            y = area.bottom() - area.height() * number / 3
            painter.setPen(QPen(faint, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(text)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            place = QRectF(0, y - 20, area.left() - 6, 40)
            painter.drawText(place, side, f"{10**level:.3g}")
        first, whole = self._steps[1], self._width()
        painter.setPen(text)
        below = QRectF(area.left(), area.bottom() + 4, area.width(), 40)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, tr("step"))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, str(whole) if whole else "")
        if first and self._steps[2]:
            x = area.left() + area.width() * first / whole
            painter.setPen(QPen(text, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _ink(self) -> QColor:
        """Colour of numbers and lines: the palette's, where it can be read on the ground.

        Themes that are style sheets leave the palette as it was.
        """
        palette = self.palette()
        text, ground = (
            palette.color(r) for r in (QPalette.ColorRole.Text, QPalette.ColorRole.Base)
        )
        if abs(text.lightness() - ground.lightness()) >= _CONTRAST:
            return text
        return QColor(Qt.GlobalColor.white if ground.lightness() < 128 else Qt.GlobalColor.black)

    def _width(self) -> int:
        return self._steps[1] + self._steps[2]

    def _range(self) -> tuple[float, float]:
        """Logarithms of the least and the largest loss, never the same."""
        values = [loss for points in self._points.values() for _, loss in points]
        if not values:
            return -2.0, 0.0
        low, high = (math.log10(max(value, _LEAST)) for value in (min(values), max(values)))
        return low - 0.05, high + 0.05


class CurveWindow(QDialog):
    """A window of QGIS' main window: it stays when the algorithm's dialog is closed.

    Parameters
    ----------
    parent : QGIS' main window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.running = False
        self.resize(560, 360)
        self.view = CurveView()
        self.state = QLabel(tr("The training is being started…"))
        self.error = QLabel()
        for label in (self.state, self.error):
            label.setWordWrap(True)
        self.state.setAccessibleName(tr("State of the training"))
        self.error.setAccessibleName(tr("Error on what was held out"))
        legend = QLabel(tr("Solid: loss of stage 1. Dashed: loss of stage 2. Lower is better."))
        legend.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.state, self.view, legend, self.error, buttons):
            layout.addWidget(widget, 1 if widget is self.view else 0)

    def begin(self, name: str) -> None:
        """Another training begins."""
        self.running = True
        self.setWindowTitle(tr("KSDiff: training of {}").format(name))
        self.state.setText(tr("The training is being started…"))
        self.error.clear()
        self.view.clear()

    def add(self, event: Mapping[str, Any]) -> None:
        """A measurement; one that is none is passed over."""
        try:
            stage, step, steps = (int(event[key]) for key in ("stage", "step", "steps"))
            loss = float(event["loss"])
        except (KeyError, TypeError, ValueError):
            return
        if stage not in (1, 2) or not math.isfinite(loss):
            return
        self.view.add(stage, step, steps, loss)
        told = tr("Stage {} of 2, step {} of {}, loss {:.4f}").format(stage, step, steps, loss)
        self.state.setText(told)
        self.view.setAccessibleDescription(told)
        errors = event.get("validation")
        if isinstance(errors, dict) and errors:
            listed = ", ".join(f"{name} {value:.4g}" for name, value in errors.items())
            self.error.setText(tr("ERGAS on what was held out: {}").format(listed))

    def end(self, text: str) -> None:
        """The training is over; the curve stays to be looked at."""
        self.running = False
        self.state.setText(text)


# A parent alone would not keep them: `iface.mainWindow()` is another object of Python at each call,
# and takes what Python knows of its children along.
_opened: list[CurveWindow] = []


def open_curve(name: str, parent: QWidget | None) -> Measurements:
    """Show the curve of a training that begins, in the main thread.

    The window of one that has ended is used again.
    """
    window = next((each for each in _windows() if not each.running), None)
    if window is None:
        window = CurveWindow(parent)
        _opened.append(window)
    window.begin(name)
    told = Measurements(window)
    told.measured.connect(window.add, Qt.ConnectionType.QueuedConnection)
    told.ended.connect(window.end, Qt.ConnectionType.QueuedConnection)
    window.show()
    return told


def remove_all() -> None:
    """Take the windows away, with the plugin."""
    for window in _windows():
        window.close()
        window.deleteLater()
    _opened.clear()


def _windows() -> list[CurveWindow]:
    return [window for window in _opened if not sip.isdeleted(window)]
