# SPDX-License-Identifier: GPL-2.0-or-later

"""Models for the model designer that come with the plugin, as algorithms of the toolbox."""

from __future__ import annotations

from qgis.core import QgsProcessingModelAlgorithm
from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..language import tr
from .base import HOMEPAGE, PANSHARPENING


class AlignSharpenAssess(QgsProcessingModelAlgorithm):
    """`ksdiff:alignsharpenassess`: the three in one run, each working on what the one before made.

    QGIS resolves a model's steps when it is loaded, so those of the provider have to be registered
    before it is: the plugin has the provider loaded once more.
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
        for name in self.parameterComponents():  # the destinations are the steps' own
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
        return tr("Aligns MS to PAN, sharpens it, and reports on the result, in one run.")

    def tags(self) -> list[str]:
        return tr("pansharpen,pan-sharpening,workflow,model,align,quality,report").split(",")

    def shortHelpString(self) -> str:
        text = paths.help_text(self.name(), tr("en"))
        where = tr("The model's file, to open in the model designer: {}").format(self._file)
        return f"{text}\n\n{where}"

    def helpUrl(self) -> str:
        return HOMEPAGE + "#" + self.name()

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return paths.icon("ksdiff")
