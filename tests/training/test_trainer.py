# SPDX-License-Identifier: GPL-2.0-or-later
"""Several processes, validation, curves, separate training, checkpoints of older recipes."""

from __future__ import annotations

import csv
import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small import recipe, scenes

from core.errors import InputError, ModelError
from core.networks.ksdiff import KSDiff
from core.scenery import generate
from training import patches, validation
from training.batches import Batches
from training.export import export_run
from training.patches import VALIDATION, Source
from training.processes import Processes
from training.recipe import Recipe
from training.trainer import Trainer, duration

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def start(rank: int, count: int, port: int, arguments: list[str]) -> subprocess.Popen[bytes]:
    """One of the processes that torchrun would start."""
    about = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": count, "MASTER_PORT": port}
    names = {name: str(value) for name, value in about.items()} | {"MASTER_ADDR": "127.0.0.1"}
    command = [sys.executable, "-m", "training", "run", "--threads", "1", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **names}, stderr=subprocess.PIPE)


def test_two_processes_train_as_one_does(tmp_path: Path) -> None:
    """The same batches, so the same loss curve in both stages, and the same weights."""
    (tmp_path / "recipe.json").write_text(json.dumps(recipe(batch=8, hard=0.5).to_json()))
    patches.write(tmp_path / "data", scenes(), [])
    for count in (1, 2):
        arguments = ["--recipe", str(tmp_path / "recipe.json"), "--data", str(tmp_path / "data")]
        arguments += ["--out", str(tmp_path / str(count)), "--validate-every", "4"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        running = [start(rank, count, port, arguments) for rank in range(count)]
        for process in running:
            _, errors = process.communicate(timeout=240)
            assert process.returncode == 0, errors.decode()
    one, two = (table(tmp_path / str(n) / "loss.csv") for n in (1, 2))
    assert [(r["stage"], r["step"]) for r in one] == [(r["stage"], r["step"]) for r in two]
    for a, b in zip(one, two, strict=True):
        for name in ("image", "latent"):
            assert a[name] == b[name] == "" or abs(float(a[name]) - float(b[name])) < 1e-4, (a, b)
    checks = [table(tmp_path / str(n) / "validation.csv") for n in (1, 2)]
    for a, b in zip(*checks, strict=True):
        assert float(a["ERGAS"]) == pytest.approx(float(b["ERGAS"]), rel=1e-3)


def test_processes_draw_their_scenes_of_the_same_batch() -> None:
    whole = Batches(scenes(), 8, 32, seed=0, stage=1)
    parts = [replace(whole, processes=Processes(rank, 2)) for rank in range(2)]
    seen = set()
    for step in range(16):
        layout, batch = whole.layout(step), whole.make(step)
        seen.add(layout.scenes)
        halves = [part.make(step) for part in parts]
        if layout.scenes == 1:
            assert all(half.lms.equal(batch.lms) for half in halves)
            continue
        lms = [half.lms.unflatten(0, (layout.windows, -1)) for half in halves]
        assert torch.cat(lms, dim=1).flatten(0, 1).equal(batch.lms)
    assert seen == {8, 2, 1}


def test_larger_batches_divide_into_processes() -> None:
    batches = Batches(scenes(), 64, 32, seed=0, stage=1)
    assert {batches.layout(step).scenes for step in range(30)} == {64, 16, 4}


def test_validation_is_measured_against_a_reference(tmp_path: Path) -> None:
    run = Trainer(recipe(), scenes(2), tmp_path)
    assert [s.name for s in run.sources] == ["waves-0", "waves-1"]
    run.run(validate_every=3)
    rows = table(tmp_path / "validation.csv")
    steps = [(r["stage"], r["step"], r["method"]) for r in rows]
    assert steps == [
        (stage, step, method) for stage in "12" for step in "34" for method in ("KSDiff", "BDSD-PC")
    ]
    assert len({r["ERGAS"] for r in rows if r["method"] == "BDSD-PC"}) == 1
    assert all(float(r[name]) > 0 for r in rows for name in validation.NAMES)
    pytest.importorskip("matplotlib")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_a_network_that_is_perfect_scores_so() -> None:
    scene = generate(256, 8, 5)
    source = Source(
        "made up", scene.truth, scene.pan, np.ones(scene.pan.shape, bool), 1, VALIDATION
    )
    of = validation.cases([source], recipe().network, None)

    class Perfect(KSDiff):
        def stage1(self, batch: Any) -> torch.Tensor:
            return batch.gt

    scores = validation.validate(Perfect(recipe().network), of, stage=1)
    assert scores["KSDiff"]["ERGAS"] == pytest.approx(0, abs=1e-3)
    assert scores["KSDiff"]["Q2n"] == pytest.approx(1, abs=1e-3)
    assert scores["BDSD-PC"]["ERGAS"] > 0.1
    assert scores["BDSD-PC"]["L1"] < float((of[0].batch.lms - of[0].batch.gt).abs().mean())


def test_separate_training_leaves_the_network_as_stage_1_made_it(tmp_path: Path) -> None:
    run = Trainer(recipe(joint=False), scenes(), tmp_path)
    run.run(stop_after=4)
    assert (run.stage, run.step) == (2, 0)
    before = {k: v.clone() for k, v in run.model.state_dict().items()}
    run.run()
    after = run.model.state_dict()
    changed = {k.split(".")[0] for k in before if not before[k].equal(after[k])}
    assert changed == {"plfe2", "denoiser"}
    for name, value in run.averaged().net.state_dict().items():
        assert before[f"net.{name}"].equal(value), name
    with pytest.raises(ValueError, match="nothing to train separately"):
        recipe(joint=False, network={"encoder": "none"})


@pytest.mark.parametrize(("first", "second"), [(0, 2), (2, 0)])
def test_a_stage_may_be_left_out(tmp_path: Path, first: int, second: int) -> None:
    stages = {"stage1": {"steps": first, "lr": 1e-3}, "stage2": {"steps": second, "lr": 1e-3}}
    run = Trainer(recipe(**stages), scenes(), tmp_path)
    run.run()
    assert run.finished
    assert [r["stage"] for r in table(tmp_path / "loss.csv")] == ["1"] * first + ["2"] * second


def test_a_checkpoint_of_a_recipe_without_newer_names_goes_on(tmp_path: Path) -> None:
    run = Trainer(recipe(), scenes(), tmp_path)
    run.run(stop_after=2)
    state = torch.load(run.checkpoint, weights_only=True)
    del state["recipe"]["joint"], state["recipe"]["network"]["encoder"]
    torch.save(state, run.checkpoint)
    again = Trainer(recipe(), scenes(), tmp_path)
    assert again.step == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"hard": 0.5},
        {"ema": 0.9},
        {"clip": 2.0},
        {"weight_decay": 0.0},
        {"latent_weight": 0.5},
        {"ddim_train_steps": 1},
        {"stage2": {"steps": 4, "lr": 1e-3, "warmup": 1}},
    ],
)
def test_a_run_does_not_go_on_with_another_recipe(tmp_path: Path, changed: dict[str, Any]) -> None:
    Trainer(recipe(), scenes(), tmp_path).save()
    with pytest.raises(InputError, match=f"another {next(iter(changed))}"):
        Trainer(recipe(**changed), scenes(), tmp_path)


