# SPDX-License-Identifier: GPL-2.0-or-later
"""What layers are read from is not written over."""

from __future__ import annotations

import processing
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
)
from qgis_helpers import write_raster

from ksdiff_qgis.algorithms import sources


def refused(name, parameters, *words):
    """The dialog says no, and so does a run."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:" + name)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    good, message = algorithm.checkParameterValues(parameters, context)
    assert not good
    for word in words:
        assert word in message
    with pytest.raises(QgsProcessingException):
        processing.run("ksdiff:" + name, parameters)


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
