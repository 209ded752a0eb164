# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from typing import Any

import pytest
import torch

from core.networks.config import Batch
from core.networks.ksdiff import KSDiff, KSDiffConfig

pytestmark = pytest.mark.numerical

SMALL: dict[str, Any] = {
    "unet_dims": (8, 12),
    "unet_depths": (1, 1),
    "plfe_dims": (8, 12),
    "c_z": 16,
    "tokens": 4,
    "denoiser_dim": 16,
    "steps": 20,
}
COMPACT = {"schedule": "compact", "steps": 4, "beta": (0.1, 0.99)}
FORMS: dict[str, dict[str, Any]] = {
    "any bands": {},
    "four bands": {"bands": 4},
    "mlp": {"generator": "mlp"},
    "concatenated": {"encoder": "concatenated"},
    "concatenated, four bands": {"encoder": "concatenated", "bands": 4},
    "no prior": {"encoder": "none"},
    "no kernels": {"ranks": None},
    "compact": COMPACT,
    "dicnn": {"backbone": "dicnn", "bands": 4},
    "fusionnet": {"backbone": "fusionnet", "bands": 4},
    "fusionnet, plain": {"backbone": "fusionnet", "bands": 4, "ranks": None},
    "lagnet": {"backbone": "lagnet", "bands": 4},
}


def method(**form: Any) -> KSDiff:
    """Small, with random weights where training starts from (nearly) zero."""
    torch.manual_seed(0)
    model = KSDiff(KSDiffConfig(**{**SMALL, **form}))
    for parameter in model.parameters():
        if parameter.detach().abs().max() < 0.02:
            torch.nn.init.normal_(parameter, std=0.1)
    return model


def batch(model: KSDiff) -> Batch:
    """Two windows of two scenes."""
    torch.manual_seed(1)
    details = 2 if model.config.bands is None else 0
    return Batch(
        torch.randn(4, model.config.pan_channels, 16, 16), torch.randn(4, 4, 16, 16),
        torch.rand(4, 4), torch.rand(4, 4), torch.randn(4, 4, details, 16, 16),
        torch.randn(4, 4, 16, 16), scenes=2,
    )  # fmt: skip


def sampled(model: KSDiff, given: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(2)
    noise, start = torch.randn(2, 4, model.config.tokens, model.config.c_z)
    return model.stage2(given, noise, start, torch.tensor([0, 1, 2, 3]), 3)


def without_gradient(model: KSDiff, stage: int) -> list[str]:
    trained = {id(p) for part in model.trained(stage) for p in part.parameters()}
    return [
        name
        for name, p in model.named_parameters()
        # A softmax over positions does not see what is added to all of them.
        if id(p) in trained and not name.endswith("attention.k.1.bias")
        if p.grad is None or not p.grad.abs().max() > 0
    ]


@pytest.mark.parametrize("form", FORMS)
def test_gradients_reach_every_parameter_of_stage_1(form: str) -> None:
    model = method(**FORMS[form])
    given = batch(model)
    (model.stage1(given) - given.gt).abs().mean().backward()
    assert without_gradient(model, 1) == []


@pytest.mark.parametrize("form", FORMS)
def test_gradients_reach_every_parameter_of_stage_2(form: str) -> None:
    """The image's loss alone: gradients run through the sampled chain."""
    model = method(**FORMS[form])
    given = batch(model)
    latent, hrms = sampled(model, given)
    (hrms - given.gt).abs().mean().backward()
    assert without_gradient(model, 2) == []
    assert all(p.grad is None for p in model.plfe1.parameters())
    assert (float(latent) > 0) == model.config.modulated


@pytest.mark.parametrize("form", ["no prior", "no kernels"])
def test_without_a_prior_both_stages_are_plain_regression(form: str) -> None:
    model = method(**FORMS[form])
    given = batch(model)
    latent, hrms = sampled(model, given)
    assert float(latent) == 0
    torch.testing.assert_close(hrms, model.stage1(given))
    assert {name.split(".")[0] for name, _ in model.named_parameters()} == {"net"}
    kernels = model.scene_kernels(given.pan, given.lms, given.gain, given.details, given.pan)
    assert kernels == model.net.kernel_names() == []


@pytest.mark.parametrize("encoder", ["plfe", "concatenated"])
def test_stage_2_begins_with_what_both_encoders_have(encoder: str) -> None:
    model = method(encoder=encoder)
    model.begin_stage2()
    first, second = model.plfe1.state_dict(), model.plfe2.state_dict()
    alike = {n.split(".")[0] for n in second if n in first if torch.equal(first[n], second[n])}
    branch = "lms_branch" if encoder == "plfe" else "pyramid"
    assert alike == {"pan_stem", "lms_stem", branch}


def test_kernels_of_a_scene_come_from_the_mean_of_its_windows() -> None:
    model = method().eval()
    given, noise = batch(model), torch.randn(1, 4, 16)
    images = (given.pan, given.lms, given.gain, given.details)
    with torch.no_grad():
        kernels = model.scene_kernels(*images, noise)
        again = model.scene_kernels(*(x.flip(0) for x in images), noise)
    assert len(kernels) == len(model.net.kernel_names())
    for a, b in zip(kernels, again, strict=True):
        torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-5)


def test_config_survives_json() -> None:
    for config in (
        KSDiffConfig(bands=4, unet_dims=(8, 16), unet_depths=(1, 2)),
        KSDiffConfig(
            bands=4, backbone="lagnet", encoder="concatenated", generator="mlp", **COMPACT
        ),  # type: ignore[arg-type]
    ):
        values = {k: list(v) if isinstance(v, tuple) else v for k, v in config.to_json().items()}
        assert KSDiffConfig.from_json(values) == config


def test_a_card_that_does_not_know_the_counterparts_is_the_method() -> None:
    values = KSDiffConfig().to_json()
    for name in ("generator", "encoder", "schedule", "backbone"):
        del values[name]
    assert KSDiffConfig.from_json(values) == KSDiffConfig()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"generator": "cp"}, "generator is one of .*'tucker', 'mlp'.* not 'cp'"),
        ({"encoder": "resnet"}, "encoder is one of"),
        ({"schedule": "cosine"}, "schedule is one of"),
        ({"backbone": "panformer"}, "backbone is one of"),
        ({"backbone": "dicnn"}, "dicnn needs bands"),
        ({"tokens": 5}, "square number"),
        ({"schedule": "compact"}, "few and large steps"),
        ({"schedule": "compact", "steps": 4}, "few and large steps"),
    ],
)
def test_sizes_that_do_not_go_together(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        KSDiffConfig(**values)
