# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by QGIS itself: its own layer panel and main window, and what the plugin does in them.

Reads the wishes from SESSION_WISHES, a JSON file, and writes SESSION_REPORT.
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
WISHES = json.loads(Path(os.environ["SESSION_WISHES"]).read_text(encoding="utf-8"))


def settle(seconds=0.3):
    """Let QGIS do what it has to, and delete what was to be deleted later."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.01)


def clicked(layers):
    """Click a layer in the panel, and then more with Ctrl; the entries of the context menu."""
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
    """What the main job's dialog shows after the entry was taken for layers; empty for none."""
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
    layers = {name: QgsRasterLayer(path, name) for name, path in WISHES["rasters"].items()}
    layers["points"] = QgsVectorLayer("Point?crs=EPSG:32633", "points", "memory")
    QgsProject.instance().addMapLayers(list(layers.values()))
    settle()
    wished = WISHES["selections"]
    return [chosen([layers[name] for name in names], WISHES["entry"]) for names in wished]


def curves():
    """The windows of a training below QGIS' main window: what they say of it."""
    told = []
    for window in qgis.utils.iface.mainWindow().findChildren(QDialog):
        labels = window.findChildren(QLabel)
        view = [each.accessibleDescription() for each in window.children() if each.isWidgetType()]
        if window.windowTitle() == WISHES["curve"]:
            texts = [label.text() for label in labels]
            told.append({"shown": window.isVisible(), "texts": texts, "view": "".join(view)})
    return told


def trained():
    import processing

    result = processing.run("ksdiff:train", WISHES["training"])
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
    except Exception:  # whatever it was, it is told
        report = {"error": traceback.format_exc()}
    Path(os.environ["SESSION_REPORT"]).write_text(json.dumps(report), encoding="utf-8")
    os._exit(0)  # without a question about the project


QTimer.singleShot(500, main)
