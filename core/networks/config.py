# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the configurations of both methods' networks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar

from core.errors import ModelError

Config = TypeVar("Config", bound="NetworkConfig")


@dataclass(frozen=True)
class NetworkConfig:
    """``bands=None`` serves any number of bands (profile `scene`); a number binds the network to it
    (profile `paper`).
    """

    #: Fields of version 0.1 that chose between the method and its ablations -> the method's value.
    LEGACY: ClassVar[dict[str, Any]] = {}

    bands: int | None = None

    @property
    def pan_channels(self) -> int:
        """Channels that PAN comes in: itself, and its detail for any number of bands."""
        return 2 if self.bands is None else 1

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a model card."""
        return asdict(self)

    @classmethod
    def from_json(cls: type[Config], values: dict[str, Any]) -> Config:
        """Read `to_json` back.

        Raises TypeError on unknown names, ValueError on sizes that do not go together, and
        ModelError when a legacy field asks for an ablation.
        """
        frozen: dict[str, Any] = {}
        for name, value in values.items():
            if name not in cls.LEGACY:
                frozen[name] = tuple(value) if isinstance(value, list) else value
            elif value != cls.LEGACY[name]:
                kept = cls.LEGACY[name]
                raise ModelError("network-is-ablation", field=name, value=value, kept=kept)
        return cls(**frozen)
