# SPDX-License-Identifier: GPL-2.0-or-later
"""A result keeps what the MS says of its values, and nothing that is true of the MS file alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import rasterio
import rasterio.shutil
from fakes import Plain, perform, write_pair
from raster_files import read, single_bands
from rasterio.enums import ColorInterp as Colour

from core.fusion.tiled import sharpen
from core.pair.scene import Scene
from core.raster.writer import Output
from core.requests.scenes import Pansharpen, Simulate

SCALES, OFFSETS = (1e-4, 1e-4, 1e-4, 2e-4), (-0.1, 0.0, 0.0, -0.2)
WAVELENGTHS = ("490", "560", "665", "842")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A PAN and an MS with metadata of every kind."""
    pan, ms = write_pair(tmp_path)
    with rasterio.open(pan, "r+") as dataset:
        dataset.descriptions = ["panchromatic"]
        dataset.update_tags(OF_PAN="1", TIFFTAG_COPYRIGHT="PAN's")
        dataset.update_tags(1, STATISTICS_MAXIMUM="4000")
    with rasterio.open(ms, "r+") as dataset:
        dataset.scales, dataset.offsets = SCALES, OFFSETS
        dataset.units = ["reflectance"] * 4
        dataset.colorinterp = [Colour.blue, Colour.green, Colour.red, Colour.nir]
        for band, nm in enumerate(WAVELENGTHS, start=1):
            dataset.update_tags(band, wavelength=nm, STATISTICS_MEAN="7", _FillValue="0")
            dataset.update_tags(band, ns="IMAGERY", CENTRAL_WAVELENGTH_UM=f"0.{nm}")
        dataset.update_tags(
            TIFFTAG_COPYRIGHT="Agency",
            TIFFTAG_DATETIME="2021:06:01 10:00:00",
            TIFFTAG_SOFTWARE="another program",
            TIFFTAG_IMAGEDESCRIPTION='{"shape": [4, 48, 48]}',
            calibration="absolute",
            Band_1="blue (0.49 Micrometers)",
            ROWS="48",
        )
        dataset.update_tags(ns="IMAGERY", SATELLITEID="Somesat", CLOUDCOVER="3")
        dataset.update_tags(ns="ENVI", wavelength="{490, 560, 665, 842}", samples="48", solar="a b")
    return pan, ms


def sharpened(pair: tuple[Path, Path], out: Path, bands: Any = None, **more: Any) -> Path:
    with Scene.open(*pair, ms_bands=bands) as scene:
        return sharpen(scene, Plain(), Output(out, **more)).path


@pytest.mark.parametrize("more", [{}, {"cog": True}, {"dtype": "float32"}, {"dtype": "uint8"}])
def test_the_meaning_of_values_is_kept_in_the_order_of_the_bands(
    pair: tuple[Path, Path], tmp_path: Path, more: dict[str, Any]
) -> None:
    with rasterio.open(sharpened(pair, tmp_path / "o.tif", [4, 1], **more)) as made:
        assert made.scales == (SCALES[3], SCALES[0])
        assert made.offsets == (OFFSETS[3], OFFSETS[0])
        assert made.units == ("reflectance", "reflectance")
        assert made.descriptions == ("nir", "blue")
        assert made.colorinterp == (Colour.nir, Colour.blue)
        assert [made.tags(band)["wavelength"] for band in (1, 2)] == ["842", "490"]
        assert made.tags(1, ns="IMAGERY") == {"CENTRAL_WAVELENGTH_UM": "0.842"}
        if not more.get("cog"):  # its driver copies the default domain alone
            assert made.tags(ns="ENVI") == {"wavelength": "{842, 490}", "solar": "a b"}


@pytest.mark.parametrize("cog", [False, True])
def test_sensor_time_and_copyright_are_kept(
    pair: tuple[Path, Path], tmp_path: Path, cog: bool
) -> None:
    with rasterio.open(sharpened(pair, tmp_path / "o.tif", cog=cog)) as made:
        tags = made.tags()
        found = tags if cog else made.tags(ns="IMAGERY")
    assert (found["SATELLITEID"], found["CLOUDCOVER"]) == ("Somesat", "3")
    assert (tags["TIFFTAG_COPYRIGHT"], tags["calibration"]) == ("Agency", "absolute")
    assert tags["TIFFTAG_DATETIME"] == "2021:06:01 10:00:00"


