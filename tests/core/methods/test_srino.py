# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import quiet
from raising import raises_code

from core.fusion.tiled import in_memory
from core.methods.interface import Settings
from core.methods.network_method import NetworkContext
from core.methods.noise import normal
from core.methods.srino import Sampler, SRINOMethod, spectral_residual
from core.models.onnx_session import Graph
from core.networks.batch import Batch
from core.networks.guidance import blurred
from core.networks.srino import SRINO, Prediction
from core.pair.scene import Scene
from core.raster.window import Window

pytestmark = pytest.mark.numerical


def srino(model: Path, **more: Any) -> SRINOMethod:
    """SRINO for scenes of ratio 4."""
    return SRINOMethod(Settings(4.0, model=str(model), **more))


def sharpened(method: SRINOMethod, scene: Scene, tile: int) -> np.ndarray:
    return in_memory(scene, method, method.prepare(scene, quiet), tile)


def sampler(context: NetworkContext[Any]) -> Sampler:
    assert isinstance(context.network, Sampler)
    return context.network


def test_a_seed_decides_the_result(scene: Scene, small_srino: Path) -> None:
    method = srino(small_srino, seed=3, steps=2)
    context, patch = method.prepare(scene, quiet), scene.read(scene.whole)
    one, again = (method.fuse(patch, context) for _ in range(2))
    noise = replace(context, network=replace(sampler(context), seed=4))
    other = method.fuse(patch, noise)
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0


def test_a_model_bound_to_its_bands(scene: Scene, paper_srino: Path) -> None:
    method = srino(paper_srino, steps=2)
    one = sharpened(method, scene, 4096)
    assert np.abs(sharpened(method, scene, 200) - one).max() < 1e-4 * np.ptp(one)
    assert one.min() >= 0 and one.max() <= 2047


@pytest.mark.parametrize("steps", [0, 482])
def test_impossible_numbers_of_steps(small_srino: Path, steps: int) -> None:
    with raises_code("steps-out-of-range"):
        srino(small_srino, steps=steps)


def test_the_card_says_how_many_steps(small_srino: Path) -> None:
    method = srino(small_srino)
    assert method.evaluations == method.card.steps == 3


def test_windows_are_sampled_as_torch_does(
    scene: Scene, small_srino: Path, small_operator: SRINO
) -> None:
    """The whole chain on the windows that show the scene: contexts free, and frozen."""
    method = srino(small_srino, steps=3)
    network = sampler(method.prepare(scene, quiet))
    given = {k: torch.from_numpy(v) for k, v in network.windows.items()}
    batch = Batch(**given, gt=given["lms"], scenes=1)
    count, bands, size, _ = given["lms"].shape
    strip = normal(0, bands, Window(0, 0, count * size, size))
    noise = torch.from_numpy(strip.reshape(bands, count, size, size).swapaxes(0, 1).copy())
    chain = network.chain
    limits = tuple(torch.from_numpy(x) for x in chain.limits(network.windows["lms"]))
    with torch.no_grad():
        expected = small_operator.sample(batch, noise, 3, limits).numpy()
    features, pseudo = network.begin.run(**{k: network.windows[k] for k in network.begin.inputs})
    given_step = {"features": features, "pseudo": pseudo}
    given_step |= {k: network.windows[k] for k in ("pan", "lms", "weight")}

    def frozen(number: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        contexts, gates = network.contexts[number]
        t = np.array([chain.times[number]], np.float32)
        how = {"x_t": x, "y": y, "t": t, "contexts": contexts, "gates": gates}
        return network.step.run(**given_step, **how)[0]

    found = chain.run(network.windows["lms"], pseudo, noise.numpy(), frozen)
    assert np.abs(found - expected).max() < 1e-4 * np.ptp(expected)


def test_contexts_are_means_whatever_the_size_of_the_windows(
    small_srino: Path, small_operator: SRINO
) -> None:
    torch.manual_seed(0)
    size, graph = 48, Graph(small_srino.with_name("small-srino.context.onnx"), "cpu")
    images = [torch.randn(3, 4, size, size) for _ in range(5)]
    lms, x, y, pseudo, spectral = images
    pan, weight = torch.randn(3, 2, size, size), torch.rand(3, 4)
    features, t = torch.randn(3, 8, size // 2, size // 2), torch.tensor([240.0])
    batch = Batch(pan, lms, weight, weight, lms, lms)
    prediction = Prediction(features, pseudo)
    with torch.no_grad():
        used = small_operator.denoise(x, t.long(), y, prediction, batch, spectral).context
    given = {"pan": pan, "lms": lms, "weight": weight, "x_t": x, "t": t, "y": y, "pseudo": pseudo}
    given |= {"features": features, "spectral": spectral}
    _, contexts, gates = graph.run(**{name: value.numpy() for name, value in given.items()})
    np.testing.assert_allclose(contexts, torch.cat(used.contexts).numpy(), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(gates, torch.cat(used.gates).numpy(), rtol=1e-3, atol=1e-4)


def test_the_spectral_residual_is_that_of_training() -> None:
    rng = np.random.default_rng(0)
    y, lms = rng.standard_normal((2, 3, 4, 20, 20)).astype(np.float32)
    kernels = rng.random((1, 4, 11, 11)).astype(np.float32)
    expected = blurred(torch.from_numpy(y), torch.from_numpy(kernels)).numpy() - lms
    np.testing.assert_allclose(spectral_residual(y, kernels, lms), expected, atol=1e-4)


def test_fine_tuning_trains_the_predictor_and_calibrates_anew(
    scene: Scene, small_srino: Path
) -> None:
    settings = Settings(4.0, model=str(small_srino), steps=2)
    plain, adapted = SRINOMethod(settings), SRINOMethod(settings, fine_tuned=True)
    before, after = (sampler(method.prepare(scene, quiet)) for method in (plain, adapted))
    trained = adapted.to_torch(plain.prepare(scene, quiet))
    assert not any(p.requires_grad for p in trained.m2p.parameters())
    windows = before.windows
    (_, a), (_, b) = (
        network.begin.run(**{name: windows[name] for name in network.begin.inputs})
        for network in (before, after)
    )
    assert np.abs(a - b).max() > 0.01
    assert before.chain.times == after.chain.times
    for (old, _), (new, _) in zip(before.contexts, after.contexts, strict=True):
        assert np.abs(old - new).max() > 0
