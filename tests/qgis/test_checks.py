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
from qgis_helpers import check, refused, simulated, write_raster

from ksdiff_qgis.algorithms import creation_options
from ksdiff_qgis.layers import sources
from ksdiff_qgis.layers.pairing import Candidate

GOOD = (True, "")


@pytest.fixture
def parameters(files, plugin, tmp_path):
    return {**files, "OUTPUT": str(tmp_path / "result.tif")}


@pytest.fixture
def simulate(files, tmp_path):
    return {**files, **simulated(tmp_path)}


@pytest.fixture
def quality(files, plugin, fused):
    return {**files, "FUSED": fused}


# --- the pair ---


def test_good_parameters_pass(parameters):
    assert check("ksdiff", parameters) == GOOD
    assert check("ksdiff", {**parameters, "OUTPUT": "TEMPORARY_OUTPUT"}) == GOOD
    sink = QgsProcessingOutputLayerDefinition(parameters["OUTPUT"])
    assert check("ksdiff", {**parameters, "OUTPUT": sink}) == GOOD


def test_missing_raster_is_refused(parameters):
    refused("ksdiff", {**parameters, "PAN": "/no/such.tif"}, "PAN")
    refused("ksdiff", {k: v for k, v in parameters.items() if k != "MS"}, "MS")


def test_swapped_or_same_image_is_refused(parameters, files):
    pan, ms = files["PAN"], files["MS"]
    swapped = {**parameters, "PAN": ms, "MS": pan}
    refused("ksdiff", {**swapped, "PAN_BAND": 1}, "swapped", "scene_pan", "scene_ms")
    refused("ksdiff", swapped, "swapped")  # before anyone asks for the band of PAN
    refused("ksdiff", {**parameters, "PAN": ms, "PAN_BAND": 1})
    refused("ksdiff", {**parameters, "PAN": ms, "PAN_BAND": 1, "MS_BANDS": [2, 3]})


def test_pan_of_several_bands_needs_a_choice(parameters, tmp_path):
    pan = str(write_raster(tmp_path / "pan3.tif", 3, (160, 192), 0.5))
    refused("ksdiff", {**parameters, "PAN": pan}, "pan3", "3")
    assert check("ksdiff", {**parameters, "PAN": pan, "PAN_BAND": 2}) == GOOD


def test_alpha_band_of_pan_is_no_second_band(parameters, tmp_path):
    pan = str(write_raster(tmp_path / "pan2.tif", 2, (160, 192), 0.5))
    refused("ksdiff", {**parameters, "PAN": pan}, "pan2", "2")
    data = gdal.Open(pan, gdal.GA_Update)
    data.GetRasterBand(2).SetColorInterpretation(gdal.GCI_AlphaBand)
    data = None
    assert check("ksdiff", {**parameters, "PAN": pan}) == GOOD
    assert check("ksdiff", {**parameters, "PAN": pan, "PAN_BAND": 2}) == GOOD
    layer = QgsRasterLayer(pan, "pan2")
    assert Candidate.of(layer, layer.crs()).bands == 1


def test_bands_that_do_not_exist_are_refused(parameters):
    refused("ksdiff", {**parameters, "MS_BANDS": [1, 5]}, "scene_ms", "5")
    refused("ksdiff", {**parameters, "MS_BANDS": [1, 1]}, "scene_ms")
    refused("ksdiff", {**parameters, "PAN_BAND": 2}, "scene_pan", "2")


def test_images_that_do_not_overlap_are_refused(parameters, tmp_path):
    far = write_raster(tmp_path / "far.tif", 4, (40, 48), 2.0, origin=(600000.0, 5000000.0))
    refused("ksdiff", {**parameters, "MS": str(far)}, "scene_pan", "far")
    assert "EPSG" not in check("ksdiff", {**parameters, "MS": str(far)})[1]
    # A zone that is declared wrongly: both CRSs are named.
    zone = write_raster(tmp_path / "zone.tif", 4, (40, 48), 2.0, epsg=32631)
    refused("ksdiff", {**parameters, "MS": str(zone)}, "EPSG:32633", "EPSG:32631")


def test_another_crs_is_accepted(parameters, tmp_path):
    path = tmp_path / "degrees.tif"
    write_raster(path, 4, (40, 48), 2e-5, epsg=4326, origin=(15.0, 45.1533))
    assert check("ksdiff", {**parameters, "MS": str(path)}) == GOOD


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
def test_longitudes_at_the_date_line_may_be_counted_otherwise(parameters, tmp_path, pan, ms):
    """Around 45 degrees north and 180 degrees east, about 150 m."""
    given = dict(parameters)
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


