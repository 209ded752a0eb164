# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers in the form that onnxruntime runs fastest."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def pointwise(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Apply a linear layer to each pixel: (B, C, H, W), weight (d, C) -> (B, d, H, W)."""
    return F.conv2d(x, weight[:, :, None, None], bias)


class PixelShuffle(nn.PixelShuffle):
    """Pixel shuffle, exported as two transpositions of one axis each.

    They take a fraction of the time of onnxruntime's own DepthToSpace, on one core.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Rearrange channels as pixels: (B, C r^2, h, w) -> (B, C, r h, r w)."""
        if not torch.onnx.is_in_onnx_export():
            return super().forward(x)
        r = self.upscale_factor
        channels = x.shape[1] // r**2
        y = x.unflatten(1, (-1, r, r)).flatten(0, 1)  # (B C, r, r, h, w)
        y = y.permute(0, 1, 3, 4, 2).flatten(3)  # (B C, r, h, w r)
        y = y.permute(0, 2, 1, 3).flatten(1, 2)  # (B C, h r, w r)
        return y.unflatten(0, (-1, channels))
