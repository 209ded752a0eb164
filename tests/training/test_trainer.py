# SPDX-License-Identifier: GPL-2.0-or-later
"""Several processes, validation, curves, and checkpoints of older recipes."""

from __future__ import annotations

import csv
import json
import logging
import os
import pickle
import re
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
from raising import raises_code
from small import recipe, scenes

from core.errors import ModelError
from core.networks.ksdiff import KSDiff, KSDiffConfig
from core.synthetic.pairs import generate
from training import patches, validation
from training.__main__ import parser
from training.batches import Batches
from training.checks import check_share
from training.curves import LOSSES
from training.export import export_run
from training.patches import VALIDATION, Source
from training.processes import Processes
from training.recipe import Recipe
from training.trainer import Trainer, duration
from training.variation import draw_plain, observe_as

METHODS = ("KSDiff", "BDSD-PC", "BT-H")

TURNS = [
    lambda image, n=n, flip=flip: np.rot90(image, n, axes=(1, 2))[:, :, :: -1 if flip else 1]
    for n in range(4)
    for flip in (False, True)
]
ROOT = Path(__file__).parents[2]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def start(rank: int, count: int, port: int, arguments: list[str]) -> subprocess.Popen[bytes]:
    """One of the processes that torchrun would start."""
    about = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": count, "MASTER_PORT": port}
    names = {name: str(value) for name, value in about.items()} | {"MASTER_ADDR": "127.0.0.1"}
    command = [sys.executable, "-m", "training", "run", "--threads", "1", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **names}, stderr=subprocess.PIPE)


@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_two_processes_train_as_one_does(tmp_path: Path, method: str) -> None:
    """The same batches, so the same loss curve in both stages, and the same weights."""
    (tmp_path / "recipe.json").write_text(json.dumps(recipe(method, batch=8, hard=0.5).to_json()))
    patches.write(tmp_path / "data", scenes(), [])
    arguments = ["--recipe", str(tmp_path / "recipe.json"), "--data", str(tmp_path / "data")]
    arguments += ["--out", str(tmp_path / "2"), "--validate-every", "4"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = [start(rank, 2, port, arguments) for rank in range(2)]
    of = recipe(method, batch=8, hard=0.5)
    Trainer(of, patches.open(tmp_path / "data"), tmp_path / "1").run(validate_every=4)
    for process in running:
        _, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors.decode()
    one, two = (table(tmp_path / str(n) / "loss.csv") for n in (1, 2))
    assert [(r["stage"], r["step"]) for r in one] == [(r["stage"], r["step"]) for r in two]
    for a, b in zip(one, two, strict=True):
        for name in LOSSES:
            assert a[name] == b[name] == "" or abs(float(a[name]) - float(b[name])) < 1e-4, (a, b)
    checks = [table(tmp_path / str(n) / "validation.csv") for n in (1, 2)]
    for a, b in zip(*checks, strict=True):
        assert float(a["ERGAS"]) == pytest.approx(float(b["ERGAS"]), rel=1e-3)


@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_a_run_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path, method: str) -> None:
    """Stopped in stage 1, and again in stage 2, each time continued by a new trainer."""
    of = recipe(method, hard=0.5)
    whole = Trainer(of, scenes(), tmp_path / "whole")
    whole.run()
    for stop in (3, 3, None):
        run = Trainer(of, scenes(), tmp_path / "stopped")
        run.run(stop_after=stop)
    assert run.finished and [int(r["step"]) for r in table(run.folder / "loss.csv")][-1] == 4
    for name, value in whole.averaged().state_dict().items():
        assert run.averaged().state_dict()[name].equal(value), name
    one, two = (table(r.folder / "loss.csv") for r in (whole, run))
    assert [[a[n] for n in LOSSES] for a in one] == [[b[n] for n in LOSSES] for b in two]


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


def test_batches_that_gain_nothing_from_processes_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    check_share(32, Processes(0, 2))
    check_share(8, Processes(0, 1))
    check_share(8, Processes(1, 2))
    assert not caplog.messages
    check_share(8, Processes(0, 2))
    (line,) = caplog.messages
    assert line.startswith("Batches of 1 scenes do not divide into 2 processes")
    assert "multiple of 32 windows" in line


def test_larger_batches_divide_into_processes() -> None:
    batches = Batches(scenes(), 64, 32, seed=0, stage=1)
    assert {batches.layout(step).scenes for step in range(30)} == {64, 16, 4}


