# SPDX-License-Identifier: GPL-2.0-or-later
"""Creation options work or are refused before any work; what they change is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import perform, write_pair
from logged import told
from raising import raises_code
from raster_files import edited, read
from rasterio.enums import ColorInterp as Colour

from core.fusion import run_files, run_settings
from core.pair.scene import Scene
from core.raster.options import creation_options
from core.raster.writer import Output
from core.requests.scenes import Align, Pansharpen


@pytest.fixture
def made(tmp_path: Path) -> Any:
    """Sharpen a pair of a type by interpolation; return the path of the result."""

    def sharpen(dtype: str, options: dict[str, str], bands: int = 4, **more: Any) -> Path:
        pair = map(str, write_pair(tmp_path / "in", bands=bands, dtype=dtype))
        (tmp_path / "out").mkdir(exist_ok=True)
        out = tmp_path / "out" / "o.tif"
        asked = Pansharpen(*pair, str(out), method="exp", creation_options=options, **more)
        perform(asked)
        return out

    return sharpen


@pytest.fixture
def without_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(*args: Any, **more: Any) -> None:
        raise AssertionError("work has begun")

    monkeypatch.setattr(run_settings, "select_method", work)


REFUSED = [
    ("uint16", {"COMPRESS": "JPEG"}, "BitsPerSample 16"),
    ("float32", {"COMPRESS": "JPEG"}, "BitsPerSample 32"),
    ("uint16", {"COMPRESS": "WEBP"}, "8 bit"),
    ("uint16", {"COMPRESS": "NOTHING"}, "NOTHING"),
    ("uint16", {"NO_SUCH_OPTION": "1"}, "NO_SUCH_OPTION"),
    ("uint16", {"NBITS": "twelve"}, "TWELVE"),
    ("int16", {"NBITS": "12"}, "Int16"),
    ("uint16", {"PREDICTOR": "3"}, "PREDICTOR=3"),
    ("uint16", {"NBITS": "12", "PREDICTOR": "2"}, "PREDICTOR=2"),
    ("uint16", {"PHOTOMETRIC": "YCBCR"}, "JPEG"),
    ("uint8", {"COMPRESS": "JPEG", "PHOTOMETRIC": "YCBCR"}, "4-band"),
    ("uint16", {"BLOCKXSIZE": "17"}, "16"),
]


@pytest.mark.usefixtures("without_work")
@pytest.mark.parametrize(("dtype", "options", "word"), REFUSED)
def test_what_the_driver_cannot_write_is_refused_before_any_work(
    made: Any, tmp_path: Path, dtype: str, options: dict[str, str], word: str
) -> None:
    with raises_code("creation-options-refused", driver="GTiff") as caught:
        made(dtype, options)
    assert word.lower() in str(caught.value.facts["reason"]).lower()
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.usefixtures("without_work")
@pytest.mark.parametrize("options", [{"COMPRESS": "JPEG"}, {"NO_SUCH_OPTION": "1"}])
def test_a_cog_is_tried_with_its_own_driver(made: Any, options: dict[str, str]) -> None:
    with raises_code("creation-options-refused", driver="COG"):
        made("uint16", options, cog=True)


@pytest.mark.usefixtures("without_work")
@pytest.mark.parametrize(
    ("dtype", "options"),
    [
        ("float32", {"COMPRESS": "LERC", "MAX_Z_ERROR": "100000"}),
        ("uint16", {"DISCARD_LSB": "15"}),
    ],
)
def test_options_that_leave_nothing_of_the_values_are_refused(
    made: Any, dtype: str, options: dict[str, str]
) -> None:
    with raises_code("creation-options-lose-values"):
        made(dtype, options)


@pytest.mark.parametrize("cog", [False, True])
def test_an_option_of_the_other_driver_is_told(
    made: Any, cog: bool, caplog: pytest.LogCaptureFixture
) -> None:
    options = {"TILED": "YES", "PHOTOMETRIC": "MINISBLACK"}
    made("uint16", options, cog=cog)
    assert sorted(told(caplog)) == [("PHOTOMETRIC",), ("TILED",)] * cog


@pytest.mark.parametrize("cog", [False, True])
def test_pixels_of_twelve_bits_come_back(made: Any, cog: bool) -> None:
    expected = read(made("uint16", {}))
    with rasterio.open(made("uint16", {"NBITS": "12"}, cog=cog)) as packed:
        assert packed.tags(1, ns="IMAGE_STRUCTURE")["NBITS"] == "12"
        assert np.array_equal(packed.read(), expected)


def test_what_so_many_bits_cannot_hold_is_clipped_and_told(
    made: Any, caplog: pytest.LogCaptureFixture
) -> None:
    expected = read(made("uint16", {}))
    out = made("uint16", {"NBITS": "10"})
    assert np.array_equal(read(out), np.minimum(expected, 1023))
    ((count, _, low, high),) = told(caplog)
    assert (count, low, high) == ((expected > 1023).sum(), 0, 1023)
    with raises_code("nodata-outside-type", dtype="uint16 of 10 bits"):
        made("uint16", {"NBITS": "10"}, nodata=65535)


def test_a_type_too_small_for_the_values_is_told(
    made: Any, caplog: pytest.LogCaptureFixture
) -> None:
    made("uint16", {}, output_type="uint8")
    ((count, _, low, high),) = told(caplog)
    assert count > 0 and (low, high) == (0, 255)


@pytest.mark.parametrize(
    ("dtype", "bands", "options"),
    [
        ("uint8", 3, {"COMPRESS": "JPEG", "PHOTOMETRIC": "YCBCR"}),
        ("uint8", 4, {"COMPRESS": "JPEG"}),
        ("uint8", 4, {"COMPRESS": "WEBP"}),
        ("uint16", 4, {"COMPRESS": "LERC", "MAX_Z_ERROR": "5"}),
        ("float32", 4, {"NBITS": "16"}),
    ],
)
def test_what_a_lossy_codec_changes_is_told(
    made: Any, caplog: pytest.LogCaptureFixture, dtype: str, bands: int, options: dict[str, str]
) -> None:
    made(dtype, options, bands=bands)
    rms, most = told(caplog, "core.raster.readback")[0]
    assert 0 < rms <= most


@pytest.mark.parametrize(
    ("dtype", "options"),
    [
        ("uint16", {}),
        ("float32", {}),
        ("uint16", {"COMPRESS": "ZSTD", "PREDICTOR": "2"}),
        ("uint16", {"COMPRESS": "LERC"}),
        ("uint8", {"COMPRESS": "WEBP", "WEBP_LOSSLESS": "YES"}),
        ("int16", {"COMPRESS": "LZW", "INTERLEAVE": "BAND"}),
        ("uint16", {"TILED": "NO", "BIGTIFF": "YES"}),
        ("uint16", {"PHOTOMETRIC": "RGB", "ALPHA": "YES"}),
    ],
)
def test_nothing_is_said_of_options_that_keep_all(
    made: Any, caplog: pytest.LogCaptureFixture, dtype: str, options: dict[str, str]
) -> None:
    made(dtype, options)
    assert not told(caplog)


def test_files_that_an_option_asks_for_lie_beside_the_result(made: Any) -> None:
    out = made("uint16", {"TFW": "YES"})
    assert sorted(path.name for path in out.parent.iterdir()) == ["o.tfw", "o.tif"]


def test_a_tiling_scheme_of_a_cog_is_the_users(made: Any) -> None:
    out = made("uint16", {"TILING_SCHEME": "GoogleMapsCompatible"}, cog=True)
    with rasterio.open(out) as dataset:
        assert dataset.crs.to_epsg() == 3857


def test_values_that_did_not_get_there_are_an_error(
    made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a driver that says nothing: the file is there, and it is black."""

    def black(path: Path, target: Path) -> None:
        edited(path, np.zeros_like)

    monkeypatch.setattr("core.raster.writer.check_complete", black)
    with raises_code("output-not-as-written"):
        made("uint16", {"COMPRESS": "LZW"})
    assert list((tmp_path / "out").iterdir()) == []


