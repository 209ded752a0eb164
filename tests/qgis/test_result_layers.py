# SPDX-License-Identifier: GPL-2.0-or-later
"""Result layers in the project: name, place in the layer tree, bands, stretch, colours."""

from __future__ import annotations

import processing
import pytest
from osgeo import gdal
from qgis.core import (
    QgsContrastEnhancement,
    QgsLayerTreeGroup,
    QgsMultiBandColorRenderer,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis_helpers import simulated, write_pair, write_raster

from ksdiff_qgis.layers.style import ImageResult

RESULTS = "scene_ms: results"


@pytest.fixture
def load(use_worker, layers):
    """Run an algorithm on the pair and load its results as the dialog does.

    Returns the new layers by name.
    """
    use_worker()

    def run_and_load(name, **more):
        before = set(QgsProject.instance().mapLayers())
        pair = dict(zip(("PAN", "MS"), layers, strict=True))
        processing.runAndLoadResults("ksdiff:" + name, {**pair, **more})
        QCoreApplication.processEvents()
        new = set(QgsProject.instance().mapLayers()) - before
        return {layer.name(): layer for layer in map(QgsProject.instance().mapLayer, new)}

    return run_and_load


@pytest.fixture
def sharpened(load):
    """Sharpen the pair and return the result layer."""

    def sharpen(**more):
        given = {"METHOD": "ksdiff", "OUTPUT": "TEMPORARY_OUTPUT", **more}
        (layer,) = load("ksdiff", **given).values()
        return layer

    return sharpen


# --- styles ---


def stretch(layer, band, low, high):
    made = QgsContrastEnhancement(layer.dataProvider().dataType(band))
    made.setMinimumValue(low)
    made.setMaximumValue(high)
    algorithm = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    made.setContrastEnhancementAlgorithm(algorithm)
    return made


def set_colours(layer, *bands):
    """Give a layer a colour style, with the stretch 10 b .. 20 b for band b."""
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *bands)
    for channel, band in zip(("Red", "Green", "Blue"), bands, strict=True):
        enhancement = stretch(layer, band, 10.0 * band, 20.0 * band)
        getattr(renderer, f"set{channel}ContrastEnhancement")(enhancement)
    layer.setRenderer(renderer)


def colours(layer):
    renderer = layer.renderer()
    assert isinstance(renderer, QgsMultiBandColorRenderer)
    return renderer.redBand(), renderer.greenBand(), renderer.blueBand()


def stretches(layer):
    renderer = layer.renderer()
    channels = [
        getattr(renderer, f"{name}ContrastEnhancement")() for name in ("red", "green", "blue")
    ]
    return [(c.minimumValue(), c.maximumValue()) for c in channels]


@pytest.mark.parametrize(
    ("styled", "chosen", "shown", "stretched"),
    [
        ((3, 2, 1), {}, (3, 2, 1), True),
        ((4, 3, 2), {"MS_BANDS": [2, 4, 3]}, (2, 3, 1), True),
        ((4, 3, 2), {"MS_BANDS": [1, 2, 3]}, (1, 2, 3), False),  # one is missing: QGIS decides
    ],
)
def test_result_has_the_bands_and_stretch_of_ms(
    layers, sharpened, styled, chosen, shown, stretched
):
    set_colours(layers[1], *styled)
    layers[1].renderer().setOpacity(0.5)
    result = sharpened(**chosen)
    assert colours(result) == shown
    assert (stretches(result) == [(10.0 * band, 20.0 * band) for band in styled]) == stretched
    assert (result.renderer().opacity() == 0.5) == stretched


def scaled(path, units):
    """A layer of four bands whose values are DN x scale + offset."""
    write_raster(path, 4, (40, 48), 2.0)
    data = gdal.Open(str(path), gdal.GA_Update)
    for band in range(1, 5):
        data.GetRasterBand(band).SetScale(units[0])
        data.GetRasterBand(band).SetOffset(units[1])
    data = None
    return QgsRasterLayer(str(path), path.stem)


