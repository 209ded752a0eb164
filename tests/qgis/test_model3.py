# SPDX-License-Identifier: GPL-2.0-or-later
"""The model that comes with the plugin: opened as in the model designer, and run."""

from __future__ import annotations

import json
from pathlib import Path

import processing
import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QPushButton
from qgis_helpers import create, provider, raster_size, run

from ksdiff_qgis import paths
from ksdiff_qgis.algorithms import workflow

NAME = "alignsharpenassess"
FILE = paths.WORKFLOWS / "alignsharpenassess.model3"
SHARPENED, REPORT, ALIGNMENT = "sharpen:OUTPUT", "assess:REPORT", "align:ALIGN_REPORT"


@pytest.fixture
def opened(plugin):
    """The file, as the model designer opens it."""
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(FILE))
    return model


def test_model_designer_opens_it(opened):
    assert opened.validate() == (True, [])
    children = opened.childAlgorithms()
    ids = {name: child.algorithmId() for name, child in children.items()}
    assert ids == {"align": "ksdiff:align", "sharpen": "ksdiff:ksdiff", "assess": "ksdiff:quality"}
    for name in ("sharpen", "assess"):  # the aligned image
        (source,) = children[name].parameterSources()["MS"]
        assert (source.outputChildId(), source.outputName()) == ("align", "OUTPUT")
    places = [child.position() for child in children.values()]
    assert len({(place.x(), place.y()) for place in places}) == 3


def test_steps_have_the_parameters_that_it_sets(opened):
    """A renamed parameter would be set and never read."""
    for child in opened.childAlgorithms().values():
        known = {d.name() for d in child.algorithm().parameterDefinitions()}
        assert set(child.parameterSources()) <= known
        outputs = {output.childOutputName() for output in child.modelOutputs().values()}
        assert outputs <= {d.name() for d in child.algorithm().outputDefinitions()}


def test_toolbox_keeps_it_after_a_refresh(plugin):
    registry = QgsApplication.processingRegistry()
    for _ in range(2):
        shown = registry.algorithmById("ksdiff:" + NAME)
        assert not shown.icon().isNull()
        outputs = {d.name() for d in shown.outputDefinitions()}
        assert outputs == {SHARPENED, REPORT, ALIGNMENT}
        assert {d.name() for d in shown.parameterDefinitions()} == {*outputs, "PAN", "MS", "ADAPT"}
        provider().refreshAlgorithms()
    assert str(FILE) in shown.shortHelpString()


def test_parameters_are_explained(plugin, opened):
    for model in (create(NAME), opened):
        for definition in model.parameterDefinitions():
            assert definition.help(), definition.name()


def test_pan_comes_before_ms(plugin, opened):
    for model in (create(NAME), opened):
        shown = [d.name() for d in model.parameterDefinitions() if not d.isDestination()]
        assert shown == ["PAN", "MS", "ADAPT"]


def test_all_labels_are_translated(plugin, monkeypatch):
    monkeypatch.setattr(workflow, "tr", lambda text: f"<{text}>")
    model = workflow.AlignSharpenAssess()
    shown = [d.description() for d in (*model.parameterDefinitions(), *model.outputDefinitions())]
    shown += [model.parameterDefinition(name).help() for name in ("PAN", "MS", "ADAPT")]
    shown += [step.description() for step in model.childAlgorithms().values()]
    assert [text for text in shown if text[0] + text[-1] != "<>" or text.count("<") > 1] == []


def test_steps_use_the_outputs_before(plugin, request_file, shifted, tmp_path):
    output = str(tmp_path / "result.tif")
    result, _ = run(NAME, {**shifted, SHARPENED: output, REPORT: ""})
    assert result[SHARPENED] == output
    assert result["CHILD_RESULTS"]["align"]["SHIFT_ROWS"] == 3.0
    last = json.loads(request_file.read_text())
    assert (last["task"], last["fused"]) == ("quality", output)
    assert last["ms"] == result["CHILD_RESULTS"]["align"]["OUTPUT"] != shifted["MS"]


