# SPDX-License-Identifier: GPL-2.0-or-later
"""The start of a run: its scenes, checks before any work, and the weights it begins with."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import InputError
from core.models import modelfile
from core.networks.ksdiff import KSDiff, KSDiffConfig
from core.networks.pannext import PanNeXtU
from core.networks.srino import SRINO
from training import patches, validation
from training.batches import WINDOWS, Batches, scene_counts
from training.distributed import Processes
from training.recipe import Recipe
from training.scenes import MARGIN, TRAIN, TrainingScene

log = logging.getLogger(__name__)

Network = KSDiff | SRINO
Weights = dict[str, Tensor]

#: By method: its network from a configuration.
NETWORKS: dict[str, Callable[[Any], Network]] = {"ksdiff": KSDiff, "srino": SRINO}
#: Number of batches over whose scenes the kernels of a KSDiff are averaged.
BATCHES = 8


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


def build_network(recipe: Recipe) -> Network:
    """Return the recipe's network, untrained."""
    return NETWORKS[recipe.method](recipe.network)


def load_start(model: Network, start: str, batches: Batches) -> str:
    """Load the weights of a model file; the fusion networks of both methods take each other's.

    The kernels of SRINO's auxiliary predictor are not modulated: it gets the mean of those that
    KSDiff makes for the scenes of the first batches, and so does a KSDiff without generators (an
    ablation). A KSDiff takes the predictor's as its base kernels; its generators begin near one.
    Returns the method of the file.

    Raises InputError when it is another network's.
    """
    method = modelfile.read_card(modelfile.find(start)).method
    file = modelfile.load(start, method)
    weights = {k: torch.from_numpy(v) for k, v in modelfile.read_weights(file.path).items()}
    part: nn.Module = model
    try:
        fusion: PanNeXtU = model.phi.net if isinstance(model, SRINO) else model.net  # type: ignore[assignment]
        if method == "ksdiff" and not fusion.kernel_names():
            part = fusion
            ksdiff = KSDiff(KSDiffConfig.from_json(file.card.network))
            ksdiff.load_state_dict(weights)
            weights = _widened(_plain_weights(ksdiff, batches), part)
        elif isinstance(model, KSDiff) and method == "srino":
            part = model.net
            phi = {k.removeprefix("phi.net."): v for k, v in weights.items()}
            weights = {k: v for k, v in part.state_dict().items() if ".generator." in k}
            plain = {k: v for k, v in part.state_dict().items() if k not in weights}
            weights |= {k: _narrowed(phi[k], v) for k, v in plain.items()}
        part.load_state_dict(weights)
    except (RuntimeError, KeyError, AttributeError) as error:
        raise InputError("start-model-differs", start=start) from error
    return method


def _plain_weights(model: KSDiff, batches: Batches) -> Weights:
    """Return a fusion network's weights without generators, with the mean of their kernels."""
    generator = torch.Generator().manual_seed(batches.seed)
    noise = torch.randn(1, model.config.tokens, model.config.c_z, generator=generator)
    kernels: list[list[Tensor]] = []
    with torch.no_grad():
        for step in range(BATCHES):
            b = batches.make(step)
            kernels.append(model.eval().scene_kernels(b.pan, b.lms, b.gain, b.details, noise))
    weights = {k: v for k, v in model.net.state_dict().items() if ".generator." not in k}
    for name, *of_scenes in zip(model.net.kernel_names(), *kernels, strict=True):
        weights[name] = torch.stack(of_scenes).mean(dim=0)
    return weights


def _narrowed(value: Tensor, mine: Tensor) -> Tensor:
    """Return weights for a network without PAN's residual, the last input channel.

    It is nearly PAN's detail, the channel before it, which gets its weights.
    """
    if mine.dim() < 2 or value.shape == mine.shape:
        return value
    narrow = value[:, : mine.shape[1]].clone()
    narrow[:, -1] += value[:, mine.shape[1] :].sum(dim=1)
    return narrow


def _widened(weights: Weights, network: nn.Module) -> Weights:
    """Pad weights with zeros for a network with further input channels."""
    result = {}
    for name, mine in network.state_dict().items():
        value = weights[name]
        if mine.dim() == 4:
            value = nn.functional.pad(value, (0, 0, 0, 0, 0, mine.shape[1] - value.shape[1]))
        result[name] = value
    return result
