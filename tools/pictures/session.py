# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by QGIS itself: open the plugin's windows one after the other and take screenshots.

PICTURES_PLAN names a JSON file: the pair, the result to write, the folder and suffix of the images.
"""

import json
import math
import os
import sys
import traceback
from pathlib import Path

import qgis.utils
from qgis.core import QgsContrastEnhancement, QgsProject, QgsRasterMinMaxOrigin
from qgis.PyQt.QtCore import QCoreApplication, QElapsedTimer, Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QApplication,
    QDialog,
    QDockWidget,
    QLineEdit,
    QPushButton,
    QTextEdit,
    QToolBar,
)

PLAN = json.loads(Path(os.environ["PICTURES_PLAN"]).read_text(encoding="utf-8"))
PYTHON = os.environ.get("KSDIFF_PYTHON", "")


def tr(text):
    """Translate a text as the plugin does."""
    return QCoreApplication.translate("KSDiff", text)


def wait(seconds):
    """Let QGIS draw."""
    clock = QElapsedTimer()
    clock.start()
    while clock.elapsed() < seconds * 1000:
        QCoreApplication.processEvents()


def take(name, widget, seconds=1.0):
    wait(seconds)
    path = Path(PLAN["folder"]) / f"{name}-{PLAN['suffix']}.png"
    widget.grab().save(str(path))


def natural_colours(layer):
    """Show the synthetic scene, whose bands are blue, green, red and near infrared, in colour."""
    for channel, band in (("Red", 3), ("Green", 2), ("Blue", 1)):
        getattr(layer.renderer(), f"set{channel}Band")(band)
    stretch = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    layer.setContrastEnhancement(stretch, QgsRasterMinMaxOrigin.Limits.CumulativeCut)


def opened(action):
    """Return the window that an entry of the menu opens."""
    before = {window for window in QApplication.topLevelWidgets() if window.isVisible()}
    action.trigger()
    wait(0.3)
    after = {window for window in QApplication.topLevelWidgets() if window.isVisible()}
    return next(window for window in after - before if isinstance(window, QDialog))


def take_windows(menu):
    """Take the windows that the entries of the plugin's menu open."""
    entries = [action for action in menu.menu.actions() if not action.isSeparator()]
    names = ("dialog", "folder", "train", "models", "runtime", "help")
    for name, action in zip(names, entries, strict=True):
        window = opened(action)
        if name in ("dialog", "folder"):
            window.resize(900, 640)
        if name in ("folder", "train"):
            os.environ["KSDIFF_PYTHON"] = PYTHON
            window.messageBar().clearWidgets()
            {"folder": look_at_pairs, "train": look_at_ground}[name](window)
        take(name, window, 3.0 if name in ("models", "runtime") else 1.0)
        window.close()
        os.environ.pop("KSDIFF_PYTHON", None)  # as on the machine of someone who begins


def look_at_pairs(window):
    """Show the pairs of a folder, one of which has no MS."""
    window.setParameters({"FOLDER": PLAN["pairs"]})
    table = window.mainWidget().wrappers["LEAVE_OUT"]
    wait(1)
    while table.busy:
        wait(0.5)
    (field,) = (f for f in window.findChildren(QLineEdit) if f.text() == PLAN["pairs"])
    field.blockSignals(True)
    field.setText("/data/scenes")


def look_at_ground(window):
    """Show the second page of the training window, the ground."""
    window.name.setText("my-sensor")
    window.next.click()
    for _ in range(600):
        wait(0.5)
        if window.job is None:
            return


def take_menu(menu, window):
    """Take the plugin's menu, open."""
    menu.menu.popup(window.mapToGlobal(window.rect().center()))
    take("menu", menu.menu)
    menu.menu.close()


def take_curve(window):
    """Take the curve of a training, with synthetic losses."""
    from ksdiff_qgis.gui import curve

    feed = curve.open_curve("my-sensor", window)
    for stage, steps in ((1, 400), (2, 260)):
        for step in range(4, steps + 1, 4):
            ripple = 1 + 0.25 * math.sin(step * 1.7) * math.cos(step * 0.9)
            event = {"stage": stage, "step": step, "steps": 400}
            event["loss"] = (0.02 + 0.25 * math.exp(-step / 90)) * ripple / stage
            if step % 100 == 0:
                event["validation"] = {"model": 1.9 - step / 500, "BDSD-PC": 1.71}
            feed.measure(event)
    wait(0.5)
    (shown,) = curve.windows()
    take("curve", shown)
    shown.close()


