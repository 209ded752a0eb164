# SPDX-License-Identifier: GPL-2.0-or-later
"""What the configurations of both methods' networks have in common."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TypeVar

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
