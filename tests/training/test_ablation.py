# SPDX-License-Identifier: GPL-2.0-or-later
"""The ablations run, go on where they were, and end in tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small import recipe, scenes

from core.errors import InputError
from core.networks.ksdiff import KSDiff
from core.networks.srino import SRINO
from training.ablation import STUDIES, Ablation, Study, parameters


def ablation(folder: Path, steps: int = 3, method: str = "ksdiff") -> Ablation:
    return Ablation(recipe(method), scenes(), folder, steps, width="recipe")


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


@pytest.mark.parametrize(
    ("method", "name"), [(method, name) for method in STUDIES for name in STUDIES[method].rows]
)
def test_every_row_can_be_trained(tmp_path: Path, method: str, name: str) -> None:
    one = ablation(tmp_path, 2, method)
    one.run([name], seeds=1)
    (result,) = one.results()
    assert float(result["ERGAS"]) > 0 and int(result["parameters"]) > 0


def test_gradient_guidance_is_of_the_full_method_as_it_was_trained(tmp_path: Path) -> None:
    """Rows that train nothing; without the full one they train it, and it then is done, too."""
    one = ablation(tmp_path, method="srino")
    one.run(["guidance-100"], seeds=1)
    weights = (tmp_path / "runs" / "full-0" / "checkpoint.pt").read_bytes()
    one.run(["full", "guidance-1"], seeds=1)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["full-0"]
    assert (tmp_path / "runs" / "full-0" / "checkpoint.pt").read_bytes() == weights
    ergas = {r["row"]: float(r["ERGAS"]) for r in one.results()}
    change = {name: abs(ergas[name] - ergas["full"]) for name in ("guidance-1", "guidance-100")}
    assert change["guidance-1"] < change["guidance-100"]
    text = (tmp_path / "ablation.md").read_text()
    assert "Figure 7" in text and "| with gradient guidance, strength 100 |" in text


def test_rows_differ_in_one_thing(tmp_path: Path) -> None:
    one = ablation(tmp_path)
    full = one.recipe_of("full", 0)
    assert one.recipe_of("separate", 0) == replace(full, name="separate", joint=False)
    small, large = (KSDiff(one.recipe_of(n, 0).network) for n in ("core-4-1", "core-16-2"))
    assert parameters(small) < parameters(KSDiff(full.network)) < parameters(large)


def test_residuals_and_operators_are_rows_of_srino(tmp_path: Path) -> None:
    one = ablation(tmp_path, method="srino")
    full, none = (one.recipe_of(name, 0).network for name in ("full", "no-residuals"))
    assert none == replace(full, spatial=False, spectral=False)
    assert one.recipe_of("cnn", 0).network == replace(full, operator="cnn")
    counts = [
        parameters(SRINO(one.recipe_of(name, 0).network))
        for name in ("no-residuals", "spatial", "full")
    ]
    assert counts == sorted(set(counts))


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_every_row_is_in_a_table(study: Study) -> None:
    assert {name for names in study.tables.values() for name in names} == set(study.rows)


@pytest.mark.parametrize("method", STUDIES)
def test_small_sizes_are_a_network(tmp_path: Path, method: str) -> None:
    one = Ablation(recipe(method), scenes(), tmp_path, 3)
    assert one.recipe.batch == 8 and one.recipe.network.unet_dims == (16, 24, 32)


def test_other_settings_and_unknown_rows_are_refused(tmp_path: Path) -> None:
    ablation(tmp_path)
    with pytest.raises(InputError, match="other settings"):
        ablation(tmp_path, steps=5)
    with pytest.raises(InputError, match="no row nonsense"):
        ablation(tmp_path).run(["nonsense"])
    with pytest.raises(InputError, match="No scene is held out"):
        Ablation(recipe(), scenes(0), tmp_path / "x", 3)
