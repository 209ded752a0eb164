# SPDX-License-Identifier: GPL-2.0-or-later
"""The spread over seeds: what it is, and as a second file beside the image, or with no file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Failing, Plain, Sampler, write_holed, write_pair

from core.errors import Cancelled, OutputError
from core.fuse import Output, Result, sharpen
from core.methods.spread import Spread
from core.progress import Pace
from core.scene import Scene

SEEDS = (3, 4, 5, 6)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return write_pair(tmp_path / "in", size=128)


def run(pair: tuple[Path, Path], folder: Path, method: Any, **more: Any) -> Result:
    folder.mkdir(exist_ok=True)
    options = {"tile": 32, "spread": folder / "spread.tif", "seeds": SEEDS, **more}
    with Scene.open(*pair) as scene:
        return sharpen(scene, method, Output(folder / "image.tif"), **options)


def test_it_is_the_deviation_of_the_sample_as_numpy_has_it(pair: tuple[Path, Path]) -> None:
    method = Sampler()
    with Scene.open(*pair) as scene:
        patch = scene.read(scene.whole)
    found = Spread(method, "the scene", SEEDS).fuse(patch, "the scene")
    images = [method.fuse(patch, "the scene", seed=seed).astype(float) for seed in SEEDS]
    expected = np.std(images, axis=0, ddof=1).mean(axis=0)
    assert (found.shape, found.dtype) == ((1, 128, 128), np.float32)
    np.testing.assert_allclose(found[0], expected, rtol=1e-3)
    assert found.mean() == pytest.approx(9.2, rel=0.02)  # c4(4) = 0.921 of the noise's 10 DN


def test_one_seed_has_no_spread() -> None:
    for seeds in ((), (1,), (1, 1)):
        with pytest.raises(ValueError, match="no spread"):
            Spread(Sampler(), None, seeds)


def test_both_files_lie_on_pans_grid_and_the_scene_is_looked_at_once(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    ms = write_holed(tmp_path / "holed.tif", pair[1], slice(4, 9), slice(10, 20))
    method = Sampler(seed=3)
    result = run((pair[0], ms), tmp_path / "out", method)
    assert method.prepared == 1
    assert method.fused == 16 * (1 + len(SEEDS))
    assert result.spread == tmp_path / "out" / "spread.tif"
    with rasterio.open(result.path) as image, rasterio.open(result.spread) as made:
        assert (made.transform, made.crs, made.shape) == (image.transform, image.crs, image.shape)
        assert (made.count, made.dtypes) == (1, ("float32",))
        assert made.descriptions == ("Spread of 4 seeds (DN)",)
        assert math.isnan(made.nodata)
        values = made.read(1)
        np.testing.assert_array_equal(np.isnan(values), image.read(1) == image.nodata)
    assert np.isnan(values[16:36, 40:80]).all()
    assert np.nanmean(values) == pytest.approx(9.2, rel=0.03)


def test_it_does_not_depend_on_the_tile(pair: tuple[Path, Path], tmp_path: Path) -> None:
    values = []
    for tile in (32, 50, 128):
        with rasterio.open(run(pair, tmp_path / str(tile), Sampler(), tile=tile).spread) as made:
            values.append(made.read())
    for other in values[1:]:
        np.testing.assert_allclose(other, values[0], rtol=1e-3)


def test_the_image_is_what_it_is_without_a_spread(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with_ = run(pair, tmp_path / "a", Sampler())
    without = run(pair, tmp_path / "b", Sampler(), spread=None)
    assert without.spread is None
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["image.tif"]
    with rasterio.open(with_.path) as one, rasterio.open(without.path) as other:
        np.testing.assert_array_equal(one.read(), other.read())


class FailingLate(Sampler):
    """Makes the whole image, and gives up amid its spread."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def fuse(self, patch: Any, context: Any, *, seed: int | None = None) -> np.ndarray:
        if self.fused > 40:
            raise self.error
        return super().fuse(patch, context, seed=seed)


@pytest.mark.parametrize("kind", [FailingLate, Failing])
@pytest.mark.parametrize("error", [RuntimeError("broken"), Cancelled(), OutputError("full")])
def test_a_failure_leaves_neither_file(
    pair: tuple[Path, Path], tmp_path: Path, kind: Any, error: Exception
) -> None:
    with pytest.raises(type(error)):
        run(pair, tmp_path / "out", kind(error))
    assert not [*(tmp_path / "out").iterdir()]


class Never(Plain):
    def prepare(self, scene: Any, progress: Any) -> None:
        raise AssertionError("work began")


def test_a_place_of_no_use_is_refused_before_any_work(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for bad in (pair[1], out / "image.tif", out / "spread.png", tmp_path / "no" / "s.tif"):
        with pytest.raises(OutputError):
            run(pair, out, Never(), spread=bad)
        assert not [*out.iterdir()]


def test_one_bar_for_both_where_a_tile_of_the_spread_counts_by_its_seeds(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    seen: list[tuple[float, str]] = []
    now = [0.0]

    class Timed(Sampler):
        def fuse(self, *args: Any, **more: Any) -> np.ndarray:
            now[0] += 1.0
            return super().fuse(*args, **more)

    pace = Pace(clock=lambda: now[0])
    estimates: list[float | None] = []

    def progress(fraction: float, text: str) -> None:
        seen.append((fraction, text))
        estimates.append(pace.remaining())

    run(pair, tmp_path / "out", Timed(), progress=progress, pace=pace)
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    ends = [f for f, text in seen if text in ("Tile 16 of 16", "Spread, tile 16 of 16")]
    assert ends == pytest.approx([0.3 + 0.68 / 5, 0.98])
    # 16 tiles of a second each, and then 16 of four.
    assert estimates[10] == pytest.approx(80 - now_at(seen[10][1]))
    assert estimates[30] == pytest.approx(80 - now_at(seen[30][1]))


def now_at(text: str) -> float:
    """Seconds after that tile."""
    number = float(text.split()[-3])
    return 16 + 4 * number if text.startswith("Spread") else number