def test_the_default_codec_is_one_that_old_programs_read() -> None:
    assert creation_options(np.dtype("uint16"), 512, {})["COMPRESS"] == "DEFLATE"
    assert creation_options(np.dtype("uint16"), 512, {"zstd_level": "9"})["COMPRESS"] == "ZSTD"


def test_a_packed_ms_is_aligned(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path)
    values = read(edited(ms, NBITS=12))
    perform(Align(str(pan), str(ms), str(tmp_path / "o.tif")))
    assert np.array_equal(read(tmp_path / "o.tif"), values)


def test_a_nodata_value_that_gives_way_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pair = map(str, write_pair(tmp_path, dtype="uint16", nodata=65535))
    options = {"NBITS": "12"}
    asked = Pansharpen(*pair, str(tmp_path / "o.tif"), method="exp", creation_options=options)
    perform(asked)
    assert told(caplog) == [(65535, 0)]


def test_the_spread_is_not_bound_by_options_for_integers(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path, dtype="uint8")
    output = Output(tmp_path / "o.tif", creation_options={"COMPRESS": "JPEG"})
    with Scene.open(pan, ms) as scene:
        run_files.rehearse(scene, output, spread=tmp_path / "s.tif", tile=64)


def test_colours_of_ms_stay_where_an_option_names_no_others(tmp_path: Path) -> None:
    colours = (Colour.blue, Colour.green, Colour.red, Colour.nir)
    pair = map(str, write_pair(tmp_path, colours=colours))
    options = {"PHOTOMETRIC": "MINISBLACK"}
    asked = Pansharpen(*pair, str(tmp_path / "o.tif"), method="exp", creation_options=options)
    perform(asked)
    with rasterio.open(tmp_path / "o.tif") as made:
        assert made.colorinterp == colours
