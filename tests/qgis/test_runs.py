# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs in the background and with errors, with stand-in workers."""

from __future__ import annotations

import threading
import time

import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.PyQt.QtCore import QTimer
from qgis_helpers import fails_naming, soon, until


def test_windows_stay_responsive_during_a_run(use_worker, given, start):
    use_worker("slow")
    task = start("ksdiff", given)
    until(lambda: task.feedback.progress() > 0)
    ticks = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start(10)
    before = time.monotonic()
    until(lambda: time.monotonic() - before > 1.0)
    timer.stop()
    assert len(ticks) >= 10  # a run in the main thread would let no event through
    assert not task.finished


def test_cancel_ends_the_run_soon(use_worker, given, start):
    use_worker("slow")
    task = start("ksdiff", given)
    until(lambda: "KSDiff" in task.feedback.textLog())  # it has greeted
    with soon():
        task.task.cancel()
        task.wait()
    assert task.finished == [(False, {})]
    assert "ksdiff-events" not in [t.name for t in threading.enumerate()]


@pytest.mark.parametrize(
    "name", ["ksdiff", "srino", "classical", "align", "quality", "simulate", "bench"]
)
def test_error_of_the_worker_is_raised_with_its_remedy(use_worker, given, name):
    use_worker("failing")
    fails_naming(name, given, "No overlap.\nTake others.")  # as the worker said


@pytest.mark.parametrize("by_variable", [True, False])
def test_named_interpreter_is_used(given, monkeypatch, by_variable):
    if by_variable:
        monkeypatch.setenv("KSDIFF_PYTHON", "/no/such/python")
    else:
        setting = ProcessingConfig.settings["KSDIFF_PYTHON"]
        monkeypatch.setattr(setting, "value", "/no/such/python")
    fails_naming("ksdiff", given, "/no/such/python")