@pytest.mark.parametrize("ms", [(1.0, 0.0), (0.01, -1.0)])
@pytest.mark.parametrize("result", [(1.0, 0.0), (0.01, -1.0), (0.5, 0.0)])
def test_stretch_is_in_the_units_of_the_result(plugin, tmp_path, ms, result):
    """The same DN are black and white, whatever QGIS makes of them in either layer."""
    layers = [
        scaled(tmp_path / f"{name}.tif", units) for name, units in (("ms", ms), ("result", result))
    ]
    set_colours(layers[0], 4, 3, 2)
    ImageResult(layers[0], [2, 3, 4], "", layers[:1]).apply_style(layers[1])
    assert colours(layers[1]) == (3, 2, 1)
    for number, stretched in zip((4, 3, 2), stretches(layers[1]), strict=True):
        dn = [((end * number) - ms[1]) / ms[0] for end in (10.0, 20.0)]
        assert stretched == pytest.approx([each * result[0] + result[1] for each in dn])


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


def test_gray_band_of_an_ms_in_files_gives_no_style(layers, sharpened, tmp_path):
    """Its style is not that of all bands."""
    further = [str(write_raster(tmp_path / f"B{n}.tif", 1, (40, 48), 2.0)) for n in (3, 4)]
    first = QgsRasterLayer(str(write_raster(tmp_path / "B2.tif", 1, (40, 48), 2.0)), "B2")
    QgsProject.instance().addMapLayer(first)
    result = sharpened(MS=first, MS_LAYERS=further)
    assert isinstance(result.renderer(), QgsMultiBandColorRenderer)
    assert result.name() == "B2 (KSDiff)"


def limits(layer):
    assert layer.renderer().type() == "singlebandpseudocolor"
    return layer.renderer().classificationMin(), layer.renderer().classificationMax()


def ramp(layer):
    items = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
    return items[0].color.name(), items[-1].color.name()


def test_score_maps_have_the_range_of_their_score(load, fused):
    image = QgsProject.instance().addMapLayer(QgsRasterLayer(fused, "sharp"))
    outputs = dict.fromkeys(("SAM_MAP", "Q2N_MAP", "ERROR_MAP"), "TEMPORARY_OUTPUT")
    made = load("quality", FUSED=image, **outputs)
    assert all(name.startswith("sharp (") for name in made)
    sam, q2n, error = (
        next(layer for name, layer in made.items() if kind in name)
        for kind in ("SAM", "Q2n", "Error")
    )
    assert limits(sam) == (0.0, pytest.approx(2.96, abs=0.05))
    assert limits(q2n) == (pytest.approx(0.26, abs=0.02), 1.0)
    low, high = limits(error)
    assert low == -high
    assert high == pytest.approx(4.44, abs=0.05)
    assert len({ramp(layer) for layer in (sam, q2n, error)}) == 3


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_uncertainty_map_is_right_below_the_image(load, tmp_path, names):
    """In whatever order QGIS loads them."""
    image, spread = (str(tmp_path / f"{name}.tif") for name in names)
    load("srino", OUTPUT=image, SPREAD=spread)
    top, second, *_ = (node.layer() for node in QgsProject.instance().layerTreeRoot().findLayers())
    assert (top.source(), second.source()) == (image, spread)
    assert top.name() == f"{names[0]} (SRINO)"
    assert top.renderer().type() == "multibandcolor"
    assert limits(second) == (0.0, pytest.approx(2.96, abs=0.05))
    assert "90 %" in second.metadata().abstract()
    assert len(load("srino", OUTPUT=str(tmp_path / "c.tif"))) == 1


# --- names ---


def test_result_is_named_after_the_file_of_the_user_and_the_method_used(load, tmp_path):
    names = []
    for name, method in (
        ("ksdiff", "auto"), ("ksdiff", "ksdiff"), ("classical", "brovey"), ("classical", "exp"),
    ):  # fmt: skip
        ((label, layer),) = load(name, METHOD=method, OUTPUT="TEMPORARY_OUTPUT").items()
        names.append(label)
        assert ("1234 pixels" in layer.metadata().abstract()) == (name == "ksdiff")
    assert names[:3] == ["scene_ms (BT-H)", "scene_ms (KSDiff)", "scene_ms (Brovey)"]
    assert len(set(names)) == 4
    chosen = load("ksdiff", METHOD="ksdiff", OUTPUT=str(tmp_path / "harbour.tif"))
    assert "harbour (KSDiff)" in chosen


def test_aligned_layer_says_whether_it_was_aligned(load, layers, tmp_path, monkeypatch):
    names = []
    for shift in ("3.0 2.5", ""):
        monkeypatch.setenv("KSDIFF_TEST_SHIFT", shift)
        ((name, layer),) = load("align", OUTPUT=str(tmp_path / f"m{shift[:1]}.tif")).items()
        assert layer.renderer().type() == layers[1].renderer().type()
        assert layer.metadata().abstract() == "The MS lies apart."
        names.append(name.split("(")[1])
    assert len(set(names)) == 2


