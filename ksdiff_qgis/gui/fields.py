# SPDX-License-Identifier: GPL-2.0-or-later
"""Fields of the algorithms' dialogs that QGIS does not have.

`algorithms.parameters` names these classes to QGIS, which calls them with a parameter and a dialog.
In the model designer they return QGIS' own fields, which also offer the inputs of a model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from processing.gui.wrappers import DIALOG_BATCH, DIALOG_MODELER, WidgetWrapper, dialogTypes
from qgis.core import QgsProcessingParameterDefinition, QgsProject
from qgis.gui import QgsCheckableComboBox, QgsGui, QgsProcessingGui
from qgis.PyQt.QtCore import QModelIndex, Qt
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QWidget,
)

from ..language import tr
from ..runtime.errors import RunError
from . import selected_layers
from .runtime import in_use


class _OfWords(WidgetWrapper):
    """A field whose values are words, shown by their titles; in a model, QGIS' own field.

    Parameters
    ----------
    definition, dialog, row, column : as QGIS gives them.
    titles : word -> title; words with an empty one are not shown.
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
        if kind_of(dialog) != DIALOG_MODELER:
            return super().__new__(cls)
        field = qgis_field(definition, dialog)
        _show_titles(field, titles)
        return field


class WordChoice(_OfWords):
    """A list of titles whose values are words; QGIS' own field shows the words alone."""

    def createWidget(self, titles: dict[str, str]) -> QComboBox:
        """Return the list. QGIS calls this in the constructor."""
        box = QComboBox()
        for name in self.parameterDefinition().options():  # QGIS sorts `titles`
            if titles.get(name) != "":
                box.addItem(name, name)
        _show_titles(box, titles)
        box.currentIndexChanged.connect(lambda _index: self.widgetValueHasChanged.emit(self))
        return box

    def setValue(self, value: Any) -> None:
        if value in self.parameterDefinition().options() and self.widget.findData(value) < 0:
            self.widget.addItem(value, value)  # one that is not shown, of an earlier run
        self.setComboValue(value)

    def value(self) -> str:
        return self.widget.currentData()


class WordChoices(_OfWords):
    """A list of titles to tick, whose values are words; in a batch it is folded into one line."""

    def createWidget(self, titles: dict[str, str]) -> QWidget:
        """Return the list. QGIS calls this in the constructor."""
        folded = self.dialogType == DIALOG_BATCH
        shown = QgsCheckableComboBox() if folded else QListWidget()
        shown.setAccessibleName(self.parameterDefinition().description())
        for name in self.parameterDefinition().options():
            title = titles.get(name, name)
            if folded:
                shown.addItemWithCheckState(title, Qt.CheckState.Unchecked, name)
                shown.setItemData(shown.count() - 1, name, Qt.ItemDataRole.ToolTipRole)
                continue
            item = QListWidgetItem(title, shown)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(name)
            item.setCheckState(Qt.CheckState.Unchecked)
        changed = shown.checkedItemsChanged if folded else shown.itemChanged
        changed.connect(lambda _items: self.widgetValueHasChanged.emit(self))
        return shown

    def setValue(self, value: Any) -> None:
        words = value.split(",") if isinstance(value, str) else value or ()
        model = self.widget.model()
        for index in self._indexes():
            taken = index.data(Qt.ItemDataRole.UserRole) in words
            state = Qt.CheckState.Checked if taken else Qt.CheckState.Unchecked
            model.setData(index, state, Qt.ItemDataRole.CheckStateRole)

    def value(self) -> list[str]:
        return [
            index.data(Qt.ItemDataRole.UserRole)
            for index in self._indexes()
            if Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
        ]

    def _indexes(self) -> list[QModelIndex]:
        model = self.widget.model()
        return [model.index(row, 0) for row in range(model.rowCount())]


