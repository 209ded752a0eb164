# SPDX-License-Identifier: GPL-2.0-or-later

"""Models of the model designer that come with the plugin, as algorithms of the toolbox."""

from __future__ import annotations

from qgis.core import QgsProcessingModelAlgorithm
from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..language import tr
from .worker_algorithm import HOMEPAGE, PANSHARPENING


class AlignSharpenAssess(QgsProcessingModelAlgorithm):
    """`ksdiff:alignsharpenassess`: align, sharpen and assess in one run.

    QGIS resolves the steps of a model when it is loaded, so the provider's algorithms must be
    registered before: the plugin refreshes the provider once more.
    """

    def __init__(self) -> None:
        super().__init__()
        self._file = str(paths.WORKFLOWS / (self.name() + ".model3"))
        self.fromFile(self._file)
        for step in self.childAlgorithms().values():
            step.setDescription(tr(step.description()))
            outputs = step.modelOutputs()
            for output in outputs.values():
                output.setDescription(tr(output.description()))
            step.setModelOutputs(outputs)
            self.setChildAlgorithm(step)
        for name in self.parameterComponents():  # destinations belong to the steps
            definition = self.parameterDefinition(name)
            definition.setDescription(tr(definition.description()))
            definition.setHelp(tr(definition.help()))

    def createInstance(self) -> AlignSharpenAssess:
        return type(self)()

    def name(self) -> str:
        return "alignsharpenassess"

    def displayName(self) -> str:
        return tr("Align, sharpen and assess")

    def group(self) -> str:
        return tr(PANSHARPENING[1])

    def groupId(self) -> str:
        return PANSHARPENING[0]

    def shortDescription(self) -> str:
        return tr("Aligns MS to PAN, sharpens it and assesses the result in one run.")

    def tags(self) -> list[str]:
        return tr("pansharpen,pan-sharpening,workflow,model,align,quality,report").split(",")

    def shortHelpString(self) -> str:
        text = paths.help_text(self.name(), tr("en"))
        where = tr("The model file, to open in the model designer: {}").format(self._file)
        return f"{text}\n\n{where}"

    def helpUrl(self) -> str:
        return HOMEPAGE + "#" + self.name()

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return paths.icon("ksdiff")
