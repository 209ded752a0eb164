# SPDX-License-Identifier: GPL-2.0-or-later
"""What SRINO's two stages train, and what they leave alone."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from raising import raises_code
from small import recipe, scenes
from torch import Tensor

from core.networks.batch import Batch
from core.networks.srino import SRINO
from training.batches import Batches, Layout
from training.export import export_run
from training.objectives import Draws, disturbed, srino
from training.recipe import Recipe
from training.start import new_model
from training.trainer import Trainer

#: A network for four bands, as in the papers.
BOUND: dict[str, Any] = {"network": {"bands": 4, "stride": 1}, "scale": 2047.0}

pytestmark = pytest.mark.numerical


def prepared(of: Recipe) -> tuple[SRINO, Batch, Layout]:
    """The untrained model and one batch."""
    torch.manual_seed(0)
    model = new_model(of)
    assert isinstance(model, SRINO)
    found = [replace(s, ms=s.ms[: of.network.bands]) for s in scenes(0)]
    batches = Batches(found, of.batch, of.patch, 0, 1, of.network.bands, of.scale)
    return model, batches.make(0), batches.layout(0)


def draws(layout: Layout, seed: int = 0) -> Draws:
    generator = torch.Generator().manual_seed(seed)
    return Draws(generator, layout, slice(0, layout.scenes), torch.device("cpu"))


@pytest.mark.parametrize("bound", [{}, BOUND], ids=["any bands", "bound"])
@pytest.mark.parametrize("stage", [1, 2])
def test_a_stage_lowers_its_losses_on_one_batch(stage: int, bound: dict[str, Any]) -> None:
    of = recipe("srino", **bound)
    model, batch, layout = prepared(of)
    model.requires_grad_(False)
    modules = model.trainable_modules(stage)
    trained = [p.requires_grad_(True) for m in modules for p in m.parameters()]
    optimiser = torch.optim.AdamW(trained, 1e-2)
    totals = []
    for _ in range(40):
        hrms, others = srino(model, stage, batch, draws(layout), of)
        loss = (hrms - batch.gt).abs().mean() + torch.stack([*others.values()]).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        totals.append(float(loss.detach()))
    assert min(totals[-5:]) < 0.9 * totals[0], totals


def test_stage_2_leaves_the_operator_and_the_sensor_as_stage_1_made_them(tmp_path: Path) -> None:
    run = Trainer(recipe("srino"), scenes(), tmp_path)
    begin = {k: v.clone() for k, v in run.model.state_dict().items()}
    run.run(stop_after=4)
    assert (run.stage, run.step) == (2, 0)
    before = {k: v.clone() for k, v in run.model.state_dict().items()}
    changed = {k.split(".")[0] for k in before if not before[k].equal(begin[k])}
    assert changed == {"operator", "m2p", "ke"}
    run.run()
    for state in (run.model.state_dict(), run.averaged().state_dict()):
        changed = {k.split(".")[0] for k in before if not before[k].equal(state[k])}
        assert changed == {"phi", "adapters"}


def test_the_curves_name_every_loss(tmp_path: Path) -> None:
    Trainer(recipe("srino"), scenes(), tmp_path).run(validate_every=4)
    with (tmp_path / "loss.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        told = {name for name in ("latent", "pan", "blur", "pseudo") if row[name]}
        assert told == ({"pan", "blur"} if row["stage"] == "1" else {"pseudo"})
    with (tmp_path / "validation.csv").open(newline="") as file:
        assert {r["method"] for r in csv.DictReader(file)} == {"SRINO", "BDSD-PC", "BT-H"}


@pytest.mark.parametrize(("share", "passes"), [(1.0, 2), (0.0, 1)])
def test_an_estimate_that_guides_has_no_gradient(share: float, passes: int) -> None:
    """Self-conditioning: one pass without gradients, whose image guides the one that is trained."""
    of = recipe("srino", self_conditioning=share)
    model, batch, layout = prepared(of)
    seen: list[tuple[bool, Tensor, Tensor]] = []
    real = model.denoise

    def denoise(x_t: Tensor, t: Tensor, y: Tensor, *rest: Any) -> Any:
        result = real(x_t, t, y, *rest)
        seen.append((torch.is_grad_enabled(), y, result.x0))
        return result

    model.denoise = denoise  # type: ignore[method-assign]
    srino(model, 2, batch, draws(layout), of)
    assert [grad for grad, _, _ in seen] == [False, True][-passes:]
    assert not any(y.requires_grad for _, y, _ in seen)
    if passes == 2:
        torch.testing.assert_close(seen[1][1], batch.lms + seen[0][2] / of.network.scale)


def test_scenes_are_noised_to_steps_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """All windows of a scene alike; with `first_share` 1 to where sampling begins."""
    of = recipe("srino", first_share=1.0, self_conditioning=0.0)
    model, batch, _ = prepared(of)
    layout = Layout(batch.scenes, len(batch.lms) // batch.scenes, batch.lms.shape[1])
    told: list[list[int]] = []
    real = model.schedule.add_noise

    def add_noise(x0: Tensor, t: Tensor, noise: Tensor) -> Tensor:
        told.append(t.expand(len(x0)).tolist())
        return real(x0, t, noise)

    monkeypatch.setattr(model.schedule, "add_noise", add_noise)
    srino(model, 2, batch, draws(layout), of)
    srino(model, 1, batch, draws(layout), of)
    assert set(told[0]) == {model.schedule.timesteps(1)[0]}
    windows = torch.tensor(told[1]).unflatten(0, (-1, layout.scenes))
    assert (windows == windows[:1]).all() and windows.min() >= 0 and windows.max() < 20


def test_the_condition_of_stage_1_is_near_the_truth_but_not_it() -> None:
    layout = Layout(2, 2, 4)
    x0 = torch.randn(4, 4, 32, 32)
    found = disturbed(x0, draws(layout))
    assert 0.05 < float((found - x0).abs().mean() / x0.abs().mean()) < 0.8
    assert found.equal(disturbed(x0, draws(layout)))


def test_the_predictor_begins_with_a_ksdiff(tmp_path: Path) -> None:
    """Its network, with the mean of the scenes' kernels; what KSDiff never saw counts nothing."""
    first = Trainer(recipe(), scenes(), tmp_path / "ksdiff")
    first.run()
    model = export_run(first.folder, tmp_path).path
    run = Trainer(recipe("srino", start=str(model)), scenes(), tmp_path / "run")
    phi, batch = run.model.phi, run._batches().make(0)  # type: ignore[union-attr]
    given = first.averaged().net.state_dict()  # type: ignore[union-attr]
    taken = phi.net.state_dict()
    plain = [n for n in taken if n in given and taken[n].shape == given[n].shape]
    kernels = first.averaged().net.kernel_names()  # type: ignore[union-attr]
    assert all(taken[n].equal(given[n]) for n in plain if n not in kernels)
    residual = torch.randn(batch.pan[:, :1].shape)
    with torch.no_grad():
        images = [
            phi(batch.pan, r, batch.lms, batch.gain, batch.details)[1]
            for r in (residual, 0 * residual)
        ]
    torch.testing.assert_close(*images)


def test_training_begins_with_a_model_of_its_own_or_says_that_it_does_not_fit(
    tmp_path: Path,
) -> None:
    first = Trainer(recipe("srino"), scenes(), tmp_path / "first")
    first.run()
    start = str(export_run(first.folder, tmp_path).path)
    again = Trainer(recipe("srino", start=start), scenes(), tmp_path / "again")
    given = first.averaged().state_dict()
    assert all(value.equal(given[name]) for name, value in again.model.state_dict().items())
    with raises_code("start-model-differs"):
        Trainer(recipe(start=start), scenes(), tmp_path / "other")


def test_a_predictor_bound_to_its_bands_cannot_begin_with_a_ksdiff(tmp_path: Path) -> None:
    first = Trainer(recipe(), scenes(), tmp_path / "first")
    first.run()
    start = str(export_run(first.folder, tmp_path).path)
    bound = recipe("srino", start=start, **BOUND)
    four = [replace(s, ms=s.ms[:4]) for s in scenes()]
    with raises_code("start-model-differs"):
        Trainer(bound, four, tmp_path / "run")