class FineTuning(WidgetWrapper):
    """A box to tick and the seconds, for a number that is 0 where the box is not ticked.

    If the worker's Python has no torch, the box is disabled and names the runtime it needs.

    Parameters
    ----------
    definition, dialog, row, column : as QGIS gives them.
    each : whether the run has many scenes.
    """

    USUAL_S = 60

    def __new__(
        cls, definition: Any, dialog: QDialog, row: int = 0, column: int = 0, *, each: bool = False
    ) -> Any:
        in_model = kind_of(dialog) == DIALOG_MODELER
        return qgis_field(definition, dialog) if in_model else super().__new__(cls)

    def createLabel(self) -> None:
        """Return no label: the box has one."""

    def createWidget(self, each: bool = False) -> QWidget:
        """Return the box and the seconds. QGIS calls this in the constructor."""
        one, many = tr("Fine-tune to this scene, up to"), tr("Fine-tune to each scene, up to")
        self.box, self.seconds = QCheckBox(many if each else one), QSpinBox()
        least, most = 1, int(self.parameterDefinition().maximum())
        self.seconds.setRange(least, most)
        self.seconds.setSuffix(" s")
        self.seconds.setValue(self.USUAL_S)
        self.seconds.setEnabled(False)
        self.box.toggled.connect(self.seconds.setEnabled)
        if not has_torch():
            self.box.setEnabled(False)
            one = tr("Fine-tune to this scene (needs the runtime 'full')")
            many = tr("Fine-tune to each scene (needs the runtime 'full')")
            self.box.setText(many if each else one)
            self.seconds.hide()
        for changed in (self.box.toggled, self.seconds.valueChanged):
            changed.connect(lambda _value: self.widgetValueHasChanged.emit(self))
        row = _Row()
        for widget in (self.box, self.seconds):
            row.layout().addWidget(widget)
        row.layout().addStretch()
        return row

    def setValue(self, value: Any) -> None:
        seconds = int(value or 0)
        self.box.setChecked(seconds > 0 and self.box.isEnabled())
        self.seconds.setValue(seconds or self.USUAL_S)

    def value(self) -> int:
        return self.seconds.value() if self.box.isChecked() else 0


class _Row(QWidget):
    """Widgets side by side."""

    def __init__(self) -> None:
        super().__init__()
        QHBoxLayout(self).setContentsMargins(0, 0, 0, 0)

    def setText(self, text: str) -> None:
        """Ignore the text that QGIS gives a field without a label."""


class LayerChoice:
    """QGIS' own field of a raster layer, with the pair of the project in the first row of a batch.

    QGIS puts the active layer into every field of every row. Rows without a pair are empty here.
    """

    def __new__(cls, definition: Any, dialog: QDialog, row: int = 0, column: int = 0) -> Any:
        if kind_of(dialog) != DIALOG_BATCH:
            return qgis_field(definition, dialog)
        found = selected_layers.found(QgsProject.instance()) if row == 1 else {}
        own = definition.clone()
        # Only an optional one can be empty; the run asks the parameter itself whether it may be.
        own.setFlags(own.flags() | QgsProcessingParameterDefinition.Flag.FlagOptional)
        own.setDefaultValue(found.get(definition.name()))
        # The field refers to it as long as the dialog lives.
        dialog.__dict__.setdefault("ksdiff_definitions", []).append(own)
        return qgis_field(own, dialog)


def has_torch() -> bool:
    """Return whether the worker's Python has torch, as far as can be seen from its folder."""
    try:
        home = Path(in_use().path).parent.parent
    except RunError:
        return False
    if not (home / "pyvenv.cfg").is_file():
        return True  # not an environment: its packages may be anywhere
    packages = (*home.glob("lib/python3*/site-packages"), home / "Lib" / "site-packages")
    return any((folder / "torch").is_dir() for folder in packages)


def kind_of(dialog: QDialog) -> QgsProcessingGui.WidgetType:
    """Return whether a dialog is of one run, of a batch, or of the model designer."""
    return dialogTypes.get(type(dialog).__name__, QgsProcessingGui.WidgetType.Standard)


def qgis_field(definition: QgsProcessingParameterDefinition, dialog: QDialog) -> Any:
    """Return QGIS' own field."""
    registry = QgsGui.processingGuiRegistry()
    if kind_of(dialog) == DIALOG_MODELER:
        field = registry.createModelerParameterWidget(
            dialog.model, dialog.childId, definition, dialog.context
        )
    else:
        field = registry.createParameterWidgetWrapper(definition, kind_of(dialog))
    field.setDialog(dialog)
    return field


def _show_titles(field: QWidget, titles: dict[str, str]) -> None:
    """Show titles for the words in a list, or in the lists of a field, and the words as tips."""
    for box in [field] if isinstance(field, QComboBox) else field.findChildren(QComboBox):
        for index in range(box.count()):
            name = box.itemData(index)
            if isinstance(name, str) and titles.get(name):
                box.setItemText(index, titles[name])
                box.setItemData(index, name, Qt.ItemDataRole.ToolTipRole)
