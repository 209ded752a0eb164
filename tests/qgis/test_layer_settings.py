# SPDX-License-Identifier: GPL-2.0-or-later
"""What is set on a layer in QGIS and not in its file.

It is told to the worker in a VRT, refused, or named in the log as not used.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsRasterRange,
    QgsRasterTransparency,
)
from qgis_helpers import add_layer, check, refused, run, run_unchecked, write_raster

GOOD = (True, "")


# --- the CRS of an input: what the file has, and what QGIS shows ---


def crs(epsg):
    return QgsCoordinateReferenceSystem(f"EPSG:{epsg}" if epsg else "")


def assign(path, epsg):
    """Store another CRS in a file, or none for 0."""
    reference = osr.SpatialReference()
    if epsg:
        reference.ImportFromEPSG(epsg)
    data = gdal.Open(str(path), gdal.GA_Update)
    data.SetProjection(reference.ExportToWkt() if epsg else "")


@pytest.fixture
def layer(plugin, tmp_path):
    """Add a layer of a file with a CRS (0: none), shown by QGIS in another one.

    A file of the CRS None has no georeference either.
    """

    def add(name, epsg, shown, bands=1, size=(160, 192), pixel=0.5):
        path = tmp_path / f"{name}.tif"
        if epsg is None:
            gdal.GetDriverByName("GTiff").Create(str(path), size[1], size[0], bands).FlushCache()
        else:
            write_raster(path, bands, size, pixel, epsg=epsg or 32633)
            assign(path, epsg)
            path.with_suffix(".tif.aux.xml").unlink(missing_ok=True)
        made = add_layer(path, name)
        made.setCrs(crs(shown))
        return made

    return add


@pytest.fixture
def pair_of(layer):
    """Add PAN and MS, each by (CRS of the file, CRS shown)."""

    def add(pan, ms):
        return {"PAN": layer("pan", *pan), "MS": layer("ms", *ms, 4, (40, 48), 2.0)}

    return add


def stored_crs(path):
    """The CRS that a raster has for the worker."""
    return QgsCoordinateReferenceSystem.fromWkt(gdal.Open(path).GetProjection())


def test_crs_that_only_qgis_knows_reaches_the_worker(ask, pair_of, tmp_path):
    given = {**pair_of((32616, 32616), (32633, 32616)), "OUTPUT": str(tmp_path / "new.tif")}
    for name in ("classical", "align"):
        request, _, log = ask(name, given)
        assert request["pan"] == given["PAN"].source()
        assert stored_crs(request["ms"]) == crs(32616)
        assert len(log.warnings) == 1
        assert all(fact in log.warnings[0] for fact in ("'ms'", "EPSG:32616"))
    assert stored_crs(given["MS"].source()) == crs(32633)  # the file is as it was
    # QGIS keeps what it read when it opened the file.
    assign(given["MS"].source(), 32616)
    assert given["MS"].dataProvider().crs() == crs(32633)
    request, _, log = ask("align", given)
    assert (request["ms"], log.warnings) == (given["MS"].source(), [])


def test_no_file_is_taken_to_be_in_a_crs_that_another_layer_was_set_to(ask, pair_of, tmp_path):
    """A file without CRS would be read in that of the other, which is not where QGIS shows it."""
    given = {**pair_of((0, 32633), (32634, 32633)), "OUTPUT": str(tmp_path / "new.tif")}
    request, _, log = ask("align", given)
    assert stored_crs(request["pan"]) == stored_crs(request["ms"]) == crs(32633)
    assert [text.split("'")[1] for text in log.warnings] == ["pan", "ms"]


def test_crs_of_an_image_placed_by_control_points_is_refused(pair_of):
    """QGIS warps such an image; the worker reads the file."""
    given = pair_of((32633, 32633), (32633, 32633))
    path = given["MS"].source()
    corners = [(0, 0), (48, 0), (0, 40), (48, 40)]
    points = [gdal.GCP(500000 + 2 * x, 5000000 - 2 * y, 0, x, y) for x, y in corners]
    placed = path.replace("ms.tif", "points.tif")
    gdal.Translate(placed, path, GCPs=points, outputSRS="EPSG:32633")
    given["MS"] = add_layer(placed, "points")
    assert check("align", given) == GOOD
    given["MS"].setCrs(crs(32616))
    refused("align", given, "'points'", "EPSG:32616")


def test_crs_that_is_set_back_is_accepted(pair_of):
    given = pair_of((32633, 32633), (32633, 32616))
    refused("align", given, "EPSG:32633", "EPSG:32616")  # they do not overlap
    given["MS"].setCrs(crs(0))
    refused("align", given, "'ms'", "EPSG:32633")
    given["MS"].setCrs(given["MS"].dataProvider().crs())
    assert check("align", given) == GOOD
    # Another definition of the same.
    same = QgsCoordinateReferenceSystem.fromProj("+proj=utm +zone=33 +ellps=GRS80 +units=m")
    given["MS"].setCrs(same)
    assert given["MS"].crs() != given["PAN"].crs()
    assert check("align", given) == GOOD


@pytest.mark.parametrize(
    ("pan", "ms", "other"),
    [
        ((32633, 32633), (0, 32633), "MS"),
        ((32633, 32633), (0, 0), "MS"),
        ((0, 32633), (32633, 32633), "PAN"),
        ((0, 32633), (0, 32633), "MS"),
        ((0, 0), (0, 32633), "PAN"),
    ],
)
def test_file_without_crs_is_taken_to_be_in_that_of_the_other(pair_of, pan, ms, other):
    given = pair_of(pan, ms)
    assert check("align", given) == GOOD
    given[other].setCrs(crs(32634))
    refused("align", given)


@pytest.mark.parametrize(
    ("pan", "ms", "fact"),
    [
        ((0, 32633), (0, 32633), "EPSG:32633"),
        ((0, 0), (0, 0), ""),
        ((32633, 32633), (0, 32633), ""),
    ],
)
def test_crs_that_the_output_will_lack_is_warned_of(use_worker, pair_of, tmp_path, pan, ms, fact):
    use_worker()
    _, log = run("classical", {**pair_of(pan, ms), "OUTPUT": str(tmp_path / "new.tif")})
    assert len(log.warnings) == bool(fact)
    assert fact in "".join(log.warnings)


@pytest.mark.parametrize("other", [4326, 3857])
def test_images_without_georeference_are_a_pair(request_file, layer, tmp_path, other):
    """QGIS may be set to assign a CRS to whatever has none."""
    pan, ms = layer("pan", None, 4326), layer("ms", None, other, 4, (40, 48))
    given = {"PAN": pan, "MS": ms, "OUTPUT": str(tmp_path / "new.tif")}
    assert check("classical", given) == GOOD
    assert run("classical", given)[1].warnings == []


def test_every_image_is_read_as_qgis_shows_it(ask, pair_of, layer, tmp_path):
    given = pair_of((32633, 32633), (32633, 32633))
    given["FUSED"] = layer("fused", 32633, 32633, 4)
    given["REFERENCE"] = layer("reference", 32616, 32633, 4)
    request, _, _ = ask("quality", given)
    assert [request[name] for name in ("pan", "ms", "fused")] == [
        given[name].source() for name in ("PAN", "MS", "FUSED")
    ]
    assert stored_crs(request["reference"]) == crs(32633)
    images = {"PANS": [given["PAN"]], "MSS": [layer("ms2", 32616, 32633, 4, (40, 48), 2.0)]}
    images["OUTPUT"] = str(tmp_path / "a.patches")
    request, _, log = ask("trainingset", images)
    assert stored_crs(request["mss"][0]) == crs(32633)
    assert "'ms2'" in log.warnings[0]


def test_unchecked_run_is_refused_too(use_worker, pair_of, tmp_path):
    use_worker()
    given = pair_of((32633, 32633), (32633, 32633))
    given["MS"].setCrs(crs(0))
    images = {"PANS": [given["PAN"]], "MSS": [given["MS"]]}
    for name, parameters in (("classical", given), ("trainingset", images)):
        target = tmp_path / f"new.{name}"
        good, log = run_unchecked(name, {**parameters, "OUTPUT": str(target)})
        assert not good and not target.exists()
        assert "EPSG:32633" in log


# --- no data values ---


VALUES = np.arange(40 * 48, dtype=float).reshape(40, 48)


@pytest.fixture
def sent_ms(ask, files, tmp_path):
    """Send a layer of two bands of many values as MS; returns the worker's raster and the log.

    `prepare` gets the data set, `settle` the layer.
    """

    def send(settle, kind=gdal.GDT_Int16, declared=None, prepare=lambda data: None):
        path = str(tmp_path / "many.tif")
        write_raster(tmp_path / "many.tif", 2, (40, 48), 2.0)
        source = gdal.Translate("", path, format="MEM", outputType=kind)
        for number, values in enumerate((VALUES, VALUES[::-1]), start=1):
            source.GetRasterBand(number).WriteArray(values)
            if declared is not None:
                source.GetRasterBand(number).SetNoDataValue(declared)
        prepare(source)
        gdal.GetDriverByName("GTiff").CreateCopy(path, source).FlushCache()
        layer = add_layer(path, "many")
        settle(layer)
        given = {"PAN": files["PAN"], "MS": layer, "OUTPUT": str(tmp_path / "new.tif")}
        request, _, log = ask("classical", given)
        return gdal.Open(request["ms"]), log

    return send


def user_nodata(*ranges, bands=()):
    """Give bands of a layer, by default all, additional no data values, as its properties do."""

    def settle(layer):
        for band in bands or range(1, layer.bandCount() + 1):
            listed = [QgsRasterRange(*each) for each in ranges]
            layer.dataProvider().setUserNoDataValue(band, listed)

    return settle


def masked(raster):
    """Where the worker finds no data: in both bands together."""
    bands = [raster.GetRasterBand(number) for number in (1, 2)]
    return np.logical_or(*(band.GetMaskBand().ReadAsArray() == 0 for band in bands))


def either(condition):
    """Where a condition holds in one of the two bands."""
    return condition(VALUES) | condition(VALUES[::-1])


def test_file_is_read_itself_if_nothing_is_set(sent_ms):
    raster, log = sent_ms(lambda layer: None, declared=7)
    assert (raster.GetDriver().ShortName, log.warnings) == ("GTiff", [])


@pytest.mark.parametrize(
    ("kind", "value", "declared"),
    [(gdal.GDT_Int16, 7, 7), (gdal.GDT_UInt16, -9999, None), (gdal.GDT_UInt16, 7.5, None)],
)
def test_additional_nodata_value_is_declared_if_the_type_has_it(sent_ms, kind, value, declared):
    raster, log = sent_ms(user_nodata((value, value)), kind)
    assert [raster.GetRasterBand(number).GetNoDataValue() for number in (1, 2)] == [declared] * 2
    assert (masked(raster) == either(lambda values: values == declared)).all()
    assert "'many'" in log.warnings[0] and (declared is None or str(declared) in log.warnings[0])


def test_nodata_value_of_the_file_that_is_switched_off_is_a_value(sent_ms):
    def switch_off(layer):
        for band in (1, 2):
            layer.dataProvider().setUseSourceNoDataValue(band, False)

    raster, log = sent_ms(switch_off, declared=7)
    assert not masked(raster).any()
    assert "'many'" in log.warnings[0]


@pytest.mark.parametrize(
    "kind", [gdal.GDT_Int16, gdal.GDT_UInt16, gdal.GDT_Int32, gdal.GDT_Float32, gdal.GDT_Float64]
)
def test_several_values_and_ranges_are_a_mask(sent_ms, kind):
    """Together with the value of the file."""
    raster, log = sent_ms(user_nodata((20, 20), (21, 21), (100, 200), (180, 300)), kind, 7)
    wanted = either(lambda v: (v == 7) | (v == 20) | (v == 21) | ((v >= 100) & (v <= 300)))
    assert (masked(raster) == wanted).all()
    assert raster.GetRasterBand(1).GetNoDataValue() is None
    assert all(fact in log.warnings[0] for fact in ("7", "20", "21", "100 .. 200"))


def test_open_range_is_a_mask(sent_ms):
    raster, _ = sent_ms(user_nodata((math.nan, 50), (1800, math.nan)))
    assert (masked(raster) == either(lambda values: (values <= 50) | (values >= 1800))).all()


def test_nodata_of_a_scaled_layer_is_in_its_units(sent_ms):
    """QGIS applies scale and offset before it compares."""

    def scaled(data):
        for number in (1, 2):
            data.GetRasterBand(number).SetScale(1e-4)
            data.GetRasterBand(number).SetOffset(-0.1)

    raster, _ = sent_ms(user_nodata((0.0234, 0.0234)), prepare=scaled)
    assert raster.GetRasterBand(1).GetNoDataValue() == 1234
    assert raster.GetRasterBand(1).GetScale() == 1e-4


def test_value_of_four_bytes_is_found(sent_ms):
    """As it is typed, 0.1 is no number that a float of four bytes has."""

    def write(data):
        data.GetRasterBand(1).WriteArray(np.full((3, 3), 0.1), 0, 0)

    raster, _ = sent_ms(user_nodata((0.1, 0.1)), gdal.GDT_Float32, prepare=write)
    assert masked(raster)[:3, :3].all()


def test_values_of_one_band_leave_the_other_alone(sent_ms):
    """Whether a pixel without data in one band has data in another is the worker's to decide."""
    raster, _ = sent_ms(user_nodata((20, 20), (30, 40), bands=(1,)))
    first, second = (raster.GetRasterBand(n).GetMaskBand().ReadAsArray() == 0 for n in (1, 2))
    assert (first == ((VALUES == 20) | ((VALUES >= 30) & (VALUES <= 40)))).all()
    assert first.any() and not second.any()


