# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:classical`: sharpen with a method without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from ..language import tr
from . import methods
from . import parameters as p
from .pansharpening import PansharpeningAlgorithm
from .values import Values

_DEFAULT = "mtf-glp-fs"


class ClassicalAlgorithm(PansharpeningAlgorithm):
    """Sharpen a pair with a classical method."""

    key = "classical"
    title = "Classical pansharpening"
    summary = "A fast fit to the scene, Brovey, GSA, MTF-GLP-FS and others, or the best."
    keywords = (
        "pansharpen,pan-sharpening,fusion,fast,scene fit,brovey,gram-schmidt,gsa,bt-h,mtf-glp,"
        "hpm,awlp,bdsd"
    )
    destinations: ClassVar[dict[str, str]] = {
        **PansharpeningAlgorithm.destinations,
        "save_fit": p.SAVE_FIT,
    }

    def parameters(self) -> list[p.Parameter]:
        return [
            *p.inputs(),
            p.align(),
            p.method_choice(
                [methods.AUTO, *methods.CLASSICAL],
                _DEFAULT,
                "'auto' compares the methods on sampled windows of the scene at reduced "
                "resolution and uses the one with the lowest error. 'scene-fit' fits weights "
                "of PAN's details on the scene itself. 'exp' only interpolates MS.",
            ),
            *p.scene_fit(),
            p.tile(),
            p.as_advanced(p.sensor()),
            *p.output(),
        ]

    def options_problem(self, values: Values) -> str:
        return super().options_problem(values) or self._fit_problem(values)

    def _fit_problem(self, values: Values) -> str:
        fit = values.file(p.FIT)
        is_scene_fit = values.text(p.METHOD) == methods.SCENE_FIT
        if (fit or values.given(p.SAVE_FIT)) and not is_scene_fit:
            return tr(
                "Only the method 'scene-fit' has a fit to use or to save: choose that method, or "
                "no fit."
            )
        if fit and not Path(fit).is_file():
            return tr("The fit does not exist: {}").format(fit)
        return ""

    def method_request(self, values: Values) -> dict[str, Any]:
        method = values.text(p.METHOD)
        return {
            "method": methods.CLASSICAL_AUTO if method == methods.AUTO else method,
            "back_projection": values.integer(p.BACK_PROJECTION) or None,
            "fit": values.full_path(p.FIT),
        }