def test_a_run_goes_on_with_other_lengths_rates_and_words(tmp_path: Path) -> None:
    Trainer(recipe(), scenes(), tmp_path).save()
    stages = {"stage1": {"steps": 6, "lr": 1e-3, "warmup": 2}}
    Trainer(recipe(name="other", notes={"a": 1}, start="gone", **stages), scenes(), tmp_path)


def test_training_begins_with_a_model_that_is_needed_only_then(tmp_path: Path) -> None:
    """A run that goes on has all weights in its checkpoint."""
    first = Trainer(recipe(), scenes(), tmp_path / "first")
    first.run()
    model = export_run(first.folder, tmp_path).path
    begun = recipe(start=str(model))
    run = Trainer(begun, scenes(), tmp_path / "run")
    taken, given = run.model.state_dict(), first.averaged().state_dict()
    names = [name for name in given if name.startswith("net.")]
    assert names and all(taken[name].equal(given[name]) for name in names)
    run.run(stop_after=2)
    model.unlink()
    assert Trainer(begun, scenes(), tmp_path / "run").step == 2
    with pytest.raises(ModelError, match="There is no model"):
        Trainer(begun, scenes(), tmp_path / "new")


def test_a_checkpoint_takes_its_curves_along(tmp_path: Path) -> None:
    run = Trainer(recipe(), scenes(), tmp_path / "here")
    run.run(stop_after=3, validate_every=1)
    (tmp_path / "there").mkdir()
    shutil.copy(run.checkpoint, tmp_path / "there")
    Trainer(recipe(), scenes(), tmp_path / "there").run(stop_after=1, validate_every=1)
    for name, rows in (("loss.csv", 1), ("validation.csv", 2)):
        here, there = (table(tmp_path / place / name) for place in ("here", "there"))
        assert there[: len(here)] == here and len(there) == len(here) + rows


def test_a_network_bound_to_its_bands_trains_on_normalised_scenes(tmp_path: Path) -> None:
    bound = recipe(network={"backbone": "fusionnet", "bands": 4})
    run = Trainer(bound, scenes(), tmp_path)
    batch = run._batches().make(0)
    assert batch.pan.shape[1] == 1 and batch.lms.shape[1] == 4 and batch.details.shape[2] == 0
    assert abs(float(batch.lms.mean())) < 0.5
    run.run(validate_every=4)
    assert {r["method"] for r in table(tmp_path / "validation.csv")} == {"KSDiff", "LMS"}


def test_something_must_be_left_to_train_on(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="All scenes are held out"):
        Trainer(recipe(), scenes()[2:], tmp_path)


def test_time_left_in_words() -> None:
    assert [duration(s) for s in (30, 600, 9000)] == ["30 s", "10 min", "2 h 30 min"]


def test_recipes_survive_their_own_json() -> None:
    first = recipe(joint=False, hard=0.5)
    assert Recipe.from_json(json.loads(json.dumps(first.to_json()))) == first
    assert pickle.loads(pickle.dumps(first)) == first
