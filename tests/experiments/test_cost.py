# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameters and operations of both methods, against counts by hand and of the papers."""

from __future__ import annotations

from pathlib import Path

import pytest
from raising import raises_code

from core.networks.ksdiff import KSDiffConfig
from core.networks.srino import SRINOConfig
from core.pair.scene import Scene
from core.synthetic.pairs import write_pair
from experiments.__main__ import main
from experiments.cost import training
from experiments.cost.command import cost
from experiments.cost.inference import speeds
from experiments.cost.training import step_speeds


def test_cost_of_the_full_size_ksdiff_for_eight_bands() -> None:
    """All but the generators grows with the area: sixteen such images are one of 256 x 256 px."""
    parts = cost(KSDiffConfig(bands=8), 64, 64)
    assert sum(part.parameters for part in parts.values()) == 4_554_256
    macs = {name: part.macs for name, part in parts.items()}
    assert 16 * macs["network"] == pytest.approx(7.16e9, rel=0.01)
    assert 16 * macs["PLFE2"] == pytest.approx(7.05e9, rel=0.01)
    assert macs["denoiser"] == pytest.approx(10 * 0.040e9, rel=0.03)
    assert 0 < macs["generators"] < 1.5e6


def test_cost_of_the_full_size_srino_for_eight_bands() -> None:
    step = cost(SRINOConfig(8, sampling=1), 64, 64)
    assert step["operator"] == (567_816, pytest.approx(1.19e9, rel=0.01))
    assert step["adapters"].parameters == 667_008
    assert step["predictor"].parameters == 79_208 + 1_377
    assert step["blur"].parameters == 6_785
    chain = cost(SRINOConfig(8, sampling=25), 64, 64)
    for name, part in step.items():
        assert chain[name].macs == part.macs * (25 if name in ("operator", "adapters") else 1)


def test_speeds_are_those_of_the_device_beside_the_cpu(small_model: Path, tmp_path: Path) -> None:
    """The CPU against itself: tiles of another size give the same result."""
    with Scene.open(*write_pair(tmp_path, 128, 4, 1)[:2]) as scene:
        one, other = speeds(str(small_model), scene, "cpu", (128, 64))
    assert (one.device, one.tile, one.largest) == ("cpu", 128, 0.0)
    assert (other.device, other.tile) == ("cpu", 64) and other.mean <= other.largest < 0.1
    assert one.speed > 0 and other.speed > 0


def test_a_device_that_is_not_there_is_an_error(small_model: Path, tmp_path: Path) -> None:
    with Scene.open(*write_pair(tmp_path, 64, 4, 1)[:2]) as scene, raises_code("no-cuda"):
        speeds(str(small_model), scene, "cuda", (64,))


def test_a_coarser_operator_costs_less() -> None:
    sizes = {"layers": 1, "width": 8, "heads": 2, "unet_dims": (8, 8), "unet_depths": (1, 1)}
    fine, coarse = (cost(SRINOConfig(**sizes, stride=n), 32, 32) for n in (1, 2))
    assert coarse["operator"].macs < fine["operator"].macs


def test_the_command_prints_a_table_of_a_shipped_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "ksdiff-scene", "--size", "32"]) == 0
    printed = capsys.readouterr().out
    assert "| PLFE2 | 192,720 |" in printed and "| all | 642,704 | |" in printed


def test_steps_of_a_training_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here on the CPU, with a few windows."""
    monkeypatch.setattr(training, "WARM", 1)
    monkeypatch.setattr(training, "SCENES", 1)
    first, second = step_speeds("ksdiff", "cpu", 2, 2)
    assert (first.stage, second.stage) == (1, 2)
    assert all(0 <= each.waiting < each.seconds for each in (first, second))
