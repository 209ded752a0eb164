# SPDX-License-Identifier: GPL-2.0-or-later
"""The form of the dialogs: the pair filled in or empty, few fields, plain words, help beside it."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from processing.gui.AlgorithmDialog import AlgorithmDialog
from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication, QEvent, Qt
from qgis.PyQt.QtWidgets import QApplication, QDialogButtonBox, QLineEdit
from qgis_helpers import (
    add_layer,
    create,
    make_environment,
    message_in,
    raster_size,
    run,
    write_raster,
)

from ksdiff_qgis.algorithms import devices, methods
from ksdiff_qgis.gui import fields
from ksdiff_qgis.gui.help import HelpWindow
from ksdiff_qgis.runtime import environments

ON_A_PAIR = ("ksdiff", "srino", "classical", "align", "quality", "simulate", "alignsharpenassess")


def layers_of(wrappers):
    """The names of the layers in the fields of a dialog; empty where none is chosen."""
    names = [name for name in ("PAN", "MS", "FUSED") if name in wrappers]
    values = {name: wrappers[name].parameterValue() for name in names}
    project = QgsProject.instance()
    return {name: project.mapLayer(value).name() if value else "" for name, value in values.items()}


@pytest.fixture
def from_toolbox(plugin):
    """Open the dialog of an algorithm as the toolbox does."""
    opened = []

    def open_as_toolbox(name):
        algorithm = create(name)
        own = algorithm.createCustomParametersWidget(None)
        opened.append(own or AlgorithmDialog(algorithm))
        opened[-1].show()
        QCoreApplication.processEvents()
        return opened[-1]

    yield open_as_toolbox
    for dialog in opened:
        dialog.close()


@pytest.fixture
def batches(plugin):
    """Batch dialogs are deleted with the test, since their cells hold layers (QGIS 3.22)."""
    yield
    windows = QApplication.topLevelWidgets()
    for dialog in [each for each in windows if isinstance(each, BatchAlgorithmDialog)]:
        dialog.mainWidget().wrappers.clear()
        dialog.close()
        dialog.deleteLater()
        QCoreApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    gc.collect()


def row(dialog, number=0):
    """The fields of a row of a batch, by name."""
    panel = dialog.mainWidget()
    return {
        name: panel.wrappers[number][column]
        for name, column in panel.parameter_to_column.items()
        if panel.wrappers[number][column] is not None
    }


# --- the pair ---


@pytest.mark.parametrize("name", ON_A_PAIR)
def test_toolbox_opens_the_pair_or_nothing(from_toolbox, layers, name):
    shown = layers_of(from_toolbox(name).mainWidget().wrappers)
    assert (shown.pop("PAN"), shown.pop("MS")) == ("scene_pan", "scene_ms")
    assert set(shown.values()) <= {""}  # no image is sharpened yet
    QgsProject.instance().removeMapLayer(layers[1])
    assert set(layers_of(from_toolbox(name).mainWidget().wrappers).values()) == {""}


def test_assessment_takes_the_sharpened_image(from_toolbox, layers, fused):
    add_layer(fused, "sharp")
    shown = layers_of(from_toolbox("quality").mainWidget().wrappers)
    assert shown == {"PAN": "scene_pan", "MS": "scene_ms", "FUSED": "sharp"}


def test_layer_without_a_partner_does_not_hide_the_pair(from_toolbox, layers, iface, monkeypatch,
                                                        tmp_path):  # fmt: skip
    path = write_raster(tmp_path / "far.tif", 1, (20, 20), 30.0, origin=(0.0, 0.0))
    far = add_layer(path, "far")
    monkeypatch.setattr(iface, "activeLayer", lambda: far)
    monkeypatch.setattr("qgis.utils.iface", iface)
    shown = layers_of(from_toolbox("classical").mainWidget().wrappers)
    assert shown == {"PAN": "scene_pan", "MS": "scene_ms"}


def test_product_takes_the_place_of_the_pair(from_toolbox, layers, tmp_path):
    dialog = from_toolbox("ksdiff")
    wrappers = dialog.mainWidget().wrappers
    for name in ("PAN", "MS"):  # not called optional, although they may be empty
        title = dialog.algorithm().parameterDefinition(name).description()
        assert wrappers[name].wrappedLabel().text() == title
    wrappers["PRODUCT"].wrappedWidget().findChild(QLineEdit).setText(str(tmp_path))
    assert layers_of(wrappers) == {"PAN": "", "MS": ""}
    dialog.preview_button.click()
    assert message_in(dialog) is not None


def test_run_without_a_layer_is_told_in_the_dialog(from_toolbox, plugin):
    dialog = from_toolbox("ksdiff")
    dialog.runButton().click()
    assert "PAN" in message_in(dialog).text() and "MS" in message_in(dialog).text()


@pytest.mark.parametrize("name", ["ksdiff", "quality", "alignsharpenassess"])
def test_batch_has_the_pair_in_its_first_row_and_nothing_below(batches, layers, name):
    dialog = BatchAlgorithmDialog(create(name))
    dialog.mainWidget().addRow(1)
    first, second = layers_of(row(dialog)), layers_of(row(dialog, 1))
    assert (first["PAN"], first["MS"]) == ("scene_pan", "scene_ms")
    assert set(second.values()) == {""}


def test_batch_without_a_pair_is_empty(batches, layers):
    QgsProject.instance().removeMapLayer(layers[0])
    assert set(layers_of(row(BatchAlgorithmDialog(create("ksdiff")))).values()) == {""}


def test_run_as_batch_takes_the_values_along(batches, from_toolbox, layers):
    dialog = from_toolbox("ksdiff")
    dialog.setParameters({"METHOD": "scene-fit", "ALIGN": True, "TILE": 256, "ADAPT": 0})
    dialog.runAsBatchButton.click()
    (batch,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, BatchAlgorithmDialog)]
    values = {name: field.parameterValue() for name, field in row(batch).items()}
    assert layers_of(row(batch)) == {"PAN": "scene_pan", "MS": "scene_ms"}
    assert (values["METHOD"], values["ALIGN"], values["TILE"]) == ("scene-fit", True, 256)
    assert values["ADAPT"] == 0


# --- few fields, plain words ---


_PAIRS = ("FOLDER", "TABLE", "SKIP_DOUBTFUL", "LEAVE_OUT")


@pytest.mark.parametrize(
    ("name", "basic"),
    [
        ("ksdiff", ["PAN", "MS", "METHOD", "ADAPT", "OUTPUT", "TEST_REPORT"]),
        ("classical", ["PAN", "MS", "METHOD", "OUTPUT", "TEST_REPORT"]),
        ("srino", ["PAN", "MS", "ADAPT", "OUTPUT", "TEST_REPORT", "SPREAD"]),
        ("folder", [*_PAIRS, "METHOD", "ADAPT", "LOAD_RESULTS", "OUTPUT_FOLDER", "SUMMARY"]),
    ],
)
def test_few_parameters_are_not_advanced(plugin, name, basic):
    advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    algorithm = create(name)
    definitions = algorithm.parameterDefinitions()
    shown = [d.name() for d in definitions if not d.flags() & advanced]
    assert shown == basic


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("ksdiff", ["METHOD", "DEVICE", "MODEL", "SENSOR", "OUTPUT_TYPE", "OVERVIEWS"]),
        ("train", ["METHOD", "START", "LENGTH"]),
        ("runtime", ["ACTION", "SIZE"]),
    ],
)
def test_every_choice_is_in_words(from_toolbox, layers, name, choices):
    dialog = from_toolbox(name)
    for choice in choices:
        field = dialog.mainWidget().wrappers[choice]
        default = dialog.algorithm().parameterDefinition(choice).defaultValue()
        assert field.parameterValue() == default
        assert field.widget.currentText() not in ("", default), choice


def test_main_dialog_offers_the_methods_to_choose_from(from_toolbox, layers):
    box = from_toolbox("ksdiff").mainWidget().wrappers["METHOD"].widget
    offered = [box.itemData(i) for i in range(box.count())]
    assert offered == ["auto", "scene-fit", "ksdiff", "srino", "exp"]
    assert [box.itemText(i) for i in range(box.count())] == [*map(methods.title, offered)]


@pytest.mark.parametrize("names", [["H100"], ["H100", "L4"], ["A"] * 6])
def test_device_lists_the_gpus_that_the_runtime_found(from_toolbox, monkeypatch, names):
    found = environments.Environment(Path("gpu"), {"selftest": {"torch": {"gpus": names}}})
    monkeypatch.setattr(devices.environments, "usable", lambda _home: found)
    field = from_toolbox("ksdiff").mainWidget().wrappers["DEVICE"]
    box = field.widget
    shown = [(box.itemText(i), box.itemData(i)) for i in range(box.count())]
    words = ["cuda", *(f"cuda:{n}" for n in range(1, len(names)))]
    assert [word for _, word in shown[:2]] == ["auto", "cpu"]
    assert shown[2:] == [*zip(names, words, strict=True)]
    field.setParameterValue("cuda:3", QgsProcessingContext())
    assert field.parameterValue() == "cuda:3", "of an earlier run, and never another one in silence"


def test_methods_to_compare_are_ticked_by_their_titles(from_toolbox):
    field = from_toolbox("bench").mainWidget().wrappers["METHODS"]
    items = [field.widget.item(row) for row in range(field.widget.count())]
    shown = {item.data(Qt.ItemDataRole.UserRole): item for item in items}
    assert list(shown)[:4] == ["auto", "ksdiff", "srino", "scene-fit"]
    assert not set(shown) & {item.text() for item in items}
    assert field.parameterValue() == []
    for word in ("ksdiff", "auto-adapted"):
        shown[word].setCheckState(Qt.CheckState.Checked)
    assert field.parameterValue() == ["ksdiff", "auto-adapted"]
    takes_words(field)


def test_methods_to_compare_have_their_titles_in_a_batch_too(batches, from_toolbox):
    dialog = BatchAlgorithmDialog(create("bench"))
    dialog.mainWidget().batchRowCount()
    field = dialog.mainWidget().wrappers[0][1]
    assert field.parameterValue() == []
    takes_words(field)
    assert field.widget.currentText() == ", ".join(map(methods.title, ("gsa", "exp")))


def takes_words(field):
    """A field of several choices takes a text of words, or a list."""
    for given in ("gsa,exp", ["gsa", "exp"]):
        field.setParameterValue(given, QgsProcessingContext())
        assert field.parameterValue() == ["gsa", "exp"]


@pytest.mark.parametrize(("method", "compared"), [("scene-fit", False), ("srino", True)])
def test_main_dialog_sends_each_method(ask, files, tmp_path, method, compared):
    given = {**files, "OUTPUT": str(tmp_path / "out.tif"), "METHOD": method}
    request, _, _ = ask("ksdiff", given)
    assert (request["method"], request["scene_test"]) == (method, compared)


def test_fast_method_of_the_main_algorithm_runs(plugin, files, tmp_path, real_python, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    out = str(tmp_path / "out.tif")
    result, _ = run("ksdiff", {**files, "METHOD": "scene-fit", "OUTPUT": out})
    assert raster_size(out) == (192, 160, 4)
    assert "SCENE_TEST_TABLE" not in result


# --- fine-tuning ---


def test_fine_tuning_is_a_box_with_seconds(from_toolbox, layers, monkeypatch):
    monkeypatch.setattr(fields, "has_torch", lambda: True)
    field = from_toolbox("ksdiff").mainWidget().wrappers["ADAPT"]
    assert (field.box.isChecked(), field.parameterValue()) == (False, 0)
    field.box.setChecked(True)
    assert field.parameterValue() == 60
    assert not from_toolbox("srino").mainWidget().wrappers["ADAPT"].box.isChecked()


@pytest.mark.parametrize(("size", "seconds"), [("full", 0), ("gpu", 60)])
def test_fine_tuning_is_ticked_only_with_a_runtime_for_a_gpu(
    from_toolbox, home, layers, size, seconds
):
    make_environment(home, size)
    assert create("ksdiff").parameterDefinition("ADAPT").defaultValue() == seconds
    assert from_toolbox("ksdiff").mainWidget().wrappers["ADAPT"].box.isChecked() == bool(seconds)
    assert create("srino").parameterDefinition("ADAPT").defaultValue() == 0


def test_without_torch_fine_tuning_is_off_and_says_what_it_needs(from_toolbox, layers, monkeypatch):
    monkeypatch.setattr(fields, "has_torch", lambda: False)
    dialog = from_toolbox("ksdiff")
    dialog.setParameters({"ADAPT": 90})  # of a script or an earlier run
    field = dialog.mainWidget().wrappers["ADAPT"]
    assert not field.box.isEnabled() and field.parameterValue() == 0
    assert "'full'" in field.box.text()  # the size to install


@pytest.mark.parametrize("name", ["folder", "bench"])
@pytest.mark.parametrize("torch", [True, False])
def test_fine_tuning_of_many_pairs_is_to_each_scene(from_toolbox, monkeypatch, torch, name):
    monkeypatch.setattr(fields, "has_torch", lambda: torch)
    field, of_one = (from_toolbox(each).mainWidget().wrappers["ADAPT"] for each in (name, "ksdiff"))
    assert field.box.text() != of_one.box.text()
    assert (field.box.isEnabled(), field.parameterValue()) == (torch, 0)


@pytest.mark.parametrize("there", [True, False])
def test_torch_is_looked_for_in_the_environment(plugin, tmp_path, monkeypatch, there):
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.touch()
    monkeypatch.setenv("KSDIFF_PYTHON", str(python))
    assert fields.has_torch()  # of a Python that is no environment nothing is known
    (tmp_path / "pyvenv.cfg").touch()
    package = "torch" if there else "numpy"
    (tmp_path / "lib" / "python3.12" / "site-packages" / package).mkdir(parents=True)
    assert fields.has_torch() == there


# --- help ---


def test_help_button_opens_the_whole_help_in_the_plugins_window(plugin, from_toolbox, layers):
    dialog = from_toolbox("ksdiff")
    box = dialog.findChild(QDialogButtonBox)
    box.button(QDialogButtonBox.StandardButton.Help).click()
    window = plugin.main_menu.windows[HelpWindow]
    assert window.isVisible()
    text, short = window.pages.toPlainText(), dialog.algorithm().shortHelpString()
    assert text.startswith(dialog.algorithm().displayName())
    assert len(text) > 2 * len(short)


def test_help_of_every_algorithm_leads_to_the_pages(plugin):
    plugin.main_menu.help("align")
    pages, title = plugin.main_menu.windows[HelpWindow].pages, create("align").displayName()
    assert pages.toPlainText().startswith(title)
    pages.follow(pages.source().resolved(pages.source()))
    assert pages.toPlainText().startswith(title)
    for link in ("methods.md", "parameters.md"):
        assert f"]({link})" in pages.toMarkdown()
