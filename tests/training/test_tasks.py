# SPDX-License-Identifier: GPL-2.0-or-later
"""Training's worker: a training set of rasters, and the run from request to model."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch
from fakes import Worker
from raising import raises_code
from rasterio.transform import from_origin
from scenes import write
from small import NETWORK, facts_logged, scenes

from core.errors import Cancelled
from core.models import modelfile
from core.progress import Pace
from core.worker import main
from core.worker.protocol import EXIT_ERROR, PROTOCOL, Events
from training import patches
from training.recipe import Recipe
from training.requests import TASKS, MakeTrainingSet, Train
from training.scenes import TRAIN, VALIDATION
from training.sources import load_sources
from training.tasks import in_use, pace, runfolder, train, trainingset
from training.worker import TRAINING

BANDS = ["/far/away/B2.TIF", "/far/away/B3.TIF"]


class Told:
    """Stands for the worker's reporter; cancels at a step of a stage.

    `steps` are the steps that were told, as (stage, step), and `points` the measurements.
    """

    def __init__(self, stop: tuple[int, int] | None = None) -> None:
        self.points: list[dict[str, Any]] = []
        self.steps: list[tuple[int, int]] = []
        self._stop = stop

    def __call__(self, fraction: float, message: str) -> None:
        assert 0 <= fraction <= 1
        step = re.match(r"\D+(\d) of 2\D+(\d+) of \d", message)
        if step:
            self.steps.append((int(step[1]), int(step[2])))
            if self.steps[-1] == self._stop:
                raise Cancelled()

    def measure(self, **facts: Any) -> None:
        self.points.append(facts)


def write_pair(
    folder: Path, name: str, left: float = 0.0, size: tuple[int, int] = (96, 160), crs: Any = 32633
) -> tuple[str, str]:
    """A pair of ratio 4 whose MS has (height, width) pixels of 2 m."""
    rng = np.random.default_rng(int(left))
    height, width = size
    ms = rng.normal(600, 60, (4, height, width)).astype(np.uint16)
    pan = np.kron(ms.mean(0), np.ones((4, 4))).astype(np.uint16)
    names = []
    for what, image, pixel in (("pan", pan[None], 0.5), ("ms", ms, 2.0)):
        path = folder / f"{name}_{what}.tif"
        grid = from_origin(left, 0, pixel, pixel) if crs else None
        write(path, image, grid, f"EPSG:{crs}" if crs else None)
        names.append(str(path))
    return names[0], names[1]


def gather(out: Path, pairs: Path | list[tuple[str, str]], **values: Any) -> dict[str, Any]:
    """Make a training set of real scenes, those of a folder or named ones."""
    if isinstance(pairs, Path):
        named: dict[str, Any] = {"folder": str(pairs)}
    else:
        named = dict(zip(("pans", "mss"), zip(*pairs, strict=True), strict=True))
    request = MakeTrainingSet(**{"out": str(out), "generated": 0, **named, **values})
    return trainingset.perform(request, Told(), Pace())


def fit(request: Train, told: Told | None = None, **other: Any) -> dict[str, Any]:
    """Train as asked, but for some fields."""
    return train.perform(replace(request, **other), told or Told(), Pace())


def stop_at(request: Train, stage: int, step: int) -> Told:
    """Train, and cancel at a step."""
    told = Told((stage, step))
    with pytest.raises(Cancelled):
        fit(request, told)
    return told


def test_one_scene_of_a_folder_is_cut_and_its_end_held_out(tmp_path: Path) -> None:
    write_pair(tmp_path, "a")
    settings = tmp_path / "set.json"
    settings.write_text("not ours")
    done = gather(tmp_path / "set.patches", tmp_path)
    assert (done["pairs"], done["bands"], done["refused"]) == (1, [4], 0)
    assert done["recipe"] == str(tmp_path / "set.patches.json")
    assert settings.read_text() == "not ours"
    first, held = patches.open(Path(done["out"]))
    assert (first.part, held.part) == (TRAIN, VALIDATION)
    # 160 columns: 48 at the end is the least to measure on, and 8 are between.
    assert (first.size, held.size) == ((96, 104), (96, 48))
    with rasterio.open(tmp_path / "a_ms.tif") as file:
        whole = file.read().astype(np.float32)
    np.testing.assert_array_equal(first.ms[:], whole[..., :104])
    np.testing.assert_array_equal(held.ms[:], whole[..., -48:])
    recipe = Recipe.read(tmp_path / "set.patches.json")
    assert recipe.name == "set"
    assert patches.open(Path(done["out"]), recipe.sources)  # it is the recipe of this file


def test_files_of_single_bands_in_a_folder_are_a_pair(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path, "a")
    with rasterio.open(ms) as file:
        for number, values in enumerate(file.read(), 2):
            name = tmp_path / f"LC08_L1TP_192028_20200101_20200113_02_T1_B{number}.TIF"
            write(name, values[None], file.transform, "EPSG:32633")
    shutil.move(pan, tmp_path / "LC08_L1TP_192028_20200101_20200113_02_T1_B8.TIF")
    Path(ms).unlink()
    done = gather(tmp_path / "set.patches", tmp_path)
    assert (done["pairs"], done["bands"], done["refused"]) == (1, [4], 0)
    recipe = Recipe.read(tmp_path / "set.patches.json")
    (first, held), again = patches.open(Path(done["out"]), recipe.sources), recipe.sources
    for made, entry in zip((first, held), again, strict=True):
        assert made.sensor == "landsat8"
        (read,) = load_sources([entry], Path())
        np.testing.assert_array_equal(read.ms[:], made.ms[:])


def test_bands_and_nodata_are_as_for_sharpening(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path, "a")
    with rasterio.open(ms, "r+") as file:
        image = file.read()
        image[2, :8] = 7
        file.write(image)
    done = gather(tmp_path / "set.patches", [(pan, ms)], ms_bands=(3, 1), nodata=7)
    assert done["bands"] == [2]
    first, _ = patches.open(Path(done["out"]))
    np.testing.assert_allclose(first.ms[:, 20:], image[[2, 0], 20:, :104], rtol=1e-4)
    assert not first.valid[:8].any() and first.valid[20:80, :80].all()
    (entry, _) = patches.made_of(Path(done["out"]))
    assert (entry["ms_bands"], entry["nodata"]) == ([3, 1], 7)
    assert "pan_band" not in entry
    with raises_code("no-pair-opens", pairs=1):
        gather(tmp_path / "other.patches", [(pan, ms)], ms_bands=(5,))


def test_scenes_of_common_ground_are_cut_by_one_line(tmp_path: Path) -> None:
    """The second one begins in the middle of the first: what one holds out the other has not."""
    pairs = [write_pair(tmp_path, "a", 0.0), write_pair(tmp_path, "b", 160.0)]
    done = gather(tmp_path / "set.patches", pairs, held_out=0.25)
    entries = patches.made_of(Path(done["out"]))
    # Of the first one nothing lies beyond the line: it is whole, up to 320 m.
    train_end = max(e.get("extent", [0, 0, 320])[2] for e in entries if not e["validation"])
    held_begin = min(e["extent"][0] for e in entries if e["validation"])
    assert held_begin - train_end == pytest.approx(trainingset.GAP * 2.0, abs=0.6)
    assert {e["validation"] for e in entries} == {True, False}


def test_a_long_piece_is_measured_in_several_windows(tmp_path: Path) -> None:
    pair = write_pair(tmp_path, "a", size=(600, 1400))
    sources = patches.open(Path(gather(tmp_path / "set.patches", [pair])["out"]))
    assert [s.part for s in sources] == [TRAIN, VALIDATION, VALIDATION]


def test_what_does_not_fit_is_told_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = write_pair(tmp_path, "a"), write_pair(tmp_path, "b", 5000.0)
    crossed = good[0], bad[1]  # they do not overlap
    missing = str(tmp_path / "no_pan.tif"), good[1]
    small = write_pair(tmp_path, "small", 9000, (40, 40))
    done = gather(tmp_path / "set.patches", [crossed, good, missing, small])
    assert (done["pairs"], done["refused"]) == (1, 3)
    for told in (done["reasons"], map(str, facts_logged(caplog))):
        assert all(name in text for name, text in zip(("b_", "no_pan", "small"), told, strict=True))


@pytest.mark.parametrize("old", [None, b"an earlier training set"])
def test_without_a_good_pair_nothing_is_written(tmp_path: Path, old: bytes | None) -> None:
    out = tmp_path / "out" / "set.patches"
    out.parent.mkdir()
    if old:
        out.write_bytes(old)
    before = sorted(out.parent.iterdir())
    with raises_code("no-pair-trainable", pairs=1):
        gather(out, [write_pair(tmp_path, "small", size=(40, 40))])
    with raises_code("no-pair-opens"):
        gather(out, [("a.tif", "b.tif")])
    assert sorted(out.parent.iterdir()) == before
    assert not old or out.read_bytes() == old


@pytest.mark.parametrize(
    ("count", "size", "crs", "warnings"),
    [(1, (96, 100), 32633, 1), (5, (96, 160), None, 1), (5, (96, 160), 32633, 0)],
)
def test_held_out_ground_is_warned_of_where_it_is_missing_or_not_sure(
    tmp_path: Path, caplog: Any, count: int, size: tuple[int, int], crs: Any, warnings: int
) -> None:
    """A scene is too small to hold anything out; images lie nowhere; all is well."""
    pairs = [write_pair(tmp_path, f"s{n}", 1e3 * n, size, crs) for n in range(count)]
    done = gather(tmp_path / "set.patches", pairs)
    assert (done["held_out"] == 0) == (count == 1)
    assert len(facts_logged(caplog)) == warnings
    if count == 5:  # of many scenes, whole ones
        parts = [source.part for source in patches.open(Path(done["out"]))]
        assert parts == [TRAIN] * 4 + [VALIDATION]


def test_made_up_scenes_have_their_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(trainingset.GENERATED, "generated", 2)
    monkeypatch.setitem(trainingset.GENERATED, "size", 96)
    done = gather(tmp_path / "set.patches", [write_pair(tmp_path, "a")], generated=0.4)
    assert done["made_up"] == 2
    found = patches.open(Path(done["out"]))
    train_on = [s for s in found if s.part == TRAIN]
    shares = {made: sum(s.weight for s in train_on if s.name.startswith("gen") == made)
              for made in (True, False)}  # fmt: skip
    assert shares == pytest.approx({True: 0.4, False: 0.6})


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"held_out": 0.9}, "held-out-share"),
        ({"generated": 1.0}, "generated-share"),
        ({"mss": ()}, "pan-ms-count"),
        ({"pans": (), "mss": ()}, "no-training-pair-named"),
    ],
)
def test_requests_that_make_no_sense_are_refused(
    tmp_path: Path, wrong: dict[str, Any], code: str
) -> None:
    with raises_code(code):
        gather(tmp_path / "set.patches", [write_pair(tmp_path, "a")], **wrong)
    assert not (tmp_path / "set.patches").exists()


def test_cancelling_a_training_set_leaves_nothing(tmp_path: Path) -> None:
    def cancel(fraction: float, message: str) -> None:
        if fraction >= 0.95:  # it is being written
            raise Cancelled()

    pan, ms = write_pair(tmp_path, "a")
    before = sorted(tmp_path.iterdir())
    request = MakeTrainingSet(str(tmp_path / "s.patches"), (pan,), (ms,), generated=0)
    with pytest.raises(Cancelled):
        trainingset.perform(request, cancel, Pace())
    assert sorted(tmp_path.iterdir()) == before


# --- train ---


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Train:
    """A request that takes seconds: small networks on two small scenes."""
    stage = {"steps": 1, "lr": 1e-3}
    values = {"name": "x", "sources": [], "network": NETWORK, "stage1": stage, "stage2": stage}
    values |= {"patch": 32, "ddim_train_steps": 2}
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    (recipes / "ksdiff-scene.json").write_text(json.dumps(values))
    monkeypatch.setattr(train, "RECIPES", recipes)
    data = tmp_path / "small.patches"
    found = [replace(source, sensor="quickbird") for source in scenes()]
    patches.write(data, found, [{"pan": "/far/away/pan.tif", "ms": BANDS}])
    places = {"data": str(data), "run": str(tmp_path / "run"), "models": str(tmp_path / "models")}
    return Train(name="mine", stage1=3, stage2=4, batch=4, device="cpu", **places)


def card_of(request: Train, name: str = "mine") -> modelfile.ModelCard:
    model = modelfile.load(f"{request.models}/{name}/{name}.safetensors", request.method)
    return model.card


def test_from_request_to_model(asked: Train) -> None:
    told = Told()
    done = fit(asked, told, licence=" CC0 ", notes="of waves")
    card = card_of(asked)
    assert done["file"] == f"{asked.models}/mine/mine.safetensors"
    assert (card.name, card.licence, card.notes) == ("mine", "CC0", "of waves")
    assert card.sensors == ("quickbird",)
    assert card.training["steps"] == [3, 4]
    assert "/far" not in json.dumps(card.training)  # who passes it on tells nobody of their folders
    held = card.scores["held out"]
    assert held.keys() == {"scenes", "ksdiff", "bdsd-pc", "bt-h"}
    assert done["ergas"] == held["ksdiff"]["ERGAS"]
    assert done["ergas_classical"] == min(held[m]["ERGAS"] for m in ("bdsd-pc", "bt-h"))
    assert f"{done['ergas']:.4g}" in done["sentence"]
    places = [(point["stage"], point["step"]) for point in told.points]
    assert places[0] == (1, 1) and places[-1] == (2, 4)
    assert told.points[-1]["validation"].keys() == {"ksdiff", "bdsd-pc", "bt-h"}
    assert told.points[0]["validation"] is None  # stage 1 sees the truth: no result
    assert [*Path(asked.models).iterdir()] == [Path(asked.models) / "mine"]


def test_a_cancelled_run_goes_on_and_ends_as_if_it_had_not_been(
    asked: Train, tmp_path: Path
) -> None:
    """Cancelled in stage 1, and again in stage 2."""
    first, second = stop_at(asked, 1, 2), stop_at(asked, 2, 3)
    assert first.steps == [(1, 1), (1, 2)]
    state = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)
    assert (state["stage"], state["step"]) == (2, 3)
    assert not (tmp_path / "models").exists()
    last = Told()
    fit(asked, last)
    assert (second.steps[0], last.steps) == ((1, 3), [(2, 4)])
    for told in (second, last):  # those from before are shown again
        assert [(p["stage"], p["step"]) for p in told.points][:2] == [(1, 1), (1, 2)]
    fit(asked, name="other", run=str(tmp_path / "run2"))
    weights = [
        modelfile.read_weights(tmp_path / "models" / name / f"{name}.safetensors")
        for name in ("mine", "other")
    ]
    for name, value in weights[0].items():
        np.testing.assert_array_equal(value, weights[1][name], err_msg=name)


def test_training_begins_with_a_model_and_is_measured_against_it(asked: Train) -> None:
    fit(asked)
    start = f"{asked.models}/mine/mine.safetensors"
    tuned = replace(asked, name="tuned", run=f"{asked.run}2", start=start, stage1=0, stage2=1)
    done = fit(tuned)
    before = card_of(asked).scores["held out"]["ksdiff"]
    card = card_of(asked, "tuned")
    assert card.scores["held out"]["ksdiff before"] == before
    assert done["ergas_before"] == before["ERGAS"]
    assert card.network == card_of(asked).network

    again = replace(tuned, name="again", run=f"{asked.run}3", stage2=2)
    stop_at(again, 2, 1)
    with raises_code("settings-differ", word=train.PARAMETERS["start"]):
        fit(again, start=None)
    moved = Path(asked.models).rename(f"{asked.models} moved") / "mine" / "mine.safetensors"
    fit(again, start=str(moved))
    assert Path(card_of(asked, "again").training["start"]).stem == "mine"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": "ksdiff-scene"}, "model-name-reserved"),
        ({"name": "taken"}, "model-exists-before-training"),
        ({"name": "../mine"}, "model-name-invalid"),
        ({"name": "auto"}, "model-name-invalid"),
        ({"method": "magic"}, "unknown-method"),
        ({"stage2": 0}, "too-few-steps"),
        ({"device": "quantum"}, "unknown-device"),
        ({"start": "srino-scene"}, "model-for-other-method"),
        ({"data": "none.patches"}, "patches-unreadable"),
    ],
)
def test_what_cannot_be_is_refused_before_work(
    asked: Train, tmp_path: Path, wrong: dict[str, Any], code: str
) -> None:
    (tmp_path / "models" / "taken").mkdir(parents=True)
    with raises_code(code):
        fit(asked, **wrong)
    assert not (tmp_path / "run").exists()
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["taken"]


@pytest.mark.parametrize("other", [{"batch": 8}, {"seed": 1}])
def test_a_run_of_another_kind_is_not_gone_on_with(asked: Train, other: dict[str, int]) -> None:
    stop_at(asked, 1, 1)
    with raises_code("settings-differ", word=train.PARAMETERS[next(iter(other))]):
        fit(asked, **other)


def test_a_run_goes_on_with_the_same_pixels_only(asked: Train) -> None:
    stop_at(asked, 1, 1)
    data, state = Path(asked.data), Path(asked.run, "checkpoint.pt").read_bytes()
    moved = Path(shutil.copy(data, data.with_name("moved.patches")))
    content = bytearray(data.read_bytes())
    content[-1] ^= 1
    data.write_bytes(content)
    with raises_code("settings-differ", word=train.PARAMETERS["data"]):
        fit(asked)
    assert Path(asked.run, "checkpoint.pt").read_bytes() == state
    fit(asked, data=str(moved))


def test_a_finished_run_begins_anew(asked: Train, tmp_path: Path) -> None:
    first = fit(asked)
    assert not Path(asked.run, "checkpoint.pt").exists()
    assert (tmp_path / "run" / "loss.csv").is_file()
    shutil.rmtree(Path(asked.models) / "mine")
    told = Told()
    again = fit(asked, told, batch=8)
    assert told.steps[0] == (1, 1)
    assert again["seconds"] > 0 and again["loss"] != first["loss"]
    assert len((tmp_path / "run" / "loss.csv").read_text().splitlines()) == 1 + 3 + 4


def test_a_run_whose_model_could_not_be_written_writes_it_when_it_goes_on(
    asked: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(train, "put_folder", full)
        with raises_code("model-not-written"):
            fit(asked)
    assert not [*Path(asked.models).iterdir()]
    told = Told()
    done = fit(asked, told)
    assert told.steps == []
    assert done["loss"] == told.points[-1]["loss"] and card_of(asked).name == "mine"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("loss.csv", "run-folder-occupied"),
        ("holiday.jpg", "run-folder-occupied"),
        ("checkpoint.pt", "checkpoint-damaged"),
    ],
)
def test_a_folder_with_files_of_others_is_not_trained_in(
    asked: Train, name: str, code: str
) -> None:
    file = Path(asked.run, name)
    file.parent.mkdir()
    file.write_bytes(b"mine")
    with raises_code(code):
        fit(asked)
    assert file.read_bytes() == b"mine" and not Path(asked.models).exists()


def test_a_run_that_was_killed_before_its_checkpoint_begins_anew(asked: Train) -> None:
    run = Path(asked.run)
    run.mkdir()
    (run / runfolder.MARK).touch()
    (run / "loss.csv").write_text("stage,step,image\n")
    assert fit(asked)["steps_done"] == 7


def test_one_training_at_a_time_in_a_run_folder(asked: Train, root: Path) -> None:
    code = "import sys; from pathlib import Path; from training.tasks import runfolder\n"
    code += "with runfolder.locked(Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, asked.run],
        cwd=root, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as other:  # fmt: skip
        assert other.stdout is not None and other.stdout.readline() == "in\n"
        with raises_code("run-folder-locked"):
            fit(asked)
        other.kill()
    assert fit(asked)["name"] == "mine"


def test_scores_are_compared_with_the_model_before_and_the_best_classical_method() -> None:
    rows = {"ksdiff": {"ERGAS": 1.0}, "ksdiff before": {"ERGAS": 0.8}, "bt-h": {"ERGAS": 2.0}}
    told = train.verdict({"scenes": 3, **rows, "gsa": {"ERGAS": 3.0}}, "ksdiff")
    assert told["worse"] and told["best_classical"] == "bt-h"
    assert "25.0%" in told["sentence"] and "50.0%" in told["sentence"]
    same = train.verdict({"scenes": 1, **rows, "ksdiff": {"ERGAS": 0.8}}, "ksdiff")
    assert not same["worse"] and same["sentence"].count("%") == 1
    assert train.verdict({}, "ksdiff") == {}


# --- the worker ---


def test_without_torch_it_is_told_how_to_get_it(asked: Train) -> None:
    patch = "sys.modules['torch'] = None\nfrom training.worker import TRAINING"
    with Worker(patch, tasks="TRAINING") as run:
        run.say({"protocol": PROTOCOL, "task": "train", **fields_of(asked)})
        assert run.finish() == EXIT_ERROR
        error = run.events[-1]
    assert (error["code"], error["facts"]) == ("training-needs-package", {"package": "torch"})


def fields_of(request: Train) -> dict[str, Any]:
    return {name: value for name, value in vars(request).items() if value is not None}


def serve(request: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of training's worker for one request."""
    told, tell = os.pipe()
    os.write(tell, json.dumps({"protocol": PROTOCOL, **request}).encode() + b"\n")
    stream = io.BytesIO()
    stop = main.Stop(force=lambda: None)
    main.serve(Events(stream), os.fdopen(told, "rb", buffering=0), stop, TRAINING)
    os.close(tell)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_the_worker_knows_these_tasks_and_no_others() -> None:
    assert TASKS.keys() == {"check", "trainingset", "train", "model"}
    last = serve({"task": "pansharpen", "pan": "a", "ms": "b", "out": "c"})[-1]
    assert last["code"] == "request-task"
    assert serve({"task": "check"})[-1]["type"] == "result"