@pytest.mark.parametrize("ranges", [((20, 20),), ((20, 20), (30, 31))])
def test_mask_of_the_file_still_counts(sent_ms, ranges):
    hidden = np.full((40, 48), 255, np.uint8)
    hidden[10:15, 10:15] = 0

    def hide(data):
        data.CreateMaskBand(gdal.GMF_PER_DATASET)
        data.GetRasterBand(1).GetMaskBand().WriteArray(hidden)

    raster, _ = sent_ms(user_nodata(*ranges), prepare=hide)
    found = either(lambda v: np.any([(v >= a) & (v <= b) for a, b in ranges], axis=0))
    assert (masked(raster) == (found | (hidden == 0))).all()


def test_metadata_and_name_still_tell_the_sensor(sent_ms):
    raster, _ = sent_ms(
        user_nodata((7, 7)), prepare=lambda data: data.SetMetadata({"SATID": "WV02"}, "IMD")
    )
    assert raster.GetMetadata("IMD") == {"SATID": "WV02"}
    assert raster.GetDescription().endswith("/many.vrt")


def test_open_options_reach_the_worker(sent_ms, ask, files, tmp_path):
    path = write_raster(tmp_path / "pyramid.tif", 4, (80, 96), 1.0)
    gdal.Open(str(path), gdal.GA_Update).BuildOverviews("NEAREST", [2])
    layer = add_layer(f"{path}|option:OVERVIEW_LEVEL=0", "pyramid")
    assert layer.width() == 48
    request, _, _ = ask("align", {"PAN": files["PAN"], "MS": layer})
    assert gdal.Open(request["ms"]).RasterXSize == 48


