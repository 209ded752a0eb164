# SPDX-License-Identifier: GPL-2.0-or-later
"""The entry of the toolbox that opens a copy of the shipped model in the model designer."""

from __future__ import annotations

import shutil
from pathlib import Path

from processing.gui.ContextAction import ContextAction
from processing.gui.ProviderActions import ProviderContextMenuActions
from processing.modeler.ModelerDialog import ModelerDialog
from processing.modeler.ModelerUtils import ModelerUtils
from qgis.core import QgsApplication, QgsProcessingAlgorithm, QgsProcessingModelAlgorithm

from .. import paths
from ..algorithms.workflow import AlignSharpenAssess
from ..language import tr


class EditCopy(ContextAction):
    """Copies the model into the user's models, and opens the copy.

    QGIS offers "Edit Model" for the user's own models only, since what a plugin brings is replaced
    by its next version.
    """

    def __init__(self) -> None:
        super().__init__()
        self.name = tr("Edit a Copy of the Model…")

    def isEnabled(self) -> bool:
        shipped = f"ksdiff:{AlignSharpenAssess.key}"
        return isinstance(self.itemData, QgsProcessingAlgorithm) and self.itemData.id() == shipped

    def execute(self) -> None:
        """Open the copy; an existing one is not replaced."""
        model = QgsProcessingModelAlgorithm()
        model.fromFile(str(copy_of_model()))
        model.setProvider(QgsApplication.processingRegistry().providerById("model"))
        dialog = ModelerDialog.create(model)
        dialog.show()
        dialog.activate()


def copy_of_model() -> Path:
    """Return the user's copy of the shipped model, made if there is none."""
    shipped = paths.WORKFLOWS / f"{AlignSharpenAssess.key}.model3"
    target = Path(ModelerUtils.modelsFolders()[0]) / shipped.name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shipped, target)
        QgsApplication.processingRegistry().providerById("model").refreshAlgorithms()
    return target


class ToolboxActions:
    """The entries of the plugin in the context menu of the toolbox, until they are removed."""

    def __init__(self) -> None:
        self._actions = [EditCopy()]
        ProviderContextMenuActions.registerProviderContextMenuActions(self._actions)

    def remove(self) -> None:
        """Remove them from the menu."""
        ProviderContextMenuActions.deregisterProviderContextMenuActions(self._actions)
