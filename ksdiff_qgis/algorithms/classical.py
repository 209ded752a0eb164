# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:classical`: sharpen with a method without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from ..language import tr
from . import methods
from . import parameters as p
from .pansharpening import PansharpeningAlgorithm, output_parameters
from .values import Values

BACK_PROJECTION, FIT, SAVE_FIT = "BACK_PROJECTION", "FIT", "SAVE_FIT"


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
        "save_fit": SAVE_FIT,
    }
    of_one_pan: ClassVar[tuple[str, ...]] = (*PansharpeningAlgorithm.of_one_pan, FIT, SAVE_FIT)

    def parameters(self) -> list[p.Parameter]:
        return [
            *p.inputs(),
            p.method_choice(
                [methods.AUTO, *methods.CLASSICAL],
                methods.SCENE_FIT,
                "'auto' compares the methods on sampled windows of the scene at reduced "
                "resolution and uses the one with the lowest expected error. 'scene-fit' fits "
                "weights of PAN's details on the scene itself. 'exp' only interpolates MS.",
            ),
            *map(p.as_advanced, (p.align(), p.tile(), p.sensor())),
            *_scene_fit_parameters(),
            *output_parameters(),
        ]

    def options_problem(self, values: Values) -> str:
        return super().options_problem(values) or self._fit_problem(values)

    def _fit_problem(self, values: Values) -> str:
        fit = values.file(FIT)
        is_scene_fit = values.text(p.METHOD) == methods.SCENE_FIT
        if (fit or values.given(SAVE_FIT)) and not is_scene_fit:
            return tr(
                "Only the method 'scene-fit' has a fit to use or to save: choose that method, or "
                "no fit."
            )
        if fit and not Path(fit).is_file():
            return tr("The fit does not exist: {}").format(fit)
        if values.integer_or_none(BACK_PROJECTION):
            if fit:
                return tr(
                    "The fit to use again has its own number of passes: leave 'Back-projection "
                    "passes' empty."
                )
            if values.text(p.METHOD) == methods.INTERPOLATION:
                return tr(
                    "'exp' only interpolates, without back-projection: leave 'Back-projection "
                    "passes' empty, or choose another method."
                )
        return ""

    def method_request(self, values: Values) -> dict[str, Any]:
        method = values.text(p.METHOD)
        return {
            "method": methods.CLASSICAL_AUTO if method == methods.AUTO else method,
            # 0 was the default, and is in saved models.
            "back_projection": values.integer_or_none(BACK_PROJECTION) or None,
            "fit": values.full_path(FIT),
        }


def _scene_fit_parameters() -> list[p.Parameter]:
    """Return the passes of back-projection, and the files of a scene fit."""
    return [
        p.number(
            BACK_PROJECTION,
            "Back-projection passes, empty = default",
            "Each pass adds the difference between MS and the result, degraded to the "
            "resolution of MS. Empty or 0 is the default of the method: 3 passes for "
            "'scene-fit', none for the others; the comparison lists 'gsa' with 3 passes as "
            "'gsa-bp'.",
            limits=(0, 10),
            advanced=True,
        ),
        p.file(
            FIT,
            "Fit to use again",
            "Only for 'scene-fit': a saved fit, with its number of passes, instead of a new one; "
            "for scenes of one sensor and season that are to look alike.",
            p.JSON,
            optional=True,
            advanced=True,
        ),
        p.file_output(
            SAVE_FIT,
            "Save the fit",
            "Only for 'scene-fit': a JSON file with the fit made on this scene.",
            p.JSON,
            default=False,
            advanced=True,
        ),
    ]
