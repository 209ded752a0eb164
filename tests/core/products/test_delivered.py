# SPDX-License-Identifier: GPL-2.0-or-later
"""Products as they are delivered: the folder, or a file of metadata, is PAN and MS.

The files are small, and laid out as the formats' specifications say.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import perform
from logged import told
from raising import raises_code
from scenes import GRID, Images, landscape, write

from core.errors import InputError
from core.fusion.provenance import of_run
from core.pair.scene import Scene
from core.products.inputs import one_raster
from core.raster.source import Source
from core.raster.window import Window
from core.requests.scenes import Pansharpen
from core.sensors import sensor_of

COARSE = GRID * Affine.scale(4)
BGRN = ("blue", "green", "red", "nir")


@dataclass(frozen=True)
class Expected:
    """What a product is: its folder, a file of metadata, and what both tell of its MS."""

    folder: Path
    metadata: Path
    names: tuple[str, ...]
    sensor: str
    satellite: str
    tags: dict[str, str]


Product = Callable[[Path, Images], Expected]


def raster(path: Path, image: np.ndarray, fine: bool = False, **more: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    values = np.rint(image).astype(np.uint16)
    return write(path, values, GRID if fine else COARSE, **more)  # type: ignore[arg-type]


def halves(stem: Path, image: np.ndarray, grid: Affine) -> list[Path]:
    """Two tiles, side by side: R1C1 and R1C2."""
    middle = image.shape[2] // 2
    tiles = []
    for number, part in enumerate((image[:, :, :middle], image[:, :, middle:])):
        path = stem.with_name(f"{stem.name}_R1C{number + 1}.TIF")
        path.parent.mkdir(parents=True, exist_ok=True)
        at = grid * Affine.translation(number * middle, 0)
        tiles.append(write(path, np.rint(part).astype(np.uint16), at))
    return tiles


# --- DIMAP: Pleiades ------------------------------------------------------------------------------


def dimap(
    path: Path, tiles: Sequence[Path], shape: tuple[int, ...], grid: Affine, ids: str
) -> None:
    """Write a DIMAP 2 file of two tiles."""
    bands, rows, cols = shape
    x, y = grid * (0.5, 0.5)  # of the first pixel's centre
    files = "".join(
        f'<Data_File tile_R="1" tile_C="{n}"><DATA_FILE_PATH href="{tile.name}"/></Data_File>'
        for n, tile in enumerate(tiles, start=1)
    )
    index = "".join(
        f"<Raster_Index><BAND_ID>{each}</BAND_ID><BAND_INDEX>{n}</BAND_INDEX></Raster_Index>"
        for n, each in enumerate(ids.split(), start=1)
    )
    path.write_text(f"""<?xml version="1.0" encoding="UTF-8"?>
