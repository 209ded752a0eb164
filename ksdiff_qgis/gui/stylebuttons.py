# SPDX-License-Identifier: GPL-2.0-or-later
"""Buttons in the layer panel that show a result in true colour or in near infrared."""

from __future__ import annotations

from qgis.core import QgsMapLayer
from qgis.gui import QgsGui, QgsLayerTreeEmbeddedWidgetProvider
from qgis.PyQt.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ..language import tr
from ..layers.style import STYLE_BUTTONS


class StyleButtons(QWidget):
    """A button for each style of a layer, that of the current one pressed."""

    def __init__(self, layer: QgsMapLayer) -> None:
        super().__init__()
        self._layer = layer
        self.buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for name in layer.styleManager().styles():
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, name=name: self._use(name))
            row.addWidget(button)
            self.buttons[name] = button
        row.addStretch()
        layer.styleManager().currentStyleChanged.connect(self._show_current)
        self._show_current()

    def _use(self, name: str) -> None:
        self._layer.styleManager().setCurrentStyle(name)
        self._layer.triggerRepaint()
        self._show_current()

    def _show_current(self, _name: str = "") -> None:
        current = self._layer.styleManager().currentStyle()
        for name, button in self.buttons.items():
            button.setChecked(name == current)


class _Provider(QgsLayerTreeEmbeddedWidgetProvider):
    def id(self) -> str:
        return STYLE_BUTTONS

    def name(self) -> str:
        return tr("KSDiff: styles")

    def createWidget(self, layer: QgsMapLayer, _index: int) -> QWidget:
        return StyleButtons(layer)

    def supportsLayer(self, layer: QgsMapLayer) -> bool:
        return len(layer.styleManager().styles()) > 1


def install() -> None:
    """Register the buttons in QGIS."""
    QgsGui.layerTreeEmbeddedWidgetRegistry().addProvider(_Provider())


def remove() -> None:
    """Undo `install`; QGIS ignores the buttons of layers then."""
    QgsGui.layerTreeEmbeddedWidgetRegistry().removeProvider(STYLE_BUTTONS)
