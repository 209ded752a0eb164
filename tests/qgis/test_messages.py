# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages in QGIS' message bar after a run, their buttons, and the view beside the main map."""

from __future__ import annotations

import threading
from pathlib import Path

import processing
import pytest
from qgis.core import Qgis, QgsProcessingFeedback, QgsProcessingMultiStepFeedback, QgsProject
from qgis.PyQt.QtCore import QCoreApplication
from qgis_helpers import buttons_of, make_environment, message_in, run, until

import ksdiff_qgis
from ksdiff_qgis import paths
from ksdiff_qgis.algorithms.worker_algorithm import (
    RunSummary,
    WorkerAlgorithm,
    merge_model_steps,
)
from ksdiff_qgis.gui.runtime import RuntimeDialog
from ksdiff_qgis.gui.training import TrainingDialog
from ksdiff_qgis.runtime.environments import State, Status


@pytest.fixture
def sharpen(use_worker, layers, tmp_path):
    """Run the main algorithm and load its result; returns the outputs."""
    use_worker()
    pair = dict(zip(("PAN", "MS"), layers, strict=True))

    def run_and_load(**more):
        given = {**pair, "OUTPUT": str(tmp_path / "result.tif"), **more}
        result = processing.runAndLoadResults("ksdiff:ksdiff", given)
        QCoreApplication.processEvents()
        return result

    return run_and_load


def buttons(window):
    return buttons_of(message_in(window))


def test_report_can_be_opened(sharpen, iface, opened_files, tmp_path):
    result = sharpen(TEST_REPORT="TEMPORARY_OUTPUT")
    assert "BT-H" in message_in(iface).text()
    open_report, _ = buttons(iface)
    open_report.click()
    assert opened_files == [Path(result["TEST_REPORT"]).resolve().as_uri()]
    sharpen(OUTPUT=str(tmp_path / "again.tif"))
    assert len(iface.messageBar().items()) == 1  # the later one replaces the earlier


def test_input_and_result_are_shown_side_by_side(sharpen, iface, layers):
    result = sharpen()
    main = iface.mapCanvas()
    _, compare = buttons(iface)  # after that of the report
    compare.click()
    view = iface.mapCanvases()[-1]
    assert view is not main
    assert "result (BT-H)" in view.theme()
    themes = QgsProject.instance().mapThemeCollection()
    assert themes.mapThemeVisibleLayerIds(view.theme()) == [layers[1].id()]
    assert view.mapSettings().destinationCrs() == main.mapSettings().destinationCrs()

    main.zoomByFactor(0.5)
    assert view.center().distance(main.center()) < 1e-6
    assert view.scale() == pytest.approx(main.scale(), rel=1e-3)
    compare.click()
    assert len(iface.mapCanvases()) == 2  # the existing view is used
    assert Path(result["OUTPUT"]).is_file()


def test_unload_removes_the_message_and_keeps_the_view(sharpen, iface, plugin):
    sharpen()
    buttons(iface)[-1].click()
    view, main = iface.mapCanvases()[-1], iface.mapCanvas()
    plugin.unload()
    assert message_in(iface) is None
    before = view.extent()
    main.zoomByFactor(0.5)
    assert view.extent() == before


def test_scores_of_an_assessment_are_shown(plugin, use_worker, files, fused, iface, tmp_path):
    use_worker()
    run("quality", {**files, "FUSED": fused, "REPORT": str(tmp_path / "r.html")})
    assert "HQNR 0.95" in message_in(iface).text()
    assert len(buttons(iface)) == 1


def test_results_of_a_folder_are_a_click_away(plugin, use_worker, iface, tmp_path, opened_files):
    use_worker()
    out = tmp_path / "out"
    out.mkdir()
    given = {"FOLDER": str(tmp_path), "OUTPUT_FOLDER": str(out), "SUMMARY": str(out / "a.csv")}
    run("folder", given)
    (open_folder,) = buttons(iface)
    open_folder.click()
    assert opened_files == [out.as_uri()]


def test_message_from_another_thread_is_queued(plugin, iface):
    """The steps of a model run in another thread, where no widget may be made."""

    thread = threading.Thread(
        target=WorkerAlgorithm.announce,
        args=[RunSummary("text", "", "", {"Report": "r.html"})],
    )
    thread.start()
    thread.join()
    assert message_in(iface) is None
    QCoreApplication.processEvents()
    assert message_in(iface).text() == "text"
    assert len(buttons(iface)) == 1


def test_files_that_are_no_layers_are_not_compared(sharpen, iface, files, opened_files):
    QgsProject.instance().removeAllMapLayers()
    sharpen(**files)
    (open_report,) = buttons(iface)
    open_report.click()
    assert [Path(address).suffix for address in opened_files] == [".html"]


def test_comparing_with_a_removed_layer_gives_a_warning(sharpen, iface, layers):
    sharpen()
    QgsProject.instance().removeMapLayer(layers[1].id())
    buttons(iface)[-1].click()
    assert message_in(iface).level() == Qgis.MessageLevel.Warning
    assert len(iface.mapCanvases()) == 1


def test_dialog_says_before_the_run_that_the_runtime_is_missing(
    plugin, layers, monkeypatch, home, tmp_path
):
    with monkeypatch.context() as bare:
        bare.setattr(paths, "ROOT", tmp_path)  # no environment of a checkout either
        plugin.main_menu.pansharpen()
        dialog = plugin.main_menu.dialog
        until(lambda: message_in(dialog) is not None, 30)
        assert message_in(dialog).text() == Status(State.MISSING).summary
        (open_runtime,) = buttons(dialog)
        open_runtime.click()
        window = plugin.main_menu.windows[RuntimeDialog]
        assert window.isVisible() and window.chosen == "light"
    window.changed.emit()  # as after an installation
    assert message_in(dialog) is None


def test_window_of_training_says_that_light_is_not_enough(plugin, home):
    make_environment(home)
    plugin.main_menu.train()
    (open_runtime,) = buttons(plugin.main_menu.windows[TrainingDialog])
    open_runtime.click()
    assert plugin.main_menu.windows[RuntimeDialog].chosen == "full"


def test_only_a_missing_runtime_is_announced_when_the_plugin_is_loaded(plugin, iface, monkeypatch):
    assert message_in(iface) is None
    plugin.unload()
    monkeypatch.setenv("KSDIFF_PYTHON", "/nowhere/python")
    plugin = ksdiff_qgis.classFactory(iface)
    plugin.initGui()
    try:
        assert "/nowhere/python" in message_in(iface).text()
        (open_runtime,) = buttons(iface)
        open_runtime.click()
        window = plugin.main_menu.windows[RuntimeDialog]
        assert window.isVisible()
        window.changed.emit()  # as after an installation
        assert message_in(iface) is None
    finally:
        plugin.unload()


def test_reports_of_a_models_steps_have_different_labels():
    """Two steps of one algorithm have reports of the same name."""
    feedback = QgsProcessingMultiStepFeedback(3, QgsProcessingFeedback())
    for number in (1, 2, 3):
        step = RunSummary(f"Text {number}.", "", "", {"Report": f"{number}.html"})
        merged = merge_model_steps(step, feedback)
    assert merged.reports == {"Report": "1.html", "Report (2)": "2.html", "Report (3)": "3.html"}
    assert merged.text == "Text 3. Text 2."
