# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS' batch dialog: a pair that fails does not stop the others."""

from __future__ import annotations

import gc
import shutil
from unittest.mock import Mock

import pytest
from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis.core import QgsProcessingContext
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis_helpers import create, log_of, raster_size, until, write_pair


@pytest.fixture
def batch(plugin, monkeypatch):
    """Run rows of parameters in the batch dialog of an algorithm."""
    module = "processing.gui.BatchAlgorithmDialog.QgsScopedProxyProgressTask"
    # The task for the progress bar, which QGIS waits for when it quits; newer versions have it
    # elsewhere.
    monkeypatch.setattr(module, Mock(), raising=False)
    opened = []

    def run(name, rows):
        algorithm = create(name)
        dialog = BatchAlgorithmDialog(algorithm)
        opened.append(dialog)
        dialog.show()
        panel = dialog.mainWidget()
        panel.checkLoadLayersOnCompletion.setChecked(False)
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
        until(lambda: "Batch execution completed" in log_of(dialog))
        QCoreApplication.processEvents()

    yield run
    for dialog in opened:  # deleted now, since its cells hold layers (QGIS 3.22)
        dialog.mainWidget().wrappers.clear()
        dialog.close()
        dialog.deleteLater()
        QCoreApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
        gc.collect()


def test_failing_pair_does_not_stop_the_others(batch, real_python, tmp_path):
    """A batch does not check the parameters: the worker itself has to."""
    pairs = [write_pair(tmp_path / f"pair{number}", 100.0 * number) for number in range(4)]
    broken, target = tmp_path / "broken.tif", tmp_path / "target.tif"
    broken.write_text("no raster")
    shutil.copyfile(pairs[2]["MS"], target)
    before = target.read_bytes()
    rows = [
        pairs[0],
        {"PAN": pairs[0]["PAN"], "MS": pairs[3]["MS"]},  # elsewhere
        {"PAN": pairs[1]["MS"], "MS": pairs[1]["PAN"]},  # swapped, with a PAN of several bands
        {"PAN": pairs[1]["PAN"], "MS": str(broken)},
        {"PAN": pairs[2]["PAN"], "MS": str(target), "OUTPUT": str(target)},
        {**pairs[2], "OUTPUT": str(tmp_path / "none" / "result.tif")},
        pairs[3],
    ]
    rows = [
        {"METHOD": "scene-fit", "OUTPUT": str(tmp_path / f"result{number}.tif"), **row}
        for number, row in enumerate(rows)
    ]
    batch("classical", rows)
    written = {path.name for path in tmp_path.glob("*.tif")}
    assert written == {"broken.tif", "target.tif", "result0.tif", "result6.tif"}
    assert raster_size(tmp_path / "result6.tif") == (192, 160, 4)
    assert target.read_bytes() == before
