# SPDX-License-Identifier: GPL-2.0-or-later
"""The task ``model``: check a model file, import it, edit the card of an own model."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import InputError, ModelError, OutputError
from core.models import modelfile
from core.models.modelfile import ModelFile
from core.models.onnx_session import Graph
from core.progress import Pace, Progress
from core.raster.output_files import folder_beside
from training.requests import Model


def perform(request: Model, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Run the action; return where the model then is, and the facts of its card.

    Raises PansharpenError, after which nothing has changed.
    """
    actions = {"check": lambda request, model: model, "import": _import, "card": _edit}
    if request.action not in actions:
        raise InputError("unknown-action", action=request.action, known=", ".join(actions))
    progress(0.1, "Checking the model")
    model = actions[request.action](request, checked(Path(request.file)))
    card = model.card
    return {
        "file": str(model.path),
        "name": card.name,
        "method": card.method,
        "bands": card.bands,
        "licence": card.licence,
        "notes": card.notes,
    }


def checked(path: Path) -> ModelFile:
    """Return the model after checks of card, weights and graphs. Raises ModelError."""
    if path.suffix != ".safetensors":
        raise ModelError("not-a-model-file", path=path)
    card = modelfile.read_card(path)
    model = modelfile.load(str(path), card.method)
    if card.name != path.stem:
        raise ModelError("model-files-renamed", file=path.name, model=card.name)
    for name, value in modelfile.read_weights(path).items():
        if not np.isfinite(value).all():
            raise ModelError("model-weights-not-finite", path=path, weight=name)
    for role in modelfile.ROLES[card.method]:
        Graph(model.graph(role), "cpu")
    return model


def _import(request: Model, model: ModelFile) -> ModelFile:
    """Copy the model into the folder of own models: completely, or not at all."""
    if not request.models:
        raise InputError("import-folder-missing")
    folder, name = Path(request.models), request.name or model.card.name
    _check_free(folder, name)
    return _place(model, replace(_new_card(request, model), name=name), folder)


def _edit(request: Model, model: ModelFile) -> ModelFile:
    """Replace the model by one with another card; the old one stays until the new is complete."""
    home = model.path.parent
    if home.parent.resolve() == modelfile.MODELS:
        raise ModelError("shipped-model-fixed", model=model.card.name)
    own = bool(request.models) and home.parent.resolve() == Path(str(request.models)).resolve()
    if not own or home.name != model.card.name:
        raise ModelError(
            "not-an-own-model", path=model.path, models=request.models or "the folder of models"
        )
    card = _new_card(request, model)
    if request.name and request.name != model.card.name:
        _check_free(home.parent, request.name)
        card = replace(card, name=request.name)
    return _place(model, card, home.parent, home)


def _new_card(request: Model, model: ModelFile) -> modelfile.ModelCard:
    """Return the card with the licence and notes asked for."""
    card = model.card
    licence = card.licence if request.licence is None else request.licence.strip()
    notes = card.notes if request.notes is None else request.notes.strip()
    return replace(card, licence=licence, notes=notes)


def _check_free(folder: Path, name: str) -> None:
    modelfile.check_name(name)
    if (folder / name).exists():
        raise ModelError("model-exists", model=name)


def _place(
    model: ModelFile, card: modelfile.ModelCard, folder: Path, old: Path | None = None
) -> ModelFile:
    """Write the model to a hidden folder, check it, and replace its old folder, if any.

    The user's other files in the old folder are kept.
    """
    target = folder / card.name
    with placing(target, "Make room, or look whether it is write-protected.") as hidden:
        made = modelfile.write_with_card(model, card, hidden)
        made = checked(made.path)
        if old is not None:
            _copy_others(model, old, made.path.parent)
        put_folder(made.path.parent, target, old)
    return ModelFile(target / made.path.name, made.card)


def _copy_others(model: ModelFile, old: Path, new: Path) -> None:
    """Copy files that are not the model's. Raises ModelError where one would replace a new file."""
    own = {
        model.path.name,
        *(model.graph(role).name for role in modelfile.ROLES[model.card.method]),
    }
    for other in old.iterdir():
        if other.name in own:
            continue
        if (new / other.name).exists():
            raise ModelError("model-file-in-the-way", path=other)
        if other.is_dir() and not other.is_symlink():
            shutil.copytree(other, new / other.name, symlinks=True)
        else:
            shutil.copy2(other, new / other.name, follow_symlinks=False)


@contextmanager
def placing(target: Path, remedy: str) -> Iterator[Path]:
    """Give a hidden folder to write a model in; OSError becomes OutputError with the remedy."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with folder_beside(target) as hidden:
            yield hidden
    except OSError as error:
        raise OutputError(
            "model-not-written",
            path=error.filename or target,
            reason=error.strerror,
            remedy=remedy,
        ) from error


def put_folder(made: Path, target: Path, old: Path | None = None) -> None:
    """Move a folder to its target; an old one there is restored where that fails."""
    aside = made.with_name(f"{made.name}.old")
    if old is not None:
        old.rename(aside)
    try:
        made.rename(target)
    except OSError:
        if old is not None:
            aside.rename(old)
        raise
