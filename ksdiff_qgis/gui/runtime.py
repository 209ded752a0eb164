# SPDX-License-Identifier: GPL-2.0-or-later
"""The window that makes, tests, repairs and removes the worker's environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import Qgis, QgsApplication, QgsTask
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget, QgsMessageBar
from qgis.PyQt.QtCore import Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QShowEvent
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
from ..language import tr
from ..runtime import environment, managed
from ..runtime.errors import RunError
from .job import Job
from .pathfield import PathField

ALGORITHM = "ksdiff:runtime"


class RuntimeDialog(QDialog):
    """What there is, what can be installed and how large it is, and the work with its log.

    Closed while it works, it goes on working, and shows it when it is opened again.

    Parameters
    ----------
    parent : the window it belongs to.
    """

    changed = pyqtSignal()  # something was installed, or removed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("KSDiff: runtime"))
        self.resize(680, 720)
        self.job: Job | None = None
        self._tasks: dict[str, QgsTask] = {}
        self.bar = QgsMessageBar()
        self.advice = _wrapped()
        self.advice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.state = _wrapped()
        self.in_use = _wrapped()
        self.choices = QButtonGroup(self)
        self._sizes: dict[QRadioButton, str] = {}
        self._size_box = QGroupBox(tr("What to install"))
        self._size_box.setLayout(QVBoxLayout())
        self.summary = _wrapped()
        self.wheels = PathField(QgsFileWidget.StorageMode.GetDirectory)
        self.base = PathField(QgsFileWidget.StorageMode.GetFile)
        self.own = PathField(QgsFileWidget.StorageMode.GetFile)
        self.own.setFilePath(ProcessingConfig.getSetting(environment.VARIABLE) or "")
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setAccessibleName(tr("Log"))
        self.progress = QProgressBar()
        self._make_buttons()
        self._lay_out()
        self._advise("")
        self.wheels.settled.connect(self._plan)
        self.base.settled.connect(self._plan)
        self.own.settled.connect(self._use_own)
        self.choices.buttonToggled.connect(lambda _button, on: self._plan() if on else None)
        for size in managed.sizes([]):
            self._offer(size)
        self._choose_first()
        self._beside("gpu", managed.sizes, self._offer_more)

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
        for shown in (self.bar, self.advice, self.state, self.in_use):
            layout.addWidget(shown)
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
        for shown in (self.progress, self.buttons):
            layout.addWidget(shown)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()  # a run elsewhere may have changed what there is

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

    def _choose_first(self) -> None:
        """Choose what is installed, or recommended, or can be had; where nothing can, say why."""
        wanted = map(self._button_of, (managed.status().size, managed.RECOMMENDED))
        first = next(filter(None, (*wanted, *self._sizes)), None)
        if first is None:
            self._plan()
        else:
            first.click()

    def _offer_more(self, sizes: list[managed.Size]) -> None:
        """What the driver of a GPU allows, which may take seconds to answer."""
        installed = managed.status().size
        for size in sizes:
            if self._button_of(size.name) is None:
                self._offer(size)
                if size.name == installed and self.chosen == managed.RECOMMENDED:
                    self._choose_first()

    def _button_of(self, size: str) -> QRadioButton | None:
        return next((button for button, name in self._sizes.items() if name == size), None)

    def _beside(self, what: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Look at something that may take seconds, in another thread; the last look counts."""

        def done(error: Exception | None, found: Any = None) -> None:
            if self._tasks.get(what) is task:
                del self._tasks[what]
                if error is None:
                    then(found)

        task = QgsTask.fromFunction(tr("KSDiff: runtime"), lambda _: work(), on_finished=done)
        self._tasks[what] = task
        QgsApplication.taskManager().addTask(task)

    def refresh(self) -> None:
        """Show what there is now."""
        now = managed.status()
        self.state.setText(f"<b>{_words(now)}</b>")
        self.in_use.setText(_told_in_use())
        running = self.job is not None
        again = now.state in ("ready", "outdated", "broken") and now.size == self.chosen
        self.install.setText(tr("&Repair") if again else tr("&Install"))
        self.install.setEnabled(not running and bool(self._sizes))
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
        size, wheels, base = self.chosen, self.wheels.filePath(), self.base.filePath()

        def plan() -> str:
            try:
                folder = Path(wheels) if wheels else None
                return _summary(managed.plan(size, python=base, wheels=folder))
            except RunError as error:
                return str(error)

        self._beside("plan", plan, self.summary.setText)
        self.refresh()

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

    def _use_own(self) -> None:
        ProcessingConfig.setSettingValue(environment.VARIABLE, self.own.filePath().strip())
        self.refresh()

    def _run(self, action: str, **more: str) -> None:
        """Have the algorithm do it, in the background."""
        self.bar.clearWidgets()
        self._advise("")
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
        job, self.job = self.job, None
        cancelled = job is not None and job.cancelled
        if job is not None:
            job.deleteLater()
        level = Qgis.MessageLevel
        if good:
            self.bar.pushMessage(results.get("MESSAGE") or tr("Done."), level.Success, 0)
            self.changed.emit()
        elif cancelled:
            text = tr("Cancelled; what was there before is there still.")
            self.bar.pushMessage(text, level.Info, 0)
        else:
            self._fail([line for line in failure.splitlines() if line.strip()])
            self.install.setFocus()
        self.refresh()

    def _fail(self, said: list[str]) -> None:
        """What happened goes into the bar, what to do below it; our log has all lines."""
        if said and str(managed.log_path()) in said[-1]:
            said = said[:-1]
        self.bar.pushMessage(said[0] if said else tr("It failed."), Qgis.MessageLevel.Critical, 0)
        self._advise(said[-1] if len(said) > 1 else "")

    def _advise(self, text: str) -> None:
        self.advice.setText(text)
        self.advice.setVisible(bool(text))


def _wrapped() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    return label


def _summary(plan: managed.Plan) -> str:
    """What will be fetched, from where, how large, where to."""
    source = tr("from the package index")
    if plan.wheels is not None:
        source = tr("from the folder {}").format(plan.wheels)
    said = tr("About {} {}, {} on the disk ({} are free), into {}, with Python {} ({}).").format(
        *(_amount(plan.size.download_mb), source, _amount(plan.size.disk_mb)),
        *(_amount(plan.free_mb), paths.home() / "envs"),
        *(".".join(map(str, plan.base.version)), plan.base.path),
    )
    return f"{said} {plan.size.note}".strip()


def _words(now: managed.Status) -> str:
    """The state of the environment, for whoever has its buttons before them."""
    words = {
        "missing": tr("Nothing is installed yet."),
        "busy": tr("It is being installed or removed at the moment."),
        "unfinished": tr("An installation was not finished: install again."),
        "outdated": tr("Installed by another version of the plugin: repair it."),
        "broken": tr("The Python it was made from has gone or changed: repair it."),
        "ready": tr("Ready: {}").format(now.size),
    }
    return words[now.state]


def in_use() -> environment.Interpreter:
    """Which Python runs take, and why that one. Raises RunError where there is none."""
    setting = ProcessingConfig.getSetting(environment.VARIABLE)
    return environment.find(setting, paths.ROOT, os.environ)


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
