# SPDX-License-Identifier: GPL-2.0-or-later
"""What layers are read from is not written over; what QGIS alone says of them is not lost."""

from __future__ import annotations

import processing
import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
)
from qgis_helpers import Warnings, check, refused, write_raster

from ksdiff_qgis.algorithms import sources

# --- the files of an input ---


@pytest.fixture
def stacked(pair, tmp_path):
    """The pair, its MS a VRT of VRTs of b0.tif to b3.tif in a folder of their own."""
    inner = []
    for number in range(4):
        band = write_raster(tmp_path / f"b{number}.tif", 1, (40, 48), 2.0)
        inner.append(str(tmp_path / f"b{number}.vrt"))
        gdal.BuildVRT(inner[-1], [str(band)])
    whole = str(tmp_path / "stack.vrt")
    gdal.BuildVRT(whole, inner, separate=True)
    return {"PAN": str(pair[0]), "MS": whole}


def test_a_file_that_ms_is_put_together_of_is_no_output(plugin, stacked, tmp_path):
    band = tmp_path / "b3.tif"
    new = {f"OUTPUT_{name}": str(tmp_path / f"new{name}.tif") for name in ("PAN", "REFERENCE")}
    fused = str(write_raster(tmp_path / "fused.tif", 4, (160, 192), 0.5))
    before = band.read_bytes()
    for name, more in (
        ("ksdiff", {"OUTPUT": str(band)}),
        ("classical", {"OUTPUT": str(band)}),
        ("srino", {"OUTPUT": str(tmp_path / "new.tif"), "SPREAD": str(band)}),
        ("align", {"OUTPUT": str(band)}),
        ("simulate", {**new, "OUTPUT_MS": str(band)}),
        ("quality", {"FUSED": fused, "SAM_MAP": str(band)}),
    ):
        refused(name, {**stacked, **more}, "a file that an input is read from", "stack.vrt")
    assert band.read_bytes() == before


def test_files_of_a_source(plugin, stacked, tmp_path):
    found = {name.rsplit("/", 1)[-1] for name in sources.files(stacked["MS"])}
    assert found == {"stack.vrt", *(f"b{n}.{end}" for n in range(4) for end in ("tif", "vrt"))}
    band = str(tmp_path / "b0.tif")
    assert band in sources.files(f"GTIFF_DIR:1:{band}")
    assert sources.files("/no/such.tif") == {"/no/such.tif"}


# --- the CRS of an input ---


def assign(path, epsg):
    """Have a file say another CRS, or none for 0."""
    reference = osr.SpatialReference()
    if epsg:
        reference.ImportFromEPSG(epsg)
    data = gdal.Open(str(path), gdal.GA_Update)
    data.SetProjection(reference.ExportToWkt() if epsg else "")


@pytest.fixture
def layer(plugin, tmp_path):
    """A layer of the project: what its file says, and what QGIS has it in (0: nothing)."""

    def make(name, epsg, shown, bands=1, size=(160, 192), pixel=0.5):
        path = write_raster(tmp_path / f"{name}.tif", bands, size, pixel, epsg=epsg or 32633)
        assign(path, epsg)
        (tmp_path / f"{name}.tif.aux.xml").unlink(missing_ok=True)
        made = QgsRasterLayer(str(path), name)
        made.setCrs(crs(shown))
        QgsProject.instance().addMapLayer(made)
        return made

    return make


@pytest.fixture
def pair_of(layer):
    """PAN and MS: what each file says, and what QGIS has it in."""

    def make(pan, ms):
        return {"PAN": layer("pan", *pan), "MS": layer("ms", *ms, 4, (40, 48), 2.0)}

    return make


def crs(epsg):
    return QgsCoordinateReferenceSystem(f"EPSG:{epsg}" if epsg else "")


def test_a_crs_that_only_qgis_knows_is_refused_until_the_file_says_it(pair_of, tmp_path):
    made = pair_of((32616, 32616), (32633, 32616))
    more = {"OUTPUT": str(tmp_path / "new.tif")}
    for name in ("classical", "align"):
        refused(name, {**made, **more}, "'ms' in EPSG:32616", "file says EPSG:32633", "Assign")
    assert not (tmp_path / "new.tif").exists()
    # QGIS goes on with what it read when it opened the file.
    assign(made["MS"].source(), 32616)
    assert made["MS"].dataProvider().crs() == crs(32633)
    assert check("classical", {**made, **more}) == (True, "")


