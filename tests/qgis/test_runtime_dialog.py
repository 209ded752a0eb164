# SPDX-License-Identifier: GPL-2.0-or-later
"""The window of the runtime, with a stand-in for what it has done."""

from __future__ import annotations

import json
import re
import time

import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import Qgis, QgsProcessingException
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractButton, QGroupBox, QLabel, QMessageBox
from qgis_helpers import until

import ksdiff_qgis
from ksdiff_qgis import paths
from ksdiff_qgis.algorithms.runtime import Runtime
from ksdiff_qgis.gui.runtime import RuntimeDialog, _amount
from ksdiff_qgis.runtime import managed, nvidia, offer, pythons
from ksdiff_qgis.runtime.errors import RunError

SIZES = json.loads((paths.RESOURCES / "runtime.json").read_text(encoding="utf-8"))["sizes_mb"]
PLATFORMS = sorted(set().union(*SIZES.values()))


@pytest.fixture
def opened(plugin, tmp_path, monkeypatch):
    """Open the window, with a folder of its own for environments."""
    monkeypatch.setenv("KSDIFF_QGIS_HOME", str(tmp_path / "home"))
    windows = []

    def open_window():
        made = RuntimeDialog()
        windows.append(made)
        made.show()
        until(lambda: not made._tasks)
        return made

    yield open_window
    for made in windows:
        made.close()
        made.deleteLater()


@pytest.fixture
def dialog(opened):
    return opened()


@pytest.fixture
def does(monkeypatch):
    """Let the algorithm do something else; returns what it was asked."""
    asked = []

    def use(work):
        def run(self, parameters, context, feedback):
            asked.append({name: value for name, value in parameters.items() if value})
            return work(feedback)

        monkeypatch.setattr(Runtime, "processAlgorithm", run)
        return asked

    return use


def messages(dialog):
    return [(item.level(), item.text()) for item in dialog.bar.items()]


def test_says_what_would_be_fetched_how_large_and_where_to(dialog, tmp_path):
    assert "Nothing is installed yet" in dialog.state.text()
    sizes = {size.name: size for size in managed.sizes([])}
    texts = [button.text() for button in dialog.choices.buttons()]
    assert len(texts) >= len(sizes)
    assert dialog.chosen == "full"  # the recommended one
    assert _amount(sizes["full"].download_mb) in dialog.summary.text()
    assert str(tmp_path / "home" / "envs") in dialog.summary.text()
    (light,) = (b for b in dialog.choices.buttons() if b.text().startswith("Light"))
    light.click()
    assert dialog.chosen == "light"
    until(lambda: _amount(sizes["light"].download_mb) in dialog.summary.text())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_on_every_platform_there_is_something_to_install(opened, monkeypatch, platform):
    base = pythons.BasePython("/usr/bin/python3", (3, 12, 1), platform, True)
    monkeypatch.setattr(pythons, "platform_name", lambda *_: platform)
    monkeypatch.setattr(pythons, "find", lambda *_, **__: base)
    dialog = opened()
    assert dialog.chosen == ("full" if platform in SIZES["full"] else "light")
    assert _amount(SIZES[dialog.chosen][platform][0]) in dialog.summary.text()
    assert dialog.install.isEnabled()


def test_where_nothing_can_be_installed_it_says_so_and_ones_own_python_stays(opened, monkeypatch):
    monkeypatch.setattr(pythons, "platform_name", lambda *_: "windows-aarch64")
    dialog = opened()
    assert dialog.choices.buttons() == []
    assert "no packages for windows-aarch64" in dialog.summary.text()
    assert "Python of your own" in dialog.summary.text()
    assert not dialog.install.isEnabled()
    assert dialog.own.isEnabled()


def test_what_was_installed_for_the_gpu_is_chosen_once_the_driver_has_answered(opened, monkeypatch):
    gpu = nvidia.Gpu("NVIDIA T4", "590.10", (7, 5), 15360)
    monkeypatch.setattr(pythons, "platform_name", lambda *_: "linux-x86_64")
    monkeypatch.setattr(nvidia, "find", lambda: [gpu])
    monkeypatch.setattr(managed, "status", lambda: managed.Status("outdated", "", "gpu"))
    dialog = opened()
    assert dialog.chosen == "gpu"
    assert dialog.install.text() == "&Repair"


def test_install_shows_log_and_progress_and_says_how_it_ended(dialog, does):
    def work(feedback):
        feedback.pushInfo("Fetching numpy")
        feedback.setProgress(40)
        return {"MESSAGE": "The environment is ready."}

    asked = does(work)
    dialog.install.click()
    assert dialog.cancel.isEnabled()
    assert not dialog.install.isEnabled()
    until(lambda: messages(dialog))
    assert asked == [{"ACTION": "install", "SIZE": "full"}]
    assert "Fetching numpy" in dialog.log.toPlainText()
    assert messages(dialog) == [(Qgis.MessageLevel.Success, "The environment is ready.")]
    assert dialog.install.isEnabled()
    assert not dialog.cancel.isEnabled()


