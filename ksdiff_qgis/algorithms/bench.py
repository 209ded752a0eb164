# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:bench`: every method on every scene of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
)

from ..language import tr
from ..layers.sources import full_path
from . import files, methods
from . import parameters as p
from .worker_algorithm import EVALUATION, WorkerAlgorithm

DATA, METHODS = "DATA", "METHODS"
CSV, JSON = "CSV", "JSON"
# Methods that are fine-tuned to each scene.
_FINE_TUNED = ("ksdiff-adapted", "auto-adapted", "srino-adapted")
_METHOD_NAMES = (
    methods.AUTO,
    methods.KSDIFF,
    methods.SRINO,
    *methods.CLASSICAL,
    *_FINE_TUNED,
)


class BenchAlgorithm(WorkerAlgorithm):
    """Compare methods on scenes in the worker."""

    toolbox_group = EVALUATION
    task = "bench"
    destinations: ClassVar[dict[str, str]] = {"csv": CSV, "json": JSON}

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
        parameters = [
            p.explained(
                QgsProcessingParameterFile(DATA, tr("Scene folder"), behavior=folder),
                tr(
                    "Folder with one subfolder per set that holds pairs X_pan.tif and X_ms.tif; or "
                    "the path of a PanCollection test file (.h5 or .mat)."
                ),
            ),
            p.explained(
                p.choice(METHODS, tr("Methods"), _METHOD_NAMES, None, several=True),
                tr(
                    "All if none is chosen. 'auto' is the method that KSDiff pansharpening would "
                    "select; 'ksdiff-adapted', 'srino-adapted' and 'auto-adapted' fine-tune the "
                    "network to each scene and need a fine-tuning time."
                ),
            ),
            p.adapt(
                0,
                tr(
                    "If not 0, the fine-tuned methods are also compared, which takes twice that "
                    "time per scene and resolution."
                ),
            ),
            p.explained(
                p.file_output(CSV, tr("Score table"), "CSV (*.csv)"),
                tr("One row per scene and method."),
            ),
            p.explained(
                p.file_output(JSON, tr("Score table as JSON"), "JSON (*.json)", default=False),
                tr("The same table, for programs."),
            ),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        numbers = {"ROWS": "Rows of the table", "SECONDS": "Run time (s)"}
        for output in p.numbers(numbers):
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        data = self.parameterAsFile(parameters, DATA, context)
        return (
            files.scenes_problem(data)
            or self._time_problem(parameters, context)
            or self.destinations_problem(parameters, ())
        )

    def _time_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        fine_tuned = [name for name in self._methods(parameters, context) if name in _FINE_TUNED]
        if not fine_tuned or self.parameterAsInt(parameters, p.ADAPT, context):
            return ""
        return tr("Set the fine-tuning time: {} needs it.").format(", ".join(fine_tuned))

    def _methods(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        chosen = self.parameterAsEnumStrings(parameters, METHODS, context)
        return [method for method in chosen if method]

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        return {
            "data": full_path(self.parameterAsFile(parameters, DATA, context)),
            "methods": self._methods(parameters, context) or None,
            "adapt": self.parameterAsInt(parameters, p.ADAPT, context),
        }

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        for line in str(result.get("table") or "").splitlines():
            feedback.pushInfo(line)
        return {"ROWS": result.get("rows"), "SECONDS": result.get("seconds")}
