# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:ksdiff`: the main job, one PAN and one MS to one sharpened raster."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
)

from .. import paths
from ..gui.style import OutputStyle
from ..runtime import environment, process
from ..runtime.errors import RunCancelled, RunError
from . import checks, sources
from . import parameters as p
from .base import Algorithm, exception, tr


class KSDiff(Algorithm):
    """Sharpen a pair with KSDiff in the worker."""

    method = "ksdiff"

    def __init__(self) -> None:
        super().__init__()
        self._request: dict[str, Any] = {}
        self._setting: str | None = None
        self._style: OutputStyle | None = None
        self._output = ""

    def name(self) -> str:
        return self.method

    def displayName(self) -> str:
        return tr("KSDiff pansharpening")

    def shortDescription(self) -> str:
        return tr("Sharpens a multispectral image with a finer panchromatic one.")

    def tags(self) -> list[str]:
        words = "pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion"
        return tr(words).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        parameters = [*p.inputs(), *p.method(self.method), *p.output()]
        for parameter in parameters:
            self.addParameter(parameter)
        for result in p.results():
            self.addOutput(result)

    # --- main thread: look ---

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        good, message = super().checkParameterValues(parameters, context)
        if not good:
            return good, message
        try:
            message = self._problem(parameters, context)
        except RunError as error:
            message = str(error)
        return not message, message

    def _problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """What is wrong with the parameters together; empty when nothing is."""
        pan = self._layer(parameters, p.PAN, context)
        ms = self._layer(parameters, p.MS, context)
        pan_source, ms_source = sources.source(pan), sources.source(ms)
        pan_number = self._pan_band(parameters, context)
        ms_numbers = self.parameterAsInts(parameters, p.MS_BANDS, context)
        pan_numbers = [] if pan_number is None else [pan_number]
        custom = self.parameterAsString(parameters, p.MODEL, context) == p.MODEL_CUSTOM
        path = sources.destination(parameters.get(p.OUTPUT))
        try:
            sources.creation_options(
                self.parameterAsString(parameters, p.CREATION_OPTIONS, context)
            )
            options = ""
        except ValueError as error:
            options = tr("A creation option is NAME=VALUE, not '{}'.").format(error)
        return (
            checks.bands(pan, pan_numbers, "PAN")
            or checks.bands(ms, ms_numbers, "MS")
            or checks.different(pan_source, ms_source)
            or checks.pan_band(pan, pan_number)
            or checks.geometry(pan, ms)
            or (checks.model_file(self._model_file(parameters, context)) if custom else "")
            or options
            or checks.output(path, (pan_source, ms_source))
        )

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        """Take all that is needed of layers and settings; they belong to the main thread."""
        pan = self._layer(parameters, p.PAN, context)
        ms = self._layer(parameters, p.MS, context)
        bands = self.parameterAsInts(parameters, p.MS_BANDS, context)
        try:
            self._request = {
                "protocol": paths.protocol_version(),
                "task": "pansharpen",
                "pan": sources.source(pan),
                "ms": sources.source(ms),
                "pan_band": self._pan_band(parameters, context),
                "ms_bands": bands or None,
                **self._how(parameters, context, pan),
            }
        except RunError as error:
            raise exception(error) from error
        self._setting = ProcessingConfig.getSetting(environment.VARIABLE)
        self._style = OutputStyle(pan, ms, bands, tr(p.OUTPUT_NAME))
        return True

    def _how(
        self, parameters: dict[str, Any], context: QgsProcessingContext, pan: QgsRasterLayer
    ) -> dict[str, Any]:
        """The part of the request that says how to work and what to write."""
        model = self.parameterAsString(parameters, p.MODEL, context)
        if model == p.MODEL_CUSTOM:
            model = self._model_file(parameters, context)
        kind = self.parameterAsString(parameters, p.OUTPUT_TYPE, context)
        extent = self.parameterAsExtent(parameters, p.EXTENT, context, pan.crs())
        corners = [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
        options = self.parameterAsString(parameters, p.CREATION_OPTIONS, context)
        has_nodata = parameters.get(p.NODATA) not in (None, "")
        return {
            "method": self.method,
            "model": None if model == p.MODEL_AUTO else model,
            "device": self.parameterAsString(parameters, p.DEVICE, context),
            "extent": None if extent.isEmpty() else corners,
            "output_type": None if kind == p.TYPE_OF_INPUT else kind,
            "nodata": self.parameterAsDouble(parameters, p.NODATA, context) if has_nodata else None,
            "creation_options": sources.creation_options(options),
            "cog": self.parameterAsBool(parameters, p.COG, context),
            "tile": self.parameterAsInt(parameters, p.TILE, context),
            "seed": self.parameterAsInt(parameters, p.SEED, context),
        }

    # --- any thread: work ---

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        self._output = self.parameterAsOutputLayer(parameters, p.OUTPUT, context)
        request = {**self._request, "out": os.path.abspath(self._output)}  # noqa: PTH100
        try:
            interpreter = environment.find(self._setting, paths.ROOT, os.environ)
            feedback.pushDebugInfo(f"Python: {interpreter.path} ({interpreter.origin})")
            command = environment.command(interpreter.path, paths.WORKER)
            result = process.run(request, feedback, command)
        except RunCancelled:
            feedback.pushInfo(tr("Cancelled; nothing was written."))
            return {}
        except RunError as error:
            raise exception(error) from error
        return {
            p.OUTPUT: self._output,
            p.RATIO: result.get("ratio"),
            p.TILES: result.get("tiles"),
            p.SECONDS: result.get("seconds"),
            p.DEVICE_USED: result.get("device"),
            p.MODEL_USED: result.get("model"),
        }

    # --- main thread again: show ---

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if self._style is not None and context.willLoadLayerOnCompletion(self._output):
            self._style.attach(context.layerToLoadOnCompletionDetails(self._output))
        return {}

    # --- small readers ---

    def _layer(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsRasterLayer:
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidRasterError(parameters, name))
        return layer

    def _pan_band(self, parameters: dict[str, Any], context: QgsProcessingContext) -> int | None:
        chosen: Sequence[int] = self.parameterAsInts(parameters, p.PAN_BAND, context)
        return chosen[0] if chosen else None

    def _model_file(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return self.parameterAsString(parameters, p.MODEL_FILE, context) or ""
