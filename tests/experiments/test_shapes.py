# SPDX-License-Identifier: GPL-2.0-or-later
"""The picture of the network's shapes: drawn from the table of the docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.__main__ import main
from experiments.shapes.command import HEAD, Shape, shapes

ROWS = "| a, 32 64 | 0.905 | 0.68 to 0.85 |\n| b | not reached | 0.2 |\n\n| c | 1 | 2 |"
TABLE = f"{HEAD}\n|---|---:|---:|\n{ROWS}"


def test_rows_without_an_error_and_other_tables_are_left_out() -> None:
    assert shapes(TABLE) == [Shape("a, 32 64", 0.905, 0.68, 0.85)]


def test_a_page_without_the_table_is_an_error() -> None:
    with pytest.raises(ValueError):
        shapes("| other | error |")


def test_the_table_of_the_docs_is_drawn(tmp_path: Path) -> None:
    assert main(["shapes", "--out", str(tmp_path / "shapes.png")]) == 0
    assert (tmp_path / "shapes.png").read_bytes().startswith(b"\x89PNG")
