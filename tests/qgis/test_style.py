# SPDX-License-Identifier: GPL-2.0-or-later
"""The result layer in the project: its name, its place, its bands and its stretch."""

from __future__ import annotations

import processing
import pytest
from qgis.core import (
    QgsContrastEnhancement,
    QgsLayerTreeGroup,
    QgsMultiBandColorRenderer,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis_helpers import write_raster

ID = "ksdiff:ksdiff"


def stretch(layer, band, low, high):
    made = QgsContrastEnhancement(layer.dataProvider().dataType(band))
    made.setMinimumValue(low)
    made.setMaximumValue(high)
    made.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    return made


def paint(layer, *bands):
    """Give a layer a colour style with a stretch that tells the band: 10 b .. 20 b."""
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *bands)
    renderer.setRedContrastEnhancement(stretch(layer, bands[0], 10.0 * bands[0], 20.0 * bands[0]))
    renderer.setGreenContrastEnhancement(stretch(layer, bands[1], 10.0 * bands[1], 20.0 * bands[1]))
    renderer.setBlueContrastEnhancement(stretch(layer, bands[2], 10.0 * bands[2], 20.0 * bands[2]))
    layer.setRenderer(renderer)


@pytest.fixture
def sharpened(use_worker, layers):
    """Run and load the result as the dialog does; returns the layer."""

    def run(**more):
        use_worker("gdal_worker")
        pan, ms = layers
        before = set(QgsProject.instance().mapLayers())
        parameters = {"PAN": pan, "MS": ms, "OUTPUT": "TEMPORARY_OUTPUT", **more}
        processing.runAndLoadResults(ID, parameters)
        QCoreApplication.processEvents()
        (new,) = set(QgsProject.instance().mapLayers()) - before
        return QgsProject.instance().mapLayer(new)

    return run


def colours(layer):
    renderer = layer.renderer()
    assert isinstance(renderer, QgsMultiBandColorRenderer)
    return renderer.redBand(), renderer.greenBand(), renderer.blueBand()


def stretches(layer):
    renderer = layer.renderer()
    channels = (
        renderer.redContrastEnhancement(),
        renderer.greenContrastEnhancement(),
        renderer.blueContrastEnhancement(),
    )
    return [(c.minimumValue(), c.maximumValue()) for c in channels]


def test_same_bands_and_same_stretch(layers, sharpened):
    paint(layers[1], 3, 2, 1)
    layers[1].renderer().setOpacity(0.5)
    result = sharpened()
    assert colours(result) == (3, 2, 1)
    assert stretches(result) == [(30.0, 60.0), (20.0, 40.0), (10.0, 20.0)]
    assert result.renderer().opacity() == 0.5


def test_chosen_bands_keep_their_colours(layers, sharpened):
    paint(layers[1], 4, 3, 2)
    result = sharpened(MS_BANDS=[2, 4, 3])
    assert colours(result) == (2, 3, 1)
    assert stretches(result) == [(40.0, 80.0), (30.0, 60.0), (20.0, 40.0)]


def test_bands_left_out_leave_the_style_to_qgis(layers, sharpened):
    paint(layers[1], 4, 3, 2)
    result = sharpened(MS_BANDS=[1, 2, 3])
    assert colours(result) == (1, 2, 3)
    assert (40.0, 80.0) not in stretches(result)


def test_gray_stays_gray(layers, sharpened):
    ms = layers[1]
    renderer = QgsSingleBandGrayRenderer(ms.dataProvider(), 4)
    renderer.setContrastEnhancement(stretch(ms, 4, 60.0, 90.0))
    ms.setRenderer(renderer)
    result = sharpened(MS_BANDS=[1, 4])
    assert isinstance(result.renderer(), QgsSingleBandGrayRenderer)
    assert result.renderer().usesBands() == [2]
    enhancement = result.renderer().contrastEnhancement()
    assert (enhancement.minimumValue(), enhancement.maximumValue()) == (60.0, 90.0)


RESULTS = "scene_ms: results"


def tree():
    """The layer tree from the top, groups as tuples of their name and their children."""

    def names(node):
        if isinstance(node, QgsLayerTreeGroup):
            return (node.name(), [names(child) for child in node.children()])
        return node.name()

    return names(QgsProject.instance().layerTreeRoot())[1]


