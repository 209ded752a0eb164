# SPDX-License-Identifier: GPL-2.0-or-later
"""What QGIS' dialog logs of a run: tables, pages, the end of one that was cancelled."""

from __future__ import annotations

import pytest
from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis.PyQt.QtCore import QCoreApplication, QTranslator
from qgis.PyQt.QtWidgets import QTextEdit
from qgis_helpers import create, log_of, message_in, until

from ksdiff_qgis import paths
from ksdiff_qgis.runtime.environments import State, Status

PAGE = "HTML output has been generated"


@pytest.fixture
def ready(open_dialog, layers):
    """A dialog filled in, by the name of its algorithm."""

    def opened(name, **values):
        return open_dialog(name, {"PAN": layers[0].id(), "MS": layers[1].id(), **values})

    return opened


def after(dialog):
    """The log after a run."""
    dialog.runButton().click()
    until(lambda: "finished" in log_of(dialog) and dialog.runButton().isEnabled(), 60)
    return log_of(dialog)


def test_a_comparison_is_a_table_a_page_and_no_json(ready, use_worker):
    use_worker()
    log = after(ready("ksdiff"))
    assert "gsa  1.5" in log, "of the worker's table, with both spaces"
    assert '"method"' not in log and "SCENE_TEST_TABLE" not in log
    assert "BT-H" in log
    assert PAGE in log


@pytest.mark.parametrize(("name", "outcome"), [("ksdiff", "BT-H"), ("quality", "HQNR 0.95")])
def test_the_log_ends_in_the_outcome_below_the_outputs_of_qgis(
    ready, use_worker, fused, name, outcome
):
    use_worker()
    log = after(ready(name, **({"FUSED": fused} if name == "quality" else {})))
    assert outcome in log.rstrip().splitlines()[-1]
    assert "Results:" in log and "(JSON)" not in log and "[{" not in log


@pytest.mark.parametrize(
    ("name", "told"), [("bench", True), ("train", True), ("runtime", False), ("models", False)]
)
def test_dialogs_without_a_pair_end_in_words_too_and_tell_a_missing_runtime(
    plugin, home, tmp_path, monkeypatch, name, told
):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    dialog = create(name).createCustomParametersWidget(None)
    dialog.show()
    QCoreApplication.processEvents()
    assert (message_in(dialog) is not None) == told
    if name == "runtime":
        assert Status(State.MISSING).summary in after(dialog).rstrip().splitlines()[-1]
    dialog.close()


def test_without_a_comparison_nobody_says_that_there_is_a_page(ready, use_worker):
    use_worker()
    assert PAGE not in after(ready("classical", METHOD="gsa"))


def test_a_run_that_was_cancelled_does_not_end_in_red(ready, use_worker):
    use_worker("slow")
    dialog = ready("ksdiff")
    dialog.runButton().click()
    until(lambda: "KSDiff ?" in log_of(dialog), 30)  # the worker has greeted
    dialog.cancelButton().click()
    until(lambda: dialog.algorithm().cancel_message() in log_of(dialog), 30)
    until(lambda: dialog.runButton().isEnabled(), 60)
    html = dialog.findChild(QTextEdit, "txtLog").toHtml()
    assert "failed after" not in log_of(dialog)
    assert "color:#ff0000" not in html.replace(" ", "").lower()


class OfQgis(QTranslator):
    """Translates the texts of QGIS' dialog alone."""

    def translate(self, context, text, disambiguation=None, n=-1):
        return f"<{text}>" if context == AlgorithmDialog.__name__ else ""


def test_texts_of_qgis_stay_translated(ready):
    dialog, german = ready("ksdiff"), OfQgis()
    QCoreApplication.installTranslator(german)
    try:
        assert dialog.tr("Input parameters:") == "<Input parameters:>"
    finally:
        QCoreApplication.removeTranslator(german)
