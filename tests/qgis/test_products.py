# SPDX-License-Identifier: GPL-2.0-or-later
"""Delivered products: a folder or metadata file in place of PAN and MS."""

from __future__ import annotations

from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer
from qgis_helpers import (
    Feedback,
    check,
    create,
    project_context,
    raster_size,
    refused,
    run,
    simulated,
    write_raster,
)

from ksdiff_qgis.layers.style import ImageResult

STEM = "GF2_PMS1_E15.0_N45.1_20200601_L1A0001"
SHARPEN = ["ksdiff", "srino", "classical"]
ALL = [*SHARPEN, "align", "quality", "simulate"]


def write_product(folder: Path) -> Path:
    """Write a product of PAN, and of MS in the order blue, green, red, NIR."""
    product = folder / STEM
    product.mkdir(parents=True)
    for kind, bands, size, pixel in (("PAN1", 1, (160, 192), 0.5), ("MSS1", 4, (40, 48), 2.0)):
        write_raster(product / f"{STEM}-{kind}.tiff", bands, size, pixel)
        text = "<ProductMetaData><SatelliteID>GF2</SatelliteID></ProductMetaData>"
        (product / f"{STEM}-{kind}.xml").write_text(text)
    return product


@pytest.fixture(scope="module")
def product(tmp_path_factory) -> Path:
    return write_product(tmp_path_factory.mktemp("orders"))


def given(name: str, product: object, folder: Path) -> dict[str, object]:
    """The least that an algorithm needs."""
    more: dict[str, object] = {"OUTPUT": str(folder / "result.tif")}
    if name == "simulate":
        more = simulated(folder)
    if name == "quality":
        more = {"FUSED": str(write_raster(folder / "fused.tif", 4, (160, 192), 0.5))}
    return {"PRODUCT": str(product), **more}


def request_of(name, parameters):
    """The request that an algorithm would send."""
    algorithm = create(name)
    assert algorithm.prepareAlgorithm(parameters, project_context(), Feedback())
    return algorithm.sent


@pytest.mark.parametrize("name", ALL)
def test_product_reaches_the_worker_as_pan_and_ms(plugin, product, tmp_path, name):
    for path in (product, product / f"{STEM}-PAN1.xml"):
        asked = given(name, path, tmp_path)
        assert check(name, asked) == (True, "")
        request = request_of(name, asked)
        assert (request["pan"], request["ms"]) == (str(path), str(path))


def test_bands_and_extent_of_a_product_are_told_the_worker(plugin, product, tmp_path):
    asked = {**given("classical", product, tmp_path), "MS_BANDS": [3, 2, 1]}
    asked["EXTENT"] = "15.0,15.001,45.1,45.101 [EPSG:4326]"
    request = request_of("classical", asked)
    assert request["ms_bands"] == [3, 2, 1]
    assert request["extent"] == [15.0, 45.1, 15.001, 45.101]
    assert "WGS 84" in request["extent_crs"]
    request = request_of("classical", {**asked, "EXTENT": ""})
    assert request["extent"] is None and request["extent_crs"] is None


@pytest.mark.parametrize("name", ["ksdiff", "align", "quality", "simulate"])
def test_wrong_choice_is_refused_before_anything_runs(plugin, product, files, tmp_path, name):
    alone = given(name, product, tmp_path)
    refused(name, {**alone, "PAN": files["PAN"]}, "(PAN)", "product")
    refused(name, {**alone, "MS": files["MS"]}, "(MS)", "product")
    refused(name, {**alone, "MS_LAYERS": [files["MS"]]}, "product")
    refused(name, {**alone, "PRODUCT": "", "PAN": files["PAN"]}, "PAN", "MS", "product")
    refused(name, {**alone, "PRODUCT": None}, "PAN", "MS", "product")
    missing = str(tmp_path / "none")
    refused(name, {**alone, "PRODUCT": missing}, missing)


@pytest.mark.parametrize("name", ["", "notes.txt", "pictures"])
def test_folder_without_a_product_is_refused_with_the_known_layouts(plugin, tmp_path, name):
    (tmp_path / "in" / "pictures").mkdir(parents=True)
    write_raster(tmp_path / "in" / "pictures" / "pan.tif", 1, (160, 192), 0.5)
    (tmp_path / "in" / "notes.txt").write_text("none")
    path = str(tmp_path / "in" / name)
    refused("classical", given("classical", path, tmp_path), path, "MTL.txt", "DIM_*.XML")


