# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by QGIS itself: the plugin in its layer panel and main window.

Reads the JSON file SESSION_INPUT and writes the JSON file SESSION_REPORT.
"""

import gc
import json
import os
import time
import traceback
from pathlib import Path

import qgis.utils
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsProcessingAlgorithmDialogBase
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QItemSelectionModel, QTimer
from qgis.PyQt.QtWidgets import QApplication, QDialog, QLabel

NAME = "ksdiff_qgis"
INPUT = json.loads(Path(os.environ["SESSION_INPUT"]).read_text(encoding="utf-8"))


def settle(seconds=0.3):
    """Process events and deferred deletions."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.01)


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
    """What the main dialog shows when opened for layers; empty if there is no such entry."""
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
        view = [each.accessibleDescription() for each in window.children() if each.isWidgetType()]
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
    report = {"started": qgis.utils.loadPlugin(NAME) and qgis.utils.startPlugin(NAME)}
    report["chosen"] = menus()
    report["trained"] = trained()
    QgsProject.instance().clear()
    report["unloaded"] = qgis.utils.unloadPlugin(NAME)
    settle()
    report["left"] = curves()
    return report


def main():
    try:
        report = session()
    except Exception:  # reported by the test
        report = {"error": traceback.format_exc()}
    Path(os.environ["SESSION_REPORT"]).write_text(json.dumps(report), encoding="utf-8")
    os._exit(0)  # without a question about the project


QTimer.singleShot(500, main)
