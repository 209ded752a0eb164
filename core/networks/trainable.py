# SPDX-License-Identifier: GPL-2.0-or-later
"""What training and validation ask of the network of a method."""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor, nn

from core.networks.batch import Batch
from core.networks.config import NetworkConfig


class TrainableNetwork(nn.Module):
    """Base of the networks that are trained in two stages.

    `method` is the name as in `core.methods.registry`, `title` that of the literature, `config`
    holds the sizes.
    """

    method: ClassVar[str]
    title: ClassVar[str]
    config: NetworkConfig

    def trainable_modules(self, stage: int) -> list[nn.Module]:
        """Return the parts that stage 1 or 2 trains."""
        raise NotImplementedError

    def begin_stage2(self) -> None:
        """Initialise what stage 2 trains first. By default the weights of stage 1 stay."""

    def sharpen(self, batch: Batch, stage: int) -> Tensor:
        """Return HRMS (B, C, H, W): in stage 2 as in use, in stage 1 with the reference."""
        raise NotImplementedError
