# SPDX-License-Identifier: GPL-2.0-or-later
"""What is looked at before training begins, so that it does not fail hours later."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from core.errors import InputError
from training import validation
from training.batches import WINDOWS, scene_counts
from training.patches import TRAIN, Source
from training.processes import Processes
from training.recipe import Recipe
from training.variation import region_side

log = logging.getLogger(__name__)


def check(recipe: Recipe, sources: Sequence[Source]) -> None:
    """Raises InputError for sources that the recipe cannot train on, or be validated on."""
    if all(source.part != TRAIN for source in sources):
        raise InputError("all-scenes-held-out")
    for source in sources:
        if recipe.scale is not None and source.bands != recipe.network.bands:
            raise InputError(
                "training-band-count",
                source=source.name,
                bands=source.bands,
                network_bands=recipe.network.bands,
            )
        scene = source if source.samples is None else source.sample(0)
        if source.part != TRAIN:
            validation.region_side(scene)
            continue
        if min(source.size) < recipe.patch + (4 if source.samples is None else 0):
            raise InputError("scene-smaller-than-patch", source=source.name, patch=recipe.patch)
        if source.samples is None:
            region_side(scene, 1, recipe.patch)


def check_share(batch: int, processes: Processes) -> None:
    """Warn where processes gain nothing, see `training.processes`."""
    uneven = [count for count in scene_counts(batch) if count % processes.count]
    if uneven and processes.first:
        log.warning(
            "Batches of %s scenes do not divide into %d processes, each computes them whole; a "
            "batch of a multiple of %d windows would divide.",
            " and ".join(map(str, uneven)), processes.count, WINDOWS * processes.count,
        )  # fmt: skip
