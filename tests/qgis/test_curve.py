# SPDX-License-Identifier: GPL-2.0-or-later
"""The window with the curve of a training: what is drawn, in which colours, from which thread."""

from __future__ import annotations

import gc
import threading

import pytest
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QStackedWidget, QTabWidget
from qgis_helpers import until

from ksdiff_qgis.gui import curve

AREA = QRectF(0, 0, 100, 100)
EVENT = {"stage": 1, "step": 1, "steps": 2, "loss": 0.5}


@pytest.fixture(autouse=True)
def no_windows_left(plugin):
    yield
    curve.remove_all()
    QTest.qWait(1)


@pytest.fixture
def window():
    made = curve.CurvePanel()
    made.begin()
    made.show()
    yield made
    made.close()


def feed(window, losses, stage=1, steps=10, **others):
    for step, loss in enumerate(losses, start=1):
        window.add({"stage": stage, "step": step, "steps": steps, "loss": loss, **others})


def drawn(window):
    """Number of losses drawn of stage 1, of a panel or a window with one."""
    return len(getattr(window, "panel", window).view.lines(AREA)[1][0])


def test_scale_of_the_losses_is_logarithmic(window):
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
    steps = [
        sum(abs(line[n].y() - line[n + 1].y()) for n in range(30, 59))
        for line in window.view.lines(AREA)[1]
    ]
    assert steps[1] < 0.3 * steps[0]


def test_continued_run_replaces_later_losses(window):
    feed(window, [1.0, 0.9, 0.8, 0.7])
    window.add({"stage": 1, "step": 3, "steps": 10, "loss": 0.5})
    assert drawn(window) == 3


def test_status_has_the_numbers(window):
    feed(window, [0.25], stage=2, validation={"ksdiff": 1.25, "bdsd-pc": 2.5})
    for number in ("2", "1", "10", "0.2500"):
        assert number in window.state.text()
    assert "ksdiff 1.25, bdsd-pc 2.5" in window.error.text()
    assert window.view.accessibleName() and window.view.accessibleDescription()
    window.end("The model is ready.")
    assert window.state.text() == "The model is ready."


@pytest.mark.parametrize(
    ("event", "drawn_losses"),
    [
        ({}, 0),
        ({**EVENT, "stage": 3}, 0),
        ({**EVENT, "step": None}, 0),
        ({**EVENT, "loss": float("nan")}, 0),
        ({**EVENT, "loss": "low"}, 0),
        ({**EVENT, "loss": 0.0}, 1),
        ({**EVENT, "loss": -1.0}, 1),
        ({**EVENT, "loss": 1e30}, 1),
    ],
)
def test_invalid_measurement_is_ignored_and_an_extreme_one_drawn(window, event, drawn_losses):
    window.add(event)
    assert drawn(window) == drawn_losses
    assert not window.view.grab().isNull()


@pytest.mark.parametrize("ground", ["#ffffff", "#1e1e1e"])
def test_colours_are_those_of_the_palette(window, ground):
    palette = QPalette()
    for role, colour in (("Base", ground), ("Highlight", "#ff0000"), ("Link", "#00ff00")):
        palette.setColor(getattr(QPalette.ColorRole, role), QColor(colour))
    window.view.setPalette(palette)
    feed(window, [1.0, 0.5, 0.25] * 3)
    feed(window, [0.25, 0.2, 0.1] * 3, stage=2)
    image = window.view.grab().toImage()
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    assert image.pixelColor(1, 1).name() == ground
    found = {image.pixelColor(*point).name() for point in points}
    assert {"#ff0000", "#00ff00"} <= found


@pytest.mark.parametrize(("ground", "text"), [("#2b2b2b", "#ffffff"), ("#f4f4f4", "#000000")])
def test_text_is_readable_if_a_theme_does_not_set_the_palette(window, ground, text):
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(ground))
    palette.setColor(QPalette.ColorRole.Text, QColor(ground).lighter(110))
    window.view.setPalette(palette)
    assert window.view.text_colour() == QColor(text)


def test_window_is_fed_from_another_thread_through_the_event_loop(iface):
    feed = curve.open_curve("mine", iface.mainWindow())
    (window,) = curve.windows()
    assert "mine" in window.windowTitle()
    thread = threading.Thread(target=lambda: feed.measure(EVENT))
    thread.start()
    thread.join()
    assert drawn(window) == 0  # not in that thread
    until(lambda: drawn(window) == 1)


def test_window_of_an_ended_training_is_reused(iface):
    feed = curve.open_curve("first", iface.mainWindow())
    (window,) = curve.windows()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    feed.end("It is ready.")
    until(lambda: not window.panel.running)
    curve.open_curve("second", iface.mainWindow())
    assert curve.windows() == [window]
    assert window.isVisible() and "second" in window.windowTitle()


def test_each_running_training_has_its_own_window(iface):
    feeds = [curve.open_curve(name, iface.mainWindow()) for name in ("first", "second")]
    feeds[1].measure(EVENT)
    first, second = curve.windows()
    until(lambda: drawn(second) == 1)
    assert drawn(first) == 0


def test_window_is_closed_with_the_plugin(plugin, iface):
    feed = curve.open_curve("first", iface.mainWindow())
    (window,) = curve.windows()
    plugin.unload()
    assert not window.isVisible()
    feed.measure(EVENT)  # a training that is still running
    feed.end("It is ready.")
    assert curve.windows() == []


def test_window_lives_without_a_python_reference_to_its_parent():
    """Each call of `iface.mainWindow()` returns a new Python object, which is dropped at once."""
    tabs = QTabWidget()  # has a widget that only C++ holds
    feed = curve.open_curve("mine", tabs.findChild(QStackedWidget))
    gc.collect()
    (window,) = curve.windows()
    feed.measure(EVENT)
    until(lambda: drawn(window) == 1)


def test_window_deleted_with_its_parent_is_forgotten():
    tabs = QTabWidget()
    curve.open_curve("mine", tabs)
    sip.delete(tabs)
    assert curve.windows() == []
    curve.open_curve("again", None)
    assert len(curve.windows()) == 1