def test_measurements_are_events(asked: Train) -> None:
    events = serve({"task": "train", **fields_of(asked)})
    kinds = [event["type"] for event in events]
    assert kinds[0] == "hello" and kinds[-1] == "result"
    points = [event for event in events if event["type"] == "measure"]
    assert points and points[-1]["steps"] == 4
    assert any("fraction" in event for event in events)


# --- the ground, the time, and the model in use ---


def test_map_shows_what_is_trained_on_held_out_and_left_out(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path, "a")
    with rasterio.open(ms, "r+") as file:
        image = file.read()
        image[:, :8] = 0
        file.write(image)
    done = gather(tmp_path / "set.patches", [(pan, ms)], nodata=0)
    with rasterio.open(done["map"]) as file:
        red, _, blue = file.read().astype(int)
    assert red.shape == (96, 160)  # one of MS each: small enough
    assert (red[:8] == 70).all() and (blue[:8] == 70).all()  # no data
    assert (blue[20:90, :100] > red[20:90, :100]).all()  # trained on
    assert (red[20:90, 115:155] > blue[20:90, 115:155]).all()  # held out
    shares = done["shares"]
    assert shares["between"] == pytest.approx(8 / 160)
    assert 0.5 < shares["trained"] < 104 / 160 and 0.2 < shares["held_out"] < 48 / 160
    assert sum(shares.values()) == pytest.approx(1, abs=0.001)


