# SPDX-License-Identifier: GPL-2.0-or-later
"""Part of the scene, methods and parameters of a preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas

from ..algorithms import methods
from ..algorithms import parameters as p
from ..layers.geometry import extent_in

LARGEST = 1024  # PAN px
MAIN = "ksdiff:ksdiff"
# Besides the chosen method; the fastest first.
_BESIDE = (methods.INTERPOLATION, methods.SCENE_FIT, methods.KSDIFF, methods.SRINO)
# Of the whole scene only.
_LEFT_OUT = (p.TEST_REPORT, p.TILE, p.COG, p.CREATION_OPTIONS, "SPREAD", "SAVE_FIT")


@dataclass(frozen=True)
class Step:
    """One method of a preview: the algorithm that has it, and its parameters for the whole scene.

    `parameters` are what the user has set, with this method.
    """

    method: str
    algorithm: str
    parameters: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Name of the method in the dialogs."""
        return methods.title(self.method)

    def on_part(self, part: QgsRectangle, output: str) -> dict[str, Any]:
        """Return the parameters for a part of the scene, in PAN's CRS: without fine-tuning."""
        kept = {name: value for name, value in self.parameters.items() if name not in _LEFT_OUT}
        return {**kept, **_nothing_more(self.algorithm), p.EXTENT: part, p.OUTPUT: output}


def steps(algorithm: str, parameters: Mapping[str, Any]) -> list[Step]:
    """Return the methods to show: the chosen one, if it is one, and others beside it."""
    chosen = parameters.get(p.METHOD) or algorithm.partition(":")[2]
    names = [*_BESIDE[:1], *([chosen] if chosen != methods.AUTO else []), *_BESIDE[1:]]
    return [_step(name, chosen, algorithm, parameters) for name in dict.fromkeys(names)]


def whole(algorithm: str, parameters: Mapping[str, Any]) -> Step:
    """Return the run of the whole scene with the method that the user has set."""
    method = parameters.get(p.METHOD) or algorithm.partition(":")[2]
    return Step(method, algorithm, parameters)


def visible_part(
    canvas: QgsMapCanvas, pan: QgsRasterLayer, ms: QgsRasterLayer
) -> QgsRectangle | None:
    """Return the visible part of a pair, in PAN's CRS, on whole pixels; None if there is none.

    It has at most `LARGEST` pixels on either side, around the middle.
    """
    to_pan = QgsCoordinateTransform(
        canvas.mapSettings().destinationCrs(), pan.crs(), QgsProject.instance()
    )
    try:
        shown = to_pan.transformBoundingBox(canvas.extent())
    except QgsCsException:
        return None
    area, of_ms = pan.extent(), extent_in(ms, pan.crs())
    both = area.intersect(of_ms) if of_ms is not None else area
    seen = shown.intersect(both)
    if seen.isEmpty():
        return None
    wide, high = area.width() / pan.width(), area.height() / pan.height()
    columns = _span(seen.xMinimum() - area.xMinimum(), seen.width(), wide, pan.width())
    rows = _span(area.yMaximum() - seen.yMaximum(), seen.height(), high, pan.height())
    return QgsRectangle(
        area.xMinimum() + columns[0] * wide,
        area.yMaximum() - rows[1] * high,
        area.xMinimum() + columns[1] * wide,
        area.yMaximum() - rows[0] * high,
    )


def _span(start: float, length: float, pixel: float, most: int) -> tuple[int, int]:
    """Return the first pixel of a stretch and the one after its last."""
    count = max(min(round(length / pixel), LARGEST, most), 1)
    first = round((start + length / 2) / pixel - count / 2)
    first = max(min(first, most - count), 0)
    return first, first + count


def _step(name: str, chosen: str, algorithm: str, parameters: Mapping[str, Any]) -> Step:
    if name == chosen:
        return Step(name, algorithm, parameters)
    known = _names(MAIN)
    shared = {key: value for key, value in parameters.items() if key in known}
    own = {p.METHOD: name, p.MODEL: p.AUTO} if algorithm != MAIN else {p.METHOD: name}
    if name != methods.KSDIFF:
        own[p.MODEL] = p.AUTO  # a model is one method's
    return Step(name, MAIN, {**shared, **own})


def _nothing_more(algorithm: str) -> dict[str, Any]:
    """Return the parameters that switch off what a preview does not need."""
    none = {p.ADAPT: 0, p.SCENE_TEST: False, p.OVERVIEWS: "no"}
    return {name: value for name, value in none.items() if name in _names(algorithm)}


def _names(algorithm: str) -> set[str]:
    registered = QgsApplication.processingRegistry().algorithmById(algorithm)
    return {definition.name() for definition in registered.parameterDefinitions()}
