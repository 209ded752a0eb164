# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be asked of training's worker, beside the tasks of `core.worker.protocol`.

Each task is a module of `training.tasks` with ``perform(request, reporter, pace) -> dict``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.requests import Check


@dataclass(frozen=True)
class TrainingSet:
    """Pairs of rasters to one file that training reads, with its recipe beside it.

    The pairs are `pans` and `mss`, in the same order, or those of `folder`. ``sensor`` is a card's
    key or auto; ``pan_band``, ``ms_bands`` (from 1, None is all) and ``nodata`` are of every pair,
    as `core.pair.scene.Scene.open` has them. ``held_out`` is which share of the ground is kept from
    training, to measure on; ``generated`` which share of what is drawn in training are
    made-up scenes.
    """

    out: str
    pans: tuple[str, ...] = ()
    mss: tuple[str, ...] = ()
    folder: str | None = None
    sensor: str = "auto"
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    nodata: float | None = None
    held_out: float = 0.2
    generated: float = 0.3


@dataclass(frozen=True)
class Train:
    """Train a model on a training set, or go on in a folder where that was stopped.

    ``start`` is a model to begin with, a name or a path; None is from scratch. ``stage1`` and
    ``stage2`` are steps. ``run`` keeps the checkpoint and the tables; the model comes into the
    folder ``models``, as ``<models>/<name>/``.
    """

    data: str
    name: str
    run: str
    models: str
    method: str = "ksdiff"
    start: str | None = None
    stage1: int = 300
    stage2: int = 900
    batch: int = 16
    device: str = "auto"
    seed: int = 0
    licence: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Model:
    """Something about one model file.

    ``action`` is ``check``; ``import``, into the folder ``models``; or ``card``, to write the card
    of a model of one's own anew. None leaves name, licence and notes as they are.
    """

    action: str
    file: str
    models: str | None = None
    name: str | None = None
    licence: str | None = None
    notes: str | None = None


TASKS: dict[str, type[Any]] = {
    "check": Check,
    "trainingset": TrainingSet,
    "train": Train,
    "model": Model,
}
