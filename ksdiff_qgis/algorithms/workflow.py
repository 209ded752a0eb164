# SPDX-License-Identifier: GPL-2.0-or-later
"""Models of the model designer that come with the plugin, as algorithms of the toolbox."""

from __future__ import annotations

from qgis.core import QgsProcessingModelAlgorithm

from .. import paths
from ..language import tr
from . import parameters as p
from .toolbox_entry import ToolboxEntry


class AlignSharpenAssess(ToolboxEntry, QgsProcessingModelAlgorithm):
    """`ksdiff:alignsharpenassess`: align, sharpen and assess in one run.

    QGIS resolves the steps of a model when it is loaded, so the provider's algorithms must be
    registered before: the plugin refreshes the provider once more.
    """

    key = "alignsharpenassess"
    title = "Align, sharpen and assess"
    summary = "Aligns MS to PAN, sharpens it and assesses the result in one run."
    keywords = "pansharpen,pan-sharpening,workflow,model,align,quality,report"

    def __init__(self) -> None:
        super().__init__()
        self._file = str(paths.WORKFLOWS / f"{self.key}.model3")
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
            if name in (p.PAN, p.MS):
                p.with_field(definition, "fields.LayerChoice")

    def shortHelpString(self) -> str:
        where = tr("The model file, to open in the model designer: {}").format(self._file)
        return f"{super().shortHelpString()}\n\n{where}"

    def svgIconPath(self) -> str:
        return paths.icon("ksdiff")
