# SPDX-License-Identifier: GPL-2.0-or-later
"""Numbers and tables as text, for the log, the console and reports."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 tile, 2 tiles."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def in_columns(rows: Sequence[Sequence[str]], left: int = 1) -> list[list[str]]:
    """Pad the cells of a table to columns of even width: the first `left` left, others right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        [*map(str.ljust, row[:left], widths[:left]), *map(str.rjust, row[left:], widths[left:])]
        for row in rows
    ]
