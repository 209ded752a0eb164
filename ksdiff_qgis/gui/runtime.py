# SPDX-License-Identifier: GPL-2.0-or-later
"""The window that makes, tests, repairs and removes the worker's environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import Qgis, QgsApplication, QgsTask
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget, QgsMessageBar
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from .. import paths
from ..algorithms.base import tr
from ..runtime import environment, managed
from ..runtime.errors import RunError
from .job import Job

ALGORITHM = "ksdiff:runtime"


class RuntimeDialog(QDialog):
    """What there is, what can be installed and how large it is, and the work with its log.

    Closed while it works, it goes on working, and shows it when it is opened again.

    Parameters
    ----------
    parent : the window it belongs to.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("KSDiff: runtime"))
        self.resize(680, 720)
        self.job: Job | None = None
        self._looking: QgsTask | None = None
        self.bar = QgsMessageBar()
        self.state = _wrapped()
        self.in_use = _wrapped()
        self.choices = QButtonGroup(self)
        self._sizes: dict[QRadioButton, str] = {}
        self._size_box = QGroupBox(tr("What to install"))
        self._size_box.setLayout(QVBoxLayout())
        self.summary = _wrapped()
        self.wheels = _file_widget(QgsFileWidget.StorageMode.GetDirectory)
        self.base = _file_widget(QgsFileWidget.StorageMode.GetFile)
        self.own = _file_widget(QgsFileWidget.StorageMode.GetFile)
        self.own.setFilePath(ProcessingConfig.getSetting(environment.VARIABLE) or "")
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setAccessibleName(tr("Log"))
        self.progress = QProgressBar()
        self._make_buttons()
        self._lay_out()
        self.wheels.fileChanged.connect(self._plan)
        self.base.fileChanged.connect(self._plan)
        self.own.fileChanged.connect(self._use_own)
        self.choices.buttonToggled.connect(lambda _button, on: self._plan() if on else None)
        for size in managed.sizes([]):
            self._offer(size)
        self._look_for_gpu()
        self.refresh()

    # --- what there is to see ---

    def _make_buttons(self) -> None:
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.install = self.buttons.addButton(tr("&Install"), role)
        self.test = self.buttons.addButton(tr("&Test"), role)
        self.remove_button = self.buttons.addButton(tr("&Remove…"), role)
        self.copy = self.buttons.addButton(tr("Cop&y log"), role)
        self.cancel = self.buttons.addButton(tr("&Cancel"), role)
        self.install.clicked.connect(self._install)
        self.test.clicked.connect(lambda: self._run("selftest"))
        self.remove_button.clicked.connect(self._remove)
        self.copy.clicked.connect(
            lambda: QgsApplication.clipboard().setText(self.log.toPlainText())
        )
        self.cancel.clicked.connect(self._cancel)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(self.bar)
        layout.addWidget(self.state)
        layout.addWidget(self.in_use)
        self._size_box.layout().addWidget(self.summary)
        layout.addWidget(self._size_box)
        more = QgsCollapsibleGroupBox(tr("Offline, or with another Python"))
        form = QFormLayout(more)
        form.addRow(tr("Install from a folder of &wheels:"), self.wheels)
        form.addRow(tr("&Base Python of the environment:"), self.base)
        form.addRow(tr("&Use my own Python instead:"), self.own)
        more.setCollapsed(True)
        layout.addWidget(more)
        folder = QPushButton(tr("Open the &folder"))
        folder.clicked.connect(_open_home)
        form.addRow(str(paths.home()), folder)
        layout.addWidget(self.log, 1)
        layout.addWidget(self.progress)
        layout.addWidget(self.buttons)

    def _offer(self, size: managed.Size) -> None:
        """A radio button for a size."""
        text = tr("{} - about {} to fetch, {} on the disk").format(
            size.label, _amount(size.download_mb), _amount(size.disk_mb)
        )
        button = QRadioButton(text)
        self._sizes[button] = size.name
        self.choices.addButton(button)
        box = self._size_box.layout()
        box.insertWidget(box.count() - 1, button)
        if size.name == managed.RECOMMENDED:
            button.setChecked(True)

    def _look_for_gpu(self) -> None:
        """The driver may take seconds to answer: ask it beside the window."""

        def found(error: object, sizes: list[managed.Size] | None = None) -> None:
            for size in sizes or []:
                if size.name not in self._sizes.values():
                    self._offer(size)

        def look(_task: QgsTask) -> list[managed.Size]:
            return managed.sizes()

        self._looking = QgsTask.fromFunction(tr("Looking for a GPU"), look, on_finished=found)
        QgsApplication.taskManager().addTask(self._looking)

    def refresh(self) -> None:
        """Show what there is now."""
        now = managed.status()
        self.state.setText(f"<b>{_words(now)}</b>")
        self.in_use.setText(_told_in_use())
        running = self.job is not None
        again = now.state == "ready" and now.size == self.chosen
        self.install.setText(tr("&Repair") if again else tr("&Install"))
        self.install.setEnabled(not running)
        self.test.setEnabled(not running and self._can_test())
        self.remove_button.setEnabled(not running and now.state not in ("missing", "busy"))
        self.cancel.setEnabled(running)
        self.progress.setVisible(running)

    @property
    def chosen(self) -> str:
        """Name of the chosen size."""
        return self._sizes.get(self.choices.checkedButton(), managed.RECOMMENDED)

    def _plan(self) -> None:
        """Say what would be fetched, from where, how large, where to."""
        try:
            self.summary.setText(self._planned().summary)
        except RunError as error:
            self.summary.setText(str(error))
        self.refresh()

    def _planned(self) -> managed.Plan:
        wheels = self.wheels.filePath()
        return managed.plan(
            self.chosen, python=self.base.filePath(), wheels=Path(wheels) if wheels else None
        )

    def _can_test(self) -> bool:
        try:
            in_use()
        except RunError:
            return False
        return True

    # --- what there is to do ---

    def _install(self) -> None:
        again = self.install.text() == tr("&Repair")
        self._run(
            "repair" if again else "install",
            SIZE=self.chosen,
            PYTHON=self.base.filePath(),
            WHEELS=self.wheels.filePath(),
        )

    def _remove(self) -> None:
        yes = QMessageBox.StandardButton.Yes
        asked = tr("Remove the environment in {}? It can be installed again.")
        where = managed.status().folder or paths.home()
        answer = QMessageBox.question(self, self.windowTitle(), asked.format(where))
        if answer == yes:
            self._run("remove")

    def _use_own(self, path: str) -> None:
        ProcessingConfig.setSettingValue(environment.VARIABLE, path.strip())
        self.refresh()

    def _run(self, action: str, **more: str) -> None:
        """Have the algorithm do it, in the background."""
        self.bar.clearWidgets()
        self.log.clear()
        self.progress.setValue(0)
        given: dict[str, Any] = {"ACTION": action, **{k: v for k, v in more.items() if v}}
        self.job = Job(ALGORITHM, given, self)
        self.job.said.connect(self._say)
        self.job.progressed.connect(lambda percent: self.progress.setValue(int(percent)))
        self.job.done.connect(self._done)
        self.job.start()
        self.refresh()

    def _say(self, line: str) -> None:
        self.log.appendPlainText(line)
        self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())

    def _cancel(self) -> None:
        if self.job is not None:
            self.job.cancel()
            self.cancel.setEnabled(False)

    def _done(self, good: bool, results: dict[str, Any], failure: str) -> None:
        cancelled = self.job is not None and self.job.cancelled
        self.job = None
        level = Qgis.MessageLevel
        if good:
            self.bar.pushMessage(results.get("MESSAGE") or tr("Done."), level.Success, 0)
        elif cancelled:
            text = tr("Cancelled; what was there before is there still.")
            self.bar.pushMessage(text, level.Info, 0)
        else:
            sentence = failure.strip().splitlines()[0] if failure.strip() else tr("It failed.")
            self.bar.pushMessage(sentence, level.Critical, 0)
            self.install.setFocus()
        self.refresh()


