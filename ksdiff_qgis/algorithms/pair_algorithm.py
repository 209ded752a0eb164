# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the algorithms that take a PAN and an MS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsProcessingFeedback, QgsRasterLayer

from ..language import tr
from ..layers import geometry
from ..layers.sources import source
from ..layers.style import ImageResult
from ..runtime.errors import RunError
from . import parameters as p
from .values import Values
from .worker_algorithm import WorkerAlgorithm


class PairAlgorithm(WorkerAlgorithm):
    """An algorithm on a PAN and its MS.

    `request` leaves the sources of the other rasters that it reads in `more_sources`.
    """

    more_sources: Sequence[str] = ()

    def input_layers(self, values: Values) -> list[QgsRasterLayer]:
        """Return all rasters that the worker reads, PAN and MS first."""
        return [values.layer(p.PAN), values.layer(p.MS)]

    def ms_band_counts(self, values: Values) -> set[int]:
        """Return how many bands of MS the worker may find, see `geometry.band_counts`."""
        ms, more = values.layer(p.MS), values.layers(p.MS_LAYERS)
        if more:
            return {sum(len(geometry.data_bands(each)) for each in (ms, *more))}
        return geometry.band_counts(ms, values.integers(p.MS_BANDS))

    def image(self, values: Values, like: QgsRasterLayer, *named: Any) -> ImageResult:
        """Return the result layer of an image like PAN or MS; `named` as in `ImageResult`."""
        alone = like.id() == values.layer(p.PAN).id() or not values.layers(p.MS_LAYERS)
        return ImageResult(like, *named, styled=alone)

    def before_work(self, values: Values, feedback: QgsProcessingFeedback) -> None:
        layers = [*self.input_layers(values), *values.layers(p.MS_LAYERS)]
        warning = geometry.crs_warning(layers)
        if warning:
            feedback.pushWarning(warning)

    def problem(self, values: Values) -> str:
        """Return what is wrong with the pair, the options or the files to write."""
        layers, more = self.input_layers(values), values.layers(p.MS_LAYERS)
        pan, ms = layers[:2]
        heights = [values.layer(p.RPC_DEM)] if values.given(p.RPC_DEM) else []
        pan_bands = values.integers(p.PAN_BAND)
        return (
            geometry.bands_problem(pan, pan_bands[:1], "PAN")
            or self._ms_bands_problem(values)
            or geometry.same_file_problem(source(pan), [source(each) for each in (ms, *more)])
            or geometry.swapped_problem(pan, ms)
            or self.pan_problem(values)
            or geometry.crs_problem([*layers, *more])
            or next(filter(None, (geometry.pair_problem(pan, each) for each in (ms, *more))), "")
            or self.options_problem(values)
            or self.destinations_problem(
                values, [source(each) for each in (*layers, *more, *heights)]
            )
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
        """Return what is wrong with the values other than the pair and the files to write."""
        return ""

    def request(self, values: Values) -> dict[str, Any]:
        """Return the fields of a request that describe the pair.

        Raises RunError if the worker cannot be told the CRS in which QGIS shows a layer: the
        parameters of a model's step are not checked.
        """
        layers, more = self.input_layers(values), values.layers(p.MS_LAYERS)
        message = geometry.crs_problem([*layers, *more])
        if message:
            raise RunError(message)
        pan, ms, *others = self.sources([*layers, *more], values)
        self.more_sources = others[: len(layers) - 2]
        further = others[len(layers) - 2 :]
        heights = [values.layer(p.RPC_DEM)] if values.given(p.RPC_DEM) else []
        return {
            "pan": pan,
            "ms": [ms, *further] if further else ms,
            "pan_band": next(iter(values.integers(p.PAN_BAND)), None),
            "ms_bands": values.integers(p.MS_BANDS) or None,
            "nodata": values.decimal_or_none(p.NODATA),
            "pan_nodata": values.decimal_or_none(p.PAN_NODATA),
            "nodata_bands": values.text(p.NODATA_BANDS),
            "undeclared_nodata": values.text(p.UNDECLARED_NODATA),
            "rpc_dem": next(iter(self.sources(heights, values)), None),
            "sensor": values.text(p.SENSOR),
        }
