# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs: resumed, in several processes, validated, and refused before any work."""

from __future__ import annotations

import itertools
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from raising import raises_code
from small import export, facts_logged, recipe, scenes

from core.errors import ModelError
from core.networks.ksdiff import KSDiff
from core.synthetic.pairs import generate
from training import patches, validation
from training.__main__ import parser
from training.curves import LOSS_COLUMNS, read_table
from training.distributed import Processes
from training.export import export_run
from training.initialise import validate_config
from training.observation import observe_as
from training.recipe import Recipe, Stage
from training.scenes import VALIDATION, TrainingScene
from training.simulated_sensor import draw_plain
from training.trainer import OtherRecipeError, Trainer, learning_rate

METHODS = ("KSDiff", "BDSD-PC", "BT-H")
ROOT = Path(__file__).parents[2]


def start(rank: int, count: int, port: int, arguments: list[str]) -> subprocess.Popen[bytes]:
    """Start one of the processes that torchrun would start."""
    about = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": count, "MASTER_PORT": port}
    names = {name: str(value) for name, value in about.items()} | {"MASTER_ADDR": "127.0.0.1"}
    threads = str(torch.get_num_threads())
    command = [sys.executable, "-m", "training", "run", "--threads", threads, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **names}, stderr=subprocess.PIPE)


@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_two_processes_train_as_one_does(tmp_path: Path, method: str) -> None:
    """The same batches, so the same losses in both stages, and the same validation."""
    of = recipe(method, batch=8, hard=0.5)
    (tmp_path / "recipe.json").write_text(json.dumps(of.to_json()))
    patches.write(tmp_path / "data", scenes(), [])
    arguments = ["--recipe", str(tmp_path / "recipe.json"), "--data", str(tmp_path / "data")]
    arguments += ["--out", str(tmp_path / "2"), "--validate-every", "4"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = [start(rank, 2, port, arguments) for rank in range(2)]
    Trainer(of, patches.open(tmp_path / "data"), tmp_path / "1").run(validate_every=4)
    for process in running:
        _, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors.decode()
    one, two = (read_table(tmp_path / str(n) / "loss.csv") for n in (1, 2))
    assert [(r["stage"], r["step"]) for r in one] == [(r["stage"], r["step"]) for r in two]
    for a, b in zip(one, two, strict=True):
        for name in LOSS_COLUMNS:
            assert a[name] == b[name] == "" or abs(float(a[name]) - float(b[name])) < 1e-4, (a, b)
    checks = [read_table(tmp_path / str(n) / "validation.csv") for n in (1, 2)]
    for a, b in zip(*checks, strict=True):
        assert float(a["ERGAS"]) == pytest.approx(float(b["ERGAS"]), rel=1e-3)


@pytest.mark.numerical
@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_a_run_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path, method: str) -> None:
    """Stopped in stage 1, and again in stage 2, each time continued by a new trainer."""
    of = recipe(method, hard=0.5)
    whole = Trainer(of, scenes(), tmp_path / "whole")
    whole.run()
    for stop in (3, 3, None):
        run = Trainer(of, scenes(), tmp_path / "stopped")
        run.run(stop_after=stop)
    assert run.finished
    for name, value in whole.ema.items():
        assert run.ema[name].equal(value), name
    one, two = (read_table(r.folder / "loss.csv") for r in (whole, run))
    assert [[a[n] for n in LOSS_COLUMNS] for a in one] == [
        [b[n] for n in LOSS_COLUMNS] for b in two
    ]


def test_batches_that_processes_cannot_share_are_warned_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    validate_config(recipe(batch=32), scenes(), Processes(0, 2))
    validate_config(recipe(batch=8), scenes(), Processes(1, 2))
    assert not caplog.messages
    validate_config(recipe(batch=8), scenes(), Processes(0, 2))
    assert facts_logged(caplog) == [("1", 2, 32)]


