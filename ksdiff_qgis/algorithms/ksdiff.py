# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:ksdiff`: sharpen with KSDiff, or with a method that is better on this scene."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext

from ..language import tr
from . import methods
from . import parameters as p
from .network import NetworkAlgorithm


class KSDiffAlgorithm(NetworkAlgorithm):
    """Sharpen a pair with KSDiff, or select the method by a comparison."""

    method = methods.KSDIFF
    compare_default = True
    fine_tuning_default_s = 60

    def shortDescription(self) -> str:
        return tr("Sharpens a multispectral image with a finer panchromatic one.")

    def tags(self) -> list[str]:
        words = "pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion"
        return tr(words).split(",")

    def method_parameters(self) -> list[p.Parameter]:
        return [
            p.method_choice(
                [methods.AUTO, self.method],
                methods.AUTO,
                tr(
                    "'auto' uses KSDiff, unless the error of another method is more than 10 % "
                    "lower in the comparison on this scene: then that method. 'ksdiff' always uses "
                    "KSDiff."
                ),
            )
        ]

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return super().problem(parameters, context) or self._method_problem(parameters, context)

    def _method_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        automatic = self.parameterAsString(parameters, p.METHOD, context) == methods.AUTO
        if not automatic or self.parameterAsBool(parameters, p.SCENE_TEST, context):
            return ""
        return tr(
            "The method 'auto' needs the comparison: tick 'Compare with the other methods', or "
            "choose the method 'ksdiff'."
        )

    def method_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, Any]:
        chosen = self.parameterAsString(parameters, p.METHOD, context)
        return {**super().method_request(parameters, context), "method": chosen}
