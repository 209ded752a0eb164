# SPDX-License-Identifier: GPL-2.0-or-later
"""The Runtime dialog, with a stand-in for the algorithm that it runs."""

from __future__ import annotations

import threading

import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import Qgis, QgsApplication, QgsProcessingException
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QAbstractButton, QMessageBox
from qgis_helpers import until

from ksdiff_qgis.algorithms.runtime import RuntimeAlgorithm
from ksdiff_qgis.gui.runtime import RuntimeDialog
from ksdiff_qgis.runtime import environments, install_plan, sizes
from ksdiff_qgis.runtime.environments import State, Status
from ksdiff_qgis.runtime.errors import RunError
from ksdiff_qgis.runtime.install_plan import amount

MODERN = sizes.Gpu("NVIDIA T4", "590.10", (7, 5))


@pytest.fixture
def opened(plugin, home):
    """Open the dialog, without an environment."""
    dialogs = []

    def open_dialog():
        dialogs.append(RuntimeDialog())
        dialogs[-1].show()
        until(lambda: not dialogs[-1].loading)
        return dialogs[-1]

    yield open_dialog
    for dialog in dialogs:
        dialog.close()
        dialog.deleteLater()


@pytest.fixture
def dialog(opened):
    return opened()


@pytest.fixture
def algorithm(monkeypatch):
    """Replace what the algorithm does; returns the parameters of its runs."""
    runs = []

    def replace(work):
        def run(self, parameters, context, feedback):
            runs.append({name: value for name, value in parameters.items() if value})
            return work(feedback)

        monkeypatch.setattr(RuntimeAlgorithm, "processAlgorithm", run)
        return runs

    return replace


def messages(dialog):
    return [(item.level(), item.text()) for item in dialog.bar.items()]


def choose_light(dialog):
    """Choose the size as the user does."""
    for button in dialog.choices.buttons():
        button.click()
        if dialog.chosen == "light":
            return


def leave_unfinished(home):
    folder = home / "envs" / "light"
    folder.mkdir(parents=True)
    (folder / environments.INCOMPLETE).touch()


# --- display ---


def test_shows_what_an_installation_would_do(dialog, home):
    assert Status(State.MISSING).summary in dialog.state.text()
    assert dialog.chosen == sizes.RECOMMENDED
    for size in sizes.available([]):
        assert any(button.text().startswith(size.label) for button in dialog.choices.buttons())
    assert str(home / "envs") in dialog.summary.text()
    choose_light(dialog)
    assert dialog.chosen == "light"
    until(lambda: amount(sizes.available([])[0].download_mb) in dialog.summary.text())


@pytest.mark.parametrize(("gpus", "first"), [([], "light"), ([MODERN], "gpu")])
def test_light_is_offered_first_where_there_is_no_gpu(opened, monkeypatch, gpus, first):
    monkeypatch.setattr(sizes, "platform_name", lambda *_: "linux-x86_64")
    monkeypatch.setattr(sizes, "find_gpus", lambda: gpus)
    assert opened().chosen == first


def test_choice_of_the_user_stays_when_a_gpu_is_found(dialog, monkeypatch):
    monkeypatch.setattr(sizes, "platform_name", lambda *_: "linux-x86_64")
    choose_light(dialog)
    dialog.add_gpu_size(sizes.available([MODERN]))
    assert dialog.chosen == "light"
    assert len(dialog.choices.buttons()) == 3


def test_platform_without_packages_leaves_the_users_own_python(opened, monkeypatch):
    monkeypatch.setattr(sizes, "platform_name", lambda *_: "windows-aarch64")
    dialog = opened()
    assert dialog.choices.buttons() == []
    assert "windows-aarch64" in dialog.summary.text()
    assert not dialog.install.isEnabled()
    assert dialog.own.isEnabled()


def test_installed_size_gpu_is_chosen_once_the_driver_has_answered(opened, monkeypatch):
    monkeypatch.setattr(sizes, "platform_name", lambda *_: "linux-x86_64")
    monkeypatch.setattr(sizes, "find_gpus", lambda: [MODERN])
    monkeypatch.setattr(environments, "status", lambda: Status(State.OUTDATED, "gpu"))
    assert opened().chosen == "gpu"


def test_slow_plan_does_not_block_the_dialog(dialog, monkeypatch):
    answer = threading.Event()

    def slow(*_, **__):
        answer.wait(300)
        raise RunError("It took long.")

    monkeypatch.setattr(install_plan, "make_plan", slow)
    dialog.choose("full")  # returns although there is no answer
    answer.set()
    until(lambda: "It took long." in dialog.summary.text())


def test_state_is_updated_when_shown_again(dialog, home):
    dialog.close()
    leave_unfinished(home)
    dialog.show()
    assert Status(State.UNFINISHED).summary in dialog.state.text()


