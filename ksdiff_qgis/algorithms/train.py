# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:train`: train a model for a sensor on a training set."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol

from qgis.core import QgsProcessingFeedback, QgsProcessingOutputFile
from qgis.PyQt.QtCore import QCoreApplication, QThread

from .. import models, paths
from ..language import tr
from ..runtime.worker_run import Limits
from ..runtime.worker_translation import in_users_words
from . import methods
from . import parameters as p
from .toolbox_entry import TRAINING
from .trainingset import SUFFIX
from .values import Values
from .worker_algorithm import Outputs, Result, WorkerAlgorithm

DATA, NAME, START, LENGTH = "DATA", "NAME", "START", "LENGTH"
STEPS1, STEPS2, BATCH, RUN = "STEPS1", "STEPS2", "BATCH", "RUN"
MINUTES = "MINUTES"
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

    key = "train"
    title = "Train for a sensor"
    summary = "Trains a KSDiff or SRINO model for your sensor on a training set."
    keywords = "training,fine-tuning,model,sensor,network,pansharpening,resume"
    runtime_size = "full"
    toolbox_group = TRAINING
    task = "train"
    worker_script = paths.TRAINER
    numbers: ClassVar[Outputs] = {
        "ERGAS": ("ergas", "Validation ERGAS of the model"),
        "ERGAS_BEFORE": ("ergas_before", "Validation ERGAS of the initial model"),
        "ERGAS_CLASSICAL": ("ergas_classical", "Validation ERGAS of the best classical method"),
        "LOSS": ("loss", "Loss of the last step"),
        "STEPS_DONE": ("steps_done", "Steps of both stages"),
        "SECONDS": ("seconds", "Training time (s)"),
        "GAINED": ("", "1 if it is better in use on held-out ground than before, else 0"),
    }
    texts: ClassVar[Outputs] = {
        "NAME": ("name", "Model name"),
        "RUN_FOLDER": ("run", "Run folder"),
        "DEVICE_USED": ("device", "Device used"),
        "SCORES": ("", "Validation scores (JSON)"),
        "IN_USE": ("", "Scores in use on held-out ground (JSON)"),
        "VERDICT": ("", "Verdict of the comparison in use"),
    }
    limits = Limits(polite=35.0)  # the worker takes up to 30 s to finish a step and save it
    # Set by the plugin where QGIS has windows: opens a monitor for the training of a name.
    open_monitor: ClassVar[Callable[[str], TrainingMonitor] | None] = None

    def __init__(self) -> None:
        super().__init__()
        self._monitor: TrainingMonitor | None = None

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.addOutput(QgsProcessingOutputFile("MODEL_FILE", tr("Model file")))
        super().initAlgorithm(configuration)

    def parameters(self) -> list[p.Parameter]:
        return [*_model_parameters(), *_run_parameters(), *_card_parameters()]

    def problem(self, values: Values) -> str:
        data = values.file(DATA)
        if not Path(data).is_file() or not data.endswith(SUFFIX):
            return tr("Not a training set ({}): {}. 'Prepare training set' makes one.").format(
                SUFFIX, data
            )
        start, problem = values.text(START), models.name_problem(_name(values))
        if problem or start in (p.AUTO, SCRATCH):
            return problem
        return methods.model_problem(values.text(p.METHOD), models.find_or_missing(start))

    def request(self, values: Values) -> dict[str, Any]:
        name = _name(values)
        run = values.file(RUN) or str(models.runs() / name)
        stages = [values.integer_or_none(key) for key in (STEPS1, STEPS2)]
        stage1, stage2 = (
            default if given is None else given
            for given, default in zip(stages, LENGTHS[values.text(LENGTH)])
        )
        return {
            "data": values.full_path(DATA),
            "name": name,
            "run": str(Path(run).expanduser().absolute()),
            "models": str(models.folder().absolute()),
            "method": values.text(p.METHOD),
            "start": _start(values),
            "stage1": stage1,
            "stage2": stage2,
            "minutes": values.decimal(MINUTES),
            "batch": values.integer(BATCH),
            "device": values.text(p.DEVICE),
            "seed": values.integer(p.SEED),
            "licence": values.text(LICENCE),
            "notes": values.text(NOTES),
        }

    def before_work(self, values: Values, feedback: QgsProcessingFeedback) -> None:
        # A script may prepare an algorithm in another thread, where no window may be made.
        in_main_thread = QThread.currentThread() == QCoreApplication.instance().thread()
        if self.open_monitor is not None and in_main_thread:
            self._monitor = self.open_monitor(self.sent["name"])

    def after_work(self) -> None:
        models.changed()

    def on_measurement(self, event: Mapping[str, Any]) -> None:
        if self._monitor is not None:
            self._monitor.measure(event)

    def work(self, values: Values, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        run = self.sent["run"]
        feedback.pushInfo(tr("Run folder: {}").format(run))
        if (Path(run) / "checkpoint.pt").is_file():
            feedback.pushInfo(tr("Continuing the training stopped there."))
        ending = tr("The training was stopped or failed; see the log of its dialog.")
        try:
            found = super().work(values, feedback)
            ending = self.message or ending
        finally:
            if self._monitor is not None:
                self._monitor.end(ending)
        return found

    def cancel_message(self) -> str:
        return tr(
            "Stopped. Run it again with the same run folder to continue: {} (if a step takes more "
            "than half a minute, up to a minute of work is repeated)."
        ).format(self.sent["run"])

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        said = in_users_words(result.get("in_use_sentence") or result.get("sentence") or "")
        self.message = tr("The model '{}' is ready. {}").format(
            result.get("name"), said or tr("It has no validation scores.")
        )
        feedback.pushInfo(self.message)
        return {
            **super().outputs(result, feedback),
            "VERDICT": in_users_words(result.get("in_use_sentence") or "") or None,
            "MODEL_FILE": result.get("file"),
            "SCORES": json.dumps(result.get("scores") or {}),
            "IN_USE": json.dumps(result.get("in_use") or {}),
            "GAINED": int(result["gained"]) if "gained" in result else None,
        }


def _name(values: Values) -> str:
    return values.text(NAME).strip()


def _start(values: Values) -> str | None:
    """Return the initial model by name or path; None for random weights."""
    start = values.text(START)
    if start == SCRATCH:
        return None
    if start == p.AUTO:
        return _DEFAULTS[values.text(p.METHOD)]
    model = models.find(start)
    return str(model.path) if model else start


def _model_parameters() -> list[p.Parameter]:
    starts = [p.AUTO, SCRATCH, *(model.name for model in models.all_models() if not model.problem)]
    return [
        p.file(
            DATA,
            "Training set",
            "A file written by 'Prepare training set'.",
            tr("Training sets") + f" (*{SUFFIX})",
        ),
        p.string(
            NAME,
            "Model name",
            "A new name of letters without accents, digits, - and _, also used for the files.",
            optional=False,
        ),
        p.method_choice(_METHODS, methods.KSDIFF, "The method that the model is for."),
        p.choice(
            START,
            "Initial model",
            "'auto' fine-tunes the default model of the plugin to your sensor; 'scratch' "
            "starts with random weights and needs a long training; or another model of the "
            "same method.",
            starts,
            p.AUTO,
            titles={p.AUTO: "The plugin's own", SCRATCH: "None (random weights)"},
        ),
    ]


def _run_parameters() -> list[p.Parameter]:
    listed = ", ".join(f"{name} {sum(steps)}" for name, steps in LENGTHS.items())
    length = p.choice(
        LENGTH,
        "Training length",
        "Total steps of both stages: {}. A step takes one to two seconds on two CPU cores; "
        "the progress shows the time left.",
        list(LENGTHS),
        "normal",
        titles={"quick": "Quick", "normal": "Normal", "long": "Long"},
    )
    overrides, most = "Overrides the training length.", 10**6
    return [
        p.with_help(length, length.help().format(listed)),
        p.number(
            MINUTES,
            "Or training time (minutes)",
            "Replaces the training length by the number of steps that this device does in "
            "about that time; their speed is measured first. 0 = off.",
            0.0,
            (0.0, 10000.0),
        ),
        p.number(STEPS1, "Steps of stage 1", overrides, limits=(0, most), advanced=True),
        p.number(STEPS2, "Steps of stage 2", overrides, limits=(1, most), advanced=True),
        p.number(
            BATCH,
            "Batch size",
            "Windows per step; smaller batches need less memory and time per step.",
            16,
            (1, 512),
            advanced=True,
        ),
        p.device(),
        p.as_advanced(p.seed()),
        p.folder(
            RUN,
            "Run folder",
            "Folder for the checkpoint. A stopped training continues when it is run again with "
            "the same folder and settings. By default a folder named after the model; it must "
            "be empty or of an earlier training.",
            optional=True,
        ),
    ]


def _card_parameters() -> list[p.Parameter]:
    licence = "For those who get the model; the licence of the images may restrict it."
    notes = "Free text for the card of the model."
    return [
        p.string(LICENCE, "Model licence", licence),
        p.string(NOTES, "Notes", notes, multiLine=True),
    ]
