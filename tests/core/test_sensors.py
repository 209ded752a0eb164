# SPDX-License-Identifier: GPL-2.0-or-later
"""Sensor cards: complete, equal to the toolbox, and recognised by the names products have."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from raising import raises_code

import core.sensors
from core import RESOURCES
from core.sensors import BANDS, GENERIC, cards, recognise, sensor, sensor_of

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")

# Gains of genMTF and MTF_PAN of the DLPan-Toolbox; every other sensor gets 0.30 and 0.15.
TOOLBOX = {
    "quickbird": ((0.34, 0.32, 0.30, 0.22), 0.15),
    "ikonos": ((0.26, 0.28, 0.29, 0.28), 0.17),
    "geoeye1": ((0.23,) * 4, 0.16),
    "worldview4": ((0.23,) * 4, 0.16),
    "worldview2": ((0.35,) * 7 + (0.27,), 0.11),
    "worldview3": ((0.325, 0.355, 0.360, 0.350, 0.365, 0.360, 0.335, 0.315), 0.14),
}

# Gains that others have published, and cards without a PAN, or whose wavelengths were not found.
PUBLISHED = {
    "sentinel2": (
        (0.32, 0.26, 0.28, 0.24, 0.38, 0.34, 0.34, 0.26, 0.33, 0.26, 0.22, 0.23), 0.15,
    ),
    "kompsat3": ((0.30,) * 4, 0.16),
}  # fmt: skip
WITHOUT_PAN = {GENERIC, "sentinel2", "superdove", "amazonia1"}
UNKNOWN_NM = {"gaofen6": 5, "gaofen7": 5, "jilin1": 1}

# Wavelengths (nm) of a band of this name, whatever the sensor.
WAVELENGTHS = {
    "coastal": (400, 455), "blue": (455, 500), "green": (530, 570), "yellow": (585, 625),
    "red": (630, 680), "rededge": (700, 750), "nir": (800, 880), "nir1": (800, 880),
    "green i": (510, 550), "rededge1": (700, 710), "rededge2": (735, 745), "rededge3": (775, 790),
    "nir narrow": (860, 870), "water vapour": (940, 950),
    "nir2": (900, 1000), "swir1": (1550, 1750), "swir2": (2080, 2350),
}  # fmt: skip


def read(key: str) -> dict[str, Any]:
    """The file of a card."""
    path = RESOURCES / "sensors" / f"{key}.json"
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


@pytest.mark.parametrize("key", cards())
def test_card_has_documented_fields_only(key: str) -> None:
    card = read(key)
    kinds = {"name": str, "aliases": list, "ratio": int, "bits": int, "pan": dict, "bands": list}
    kinds |= {"mtf_source": str, "note": str}
    documented = re.findall(r"^(\w+) {2,}", core.sensors.__doc__ or "", re.MULTILINE)
    assert set(documented) == set(kinds) == set(card) | {"note"}
    assert [name for name, value in card.items() if not isinstance(value, kinds[name])] == []
    assert set(card["pan"]) == {"nm", "mtf"}
    assert all(set(band) == {"name", "nm", "mtf"} for band in card["bands"])
    assert card["name"] and card["mtf_source"] and card.get("note", "-")


@pytest.mark.parametrize("key", cards())
def test_values_of_card_are_plausible(key: str) -> None:
    card, wavelengths = cards()[key], {band["name"]: band["nm"] for band in read(key)["bands"]}
    assert card.ratio in (2, 4) and 8 <= card.bits <= 16 and card.peak == 2**card.bits - 1
    pan = read(key)["pan"]["nm"]
    unknown = [name for name, nm in wavelengths.items() if nm is None]
    assert pan is None or 550 <= pan < 750
    unknown += ["pan"] if pan is None and key not in WITHOUT_PAN else []
    assert len(unknown) == UNKNOWN_NM.get(key, 0)
    assert len({band.name for band in card.bands}) == len(card.bands)
    for band in card.bands:
        low, high = WAVELENGTHS[band.name]
        assert band.nm is None or low <= band.nm <= high, band.name
        assert band.name in BANDS or key in ("sentinel2", "superdove") or band.name == "nir1"


@pytest.mark.parametrize("key", cards())
def test_gains_equal_toolbox(key: str) -> None:
    card = cards()[key]
    published = {**TOOLBOX, **PUBLISHED}
    gains, pan = published.get(key, ((0.30,) * len(card.bands), 0.15))
    assert tuple(band.mtf for band in card.bands) == gains
    assert read(key)["pan"]["mtf"] == pan
    assert "DLPan-Toolbox" in card.mtf_source
    assert ("None published" in card.mtf_source) == (key not in published)


@pytest.mark.parametrize(
    "key",
    ["sentinel2", "kompsat3", "kompsat3a", "superview1", "gaofen1", "gaofen6", "gaofen7",
     "jilin1", "superdove", "cbers4a", "amazonia1", "triplesat", "deimos2"],
)  # fmt: skip
def test_a_card_names_the_source_of_its_bands(key: str) -> None:
    note = read(key)["note"]
    assert re.search(r"CATALYST|ESA|Planet|Charter|Journal|Remote Sensing|GEOSAT", note)


def recognised(*texts: str) -> str | None:
    """Key of the card found."""
    card = recognise(texts)
    return card and card.key


def test_every_name_leads_to_its_own_card() -> None:
    for card in cards().values():
        for name in card.names:
            for text in {name.replace("#", number) for number in ("1", "12")}:
                assert sensor(text) is card, text
                assert recognised(text) in (card.key, None if card.key == GENERIC else card.key)
        plain = [name.lower().replace("-", "") for name in (card.name, *card.aliases)]
        assert len(set(plain)) == len(plain), "an alias is redundant"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("wv-03", "worldview3"),
        ("Pléiades", "pleiades"),
        ("PHR 1B", "pleiades"),
        ("pneo5", "pleiadesneo"),
        ("SPOT-6/7", "spot6"),
        ("LANDSAT_9", "landsat8"),
        ("ssc12d2", "skysat"),
        ("Generic", "generic"),
    ],
)
def test_sensor_by_any_name(name: str, key: str) -> None:
    assert sensor(name).key == key


@pytest.mark.parametrize("name", ["Sputnik", "", "-", "landsat", "WorldView", "9", "高分"])
def test_unknown_sensor_is_an_error(name: str) -> None:
    for ask in (sensor, sensor_of):
        with raises_code("unknown-sensor"):
            ask(name)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('satId = "QB02";', "quickbird"),
        ("qb_30_pan", "quickbird"),
        ("QB02_20040921_1010010003", "quickbird"),
        ("WV03_VNIR", "worldview3"),
        ("world_view_3", "worldview3"),
        ("<SATID>WV04</SATID>", "worldview4"),
        ("GE01_20110917-M1BS", "geoeye1"),
        ("Sensor: GeoEye-1", "geoeye1"),
        ("Sensor: IKONOS-2", "ikonos"),
        ("IK2_OPER_OSA_GEO_1P_20080715T105300_N43-318_E003-351_0001", "ikonos"),
        ("IK01_20050101-M", "ikonos"),
        ("GF2_PMS1_E113.9_N22.5_20160101_L1A0001318529-MSS1", "gaofen2"),
        ("IMG_PHR1A_MS_201208201005_SEN", "pleiades"),
        ("IMG_PNEO3_STD_202305170722489_PAN_ORT_PWOI_000373521", "pleiadesneo"),
        ("Pléiades Neo 3", "pleiadesneo"),
        ("IMG_SPOT6_MS_201308032015087_SEN_1_R1C1", "spot6"),
        ("SPOT 7", "spot6"),
        ("LE07_L1TP_016032_20000101_20170215_01_T1_B8", "landsat7"),
        ("SENSOR_ID = ETM+", "landsat7"),
        ("LC09_L2SP_190024_20220323_20230422_02_T1_SR_B4", "landsat8"),
        ('"OLI_TIRS"', "landsat8"),
        ("20200814_162132_ssc4d3_0021_analytic", "skysat"),
        ("20200815_091045_ssc6_u0002_panchromatic", "skysat"),
        ("SkySatCollect", "skysat"),
        ("S2A_MSIL1C_20170628T105621_N0205_R094", "sentinel2"),
        ("Sentinel-2B", "sentinel2"),
        ("KOMPSAT-3A", "kompsat3a"),
        ("KOMPSAT-3", "kompsat3"),
        ("SV1-02_20170614_L1B0000085483_1109170043001_01", "superview1"),
        ("GF1_PMS1_E113.9_N22.5_20160101_L1A0001318529-MSS1", "gaofen1"),
        ("GF1B_PMS_E113.9_N22.5_20190101_L1A1227", "gaofen1"),
        ("GF6_PMS_E113.9_N22.5_20190101_L1A1119", "gaofen6"),
        ("GF7_DLC_E116.5_N40.0_20191226_L1A0000195139-BWDMUX", "gaofen7"),
        ("JL101A_PMS_20180101101112_000012345_101_0001_001_L1_MSS", "jilin1"),
        ("JL1GF03B02_PMS_20220516095811_200084559_101_0008_001_L1_PAN", "jilin1"),
        ("PlanetScope", "superdove"),
        ("CBERS_4A_WPM_20200612_215_132_L4_BAND2", "cbers4a"),
        ("CB04A_WPM_E116_N40_20200101_L2B-MSS", "cbers4a"),
        ("AMAZONIA_1_WFI_20210802_029_010_L4", "amazonia1"),
        ("Amazônia-1", "amazonia1"),
        ("TripleSat_1_20180101", "triplesat"),
        ("DE2_MS4_L1B_000000_20150101T000000", "deimos2"),
    ],
)
def test_recognised_in_texts_of_products(text: str, key: str) -> None:
    assert recognised(text.upper()) == recognised(text.lower()) == recognised(text) == key
    assert recognised("2.1", "nothing here", text, "") == key


@pytest.mark.parametrize(
    "text",
    [
        "pan.tif", "scene-1024_ms.tif", "chip1_pan.tif", "L7_07_ms", "image_1", "village-1",
        "le_07_mai", "hotspot6", "spot", "landsat", "landsat_5", "LT05_L1TP_016032",
        "worldview", "kompsat", "gf3_scene", "my_phrase", "aqb02", "QB020", "WV031", "gf21", "ETMs",
        "utm_32n", "oli_pan", "polioli", "ssc2024_pan", "skysatellite", "neo_4", "pleiade",
        "generic", "13FEB10145921-M2AS-052911511010_01_P001", "IK10", "ge", "tile_8_9", "", "高分",
    ],
)  # fmt: skip
def test_other_words_are_no_sensor(text: str) -> None:
    assert recognised(text) is recognised(text.upper()) is None


def test_longest_name_wins_and_a_tie_is_none() -> None:
    assert recognised("Pleiades", "Pleiades Neo", "Pleiades") == "pleiadesneo"
    assert recognised("QB02 resampled like WorldView-3") == "worldview3"
    assert recognised("QB02 beside WV02") is None
    assert recognised("QB02", "qb-02 x", "QuickBird") == "quickbird"
    assert recognise([]) is None
    assert recognised("spot", "6") is None, "a name does not continue in the next text"


def write(path: Path, bands: int = 1, **tags: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    form = {"driver": "GTiff", "width": 8, "height": 8, "count": bands, "dtype": "uint16"}
    with rasterio.open(path, "w", **form) as target:
        target.write(np.ones((bands, 8, 8), np.uint16))
        target.update_tags(**tags)
    return path


def found(*paths: Path) -> str:
    """Key of the card that files are recognised by."""
    with ExitStack() as stack:
        return sensor_of("auto", *(stack.enter_context(rasterio.open(p)) for p in paths)).key


def test_recognised_by_imd_file(tmp_path: Path) -> None:
    path = write(tmp_path / "13FEB10145921-M2AS-052911511010_01_P001.TIF", bands=4)
    path.with_suffix(".IMD").write_text(
        'version = "AA";\nbandId = "Multi";\nBEGIN_GROUP = IMAGE_1\n\tsatId = "WV02";\n'
        '\tmode = "FullSwath";\nEND_GROUP = IMAGE_1\nEND;\n'
    )
    assert found(path) == "worldview2"
    with rasterio.open(path, "r+") as target:
        target.update_tags(COMMENT="to lie on our QuickBird mosaic")
    assert found(path) == "worldview2", "the satellite's name has precedence"


def test_recognised_by_mtl_file(tmp_path: Path) -> None:
    path = write(tmp_path / "scene_B8.TIF")
    (tmp_path / "scene_MTL.txt").write_text(
        "GROUP = LANDSAT_METADATA_FILE\n  GROUP = IMAGE_ATTRIBUTES\n"
        '    SPACECRAFT_ID = "LANDSAT_9"\n    SENSOR_ID = "OLI_TIRS"\n'
        "  END_GROUP = IMAGE_ATTRIBUTES\nEND_GROUP = LANDSAT_METADATA_FILE\nEND\n"
    )
    assert found(path) == "landsat8"


@pytest.mark.parametrize(
    ("mission", "index", "key"),
    [("PHR", "1B", "pleiades"), ("PNEO", "3", "pleiadesneo"), ("SPOT", "6", "spot6"),
     ("SPOT", "5", GENERIC)],
)  # fmt: skip
def test_recognised_by_dimap(tmp_path: Path, mission: str, index: str, key: str) -> None:
    """By the file beside the image, or its two tags in the image."""
    path = write(tmp_path / "IMG_X_MS_001_R1C1.TIF", bands=4)
    source = f"<MISSION>{mission}</MISSION><MISSION_INDEX>{index}</MISSION_INDEX>"
    (tmp_path / "DIM_X_MS_001.XML").write_text(
        "<Dimap_Document><Dataset_Sources><Source_Identification><Strip_Source>"
        f"{source}</Strip_Source></Source_Identification></Dataset_Sources></Dimap_Document>"
    )
    assert found(path) == key
    assert found(write(tmp_path / "tags.tif", MISSION=mission, MISSION_INDEX=index)) == key


def test_recognised_by_band_descriptions(tmp_path: Path) -> None:
    path = write(tmp_path / "stack.tif", bands=2)
    with rasterio.open(path, "r+") as target:
        target.descriptions = ("LC08_B4", "LC08_B5")
    assert found(path) == "landsat8"


def test_metadata_has_precedence_over_names_and_ms_over_pan(tmp_path: Path) -> None:
    plain = write(tmp_path / "pan.tif")
    assert found() == found(plain) == GENERIC
    by_folder = write(tmp_path / "quickbird" / "ms.tif")
    assert found(plain, by_folder) == "quickbird"
    by_file = write(tmp_path / "quickbird" / "GE01_pan.tif")
    assert found(by_folder, by_file) == "geoeye1"
    by_tag = write(tmp_path / "quickbird" / "tag.tif", SENSOR="WorldView-3")
    assert found(by_folder, by_file, by_tag) == "worldview3"
    other = write(tmp_path / "IK01.tif", SATELLITE="IKONOS-2")
    assert found(by_tag, other) == "worldview3"
    assert found(other, by_tag) == "ikonos"


def test_given_sensor_has_precedence(tmp_path: Path) -> None:
    with rasterio.open(write(tmp_path / "quickbird" / "ms.tif")) as dataset:
        assert sensor_of("GF-2", dataset).key == "gaofen2"
        assert sensor_of("generic", dataset).key == GENERIC
        assert sensor_of("Auto", dataset).key == "quickbird"


def test_real_scenes_are_recognised_by_their_folders(shared_data: Path) -> None:
    for folder, key in [
        ("val/geoeye1", "geoeye1"),
        ("val/spot6", "spot6"),
        ("train/landsat8", "landsat8"),
        ("edge/half_pixel_offset", GENERIC),
    ]:
        assert found(shared_data / folder / "ms.tif", shared_data / folder / "pan.tif") == key
    assert found(shared_data / "val/quickbird/qb_20_gt.tif") == "quickbird"
    assert found(shared_data / "train/spacenet6/chip1_ms.tif") == GENERIC


@pytest.mark.parametrize(
    ("names", "gains"),
    [
        ((None,) * 4, (0.34, 0.32, 0.30, 0.22)),
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
    coastal, blue, *_, nir1, nir2 = in_order
    assert card.gains([f"BAND_{n}" for n in ("C", "B", "G", "Y", "R", "RE", "N", "N2")]) == in_order
    assert card.gains(["blue", "Coastal Blue", "Coastal aerosol"]) == (blue, coastal, coastal)
    assert card.gains(["NIR", "NIR2", "NIR-1"]) == (nir1, nir2, nir1)
    assert card.gains(["Red Edge", "red-edge", "red"]) == (0.36, 0.36, 0.365)


def test_synonyms_of_bands_are_distinct() -> None:
    names = [name for band, synonyms in BANDS.items() for name in (band, *synonyms)]
    assert len(set(names)) == len(names)
    assert {band.name for band in sensor("pleiadesneo").bands} <= set(BANDS)


def test_cards_are_read_without_rasterio() -> None:
    code = "import sys, core.sensors as s; s.cards(); sys.exit('rasterio' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=RESOURCES.parent, check=True)
