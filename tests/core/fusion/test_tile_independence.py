# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles of any size, and no tiles, give the same result."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import Plain, write_pair

from core.fusion.tiled import in_memory
from core.methods.interface import Method, Settings
from core.methods.registry import create
from core.methods.srino import HALO_STEPS
from core.pair.scene import Scene
from core.synthetic.pairs import write_pair as synthetic_pair

TOLERANCE = 1e-4  # of the data range


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """196 PAN px, no multiple of a tile."""
    return write_pair(tmp_path / "in", size=196)


@pytest.fixture
def scene(pair: tuple[Path, Path]) -> Iterator[Scene]:
    with Scene.open(*pair) as opened:
        yield opened


def difference(scene: Scene, method: Method, *tiles: int) -> float:
    """The largest difference that tiles of some sizes (PAN px) make, as a share of the range."""
    context = method.prepare(scene, lambda fraction, message: None)
    whole = in_memory(scene, method, context, max(scene.height, scene.width))
    span = float(np.nanmax(whole) - np.nanmin(whole)) or 1.0
    largest = 0.0
    for size in tiles:
        tiled = in_memory(scene, method, context, size)
        apart = np.abs(tiled - whole)
        # A pixel that has a number in one and none in the other differs as much as can be.
        apart[np.isnan(tiled) != np.isnan(whole)] = np.inf
        largest = max(largest, float(np.nanmax(apart)) / span)
    return largest


@pytest.mark.parametrize("name", ["non_integer_ratio", "half_pixel_offset"])
def test_real_scenes_agree(shared_data: Path, name: str) -> None:
    folder = shared_data / "edge" / name
    with Scene.open(folder / "pan.tif", folder / "ms.tif") as scene:
        assert difference(scene, create("mtf-glp-fs", Settings(scene.ratio)), 96) <= TOLERANCE


def test_a_network_agrees(scene: Scene, small_model: Path) -> None:
    method = create("ksdiff", Settings(scene.ratio, model=str(small_model)))
    assert difference(scene, method, 64, 101, 128) <= TOLERANCE


@pytest.mark.parametrize("steps", [1, HALO_STEPS + 2])
def test_a_method_that_samples_agrees(scene: Scene, small_srino: Path, steps: int) -> None:
    method = create("srino", Settings(scene.ratio, model=str(small_srino), steps=steps))
    assert difference(scene, method, 100) <= TOLERANCE


@pytest.mark.numerical
@pytest.mark.parametrize("name", ["ksdiff", "srino"])
def test_a_shipped_network_agrees(tmp_path: Path, name: str) -> None:
    """Halos leave out what a network hardly sees: that is less than rounding."""
    pan, ms, _ = synthetic_pair(tmp_path, 384, 4, 1)
    with Scene.open(pan, ms) as scene:
        method = create(name, Settings(scene.ratio, model=f"{name}-scene", device="cpu"))
        assert difference(scene, method, 96) <= 1e-6


def test_a_method_that_looks_at_its_tile_differs(scene: Scene) -> None:
    class Global(Plain):
        def fuse(self, patch: Any, context: Any, **how: Any) -> np.ndarray:
            return patch.lms - patch.lms.mean()

    assert difference(scene, Global(), 64) > TOLERANCE


def test_a_halo_too_small_is_seen(scene: Scene) -> None:
    class Wide(Plain):
        halo = 0

        def fuse(self, patch: Any, context: Any, **how: Any) -> np.ndarray:
            return patch.lms + np.roll(patch.pan, 1, axis=1)

    assert difference(scene, Wide(), 64) > TOLERANCE
