# SPDX-License-Identifier: GPL-2.0-or-later
"""The curve of a training: what is drawn, in whatever colours, and whose thread it is fed from."""

from __future__ import annotations

import gc
import threading

import pytest
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QStackedWidget, QTabWidget

AREA = QRectF(0, 0, 100, 100)


@pytest.fixture
def curve(plugin):
    from ksdiff_qgis.gui import curve

    yield curve
    curve.remove_all()
    QTest.qWait(1)


@pytest.fixture
def window(curve):
    made = curve.CurveWindow()
    made.begin("mine")
    made.show()
    yield made
    made.close()


def feed(window, losses, stage=1, steps=10, **others):
    for step, loss in enumerate(losses, start=1):
        window.add({"stage": stage, "step": step, "steps": steps, "loss": loss, **others})


def test_losses_are_drawn_on_a_logarithmic_scale(window):
    feed(window, [1.0, 0.1, 0.01])
    raw, _ = window.view.lines(AREA)[1]
    y = [raw[n].y() for n in range(3)]
    assert y[0] < y[1] < y[2]  # down, as the loss
    assert y[1] - y[0] == pytest.approx(y[2] - y[1])
    assert [raw[n].x() for n in range(3)] == [10, 20, 30]


def test_second_stage_follows_the_first(window):
    feed(window, [1.0] * 10)
    feed(window, [0.5] * 10, stage=2, steps=30)
    lines = window.view.lines(AREA)
    assert [lines[1][0][9].x(), lines[2][0][0].x()] == [25.0, 27.5]


def test_running_mean_is_smoother(window):
    feed(window, [1.0, 0.5] * 30, steps=60)
    raw, smooth = window.view.lines(AREA)[1]

    def rough(line):
        return sum(abs(line[n].y() - line[n + 1].y()) for n in range(30, 59))

    assert rough(smooth) < 0.3 * rough(raw)


def test_a_run_that_goes_on_takes_back_what_was_later(window):
    feed(window, [1.0, 0.9, 0.8, 0.7])
    window.add({"stage": 1, "step": 3, "steps": 10, "loss": 0.5})
    assert len(window.view.lines(AREA)[1][0]) == 3


def test_state_is_told_in_words(window):
    feed(window, [0.25], stage=2, validation={"ksdiff": 1.25, "bdsd-pc": 2.5})
    assert window.state.text() == "Stage 2 of 2, step 1 of 10, loss 0.2500"
    assert "ksdiff 1.25, bdsd-pc 2.5" in window.error.text()
    assert window.view.accessibleName() and window.view.accessibleDescription()
    assert "mine" in window.windowTitle()
    window.end("The model is ready.")
    assert window.state.text() == "The model is ready."


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"stage": 3, "step": 1, "steps": 2, "loss": 1},
        {"stage": 1, "step": None, "steps": 2, "loss": 1},
        {"stage": 1, "step": 1, "steps": 2, "loss": float("nan")},
        {"stage": 1, "step": 1, "steps": 2, "loss": "low"},
    ],
)
def test_what_is_no_measurement_is_passed_over(window, event):
    window.add(event)
    assert len(window.view.lines(AREA)[1][0]) == 0
    window.view.grab()


@pytest.mark.parametrize("loss", [0.0, -1.0, 1e30])
def test_strange_losses_break_nothing(window, loss):
    feed(window, [loss, 0.1])
    assert not window.view.grab().isNull()


@pytest.mark.parametrize(("ground", "ink"), [("#ffffff", "#000000"), ("#1e1e1e", "#eeeeee")])
def test_colours_are_the_palettes(window, ground, ink):
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(ground))
    palette.setColor(QPalette.ColorRole.Text, QColor(ink))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#ff0000"))
    palette.setColor(QPalette.ColorRole.Link, QColor("#00ff00"))
    window.setPalette(palette)
    window.view.setPalette(palette)
    feed(window, [1.0, 0.5, 0.25] * 3)
    feed(window, [0.25, 0.2, 0.1] * 3, stage=2)
    picture = window.view.grab().toImage()
    points = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
    found = {picture.pixelColor(*point).name() for point in points}
    assert picture.pixelColor(1, 1).name() == ground
    assert {ground, "#ff0000", "#00ff00"} <= found


@pytest.mark.parametrize(("ground", "ink"), [("#2b2b2b", "#ffffff"), ("#f4f4f4", "#000000")])
def test_numbers_can_be_read_where_a_theme_left_the_palette_alone(window, ground, ink):
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(ground))
    palette.setColor(QPalette.ColorRole.Text, QColor(ground).lighter(110))
    window.view.setPalette(palette)
    assert window.view._ink() == QColor(ink)


def test_one_window_is_fed_from_any_thread_and_goes_with_the_plugin(curve, plugin, iface):
    curve.open_curve("first", iface.mainWindow()).ended.emit("It is ready.")
    QTest.qWait(20)
    again = curve.open_curve("second", iface.mainWindow())
    (window,) = curve._windows()
    assert "second" in window.windowTitle()
    point = {"stage": 1, "step": 1, "steps": 2, "loss": 0.5}
    other = threading.Thread(target=lambda: again.measured.emit(point))
    other.start()
    other.join()
    assert window.state.text().startswith("The training is being started")  # not from there
    QTest.qWait(20)
    assert window.state.text().startswith("Stage 1 of 2, step 1")
    curve.remove_all()
    QTest.qWait(20)
    assert curve._windows() == []


def test_window_closes_by_escape_and_is_shown_again(curve, iface):
    curve.open_curve("first", iface.mainWindow())
    (window,) = curve._windows()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    window.end("It is ready.")
    curve.open_curve("second", iface.mainWindow())
    assert window.isVisible()


def test_each_training_that_runs_has_a_window(curve, iface):
    told = [curve.open_curve(name, iface.mainWindow()) for name in ("first", "second")]
    for number, each in enumerate(told):
        each.measured.emit({"stage": 1, "step": number + 1, "steps": 2, "loss": 0.5})
    QTest.qWait(20)
    found = {window.windowTitle()[-6:].strip(): window.state.text() for window in curve._windows()}
    assert {title: text[:20] for title, text in found.items()} == {
        "first": "Stage 1 of 2, step 1", "second": "Stage 1 of 2, step 2",
    }  # fmt: skip


def test_plugin_takes_the_window_along(curve, plugin, iface):
    curve.open_curve("first", iface.mainWindow())
    plugin.unload()
    QTest.qWait(20)
    assert not [w for w in QApplication.topLevelWidgets() if type(w).__name__ == "CurveWindow"]


def test_window_lives_on_when_nobody_holds_its_parent(curve):
    """Each call of `iface.mainWindow()` makes an object of Python that is dropped at once."""
    tabs = QTabWidget()  # has a widget that only C++ holds
    told = curve.open_curve("mine", tabs.findChild(QStackedWidget))
    gc.collect()
    (window,) = curve._windows()
    told.measured.emit({"stage": 1, "step": 1, "steps": 2, "loss": 0.5})
    QTest.qWait(20)
    assert window.state.text().startswith("Stage 1 of 2, step 1")
    curve.remove_all()
    QTest.qWait(20)
    left = [w for w in QApplication.topLevelWidgets() if "training of mine" in w.windowTitle()]
    assert left == []


def test_window_that_went_with_its_parent_is_forgotten(curve):
    tabs = QTabWidget()
    curve.open_curve("mine", tabs)
    sip.delete(tabs)
    assert curve._windows() == []
    curve.open_curve("again", None)
    assert len(curve._windows()) == 1
