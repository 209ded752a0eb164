# SPDX-License-Identifier: GPL-2.0-or-later
"""How a run goes: loss.csv, validation.csv, and both drawn in curves.png."""

from __future__ import annotations

import csv
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

log = logging.getLogger(__name__)

TABLES = ("loss.csv", "validation.csv")
LOSSES = ("image", "latent", "pan", "blur", "pseudo")
LOSS = ("stage", "step", *LOSSES, "seconds")
REFERENCES = ("BDSD-PC", "BT-H", "LMS")
VALIDATION = ("stage", "step", "method", "L1", "ERGAS", "SAM", "Q2n")


@dataclass(frozen=True)
class Curves:
    """The tables of the run in `folder`."""

    folder: Path

    def clear(self) -> None:
        """A new run begins."""
        for name in (*TABLES, "curves.png"):
            (self.folder / name).unlink(missing_ok=True)

    def texts(self) -> dict[str, str]:
        """What the tables hold so far, by file name: a checkpoint takes it elsewhere."""
        paths = [self.folder / name for name in TABLES]
        return {path.name: path.read_text(encoding="utf-8") for path in paths if path.exists()}

    def restore(self, texts: dict[str, str]) -> None:
        """Write the tables that are not here from what a checkpoint brought along."""
        for name, text in texts.items():
            path = self.folder / name
            if not path.exists():
                path.write_text(text, encoding="utf-8")

    def loss(self, row: Sequence[object]) -> None:
        """Append a row, see `LOSS`."""
        _append(self.folder / "loss.csv", LOSS, row)

    def validation(self, row: Sequence[object]) -> None:
        """Append a row, see `VALIDATION`."""
        _append(self.folder / "validation.csv", VALIDATION, row)

    def forget_after(self, stage: int, step: int) -> None:
        """A killed run got further than its last checkpoint; those steps come again."""
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
        rows = _read(self.folder / "loss.csv")
        if not rows:
            return
        figure = Figure(figsize=(10, 4), layout="constrained")
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2)
        begin = max((int(r["step"]) for r in rows if r["stage"] == "1"), default=0)
        for name in LOSSES:
            of = [r for r in rows if r[name]]
            if of:
                left.plot([_place(r, begin) for r in of], _smooth([float(r[name]) for r in of]),
                          label=f"{name} loss")  # fmt: skip
        checks = _read(self.folder / "validation.csv")
        for method in dict.fromkeys(r["method"] for r in checks):
            of = [r for r in checks if r["method"] == method and r["ERGAS"]]
            right.plot([_place(r, begin) for r in of], [float(r["ERGAS"]) for r in of],
                       "--" if method in REFERENCES else ".-", label=method)  # fmt: skip
        left.set_yscale("log")
        left.set_ylabel("loss")
        right.set_ylabel("ERGAS of scenes held out")
        for axes in (left, right):
            axes.set_xlabel("step")
            if begin:
                axes.axvline(begin, color="0.7", linewidth=1)
            if axes.get_legend_handles_labels()[0]:
                axes.legend()
        figure.savefig(self.folder / "curves.png", dpi=100)


def _append(path: Path, names: Sequence[str], row: Sequence[object]) -> None:
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(names)
        writer.writerow(row)


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _place(row: dict[str, str], begin: int) -> int:
    """Steps of both stages in one line; the second begins at `begin`."""
    return int(row["step"]) + (begin if row["stage"] == "2" else 0)


def _smooth(values: list[float]) -> list[float]:
    """Moving mean of the last fiftieth of the run: batches differ a lot."""
    width = max(len(values) // 50, 1)
    total = np.cumsum([0.0, *values])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - width, 0)
    return list((total[ends] - total[starts]) / (ends - starts))