def test_product_has_a_pan_of_its_own(plugin, product, tmp_path):
    asked = {**given("classical", product, tmp_path), "PAN_FROM_BANDS": True}
    refused("classical", asked, "product")


def test_model_is_refused_by_the_number_of_bands_only_if_that_is_known(plugin, product, tmp_path):
    asked = given("ksdiff", product, tmp_path)
    assert check("ksdiff", asked)[0]
    assert check("ksdiff", {**asked, "MS_BANDS": [1, 2, 3, 4]})[0]


def test_bands_named_red_green_and_blue_are_shown_so(plugin, tmp_path):
    """QGIS would show the first three, which are blue, green and red."""
    path = str(write_raster(tmp_path / "result.tif", 4, (40, 48), 2.0))
    data = gdal.Open(path, gdal.GA_Update)
    for band, name in enumerate(("blue", "green", "red", "nir"), start=1):
        data.GetRasterBand(band).SetDescription(name)
    del data
    layer = QgsRasterLayer(path)
    of_product = QgsRasterLayer(str(tmp_path), "GF2", "gdal")
    ImageResult(of_product, [], "Pansharpened", (of_product,)).apply_style(layer)
    renderer = layer.renderer()
    assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (3, 2, 1)


@pytest.mark.usefixtures("plugin", "real_python")
def test_product_is_sharpened_assessed_simulated_and_aligned(product, tmp_path):
    output = str(tmp_path / "result.tif")
    result, log = run("classical", {"PRODUCT": str(product), "METHOD": "exp", "OUTPUT": output})
    assert raster_size(output) == (192, 160, 4)
    assert result["SENSOR_USED"].startswith("GaoFen")
    assert f"{STEM}-MSS1.tiff" in log.textLog()
    tags = QgsRasterLayer(output).htmlMetadata()
    assert f"{STEM}-PAN1.tiff" in tags and "vsimem" not in tags
    found, _ = run("quality", {"PRODUCT": str(product), "FUSED": output})
    assert found["PIXELS"] == 192 * 160
    reduced = simulated(tmp_path)
    run("simulate", {"PRODUCT": str(product), **reduced})
    assert raster_size(reduced["OUTPUT_MS"]) == (12, 10, 4)
    aligned = str(tmp_path / "aligned.tif")
    run("align", {"PRODUCT": str(product), "OUTPUT": aligned})
    assert raster_size(aligned) == (48, 40, 4)


@pytest.mark.usefixtures("plugin", "real_python")
def test_part_of_a_product_is_given_in_the_crs_of_the_map(product, tmp_path):
    output = str(tmp_path / "part.tif")
    extent = "15.0,15.0005,45.1531,45.1536 [EPSG:4326]"
    asked = {"PRODUCT": str(product), "METHOD": "exp", "EXTENT": extent, "OUTPUT": output}
    run("classical", asked)
    width, height, bands = raster_size(output)
    assert (width, bands) == (pytest.approx(80, abs=3), 4)
    assert 50 < height < 130


def test_product_in_a_command(call, product, real_python, tmp_path):
    """The real worker, started by QGIS' own program."""
    output = tmp_path / "result.tif"
    options = ["--METHOD=exp", f"--OUTPUT={output}"]
    worker = {"KSDIFF_PYTHON": real_python}
    done = call("run", "ksdiff:classical", f"--PRODUCT={product}", *options, **worker)
    assert done.returncode == 0, done.stdout + done.stderr
    assert raster_size(output) == (192, 160, 4)
    output.unlink()
    empty = tmp_path / "empty"
    empty.mkdir()
    done = call("run", "ksdiff:classical", f"--PRODUCT={empty}", *options, **worker)
    assert done.returncode != 0
    assert str(empty) in done.stdout + done.stderr and "MTL.txt" in done.stdout + done.stderr
    assert not output.exists()
    done = call("run", "ksdiff:classical", *options, **worker)
    assert done.returncode != 0
    assert "product" in done.stdout + done.stderr
