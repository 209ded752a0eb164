# SPDX-License-Identifier: GPL-2.0-or-later
"""Window with the curve of a running training: losses of both stages, validation error."""

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
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ..language import formatted, tr

_DECAY = 0.9  # of the running mean, since the losses of single steps vary a lot
_MIN_CONTRAST = 96  # of 255, for text to be readable
_MIN_LOSS = 1e-6  # for the logarithm


class CurveFeed(QObject):
    """Passes the measurements of a training from its thread to a panel, while that exists."""

    _measured = pyqtSignal(dict)
    _ended = pyqtSignal(str)

    def __init__(self, panel: CurvePanel) -> None:
        super().__init__(panel)
        self._measured.connect(panel.add, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(panel.end, Qt.ConnectionType.QueuedConnection)

    def measure(self, event: Mapping[str, Any]) -> None:
        """Show a measurement of the worker."""
        if not sip.isdeleted(self):
            self._measured.emit(dict(event))

    def end(self, text: str) -> None:
        """Show how the training ended."""
        if not sip.isdeleted(self):
            self._ended.emit(text)


class CurveView(QWidget):
    """Draws the losses on a logarithmic scale over the steps of both stages.

    The colours are those of the palette, so that they suit light and dark themes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(360, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Training curve"))
        self._points: dict[int, list[tuple[int, float]]] = {1: [], 2: []}
        self._steps = {1: 0, 2: 0}

    def clear(self) -> None:
        """Remove all points."""
        self._points, self._steps = {1: [], 2: []}, {1: 0, 2: 0}
        self.update()

    def add(self, stage: int, step: int, steps: int, loss: float) -> None:
        """Add a loss; a run continued from an earlier step replaces the later points."""
        points = self._points[stage]
        while points and points[-1][0] >= step:
            points.pop()
        points.append((step, loss))
        self._steps[stage] = steps
        self.update()

    def lines(self, area: QRectF) -> dict[int, tuple[QPolygonF, QPolygonF]]:
        """Return the losses and their running mean by stage, as points within an area."""
        low, high = self._range()
        whole = max(self._width(), 1)
        first_step, found = 0, {}
        for stage, points in self._points.items():
            raw, smooth, mean = QPolygonF(), QPolygonF(), 0.0
            for number, (step, loss) in enumerate(points):
                value = math.log10(max(loss, _MIN_LOSS))
                keep = min(_DECAY, number / (number + 1))
                mean = keep * mean + (1 - keep) * value
                x = area.left() + area.width() * (first_step + step) / whole
                for line, level in ((raw, value), (smooth, mean)):
                    y = area.bottom() - area.height() * (level - low) / (high - low)
                    line.append(QPointF(x, y))
            found[stage] = (raw, smooth)
            first_step += self._steps[stage]
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        # Room for the numbers of the axes in any font.
        text = self.fontMetrics()
        left, below = text.horizontalAdvance("0.00000 "), 1.6 * text.height()
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
            # Solid or dashed, for people who cannot tell the colours apart.
            stroke = Qt.PenStyle.SolidLine if stage == 1 else Qt.PenStyle.DashLine
            painter.setPen(QPen(colours[stage], 2.5, stroke))
            painter.drawPolyline(smooth)
        painter.end()

    def _draw_axes(self, painter: QPainter, area: QRectF) -> None:
        text = self.text_colour()
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
            painter.drawText(place, side, formatted(10**level, ".3g"))
        first, whole = self._steps[1], self._width()
        painter.setPen(text)
        below = QRectF(area.left(), area.bottom() + 4, area.width(), 40)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, tr("step"))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, str(whole) if whole else "")
        if first and self._steps[2]:
            x = area.left() + area.width() * first / whole
            painter.setPen(QPen(text, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def text_colour(self) -> QColor:
        """Return the palette's text colour, or black or white if it cannot be read.

        Themes made of style sheets do not change the palette's text colour.
        """
        palette = self.palette()
        text, ground = (
            palette.color(r) for r in (QPalette.ColorRole.Text, QPalette.ColorRole.Base)
        )
        if abs(text.lightness() - ground.lightness()) >= _MIN_CONTRAST:
            return text
        return QColor(Qt.GlobalColor.white if ground.lightness() < 128 else Qt.GlobalColor.black)

    def _width(self) -> int:
        return self._steps[1] + self._steps[2]

    def _range(self) -> tuple[float, float]:
        """Return the logarithms of the smallest and largest loss, with a margin."""
        values = [loss for points in self._points.values() for _, loss in points]
        if not values:
            return -2.0, 0.0
        low, high = (math.log10(max(value, _MIN_LOSS)) for value in (min(values), max(values)))
        return low - 0.05, high + 0.05


class CurvePanel(QWidget):
    """The curve of a training with its numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.running = False
        self.view = CurveView()
        self.state = QLabel()
        self.error = QLabel()
        for label in (self.state, self.error):
            label.setWordWrap(True)
        self.state.setAccessibleName(tr("Training status"))
        self.error.setAccessibleName(tr("Validation error"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        legend = QLabel(tr("Solid: loss of stage 1. Dashed: loss of stage 2. Lower is better."))
        legend.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.state, self.view, legend, self.error):
            layout.addWidget(widget, 1 if widget is self.view else 0)
        self.begin()

    def begin(self) -> None:
        """Clear the panel for a new training."""
        self.running = True
        self.state.setText(tr("Starting the training…"))
        self.error.clear()
        self.view.clear()

    def add(self, event: Mapping[str, Any]) -> None:
        """Add a measurement of the worker; an incomplete one is ignored."""
        try:
            stage, step, steps = (int(event[key]) for key in ("stage", "step", "steps"))
            loss = float(event["loss"])
        except (KeyError, TypeError, ValueError):
            return
        if stage not in (1, 2) or not math.isfinite(loss):
            return
        self.view.add(stage, step, steps, loss)
        text = tr("Stage {} of 2, step {} of {}, loss {:.4f}").format(stage, step, steps, loss)
        self.state.setText(text)
        self.view.setAccessibleDescription(text)
        errors = event.get("validation")
        if isinstance(errors, dict) and errors:
            listed = ", ".join(f"{name} {formatted(x, '.4g')}" for name, x in errors.items())
            self.error.setText(tr("Validation ERGAS: {}").format(listed))

    def end(self, text: str) -> None:
        """Show how the training ended; the curve stays."""
        self.running = False
        self.state.setText(text)


class CurveWindow(QDialog):
    """Shows the curve of a training; stays when the algorithm's dialog is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resize(560, 360)
        self.panel = CurvePanel()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.panel, 1)
        layout.addWidget(buttons)


# The parent does not keep their Python objects alive: `iface.mainWindow()` returns a new wrapper at
# each call, which takes those of its children along.
_opened: list[CurveWindow] = []
# Panels that wait for a training, by its name.
_expected: dict[str, CurvePanel] = {}


def expect(name: str, panel: CurvePanel) -> None:
    """Have the training of a name, which is about to start, shown in a panel."""
    _expected[name] = panel


def open_curve(name: str, parent: QWidget | None) -> CurveFeed:
    """Show a new training, in the main thread: where it is expected, or in a window.

    The window of a training that has ended is reused.
    """
    panel = _expected.pop(name, None)
    if panel is not None and not sip.isdeleted(panel):
        return CurveFeed(panel)
    window = next((each for each in windows() if not each.panel.running), None)
    if window is None:
        window = CurveWindow(parent)
        _opened.append(window)
    window.panel.begin()
    window.setWindowTitle(tr("KSDiff: training of {}").format(name))
    window.show()
    return CurveFeed(window.panel)


def remove_all() -> None:
    """Close the windows, when the plugin is unloaded."""
    for window in windows():
        window.close()
        window.deleteLater()
    _opened.clear()
    _expected.clear()


def windows() -> list[CurveWindow]:
    """Return the curve windows that exist."""
    return [window for window in _opened if not sip.isdeleted(window)]
