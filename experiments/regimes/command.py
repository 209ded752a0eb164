# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``regimes``: the windows that calibrate a network, and their effect.

    .venv/bin/python -m experiments regimes --data ../shared/data --generated 3 --csv regimes.csv
    .venv/bin/python -m experiments regimes --data ../shared/data --method srino --steps 4

KSDiff's kernels, or SRINO's contexts and gates, are made from one tile, from windows all over the
scene, or from the whole image, which for SRINO is the network with nothing frozen. Scenes are at
reduced resolution, or synthetic; both have a reference.
"""

from __future__ import annotations

import argparse
import csv
import io
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from core.benchmark import datasets
from core.benchmark.datasets import BenchmarkCase
from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.errors import Cancelled, PansharpenError
from core.methods import registry
from core.methods.interface import Settings
from core.models import modelfile
from core.progress import Pace, Progress
from core.raster.output_files import check_target
from core.raster.writer import write_texts
from core.requests.scenes import DEVICE, MODEL, SEED, STEPS, option
from core.worker.protocol import EXIT_OK
from experiments.errors import input_error
from experiments.regimes import outcomes
from experiments.regimes.outcomes import Outcome
from experiments.regimes.windows import METHODS, Calibration

LOSSES = ("ERGAS", "SAM", "1 - Q2n")
SCORES = ("ERGAS", "SAM", "Q2n")
SEAMS = ("seam", "seam/reference", "step")
WIDTH = max(len(regime) for method in METHODS.values() for regime in method.regimes)


@dataclass(frozen=True)
class Request:
    """The options, named as in ``bench``."""

    data: str | None = option(None, "folder with val/ or sets of pairs, used at reduced resolution")
    sets: tuple[str, ...] | None = option(None, "folders by name (all)", "A,B")
    generated: int = option(
        0,
        "so many synthetic scenes beside them ({default}), with a reference at the resolution "
        "of PAN",
        "N",
    )
    size: int = option(1024, "their edge in PAN pixels ({default})", "N")
    method: str = option("ksdiff", f"{' or '.join(METHODS)} ({{default}})", choices=tuple(METHODS))
    steps: int | None = option(None, *STEPS)
    tile: int | None = option(
        None,
        "edge of a tile known from itself, PAN px: the model's window, or twice, ... "
        f"({', '.join(f'{method.tile} for {name}' for name, method in METHODS.items())})",
        "N",
    )
    model: str | None = option(None, MODEL)
    device: str = option("auto", DEVICE)
    seed: int = option(0, *SEED)
    csv: str | None = option(None, "write a row per scene and regime", "FILE")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_options(parser, Request)


def run(args: argparse.Namespace) -> int:
    """Print the tables, which are Markdown."""
    print(carry_out(perform, request_of(Request, args))["table"], end="")
    return EXIT_OK


def perform(request: Request, progress: Progress, pace: Pace) -> dict[str, object]:
    """Compare; return the tables. The file is written when all is measured.

    Raises PansharpenError for what the user can correct. Scenes that cannot be compared are left
    out and listed below the tables.
    """
    started = time.monotonic()
    target = check_target(Path(request.csv), [], (".csv",)) if request.csv else None
    tile = _tile(request)
    todo = _todo(request)
    found: list[Outcome] = []
    notes: list[str] = []
    total = sum(case.pixels for case in todo)
    done = 0
    pace.start(total)
    for case in todo:
        tell = partial(_tell, progress, case, done / total, case.pixels / total)
        try:
            found += _compare(case, request, tile, tell)
        except Cancelled:
            raise
        except PansharpenError as error:
            notes.append(f"{case.set} {case.scene} left out: {error}")
        done += case.pixels
        pace.done(case.pixels)
    if not found:
        raise input_error("No scene could be compared.", " ".join(notes))
    if target:
        write_texts({target: as_csv(found)})
    seconds = round(time.monotonic() - started, 1)
    return {"rows": len(found), "table": as_text(found, notes), "seconds": seconds}


def _tile(request: Request) -> int:
    """Return the edge of the tiles, PAN px. Raises PansharpenError if it cannot be used."""
    model = request.model or registry.METHODS[request.method].model or ""
    size = modelfile.load(model, request.method).card.window
    tile = METHODS[request.method].tile if request.tile is None else request.tile
    if tile < size or tile % size:
        raise input_error(
            f"Tiles of {tile} pixels hold no whole windows.", f"Use {size}, {2 * size}, ..."
        )
    return tile


def _todo(request: Request) -> list[BenchmarkCase]:
    """Return the scenes with a reference. Raises InputError if there are none."""
    todo = outcomes.generated(request.size, request.generated)
    if request.data:
        choice = datasets.CaseSelection(request.sets)
        every = datasets.find_cases(Path(request.data), choice)
        todo = [case for case in every if case.scale == "RR"] + todo
    if not todo:
        raise input_error("There is nothing to compare on.", "Give --data, --generated, or both.")
    return todo


def _tell(
    progress: Progress, case: BenchmarkCase, start: float, share: float, fraction: float, text: str
) -> None:
    progress(start + share * fraction, f"{case.set} {case.scene}: {text}")


def _compare(case: BenchmarkCase, request: Request, tile: int, progress: Progress) -> list[Outcome]:
    """Compare all regimes on one scene."""
    model = request.model or registry.METHODS[request.method].model

    def create(ratio: float) -> Calibration:
        return METHODS[request.method](
            Settings(ratio, case.gains, model, request.device, request.seed, request.steps)
        )

    with tempfile.TemporaryDirectory(prefix="regimes-") as folder:
        return list(outcomes.compare(case, Path(folder), create, tile, progress))


def as_text(found: Sequence[Outcome], notes: Sequence[str]) -> str:
    """Return a table for each set, one of all sets against the first regime, and the notes."""
    names = list(dict.fromkeys(each.set for each in found))
    parts = []
    for name in names:
        rows = [each for each in found if each.set == name]
        parts.append(_table(name, rows, [(s, partial(_mean, rows, s)) for s in SCORES]))
    if len(names) > 1:
        title = f"All {len(names)} sets, against {found[0].regime}"
        parts.append(_table(title, found, [(s, partial(_share, found, s)) for s in LOSSES]))
    if notes:
        parts.append("".join(f"- {note}\n" for note in notes))
    return "\n".join(parts)


Column = tuple[str, Callable[[str], str]]


def _table(title: str, rows: Sequence[Outcome], scores: Sequence[Column]) -> str:
    """Return a table with a row for each regime: its scores, and means of seams and seconds."""
    count = len({(each.set, each.scene) for each in rows})
    seams: list[Column] = [(name, partial(_mean, rows, name)) for name in SEAMS]
    columns: list[Column] = [("windows", partial(_windows, rows)), *scores, *seams]
    columns.append(("seconds", partial(_seconds, rows)))
    lines = [f"### {title}, {count} scene{'s' if count > 1 else ''}", ""]
    lines.append(_line("regime", [head for head, _ in columns]))
    lines.append(_line("-" * WIDTH, ["-" * 9 + ":"] * len(columns)))
    names = dict.fromkeys(each.regime for each in rows)
    lines += [_line(regime, [tell(regime) for _, tell in columns]) for regime in names]
    return "\n".join(lines) + "\n"


def _line(first: str, rest: Sequence[str]) -> str:
    cells = " | ".join(f"{cell:>10}" for cell in rest)
    return f"| {first:<{WIDTH}} | {cells} |"


def _windows(rows: Sequence[Outcome], regime: str) -> str:
    """Return the number of different windows of a regime: least and most over the scenes."""
    counts = [each.windows for each in rows if each.regime == regime]
    return f"{min(counts)}..{max(counts)}" if min(counts) < max(counts) else f"{counts[0]}"


def _mean(rows: Sequence[Outcome], score: str, regime: str) -> str:
    """Return the mean over the scenes that have the score."""
    values = [o.scores[score] for o in rows if o.regime == regime and score in o.scores]
    return f"{np.mean(values):.4f}" if values else ""


def _seconds(rows: Sequence[Outcome], regime: str) -> str:
    return f"{np.mean([each.seconds for each in rows if each.regime == regime]):.1f}"


def _share(rows: Sequence[Outcome], loss: str, regime: str) -> str:
    return f"{100 * outcomes.relative(rows, regime, loss):+.2f} %"


def as_csv(found: Sequence[Outcome]) -> str:
    """Return CSV with a line per scene and regime; scores that do not apply are empty."""
    scores = list(dict.fromkeys(name for each in found for name in each.scores))
    file = io.StringIO()
    writer = csv.DictWriter(
        file, ["set", "scene", "regime", "windows", *scores, "seconds"], restval=""
    )
    writer.writeheader()
    for each in found:
        row = asdict(each)
        writer.writerow(row.pop("scores") | row)
    return file.getvalue()
