# SPDX-License-Identifier: GPL-2.0-or-later
"""A recipe: all settings of a training, read from a JSON file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from core.errors import InputError, ModelError
from core.networks.config import NetworkConfig
from training.objectives.objective import Objective
from training.objectives.table import OBJECTIVES


@dataclass(frozen=True)
class Stage:
    """Steps and peak learning rate of one stage; cosine decay to a hundredth after a warm-up."""

    steps: int
    lr: float
    warmup: int = 100

    def __post_init__(self) -> None:
        """Raise ValueError for a value that is not a number from 0."""
        for name, value in asdict(self).items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise ValueError(f"{name} must be a number from 0, not {value!r}")


@dataclass(frozen=True)
class Recipe:
    """See `training/recipes/`.

    Parameters
    ----------
    name, notes : of the model, and for its card.
    sources : data, see `training.sources`.
    network, method : sizes of the network, and ``ksdiff`` or ``srino``.
    stage1, stage2 : lengths and learning rates.
    batch, patch : windows of a batch, and their side (PAN px).
    ema : decay of the average of the weights. weight_decay, clip : of AdamW, of gradients.
    ddim_train_steps, latent_weight : KSDiff: sampled steps and weight of the latent loss (eq. 9).
    self_conditioning : SRINO, stage II: share of the batches that are guided by the residuals of
        the operator's own estimate.
    pseudo_weight : SRINO, stage II: weight of the auxiliary predictor's loss.
    first_share : SRINO, stage II: share of the scenes at the step where sampling begins.
    hard : share of the loss, 0 to 1, in which the error of a pixel is weighted by itself.
    start : model file, or name of a shipped model, whose weights training begins with.
    data : hash of the training set; a run resumes with the same one only.
    seed : of weights, batches and noise.
    scale : DN of full scale of a network bound to its bands, which is trained as in the papers
        (profile ``paper``): bands as they are, divided by it. Scenes for any number of bands are
        normalised by their statistics.
    """

    name: str
    sources: list[dict[str, Any]]
    network: NetworkConfig
    stage1: Stage
    stage2: Stage
    method: str = "ksdiff"
    batch: int = 16
    patch: int = 64
    ema: float = 0.998
    weight_decay: float = 1e-4
    clip: float = 1.0
    ddim_train_steps: int = 5
    latent_weight: float = 1.0
    self_conditioning: float = 0.5
    pseudo_weight: float = 0.1
    first_share: float = 0.0
    hard: float = 0.0
    start: str | None = None
    data: str = ""
    seed: int = 0
    scale: float | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """Read a file. Raises InputError when it is missing or is not a recipe."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return cls.from_json(values)
        except OSError as error:
            raise InputError("recipe-unreadable", path=path, reason=error.strerror) from error
        except (ValueError, TypeError, KeyError, ModelError) as error:
            raise InputError("not-a-recipe", path=path, reason=error) from error

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Recipe:
        """Read `to_json` back.

        Raises TypeError, KeyError, ValueError or ModelError with the reason.
        """
        parts = dict(values)
        if not parts.pop("joint", True):  # a field of version 0.1
            raise ValueError("joint false is an ablation, see python -m experiments ablate")
        unknown = sorted(set(parts) - {part.name for part in fields(cls)})
        missing = sorted({"name", "sources", "network", "stage1", "stage2"} - set(parts))
        if unknown or missing:
            reasons = [f"unknown: {', '.join(unknown)}"] if unknown else []
            raise ValueError("; ".join([*reasons, *(f"missing: {name}" for name in missing)]))
        method = parts.get("method", "ksdiff")
        if method not in OBJECTIVES:
            raise ValueError(f"method is one of {', '.join(OBJECTIVES)}, not {method}")
        parts["network"] = OBJECTIVES[method].config.from_json(parts["network"])
        parts["stage1"] = Stage(**parts["stage1"])
        parts["stage2"] = Stage(**parts["stage2"])
        recipe = cls(**parts)
        if (recipe.network.bands is None) != (recipe.scale is None):
            raise ValueError("a network bound to its bands needs network.bands and scale")
        multiple = recipe.network.patch_multiple
        if recipe.patch < 1 or recipe.patch % multiple:
            raise ValueError(f"patch must be a multiple of {multiple} px, not {recipe.patch}")
        if recipe.batch < 1:
            raise ValueError(f"batch must be at least 1, not {recipe.batch}")
        return recipe

    @property
    def objective(self) -> Objective[Any, Any]:
        """The method's objective."""
        return OBJECTIVES[self.method]

    def differs(self, other: Recipe) -> str:
        """Return the first field by which the two train differently; empty if there is none.

        Fields that may change when a run is resumed are not compared: lengths and learning rates,
        the weights it once began with, name and notes.
        """
        for part in fields(self):
            mine, theirs = getattr(self, part.name), getattr(other, part.name)
            if isinstance(mine, Stage):
                theirs = replace(theirs, steps=mine.steps, lr=mine.lr)
            if part.name not in ("name", "notes", "start") and mine != theirs:
                return part.name
        return ""

    def to_json(self) -> dict[str, Any]:
        """Return plain values, for checkpoints and model cards."""
        return asdict(self)
