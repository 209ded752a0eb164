# SPDX-License-Identifier: GPL-2.0-or-later
"""A tile that memory does not suffice for is sharpened in parts, with the same result."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import Plain, Watched, quiet, write_pair
from logged import told
from raster_files import read
from scipy.ndimage import uniform_filter

from core.fusion.out_of_memory import LEAST
from core.fusion.tiled import in_memory, sharpen
from core.methods.interface import OnStep, Settings
from core.methods.ksdiff import FusionNetwork
from core.methods.registry import create
from core.models import onnx_session
from core.pair.scene import Patch, Scene
from core.raster.writer import Output

#: What onnxruntime raises where its arena cannot grow.
FULL = RuntimeError("[ONNXRuntimeError] : 6 : Failed to allocate memory for requested buffer")


class Hungry(Plain):
    """Looks at its surroundings, and fails for windows of more than so many pixels."""

    name = "hungry"
    halo, align = 13, 4
    evaluations = 3

    def __init__(self, most: int, error: Exception = FULL) -> None:
        super().__init__()
        self.most, self.error = most, error
        self.failed = 0
        self.shapes: list[tuple[int, int]] = []

    def fuse(
        self, patch: Patch, context: Any, *, on_step: OnStep | None = None, **how: Any
    ) -> np.ndarray:
        assert patch.window.row % self.align == patch.window.col % self.align == 0
        for step in range(1, self.evaluations + 1):
            if on_step:
                on_step(step)
            if patch.pan.size > self.most:
                self.failed += 1
                raise self.error
        self.shapes.append(patch.window.shape)
        return patch.lms + uniform_filter(patch.pan, 2 * self.halo + 1, mode="nearest")


@pytest.fixture(autouse=True)
def one_tile_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_session, "threads_in_use", 1)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """516 PAN px, no multiple of a tile."""
    return write_pair(tmp_path / "in", size=516)


@pytest.fixture
def scene(pair: tuple[Path, Path]) -> Iterator[Scene]:
    with Scene.open(*pair) as opened:
        yield opened


@pytest.mark.parametrize("most", [300 * 300, 100 * 100])
@pytest.mark.parametrize("tile", [256, 512])
def test_the_result_is_that_of_whole_tiles(scene: Scene, most: int, tile: int) -> None:
    whole = in_memory(scene, Hungry(2**30), None, tile)
    hungry = Hungry(most)
    np.testing.assert_allclose(in_memory(scene, hungry, None, tile), whole, rtol=1e-5)
    assert max(height * width for height, width in hungry.shapes) <= most


def test_what_did_not_fit_is_not_tried_again(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """One attempt fails at each size, and the log says what was done."""
    hungry = Hungry(100 * 100)
    in_memory(scene, hungry, None, 256)
    assert hungry.failed == 2
    assert told(caplog, "core.fusion.out_of_memory") == [(256, 128), (128, 64)]


def test_smaller_parts_than_that_are_not_tried(scene: Scene) -> None:
    hungry = Hungry(LEAST**2)
    with pytest.raises(RuntimeError) as caught:
        in_memory(scene, hungry, None, 256)
    assert caught.value is FULL and hungry.failed == 3


def test_other_errors_are_passed_on(scene: Scene) -> None:
    hungry = Hungry(100 * 100, RuntimeError("CUDNN_STATUS_EXECUTION_FAILED"))
    with pytest.raises(RuntimeError) as caught:
        in_memory(scene, hungry, None, 256)
    assert caught.value is hungry.error and hungry.failed == 1


def test_a_file_is_the_same_and_its_progress_too(pair: tuple[Path, Path], tmp_path: Path) -> None:
    seen = []
    for name, most in (("whole", 2**30), ("parts", 100 * 100)):
        watched = Watched()
        with Scene.open(*pair) as scene:
            sharpen(scene, Hungry(most), Output(tmp_path / name), tile=256, progress=watched)
        seen.append((read(tmp_path / name), watched.fractions[-2:]))
    assert np.array_equal(seen[0][0], seen[1][0]) and seen[0][1] == seen[1][1]


def test_a_network_that_runs_out_of_memory_gives_the_same_result(
    scene: Scene, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the tolerance of the promise that tiles of any size give the same."""
    real = FusionNetwork.__call__

    def limited(self: FusionNetwork, inputs: Any, window: Any, **how: Any) -> np.ndarray:
        if window.height * window.width > 350 * 350:
            raise MemoryError
        return real(self, inputs, window, **how)

    method = create("ksdiff", Settings(scene.ratio, model=str(small_model), device="cpu"))
    context = method.prepare(scene, quiet)
    whole = in_memory(scene, method, context, 256)
    monkeypatch.setattr(FusionNetwork, "__call__", limited)
    parts = in_memory(scene, method, context, 256)
    assert np.abs(parts - whole).max() <= 1e-4 * np.ptp(whole)
