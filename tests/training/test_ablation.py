# SPDX-License-Identifier: GPL-2.0-or-later
"""The ablations run, go on where they were, and end in tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small import recipe, scenes

from core.errors import InputError
from core.networks.ksdiff import KSDiff
from training.ablation import ROWS, TABLES, Ablation, parameters


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def ablation(folder: Path, steps: int = 3) -> Ablation:
    return Ablation(recipe(), scenes(), folder, steps, width="recipe")


def test_rows_are_trained_once_and_tabled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ablation(tmp_path).run(["full", "separate"], seeds=2)
    again = ablation(tmp_path)
    trained: list[tuple[str, int]] = []
    real = again._train
    monkeypatch.setattr(
        again, "_train", lambda name, seed: (trained.append((name, seed)), real(name, seed))[1]
    )
    again.run(["full", "separate", "dicnn"], seeds=2)
    assert trained == [("dicnn", 0), ("dicnn", 1)]
    assert [(r["row"], r["seed"]) for r in again.results()][:2] == [
        ("full", "0"),
        ("separate", "0"),
    ]
    text = (tmp_path / "ablation.md").read_text()
    assert "| separate training |" in text and "±" in text
    assert text.count("KSDiff, core tensor 4 x 4 x 2 x 2") == 2, "in Table 4 and in Table 6"
    assert "Table 5" in text and "| DiCNN |" in text


@pytest.mark.parametrize("name", ROWS)
def test_every_row_can_be_trained(tmp_path: Path, name: str) -> None:
    one = ablation(tmp_path, steps=2)
    one.run([name], seeds=1)
    (result,) = one.results()
    assert float(result["ERGAS"]) > 0 and int(result["parameters"]) > 0


def test_rows_differ_in_one_thing(tmp_path: Path) -> None:
    one = ablation(tmp_path)
    full = one.recipe_of("full", 0)
    assert one.recipe_of("separate", 0) == replace(full, name="separate", joint=False)
    small, large = (KSDiff(one.recipe_of(n, 0).network) for n in ("core-4-1", "core-16-2"))
    assert parameters(small) < parameters(KSDiff(full.network)) < parameters(large)
    assert {name for names in TABLES.values() for name in names} == set(ROWS)


def test_other_settings_and_unknown_rows_are_refused(tmp_path: Path) -> None:
    ablation(tmp_path)
    with pytest.raises(InputError, match="other settings"):
        ablation(tmp_path, steps=5)
    with pytest.raises(InputError, match="no row nonsense"):
        ablation(tmp_path).run(["nonsense"])
    with pytest.raises(InputError, match="No scene is held out"):
        Ablation(recipe(), scenes(0), tmp_path / "x", 3)
