# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the algorithms: a run is one request to the worker process."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterEnum,
    QgsProcessingParameterRasterDestination,
    QgsRasterLayer,
)

from .. import compat, paths
from ..language import tr
from ..layers.layer_settings import for_worker
from ..layers.result import ResultLayer
from ..runtime import worker_run
from ..runtime.environments import PYTHON_VARIABLE
from ..runtime.errors import RunCancelled, RunError
from ..runtime.interpreter import find_interpreter, worker_command
from . import files
from . import parameters as p
from .toolbox_entry import ToolboxEntry
from .values import Values

# A model runs its steps with one feedback of this class, which PyQGIS shows as its base class.
_MODEL_FEEDBACK = "QgsProcessingMultiStepFeedback"
QUIET = "ksdiff_quiet"  # property of a feedback: no message in QGIS' message bar
_MODEL_SUMMARIES = "ksdiff_summaries"  # property of that feedback
# The feedback of QGIS' dialogs, which log all outputs as one dictionary.
_DIALOG_FEEDBACK = "QgsProcessingAlgorithmDialogFeedback"
_LONG = 200  # characters of an output that would fill the log of a dialog
OUTCOME = "ksdiff_outcome"  # property of a feedback: the outcome, for the end of the log


@dataclass(frozen=True)
class RunSummary:
    """The outcome of a run, for QGIS' message bar.

    `result` is the file of a layer that QGIS is about to load, `compare_id` the id of the layer to
    compare it with; either may be empty. `reports` are HTML pages by their labels, `folder` is one
    of many results.
    """

    text: str
    result: str
    compare_id: str
    reports: dict[str, str]
    folder: str = ""


def merge_model_steps(summary: RunSummary, feedback: QgsProcessingFeedback) -> RunSummary:
    """Merge the summary of a model's step with those of the steps before; else return it as is."""
    if feedback.metaObject().className() != _MODEL_FEEDBACK:
        return summary
    steps: list[RunSummary] = [*(feedback.property(_MODEL_SUMMARIES) or ()), summary]
    feedback.setProperty(_MODEL_SUMMARIES, steps)
    if len(steps) == 1:
        return summary
    compared = next((step for step in reversed(steps) if step.result and step.compare_id), summary)
    reports: dict[str, str] = {}
    for label, page in (item for step in steps for item in step.reports.items()):
        same = [each for each in reports if each == label or each.startswith(f"{label} (")]
        reports[f"{label} ({len(same) + 1})" if same else label] = page
    # The bar has room for two sentences beside the buttons; the log has all.
    text = " ".join(step.text for step in reversed(steps[-2:]))
    return RunSummary(text, compared.result, compared.compare_id, reports)


def _quiet_when_cancelled(feedback: QgsProcessingFeedback) -> None:
    """Keep a dialog from ending in red after a cancel, which QGIS treats as a failed run."""
    if feedback.metaObject().className() != _DIALOG_FEEDBACK:
        return
    report = feedback.reportError

    def report_failure(error: str, fatalError: bool = False) -> None:
        if not feedback.isCanceled():
            report(error, fatalError)

    feedback.reportError = report_failure


def _is_for_programs(value: Any) -> bool:
    """Return whether an output is JSON, or too long to be read in the log of a dialog."""
    return isinstance(value, str) and (value[:1] in ("{", "[") or len(value) > _LONG)


#: Name of an output -> field of the worker's result, and description in English. The field is
#: empty for an output that `WorkerAlgorithm.outputs` makes of others.
Outputs = Mapping[str, "tuple[str, str]"]
#: The last event of the worker.
Result = Mapping[str, Any]


