# SPDX-License-Identifier: GPL-2.0-or-later
"""The speed of whole processes, on a small scene."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import rasterio

from experiments.__main__ import main
from experiments.speed.command import timed
from experiments.speed.scenes import large_pair


def test_a_method_is_timed_from_file_to_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = [
        "--sizes",
        "512",
        "--bands",
        "4",
        "--runs",
        "1",
        "--methods",
        "bdsd-pc,scene-fit-compared",
    ]
    assert main(["speed", "--out", str(tmp_path), *sizes]) == 0
    printed = capsys.readouterr().out.splitlines()
    (first,) = [line for line in printed if "| the first byte read |" in line]
    assert float(first.split("|")[2]) > 0.1, "Python and numpy alone take longer"
    lines = [line for line in printed if "| bdsd-pc |" in line]
    cells = [cell.strip() for cell in lines[0].split("|")[1:-1]]
    assert cells[0] == "512 x 512 x 4"
    assert float(cells[2]) > 0 and float(cells[5]) > 0.05
    assert any("| scene-fit-compared |" in line for line in printed)
    parts = [float(cell) for cell in cells[6:9]]
    assert min(parts) >= 0 and sum(parts) < float(cells[2]) + 0.05, "all told, none is nan"


def test_a_process_that_fails_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="no such file"):
        timed([sys.executable, "-c", "raise SystemExit('no such file')"])


def test_large_scenes_are_a_small_one_repeated(tmp_path: Path) -> None:
    pan, ms = large_pair(tmp_path, 1536, 4)
    with rasterio.open(pan) as fine, rasterio.open(ms) as coarse:
        assert fine.shape == (1536, 1536) and coarse.shape == (384, 384)
        assert (coarse.transform.a, coarse.count) == (4 * fine.transform.a, 4)
        values = fine.read(1)
    assert (values[1023] == values[1024]).all(), "copies are mirrored at their edges"
