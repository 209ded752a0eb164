# SPDX-License-Identifier: GPL-2.0-or-later
"""The MS grid of a scene, and the reduced scene made of it, window by window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import write

from core.imaging.degrade import Phase, reduce_ms
from core.imaging.resample import imresize
from core.pair.reduced import ReducedScene
from core.pair.reduced_files import files_in, write_reduced
from core.pair.scene import Scene
from core.raster.window import Window

pytestmark = pytest.mark.numerical

GAINS = (0.34, 0.3, 0.22)
HOLE = Window(60, 40, 6, 9)  # MS px


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pair of noise, ratio 4, MS with a hole; and one whose grids do not agree, ratio 1.994."""
    folder = tmp_path_factory.mktemp("coarse")
    rng = np.random.default_rng(1)
    for name, step, shift in (("nested", 4.0, 0.0), ("odd", 1.994, 0.37)):
        size = int(96 * step)
        pan = rng.integers(1, 2047, (1, size, size + 12)).astype(np.uint16)
        ms = rng.integers(1, 2047, (3, 96, 100)).astype(np.uint16)
        if name == "nested":
            ms[(slice(None), *HOLE.slices)] = 0
        for kind, values, grid in (
            ("pan", pan, Affine(1, 0, 0, 0, -1, 0)),
            ("ms", ms, Affine(step, 0, shift, 0, -step, -shift)),
        ):
            write(folder / f"{name}_{kind}.tif", values, grid, None, nodata=0)
    return folder


@pytest.fixture(params=["nested", "odd"])
def scene(folder: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    name = request.param
    with Scene.open(folder / f"{name}_pan.tif", folder / f"{name}_ms.tif") as scene:
        yield scene


def test_nested_grids_give_what_the_reference_gives(folder: Path) -> None:
    with Scene.open(folder / "nested_pan.tif", folder / "nested_ms.tif") as scene:
        coarse = scene.read_reduced(scene.ms_grid)
    with (
        rasterio.open(folder / "nested_pan.tif") as pan,
        rasterio.open(folder / "nested_ms.tif") as ms,
    ):
        seen, bands = imresize(pan.read(1), 0.25), ms.read()
    assert coarse.pan.shape == (96, 99)
    np.testing.assert_allclose(coarse.pan, seen[:, :99], rtol=1e-12)
    assert (~coarse.valid).sum() == HOLE.height * HOLE.width
    np.testing.assert_array_equal(coarse.ms[:, coarse.valid], bands[:, :, :99][:, coarse.valid])


@settings(max_examples=15)
@given(data=st.data())
def test_a_window_has_the_pixels_of_the_whole(folder: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["nested", "odd"]))
    phase: Phase = data.draw(st.sampled_from(["product", "benchmark"]))
    with Scene.open(folder / f"{name}_pan.tif", folder / f"{name}_ms.tif") as scene:
        reduced = ReducedScene(scene, GAINS, phase)
        for whole, read in (
            (scene.ms_grid, scene.read_reduced),
            (reduced.ms_grid, reduced.read_reduced),
        ):
            row = data.draw(st.integers(0, whole.height - 1))
            col = data.draw(st.integers(0, whole.width - 1))
            row_end = data.draw(st.integers(row + 1, whole.height))
            col_end = data.draw(st.integers(col + 1, whole.width))
            window = Window.between(row, col, row_end, col_end)
            part, all_of_it = read(window), read(whole)
            valid = all_of_it.valid[window.slices]
            np.testing.assert_array_equal(part.valid, valid)
            for one, other in ((part.pan, all_of_it.pan[window.slices]),
                               (part.ms, all_of_it.ms[(slice(None), *window.slices)])):  # fmt: skip
                np.testing.assert_allclose(one[..., valid], other[..., valid], rtol=1e-6)


@pytest.mark.parametrize("phase", ["product", "benchmark"])
def test_reduced_scene_is_the_written_pair(scene: Scene, tmp_path: Path, phase: Phase) -> None:
    """The lazy reading and the files are one protocol."""
    reduced = ReducedScene(scene, GAINS, phase)
    pair = write_reduced(scene, files_in(tmp_path), None, GAINS, phase)
    with Scene.open(pair.pan, pair.ms) as written, rasterio.open(pair.gt) as gt:
        assert (written.height, written.width) == (reduced.height, reduced.width)
        np.testing.assert_allclose(written.phase_yx, reduced.phase_yx, atol=1e-6)
        one, other = written.read(written.whole), reduced.read(reduced.whole)
        values = gt.read()
    reference, valid = reduced.reference(reduced.whole)
    np.testing.assert_array_equal(valid, other.valid)
    np.testing.assert_array_equal(reference[:, valid], values[:, valid])
    both = one.valid & other.valid
    assert both.mean() > 0.9
    np.testing.assert_allclose(one.pan[both], other.pan[both], rtol=1e-6)
    inner = np.zeros_like(both)
    inner[:20] = True  # far from the hole, which the file has and the array continues
    np.testing.assert_allclose(one.lms[:, both & inner], other.lms[:, both & inner], rtol=1e-4)


