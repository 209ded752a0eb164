# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs of a pair, and the run of one machine on it, for the tests of jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rasterio
from fakes import quiet

from core.commands import collect, pansharpen, plan, run
from core.progress import Pace
from core.requests.jobs import Collect, Plan, Run
from core.requests.scenes import Pansharpen

TILE = 64
PART = 128  # 2 x 2 tiles


def pixels(path: Path | str) -> bytes:
    """Return the bytes of all pixels of a raster."""
    with rasterio.open(path) as dataset:
        return bytes(dataset.read().tobytes())


class Made:
    """A job and the run of one machine, of the same pair with the same settings."""

    def __init__(self, pair: tuple[str, str], folder: Path, **settings: Any) -> None:
        self.pair, self.folder = pair, folder
        self.settings = {"tile": TILE, **settings}
        self.job = str(folder / "job")
        self.out = str(folder / "parts.tif")

    def alone(self) -> Path:
        """Sharpen by the run of one machine."""
        out = self.folder / "alone.tif"
        more = {"spread": str(self.folder / "alone-spread.tif")} if self.spread else {}
        asked = Pansharpen(*self.pair, str(out), **{**self.settings, **more})
        pansharpen.perform(asked, quiet, Pace())
        return out

    @property
    def spread(self) -> bool:
        return "spread" in self.settings

    def plan(self, **more: Any) -> dict[str, Any]:
        pan, ms = self.pair
        asked = {"pan": pan, "ms": ms, "out": self.out, "part_size": PART, **self.settings, **more}
        return plan.perform(Plan(job=self.job, **asked), quiet, Pace())

    def run(self, part: str | None = None) -> dict[str, Any]:
        return run.perform(Run(self.job, part), quiet, Pace())

    def collect(self, **more: Any) -> dict[str, Any]:
        return collect.perform(Collect(self.job, **more), quiet, Pace())