def test_minutes_become_steps_that_a_resumed_run_keeps(
    asked: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "seconds_per_step", lambda *_: (0.1, 0.3))
    timed = replace(asked, minutes=0.2)  # 10.2 s of steps: ten times 0.1 + 3 x 0.3 s
    stop_at(timed, 1, 2)
    monkeypatch.setattr(pace, "seconds_per_step", lambda *_: (0.01, 0.01))
    told = Told()
    assert fit(timed, told)["steps_done"] == 40
    assert [step for step in told.steps if step[0] == 1] == [(1, n) for n in range(3, 11)]
    assert not (tmp_path / "run" / pace.STEPS).exists()
    with raises_code("training-time-too-short"):
        monkeypatch.setattr(pace, "seconds_per_step", lambda *_: (9.0, 9.0))
        fit(timed, name="other", run=f"{timed.run}2")


def test_a_step_is_timed_in_both_stages(asked: Train) -> None:
    found = pace.seconds_per_step(train.recipe_of(asked), patches.open(Path(asked.data)), "cpu")
    assert all(0 < seconds < 60 for seconds in found)


def test_a_model_is_compared_in_use_on_ground_that_is_held_out(tmp_path: Path) -> None:
    pair = write_pair(tmp_path, "a", size=(96, 200))
    gather(tmp_path / "set.patches", [pair])
    entries = patches.made_of(tmp_path / "set.patches")
    models = {"ksdiff before": "ksdiff-scene", "ksdiff": "ksdiff-scene"}
    found, pieces = in_use.compare(entries, "ksdiff", models, "cpu", Told())
    assert pieces == 1
    assert found.keys() == {"scene-fit", "ksdiff before", "ksdiff"}
    assert found["ksdiff"] == found["ksdiff before"]  # the same weights
    told = in_use.verdict(found, "ksdiff", "ksdiff before", pieces)
    assert not told["gained"]
    gone = [{**entry, "pan": str(tmp_path / "gone.tif")} for entry in entries]
    assert in_use.compare(gone, "ksdiff", models, "cpu", Told()) == ({}, 0)


@pytest.mark.parametrize(
    ("errors", "gained"),
    [
        ((1.0, 1.1, 1.2), True),
        ((1.0, 1.1, 0.9), False),
        ((1.0, 0.9, 1.1), False),
        ((1.0, 1.0005, 1.2), False),
    ],
)
def test_a_gain_is_one_over_the_weights_before_and_the_scene_fit(
    errors: tuple[float, ...], gained: bool
) -> None:
    labels = ("ksdiff", "ksdiff before", "scene-fit")
    found = {label: {"ERGAS": error} for label, error in zip(labels, errors, strict=True)}
    told = in_use.verdict(found, "ksdiff", "ksdiff before", 2)
    assert told["gained"] == gained
    for error in errors:
        assert f"{error:.4g}" in told["in_use_sentence"]
