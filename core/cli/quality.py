# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``quality``."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.commands.quality import perform
from core.fusion import comparison
from core.quality.assessment import DESCRIPTORS, INDICES
from core.requests.scenes import Quality
from core.worker.protocol import EXIT_OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_options(parser, Quality)
    parser.add_argument("--json", metavar="FILE", help="write the numbers as JSON")


def run(args: argparse.Namespace) -> int:
    """Assess, and print the numbers."""
    numbers = Path(args.json) if args.json else None
    done = carry_out(partial(perform, numbers=numbers), request_of(Quality, args))
    print(table(done))
    if done["scene_test"]:
        print("\n".join(["", *comparison.lines(done["scene_test"])]))
    return EXIT_OK


def table(done: Mapping[str, Any]) -> str:
    """Return the assessment as text for a terminal."""
    scores = done["scores"]
    lines = []
    for name in (name for name in scores if name not in DESCRIPTORS):
        peak = f" Largest: {done['peak']:.6g}." if name == "PSNR" else ""
        index = INDICES[name]
        lines.append(f"{_shown(name, scores[name])}  best {index.best:<5} {index.meaning}{peak}")
    lines += [""] if lines else []
    lines += ["Degraded to MS, against MS:", *_against_ms(done)]
    lines += ["", "Descriptors; they describe, do not rank:"]
    for name in (name for name in scores if name in DESCRIPTORS):
        lines.append(f"{_shown(name, scores[name])}  {INDICES[name].meaning}")
    lines += ["", *_values(done)]
    where = (("shift", "Lies", "MS"), ("pan_shift", "Lies", "PAN"), ("ms_shift", "MS lies", "PAN"))
    for key, lies, other in where:
        if done[key] is not None:
            down, right = done[key]
            lines.append(f"{lies} {down:.2f} rows, {right:.2f} columns from {other} (PAN pixels).")
    for number, band in enumerate(done["bands"], start=1):
        if band["resembles"] is not None:
            other = band["resembles"] + 1
            lines.append(f"Band {number} ({band['name']}) looks like band {other} of MS.")
    lines += [f"Attention: {finding}" for finding in done["findings"]]
    lines.append(
        f"{done['pixels']} pixels, ratio {done['ratio']:.4g}, {done['sensor']}, "
        f"LMS {done['interpolation']}, {done['seconds']:.1f} s"
    )
    return "\n".join(lines)


def _shown(name: str, value: float) -> str:
    known = INDICES.get(name)
    decimals, unit = (known.decimals, known.unit) if known else (2, " %")
    return f"{name:<12}{value:>10.{decimals}f}{unit:<3}"


def _against_ms(done: Mapping[str, Any]) -> list[str]:
    """Return the consistency of all bands, of each band, and of indices of two bands."""
    lines = [_shown(name, value).rstrip() for name, value in done["consistency"].items()]
    width = max(12, *(len(row["name"]) + 2 for row in done["consistency_bands"]))
    lines += ["", f"{'':{width}}{'RMSE':>10}{'RMSE %':>8}{'bias':>12}{'bias %':>8}{'Q':>8}"]
    for row in done["consistency_bands"]:
        rmse = f"{row['rmse']:>10.4g}{row['rmse_percent']:>8.2f}"
        bias = f"{row['bias']:>12.4g}{row['bias_percent']:>8.2f}"
        lines.append(f"{row['name']:{width}}{rmse}{bias}{row['q']:>8.4f}")
    if done["indices"]:
        lines += ["", f"{'':{width}}{'mean MS':>10}{'RMSE':>10}{'bias':>10}{'r':>10}"]
    for index in done["indices"]:
        values = (index["mean"], index["rmse"], index["bias"], index["correlation"])
        lines.append(f"{index['name']:{width}}" + "".join(f"{v:>10.4f}" for v in values))
    return lines


def _values(done: Mapping[str, Any]) -> list[str]:
    """Return the largest shares over the bands of negative and clipped values; share of nodata."""
    shares = done["shares"]
    negative, low, high = (max(shares[key]) for key in ("negative", "clipped_low", "clipped_high"))
    return [
        f"Values of a band, at most: {negative:.3%} negative, {low:.3%} and {high:.3%} at the "
        "lower and upper end of the file's type.",
        f"No data where PAN and MS have some: {shares['nodata']:.3%}.",
    ]