def test_failure_is_a_sentence_and_can_be_retried(dialog, does):
    def work(feedback):
        log = f"Log: {managed.log_path()}"
        raise QgsProcessingException(f"The disk is full.\nFree some space.\n{log}")

    does(work)
    dialog.install.click()
    until(lambda: messages(dialog))
    ((level, text),) = messages(dialog)
    assert level == Qgis.MessageLevel.Critical
    assert text == "The disk is full."
    assert dialog.advice.text() == "Free some space."
    assert dialog.advice.isVisible()
    assert str(managed.log_path()) in dialog.log.toPlainText()
    does(lambda feedback: {"MESSAGE": "Good."})
    dialog.install.click()
    until(lambda: messages(dialog) == [(Qgis.MessageLevel.Success, "Good.")])
    assert not dialog.advice.isVisible()


@pytest.mark.parametrize("failure", ["Alone.", "First.\nsecond\nLast."])
def test_a_failure_of_one_line_or_of_many(dialog, does, failure):
    def work(feedback):
        raise QgsProcessingException(failure)

    does(work)
    dialog.install.click()
    until(lambda: messages(dialog))
    lines = failure.splitlines()
    assert messages(dialog)[0][1] == lines[0]
    assert dialog.advice.text() == (lines[-1] if lines[1:] else "")


@pytest.mark.parametrize(
    ("state", "size", "label"),
    [
        ("ready", "light", "&Repair"),
        ("outdated", "light", "&Repair"),
        ("broken", "light", "&Repair"),
        ("outdated", "full", "&Install"),
        ("unfinished", "", "&Install"),
        ("missing", "", "&Install"),
    ],
)
def test_what_is_there_is_repaired_and_what_is_not_installed(
    dialog, does, monkeypatch, state, size, label
):
    asked = does(lambda feedback: {})
    (light,) = (b for b in dialog.choices.buttons() if b.text().startswith("Light"))
    light.click()
    monkeypatch.setattr(managed, "status", lambda: managed.Status(state, "", size))
    dialog.refresh()
    assert dialog.install.text() == label
    assert ("repair it" in dialog.state.text()) == (state in ("outdated", "broken"))
    dialog.install.click()
    until(lambda: asked)
    until(lambda: dialog.install.isEnabled())
    assert asked[0]["ACTION"] == label[1:].lower()


def test_cancel(dialog, does):
    def work(feedback):
        deadline = time.monotonic() + 10
        while not feedback.isCanceled() and time.monotonic() < deadline:
            time.sleep(0.01)
        return {}

    does(work)
    dialog.install.click()
    dialog.cancel.click()
    until(lambda: messages(dialog))
    ((level, text),) = messages(dialog)
    assert level == Qgis.MessageLevel.Info
    assert "Cancelled" in text


def test_offline_and_another_python_are_handed_over(dialog, does, tmp_path):
    asked = does(lambda feedback: {})
    (tmp_path / "wheels").mkdir()
    dialog.wheels.setFilePath(str(tmp_path / "wheels"))
    until(lambda: "no wheels" in dialog.summary.text())
    dialog.base.setFilePath("/usr/bin/python3")
    dialog.install.click()
    until(lambda: asked)
    until(lambda: dialog.install.isEnabled())
    assert asked[0]["WHEELS"] == str(tmp_path / "wheels")
    assert asked[0]["PYTHON"] == "/usr/bin/python3"


def test_remove_asks_first(dialog, does, monkeypatch, tmp_path):
    asked = does(lambda feedback: {})
    unfinished = tmp_path / "home" / "envs" / "light-0123abcd"
    unfinished.mkdir(parents=True)
    (unfinished / ".incomplete").touch()
    dialog.refresh()
    assert "not finished" in dialog.state.text()
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    dialog.remove_button.click()
    assert asked == []
    dialog.remove_button.click()
    until(lambda: asked)
    until(lambda: dialog.install.isEnabled())
    assert asked == [{"ACTION": "remove"}]


def test_own_python_becomes_the_setting_when_it_is_there(dialog):
    """Not while one types: half a path names something else, or nothing."""

    def setting():
        return ProcessingConfig.getSetting("KSDIFF_PYTHON") or ""

    seen = set()
    try:
        for path in ("/usr/bin", "/usr/bin/", "/usr/bin/nopython", "/usr/bin/python3"):
            dialog.own.lineEdit().setText(path)
            until(lambda: not dialog.own._wait.isActive())
            seen.add(setting())
        assert seen == {"", "/usr/bin/python3"}
        assert "/usr/bin/python3" in dialog.in_use.text()
    finally:
        dialog.own.setFilePath("")
        until(lambda: not dialog.own._wait.isActive())
    assert setting() == ""


