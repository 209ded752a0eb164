# SPDX-License-Identifier: GPL-2.0-or-later
"""A real two-stage run on a tiny set."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from raising import raises_code
from small import NETWORK

from core.methods.ksdiff import KSDiffMethod
from core.models import modelfile
from core.pair.scene import Scene
from core.synthetic.pairs import write_pair
from training.export import export_run
from training.patches import Source
from training.recipe import Recipe
from training.sources import find_pairs, load_pair, load_sources
from training.trainer import Trainer, learning_rate

RECIPE = {
    "name": "tiny",
    "sources": [
        {"folder": "pairs", "weight": 1.0},
        {"generated": 1, "size": 128, "seed": 5, "weight": 0.5},
    ],
    "network": NETWORK,
    "stage1": {"steps": 40, "lr": 3e-3, "warmup": 5},
    "stage2": {"steps": 30, "lr": 1e-3, "warmup": 5},
    "batch": 4,
    "patch": 32,
    "ddim_train_steps": 2,
}


KILLED = """
import os, sys
from training import __main__, trainer
step = trainer.Trainer._train_step
def last(self, number, *rest):
    if number == 13:
        os._exit(9)  # nothing is flushed or put right
    return step(self, number, *rest)
trainer.Trainer._train_step = last
sys.exit(__main__.main())
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_pair(folder / "pairs", 512, 4, 3)
    return folder


def trainer(data: Path, out: Path) -> Trainer:
    recipe = Recipe.from_json(json.loads(json.dumps(RECIPE)))
    return Trainer(recipe, load_sources(recipe.sources, data), out)


@pytest.fixture(scope="module")
def finished(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    torch.set_num_threads(1)
    run = trainer(data, tmp_path_factory.mktemp("run"))
    run.run()
    return run


def losses(run: Trainer) -> list[dict[str, str]]:
    with (run.folder / "loss.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_both_stages_run_and_the_losses_fall(finished: Trainer) -> None:
    assert finished.finished
    rows = losses(finished)
    assert [r["stage"] for r in rows] == ["1"] * 40 + ["2"] * 30
    latent = [float(r["latent"]) for r in rows[40:]]
    assert np.mean(latent[-8:]) < 0.9 * np.mean(latent[:8])


def test_the_image_loss_falls_on_the_same_batches(finished: Trainer, data: Path) -> None:
    """Batches differ a lot, so compare on the same ones: before training and after."""
    from core.networks.ksdiff import KSDiff
    from training.batches import Batches

    torch.manual_seed(0)
    before, after = KSDiff(finished.recipe.network).eval(), finished.averaged()
    batches = Batches(finished.sources, 4, 32, seed=99, stage=1)
    start = torch.zeros(4, 4, 16)
    error = {"before": 0.0, "after": 0.0}
    for step in range(12):
        batch = batches.make(step)
        t = torch.zeros(4, dtype=torch.long)
        for name, model in (("before", before), ("after", after)):
            with torch.no_grad():
                _, hrms = model.stage2(batch, start, start, t, 2)
            error[name] += float((hrms - batch.gt).abs().mean())
    assert error["after"] < 0.97 * error["before"]


def test_a_killed_run_goes_on_from_its_checkpoint(
    finished: Trainer, data: Path, tmp_path: Path
) -> None:
    recipe, out = tmp_path / "recipe.json", tmp_path / "run"
    recipe.write_text(json.dumps(RECIPE))
    asked = ["run", "--recipe", str(recipe), "--threads", "1"]
    asked += ["--data", str(data), "--out", str(out), "--save-every", "5"]
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *asked], cwd=root, stderr=subprocess.DEVNULL
    )
    assert killed.returncode == 9
    assert torch.load(out / "checkpoint.pt", weights_only=True)["step"] == 10
    command = [sys.executable, "-m", "training", *asked]
    subprocess.run(command, cwd=root, check=True, stderr=subprocess.DEVNULL)
    run = trainer(data, out)
    assert run.finished
    assert modelfile.load(str(out / "tiny" / "tiny.safetensors")).card.training["steps"] == [40, 30]
    assert [r["image"] for r in losses(run)] == [r["image"] for r in losses(finished)]


def test_encoder_of_the_reference_is_frozen_in_stage_2(finished: Trainer) -> None:
    state = torch.load(finished.checkpoint, weights_only=True)
    model = finished.averaged()
    for name, value in model.plfe1.state_dict().items():
        assert state["model"][f"plfe1.{name}"].equal(value), name


def test_the_exported_model_sharpens_a_scene(finished: Trainer, data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "training", "export", "--run", str(finished.folder)]
    subprocess.run([*command, "--out", str(tmp_path)], check=True, cwd=Path(__file__).parents[2])
    path = tmp_path / "tiny" / "tiny.safetensors"
    card = modelfile.load(str(path)).card
    assert card.training["steps"] == [40, 30]
    pan, ms = find_pairs(data / "pairs")[0]
    with Scene.open(pan, ms) as scene:
        method = KSDiffMethod(scene.ratio, str(path), "cpu")
        context = method.prepare(scene, lambda fraction, message: None)
        patch = scene.read(scene.whole)
        hrms = method.fuse(patch, context)
    assert hrms.shape == patch.lms.shape
    assert 0.5 < np.corrcoef(hrms.ravel(), patch.lms.ravel())[0, 1] < 1