<Dimap_Document><Metadata_Identification><METADATA_FORMAT version="2.0">DIMAP</METADATA_FORMAT>
</Metadata_Identification><Coordinate_Reference_System><Projected_CRS>
<PROJECTED_CRS_CODE>urn:ogc:def:crs:EPSG::32633</PROJECTED_CRS_CODE></Projected_CRS>
</Coordinate_Reference_System><Geoposition><Geoposition_Insert><ULXMAP>{x}</ULXMAP>
<ULYMAP>{y}</ULYMAP><XDIM>{grid.a}</XDIM><YDIM>{-grid.e}</YDIM></Geoposition_Insert></Geoposition>
<Processing_Information><Product_Settings><PROCESSING_LEVEL>ORTHO</PROCESSING_LEVEL>
<SPECTRAL_PROCESSING>{"P" if bands == 1 else "MS"}</SPECTRAL_PROCESSING></Product_Settings>
</Processing_Information><Raster_Data><Data_Access><DATA_FILE_FORMAT>image/tiff</DATA_FILE_FORMAT>
<DATA_FILE_TILES>true</DATA_FILE_TILES><Data_Files>{files}</Data_Files></Data_Access>
<Raster_Dimensions><NROWS>{rows}</NROWS><NCOLS>{cols}</NCOLS><NBANDS>{bands}</NBANDS><Tile_Set>
<NTILES>2</NTILES><Regular_Tiling><NTILES_SIZE nrows="{rows}" ncols="{cols // 2}"/>
<NTILES_COUNT ntiles_R="1" ntiles_C="2"/></Regular_Tiling></Tile_Set></Raster_Dimensions>
<Raster_Encoding><DATA_TYPE>INTEGER</DATA_TYPE><NBITS>16</NBITS></Raster_Encoding>
<Raster_Display><Raster_Index_List>{index}</Raster_Index_List></Raster_Display></Raster_Data>
<Dataset_Sources><Source_Identification><SOURCE_ID>1</SOURCE_ID><Strip_Source>
<MISSION>PHR</MISSION><MISSION_INDEX>1A</MISSION_INDEX><IMAGING_DATE>2020-06-01</IMAGING_DATE>
<IMAGING_TIME>10:20:30.4Z</IMAGING_TIME></Strip_Source></Source_Identification></Dataset_Sources>
</Dimap_Document>""")


def pleiades(folder: Path, made: Images) -> Expected:
    product = folder / "PHR1A_SO20001234-1"
    parts = ("P", made.pan[None], GRID, "P"), ("MS", made.ms[[2, 1, 0, 3]], COARSE, "B2 B1 B0 B3")
    for kind, image, grid, ids in parts:
        stem = product / f"IMG_PHR1A_{kind}_001" / f"IMG_PHR1A_{kind}_202006011020304"
        tiles = halves(stem, image, grid)
        xml = stem.with_name(f"DIM_PHR1A_{kind}_202006011020304.XML")
        dimap(xml, tiles, image.shape, grid, ids)
    (product / "VOL_PHR.XML").write_text("<Dimap_Document/>")
    names = ("red", "green", "blue", "nir")
    wavelength = {"CENTRAL_WAVELENGTH_UM": "0.65"}
    return Expected(product, product / "VOL_PHR.XML", names, "pleiades", "PHR 1A", wavelength)


# --- Maxar: WorldView-2 ---------------------------------------------------------------------------


def maxar(folder: Path, made: Images) -> Expected:
    product = folder / "010203040010_01"
    parts = ("PAN", "P2AS", made.pan[None], GRID, "P"), ("MUL", "M2AS", made.ms, COARSE, "BGRN")
    for sub, level, image, grid, bands in parts:
        stem = product / f"010203040010_01_P001_{sub}" / f"20JUN01-{level}-010203040010_01_P001"
        tiles = halves(stem, image, grid)
        groups = "".join(
            f"BEGIN_GROUP = BAND_{band}\n\tULLon = 15.0;\n\tabsCalFactor = 1.25e-02;\n"
            f"\teffectiveBandwidth = 5.43e-02;\nEND_GROUP = BAND_{band}\n"
            for band in bands
        )
        stem.with_name(f"{stem.name}.IMD").write_text(
            f'version = "AA";\nnumRows = {image.shape[1]};\nnumColumns = {image.shape[2]};\n'
            "bitsPerPixel = 16;\n"
            f'bandId = "{"P" if sub == "PAN" else "Multi"}";\n{groups}BEGIN_GROUP = IMAGE_1\n'
            '\tsatId = "WV02";\n\tfirstLineTime = 2020-06-01T10:20:30.4Z;\n'
            "END_GROUP = IMAGE_1\nBEGIN_GROUP = MAP_PROJECTED_PRODUCT\n"
            f"\tULX = {(grid * (0.5, 0.5))[0]};\n\tULY = {(grid * (0.5, 0.5))[1]};\n"
            "END_GROUP = MAP_PROJECTED_PRODUCT\nEND;\n"
        )
        width, last = image.shape[2] // 2, image.shape[1] - 1
        listed = "".join(
            f'BEGIN_GROUP = TILE_{n}\n\tfilename = "{tile.name}";\n'
            f"\tULColOffset = {(n - 1) * width};\n\tULRowOffset = 0;\n"
            f"\tLRColOffset = {n * width - 1};\n\tLRRowOffset = {last};\nEND_GROUP = TILE_{n}\n"
            for n, tile in enumerate(tiles, start=1)
        )
        stem.with_name(f"{stem.name}.TIL").write_text(f"numTiles = 2;\n{listed}END;\n")
    tags = {"ABSCALFACTOR": "1.25e-02", "EFFECTIVEBANDWIDTH": "5.43e-02"}
    imd = product / "010203040010_01_P001_MUL" / "20JUN01-M2AS-010203040010_01_P001.IMD"
    return Expected(product, imd, BGRN, "worldview2", "WV02", tags)


# --- Landsat --------------------------------------------------------------------------------------


def landsat(folder: Path, made: Images) -> Expected:
    scene = "LC08_L1TP_192028_20200601_20200613_02_T1"
    product = folder / scene
    bands = {8: made.pan[None], 10: made.ms[:1]}
    bands |= {number: made.ms[n][None] for n, number in enumerate((2, 3, 4, 5))}
    for number, image in bands.items():
        raster(product / f"{scene}_B{number}.TIF", image, number == 8)
    named = "".join(f'    FILE_NAME_BAND_{n} = "{scene}_B{n}.TIF"\n' for n in sorted(bands))
    scaled = "".join(f"    REFLECTANCE_MULT_BAND_{n} = 2.{n}E-05\n" for n in sorted(bands))
    (product / f"{scene}_MTL.txt").write_text(
        f"GROUP = LANDSAT_METADATA_FILE\n  GROUP = PRODUCT_CONTENTS\n{named}  END_GROUP = "
        'PRODUCT_CONTENTS\n  GROUP = IMAGE_ATTRIBUTES\n    SPACECRAFT_ID = "LANDSAT_8"\n'
        '    DATE_ACQUIRED = 2020-06-01\n    SCENE_CENTER_TIME = "10:20:30.4Z"\n'
        f"  END_GROUP = IMAGE_ATTRIBUTES\n  GROUP = RESCALING\n{scaled}  END_GROUP = RESCALING\n"
        "END_GROUP = LANDSAT_METADATA_FILE\nEND\n"
    )
    tags = {"REFLECTANCE_MULT": "2.2E-05", "CENTRAL_WAVELENGTH_UM": "0.482"}
    return Expected(product, product / f"{scene}_MTL.txt", BGRN, "landsat8", "LANDSAT-8", tags)


# --- GaoFen and SuperView -------------------------------------------------------------------------


def chinese(stem: str, satellite: str, ms: str, pan: str, sensor: str) -> Product:
    def made_in(folder: Path, made: Images) -> Expected:
        product = folder / stem
        for kind, image in ((ms, made.ms), (pan, made.pan[None])):
            raster(product / f"{stem}-{kind}.tiff", image, kind == pan)
            bands = ",".join(map(str, range(1, len(image) + 1)))
            (product / f"{stem}-{kind}.xml").write_text(
                f'<?xml version="1.0" encoding="UTF-8"?><ProductMetaData><SatelliteID>{satellite}'
                f"</SatelliteID><SensorID>PMS1</SensorID><StartTime>2020-06-01 10:20:30</StartTime>"
                f"<Bands>{bands}</Bands></ProductMetaData>"
            )
        return Expected(product, product / f"{stem}-{ms}.xml", BGRN, sensor, satellite, {})

    return made_in


gaofen = chinese("GF2_PMS1_E15.0_N45.1_20200601_L1A0001", "GF2", "MSS1", "PAN1", "gaofen2")
gaofen7 = chinese(
    "GF7_DLC_E116.5_N40.0_20191226_L1A0000195139", "GF7", "BWDMUX", "BWDPAN", "gaofen7"
)
superview = chinese("SV1-01_20200601_L2A0000", "SV1-01", "MUX", "PAN", "superview1")


# --- KOMPSAT --------------------------------------------------------------------------------------


def kompsat(folder: Path, made: Images) -> Expected:
    stem = "K3A_20200601102030_12345_00001234_L1G"
    product = folder / stem
    raster(product / f"{stem}_P.tif", made.pan[None], fine=True)
    for band, letter in zip(made.ms, "BGRN", strict=True):
        raster(product / f"{stem}_{letter}.tif", band[None])
    (product / f"{stem}_Aux.xml").write_text("<Auxiliary/>")
    return Expected(product, product / f"{stem}_Aux.xml", BGRN, "kompsat3a", "KOMPSAT-3A", {})


def kompsat2(folder: Path, made: Images) -> Expected:
    stem = "MSC_200601102030_12345_12341234"
    product = folder / stem
    raster(product / f"{stem}PN00_1G.tif", made.pan[None], fine=True)
    for number, band in enumerate(made.ms, start=1):
        raster(product / f"{stem}M{number}N00_1G.tif", band[None])
    eph = product / f"{stem}PN00_1G.eph"
    eph.write_text("AUX_SATELLITE_NAME\tKOMPSAT-2\n")
    return Expected(product, eph, BGRN, "generic", "KOMPSAT-2", {})


# --- Planet ---------------------------------------------------------------------------------------


def skysat(folder: Path, made: Images) -> Expected:
    product, scene = folder / "order", "20200601_102030_ssc1_u0001"
    raster(product / f"{scene}_panchromatic.tif", made.pan[None], fine=True)
    raster(product / f"{scene}_analytic.tif", made.ms)
    (product / f"{scene}_metadata.json").write_text("{}")
    metadata = product / f"{scene}_metadata.json"
    return Expected(product, metadata, BGRN, "skysat", "SkySat", {})


def planetscope(product: Path, made: Images) -> Path:
    scene = "20200601_102030_1034"
    raster(product / f"{scene}_3B_AnalyticMS.tif", made.ms)
    raster(product / f"{scene}_3B_udm2.tif", made.ms[:1])
    bands = "".join(
        f"<ps:bandSpecificMetadata><ps:bandNumber>{n}</ps:bandNumber><ps:reflectanceCoefficient>"
        f"2.{n}e-05</ps:reflectanceCoefficient></ps:bandSpecificMetadata>"
        for n in range(1, 5)
    )
    xml = product / f"{scene}_3B_AnalyticMS_metadata.xml"
    xml.write_text(
        "<ps:EarthObservation><eop:shortName>PlanetScope</eop:shortName><ps:acquisitionDateTime>"
        f"2020-06-01T10:20:30Z</ps:acquisitionDateTime>{bands}</ps:EarthObservation>"
    )
    return xml


# --------------------------------------------------------------------------------------------------

PRODUCTS = [pleiades, maxar, landsat, gaofen, gaofen7, superview, kompsat, kompsat2, skysat]


@pytest.fixture
def made() -> Images:
    return landscape(64, 64, 4)


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("by", ["folder", "metadata"])
def test_product_is_a_scene_of_its_pan_and_ms(
    product: Product, by: str, made: Images, tmp_path: Path
) -> None:
    expected = product(tmp_path, made)
    name = str(expected.folder if by == "folder" else expected.metadata)
    with (
        one_raster(name, "PAN") as pan,
        one_raster(name, "MS") as ms,
        Scene.open(pan, ms) as scene,
        rasterio.open(pan) as fine,
        rasterio.open(ms) as coarse,
    ):
        assert scene.ratio == pytest.approx(4)
        assert fine.transform.almost_equals(GRID)
        assert coarse.transform.almost_equals(COARSE)
        assert scene.band_names == expected.names
        assert sensor_of("auto", *scene.rasters).key == expected.sensor
        assert coarse.tags(ns="IMAGERY")["SATELLITEID"] == expected.satellite
        first = {**coarse.tags(1), **coarse.tags(1, ns="IMAGERY")}
        assert expected.tags.items() <= first.items()
        np.testing.assert_array_equal(fine.read(1), np.rint(made.pan))
        order = [BGRN.index(each) for each in expected.names]
        np.testing.assert_array_equal(coarse.read(), np.rint(made.ms[order]))


def test_product_is_sharpened_and_keeps_its_files(made: Images, tmp_path: Path) -> None:
    expected = pleiades(tmp_path, made)
    out, name = tmp_path / "out.tif", str(expected.folder)
    done = perform(Pansharpen(name, name, str(out), method="gsa"))
    assert (done["sensor"], done["bands"]) == ("Pleiades", 4)
    with rasterio.open(out) as dataset:
        assert dataset.descriptions == expected.names
    tile = next(expected.folder.rglob("IMG_PHR1A_MS_*_R1C1.TIF"))
    with raises_code("output-is-source-of-input"):
        perform(Pansharpen(name, name, str(tile), method="gsa"))


def test_product_without_pan_says_so_and_goes_with_the_pan_of_another(
    made: Images, tmp_path: Path
) -> None:
    xml = planetscope(tmp_path / "planet", made)
    pan = raster(tmp_path / "pan.tif", made.pan[None], fine=True)
    for name in (str(xml), str(xml.parent)):
        with raises_code("product-without", role="PAN"), one_raster(name, "PAN"):
            pass
        with one_raster(name, "MS") as ms, Scene.open(pan, ms) as scene:
            assert scene.band_names == BGRN
            assert scene.rasters[0].tags(3)["REFLECTANCECOEFFICIENT"] == "2.3e-05"


@pytest.mark.parametrize("product", PRODUCTS)
def test_result_names_the_delivered_files_and_errors_what_the_user_named(
    product: Product, made: Images, tmp_path: Path
) -> None:
    name = str(product(tmp_path, made).folder)
    with one_raster(name, "PAN") as pan, one_raster(name, "MS") as ms:
        with Scene.open(pan, ms) as scene:
            tags = of_run(scene, 0, None)
        with raises_code("no-such-band", path=name):
            Scene.open(pan, ms, ms_bands=[9])
        with raises_code("no-such-band", path=name):
            Scene.open(pan, ms, pan_band=2)
    files = {path.name for path in Path(name).rglob("*")}
    for key in ("KSDIFF_PAN", "KSDIFF_MS"):
        assert {*tags[key].split(", ")} <= files, tags[key]


def test_landsat_of_level_2_has_its_own_files_and_gains_not_those_of_level_1(
    made: Images, tmp_path: Path
) -> None:
    product = landsat(tmp_path, made).folder
    mtl = next(product.glob("*_MTL.txt"))
    own = mtl.read_text().replace("GROUP = RESCALING", "GROUP = LEVEL2_SURFACE_REFLECTANCE")
    level1 = "".join(
        f"GROUP = {group}\n{lines}END_GROUP = {group}\n"
        for group, lines in (
            ("LEVEL1_PROCESSING_RECORD", 'FILE_NAME_BAND_2 = "LC08_L1TP_B2.TIF"\n'),
            (
                "LEVEL1_RADIOMETRIC_RESCALING",
                "RADIANCE_MULT_BAND_2 = 1.2E-02\nREFLECTANCE_MULT_BAND_2 = 2.0E-05\n",
            ),
        )
    )
    mtl.write_text(own.replace("END_GROUP = LANDSAT", f"{level1}END_GROUP = LANDSAT"))
    with one_raster(str(mtl), "MS") as name, rasterio.open(name) as dataset:
        assert dataset.descriptions == BGRN
        tags = dataset.tags(1)
        assert (tags["REFLECTANCE_MULT"], "RADIANCE_MULT" in tags) == ("2.2E-05", False)


def test_files_of_bands_are_named_in_result_and_errors(made: Images, tmp_path: Path) -> None:
    folder = landsat(tmp_path, made).folder
    stem = folder.name
    paths = [str(folder / f"{stem}_B{number}.TIF") for number in (3, 2)]
    pan = str(folder / f"{stem}_B8.TIF")
    with one_raster(tuple(paths), "MS") as ms:
        with Scene.open(pan, ms) as scene:
            assert of_run(scene, 0, None)["KSDIFF_MS"] == f"{stem}_B2.TIF, {stem}_B3.TIF"
        with raises_code("no-such-band", path=f"{paths[1]}, {stem}_B3.TIF"):
            Scene.open(pan, ms, ms_bands=[9])


def test_folder_above_one_product_is_that_product_and_the_log_says_which(
    made: Images, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    expected = gaofen(tmp_path / "orders" / "june", made)
    with caplog.at_level("INFO"), one_raster(str(tmp_path), "MS") as name:
        with rasterio.open(name) as dataset:
            assert dataset.descriptions == expected.names
        ((_, _, place, _),) = told(caplog, "core.products", logging.INFO)
        assert place == expected.folder


@pytest.mark.parametrize("name", ["", "notes.txt", "only_pictures"])
def test_folder_or_file_without_product_is_told_with_the_layouts(
    name: str, made: Images, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("GROUP = NOTHING")
    (tmp_path / "only_pictures").mkdir()
    raster(tmp_path / "only_pictures" / "ms.tif", made.ms)
    path = str(tmp_path / name)
    with raises_code("no-product", path=path) as caught, one_raster(path, "MS"):
        pass
    assert "MTL.txt" in caught.value.remedy and "DIM_*.XML" in caught.value.remedy


def test_folder_of_two_scenes_asks_for_one_and_metadata_is_one(
    made: Images, tmp_path: Path
) -> None:
    one = gaofen(tmp_path, made)
    chinese("GF2_PMS1_E16.0_N45.1_20200601_L1A0002", "GF2", "MSS1", "PAN1", "")(tmp_path, made)
    with raises_code("product-has-several") as caught, one_raster(str(tmp_path), "MS"):
        pass
    listed = str(caught.value.facts["names"]).split(", ")
    assert len(listed) == 2
    assert str(one.metadata.relative_to(tmp_path)) in listed
    with one_raster(str(one.metadata), "PAN") as name, rasterio.open(name) as dataset:
        assert dataset.count == 1


def test_what_is_no_product_stays_as_it_is(made: Images, tmp_path: Path) -> None:
    path = raster(tmp_path / "ms.tif", made.ms)
    missing = str(tmp_path / "none.xml")
    for name in (str(path), missing, "GPKG:a:b"):
        with one_raster(name, "MS") as same:
            assert same == name


def test_damaged_metadata_is_no_fault_of_the_program(made: Images, tmp_path: Path) -> None:
    expected = maxar(tmp_path, made)
    for path in expected.folder.rglob("*.TIL"):
        path.write_bytes(b"\xff\xfe numTiles = many")
    with pytest.raises(InputError), one_raster(str(expected.folder), "MS"):
        pass


def test_names_of_bands_that_are_not_there_are_not_used(made: Images, tmp_path: Path) -> None:
    expected = maxar(tmp_path, made)
    imd = expected.metadata
    text = imd.read_text()
    imd.write_text(
        text.replace(
            "BEGIN_GROUP = BAND_B", "BEGIN_GROUP = BAND_C\nEND_GROUP = BAND_C\nBEGIN_GROUP = BAND_B"
        )
    )
    with one_raster(str(imd), "MS") as name, rasterio.open(name) as dataset:
        assert "coastal" not in dataset.descriptions


def test_metadata_that_gdal_opens_is_its_own_image(made: Images, tmp_path: Path) -> None:
    expected = pleiades(tmp_path, made)
    coarse, second = (
        expected.folder / f"IMG_PHR1A_MS_00{number}" / "DIM_PHR1A_MS_202006011020304.XML"
        for number in (1, 2)
    )
    shutil.copytree(coarse.parent, second.parent)
    for xml in (coarse, second):
        with one_raster(str(xml), "MS") as name, rasterio.open(name) as dataset:
            assert str(xml) in dataset.files
    with raises_code("product-has-several"), one_raster(str(expected.folder), "MS"):
        pass
    shutil.rmtree(expected.folder / "IMG_PHR1A_P_001")
    with one_raster(str(coarse), "PAN") as name:
        assert name == str(coarse)


@pytest.mark.parametrize("product", [landsat, kompsat])
def test_bands_whose_files_are_missing_or_damaged_are_told(
    product: Product, made: Images, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = product(tmp_path, made).folder
    red = next(folder.glob("*_B4.TIF"), None) or next(folder.glob("*_R.tif"))
    whole = red.read_bytes()
    red.write_bytes(whole[:400])
    with (
        raises_code("raster-damaged", path=str(folder)) as caught,
        one_raster(str(folder), "MS") as ms,
        rasterio.open(ms) as dataset,
    ):
        Source(dataset, [1, 2, 3, 4], None).read(Window(0, 0, *dataset.shape))
    assert str(caught.value.facts["reason"]).startswith("red: ")
    assert not told(caplog)
    red.unlink()
    with one_raster(str(folder), "MS") as ms, rasterio.open(ms) as dataset:
        assert dataset.count == 3
    assert told(caplog) == [("MS", "red")]
