# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS' batch dialog: a pair that fails does not stop the others."""

from __future__ import annotations

import gc
import json
import shutil
import time

import pytest
from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtWidgets import QTextEdit
from qgis_helpers import write_raster

PAIRS = 4


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Pairs of neighbouring scenes, with files of the same names."""
    made = []
    for number in range(PAIRS):
        folder = tmp_path_factory.mktemp(f"pair{number}")
        corner = (500000.0 + 100.0 * number, 5000000.0)
        pan = write_raster(folder / "pan.tif", 1, (160, 192), 0.5, origin=corner)
        ms = write_raster(folder / "ms.tif", 4, (40, 48), 2.0, origin=corner)
        made.append({"PAN": str(pan), "MS": str(ms)})
    return made


class NoTask:
    """Replaces the task for the progress bar, which QGIS waits for when it quits."""

    def __init__(self, title):
        pass

    def setProgress(self, progress):  # noqa: N802
        pass


def discard(dialog):
    """Delete a dialog now, since its cells hold layers (QGIS 3.22)."""
    dialog.mainWidget().wrappers.clear()
    dialog.close()
    dialog.deleteLater()
    QCoreApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def batch(plugin, monkeypatch):
    """Run rows of parameters in the batch dialog of an algorithm; returns the log."""
    module = "processing.gui.BatchAlgorithmDialog.QgsScopedProxyProgressTask"
    monkeypatch.setattr(module, NoTask, raising=False)  # newer versions have it elsewhere
    opened = []

    def run(name, rows, load=False):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:" + name)
        dialog = BatchAlgorithmDialog(algorithm)
        opened.append(dialog)
        dialog.show()
        panel = dialog.mainWidget()
        panel.checkLoadLayersOnCompletion.setChecked(load)
        panel.addRow(len(rows) - 1)
        assert panel.batchRowCount() == len(rows)
        context = QgsProcessingContext()
        for number, row in enumerate(rows):
            for key, value in row.items():
                column = panel.parameter_to_column[key]
                if algorithm.parameterDefinition(key).isDestination():
                    panel.tblParameters.cellWidget(number + 1, column).setValue(value)
                else:
                    panel.wrappers[number][column].setParameterValue(value, context)
        dialog.runButton().click()
        log = dialog.findChild(QTextEdit, "txtLog")
        deadline = time.monotonic() + 300
        while "Batch execution completed" not in log.toPlainText():
            assert time.monotonic() < deadline, log.toPlainText()
            QCoreApplication.processEvents()
            time.sleep(0.01)
        QCoreApplication.processEvents()
        return log.toPlainText()

    yield run
    for dialog in opened:
        discard(dialog)


def size(path):
    layer = QgsRasterLayer(str(path))
    return layer.width(), layer.height(), layer.bandCount()


def test_failing_pair_does_not_stop_the_others(batch, request_file, pairs, tmp_path):
    rows = [
        {**pair, "METHOD": "gsa", "OUTPUT": str(tmp_path / f"result{number}.tif")}
        for number, pair in enumerate(pairs)
    ]
    broken = tmp_path / "broken.tif"
    broken.write_text("no raster")
    rows[1]["MS"] = str(broken)
    rows[3]["METHOD"] = "scene-fit"
    batch("classical", rows)
    written = {path.name for path in tmp_path.glob("result*")}
    assert written == {"result0.tif", "result2.tif", "result3.tif"}
    assert all(size(tmp_path / name) == (192, 160, 4) for name in written)
    last = json.loads(request_file.read_text())
    assert (last["pan"], last["method"]) == (pairs[-1]["PAN"], "scene-fit")


def test_results_of_scenes_with_one_name_are_loaded_apart(batch, use_worker, pairs, tmp_path):
    use_worker("every_task")
    rows = [
        {**pair, "METHOD": "gsa", "OUTPUT": str(tmp_path / f"scene{number}.tif")}
        for number, pair in enumerate(pairs[:2])
    ]
    batch("classical", rows, load=True)
    groups = QgsProject.instance().layerTreeRoot().findGroups()
    shown = [(group.name(), [node.name() for node in group.findLayers()]) for group in groups]
    assert sorted(shown) == [
        ("ms: results", ["scene0 (GSA)"]),
        ("ms: results", ["scene1 (GSA)"]),
    ]


def test_real_worker_refuses_invalid_pairs(batch, real_python, pairs, tmp_path, monkeypatch):
    """A batch does not check the parameters: the worker itself has to."""
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    target = tmp_path / "target.tif"
    shutil.copyfile(pairs[2]["MS"], target)
    before = target.read_bytes()
    rows = [
        pairs[0],
        {"PAN": pairs[0]["PAN"], "MS": pairs[3]["MS"]},  # elsewhere
        {"PAN": pairs[1]["MS"], "MS": pairs[1]["PAN"]},  # swapped, with a PAN of several bands
        {"PAN": pairs[2]["PAN"], "MS": str(target), "OUTPUT": str(target)},
        {**pairs[2], "OUTPUT": str(tmp_path / "none" / "result.tif")},
        pairs[3],
    ]
    rows = [
        {"METHOD": "exp", "OUTPUT": str(tmp_path / f"result{number}.tif"), **row}
        for number, row in enumerate(rows)
    ]
    batch("classical", rows)
    written = {path.name for path in tmp_path.glob("*.tif")}
    assert written == {"target.tif", "result0.tif", "result5.tif"}
    assert size(tmp_path / "result5.tif") == (192, 160, 4)
    assert target.read_bytes() == before


def test_every_parameter_has_a_column(plugin):
    provider = QgsApplication.processingRegistry().providerById("ksdiff")
    hidden = QgsProcessingParameterDefinition.Flag.FlagHidden
    for algorithm in provider.algorithms():
        if not algorithm.flags() & algorithm.Flag.FlagSupportsBatch:
            continue
        dialog = BatchAlgorithmDialog(algorithm.create())
        try:
            table = dialog.mainWidget().tblParameters
            for definition in algorithm.parameterDefinitions():
                if definition.flags() & hidden:
                    continue
                column = dialog.mainWidget().parameter_to_column[definition.name()]
                assert table.cellWidget(1, column) is not None, definition.name()
                assert table.horizontalHeaderItem(column).text()
        finally:
            discard(dialog)
