# SPDX-License-Identifier: GPL-2.0-or-later
"""The message after a run, its buttons, and the view of before beside after."""

from __future__ import annotations

from pathlib import Path

import processing
import pytest
from qgis.core import QgsProcessingFeedback, QgsProcessingMultiStepFeedback, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QThread
from qgis.PyQt.QtWidgets import QPushButton

import ksdiff_qgis
from ksdiff_qgis.algorithms.told import Told, together
from ksdiff_qgis.algorithms.worker import WorkerAlgorithm
from ksdiff_qgis.gui import announce
from ksdiff_qgis.gui.runtime import RuntimeDialog


@pytest.fixture
def run(use_worker, layers, tmp_path):
    """Run and load the main job; returns the result."""

    def run(algorithm="ksdiff:ksdiff", **more):
        use_worker("every_task")
        pan, ms = layers
        given = {"PAN": pan, "MS": ms, "OUTPUT": str(tmp_path / "result.tif"), **more}
        return processing.runAndLoadResults(algorithm, given)

    return run


def message(iface):
    return iface.messageBar().currentItem()


def buttons(iface):
    return {one.text(): one for one in message(iface).findChildren(QPushButton)}


def test_message_with_a_button_to_the_report(run, iface, monkeypatch):
    opened = []
    monkeypatch.setattr(
        announce.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile())
    )
    result = run(TEST_REPORT="TEMPORARY_OUTPUT")
    assert message(iface).title() == "KSDiff pansharpening"
    assert message(iface).text() == "Sharpened by BT-H."
    buttons(iface)["Open the report"].click()
    assert opened == [str(Path(result["TEST_REPORT"]).resolve())]


def test_no_button_for_a_report_nobody_asked_for(run, iface):
    run()
    assert list(buttons(iface)) == ["Before and after"]


def test_later_messages_take_the_place_of_earlier_ones(run, iface, tmp_path):
    run()
    run(OUTPUT=str(tmp_path / "again.tif"))
    assert len(iface.messageBar().items()) == 1


def test_before_and_after_side_by_side(run, iface, layers):
    result = run()
    QCoreApplication.processEvents()
    main = iface.mapCanvas()
    buttons(iface)["Before and after"].click()
    view = iface.mapCanvases()[-1]
    assert view is not main
    name = "result (BT-H): before"
    themes = QgsProject.instance().mapThemeCollection()
    assert view.theme() == name
    assert themes.mapThemeVisibleLayerIds(name) == [layers[1].id()]
    assert view.mapSettings().destinationCrs() == main.mapSettings().destinationCrs()

    main.zoomByFactor(0.5)
    assert view.center().distance(main.center()) < 1e-6
    assert view.scale() == pytest.approx(main.scale(), rel=1e-3)
    buttons(iface)["Before and after"].click()
    assert len(iface.mapCanvases()) == 2  # the view that is there is taken
    assert Path(result["OUTPUT"]).is_file()


def test_unload_takes_the_message_and_lets_the_view_stand(run, iface, plugin):
    run()
    buttons(iface)["Before and after"].click()
    view, main = iface.mapCanvases()[-1], iface.mapCanvas()
    plugin.unload()
    assert message(iface) is None
    before = view.extent()
    main.zoomByFactor(0.5)
    assert view.extent() == before


def test_quality_tells_its_scores(use_worker, layers, iface, tmp_path):
    use_worker("every_task")
    pan, ms = layers
    processing.run(
        "ksdiff:quality",
        {"PAN": pan, "MS": ms, "FUSED": pan, "REPORT": str(tmp_path / "r.html"), "MS_BANDS": [1]},
    )
    assert "HQNR 0.95" in message(iface).text()
    assert list(buttons(iface)) == ["Open the report"]


def test_from_another_thread_it_comes_in_the_windows_own(plugin, iface):
    """As a model runs its parts: no widget may be made there."""

    class Elsewhere(QThread):
        def run(self):
            WorkerAlgorithm.announce(Told("title", "text", "", "", {"Report": "report.html"}))

    thread = Elsewhere()
    thread.start()
    assert thread.wait(5000)
    assert message(iface) is None
    QCoreApplication.processEvents()
    assert message(iface).text() == "text"
    assert list(buttons(iface)) == ["Open the report"]


def test_no_comparing_with_what_is_no_layer(run, iface, pair):
    QgsProject.instance().removeAllMapLayers()
    run(PAN=str(pair[0]), MS=str(pair[1]))
    assert buttons(iface) == {}


def test_comparing_with_what_has_gone_is_said(run, iface, layers):
    run()
    button = buttons(iface)["Before and after"]
    QgsProject.instance().removeMapLayer(layers[1].id())
    button.click()
    assert "not in the project any more" in message(iface).text()


def test_a_missing_runtime_is_offered_at_once(iface, qgis_processing, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", "/nowhere/python")
    made = ksdiff_qgis.classFactory(iface)
    made.initGui()
    try:
        assert "names a Python that does not exist: /nowhere/python" in message(iface).text()
        buttons(iface)["Open Runtime…"].click()
        (window,) = made._main_menu._dialogs.values()
        assert isinstance(window, RuntimeDialog)
        assert window.isVisible()
        window.changed.emit()  # as after an installation
        assert message(iface) is None
    finally:
        made.unload()
    assert message(iface) is None


def test_nothing_is_said_where_there_is_a_runtime(plugin, iface):
    assert message(iface) is None


def test_steps_of_one_kind_keep_a_button_each():
    """Two methods compared in one model: each has a report of the same name."""
    feedback = QgsProcessingMultiStepFeedback(3, QgsProcessingFeedback())
    for number in (1, 2, 3):
        page = f"{number}.html"
        told = together(Told("title", f"Text {number}.", "", "", {"Report": page}), feedback)
    assert told.reports == {"Report": "1.html", "Report (2)": "2.html", "Report (3)": "3.html"}
    assert told.text == "Text 3. Text 2."