def take_preview(menu, window):
    """Take the preview: the methods side by side on the visible part."""
    canvas = qgis.utils.iface.mapCanvas()
    extent = canvas.fullExtent()
    extent.scale(0.3)
    canvas.setExtent(extent)
    canvas.refresh()
    wait(1)
    menu.pansharpen()
    wait(1)
    next(b for b in menu.dialog.findChildren(QPushButton) if b.text() == tr("Preview")).click()
    for _ in range(300):
        wait(0.5)
        docks = window.findChildren(QDockWidget)
        panels = [dock for dock in docks if type(dock).__name__ == "PreviewPanel"]
        if panels and not panels[0].busy:
            break
    menu.dialog.close()
    take("preview", panels[0], 2.0)
    panels[0].close()


def take_result(window):
    """Sharpen, and take QGIS with the result, its message, and before and after."""
    import processing

    canvas = qgis.utils.iface.mapCanvas()
    given = {"PAN": PLAN["pan"], "MS": PLAN["ms"], "OUTPUT": PLAN["output"], "ADAPT": 0}
    layers = {layer.name(): layer for layer in QgsProject.instance().mapLayers().values()}
    given["PAN"], given["MS"] = (layers[Path(PLAN[name]).stem] for name in ("pan", "ms"))
    processing.runAndLoadResults("ksdiff:ksdiff", given)
    for layer in QgsProject.instance().mapLayersByName("pan"):
        QgsProject.instance().layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(False)
    wait(2)
    extent = layers["ms"].extent()
    extent.scale(0.25)
    canvas.setExtent(extent)
    canvas.refresh()
    for button in qgis.utils.iface.messageBar().findChildren(QPushButton):
        if button.text() == tr("Before and after"):
            button.click()
            break
    wait(2)
    window.setGeometry(0, 0, 1490, 900)
    docks = {dock.objectName(): dock for dock in window.findChildren(QDockWidget)}
    before = next(dock for dock in docks.values() if dock.windowTitle().startswith("sharpened"))
    window.resizeDocks([docks["Layers"], before], [260, 230], Qt.Orientation.Horizontal)
    for toolbar in window.findChildren(QToolBar):
        toolbar.setVisible(toolbar.objectName() in ("mFileToolBar", "mMapNavToolBar"))
    take("result", window, 3.0)


def session():
    iface = qgis.utils.iface
    window = iface.mainWindow()
    window.showNormal()
    window.setGeometry(0, 0, 1280, 800)
    qgis.utils.updateAvailablePlugins()
    qgis.utils.loadPlugin("ksdiff_qgis")
    qgis.utils.startPlugin("ksdiff_qgis")
    for name in ("ms", "pan"):
        iface.addRasterLayer(PLAN[name], Path(PLAN[name]).stem)
    natural_colours(QgsProject.instance().mapLayersByName(Path(PLAN["ms"]).stem)[0])
    window.findChild(QDockWidget, "Browser").close()
    menu = qgis.utils.plugins["ksdiff_qgis"].main_menu
    take_menu(menu, window)
    os.environ.pop("KSDIFF_PYTHON", None)
    take_windows(menu)
    os.environ["KSDIFF_PYTHON"] = PYTHON
    take_curve(window)
    take_preview(menu, window)
    take_result(window)


def guard():
    """Print a message of QGIS that waits to be closed, and end."""
    window = QApplication.activeModalWidget()
    if window is not None:
        texts = [view.toPlainText() for view in window.findChildren(QTextEdit)]
        print(window.windowTitle(), *texts, file=sys.__stderr__)
        os._exit(1)


def main():
    try:
        session()
    except Exception:  # told by who started QGIS
        traceback.print_exc(file=sys.__stderr__)
        os._exit(1)
    os._exit(0)


WATCH = QTimer()
WATCH.timeout.connect(guard)
WATCH.start(2000)
QTimer.singleShot(500, main)