def test_a_network_bound_to_its_bands_trains_as_in_the_papers(data: Path, tmp_path: Path) -> None:
    values = json.loads(json.dumps(RECIPE))
    values["network"]["bands"], values["sources"] = 4, values["sources"][:1]
    values["stage1"]["steps"] = values["stage2"]["steps"] = 2
    with pytest.raises(ValueError, match="bands and scale"):
        Recipe.from_json({**RECIPE, "scale": 2047.0})
    recipe = Recipe.from_json({**values, "scale": 2047.0})
    run = Trainer(recipe, load_sources(recipe.sources, data), tmp_path)
    batch = run._batches().make(0)
    assert batch.pan.shape[1] == 1 and 0 < float(batch.gt.mean()) < 1
    run.run()
    path = export_run(tmp_path, tmp_path).path
    with Scene.open(*find_pairs(data / "pairs")[0]) as scene:
        method = KSDiffMethod(scene.ratio, str(path), "cpu")
        context = method.prepare(scene, lambda fraction, message: None)
        patch = scene.read(scene.whole)
        hrms = method.fuse(patch, context)
    assert hrms.shape == patch.lms.shape and np.isfinite(hrms).all()
    generated = load_sources([{"generated": 1, "size": 128, "seed": 5}], data)
    with raises_code("training-band-count", bands=8):
        Trainer(recipe, generated, tmp_path / "other")


def test_another_network_in_the_same_folder_is_refused(finished: Trainer, data: Path) -> None:
    values = json.loads(json.dumps(RECIPE))
    values["network"]["c_z"] = 8
    recipe = Recipe.from_json(values)
    with raises_code("recipe-differs", field="network"):
        Trainer(recipe, finished.sources, finished.folder)
    values = {**json.loads(json.dumps(RECIPE)), "seed": 1}
    with raises_code("recipe-differs", field="seed"):
        Trainer(Recipe.from_json(values), finished.sources, finished.folder)


def test_a_scene_smaller_than_a_patch_is_named(finished: Trainer, tmp_path: Path) -> None:
    recipe = Recipe.from_json({**json.loads(json.dumps(RECIPE)), "patch": 128})
    with raises_code("scene-smaller-than-patch", source="ms", patch=128):
        Trainer(recipe, finished.sources, tmp_path)


def test_nodata_and_black_collars_are_no_ground(data: Path, tmp_path: Path) -> None:
    pan, ms = find_pairs(data / "pairs")[0]
    for path, collar in ((pan, 160), (ms, 40)):
        with rasterio.open(path) as source:
            values = source.read()
            values[:, :, :collar] = 0
            with rasterio.open(tmp_path / path.name, "w", **source.profile) as target:
                target.write(values)
    image, reduced, valid = load_pair(tmp_path / pan.name, tmp_path / ms.name)
    assert not valid[:, :42].any() and valid[:, 44:].all()
    places = Source("collar", image, reduced, valid, 1.0).places(64)
    assert len(places) and (places[:, 1] >= 42).all()


def test_pairs_are_reduced_to_the_grid_of_ms(data: Path) -> None:
    """PAN at MS resolution is where MS is: it correlates best without a shift."""
    ms, pan, _ = load_pair(*find_pairs(data / "pairs")[0])
    assert pan.shape == ms.shape[1:] == (128, 128)
    grey = ms.mean(0)[2:-2, 2:-2]

    def likeness(dy: int, dx: int) -> float:
        shifted = pan[2 + dy : 126 + dy, 2 + dx : 126 + dx]
        return float(np.corrcoef(shifted.ravel(), grey.ravel())[0, 1])

    best = max(((y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)), key=lambda s: likeness(*s))
    assert best == (0, 0)


def test_an_up_sampled_ms_is_averaged(data: Path) -> None:
    pan, ms = find_pairs(data / "pairs")[0]
    full, _, _ = load_pair(pan, ms)
    half, reduced, _ = load_pair(pan, ms, average_ms=2)
    assert reduced.shape == half.shape[1:] == (64, 64)
    np.testing.assert_allclose(half[:, 0, 0], full[:, :2, :2].mean(axis=(1, 2)), rtol=1e-5)


def test_learning_rate_warms_up_and_decays() -> None:
    stage = Recipe.from_json(RECIPE).stage1
    rates = [learning_rate(stage, step) for step in range(40)]
    assert rates[0] < rates[4] == pytest.approx(stage.lr, rel=0.01)
    assert all(a >= b for a, b in pairwise(rates[5:]))
    assert rates[-1] < 0.05 * stage.lr


@pytest.mark.parametrize("text", ["not json", '{"name": "x"}'])
def test_a_bad_recipe_is_explained(tmp_path: Path, text: str) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(text)
    with raises_code("not-a-recipe"):
        Recipe.read(path)
    with raises_code("recipe-unreadable"):
        Recipe.read(tmp_path / "missing.json")


def test_a_folder_without_pairs_is_explained(tmp_path: Path) -> None:
    with raises_code("no-training-pairs"):
        load_sources([{"folder": "."}], tmp_path)