def test_layers_that_only_qgis_can_read_are_refused(parameters, plugin):
    wms = "crs=EPSG:32633&format&type=xyz&url=http://localhost/{z}/{x}/{y}.png"
    web = QgsRasterLayer(wms, "web map", "wms")
    assert web.isValid()
    gdal.Translate("/vsimem/ms.tif", parameters["MS"])
    memory = QgsRasterLayer("/vsimem/ms.tif", "in memory")
    QgsProject.instance().addMapLayers([web, memory])
    refused("ksdiff", {**parameters, "MS": web.id()}, "web map", "wms")
    refused("ksdiff", {**parameters, "MS": memory.id()}, "in memory")


def test_files_in_archives_are_readable(files, plugin, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(files["PAN"], "pan.tif")
    path = f"/vsizip/{tmp_path / 'a.zip'}/pan.tif"
    assert sources.source(QgsRasterLayer(path, "zipped")) == path


# --- options ---


@pytest.mark.parametrize(
    ("algorithm", "name", "value", "facts"),
    [
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
        # What does not go with the others.
        ("ksdiff", "SCENE_TEST", False, ("'auto'", "'Compare with the other methods'")),
        ("ksdiff", "MODEL", "custom", ("'custom'",)),
        ("srino", "MODEL", "custom", ("'custom'",)),
        ("ksdiff", "CREATION_OPTIONS", "COMPRESS", ("'COMPRESS'",)),
    ],
)
def test_invalid_option_is_refused(parameters, simulate, tmp_path, algorithm, name, value, facts):
    given = {**simulate, **parameters, "DATA": str(tmp_path), name: value}
    refused(algorithm, given, *(facts or (name,)))


def test_file_of_a_custom_model_must_be_one(parameters, tmp_path):
    custom = {**parameters, "MODEL": "custom"}
    refused("ksdiff", {**custom, "MODEL_FILE": "/no.safetensors"}, "/no.safetensors")
    (tmp_path / "model.pt").touch()
    refused("ksdiff", {**custom, "MODEL_FILE": str(tmp_path / "model.pt")}, "MODEL_FILE")


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
def test_creation_options_are_tried_on_the_type_of_the_result(parameters, options, more, facts):
    given = {**parameters, "METHOD": "ksdiff", "CREATION_OPTIONS": options, **more}
    good, message = check("ksdiff", given)
    assert good == (not facts), message
    assert all(fact in message for fact in facts)


def test_bench_refuses(tmp_path, plugin):
    given = {"DATA": str(tmp_path)}
    assert check("bench", given) == GOOD
    refused("bench", {"DATA": str(tmp_path / "nothing")}, "nothing")
    refused("bench", {**given, "METHODS": ["exp", "auto-adapted"]}, "auto-adapted")
    refused("bench", {**given, "CSV": str(tmp_path / "a.xls")}, ".csv", "a.xls")
    for name in ("a.txt", "test.h5", "sample_1.mat"):
        (tmp_path / name).touch()
        given = {"DATA": str(tmp_path / name)}
        assert check("bench", given)[0] == (name != "a.txt")
    refused("bench", {"DATA": str(tmp_path / "a.txt")}, ".h5", ".mat", "a.txt")


# --- quality ---


def test_quality_compares_images_on_one_grid(quality, files, tmp_path):
    fused = quality["FUSED"]
    assert check("quality", quality) == GOOD
    assert check("quality", {**quality, "REFERENCE": fused}) == GOOD
    small = str(write_raster(tmp_path / "small.tif", 4, (80, 96), 1.0))
    refused("quality", {**quality, "FUSED": small}, "small", "2 x 2")
    refused("quality", {**quality, "REFERENCE": small}, "small", "0.5 x 0.5")
    for place in (500000.2, 500001.0, 499999.0):  # beside the pixels, or beyond the image
        away = write_raster(tmp_path / "away.tif", 4, (160, 192), 0.5, origin=(place, 5000000.0))
        refused("quality", {**quality, "FUSED": str(away)}, "away", "scene_pan")
    part = write_raster(tmp_path / "part.tif", 4, (80, 64), 0.5, origin=(500016.0, 4999984.0))
    assert check("quality", {**quality, "FUSED": str(part)}) == GOOD
    assert check("quality", {**quality, "FUSED": str(part), "REFERENCE": fused}) == GOOD
    refused("quality", {**quality, "REFERENCE": str(part)}, "part")
    for name in ("FUSED", "REFERENCE"):
        refused("quality", {**quality, name: "/no/such.tif"}, name)
    refused("quality", {**quality, "PAN": files["MS"], "MS": files["PAN"]})


def test_quality_compares_images_of_as_many_bands(quality, files, tmp_path):
    three = str(write_raster(tmp_path / "three.tif", 3, (160, 192), 0.5))
    refused("quality", {**quality, "FUSED": three}, "three", "3", "4")
    refused("quality", {**quality, "REFERENCE": three}, "three", "3")
    refused("quality", {**quality, "FUSED": files["PAN"]}, "scene_pan", "1", "4")
    refused("quality", {**quality, "MS_BANDS": [1, 2]}, "fused", "4", "2")
    assert check("quality", {**quality, "FUSED": three, "MS_BANDS": [3, 2, 1]}) == GOOD
    path = str(write_raster(tmp_path / "alpha.tif", 5, (160, 192), 0.5))
    data = gdal.Open(path, gdal.GA_Update)
    data.GetRasterBand(5).SetColorInterpretation(gdal.GCI_AlphaBand)
    data = None
    assert check("quality", {**quality, "FUSED": path}) == GOOD  # alpha is no band


def test_band_called_alpha_may_be_a_band(quality, tmp_path):
    """GDAL calls the fourth band of 8 bits so by default; its values tell the worker what it is."""
    paths = {"MS": ((40, 48), 2.0), "FUSED": ((160, 192), 0.5)}
    for name, size in paths.items():
        path = str(write_raster(tmp_path / f"{name}.tif", 4, *size))
        data = gdal.Open(path, gdal.GA_Update)
        data.GetRasterBand(4).SetColorInterpretation(gdal.GCI_AlphaBand)
        data = None
        quality = {**quality, name: path}
        assert check("quality", quality) == GOOD
    three = str(write_raster(tmp_path / "three.tif", 3, (160, 192), 0.5))
    assert check("quality", {**quality, "FUSED": three}) == GOOD
    assert check("quality", {**quality, "MS_BANDS": [1, 2, 3, 4]}) == GOOD
    refused("quality", {**quality, "FUSED": three, "MS_BANDS": [1, 2, 3, 4]}, "three", "3", "4")


# --- files to write ---


def test_output_over_an_input_or_another_output_is_refused(parameters, quality, simulate, tmp_path):
    pan, ms, output = parameters["PAN"], parameters["MS"], parameters["OUTPUT"]
    link = tmp_path / "link.tif"
    link.symlink_to(pan)
    sink = QgsProcessingOutputLayerDefinition(pan)
    for name, given, changed, named in (
        ("ksdiff", parameters, {"OUTPUT": ms}, ms),
        ("ksdiff", parameters, {"OUTPUT": str(link)}, str(link)),
        ("ksdiff", parameters, {"OUTPUT": sink}, pan),
        ("align", parameters, {"OUTPUT": ms}, ms),
        ("srino", parameters, {"SPREAD": ms}, ms),
        ("srino", parameters, {"SPREAD": output}, output),
        ("quality", quality, {"SAM_MAP": quality["FUSED"]}, quality["FUSED"]),
        ("simulate", simulate, {"OUTPUT_MS": simulate["OUTPUT_PAN"]}, simulate["OUTPUT_PAN"]),
    ):
        refused(name, {**given, **changed}, named)


def test_output_that_cannot_be_written_is_refused(parameters, quality, tmp_path):
    missing = tmp_path / "no"
    refused("ksdiff", {**parameters, "OUTPUT": str(missing / "folder.tif")}, str(missing))
    refused("ksdiff", {**parameters, "OUTPUT": str(tmp_path / "result.jpg")}, ".tif")
    refused("quality", {**quality, "REPORT": str(tmp_path / "report.txt")}, ".html", "report.txt")
    refused("quality", {**quality, "REPORT": str(missing / "report.html")}, str(missing))


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


def test_output_over_a_file_that_an_input_is_read_from_is_refused(quality, stacked, tmp_path):
    band = tmp_path / "b3.tif"
    before = band.read_bytes()
    for name, more in (
        ("ksdiff", {"OUTPUT": str(band)}),
        ("classical", {"OUTPUT": str(band)}),
        ("srino", {"OUTPUT": str(tmp_path / "new.tif"), "SPREAD": str(band)}),
        ("align", {"OUTPUT": str(band)}),
        ("simulate", {**simulated(tmp_path), "OUTPUT_MS": str(band)}),
        ("quality", {"FUSED": quality["FUSED"], "SAM_MAP": str(band)}),
    ):
        refused(name, {**stacked, **more}, "b3.tif", "stack.vrt")
    assert band.read_bytes() == before


def test_files_of_a_source(plugin, stacked, tmp_path):
    found = {name.rsplit("/", 1)[-1] for name in sources.files(stacked["MS"])}
    assert found == {"stack.vrt", *(f"b{n}.{end}" for n in range(4) for end in ("tif", "vrt"))}
    band = str(tmp_path / "b0.tif")
    assert band in sources.files(f"GTIFF_DIR:1:{band}")
    assert sources.files("/no/such.tif") == {"/no/such.tif"}