# --- the style ---


def test_transparency_of_the_style_is_named_as_not_used(sent_ms):
    def style(layer):
        entry = QgsRasterTransparency.TransparentThreeValuePixel()
        transparency = QgsRasterTransparency()
        transparency.setTransparentThreeValuePixelList([entry])
        layer.renderer().setRasterTransparency(transparency)
        layer.renderer().setAlphaBand(2)

    raster, log = sent_ms(style)
    assert raster.GetDriver().ShortName == "GTiff"
    assert len(log.warnings) == 2
    assert all("'many'" in text for text in log.warnings)
    assert "2" in log.warnings[1]


# --- the real worker ---


@pytest.mark.parametrize("epsg", [32633, 32632])
def test_real_worker_leaves_out_what_qgis_calls_no_data(
    plugin, real_python, monkeypatch, tmp_path, files, epsg
):
    """Also where MS is warped to the CRS of PAN."""
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    ms = str(tmp_path / "ms.tif")
    source = gdal.Warp("", files["MS"], format="MEM", dstSRS=f"EPSG:{epsg}", xRes=2, yRes=2)
    for number in range(1, 5):
        source.GetRasterBand(number).WriteArray(np.full((8, 8), 9000 + number), 20, 20)
    gdal.GetDriverByName("GTiff").CreateCopy(ms, source).FlushCache()
    layer = add_layer(ms, "ms")
    out = str(tmp_path / "out.tif")
    given = {"PAN": files["PAN"], "MS": layer, "METHOD": "exp", "OUTPUT": out}
    user_nodata((9000, 9002), (9003, 9100))(layer)
    run("classical", given)
    result = gdal.Open(out)
    values = result.GetRasterBand(1).ReadAsArray()
    valid = result.GetRasterBand(1).GetMaskBand().ReadAsArray() > 0
    assert values[valid].max() < 400
    assert result.GetMetadataItem("KSDIFF_MS") == "ms.tif"  # not the VRT that tells the values
    assert 32 * 32 * 0.75 < (~valid).sum() < 32 * 32 * 2 + (epsg != 32633) * 6000
