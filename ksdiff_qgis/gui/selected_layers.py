# SPDX-License-Identifier: GPL-2.0-or-later
"""PAN and MS for the main dialog, from the layers selected in the layer panel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.gui import QgisInterface

from ..algorithms import parameters as p
from ..algorithms.quality import FUSED
from ..language import tr
from ..layers import geometry
from ..layers.pairing import Candidate, LayerPair, best_pair, find_partner, order_two


def selected(iface: QgisInterface) -> list[QgsRasterLayer]:
    """Return the selected raster layers, the active one first; empty if that is no raster."""
    active = iface.activeLayer()
    if not isinstance(active, QgsRasterLayer):
        return []
    others = [each for each in iface.layerTreeView().selectedLayers() if each is not active]
    if len(others) == len(iface.layerTreeView().selectedLayers()):
        return [active]  # the selection is not of the active layer: a click in another panel
    return [active, *(each for each in others if isinstance(each, QgsRasterLayer))]


def pair(layers: Sequence[QgsRasterLayer], project: QgsProject) -> LayerPair:
    """Return the PAN and MS to fill in, as far as they are found.

    Two layers are the pair; one layer is paired with its partner in the project; of more, the best
    pair is taken; of none, the best pair of the project. Layers that are no files are ignored.
    """
    known = _candidates(layers or project.mapLayers().values())
    if not layers or len(known) > 2:
        return best_pair(known)
    if len(known) == 2:
        return order_two(*known)
    if not known:
        return LayerPair(None, None)
    clicked = project.mapLayer(known[0].id)
    others = [each for each in project.mapLayers().values() if each is not clicked]
    return find_partner(known[0], _candidates(others, clicked))


def parameters(found: LayerPair) -> dict[str, Any]:
    """Return the pair as parameters of an algorithm."""
    chosen = {p.PAN: found.pan, p.MS: found.ms}
    return {name: layer_id for name, layer_id in chosen.items() if layer_id is not None}


def found(project: QgsProject, layers: Sequence[QgsRasterLayer] = ()) -> dict[str, Any]:
    """Return a pair and its sharpened image as parameters, as `pair` finds it; empty for none."""
    of_layers = parameters(pair(layers, project))
    if len(of_layers) < 2:
        return {}
    pan, ms = (project.mapLayer(of_layers[name]) for name in (p.PAN, p.MS))
    bands = len(geometry.data_bands(ms))
    for layer in project.layerTreeRoot().layerOrder():  # from the top, where the newest is
        if (
            isinstance(layer, QgsRasterLayer)
            and layer not in (pan, ms)
            and layer.isValid()
            and len(geometry.data_bands(layer)) == bands
            and not geometry.grid_problem(layer, pan)
        ):
            return {**of_layers, FUSED: layer.id()}
    return of_layers


def ambiguity_message(found: LayerPair, project: QgsProject) -> str:
    """Return a message if other pairs were possible; empty otherwise."""
    names = [layer.name() for layer in map(project.mapLayer, found.rivals) if layer is not None]
    if not names:
        return ""
    pan, ms = (project.mapLayer(each).name() for each in (found.pan, found.ms))
    return tr("'{}' and '{}' match best; also possible: {}. Please check the two inputs.").format(
        pan, ms, ", ".join(f"'{name}'" for name in names)
    )


def missing_message(found: LayerPair, layers: Sequence[QgsRasterLayer], project: QgsProject) -> str:
    """Return a message if PAN or MS was not found; empty otherwise."""
    if found.pan is not None and found.ms is not None:
        return ""
    if found.pan is None and found.ms is None:
        if layers and not _candidates(layers):
            names = ", ".join(f"'{layer.name()}'" for layer in layers)
            return tr("Only raster files can be sharpened, not {}: choose PAN and MS.").format(
                names
            )
        return tr("No matching PAN and MS were found: choose both.")
    if found.pan is None:
        text = tr("The project has no finer PAN that overlaps '{}': choose one.")
    else:
        text = tr("The project has no coarser MS that overlaps '{}': choose one.")
    return text.format(project.mapLayer(found.ms or found.pan).name())


def _candidates(
    layers: Iterable[QgsMapLayer], reference: QgsRasterLayer | None = None
) -> list[Candidate]:
    """Describe the layers that are files, in the CRS of one of them."""
    found = []
    for layer in layers:
        if (
            not isinstance(layer, QgsRasterLayer)
            or not layer.isValid()
            or layer.providerType() != "gdal"
        ):
            continue
        reference = reference or layer
        candidate = Candidate.of(layer, reference.crs())
        if candidate is not None:
            found.append(candidate)
    return found
