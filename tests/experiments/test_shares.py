# SPDX-License-Identifier: GPL-2.0-or-later
"""The shares of a network and the scene fit, made up, and measured on a scene."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.__main__ import main
from experiments.shares import command
from experiments.shares.command import INDICES, SHARES


def test_the_best_share_is_that_of_the_other_sets() -> None:
    """Sets a and b are best at 0.2, set c at 0.8."""
    at = {"a": 0.2, "b": 0.2, "c": 0.8}
    losses = [
        {title: 1 + (np.array(SHARES) - best) ** 2 for title in INDICES} for best in at.values()
    ]
    told = command.table("srino", list(at), losses)
    assert "srino, 3 scenes of 3 sets" in told
    # Without c it is 0.2; without one of the others between the two.
    assert all(line.endswith("| 0.2, 0.5 |") for line in told.splitlines() if "| error |" in line)


def test_a_scene_is_measured_from_the_fit_to_the_network(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--data", str(shared_data), "--sets", "worldview2", "--methods", "srino"]
    assert main(["shares", *options]) == 0
    line = next(s for s in capsys.readouterr().out.splitlines() if s.startswith("| ERGAS |"))
    means = [float(cell) for cell in line.split("|")[2:-2]]
    assert means[0] == 1.0
    assert min(means) < 0.99 and min(means) < means[-1]
