# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:train`: a model for a sensor, from a training set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import qgis.utils
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QThread

from .. import models, paths
from ..language import tr
from ..runtime.process import Limits
from . import parameters as p
from . import sources
from .base import TRAINING
from .trainingset import SUFFIX
from .worker import WorkerAlgorithm

if TYPE_CHECKING:
    from ..gui.curve import Measurements

DATA, NAME, START, LENGTH = "DATA", "NAME", "START", "LENGTH"
STEPS1, STEPS2, BATCH, RUN = "STEPS1", "STEPS2", "BATCH", "RUN"
LICENCE, NOTES = "LICENCE", "NOTES"
SCRATCH = "scratch"
# Steps of both stages.
LENGTHS = {"quick": (40, 120), "normal": (300, 900), "long": (2500, 4000)}
_METHODS = (p.KSDIFF, p.SRINO)
_DEFAULTS = {p.KSDIFF: "ksdiff-scene", p.SRINO: "srino-scene"}


class Train(WorkerAlgorithm):
    """Train a model in training's worker, and show how it goes where QGIS has windows."""

    section = TRAINING
    task = "train"
    targets: ClassVar[dict[str, str]] = {}
    script = paths.TRAINER
    limits = Limits(polite=35.0)  # the worker gives itself 30 s to finish a step and save it

    def __init__(self) -> None:
        super().__init__()
        self._curve: Measurements | None = None

    def name(self) -> str:
        return "train"

    def displayName(self) -> str:
        return tr("Train for a sensor")

    def shortDescription(self) -> str:
        return tr("A model of KSDiff or SRINO for your sensor, from a training set.")

    def tags(self) -> list[str]:
        return tr("training,fine-tuning,model,sensor,network,pansharpening,resume").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in [*_what(), *_how(), *_about()]:
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputFile("MODEL_FILE", tr("Model file")))
        numbers = {
            "ERGAS": "ERGAS of the model on what was held out",
            "ERGAS_BEFORE": "ERGAS of the model it began with",
            "ERGAS_CLASSICAL": "ERGAS of the best classical method",
            "LOSS": "Loss of the last step",
            "STEPS_DONE": "Steps of both stages",
            "SECONDS": "Seconds trained",
        }
        strings = {
            "NAME": "Name of the model",
            "RUN_FOLDER": "Run folder",
            "DEVICE_USED": "Device used",
            "SCORES": "Scores on what was held out (JSON)",
        }
        for output in [*p.numbers(numbers), *p.strings(strings)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        data = self.parameterAsFile(parameters, DATA, context)
        if not Path(data).is_file() or not data.endswith(SUFFIX):
            return tr(
                "The training set is no file named {}: {}. 'Prepare training set' makes one."
            ).format(SUFFIX, data)
        return models.name_problem(self._name(parameters, context)) or self._start_problem(
            parameters, context
        )

    def _start_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        method = self.parameterAsString(parameters, p.METHOD, context)
        start = self.parameterAsString(parameters, START, context)
        if start in (p.AUTO, SCRATCH):
            return ""
        model = models.find(start)
        why = models.misfit(model, method) if model else tr("it is not there any more")
        if not why:
            return ""
        fits = ", ".join(each.name for each in models.fitting(method))
        return tr("Training of {} cannot begin with the model '{}': {}. It can with: {}.").format(
            p.LEARNED[method], start, why, fits
        )

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        method = self.parameterAsString(parameters, p.METHOD, context)
        name = self._name(parameters, context)
        run = self.parameterAsFile(parameters, RUN, context) or str(models.runs() / name)
        steps = LENGTHS[self.parameterAsString(parameters, LENGTH, context)]
        given = [
            self.parameterAsInt(parameters, key, context) if p.given(parameters, key) else usual
            for key, usual in zip((STEPS1, STEPS2), steps)
        ]
        return {
            "data": sources.full_path(self.parameterAsFile(parameters, DATA, context)),
            "name": name,
            "run": str(Path(run).expanduser().absolute()),
            "models": str(models.folder().absolute()),
            "method": method,
            "start": self._start(parameters, context),
            "stage1": given[0],
            "stage2": given[1],
            "batch": self.parameterAsInt(parameters, BATCH, context),
            "device": self.parameterAsString(parameters, p.DEVICE, context),
            "seed": self.parameterAsInt(parameters, p.SEED, context),
            "licence": self.parameterAsString(parameters, LICENCE, context),
            "notes": self.parameterAsString(parameters, NOTES, context),
        }

    def _name(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return (self.parameterAsString(parameters, NAME, context) or "").strip()

    def _start(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        """The model to begin with, as the worker finds it."""
        start = self.parameterAsString(parameters, START, context)
        if start == SCRATCH:
            return None
        if start == p.AUTO:
            return _DEFAULTS[self.parameterAsString(parameters, p.METHOD, context)]
        model = models.find(start)
        return str(model.path) if model else start

    # --- the curve ---

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        if not super().prepareAlgorithm(parameters, context, feedback):
            return False
        if self._refusal:
            return True  # told when it is run
        windows, main = qgis.utils.iface, QCoreApplication.instance().thread()
        if windows is not None and QThread.currentThread() == main:
            from ..gui.curve import open_curve  # windows: not for `qgis_process`

            self._curve = open_curve(self._request["name"], windows.mainWindow())
        return True

    def measured(self, event: Mapping[str, Any]) -> None:
        if self._curve is not None and not sip.isdeleted(self._curve):
            self._curve.measured.emit(dict(event))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        run = self._request["run"]
        feedback.pushInfo(tr("Run folder: {}").format(run))
        if (Path(run) / "checkpoint.pt").is_file():
            feedback.pushInfo(tr("A training was stopped there; it goes on."))
        ended = tr("The training was stopped or failed; its dialog tells.")
        try:
            found = super().work(parameters, context, feedback)
            ended = self.said or ended
        finally:
            if self._curve is not None and not sip.isdeleted(self._curve):
                self._curve.ended.emit(ended)
        return found

    def cancelled(self) -> str:
        return tr(
            "Stopped. The same run folder goes on from there: {} (where a step takes longer than "
            "half a minute, from a minute before)."
        ).format(self._request["run"])

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        self.said = tr("The model '{}' is ready. {}").format(
            result.get("name"), result.get("sentence") or tr("It has no scores.")
        )
        feedback.pushInfo(self.said)
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


def _what() -> list[p.Parameter]:
    starts = [p.AUTO, SCRATCH, *(model.name for model in models.all_models() if not model.problem)]
    return [
        p.explained(
            QgsProcessingParameterFile(
                DATA,
                tr("Training set"),
                behavior=QgsProcessingParameterFile.Behavior.File,
                fileFilter=tr("Training sets") + f" (*{SUFFIX})",
            ),
            tr("What 'Prepare training set' wrote."),
        ),
        p.explained(
            QgsProcessingParameterString(NAME, tr("Name of the model")),
            tr("A new one: letters without accents, digits, - and _. Lists and files get it."),
        ),
        p.explained(
            p.choice(p.METHOD, tr("Method"), _METHODS, p.KSDIFF),
            tr("What the model is for."),
        ),
        p.explained(
            p.choice(START, tr("Begin with"), starts, p.AUTO),
            tr(
                "'auto' is the default model of the plugin, which then learns your sensor "
                "(fine-tuning); 'scratch' knows nothing and needs a long training; or another "
                "model of the same method."
            ),
        ),
    ]


def _how() -> list[p.Parameter]:
    told = ", ".join(f"{name} {sum(steps)}" for name, steps in LENGTHS.items())
    folder = QgsProcessingParameterFile.Behavior.Folder
    return [
        p.explained(
            p.choice(LENGTH, tr("Length"), list(LENGTHS), "normal"),
            tr(
                "Steps of both stages: {}. A step takes one to two seconds on two CPU cores; the "
                "progress tells the time left."
            ).format(told),
        ),
        p.advanced(
            p.number(STEPS1, tr("Steps of stage 1"), optional=True, minValue=0, maxValue=10**6),
            tr("Instead of the length's."),
        ),
        p.advanced(
            p.number(STEPS2, tr("Steps of stage 2"), optional=True, minValue=1, maxValue=10**6),
            tr("Instead of the length's."),
        ),
        p.advanced(
            p.number(BATCH, tr("Windows per step"), defaultValue=16, minValue=1, maxValue=512),
            tr("Fewer need less memory and time, and learn less in a step."),
        ),
        p.device(),
        p.advanced(p.seed()),
        p.explained(
            QgsProcessingParameterFile(RUN, tr("Run folder"), behavior=folder, optional=True),
            tr(
                "What is needed to go on. A training that was stopped goes on when it is run again "
                "with the same folder and settings. None given: one of the model's name. It must "
                "be empty or of an earlier training."
            ),
        ),
    ]


def _about() -> list[p.Parameter]:
    licence = QgsProcessingParameterString(LICENCE, tr("Licence of the model"), optional=True)
    notes = QgsProcessingParameterString(NOTES, tr("Notes"), multiLine=True, optional=True)
    return [
        p.explained(licence, tr("For whom you pass it on to; images bind what is made of them.")),
        p.explained(notes, tr("Whatever shall be on the model's card.")),
    ]
