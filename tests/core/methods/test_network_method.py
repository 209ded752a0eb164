# SPDX-License-Identifier: GPL-2.0-or-later
"""What the methods with a network share, shown with a network that does as it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import quiet
from raising import raises_code
from torch import nn

from core.imaging.arrays import Image
from core.methods import fine_tuning
from core.methods.interface import Settings
from core.methods.network_method import CALIBRATION_WINDOWS, NetworkContext, NetworkMethod
from core.methods.registry import FINE_TUNED, METHODS, NETWORKS, create
from core.methods.scene_fit import SceneFit
from core.pair.scene import Scene
from core.progress import Progress
from core.raster.tile_plan import plan
from core.raster.window import Window
from core.synthetic.pairs import write_pair


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A made-up scene of 264 PAN px, which is no multiple of a tile."""
    pan, ms, _ = write_pair(tmp_path_factory.mktemp("pair"), 264, 4, 7)
    return pan, ms


@dataclass
class Placed:
    """Adds something that depends on the place alone, and notes what it was given."""

    multiple: float = 0.0
    device: str = "cpu"
    given: list[tuple[dict[str, tuple[int, ...]], Window]] = field(default_factory=list)

    def __call__(self, inputs: Mapping[str, Image], window: Window, **how: Any) -> Image:
        self.given.append(({name: value.shape for name, value in inputs.items()}, window))
        rows, cols = np.mgrid[window.slices].astype(np.float32)
        return inputs["lms"] + self.multiple * inputs["weight"][0] + np.sin(rows / 3 + cols)


class Net(nn.Module):
    """Learns a multiple of the first band's weight; another parameter is to stay."""

    def __init__(self) -> None:
        super().__init__()
        self.multiple = nn.Parameter(torch.zeros(()))
        self.frozen = nn.Parameter(torch.ones(()), requires_grad=False)

    def forward(
        self,
        pan: torch.Tensor,
        lms: torch.Tensor,
        gain: torch.Tensor,
        weight: torch.Tensor,
        details: torch.Tensor,
    ) -> torch.Tensor:
        return lms + self.frozen * (self.multiple * weight[:, :1, None, None] + pan[:, 1:])


class PlacedMethod(NetworkMethod[Placed]):
    """`Placed`, with the card of a model it makes no use of."""

    method = "ksdiff"
    share = 0.5
    part = 90

    def receptive_field(self) -> int:
        return 8

    def calibrate(self, windows: dict[str, Image], progress: Progress) -> Placed:
        assert {len(values) for values in windows.values()} == {len(windows["lms"])}
        assert len(windows["lms"]) <= CALIBRATION_WINDOWS
        progress(0.5, "Looking")
        return Placed()

    def to_torch(self, context: NetworkContext[Placed]) -> Net:
        return Net()

    def with_weights(
        self, context: NetworkContext[Placed], weights: Mapping[str, Image]
    ) -> NetworkContext[Placed]:
        assert weights["frozen"] == 1
        return replace(context, network=Placed(float(weights["multiple"])))


@pytest.mark.numerical
def test_a_network_gets_the_place_of_its_window(scene: Scene, small_model: Path) -> None:
    """On the scene and at reduced resolution; a window has the size of the inputs."""
    method = PlacedMethod(Settings(scene.ratio, model=str(small_model)))
    context = method.prepare(scene, quiet)
    assert context.network.given, "the detail gain was not measured"
    whole = method.fuse(scene.read(scene.whole), context)
    for part in plan(scene.whole, 101, method.halo, method.align):
        fused = method.fuse(scene.read(part.outer), context)[(slice(None), *part.crop)]
        apart = np.abs(fused - whole[(slice(None), *part.inner.slices)]).max()
        assert apart < 1e-4 * np.ptp(whole)
    for shapes, window in context.network.given:
        assert set(shapes) == set(method.input_names)
        assert shapes["lms"] == (4, *window.shape) and shapes["weight"] == (4,)
        assert window.height % method.align == window.width % method.align == 0


def test_any_network_method_is_fine_tuned(
    scene: Scene, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tuning, "STEPS", 6)
    method = PlacedMethod(Settings(scene.ratio, model=str(small_model)), fine_tuned=True)
    context = method.prepare(scene, quiet)
    image = method.fuse(scene.read(scene.whole), context)
    assert context.network.multiple != 0
    assert image.shape == (4, scene.height, scene.width)
    assert method.describe(context) == {
        "method": "ksdiff-adapted",
        "model": "small",
        "device": "cpu",
    }


def test_the_rest_of_the_result_is_that_of_the_scene_fit(scene: Scene, small_model: Path) -> None:
    method = PlacedMethod(Settings(scene.ratio, model=str(small_model)))
    context = method.prepare(scene, quiet)
    fit = SceneFit(Settings(scene.ratio))
    patch = scene.read(scene.whole)
    both = method.fuse(patch, context)
    alone = method.fuse(patch, replace(context, base=None))
    fitted = fit.fuse(patch, fit.prepare(scene, quiet))
    np.testing.assert_allclose(both, (alone + fitted) / 2, rtol=1e-5, atol=1e-3)
    assert np.abs(alone - fitted).max() > 1


def test_passes_asked_of_the_scene_fit_are_not_the_networks(
    scene: Scene, small_model: Path
) -> None:
    """As with `auto`, whose fit of the scene has the passes that were asked for."""
    other, usual = (
        SceneFit(Settings(scene.ratio, back_projection=n)).fitted(scene, quiet) for n in (0, 3)
    )
    assert other and usual
    for fit in (other.fit, usual.fit):
        settings = Settings(scene.ratio, model=str(small_model), back_projection=0, fit=fit)
        base = PlacedMethod(settings).prepare(scene, quiet).base
        assert base and base.restore.passes == 3
        np.testing.assert_array_equal(base.fit.weights, usual.fit.weights)


@pytest.mark.parametrize("name", [*NETWORKS, *FINE_TUNED])
def test_a_default_model_that_is_missing_is_named(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(METHODS, name, replace(METHODS[name], model="absent"))
    with raises_code("model-unknown", model="absent"):
        create(name, Settings(4))
