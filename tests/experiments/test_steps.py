# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO in several steps, and what fine-tuning changes, on a pair that is made up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import write_pair

from core.benchmark.tables import BenchmarkRow, Scale
from core.methods.interface import Settings
from core.methods.registry import METHODS
from core.pair.scene import Scene
from experiments.__main__ import main
from experiments.steps import command as steps
from experiments.tuning import command as tuning


def test_samples_of_a_number_of_steps_are_averaged(
    small_srino: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(METHODS, "srino", replace(METHODS["srino"], model=str(small_srino)))
    monkeypatch.setattr(steps, "PUBLISHED", ())
    with Scene.open(*write_pair(tmp_path, 132)) as scene:
        settings = Settings(scene.ratio)
        found = dict(steps.images((1, 4), (4,), 3, scene, settings))
        again = dict(steps.images((1, 4), (4,), 1, scene, settings))
    names = ["exp", "scene-fit", steps.ONE, "srino, 4 steps", "srino, 4 steps, mean of 3"]
    assert list(found) == names
    np.testing.assert_array_equal(again["srino, 4 steps, mean of 1"], found["srino, 4 steps"])
    assert not np.allclose(found[names[-1]], found[names[-2]], rtol=1e-6)


def row(of: str, scene: str, scale: Scale, method: str, error: float) -> BenchmarkRow:
    """A row whose errors are all the same."""
    scores = {"ERGAS": error, "SAM": error, "Q2n": 1 - error}
    scores |= {"HQNR": 1 - error, "reprojected": error}
    return BenchmarkRow(of, scene, scale, method, method, scores, 0.0)


def test_errors_are_relative_to_the_fit_of_the_same_scene() -> None:
    rows = [
        row("a", scene, "RR", method, error)
        for scene, fit, other in (("1", 0.1, 0.05), ("2", 0.3, 0.6))
        for method, error in (("scene-fit", fit), ("ksdiff", other))
    ]
    rows += [row("b", "3", "RR", "scene-fit", 0.2), row("b", "3", "RR", "ksdiff", 0.05)]
    rows += [row("b", "3", "FR", "scene-fit", 0.2), row("b", "3", "FR", "ksdiff", 0.1)]
    told = tuning.report(rows)
    assert "| a | ksdiff | 1.000 | 1.000 | 1.000 |" in told, "half and twice"
    assert "| all | ksdiff | 0.500 | 0.500 | 0.500 |" in told, "geometric mean of 1 and a quarter"
    assert "| b | ksdiff | 0.500 | 0.500 |" in told.split("### FR")[1]
    assert "RR-MTF" not in told


def test_the_command_measures_at_full_resolution(
    shared_data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "FINE_TUNED", ())
    monkeypatch.setattr(tuning, "NETWORKS", ("exp",))
    options = ["--data", str(shared_data), "--sets", "worldview2", "--scales", "FR"]
    assert main(["tuning", *options, "--networks", "exp"]) == 0
    cells = capsys.readouterr().out.split("| worldview2 | exp | ")[1].split(" |")
    assert float(cells[0]) > 2, "interpolation gives back less of MS than the fit"
