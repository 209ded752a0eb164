# SPDX-License-Identifier: GPL-2.0-or-later

"""The result looks like its MS layer: same bands, same stretch, right above its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsContrastEnhancement,
    QgsLayerTreeNode,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)
from qgis.PyQt.QtCore import QTimer

_KEPT = 64


class OutputStyle(QgsProcessingLayerPostProcessorInterface):
    """Names, styles and places one result layer when QGIS loads it.

    Made in the main thread from the MS layer, and used there after the run.

    Parameters
    ----------
    pan : the PAN layer.
    ms : the MS layer to look like.
    bands : the bands of MS that were sharpened, 1-based, in the order of the result; empty for
        all of them.
    generic_name : the name QGIS gives a result nobody named.
    """

    # QGIS does not own a post-processor, and the algorithm is gone before the layer is loaded.
    _alive: ClassVar[list[OutputStyle]] = []

    def __init__(
        self, pan: QgsRasterLayer, ms: QgsRasterLayer, bands: Sequence[int], generic_name: str
    ) -> None:
        super().__init__()
        self._input_ids = (pan.id(), ms.id())
        self._name = ms.name() + " (KSDiff)"
        self._generic_name = generic_name
        self._rename = False
        self._renderer = ms.renderer().clone() if ms.renderer() is not None else None
        self._new_number = {old: new for new, old in enumerate(bands, 1)} or {
            band: band for band in range(1, ms.bandCount() + 1)
        }

    def attach(self, details: QgsProcessingContext.LayerDetails) -> None:
        """Have QGIS call this object when it loads the layer."""
        # A name given by a model or a script is somebody's wish.
        self._rename = details.name in ("", self._generic_name)
        details.setPostProcessor(self)
        type(self)._alive = [*self._alive[1 - _KEPT :], self]

    @classmethod
    def forget(cls) -> None:
        """Let go of all post-processors; the plugin is unloaded."""
        cls._alive = []

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if self._rename:
            layer.setName(self._name)
        if isinstance(layer, QgsRasterLayer) and not _user_style():
            self._paint(layer)
        project = context.project()
        if project is not None and not _user_group():
            layer_id, input_ids = layer.id(), self._input_ids
            if not place_above(project, layer_id, input_ids):
                # Some versions put the layer into the tree only after this call.
                later = QgsProject.instance()
                QTimer.singleShot(0, lambda: place_above(later, layer_id, input_ids))

    def _paint(self, layer: QgsRasterLayer) -> None:
        renderer = None
        if isinstance(self._renderer, QgsMultiBandColorRenderer):
            renderer = self._colour(layer, self._renderer)
        elif isinstance(self._renderer, QgsSingleBandGrayRenderer):
            renderer = self._gray(layer, self._renderer)
        if renderer is None:
            return  # bands that were left out, or a kind of style about single values
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
        # A channel may be switched off (-1) but not lost.
        if any(n > 0 and n not in self._new_number for n in numbers):
            return None
        new = [self._new_number.get(n, -1) for n in numbers]
        renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *new)
        # By setters: the constructor does not take the ownership that it uses (QGIS 3.22).
        renderer.setRedContrastEnhancement(_stretch(layer, new[0], stretches[0]))
        renderer.setGreenContrastEnhancement(_stretch(layer, new[1], stretches[1]))
        renderer.setBlueContrastEnhancement(_stretch(layer, new[2], stretches[2]))
        return renderer

    def _gray(
        self, layer: QgsRasterLayer, old: QgsSingleBandGrayRenderer
    ) -> QgsSingleBandGrayRenderer | None:
        band = self._new_number.get(old.usesBands()[0] if old.usesBands() else -1)
        if band is None:
            return None
        renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), band)
        renderer.setGradient(old.gradient())
        renderer.setContrastEnhancement(_stretch(layer, band, old.contrastEnhancement()))
        return renderer


def _stretch(
    layer: QgsRasterLayer, band: int, old: QgsContrastEnhancement | None
) -> QgsContrastEnhancement | None:
    """The same stretch, for the data type of the result."""
    if old is None or band < 1:
        return None
    new = QgsContrastEnhancement(layer.dataProvider().dataType(band))
    new.setMinimumValue(old.minimumValue(), False)
    new.setMaximumValue(old.maximumValue(), False)
    new.setContrastEnhancementAlgorithm(old.contrastEnhancementAlgorithm(), True)
    return new


def place_above(project: QgsProject, layer_id: str, input_ids: Sequence[str]) -> bool:
    """Move a layer in the layer tree to right above the topmost of its inputs.

    Above MS alone it would often be hidden: PAN lies over MS. Returns False if the layer or all
    of the inputs are not in the tree.
    """
    root = project.layerTreeRoot()
    node = root.findLayer(layer_id)
    inputs = [found for found in root.findLayers() if found.layerId() in input_ids]
    if node is None or not inputs:
        return False
    group = inputs[0].parent()  # the tree lists its layers from the top
    position = _index(group, inputs[0])
    if node.parent() is group and _index(group, node) == position - 1:
        return True
    group.insertChildNode(position, node.clone())
    node.parent().removeChildNode(node)
    return True


def _index(group: QgsLayerTreeNode, node: QgsLayerTreeNode) -> int:
    return list(group.children()).index(node)


def _user_style() -> str | None:
    """A style file the user has chosen for all raster results."""
    return ProcessingConfig.getSetting(ProcessingConfig.RASTER_STYLE)


def _user_group() -> str | None:
    """A group the user has chosen for all results; QGIS 3.22 and newer."""
    return ProcessingConfig.getSetting(getattr(ProcessingConfig, "RESULTS_GROUP_NAME", ""))
