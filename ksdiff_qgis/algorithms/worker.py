# SPDX-License-Identifier: GPL-2.0-or-later

"""What the algorithms have in common: each has the worker do one job."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterRasterDestination,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..gui.result import ResultLayer
from ..language import tr
from ..runtime import process
from ..runtime.environments import PYTHON_VARIABLE
from ..runtime.errors import RunCancelled, RunError
from ..runtime.interpreter import find_interpreter, worker_command
from . import checks, sources
from . import parameters as p
from .base import HOMEPAGE, PANSHARPENING
from .told import Told, together


class WorkerAlgorithm(QgsProcessingAlgorithm):
    """An algorithm of which a run is one request to the worker.

    It runs off the main thread, and can be cancelled.

    A subclass names the request's `task` and the `targets`: which field of the request is the
    path that which parameter names; `script` is the worker that knows the task. It tells what is
    wrong with the parameters together (`problem`), what to ask (`request`), how the layers shall
    look (`styles`), and what the run found (`results`). It may set `said`, a sentence for QGIS'
    message bar, and `before`, the id of the layer that the output is to be compared with.
    """

    section = PANSHARPENING
    task: ClassVar[str]
    targets: ClassVar[dict[str, str]]
    script: ClassVar[Path] = paths.WORKER
    limits: ClassVar[process.Limits | None] = None
    # Who tells in QGIS' windows that a run is done; None where there are none.
    announce: ClassVar[Callable[[Told], None] | None] = None

    def __init__(self) -> None:
        super().__init__()
        self._request: dict[str, Any] = {}
        self._refusal = ""
        self._setting: str | None = None
        self._styles: Mapping[str, ResultLayer] = {}
        self._paths: dict[str, str] = {}
        self._written: dict[str, str] = {}
        self.said = ""
        self.before = ""

    def createInstance(self) -> WorkerAlgorithm:
        return type(self)()

    def group(self) -> str:
        return tr(self.section[1])

    def groupId(self) -> str:
        return self.section[0]

    def icon(self) -> QIcon:
        return QIcon(paths.icon(self.name()))

    def svgIconPath(self) -> str:
        return paths.icon(self.name())

    def shortHelpString(self) -> str:
        return paths.help_text(self.name(), tr("en"))  # translated: the code of that language

    def helpUrl(self) -> str:
        return HOMEPAGE + "#" + self.name()

    # --- for the subclass ---

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """What is wrong with the parameters together; empty when nothing is."""
        raise NotImplementedError

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """The fields of the request, but for the targets. Called in the main thread."""
        raise NotImplementedError

    def styles(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Mapping[str, ResultLayer]:
        """Who names, styles and places the layer of a destination. Called in the main thread."""
        return {}

    def measured(self, event: Mapping[str, Any]) -> None:
        """Training has come so far. Called in the thread that works."""

    def cancelled(self) -> str:
        """What to say after the user has cancelled."""
        return tr("Cancelled; nothing was written.")

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        """The outputs, but for the targets; None for what the run did not find."""
        raise NotImplementedError

    # --- main thread: look ---

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        good, message = super().checkParameterValues(parameters, context)
        if not good:
            return good, self._words_problem(parameters, context) or message
        try:
            message = self.problem(parameters, context)
        except RunError as error:
            message = str(error)
        return not message, message

    def _words_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Which choice was not given by its word, as the numbers that QGIS lists invite to."""
        for definition in self.parameterDefinitions():
            name = definition.name()
            if (
                isinstance(definition, QgsProcessingParameterEnum)
                and name in parameters
                and not definition.checkValueIsAcceptable(parameters[name], context)
            ):
                return tr("{} is a choice by word, and cannot be '{}'. It can be: {}.").format(
                    name, parameters[name], ", ".join(definition.options())
                )
        return ""

    def outputs_problem(self, parameters: dict[str, Any], inputs: Sequence[str]) -> str:
        """What is wrong with the files to write, given the inputs' sources."""
        named = {
            field: sources.destination(parameters.get(name)) for field, name in self.targets.items()
        }
        return checks.outputs({field: path for field, path in named.items() if path}, inputs)

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        """Take all that is needed of layers and settings; they belong to the main thread.

        What cannot be run is refused when it is run: in QGIS 3.44 a row of a batch that cannot be
        prepared ends the whole batch.
        """
        try:
            asked = self.request(parameters, context)
        except (RunError, QgsProcessingException) as error:
            self._refusal = str(error)
            return True
        self._request = {"protocol": paths.protocol_version(), "task": self.task, **asked}
        self._setting = ProcessingConfig.getSetting(PYTHON_VARIABLE)
        self._styles = self.styles(parameters, context)
        return True

    # --- any thread: work ---

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        if self._refusal:
            raise QgsProcessingException(self._refusal)
        try:
            return self.work(parameters, context, feedback)
        except RunCancelled:
            feedback.pushInfo(self.cancelled())
            return {}
        except RunError as error:
            raise QgsProcessingException(str(error)) from error

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Have the worker do it. Raises RunError; RunCancelled where the user cancelled."""
        request = dict(self._request)
        for field, name in self.targets.items():
            path = self._path(parameters, name, context)
            self._paths[name] = path
            request[field] = os.path.abspath(path) if path else None  # noqa: PTH100
        interpreter = find_interpreter(self._setting)
        feedback.pushDebugInfo(f"Python: {interpreter.path} ({interpreter.origin})")
        command = worker_command(interpreter.path, self.script)
        result = process.run(request, feedback, command, self.limits, self.measured)
        # What lies there may be from an earlier run: the worker tells what it wrote in this one.
        self._written = {
            name: self._paths[name] for field, name in self.targets.items() if result.get(field)
        }
        found = {**self._written, **self.results(result, feedback)}
        return {name: value for name, value in found.items() if value is not None}

    def _path(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        """The file a destination stands for; empty when it was skipped.

        Asking for a raster's also has QGIS load it after the run.
        """
        if isinstance(self.parameterDefinition(name), QgsProcessingParameterRasterDestination):
            return self.parameterAsOutputLayer(parameters, name, context)
        return self.parameterAsFileOutput(parameters, name, context)

    # --- main thread again: show ---

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        for name, style in self._styles.items():
            path = self._paths.get(name)
            if path and context.willLoadLayerOnCompletion(path):
                style.attach(context.layerToLoadOnCompletionDetails(path))
        if self.said and self.announce is not None:
            self.announce(together(self._told(context), feedback))
        return {}

    def _told(self, context: QgsProcessingContext) -> Told:
        """What to say of the run."""
        result = self._written.get(p.OUTPUT, "")
        if not context.willLoadLayerOnCompletion(result):
            result = ""
        report = self.targets.get("report", "")
        reports = {}
        if report in self._written:
            reports[self.parameterDefinition(report).description()] = self._written[report]
        return Told(self.displayName(), self.said, result, self.before, reports)


class PairAlgorithm(WorkerAlgorithm):
    """An algorithm about a PAN and its MS."""

    def pan_and_ms(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[QgsRasterLayer, QgsRasterLayer]:
        return self.layer(parameters, p.PAN, context), self.layer(parameters, p.MS, context)

    def layers(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> list[QgsRasterLayer]:
        """All rasters that the worker reads."""
        return list(self.pan_and_ms(parameters, context))

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        good = super().prepareAlgorithm(parameters, context, feedback)
        warning = "" if self._refusal else checks.unplaced(self.layers(parameters, context))
        if warning:
            feedback.pushWarning(warning)
        return good

    def ms_bands(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[int]:
        """The chosen bands of MS, from 1; empty for all of them."""
        return self.parameterAsInts(parameters, p.MS_BANDS, context)

    def pair_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """What is wrong with the pair."""
        pan, ms = self.pan_and_ms(parameters, context)
        chosen = self._pan_band(parameters, context)
        return (
            checks.bands(pan, [] if chosen is None else [chosen], "PAN")
            or checks.bands(ms, self.ms_bands(parameters, context), "MS")
            or checks.different(sources.source(pan), sources.source(ms))
            or checks.pan_band(pan, chosen)
            or checks.assigned(self.layers(parameters, context))
            or checks.geometry(pan, ms)
        )

    def pair_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, Any]:
        """The fields of a request that are about the pair.

        Raises RunError where the worker would not go by the CRS that QGIS shows: nobody has
        checked the parameters of a model's step, and the worker cannot see it.
        """
        message = checks.assigned(self.layers(parameters, context))
        if message:
            raise RunError(message)
        pan, ms = self.pan_and_ms(parameters, context)
        has_nodata = p.given(parameters, p.NODATA)
        return {
            "pan": sources.source(pan),
            "ms": sources.source(ms),
            "pan_band": self._pan_band(parameters, context),
            "ms_bands": self.ms_bands(parameters, context) or None,
            "nodata": self.parameterAsDouble(parameters, p.NODATA, context) if has_nodata else None,
            "sensor": self.parameterAsString(parameters, p.SENSOR, context),
        }

    def layer(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsRasterLayer:
        """A raster that must be given, as a layer."""
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidRasterError(parameters, name))
        return layer

    def _pan_band(self, parameters: dict[str, Any], context: QgsProcessingContext) -> int | None:
        chosen: Sequence[int] = self.parameterAsInts(parameters, p.PAN_BAND, context)
        return chosen[0] if chosen else None
