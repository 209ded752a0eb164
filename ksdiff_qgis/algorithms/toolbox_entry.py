# SPDX-License-Identifier: GPL-2.0-or-later
"""What the toolbox, the help and commands show of an algorithm."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..language import tr

# Id and name of the groups of the toolbox.
PANSHARPENING = ("pansharpening", "Pansharpening")
PREPARATION = ("preparation", "Preparation")
EVALUATION = ("evaluation", "Evaluation")
TRAINING = ("training", "Training")
RUNTIME = ("runtime", "Runtime")
_HOMEPAGE = "https://github.com/ksdiff/ksdiff_qgis"


class ToolboxEntry:
    """Base of all algorithms, before that of QGIS.

    A subclass sets its name in commands, the `key`, and the texts in English.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    keywords: ClassVar[str]
    toolbox_group: ClassVar[tuple[str, str]] = PANSHARPENING

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

    def shortHelpString(self) -> str:
        return paths.help_text(self.key, tr("en"))  # translated: the code of that language

    def helpUrl(self) -> str:
        return f"{_HOMEPAGE}#{self.key}"
