# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks that start from the scene fit: untrained they are it, trained they correct it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import quiet

from core.methods.interface import Method, Settings
from core.methods.ksdiff import KSDiffMethod
from core.methods.scene_fit import SceneFit
from core.methods.srino import SRINOMethod
from core.networks.ksdiff import KSDiff, KSDiffConfig
from core.networks.srino import SRINO, SRINOConfig
from core.pair.scene import Scene
from core.synthetic.pairs import write_pair
from training.export import write_model

pytestmark = pytest.mark.numerical

UNET: dict[str, Any] = {
    "unet_dims": (8, 16), "unet_depths": (1, 1), "unet_stride": 2, "details": 3,
}  # fmt: skip
PRIOR: dict[str, Any] = {
    "plfe_dims": (8, 12), "c_z": 16, "tokens": 4, "denoiser_dim": 16, "steps": 20, "ddim_steps": 3,
}  # fmt: skip
OPERATOR: dict[str, Any] = {
    "layers": 2, "width": 16, "heads": 2, "stride": 4, "features": 8, "residual": 4, "hidden": 8,
    "blur_hidden": (8,), "scale": 1.5,
}  # fmt: skip


@pytest.fixture(params=[(0.0, 0.0), (0.6, -1.2)], ids=["still", "displaced"])
def scene(scene: Scene, request: pytest.FixtureRequest) -> Scene:
    return scene.shifted(*request.param)


@pytest.fixture(params=["ksdiff", "srino"])
def network(request: pytest.FixtureRequest) -> KSDiff | SRINO:
    """One with random weights where training starts from zero."""
    torch.manual_seed(0)
    made = {
        "ksdiff": lambda: KSDiff(KSDiffConfig(**UNET, **PRIOR)),
        "srino": lambda: SRINO(SRINOConfig(**UNET, **OPERATOR)),
    }[request.param]()
    for parameter in made.parameters():
        if parameter.detach().abs().max() < 0.02:
            torch.nn.init.normal_(parameter, std=0.1)
    return made.eval()


def method(network: KSDiff | SRINO, folder: Path, **more: Any) -> Method:
    path = write_model(network, folder, "small", window=32, training={}).path
    kind = KSDiffMethod if isinstance(network, KSDiff) else SRINOMethod
    return kind(Settings(4.0, model=str(path), steps=1, **more))


def sharpened(of: Method, scene: Scene) -> np.ndarray:
    return of.fuse(scene.read(scene.whole), of.prepare(scene, quiet))


def test_an_untrained_fusion_network_is_the_scene_fit(scene: Scene, tmp_path: Path) -> None:
    untrained = KSDiff(KSDiffConfig(**UNET, **PRIOR)).eval()
    fitted = sharpened(SceneFit(Settings(4.0)), scene)
    found = sharpened(method(untrained, tmp_path), scene)
    valid = scene.read(scene.whole).valid
    np.testing.assert_allclose(found[:, valid], fitted[:, valid], atol=0.05)


def test_a_trained_one_corrects_the_fit_whatever_the_tile(
    network: KSDiff | SRINO, scene: Scene, tmp_path: Path
) -> None:
    of = method(network, tmp_path)
    fitted = sharpened(SceneFit(Settings(4.0)), scene)
    context = of.prepare(scene, quiet)
    whole = of.fuse(scene.read(scene.whole), context)
    (tile,) = (t for t in scene.plan(64, of.halo, of.align) if (t.inner.row, t.inner.col) == (0, 0))
    part = of.fuse(scene.read(tile.outer), context)
    rows, cols = tile.crop
    assert np.abs(whole - fitted).max() > 0.5
    np.testing.assert_allclose(
        part[:, rows, cols], whole[(slice(None), *tile.inner.slices)], atol=0.02
    )


def test_a_scene_too_small_for_a_fit_is_sharpened_too(
    network: KSDiff | SRINO, tmp_path: Path
) -> None:
    tiny = write_pair(tmp_path, 80, 4, 7)[:2]
    with Scene.open(*tiny) as scene:
        assert SceneFit(Settings(4.0)).fitted(scene, quiet) is None
        assert np.isfinite(sharpened(method(network, tmp_path), scene)).all()