def test_a_crs_that_is_set_back_is_not_refused(pair_of):
    made = pair_of((32633, 32633), (32633, 32616))
    refused("align", made, "'ms' in EPSG:32616")
    made["MS"].setCrs(crs(0))
    refused("align", made, "'ms' in no CRS")
    made["MS"].setCrs(made["MS"].dataProvider().crs())
    assert check("align", made) == (True, "")


def test_another_name_of_the_same_place_is_not_refused(pair_of):
    made = pair_of((32633, 32633), (32633, 32633))
    same = QgsCoordinateReferenceSystem.fromProj("+proj=utm +zone=33 +ellps=GRS80 +units=m")
    made["MS"].setCrs(same)
    assert made["MS"].crs() != made["PAN"].crs()
    assert check("align", made) == (True, "")


def test_a_file_without_crs_is_where_the_other_is(pair_of, tmp_path):
    """The worker takes it so."""
    for pan, ms, other in (
        ((32633, 32633), (0, 32633), "MS"),
        ((32633, 32633), (0, 0), "MS"),
        ((0, 32633), (32633, 32633), "PAN"),
        ((0, 32633), (0, 32633), "MS"),
        ((0, 0), (0, 32633), "PAN"),
    ):
        QgsProject.instance().clear()
        made = pair_of(pan, ms)
        assert check("align", made) == (True, ""), (pan, ms)
        made[other].setCrs(crs(32634))
        name = made[other].name()
        if (pan[0], ms[0]) == (0, 0):
            refused("align", made, "file says no CRS")
        else:
            refused("align", made, f"'{name}' in EPSG:32634", "file says no CRS")


def test_what_only_qgis_knows_of_both_is_told_to_be_lost(use_worker, pair_of, tmp_path):
    use_worker("gdal_worker")
    target = {"OUTPUT": str(tmp_path / "new.tif")}
    for pan, ms, told in (
        ((0, 32633), (0, 32633), "set it to EPSG:32633"),
        ((0, 0), (0, 0), ""),
        ((32633, 32633), (0, 32633), ""),
    ):
        feedback = Warnings()
        processing.run("ksdiff:classical", {**pair_of(pan, ms), **target}, feedback=feedback)
        assert len(feedback.warnings) == bool(told)
        assert told in "".join(feedback.warnings)


@pytest.mark.parametrize("other", [4326, 3857])
def test_images_of_nowhere_have_no_crs_to_lose(use_worker, plugin, tmp_path, other):
    """QGIS may be set to give a CRS to whatever has none."""
    use_worker("every_task")
    made = {}
    for name, bands, size, shown in (("PAN", 1, (160, 192), 4326), ("MS", 4, (40, 48), other)):
        path = str(tmp_path / f"{name}.tif")
        gdal.GetDriverByName("GTiff").Create(path, size[1], size[0], bands).FlushCache()
        made[name] = QgsRasterLayer(path, name)
        made[name].setCrs(crs(shown))
        QgsProject.instance().addMapLayer(made[name])
    given = {**made, "OUTPUT": str(tmp_path / "new.tif")}
    assert check("classical", given) == (True, "")
    feedback = Warnings()
    processing.run("ksdiff:classical", given, feedback=feedback)
    assert feedback.warnings == []


def test_every_image_of_an_assessment_counts(pair_of, layer):
    made = pair_of((32633, 32633), (32633, 32633))
    made["FUSED"] = layer("fused", 32633, 32633, 4)
    assert check("quality", {**made, "REFERENCE": made["FUSED"]}) == (True, "")
    made["REFERENCE"] = layer("truth", 32616, 32633, 4)
    refused("quality", made, "'truth' in EPSG:32633", "file says EPSG:32616")


def test_every_pair_of_a_training_set_counts(pair_of, tmp_path):
    made = pair_of((32616, 32616), (32633, 32616))
    given = {"PANS": [made["PAN"]], "MSS": [made["MS"]], "OUTPUT": str(tmp_path / "a.patches")}
    refused("trainingset", given, "'ms' in EPSG:32616", "file says EPSG:32633")


def test_a_run_that_nobody_checked_is_refused_too(use_worker, pair_of, tmp_path):
    """As a step of a model is run."""
    use_worker("gdal_worker")
    made = pair_of((32616, 32616), (32633, 32616))
    images = {"PANS": [made["PAN"]], "MSS": [made["MS"]]}
    for name, given in (("classical", made), ("trainingset", images)):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:" + name)
        context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
        context.setProject(QgsProject.instance())
        target = tmp_path / f"new.{name}"
        _, good = algorithm.run({**given, "OUTPUT": str(target)}, context, feedback)
        assert not good
        assert "file says EPSG:32633" in feedback.textLog()
        assert not target.exists()
