# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by QGIS itself: load the installed plugin, use it by mouse, unload it, tell what is left."""

import os
import sys
import tempfile
from pathlib import Path

import qgis.utils
from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtWidgets import QApplication, QMenu, QToolBar

sys.path.append(os.environ["SESSION_FOLDER"])

import walk
from session import PLUGIN, settle, start


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
        "modules": sorted(name for name in sys.modules if name.split(".")[0] == PLUGIN),
        "packages": sorted(
            name for name in sys.modules if name in ("core", "training", "torch", "onnxruntime")
        ),
        "path": [entry for entry in sys.path if PLUGIN in entry],
        "python": sorted(qgis.utils.plugins),
        "temporary": sorted(
            path.name
            for path in Path(tempfile.gettempdir()).rglob("*")
            if "ksdiff" in path.name.lower()
        ),
    }


def check_runtime():
    """What *Check runtime* says, as text."""
    import processing

    found = processing.run("ksdiff:runtime", {"ACTION": "check"})
    return {name: str(value) for name, value in found.items()}


def session():
    qgis.utils.updateAvailablePlugins()
    report = {"available": PLUGIN in qgis.utils.available_plugins}
    report["before"] = traces()
    report["loaded"] = qgis.utils.loadPlugin(PLUGIN)
    report["started"] = qgis.utils.startPlugin(PLUGIN)
    report["file"] = sys.modules[PLUGIN].__file__
    report["during"] = traces()
    report["first"] = walk.first_result()
    report["folder"] = walk.folder_of_pairs()
    report["checked"] = check_runtime()
    QgsProject.instance().clear()
    report["unloaded"] = qgis.utils.unloadPlugin(PLUGIN)
    report["after"] = traces()
    return report


start(session)
