# SPDX-License-Identifier: GPL-2.0-or-later
"""The values that an algorithm's parameters have in one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterEnum,
    QgsRasterLayer,
    QgsRectangle,
)

from ..language import tr
from ..layers.sources import full_path
from ..runtime.errors import RunError
from . import files


class Values:
    """Reads values by the names of their parameters.

    Parameters
    ----------
    algorithm : the algorithm that has the parameters.
    parameters : value by name, as QGIS gives it: in many types, and only those that were set. A
        choice may be its number, as `qgis_process help` lists it.
    context : resolves layers, expressions and defaults.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
    ) -> None:
        self.parameters, self.context = _in_words(algorithm, parameters), context
        self._algorithm = algorithm

    def given(self, name: str) -> bool:
        """Return whether an optional parameter has a value; in a command it may be empty."""
        return self.parameters.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Return a text, or the word of a choice."""
        return self._algorithm.parameterAsString(self.parameters, name, self.context) or ""

    def words(self, name: str) -> list[str]:
        """Return the words of a choice of several."""
        chosen = self._algorithm.parameterAsEnumStrings(self.parameters, name, self.context)
        return [word for word in chosen if word]

    def flag(self, name: str) -> bool:
        """Return a switch."""
        return self._algorithm.parameterAsBool(self.parameters, name, self.context)

    def integer(self, name: str) -> int:
        """Return an integer."""
        return self._algorithm.parameterAsInt(self.parameters, name, self.context)

    def integer_or_none(self, name: str) -> int | None:
        """Return an integer, None if it is not given."""
        return self.integer(name) if self.given(name) else None

    def integers(self, name: str) -> list[int]:
        """Return integers, as of bands; empty if none is given."""
        return self._algorithm.parameterAsInts(self.parameters, name, self.context)

    def decimal(self, name: str) -> float:
        """Return a number."""
        return self._algorithm.parameterAsDouble(self.parameters, name, self.context)

    def decimal_or_none(self, name: str) -> float | None:
        """Return a number, None if it is not given."""
        return self.decimal(name) if self.given(name) else None

    def file(self, name: str) -> str:
        """Return a file or folder as it was given; empty if none is."""
        return self._algorithm.parameterAsFile(self.parameters, name, self.context)

    def full_path(self, name: str) -> str | None:
        """Return the absolute path of a file or folder, None if none is given."""
        path = self.file(name)
        return full_path(path) if path else None

    def destination(self, name: str) -> str:
        """Return the file to write that the user named; empty for a temporary one, or none."""
        return files.destination_path(self.parameters.get(name))

    def extent(self, name: str, layer: QgsRasterLayer | None) -> QgsRectangle:
        """Return an extent in the CRS of a layer, or in its own; empty if none is given."""
        crs = [] if layer is None else [layer.crs()]
        return self._algorithm.parameterAsExtent(self.parameters, name, self.context, *crs)

    def extent_crs(self, name: str) -> str | None:
        """Return the CRS that an extent is given in, as WKT; None if it does not say."""
        if not self.given(name):
            return None
        crs = self._algorithm.parameterAsExtentCrs(self.parameters, name, self.context)
        return crs.toWkt(crs.WktVariant.WKT_PREFERRED_GDAL) if crs.isValid() else None

    def layer(self, name: str) -> QgsRasterLayer:
        """Return a raster layer. Raises QgsProcessingException if it is missing or invalid."""
        layer = self._algorithm.parameterAsRasterLayer(self.parameters, name, self.context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self._algorithm.invalidRasterError(self.parameters, name))
        return layer

    def optional_layer(self, name: str) -> list[QgsRasterLayer]:
        """Return a raster layer in a list, which is empty if none is given. Raises as `layer`."""
        return [self.layer(name)] if self.given(name) else []

    def layers(self, name: str) -> list[QgsRasterLayer]:
        """Return the raster layers of a list. Raises RunError if one of them cannot be read."""
        listed = self._algorithm.parameterAsLayerList(self.parameters, name, self.context)
        found = [each for each in listed or () if isinstance(each, QgsRasterLayer)]
        given = self.parameters.get(name)
        if isinstance(given, (list, tuple)) and len(found) < len(given):
            title = self._algorithm.parameterDefinition(name).description()
            text = tr("'{}': of {} layers only {} are rasters that can be read.")
            raise RunError(text.format(title, len(given), len(found)))
        return found


def _in_words(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the words of choices that are given by numbers."""
    found = dict(parameters)
    for definition in algorithm.parameterDefinitions():
        name = definition.name()
        if name in found and isinstance(definition, QgsProcessingParameterEnum):
            options, given = definition.options(), found[name]
            several = isinstance(given, (list, tuple))
            words = [_word(each, options) for each in (given if several else (given,))]
            found[name] = words if several else words[0]
    return found


def _word(given: Any, options: Sequence[str]) -> Any:
    """Return the option of a number; anything else as it is."""
    text = "" if isinstance(given, bool) else str(given)
    number = int(text) if text.isdecimal() else len(options)
    return options[number] if number < len(options) else given
