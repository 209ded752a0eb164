# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:classical`: sharpen with a method without a network."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext

from ..language import tr
from . import parameters as p
from .pansharpening import PansharpeningAlgorithm

_DEFAULT = "mtf-glp-fs"


class ClassicalAlgorithm(PansharpeningAlgorithm):
    """Sharpen a pair with a classical method."""

    def name(self) -> str:
        return "classical"

    def displayName(self) -> str:
        return tr("Classical pansharpening")

    def shortDescription(self) -> str:
        return tr("Brovey, GSA, BT-H, MTF-GLP-FS, BDSD-PC, or the best of them on this scene.")

    def tags(self) -> list[str]:
        return tr(
            "pansharpen,pan-sharpening,fusion,brovey,gram-schmidt,gsa,bt-h,mtf-glp,bdsd"
        ).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        parameters = [
            *p.inputs(),
            p.align(),
            p.explained(
                p.choice(p.METHOD, tr("Method"), [p.AUTO, *p.CLASSICAL_METHODS], _DEFAULT),
                tr(
                    "'auto' compares the methods on sampled windows of the scene at reduced "
                    "resolution and uses the one with the lowest error. 'exp' only interpolates MS."
                ),
            ),
            p.tile(),
            p.advanced(p.sensor()),
            *p.output(),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        self.add_result_outputs()

    def method_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, Any]:
        method = self.parameterAsString(parameters, p.METHOD, context)
        return {"method": p.CLASSICAL_ONLY if method == p.AUTO else method}
