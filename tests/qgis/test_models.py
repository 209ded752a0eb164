# SPDX-License-Identifier: GPL-2.0-or-later
"""The models that are there: what is read of them, what is offered, and the window with them."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import processing
import pytest
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDialogButtonBox, QMessageBox
from qgis_helpers import write_model

from ksdiff_qgis import models

SHIPPED = {"ksdiff-scene": "ksdiff", "srino-scene": "srino"}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A place for models of one's own, empty."""
    monkeypatch.setenv("KSDIFF_QGIS_HOME", str(tmp_path / "home"))
    return models.folder()


def own(file, **card):
    return write_model(models.folder() / file / f"{file}.safetensors", **card)


def options(method="ksdiff"):
    made = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:" + method)
    return made.parameterDefinition("MODEL").options()


def spin(condition, seconds=20):
    """Let events through until something is so."""
    for _ in range(int(seconds * 100)):
        if condition():
            return
        QTest.qWait(10)
    pytest.fail("it did not happen")


# --- cards ---


def test_shipped_models_are_read(home):
    found = {model.name: model for model in models.all_models()}
    assert {name: model.method for name, model in found.items()} == SHIPPED
    for model in found.values():
        assert (model.problem, model.shipped, model.bands) == ("", True, None)
        assert model.ratios == (2.0, 4.0)
        assert model.size > 1e6
        assert model.scores["quickbird"]["bdsd-pc"]["ERGAS"] > 1


def test_card_is_read(home):
    model = models.read(
        own("mine", bands=4, sensors=["quickbird"], licence="CC0", notes="of fields", scores={})
    )
    assert (model.name, model.problem, model.bands) == ("mine", "", 4)
    assert (model.sensors, model.licence, model.notes) == (("quickbird",), "CC0", "of fields")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "damaged"),
        (b"\xff" * 8, "damaged"),
        (b"\xff\xff\xff\x7f\0\0\0\0{}", "damaged"),  # a header of 2 GB
        (b"\2\0\0\0\0\0\0\0{}", "damaged"),
        (b"\4\0\0\0\0\0\0\0\xff\xff\xff\xff", "damaged"),
        ((100_000).to_bytes(8, "little") + b"[" * 100_000, "damaged"),
    ],
)
def test_damaged_file_is_told_and_breaks_nothing(plugin, content, words):
    path = own("mine")
    path.write_bytes(content)
    assert words in models.read(path).problem
    assert options() == ["auto", "ksdiff-scene", "custom"]


@pytest.mark.parametrize(
    ("card", "words"),
    [
        ({"format": 99}, "has format 99, this plugin reads format"),
        ({"method": "magic"}, "method magic is unknown"),
        ({"name": "another"}, "renamed, it was 'another'"),
        ({"bands": "four"}, "damaged"),
        ({"ratios": None}, "damaged"),
        ({"ratios": [2.0]}, "damaged"),
        ({"ratios": []}, "damaged"),
        ({"ratios": [10**400, 4]}, "damaged"),
        ({"ratios": {}}, "damaged"),
        ({"format": "<img src='file:///a'>"}, "has format ?img"),
        ({"method": "<img src='file:///a'>"}, "method ?img"),
        ({"name": "<img src='file:///a'>"}, "renamed, it was '?img"),
    ],
)
def test_card_that_does_not_fit_is_told(plugin, card, words):
    own("mine", **card)
    assert words in models.find("mine").problem
    assert "<" not in models.find("mine").problem  # helps and tooltips show markup
    assert "mine" not in options()


def test_missing_graph_is_told(home):
    path = own("mine")
    path.with_name("mine.fuse.onnx").unlink()
    assert "mine.fuse.onnx is missing" in models.read(path).problem