class WorkerAlgorithm(ToolboxEntry, QgsProcessingAlgorithm):
    """An algorithm that sends one request to the worker, off the main thread, cancellable.

    A subclass sets the request's `task`, its `destinations` (request field -> name of the
    destination parameter) and its other outputs (`numbers`, `texts`). It implements `parameters`
    and the hooks below that it needs. It may set `message`, a sentence for QGIS' message bar,
    `outcome`, more sentences for the end of a dialog's log, and `compare_id`, the id of the
    layer to compare the result with.
    """

    task: ClassVar[str]
    destinations: ClassVar[dict[str, str]] = {}
    numbers: ClassVar[Outputs] = {}
    texts: ClassVar[Outputs] = {}
    worker_script: ClassVar[Path] = paths.WORKER
    limits: ClassVar[worker_run.Limits | None] = None
    # Set by the plugin where QGIS has windows: shows the summary of a run.
    announce: ClassVar[Callable[[RunSummary], None] | None] = None
    # Whether the last run wrote a page; dialogs ask another instance than the one that ran.
    _page_written: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {}
        self._prepare_error = ""
        self._notes: list[str] = []
        self._setting: str | None = None
        self._result_layers: Mapping[str, ResultLayer] = {}
        self._paths: dict[str, str] = {}
        self._written: dict[str, str] = {}
        self.message = ""
        self.outcome = ""
        self.compare_id = ""

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in self.parameters():
            self.addParameter(parameter)
        for name, (_, text) in self.numbers.items():
            self.addOutput(QgsProcessingOutputNumber(name, tr(text)))
        for name, (_, text) in self.texts.items():
            self.addOutput(QgsProcessingOutputString(name, tr(text)))

    # --- for the subclass ---

    def parameters(self) -> list[p.Parameter]:
        """Return the parameters, in the order of the dialog."""
        raise NotImplementedError

    def problem(self, values: Values) -> str:
        """Return what is wrong with the values together; empty if nothing is."""
        return ""

    def request(self, values: Values) -> dict[str, Any]:
        """Return the fields of the request except the destinations. Runs in the main thread."""
        return {}

    def result_layers(self, values: Values) -> Mapping[str, ResultLayer]:
        """Return the post-processor of each raster destination. Runs in the main thread."""
        return {}

    def before_work(self, values: Values, feedback: QgsProcessingFeedback) -> None:
        """Prepare the run, after the request is made. Runs in the main thread."""

    def after_work(self) -> None:
        """Finish after the run. Runs in the main thread."""

    def on_measurement(self, event: Mapping[str, Any]) -> None:
        """Handle a measurement of the training. Runs in the worker's thread."""

    def compares_methods(self) -> bool:
        """Return whether the run compares the methods, of which it can write a report."""
        return False

    def cancel_message(self) -> str:
        """Return what to log after a cancelled run."""
        return tr("Cancelled; nothing was written.")

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Return the outputs except the destinations; None for what the run did not give."""
        fields = {**self.numbers, **self.texts}
        return {name: result.get(field) for name, (field, _) in fields.items()}

    # --- main thread: check and prepare ---

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        parameters = Values(self, parameters, context).parameters
        good, message = super().checkParameterValues(parameters, context)
        if not good:
            return good, self._enum_problem(parameters, context) or message
        try:
            message = self.problem(Values(self, parameters, context))
        except RunError as error:
            message = str(error)
        return not message, message

    def _enum_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Name a choice with an invalid value, as the index that other algorithms accept."""
        for definition in self.parameterDefinitions():
            name = definition.name()
            if (
                isinstance(definition, QgsProcessingParameterEnum)
                and name in parameters
                and not definition.checkValueIsAcceptable(parameters[name], context)
            ):
                return tr("{} cannot be '{}'. Give one of these words: {}.").format(
                    name, parameters[name], ", ".join(definition.options())
                )
        return ""

    def sources(self, layers: Sequence[QgsRasterLayer], values: Values) -> list[str]:
        """Return the sources by which the worker opens layers that it reads together.

        Settings of the layers in QGIS that are not in their files are noted for the log.
        """
        sources = for_worker(layers, compat.temporary_folder(values.context))
        self._notes += sources.notes
        return sources.paths

    def destinations_problem(self, values: Values, inputs: Sequence[str]) -> str:
        """Check the files to write, given the inputs' sources."""
        named = {field: values.destination(name) for field, name in self.destinations.items()}
        return files.outputs_problem({field: path for field, path in named.items() if path}, inputs)

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        """Read layers and settings, which belong to the main thread.

        An error is kept and raised by the run: in QGIS 3.44 a row of a batch that cannot be
        prepared ends the whole batch.
        """
        values = Values(self, parameters, context)
        try:
            fields = self.request(values)
        except (RunError, QgsProcessingException) as error:
            self._prepare_error = str(error)
            return True
        WorkerAlgorithm._page_written = False
        _quiet_when_cancelled(feedback)
        self.sent = {"protocol": paths.protocol_version(), "task": self.task, **fields}
        self._setting = ProcessingConfig.getSetting(PYTHON_VARIABLE)
        self._result_layers = self.result_layers(values)
        for text in dict.fromkeys(self._notes):
            feedback.pushWarning(text)
        self.before_work(values, feedback)
        return True

    # --- any thread: run ---

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        if self._prepare_error:
            raise QgsProcessingException(self._prepare_error)
        try:
            found = self.work(Values(self, parameters, context), feedback)
        except RunCancelled:
            # QGIS would look for the layers, and miss them.
            context.setLayersToLoadOnCompletion({})
            feedback.pushInfo(self.cancel_message())
            return {}
        except RunError as error:
            raise QgsProcessingException(str(error)) from error
        in_dialog = feedback.metaObject().className() == _DIALOG_FEEDBACK
        return {
            name: value
            for name, value in found.items()
            if value is not None and not (in_dialog and _is_for_programs(value))
        }

    def work(self, values: Values, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Send the request to the worker and return the outputs.

        Raises RunError, or RunCancelled if the user cancelled.
        """
        request = dict(self.sent)
        for field, name in self.destinations.items():
            path = self._destination(values, name)
            self._paths[name] = path
            if field == "report" and not path and self.announce and self.compares_methods():
                folder = tempfile.mkdtemp(dir=compat.temporary_folder(values.context))
                path = self._paths[name] = str(Path(folder) / "comparison.html")
            request[field] = os.path.abspath(path) if path else None  # noqa: PTH100
        interpreter = find_interpreter(self._setting)
        feedback.pushDebugInfo(f"Python: {interpreter.path} ({interpreter.origin})")
        command = worker_command(interpreter.path, self.worker_script)
        result = worker_run.run(request, feedback, command, self.limits, self.on_measurement)
        # A file may be there from an earlier run: the worker names those it wrote in this one.
        self._written = {
            name: self._paths[name]
            for field, name in self.destinations.items()
            if result.get(field)
        }
        return {**self._written, **self.outputs(result, feedback)}

    def _destination(self, values: Values, name: str) -> str:
        """Return the file of a destination parameter; empty if it was skipped.

        For a raster this also makes QGIS load it after the run.
        """
        if isinstance(self.parameterDefinition(name), QgsProcessingParameterRasterDestination):
            return self.parameterAsOutputLayer(values.parameters, name, values.context)
        return self.parameterAsFileOutput(values.parameters, name, values.context)

    # --- main thread: show ---

    def hasHtmlOutputs(self) -> bool:
        """Return whether a page was written; by default QGIS announces one that could be."""
        return WorkerAlgorithm._page_written

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        self.after_work()
        feedback.setProperty(OUTCOME, self.outcome or self.message)
        WorkerAlgorithm._page_written = self.destinations.get("report") in self._written
        for name, layer in self._result_layers.items():
            path = self._paths.get(name)
            if path and context.willLoadLayerOnCompletion(path):
                layer.attach(context.layerToLoadOnCompletionDetails(path))
        if self.message and self.announce is not None and not feedback.property(QUIET):
            self.announce(merge_model_steps(self._summary(context), feedback))
        return {}

    def _summary(self, context: QgsProcessingContext) -> RunSummary:
        result = self._written.get(p.OUTPUT, "")
        if not context.willLoadLayerOnCompletion(result):
            result = ""
        report = self.destinations.get("report", "")
        reports = {}
        if report in self._written:
            reports[self.parameterDefinition(report).description()] = self._written[report]
        return RunSummary(self.message, result, self.compare_id, reports)
