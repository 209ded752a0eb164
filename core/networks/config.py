# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the configurations of both methods' networks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar

from core.errors import ModelError

Config = TypeVar("Config", bound="NetworkConfig")

OPERATOR_SHARE = 0.5
"""Weight of the operator's last estimate in SRINO's image where Phi starts from the scene fit; the
rest is Phi's image. The operator's is better on ground like that of the training data and worse on
other scenes: see docs/srino.md."""


@dataclass(frozen=True)
class NetworkConfig:
    """Sizes that both networks have: bands, and the U-Net of `core.networks.pannext`.

    Parameters
    ----------
    bands : fixed number of bands (profile `paper`); None for any number (profile `scene`).
    unet_dims, unet_depths : channels and blocks of each resolution of the U-Net.
    unet_stride : PAN px per pixel of its finest resolution; 1 for a fixed number of bands.
    details : number of details per band, for any number of bands: those of BDSD-PC and BT-H; the
        third is that of the scene fit, from which the network then starts.

    Raises
    ------
    ValueError : for sizes that contradict each other.
    """

    #: Fields of version 0.1 that chose between the method and its ablations -> the method's value.
    LEGACY: ClassVar[dict[str, Any]] = {}
    #: Fields of earlier versions whose values no longer matter.
    DROPPED: ClassVar[tuple[str, ...]] = ()

    bands: int | None = None
    unet_dims: tuple[int, ...] = (32, 64, 128)
    unet_depths: tuple[int, ...] = (2, 2, 2)
    unet_stride: int = 1
    details: int = 2

    def __post_init__(self) -> None:
        if self.unet_stride not in (1, 2, 4) or (self.bands and self.unet_stride > 1):
            raise ValueError(
                f"unet_stride must be 1, or 2 or 4 for any number of bands, not {self.unet_stride}"
            )
        if self.details not in (2, 3):
            raise ValueError(f"details must be 2 or 3, not {self.details}")

    @property
    def multiple(self) -> int:
        """PAN px; origin, height and width of windows are multiples of it."""
        return max(4, self.unet_stride * int(2 ** (len(self.unet_dims) - 1)))

    @property
    def patch_multiple(self) -> int:
        """PAN px that divide the sides of training patches."""
        return self.multiple

    @property
    def pan_channels(self) -> int:
        """Input channels of PAN: itself, and its detail for any number of bands."""
        return 2 if self.bands is None else 1

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a model card."""
        return asdict(self)

    @classmethod
    def from_json(cls: type[Config], values: dict[str, Any]) -> Config:
        """Return the configuration of `to_json`.

        Raises TypeError for unknown names, ValueError for sizes that contradict each other, and
        ModelError if a legacy field asks for an ablation.
        """
        frozen: dict[str, Any] = {}
        for name, value in values.items():
            if name in cls.DROPPED:
                continue
            if name not in cls.LEGACY:
                frozen[name] = tuple(value) if isinstance(value, list) else value
            elif value != cls.LEGACY[name]:
                kept = cls.LEGACY[name]
                raise ModelError("network-is-ablation", field=name, value=value, kept=kept)
        return cls(**frozen)
