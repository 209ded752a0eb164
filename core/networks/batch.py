# SPDX-License-Identifier: GPL-2.0-or-later
"""The tensors of one training step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Normalised images of K windows of each of S scenes.

    Batches are window-major: window k of scene s has index ``k * S + s``, B = K * S.

    ========  =====================  ==========================================================
    pan       (B, 1 or 2, H, W)      PAN; and its detail, for a network for any number of bands
    lms       (B, C, H, W)           MS interpolated to the PAN grid
    gain      (B, C)                 injection gain of each band (MTF-GLP-FS)
    weight    (B, C)                 regression of PAN on the bands
    details   (B, C, D, H, W)        details of other methods; D = 0 for fixed bands
    gt        (B, C, H, W)           the reference
    scenes    int                    S
    seen      (S, C, H, H) or None   MTF and interpolation along a line, for back-projection
    mtf       (B, C, 2) or None      MTF gain at the Nyquist frequency of MS, 0 where it is not
                                     known, and that frequency (cycles per PAN px)
    ========  =====================  ==========================================================
    """

    pan: Tensor
    lms: Tensor
    gain: Tensor
    weight: Tensor
    details: Tensor
    gt: Tensor
    scenes: int = 1
    seen: Tensor | None = None
    mtf: Tensor | None = None

    def to(self, device: torch.device) -> Batch:
        """Copy a batch from the CPU to a device; for a GPU asynchronously, from pinned memory."""

        def moved(values: Tensor) -> Tensor:
            values = values.pin_memory() if device.type == "cuda" else values
            return values.to(device, non_blocking=True)

        return self._each(moved)

    def copy(self) -> Batch:
        """Return a copy with memory of its own."""
        return self._each(Tensor.clone)

    def _each(self, change: Callable[[Tensor], Tensor]) -> Batch:
        tensors = {name: value for name, value in vars(self).items() if isinstance(value, Tensor)}
        changed: dict[str, Any] = {name: change(value) for name, value in tensors.items()}
        return replace(self, **changed)


def scene_mean(values: Tensor, scenes: int) -> Tensor:
    """Return the mean over the K windows of each of S scenes: (K*S, ...) -> (S, ...)."""
    return values.unflatten(0, (-1, scenes)).mean(dim=0)


def to_windows(values: Tensor, count: int) -> Tensor:
    """Repeat values of S scenes for all `count` = K*S windows: (S, ...) -> (K*S, ...).

    Those of a single scene stay (1, ...), which broadcasts.
    """
    if len(values) == 1:
        return values
    return values.repeat(count // values.shape[0], *[1] * (values.dim() - 1))
