# SPDX-License-Identifier: GPL-2.0-or-later
"""What the networks of both methods share: the base of their configurations, and a batch."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

import torch
from torch import Tensor

Config = TypeVar("Config", bound="NetworkConfig")


@dataclass(frozen=True)
class NetworkConfig:
    """``bands=None`` serves any number of bands (profile `scene`); a number binds the network to it
    (profile `paper`).
    """

    bands: int | None = None

    @property
    def pan_channels(self) -> int:
        """PAN alone, or PAN and its detail."""
        return 2 if self.bands is None else 1

    def to_json(self) -> dict[str, Any]:
        """Plain values for a model card."""
        return asdict(self)

    @classmethod
    def from_json(cls: type[Config], values: dict[str, Any]) -> Config:
        """Read `to_json` back. Raises TypeError on unknown names."""
        frozen: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**frozen)


@dataclass(frozen=True)
class Batch:
    """Normalised images of one training step.

    pan (B, 1 or 2, H, W), lms and gt (B, C, H, W), gain and weight (B, C), details (B, C, D, H, W)
    with D = 0 for a network bound to its bands; ``scenes`` is S of B = K*S.
    """

    pan: Tensor
    lms: Tensor
    gain: Tensor
    weight: Tensor
    details: Tensor
    gt: Tensor
    scenes: int = field(default=1)

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        tensors = {
            f.name: getattr(self, f.name).to(device) for f in fields(self) if f.name != "scenes"
        }
        return Batch(**tensors, scenes=self.scenes)
