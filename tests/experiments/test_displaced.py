# SPDX-License-Identifier: GPL-2.0-or-later
"""What a displaced PAN costs: PAN is moved by what the table says, and the rest stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import write_pair

from experiments.__main__ import main
from experiments.displaced.command import SHIFTS, moved


def test_pan_moves_down_and_right() -> None:
    rows, cols = np.mgrid[:64, :80]
    waves = np.sin(rows / 3) + np.cos(cols / 4)
    expected = np.sin((rows - 0.5) / 3) + np.cos((cols - 0.25) / 4)
    inner = np.s_[16:-16, 16:-16]
    np.testing.assert_allclose(moved(waves, (0.5, 0.25))[inner], expected[inner], atol=0.01)
    whole = moved(waves, (1.0, 0.0))
    np.testing.assert_allclose(whole[1:], waves[:-1], atol=1e-9)


def test_each_displacement_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_pair(tmp_path / "one", 256)
    assert main(["displaced", "--data", str(tmp_path), "--methods", "exp", "gsa"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    rows = [line.strip("|").split("|") for line in lines if "moved" not in line]
    assert [row[0].strip() for row in rows] == 2 * list(SHIFTS.values())
    assert {row[1].strip() for row in rows} == {"1.000 (1.000)"}, "interpolation has no PAN"
    assert any(float(row[2].split()[0]) > 1.001 for row in rows)
