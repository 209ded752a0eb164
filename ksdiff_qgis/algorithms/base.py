# SPDX-License-Identifier: GPL-2.0-or-later

"""What every algorithm of the plugin has in common."""

from __future__ import annotations

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..runtime.errors import RunError

HOMEPAGE = "https://github.com/ksdiff/ksdiff_qgis"


def tr(text: str) -> str:
    """Translate a text of the plugin."""
    return QCoreApplication.translate("KSDiff", text)


class Algorithm(QgsProcessingAlgorithm):
    """Base of the algorithms: identity, help, icon. Runs off the main thread, can be cancelled."""

    def createInstance(self) -> Algorithm:
        return type(self)()

    def group(self) -> str:
        return tr("Pansharpening")

    def groupId(self) -> str:
        return "pansharpening"

    def icon(self) -> QIcon:
        return QIcon(paths.icon("ksdiff"))

    def svgIconPath(self) -> str:
        return paths.icon("ksdiff")

    def shortHelpString(self) -> str:
        return paths.help_text(self.name())

    def helpUrl(self) -> str:
        return HOMEPAGE + "#" + self.name()


def exception(error: RunError) -> QgsProcessingException:
    """The exception that Processing shows: what happened, then what to do."""
    return QgsProcessingException(str(error))
