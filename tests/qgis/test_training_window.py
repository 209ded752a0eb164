# SPDX-License-Identifier: GPL-2.0-or-later
"""The window that trains: from the pairs of the project to the word whether anything was gained."""

from __future__ import annotations

import json

import pytest
from qgis.core import Qgis
from qgis.PyQt.QtCore import QRectF, Qt
from qgis_helpers import message_in, until, write_model

from ksdiff_qgis import models
from ksdiff_qgis.gui import curve, training
from ksdiff_qgis.gui.training import GROUND, IMAGES, RESULT, RUNNING, TrainingDialog
from ksdiff_qgis.gui.trainingresult import TrainingResult

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def window(plugin, layers, use_worker, tmp_path):
    """The window, with a pair in the project and the stand-in worker."""
    made = write_model(tmp_path / "made" / "mine" / "mine.safetensors")
    use_worker(KSDIFF_TEST_MODEL=str(made.parent), KSDIFF_TEST_STEP_S="0")
    plugin.main_menu.train()
    shown = plugin.main_menu.windows[TrainingDialog]
    shown.name.setText("mine")
    return shown


def go_on(window, page):
    window.next.click()
    until(lambda: window.job is None, 60)
    assert window.pages.currentIndex() == page, [i.text() for i in window.messageBar().items()]


ROW = {"ERGAS": 1.0, "SAM": 2.0, "Q2n": 0.9}
# By SAM the weights before are better.
SCORES = {
    "scene-fit": ROW,
    "ksdiff before": {**ROW, "SAM": 1.5},
    "ksdiff": {"ERGAS": 0.9, "SAM": 1.6, "Q2n": 0.95},
}


def verdict(gained, scores=SCORES):
    page = TrainingResult()
    page.tell(scores, gained)
    return page.verdict.text()


def test_verdict_says_whether_it_gained_and_by_which_index_it_did_not(qgis_app):
    assert len({verdict(True), verdict(False), verdict(False, {})}) == 3
    for gained in (True, False):
        assert "SAM" in verdict(gained) and "Q2n" not in verdict(gained)


@pytest.mark.parametrize("gained", [True, False])
def test_path_from_images_to_use(window, request_file, monkeypatch, gained):
    told = {"in_use": SCORES, "gained": gained, "in_use_sentence": "In use, its ERGAS is 0.9."}
    monkeypatch.setenv("KSDIFF_TEST_IN_USE", json.dumps(told))
    (item,) = window.items()
    assert (item.text(), item.checkState()) == ("scene_pan + scene_ms", Qt.CheckState.Checked)
    go_on(window, GROUND)
    assert "75%" in window.facts.text() and "x_ms.tif" in window.facts.text()
    window.minutes.setCurrentIndex(0)
    window.next.click()
    assert window.pages.currentIndex() == RUNNING and window.stop.isVisible()
    until(lambda: window.job is None, 60)
    assert window.pages.currentIndex() == RESULT
    asked = json.loads(request_file.read_text())
    assert (asked["task"], asked["minutes"], asked["name"]) == ("train", 5, "mine")
    assert curve.windows() == []  # shown in this one
    until(lambda: "mine" in window.curve.state.text(), 60)
    assert window.outcome.verdict.text() == verdict(gained)
    assert window.outcome.scores.rowCount() == 3
    assert window.outcome.scores.item(2, 0).text() == "0.9000"
    used = []
    window.use = lambda algorithm, given: used.append((algorithm, given))
    window.next.click()
    assert used == [("ksdiff:ksdiff", {"MODEL": "mine", "METHOD": "ksdiff"})]
    monkeypatch.setattr(
        training.QMessageBox, "question", lambda *_: training.QMessageBox.StandardButton.Yes
    )
    window.delete.click()
    assert models.find("mine") is None and window.pages.currentIndex() == IMAGES


def test_nothing_to_train_on_is_said_at_once(window):
    (item,) = window.items()
    item.setCheckState(Qt.CheckState.Unchecked)
    window.next.click()
    assert window.job is None and window.pages.currentIndex() == IMAGES
    assert message_in(window).level() == Qgis.MessageLevel.Warning
    item.setCheckState(Qt.CheckState.Checked)
    window.name.setText("ksdiff-scene")
    window.next.click()
    assert "ksdiff-scene" in message_in(window).text()


def test_stopped_training_goes_back_to_where_it_can_be_continued(window, monkeypatch):
    go_on(window, GROUND)
    monkeypatch.setenv("KSDIFF_TEST_STEP_S", "0.1")
    window.next.click()
    until(lambda: window.curve.view.lines(QRectF(0, 0, 1, 1)), 60)  # steps are drawn
    window.stop.click()
    until(lambda: window.job is None, 90)
    assert window.pages.currentIndex() == GROUND
    assert message_in(window).level() == Qgis.MessageLevel.Info
