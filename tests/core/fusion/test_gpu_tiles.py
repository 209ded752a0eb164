# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles for a GPU, here a pretended one: several in work, as large as its memory allows."""

from __future__ import annotations

import itertools
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Plain, Watched, write_pair

from core.errors import Cancelled
from core.fusion import gpu_tiles, tiled
from core.fusion.gpu_tiles import IN_WORK, free_memory, larger
from core.methods.interface import OnStep
from core.pair.scene import Scene
from core.raster.writer import Output


class Together(Plain):
    """Says that it runs on a GPU, and fuses a tile in two steps, the first ones together only."""

    evaluations = 2

    def __init__(self) -> None:
        super().__init__()
        self.barrier, self.begun = threading.Barrier(IN_WORK), itertools.count()
        self.shapes: set[tuple[int, int]] = set()

    def describe(self, context: Any) -> dict[str, object]:
        return {"device": "cuda:1", "model": "none"}

    def fuse(
        self, patch: Any, context: Any, *, on_step: OnStep | None = None, **how: Any
    ) -> np.ndarray:
        if not self.barrier.broken and next(self.begun) < IN_WORK:
            self.barrier.wait(timeout=60)
        for step in (1, 2):
            if on_step:
                on_step(step)
        self.shapes.add(patch.window.shape)
        return super().fuse(patch, context)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return write_pair(tmp_path / "in", size=516)


def sharpened(pair: tuple[Path, Path], method: Plain, path: Path, progress: Any) -> np.ndarray:
    with Scene.open(*pair) as scene:
        tiled.sharpen(scene, method, Output(path), tile=128, progress=progress)
    with rasterio.open(path) as made:
        return made.read()


def test_several_tiles_are_in_work_and_the_file_is_the_same(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were they fused one after the other, the first would wait for the others in vain."""
    monkeypatch.setattr(gpu_tiles, "free_memory", lambda device: 0)
    watched, method = Watched(), Together()
    expected = sharpened(pair, Plain(), tmp_path / "one.tif", Watched())
    found = sharpened(pair, method, tmp_path / "several.tif", watched)
    np.testing.assert_array_equal(found, expected)
    assert not method.barrier.broken
    assert watched.fractions[-1] == pytest.approx(1 - tiled.FINISH_SHARE)
    assert {"Tile 4 of 25, step 1 of 2", "Tile 25 of 25, step 2 of 2"} <= {*watched.messages}


def test_a_cancel_ends_all_tiles_in_work(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpu_tiles, "free_memory", lambda device: 0)
    with pytest.raises(Cancelled):
        sharpened(pair, Together(), tmp_path / "out.tif", Watched(0.5))
    assert not (tmp_path / "out.tif").exists()
    assert not [each for each in threading.enumerate() if each.name.startswith("fuse")]


def test_tiles_are_as_large_as_the_free_memory_allows(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two windows of a network are computed at a time."""
    for gigabytes, edge in ((0, 512), (6, 512), (24, 1024), (80, 2048), (1000, 2048)):
        monkeypatch.setattr(gpu_tiles, "free_memory", lambda device, of=gigabytes: of * 10**9)
        assert larger(512, 100, "cuda") == edge
    method = Together()
    method.barrier.abort()
    sharpened(pair, method, tmp_path / "out.tif", Watched())
    assert method.shapes == {(516, 516)}


def test_the_driver_is_asked_for_the_gpu_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name == "nt":
        pytest.skip("needs a script")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert free_memory("cuda") == 0, "there is no such program"
    program = tmp_path / "nvidia-smi"
    program.write_text('#!/bin/sh\n[ "$3 $4" = "-i 3" ] && echo 8151 || exit 6\n')
    program.chmod(0o755)
    assert [free_memory(device) for device in ("cpu", "cuda", "cuda:3")] == [0, 0, 8151 * 2**20]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,1")
    assert [free_memory(device) for device in ("cuda", "cuda:1")] == [8151 * 2**20, 0]
    program.write_text("#!/bin/sh\necho '[N/A]'\n")
    assert free_memory("cuda") == 0