@pytest.fixture
def sharpened(use_worker, layers):
    """Run on layers of the project with MS on top; returns the outputs."""
    use_worker()
    pan, ms = layers
    root = QgsProject.instance().layerTreeRoot()
    node = root.findLayer(ms.id())
    root.insertChildNode(0, node.clone())
    root.removeChildNode(node)
    outputs = dict.fromkeys((SHARPENED, REPORT, ALIGNMENT), "TEMPORARY_OUTPUT")
    result = processing.runAndLoadResults(f"ksdiff:{NAME}", {"PAN": pan, "MS": ms, **outputs})
    QCoreApplication.processEvents()
    return result


def test_result_belongs_to_the_original_ms(sharpened, layers):
    group, *below = QgsProject.instance().layerTreeRoot().children()
    assert group.name() == "scene_ms: results"
    assert [node.name() for node in group.children()] == ["scene_ms (BT-H)"]
    assert [node.name() for node in below] == ["scene_ms", "scene_pan"]


def test_message_summarises_the_steps(sharpened, iface, opened_files):
    item = iface.messageBar().currentItem()
    assert "HQNR 0.95" in item.text() and "BT-H" in item.text()
    *reports, compare = item.findChildren(QPushButton)
    for button in reports:
        button.click()
    names = [Path(sharpened[name]).resolve().as_uri() for name in (ALIGNMENT, REPORT)]
    aligned, compared, assessed = opened_files
    assert [aligned, assessed] == names
    assert compared.endswith("comparison.html"), "of the methods on this scene"
    compare.click()
    themes = QgsProject.instance().mapThemeCollection()
    (theme,) = themes.mapThemes()
    assert [layer.name() for layer in themes.mapThemeVisibleLayers(theme)] == ["scene_ms"]


def test_later_run_has_its_own_message(sharpened, iface, files, tmp_path):
    run("align", {**files, "REPORT": str(tmp_path / "report.html")})
    assert iface.messageBar().currentItem().text() == "The MS lies apart."


def test_failing_step_ends_the_model(plugin, use_worker, shifted, tmp_path):
    use_worker("failing")
    feedback, target = QgsProcessingFeedback(), str(tmp_path / "result.tif")
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(f"ksdiff:{NAME}", {**shifted, SHARPENED: target}, feedback=feedback)
    # Newer versions of QGIS raise the worker's error, older ones log it.
    assert "Take others." in feedback.textLog() + str(caught.value)
    assert list(tmp_path.glob("*.tif")) == []


# --- the real worker ---


def test_model_runs(plugin, real_python, shifted, tmp_path):
    names = {SHARPENED: "result.tif", REPORT: "report.html", ALIGNMENT: "alignment.html"}
    targets = {name: str(tmp_path / file) for name, file in names.items()}
    result, _ = run(NAME, {**shifted, "ADAPT": 0, **targets})
    assert raster_size(targets[SHARPENED]) == (512, 512, 2)
    for name in (REPORT, ALIGNMENT):
        assert "<html" in Path(targets[name]).read_text(encoding="utf-8")
    steps = result["CHILD_RESULTS"]
    assert steps["align"]["SHIFT_ROWS"] == pytest.approx(4.0, abs=0.05)
    assert steps["align"]["SHIFT_COLUMNS"] == pytest.approx(-6.0, abs=0.05)
    assert steps["sharpen"]["METHOD_USED"]
    assert abs(steps["assess"]["SHIFT_ROWS"]) < 0.5  # against the aligned MS


def test_the_toolbox_opens_a_copy_of_it_that_can_be_edited(plugin, tmp_path, monkeypatch):
    from processing.gui.ProviderActions import ProviderContextMenuActions
    from processing.modeler.ModelerUtils import ModelerUtils

    from ksdiff_qgis.gui import editmodel

    monkeypatch.setattr(ModelerUtils, "modelsFolders", lambda: [str(tmp_path / "models")])
    (action,) = (
        each for each in ProviderContextMenuActions.actions if isinstance(each, editmodel.EditCopy)
    )
    enabled = []
    for algorithm in provider().algorithms():
        action.setData(algorithm, None)
        enabled += [algorithm.name()] if action.isEnabled() else []
    assert enabled == [NAME]
    copy = editmodel.copy_of_model()
    assert copy.read_bytes() == FILE.read_bytes()
    copy.write_text("edited")
    assert editmodel.copy_of_model().read_text() == "edited", "one's own work is kept"
    plugin.unload()
    assert action not in ProviderContextMenuActions.actions
