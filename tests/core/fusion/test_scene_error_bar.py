# SPDX-License-Identifier: GPL-2.0-or-later
"""The error bar of a run: a file beside the image, and what it covers where errors are known."""

from __future__ import annotations

import logging
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Plain, Sampler, Watched, use, write_holed, write_pair
from logged import told
from raising import raises_code
from raster_files import read

from core.errors import Cancelled, InputError, OutputError
from core.fusion.tiled import Result, sharpen
from core.methods import registry
from core.methods.interface import Settings
from core.pair.scene import Scene
from core.progress import Pace
from core.raster.writer import Output
from core.synthetic.pairs import write_pair as synthetic_pair

pytestmark = pytest.mark.numerical


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A pair, and a method "plain" that another scene of it can be sharpened by."""
    use(monkeypatch, {"plain": lambda settings: Sampler(settings.seed)})
    return write_pair(tmp_path / "in", size=256)


def run(pair: tuple[Path, Path], folder: Path, method: Any, **more: Any) -> Result:
    folder.mkdir(exist_ok=True)
    with Scene.open(*pair) as scene:
        settings = Settings(scene.ratio)
        options = {"tile": 64, "spread": folder / "bar.tif", "settings": settings, **more}
        made = registry.create(method, settings) if isinstance(method, str) else method
        return sharpen(scene, made, Output(folder / "image.tif"), **options)


@pytest.mark.parametrize("method", ["scene-fit", "bt-h"])
def test_it_covers_the_errors_of_a_scene_with_a_known_reference(
    tmp_path: Path, method: str
) -> None:
    pan, ms, reference = synthetic_pair(tmp_path, 512, 4, 3)
    made = run((pan, ms), tmp_path / "out", method, tile=512)
    error, bar = np.abs(read(made.path).astype(float) - read(reference)), read(made.spread)
    for band in range(4):
        assert 0.85 <= np.mean(error[band] <= bar[band]) <= 0.99
        assert np.mean(error[band] <= bar[band] / 4) < 0.75, "the test can fail"


def test_it_lies_on_pans_grid_with_the_bands_of_the_image(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    ms = write_holed(tmp_path / "holed.tif", pair[1], slice(4, 9), slice(10, 20))
    method = Sampler(seed=3)
    result = run((pair[0], ms), tmp_path / "out", method)
    assert method.prepared == 1
    assert method.fused == 16, "the image alone takes the method"
    assert result.spread == tmp_path / "out" / "bar.tif"
    with rasterio.open(result.path) as image, rasterio.open(result.spread) as made:
        assert (made.transform, made.crs, made.shape) == (image.transform, image.crs, image.shape)
        assert (made.count, made.dtypes) == (image.count, ("float32",) * image.count)
        assert made.descriptions[1] == "Band 2: half-width of the 90 % interval (DN)"
        assert math.isnan(made.nodata)
        np.testing.assert_array_equal(np.isnan(made.read()), image.read() == image.nodata)
        assert np.isnan(made.read(1)[16:36, 40:80]).all()
        assert np.nanmin(made.read()) > 0


def test_it_does_not_depend_on_the_tile(pair: tuple[Path, Path], tmp_path: Path) -> None:
    values = [
        read(run(pair, tmp_path / str(tile), Sampler(), tile=tile).spread)
        for tile in (64, 100, 256)
    ]
    for other in values[1:]:
        np.testing.assert_allclose(other, values[0], rtol=1e-4)


def test_a_method_that_keeps_less_of_its_detail_is_tested_so(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    """Noise of 10 DN, of which the second band keeps nothing."""
    shares = np.array([1.0, 0.0, 1.0, 1.0])
    before, after = (
        read(run(pair, tmp_path / name, Sampler(), shares=kept).spread)
        for name, kept in (("all", None), ("less", shares))
    )
    assert after[1].mean() < before[1].mean()
    np.testing.assert_array_equal(np.delete(after, 1, 0), np.delete(before, 1, 0))


def test_the_image_is_what_it_is_without_a_bar(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with_ = run(pair, tmp_path / "a", Sampler())
    without = run(pair, tmp_path / "b", Sampler(), spread=None)
    assert without.spread is None
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["image.tif"]
    np.testing.assert_array_equal(read(with_.path), read(without.path))


def test_a_scene_too_small_for_a_test_has_no_bar_and_no_image(tmp_path: Path, pair: Any) -> None:
    small = write_pair(tmp_path / "small", size=24)
    with raises_code("overlap-too-small-to-reduce", InputError):
        run(small, tmp_path / "out", Sampler())
    assert not [*(tmp_path / "out").iterdir()]


class Failing(Sampler):
    """Gives up amid the image."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def fuse(self, *args: Any, **how: Any) -> np.ndarray:
        if self.fused > 2:
            raise self.error
        return super().fuse(*args, **how)


@pytest.mark.parametrize("error", [RuntimeError("broken"), Cancelled(), OutputError("full")])
def test_a_failure_leaves_neither_file(
    pair: tuple[Path, Path], tmp_path: Path, error: Exception
) -> None:
    with pytest.raises(type(error)):
        run(pair, tmp_path / "out", Failing(error))
    assert not [*(tmp_path / "out").iterdir()]


@pytest.mark.parametrize("at", ["Error bar, tile 3", "Sharpening"])
def test_it_can_be_cancelled(pair: tuple[Path, Path], tmp_path: Path, at: str) -> None:
    with pytest.raises(Cancelled):
        run(pair, tmp_path / "out", Sampler(), progress=Watched(at))
    assert not [*(tmp_path / "out").iterdir()]


def test_the_image_s_own_place_is_refused(pair: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(OutputError):
        run(pair, out, Plain(), spread=out / "image.tif")
    assert not [*out.iterdir()]


def test_one_bar_of_progress_for_both_files(pair: tuple[Path, Path], tmp_path: Path) -> None:
    progress, method = Watched(), Sampler()
    method.evaluations = 2
    run(pair, tmp_path / "out", method, progress=progress, pace=Pace())
    told = dict(zip(progress.messages, progress.fractions, strict=True))
    assert told["Tile 16 of 16, step 2 of 2"] == pytest.approx(0.3 + 0.68 * 2 / 2.1, rel=1e-3)
    assert told["Error bar, tile 16 of 16"] == pytest.approx(0.98)


def test_how_long_it_takes_is_told_before_the_tiles(
    pair: tuple[Path, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Paced(Sampler):
        seconds = 0.0

        def seconds_per_pixel(self, context: Any) -> float:
            return self.seconds / (2 * 256 * 256)

        def fuse(self, patch: Any, context: Any, **how: Any) -> np.ndarray:
            assert told(caplog, "core.fusion.tiled", logging.INFO)[1:]
            return super().fuse(patch, context, **how)

    method = Paced()
    method.evaluations = 2
    with caplog.at_level("INFO", "core.fusion.tiled"):
        for method.seconds, level in ((80.0, "INFO"), (4000.0, "WARNING")):
            run(pair, tmp_path / level, method, spread=None, tile=256)
    work = "1 tile, 2 steps each,"
    assert (work, "80 s") in told(caplog, "core.fusion.tiled", logging.INFO)
    assert told(caplog, "core.fusion.tiled") == [("67 min",)]
