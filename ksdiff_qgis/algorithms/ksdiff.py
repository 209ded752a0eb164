# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:ksdiff`: the main job, by KSDiff or whatever is better on this scene."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext

from ..language import tr
from . import parameters as p
from .learned import Learned


class KSDiff(Learned):
    """Sharpen a pair with KSDiff in the worker."""

    method = p.KSDIFF
    compares = True
    adapts = 60

    def shortDescription(self) -> str:
        return tr("Sharpens a multispectral image with a finer panchromatic one.")

    def tags(self) -> list[str]:
        words = "pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion"
        return tr(words).split(",")

    def own_parameters(self) -> list[p.Parameter]:
        return [
            p.explained(
                p.choice(p.METHOD, tr("Method"), [p.AUTO, self.method], p.AUTO),
                tr(
                    "'auto' takes KSDiff, unless the error of another method in the comparison "
                    "on this scene is more than 10 % lower: then that one. 'ksdiff' takes KSDiff, "
                    "whatever the comparison says of the others."
                ),
            )
        ]

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return super().problem(parameters, context) or self._method_problem(parameters, context)

    def _method_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        automatic = self.parameterAsString(parameters, p.METHOD, context) == p.AUTO
        if not automatic or self.parameterAsBool(parameters, p.SCENE_TEST, context):
            return ""
        return tr(
            "The method 'auto' needs the comparison: tick 'Compare with the other methods', or "
            "choose the method 'ksdiff'."
        )

    def how(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        chosen = self.parameterAsString(parameters, p.METHOD, context)
        return {**super().how(parameters, context), "method": chosen}