def _wrapped() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    return label


def _file_widget(mode: QgsFileWidget.StorageMode) -> QgsFileWidget:
    widget = QgsFileWidget()
    widget.setStorageMode(mode)
    return widget


def _words(now: managed.Status) -> str:
    """The state of the environment, for whoever has its buttons before them."""
    words = {
        "missing": tr("Nothing is installed yet."),
        "busy": tr("It is being installed or removed at the moment."),
        "unfinished": tr("An installation was not finished: install again."),
        "outdated": tr("Installed by another version of the plugin: install again."),
        "broken": tr("The Python it was made from has gone: install again."),
        "ready": tr("Ready: {}").format(now.size),
    }
    return words[now.state]


def _setting() -> str | None:
    return ProcessingConfig.getSetting(environment.VARIABLE)


def in_use() -> environment.Interpreter:
    """Which Python runs take, and why that one. Raises RunError where there is none."""
    return environment.find(_setting(), paths.ROOT, os.environ)


def _told_in_use() -> str:
    try:
        found = in_use()
    except RunError as error:
        return error.message
    return tr("In use: {} ({}).").format(found.path, found.origin)


def _amount(megabytes: int) -> str:
    if megabytes >= 1000:
        return tr("{:.1f} GB").format(megabytes / 1000)
    return tr("{} MB").format(megabytes)


def _open_home() -> None:
    folder = paths.home()
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
