# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:models`: list, check, import, edit and delete models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from .. import models, paths
from ..language import later, tr
from ..layers.sources import full_path
from . import methods
from . import parameters as p
from .toolbox_entry import TRAINING
from .values import Values
from .worker_algorithm import Outputs, Result, WorkerAlgorithm

ACTION, FILE, NAME = "ACTION", "FILE", "NAME"
LICENCE, NOTES = "LICENCE", "NOTES"
LIST, CHECK, IMPORT, CARD, DELETE = "list", "check", "import", "card", "delete"

# Sentences on the cards of the shipped models; those of other cards are shown as they are.
SHIPPED_SENTENCES = (
    later("Weights: GPL-2.0-or-later, with the attributions in the file ATTRIBUTION."),
    later("Trained by training/recipes/ksdiff-scene.json; see docs/ksdiff.md."),
    later("Trained by training/recipes/srino-scene.json; see docs/srino.md."),
    later(
        "Wald, reduced resolution, whole image, float results; mean over scenes; PAN by "
        "antialiased bicubic (RR) and under an MTF of 0.15 (RR-MTF); python -m core bench"
    ),
)


def card_text(text: str) -> str:
    """Return a sentence of a card in the language of QGIS, if it is one of ours."""
    return tr(text) if text in SHIPPED_SENTENCES else text


class ModelsAlgorithm(WorkerAlgorithm):
    """Manage model files; the training worker checks them."""

    key = "models"
    title = "Manage models"
    summary = "Lists, checks, imports, edits or deletes models."
    keywords = "model,import,delete,card,licence,safetensors,network"
    runtime_size = ""
    toolbox_group = TRAINING
    task = "model"
    worker_script = paths.TRAINER
    texts: ClassVar[Outputs] = {
        "MODELS": ("", "Installed models (JSON)"),
        "FOLDER": ("", "Folder of your own models"),
        "MODEL_FILE": ("file", "Model file"),
    }

    def parameters(self) -> list[p.Parameter]:
        unchanged = "For the card; unchanged if empty."
        return [
            p.choice(
                ACTION,
                "Action",
                "'list' changes nothing; 'check' tests whether a file is a usable model; "
                "'import' copies it to your own models; 'card' edits the card of one of your "
                "own models; 'delete' permanently deletes one of your own models.",
                (LIST, CHECK, IMPORT, CARD, DELETE),
                LIST,
            ),
            p.file(
                FILE,
                "Model file",
                "A .safetensors file next to its ONNX graphs, to check, import or edit.",
                p.model_files(),
                optional=True,
            ),
            p.string(
                NAME, "Name", "The model to delete, or the new name of an imported or edited model."
            ),
            p.string(LICENCE, "Licence", unchanged, advanced=True),
            p.string(NOTES, "Notes", unchanged, multiLine=True, advanced=True),
        ]

    def problem(self, values: Values) -> str:
        action, name, file = values.text(ACTION), values.text(NAME).strip(), values.file(FILE)
        if action == DELETE and not name:
            return tr("Give the name of the model to delete.")
        if action in (CHECK, IMPORT, CARD) and not Path(file).is_file():
            return tr("The model file does not exist: {}").format(file or tr("none given"))
        if action == IMPORT:
            return models.name_problem(name or Path(file).stem)
        if action == CARD and name and name != Path(file).stem:
            return models.name_problem(name)
        return ""

    def request(self, values: Values) -> dict[str, Any]:
        card = {"licence": LICENCE, "notes": NOTES}
        return {
            "action": values.text(ACTION),
            "file": full_path(values.file(FILE)),
            "models": str(models.folder().absolute()),
            "name": values.text(NAME).strip() or None,
            **{field: values.text(key) for field, key in card.items() if values.given(key)},
        }

    def work(self, values: Values, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        found: dict[str, Any] = {}
        action = self.sent["action"]
        if action == DELETE:
            problem = models.delete(self.sent["name"])
            if problem:
                raise QgsProcessingException(problem)
        elif action != LIST:
            found = super().work(values, feedback)
        listed = models.all_models()
        if action == LIST:
            for model in listed:
                feedback.pushInfo(f"{model.name}: {model.problem or describe(model)} {model.path}")
        rows = [
            {"name": m.name, "method": m.method, "own": not m.shipped, "problem": m.problem,
             "licence": m.licence, "file": str(m.path)}
            for m in listed
        ]  # fmt: skip
        return {**found, "MODELS": json.dumps(rows), "FOLDER": str(models.folder())}

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        texts = {
            CHECK: tr("The model is complete and usable: {}"),
            IMPORT: tr("The model was imported: {}"),
            CARD: tr("The card was written: {}"),
        }
        feedback.pushInfo(texts[self.sent["action"]].format(result.get("file")))
        return super().outputs(result, feedback)

    def after_work(self) -> None:
        if self.sent["action"] in (IMPORT, CARD, DELETE):
            models.changed()


def describe(model: models.ModelInfo) -> str:
    """Return method and bands of a model as text."""
    bands = tr("1 band") if model.bands == 1 else tr("{} bands").format(model.bands)
    bands = tr("any number of bands") if model.bands is None else bands
    return f"{methods.label(model.method)}, {bands}"
