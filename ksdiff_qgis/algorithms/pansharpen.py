# SPDX-License-Identifier: GPL-2.0-or-later

"""What the pansharpening algorithms have in common: one PAN and one MS to one sharpened raster."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from ..gui.result import ResultLayer
from ..gui.style import OutputStyle
from ..language import tr
from . import parameters as p
from . import sources
from .align import in_project
from .worker import PairAlgorithm

_SHARPENING = p.CLASSICAL.keys() - {"exp"}


class Pansharpening(PairAlgorithm):
    """Sharpens a pair in the worker; a subclass adds the methods it offers."""

    task = "pansharpen"
    targets: ClassVar[dict[str, str]] = {"out": p.OUTPUT, "report": p.TEST_REPORT}

    def how(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """The fields of the request about the method; for the subclass."""
        raise NotImplementedError

    def add_results(self) -> None:
        """Declare the outputs."""
        numbers = {
            "RATIO": "Ratio of the pixel sizes",
            "TILES": "Number of tiles",
            "SECONDS": "Seconds taken",
            "ALIGN_ROWS": "Rows that MS was moved up (PAN pixels)",
            "ALIGN_COLUMNS": "Columns that MS was moved left (PAN pixels)",
            "ERGAS": "ERGAS of the method used, in the comparison",
            "SAM": "SAM of the method used, in the comparison (degrees)",
            "TEST_PIXELS": "MS pixels compared",
        }
        strings = {
            "METHOD_USED": "Method used",
            "METHOD_REASON": "Why that method was used",
            "SENSOR_USED": "Sensor reckoned with",
            "WINNER": "Method that 'auto' takes by the comparison",
            "BEST_CLASSICAL": "Best classical method of the comparison",
            "SCENE_TEST_TABLE": "Scores of the comparison (JSON)",
        }
        for output in [*p.numbers(numbers), *p.strings(strings)]:
            self.addOutput(output)

    # --- what the base asks ---

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        pan, ms = self.pan_and_ms(parameters, context)
        return (
            self.pair_problem(parameters, context)
            or self._options_problem(parameters, context)
            or self.outputs_problem(parameters, (sources.source(pan), sources.source(ms)))
        )

    def _options_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        text = self.parameterAsString(parameters, p.CREATION_OPTIONS, context)
        try:
            sources.creation_options(text)
        except ValueError as error:
            return tr("A creation option is NAME=VALUE, not '{}'.").format(error)
        return ""

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        pan, _ = self.pan_and_ms(parameters, context)
        extent = self.parameterAsExtent(parameters, p.EXTENT, context, pan.crs())
        corners = [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
        kind = self.parameterAsString(parameters, p.OUTPUT_TYPE, context)
        options = self.parameterAsString(parameters, p.CREATION_OPTIONS, context)
        asked = {"scene_test": False, **self.how(parameters, context)}
        # Asking for the report, be it a temporary file, asks for what it tells.
        asked["scene_test"] |= bool(parameters.get(p.TEST_REPORT))
        return {
            **self.pair_request(parameters, context),
            **asked,
            "extent": None if extent.isEmpty() else corners,
            "output_type": None if kind == p.TYPE_OF_INPUT else kind,
            "creation_options": sources.creation_options(options),
            "cog": self.parameterAsBool(parameters, p.COG, context),
            "align": self.parameterAsBool(parameters, p.ALIGN, context),
            "tile": self.parameterAsInt(parameters, p.TILE, context),
        }

    def styles(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Mapping[str, ResultLayer]:
        pan, ms = self.pan_and_ms(parameters, context)
        bands = self.ms_bands(parameters, context)
        known = in_project(ms, context)
        if known is not None:
            self.before = known.id()
        like = known or ms
        return {p.OUTPUT: OutputStyle(like, bands, tr(p.OUTPUT_NAME), above=(pan, like))}

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        method = str(result.get("method") or "")
        test = result.get("scene_test") or {}
        label = _label(method)
        reason = self._reason(method, test)
        self.said = tr("Sharpened by {}.").format(label)
        said = self.said + " " + reason
        feedback.pushInfo(said)
        style = self._styles[p.OUTPUT]
        style.label, style.about = label, f"{said} {test.get('sentence') or ''}".strip()
        return {
            "RATIO": result.get("ratio"),
            "TILES": result.get("tiles"),
            "SECONDS": result.get("seconds"),
            "ALIGN_ROWS": result.get("align_rows"),
            "ALIGN_COLUMNS": result.get("align_columns"),
            "METHOD_USED": method,
            "METHOD_REASON": reason,
            "SENSOR_USED": result.get("sensor"),
            **_comparison(test, method),
        }

    def _reason(self, method: str, test: Mapping[str, Any]) -> str:
        """Why the method was used, as a sentence."""
        if self._request["method"] not in (p.AUTO, p.CLASSICAL_ONLY):
            return tr("It was asked for.")
        if not test:
            return tr("The methods could not be compared on this scene; see the log.")
        if method != test.get("winner"):
            return tr("{} was to be used, but cannot be; see the log.").format(
                _label(test.get("winner"))
            )
        best = test.get("best")
        if method == best:
            return tr("It had the least error in the comparison on this scene.")
        errors = {row["method"]: row["error"] for row in test["rows"]}
        return tr(
            "In the comparison on this scene the error of {} was {:.1f} % lower, too little to "
            "prefer it."
        ).format(_label(best), 100 * (1 - errors[best] / errors[method]))


def _label(method: str) -> str:
    """A method as people write it."""
    return {**p.LEARNED, **p.CLASSICAL}.get(method, method)


def _comparison(test: Mapping[str, Any], method: str) -> dict[str, Any]:
    """The outputs about the scene test; its rows are sorted, the best one first."""
    rows: Sequence[Mapping[str, Any]] = test.get("rows") or []
    used = next((row for row in rows if row["method"] == method), {})
    classical = (row["method"] for row in rows if row["method"] in _SHARPENING)
    return {
        "ERGAS": used.get("ERGAS"),
        "SAM": used.get("SAM"),
        "TEST_PIXELS": test.get("pixels"),
        "WINNER": test.get("winner"),
        "BEST_CLASSICAL": next(classical, None),
        "SCENE_TEST_TABLE": json.dumps(rows) if rows else None,
    }
