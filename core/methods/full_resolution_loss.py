# SPDX-License-Identifier: GPL-2.0-or-later
"""The loss of fine-tuning at full resolution, where there is no reference (needs torch).

With F the sharpened image, M the MS, L the LMS, P PAN and P' its low-pass, D_b the MTF of band b
sampled at the centres of MS, and rho_w(x, y) the correlation of x and y in boxes of w x w px, it is

    mean |D_b F_b - M_b| + STRUCTURE mean(X_b [X_b > Y_b]),
    X_b = 1 - rho_w(F_b, P),   Y_b = 1 - rho_rw(L_b, P').

So a band is drawn to PAN only until it correlates with PAN as LMS does with low-pass PAN: bands
unrelated to PAN are left alone (Z-PNN: Ciotola, Vitale, Mazza, Poggi, Scarpa, IEEE TGRS 60, 2022).
The boxes of X_b have as many PAN px as those of Y_b have MS px.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.methods.full_resolution_windows import FullWindows

STRUCTURE = 0.1
BOX = 4
"""Edge of the boxes in which F and PAN are compared, PAN px."""
FLAT = 1e-4
"""Product of two standard deviations, normalised, below which a correlation means nothing."""
SEEN = 0.99
"""Share of the filter of an MS pixel that must lie on valid pixels."""


@dataclass(frozen=True)
class FullResolution:
    """`FullWindows` as tensors, and `unlike` (K, C, h, w), Y_b in boxes of `far` x `far` px."""

    inputs: dict[str, Tensor]
    valid: Tensor
    down: tuple[Tensor, Tensor]
    ms: Tensor
    unlike: Tensor
    far: int

    @classmethod
    def of(cls, windows: FullWindows, device: torch.device) -> FullResolution:
        """Copy the windows to a device."""
        inputs = {n: torch.from_numpy(value).to(device) for n, value in windows.inputs.items()}
        valid = torch.from_numpy(windows.valid[:, None]).to(device).float()
        rows, cols = (torch.from_numpy(matrix).to(device) for matrix in windows.down)
        pan, detail = inputs["pan"].split(1, dim=1)
        far = min(BOX * max(round(windows.ratio), 1), pan.shape[-1] - 2)  # within the frame
        unlike = 1 - correlation(inputs["lms"], pan - detail, far)
        ms = torch.from_numpy(windows.ms).to(device)
        return cls(inputs, valid, (rows, cols), ms, unlike, far)

    def draw(self, count: int, generator: torch.Generator) -> FullResolution:
        """Draw `count` windows, with repetition."""
        which = torch.randint(len(self.ms), (count,), generator=generator).to(self.ms.device)
        rows, cols = (matrix[which] for matrix in self.down)
        inputs = {name: value[which] for name, value in self.inputs.items()}
        valid, ms, unlike = (x[which] for x in (self.valid, self.ms, self.unlike))
        return FullResolution(inputs, valid, (rows, cols), ms, unlike, self.far)

    def loss(self, image: Tensor) -> Tensor:
        """Return the loss of the sharpened windows (K, C, P, P), a scalar."""
        return self.reprojected_error(image) + STRUCTURE * self.missing_structure(image)

    def reprojected_error(self, image: Tensor) -> Tensor:
        """Return the mean |D_b F_b - M_b| of (K, C, P, P) over MS pixels on valid PAN pixels."""
        rows, cols = self.down
        known = (rows @ self.valid @ cols.mT > SEEN).float()
        return _mean((rows @ image @ cols.mT - self.ms).abs(), known)

    def missing_structure(self, image: Tensor) -> Tensor:
        """Return the mean of X_b [X_b > Y_b] of (K, C, P, P) over boxes of valid pixels."""
        margin = (self.far - BOX) // 2
        near = correlation(image, self.inputs["pan"][:, :1], BOX)
        height, width = self.unlike.shape[-2:]
        unlike = 1 - near[..., margin : margin + height, margin : margin + width]
        known = (F.avg_pool2d(self.valid, self.far, 1) == 1).float()
        return _mean(unlike * (unlike > self.unlike), known)


def correlation(image: Tensor, other: Tensor, box: int) -> Tensor:
    """Return the correlation of (B, C, H, W) and (B, 1, H, W) in all boxes, (B, C, h, w)."""
    # Without their means the sums of squares are small, and their differences exact enough.
    image, other = (x - x.mean((-2, -1), keepdim=True) for x in (image, other))
    mean, of_other = (F.avg_pool2d(x, box, 1) for x in (image, other))
    shared = F.avg_pool2d(image * other, box, 1) - mean * of_other
    variance, varied = (
        (F.avg_pool2d(x * x, box, 1) - m * m).clamp(min=0)
        for x, m in ((image, mean), (other, of_other))
    )
    return shared / (variance * varied + FLAT**2).sqrt()


def _mean(values: Tensor, known: Tensor) -> Tensor:
    known = known.expand_as(values)
    return (values * known).sum() / known.sum().clamp(min=1)
