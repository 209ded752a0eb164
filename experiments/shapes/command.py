# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``shapes``: draw the error of the fusion network's shapes over their speed.

    .venv/bin/python -m experiments shapes --out docs/images/shapes.png

What is drawn is the table of docs/performance.md, whose errors `experiments ablate` measures.
"""

from __future__ import annotations

import argparse
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from experiments.pictures import blank_figure

HEAD = "| blocks, channels | error | Mpix/s |"
ROW = re.compile(
    r"\| (?P<name>[^|]+) \| (?P<error>[\d.]+) \| (?P<low>[\d.]+)(?: to (?P<high>[\d.]+))? \|"
)


@dataclass(frozen=True)
class Shape:
    """A shape of the network: its error relative to the better of two methods, and Mpix/s."""

    name: str
    error: float
    low: float
    high: float


def shapes(text: str) -> list[Shape]:
    """Read the rows of the table that have an error. Raises ValueError without the table."""
    _, found, after = text.partition(HEAD)
    if not found:
        raise ValueError(f"There is no table headed {HEAD}")
    rows = after.split("\n\n")[0].splitlines()
    matches = [match for row in rows if (match := ROW.fullmatch(row))]
    return [
        Shape(m["name"], float(m["error"]), float(m["low"]), float(m["high"] or m["low"]))
        for m in matches
    ]


def draw(found: list[Shape], path: Path) -> None:
    """Draw the error of each shape over its speed; a line where the speed was a range."""
    figure = blank_figure(7, 4)
    axes = figure.subplots()
    for shape in found:
        middle = (shape.low + shape.high) / 2
        axes.errorbar(middle, shape.error, xerr=(shape.high - shape.low) / 2, fmt="o", capsize=3)
        axes.annotate(
            textwrap.fill(shape.name, 22),
            (middle, shape.error),
            (0, 8),
            textcoords="offset points",
            ha="center",
        )
    axes.set_xlabel("million PAN px a second, two cores")
    axes.set_ylabel("RMSE over that of BDSD-PC or BT-H")
    axes.margins(0.3, 0.25)
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=110)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the experiment."""
    docs = Path(__file__).parents[2] / "docs"
    add = parser.add_argument
    add("--table", type=Path, default=docs / "performance.md", help="page with the table")
    add("--out", type=Path, required=True, help="picture to draw (PNG)")


def run(args: argparse.Namespace) -> int:
    """Draw the picture."""
    draw(shapes(args.table.read_text(encoding="utf-8")), args.out)
    print(args.out)
    return 0
