# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene and a method become a file, whole or not at all."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from fakes import Failing, Holey, Plain, Watched, write_holed, write_pair
from logged import told
from raster_files import edited
from rasterio.crs import CRS
from rasterio.enums import ColorInterp as Colour
from rasterio.enums import MaskFlags

from core.errors import Cancelled, OutputError
from core.fusion.run_files import rehearse
from core.fusion.tiled import Result, in_memory, sharpen
from core.pair.scene import Scene
from core.progress import Pace
from core.raster import output_files
from core.raster.writer import Output


def run(pair: tuple[Path, Path], out: Path, method: Any = None, **more: Any) -> Result:
    options = {key: more.pop(key) for key in ("tile", "progress", "pace") if key in more}
    options.setdefault("tile", 64)
    output = Output(out, **more)
    with Scene.open(*pair) as scene:
        rehearse(scene, output, spread=None, tile=options["tile"])
        return sharpen(scene, method or Plain(), output, **options)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return write_pair(tmp_path / "in")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where results go, with a result of an earlier run in it."""
    made = tmp_path / "out"
    made.mkdir()
    (made / "old.tif").write_bytes(b"an earlier result")
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def untouched(folder: Path) -> bool:
    """Whether the earlier result is as it was and nothing lies beside it."""
    return (
        names(folder) == ["old.tif"] and (folder / "old.tif").read_bytes() == b"an earlier result"
    )


def test_the_file_has_the_grid_of_pan_and_the_bands_of_ms(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    result = run(pair, tmp_path / "o.tif")
    with (
        rasterio.open(pair[0]) as pan,
        rasterio.open(pair[1]) as ms,
        rasterio.open(result.path) as made,
    ):
        assert made.transform == pan.transform
        assert made.crs == pan.crs
        assert made.shape == pan.shape == (192, 192)
        assert made.dtypes == ms.dtypes
        assert made.descriptions == ("blue", "green", "red", "nir")
        assert made.nodata is None
        assert made.profile["compress"] in ("zstd", "deflate")
        assert made.profile["tiled"]
        assert made.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "2"
    assert (result.tiles, result.bands, result.ratio) == (9, 4, 4.0)
    assert result.method == "plain"
    assert result.description == {"device": "cpu", "model": "none"}
    assert names(tmp_path) == ["in", "o.tif"]


@pytest.mark.numerical
def test_pixels_are_the_methods_rounded_whatever_the_tile(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    with Scene.open(*pair) as scene:
        expected = np.rint(scene.read(scene.whole).lms)
    for tile in (50, 64, 100, 1000):
        with rasterio.open(run(pair, tmp_path / f"{tile}.tif", tile=tile).path) as made:
            # One in a great many values lies on the edge of rounding.
            assert np.abs(made.read() - expected).max() <= 1
            assert np.mean(made.read() != expected) < 1e-3


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("cog", [False, True])
@pytest.mark.parametrize(
    "colours",
    [
        (Colour.blue, Colour.green, Colour.red, Colour.undefined),
        (Colour.gray, Colour.undefined, Colour.undefined, Colour.undefined),
    ],
)
def test_the_fourth_band_is_not_alpha(
    tmp_path: Path, dtype: str, cog: bool, colours: tuple[Colour, ...]
) -> None:
    pair = write_pair(tmp_path / "in", dtype=dtype, colours=colours)
    with rasterio.open(run(pair, tmp_path / "o.tif", cog=cog).path) as made:
        assert made.colorinterp == colours
        assert made.mask_flag_enums == ([MaskFlags.all_valid],) * 4
        layout = made.tags(ns="IMAGE_STRUCTURE").get("LAYOUT")
        assert layout == ("COG" if cog else None)
        assert made.descriptions == ("blue", "green", "red", "nir")


def test_nodata_comes_out_as_nodata_and_nothing_else_does(tmp_path: Path) -> None:
    """Also where a hole lies across tiles, of 64 pixels."""

    def holed(values: np.ndarray) -> None:
        values[:, 10:20, 5:9] = values[:, 25:36, 14:35] = 0
        values[:, 38:, 38:] = 1  # as dark as valid pixels get

    pan, ms = write_pair(tmp_path / "in", nodata=0)
    with rasterio.open(run((pan, edited(ms, holed)), tmp_path / "o.tif").path) as made:
        assert made.nodata == 0
        holes = made.read() == 0
    expected = np.zeros((192, 192), bool)
    expected[40:80, 20:36] = expected[100:144, 56:140] = True
    assert (holes == expected).all()


@pytest.mark.parametrize(
    ("dtype", "written", "value"),
    [
        ("uint16", None, 0),  # and what is dark, but there, is no 0
        ("uint16", "float32", math.nan),
        ("int16", None, -32768),
    ],
)
def test_gaps_without_a_declared_value_get_one(
    tmp_path: Path, dtype: str, written: str | None, value: float
) -> None:
    """MS covers half of PAN."""
    pan, ms = write_pair(tmp_path / "in", dtype=dtype)
    edited(ms, lambda values: 0 * values[:, :, :24])
    with rasterio.open(run((pan, ms), tmp_path / "o.tif", dtype=written).path) as made:
        pixels, expected = made.read(), np.full((4, 192, 94), value)
        np.testing.assert_array_equal(made.nodata, value)
        np.testing.assert_array_equal(pixels[:, :, 98:], expected)
        assert (pixels[:, :, :96] == (1 if value == 0 else 0)).all()
        predictor = made.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"]
        assert predictor == ("3" if written else "2")


def test_another_wkt_of_the_crs_needs_no_nodata(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path / "in")
    words = CRS.from_string("+proj=utm +zone=33 +ellps=WGS84 +units=m").to_wkt()
    said = tmp_path / "ms.vrt"
    rasterio.shutil.copy(ms, said, driver="VRT")
    text = re.sub("<SRS.+</SRS>", f"<SRS>{escape(words)}</SRS>", said.read_text())
    said.write_text(text)
    with rasterio.open(pan) as one, rasterio.open(said) as other:
        assert one.crs != other.crs
    with rasterio.open(run((pan, said), tmp_path / "o.tif").path) as made:
        assert made.nodata is None


def test_pixels_without_a_number_are_nodata(
    pair: tuple[Path, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with rasterio.open(run(pair, tmp_path / "o.tif", Holey()).path) as made:
        assert made.nodata == 0
        assert sorted(zip(*np.nonzero(made.read(1) == 0), strict=True)) == [(5, 7), (9, 11)]
    assert told(caplog, "core.fusion.tiled") == [(2,)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"compress": "LZW"}, {"compress": "lzw", "tiled": True}),
        ({"COMPRESS": "NONE"}, {"tiled": True}),
        ({"TILED": "NO"}, {"tiled": False}),
        ({"BLOCKXSIZE": "128"}, {"blockxsize": 128, "blockysize": 64}),
        ({"INTERLEAVE": "BAND"}, {"interleave": "band"}),
    ],
)
def test_creation_options_are_the_users(
    pair: tuple[Path, Path], tmp_path: Path, options: dict[str, str], expected: dict[str, Any]
) -> None:
    with rasterio.open(run(pair, tmp_path / "o.tif", creation_options=options).path) as made:
        assert {key: made.profile.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    "error", [RuntimeError("broken"), MemoryError(), Cancelled(), OutputError("full")]
)
def test_a_failure_midway_leaves_the_old_file_and_nothing_else(
    pair: tuple[Path, Path], folder: Path, error: Exception
) -> None:
    with pytest.raises(type(error)):
        run(pair, folder / "old.tif", Failing(error))
    assert untouched(folder)


@pytest.mark.parametrize("calls", [1, 2, 4, 8])
def test_a_cancel_anywhere_leaves_the_old_file_and_nothing_else(
    pair: tuple[Path, Path], folder: Path, calls: int
) -> None:
    seen: list[float] = []

    def progress(fraction: float, message: str) -> None:
        seen.append(fraction)
        if len(seen) == calls:
            raise Cancelled()

    with pytest.raises(Cancelled):
        run(pair, folder / "old.tif", progress=progress)
    assert untouched(folder)
    assert len(seen) == calls
    assert not [each for each in threading.enumerate() if each.name.startswith(("read", "write"))]


def test_success_replaces_the_old_file_and_its_side_files(
    pair: tuple[Path, Path], folder: Path
) -> None:
    (folder / "old.tif.aux.xml").write_text("statistics of the earlier result")
    run(pair, folder / "old.tif")
    assert names(folder) == ["old.tif"]
    with rasterio.open(folder / "old.tif") as made:
        assert made.count == 4


def test_a_method_that_returns_another_size_is_a_fault(
    pair: tuple[Path, Path], folder: Path
) -> None:
    class Cropping(Plain):
        def fuse(self, patch: Any, context: Any, **how: Any) -> np.ndarray:
            return patch.lms[:, 1:, 1:]

    with pytest.raises(ValueError):
        run(pair, folder / "old.tif", Cropping())
    assert untouched(folder)


def test_files_of_a_killed_run_are_removed_by_the_next(
    pair: tuple[Path, Path], folder: Path
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with output_files.folder_beside(folder / "old.tif") as made:
        dead, alive = (
            folder / made.name.replace(f"-{os.getpid()}-", f"-{process}-")
            for process in (gone.pid, os.getppid())
        )
    other = folder / ".else.tif.host-1-abc"
    for each in (dead, alive, other):
        each.mkdir()
        (each / "old.tif").write_bytes(b"half a file")
    run(pair, folder / "old.tif")
    assert {path.name for path in folder.iterdir()} == {"old.tif", alive.name, other.name}


def test_tiles_are_read_ahead_and_written_behind_within_bounds(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, method, most = [0], Plain(), [0]
    original = Scene.read

    def counted(self: Scene, window: Any) -> Any:
        read[0] += 1
        most[0] = max(most[0], read[0] - method.fused)
        return original(self, window)

    monkeypatch.setattr(Scene, "read", counted)
    run(pair, tmp_path / "o.tif", method, tile=16)
    assert read[0] == method.fused == 144
    assert 1 < most[0] <= 4


def test_progress_rises_from_nothing_to_nearly_all(pair: tuple[Path, Path], tmp_path: Path) -> None:
    progress = Watched()
    run(pair, tmp_path / "o.tif", progress=progress)
    assert (progress.fractions[0], progress.fractions[-1]) == (0.0, 0.98)
    assert (progress.fractions[1], progress.messages[1]) == (0.15, "Looking at the scene")
    assert [text for text in progress.messages if text.startswith("Tile")][-1] == "Tile 9 of 9"


class TestPace:
    """Remaining time is measured, and unknown until then."""

    def setup_method(self) -> None:
        self.now = 0.0
        self.pace = Pace(clock=lambda: self.now, enough=1.0)

    def work(self, seconds: float, pixels: int = 100) -> None:
        self.now += seconds
        self.pace.done(pixels)

    def test_known_from_the_first_tile_on_whose_warming_up_then_does_not_count(self) -> None:
        self.now = 50.0
        assert self.pace.remaining() is None
        self.pace.start(1000)
        assert self.pace.remaining() is None
        self.work(30.0)  # the first one warms up
        assert self.pace.remaining() == pytest.approx(270.0)
        self.work(2.0)
        assert self.pace.remaining() == pytest.approx(16.0)
        self.work(2.0)
        assert self.pace.remaining() == pytest.approx(14.0)

    def test_a_speed_that_was_measured_before_counts_until_the_first_tile_is_done(self) -> None:
        self.pace.start(1000, 100, seconds_per_pixel=0.05)
        assert self.pace.remaining() == pytest.approx(50.0)
        self.now += 4.0
        assert self.pace.remaining() == pytest.approx(46.0)
        self.work(6.0)
        assert self.pace.remaining() == pytest.approx(90.0)

    def test_what_is_done_of_a_tile_is_guessed_and_its_end_is_not(self) -> None:
        self.pace.start(1000, 100)
        self.now += 2.0
        assert self.pace.under_way() == 0.0  # no speed is known
        self.work(2.0)
        assert self.pace.under_way() == 0.0
        self.now += 2.0
        assert self.pace.under_way() == pytest.approx(50 / 900)
        self.now += 50.0
        assert self.pace.under_way() == pytest.approx(90 / 900)
        self.pace.stop()
        assert self.pace.under_way() == 0.0

    def test_fast_tiles_are_not_trusted_at_once(self) -> None:
        self.pace.start(100000)
        for _ in range(5):
            self.work(0.1)
        assert self.pace.remaining() is None

    def test_runs_down_between_tiles_and_counts_pixels(self) -> None:
        self.pace.start(1000)
        for _ in range(4):
            self.work(2.0)
        self.now += 1.0
        assert self.pace.remaining() == pytest.approx(11.0)
        self.work(0.0, pixels=500)
        assert self.pace.remaining() < 2.0
        self.now += 100.0
        assert self.pace.remaining() == 0.0

    def test_follows_the_latest_speed(self) -> None:
        self.pace.start(100 * 1000)
        for _ in range(40):
            self.work(1.0)
        for _ in range(40):
            self.work(3.0)
        assert self.pace.remaining() == pytest.approx(920 * 3.0)

    def test_unknown_after_the_tiles(self) -> None:
        self.pace.start(1000)
        for _ in range(5):
            self.work(2.0)
        self.pace.stop()
        assert self.pace.remaining() is None


@pytest.mark.numerical
def test_in_memory_is_what_the_file_holds(folder: Path, tmp_path: Path) -> None:
    """Tile by tile or whole; pixels without data are NaN."""
    pan, ms = write_pair(tmp_path / "in")
    ms = write_holed(tmp_path / "holed.tif", ms, slice(10, 20), slice(5, 9))
    result = run((pan, ms), folder / "new.tif", dtype="float32", nodata=-1.0)
    with rasterio.open(result.path) as dataset:
        written = np.where(dataset.dataset_mask() > 0, dataset.read(), np.nan)
    with Scene.open(pan, ms) as scene:
        for tile in (64, 192):
            found = in_memory(scene, Plain(), None, tile)
            assert np.isnan(found).sum() >= 4 * 160
            np.testing.assert_allclose(found, written, rtol=1e-5)
