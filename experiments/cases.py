# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes at reduced resolution, which have a reference, for the experiments that score on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.benchmark import datasets
from core.benchmark.datasets import BenchmarkCase, CaseSelection

PAN_GAIN = 0.15
"""MTF of the second PAN at the Nyquist frequency of MS."""


def reduced_cases(folders: Sequence[str], sets: Sequence[str] | None) -> list[BenchmarkCase]:
    """Return the scenes of folders, PAN reduced by bicubic and again under an MTF.

    `sets` names the sets to take; None takes all.
    """
    selection = CaseSelection(sets=tuple(sets) if sets else None, pan_gain=PAN_GAIN)
    return [
        case
        for folder in folders
        for case in datasets.find_cases(Path(folder), selection)
        if case.scale != "FR"
    ]


def silent(fraction: float, text: str) -> None:
    """Report no progress."""
