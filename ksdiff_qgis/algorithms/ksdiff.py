# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:ksdiff`: sharpen with KSDiff, or with a method that is better on this scene."""

from __future__ import annotations

from typing import Any

from ..language import tr
from . import methods
from . import parameters as p
from .network import NetworkAlgorithm
from .values import Values


class KSDiffAlgorithm(NetworkAlgorithm):
    """Sharpen a pair with KSDiff, or select the method by a comparison."""

    key = methods.KSDIFF
    summary = "Sharpens a multispectral image with a finer panchromatic one."
    keywords = "pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion"
    compare_default = True
    fine_tuning_default_s = 60

    def method_parameters(self) -> list[p.Parameter]:
        return [
            p.method_choice(
                [methods.AUTO, self.key],
                methods.AUTO,
                "'auto' uses the method with the lowest expected error in the comparison on this "
                "scene. 'ksdiff' always uses KSDiff.",
            )
        ]

    def options_problem(self, values: Values) -> str:
        if values.text(p.METHOD) == methods.AUTO and not values.flag(p.SCENE_TEST):
            return tr(
                "The method 'auto' needs the comparison: tick 'Compare with the other methods', or "
                "choose the method 'ksdiff'."
            )
        return super().options_problem(values)

    def method_request(self, values: Values) -> dict[str, Any]:
        return {**super().method_request(values), "method": values.text(p.METHOD)}