def test_simulated_layers_are_named_after_their_inputs(load, tmp_path):
    made = load("simulate", **dict.fromkeys(simulated(tmp_path), "TEMPORARY_OUTPUT"))
    styles = {name: layer.renderer().type() for name, layer in made.items()}
    assert len(styles) == 3
    assert {name.split(" ")[0] for name in styles} == {"scene_pan", "scene_ms"}
    for name, style in styles.items():
        assert style == ("singlebandgray" if "pan" in name else "multibandcolor")


# --- places in the layer tree ---


def tree():
    """The layer tree from the top, a group as (name, [children])."""

    def names(node):
        if isinstance(node, QgsLayerTreeGroup):
            return (node.name(), [names(child) for child in node.children()])
        return node.name()

    return names(QgsProject.instance().layerTreeRoot())[1]


def test_result_is_in_a_group_right_above_ms(layers, sharpened):
    root = QgsProject.instance().layerTreeRoot()
    group = root.insertGroup(0, "Scene")
    node = root.findLayer(layers[1].id())
    group.insertChildNode(0, node.clone())
    root.removeChildNode(node)
    result = sharpened()
    results = (RESULTS, ["scene_ms (KSDiff)"])
    assert tree() == [("Scene", [results, "scene_ms"]), "scene_pan"]
    assert isinstance(root.findLayer(result.id()).layer(), QgsRasterLayer)


def test_result_is_not_hidden_by_pan(layers, sharpened):
    root = QgsProject.instance().layerTreeRoot()
    below = QgsProject.instance().addMapLayer(layers[1].clone(), False)
    root.insertLayer(2, below)
    root.insertGroup(0, "On top")
    sharpened()
    results = (RESULTS, ["scene_ms (KSDiff)"])
    assert tree() == [("On top", []), results, "scene_pan", "scene_ms", "scene_ms"]


def test_result_is_on_top_if_ms_is_not_in_the_tree(layers, files, sharpened):
    """The layers in the tree may cover its ground."""
    project = QgsProject.instance()
    project.removeMapLayer(layers[1].id())
    project.layerTreeRoot().insertLayer(0, project.addMapLayer(layers[0].clone(), False))
    sharpened(MS=files["MS"])
    assert tree() == [(RESULTS, ["scene_ms (KSDiff)"]), "scene_pan", "scene_pan"]


def test_second_result_is_on_top_in_the_same_group(sharpened):
    sharpened().setName("first")
    sharpened()
    assert tree()[0] == (RESULTS, ["scene_ms (KSDiff)", "first"])


def test_group_of_the_user_with_that_name_is_not_used(layers, sharpened):
    QgsProject.instance().layerTreeRoot().addGroup(RESULTS)
    sharpened()
    assert tree()[-1] == (RESULTS, [])
    assert (RESULTS, ["scene_ms (KSDiff)"]) in tree()


@pytest.fixture
def scenes(tmp_path):
    """Two scenes with files of the same names."""
    return [write_pair(tmp_path / f"s{number}", 100.0 * number) for number in (1, 2)]


def test_scenes_of_the_same_name_have_groups_of_their_own(sharpened, scenes, tmp_path):
    QgsProject.instance().clear()
    for number, scene in enumerate(scenes, start=1):
        pan, ms = (QgsRasterLayer(path, name) for name, path in scene.items())
        QgsProject.instance().addMapLayers([pan, ms])
        for run in ("a", "b"):
            sharpened(PAN=pan, MS=ms, OUTPUT=str(tmp_path / f"scene{number}{run}.tif"))
    shown = tree()
    for number in (1, 2):
        group = ("MS: results", [f"scene{number}b (KSDiff)", f"scene{number}a (KSDiff)"])
        assert shown[shown.index(group) + 1] == "PAN"
    assert len(shown) == 2 * 3


def test_files_of_the_same_name_have_groups_of_their_own(sharpened, scenes):
    QgsProject.instance().clear()
    for given in (*scenes, scenes[0]):
        sharpened(**given)
    named = "scene_ms (KSDiff)"
    assert tree() == [(RESULTS, [named]), (RESULTS, [named, named])]
