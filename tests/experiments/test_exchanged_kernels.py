# SPDX-License-Identifier: GPL-2.0-or-later
"""A trained KSDiff is given other kernels, and told by how much it is worse for it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from small import recipe, scenes

from core.models import modelfile
from core.networks.batch import Batch
from experiments.__main__ import main
from experiments.ablate.draws import drawn, relative_errors
from experiments.kernels import command
from experiments.kernels.exchange import Exchange, by_scene, mean, spread
from training import patches
from training.scenes import VALIDATION


@pytest.fixture
def exchange(small_model: Path) -> Exchange:
    return Exchange(modelfile.load(str(small_model), "ksdiff"))


def batch_of(exchange: Exchange, scene_count: int) -> Batch:
    """A batch of so many scenes, of several windows each."""
    batches = drawn(recipe(), exchange.config, scenes(), VALIDATION, 40)
    return next(each for each in batches if each.scenes == scene_count)


def test_every_scene_is_sharpened_with_what_is_chosen_for_it(exchange: Exchange) -> None:
    batch = batch_of(exchange, 4)
    images = exchange.sharpen(batch, exchange.of)
    for number, scene in enumerate(by_scene(batch)):
        alone = exchange.sharpen(scene, exchange.of)
        torch.testing.assert_close(images[number :: batch.scenes], alone)
    first = exchange.of(by_scene(batch)[0])
    same = exchange.sharpen(batch, lambda scene: first)
    torch.testing.assert_close(same[:: batch.scenes], images[:: batch.scenes])
    assert not torch.allclose(same[1 :: batch.scenes], images[1 :: batch.scenes], atol=1e-5)


def test_the_spread_of_kernels_is_relative_to_their_mean() -> None:
    one, other = ({"a": torch.tensor([x]), "b": torch.tensor([[2.0]])} for x in (1.0, 2.0))
    assert mean([one, other])["a"] == 1.5
    assert spread([one, other]) == pytest.approx(0.5 / np.hypot(1.5, 2.0))
    assert spread([one, one]) == 0


def test_what_the_last_detail_makes_has_a_relative_error_of_one(exchange: Exchange) -> None:
    batch = batch_of(exchange, 4)
    errors = relative_errors(lambda b: b.lms + b.details[:, :, -1], [batch, batch])
    np.testing.assert_allclose(errors, np.ones(8))
    assert not relative_errors(lambda b: b.gt, [batch]).any()


def test_the_command_tells_all_three(
    small_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(command, "BATCHES", 3)
    (tmp_path / "recipe.json").write_text(json.dumps(recipe().to_json()))
    patches.write(tmp_path / "patches", scenes(), [])
    options = ["--recipe", tmp_path / "recipe.json", "--patches", tmp_path / "patches"]
    assert main(["kernels", *map(str, [*options, "--model", small_model, "--foreign", 1])]) == 0
    told = capsys.readouterr().out
    assert "differ from their mean by" in told
    assert all(f"| {name} |" in told for name in ("own", "fixed", "foreign 0"))
    assert "| 1.0000 ± 0.0000 | 0 |" in told, "own kernels over own"
