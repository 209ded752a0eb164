# SPDX-License-Identifier: GPL-2.0-or-later
"""A panel that shows the methods side by side on a part of the scene, in linked maps."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import qgis.utils
from qgis.core import QgsProcessingUtils, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapToolPan
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QCloseEvent
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QDockWidget,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ..algorithms import methods
from ..algorithms import parameters as p
from ..language import tr
from ..layers.style import ImageResult
from . import previewplan
from .background import BackgroundRun, start_detached
from .previewplan import Step

_COLUMNS = 2
_SIZE = (860, 720)
RunWhole = Callable[[Step], None]


class View(QWidget):
    """A map of one method's result, with a button that chooses the method."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step
        self.layer: QgsRasterLayer | None = None
        self.choice = QRadioButton(step.title)
        self.state = QLabel(tr("waiting…"))
        self.canvas = QgsMapCanvas()
        self.canvas.setCanvasColor(self.palette().color(self.backgroundRole()))
        self.canvas.setMinimumSize(160, 120)
        self._pan = QgsMapToolPan(self.canvas)
        self.canvas.setMapTool(self._pan)
        head = QHBoxLayout()
        head.addWidget(self.choice)
        head.addStretch()
        head.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.canvas, 1)

    def show_layer(self, layer: QgsRasterLayer, extent: QgsRectangle) -> None:
        """Show a result."""
        self.layer = layer
        self.canvas.setDestinationCrs(layer.crs())
        self.canvas.setLayers([layer])
        self.canvas.setExtent(extent)
        self.canvas.refresh()


