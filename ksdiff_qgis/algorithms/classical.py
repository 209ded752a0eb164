# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:classical`: sharpen with a method without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from qgis.core import QgsProcessingContext

from ..language import tr
from ..layers.sources import full_path
from . import methods
from . import parameters as p
from .pansharpening import PansharpeningAlgorithm

_DEFAULT = "mtf-glp-fs"


class ClassicalAlgorithm(PansharpeningAlgorithm):
    """Sharpen a pair with a classical method."""

    destinations: ClassVar[dict[str, str]] = {
        **PansharpeningAlgorithm.destinations,
        "save_fit": p.SAVE_FIT,
    }

    def name(self) -> str:
        return "classical"

    def displayName(self) -> str:
        return tr("Classical pansharpening")

    def shortDescription(self) -> str:
        return tr("A fast fit to the scene, Brovey, GSA, MTF-GLP-FS and others, or the best.")

    def tags(self) -> list[str]:
        return tr(
            "pansharpen,pan-sharpening,fusion,fast,scene fit,brovey,gram-schmidt,gsa,bt-h,mtf-glp,"
            "hpm,awlp,bdsd"
        ).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        parameters = [
            *p.inputs(),
            p.align(),
            p.method_choice(
                [methods.AUTO, *methods.CLASSICAL],
                _DEFAULT,
                tr(
                    "'auto' compares the methods on sampled windows of the scene at reduced "
                    "resolution and uses the one with the lowest error. 'scene-fit' fits weights "
                    "of PAN's details on the scene itself. 'exp' only interpolates MS."
                ),
            ),
            *p.scene_fit(),
            p.tile(),
            p.advanced(p.sensor()),
            *p.output(),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        self.add_result_outputs()

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return super().problem(parameters, context) or self._fit_problem(parameters, context)

    def _fit_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        fit = self.parameterAsString(parameters, p.FIT, context)
        method = self.parameterAsString(parameters, p.METHOD, context)
        if (fit or parameters.get(p.SAVE_FIT)) and method != methods.SCENE_FIT:
            return tr(
                "Only the method 'scene-fit' has a fit to use or to save: choose that method, or "
                "no fit."
            )
        if fit and not Path(fit).is_file():
            return tr("The fit does not exist: {}").format(fit)
        return ""

    def method_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, Any]:
        method = self.parameterAsString(parameters, p.METHOD, context)
        fit = self.parameterAsString(parameters, p.FIT, context)
        return {
            "method": methods.CLASSICAL_AUTO if method == methods.AUTO else method,
            "back_projection": self.parameterAsInt(parameters, p.BACK_PROJECTION, context) or None,
            "fit": full_path(fit) if fit else None,
        }
