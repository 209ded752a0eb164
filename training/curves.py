# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of a run folder: loss.csv, validation.csv, and curves.png, which draws both."""

from __future__ import annotations

import csv
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

log = logging.getLogger(__name__)

#: The state of a run, see `training.trainer.Trainer.save`.
CHECKPOINT = "checkpoint.pt"
LOSS_COLUMNS = ("image", "latent", "pan", "blur", "pseudo")
#: The tables' files, and their columns.
TABLES = {
    "loss.csv": ("stage", "step", *LOSS_COLUMNS, "seconds"),
    "validation.csv": ("stage", "step", "method", "L1", "ERGAS", "SAM", "Q2n"),
}
#: Methods that a network is compared with; the first there is is the reference.
REFERENCES = ("BDSD-PC", "BT-H", "LMS")


@dataclass(frozen=True)
class Curves:
    """The tables of the run in `folder`."""

    folder: Path

    def clear(self) -> None:
        """Delete the tables of an earlier run."""
        for name in (*TABLES, "curves.png"):
            (self.folder / name).unlink(missing_ok=True)

    def texts(self) -> dict[str, str]:
        """Return the tables by file name, for a checkpoint to carry elsewhere."""
        paths = [self.folder / name for name in TABLES]
        return {path.name: path.read_text(encoding="utf-8") for path in paths if path.exists()}

    def restore(self, texts: dict[str, str]) -> None:
        """Write the missing tables from those of a checkpoint."""
        for name, text in texts.items():
            path = self.folder / name
            if not path.exists():
                path.write_text(text, encoding="utf-8")

    def add(self, table: str, row: Sequence[object]) -> None:
        """Append a row to one of `TABLES`."""
        path = self.folder / table
        new = not path.exists()
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([TABLES[table], row] if new else [row])

    def forget_after(self, stage: int, step: int) -> None:
        """Delete rows of a killed run beyond its last checkpoint: those steps come again."""
        for name in TABLES:
            path = self.folder / name
            if not path.exists():
                continue
            with path.open(newline="", encoding="utf-8") as file:
                head, *rows = list(csv.reader(file))
            # The row that was being written when the run was killed may be incomplete.
            whole = [r for r in rows if len(r) == len(head)]
            kept = [r for r in whole if (int(r[0]), int(r[1])) <= (stage, step)]
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([head, *kept])

    def draw(self) -> None:
        """Write curves.png; without matplotlib there are only the tables."""
        try:
            from matplotlib.backends.backend_agg import FigureCanvasAgg
            from matplotlib.figure import Figure
        except ImportError:
            log.debug("no matplotlib: no curves.png")
            return
        losses, checks = (read_table(self.folder / name) for name in TABLES)
        if not losses:
            return
        figure = Figure(figsize=(10, 4), layout="constrained")
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2)
        stage2 = max((int(r["step"]) for r in losses if r["stage"] == "1"), default=0)

        def steps(rows: list[dict[str, str]]) -> list[int]:
            """Return steps of both stages in one line."""
            return [int(r["step"]) + (stage2 if r["stage"] == "2" else 0) for r in rows]

        for name in LOSS_COLUMNS:
            rows = [r for r in losses if r[name]]
            if rows:
                values = _moving_mean([float(r[name]) for r in rows])
                left.plot(steps(rows), values, label=f"{name} loss")
        for method in dict.fromkeys(r["method"] for r in checks):
            rows = [r for r in checks if r["method"] == method and r["ERGAS"]]
            line = "--" if method in REFERENCES else ".-"
            right.plot(steps(rows), [float(r["ERGAS"]) for r in rows], line, label=method)
        left.set_yscale("log")
        left.set_ylabel("loss")
        right.set_ylabel("ERGAS of held-out scenes")
        for axes in (left, right):
            axes.set_xlabel("step")
            if stage2:
                axes.axvline(stage2, color="0.7", linewidth=1)
            if axes.get_legend_handles_labels()[0]:
                axes.legend()
        figure.savefig(self.folder / "curves.png", dpi=100)


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table; empty if there is no file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _moving_mean(values: list[float]) -> list[float]:
    """Return the mean of the last fiftieth of the run at each step: batches differ a lot."""
    width = max(len(values) // 50, 1)
    total = np.cumsum([0.0, *values])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - width, 0)
    return list((total[ends] - total[starts]) / (ends - starts))
