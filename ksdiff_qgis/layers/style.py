# SPDX-License-Identifier: GPL-2.0-or-later
"""Styles of result layers: a sharpened image like its MS, a map of scores in a colour ramp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qgis.core import (
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsMultiBandColorRenderer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from ..language import tr
from . import colours
from .result import ResultLayer

# Id of the widget in the layer panel that changes the style of a layer.
STYLE_BUTTONS = "ksdiff_styles"
TRUE_COLOUR = "True colour"
NEAR_INFRARED = "Near infrared"

Units = tuple[float, float]  # scale and offset from DN to the values that QGIS shows


def _units(layer: QgsRasterLayer, band: int) -> Units:
    provider = layer.dataProvider()
    return provider.bandScale(band) or 1.0, provider.bandOffset(band)


class ImageResult(ResultLayer):
    """A result in true colour if its bands are known, else in the style of an input layer.

    That style keeps the stretch of the same bands in the same DN. If near infrared is known too, it
    is a second style of the layer.

    Parameters
    ----------
    like : input layer that gives the style and the name.
    bands : its bands in the result, 1-based, in the result's order; empty for all.
    generic_name, inputs, label : see `ResultLayer`.
    styled : whether the layer has all bands of the result, so that its style fits.
    """

    def __init__(
        self,
        like: QgsRasterLayer,
        bands: Sequence[int],
        generic_name: str,
        inputs: Sequence[QgsRasterLayer],
        label: str = "",
        styled: bool = True,
    ) -> None:
        super().__init__(like, label, generic_name, inputs)
        known = styled and like.renderer() is not None
        self._renderer = like.renderer().clone() if known else None
        self._new_number = {old: new for new, old in enumerate(bands, 1)} or {
            band: band for band in range(1, like.bandCount() + 1)
        }
        self._units = {band: _units(like, band) for band in range(1, like.bandCount() + 1)}

    def apply_style(self, layer: QgsRasterLayer) -> None:
        known = colours.bands_of(layer.source())
        if all(name in known for name in colours.TRUE):
            self._apply_colours(layer, known)
            return
        renderer = None
        if isinstance(self._renderer, QgsMultiBandColorRenderer):
            renderer = self._colour(layer, self._renderer)
        elif isinstance(self._renderer, QgsSingleBandGrayRenderer):
            renderer = self._gray(layer, self._renderer)
        if renderer is None:
            return  # a styled band was left out, or the renderer is of single values
        renderer.setOpacity(self._renderer.opacity())
        layer.setRenderer(renderer)
        layer.triggerRepaint()

    def _apply_colours(self, layer: QgsRasterLayer, known: Mapping[str, int]) -> None:
        """Set true colour, and add near infrared as a further style."""
        styles = layer.styleManager()
        styles.renameStyle(styles.currentStyle(), tr(TRUE_COLOUR))
        layer.setRenderer(self._composed(layer, [known[name] for name in colours.TRUE]))
        if "nir" in known:
            # First, since properties belong to the styles.
            layer.setCustomProperty("embeddedWidgets/count", 1)
            layer.setCustomProperty("embeddedWidgets/0/id", STYLE_BUTTONS)
            styles.addStyleFromLayer(tr(NEAR_INFRARED))
            styles.setCurrentStyle(tr(NEAR_INFRARED))
            layer.setRenderer(self._composed(layer, [known[name] for name in colours.FALSE]))
            styles.setCurrentStyle(tr(TRUE_COLOUR))
        layer.triggerRepaint()

    def _composed(self, layer: QgsRasterLayer, bands: Sequence[int]) -> QgsMultiBandColorRenderer:
        """Return a renderer of three bands, stretched as the input layer is if it shows them."""
        old, shown = self._renderer, {}
        if isinstance(old, QgsMultiBandColorRenderer):
            shown = {self._new_number.get(each[0]): each for each in _channels(old)}
        if shown.keys() == set(bands):
            stretches = [self._stretch(layer, band, *shown[band]) for band in bands]
        else:
            stretches = [_cut_stretch(layer, band) for band in bands]
        renderer = _coloured(layer, bands, stretches)
        if old is not None:
            renderer.setOpacity(old.opacity())
        return renderer

    def _colour(
        self, layer: QgsRasterLayer, old: QgsMultiBandColorRenderer
    ) -> QgsMultiBandColorRenderer | None:
        channels = _channels(old)
        # A channel may be switched off (-1), but its band must not be missing.
        if any(band > 0 and band not in self._new_number for band, _ in channels):
            return None
        new = [self._new_number.get(band, -1) for band, _ in channels]
        stretches = [self._stretch(layer, *each) for each in zip(new, *zip(*channels))]
        return _coloured(layer, new, stretches)

    def _gray(
        self, layer: QgsRasterLayer, old: QgsSingleBandGrayRenderer
    ) -> QgsSingleBandGrayRenderer | None:
        number = old.usesBands()[0] if old.usesBands() else -1
        band = self._new_number.get(number)
        if band is None:
            return None
        renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), band)
        renderer.setGradient(old.gradient())
        renderer.setContrastEnhancement(
            self._stretch(layer, band, number, old.contrastEnhancement())
        )
        return renderer

    def _stretch(
        self, layer: QgsRasterLayer, band: int, old_band: int, old: QgsContrastEnhancement | None
    ) -> QgsContrastEnhancement | None:
        """Return the stretch of the same DN for the data type and the units of the result."""
        if old is None or band < 1:
            return None
        (old_scale, old_offset), (scale, offset) = self._units[old_band], _units(layer, band)
        new = QgsContrastEnhancement(layer.dataProvider().dataType(band))
        for end, put in (
            (old.minimumValue(), new.setMinimumValue),
            (old.maximumValue(), new.setMaximumValue),
        ):
            same = (old_scale, old_offset) == (scale, offset)
            put(end if same else (end - old_offset) / old_scale * scale + offset, False)
        new.setContrastEnhancementAlgorithm(old.contrastEnhancementAlgorithm(), True)
        return new


def _channels(
    renderer: QgsMultiBandColorRenderer,
) -> list[tuple[int, QgsContrastEnhancement | None]]:
    """Return band and stretch of red, green and blue."""
    return [
        (renderer.redBand(), renderer.redContrastEnhancement()),
        (renderer.greenBand(), renderer.greenContrastEnhancement()),
        (renderer.blueBand(), renderer.blueContrastEnhancement()),
    ]


def _coloured(
    layer: QgsRasterLayer,
    bands: Sequence[int],
    stretches: Sequence[QgsContrastEnhancement | None],
) -> QgsMultiBandColorRenderer:
    """Return a renderer of three bands."""
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *bands)
    # Not in the constructor, which does not take ownership (QGIS 3.22).
    renderer.setRedContrastEnhancement(stretches[0])
    renderer.setGreenContrastEnhancement(stretches[1])
    renderer.setBlueContrastEnhancement(stretches[2])
    return renderer


def _cut_stretch(layer: QgsRasterLayer, band: int) -> QgsContrastEnhancement:
    """Return the stretch that QGIS gives an image by default: without the ends of the values."""
    provider = layer.dataProvider()
    low, high = provider.cumulativeCut(band, _CUT, 1.0 - _CUT, layer.extent(), _SAMPLE_SIZE)
    stretch = QgsContrastEnhancement(provider.dataType(band))
    stretch.setMinimumValue(low, False)
    stretch.setMaximumValue(high, False)
    kinds = QgsContrastEnhancement.ContrastEnhancementAlgorithm
    stretch.setContrastEnhancementAlgorithm(kinds.StretchToMinimumMaximum, True)
    return stretch


# Colours from the lowest to the highest value, equally spaced.
_RAMPS = {
    "SAM_MAP": ("#000004", "#51127c", "#b73779", "#fc8961", "#fcfdbf"),
    "Q2N_MAP": ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"),
    "SPREAD": ("#0d0887", "#7e03a8", "#cc4778", "#f89540", "#f0f921"),
    "ERROR_MAP": ("#2166ac", "#92c5de", "#f7f7f7", "#f4a582", "#b2182b"),
}
_CUT = 0.02  # share of the values beyond either end of the ramp
_SAMPLE_SIZE = 250_000  # pixels of the map from which the range is estimated


class MapResult(ResultLayer):
    """A map of a score or of the standard deviation, in a colour ramp.

    Parameters
    ----------
    kind : destination parameter of the map, which decides the ramp and its range.
    of, generic_name : see `ResultLayer`.
    inputs : see `ResultLayer`; `of` alone by default.
    """

    def __init__(
        self,
        of: QgsRasterLayer,
        kind: str,
        generic_name: str,
        inputs: Sequence[QgsRasterLayer] = (),
    ) -> None:
        super().__init__(of, generic_name, generic_name, inputs or (of,))
        self._kind = kind

    def apply_style(self, layer: QgsRasterLayer) -> None:
        provider = layer.dataProvider()
        low, high = provider.cumulativeCut(1, _CUT, 1.0 - _CUT, layer.extent(), _SAMPLE_SIZE)
        if self._kind in ("SAM_MAP", "SPREAD"):
            low = 0.0
        elif self._kind == "Q2N_MAP":
            high = 1.0
        else:  # signed
            high = max(abs(low), abs(high))
            low = -high
        if not low < high:
            return
        colours = [QColor(name) for name in _RAMPS[self._kind]]
        steps = len(colours) - 1
        stops = [QgsGradientStop(i / steps, colours[i]) for i in range(1, steps)]
        ramp = QgsGradientColorRamp(colours[0], colours[-1], False, stops)
        ramp_function = QgsColorRampShader(low, high, ramp)
        ramp_function.classifyColorRamp()
        shader = QgsRasterShader(low, high)
        shader.setRasterShaderFunction(ramp_function)
        renderer = QgsSingleBandPseudoColorRenderer(provider, 1, shader)
        renderer.setClassificationMin(low)
        renderer.setClassificationMax(high)
        layer.setRenderer(renderer)
        layer.triggerRepaint()