def test_a_slow_look_does_not_hold_the_window_up(dialog, monkeypatch):
    def slow(*_, **__):
        time.sleep(1.0)
        raise RunError("It took long.")

    monkeypatch.setattr(managed, "plan", slow)
    (light,) = (b for b in dialog.choices.buttons() if b.text().startswith("Light"))
    before = time.monotonic()
    light.click()
    assert time.monotonic() - before < 0.5
    until(lambda: "It took long." in dialog.summary.text())


def test_cancelled_in_the_list_of_tasks(dialog, does):
    def work(feedback):
        deadline = time.monotonic() + 10
        while not feedback.isCanceled() and time.monotonic() < deadline:
            time.sleep(0.01)
        return {}

    asked = does(work)
    dialog.install.click()
    until(lambda: asked)
    dialog.job._task.cancel()
    until(lambda: messages(dialog))
    assert messages(dialog)[0][0] == Qgis.MessageLevel.Info


def test_shown_again_it_looks_again(dialog, tmp_path):
    dialog.close()
    unfinished = tmp_path / "home" / "envs" / "light-0123abcd"
    unfinished.mkdir(parents=True)
    (unfinished / ".incomplete").touch()
    dialog.show()
    assert "not finished" in dialog.state.text()


def test_every_control_can_be_reached_by_key(dialog):
    dialog.base.window()
    for button in dialog.findChildren(QAbstractButton):
        if button.isVisible() and button.text() and button.isEnabled():
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, button.text()
    mnemonics = [
        b.text()[b.text().index("&") + 1] for b in dialog.buttons.buttons() if "&" in b.text()
    ]
    assert len(set(map(str.lower, mnemonics))) == len(mnemonics)
    assert dialog.isVisible()
    dialog.reject()  # what Esc does
    assert not dialog.isVisible()


# --- in another language ---

# Words that hardly an English sentence is without, and that no German one has.
ENGLISH = re.compile(r"\b(?:and|are|for|from|is|of|that|the|to|with)\b", re.IGNORECASE)
REMEDY = "make translations"


def english(texts):
    """Those that have English words in them, but for paths and commands."""
    plain = {text: re.sub(r"`[^`]*`|\S*[/\\\\]\S*", "", text) for text in texts}
    return [text for text, words in plain.items() if ENGLISH.search(words)]


def shown(dialog):
    labels = [
        each.text() for kind in (QLabel, QAbstractButton) for each in dialog.findChildren(kind)
    ]
    titles = [each.title() for each in dialog.findChildren(QGroupBox)]
    return {dialog.windowTitle(), *labels, *titles, *(text for _, text in messages(dialog))}


def test_in_german_no_sentence_of_the_window_is_english(
    german, opened, does, monkeypatch, tmp_path
):
    gpu = nvidia.Gpu("NVIDIA T4", "590.10", (7, 5), 15360)
    monkeypatch.setattr(pythons, "platform_name", lambda *_: "linux-x86_64")
    monkeypatch.setattr(nvidia, "find", lambda: [gpu])
    monkeypatch.setenv("KSDIFF_PYTHON", "/usr/bin/python3")
    dialog = opened()
    assert "PyTorch" in dialog.summary.text(), "what is to be known of the size full"
    assert english(shown(dialog)) == [], REMEDY
    for state in ("busy", "unfinished", "outdated", "broken", "ready"):
        monkeypatch.setattr(
            managed, "status", lambda state=state: managed.Status(state, "", "full")
        )
        monkeypatch.setenv("KSDIFF_PYTHON", f"/nowhere/{state}")
        dialog.refresh()
        assert state in dialog.in_use.text()
        assert english(shown(dialog)) == [], REMEDY
    dialog.wheels.setFilePath(str(tmp_path))
    until(lambda: "*.whl" in dialog.summary.text())
    assert english(shown(dialog)) == [], REMEDY


def test_in_german_what_cannot_be_had_is_told_in_german(german, plugin, monkeypatch):
    monkeypatch.setattr(nvidia, "find", lambda: [nvidia.Gpu("A", "470.1", (9, 0), 1)])
    for platform, size in (
        ("linux-x86_64", "gpu"),
        ("macos-x86_64", "full"),
        ("windows-aarch64", "light"),
    ):
        monkeypatch.setattr(pythons, "platform_name", lambda *_, name=platform: name)
        assert english([str(offer.not_offered(size))]) == [], REMEDY


@pytest.mark.parametrize("named", ["/nowhere/python", ""])
def test_in_german_a_missing_runtime_is_told_in_german(
    german, iface, qgis_processing, monkeypatch, tmp_path, named
):
    monkeypatch.setenv("KSDIFF_PYTHON", named)
    monkeypatch.setattr(paths, "ROOT", tmp_path)  # a checkout has an environment of its own
    made = ksdiff_qgis.classFactory(iface)
    made.initGui()
    try:
        text = iface.messageBar().currentItem().text()
        assert "KSDiff" in text or named in text
        assert english([text]) == [], REMEDY
    finally:
        made.unload()
