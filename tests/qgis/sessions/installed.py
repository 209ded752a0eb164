# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by QGIS itself: load the installed plugin, use it, unload it, and report what is left.

Reads the JSON file SESSION_INPUT and writes the JSON file SESSION_REPORT.
"""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

import qgis.utils
from qgis.core import QgsApplication, QgsProcessingFeedback, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QApplication, QMenu, QTextEdit, QToolBar

NAME = "ksdiff_qgis"
INPUT = json.loads(Path(os.environ["SESSION_INPUT"]).read_text(encoding="utf-8"))


def settle():
    """Process deferred deletions."""
    for _ in range(5):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()


def entries(kind):
    """The entries of the menus or toolbars of the main window."""
    window = qgis.utils.iface.mainWindow()
    return sorted(
        f"{holder.objectName()}: {type(action).__name__} {action.text()}"
        for holder in window.findChildren(kind)
        for action in holder.actions()
    )


def traces():
    """Everything that a plugin can leave in QGIS."""
    from processing.core.ProcessingConfig import ProcessingConfig

    settle()
    registry = QgsApplication.processingRegistry()
    return {
        "providers": sorted(provider.id() for provider in registry.providers()),
        "processing settings": sorted(ProcessingConfig.settings),
        "processing icons": sorted(ProcessingConfig.settingIcons),
        "menus": entries(QMenu),
        "toolbars": entries(QToolBar),
        "windows": sorted(type(window).__name__ for window in QApplication.topLevelWidgets()),
        "settings": sorted(key for key in QgsSettings().allKeys() if "ksdiff" in key.lower()),
        "modules": sorted(name for name in sys.modules if name.split(".")[0] == NAME),
        "packages": sorted(
            name for name in sys.modules if name in ("core", "training", "torch", "onnxruntime")
        ),
        "path": [entry for entry in sys.path if NAME in entry],
        "python": sorted(qgis.utils.plugins),
        "temporary": sorted(
            path.name
            for path in Path(tempfile.gettempdir()).rglob("*")
            if "ksdiff" in path.name.lower()
        ),
    }


class Log(QgsProcessingFeedback):
    """Keeps the log."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def pushInfo(self, info):  # noqa: N802
        self.lines.append(info)

    def pushWarning(self, warning):  # noqa: N802
        self.lines.append("warning: " + warning)

    def reportError(self, error, fatalError=False):  # noqa: N802
        self.lines.append("error: " + error)


def plain(value):
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def run_algorithms():
    """Run algorithms as the toolbox does; returns their outputs and logs."""
    import processing

    runs = []
    for algorithm, parameters in INPUT["runs"]:
        log = Log()
        result = processing.runAndLoadResults(algorithm, parameters, feedback=log)
        given = {name: plain(value) for name, value in result.items()}
        runs.append({"algorithm": algorithm, "result": given, "log": log.lines})
    return runs


def session():
    qgis.utils.updateAvailablePlugins()
    report = {"available": NAME in qgis.utils.available_plugins}
    report["before"] = traces()
    report["loaded"] = qgis.utils.loadPlugin(NAME)
    report["started"] = qgis.utils.startPlugin(NAME)
    report["file"] = sys.modules[NAME].__file__
    report["icon"] = not QIcon(qgis.utils.pluginMetadata(NAME, "icon")).isNull()
    report["during"] = traces()
    report["runs"] = run_algorithms()
    report["layers"] = sorted(layer.name() for layer in QgsProject.instance().mapLayers().values())
    QgsProject.instance().clear()
    report["unloaded"] = qgis.utils.unloadPlugin(NAME)
    report["after"] = traces()
    return report


def end(report):
    Path(os.environ["SESSION_REPORT"]).write_text(json.dumps(report), encoding="utf-8")
    os._exit(0)  # without a question about the project


def guard():
    """End if QGIS shows a modal message, with its text."""
    window = QApplication.activeModalWidget()
    if window is not None:
        texts = [view.toPlainText() for view in window.findChildren(QTextEdit)]
        end({"error": "\n".join([window.windowTitle(), *texts])})


def main():
    try:
        report = session()
    except Exception:  # reported by the test
        report = {"error": traceback.format_exc()}
    end(report)


WATCH = QTimer()
WATCH.timeout.connect(guard)
WATCH.start(2000)
QTimer.singleShot(500, main)
