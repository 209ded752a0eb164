# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``growth``: time and memory of SRINO's denoiser over the size of the image.

    .venv/bin/python -m experiments growth --out build/growth

The operator of the method, Galerkin, against softmax attention in the same place (Figure 1 of the
paper). What needs more memory than there is is not tried; table and plot say what it would need.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from experiments.growth.measure import free_memory, needed
from experiments.pictures import blank_figure

log = logging.getLogger(__name__)

OPERATORS = ("galerkin", "softmax")
SIZES = (64, 96, 128, 256, 512, 1024)
#: Share of the free memory that a measurement may take.
SPARE = 0.9
GB = 1e9


@dataclass(frozen=True)
class Measured:
    """One step on a square image; if it was not tried, `seconds` is None and `gb` is the need."""

    operator: str
    side: int
    seconds: float | None
    gb: float
    free_gb: float


def growth(
    folder: Path, sizes: Sequence[int] = SIZES, device: str = "cpu", threads: int = 0
) -> list[Measured]:
    """Measure both operators at all sizes; write growth.csv and growth.png."""
    folder.mkdir(parents=True, exist_ok=True)
    results = []
    for operator in OPERATORS:
        for side in sorted(sizes):
            result = _in_a_process(operator, side, device, threads)
            results.append(result)
            log.info("%s", _line(result))
    with (folder / "growth.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Measured)])
        writer.writeheader()
        writer.writerows(asdict(result) for result in results)
    draw(results, folder / "growth.png")
    return results


def _in_a_process(operator: str, side: int, device: str, threads: int) -> Measured:
    free, need = free_memory(device), needed(operator, side)
    if need > SPARE * free:
        return Measured(operator, side, None, need / GB, free / GB)
    command = [
        sys.executable,
        "-m",
        "experiments.growth.measure",
        operator,
        str(side),
        device,
        str(threads),
    ]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE)  # nosec B603
    seconds, peak = json.loads(done.stdout)
    return Measured(operator, side, seconds, peak / GB, free / GB)


def _line(result: Measured) -> str:
    if result.seconds is None:
        have = f"{result.free_gb:.1f} GB are free"
        return f"{result.operator} {result.side} px: needs {result.gb:,.1f} GB, {have}: not tried"
    spent = f"{result.seconds:.3g} s, {result.gb:.3g} GB"
    return f"{result.operator} {result.side} px: {spent}"


def draw(results: Sequence[Measured], path: Path) -> None:
    """Draw time and memory over the side of the image; hollow points were not tried."""
    figure = blank_figure(10, 4.5)
    left, right = figure.subplots(1, 2)
    for operator, colour in zip(OPERATORS, ("tab:blue", "tab:red"), strict=True):
        of = [r for r in results if r.operator == operator]
        tried = [r for r in of if r.seconds is not None]
        refused = [r for r in of if r.seconds is None]
        sides = [r.side for r in tried]
        left.plot(sides, [r.seconds for r in tried], "o-", color=colour, label=operator)
        right.plot(sides, [r.gb for r in tried], "o-", color=colour, label=operator)
        if refused:
            right.plot([r.side for r in refused], [r.gb for r in refused], "o--", color=colour,
                       markerfacecolor="white", label=f"{operator}, would need")  # fmt: skip
            left.axvline(refused[0].side, color=colour, linestyle="--", linewidth=1,
                         label=f"{operator}: from here on out of memory")  # fmt: skip
    right.axhline(max(r.free_gb for r in results), color="0.6", linestyle=":", label="memory free")
    ticks = sorted({r.side for r in results})
    for axes, name in ((left, "time of a step (s)"), (right, "peak memory (GB)")):
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xticks(ticks, [str(side) for side in ticks])
        axes.minorticks_off()
        axes.set_xlabel("side of the image (px)")
        axes.set_ylabel(name)
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=110)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the experiment."""
    add = parser.add_argument
    add("--out", type=Path, required=True, help="folder for growth.csv and growth.png")
    add("--sizes", type=int, nargs="+", default=SIZES, help="sides in px; 64 to 1024")
    add("--device", default="cpu", help="cpu, cuda, cuda:0, ...")
    add("--threads", type=int, default=0, help="CPU threads; 0: torch decides")


def run(args: argparse.Namespace) -> int:
    """Measure, write the table and draw it."""
    logging.getLogger().setLevel(logging.INFO)
    growth(args.out, args.sizes, args.device, args.threads)
    print(args.out / "growth.png")
    return 0
