# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:models`: list, check, import, edit and delete models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from .. import models, paths
from ..language import tr
from ..layers.sources import full_path
from . import methods
from . import parameters as p
from .worker_algorithm import TRAINING, WorkerAlgorithm

ACTION, FILE, NAME = "ACTION", "FILE", "NAME"
LICENCE, NOTES = "LICENCE", "NOTES"
LIST, CHECK, IMPORT, CARD, DELETE = "list", "check", "import", "card", "delete"
_OUTPUTS = {
    "MODELS": "Installed models (JSON)",
    "FOLDER": "Folder of your own models",
    "MODEL_FILE": "Model file",
}


class ModelsAlgorithm(WorkerAlgorithm):
    """Manage model files; the training worker checks them."""

    toolbox_group = TRAINING
    task = "model"
    destinations: ClassVar[dict[str, str]] = {}
    worker_script = paths.TRAINER

    def name(self) -> str:
        return "models"

    def displayName(self) -> str:
        return tr("Manage models")

    def shortDescription(self) -> str:
        return tr("Lists, checks, imports, edits or deletes models.")

    def tags(self) -> list[str]:
        return tr("model,import,delete,card,licence,safetensors,network").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        file = QgsProcessingParameterFile.Behavior.File
        kinds = tr("Models") + " (*.safetensors)"
        parameters = [
            p.explained(
                p.choice(ACTION, tr("Action"), (LIST, CHECK, IMPORT, CARD, DELETE), LIST),
                tr(
                    "'list' changes nothing; 'check' tests whether a file is a usable model; "
                    "'import' copies it to your own models; 'card' edits the card of one of your "
                    "own models; 'delete' permanently deletes one of your own models."
                ),
            ),
            p.explained(
                QgsProcessingParameterFile(
                    FILE, tr("Model file"), behavior=file, optional=True, fileFilter=kinds
                ),
                tr("A .safetensors file next to its ONNX graphs, to check, import or edit."),
            ),
            p.explained(
                QgsProcessingParameterString(NAME, tr("Name"), optional=True),
                tr("The model to delete, or the new name of an imported or edited model."),
            ),
            p.advanced(
                QgsProcessingParameterString(LICENCE, tr("Licence"), optional=True),
                tr("For the card; unchanged if empty."),
            ),
            p.advanced(
                QgsProcessingParameterString(NOTES, tr("Notes"), multiLine=True, optional=True),
                tr("For the card; unchanged if empty."),
            ),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        for name, text in _OUTPUTS.items():
            self.addOutput(QgsProcessingOutputString(name, tr(text)))

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        action = self.parameterAsString(parameters, ACTION, context)
        name = (self.parameterAsString(parameters, NAME, context) or "").strip()
        file = self.parameterAsFile(parameters, FILE, context)
        if action == DELETE and not name:
            return tr("Give the name of the model to delete.")
        if action in (CHECK, IMPORT, CARD) and not Path(file).is_file():
            return tr("The model file does not exist: {}").format(file or tr("none given"))
        if action == IMPORT:
            return models.name_problem(name or Path(file).stem)
        if action == CARD and name and name != Path(file).stem:
            return models.name_problem(name)
        return ""

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        card = {
            name: self.parameterAsString(parameters, key, context)
            for name, key in (("licence", LICENCE), ("notes", NOTES))
            if parameters.get(key)
        }
        return {
            "action": self.parameterAsString(parameters, ACTION, context),
            "file": full_path(self.parameterAsFile(parameters, FILE, context)),
            "models": str(models.folder().absolute()),
            "name": (self.parameterAsString(parameters, NAME, context) or "").strip() or None,
            **card,
        }

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        action = self._request["action"]
        if action == DELETE:
            problem = models.delete(self._request["name"])
            if problem:
                raise QgsProcessingException(problem)
        elif action != LIST:
            values = super().work(parameters, context, feedback)
        listed = models.all_models()
        if action == LIST:
            for model in listed:
                feedback.pushInfo(f"{model.name}: {model.problem or describe(model)} {model.path}")
        rows = [
            {"name": m.name, "method": m.method, "own": not m.shipped, "problem": m.problem,
             "licence": m.licence, "file": str(m.path)}
            for m in listed
        ]  # fmt: skip
        return {**values, "MODELS": json.dumps(rows), "FOLDER": str(models.folder())}

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        texts = {
            CHECK: tr("The model is complete and usable: {}"),
            IMPORT: tr("The model was imported: {}"),
            CARD: tr("The card was written: {}"),
        }
        feedback.pushInfo(texts[self._request["action"]].format(result.get("file")))
        return {"MODEL_FILE": result.get("file")}

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if self._request["action"] in (IMPORT, CARD, DELETE):
            models.changed()
        return super().postProcessAlgorithm(context, feedback)


def describe(model: models.ModelInfo) -> str:
    """Return method and bands of a model as text."""
    bands = tr("any number of bands") if model.bands is None else tr("{} bands").format(model.bands)
    return f"{methods.label(model.method)}, {bands}"