class PreviewPanel(QDockWidget):
    """Sharpens a part of the scene with each method in turn; the maps move together.

    Parameters
    ----------
    algorithm, parameters : what the user has set in a dialog.
    layers : PAN and MS.
    part : of the scene, in PAN's CRS.
    run_whole : sharpens the whole scene.
    """

    shown: ClassVar[PreviewPanel | None] = None

    def __init__(
        self,
        algorithm: str,
        parameters: Mapping[str, Any],
        layers: Sequence[QgsRasterLayer],
        part: QgsRectangle,
        run_whole: RunWhole,
    ) -> None:
        super().__init__(tr("KSDiff: preview"))
        self.setObjectName("ksdiff_preview")
        self._layers, self._part, self._run_whole = layers, part, run_whole
        self._chosen = previewplan.whole(algorithm, parameters)
        self.views = [View(step) for step in previewplan.steps(algorithm, parameters)]
        self._waiting = list(self.views)
        self._unfinished = list(self.views)  # those that wait, and the one that runs
        self._job: BackgroundRun | None = None
        self._linking = False
        self.choices = QButtonGroup(self)
        self.best = QRadioButton(methods.title(methods.AUTO))
        self.run_button = QPushButton(tr("Run on the whole scene"))
        self.run_button.clicked.connect(lambda _checked=False: self._run_whole(self._picked()))
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.clicked.connect(lambda _checked=False: self.stop())
        self._lay_out()
        for view in self.views:
            self.choices.addButton(view.choice)
            view.choice.setChecked(view.step.method == self._chosen.method)
            view.canvas.extentsChanged.connect(lambda view=view: self._link(view))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        for number, view in enumerate(self.views):
            grid.addWidget(view, number // _COLUMNS, number % _COLUMNS)
        self.note = QLabel(
            tr(
                "Each method is fitted to this part only, without fine-tuning: the result of "
                "the whole scene may differ a little."
            )
        )
        self.note.setWordWrap(True)
        below = QHBoxLayout()
        below.addWidget(self.note, 1)
        if self._chosen.method == methods.AUTO:
            self.choices.addButton(self.best)
            self.best.setChecked(True)
            below.addWidget(self.best)
        below.addWidget(self.cancel_button)
        below.addWidget(self.run_button)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addLayout(grid, 1)
        column.addLayout(below)
        self.setWidget(inside)

    def start(self) -> None:
        """Sharpen with the methods, one after another."""
        self._next()

    def stop(self) -> None:
        """Cancel the current run, and drop the others."""
        for view in self._unfinished:
            view.state.setText(tr("cancelled"))
        self._waiting.clear()
        self._unfinished.clear()
        self.cancel_button.setEnabled(False)
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop()
        super().closeEvent(event)

    @property
    def busy(self) -> bool:
        """Tell whether a method is being run."""
        return self._job is not None

    def _picked(self) -> Step:
        """Return the run of the whole scene with the method that is chosen here."""
        return next((view.step for view in self.views if view.choice.isChecked()), self._chosen)

    def _next(self) -> None:
        if not self._waiting:
            self._job = None
            self.cancel_button.setEnabled(False)
            return
        view, begun = self._waiting.pop(0), time.monotonic()
        view.state.setText(tr("sharpening…"))
        output = QgsProcessingUtils.generateTempFilename("preview.tif")
        given = view.step.on_part(self._part, output)

        def end(job: BackgroundRun, good: bool, _results: dict[str, Any], failure: str) -> None:
            if self._job is job:
                self._unfinished.remove(view)
                seconds = time.monotonic() - begun
                self._show(view, output if good else "", tr("{:.1f} s").format(seconds), failure)
                self._next()

        self._job = job = start_detached(view.step.algorithm, given, end)

        def tell(percent: float) -> None:
            if self._job is job:
                view.state.setText(tr("sharpening… {:.0f} %").format(percent))

        job.progressed.connect(tell)

    def _show(self, view: View, path: str, took: str, failure: str) -> None:
        layer = QgsRasterLayer(path, view.step.title) if path else None
        if layer is None or not layer.isValid():
            view.state.setText(tr("failed"))
            view.state.setToolTip(failure)
            return
        done = [each.layer for each in self.views if each.layer is not None]
        if done:  # in the same colours, to be compared
            layer.setRenderer(done[0].renderer().clone())
        else:
            self._style(layer, view.step)
        view.state.setText(took)
        view.show_layer(layer, done_extent(self.views) or layer.extent())

    def _style(self, layer: QgsRasterLayer, step: Step) -> None:
        """Show true colour, or the style of MS."""
        pan, ms = self._layers
        bands = [int(band) for band in step.parameters.get(p.MS_BANDS) or ()]
        styled = not step.parameters.get(p.MS_LAYERS)
        ImageResult(ms, bands, "", (pan, ms), styled=styled).apply_style(layer)

    def _link(self, moved: View) -> None:
        """Show the extent of one map in the others."""
        if self._linking or moved.layer is None:
            return
        self._linking = True
        for view in self.views:
            if view is not moved and view.layer is not None:
                view.canvas.setExtent(moved.canvas.extent())
                view.canvas.refresh()
        self._linking = False


def done_extent(views: Sequence[View]) -> QgsRectangle | None:
    """Return the extent of the maps; None while they are empty."""
    return next((view.canvas.extent() for view in views if view.layer is not None), None)


def show(
    algorithm: str,
    parameters: Mapping[str, Any],
    layers: Sequence[QgsRasterLayer],
    run_whole: RunWhole,
) -> str:
    """Open the panel for the visible part; return why that is not possible, empty if it is."""
    iface = qgis.utils.iface
    part = previewplan.visible_part(iface.mapCanvas(), *layers)
    if part is None:
        return tr("The map does not show the pair: zoom to it for a preview.")
    remove()
    panel = PreviewPanel(algorithm, parameters, layers, part, run_whole)
    PreviewPanel.shown = panel
    iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, panel)
    panel.setFloating(True)
    panel.resize(*_SIZE)
    panel.show()
    panel.start()
    return ""


def remove() -> None:
    """Close the panel."""
    panel, PreviewPanel.shown = PreviewPanel.shown, None
    if panel is not None:
        panel.stop()
        qgis.utils.iface.removeDockWidget(panel)
        for view in panel.views:
            view.canvas.stopRendering()
        sip.delete(panel)  # now: its maps must not outlive QGIS
