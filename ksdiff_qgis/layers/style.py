# SPDX-License-Identifier: GPL-2.0-or-later
"""Styles of result layers: a sharpened image like its MS, a map of scores in a colour ramp."""

from __future__ import annotations

from collections.abc import Sequence

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

from .result import ResultLayer

Units = tuple[float, float]  # scale and offset from DN to the values that QGIS shows


def _units(layer: QgsRasterLayer, band: int) -> Units:
    provider = layer.dataProvider()
    return provider.bandScale(band) or 1.0, provider.bandOffset(band)


class ImageResult(ResultLayer):
    """A result with the style of an input layer: same bands, same stretch of the same DN.

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

    def _colour(
        self, layer: QgsRasterLayer, old: QgsMultiBandColorRenderer
    ) -> QgsMultiBandColorRenderer | None:
        numbers = [old.redBand(), old.greenBand(), old.blueBand()]
        stretches = [
            old.redContrastEnhancement(),
            old.greenContrastEnhancement(),
            old.blueContrastEnhancement(),
        ]
        # A channel may be switched off (-1), but its band must not be missing.
        if any(n > 0 and n not in self._new_number for n in numbers):
            return None
        new = [self._new_number.get(n, -1) for n in numbers]
        renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *new)
        made = [self._stretch(layer, *each) for each in zip(new, numbers, stretches)]
        # Not in the constructor, which does not take ownership (QGIS 3.22).
        renderer.setRedContrastEnhancement(made[0])
        renderer.setGreenContrastEnhancement(made[1])
        renderer.setBlueContrastEnhancement(made[2])
        return renderer

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
