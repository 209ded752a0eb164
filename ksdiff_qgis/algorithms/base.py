# SPDX-License-Identifier: GPL-2.0-or-later

"""What every algorithm of the plugin has in common."""

from __future__ import annotations

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..runtime.errors import RunError

# Id and name of a group of the toolbox.
PANSHARPENING = ("pansharpening", "Pansharpening")
EVALUATION = ("evaluation", "Evaluation")
HOMEPAGE = "https://github.com/ksdiff/ksdiff_qgis"


def tr(text: str) -> str:
    """Translate a text of the plugin."""
    return QCoreApplication.translate("KSDiff", text)


class Algorithm(QgsProcessingAlgorithm):
    """Base of the algorithms: identity, help, icon. Runs off the main thread, can be cancelled."""

    section = PANSHARPENING

    def createInstance(self) -> Algorithm:
        return type(self)()

    def group(self) -> str:
        return tr(self.section[1])

    def groupId(self) -> str:
        return self.section[0]

    def icon(self) -> QIcon:
        return QIcon(paths.icon(self.name()))

    def svgIconPath(self) -> str:
        return paths.icon(self.name())

    def shortHelpString(self) -> str:
        return paths.help_text(self.name())

    def helpUrl(self) -> str:
        return HOMEPAGE + "#" + self.name()


def exception(error: RunError) -> QgsProcessingException:
    """The exception that Processing shows: what happened, then what to do."""
    return QgsProcessingException(str(error))