def test_validation_is_measured_against_a_reference(tmp_path: Path) -> None:
    Trainer(recipe(), scenes(2), tmp_path).run(validate_every=3)
    rows = read_table(tmp_path / "validation.csv")
    steps = [(r["stage"], r["step"], r["method"]) for r in rows]
    assert steps == [(stage, step, method) for stage in "12" for step in "34" for method in METHODS]
    assert len({r["ERGAS"] for r in rows if r["method"] == "BDSD-PC"}) == 1
    assert all(float(r[name]) > 0 for r in rows for name in validation.INDICES)
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.numerical
def test_a_perfect_network_has_perfect_scores() -> None:
    made = generate(256, 8, 5)
    valid = np.ones(made.pan.shape, bool)
    scene = TrainingScene("synthetic", made.reference, made.pan, valid, 1, VALIDATION)
    of = validation.cases([scene], None, None, 2)

    class Perfect(KSDiff):
        def stage1(self, batch: Any) -> torch.Tensor:
            return batch.gt

    scores = validation.validate(Perfect(recipe().network), of, stage=1)
    assert scores["KSDiff"]["ERGAS"] == pytest.approx(0, abs=1e-3)
    assert scores["KSDiff"]["Q2n"] == pytest.approx(1, abs=1e-3)
    for classical in ("BDSD-PC", "BT-H"):
        assert scores[classical]["ERGAS"] > 0.1
        assert scores[classical]["L1"] < float((of[0].batch.lms - of[0].batch.gt).abs().mean())
    assert scores["BDSD-PC"] != scores["BT-H"]


@pytest.mark.parametrize(("first", "second"), [(0, 2), (2, 0)])
def test_a_stage_may_be_left_out(tmp_path: Path, first: int, second: int) -> None:
    stages = {"stage1": {"steps": first, "lr": 1e-3}, "stage2": {"steps": second, "lr": 1e-3}}
    run = Trainer(recipe(**stages), scenes(), tmp_path)
    run.run()
    assert run.finished
    assert [r["stage"] for r in read_table(tmp_path / "loss.csv")] == ["1"] * first + ["2"] * second


def test_a_checkpoint_of_version_0_1_goes_on_unless_it_is_of_an_ablation(tmp_path: Path) -> None:
    run = Trainer(recipe(), scenes(), tmp_path)
    run.run(stop_after=2)
    state = torch.load(run.checkpoint, weights_only=True)
    state["recipe"]["joint"] = True
    state["recipe"]["network"] |= {"encoder": "plfe", "backbone": "pannext"}
    torch.save(state, run.checkpoint)
    assert Trainer(recipe(), scenes(), tmp_path).step == 2
    state["recipe"]["network"]["encoder"] = "none"
    torch.save(state, run.checkpoint)
    with raises_code("network-is-ablation", field="encoder", value="none", kept="plfe"):
        Trainer(recipe(), scenes(), tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {"hard": 0.5},
        {"ema": 0.9},
        {"seed": 1},
        {"network": {"c_z": 8}},
        {"ddim_train_steps": 1},
        {"stage2": {"steps": 4, "lr": 1e-3, "warmup": 1}},
    ],
)
def test_a_run_does_not_go_on_with_another_recipe(tmp_path: Path, changed: dict[str, Any]) -> None:
    Trainer(recipe(), scenes(), tmp_path).save()
    with pytest.raises(OtherRecipeError) as caught:
        Trainer(recipe(**changed), scenes(), tmp_path)
    assert caught.value.field == next(iter(changed))


def test_a_run_goes_on_with_other_lengths_rates_and_names(tmp_path: Path) -> None:
    Trainer(recipe(), scenes(), tmp_path).save()
    stages = {"stage1": {"steps": 6, "lr": 1e-3, "warmup": 2}}
    other = recipe(name="other", notes={"a": 1}, start="gone", **stages)
    assert Trainer(other, scenes(), tmp_path).recipe.start is None  # it did not begin with that


