# SPDX-License-Identifier: GPL-2.0-or-later
"""Model files: what is read of them, which are offered, `ksdiff:models`, and their window."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from unittest.mock import Mock

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QMessageBox
from qgis_helpers import check, create, fails_naming, offered, refused, run, until, write_model

from ksdiff_qgis import models
from ksdiff_qgis.algorithms.models import SHIPPED_SENTENCES
from ksdiff_qgis.gui.models import CardDialog, ModelsDialog

SHIPPED = {"ksdiff-scene": "ksdiff", "srino-scene": "srino"}


pytestmark = pytest.mark.usefixtures("home")


def own(folder, **card):
    return write_model(models.folder() / folder / f"{folder}.safetensors", **card)


def options(method="ksdiff"):
    algorithm = create(method)  # owns the definition
    return algorithm.parameterDefinition("MODEL").options()


# --- reading ---


def test_shipped_models_are_read():
    found = {model.name: model for model in models.all_models()}
    assert {name: model.method for name, model in found.items()} == SHIPPED
    for model in found.values():
        assert (model.problem, model.shipped, model.bands) == ("", True, None)
        assert model.ratios == (2.0, 4.0)
        assert model.size > 1e6
        assert model.scores["quickbird"]["bdsd-pc"]["ERGAS"] > 1


def test_sentences_of_the_shipped_cards_are_those_that_are_translated():
    for model in models.all_models():
        for text in (model.licence, model.notes, model.scores["protocol"]):
            assert text in SHIPPED_SENTENCES


def test_card_is_read():
    card = {"bands": 4, "sensors": ["quickbird"], "licence": "CC0", "notes": "of fields"}
    model = models.read(own("mine", **card))
    assert (model.name, model.problem, model.bands) == ("mine", "", 4)
    assert (model.sensors, model.licence, model.notes) == (("quickbird",), "CC0", "of fields")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 8,
        b"\xff\xff\xff\x7f\0\0\0\0{}",  # a header of 2 GB
        b"\2\0\0\0\0\0\0\0{}",
        b"\4\0\0\0\0\0\0\0\xff\xff\xff\xff",
        (100_000).to_bytes(8, "little") + b"[" * 100_000,
    ],
)
def test_damaged_file_is_not_offered(plugin, content):
    path = own("mine")
    path.write_bytes(content)
    assert models.read(path).problem
    assert options() == ["auto", "ksdiff-scene", "custom"]


@pytest.mark.parametrize(
    ("card", "fact"),
    [
        ({"format": 99}, "99"),
        ({"method": "magic"}, "magic"),
        ({"name": "another"}, "'another'"),
        ({"bands": "four"}, ""),
        ({"ratios": None}, ""),
        ({"ratios": [2.0]}, ""),
        ({"ratios": []}, ""),
        ({"ratios": [10**400, 4]}, ""),
        ({"ratios": {}}, ""),
        ({"format": "<img src='file:///a'>"}, "?img"),
        ({"method": "<img src='file:///a'>"}, "?img"),
        ({"name": "<img src='file:///a'>"}, "?img"),
    ],
)
def test_invalid_card_is_not_offered(plugin, card, fact):
    own("mine", **card)
    problem = models.find("mine").problem
    assert problem and fact in problem
    assert "<" not in problem  # helps and tooltips render markup
    assert "mine" not in options()


def test_missing_graph_is_named():
    path = own("mine")
    path.with_name("mine.fuse.onnx").unlink()
    assert "mine.fuse.onnx" in models.read(path).problem


def test_unreadable_folder_does_not_hide_other_models(plugin, monkeypatch):
    shut = own("shut")
    own("mine")
    look, read = Path.is_file, Path.open

    def refuse(path, *args, **kwargs):
        if path.parent == shut.parent:
            raise PermissionError(13, "Permission denied", str(path))
        return (look if not args and not kwargs else read)(path, *args, **kwargs)

    monkeypatch.setattr(Path, "is_file", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    assert options() == ["auto", "ksdiff-scene", "mine", "custom"]
    assert "Permission denied" in models.find("shut").problem
    assert models.find("shut").size == 0


# --- choosing ---


def test_models_of_the_method_are_offered_and_others_explained(plugin):
    own("fields")
    own("hidden", format=99)
    own("water", method="srino")
    own(".unfinished")
    own("<img src=a>")
    assert options() == ["auto", "ksdiff-scene", "fields", "custom"]
    assert options("srino") == ["auto", "srino-scene", "water", "custom"]
    algorithm = create("ksdiff")
    text = algorithm.parameterDefinition("MODEL").help()
    for name in ("water", "hidden"):
        assert f"{name}: {models.misfit(models.find(name), 'ksdiff')}" in text


def test_offer_is_refreshed_when_models_change(plugin):
    """Also from a thread without an event loop."""
    assert "mine" not in offered()
    own("mine")
    thread = threading.Thread(target=models.changed)
    thread.start()
    thread.join()
    until(lambda: "mine" in offered(), 20)


def test_model_must_fit_the_bands_and_the_method(plugin, files, tmp_path):
    own("eight", bands=8)
    own("four", bands=4)
    given = {**files, "METHOD": "ksdiff", "OUTPUT": str(tmp_path / "out.tif")}
    refused("ksdiff", {**given, "MODEL": "eight"}, "'eight'", "8", "4", "ksdiff-scene, four")
    assert check("ksdiff", {**given, "MODEL": "four"}) == (True, "")
    refused("ksdiff", {**given, "MODEL": "four", "MS_BANDS": [1, 2]}, "'four'", "2")
    other = write_model(tmp_path / "other.safetensors", method="srino")
    custom = {**given, "MODEL": "custom", "MODEL_FILE": str(other)}
    refused("ksdiff", custom, "'other'", "srino")


@pytest.mark.parametrize(
    ("names", "valid"),
    [
        ("Fields_of-2024 nul1 com10 console", True),
        ("../a auto custom scratch ä ksdiff-scene KSDiff-Scene NUL con Com1 lpt9", False),
    ],
)
def test_name_of_a_model_is_a_file_name_everywhere_and_not_taken(names, valid):
    assert {name for name in names.split() if (models.name_problem(name) == "") != valid} == set()
    assert models.name_problem("") and models.name_problem("a b") and models.name_problem("x" * 65)


# --- ksdiff:models ---


def manage(**parameters):
    return run("models", parameters)


def test_models_are_listed(plugin):
    own("broken", format=99)
    result, log = manage()
    listed = {row["name"]: row for row in json.loads(result["MODELS"])}
    assert listed.keys() == {*SHIPPED, "broken"}
    assert listed["broken"]["own"] and "99" in listed["broken"]["problem"]
    assert result["FOLDER"] == str(models.folder())
    assert listed["broken"]["problem"] in log.textLog()


def test_own_model_is_deleted(plugin):
    own("mine")
    manage(ACTION="delete", NAME="mine")
    assert [*models.folder().iterdir()] == []


@pytest.mark.parametrize("name", ["ksdiff-scene", "nothing"])
def test_other_model_is_not_deleted(plugin, name):
    fails_naming("models", {"ACTION": "delete", "NAME": name}, f"'{name}'")
    assert {model.name for model in models.all_models()} == set(SHIPPED)


def test_invalid_actions_are_refused(plugin, tmp_path):
    own("mine")
    file = str(write_model(tmp_path / "mine.safetensors"))
    missing = str(tmp_path / "no.safetensors")
    refused("models", {"ACTION": "delete"})
    refused("models", {"ACTION": "import"})
    refused("models", {"ACTION": "import", "FILE": file}, "'mine'")
    refused("models", {"ACTION": "import", "FILE": file, "NAME": "a b"}, "'a b'")
    refused("models", {"ACTION": "check", "FILE": missing}, missing)


def test_real_worker_checks_imports_and_edits(plugin, real_python, tmp_path):
    home = models.folder()
    shipped = str(models.find("srino-scene").path)
    result, _ = manage(ACTION="check", FILE=shipped)
    assert result["MODEL_FILE"] == shipped
    result, _ = manage(ACTION="import", FILE=shipped, NAME="mine", LICENCE="MIT")
    assert result["MODEL_FILE"] == str(home / "mine" / "mine.safetensors")
    assert (models.find("mine").problem, models.find("mine").licence) == ("", "MIT")
    manage(ACTION="card", FILE=result["MODEL_FILE"], NAME="renamed", NOTES="of fields")
    assert models.find("mine") is None
    edited = models.find("renamed")
    assert (edited.licence, edited.notes, edited.problem) == ("MIT", "of fields", "")
    spoilt = shutil.copytree(edited.path.parent, tmp_path / "renamed") / "renamed.safetensors"
    content = bytearray(spoilt.read_bytes())
    content[-1] ^= 1
    spoilt.write_bytes(content)
    fails_naming("models", {"ACTION": "import", "FILE": str(spoilt), "NAME": "third"})
    assert [entry.name for entry in home.iterdir()] == ["renamed"]


# --- the window ---


@pytest.fixture
def window(plugin, qgis_app):
    made = ModelsDialog()
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def chosen(window):
    """The window with the own model "mine" selected; returns the path of its file."""
    path = own("mine", licence="CC0", notes="old")
    window.fill()
    choose(window, "mine")
    return path


def names(window):
    return [window.list.topLevelItem(n).text(0) for n in range(window.list.topLevelItemCount())]


def choose(window, name):
    (item,) = window.list.findItems(name, Qt.MatchFlag.MatchExactly)
    window.list.setCurrentItem(item)


def card_of(window):
    (card,) = window.findChildren(CardDialog)
    return card


def finish(window):
    until(lambda: window.job is None, 20)


def test_window_lists_models_and_shows_their_cards(window):
    scores = {"a": {"b": {"ERGAS": 10**400, "SAM": 1.5, "Q2n": None}}}
    facts = {"bands": 4, "sensors": ["quickbird"], "licence": "CC0", "notes": "<b>of fields</b>"}
    own("mine", **facts, scores=scores)
    own("broken", format=99)
    window.fill()
    assert names(window) == ["ksdiff-scene", "srino-scene", "broken", "mine"]
    choose(window, "mine")
    row = window.list.currentItem()
    texts = [row.text(column) for column in range(window.list.columnCount())]
    assert texts[:5] == ["mine", "KSDiff", "4", "quickbird", "CC0"]
    assert texts[7] == str(models.folder() / "mine")
    card = window.card.toPlainText()
    assert "<b>of fields</b>" in card  # texts of a card are no markup
    assert "1.5" in card  # scores that are no numbers are left out
    choose(window, "broken")
    assert models.find("broken").problem in window.list.currentItem().text(5)
    choose(window, "ksdiff-scene")
    card = window.card.toPlainText()
    assert all(name in card for name in ("KSDiff", "BDSD-PC with back-projection"))


def test_only_own_models_can_be_edited_and_deleted(window):
    own("mine")
    own("broken", format=99)
    window.fill()
    enabled = {}
    for name in names(window):
        choose(window, name)
        enabled[name] = [k for k in ("card", "delete") if window.buttons[k].isEnabled()]
    assert enabled == {name: [] for name in SHIPPED} | {
        "mine": ["card", "delete"],
        "broken": ["delete"],
    }


def test_deleting_needs_a_confirmation(window, chosen, monkeypatch):
    no, yes = QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes
    question = Mock(side_effect=[no, yes])
    monkeypatch.setattr(QMessageBox, "question", question)
    window.buttons["delete"].click()
    asked = question.call_args[0][2]
    assert "mine" in asked and str(models.folder()) in asked
    assert window.job is None and models.find("mine")
    window.buttons["delete"].click()
    finish(window)
    assert names(window) == list(SHIPPED)


def test_import_runs_in_the_background(window, request_file, tmp_path):
    window.import_file(str(write_model(tmp_path / "new" / "new.safetensors")))
    assert window.job is not None and not window.buttons["import"].isEnabled()
    finish(window)
    assert window.chosen().name == "new"
    assert "new" in options()


def test_import_asks_for_another_name_if_it_is_taken(window, request_file, tmp_path):
    file = write_model(tmp_path / "srino-scene" / "srino-scene.safetensors", method="srino")
    window.import_file(str(file))
    card = card_of(window)
    assert "'srino-scene'" in card.problem.text()
    card.fields["name"].setText("ksdiff-scene")
    card.accept()
    assert card.isVisible()  # also taken
    card.fields["name"].setText("second")
    card.accept()
    finish(window)
    assert json.loads(request_file.read_text())["name"] == "second"


def test_error_of_the_worker_is_shown_and_nothing_imported(window, use_worker, tmp_path):
    use_worker(KSDIFF_TEST_REFUSE="It is <b>damaged</b>.")
    window.import_file(str(write_model(tmp_path / "new" / "new.safetensors")))
    finish(window)
    # The bar renders markup, and file names may look like it.
    shown = ["It is &lt;b&gt;damaged&lt;/b&gt;.", "Take another."]
    assert window.bar.currentItem().text().split("\n") == shown
    assert names(window) == list(SHIPPED)
    window.import_file("/a/<img src=a>.safetensors")
    assert card_of(window).problem.textFormat() == Qt.TextFormat.PlainText


def test_escape_leaves_the_card_unchanged(window, chosen):
    before = chosen.read_bytes()
    window.edit()
    card = card_of(window)
    QTest.keyClicks(card.fields["name"], "other")
    QTest.keyClick(card.fields["name"], Qt.Key.Key_Escape)
    assert not card.isVisible() and window.isVisible()
    assert window.job is None and chosen.read_bytes() == before


def test_window_is_usable_by_keyboard(window, chosen):
    texts = [button.text() for button in window.buttons.values()]
    keys = [text[text.index("&") + 1].lower() for text in texts]
    assert len(set(keys)) == len(keys)
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_Home)
    QTest.keyClick(window.list, Qt.Key.Key_End)
    assert window.chosen().name == "mine"
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    assert window.isVisible() and window.job is None  # Enter starts nothing
    reached, widget = set(), window.list
    for _ in range(100):
        widget = widget.nextInFocusChain()
        reached.add(widget)
    assert {window.card, *window.buttons.values()} <= reached
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_card_is_edited_by_keyboard(window, chosen, request_file):
    window.buttons["card"].click()
    card = card_of(window)
    assert card.values() == {"name": "mine", "licence": "CC0", "notes": "old"}
    card.activateWindow()
    until(card.isActiveWindow, 20)
    for key, text in (("name", "a b"), ("licence", ""), ("notes", "new")):
        assert card.focusWidget() is card.fields[key]
        card.fields[key].selectAll()
        QTest.keyClick(card.fields[key], Qt.Key.Key_Delete)
        QTest.keyClicks(card.fields[key], text)
        QTest.keyClick(card.fields[key], Qt.Key.Key_Tab)
    QTest.keyClick(card, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert card.focusWidget() is card.fields["licence"]
    QTest.keyClick(card.fields["licence"], Qt.Key.Key_Return)
    assert card.isVisible() and "a b" in card.problem.text()  # an invalid name
    QTest.keyClick(card, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    assert card.focusWidget() is card.fields["name"]
    QTest.keyClicks(card.fields["name"], "fields")
    QTest.keyClick(card.fields["name"], Qt.Key.Key_Return)
    assert not card.isVisible()
    finish(window)
    request = json.loads(request_file.read_text())
    assert (request["action"], request["name"], request["notes"]) == ("card", "fields", "new")
    assert request["licence"] == " "  # clears it


def test_folder_of_the_model_is_opened(window, opened_files):
    choose(window, "srino-scene")
    window.buttons["folder"].click()
    assert [Path(address).name for address in opened_files] == ["srino-scene"]
