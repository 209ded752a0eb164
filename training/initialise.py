# SPDX-License-Identifier: GPL-2.0-or-later
"""Start of a run: its scenes, checks of the recipe, and initial weights."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import InputError
from core.models import modelfile
from core.networks.trainable import TrainableNetwork
from training import patches, validation
from training.batches import WINDOWS, Batches, scene_counts
from training.distributed import Processes
from training.objectives.objective import Weights
from training.objectives.table import OBJECTIVES
from training.recipe import Recipe
from training.scenes import MARGIN, TRAIN, TrainingScene

log = logging.getLogger(__name__)

#: Prefix of the weights of SRINO's f_KE, and one that earlier files have.
KE, OLD_KE = "ke.", "ke.look.0.weight"


def load_scenes(data: Path, entries: list[dict[str, Any]]) -> list[TrainingScene]:
    """Return the scenes of a recipe's ``sources``, from a folder or from a prepared file."""
    if data.is_file():
        return patches.open(data, entries)
    from training.sources import load_sources  # needs rasterio and scipy

    return load_sources(entries, data)


def validate_config(recipe: Recipe, scenes: Sequence[TrainingScene], processes: Processes) -> None:
    """Raise InputError for scenes that the recipe cannot train on, or be validated on.

    Warn of batches that several processes cannot share, see `training.distributed`.
    """
    if all(scene.part != TRAIN for scene in scenes):
        raise InputError("all-scenes-held-out")
    for scene in scenes:
        if recipe.scale is not None and scene.bands != recipe.network.bands:
            raise InputError(
                "training-band-count",
                source=scene.name,
                bands=scene.bands,
                network_bands=recipe.network.bands,
            )
        one = scene if scene.samples is None else scene.sample(0)
        if scene.part != TRAIN:
            validation.region_side(one)
            continue
        if min(scene.size) < recipe.patch + (MARGIN if scene.samples is None else 0):
            raise InputError("scene-smaller-than-patch", source=scene.name, patch=recipe.patch)
        if scene.samples is None:
            scene.region_side(1, recipe.patch)
    uneven = [n for n in scene_counts(recipe.batch) if n % processes.world_size]
    if uneven and processes.is_main:
        log.warning(
            "Batches of %s scenes do not divide into %d processes, each computes them whole; a "
            "batch of a multiple of %d windows would divide.",
            " and ".join(map(str, uneven)), processes.world_size, WINDOWS * processes.world_size,
        )  # fmt: skip


def load_start(model: TrainableNetwork, start: str, batches: Batches) -> str:
    """Load the weights of a model file; the fusion networks of all methods take each other's.

    Kernels that are not modulated get the mean of those that the file's network makes for the
    scenes of the first batches; so does a KSDiff without generators (an ablation). Generators stay
    as they are, near one. Returns the method of the file.

    Raises InputError when it is another network's.
    """
    method = modelfile.read_card(modelfile.find(start)).method
    file = modelfile.load(start, method)
    read = with_present_blur(modelfile.read_weights(file.path))
    weights = {k: torch.from_numpy(v) for k, v in read.items()}
    try:
        if method == model.method and _has_generators(model.state_dict()) == _has_generators(
            weights
        ):
            model.load_state_dict(weights)
        else:
            theirs = OBJECTIVES[method]
            source = theirs.network(theirs.config.from_json(file.card.network))
            source.load_state_dict(weights)
            part = OBJECTIVES[model.method].fusion_part(model)
            part.load_state_dict(_adapted(theirs.fusion_weights(source, batches), part))
    except (RuntimeError, KeyError, AttributeError) as error:
        raise InputError("start-model-differs", start=start) from error
    return method


def with_present_blur(weights: dict[str, Any]) -> dict[str, Any]:
    """Return the weights of a network; an f_KE of the earlier kind is replaced by the shipped one.

    The earlier one gave all scenes nearly the same kernels. f_KE depends on no other weights.
    """
    if OLD_KE not in weights:
        return weights
    rest = {name: value for name, value in weights.items() if not name.startswith(KE)}
    shipped = modelfile.read_weights(modelfile.find("srino-scene"))
    return rest | {name: value for name, value in shipped.items() if name.startswith(KE)}


def _has_generators(weights: Weights) -> bool:
    return any(".generator." in name for name in weights)


def _adapted(weights: Weights, network: nn.Module) -> Weights:
    """Return weights for a network with other input channels; its generators stay."""
    mine = network.state_dict()
    return {
        name: value if ".generator." in name else _with_channels(weights[name], value)
        for name, value in mine.items()
    }


def _with_channels(value: Tensor, mine: Tensor) -> Tensor:
    """Return a layer's weights for the number of input channels of another.

    A further channel, PAN's residual, which is the last, gets zeros. A network without it gets its
    weights at PAN's detail, the channel before, which is nearly the same.
    """
    if mine.dim() < 2 or value.shape == mine.shape:
        return value
    if mine.shape[1] > value.shape[1]:
        return nn.functional.pad(value, (0, 0, 0, 0, 0, mine.shape[1] - value.shape[1]))
    narrow = value[:, : mine.shape[1]].clone()
    narrow[:, -1] += value[:, mine.shape[1] :].sum(dim=1)
    return narrow
