# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``selection``: how much worse than the best is what the scene test selects?

    .venv/bin/python -m experiments selection --data ../shared/data,../shared/data/edge \
        --out build/selection.jsonl

Every scene is sharpened at reduced resolution, PAN by bicubic and under an MTF, and scored; the
test runs on the same pair. A second run goes on after the last scene in the file, and prints.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from core.cli.options import add_options, request_of
from core.methods.registry import FINE_TUNED, METHODS
from core.requests.scenes import option
from core.worker.protocol import EXIT_OK
from experiments.cases import reduced_cases
from experiments.selection import measure, rules


@dataclass(frozen=True)
class Request:
    """The options, named as in ``bench``."""

    data: tuple[str, ...] = option((), "folders with val/ or sets of pairs", "A,B")
    out: str = option("build/selection.jsonl", "file for what is measured ({default})", "FILE")
    sets: tuple[str, ...] | None = option(None, "folders by name (all)", "A,B")
    adapt: float = option(0.0, "fine-tune KSDiff for so long, too ({default:g}: no)", "SECONDS")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_options(parser, Request)


def run(args: argparse.Namespace) -> int:
    """Measure what the file lacks, and print the regrets."""
    request = request_of(Request, args)
    names = [name for name in METHODS if name not in FINE_TUNED]
    if request.adapt:
        names.append("ksdiff-adapted")
    cases = reduced_cases(request.data, request.sets)
    file = Path(request.out)
    measure.measure_all(cases, names, file, request.adapt)
    print(rules.report(measure.read(file)))
    return EXIT_OK
