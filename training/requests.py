# SPDX-License-Identifier: GPL-2.0-or-later
"""The requests of the training worker: one frozen dataclass for each task, as `core.requests`.

Each task is a module of `training.tasks` with ``perform(request, reporter, pace) -> dict``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.requests.scenes import Check


@dataclass(frozen=True)
class MakeTrainingSet:
    """Write pairs of rasters to one patch file, with its recipe beside it.

    The pairs are ``pans`` and ``mss``, in the same order, or those of ``folder``. ``sensor`` is a
    card's key or auto; ``pan_band``, ``ms_bands`` (from 1, None is all) and ``nodata`` hold for
    every pair, see `core.pair.scene.Scene.open`. ``held_out`` is the share of the ground that is
    used for validation only, ``generated`` the share of synthetic scenes among the training
    patches.
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
    """Train a model on a training set, or resume the training in ``run``.

    ``start`` is a model to start from, a name or a path; None is random weights. ``stage1`` and
    ``stage2`` are numbers of steps; ``minutes``, if not 0, sets them instead, by what a step takes
    on this device. The folder ``run`` gets the checkpoint and the tables,
    ``<models>/<name>/`` the model.
    """

    data: str
    name: str
    run: str
    models: str
    method: str = "ksdiff"
    start: str | None = None
    stage1: int = 300
    stage2: int = 900
    minutes: float = 0.0
    batch: int = 16
    device: str = "auto"
    seed: int = 0
    licence: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Model:
    """Check, import or edit a model file.

    ``action`` is ``check``; ``import``, into the folder ``models``; or ``card``, to rewrite the
    card of one of the user's models. None leaves name, licence and notes as they are.
    """

    action: str
    file: str
    models: str | None = None
    name: str | None = None
    licence: str | None = None
    notes: str | None = None


TASKS: dict[str, type[Any]] = {
    "check": Check,
    "trainingset": MakeTrainingSet,
    "train": Train,
    "model": Model,
}
