# SPDX-License-Identifier: GPL-2.0-or-later
"""The model that comes with the plugin: found, opened as the designer opens it, and run."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import processing
import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QPushButton
from qgis_helpers import bare_environment, qgis_process, rough_pair

from ksdiff_qgis import paths
from ksdiff_qgis.algorithms import workflow
from ksdiff_qgis.gui import announce

NAME = "ksdiff:alignsharpenassess"
FILE = paths.WORKFLOWS / "alignsharpenassess.model3"
SHARPENED, REPORT, ALIGNMENT = "sharpen:OUTPUT", "assess:REPORT", "align:ALIGN_REPORT"
SHIFT = (2.0, -3.0)  # m down and right: 4 rows and -6 columns of PAN


@pytest.fixture(scope="module")
def displaced(tmp_path_factory):
    return rough_pair(tmp_path_factory.mktemp("displaced"), *SHIFT)


@pytest.fixture
def opened(plugin):
    """The file, as the model designer opens it."""
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(FILE))
    return model


def test_the_designer_opens_it(opened):
    assert opened.validate() == (True, [])
    children = opened.childAlgorithms()
    ids = {name: child.algorithmId() for name, child in children.items()}
    assert ids == {"align": "ksdiff:align", "sharpen": "ksdiff:ksdiff", "assess": "ksdiff:quality"}
    places = [child.position() for child in children.values()]
    assert len({(place.x(), place.y()) for place in places}) == 3


def test_its_steps_know_all_that_it_gives_them(opened):
    """A parameter that was renamed would be passed on and never read."""
    for child in opened.childAlgorithms().values():
        known = {d.name() for d in child.algorithm().parameterDefinitions()}
        assert set(child.parameterSources()) <= known
        told = {output.childOutputName() for output in child.modelOutputs().values()}
        assert told <= {d.name() for d in child.algorithm().outputDefinitions()}


def test_sharpening_and_assessing_are_given_the_aligned_image(opened):
    for name in ("sharpen", "assess"):
        (source,) = opened.childAlgorithms()[name].parameterSources()["MS"]
        assert (source.outputChildId(), source.outputName()) == ("align", "OUTPUT")


def test_toolbox_has_it_and_keeps_it(plugin):
    registry = QgsApplication.processingRegistry()
    for _ in range(2):
        shown = registry.algorithmById(NAME)
        assert (shown.displayName(), shown.group()) == (
            "Align, sharpen and assess",
            "Pansharpening",
        )
        assert not shown.icon().isNull()
        names = {d.name() for d in shown.outputDefinitions()}
        assert names == {SHARPENED, REPORT, ALIGNMENT}
        assert {d.name() for d in shown.parameterDefinitions()} == {*names, "PAN", "MS", "ADAPT"}
        registry.providerById("ksdiff").refreshAlgorithms()
    assert str(FILE) in shown.shortHelpString()
    assert len(shown.shortHelpString().split()) > 100


def test_every_parameter_is_explained(plugin, opened):
    shown = QgsApplication.processingRegistry().algorithmById(NAME)
    for model in (shown, opened):
        for definition in model.parameterDefinitions():
            assert len(definition.help()) > 20, definition.name()
    assert "georeference" in shown.parameterDefinition("MS").help()


def test_all_that_it_shows_is_translated(plugin, monkeypatch):
    monkeypatch.setattr(workflow, "tr", lambda text: f"<{text}>")
    model = workflow.AlignSharpenAssess()
    shown = [d.description() for d in (*model.parameterDefinitions(), *model.outputDefinitions())]
    shown += [model.parameterDefinition(name).help() for name in ("PAN", "MS", "ADAPT")]
    shown += [step.description() for step in model.childAlgorithms().values()]
    assert [text for text in shown if text[0] + text[-1] != "<>" or text.count("<") > 1] == []
    assert len(shown) == 6 + 3 + 3 + 3


def test_outputs_that_nobody_asked_for_are_not_loaded(plugin, use_worker, displaced, tmp_path):
    told = tmp_path / "request.json"
    use_worker("every_task", KSDIFF_TEST_REQUEST=str(told))
    output = str(tmp_path / "result.tif")
    result = processing.run(NAME, {**displaced, SHARPENED: output, REPORT: ""})
    assert result[SHARPENED] == output
    assert result["CHILD_RESULTS"]["align"]["SHIFT_ROWS"] == 3.0
    last = json.loads(told.read_text())
    assert (last["task"], last["fused"]) == ("quality", output)
    assert last["ms"] == result["CHILD_RESULTS"]["align"]["OUTPUT"] != displaced["MS"]


@pytest.fixture
def sharpened(plugin, use_worker, layers):
    """The run on layers of the project of which MS lies on top; returns all that it wrote."""
    use_worker("every_task")
    pan, ms = layers
    root = QgsProject.instance().layerTreeRoot()
    node = root.findLayer(ms.id())
    root.insertChildNode(0, node.clone())
    root.removeChildNode(node)
    wishes = dict.fromkeys((SHARPENED, REPORT, ALIGNMENT), "TEMPORARY_OUTPUT")
    result = processing.runAndLoadResults(NAME, {"PAN": pan, "MS": ms, **wishes})
    QCoreApplication.processEvents()
    return result


def test_its_result_is_that_of_the_ms_it_was_given(sharpened, layers):
    group, *below = QgsProject.instance().layerTreeRoot().children()
    assert group.name() == "scene_ms: results"
    assert [node.name() for node in group.children()] == ["scene_ms (BT-H)"]
    assert [node.name() for node in below] == ["scene_ms", "scene_pan"]


def test_its_steps_tell_together(sharpened, iface, monkeypatch):
    opened = []
    monkeypatch.setattr(
        announce.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile())
    )
    item = iface.messageBar().currentItem()
    assert item.title() == "KSDiff"
    assert item.text() == "Assessed: HQNR 0.95. Sharpened by BT-H."
    buttons = {button.text(): button for button in item.findChildren(QPushButton)}
    assert list(buttons) == ["Report of the alignment", "Quality report", "Before and after"]
    for name in list(buttons)[:2]:
        buttons[name].click()
    assert opened == [str(Path(sharpened[name]).resolve()) for name in (ALIGNMENT, REPORT)]
    buttons["Before and after"].click()
    name = "scene_ms (BT-H): before"
    themes = QgsProject.instance().mapThemeCollection()
    assert themes.mapThemeVisibleLayers(name)[0].name() == "scene_ms"


def test_a_run_after_it_tells_for_itself(sharpened, iface, files, tmp_path):
    processing.run("ksdiff:align", {**files, "REPORT": str(tmp_path / "report.html")})
    assert iface.messageBar().currentItem().text() == "The MS lies apart."


def test_a_failing_step_ends_it(plugin, use_worker, displaced, tmp_path):
    use_worker("failing")
    feedback = QgsProcessingFeedback()
    with pytest.raises(QgsProcessingException, match="Align MS to PAN") as caught:
        processing.run(
            NAME, {**displaced, SHARPENED: str(tmp_path / "result.tif")}, feedback=feedback
        )
    # Newer versions of QGIS tell it with the error, older ones in the log.
    assert "Take others." in feedback.textLog() + str(caught.value)
    assert list(tmp_path.glob("*.tif")) == []


def looked_at(output, report, alignment):
    layer = QgsRasterLayer(str(output))
    assert (layer.width(), layer.height(), layer.bandCount()) == (512, 512, 2)
    assert "rows further down" in alignment.read_text(encoding="utf-8")
    page = report.read_text(encoding="utf-8")
    assert "Quality of result.tif" in page
    assert "displaced" not in page.split("</table>")[0]  # the box of what is wrong


@pytest.fixture
def targets(tmp_path):
    return {
        SHARPENED: tmp_path / "result.tif",
        REPORT: tmp_path / "report.html",
        ALIGNMENT: tmp_path / "alignment.html",
    }


def test_it_runs(plugin, real_python, real_model, displaced, targets):
    asked = {**displaced, "ADAPT": 0, **{name: str(path) for name, path in targets.items()}}
    result = processing.run(NAME, asked, context=QgsProcessingContext())
    looked_at(*targets.values())
    found = result["CHILD_RESULTS"]["align"]
    assert found["SHIFT_ROWS"] == pytest.approx(4.0, abs=0.05)
    assert found["SHIFT_COLUMNS"] == pytest.approx(-6.0, abs=0.05)
    assert result["CHILD_RESULTS"]["sharpen"]["METHOD_USED"]
    assert abs(result["CHILD_RESULTS"]["assess"]["SHIFT_ROWS"]) < 0.5


def test_it_runs_in_qgis_process(
    real_python, real_model, plugins_folder, displaced, targets, tmp_path
):
    if qgis_process() is None:
        pytest.skip("qgis_process is not installed")
    home = tmp_path / "home"
    home.mkdir()
    variables = bare_environment(home, plugins_folder)
    variables |= {"KSDIFF_PYTHON": os.environ.get("KSDIFF_PYTHON", real_python)}

    def call(*arguments):
        return subprocess.run(
            [qgis_process(), *arguments],
            env=variables, capture_output=True, text=True, timeout=900, check=False,
        )  # fmt: skip

    assert call("plugins", "enable", "ksdiff_qgis").returncode == 0
    shown = call("help", NAME)
    assert shown.returncode == 0
    assert SHARPENED in shown.stdout and "Align, sharpen and assess" in shown.stdout
    asked = [f"--{name}={text}" for name, text in {**displaced, "ADAPT": 0, **targets}.items()]
    done = call("run", NAME, *asked)
    assert done.returncode == 0, done.stdout + done.stderr
    looked_at(*targets.values())
