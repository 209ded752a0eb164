# SPDX-License-Identifier: GPL-2.0-or-later

"""What happens to a result layer when QGIS loads it: its name, its look, its place in the tree.

The results that are about one layer lie in one group, right above what they were made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsLayerTreeNode,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QTimer

from .. import compat
from ..language import tr

_KEPT = 64
_ABOUT = "ksdiff/results_of"  # property of a group: of which layer, or file, its results are


class ResultLayer(QgsProcessingLayerPostProcessorInterface):
    """Names, styles and places one result layer; a subclass paints it.

    Made in the main thread from the input layers, and used there after the run, which may set
    `label` and `about` (a sentence for the layer's metadata) meanwhile. `over` is another result
    of the same run, which it is placed above.

    Parameters
    ----------
    of : the input layer that the result is about, after which a temporary one is named; one that
        the user has given a file of its own is named after that.
    label : what the name says in brackets.
    generic_name : the name QGIS gives a result nobody named.
    above : the input layers, right above which its group is placed.
    """

    # QGIS does not own a post-processor, and the algorithm is gone before the layer is loaded.
    _alive: ClassVar[list[ResultLayer]] = []

    def __init__(
        self, of: QgsRasterLayer, label: str, generic_name: str, above: Sequence[QgsRasterLayer]
    ) -> None:
        super().__init__()
        self.label = label
        self.about = ""
        self.over: ResultLayer | None = None
        self._of, self._of_id, self._of_source = of.name(), of.id(), of.source()
        self._generic_name = generic_name
        self._input_ids = tuple(layer.id() for layer in above)
        self._rename = False
        self._layer_id = ""

    def paint(self, layer: QgsRasterLayer) -> None:
        """Give the layer its look."""
        raise NotImplementedError

    def attach(self, details: QgsProcessingContext.LayerDetails) -> None:
        """Have QGIS call this object when it loads the layer."""
        # A name given by a model or a script is somebody's wish, unless it is the parameter's.
        self._rename = details.name in ("", self._generic_name, details.outputName)
        details.setPostProcessor(self)
        ResultLayer._alive = [*ResultLayer._alive[1 - _KEPT :], self]

    @classmethod
    def forget(cls) -> None:
        """Let go of all post-processors; the plugin is unloaded."""
        ResultLayer._alive = []

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if self._rename:
            layer.setName(f"{_file_name(layer, context) or self._of} ({self.label})")
        if self.about:
            metadata = layer.metadata()
            metadata.setAbstract(self.about)
            layer.setMetadata(metadata)
        if isinstance(layer, QgsRasterLayer) and not _user_style():
            self.paint(layer)
        project = context.project()
        if project is not None and not _user_group():
            self._layer_id = layer.id()
            if not self._place(project):
                # Some versions put the layer into the tree only after this call.
                QTimer.singleShot(0, lambda: self._place(QgsProject.instance()))

    def _place(self, project: QgsProject) -> bool:
        """Move the layer into its group. False where it is not in the layer tree."""
        root = project.layerTreeRoot()
        node = root.findLayer(self._layer_id)
        if node is None:
            return False
        about = self._of_source if project.mapLayer(self._of_id) is None else self._of_id
        group = _group(root, about) or _new_group(root, about, self._of, self._input_ids)
        # QGIS loads the results of a run in an order of its own.
        below = [one._layer_id for one in ResultLayer._alive if one.over is self]
        nodes = group.children()
        position = max([i + 1 for i, one in enumerate(nodes) if _id(one) in below], default=0)
        group.insertChildNode(position, node.clone())
        node.parent().removeChildNode(node)
        return True


def _file_name(layer: QgsMapLayer, context: QgsProcessingContext) -> str:
    """The name of a file that the user has chosen; empty for a temporary one."""
    path = Path(layer.source())
    return "" if compat.temporary_folder(context) in path.parents else path.stem


def _group(root: QgsLayerTreeGroup, about: str) -> QgsLayerTreeGroup | None:
    """The group of the results that are about a layer; other layers may have its name."""
    groups = root.findGroups(True)
    return next((one for one in groups if one.customProperty(_ABOUT) == about), None)


def _new_group(
    root: QgsLayerTreeGroup, about: str, name: str, input_ids: Sequence[str]
) -> QgsLayerTreeGroup:
    """A group right above the topmost of the inputs, or on top where not all are in the tree.

    Above MS alone it would often be hidden: PAN lies over MS.
    """
    inputs = [found for found in root.findLayers() if found.layerId() in input_ids]
    around, position = root, 0
    if {found.layerId() for found in inputs} == set(input_ids):
        around = inputs[0].parent()  # the tree lists its layers from the top
        position = list(around.children()).index(inputs[0])
    group = around.insertGroup(position, tr("{}: results").format(name))
    group.setCustomProperty(_ABOUT, about)
    return group


def _id(node: QgsLayerTreeNode) -> str:
    """A layer's id; empty for a group."""
    return node.layerId() if isinstance(node, QgsLayerTreeLayer) else ""


def _user_style() -> str | None:
    """A style file the user has chosen for all raster results."""
    return ProcessingConfig.getSetting(ProcessingConfig.RASTER_STYLE)


def _user_group() -> str | None:
    """A group the user has chosen for all results; QGIS 3.22 and newer."""
    return ProcessingConfig.getSetting(getattr(ProcessingConfig, "RESULTS_GROUP_NAME", ""))
