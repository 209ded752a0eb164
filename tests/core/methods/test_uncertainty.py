# SPDX-License-Identifier: GPL-2.0-or-later
"""The spread over seeds: what it is, and as a second file beside the image, or with no file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Plain, Sampler, Watched, write_holed, write_pair

from core.errors import Cancelled, OutputError
from core.fusion.tiled import Result, sharpen
from core.methods.uncertainty import ensemble_std
from core.pair.scene import Scene
from core.progress import Pace
from core.raster.writer import Output

pytestmark = pytest.mark.numerical

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
    found = ensemble_std(method, patch, "the scene", SEEDS)
    images = [method.fuse(patch, "the scene", seed=seed).astype(float) for seed in SEEDS]
    expected = np.std(images, axis=0, ddof=1).mean(axis=0)
    assert (found.shape, found.dtype) == ((1, 128, 128), np.float32)
    np.testing.assert_allclose(found[0], expected, rtol=1e-3)
    assert found.mean() == pytest.approx(9.2, rel=0.02)  # c4(4) = 0.921 of the noise's 10 DN


def test_one_seed_has_no_deviation(pair: tuple[Path, Path]) -> None:
    with Scene.open(*pair) as scene:
        patch = scene.read(scene.whole)
    for seeds in ((), (1,), (1, 1)):
        with pytest.raises(ValueError, match="no standard deviation"):
            ensemble_std(Sampler(), patch, "the scene", seeds)


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

    last = 40

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def fuse(self, *args: Any, **how: Any) -> np.ndarray:
        if self.fused > self.last:
            raise self.error
        return super().fuse(*args, **how)


class FailingSoon(FailingLate):
    """Gives up amid the image."""

    last = 2


@pytest.mark.parametrize("kind", [FailingLate, FailingSoon])
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
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.fusion.tiled.tiles_in_work", lambda device: 1)  # the clock is one
    now = [0.0]

    class Timed(Sampler):
        def fuse(self, *args: Any, **more: Any) -> np.ndarray:
            now[0] += 1.0
            return super().fuse(*args, **more)

    pace, watched = Pace(clock=lambda: now[0]), Watched()
    estimates: list[float | None] = []

    def progress(fraction: float, text: str) -> None:
        watched(fraction, text)
        estimates.append(pace.remaining())

    run(pair, tmp_path / "out", Timed(), progress=progress, pace=pace)
    texts, told = watched.messages, watched.fractions
    ends = [told[texts.index(f"{text} 16 of 16")] for text in ("Tile", "Spread, tile")]
    assert ends == pytest.approx([0.3 + 0.68 / 5, 0.98])
    # 16 tiles of a second each, and then 16 of four.
    assert estimates[texts.index("Tile 9 of 16")] == pytest.approx(80 - 9)
    assert estimates[texts.index("Spread, tile 4 of 16")] == pytest.approx(80 - 16 - 4 * 4)


def test_a_method_of_several_steps_tells_each(pair: tuple[Path, Path], tmp_path: Path) -> None:
    progress, method = Watched(), Sampler()
    method.evaluations = 2
    run(pair, tmp_path / "out", method, progress=progress)
    texts = progress.messages
    assert "Tile 3 of 16, step 2 of 2" in texts
    assert "Spread, tile 16 of 16, step 8 of 8" in texts
    # A step of a tile of 16, gone through twice, and eight times for the spread.
    first = progress.fractions[texts.index("Tile 1 of 16, step 1 of 2")]
    assert first == pytest.approx(0.3 + 0.68 / 16 / 10)


def test_the_bar_never_runs_back_while_the_spread_is_prepared(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    class Preparing(Sampler):
        def for_ensemble(self, context: Any, progress: Any) -> Any:
            for part in range(4):
                progress(part / 4, "Preparing the spread")
            return super().for_ensemble(context, progress)

    run(pair, tmp_path / "out", Preparing(), progress=Watched())


def test_how_long_it_takes_is_told_before_the_tiles(
    pair: tuple[Path, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Paced(Sampler):
        seconds = 0.0

        def seconds_per_pixel(self, context: Any) -> float:
            return self.seconds / (2 * 128 * 128)

        def fuse(self, patch: Any, context: Any, **how: Any) -> np.ndarray:
            assert any("about" in line for line in caplog.messages)
            return super().fuse(patch, context, **how)

    method = Paced()
    method.evaluations = 2
    with caplog.at_level("INFO", "core.fusion.tiled"):
        for method.seconds, level in ((80.0, "INFO"), (4000.0, "WARNING")):
            run(pair, tmp_path / level, method, spread=None, tile=128)
    assert "1 tile, 2 steps each, will take about 80 s on this device." in caplog.messages
    warned = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert len(warned) == 1 and "about 67 min" in warned[0]
