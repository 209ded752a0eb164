# SPDX-License-Identifier: GPL-2.0-or-later
"""Shared by the scripts that QGIS itself runs, see `qgis_helpers.run_session`."""

import json
import os
import time
import traceback
from pathlib import Path

from qgis.PyQt.QtCore import QCoreApplication, QEvent, QTimer
from qgis.PyQt.QtWidgets import QApplication, QTextEdit

PLUGIN = "ksdiff_qgis"
INPUT = json.loads(Path(os.environ["SESSION_INPUT"]).read_text(encoding="utf-8"))
WATCH = QTimer()


def settle(seconds=0.3):
    """Process events and deferred deletions."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.01)


def end(report):
    Path(os.environ["SESSION_REPORT"]).write_text(json.dumps(report), encoding="utf-8")
    os._exit(0)  # without a question about the project


def watch():
    """End if QGIS shows a modal message, with its text."""
    window = QApplication.activeModalWidget()
    if window is not None:
        texts = [view.toPlainText() for view in window.findChildren(QTextEdit)]
        end({"error": "\n".join([window.windowTitle(), *texts])})


def start(session):
    """Run a session once QGIS is open, report what it returns, and end QGIS."""

    def run():
        try:
            report = session()
        except Exception:  # reported by the test
            report = {"error": traceback.format_exc()}
        end(report)

    WATCH.timeout.connect(watch)
    WATCH.start(2000)
    QTimer.singleShot(500, run)
