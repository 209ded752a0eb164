# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:classical`: the methods without a network."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext

from ..language import tr
from . import parameters as p
from .pansharpen import Pansharpening

_DEFAULT = "mtf-glp-fs"


class Classical(Pansharpening):
    """Sharpen a pair with a classical method in the worker."""

    def name(self) -> str:
        return "classical"

    def displayName(self) -> str:
        return tr("Classical pansharpening")

    def shortDescription(self) -> str:
        return tr(
            "Brovey, GSA, BT-H, MTF-GLP-FS, BDSD-PC, or what has the least error on this scene."
        )

    def tags(self) -> list[str]:
        return tr(
            "pansharpen,pan-sharpening,fusion,brovey,gram-schmidt,gsa,bt-h,mtf-glp,bdsd"
        ).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        parameters = [
            *p.inputs(),
            p.align(),
            p.explained(
                p.choice(p.METHOD, tr("Method"), [p.AUTO, *p.CLASSICAL], _DEFAULT),
                tr(
                    "'auto' compares them on scattered windows of the scene at reduced resolution, "
                    "and takes that of the least error. 'exp' only interpolates MS."
                ),
            ),
            p.tile(),
            p.advanced(p.sensor()),
            *p.output(),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        self.add_results()

    def how(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        method = self.parameterAsString(parameters, p.METHOD, context)
        return {"method": p.CLASSICAL_ONLY if method == p.AUTO else method}