def test_what_is_true_of_the_inputs_alone_is_not_copied(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    with rasterio.open(sharpened(pair, tmp_path / "o.tif")) as made:
        tags = made.tags()
        assert set(made.tags(1)) == {"wavelength"}
        assert "panchromatic" not in made.descriptions
    assert not {"OF_PAN", "Band_1", "ROWS", "TIFFTAG_IMAGEDESCRIPTION"} & set(tags)
    assert "another program" not in tags.values()


@pytest.mark.parametrize("meaning", ["Area", "Point"])
def test_pixels_are_points_where_those_of_pan_are(
    pair: tuple[Path, Path], tmp_path: Path, meaning: str
) -> None:
    with rasterio.open(pair[0], "r+") as pan:
        grid = pan.transform
        pan.update_tags(AREA_OR_POINT=meaning)
        pan.transform = grid
    with rasterio.open(pair[1], "r+") as ms:
        ms.update_tags(AREA_OR_POINT={"Area": "Point", "Point": "Area"}[meaning])
    with rasterio.open(pair[0]) as pan:
        grid = pan.transform
    with rasterio.open(sharpened(pair, tmp_path / "o.tif")) as made:
        assert made.tags()["AREA_OR_POINT"] == meaning
        assert made.transform == grid


def test_the_sensor_is_that_of_pan_where_ms_names_none(tmp_path: Path) -> None:
    pair = write_pair(tmp_path)
    with rasterio.open(pair[0], "r+") as pan:
        pan.update_tags(ns="IMAGERY", SATELLITEID="Somesat")
    with rasterio.open(sharpened(pair, tmp_path / "o.tif")) as made:
        assert made.tags(ns="IMAGERY") == {"SATELLITEID": "Somesat"}


def test_wavelengths_of_an_envi_file_are_kept(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path)
    rasterio.shutil.copy(ms, tmp_path / "ms.img", driver="ENVI")
    header = tmp_path / "ms.hdr"
    lines = ["wavelength units = Nanometers", "wavelength = {490, 560, 665, 842}"]
    header.write_text(header.read_text() + "\n".join(lines) + "\n")
    with rasterio.open(sharpened((pan, tmp_path / "ms.img"), tmp_path / "o.tif", [3, 2])) as made:
        assert [float(made.tags(band)["wavelength"]) for band in (1, 2)] == [665, 560]
        assert "samples" not in made.tags(ns="ENVI")


def test_tags_that_are_no_text_are_left_out(tmp_path: Path) -> None:
    pair = write_pair(tmp_path)
    with rasterio.open(pair[1], "r+") as ms:
        ms.update_tags(TIFFTAG_ARTIST="Andre A")
    content = pair[1].read_bytes()
    pair[1].write_bytes(content.replace(b"Andre A", b"Andr\xe9 A"))
    assert read(sharpened(pair, tmp_path / "o.tif")).any()


def test_reduced_files_keep_the_meaning_of_their_values(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    paths = [str(tmp_path / name) for name in ("p.tif", "m.tif", "r.tif")]
    pan, ms = map(str, pair)
    perform(Simulate(pan, ms, *paths, ms_bands=(4, 1)))
    for path in paths[1:]:
        with rasterio.open(path) as made:
            assert made.scales == (SCALES[3], SCALES[0])
            assert made.units == ("reflectance", "reflectance")
            assert made.tags(2)["wavelength"] == "490"
    with rasterio.open(paths[0]) as made:
        assert (made.scales, made.descriptions) == ((1.0,), ("pan",))


def test_bands_of_their_own_files_keep_what_the_files_say(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    files = single_bands(pair[1], "B{}.tif")
    for band, name in enumerate(files, start=1):
        with rasterio.open(name, "r+") as dataset:
            dataset.scales, dataset.offsets = [SCALES[band - 1]], [OFFSETS[band - 1]]
            dataset.units = ["reflectance"]
            dataset.update_tags(1, wavelength=WAVELENGTHS[band - 1])
            dataset.update_tags(1, ns="IMAGERY", CENTRAL_WAVELENGTH_UM=f"0.{band}")
            dataset.update_tags(TIFFTAG_COPYRIGHT="Agency")
            dataset.update_tags(ns="IMAGERY", SATELLITEID="Somesat")
    asked = Pansharpen(str(pair[0]), files, str(tmp_path / "o.tif"), method="exp")
    perform(asked)
    with rasterio.open(tmp_path / "o.tif") as made:
        assert (made.scales, made.offsets) == (SCALES, OFFSETS)
        assert made.units == ("reflectance",) * 4
        assert tuple(made.tags(band)["wavelength"] for band in made.indexes) == WAVELENGTHS
        assert made.tags(4, ns="IMAGERY") == {"CENTRAL_WAVELENGTH_UM": "0.4"}
        assert made.tags(ns="IMAGERY") == {"SATELLITEID": "Somesat"}
        assert made.tags()["TIFFTAG_COPYRIGHT"] == "Agency"
