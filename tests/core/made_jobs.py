# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs of a pair, and the run of one machine on it, for the tests of jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fakes import perform
from raster_files import pixels

from core.requests.jobs import Collect, Plan, Run
from core.requests.scenes import Pansharpen

TILE = 64
PART = 128  # 2 x 2 tiles


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
        perform(asked)
        return out

    @property
    def spread(self) -> bool:
        return "spread" in self.settings

    def plan(self, **more: Any) -> dict[str, Any]:
        pan, ms = self.pair
        asked = {"pan": pan, "ms": ms, "out": self.out, "part_size": PART, **self.settings, **more}
        return perform(Plan(job=self.job, **asked))

    def run(self, part: str | None = None) -> dict[str, Any]:
        return perform(Run(self.job, part))

    def collect(self, **more: Any) -> dict[str, Any]:
        return perform(Collect(self.job, **more))

    def carry_out(self, **more: Any) -> dict[str, Any]:
        """Plan, run and collect; return what the collection tells."""
        self.plan()
        self.run()
        return self.collect(**more)

    @property
    def same(self) -> bool:
        """Whether the result has the pixels of the run of one machine."""
        return pixels(self.alone()) == pixels(self.out)

    @property
    def scene(self) -> Path:
        """Folder of the first scene."""
        return Path(self.job) / "scenes" / "0000"
