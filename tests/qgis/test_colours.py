# SPDX-License-Identifier: GPL-2.0-or-later
"""True colour and near infrared of results whose bands are known."""

from __future__ import annotations

import gc

import processing
import pytest
from osgeo import gdal
from qgis.core import QgsMultiBandColorRenderer, QgsProject, QgsRasterLayer
from qgis.gui import QgsGui
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication
from qgis_helpers import write_pair

from ksdiff_qgis.gui.stylebuttons import StyleButtons
from ksdiff_qgis.layers.colours import bands_of
from ksdiff_qgis.layers.style import STYLE_BUTTONS

NAMES = ["blue", "green", "red", "nir1"]
MICROMETRES = ["0.83", "0.66", "0.56", "0.48"]


def told(path, names=(), micrometres=(), nanometres=(), header=""):
    """Have a raster tell the names or the wavelengths of its bands."""
    data = gdal.Open(str(path), gdal.GA_Update)
    for number, name in enumerate(names, 1):
        data.GetRasterBand(number).SetDescription(name)
    for number, centre in enumerate(micrometres, 1):
        data.GetRasterBand(number).SetMetadata({"CENTRAL_WAVELENGTH_UM": centre}, "IMAGERY")
    for number, centre in enumerate(nanometres, 1):
        data.GetRasterBand(number).SetMetadata({"wavelength": centre})
    if header:
        data.SetMetadata({"wavelength": header}, "ENVI")
    data.FlushCache()
    return str(path)


@pytest.fixture
def sharpened(plugin, use_worker, tmp_path):
    """Sharpen a pair whose MS tells its bands, and return the result's layer."""
    use_worker()

    def sharpen(more=(), **facts):
        files = write_pair(tmp_path)
        told(files["MS"], **facts)
        pan, ms = (QgsRasterLayer(path, name) for name, path in files.items())
        QgsProject.instance().addMapLayers([pan, ms])
        given = {"PAN": pan, "MS": ms, "METHOD": "exp", "OUTPUT": "TEMPORARY_OUTPUT", **dict(more)}
        processing.runAndLoadResults("ksdiff:ksdiff", given)
        QCoreApplication.processEvents()
        layers = QgsProject.instance().mapLayers().values()
        return next(layer for layer in layers if layer not in (pan, ms))

    return sharpen


def shown(layer):
    renderer = layer.renderer()
    assert isinstance(renderer, QgsMultiBandColorRenderer)
    return renderer.redBand(), renderer.greenBand(), renderer.blueBand()


@pytest.mark.parametrize(
    ("facts", "true", "near_infrared"),
    [
        ({"names": NAMES}, (3, 2, 1), (4, 3, 2)),
        ({"nanometres": ["830", "660", "560", "480"]}, (2, 3, 4), (1, 2, 3)),
        ({"names": NAMES, "more": {"MS_BANDS": [4, 3, 2, 1]}}, (2, 3, 4), (1, 2, 3)),
    ],
)
def test_result_is_shown_in_true_colour_and_near_infrared_is_a_click_away(
    sharpened, facts, true, near_infrared
):
    layer = sharpened(**facts)
    assert shown(layer) == true
    assert layer.customProperty("embeddedWidgets/0/id") == STYLE_BUTTONS
    buttons = StyleButtons(layer)
    assert list(buttons.buttons) == ["Near infrared", "True colour"]
    buttons.buttons["Near infrared"].click()
    assert shown(layer) == near_infrared
    assert layer.customProperty("embeddedWidgets/0/id") == STYLE_BUTTONS  # the way back
    assert layer.renderer().redContrastEnhancement().maximumValue() > 1
    assert not buttons.buttons["True colour"].isChecked()
    buttons.buttons["True colour"].click()
    assert shown(layer) == true


def test_buttons_in_the_layer_panel_belong_to_qgis_and_work(sharpened, iface, plugin):
    """QGIS makes them anew whenever the style changes, while one of them is being clicked."""
    layer, view = sharpened(names=NAMES), iface.layerTreeView()
    view.show()
    for name, bands in (("Near infrared", (4, 3, 2)), ("True colour", (3, 2, 1))):
        gc.collect()
        buttons = view.findChildren(StyleButtons)[-1]
        assert not sip.ispyowned(buttons)
        buttons.buttons[name].click()
        del buttons
        QCoreApplication.processEvents()
        assert shown(layer) == bands
    plugin.unload()
    assert QgsGui.layerTreeEmbeddedWidgetRegistry().provider(STYLE_BUTTONS) is None
    QgsProject.instance().removeMapLayer(layer.id())
    QCoreApplication.processEvents()
    plugin.initGui()


def test_bands_of_no_known_colour_keep_the_style_of_ms(sharpened):
    layer = sharpened()
    assert shown(layer) == (1, 2, 3)
    assert layer.styleManager().styles() == ["default"]
    assert layer.customProperty("embeddedWidgets/count") is None


def test_true_colour_needs_no_near_infrared(sharpened):
    layer = sharpened(names=["R", "G", "B", ""])
    assert shown(layer) == (1, 2, 3)
    assert layer.styleManager().styles() == ["True colour"]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"names": ["Band 1 Blue", "B2: green", "red (665 nm)", "NIR"]}, [3, 2, 1, 4]),
        ({"names": ["coastal", "rededge", "yellow", "nir2"]}, []),
        ({"header": "{443.0, 485.0, 560.0, 660.0}"}, [4, 3, 2]),  # 443 nm is coastal blue
        ({"micrometres": ["0.43", "0.725", "0.605", "0.95"]}, [3]),  # yellow at the edge of red
        ({"names": ["red", "green", "blue", "x"], "micrometres": MICROMETRES}, [2, 3, 4, 1]),
    ],
)
def test_bands_are_known_by_wavelengths_or_else_by_names(tmp_path, facts, found):
    known = bands_of(told(write_pair(tmp_path)["MS"], **facts))
    order = [known[name] for name in ("red", "green", "blue", "nir") if name in known]
    assert order == found
    assert bands_of(str(tmp_path / "none.tif")) == {}


def test_buttons_are_gone_with_the_plugin(plugin):
    registry = QgsGui.layerTreeEmbeddedWidgetRegistry()
    assert STYLE_BUTTONS in registry.providers()
    plugin.unload()
    assert STYLE_BUTTONS not in registry.providers()
    plugin.initGui()
