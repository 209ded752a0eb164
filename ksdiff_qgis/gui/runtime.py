# SPDX-License-Identifier: GPL-2.0-or-later
"""Window that installs, tests, repairs and removes the worker's environment."""

from __future__ import annotations

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
from ..algorithms.runtime import Action
from ..language import tr
from ..runtime import environments, install_plan, sizes
from ..runtime.environments import PYTHON_VARIABLE, State
from ..runtime.errors import RunError
from ..runtime.install_plan import amount
from ..runtime.interpreter import Interpreter, find_interpreter
from .background import BackgroundRun
from .pathfield import PathField

ALGORITHM = "ksdiff:runtime"


class RuntimeDialog(QDialog):
    """State of the environment, sizes to choose from, and the running action with its log.

    An action continues when the dialog is closed, and is shown when it is opened again.
    """

    changed = pyqtSignal()  # the environment was installed or removed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("KSDiff: runtime"))
        self.resize(680, 720)
        self.job: BackgroundRun | None = None
        self._tasks: dict[str, QgsTask] = {}
        self._user_chose = False
        self._action = Action.INSTALL  # of the install button
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
        self.own.setFilePath(ProcessingConfig.getSetting(PYTHON_VARIABLE) or "")
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
        self.choices.buttonClicked.connect(lambda _button: self._note_choice())
        for size in sizes.available([]):
            self._add_size(size)
        self._choose_first()
        self._in_background("gpu", sizes.available, self.add_gpu_size)

    # --- display ---

    def _make_buttons(self) -> None:
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.install = self.buttons.addButton(tr("&Install"), role)
        self.test = self.buttons.addButton(tr("&Test"), role)
        self.remove_button = self.buttons.addButton(tr("&Remove…"), role)
        self.copy = self.buttons.addButton(tr("Cop&y log"), role)
        self.cancel = self.buttons.addButton(tr("&Cancel"), role)
        self.install.clicked.connect(self._install)
        self.test.clicked.connect(lambda: self._run(Action.SELFTEST))
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
        self.refresh()  # the algorithm may have been run elsewhere

    def _add_size(self, size: sizes.Size) -> None:
        """Add a radio button for a size."""
        text = tr("{} - download about {}, on the disk {}").format(
            size.label, amount(size.download_mb), amount(size.disk_mb)
        )
        button = QRadioButton(text)
        self._sizes[button] = size.name
        self.choices.addButton(button)
        box = self._size_box.layout()
        box.insertWidget(box.count() - 1, button)

    def _choose_first(self) -> None:
        """Select the size that is installed, or recommended, or the first one available."""
        if not self._sizes:
            self._plan()  # says why nothing is available
        for size in (environments.status().size, sizes.RECOMMENDED, *self._sizes.values()):
            if self.choices.checkedButton() is None:
                self.choose(size)

    def choose(self, size: str) -> None:
        """Select a size, if it is available."""
        button = self._button_of(size)
        if button is not None:
            button.setChecked(True)

    def _note_choice(self) -> None:
        self._user_chose = True

    def add_gpu_size(self, found: list[sizes.Size]) -> None:
        """Add the size for a GPU once nvidia-smi, which may take seconds, has answered.

        It is selected if it is installed, or nothing is and the user has not chosen meanwhile.
        """
        installed = environments.status().size
        for size in found:
            if self._button_of(size.name) is None:
                self._add_size(size)
                if installed in ("", size.name) and not self._user_chose:
                    self.choose(size.name)

    def _button_of(self, size: str) -> QRadioButton | None:
        return next((button for button, name in self._sizes.items() if name == size), None)

    def _in_background(
        self, name: str, work: Callable[[], Any], then: Callable[[Any], None]
    ) -> None:
        """Do work of seconds in another thread; only the newest task of a name counts."""

        def done(error: Exception | None, found: Any = None) -> None:
            if self._tasks.get(name) is task:
                del self._tasks[name]
                if error is None:
                    then(found)

        task = QgsTask.fromFunction(tr("KSDiff: runtime"), lambda _: work(), on_finished=done)
        self._tasks[name] = task
        QgsApplication.taskManager().addTask(task)

    def refresh(self) -> None:
        """Show the current state."""
        now = environments.status()
        self.state.setText(f"<b>{now.summary}</b>")
        try:
            used: Interpreter | None = in_use()
            text = tr("In use: {} ({}).").format(used.path, used.origin)
        except RunError as error:
            used, text = None, error.message
        self.in_use.setText(text)
        self.in_use.setVisible(text != now.summary)
        running = self.job is not None
        again = now.state in (State.READY, State.OUTDATED, State.BROKEN) and now.size == self.chosen
        self._action = Action.REPAIR if again else Action.INSTALL
        self.install.setText(tr("&Repair") if again else tr("&Install"))
        self.install.setEnabled(not running and bool(self._sizes))
        self.test.setEnabled(not running and used is not None)
        self.remove_button.setEnabled(not running and now.state not in (State.MISSING, State.BUSY))
        self.cancel.setEnabled(running)
        self.progress.setVisible(running)

    @property
    def loading(self) -> bool:
        """Return whether GPUs or the plan are still looked up in the background."""
        return bool(self._tasks)

    @property
    def chosen(self) -> str:
        """Name of the selected size."""
        return self._sizes.get(self.choices.checkedButton(), sizes.RECOMMENDED)

    def _plan(self) -> None:
        """Show what an installation would do."""
        size, wheels, base = self.chosen, self.wheels.filePath(), self.base.filePath()

        def plan() -> str:
            try:
                folder = Path(wheels) if wheels else None
                return install_plan.make_plan(size, python=base, wheels=folder).summary
            except RunError as error:
                return str(error)

        self._in_background("plan", plan, self.summary.setText)
        self.refresh()

    # --- actions ---

    def _install(self) -> None:
        base, wheels = self.base.filePath(), self.wheels.filePath()
        self._run(self._action, SIZE=self.chosen, PYTHON=base, WHEELS=wheels)

    def _remove(self) -> None:
        yes = QMessageBox.StandardButton.Yes
        asked = tr("Remove the environment in {}? It can be installed again.")
        where = environments.status().folder or paths.home()
        answer = QMessageBox.question(self, self.windowTitle(), asked.format(where))
        if answer == yes:
            self._run(Action.REMOVE)

    def _use_own(self) -> None:
        ProcessingConfig.setSettingValue(PYTHON_VARIABLE, self.own.filePath().strip())
        self.refresh()

    def _run(self, action: Action, **more: str) -> None:
        """Run the algorithm in the background."""
        self.bar.clearWidgets()
        self._advise("")
        self.log.clear()
        self.progress.setValue(0)
        given: dict[str, Any] = {"ACTION": action.value, **{k: v for k, v in more.items() if v}}
        self.job = BackgroundRun(ALGORITHM, given, self)
        self.job.logged.connect(self._say)
        self.job.progressed.connect(lambda percent: self.progress.setValue(int(percent)))
        self.job.finished.connect(self._done)
        self.job.start()
        self.refresh()

    def _say(self, line: str) -> None:
        self.log.appendPlainText(line)
        self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())

    def _cancel(self) -> None:
        self.job.cancel()
        self.cancel.setEnabled(False)

    def _done(self, good: bool, results: dict[str, Any], failure: str) -> None:
        job, self.job = self.job, None
        cancelled = job.cancelled
        job.deleteLater()
        level = Qgis.MessageLevel
        if good:
            self.bar.pushMessage(results.get("MESSAGE") or tr("Done."), level.Success, 0)
            self.changed.emit()
        elif cancelled:
            self.bar.pushMessage(tr("Cancelled; nothing was changed."), level.Info, 0)
        else:
            self._fail([line for line in failure.splitlines() if line.strip()])
            self.install.setFocus()
        self.refresh()

    def _fail(self, lines: list[str]) -> None:
        """Show what happened in the bar, and what to do below it."""
        if lines and str(environments.log_path()) in lines[-1]:
            lines = lines[:-1]
        message = lines[0] if lines else tr("The action failed.")
        self.bar.pushMessage(message, Qgis.MessageLevel.Critical, 0)
        self._advise(lines[-1] if len(lines) > 1 else "")

    def _advise(self, text: str) -> None:
        self.advice.setText(text)
        self.advice.setVisible(bool(text))


def _wrapped() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    return label


def in_use() -> Interpreter:
    """Return the interpreter that runs take. Raises RunError if there is none."""
    return find_interpreter(ProcessingConfig.getSetting(PYTHON_VARIABLE))


def runtime_problem(size: str = "") -> str:
    """Return why a run would fail at once, as a sentence; empty if it would not.

    Parameters
    ----------
    size : ``full`` for runs that need PyTorch, which the size light has not.
    """
    try:
        used = in_use()
    except RunError as error:
        return error.message
    now = environments.status()
    if size == "full" and used.path == now.python and now.size == "light":
        return tr("This needs the size full; the size light is installed.")
    return ""


def _open_home() -> None:
    folder = paths.home()
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
