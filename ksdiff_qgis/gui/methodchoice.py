# SPDX-License-Identifier: GPL-2.0-or-later
"""The field of the parameter METHOD: plain words in dialogs, the methods' names beneath."""

from __future__ import annotations

from typing import Any

from processing.gui.wrappers import DIALOG_MODELER, WidgetWrapper, dialogTypes
from qgis.core import QgsProcessingParameterDefinition
from qgis.gui import QgsGui
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QWidget


class MethodChoice(WidgetWrapper):
    """A list of titles whose values are method names; QGIS' own field shows the names alone.

    `parameters.method_choice` names this class to QGIS. In the model designer it makes QGIS' own
    field, which also offers a model's inputs.

    Parameters
    ----------
    definition, dialog, row, column : as QGIS gives them.
    titles : method name -> title.
    """

    def __new__(
        cls,
        definition: QgsProcessingParameterDefinition,
        dialog: QDialog,
        row: int = 0,
        column: int = 0,
        *,
        titles: dict[str, str],
    ) -> Any:
        if dialogTypes.get(type(dialog).__name__) != DIALOG_MODELER:
            return super().__new__(cls)
        field = QgsGui.processingGuiRegistry().createModelerParameterWidget(
            dialog.model, dialog.childId, definition, dialog.context
        )
        field.setDialog(dialog)
        _show_titles(field, titles)
        return field

    def createWidget(self, titles: dict[str, str]) -> QComboBox:
        """Return the list. QGIS calls this in the constructor."""
        box = QComboBox()
        for name in self.parameterDefinition().options():  # QGIS sorts `titles`
            box.addItem(name, name)
        _show_titles(box, titles)
        box.currentIndexChanged.connect(lambda _index: self.widgetValueHasChanged.emit(self))
        return box

    def setValue(self, value: Any) -> None:
        self.setComboValue(value)

    def value(self) -> str:
        return self.widget.currentData()


def _show_titles(field: QWidget, titles: dict[str, str]) -> None:
    """Show titles for the names in a list, or in the lists of a field, and the names as tips."""
    for box in [field] if isinstance(field, QComboBox) else field.findChildren(QComboBox):
        for index in range(box.count()):
            name = box.itemData(index)
            if isinstance(name, str) and name in titles:
                box.setItemText(index, titles[name])
                box.setItemData(index, name, Qt.ItemDataRole.ToolTipRole)
