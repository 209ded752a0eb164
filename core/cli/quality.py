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
from core.fusion import reduced_test
from core.quality.outcome import INDICES
from core.requests import Quality
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
        print("\n".join(["", *reduced_test.lines(done["scene_test"])]))
    return EXIT_OK


def table(done: Mapping[str, Any]) -> str:
    """Return the assessment as text for a terminal."""
    lines = []
    for name, value in done["scores"].items():
        index = INDICES[name]
        shown = f"{name:<12}{value:>10.{index.decimals}f}{index.unit:<3}"
        peak = f" Largest: {done['peak']:.6g}." if name == "PSNR" else ""
        lines.append(f"{shown}  best {index.best:<5} {index.meaning}{peak}")
    lines += ["", "Degraded to MS, against MS:"]
    for name, value in done["consistency"].items():
        known = INDICES.get(name)
        decimals, unit = (known.decimals, known.unit) if known else (2, " %")
        lines.append(f"{name:<12}{value:>10.{decimals}f}{unit}")
    lines.append("")
    for name, other in (("shift", "MS"), ("pan_shift", "PAN")):
        if done[name] is not None:
            down, right = done[name]
            lines.append(f"Lies {down:.2f} rows, {right:.2f} columns from {other} (PAN pixels).")
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