def test_every_control_is_reachable_by_key(dialog):
    for button in dialog.findChildren(QAbstractButton):
        if button.isVisible() and button.text() and button.isEnabled():
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, button.text()
    mnemonics = [
        b.text()[b.text().index("&") + 1] for b in dialog.buttons.buttons() if "&" in b.text()
    ]
    assert len(set(map(str.lower, mnemonics))) == len(mnemonics)
    dialog.reject()  # as Esc does
    assert not dialog.isVisible()


# --- actions ---


def test_install_shows_log_and_result(dialog, algorithm):
    def work(feedback):
        feedback.pushInfo("Fetching numpy")
        feedback.setProgress(40)
        return {"MESSAGE": "The environment is ready."}

    runs = algorithm(work)
    dialog.install.click()
    assert dialog.cancel.isEnabled()
    assert not dialog.install.isEnabled()
    until(lambda: messages(dialog))
    assert runs == [{"ACTION": "install", "SIZE": "light"}]
    assert "Fetching numpy" in dialog.log.toPlainText()
    assert messages(dialog) == [(Qgis.MessageLevel.Success, "The environment is ready.")]
    assert dialog.install.isEnabled()
    assert not dialog.cancel.isEnabled()


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        ("Alone.", ""),
        ("First.\nsecond\nLast.", "Last."),
        ("The disk is full.\nFree some space.\nLog: {log}", "Free some space."),
    ],
)
def test_failure_is_shown_with_its_remedy_until_the_next_try(dialog, algorithm, failure, advice):
    failure = failure.format(log=environments.log_path())

    def work(feedback):
        raise QgsProcessingException(failure)

    algorithm(work)
    dialog.install.click()
    until(lambda: messages(dialog))
    assert messages(dialog) == [(Qgis.MessageLevel.Critical, failure.splitlines()[0])]
    assert (dialog.advice.text(), dialog.advice.isVisible()) == (advice, bool(advice))
    assert failure.splitlines()[-1] in dialog.log.toPlainText()
    algorithm(lambda feedback: {"MESSAGE": "Good."})
    dialog.install.click()
    until(lambda: messages(dialog) == [(Qgis.MessageLevel.Success, "Good.")])
    assert not dialog.advice.isVisible()


@pytest.mark.parametrize(
    ("state", "size", "action"),
    [
        (State.READY, "light", "repair"),
        (State.OUTDATED, "light", "repair"),
        (State.BROKEN, "light", "repair"),
        (State.OUTDATED, "full", "install"),
        (State.UNFINISHED, "light", "install"),
        (State.MISSING, "", "install"),
    ],
)
def test_installed_size_is_repaired_and_another_one_installed(
    dialog, algorithm, monkeypatch, state, size, action
):
    runs = algorithm(lambda feedback: {})
    choose_light(dialog)
    monkeypatch.setattr(environments, "status", lambda: Status(state, size))
    dialog.refresh()
    dialog.install.click()
    until(lambda: runs and dialog.install.isEnabled())
    assert runs[0]["ACTION"] == action


@pytest.mark.parametrize("in_task_list", [False, True])
def test_cancel(dialog, algorithm, in_task_list):
    def work(feedback):
        until(feedback.isCanceled, 10)
        return {}

    runs = algorithm(work)
    dialog.install.click()
    until(lambda: runs)
    (task,) = QgsApplication.taskManager().activeTasks()
    task.cancel() if in_task_list else dialog.cancel.click()
    until(lambda: messages(dialog))
    assert [level for level, _ in messages(dialog)] == [Qgis.MessageLevel.Info]


def test_wheels_and_base_are_passed_on(dialog, algorithm, tmp_path):
    runs = algorithm(lambda feedback: {})
    (tmp_path / "wheels").mkdir()
    dialog.wheels.setFilePath(str(tmp_path / "wheels"))
    until(lambda: "*.whl" in dialog.summary.text())  # there are none
    dialog.base.setFilePath("/usr/bin/python3")
    dialog.install.click()
    until(lambda: runs and dialog.install.isEnabled())
    assert runs[0]["WHEELS"] == str(tmp_path / "wheels")
    assert runs[0]["PYTHON"] == "/usr/bin/python3"


def test_remove_asks_first(dialog, algorithm, monkeypatch, home):
    runs = algorithm(lambda feedback: {})
    leave_unfinished(home)
    dialog.refresh()
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    dialog.remove_button.click()
    assert runs == []
    dialog.remove_button.click()
    until(lambda: runs and dialog.install.isEnabled())
    assert runs == [{"ACTION": "remove"}]


def test_own_python_becomes_the_setting_when_it_exists(dialog):
    """Not while the user types: half a path names something else, or nothing."""

    def setting():
        return ProcessingConfig.getSetting(environments.PYTHON_VARIABLE) or ""

    def enter(path):
        dialog.own.lineEdit().setText(path)
        until(lambda: not dialog.own.findChild(QTimer).isActive())
        return setting()

    try:
        for path in ("/usr/bin", "/usr/bin/nopython"):
            assert enter(path) == ""
        assert enter("/usr/bin/python3") == "/usr/bin/python3"
        assert "/usr/bin/python3" in dialog.in_use.text()
    finally:
        assert enter("") == ""