def test_the_model_to_begin_with_is_needed_only_then(tmp_path: Path) -> None:
    """A run that goes on has all weights in its checkpoint."""
    first = Trainer(recipe(), scenes(), tmp_path / "first")
    model = export(first, tmp_path)
    run = Trainer(recipe(start=model), scenes(), tmp_path / "run")
    taken = run.model.state_dict()
    assert all(taken[name].equal(value) for name, value in first.ema.items())
    run.run(stop_after=2)
    Path(model).unlink()
    assert Trainer(recipe(start=model), scenes(), tmp_path / "run").step == 2
    with pytest.raises(ModelError):
        Trainer(recipe(start=model), scenes(), tmp_path / "new")


def test_a_checkpoint_takes_its_tables_along(tmp_path: Path) -> None:
    run = Trainer(recipe(), scenes(), tmp_path / "here")
    run.run(stop_after=3, validate_every=1)
    (tmp_path / "there").mkdir()
    shutil.copy(run.checkpoint, tmp_path / "there")
    Trainer(recipe(), scenes(), tmp_path / "there").run(stop_after=1, validate_every=1)
    for name, rows in (("loss.csv", 1), ("validation.csv", len(METHODS))):
        here, there = (read_table(tmp_path / place / name) for place in ("here", "there"))
        assert there[: len(here)] == here and len(there) == len(here) + rows


def test_scenes_that_are_of_no_use_are_refused_before_any_work(tmp_path: Path) -> None:
    striped = np.broadcast_to(np.arange(128) % 40 >= 8, (128, 128))
    train, other, held = scenes()
    tiny = replace(held, ms=held.ms[:, :, :31], pan=held.pan[:, :31], valid=held.valid[:, :31])
    narrow = replace(held, valid=striped & (np.arange(128) % 20 >= 8))

    def run(*found: TrainingScene, **values: Any) -> None:
        Trainer(recipe(**values), list(found), tmp_path / "run")

    with raises_code("all-scenes-held-out"):
        run(held)
    with raises_code("scene-smaller-than-patch", source="waves-0", patch=128):
        run(train, patch=128)
    with raises_code("no-square-to-train", source="waves-0", patch=36):
        run(replace(train, valid=striped), other, held)
    for useless in (narrow, tiny):
        with raises_code("no-square-to-validate", source="waves-2", least=32):
            run(train, other, useless)
    with raises_code("training-band-count", bands=6, network_bands=4):
        run(train, network={"bands": 4}, scale=2047.0)
    assert not (tmp_path / "run").exists()


@pytest.mark.numerical
def test_training_and_validation_have_the_same_grid_in_the_papers_setting() -> None:
    """A known sensor's MS lies on the benchmarks' grid, half a pixel of PAN away from products'."""
    known = replace(scenes()[2], gains=(0.3,) * 6)
    (case,) = validation.cases([known], 6, 2047.0, 2)
    expected = observe_as(known.ms[:], 4, known.gains, 0.5).lms / 2047
    np.testing.assert_allclose(case.batch.lms[0].numpy(), expected, rtol=1e-5)
    drawn = draw_plain(np.random.default_rng(0), known, 1, 124, 2047.0).lms[0]
    turned = [np.rot90(expected, n, axes=(1, 2)) for n in range(4)]
    turned += [image[:, :, ::-1] for image in turned]
    places = itertools.product(turned, (0, 4), (0, 4))
    cuts = [image[:, row : row + 124, col : col + 124] for image, row, col in places]
    assert min(float(np.abs(drawn - image).max()) for image in cuts) < 1e-5


