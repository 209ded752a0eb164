# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:train`: train a model for a sensor on a training set."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication, QThread

from .. import models, paths
from ..language import tr
from ..layers.sources import full_path
from ..runtime.process import Limits
from . import methods
from . import parameters as p
from .trainingset import SUFFIX
from .worker_algorithm import TRAINING, WorkerAlgorithm

DATA, NAME, START, LENGTH = "DATA", "NAME", "START", "LENGTH"
STEPS1, STEPS2, BATCH, RUN = "STEPS1", "STEPS2", "BATCH", "RUN"
LICENCE, NOTES = "LICENCE", "NOTES"
SCRATCH = "scratch"
# Steps of stage 1 and 2.
LENGTHS = {"quick": (40, 120), "normal": (300, 900), "long": (2500, 4000)}
_METHODS = (methods.KSDIFF, methods.SRINO)
_DEFAULTS = {methods.KSDIFF: "ksdiff-scene", methods.SRINO: "srino-scene"}


class TrainingMonitor(Protocol):
    """Shows the progress of a training; may be called from any thread."""

    def measure(self, event: Mapping[str, Any]) -> None:
        """Show a measurement of the worker."""

    def end(self, text: str) -> None:
        """Show how the training ended."""


class TrainAlgorithm(WorkerAlgorithm):
    """Train a model in the training worker, and show its curve if QGIS has windows."""

    toolbox_group = TRAINING
    task = "train"
    destinations: ClassVar[dict[str, str]] = {}
    worker_script = paths.TRAINER
    limits = Limits(polite=35.0)  # the worker takes up to 30 s to finish a step and save it
    # Set by the plugin where QGIS has windows: opens a monitor for the training of a name.
    open_monitor: ClassVar[Callable[[str], TrainingMonitor] | None] = None

    def __init__(self) -> None:
        super().__init__()
        self._monitor: TrainingMonitor | None = None

    def name(self) -> str:
        return "train"

    def displayName(self) -> str:
        return tr("Train for a sensor")

    def shortDescription(self) -> str:
        return tr("Trains a KSDiff or SRINO model for your sensor on a training set.")

    def tags(self) -> list[str]:
        return tr("training,fine-tuning,model,sensor,network,pansharpening,resume").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in [*_model_parameters(), *_run_parameters(), *_card_parameters()]:
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputFile("MODEL_FILE", tr("Model file")))
        numbers = {
            "ERGAS": "Validation ERGAS of the model",
            "ERGAS_BEFORE": "Validation ERGAS of the initial model",
            "ERGAS_CLASSICAL": "Validation ERGAS of the best classical method",
            "LOSS": "Loss of the last step",
            "STEPS_DONE": "Steps of both stages",
            "SECONDS": "Training time (s)",
        }
        strings = {
            "NAME": "Model name",
            "RUN_FOLDER": "Run folder",
            "DEVICE_USED": "Device used",
            "SCORES": "Validation scores (JSON)",
        }
        for output in [*p.numbers(numbers), *p.strings(strings)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        data = self.parameterAsFile(parameters, DATA, context)
        if not Path(data).is_file() or not data.endswith(SUFFIX):
            return tr("Not a training set ({}): {}. 'Prepare training set' makes one.").format(
                SUFFIX, data
            )
        return models.name_problem(self._name(parameters, context)) or self._start_problem(
            parameters, context
        )

    def _start_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        method = self.parameterAsString(parameters, p.METHOD, context)
        start = self.parameterAsString(parameters, START, context)
        if start in (p.AUTO, SCRATCH):
            return ""
        model = models.find(start)
        reason = models.misfit(model, method) if model else tr("it does not exist")
        if not reason:
            return ""
        fitting = ", ".join(each.name for each in models.fitting(method))
        return tr("{} cannot use the model '{}': {}. Usable models: {}.").format(
            methods.NETWORKS[method], start, reason, fitting
        )

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        method = self.parameterAsString(parameters, p.METHOD, context)
        name = self._name(parameters, context)
        run = self.parameterAsFile(parameters, RUN, context) or str(models.runs() / name)
        steps = LENGTHS[self.parameterAsString(parameters, LENGTH, context)]
        stage1, stage2 = (
            self.parameterAsInt(parameters, key, context) if p.given(parameters, key) else default
            for key, default in zip((STEPS1, STEPS2), steps)
        )
        return {
            "data": full_path(self.parameterAsFile(parameters, DATA, context)),
            "name": name,
            "run": str(Path(run).expanduser().absolute()),
            "models": str(models.folder().absolute()),
            "method": method,
            "start": self._start(parameters, context),
            "stage1": stage1,
            "stage2": stage2,
            "batch": self.parameterAsInt(parameters, BATCH, context),
            "device": self.parameterAsString(parameters, p.DEVICE, context),
            "seed": self.parameterAsInt(parameters, p.SEED, context),
            "licence": self.parameterAsString(parameters, LICENCE, context),
            "notes": self.parameterAsString(parameters, NOTES, context),
        }

    def _name(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return (self.parameterAsString(parameters, NAME, context) or "").strip()

    def _start(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        """Return the initial model by name or path; None for random weights."""
        start = self.parameterAsString(parameters, START, context)
        if start == SCRATCH:
            return None
        if start == p.AUTO:
            return _DEFAULTS[self.parameterAsString(parameters, p.METHOD, context)]
        model = models.find(start)
        return str(model.path) if model else start

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        if not super().prepareAlgorithm(parameters, context, feedback):
            return False
        # A script may prepare an algorithm in another thread, where no window may be made.
        in_main_thread = QThread.currentThread() == QCoreApplication.instance().thread()
        if not self._prepare_error and self.open_monitor is not None and in_main_thread:
            self._monitor = self.open_monitor(self._request["name"])
        return True

    def on_measurement(self, event: Mapping[str, Any]) -> None:
        if self._monitor is not None:
            self._monitor.measure(event)

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        run = self._request["run"]
        feedback.pushInfo(tr("Run folder: {}").format(run))
        if (Path(run) / "checkpoint.pt").is_file():
            feedback.pushInfo(tr("Continuing the training stopped there."))
        ending = tr("The training was stopped or failed; see the log of its dialog.")
        try:
            values = super().work(parameters, context, feedback)
            ending = self.message or ending
        finally:
            if self._monitor is not None:
                self._monitor.end(ending)
        return values

    def cancel_message(self) -> str:
        return tr(
            "Stopped. Run it again with the same run folder to continue: {} (if a step takes more "
            "than half a minute, up to a minute of work is repeated)."
        ).format(self._request["run"])

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        self.message = tr("The model '{}' is ready. {}").format(
            result.get("name"), result.get("sentence") or tr("It has no validation scores.")
        )
        feedback.pushInfo(self.message)
        return {
            "MODEL_FILE": result.get("file"),
            "NAME": result.get("name"),
            "RUN_FOLDER": result.get("run"),
            "ERGAS": result.get("ergas"),
            "ERGAS_BEFORE": result.get("ergas_before"),
            "ERGAS_CLASSICAL": result.get("ergas_classical"),
            "LOSS": result.get("loss"),
            "STEPS_DONE": result.get("steps_done"),
            "SECONDS": result.get("seconds"),
            "DEVICE_USED": result.get("device"),
            "SCORES": json.dumps(result.get("scores") or {}),
        }

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        models.changed()
        return super().postProcessAlgorithm(context, feedback)


def _model_parameters() -> list[p.Parameter]:
    starts = [p.AUTO, SCRATCH, *(model.name for model in models.all_models() if not model.problem)]
    return [
        p.explained(
            QgsProcessingParameterFile(
                DATA,
                tr("Training set"),
                behavior=QgsProcessingParameterFile.Behavior.File,
                fileFilter=tr("Training sets") + f" (*{SUFFIX})",
            ),
            tr("A file written by 'Prepare training set'."),
        ),
        p.explained(
            QgsProcessingParameterString(NAME, tr("Model name")),
            tr("A new name of letters without accents, digits, - and _, also used for the files."),
        ),
        p.explained(
            p.choice(p.METHOD, tr("Method"), _METHODS, methods.KSDIFF),
            tr("The method that the model is for."),
        ),
        p.explained(
            p.choice(START, tr("Initial model"), starts, p.AUTO),
            tr(
                "'auto' fine-tunes the default model of the plugin to your sensor; 'scratch' "
                "starts with random weights and needs a long training; or another model of the "
                "same method."
            ),
        ),
    ]


def _run_parameters() -> list[p.Parameter]:
    listed = ", ".join(f"{name} {sum(steps)}" for name, steps in LENGTHS.items())
    folder = QgsProcessingParameterFile.Behavior.Folder
    return [
        p.explained(
            p.choice(LENGTH, tr("Training length"), list(LENGTHS), "normal"),
            tr(
                "Total steps of both stages: {}. A step takes one to two seconds on two CPU cores; "
                "the progress shows the time left."
            ).format(listed),
        ),
        p.advanced(
            p.number(STEPS1, tr("Steps of stage 1"), optional=True, minValue=0, maxValue=10**6),
            tr("Overrides the training length."),
        ),
        p.advanced(
            p.number(STEPS2, tr("Steps of stage 2"), optional=True, minValue=1, maxValue=10**6),
            tr("Overrides the training length."),
        ),
        p.advanced(
            p.number(BATCH, tr("Batch size"), defaultValue=16, minValue=1, maxValue=512),
            tr("Windows per step; smaller batches need less memory and time per step."),
        ),
        p.device(),
        p.advanced(p.seed()),
        p.explained(
            QgsProcessingParameterFile(RUN, tr("Run folder"), behavior=folder, optional=True),
            tr(
                "Folder for the checkpoint. A stopped training continues when it is run again with "
                "the same folder and settings. By default a folder named after the model; it must "
                "be empty or of an earlier training."
            ),
        ),
    ]


def _card_parameters() -> list[p.Parameter]:
    licence = QgsProcessingParameterString(LICENCE, tr("Model licence"), optional=True)
    notes = QgsProcessingParameterString(NOTES, tr("Notes"), multiLine=True, optional=True)
    return [
        p.explained(
            licence,
            tr("For those who get the model; the licence of the images may restrict it."),
        ),
        p.explained(notes, tr("Free text for the card of the model.")),
    ]
