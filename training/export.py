# SPDX-License-Identifier: GPL-2.0-or-later
"""A trained network to a model file: weights, card, and the ONNX graphs."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx  # noqa: F401 - needed by the graphs: without it nothing is written
import torch

from core import __version__
from core.errors import InputError
from core.models import modelfile
from core.networks.guidance import BlurModel
from core.networks.srino import SRINOConfig
from core.networks.trainable import TrainableNetwork
from training.curves import CHECKPOINT
from training.initialise import KE, with_present_blur
from training.objectives.objective import on_grid
from training.objectives.srino import blur_graph
from training.objectives.table import OBJECTIVES
from training.recipe import Recipe
from training.simulated_sensor import RATIOS

log = logging.getLogger(__name__)


def write_model(
    model: TrainableNetwork,
    folder: Path,
    name: str,
    *,
    window: int,
    training: dict[str, Any],
    scores: dict[str, Any] | None = None,
    scale: float | None = None,
    about: dict[str, Any] | None = None,
) -> modelfile.ModelFile:
    """Write the model file and its graphs to ``<folder>/<name>/``.

    Parameters
    ----------
    window : side of the windows that the network was trained on (PAN px).
    training, scores : for the card: data, lengths and time; indices by method.
    scale : DN of full scale, for a network bound to its bands.
    about : the card's sensors, licence and notes.
    """
    config, objective = model.config, OBJECTIVES[model.method]
    card = modelfile.ModelCard(
        name=name,
        method=model.method,
        network=config.to_json(),
        bands=config.bands,
        profile="scene" if config.bands is None else "paper",
        scale=scale,
        receptive=on_grid(objective.receptive_field(config), config),
        stride=config.multiple,
        window=window,
        ratios=RATIOS if config.bands is None else (4, 4),
        version=__version__,
        training=training,
        scores=scores or {},
        **(about or {}),
        **objective.card_fields(model),
    )
    # PLFE1 needs the reference and serves training alone, which may go on.
    weights = {k: v.detach().cpu().numpy() for k, v in model.state_dict().items()}
    return modelfile.write(folder, card, weights, objective.graphs(model.eval(), window))


def renew_graphs(model: modelfile.ModelFile, folder: Path) -> modelfile.ModelFile:
    """Write a model with new graphs, made from its weights, as ``<folder>/<name>/``."""
    card, weights = model.card, with_present_blur(modelfile.read_weights(model.path))
    objective = OBJECTIVES[card.method]
    network = objective.network(objective.config.from_json(card.network)).eval()
    network.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})
    return modelfile.write(folder, card, weights, objective.graphs(network, card.window))


def with_blur_model(
    start: str, ke: BlurModel, told: dict[str, Any], folder: Path
) -> modelfile.ModelFile:
    """Write a SRINO with another f_KE to ``<folder>/<name>/``; nothing else of it changes.

    `told` is what the card says of the training of f_KE.
    """
    model = modelfile.load(start, "srino")
    card, weights = model.card, modelfile.read_weights(model.path)
    network = replace(SRINOConfig.from_json(card.network), kernel=ke.size, blur_hidden=ke.hidden)
    graphs = modelfile.read_graphs(model)
    graphs["blur"] = blur_graph(ke.eval(), network, card.window)
    weights = {name: value for name, value in weights.items() if not name.startswith(KE)}
    weights |= {KE + name: value.numpy() for name, value in ke.state_dict().items()}
    training = card.training | {"f_KE": told}
    card = replace(card, network=network.to_json(), version=__version__, training=training)
    return modelfile.write(folder, card, weights, graphs)


def export_run(
    run: Path,
    folder: Path,
    scores: dict[str, Any] | None = None,
    name: str | None = None,
    about: dict[str, Any] | None = None,
) -> modelfile.ModelFile:
    """Write the averaged weights of a run, finished or not, to ``<folder>/<name>/``.

    The name is the recipe's unless another is given; `about` is as in `write_model`.

    Raises InputError when `run` holds no checkpoint.
    """
    checkpoint = run / CHECKPOINT
    if not checkpoint.is_file():
        raise InputError("no-checkpoint", run=run)
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    recipe = Recipe.from_json(state["recipe"])
    model = recipe.objective.network(recipe.network)
    model.load_state_dict(state["average"])
    done = state["step"]
    if state["stage"] == 1 or done < recipe.stage2.steps:
        log.warning(
            "The run in %s is not finished (stage %d, step %d): the model will be worse than it "
            "could be.", run, state["stage"], done,
        )  # fmt: skip
    training = {
        "sources": recipe.sources,
        "steps": [done, 0] if state["stage"] == 1 else [recipe.stage1.steps, done],
        "batch": recipe.batch,
        "patch": recipe.patch,
        "seconds": round(state["seconds"]),
        **({"start": recipe.start} if recipe.start else {}),
        **recipe.notes,
    }
    return write_model(
        model,
        folder,
        name or recipe.name,
        window=recipe.patch,
        training=training,
        scores=scores,
        scale=recipe.scale,
        about=about,
    )
