# SPDX-License-Identifier: GPL-2.0-or-later
"""Name, style and place in the layer tree of a result layer, set when QGIS loads it.

The results made from one layer are put into one group, right above the input layers.
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

_MAX_KEPT = 64
_RESULTS_OF = "ksdiff/results_of"  # property of a group: the layer id, or file, of the input


class ResultLayer(QgsProcessingLayerPostProcessorInterface):
    """Post-processor that names and places one result layer; subclasses style it.

    Made in the main thread from the input layers, and called there after the run. The run may set
    `label`, `abstract` (a sentence for the layer's metadata) and `below`, another result of the
    same run that this one is placed above.

    Parameters
    ----------
    of : input layer that a temporary result is named after; a result saved to a file chosen by
        the user is named after the file.
    label : suffix of the name, in brackets.
    generic_name : name that QGIS gives the result by default.
    inputs : input layers, right above which the group is placed.
    """

    # QGIS' context owns a post-processor and deletes the C++ half with itself, at the end of the
    # run; this half, which has the layer's id and the place, outlives it here.
    kept: ClassVar[list[ResultLayer]] = []

    def __init__(
        self, of: QgsRasterLayer, label: str, generic_name: str, inputs: Sequence[QgsRasterLayer]
    ) -> None:
        super().__init__()
        self.label = label
        self.abstract = ""
        self.below: ResultLayer | None = None
        self._of, self._of_id, self._of_source = of.name(), of.id(), of.source()
        self._generic_name = generic_name
        self._input_ids = tuple(layer.id() for layer in inputs)
        self._rename = False
        self._layer_id = ""

    def apply_style(self, layer: QgsRasterLayer) -> None:
        """Set the renderer of the layer."""
        raise NotImplementedError

    def attach(self, details: QgsProcessingContext.LayerDetails) -> None:
        """Register this object to be called when QGIS loads the layer."""
        # A name set by a model or a script stays, unless it is the parameter's.
        self._rename = details.name in ("", self._generic_name, details.outputName)
        details.setPostProcessor(self)
        ResultLayer.kept = [*ResultLayer.kept[1 - _MAX_KEPT :], self]

    @classmethod
    def release(cls) -> None:
        """Drop all post-processors, when the plugin is unloaded."""
        ResultLayer.kept = []

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if self._rename:
            layer.setName(f"{_chosen_file_name(layer, context) or self._of} ({self.label})")
        if self.abstract:
            metadata = layer.metadata()
            metadata.setAbstract(self.abstract)
            layer.setMetadata(metadata)
        if isinstance(layer, QgsRasterLayer) and not _user_style():
            self.apply_style(layer)
        project = context.project()
        if project is not None and not _user_group():
            self._layer_id = layer.id()
            if not self._place(project):
                # Some versions put the layer into the tree only after this call.
                QTimer.singleShot(0, lambda: self._place(QgsProject.instance()))

    def _place(self, project: QgsProject) -> bool:
        """Move the layer into its group; False if it is not in the layer tree."""
        root = project.layerTreeRoot()
        node = root.findLayer(self._layer_id)
        if node is None:
            return False
        key = self._of_source if project.mapLayer(self._of_id) is None else self._of_id
        group = _find_group(root, key) or _add_group(root, key, self._of, self._input_ids)
        # QGIS loads the results of a run in an order of its own.
        above = [each._layer_id for each in ResultLayer.kept if each.below is self]
        nodes = group.children()
        position = max([i + 1 for i, each in enumerate(nodes) if _id(each) in above], default=0)
        group.insertChildNode(position, node.clone())
        node.parent().removeChildNode(node)
        return True


def _chosen_file_name(layer: QgsMapLayer, context: QgsProcessingContext) -> str:
    """Return the stem of a file that the user has chosen; empty for a temporary one."""
    path = Path(layer.source())
    return "" if compat.temporary_folder(context) in path.parents else path.stem


def _find_group(root: QgsLayerTreeGroup, key: str) -> QgsLayerTreeGroup | None:
    """Return the group of the results of a layer, found by its property: names may repeat."""
    groups = root.findGroups(True)
    return next((each for each in groups if each.customProperty(_RESULTS_OF) == key), None)


def _add_group(
    root: QgsLayerTreeGroup, key: str, name: str, input_ids: Sequence[str]
) -> QgsLayerTreeGroup:
    """Add a group right above the topmost input, or on top if not all inputs are in the tree.

    Above MS alone the results would often be hidden by PAN.
    """
    inputs = [found for found in root.findLayers() if found.layerId() in input_ids]
    parent, position = root, 0
    if {found.layerId() for found in inputs} == set(input_ids):
        parent = inputs[0].parent()  # the tree lists its layers from the top
        position = list(parent.children()).index(inputs[0])
    group = parent.insertGroup(position, tr("{}: results").format(name))
    group.setCustomProperty(_RESULTS_OF, key)
    return group


def _id(node: QgsLayerTreeNode) -> str:
    """Return a layer's id; empty for a group."""
    return node.layerId() if isinstance(node, QgsLayerTreeLayer) else ""


def _user_style() -> str | None:
    """Return the style file that the user has set for all raster results."""
    return ProcessingConfig.getSetting(ProcessingConfig.RASTER_STYLE)


def _user_group() -> str | None:
    """Return the group that the user has set for all results (QGIS 3.22 and newer)."""
    return ProcessingConfig.getSetting(getattr(ProcessingConfig, "RESULTS_GROUP_NAME", ""))