def test_reduced_ms_is_the_references(folder: Path) -> None:
    with Scene.open(folder / "odd_pan.tif", folder / "odd_ms.tif") as scene:
        reduced = ReducedScene(scene, GAINS, "benchmark")
        ms, valid = reduced.read_ms_grid(reduced.ms_grid)
        truth = scene.read_reduced(scene.ms_grid).ms
    assert valid.all()
    np.testing.assert_allclose(ms, reduce_ms(truth, GAINS, 2, "benchmark"), rtol=1e-12)


def test_parts_are_read_as_the_whole_is(scene: Scene) -> None:
    parts = [Window(0, 8, 32, 24), Window(60, 64, 36, 30)]
    whole, some = ReducedScene(scene, GAINS), ReducedScene(scene, GAINS, parts=parts, margin=12)
    covered = np.zeros((some.height, some.width), int)
    for tile in some.plan(20, 8, align=4):
        assert tile.outer.row % 4 == tile.outer.col % 4 == 0
        covered[tile.inner.slices] += 1
        one, other = some.read(tile.outer), whole.read(tile.outer)
        np.testing.assert_array_equal(one.valid, other.valid)
        np.testing.assert_allclose(one.lms[:, one.valid], other.lms[:, one.valid], rtol=1e-5)
        np.testing.assert_allclose(one.pan, other.pan, rtol=1e-6)
    of_ms = Window(2, 3, 4, 5)
    for kept, anew in zip(some.read_ms_grid(of_ms), whole.read_ms_grid(of_ms), strict=True):
        np.testing.assert_array_equal(kept, anew)
    assert some.read_ms_grid(of_ms)[0] is some.read_ms_grid(of_ms)[0], "read once"
    wanted = np.zeros_like(covered)
    for part in parts:
        wanted[part.slices] += 1
    np.testing.assert_array_equal(covered, wanted)
    windows = some.scattered(8, 6, seed=3, align=4)
    assert len(windows) >= 6
    for window in windows:
        assert window.row % 4 == window.col % 4 == 0
        assert any(window.inside(part) for part in parts)


def test_coarse_tiles_of_parts_are_the_ms_under_them(scene: Scene) -> None:
    reduced = ReducedScene(scene, GAINS, parts=[Window(16, 16, 32, 32)], margin=4)
    inner = [tile.inner for tile in reduced.plan_ms_grid(6, 2)]
    rows = {row for window in inner for row in range(window.row, window.row_end)}
    centres = [k for k, at in enumerate(reduced.centres[0]) if 15.5 < at < 47.5]
    assert sorted(rows) == centres


@pytest.mark.parametrize("phase", ["product", "benchmark"])
@pytest.mark.parametrize("at", range(24, 29))
def test_reduced_pixels_over_a_hole_are_invalid(tmp_path: Path, phase: Phase, at: int) -> None:
    """In products MS pixel j covers rows 4 j to 4 j + 3; in benchmarks half of the next too."""
    ms = np.full((1, 48, 48), 500, np.uint16)
    ms[0, at] = 0
    pan = np.full((1, 192, 192), 500, np.uint16)
    files = [
        write(tmp_path / f"{step}.tif", values, Affine.scale(step, -step), nodata=0)
        for values, step in ((pan, 1), (ms, 4))
    ]
    with Scene.open(*files) as scene:
        _, valid = ReducedScene(scene, GAINS[:1], phase).read_ms_grid(Window(0, 0, 12, 12))
    invalid = set(np.flatnonzero(~valid.all(axis=1)))
    both = {at // 4 - 1, at // 4} if phase == "benchmark" and at % 4 == 0 else {at // 4}
    assert invalid == both


def test_beyond_the_reduced_ms_nothing_is_valid(folder: Path) -> None:
    """99 columns in the phase of benchmarks, ratio 8: MS pixels lie on 4, 12, ..., 92."""
    with Scene.open(folder / "nested_pan.tif", folder / "nested_ms.tif") as scene:
        reduced = ReducedScene(scene, GAINS, "benchmark", ratio=8)
        valid = reduced.read(reduced.whole).valid
    assert reduced.ms_grid.width == 12
    assert valid[:20, :97].all() and not valid[:, 97:].any()