def test_named_after_ms_in_a_group_right_above_it(layers, sharpened):
    root = QgsProject.instance().layerTreeRoot()
    group = root.insertGroup(0, "Scene")
    node = root.findLayer(layers[1].id())
    group.insertChildNode(0, node.clone())
    root.removeChildNode(node)
    result = sharpened()
    assert result.name() == "scene_ms (KSDiff)"
    results = (RESULTS, ["scene_ms (KSDiff)"])
    assert tree() == [("Scene", [results, "scene_ms"]), "scene_pan"]
    assert len(root.findLayers()) == 3
    assert isinstance(root.findLayer(result.id()).layer(), QgsRasterLayer)


def test_not_hidden_by_pan(layers, sharpened):
    root = QgsProject.instance().layerTreeRoot()
    below = QgsProject.instance().addMapLayer(layers[1].clone(), False)
    root.insertLayer(2, below)
    root.insertGroup(0, "On top")
    sharpened()
    results = (RESULTS, ["scene_ms (KSDiff)"])
    assert tree() == [("On top", []), results, "scene_pan", "scene_ms", "scene_ms"]


def test_a_second_run_comes_on_top_in_the_same_group(layers, sharpened):
    first = sharpened()
    first.setName("first")
    sharpened()
    assert tree()[0] == (RESULTS, ["scene_ms (KSDiff)", "first"])


def test_inputs_given_as_files_have_no_place_in_the_tree(pair, sharpened):
    result = sharpened(PAN=str(pair[0]), MS=str(pair[1]))
    assert tree()[0] == (RESULTS, [result.name()])
    assert colours(result) == (1, 2, 3)


@pytest.fixture
def scenes(tmp_path, layers):
    """Two places, with files of the same names, in the project as (PAN, MS) each."""
    made = []
    for number in (1, 2):
        folder = tmp_path / f"s{number}"
        folder.mkdir()
        corner = (500000.0 + 100.0 * number, 5000000.0)
        pan = write_raster(folder / "pan.tif", 1, (160, 192), 0.5, origin=corner)
        ms = write_raster(folder / "ms.tif", 4, (40, 48), 2.0, origin=corner)
        made.append([QgsRasterLayer(str(path), path.stem) for path in (pan, ms)])
        QgsProject.instance().addMapLayers(made[-1])
    return made


def test_each_of_two_scenes_of_one_name_has_its_own_group(sharpened, scenes, tmp_path):
    for number, (pan, ms) in enumerate(scenes, start=1):
        for run in ("a", "b"):
            sharpened(PAN=pan, MS=ms, OUTPUT=str(tmp_path / f"scene{number}{run}.tif"))
    shown = tree()
    for number in (1, 2):
        group = ("ms: results", [f"scene{number}b (KSDiff)", f"scene{number}a (KSDiff)"])
        place = shown.index(group)
        assert shown[place + 1] == "pan"
    assert len(shown) == 2 + 2 * 3


def test_files_of_one_name_that_are_no_layers_have_groups_of_their_own(sharpened, scenes):
    sources = [{"PAN": pan.source(), "MS": ms.source()} for pan, ms in scenes]
    QgsProject.instance().clear()
    for given in (*sources, sources[0]):
        sharpened(**given)
    named = "ms (KSDiff)"
    assert tree() == [("ms: results", [named]), ("ms: results", [named, named])]


def test_a_group_of_that_name_is_the_users(layers, sharpened):
    QgsProject.instance().layerTreeRoot().addGroup(RESULTS)
    sharpened()
    assert tree()[-1] == (RESULTS, [])
    assert (RESULTS, ["scene_ms (KSDiff)"]) in tree()


def test_a_file_that_somebody_named_names_its_layer(layers, sharpened, tmp_path):
    assert sharpened(OUTPUT=str(tmp_path / "harbour.tif")).name() == "harbour (KSDiff)"


def test_not_hidden_where_ms_is_not_in_the_tree(layers, pair, sharpened):
    """The layers that are there may lie over the ground of its file."""
    project = QgsProject.instance()
    project.removeMapLayer(layers[1].id())
    project.layerTreeRoot().insertLayer(0, project.addMapLayer(layers[0].clone(), False))
    sharpened(MS=str(pair[1]))
    assert tree() == [(RESULTS, ["scene_ms (KSDiff)"]), "scene_pan", "scene_pan"]
