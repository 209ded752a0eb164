# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS' own batch dialog: ten pairs in one run, and a bad one that does not stop the rest."""

from __future__ import annotations

import gc
import json
import re
import shutil
import time
from pathlib import Path

import pytest
from processing.core.ProcessingResults import resultsList
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

PAIRS = 10


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Pairs of neighbouring places."""
    made = []
    for number in range(PAIRS):
        folder = tmp_path_factory.mktemp(f"pair{number}")
        corner = (500000.0 + 100.0 * number, 5000000.0)
        pan = write_raster(folder / "pan.tif", 1, (160, 192), 0.5, origin=corner)
        ms = write_raster(folder / "ms.tif", 4, (40, 48), 2.0, origin=corner)
        made.append({"PAN": str(pan), "MS": str(ms)})
    return made


class NoTask:
    """Stands for the progress in QGIS' main window: a task for which QGIS waits when it quits."""

    def __init__(self, title):
        pass

    def setProgress(self, progress):  # noqa: N802
        pass


def discard(dialog):
    """Now, not when the application is gone: the cells of bands hold layers (QGIS 3.22)."""
    dialog.mainWidget().wrappers.clear()
    dialog.close()
    dialog.deleteLater()
    QCoreApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def batch(plugin, monkeypatch):
    """Run rows of parameters in the dialog of an algorithm; returns its log."""
    module = "processing.gui.BatchAlgorithmDialog.QgsScopedProxyProgressTask"
    monkeypatch.setattr(module, NoTask, raising=False)  # newer ones have it elsewhere
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


def bands(path):
    layer = QgsRasterLayer(str(path))
    return layer.width(), layer.height(), layer.bandCount()


def summary():
    """The page that QGIS makes of a batch's numbers and errors."""
    return Path(resultsList.getResults()[-1].filename).read_text(encoding="utf-8")


def test_one_bad_pair_of_ten_does_not_stop_the_rest(batch, use_worker, pairs, tmp_path):
    told = tmp_path / "request.json"
    use_worker("every_task", KSDIFF_TEST_REQUEST=str(told))
    rows = [
        {**pair, "METHOD": "gsa", "OUTPUT": str(tmp_path / f"result{number}.tif")}
        for number, pair in enumerate(pairs)
    ]
    broken = tmp_path / "broken.tif"
    broken.write_text("no raster")
    rows[3]["MS"] = str(broken)
    log = batch("classical", rows)
    good = [number for number in range(PAIRS) if number != 3]
    assert {path.name for path in tmp_path.glob("result*")} == {f"result{n}.tif" for n in good}
    assert all(bands(tmp_path / f"result{number}.tif") == (192, 160, 4) for number in good)
    assert json.loads(told.read_text())["pan"] == pairs[-1]["PAN"]
    assert len(re.findall("correctly executed|Sharpened by GSA", log)) >= 9
    assert "1 executions failed" in log
    assert "Could not load source layer for MS" in log
    assert log.index("Could not load source layer") < log.rindex("Sharpened by GSA")
    page = summary()
    assert page.count("Method used") == 9


def test_loaded_results_tell_whose_they_are(batch, use_worker, pairs, tmp_path):
    """All files of MS have the same name."""
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


def test_real_worker_and_every_kind_of_bad_pair(batch, real_python, pairs, tmp_path, monkeypatch):
    """A batch runs no check of the dialog's before: the worker itself has to refuse."""
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    victim = tmp_path / "victim.tif"
    shutil.copyfile(pairs[2]["MS"], victim)
    before = victim.read_bytes()
    rows = [
        pairs[0],
        {"PAN": pairs[0]["PAN"], "MS": pairs[9]["MS"]},  # other ground
        {"PAN": pairs[1]["MS"], "MS": pairs[1]["PAN"]},  # swapped, and the PAN of several bands
        {"PAN": pairs[2]["PAN"], "MS": str(victim), "OUTPUT": str(victim)},
        {**pairs[3], "OUTPUT": str(tmp_path / "none" / "result.tif")},
        pairs[4],
    ]
    rows = [
        {"METHOD": "exp", "OUTPUT": str(tmp_path / f"result{number}.tif"), **row}
        for number, row in enumerate(rows)
    ]
    log = batch("classical", rows)
    assert {path.name for path in tmp_path.glob("*.tif")} == {
        "victim.tif",
        "result0.tif",
        "result5.tif",
    }
    assert bands(tmp_path / "result5.tif") == (192, 160, 4)
    assert "4 executions failed" in log
    for words in ("do not overlap", "has 4 bands", "one of the inputs", "does not exist"):
        assert words in log
    assert victim.read_bytes() == before


def test_every_algorithm_has_a_batch(plugin):
    """All parameters have a widget in the table, and a name above it."""
    provider = QgsApplication.processingRegistry().providerById("ksdiff")
    hidden = QgsProcessingParameterDefinition.Flag.FlagHidden
    for algorithm in provider.algorithms():
        if not algorithm.flags() & algorithm.Flag.FlagSupportsBatch:
            continue
        dialog = BatchAlgorithmDialog(algorithm.create())
        try:
            table = dialog.mainWidget().tblParameters
            shown = [d for d in algorithm.parameterDefinitions() if not d.flags() & hidden]
            for definition in shown:
                column = dialog.mainWidget().parameter_to_column[definition.name()]
                assert table.cellWidget(1, column) is not None, definition.name()
                assert table.horizontalHeaderItem(column).text()
        finally:
            discard(dialog)
