# SPDX-License-Identifier: GPL-2.0-or-later
"""Name, help and icon of an algorithm, for the toolbox, dialogs and commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from qgis.core import QgsProcessingAlgorithm
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QWidget

from .. import paths
from ..language import tr

# Id and name of the groups of the toolbox.
PANSHARPENING = ("pansharpening", "Pansharpening")
PREPARATION = ("preparation", "Preparation")
EVALUATION = ("evaluation", "Evaluation")
TRAINING = ("training", "Training")
RUNTIME = ("runtime", "Runtime")
# In the help texts: above it what dialogs show beside the parameters, below it the rest.
_FOLD = "\n\n---\n\n"


class ToolboxEntry:
    """Base of all algorithms, before that of QGIS.

    A subclass sets its name in commands, the `key`, and the texts in English.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    keywords: ClassVar[str]
    toolbox_group: ClassVar[tuple[str, str]] = PANSHARPENING
    runtime_size: ClassVar[str] = "light"  # the least that it needs; empty for none
    # Set by the plugin where QGIS has windows: makes an algorithm's dialog, None for QGIS' own;
    # and the start of the addresses that open the plugin's help window.
    make_dialog: ClassVar[Callable[[QgsProcessingAlgorithm, QWidget | None], Any] | None] = None
    help_window: ClassVar[str] = ""

    def createInstance(self) -> Any:
        return type(self)()

    def name(self) -> str:
        return self.key

    def displayName(self) -> str:
        return tr(self.title)

    def shortDescription(self) -> str:
        return tr(self.summary)

    def tags(self) -> list[str]:
        return tr(self.keywords).split(",")

    def group(self) -> str:
        return tr(self.toolbox_group[1])

    def groupId(self) -> str:
        return self.toolbox_group[0]

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return paths.icon(self.key)

    def createCustomParametersWidget(self, parent: QWidget | None = None) -> QWidget | None:
        return self.make_dialog(self, parent) if self.make_dialog is not None else None

    def shortHelpString(self) -> str:
        return self.whole_help().partition(_FOLD)[0]

    @classmethod
    def whole_help(cls) -> str:
        """Return the complete help of the algorithm."""
        return paths.help_text(cls.key, tr("en"))  # translated: the code of that language

    def helpUrl(self) -> str:
        """Return the address of the help in the plugin's window, or of a page beside the plugin."""
        if self.help_window:
            return self.help_window + self.key
        return QUrl.fromLocalFile(str(paths.DOCS / "parameters.md")).toString()
