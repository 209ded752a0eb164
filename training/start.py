# SPDX-License-Identifier: GPL-2.0-or-later
"""What training begins with: untrained networks, or the weights of a model there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import InputError
from core.models import modelfile
from core.networks.ksdiff import KSDiff, KSDiffConfig
from core.networks.srino import SRINO
from training import patches
from training.batches import Batches
from training.patches import Source
from training.recipe import Recipe

MODELS: dict[str, Callable[[Any], KSDiff | SRINO]] = {"ksdiff": KSDiff, "srino": SRINO}
BATCHES = 8
"""Over whose scenes the kernels of a KSDiff are averaged."""

Weights = dict[str, Tensor]


def load_scenes(data: Path, entries: list[dict[str, Any]]) -> list[Source]:
    """The scenes of a recipe's ``sources``, read from a folder or mapped from a prepared file."""
    if data.is_file():
        return patches.open(data, entries)
    from training.sources import load_sources  # needs rasterio and scipy

    return load_sources(entries, data)


def new_model(recipe: Recipe) -> KSDiff | SRINO:
    """The recipe's networks, untrained."""
    return MODELS[recipe.method](recipe.network)


def begin_with(model: KSDiff | SRINO, start: str, batches: Batches) -> None:
    """Take the weights of a model file; SRINO's auxiliary predictor takes those of a KSDiff.

    The predictor's kernels are not modulated: it gets the mean of those that KSDiff makes for the
    scenes of the first batches.

    Raises InputError when it is another network's.
    """
    method = modelfile.read_card(modelfile.find(start)).method
    file = modelfile.load(start, method)
    weights = {k: torch.from_numpy(v) for k, v in modelfile.read_weights(file.path).items()}
    part: nn.Module = model
    try:
        if isinstance(model, SRINO) and method == "ksdiff":
            part = model.phi.net  # type: ignore[assignment]
            ksdiff = KSDiff(KSDiffConfig.from_json(file.card.network))
            ksdiff.load_state_dict(weights)
            weights = _widened(_fusion_network(ksdiff, batches), part)
        part.load_state_dict(weights)
    except (RuntimeError, KeyError, AttributeError) as error:
        raise InputError("start-model-differs", start=start) from error


def _fusion_network(model: KSDiff, batches: Batches) -> Weights:
    """Its weights without generators, with the mean of the kernels they make."""
    generator = torch.Generator().manual_seed(batches.seed)
    noise = torch.randn(1, model.config.tokens, model.config.c_z, generator=generator)
    found: list[list[Tensor]] = []
    with torch.no_grad():
        for step in range(BATCHES):
            b = batches.make(step)
            found.append(model.eval().scene_kernels(b.pan, b.lms, b.gain, b.details, noise))
    weights = {k: v for k, v in model.net.state_dict().items() if ".generator." not in k}
    for name, *kernels in zip(model.net.kernel_names(), *found, strict=True):
        weights[name] = torch.stack(kernels).mean(dim=0)
    return weights


def _widened(weights: Weights, network: nn.Module) -> Weights:
    """For a network that is given further channels, which count for nothing at first."""
    result = {}
    for name, mine in network.state_dict().items():
        value = weights[name]
        if mine.dim() == 4:
            value = nn.functional.pad(value, (0, 0, 0, 0, 0, mine.shape[1] - value.shape[1]))
        result[name] = value
    return result
