# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the algorithms that take a PAN and an MS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsProcessingFeedback, QgsRasterLayer

from ..layers import geometry
from ..layers.sources import source
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

    def before_work(self, values: Values, feedback: QgsProcessingFeedback) -> None:
        warning = geometry.crs_warning(self.input_layers(values))
        if warning:
            feedback.pushWarning(warning)

    def problem(self, values: Values) -> str:
        """Return what is wrong with the pair, the options or the files to write."""
        layers = self.input_layers(values)
        pan, ms = layers[:2]
        heights = [values.layer(p.RPC_DEM)] if values.given(p.RPC_DEM) else []
        pan_bands = values.integers(p.PAN_BAND)
        return (
            geometry.bands_problem(pan, pan_bands[:1], "PAN")
            or geometry.bands_problem(ms, values.integers(p.MS_BANDS), "MS")
            or geometry.same_file_problem(source(pan), source(ms))
            or self.pan_problem(values)
            or geometry.crs_problem(layers)
            or geometry.pair_problem(pan, ms)
            or self.options_problem(values)
            or self.destinations_problem(values, [source(each) for each in (*layers, *heights)])
        )

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
        layers = self.input_layers(values)
        message = geometry.crs_problem(layers)
        if message:
            raise RunError(message)
        pan, ms, *self.more_sources = self.sources(layers, values)
        heights = [values.layer(p.RPC_DEM)] if values.given(p.RPC_DEM) else []
        return {
            "pan": pan,
            "ms": ms,
            "pan_band": next(iter(values.integers(p.PAN_BAND)), None),
            "ms_bands": values.integers(p.MS_BANDS) or None,
            "nodata": values.decimal_or_none(p.NODATA),
            "rpc_dem": next(iter(self.sources(heights, values)), None),
            "sensor": values.text(p.SENSOR),
        }
