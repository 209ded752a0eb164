# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO's parts together: sizes, gradients, sampling, and the context of a scene."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from core.networks import denoiser
from core.networks.batch import Batch
from core.networks.denoiser import Denoised, SceneContext
from core.networks.diffusion import time_embedding
from core.networks.srino import SRINO, SRINOConfig

pytestmark = pytest.mark.numerical

SMALL: dict[str, Any] = {
    "layers": 2,
    "width": 8,
    "heads": 2,
    "features": 4,
    "residual": 2,
    "unet_dims": (8, 8),
    "unet_depths": (1, 1),
    "hidden": 4,
    "blur_hidden": (8,),
    "steps": 100,
}
FORMS: dict[str, dict[str, Any]] = {
    "any bands": {},
    "any bands, coarse": {"stride": 2},
    "four bands": {"bands": 4},
}


def method(**form: Any) -> SRINO:
    """Return a small network with random weights where training starts from (nearly) zero."""
    torch.manual_seed(0)
    model = SRINO(SRINOConfig(**{**SMALL, **form}))
    for parameter in model.parameters():
        if parameter.detach().abs().max() < 0.05:
            torch.nn.init.normal_(parameter, std=0.1)
    return model.eval()


def batch(model: SRINO, bands: int = 4, count: int = 4, side: int = 16) -> Batch:
    """Return windows of two scenes."""
    torch.manual_seed(1)
    details = 2 if model.config.bands is None else 0
    size = (side, side)
    return Batch(
        torch.randn(count, model.config.pan_channels, *size), torch.randn(count, bands, *size),
        torch.rand(count, bands), torch.rand(count, bands),
        torch.randn(count, bands, details, *size), torch.randn(count, bands, *size), scenes=2,
    )  # fmt: skip


