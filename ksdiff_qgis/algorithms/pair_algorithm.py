# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the algorithms that take a PAN and an MS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingFeedback, QgsRasterLayer

from ..language import tr
from ..layers import geometry
from ..layers.sources import source
from ..layers.style import ImageResult
from ..runtime.errors import RunError
from . import parameters as p
from . import products, reading
from .values import Values
from .worker_algorithm import WorkerAlgorithm


class PairAlgorithm(WorkerAlgorithm):
    """An algorithm on a PAN and its MS.

    `request` sets `more_sources`, the sources of the rasters that it reads besides the pair.
    """

    more_sources: Sequence[str] = ()

    def pair(self, values: Values) -> tuple[QgsRasterLayer, QgsRasterLayer]:
        """Return PAN and MS; for a product, twice a layer that only has its name and source."""
        product = values.full_path(p.PRODUCT)
        if product is None:
            return values.layer(p.PAN), values.layer(p.MS)
        named = QgsRasterLayer(product, Path(product).name, "gdal")
        return named, named

    def pair_layers(self, values: Values) -> list[QgsRasterLayer]:
        """Return PAN and all layers of MS; none for a product, which only the worker opens."""
        if values.given(p.PRODUCT):
            return []
        return [*self.pair(values), *values.layers(p.MS_LAYERS)]

    def more_layers(self, values: Values) -> list[QgsRasterLayer]:
        """Return the rasters that the worker reads besides PAN and MS."""
        return []

    def ms_band_counts(self, values: Values) -> set[int]:
        """Return how many bands of MS the worker may find, see `geometry.band_counts`.

        For a product it is known only if bands are chosen.
        """
        chosen = values.integers(p.MS_BANDS)
        if values.given(p.PRODUCT):
            return {len(chosen)} if chosen else set()
        ms, more = values.layer(p.MS), values.layers(p.MS_LAYERS)
        if more:
            return {sum(len(geometry.data_bands(each)) for each in (ms, *more))}
        return geometry.band_counts(ms, chosen)

    def image(self, values: Values, like: QgsRasterLayer, *named: Any) -> ImageResult:
        """Return the result layer of an image like PAN or MS; `named` as in `ImageResult`."""
        alone = not values.layers(p.MS_LAYERS) or like.id() == values.layer(p.PAN).id()
        return ImageResult(like, *named, styled=alone)

    def before_work(self, values: Values, feedback: QgsProcessingFeedback) -> None:
        layers = [*self.pair_layers(values), *self.more_layers(values)]
        warning = geometry.crs_warning(layers)
        if warning:
            feedback.pushWarning(warning)

    def problem(self, values: Values) -> str:
        """Return what is wrong with the pair, the options or the files to write."""
        message = self._choice_problem(values)
        if message:
            return message
        layers, more = self.pair_layers(values), self.more_layers(values)
        heights = values.optional_layer(p.RPC_DEM)
        return (
            (self._pair_problem(values, *layers) if layers else "")
            or geometry.crs_problem([*layers, *more])
            or next(filter(None, (geometry.pair_problem(layers[0], ms) for ms in layers[1:])), "")
            or self.options_problem(values)
            or self.destinations_problem(values, list(map(source, (*layers, *more, *heights))))
        )

    def _choice_problem(self, values: Values) -> str:
        """Return what is wrong with the choice of either PAN and MS, or a product that has both."""
        product = values.full_path(p.PRODUCT)
        given = [name for name in (p.PAN, p.MS) if values.given(name)]
        if product is None:
            if len(given) == 2:
                return ""
            return tr("Choose PAN and MS, or a delivered product that has both.")
        if values.layers(p.MS_LAYERS):
            given.append(p.MS_LAYERS)
        if self.parameterDefinition(p.PAN_FROM_BANDS) and values.flag(p.PAN_FROM_BANDS):
            given.append(p.PAN_FROM_BANDS)
        if given:
            title = self.parameterDefinition(given[0]).description()
            return tr(
                "A delivered product contains PAN and MS: leave '{}' empty, or give no product."
            ).format(title)
        return products.problem(product)

    def _pair_problem(self, values: Values, pan: QgsRasterLayer, *ms: QgsRasterLayer) -> str:
        """Return what is wrong with the bands of PAN and MS."""
        return (
            geometry.bands_problem(pan, values.integers(p.PAN_BAND)[:1], "PAN")
            or self._ms_bands_problem(values)
            or geometry.same_file_problem(source(pan), list(map(source, ms)))
            or geometry.swapped_problem(pan, ms[0])
            or self.pan_problem(values)
        )

    def _ms_bands_problem(self, values: Values) -> str:
        chosen = values.integers(p.MS_BANDS)
        if chosen and values.layers(p.MS_LAYERS):
            return tr(
                "If MS has further layers, all their bands are used: choose no 'Bands of MS', and "
                "only the layers to use."
            )
        return geometry.bands_problem(values.layer(p.MS), chosen, "MS")

    def pan_problem(self, values: Values) -> str:
        """Return what is wrong with the bands of PAN, of which one is used."""
        return geometry.pan_band_problem(values.layer(p.PAN), values.integers(p.PAN_BAND))

    def options_problem(self, values: Values) -> str:
        """Return what is wrong with values other than the pair and the files to write."""
        return ""

    def request(self, values: Values) -> dict[str, Any]:
        """Return the fields of a request that describe the pair.

        Raises RunError if there is no pair, or the CRS in which QGIS shows a layer cannot be passed
        to the worker: the parameters of a model's step are not checked.
        """
        message = self._choice_problem(values)
        if message:
            raise RunError(message)
        layers, more = self.pair_layers(values), self.more_layers(values)
        message = geometry.crs_problem([*layers, *more])
        if message:
            raise RunError(message)
        sources = self.sources([*layers, *more], values)
        pan, *ms = sources[: len(layers)] or [values.full_path(p.PRODUCT)] * 2
        self.more_sources = sources[len(layers) :]
        return {
            "pan": pan,
            "ms": ms if len(ms) > 1 else ms[0],
            "pan_band": next(iter(values.integers(p.PAN_BAND)), None),
            "ms_bands": values.integers(p.MS_BANDS) or None,
            **reading.request(values, self.sources(values.optional_layer(p.RPC_DEM), values)),
            "sensor": values.text(p.SENSOR),
        }