def test_folder_that_cannot_be_looked_into_hides_no_other(plugin, monkeypatch):
    shut = own("shut")
    own("mine")
    look, read = Path.is_file, Path.open

    def refuse(path, *args, **options):
        if path.parent == shut.parent:
            raise PermissionError(13, "Permission denied", str(path))
        return (look if not args and not options else read)(path, *args, **options)

    monkeypatch.setattr(Path, "is_file", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    assert options() == ["auto", "ksdiff-scene", "mine", "custom"]
    assert "Permission denied" in models.find("shut").problem
    assert models.find("shut").size == 0


def test_names_that_are_markup_are_not_shown(plugin):
    own("<img src=a>")
    assert {model.name for model in models.all_models()} == set(SHIPPED)


# --- what is offered ---


def test_models_of_a_method_are_offered_and_why_others_are_not(plugin, home):
    own("fields")
    own("hidden", format=99)
    own("water", method="srino")
    own(".unfinished")
    assert options() == ["auto", "ksdiff-scene", "fields", "custom"]
    assert options("srino") == ["auto", "srino-scene", "water", "custom"]
    made = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:ksdiff")
    told = made.parameterDefinition("MODEL").help()
    assert "water: it is a model for the method srino" in told
    assert "hidden: it has format 99" in told


def test_toolbox_is_made_anew_when_models_change(plugin, home):
    registry = QgsApplication.processingRegistry()

    def offered():
        made = registry.algorithmById("ksdiff:ksdiff")
        return made.parameterDefinition("MODEL").options()

    assert "mine" not in offered()
    own("mine")
    models.changed()
    spin(lambda: "mine" in offered())


def test_toolbox_is_made_anew_from_a_thread_without_events(plugin, home):
    own("mine")
    thread = threading.Thread(target=models.changed)
    thread.start()
    thread.join()
    registry = QgsApplication.processingRegistry()
    spin(
        lambda: (
            "mine" in registry.algorithmById("ksdiff:ksdiff").parameterDefinition("MODEL").options()
        )
    )


def check(parameters):
    made = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:ksdiff")
    from qgis.core import QgsProcessingContext, QgsProject

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return made.checkParameterValues(parameters, context)


def test_bands_that_do_not_fit_are_told_with_what_does(plugin, pair, home, tmp_path):
    own("eight", bands=8)
    own("four", bands=4)
    out = str(tmp_path / "out.tif")
    given = {"PAN": str(pair[0]), "MS": str(pair[1]), "METHOD": "ksdiff", "OUTPUT": out}
    good, message = check({**given, "MODEL": "eight"})
    assert not good
    assert message == "The model 'eight' is for 8 bands, MS has 4. It fits: ksdiff-scene, four."
    assert check({**given, "MODEL": "four"}) == (True, "")
    good, message = check({**given, "MODEL": "four", "MS_BANDS": [1, 2]})
    assert not good and "MS has 2" in message
    other = write_model(tmp_path / "other.safetensors", method="srino")
    good, message = check({**given, "MODEL": "custom", "MODEL_FILE": str(other)})
    assert not good
    assert "KSDiff cannot use the model 'other': it is a model for the method srino" in message


def test_own_model_goes_to_the_worker_by_its_path(plugin, pair, use_worker, tmp_path):
    told = tmp_path / "request.json"
    use_worker("every_task", KSDIFF_TEST_REQUEST=str(told))
    path = own("mine")
    given = {"PAN": str(pair[0]), "MS": str(pair[1]), "OUTPUT": str(tmp_path / "out.tif")}
    for model, expected in (("mine", str(path)), ("ksdiff-scene", "ksdiff-scene"), ("auto", None)):
        processing.run("ksdiff:ksdiff", {**given, "MODEL": model})
        assert json.loads(told.read_text())["model"] == expected


@pytest.mark.parametrize(
    "name",
    ["", "a b", "../a", "auto", "custom", "scratch", "ä", "x" * 65, "ksdiff-scene", "KSDiff-Scene",
     "NUL", "con", "Com1", "lpt9"],
)  # fmt: skip
def test_names_that_cannot_be(home, name):
    assert models.name_problem(name)
    for good in ("Fields_of-2024", "nul1", "com10", "console"):
        assert not models.name_problem(good)


# --- ksdiff:models ---


def manage(**parameters):
    feedback = QgsProcessingFeedback()
    return processing.run("ksdiff:models", parameters, feedback=feedback), feedback.textLog()


def test_models_are_listed(plugin, home):
    own("broken", format=99)
    result, log = manage()
    listed = {row["name"]: row for row in json.loads(result["MODELS"])}
    assert listed.keys() == {*SHIPPED, "broken"}
    assert listed["broken"]["own"] and "format 99" in listed["broken"]["problem"]
    assert result["FOLDER"] == str(home)
    assert "broken: it has format 99" in log


def test_own_model_is_deleted_and_shipped_ones_stay(plugin, home):
    own("mine")
    manage(ACTION="delete", NAME="mine")
    assert [*home.iterdir()] == []
    for name, words in (("ksdiff-scene", "came with the plugin"), ("nothing", "no model")):
        with pytest.raises(QgsProcessingException, match=words):
            manage(ACTION="delete", NAME=name)
    assert {model.name for model in models.all_models()} == set(SHIPPED)


def test_what_cannot_be_done_is_told_before(plugin, home, tmp_path):
    own("mine")
    file = write_model(tmp_path / "mine.safetensors")
    for wrong, words in (
        ({"ACTION": "delete"}, "Give the name"),
        ({"ACTION": "import"}, "none was given"),
        ({"ACTION": "import", "FILE": str(file)}, "a model 'mine' already"),
        ({"ACTION": "import", "FILE": str(file), "NAME": "a b"}, "cannot be the name"),
        ({"ACTION": "check", "FILE": str(tmp_path / "no.safetensors")}, "does not exist"),
    ):
        with pytest.raises(QgsProcessingException, match=words):
            manage(**wrong)


def test_real_worker_imports_edits_and_refuses(plugin, real_python, home, tmp_path):
    shipped = models.find("srino-scene").path
    _, log = manage(ACTION="check", FILE=str(shipped))
    assert "is whole and can be used" in log
    result, _ = manage(ACTION="import", FILE=str(shipped), NAME="mine", LICENCE="MIT")
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
    with pytest.raises(QgsProcessingException, match="not the file its card speaks of"):
        manage(ACTION="import", FILE=str(spoilt), NAME="third")
    assert [entry.name for entry in home.iterdir()] == ["renamed"]


# --- the window ---


@pytest.fixture
def window(plugin, qgis_app):
    from ksdiff_qgis.gui.models import ModelsDialog

    made = ModelsDialog()
    made.show()
    yield made
    made.close()
    made.deleteLater()


def names(window):
    return [window.list.topLevelItem(n).text(0) for n in range(window.list.topLevelItemCount())]


def choose(window, name):
    (item,) = window.list.findItems(name, Qt.MatchFlag.MatchExactly)
    window.list.setCurrentItem(item)


def card_of(window):
    from ksdiff_qgis.gui.models import CardDialog

    (card,) = window.findChildren(CardDialog)
    return card


def test_window_lists_what_each_is_and_where(window):
    own("mine", bands=4, sensors=["quickbird"], licence="CC0", notes="<b>of fields</b>")
    own("broken", format=99)
    window.fill()
    assert names(window) == ["ksdiff-scene", "srino-scene", "broken", "mine"]
    choose(window, "mine")
    row = window.list.currentItem()
    texts = [row.text(column) for column in range(window.list.columnCount())]
    assert texts[:6] == ["mine", "ksdiff", "4", "quickbird", "CC0", "KSDiff, 4 bands"]
    assert texts[7] == str(models.folder() / "mine")
    assert "<b>of fields</b>" in window.card.toPlainText()  # a card's text is no markup
    choose(window, "broken")
    assert "not usable: it has format 99" in window.list.currentItem().text(5)
    choose(window, "ksdiff-scene")
    assert "bdsd-pc" in window.card.toPlainText()


def test_only_ones_own_can_be_edited_and_deleted(window):
    own("mine")
    own("broken", format=99)
    window.fill()
    allowed = {}
    for name in names(window):
        choose(window, name)
        enabled = [k for k in ("card", "delete") if window._buttons[k].isEnabled()]
        allowed[name] = enabled
    assert allowed == {
        "ksdiff-scene": [],
        "srino-scene": [],
        "mine": ["card", "delete"],
        "broken": ["delete"],
    }


def test_deleting_asks_first(window, monkeypatch):
    own("mine")
    window.fill()
    choose(window, "mine")
    asked = []

    def answer(button):
        def ask(parent, title, text, *rest):
            asked.append(text)
            return button

        monkeypatch.setattr(QMessageBox, "question", ask)

    answer(QMessageBox.StandardButton.No)
    window._buttons["delete"].click()
    assert "mine" in asked[0] and str(models.folder()) in asked[0]
    assert window.job is None and models.find("mine")
    answer(QMessageBox.StandardButton.Yes)
    window._buttons["delete"].click()
    spin(lambda: window.job is None)
    assert names(window) == ["ksdiff-scene", "srino-scene"]


def test_import_in_the_background(window, use_worker, tmp_path):
    use_worker("trainer")
    file = write_model(tmp_path / "new" / "new.safetensors")
    window.take_in_file(str(file))
    assert window.job is not None and not window._buttons["import"].isEnabled()
    spin(lambda: window.job is None)
    assert window.chosen().name == "new"
    assert "new" in options()


def test_import_under_another_name(window, use_worker, tmp_path):
    told = tmp_path / "request.json"
    use_worker("trainer", KSDIFF_TEST_REQUEST=str(told))
    file = write_model(tmp_path / "srino-scene" / "srino-scene.safetensors", method="srino")
    window.take_in_file(str(file))
    card = card_of(window)
    assert "came with the plugin" in card.problem.text()
    card.fields["name"].setText("ksdiff-scene")
    card.accept()
    assert card.isVisible()  # that one is taken, too
    card.fields["name"].setText("second")
    card.accept()
    spin(lambda: window.job is None)
    assert json.loads(told.read_text())["name"] == "second"


def test_refusal_of_the_worker_is_shown_and_nothing_is_there(window, use_worker, tmp_path):
    use_worker("trainer", KSDIFF_TEST_REFUSE="It is damaged.")
    window.take_in_file(str(write_model(tmp_path / "new" / "new.safetensors")))
    spin(lambda: window.job is None)
    assert window.bar.currentItem().text().split("\n") == ["It is damaged.", "Take another."]
    assert names(window) == ["ksdiff-scene", "srino-scene"]


def test_card_is_edited(window, use_worker, tmp_path):
    told = tmp_path / "request.json"
    use_worker("trainer", KSDIFF_TEST_REQUEST=str(told))
    own("mine", licence="CC0", notes="old")
    window.fill()
    choose(window, "mine")
    window._buttons["card"].click()
    card = card_of(window)
    assert card.values() == {"name": "mine", "licence": "CC0", "notes": "old"}
    card.fields["licence"].setText("")
    card.fields["notes"].setPlainText("new")
    card.accept()
    spin(lambda: window.job is None)
    request = json.loads(told.read_text())
    assert (request["action"], request["name"], request["notes"]) == ("card", "mine", "new")
    assert request["licence"] == " "  # which the worker takes for nothing


def test_window_can_be_used_by_keys(window):
    own("mine")
    window.fill()
    texts = [button.text() for button in window._buttons.values()]
    keys = [text[text.index("&") + 1].lower() for text in texts]
    assert len(set(keys)) == len(keys)
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_End)
    assert window.chosen().name == "mine"
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    assert window.isVisible() and window.job is None  # Enter does nothing by accident
    reached, widget = set(), window.list
    for _ in range(100):
        widget = widget.nextInFocusChain()
        reached.add(widget)
    assert {window.card, *window._buttons.values()} <= reached
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_card_can_be_filled_in_by_keys(window):
    own("mine")
    window.fill()
    choose(window, "mine")
    window.edit()
    card = card_of(window)
    card.activateWindow()
    spin(card.isActiveWindow)
    assert card.focusWidget() is card.fields["name"]
    for key, text in (("name", "a b"), ("licence", "CC0"), ("notes", "one")):
        assert card.focusWidget() is card.fields[key]
        card.fields[key].selectAll()
        QTest.keyClicks(card.fields[key], text)
        QTest.keyClick(card.fields[key], Qt.Key.Key_Tab)
    QTest.keyClick(card, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert card.focusWidget() is card.fields["licence"]
    QTest.keyClick(card.fields["licence"], Qt.Key.Key_Return)
    assert card.isVisible() and "a b" in card.problem.text()
    QTest.keyClick(card, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    assert card.focusWidget() is card.fields["name"]
    taken = []
    card.accepted.disconnect()
    card.accepted.connect(lambda: taken.append(card.values()))
    QTest.keyClicks(card.fields["name"], "fields")
    QTest.keyClick(card.fields["name"], Qt.Key.Key_Return)
    assert taken == [{"name": "fields", "licence": "CC0", "notes": "one"}]
    assert not card.isVisible()


def test_escape_leaves_a_card_as_it_is(window):
    path = own("mine")
    before = path.read_bytes()
    window.fill()
    choose(window, "mine")
    window.edit()
    card = card_of(window)
    QTest.keyClicks(card.fields["name"], "other")
    QTest.keyClick(card.fields["name"], Qt.Key.Key_Escape)
    assert not card.isVisible() and window.isVisible()
    assert window.job is None and path.read_bytes() == before


def test_folder_is_shown(window, monkeypatch):
    opened = []
    monkeypatch.setattr(
        "ksdiff_qgis.gui.models.QDesktopServices.openUrl", lambda url: opened.append(url)
    )
    choose(window, "srino-scene")
    window._buttons["folder"].click()
    assert Path(opened[0].toLocalFile()).name == "srino-scene"


def test_text_of_others_is_no_markup(window, use_worker, tmp_path):
    own("mine", scores={"a": {"b": {"ERGAS": 10**400, "SAM": 1.5, "Q2n": None}}})
    window.fill()
    choose(window, "mine")
    assert "1.5" in window.card.toPlainText()
    use_worker("trainer", KSDIFF_TEST_REFUSE="<img src='file:///a'>")
    window.take_in_file(str(write_model(tmp_path / "new" / "new.safetensors")))
    spin(lambda: window.job is None)
    assert window.bar.currentItem().text().startswith("&lt;img src")
    window.take_in_file("/a/<img src=a>.safetensors")
    assert card_of(window).problem.textFormat() == Qt.TextFormat.PlainText


def test_close_button_closes(window):
    (box,) = window.findChildren(QDialogButtonBox)
    box.button(QDialogButtonBox.StandardButton.Close).click()
    assert not window.isVisible()