def test_validation_is_measured_against_a_reference(tmp_path: Path) -> None:
    run = Trainer(recipe(), scenes(2), tmp_path)
    assert [s.name for s in run.sources] == ["waves-0", "waves-1"]
    run.run(validate_every=3)
    rows = table(tmp_path / "validation.csv")
    steps = [(r["stage"], r["step"], r["method"]) for r in rows]
    assert steps == [(stage, step, method) for stage in "12" for step in "34" for method in METHODS]
    assert len({r["ERGAS"] for r in rows if r["method"] == "BDSD-PC"}) == 1
    assert all(float(r[name]) > 0 for r in rows for name in validation.NAMES)
    pytest.importorskip("matplotlib")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_a_network_that_is_perfect_scores_so() -> None:
    scene = generate(256, 8, 5)
    source = Source(
        "made up", scene.reference, scene.pan, np.ones(scene.pan.shape, bool), 1, VALIDATION
    )
    of = validation.cases([source], None, None)

    class Perfect(KSDiff):
        def stage1(self, batch: Any) -> torch.Tensor:
            return batch.gt

    scores = validation.validate(Perfect(recipe().network), of, stage=1)
    assert scores["KSDiff"]["ERGAS"] == pytest.approx(0, abs=1e-3)
    assert scores["KSDiff"]["Q2n"] == pytest.approx(1, abs=1e-3)
    for classical in validation.CLASSICAL:
        assert scores[classical]["ERGAS"] > 0.1
        assert scores[classical]["L1"] < float((of[0].batch.lms - of[0].batch.gt).abs().mean())
    assert scores["BDSD-PC"] != scores["BT-H"]


@pytest.mark.parametrize(("first", "second"), [(0, 2), (2, 0)])
def test_a_stage_may_be_left_out(tmp_path: Path, first: int, second: int) -> None:
    stages = {"stage1": {"steps": first, "lr": 1e-3}, "stage2": {"steps": second, "lr": 1e-3}}
    run = Trainer(recipe(**stages), scenes(), tmp_path)
    run.run()
    assert run.finished
    assert [r["stage"] for r in table(tmp_path / "loss.csv")] == ["1"] * first + ["2"] * second


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
    with pytest.raises(ModelError, match="encoder none, which is an ablation"):
        Trainer(recipe(), scenes(), tmp_path)


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
    with raises_code("recipe-differs", field=next(iter(changed))):
        Trainer(recipe(**changed), scenes(), tmp_path)


def test_a_run_goes_on_with_other_lengths_rates_and_words(tmp_path: Path) -> None:
    Trainer(recipe(), scenes(), tmp_path).save()
    stages = {"stage1": {"steps": 6, "lr": 1e-3, "warmup": 2}}
    other = recipe(name="other", notes={"a": 1}, start="gone", **stages)
    assert Trainer(other, scenes(), tmp_path).recipe.start is None  # it did not begin with that


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
    with raises_code("model-unknown"):
        Trainer(begun, scenes(), tmp_path / "new")


def test_a_checkpoint_takes_its_curves_along(tmp_path: Path) -> None:
    run = Trainer(recipe(), scenes(), tmp_path / "here")
    run.run(stop_after=3, validate_every=1)
    (tmp_path / "there").mkdir()
    shutil.copy(run.checkpoint, tmp_path / "there")
    Trainer(recipe(), scenes(), tmp_path / "there").run(stop_after=1, validate_every=1)
    for name, rows in (("loss.csv", 1), ("validation.csv", len(METHODS))):
        here, there = (table(tmp_path / place / name) for place in ("here", "there"))
        assert there[: len(here)] == here and len(there) == len(here) + rows


def test_something_must_be_left_to_train_on(tmp_path: Path) -> None:
    with raises_code("all-scenes-held-out"):
        Trainer(recipe(), scenes()[2:], tmp_path)


