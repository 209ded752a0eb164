# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff's parts together: gradients, the stages, the scene's kernels, and its configuration."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from raising import raises_code

from core.errors import ModelError
from core.networks.batch import Batch, scene_mean, to_windows
from core.networks.ksdiff import KSDiff, KSDiffConfig, LatentResult
from core.networks.srino import SRINOConfig

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


def method(bands: int | None = None, stride: int = 1) -> KSDiff:
    """Return a small network with random weights where training starts from (nearly) zero."""
    torch.manual_seed(0)
    model = KSDiff(KSDiffConfig(bands, unet_stride=stride, **SMALL))
    for parameter in model.parameters():
        if parameter.detach().abs().max() < 0.02:
            torch.nn.init.normal_(parameter, std=0.1)
    return model


def batch(model: KSDiff) -> Batch:
    """Return two windows of two scenes."""
    torch.manual_seed(1)
    details = 2 if model.config.bands is None else 0
    return Batch(
        torch.randn(4, model.config.pan_channels, 16, 16), torch.randn(4, 4, 16, 16),
        torch.rand(4, 4), torch.rand(4, 4), torch.randn(4, 4, details, 16, 16),
        torch.randn(4, 4, 16, 16), scenes=2,
    )  # fmt: skip


def sampled(model: KSDiff, given: Batch) -> LatentResult:
    torch.manual_seed(2)
    noise, start = torch.randn(2, 4, model.config.tokens, model.config.c_z)
    return model.stage2(given, noise, start, torch.tensor([0, 1, 2, 3]), 3)


def without_gradient(model: KSDiff, stage: int) -> list[str]:
    trained = {id(p) for part in model.trainable_modules(stage) for p in part.parameters()}
    return [
        name
        for name, p in model.named_parameters()
        # A softmax over positions does not see what is added to all of them.
        if id(p) in trained and not name.endswith("attention.k.1.bias")
        if p.grad is None or not p.grad.abs().max() > 0
    ]


@pytest.mark.parametrize(("bands", "stride"), [(None, 1), (None, 2), (4, 1)])
def test_gradients_reach_every_parameter_of_stage_1(bands: int | None, stride: int) -> None:
    model = method(bands, stride)
    given = batch(model)
    (model.stage1(given) - given.gt).abs().mean().backward()
    assert without_gradient(model, 1) == []


@pytest.mark.parametrize("bands", [None, 4])
def test_gradients_of_the_image_loss_run_through_the_sampled_chain(bands: int | None) -> None:
    model = method(bands)
    given = batch(model)
    latent_loss, image = sampled(model, given)
    (image - given.gt).abs().mean().backward()
    assert without_gradient(model, 2) == []
    assert all(p.grad is None for p in model.plfe1.parameters())
    assert latent_loss.item() > 0


def test_stage_2_begins_with_what_both_encoders_have() -> None:
    model = method()
    model.begin_stage2()
    first, second = model.plfe1.state_dict(), model.plfe2.state_dict()
    alike = {n.split(".")[0] for n in second if n in first if torch.equal(first[n], second[n])}
    assert alike == {"pan_stem", "lms_stem", "lms_branch"}


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


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_an_untrained_network_adds_the_details_of_the_classical_methods(stride: int) -> None:
    model = KSDiff(KSDiffConfig(None, unet_stride=stride, **SMALL)).eval()
    given = batch(model)
    with torch.no_grad():
        image = model.net(given.pan, given.lms, given.gain, given.details)
    injected = 0.4 * given.gain[:, :, None, None] * given.pan[:, 1:2] + 0.3 * given.details.sum(2)
    torch.testing.assert_close(image, given.lms + injected)


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_the_order_of_the_bands_only_orders_the_result(stride: int) -> None:
    net, given, order = method(None, stride).net.eval(), batch(method()), [2, 0, 3, 1]
    with torch.no_grad():
        image = net(given.pan, given.lms, given.gain, given.details)
        other = net(given.pan, given.lms[:, order], given.gain[:, order], given.details[:, order])
    torch.testing.assert_close(other, image[:, order], rtol=1e-4, atol=1e-4)


def test_batches_are_window_major() -> None:
    values = torch.arange(6.0)[:, None]  # three windows of two scenes
    assert scene_mean(values, 2).flatten().tolist() == [2, 3]
    assert to_windows(values[:2], 6).flatten().tolist() == [0, 1] * 3
    assert to_windows(values[:1], 3).tolist() == [[0]]


def as_lists(values: dict[str, Any]) -> dict[str, Any]:
    """Return what JSON makes of tuples."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}


@pytest.mark.parametrize("config", [KSDiffConfig(4, (8, 16), (1, 2)), SRINOConfig(None, stride=2)])
def test_a_configuration_survives_a_model_card(config: KSDiffConfig | SRINOConfig) -> None:
    assert type(config).from_json(as_lists(config.to_json())) == config


@pytest.mark.parametrize(
    ("config", "legacy"),
    [
        (KSDiffConfig(), {"generator": ("tucker", "mlp"), "encoder": ("plfe", "none"),
                          "schedule": ("classic", "compact"), "backbone": ("pannext", "dicnn")}),
        (SRINOConfig(), {"operator": ("galerkin", "cnn"), "spatial": (True, False),
                         "spectral": (True, False)}),
    ],
)  # fmt: skip
def test_cards_of_version_0_1_are_read_unless_they_ask_for_an_ablation(
    config: KSDiffConfig | SRINOConfig, legacy: dict[str, tuple[Any, Any]]
) -> None:
    values = as_lists(config.to_json()) | {name: kept for name, (kept, _) in legacy.items()}
    assert type(config).from_json(values) == config
    for name, (_, ablation) in legacy.items():
        with raises_code("network-is-ablation", ModelError, field=name, value=ablation):
            type(config).from_json({**values, name: ablation})


@pytest.mark.parametrize("values", [{"tokens": 5}, {"ranks": None}, {"unet_stride": 3}])
def test_sizes_that_do_not_go_together_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(values))):  # the field's name
        KSDiffConfig(**values)
