# SPDX-License-Identifier: GPL-2.0-or-later
"""From the layers that the analyst has selected to a pair of PAN and MS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.gui import QgisInterface

from ..algorithms import parameters as p
from ..algorithms.checks import extent_in, pixel_size
from ..language import tr
from . import partner
from .partner import Candidate, Pair


def selected(iface: QgisInterface) -> list[QgsRasterLayer]:
    """The selected raster layers, the active one first; empty where that is no raster."""
    active = iface.activeLayer()
    if not isinstance(active, QgsRasterLayer):
        return []
    others = [one for one in iface.layerTreeView().selectedLayers() if one is not active]
    if len(others) == len(iface.layerTreeView().selectedLayers()):
        return [active]  # the selection is another one, as after a click in another panel
    return [active, *(one for one in others if isinstance(one, QgsRasterLayer))]


def pair(layers: Sequence[QgsRasterLayer], project: QgsProject) -> Pair:
    """PAN and MS as far as they can be guessed.

    Of two layers, these; of one, it and its partner among the project's layers; of more, the best
    pair among them; of none, the best pair of the project. Layers that are no files do not count.
    """
    known = _candidates(layers or project.mapLayers().values())
    if not layers or len(known) > 2:
        return partner.best(known)
    if len(known) == 2:
        return partner.of_two(*known)
    if not known:
        return Pair(None, None)
    clicked = project.mapLayer(known[0].id)
    others = [one for one in project.mapLayers().values() if one is not clicked]
    return partner.guess(known[0], _candidates(others, clicked))


def parameters(found: Pair) -> dict[str, Any]:
    """The pair as parameters of an algorithm."""
    chosen = {p.PAN: found.pan, p.MS: found.ms}
    return {name: layer_id for name, layer_id in chosen.items() if layer_id is not None}


def doubt(found: Pair, project: QgsProject) -> str:
    """What to say where another pair would have been possible, too; empty where none was."""
    names = [layer.name() for layer in map(project.mapLayer, found.rivals) if layer is not None]
    if not names:
        return ""
    pan, ms = (project.mapLayer(one).name() for one in (found.pan, found.ms))
    return tr("'{}' and '{}' fit best; possible, too: {}. Please check the two inputs.").format(
        pan, ms, ", ".join(f"'{name}'" for name in names)
    )


def lack(found: Pair, layers: Sequence[QgsRasterLayer], project: QgsProject) -> str:
    """What to say where PAN or MS was not found; empty where both were."""
    if found.pan is not None and found.ms is not None:
        return ""
    if found.pan is None and found.ms is None:
        if layers and not _candidates(layers):
            names = ", ".join(f"'{layer.name()}'" for layer in layers)
            return tr("Only raster files can be sharpened, not {}: choose PAN and MS.").format(
                names
            )
        return tr("No PAN and MS that belong together were found: choose both.")
    if found.pan is None:
        text = tr("No PAN in the project overlaps '{}' and is finer: choose one.")
    else:
        text = tr("No MS in the project overlaps '{}' and is coarser: choose one.")
    return text.format(project.mapLayer(found.ms or found.pan).name())


def _candidates(
    layers: Iterable[QgsMapLayer], reference: QgsRasterLayer | None = None
) -> list[Candidate]:
    """What the guess needs of layers, in the CRS of one of them; web layers are passed over."""
    made = []
    for layer in layers:
        if (
            not isinstance(layer, QgsRasterLayer)
            or not layer.isValid()
            or layer.providerType() != "gdal"
        ):
            continue
        reference = reference or layer
        box = extent_in(layer, reference.crs())
        if box is not None:
            corners = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
            size = pixel_size(box, layer)
            made.append(Candidate(layer.id(), layer.name(), corners, size, layer.bandCount()))
    return made
