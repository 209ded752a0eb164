# SPDX-License-Identifier: GPL-2.0-or-later

"""Base of the algorithms that take a PAN and an MS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
)

from ..layers import geometry
from ..layers.sources import source
from ..runtime.errors import RunError
from . import parameters as p
from .worker_algorithm import WorkerAlgorithm


class PairAlgorithm(WorkerAlgorithm):
    """An algorithm on a PAN and its MS."""

    def pan_and_ms(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[QgsRasterLayer, QgsRasterLayer]:
        pan = self.required_layer(parameters, p.PAN, context)
        return pan, self.required_layer(parameters, p.MS, context)

    def input_layers(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> list[QgsRasterLayer]:
        """Return all rasters that the worker reads."""
        return list(self.pan_and_ms(parameters, context))

    def required_layer(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsRasterLayer:
        """Return the raster layer of a parameter that must be given."""
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidRasterError(parameters, name))
        return layer

    def ms_bands(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[int]:
        """Return the chosen bands of MS, 1-based; empty for all."""
        return self.parameterAsInts(parameters, p.MS_BANDS, context)

    def _pan_band(self, parameters: dict[str, Any], context: QgsProcessingContext) -> int | None:
        chosen: Sequence[int] = self.parameterAsInts(parameters, p.PAN_BAND, context)
        return chosen[0] if chosen else None

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        good = super().prepareAlgorithm(parameters, context, feedback)
        if not self._prepare_error:
            warning = geometry.crs_warning(self.input_layers(parameters, context))
            if warning:
                feedback.pushWarning(warning)
        return good

    def pair_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return what is wrong with the pair; empty if nothing is."""
        pan, ms = self.pan_and_ms(parameters, context)
        chosen = self._pan_band(parameters, context)
        return (
            geometry.bands_problem(pan, [] if chosen is None else [chosen], "PAN")
            or geometry.bands_problem(ms, self.ms_bands(parameters, context), "MS")
            or geometry.same_file_problem(source(pan), source(ms))
            or geometry.pan_band_problem(pan, chosen)
            or geometry.crs_problem(self.input_layers(parameters, context))
            or geometry.pair_problem(pan, ms)
        )

    def pair_and_outputs_problem(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> str:
        """Return what is wrong with the pair or the files to write."""
        inputs = [source(layer) for layer in self.input_layers(parameters, context)]
        return self.pair_problem(parameters, context) or self.destinations_problem(
            parameters, inputs
        )

    def pair_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, Any]:
        """Return the fields of a request that describe the pair.

        Raises RunError if QGIS shows a layer in another CRS than its file has: the parameters of a
        model's step are not checked, and the worker sees only the file.
        """
        message = geometry.crs_problem(self.input_layers(parameters, context))
        if message:
            raise RunError(message)
        pan, ms = self.pan_and_ms(parameters, context)
        has_nodata = p.given(parameters, p.NODATA)
        return {
            "pan": source(pan),
            "ms": source(ms),
            "pan_band": self._pan_band(parameters, context),
            "ms_bands": self.ms_bands(parameters, context) or None,
            "nodata": self.parameterAsDouble(parameters, p.NODATA, context) if has_nodata else None,
            "sensor": self.parameterAsString(parameters, p.SENSOR, context),
        }
