# SPDX-License-Identifier: GPL-2.0-or-later
"""Time and memory over the size of the image, at sizes that take no time."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from experiments.__main__ import main
from experiments.growth import command
from experiments.growth.measure import needed


def test_both_operators_are_measured_and_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Softmax at 128 px would need 17 GB: more than there is, so it is not tried."""
    monkeypatch.setattr(command, "free_memory", lambda device: 8e9)
    options = ["--sizes", "128", "16", "--threads", "1"]
    assert main(["growth", "--out", str(tmp_path), *options]) == 0
    with (tmp_path / "growth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["operator"], r["side"]) for r in rows] == [
        (operator, side) for operator in ("galerkin", "softmax") for side in ("16", "128")
    ]
    *tried, refused = rows
    assert all(float(r["seconds"]) > 0 for r in tried)
    assert 0 < float(rows[1]["gb"]) < 1
    assert refused["seconds"] == "" and float(refused["gb"]) == pytest.approx(17.2, abs=0.1)
    assert (tmp_path / "growth.png").read_bytes().startswith(b"\x89PNG")


def test_pairs_of_pixels_grow_with_the_fourth_power_of_the_side() -> None:
    assert needed("softmax", 512) == 16 * needed("softmax", 256)
    assert needed("galerkin", 512) == 0
