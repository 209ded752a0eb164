# SPDX-License-Identifier: GPL-2.0-or-later
"""Training, validation and fine-tuning keep to the device of the network, and seldom wait for it.

There is no GPU here: see `pretended`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pretended import PretendedGpu
from small import recipe, scenes

from core.methods import fine_tuning
from core.methods.full_resolution_windows import FullWindows
from core.methods.network_inputs import Inputs, ReducedPairs
from core.networks.ksdiff import fusion_network
from core.networks.srino import PredictorStage
from training.curves import read_table
from training.recipe import Recipe
from training.trainer import Trainer
from training.validation import cases, validate

#: Profiles: a network for any number of bands; one that starts from the scene fit, on blocks, as
#: those shipped do; and one bound to its bands as in the papers.
PROFILES: dict[str, dict[str, Any]] = {
    "scene": {"hard": 0.5},
    "fit": {"hard": 0.5, "network": {"details": 3, "unet_stride": 2}},
    "paper": {"network": {"bands": 6}, "scale": 2047.0},
}

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*copying from a non-meta parameter"),
    pytest.mark.filterwarnings("ignore:Mean of empty slice"),  # images of zeros have no Q2n
    pytest.mark.filterwarnings("ignore:Data has no positive values"),
]


def of(method: str, profile: str, stage: int = 1, **more: Any) -> Recipe:
    """Return a small recipe that begins in a stage."""
    values = {**PROFILES[profile], **more}
    if method == "srino" and profile == "paper":
        values["network"] = {**values["network"], "stride": 1}
    first = {"steps": 0 if stage == 2 else 4, "lr": 1e-3}
    return recipe(method, **values, stage1=first, batch=16, self_conditioning=1.0)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("stage", [1, 2])
@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_a_step_stays_on_its_device_and_never_waits_for_it(
    gpu: PretendedGpu, method: str, stage: int, profile: str, tmp_path: Path
) -> None:
    """With windows of one scene, of several, and of a scene each."""
    run = Trainer(of(method, profile, stage), scenes(), tmp_path, "meta")
    assert run.stage == stage
    first_of = {run.batches.shape(step).scenes: step for step in reversed(range(20))}
    assert set(first_of) == {1, 4, 16}
    for step in first_of.values():
        before = gpu.reads, gpu.waits
        run.train_step(step, run.batches.make(step).to(run.device), run.batches)
        assert (gpu.reads, gpu.waits) == before
    tensors = [*run.model.state_dict().values(), *run.ema.values()]
    moments = [v for s in run.optimiser.state.values() for k, v in s.items() if k != "step"]
    assert all(tensor.is_meta for tensor in [*tensors, *moments])
    assert not any(value.requires_grad for value in run.ema.values())


@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_a_run_that_goes_on_keeps_counts_of_steps_on_the_cpu(
    gpu: PretendedGpu, method: str, tmp_path: Path
) -> None:
    """One that was begun on another device, too."""
    Trainer(of(method, "scene"), scenes(), tmp_path).run(stop_after=1)
    run = Trainer(of(method, "scene"), scenes(), tmp_path, "meta")
    assert run.step == 1 and all(value.is_meta for value in run.ema.values())
    before = gpu.reads, gpu.waits
    run.train_step(1, run.batches.make(1).to(run.device), run.batches)
    assert (gpu.reads, gpu.waits) == before


@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_losses_are_read_together_and_none_is_left_out(
    gpu: PretendedGpu, method: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """After the first step and at the end of a stage, if it is short, and for the checkpoint."""
    monkeypatch.setattr("training.trainer.READ_EVERY", 1e9)
    run = Trainer(of(method, "scene"), scenes(), tmp_path, "meta")
    seen: list[int] = []
    before = gpu.reads
    run.run(on_step=lambda losses: seen.append(gpu.reads - before))
    assert run.finished and seen[:4] == [1, 1, 1, 2]
    rows = read_table(tmp_path / "loss.csv")
    assert [(row["stage"], row["step"]) for row in rows] == [(s, n) for s in "12" for n in "1234"]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("stage", [1, 2])
@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_validation_runs_on_the_device_of_the_network(
    gpu: PretendedGpu, method: str, stage: int, profile: str, tmp_path: Path
) -> None:
    run = Trainer(of(method, profile, stage), scenes(), tmp_path, "meta")
    found = cases(scenes()[2:], run.model.config.bands, run.recipe.scale, run.model.config.details)
    before = gpu.reads
    scores = validate(run.model, found, stage)
    assert run.model.title in scores
    # Of each image the values, the reference's, and its L1: never one by one.
    assert gpu.reads - before == 3 * len(scores) * len(found)
    assert all(not value.is_meta for value in run.averaged().state_dict().values())


@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_fine_tuning_stays_on_its_device(
    gpu: PretendedGpu, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tuning, "STEPS", 3)
    small, ksdiff = recipe(method).network, method == "ksdiff"
    net = (
        fusion_network(small, plain=True) if method == "ksdiff" else PredictorStage.untrained(small)
    )
    count = len(net.state_dict())
    before = gpu.reads
    weights = fine_tuning.fine_tune(
        net, pairs(with_weight=not ksdiff), whole(with_weight=not ksdiff), np.ones(4, np.float32),
        device="meta", seed=0, seconds=600.0, progress=lambda fraction, message: None,
    )  # fmt: skip
    assert set(weights) == set(net.state_dict())
    assert gpu.reads - before == count, "only the weights come back, at the end"


def pairs(with_weight: bool) -> ReducedPairs:
    """Return random training pairs of three windows of four bands."""
    inputs = random_inputs(with_weight)
    return ReducedPairs([], inputs, inputs["lms"], np.ones((3, 32, 32), bool))


def whole(with_weight: bool) -> FullWindows:
    """Return random windows at full resolution, of ratio 4."""
    down = np.zeros((3, 4, 8, 32), np.float32)
    valid, ms = np.ones((3, 32, 32), bool), np.zeros((3, 4, 8, 8), np.float32)
    return FullWindows(random_inputs(with_weight), valid, (down, down), ms, 4.0)


def random_inputs(with_weight: bool) -> Inputs:
    rng = np.random.default_rng(0)

    def some(*shape: int) -> np.ndarray:
        return rng.standard_normal((3, *shape), np.float32)

    inputs: Inputs = {"pan": some(2, 32, 32), "lms": some(4, 32, 32), "gain": some(4)}
    inputs["details"] = some(4, 2, 32, 32)
    if with_weight:
        inputs["weight"] = some(4)
    return inputs


def test_the_pretended_gpu_notices_what_a_real_one_would(gpu: PretendedGpu) -> None:
    image = torch.zeros(1, 2, 8, 8, device="meta")
    with pytest.raises(AssertionError, match="several devices"):
        torch.nn.functional.conv2d(image, torch.ones(2, 2, 3, 3))
    assert float(image.sum()) == 0 and image.to("cpu").device.type == "cpu" and gpu.reads == 2
