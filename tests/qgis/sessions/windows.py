# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by QGIS itself: the plugin in its layer panel and main window."""

import gc
import os
import sys

import qgis.utils
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsProcessingAlgorithmDialogBase
from qgis.PyQt.QtCore import QItemSelectionModel
from qgis.PyQt.QtWidgets import QApplication, QDialog, QLabel, QWidget

sys.path.append(os.environ["SESSION_FOLDER"])

from session import INPUT, PLUGIN, settle, start


def clicked(layers):
    """Select layers in the panel; returns the context menu and its entries."""
    view = qgis.utils.iface.layerTreeView()
    root = QgsProject.instance().layerTreeRoot()
    selection = view.selectionModel()
    selection.clear()
    for layer in layers:
        index = view.node2index(root.findLayer(layer.id()))
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select)
    settle()
    menu = view.menuProvider().createContextMenu()
    return menu, {action.text(): action for action in menu.actions()}


def chosen(layers, entry):
    """Open the main dialog for layers; returns what it shows, empty if there is no such entry."""
    menu, entries = clicked(layers)
    if entry not in entries:
        return {}
    entries[entry].trigger()
    settle()
    windows = QApplication.topLevelWidgets()
    dialogs = [each for each in windows if isinstance(each, QgsProcessingAlgorithmDialogBase)]
    (dialog,) = [each for each in dialogs if each.isVisible()]
    values = dialog.mainWidget().createProcessingParameters()
    dialog.close()
    menu.deleteLater()
    names = {key: QgsProject.instance().mapLayer(values[key]).name() for key in ("PAN", "MS")}
    return {"algorithm": dialog.algorithm().id(), **names}


def menus():
    layers = {name: QgsRasterLayer(path, name) for name, path in INPUT["rasters"].items()}
    layers["points"] = QgsVectorLayer("Point?crs=EPSG:32633", "points", "memory")
    QgsProject.instance().addMapLayers(list(layers.values()))
    settle()
    selections = [[layers[name] for name in names] for names in INPUT["selections"]]
    return [chosen(selected, INPUT["entry"]) for selected in selections]


def curves():
    """The curve windows of the training: their texts."""
    found = []
    for window in qgis.utils.iface.mainWindow().findChildren(QDialog):
        labels = window.findChildren(QLabel)
        view = [each.accessibleDescription() for each in window.findChildren(QWidget)]
        if window.windowTitle() == INPUT["curve"]:
            texts = [label.text() for label in labels]
            found.append({"shown": window.isVisible(), "texts": texts, "view": "".join(view)})
    return found


def trained():
    import processing

    result = processing.run("ksdiff:train", INPUT["training"])
    gc.collect()
    settle()
    return {"result": str(result), "curves": curves()}


def session():
    qgis.utils.updateAvailablePlugins()
    report = {"started": qgis.utils.loadPlugin(PLUGIN) and qgis.utils.startPlugin(PLUGIN)}
    report["chosen"] = menus()
    report["trained"] = trained()
    QgsProject.instance().clear()
    report["unloaded"] = qgis.utils.unloadPlugin(PLUGIN)
    settle()
    report["left"] = curves()
    return report


start(session)
