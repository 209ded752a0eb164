# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles in work at a time, on a GPU that is pretended and on the CPU."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Plain, Watched, write_pair

from core.errors import Cancelled
from core.fusion import stream, tiled
from core.methods.interface import OnStep
from core.models import onnx_session
from core.pair.scene import Scene
from core.raster.writer import Output


class Together(Plain):
    """Fuses a tile in two steps on a device, the first ones together only."""

    evaluations = 2

    def __init__(self, device: str) -> None:
        super().__init__()
        self.device, self.at_once = device, stream.tiles_in_work(device)
        self.barrier, self.begun = threading.Barrier(self.at_once), itertools.count()

    def describe(self, context: Any) -> dict[str, object]:
        return {"device": self.device, "model": "none"}

    def fuse(
        self, patch: Any, context: Any, *, on_step: OnStep | None = None, **how: Any
    ) -> np.ndarray:
        if not self.barrier.broken and next(self.begun) < self.at_once:
            self.barrier.wait(timeout=60)
        for step in (1, 2):
            if on_step:
                on_step(step)
        return super().fuse(patch, context)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return write_pair(tmp_path / "in", size=516)


def sharpened(pair: tuple[Path, Path], method: Plain, path: Path, progress: Any) -> np.ndarray:
    with Scene.open(*pair) as scene:
        tiled.sharpen(scene, method, Output(path), tile=128, progress=progress)
    with rasterio.open(path) as made:
        return made.read()


@pytest.mark.parametrize(("device", "at_once"), [("cuda:1", 8), ("cpu", 2)])
def test_several_tiles_are_in_work_and_the_file_is_the_same(
    pair: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    device: str,
    at_once: int,
) -> None:
    """Were they fused one after the other, the first would wait for the others in vain."""
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    watched, method = Watched(), Together(device)
    assert method.at_once == at_once
    expected = sharpened(pair, Plain(), tmp_path / "one.tif", Watched())
    found = sharpened(pair, method, tmp_path / "several.tif", watched)
    np.testing.assert_array_equal(found, expected)
    assert not method.barrier.broken
    assert watched.fractions[-1] == pytest.approx(1 - tiled.FINISH_SHARE)
    assert {"Tile 4 of 25, step 1 of 2", "Tile 25 of 25, step 2 of 2"} <= {*watched.messages}


@pytest.mark.parametrize("device", ["cuda", "cpu"])
def test_a_cancel_ends_all_tiles_in_work(
    pair: tuple[Path, Path], tmp_path: Path, device: str
) -> None:
    with pytest.raises(Cancelled):
        sharpened(pair, Together(device), tmp_path / "out.tif", Watched(0.5))
    assert not (tmp_path / "out.tif").exists()
    assert not [each for each in threading.enumerate() if each.name.startswith("fuse")]


def test_a_process_with_one_thread_fuses_one_tile_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(onnx_session, "threads_in_use", 0)
    onnx_session.limit_threads(1)
    assert stream.tiles_in_work("cpu") == 1
