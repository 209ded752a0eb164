# SPDX-License-Identifier: GPL-2.0-or-later
"""A recipe and scenes so small that training takes seconds."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.export import export_run
from training.recipe import Recipe
from training.scenes import TRAIN, VALIDATION, TrainingScene
from training.trainer import Trainer

NETWORK: dict[str, Any] = {
    "unet_dims": [8, 12, 16],
    "unet_depths": [1, 1, 1],
    "plfe_dims": [8, 12, 16],
    "c_z": 16,
    "tokens": 4,
    "denoiser_dim": 16,
    "steps": 20,
    "ddim_steps": 2,
}
SRINO: dict[str, Any] = {
    "layers": 2,
    "width": 8,
    "heads": 2,
    "stride": 2,
    "features": 4,
    "residual": 2,
    "unet_dims": [8, 12, 16],
    "unet_depths": [1, 1, 1],
    "hidden": 4,
    "blur_hidden": [8],
    "steps": 20,
    "sampling": 2,
    "scale": 1.5,
}
NETWORKS = {"ksdiff": NETWORK, "srino": SRINO}


def recipe(method: str = "ksdiff", **values: Any) -> Recipe:
    """Return the recipe with some values other than here; `network` is completed."""
    network = {**NETWORKS[method], **values.pop("network", {})}
    stages = {"stage1": {"steps": 4, "lr": 3e-3, "warmup": 2}}
    stages["stage2"] = {"steps": 4, "lr": 1e-3, "warmup": 2}
    rest = {"method": method, "batch": 4, "patch": 32, "ddim_train_steps": 2}
    whole = {"name": "small", "sources": [], "network": network, **stages, **rest, **values}
    return Recipe.from_json(json.loads(json.dumps(whole)))


def scenes(held_out: int = 1) -> list[TrainingScene]:
    """Return two scenes to train on and some held out, six bands of waves and noise, 128 px."""
    rng = np.random.default_rng(0)
    found = []
    for number in range(2 + held_out):
        y, x = np.mgrid[:128, :128] + 10.0 * number
        ms = np.stack([600 + 200 * np.sin(x / (3 + b)) * np.cos(y / 5) for b in range(6)])
        ms = (ms + rng.normal(0, 20, (128, 128))).astype(np.float32)
        part = TRAIN if number < 2 else VALIDATION
        valid = np.ones((128, 128), bool)
        found.append(TrainingScene(f"waves-{number}", ms, ms.mean(0), valid, 0.5, part))
    return found


def export(run: Trainer, folder: Path) -> str:
    """Train a run to its end and return the path of its model."""
    run.run()
    return str(export_run(run.folder, folder).path)


def facts_logged(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[Any]:
    """Return the facts in what was logged at a level, whatever its sentences are."""
    return [record.args for record in caplog.records if record.levelno == level]
