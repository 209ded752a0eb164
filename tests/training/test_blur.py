# SPDX-License-Identifier: GPL-2.0-or-later
"""f_KE, SRINO's model of the blur of MS: what the shipped one tells, and how it is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from raising import raises_code
from small import export, recipe, scenes

from core.imaging.arrays import FloatArray, Image
from core.models import modelfile
from core.models.onnx_session import Graph
from core.networks.guidance import gain_at
from core.synthetic.pairs import generate
from training import blur
from training.export import renew_graphs
from training.observation import observe_as
from training.recipe import Recipe
from training.resampling import blur as low_pass
from training.scenes import VALIDATION, TrainingScene, all_valid
from training.sources import load_sources
from training.trainer import Trainer

pytestmark = pytest.mark.numerical

#: Neither these nor scenes of these places were trained on.
GAINS = 0.153, 0.218, 0.287, 0.354, 0.431
RATIOS = 2, 3, 4, 6
#: As blurred as an MS of their pixel size would be (px): images from the air or drawn are sharper.
SOFT = 0.55


@pytest.fixture(scope="module")
def shipped() -> Graph:
    return Graph(modelfile.load("srino-scene", "srino").graph("blur"), "cpu")


def told(graph: Graph, ms: Image, pan: Image, ratio: int, gain: float) -> FloatArray:
    """Return the gains (C,) that the graph tells of a scene blurred by an MTF of `gain`."""
    side = min(ms.shape[1:]) // 192 * 192
    ms, pan = ms[:, :side, :side].astype(np.float32), pan[:side, :side].astype(np.float32)
    lms = observe_as(ms, ratio, [gain] * len(ms), 0.0).lms
    mean, std = (f(lms, axis=(1, 2), keepdims=True) for f in (np.mean, np.std))
    fine = np.stack([(pan - pan.mean()) / pan.std()] * 2)
    (kernels,) = graph.run(pan=windows(fine), lms=windows((lms - mean) / std))
    assert kernels.shape == (1, len(ms), 11, 11)
    np.testing.assert_allclose(kernels.sum(axis=(2, 3)), 1, atol=1e-5)
    gains: FloatArray = gain_at(torch.from_numpy(kernels), torch.full((1, len(ms)), 0.5 / ratio))[
        0
    ].numpy()
    return gains


def windows(image: Image, side: int = 64) -> Image:
    """Return the windows of an image, (C, n, n) -> (K, C, side, side)."""
    count = image.shape[1] // side
    parts = image.reshape(len(image), count, side, count, side).transpose(1, 3, 0, 2, 4)
    return np.ascontiguousarray(parts.reshape(-1, len(image), side, side), np.float32)


def mean_error(graph: Graph, found: Sequence[tuple[Image, Image]], ratios: Sequence[int]) -> float:
    errors = [
        np.abs(told(graph, ms, pan, ratio, gain) - gain).mean()
        for ms, pan in found
        for ratio in ratios
        for gain in GAINS
    ]
    return float(np.mean(errors))


@pytest.mark.parametrize("bands", [4, 8])
def test_it_tells_drawn_scenes_of_sensors_apart(shipped: Graph, bands: int) -> None:
    """Of unseen gains and scenes, from their blurred, decimated, interpolated bands."""
    drawn = [generate(384, bands, seed) for seed in (31, 32, 33)]
    found = [(low_pass(each.reference, SOFT), each.pan) for each in drawn]
    assert mean_error(shipped, found, RATIOS) < 0.05
    few, many = (
        np.mean([told(shipped, *each, 4, gain).mean() for each in found]) for gain in (0.16, 0.44)
    )
    assert many - few > 0.2


@pytest.mark.parametrize("kind", ["landsat7", "naip"])
def test_it_tells_real_sensors_apart_on_places_held_out(
    shipped: Graph, shared_data: Path, kind: str
) -> None:
    """Landsat-7 with its own PAN, two NAIP cities with one that is drawn; see the recipe."""
    path = Path(blur.__file__).parent / "recipes/srino-blur.json"
    sources = [s for s in Recipe.read(path).sources if kind in (s.get("folder"), s.get("images"))]
    held = [s for s in load_sources(sources, shared_data / "train") if s.part == VALIDATION][::3]
    assert len(held) > 4
    assert mean_error(shipped, [pixels(scene) for scene in held], RATIOS) < 0.05


def pixels(scene: TrainingScene) -> tuple[Image, Image]:
    """Return MS and PAN, which is drawn where there is none."""
    ms = scene.ms[:]
    if scene.pan is not None:
        return ms, scene.pan[:]
    return low_pass(ms, SOFT), blur.SENSORS.simulate_pan(np.random.default_rng(0), ms)


@pytest.fixture
def run(tmp_path: Path) -> Recipe:
    """A short training of f_KE of a small model."""
    first = Trainer(recipe("srino"), scenes(), tmp_path / "first")
    start = export(first, tmp_path / "start")
    stages: dict[str, Any] = {"stage1": {"steps": 6, "lr": 1e-2, "warmup": 1}}
    return recipe("srino", start=start, patch=64, **stages)


def test_training_goes_on_where_it_was_stopped(
    run: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = blur.train(run, scenes(), made(tmp_path / "whole"), 100).state_dict()
    part, batch = made(tmp_path / "part"), blur.batch

    def killed(recipe: Recipe, of: list[TrainingScene], kind: str, step: int) -> Any:
        if step == 4:
            raise KeyboardInterrupt
        return batch(recipe, of, kind, step)

    with monkeypatch.context() as patched:
        patched.setattr(blur, "batch", killed)
        with pytest.raises(KeyboardInterrupt):
            blur.train(run, scenes(), part, 2)
    again = blur.train(run, scenes(), part, 2).state_dict()
    assert all(again[name].equal(value) for name, value in whole.items())
    with raises_code("recipe-differs", field="batch"):
        blur.train(replace(run, batch=2), scenes(), part, 2)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_nothing_else_of_the_model_changes(run: Recipe, tmp_path: Path) -> None:
    old = modelfile.load(str(run.start), "srino")
    new = blur.run(run, scenes(), tmp_path / "run", tmp_path / "models", 100)
    before, after = (modelfile.read_weights(model.path) for model in (old, new))
    changed = {k for k in before if not np.array_equal(before[k], after[k])}
    assert before.keys() == after.keys() and changed
    assert all(name.startswith("ke.") for name in changed)
    graphs = [modelfile.read_graphs(model) for model in (old, new)]
    same = {role for role in graphs[0] if graphs[0][role] == graphs[1][role]}
    assert same == {"begin", "context", "fuse"}
    assert new.card.training["f_KE"]["steps"] == 6
    assert modelfile.load(str(new.path), "srino").card.hashes == new.card.hashes


def test_a_few_steps_tell_more_than_a_common_sensor(tmp_path: Path) -> None:
    """Of drawn scenes with other gains; a constant is off by 0.08 where ratios are known."""
    drawn = [generate(256, 4, seed) for seed in range(4)]
    found = [
        TrainingScene(str(n), each.reference, each.pan, all_valid(each.pan.shape), 1.0)
        for n, each in enumerate(drawn)
    ]
    found[3] = replace(found[3], part=VALIDATION)
    stages: dict[str, Any] = {"stage1": {"steps": 60, "lr": 1e-2, "warmup": 5}}
    of = recipe(
        "srino", start="srino-scene", patch=64, batch=8, network={"blur_hidden": [32]}, **stages
    )
    assert blur.held_out_error(of, found, blur.untrained(of)) > 0.15
    assert blur.held_out_error(of, found, blur.train(of, found, tmp_path, 100)) < 0.07


def test_a_model_with_the_older_f_ke_is_read(tmp_path: Path) -> None:
    """It is trained on and exported anew with the shipped f_KE; fine-tuning needs none."""
    shipped = modelfile.load("srino-scene", "srino")
    weights = {
        name: value
        for name, value in modelfile.read_weights(shipped.path).items()
        if not name.startswith("ke.")
    } | {"ke.look.0.weight": np.zeros((16, 3, 3, 3), np.float32)}
    network = shipped.card.network | {"blur_widths": [16, 16, 32, 64]}
    del network["blur_hidden"]
    graphs = modelfile.read_graphs(shipped)
    old = modelfile.write(
        tmp_path, replace(shipped.card, name="old", network=network), weights, graphs
    )
    again = renew_graphs(modelfile.load(str(old.path), "srino"), tmp_path / "again")
    values = recipe("srino").to_json() | {
        "network": network,
        "start": str(old.path),
    }
    run = Trainer(Recipe.from_json(values), scenes(), tmp_path / "run")
    kernels = modelfile.read_weights(shipped.path)
    for found in (modelfile.read_weights(again.path), {k: v.numpy() for k, v in run.ema.items()}):
        assert all(np.array_equal(found[k], v) for k, v in kernels.items() if k.startswith("ke."))


def test_a_checkpoint_with_the_older_f_ke_is_refused(tmp_path: Path) -> None:
    run = Trainer(recipe("srino"), scenes(), tmp_path)
    run.save()
    state = torch.load(run.checkpoint, weights_only=True)
    state["model"]["ke.look.0.weight"] = state["model"].pop("ke.tell.0.weight")
    torch.save(state, run.checkpoint)
    with raises_code("recipe-differs", checkpoint=run.checkpoint, field="network"):
        Trainer(recipe("srino"), scenes(), tmp_path)


def test_a_ksdiff_has_none() -> None:
    with raises_code("not-a-recipe"):
        blur.untrained(recipe())
