# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:bench`: every method on every scene of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)

from ..language import tr
from . import checks, sources
from . import parameters as p
from .base import EVALUATION
from .worker import WorkerAlgorithm

DATA, METHODS = "DATA", "METHODS"
CSV, JSON = "CSV", "JSON"
# Networks, and auto, that learn on each scene.
_ADAPTING = ("ksdiff-adapted", "auto-adapted", "srino-adapted")
_KNOWN = (p.AUTO, p.KSDIFF, p.SRINO, *p.CLASSICAL, *_ADAPTING)


class Bench(WorkerAlgorithm):
    """Compare methods on scenes in the worker."""

    section = EVALUATION
    task = "bench"
    targets: ClassVar[dict[str, str]] = {"csv": CSV, "json": JSON}

    def name(self) -> str:
        return "bench"

    def displayName(self) -> str:
        return tr("Compare methods on scenes")

    def shortDescription(self) -> str:
        return tr("Scores of every method on every scene of a folder.")

    def tags(self) -> list[str]:
        return tr("pansharpen,benchmark,compare,quality,ergas,sam,q2n,wald").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        folder = QgsProcessingParameterFile.Behavior.Folder
        methods = p.choice(METHODS, tr("Methods (none chosen: all)"), _KNOWN, None, several=True)
        parameters = [
            p.explained(
                QgsProcessingParameterFile(DATA, tr("Folder of scenes"), behavior=folder),
                tr(
                    "One folder per set in it, with pairs X_pan.tif and X_ms.tif. Or a test file "
                    "of PanCollection (.h5 or .mat), by its path."
                ),
            ),
            p.explained(
                methods,
                tr(
                    "None chosen: all. 'auto' is the method that KSDiff pansharpening would take; "
                    "'ksdiff-adapted', 'srino-adapted' and 'auto-adapted' are KSDiff, SRINO and "
                    "'auto' where the network may adapt to each scene, which needs seconds."
                ),
            ),
            p.adapt(
                0,
                tr(
                    "With more than 0 the adapted methods are compared, too; that takes twice as "
                    "many seconds for each scene and resolution."
                ),
            ),
            _table(CSV, tr("Table"), "CSV (*.csv)", tr("A row of scores per scene and method.")),
            _table(JSON, tr("Table as JSON"), "JSON (*.json)", tr("The same for programs."), False),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        numbers = {"ROWS": "Rows of the table", "SECONDS": "Seconds taken"}
        for output in p.numbers(numbers):
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        data = self.parameterAsFile(parameters, DATA, context)
        return (
            checks.scenes(data)
            or self._time_problem(parameters, context)
            or self.outputs_problem(parameters, ())
        )

    def _time_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        hasty = [name for name in self._methods(parameters, context) if name in _ADAPTING]
        if not hasty or self.parameterAsInt(parameters, p.ADAPT, context):
            return ""
        return tr("{} needs time: give the seconds to adapt the network to a scene.").format(
            ", ".join(hasty)
        )

    def _methods(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        chosen = self.parameterAsEnumStrings(parameters, METHODS, context)
        return [method for method in chosen if method]

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        return {
            "data": sources.full_path(self.parameterAsFile(parameters, DATA, context)),
            "methods": self._methods(parameters, context) or None,
            "adapt": self.parameterAsInt(parameters, p.ADAPT, context),
        }

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        for line in str(result.get("table") or "").splitlines():
            feedback.pushInfo(line)
        return {"ROWS": result.get("rows"), "SECONDS": result.get("seconds")}


def _table(name: str, text: str, kind: str, help_text: str, default: bool = True) -> p.Parameter:
    parameter = QgsProcessingParameterFileDestination(
        name, text, kind, optional=True, createByDefault=default
    )
    return p.explained(parameter, help_text)