def test_what_cannot_be_trained_or_validated_on_is_refused_before(tmp_path: Path) -> None:
    striped = np.broadcast_to(np.arange(128) % 40 >= 8, (128, 128))
    train, _, held = scenes()
    for part, needed, purpose in ((train, 36, "train"), (held, 32, "validate")):
        name = part.name
        others = [s for s in scenes() if s.name != name]
        narrow = striped if needed == 36 else striped & (np.arange(128) % 20 >= 8)
        with raises_code(f"no-square-to-{purpose}", source=name):
            Trainer(recipe(), [*others, replace(part, valid=narrow)], tmp_path / "run")
    tiny = replace(held, ms=held.ms[:, :, :31], pan=held.pan[:, :31], valid=held.valid[:, :31])
    with raises_code("no-square-to-validate", source="waves-2", least=32):
        Trainer(recipe(), [*scenes(0), tiny], tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"patch": 30}, "multiple of 4 px, not 30"),
        ({"patch": 0}, "multiple of 4"),
        ({"patch": 36, "network": {"plfe_dims": [8] * 4}}, "multiple of 8"),
        ({"patch": 36, "network": {"unet_dims": [8] * 4, "unet_depths": [1] * 4}}, "multiple of 8"),
        ({"batch": 0}, "batch must be at least 1"),
    ],
)
def test_sizes_that_no_network_can_take(values: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        recipe(**values)


@pytest.mark.parametrize("option", ["--save-every", "--stop-after"])
def test_every_0_steps_is_explained(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["run", "--recipe", "r", "--data", "d", "--out", "o", option, "0"])
    assert f"argument {option}: must be at least 1, not 0" in capsys.readouterr().err


def test_the_papers_setting_has_one_grid_in_training_and_validation() -> None:
    """A known sensor's MS lies on the benchmarks' grid, half a pixel of PAN away from products'."""
    known = replace(scenes()[2], gains=(0.3,) * 6)
    (case,) = validation.cases([known], 6, 2047.0)
    expected = observe_as(known.ms[:], 4, known.gains, 0.5).lms / 2047
    np.testing.assert_allclose(case.batch.lms[0].numpy(), expected, rtol=1e-5)
    whole = draw_plain(np.random.default_rng(0), known, 1, 124, 2047.0)
    inner = expected[:, 2:-2, 2:-2]
    assert min(float(np.abs(whole.lms[0] - turn(inner)).max()) for turn in TURNS) < 1e-5


def test_progress_says_how_long_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("training.trainer.LOG_EVERY", 0.0)
    with caplog.at_level(logging.INFO):
        Trainer(recipe(), scenes(), tmp_path).run()
    lines = [m for m in caplog.messages if "left" in m]
    first = r"stage 1 step 1/4 image \d\.\d{4}, \d+ s left in this stage, then 4 steps of stage 2"
    last = r"stage 2 step 4/4 image \d\.\d{4} latent \d\.\d{4}, 0 s left in this stage"
    assert len(lines) == 8
    assert re.fullmatch(first, lines[0]) and re.fullmatch(last, lines[-1])


@pytest.mark.parametrize("stage", [1, 2])
def test_convolutions_train_in_bf16_and_weights_stay_float32(tmp_path: Path, stage: int) -> None:
    run = Trainer(recipe(**{"stage1": {"steps": 2 - stage, "lr": 1e-3}}), scenes(), tmp_path)
    seen = set()
    for module in run.model.net.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(lambda m, i, out: seen.add((m.weight.dtype, out.dtype)))
    run.run(stop_after=1)
    assert seen == {(torch.float32, torch.bfloat16)}


def test_time_left_in_words() -> None:
    assert [duration(s) for s in (30, 600, 9000)] == ["30 s", "10 min", "2 h 30 min"]


def test_recipes_survive_their_own_json() -> None:
    first = recipe(hard=0.5)
    assert Recipe.from_json(json.loads(json.dumps(first.to_json()))) == first
    assert pickle.loads(pickle.dumps(first)) == first


@pytest.mark.parametrize(
    "path", sorted((ROOT / "training" / "recipes").iterdir()), ids=lambda path: path.stem
)
def test_shipped_recipes_are_read(path: Path) -> None:
    shipped = Recipe.read(path)
    assert shipped.name == path.stem


def test_the_papers_recipe_is_the_method_in_full() -> None:
    wv3 = Recipe.read(ROOT / "training" / "recipes" / "ksdiff-wv3.json")
    assert wv3.network == KSDiffConfig(bands=8) and wv3.scale == 2047
    assert (wv3.stage1.steps, wv3.stage2.steps, wv3.batch) == (150_000, 100_000, 32)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stgae1": {}}, "unknown: stgae1"),
        ({"joint": False}, "joint false is an ablation"),
        (
            {"network": {"operator": "cnn"}, "method": "srino"},
            "operator cnn, which is an ablation",
        ),
        ({"network": {"bands": 4}}, "bands and scale"),
        ({"stage1": {"steps": "six", "lr": 1e-3}}, "steps must be a number from 0, not 'six'"),
        ({"stage2": {"steps": 4, "lr": -1}}, "lr must be a number from 0, not -1"),
    ],
)
def test_a_mistake_in_a_recipe_is_told_before_any_work(
    change: dict[str, object], said: str, tmp_path: Path
) -> None:
    values = {**recipe().to_json(), **change}
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    with raises_code("not-a-recipe") as caught:
        Recipe.read(path)
    assert said in str(caught.value.facts["reason"])


def test_a_stopped_run_says_so_and_so_does_its_export(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        Trainer(recipe(), scenes(), tmp_path, "cpu").run(stop_after=2)
        assert "stopped in stage 1 after 2 of 4 steps" in caplog.text
        export_run(tmp_path, tmp_path)
    assert "is not finished (stage 1, step 2)" in caplog.text
