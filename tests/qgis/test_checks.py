# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameters that are refused before anything runs, each by one change of a set that is accepted.

Messages are checked only for facts: names, numbers, paths.
"""

from __future__ import annotations

import zipfile

import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
)
from qgis_helpers import check, refused, write_raster

from ksdiff_qgis.algorithms import creation_options
from ksdiff_qgis.layers import sources
from ksdiff_qgis.layers.pairing import Candidate

GOOD = (True, "")


def write_with_alpha(path, bands, size, pixel):
    """Write a raster whose last band is called alpha."""
    data = gdal.Open(str(write_raster(path, bands, size, pixel)), gdal.GA_Update)
    data.GetRasterBand(bands).SetColorInterpretation(gdal.GCI_AlphaBand)
    data.FlushCache()
    return str(path)


@pytest.mark.parametrize("name", ["ksdiff", "srino", "classical", "align", "simulate", "quality"])
def test_good_parameters_pass(given, name):
    assert check(name, given) == GOOD


@pytest.mark.parametrize(
    ("algorithm", "name", "value", "facts"),
    [
        # Rasters and bands that are not there.
        ("ksdiff", "PAN", "/no/such.tif", ()),
        ("ksdiff", "MS", None, ()),
        ("quality", "FUSED", "/no/such.tif", ()),
        ("quality", "REFERENCE", "/no/such.tif", ()),
        ("ksdiff", "MS_BANDS", [1, 5], ("scene_ms", "5")),
        ("ksdiff", "MS_BANDS", [1, 1], ("scene_ms",)),
        ("ksdiff", "PAN_BAND", 2, ("scene_pan", "2")),
        ("bench", "DATA", "/nothing", ("/nothing",)),
        # Numbers out of their range.
        ("ksdiff", "TILE", 10, ()),
        ("ksdiff", "SEED", -1, ()),
        ("srino", "STEPS", -1, ()),
        ("srino", "STEPS", 101, ()),
        ("srino", "SPREAD_SEEDS", 1, ()),
        ("simulate", "RATIO", 1, ()),
        # Choices that are no option; the options are named.
        ("ksdiff", "METHOD", 9, ("9", "auto, scene-fit, ksdiff, srino, exp.")),
        ("ksdiff", "MODEL", "nonsense", ("nonsense", "ksdiff-scene")),
        ("ksdiff", "DEVICE", 17, ("17", "cpu")),
        ("ksdiff", "OUTPUT_TYPE", "int64", ("int64", "uint16")),
        ("classical", "METHOD", "GSA", ("GSA", "auto, scene-fit, brovey, gsa")),
        ("simulate", "PHASE", 7, ("7", "product, benchmark.")),
        ("bench", "METHODS", ["exp", "magic"], ("magic", "auto, ksdiff, srino, scene-fit")),
        ("bench", "METHODS", ["exp", "auto-adapted"], ("auto-adapted",)),
        # What does not go with the others.
        ("ksdiff", "SCENE_TEST", False, ("'auto'",)),
        ("ksdiff", "MODEL", "custom", ("'custom'",)),
        ("srino", "MODEL", "custom", ("'custom'",)),
        ("ksdiff", "CREATION_OPTIONS", "COMPRESS", ("'COMPRESS'",)),
        # Files that cannot be written.
        ("ksdiff", "OUTPUT", "/no/folder.tif", ("/no",)),
        ("ksdiff", "OUTPUT", "/result.jpg", (".tif",)),
        ("quality", "REPORT", "/no/report.html", ("/no",)),
        ("quality", "REPORT", "/report.txt", (".html", "report.txt")),
        ("bench", "CSV", "/a.xls", (".csv", "a.xls")),
    ],
)
def test_invalid_parameter_is_refused(given, algorithm, name, value, facts):
    refused(algorithm, {**given, name: value}, *(facts or (name,)))


# --- the pair ---


def test_swapped_or_same_image_is_refused(given, files):
    pan, ms = files["PAN"], files["MS"]
    for band in ({"PAN_BAND": 1}, {}):  # before anyone asks for the band of PAN
        refused("ksdiff", {**given, "PAN": ms, "MS": pan, **band}, "scene_pan", "scene_ms")
    for bands in ({}, {"MS_BANDS": [2, 3]}):
        refused("ksdiff", {**given, "PAN": ms, "PAN_BAND": 1, **bands})
    refused("quality", {**given, "PAN": ms, "MS": pan}, "scene_pan", "scene_ms")


def test_pan_of_several_bands_needs_a_choice(given, tmp_path):
    pan = str(write_raster(tmp_path / "pan2.tif", 2, (160, 192), 0.5))
    refused("ksdiff", {**given, "PAN": pan}, "pan2", "2")
    assert check("ksdiff", {**given, "PAN": pan, "PAN_BAND": 2}) == GOOD


def test_alpha_band_of_pan_is_no_second_band(given, tmp_path):
    pan = write_with_alpha(tmp_path / "pan2.tif", 2, (160, 192), 0.5)
    for band in ({}, {"PAN_BAND": 2}):
        assert check("ksdiff", {**given, "PAN": pan, **band}) == GOOD
    layer = QgsRasterLayer(pan, "pan2")
    assert Candidate.of(layer, layer.crs()).bands == 1


def test_images_that_do_not_overlap_are_refused(given, tmp_path):
    far = write_raster(tmp_path / "far.tif", 4, (40, 48), 2.0, origin=(600000.0, 5000000.0))
    refused("ksdiff", {**given, "MS": str(far)}, "scene_pan", "far")
    assert "EPSG" not in check("ksdiff", {**given, "MS": str(far)})[1]
    # A zone that is declared wrongly: both CRSs are named.
    zone = write_raster(tmp_path / "zone.tif", 4, (40, 48), 2.0, epsg=32631)
    refused("ksdiff", {**given, "MS": str(zone)}, "EPSG:32633", "EPSG:32631")


def test_another_crs_is_accepted(given, tmp_path):
    path = tmp_path / "degrees.tif"
    write_raster(path, 4, (40, 48), 2e-5, epsg=4326, origin=(15.0, 45.1533))
    assert check("ksdiff", {**given, "MS": str(path)}) == GOOD


@pytest.mark.parametrize(
    ("pan", "ms"),
    [
        ((4326, 179.999), (4326, -180.001)),
        ((4326, -180.001), (4326, 179.999)),
        ((4326, 179.999), (4326, 179.999)),
        ((32601, 263475.0), (4326, 179.999)),  # UTM, at 180 degrees
        ((32601, 263475.0), (4326, -180.001)),
        ((4326, 179.999), (32601, 263475.0)),
        ((4326, -180.001), (32601, 263475.0)),
    ],
)
def test_longitudes_at_the_date_line_may_be_counted_otherwise(given, tmp_path, pan, ms):
    """Around 45 degrees north and 180 degrees east, about 150 m."""
    for name, bands, size, pixel, (epsg, left) in (
        ("PAN", 1, (400, 400), 0.5, pan),
        ("MS", 4, (100, 100), 2.0, ms),
    ):
        degrees = epsg == 4326
        place = (left, 45.0) if degrees else (left, 4987329.0)
        size_there = pixel * 1e-5 if degrees else pixel
        path = tmp_path / f"{name}.tif"
        given[name] = str(write_raster(path, bands, size, size_there, epsg=epsg, origin=place))
    assert check("ksdiff", given) == GOOD


def test_layers_that_only_qgis_can_read_are_refused(given):
    wms = "crs=EPSG:32633&format&type=xyz&url=http://localhost/{z}/{x}/{y}.png"
    web = QgsRasterLayer(wms, "web map", "wms")
    assert web.isValid()
    gdal.Translate("/vsimem/ms.tif", given["MS"])
    memory = QgsRasterLayer("/vsimem/ms.tif", "in memory")
    QgsProject.instance().addMapLayers([web, memory])
    refused("ksdiff", {**given, "MS": web.id()}, "web map", "wms")
    refused("ksdiff", {**given, "MS": memory.id()}, "in memory")


def test_files_in_archives_are_readable(given, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(given["PAN"], "pan.tif")
    path = f"/vsizip/{tmp_path / 'a.zip'}/pan.tif"
    assert sources.source(QgsRasterLayer(path, "zipped")) == path


# --- options ---


def test_file_of_a_custom_model_must_be_one(given, tmp_path):
    (tmp_path / "model.pt").touch()
    for file, fact in (
        ("/no.safetensors", "/no.safetensors"),
        (str(tmp_path / "model.pt"), "MODEL_FILE"),
    ):
        refused("ksdiff", {**given, "MODEL": "custom", "MODEL_FILE": file}, fact)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {}),
        ("compress=LZW", {"COMPRESS": "LZW"}),
        ("A=1|B=x=y|", {"A": "1", "B": "x=y"}),
        ("A=1 B=2", {"A": "1", "B": "2"}),  # QGIS 3.40 and newer
    ],
)
def test_creation_options_are_parsed(text, options):
    assert creation_options.parse(text) == options


JPEG = "COMPRESS=JPEG|JPEG_QUALITY=75"


@pytest.mark.parametrize(
    ("options", "more", "facts"),
    [
        (JPEG, {}, ("4", "UInt16", "COMPRESS=JPEG", "16")),  # a profile of QGIS
        (JPEG, {"OUTPUT_TYPE": "float32"}, ("Float32", "COMPRESS=JPEG")),
        (JPEG, {"COG": True}, ("UInt16", "COMPRESS=JPEG")),
        (JPEG, {"OUTPUT_TYPE": "uint8"}, ()),
        ("COMPRESS=JPEG PHOTOMETRIC=YCBCR", {"OUTPUT_TYPE": "uint8", "MS_BANDS": [3, 2, 1]}, ()),
        ("COMPRESS=JPEG PHOTOMETRIC=YCBCR", {"OUTPUT_TYPE": "uint8"}, ("4", "PHOTOMETRIC=YCBCR")),
        ("COMPRESS=CCITTFAX4", {}, ("UInt16", "CCITTFAX4")),
        ("PREDICTOR=3", {}, ("UInt16", "PREDICTOR=3")),
        ("PREDICTOR=3", {"OUTPUT_TYPE": "float32"}, ()),
        ("BLOCKXSIZE=100", {}, ("BLOCKXSIZE=100",)),
        ("TILED=NO", {}, ()),
        ("BIGTIFF=YES COMPRESS=NONE", {}, ()),
        ("NBITS=12", {}, ()),
        ("COMPRESS=LZW|PREDICTOR=2", {}, ()),
        ("COMPRESS=DEFLATE", {"COG": True}, ()),
        ("COMPRESS=NOBODY_HAS_IT", {}, ()),  # perhaps the worker's GDAL has
    ],
)
def test_creation_options_are_tried_on_the_type_of_the_result(given, options, more, facts):
    given = {**given, "METHOD": "ksdiff", "CREATION_OPTIONS": options, **more}
    good, message = check("ksdiff", given)
    assert good == (not facts), message
    assert all(fact in message for fact in facts)


@pytest.mark.parametrize(
    ("name", "good"), [("", True), ("test.h5", True), ("sample_1.mat", True), ("a.txt", False)]
)
def test_bench_takes_a_folder_or_a_benchmark_file(given, tmp_path, name, good):
    if not name:
        assert check("bench", given) == GOOD
        return
    (tmp_path / name).touch()
    given = {"DATA": str(tmp_path / name)}
    assert check("bench", given)[0] == good
    if not good:
        refused("bench", given, ".h5", ".mat", "a.txt")


# --- quality ---


def test_quality_compares_images_on_one_grid(given, fused, tmp_path):
    assert check("quality", {**given, "REFERENCE": fused}) == GOOD
    small = str(write_raster(tmp_path / "small.tif", 4, (80, 96), 1.0))
    refused("quality", {**given, "FUSED": small}, "small", "2 x 2")
    refused("quality", {**given, "REFERENCE": small}, "small", "0.5 x 0.5")
    for place in (500000.2, 500001.0, 499999.0):  # beside the pixels, or beyond the image
        away = write_raster(tmp_path / "away.tif", 4, (160, 192), 0.5, origin=(place, 5000000.0))
        refused("quality", {**given, "FUSED": str(away)}, "away", "scene_pan")
    part = str(write_raster(tmp_path / "part.tif", 4, (80, 64), 0.5, origin=(500016.0, 4999984.0)))
    for more in ({}, {"REFERENCE": fused}):
        assert check("quality", {**given, "FUSED": part, **more}) == GOOD
    refused("quality", {**given, "REFERENCE": part}, "part")


def test_quality_compares_images_of_as_many_bands(given, tmp_path):
    three = str(write_raster(tmp_path / "three.tif", 3, (160, 192), 0.5))
    refused("quality", {**given, "FUSED": three}, "three", "3", "4")
    refused("quality", {**given, "REFERENCE": three}, "three", "3")
    refused("quality", {**given, "FUSED": given["PAN"]}, "scene_pan", "1", "4")
    refused("quality", {**given, "MS_BANDS": [1, 2]}, "fused", "4", "2")
    assert check("quality", {**given, "FUSED": three, "MS_BANDS": [3, 2, 1]}) == GOOD
    alpha = write_with_alpha(tmp_path / "alpha.tif", 5, (160, 192), 0.5)
    assert check("quality", {**given, "FUSED": alpha}) == GOOD  # alpha is no band


def test_band_called_alpha_may_be_a_band(given, tmp_path):
    """GDAL calls the fourth band of 8 bits so by default; its values tell the worker what it is."""
    for name, size in {"MS": ((40, 48), 2.0), "FUSED": ((160, 192), 0.5)}.items():
        given = {**given, name: write_with_alpha(tmp_path / f"{name}.tif", 4, *size)}
        assert check("quality", given) == GOOD
    three = str(write_raster(tmp_path / "three.tif", 3, (160, 192), 0.5))
    for more in ({"FUSED": three}, {"MS_BANDS": [1, 2, 3, 4]}):
        assert check("quality", {**given, **more}) == GOOD
    refused("quality", {**given, "FUSED": three, "MS_BANDS": [1, 2, 3, 4]}, "three", "3", "4")


# --- files to write ---


def test_output_may_be_a_sink_or_temporary(given):
    for output in (QgsProcessingOutputLayerDefinition(given["OUTPUT"]), "TEMPORARY_OUTPUT"):
        assert check("ksdiff", {**given, "OUTPUT": output}) == GOOD


def test_output_over_an_input_or_another_output_is_refused(given, tmp_path):
    pan, ms, output = given["PAN"], given["MS"], given["OUTPUT"]
    link = tmp_path / "link.tif"
    link.symlink_to(pan)
    for name, changed, named in (
        ("ksdiff", {"OUTPUT": ms}, ms),
        ("ksdiff", {"OUTPUT": str(link)}, str(link)),
        ("ksdiff", {"OUTPUT": QgsProcessingOutputLayerDefinition(pan)}, pan),
        ("align", {"OUTPUT": ms}, ms),
        ("srino", {"SPREAD": ms}, ms),
        ("srino", {"SPREAD": output}, output),
        ("quality", {"SAM_MAP": given["FUSED"]}, given["FUSED"]),
        ("simulate", {"OUTPUT_MS": given["OUTPUT_PAN"]}, given["OUTPUT_PAN"]),
    ):
        refused(name, {**given, **changed}, named)


@pytest.fixture
def stacked(files, tmp_path):
    """The pair, its MS a VRT of the VRTs of b0.tif to b3.tif."""
    inner = []
    for number in range(4):
        band = write_raster(tmp_path / f"b{number}.tif", 1, (40, 48), 2.0)
        inner.append(str(tmp_path / f"b{number}.vrt"))
        gdal.BuildVRT(inner[-1], [str(band)])
    stack = str(tmp_path / "stack.vrt")
    gdal.BuildVRT(stack, inner, separate=True)
    return {"PAN": files["PAN"], "MS": stack}


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("ksdiff", "OUTPUT"),
        ("classical", "OUTPUT"),
        ("srino", "SPREAD"),
        ("align", "OUTPUT"),
        ("simulate", "OUTPUT_MS"),
        ("quality", "SAM_MAP"),
    ],
)
def test_output_over_a_file_that_an_input_is_read_from_is_refused(
    given, stacked, tmp_path, name, output
):
    band = tmp_path / "b3.tif"
    before = band.read_bytes()
    refused(name, {**given, **stacked, output: str(band)}, "b3.tif", "stack.vrt")
    assert band.read_bytes() == before


def test_files_of_a_source(plugin, stacked, tmp_path):
    found = {name.rsplit("/", 1)[-1] for name in sources.files(stacked["MS"])}
    assert found == {"stack.vrt", *(f"b{n}.{end}" for n in range(4) for end in ("tif", "vrt"))}
    band = str(tmp_path / "b0.tif")
    assert band in sources.files(f"GTIFF_DIR:1:{band}")
    assert sources.files("/no/such.tif") == {"/no/such.tif"}
