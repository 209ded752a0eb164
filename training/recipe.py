# SPDX-License-Identifier: GPL-2.0-or-later
"""A recipe: everything that decides what is trained, on what, and for how long."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from core.errors import InputError, ModelError
from core.networks.ksdiff import KSDiffConfig
from core.networks.srino import SRINOConfig

CONFIGS: dict[str, type[KSDiffConfig] | type[SRINOConfig]] = {
    "ksdiff": KSDiffConfig,
    "srino": SRINOConfig,
}


@dataclass(frozen=True)
class Stage:
    """Length and learning rate of one stage; cosine decay to a hundredth after a warm-up."""

    steps: int
    lr: float
    warmup: int = 100

    def __post_init__(self) -> None:
        """Raises ValueError for what is no number."""
        for name, value in asdict(self).items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise ValueError(f"{name} must be a number from 0, not {value!r}")


@dataclass(frozen=True)
class Recipe:
    """Read from a JSON file; see `training/recipes/`.

    ``start`` is a model file (or the name of a shipped one) whose weights training begins with.
    ``data`` tells which file the sources are in: a run goes on with the same one only.
    ``hard`` from 0 to 1 is how much more a pixel of twice the mean error weighs in the loss.

    ``scale``, the DN of full scale, belongs to a network bound to a number of bands, which is
    trained as in the papers (profile `paper`): bands as they are, divided by it. For any number of
    bands scenes are normalised by their statistics.

    ``ddim_train_steps`` and ``latent_weight`` are KSDiff's. SRINO's are, in stage II,
    ``self_conditioning``, the share of batches in which residuals are of an estimate of the
    operator's own; ``pseudo_weight`` of the loss of the auxiliary predictor; and ``first_share``,
    of the scenes at the step where sampling begins: with few steps it counts most.
    """

    name: str
    sources: list[dict[str, Any]]
    network: KSDiffConfig | SRINOConfig
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
        """Raises InputError when the file is missing or does not make a recipe."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return cls.from_json(values)
        except OSError as error:
            raise InputError("recipe-unreadable", path=path, reason=error.strerror) from error
        except (ValueError, TypeError, KeyError, ModelError) as error:
            raise InputError("not-a-recipe", path=path, reason=error) from error

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Recipe:
        """Raises TypeError, KeyError, ValueError or ModelError with what is wrong."""
        parts = dict(values)
        if not parts.pop("joint", True):  # a field of version 0.1
            raise ValueError("joint false is an ablation, see python -m experiments ablate")
        unknown = sorted(set(parts) - {part.name for part in fields(cls)})
        missing = sorted({"name", "sources", "network", "stage1", "stage2"} - set(parts))
        if unknown or missing:
            said = [f"unknown: {', '.join(unknown)}"] if unknown else []
            raise ValueError("; ".join([*said, *(f"missing: {name}" for name in missing)]))
        method = parts.get("method", "ksdiff")
        if method not in CONFIGS:
            raise ValueError(f"method is one of {', '.join(CONFIGS)}, not {method}")
        parts["network"] = CONFIGS[method].from_json(parts["network"])
        parts["stage1"] = Stage(**parts["stage1"])
        parts["stage2"] = Stage(**parts["stage2"])
        recipe = cls(**parts)
        if (recipe.network.bands is None) != (recipe.scale is None):
            raise ValueError("a network bound to its bands needs network.bands and scale")
        if recipe.patch < 1 or recipe.patch % multiple_of(recipe.network):
            multiple = multiple_of(recipe.network)
            raise ValueError(f"patch must be a multiple of {multiple} px, not {recipe.patch}")
        if recipe.batch < 1:
            raise ValueError(f"batch must be at least 1, not {recipe.batch}")
        return recipe

    def differs(self, other: Recipe) -> str:
        """Name of the first field by which the two train differently; empty if by none.

        Not compared is what may change when a run goes on: stages' lengths and learning rates, the
        weights it once began with, and what is only said.
        """
        for part in fields(self):
            mine, theirs = getattr(self, part.name), getattr(other, part.name)
            if isinstance(mine, Stage):
                theirs = replace(theirs, steps=mine.steps, lr=mine.lr)
            if part.name not in ("name", "notes", "start") and mine != theirs:
                return part.name
        return ""

    def to_json(self) -> dict[str, Any]:
        """Plain values, for checkpoints and model cards."""
        return asdict(self)


def multiple_of(network: KSDiffConfig | SRINOConfig) -> int:
    """What sides of patches must be multiples of (px): ratio 4, and every halving in a network."""
    if isinstance(network, SRINOConfig):
        return max(4, int(2 ** (len(network.unet_dims) - 1)), network.stride)
    return int(2 ** max(2, len(network.unet_dims) - 1, len(network.plfe_dims) - 1))
