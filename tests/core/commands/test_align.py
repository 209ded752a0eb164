# SPDX-License-Identifier: GPL-2.0-or-later
"""`align`: MS moved without a loss, a page of how it lay, and the option of sharpening."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import Watched, perform
from logged import told
from raising import raises_code
from raster_files import read
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from rasterio.rpc import RPC
from rasterio.warp import Resampling, calculate_default_transform, reproject
from scenes import GRID, landscape, write

from core.__main__ import main
from core.errors import Cancelled
from core.pair.scene import Scene
from core.raster.gdal import quietly
from core.registration.shift_estimate import describe_shift, measure
from core.requests.scenes import Align, Pansharpen
from core.worker.protocol import EXIT_ERROR, EXIT_OK

SHIFT = (4.0, -8.0)  # rows and columns that MS lies further: whole MS pixels
NAMES = ("blue", "green", "red")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """PAN of 512 x 512 px, and an MS that lies `SHIFT` from it."""
    folder = tmp_path_factory.mktemp("pair")
    made = landscape(544, 544, bands=3, seed=8)
    pan = made.pan[16 : 16 + 512, 16 : 16 + 512]
    ms = made.ms[:, 3 : 3 + 128, 6 : 6 + 128]  # 4 - 4 / 4 and 4 + 8 / 4
    pan_file = write(folder / "pan.tif", pan[None].round().astype(np.uint16))
    ms_file = write(
        folder / "ms.tif", ms.round().astype(np.uint16), GRID * Affine.scale(4), names=NAMES
    )
    return str(pan_file), str(ms_file)


def digest(path: str | Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def test_grid_moves_and_pixels_stay(pair: tuple[str, str], tmp_path: Path) -> None:
    inputs = [digest(path) for path in pair]
    done = perform(Align(*pair, str(tmp_path / "moved.tif"), str(tmp_path / "page.html")))
    assert (done["rows"], done["columns"]) == pytest.approx(SHIFT, abs=0.02)
    assert done["metres"] == pytest.approx(0.5 * np.hypot(*SHIFT), abs=0.02)
    assert done["confidence"] > 0.95 > done["unmoved"]
    assert (len(done["blocks"]), done["looked"], done["findings"]) == (9, 9, [])
    files = str(tmp_path / "moved.tif"), str(tmp_path / "page.html")
    assert (done["out"], done["report"]) == files
    with rasterio.open(pair[1]) as old, rasterio.open(done["out"]) as new:
        np.testing.assert_array_equal(new.read(), old.read())
        assert (new.descriptions, new.crs, new.dtypes) == (old.descriptions, old.crs, old.dtypes)
        found = ~old.transform * (new.transform * (0, 0))
        assert found == pytest.approx((-done["columns"] / 4, -done["rows"] / 4))
        assert (new.transform.a, new.transform.e) == (old.transform.a, old.transform.e)
    with Scene.open(pair[0], done["out"]) as scene:
        assert measure(scene).shift == pytest.approx((0, 0), abs=0.01)
    assert [digest(path) for path in pair] == inputs
    assert sorted(path.name for path in tmp_path.iterdir()) == ["moved.tif", "page.html"]


def test_metadata_of_ms_is_kept(pair: tuple[str, str], tmp_path: Path) -> None:
    """Nodata, alpha, colours, tags, scales; and bands that were not measured by."""
    with rasterio.open(pair[1]) as old:
        values, grid, crs = old.read().astype(np.uint8), old.transform, old.crs
    alpha = np.full(values.shape[1:], 255, np.uint8)
    alpha[:8, :8] = 0
    source = tmp_path / "rich.tif"
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 4, "height": 128, "width": 128}
    with rasterio.open(source, "w", **profile, transform=grid, crs=crs, alpha="yes") as made:
        made.write(np.concatenate([values, alpha[None]]))
        made.colorinterp = [ColorInterp.blue, ColorInterp.green, ColorInterp.red, ColorInterp.alpha]
        made.update_tags(SENSOR="made up")
        made.scales = (0.5, 0.5, 0.5, 1.0)
    done = perform(Align(pair[0], str(source), str(tmp_path / "moved.tif"), ms_bands=(2, 3)))
    with rasterio.open(source) as old, rasterio.open(done["out"]) as new:
        np.testing.assert_array_equal(new.read(), old.read())
        assert (new.colorinterp, new.scales) == (old.colorinterp, old.scales)
        assert new.tags()["SENSOR"] == "made up"


def test_ms_in_another_crs_is_moved_in_its_own_crs(pair: tuple[str, str], tmp_path: Path) -> None:
    target = CRS.from_epsg(4326)
    with rasterio.open(pair[1]) as old:
        grid, width, height = calculate_default_transform(
            old.crs, target, old.width, old.height, *old.bounds
        )
        values = np.zeros((old.count, height, width), np.uint16)
        reproject(
            old.read(), values, src_transform=old.transform, src_crs=old.crs,
            dst_transform=grid, dst_crs=target, resampling=Resampling.cubic, dst_nodata=0,
        )  # fmt: skip
    degrees = write(tmp_path / "degrees.tif", values, grid, "EPSG:4326", nodata=0)
    done = perform(Align(pair[0], str(degrees), str(tmp_path / "moved.tif")))
    assert (done["rows"], done["columns"]) == pytest.approx(SHIFT, abs=0.1)
    with rasterio.open(done["out"]) as new:
        assert new.crs == target
        np.testing.assert_array_equal(new.read(), values)
    with Scene.open(pair[0], done["out"]) as scene:
        assert measure(scene).shift == pytest.approx((0, 0), abs=0.05)


@pytest.mark.parametrize("kind", ["gcps", "rpcs"])
def test_ms_that_a_sensor_model_places_is_moved_by_it(
    pair: tuple[str, str], tmp_path: Path, kind: str
) -> None:
    files = []
    for path in pair:
        with rasterio.open(path) as given:
            values, grid, crs = given.read(), given.transform, given.crs
        name = write(tmp_path / Path(path).name, values, transform=None, crs=None)
        height, width = values.shape[1:]
        corners = [(row, col) for row in (0, height) for col in (0, width)]
        with quietly(), rasterio.open(name, "r+") as dataset:
            if kind == "gcps":
                points = [GroundControlPoint(r, c, *(grid * (c, r))) for r, c in corners]
                dataset.gcps = points, crs
            else:
                dataset.rpcs = rpcs_of(grid, height, width)
        files.append(str(name))
    out = str(tmp_path / "moved.tif")
    assert perform(Align(*files, out=out))["rows"] is not None
    again = perform(Align(files[0], out))
    assert abs(again["rows"]) < 0.1 and abs(again["columns"]) < 0.1


def rpcs_of(grid: Affine, height: int, width: int) -> RPC:
    """A grid as RPCs; its metres are taken for hundred-thousandths of a degree."""
    row, col, none = height / 2, width / 2, [0.0] * 17
    x, y = (value * 1e-5 for value in grid * (col, row))
    one = [1.0, 0.0, 0.0, *none]
    return RPC(
        0.0, 100.0, y, -grid.e * row * 1e-5, one, [0.0, 0.0, -1.0, *none], row - 0.5, row,
        x, grid.a * col * 1e-5, one, [0.0, 1.0, 0.0, *none], col - 0.5, col,
    )  # fmt: skip


def test_page_shows_shift_and_blocks(pair: tuple[str, str], tmp_path: Path) -> None:
    done = perform(Align(*pair, report=str(tmp_path / "page.html")))
    assert done["out"] is None
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"The MS lies {describe_shift((done['rows'], done['columns']))}." in page
    assert page.count("<img ") == 4
    assert page.count("<tr><td") >= 9
    assert not [place for place in ("http:", "https:", "/") if f'src="{place}' in page]


def test_unknown_shift_leaves_ms_where_it_is(tmp_path: Path, caplog: Any) -> None:
    """An output is written all the same, so that the next step of a workflow does not fail."""
    rng = np.random.default_rng(0)
    pan = write(tmp_path / "p.tif", rng.normal(500, 9, (1, 256, 256)).astype(np.float32))
    ms = rng.normal(500, 9, (2, 64, 64)).astype(np.float32)
    ms_file = write(tmp_path / "m.tif", ms, GRID * Affine.scale(4))
    request = Align(str(pan), str(ms_file), str(tmp_path / "moved.tif"), str(tmp_path / "a.html"))
    done = perform(request)
    assert (done["rows"], done["columns"], done["metres"]) == (None, None, None)
    assert done["findings"] == [done["sentence"]]
    assert (done["sentence"],) in told(caplog, "core.commands.align")
    without_output = perform(Align(str(pan), str(ms_file)))["sentence"]
    assert without_output != done["sentence"]
    assert (tmp_path / "a.html").read_text(encoding="utf-8").count(done["sentence"]) == 1
    with rasterio.open(ms_file) as old, rasterio.open(done["out"]) as new:
        assert new.transform == old.transform


def bare(folder: Path, pair: tuple[str, str]) -> list[str]:
    """The pair without georeference."""
    return [
        str(write(folder / Path(name).name, read(name), Affine.identity(), None)) for name in pair
    ]


def test_without_georeference_the_shift_is_measured_but_not_written(
    pair: tuple[str, str], tmp_path: Path
) -> None:
    files = bare(tmp_path, pair)
    with raises_code("ms-not-georeferenced"):
        perform(Align(*files, str(tmp_path / "moved.tif")))
    assert not (tmp_path / "moved.tif").exists()
    done = perform(Align(*files))
    assert (done["rows"], done["columns"]) == pytest.approx(SHIFT, abs=0.02)
    assert done["metres"] is None


@pytest.mark.parametrize("text", ["Comparing", "Writing"])
def test_cancel_leaves_old_files(pair: tuple[str, str], tmp_path: Path, text: str) -> None:
    old = tmp_path / "moved.tif"
    old.write_bytes(b"precious")
    with pytest.raises(Cancelled):
        perform(Align(*pair, str(old), str(tmp_path / "page.html")), Watched(text))
    assert [path.name for path in tmp_path.iterdir()] == ["moved.tif"]
    assert old.read_bytes() == b"precious"


def test_command_line(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "moved.tif"
    arguments = ["align", "--pan", pair[0], "--ms", pair[1], "--out", str(out)]
    assert main([*arguments, "--report", str(tmp_path / "page.html")]) == EXIT_OK
    said = capsys.readouterr().out
    assert re.search(r"\b4\.0\d\b.*\b8\.0\d\b", said) and "9 of 9" in said and str(out) in said
    assert main([*arguments[:-1], str(tmp_path / "none" / "moved.tif")]) == EXIT_ERROR


# --- the option of sharpening ---


def sharpen(folder: Path, files: tuple[str, str] | list[str], *more: str) -> np.ndarray:
    out = folder / f"out{len(more)}.tif"
    arguments = ["pansharpen", "--pan", files[0], "--ms", files[1], "--out", str(out), *more]
    assert main([*arguments, "--method", "mtf-glp-fs"]) == EXIT_OK
    return read(out).astype(np.float64)


def test_option_align_equals_sharpening_the_moved_file(
    pair: tuple[str, str], tmp_path: Path
) -> None:
    perform(Align(*pair, str(tmp_path / "moved.tif")))
    by_file = sharpen(tmp_path, (pair[0], str(tmp_path / "moved.tif")))
    by_option = sharpen(tmp_path, pair, "--align")
    assert np.abs(by_file - by_option).max() <= 1  # rounding


def test_option_align_works_without_georeference(pair: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    by_option = sharpen(tmp_path, bare(tmp_path / "bare", pair), "--align")
    assert np.abs(by_option - sharpen(tmp_path, pair, "--align")).max() <= 1


def test_cancel_while_the_shift_is_measured_ends_sharpening(
    pair: tuple[str, str], tmp_path: Path
) -> None:
    request = Pansharpen(*pair, str(tmp_path / "out.tif"), method="exp", align=True)
    with pytest.raises(Cancelled):
        perform(request, Watched("Comparing PAN"))
    assert list(tmp_path.iterdir()) == []


def test_without_align_a_shift_is_only_warned_of(
    pair: tuple[str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    request = Pansharpen(*pair, str(tmp_path / "out.tif"), method="exp", adapt=0.0)
    done = perform(request)
    assert (done["align_rows"], done["align_columns"]) == (None, None)
    assert len(told(caplog, "core.registration")) == 1
    with Scene.open(*pair) as scene, rasterio.open(done["out"]) as made:
        expected = scene.read(scene.whole).lms
        np.testing.assert_allclose(made.read(), expected, atol=0.51)
    caplog.clear()
    request = Pansharpen(*pair, str(tmp_path / "out.tif"), method="exp", adapt=0.0, align=True)
    done = perform(request)
    assert (done["align_rows"], done["align_columns"]) == pytest.approx(SHIFT, abs=0.02)
    assert told(caplog, "core.registration") == []
