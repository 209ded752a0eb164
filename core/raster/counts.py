# SPDX-License-Identifier: GPL-2.0-or-later
"""What is counted of the pixels of a file while it is written; counts of its parts add up."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.raster.overviews import Statistics


class Counts:
    """Pixels without data, values beyond the type, and, where wanted, statistics of each band.

    Attributes
    ----------
    missing : pixels without data in any band.
    holes : whether some pixel lacks data in some band.
    clipped : values that the type cannot hold.
    statistics : None where nobody wants them.
    """

    def __init__(self, bands: int, with_statistics: bool) -> None:
        self.missing = 0
        self.holes = False
        self.clipped = 0
        self.statistics = Statistics(bands) if with_statistics else None

    def add(self, pixels: np.ndarray, found: np.ndarray, clipped: int) -> None:
        """Count pixels (C, H, W), which have data where `found` (C, H, W)."""
        self.missing += int(np.count_nonzero(~found.any(axis=0)))
        self.holes |= not found.all()
        self.clipped += clipped
        if self.statistics:
            self.statistics.add(pixels, found)

    def take(self, facts: dict[str, Any]) -> None:
        """Add the counts of a part, as `facts` has told them."""
        self.missing += facts["missing"]
        self.holes |= facts["holes"]
        self.clipped += facts["clipped"]
        if self.statistics:
            self.statistics.take(facts["statistics"])

    def facts(self) -> dict[str, Any]:
        """Return them as plain values."""
        return {
            "missing": self.missing,
            "holes": self.holes,
            "clipped": self.clipped,
            "statistics": self.statistics.facts() if self.statistics else None,
        }