def sampled(model: SRINO, of: Batch, count: int = 3, **how: Any) -> Tensor:
    noise = torch.randn(of.lms.shape, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        return model.sample(of, noise, count, **how)


def one_step(model: SRINO, of: Batch, known: SceneContext | None = None) -> Denoised:
    """Return a step whose estimate so far is the pseudo-HRMS."""
    x_t = torch.randn(of.lms.shape, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        prediction = model.predict(of)
        y = prediction.image
        spectral = model.spectral_residual(y, model.ke(of.pan, of.lms, of.scenes), of.lms)
        times = torch.full((len(x_t),), 40)
        return model.denoise(x_t, times, y, prediction, of, None if known else spectral, known)


@pytest.mark.parametrize("form", FORMS)
def test_gradients_reach_every_parameter_of_both_stages(form: str) -> None:
    model = method(**FORMS[form])
    of = batch(model)
    t = torch.tensor([20, 40, 20, 40])
    abar = model.schedule.alpha_bar[t]
    x0 = model.operator(of.lms, t, abar, of.gt, of.gt - of.lms, 2).x0
    pan = model.m2p(of.gt, of.weight) - of.pan[:, :1]
    spectral = model.spectral_residual(of.gt, model.ke(of.pan, of.lms, 2), of.lms)
    alone = [] if model.config.bands is not None else [model.predict(of).image]
    torch.stack([image.abs().mean() for image in (x0, pan, spectral, *alone)]).sum().backward()
    first, second = (model.trainable_modules(stage) for stage in (1, 2))
    # V leaves Phi by a convolution that only the adapters use.
    unused = [f"{name}" for name in without_gradient(*first) if not name.startswith("features.")]
    assert unused == []
    for part in first:
        if part not in second:
            part.requires_grad_(False)
    model.zero_grad(set_to_none=True)
    prediction = model.predict(of)
    y = prediction.image.detach()
    x0 = model.denoise(of.lms, t, y, prediction, of, 5 * spectral.detach()).x0
    (x0 - of.gt).abs().mean().backward()
    assert without_gradient(*second) == []


def without_gradient(*modules: nn.Module) -> list[str]:
    return [
        name
        for module in modules
        for name, p in module.named_parameters()
        if p.grad is None or not p.grad.abs().max() > 0
    ]


@pytest.mark.parametrize("form", FORMS)
def test_stage_2_begins_with_the_operator_of_stage_1(form: str) -> None:
    """Untrained adapters whose gates are closed leave the layers' inputs as they are."""
    torch.manual_seed(0)
    model = SRINO(SRINOConfig(**{**SMALL, **FORMS[form]})).eval()
    of = batch(model)
    gates = one_step(model, of).context.gates
    assert all(float(gate.min()) > 0.03 and float(gate.max()) < 0.07 for gate in gates)
    x_t = torch.randn(of.lms.shape, generator=torch.Generator().manual_seed(3))
    t = torch.full((4,), 40)
    with torch.no_grad():
        pseudo, abar = model.predict(of).image, model.schedule.alpha_bar[t]
        alone = model.operator(x_t, t, abar, pseudo, pseudo - of.lms, of.scenes)
    closed = SceneContext(alone.context.contexts, [torch.zeros(2, 8)] * 2)
    torch.testing.assert_close(one_step(model, of, closed).x0, alone.x0)


@pytest.mark.parametrize("form", FORMS)
def test_known_contexts_and_gates_give_what_the_scene_would(form: str) -> None:
    model = method(**FORMS[form])
    of = batch(model)
    free = one_step(model, of)
    assert [c.shape for c in free.context.contexts] == [(2, 2, 4, 4)] * 2
    assert [g.shape for g in free.context.gates] == [(2, 8)] * 2
    torch.testing.assert_close(one_step(model, of, free.context).x0, free.x0)


def test_with_a_known_context_a_step_is_local() -> None:
    """Pixels farther away than the convolutions look change nothing."""
    model = method(bands=4)
    of = batch(model, side=48)
    free = one_step(model, of)
    known = one_step(model, of, free.context).x0
    of.pan[..., 40:, 40:] += 1
    assert one_step(model, of, free.context).x0[..., :8, :8].equal(known[..., :8, :8])
    assert not one_step(model, of).x0[..., :8, :8].equal(free.x0[..., :8, :8])


@pytest.mark.parametrize("bands", [1, 3, 7])
def test_one_network_takes_any_bands_in_any_order(bands: int) -> None:
    model = method(stride=2)
    of = batch(model, bands)
    noise = torch.randn(of.lms.shape, generator=torch.Generator().manual_seed(2))
    turned = Batch(
        of.pan, of.lms.flip(1), of.gain.flip(1), of.weight.flip(1), of.details.flip(1),
        of.gt.flip(1), of.scenes,
    )  # fmt: skip
    with torch.no_grad():
        straight, back = model.sample(of, noise, 2), model.sample(turned, noise.flip(1), 2)
    assert straight.shape == of.lms.shape
    torch.testing.assert_close(back.flip(1), straight, atol=1e-4, rtol=1e-4)


def record(model: SRINO, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Tensor, Tensor]]:
    """Note time, estimate so far, and X0 of every step."""
    seen: list[tuple[int, Tensor, Tensor]] = []
    real = model.denoise

    def denoise(x_t: Tensor, t: Tensor, y: Tensor, *rest: Any) -> Denoised:
        result = real(x_t, t, y, *rest)
        seen.append((int(t[0]), y, result.x0))
        return result

    monkeypatch.setattr(model, "denoise", denoise)
    return seen


def test_every_step_is_guided_by_the_estimate_of_the_step_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = method(bands=4, scale=2.0)
    of = batch(model)
    seen = record(model, monkeypatch)
    last = sampled(model, of, 4)
    assert [t for t, _, _ in seen] == [96, 64, 32, 0]
    with torch.no_grad():
        estimates = [model.predict(of).image, *(of.lms + x0 / 2 for _, _, x0 in seen)]
    for (_, y, _), expected in zip(seen, estimates, strict=False):
        torch.testing.assert_close(y, expected)
    torch.testing.assert_close(last, estimates[-1])
    assert not seen[1][1].equal(seen[2][1])


def test_the_network_is_told_the_steps_of_the_whole_schedule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """480, 460, ... of 500, not 24, 23, ... of 25."""
    told: list[int] = []

    def embedding(t: Tensor, dim: int) -> Tensor:
        told.extend(t[:1].tolist())
        return time_embedding(t, dim)

    monkeypatch.setattr(denoiser, "time_embedding", embedding)
    model = method(bands=4, steps=500)
    sampled(model, batch(model, count=2, side=8), 25)
    assert told == list(range(480, -1, -20))


def test_estimates_stay_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    model = method(bands=4)
    of = batch(model)
    assert sampled(model, of, 3).abs().max() > 0.5
    limits = torch.full((4, 1, 1), -0.5), torch.full((4, 1, 1), 0.5)
    seen = record(model, monkeypatch)
    last = sampled(model, of, 3, limits=limits)
    assert all(y.abs().max() == 0.5 for y in (seen[1][1], seen[2][1], last))


def test_the_result_is_a_function_of_the_noise() -> None:
    model = method(bands=4)
    of = batch(model)
    with torch.no_grad():
        other = model.sample(of, torch.randn(of.lms.shape), 3)
    assert sampled(model, of).equal(sampled(model, of))
    assert not sampled(model, of).equal(other)


@pytest.mark.parametrize(
    "values", [{"heads": 7}, {"kernel": 10}, {"stride": 2, "bands": 4}, {"stride": 8}]
)
def test_sizes_that_do_not_go_together_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(values))):  # the field's name
        SRINOConfig(**values)
