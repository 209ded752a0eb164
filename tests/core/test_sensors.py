# SPDX-License-Identifier: GPL-2.0-or-later
"""Sensor cards: complete, true to the toolbox, and found by what products say of themselves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from raising import raises_code
from rasterio.io import DatasetReader

import core.sensors
from core.resources import SENSORS
from core.sensors import BANDS, GENERIC, cards, recognise, sensor, sensor_of

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")

WANTED = (
    *("quickbird", "ikonos", "geoeye1", "worldview2", "worldview3", "worldview4", "gaofen2"),
    *("pleiades", "pleiadesneo", "spot6", "skysat", "landsat7", "landsat8", "generic"),
)

# Gains of genMTF and MTF_PAN of the DLPan-Toolbox; every other sensor gets 0.30 and 0.15.
TOOLBOX = {
    "quickbird": ((0.34, 0.32, 0.30, 0.22), 0.15),
    "ikonos": ((0.26, 0.28, 0.29, 0.28), 0.17),
    "geoeye1": ((0.23,) * 4, 0.16),
    "worldview4": ((0.23,) * 4, 0.16),
    "worldview2": ((0.35,) * 7 + (0.27,), 0.11),
    "worldview3": ((0.325, 0.355, 0.360, 0.350, 0.365, 0.360, 0.335, 0.315), 0.14),
}

# (ratio, bits, number of bands), by the operators' product descriptions.
SHAPES = {
    "quickbird": (4, 11, 4),
    "ikonos": (4, 11, 4),
    "geoeye1": (4, 11, 4),
    "worldview2": (4, 11, 8),
    "worldview3": (4, 11, 8),
    "worldview4": (4, 11, 4),
    "gaofen2": (4, 10, 4),
    "pleiades": (4, 12, 4),
    "pleiadesneo": (4, 12, 6),
    "spot6": (4, 12, 4),
    "skysat": (2, 12, 4),
    "landsat7": (2, 8, 6),
    "landsat8": (2, 16, 7),
    "generic": (4, 16, 0),
}

# Light that a band of this name is made of, in nm, whatever the sensor.
COLOURS = {
    "coastal": (400, 455),
    "blue": (455, 500),
    "green": (530, 570),
    "yellow": (585, 625),
    "red": (640, 680),
    "rededge": (700, 750),
    "nir": (800, 880),
    "nir1": (800, 880),
    "nir2": (900, 1000),
    "swir1": (1550, 1750),
    "swir2": (2080, 2350),
}


def recognised(*texts: str) -> str | None:
    """Key of the card found."""
    card = recognise(texts)
    return card and card.key


def test_every_wanted_sensor_has_a_card() -> None:
    assert sorted(cards()) == sorted(WANTED)


@pytest.mark.parametrize("key", WANTED)
def test_a_card_has_the_documented_form_and_no_other(key: str) -> None:
    card = json.loads((SENSORS / f"{key}.json").read_text(encoding="utf-8"))
    kinds = {"name": str, "aliases": list, "ratio": int, "bits": int, "pan": dict, "bands": list}
    kinds |= {"mtf_source": str, "note": str}
    documented = re.findall(r"^(\w+) {2,}", core.sensors.__doc__ or "", re.MULTILINE)
    assert set(documented) == set(kinds)
    assert set(card) | {"note"} == set(kinds), "only a note may be missing"
    assert [name for name, value in card.items() if not isinstance(value, kinds[name])] == []
    assert set(card["pan"]) == {"nm", "mtf"}
    assert all(set(band) == {"name", "nm", "mtf"} for band in card["bands"])
    assert card["name"] and card["mtf_source"] and card.get("note", "-")


@pytest.mark.parametrize("key", WANTED)
def test_values_are_sane(key: str) -> None:
    card = cards()[key]
    assert (card.ratio, card.bits, len(card.bands)) == SHAPES[key]
    assert card.peak == 2**card.bits - 1
    assert 0.05 < card.pan_mtf < 0.5
    assert (card.pan_nm is None) == (key == GENERIC)
    assert card.pan_nm is None or 550 < card.pan_nm < 750
    names = [band.name for band in card.bands]
    assert len(set(names)) == len(names)
    for band in card.bands:
        low, high = COLOURS[band.name]
        assert low <= band.nm <= high, band.name
        assert 0.1 < band.mtf < 0.5
        assert band.name in BANDS or band.name == "nir1"


@pytest.mark.parametrize("key", WANTED)
def test_gains_are_the_toolboxs_and_say_so(key: str) -> None:
    card = cards()[key]
    gains, pan = TOOLBOX.get(key, ((0.30,) * len(card.bands), 0.15))
    assert tuple(band.mtf for band in card.bands) == gains
    assert card.pan_mtf == pan
    assert "DLPan-Toolbox" in card.mtf_source
    assert ("None published" in card.mtf_source) == (key not in TOOLBOX)


def test_every_name_leads_to_its_own_card() -> None:
    seen: dict[str, str] = {}
    for card in cards().values():
        for name in card.names:
            for text in {name.replace("#", number) for number in ("1", "12")}:
                assert sensor(text) is card, text
                assert recognised(text) in (card.key, None if card.key == GENERIC else card.key)
        for alias in card.aliases:
            plain = alias.lower().replace("-", "")
            assert seen.setdefault(plain, card.key) == card.key
            assert plain != card.name.lower().replace("-", ""), "says it twice"
        assert len({alias.lower() for alias in card.aliases}) == len(card.aliases)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("wv-03", "worldview3"),
        ("Pléiades", "pleiades"),
        ("PHR 1B", "pleiades"),
        ("pneo5", "pleiadesneo"),
        ("SPOT-6/7", "spot6"),
        ("SPOT 7", "spot6"),
        ("LANDSAT_9", "landsat8"),
        ("Landsat 7", "landsat7"),
        ("SkySat", "skysat"),
        ("ssc12d2", "skysat"),
        ("Generic", "generic"),
    ],
)
def test_sensor_by_any_name(name: str, key: str) -> None:
    assert sensor(name).key == key


@pytest.mark.parametrize("name", ["Sputnik", "", "-", "landsat", "WorldView", "9", "高分"])
def test_an_unknown_sensor_is_an_error_that_lists_the_known(name: str) -> None:
    for ask in (sensor, sensor_of):
        with raises_code("unknown-sensor"):
            ask(name)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('satId = "QB02";', "quickbird"),
        ("qb_30_pan", "quickbird"),
        ("QB02_20040921_1010010003", "quickbird"),
        ('satId = "WV02";', "worldview2"),
        ("WV03_VNIR", "worldview3"),
        ("<SATID>WV04</SATID>", "worldview4"),
        ("GE01_20110917-M1BS", "geoeye1"),
        ("Sensor: GeoEye-1", "geoeye1"),
        ("Sensor: IKONOS-2", "ikonos"),
        ("IK2_OPER_OSA_GEO_1P_20080715T105300_N43-318_E003-351_0001", "ikonos"),
        ("IK01_20050101-M", "ikonos"),
        ("GF2_PMS1_E113.9_N22.5_20160101_L1A0001318529-MSS1", "gaofen2"),
        ("IMG_PHR1A_MS_201208201005_SEN", "pleiades"),
        ("IMG_PHR1B_P_201301010101019_ORT_R1C1", "pleiades"),
        ("PHR 1A", "pleiades"),
        ("IMG_PNEO3_STD_202305170722489_PAN_ORT_PWOI_000373521", "pleiadesneo"),
        ("PNEO 4", "pleiadesneo"),
        ("Pléiades Neo 3", "pleiadesneo"),
        ("IMG_SPOT6_MS_201308032015087_SEN_1_R1C1", "spot6"),
        ("SPOT 7", "spot6"),
        ("LE07_L1TP_016032_20000101_20170215_01_T1_B8", "landsat7"),
        ('SPACECRAFT_ID = "LANDSAT_7"', "landsat7"),
        ("SENSOR_ID = ETM+", "landsat7"),
        ("LC08_L1TP_016032_20200101_20200823_02_T1_B4", "landsat8"),
        ("LC09_L2SP_190024_20220323_20230422_02_T1_SR_B4", "landsat8"),
        ('"OLI_TIRS"', "landsat8"),
        ("Landsat 8", "landsat8"),
        ("20200814_162132_ssc4d3_0021_analytic", "skysat"),
        ("20200815_091045_ssc6_u0002_panchromatic", "skysat"),
        ("SkySatCollect", "skysat"),
        ("world_view_3", "worldview3"),
    ],
)
def test_recognised_as_products_write_it(text: str, key: str) -> None:
    assert recognised(text) == key
    assert recognised(text.upper()) == recognised(text.lower()) == key
    assert recognised("2.1", "nothing here", text, "") == key


@pytest.mark.parametrize(
    "text",
    [
        "pan", "ms", "pan.tif", "ms.tif", "scene-1024_ms.tif", "chip1_pan.tif", "L7_07_ms",
        "image_1", "village-1", "le_07_mai", "hotspot6", "spot", "landsat", "landsat_5",
        "LT05_L1TP_016032", "S2A_MSIL1C_20170628", "worldview", "my_phrase", "aqb02", "QB020",
        "WV031", "gf21", "ETMs", "utm_32n", "oli_pan", "polioli", "ssc2024_pan", "skysatellite",
        "neo_4", "pleiade", "generic", "13FEB10145921-M2AS-052911511010_01_P001", "IK10", "ge",
        "tile_8_9", "", "高分",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_sensor(text: str) -> None:
    assert recognised(text) is None
    assert recognised(text.upper()) is None


def test_the_longest_name_wins_and_a_tie_is_nothing() -> None:
    assert recognised("Pleiades", "Pleiades Neo", "Pleiades") == "pleiadesneo"
    assert recognised("PHR", "PNEO") == "pleiadesneo"
    assert recognised("QB02 resampled like WorldView-3") == "worldview3"
    assert recognised("PHR 1A", "QB02") == "pleiades"
    assert recognised("QB02 beside WV02") is None
    assert recognised("QB02", "qb-02 x", "QuickBird") == "quickbird"
    assert recognise([]) is None
    assert recognised("spot", "6") is None, "a name does not run over two texts"


def write(path: Path, bands: int = 1, **tags: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    form = {"driver": "GTiff", "width": 8, "height": 8, "count": bands, "dtype": "uint16"}
    with rasterio.open(path, "w", **form) as target:
        target.write(np.ones((bands, 8, 8), np.uint16))
        target.update_tags(**tags)
    return path


def found(*paths: Path) -> str:
    """Key of the card that files are recognised by."""
    datasets: list[DatasetReader] = [rasterio.open(path) for path in paths]
    try:
        return sensor_of("auto", *datasets).key
    finally:
        for dataset in datasets:
            dataset.close()


def test_by_an_imd_beside_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "13FEB10145921-M2AS-052911511010_01_P001.TIF", bands=4)
    path.with_suffix(".IMD").write_text(
        'version = "AA";\nbandId = "Multi";\nBEGIN_GROUP = IMAGE_1\n\tsatId = "WV02";\n'
        '\tmode = "FullSwath";\nEND_GROUP = IMAGE_1\nEND;\n'
    )
    assert found(path) == "worldview2"
    with rasterio.open(path, "r+") as target:
        target.update_tags(COMMENT="to lie on our QuickBird mosaic")
    assert found(path) == "worldview2", "the satellite's name is asked first"


def test_by_an_mtl_beside_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "scene_B8.TIF")
    (tmp_path / "scene_MTL.txt").write_text(
        "GROUP = LANDSAT_METADATA_FILE\n  GROUP = IMAGE_ATTRIBUTES\n"
        '    SPACECRAFT_ID = "LANDSAT_9"\n    SENSOR_ID = "OLI_TIRS"\n'
        "  END_GROUP = IMAGE_ATTRIBUTES\nEND_GROUP = LANDSAT_METADATA_FILE\nEND\n"
    )
    assert found(path) == "landsat8"


@pytest.mark.parametrize(
    ("mission", "index", "key"),
    [("PHR", "1B", "pleiades"), ("PNEO", "3", "pleiadesneo"), ("SPOT", "6", "spot6")],
)
def test_by_dimap_beside_the_file(tmp_path: Path, mission: str, index: str, key: str) -> None:
    path = write(tmp_path / "IMG_X_MS_001_R1C1.TIF", bands=4)
    source = f"<MISSION>{mission}</MISSION><MISSION_INDEX>{index}</MISSION_INDEX>"
    (tmp_path / "DIM_X_MS_001.XML").write_text(
        "<Dimap_Document><Dataset_Sources><Source_Identification><Strip_Source>"
        f"{source}</Strip_Source></Source_Identification></Dataset_Sources></Dimap_Document>"
    )
    assert found(path) == key


def test_by_tags_that_dimap_leaves_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "converted.tif", MISSION="SPOT", MISSION_INDEX="7")
    assert found(path) == "spot6"
    assert found(write(tmp_path / "other.tif", MISSION="SPOT", MISSION_INDEX="5")) == GENERIC


def test_by_band_descriptions(tmp_path: Path) -> None:
    path = write(tmp_path / "stack.tif", bands=2)
    with rasterio.open(path, "r+") as target:
        target.descriptions = ("LC08_B4", "LC08_B5")
    assert found(path) == "landsat8"


def test_metadata_count_more_than_names_and_ms_more_than_pan(tmp_path: Path) -> None:
    plain = write(tmp_path / "pan.tif")
    assert found(plain) == GENERIC
    assert found() == GENERIC
    by_folder = write(tmp_path / "quickbird" / "ms.tif")
    assert found(plain, by_folder) == "quickbird"
    by_file = write(tmp_path / "quickbird" / "GE01_pan.tif")
    assert found(by_folder, by_file) == "geoeye1"
    by_tag = write(tmp_path / "quickbird" / "told.tif", SENSOR="WorldView-3")
    assert found(by_folder, by_file, by_tag) == "worldview3"
    other = write(tmp_path / "IK01.tif", SATELLITE="IKONOS-2")
    assert found(by_tag, other) == "worldview3"
    assert found(other, by_tag) == "ikonos"


def test_a_named_sensor_is_not_looked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "quickbird" / "ms.tif")
    with rasterio.open(path) as dataset:
        assert sensor_of("GF-2", dataset).key == "gaofen2"
        assert sensor_of("generic", dataset).key == GENERIC
        assert sensor_of("Auto", dataset).key == "quickbird"


def test_real_scenes_by_their_folders(shared_data: Path) -> None:
    for folder, key in [
        ("val/geoeye1", "geoeye1"),
        ("val/worldview2", "worldview2"),
        ("val/spot6", "spot6"),
        ("train/landsat8", "landsat8"),
        ("edge/half_pixel_offset", GENERIC),
        ("edge/misregistered", GENERIC),
    ]:
        assert found(shared_data / folder / "ms.tif", shared_data / folder / "pan.tif") == key
    assert found(shared_data / "val/quickbird/qb_20_gt.tif") == "quickbird"
    assert found(shared_data / "train/spacenet6/chip1_ms.tif") == GENERIC


@pytest.mark.parametrize(
    ("names", "gains"),
    [
        ((None,) * 4, (0.34, 0.32, 0.30, 0.22)),
        (("Band 1", "Band 2", "Band 3", "Band 4"), (0.34, 0.32, 0.30, 0.22)),
        (("", None, "x", "y1"), (0.34, 0.32, 0.30, 0.22)),
        (("N", "R", "G", "B"), (0.22, 0.30, 0.32, 0.34)),
        (("BAND_B", "BAND_G", "BAND_R", "BAND_N"), (0.34, 0.32, 0.30, 0.22)),
        (("NIR1", "Blue band"), (0.22, 0.34)),
        (("near infrared", "Near-Infrared", "nir"), (0.22,) * 3),
        (("Band 1", "Band 2"), (0.30, 0.30)),
        (("blue", "Band 2", "Band 3", "Band 4"), (0.34, 0.30, 0.30, 0.30)),
    ],
)
def test_gains_by_name_or_in_order(names: tuple[str | None, ...], gains: tuple[float, ...]) -> None:
    assert sensor("quickbird").gains(names) == gains


def test_gains_of_eight_bands() -> None:
    card = sensor("worldview3")
    in_order = tuple(band.mtf for band in card.bands)
    assert card.gains([f"Band {n}" for n in range(1, 9)]) == in_order
    assert card.gains([f"BAND_{n}" for n in ("C", "B", "G", "Y", "R", "RE", "N", "N2")]) == in_order
    coastal, blue, *_, nir1, nir2 = in_order
    assert card.gains(["blue", "Coastal Blue", "coastal", "Coastal aerosol"]) == (
        blue, coastal, coastal, coastal,
    )  # fmt: skip
    assert card.gains(["NIR", "NIR2", "NIR-1"]) == (nir1, nir2, nir1)
    assert card.gains(["Red Edge", "red-edge", "red"]) == (0.36, 0.36, 0.365)


def test_band_names_are_told_apart() -> None:
    spelled = [name for band, others in BANDS.items() for name in (band, *others)]
    assert len(set(spelled)) == len(spelled)
    neo = sensor("pleiadesneo")
    assert {band.name for band in neo.bands} <= set(BANDS)
    assert "deepblue" in BANDS["coastal"], "as GDAL describes the bands of Pleiades Neo"


def test_cards_are_read_without_rasterio() -> None:
    code = "import sys, core.sensors as s; s.cards(); sys.exit('rasterio' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=SENSORS.parents[1], check=True)