def test_progress_tells_the_time_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("training.trainer.LOG_EVERY", 0.0)
    with caplog.at_level(logging.INFO):
        Trainer(recipe(), scenes(), tmp_path).run()
    steps = [facts for facts in facts_logged(caplog, logging.INFO) if len(facts) == 6]
    assert [facts[:3] for facts in steps] == [
        (stage, n, 4) for stage in (1, 2) for n in range(1, 5)
    ]
    assert re.fullmatch(r"image \d\.\d{4}", steps[0][3])
    assert re.fullmatch(r"image \d\.\d{4} latent \d\.\d{4}", steps[-1][3])
    assert "4 " in steps[0][5] and steps[-1][4:] == ("0 s", "")


def test_a_stopped_run_says_so_and_so_does_its_export(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        Trainer(recipe(), scenes(), tmp_path).run(stop_after=2)
        export_run(tmp_path, tmp_path)
    assert (1, 2, 4) in facts_logged(caplog, logging.INFO)
    assert any(facts[-2:] == (1, 2) for facts in facts_logged(caplog))


@pytest.mark.parametrize("stage", [1, 2])
def test_convolutions_train_in_bf16_and_weights_stay_float32(tmp_path: Path, stage: int) -> None:
    run = Trainer(recipe(**{"stage1": {"steps": 2 - stage, "lr": 1e-3}}), scenes(), tmp_path)
    seen = set()
    for module in run.model.net.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(lambda m, i, out: seen.add((m.weight.dtype, out.dtype)))
    run.run(stop_after=1)
    assert seen == {(torch.float32, torch.bfloat16)}


def test_the_learning_rate_warms_up_and_decays() -> None:
    stage = Stage(40, 3e-3, warmup=5)
    rates = [learning_rate(stage, step) for step in range(40)]
    assert rates[0] < rates[4] == pytest.approx(stage.lr, rel=0.01)
    assert all(a >= b for a, b in pairwise(rates[5:]))
    assert rates[-1] < 0.05 * stage.lr


@pytest.mark.parametrize("option", ["--save-every", "--stop-after"])
def test_options_of_0_steps_are_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["run", "--recipe", "r", "--data", "d", "--out", "o", option, "0"])
    assert option in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "training" / "recipes").iterdir()), ids=lambda path: path.stem
)
def test_shipped_recipes_are_read(path: Path) -> None:
    assert Recipe.read(path).name == path.stem


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"stgae1": {}}, ["stgae1"]),
        ({"joint": False}, ["joint"]),
        ({"network": {"operator": "cnn"}, "method": "srino"}, ["operator", "cnn"]),
        ({"network": {"bands": 4}}, ["bands", "scale"]),
        ({"stage1": {"steps": "six", "lr": 1e-3}}, ["steps", "'six'"]),
        ({"stage2": {"steps": 4, "lr": -1}}, ["lr", "-1"]),
        ({"patch": 30}, ["4 px", "30"]),
        ({"patch": 0}, ["4 px", "0"]),
        ({"patch": 36, "network": {"plfe_dims": [8] * 4}}, ["8 px", "36"]),
        ({"patch": 36, "network": {"unet_dims": [8] * 4, "unet_depths": [1] * 4}}, ["8 px", "36"]),
        ({"batch": 0}, ["batch", "1"]),
    ],
)
def test_a_mistake_in_a_recipe_is_explained_before_any_work(
    change: dict[str, object], named: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps({**recipe().to_json(), **change}), encoding="utf-8")
    with raises_code("not-a-recipe") as caught:
        Recipe.read(path)
    reason = str(caught.value.facts["reason"])
    assert [word for word in named if word not in reason] == []


def test_a_recipe_is_read_as_it_was_written_and_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    with raises_code("recipe-unreadable"):
        Recipe.read(path)
    path.write_text(json.dumps(recipe(hard=0.5).to_json()), encoding="utf-8")
    assert Recipe.read(path) == recipe(hard=0.5)
    for text in ("no JSON", '{"name": "x"}'):
        path.write_text(text, encoding="utf-8")
        with raises_code("not-a-recipe"):
            Recipe.read(path)
