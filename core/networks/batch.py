# SPDX-License-Identifier: GPL-2.0-or-later
"""What a training step is given: K windows of each of S scenes, window-major."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import torch
from torch import Tensor


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
