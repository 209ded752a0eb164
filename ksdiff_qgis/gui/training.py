# SPDX-License-Identifier: GPL-2.0-or-later
"""Window that trains a model, in four pages: images, ground and time, training, result."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from qgis.core import Qgis, QgsProject, QgsRasterLayer
from qgis.gui import QgsFileWidget, QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QPixmap
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from .. import models
from ..algorithms import methods, train, trainingset
from ..algorithms import parameters as p
from ..language import tr
from ..layers.geometry import data_bands
from ..layers.pairing import match_pairs
from . import curve
from .background import BackgroundRun
from .pathfield import PathField
from .trainingresult import TrainingResult

IMAGES, GROUND, RUNNING, RESULT = range(4)
PREPARE, TRAIN = "ksdiff:trainingset", "ksdiff:train"
MINUTES = (5, 20, 60, 240)
USUAL = 20
_PAIR = Qt.ItemDataRole.UserRole
_GROWING = QSizePolicy.Policy.Expanding


class TrainingDialog(QDialog):
    """Four pages, one after the other; a training continues when the window is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("KSDiff: train for a sensor"))
        self.resize(720, 640)
        self.job: BackgroundRun | None = None
        #: Opens the dialog of an algorithm with parameters; set by the menu.
        self.use: Callable[[str, Mapping[str, Any]], None] = lambda algorithm, given: None
        self._data = self._trained = ""
        self._bar = QgsMessageBar()
        self.steps = QLabel()
        self.pages = QStackedWidget()
        self.outcome = TrainingResult()
        for page in (self._images(), self._ground(), self._running(), self.outcome):
            self.pages.addWidget(page)
        self.progress = QProgressBar()
        self._make_buttons()
        layout = QVBoxLayout(self)
        layout.addWidget(self._bar)
        layout.addWidget(self.steps)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.progress)
        layout.addWidget(self.buttons)
        self._turn_to(IMAGES)

    def messageBar(self) -> QgsMessageBar:
        """Return the bar, as the dialogs of Processing do."""
        return self._bar

    # --- pages ---

    def _images(self) -> QWidget:
        """Return the page for the images: pairs of layers of the project, or a folder."""
        self.pairs = QListWidget()
        self.pairs.setAccessibleName(tr("Pairs of layers"))
        self.folder = PathField(QgsFileWidget.StorageMode.GetDirectory)
        self.name = QLineEdit()
        self.method = QComboBox()
        self.method.addItem("KSDiff", methods.KSDIFF)
        self.method.addItem("SRINO", methods.SRINO)
        form = QFormLayout()
        form.addRow(tr("Or a &folder of pairs:"), self.folder)
        form.addRow(tr("&Name of the new model:"), self.name)
        form.addRow(tr("&Method:"), self.method)
        return _page(
            _wrapped(
                tr(
                    "A model learns your sensor from pairs of PAN and MS. One large scene is "
                    "enough to begin with; several of different landscapes are better. Leave out "
                    "cloudy ones."
                )
            ),
            self.pairs,
            form,
        )

    def _ground(self) -> QWidget:
        """Return the page with the ground to train on, and the training time."""
        self.map = QLabel()
        self.map.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.map.setAccessibleName(tr("Map of the ground"))
        self.facts = _wrapped()
        self.minutes = QComboBox()
        for minutes in MINUTES:
            shown = tr("{} minutes").format(minutes) if minutes < 120 else tr("{} hours")
            self.minutes.addItem(shown.format(minutes // 60), minutes)
        self.minutes.setCurrentIndex(MINUTES.index(USUAL))
        form = QFormLayout()
        form.addRow(tr("Train for a&bout:"), self.minutes)
        return _page(
            self.map,
            _wrapped(
                tr("Blue: trained on. Orange: held out, the model is scored there. Grey: left out.")
            ),
            self.facts,
            form,
            _wrapped(
                tr(
                    "The number of steps is what this device does in that time; it is measured "
                    "first. The training can be stopped and continued."
                )
            ),
        )

    def _running(self) -> QWidget:
        self.curve = curve.CurvePanel()
        self.status = _wrapped()
        return _page(self.curve, self.status)

    def _make_buttons(self) -> None:
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.back = self.buttons.addButton(tr("Bac&k"), role)
        self.stop = self.buttons.addButton(tr("&Stop"), role)
        self.delete = self.buttons.addButton(tr("&Delete the model"), role)
        self.next = self.buttons.addButton("", role)
        self.next.setDefault(True)
        self.back.clicked.connect(lambda: self._turn_to(IMAGES))
        self.stop.clicked.connect(self._stop)
        self.delete.clicked.connect(self._delete)
        self.next.clicked.connect(self._go_on)
        self.buttons.rejected.connect(self.reject)

    def _turn_to(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        names = (tr("Images"), tr("Ground and time"), tr("Training"), tr("Result"))
        marked = [f"<b>{name}</b>" if n == page else name for n, name in enumerate(names)]
        self.steps.setText(" &gt; ".join(marked))
        if page == IMAGES:
            self._list_pairs()
        self._refresh()
        self.next.setFocus()

    def _refresh(self) -> None:
        page, busy = self.pages.currentIndex(), self.job is not None
        texts = (tr("&Look at the ground"), tr("&Train"), "", tr("&Use this model…"))
        self.next.setText(texts[page])
        self.next.setVisible(page != RUNNING)
        self.next.setEnabled(not busy)
        self.back.setVisible(page != IMAGES)
        self.back.setEnabled(not busy)
        self.stop.setVisible(busy)
        self.delete.setVisible(page == RESULT)
        self.progress.setVisible(busy)

    # --- what to train on ---

    def _list_pairs(self) -> None:
        """List the pairs of the project's layers; those unchecked before stay so."""
        off = {item.text() for item in self.items() if not _checked(item)}
        self.pairs.clear()
        layers = QgsProject.instance().mapLayers().values()
        rasters = [layer for layer in layers if isinstance(layer, QgsRasterLayer)]
        pans = [layer for layer in rasters if len(data_bands(layer)) == 1]
        found, _ = match_pairs(pans, [layer for layer in rasters if layer not in pans])
        for pan, ms in found:
            item = QListWidgetItem(f"{pan.name()} + {ms.name()}")
            item.setData(_PAIR, (pan.id(), ms.id()))
            state = Qt.CheckState.Unchecked if item.text() in off else Qt.CheckState.Checked
            item.setCheckState(state)
            self.pairs.addItem(item)
        if not found:
            self.pairs.addItem(tr("There is no pair of PAN and MS in the project."))
        if not self.name.text() and found:
            self.name.setText(_free_name(found[0][1].name()))

    def items(self) -> list[QListWidgetItem]:
        items = [self.pairs.item(row) for row in range(self.pairs.count())]
        return [item for item in items if item.data(_PAIR)]

    def _go_on(self) -> None:
        self._bar.clearWidgets()
        page = self.pages.currentIndex()
        if page == IMAGES:
            self._prepare()
        elif page == GROUND:
            self._train()
        elif page == RESULT:
            algorithm = "ksdiff:" + self.method.currentData()
            given = {p.MODEL: self._trained}
            if self.method.currentData() == methods.KSDIFF:
                given[p.METHOD] = methods.KSDIFF
            self.use(algorithm, given)

    def _prepare(self) -> None:
        """Make the training set, and show its contents."""
        chosen = [item.data(_PAIR) for item in self.items() if _checked(item)]
        folder = self.folder.filePath().strip()
        problem = models.name_problem(self.name.text().strip())
        if not chosen and not folder:
            problem = tr("Choose a pair of layers, or a folder of pairs.")
        if problem:
            self._bar.pushMessage(problem, Qgis.MessageLevel.Warning, 0)
            return
        models.runs().mkdir(parents=True, exist_ok=True)
        self._data = str(models.runs() / (self.name.text().strip() + trainingset.SUFFIX))
        given = {trainingset.FOLDER: folder, p.OUTPUT: self._data}
        if chosen:
            given[trainingset.PANS], given[trainingset.MSS] = map(list, zip(*chosen))
        self._run(PREPARE, given, self._show_ground)

    def _show_ground(self, found: Mapping[str, Any]) -> None:
        picture = QPixmap(str(found.get("MAP") or ""))
        self.map.setPixmap(picture)
        self.map.setVisible(not picture.isNull())
        parts = [
            tr("Pairs: {}. Patches to train on: {}, held out: {}.").format(
                found.get("PAIRS"), found.get("PATCHES"), found.get("HELD_OUT_PATCHES")
            ),
            found.get("GROUND") or "",
        ]
        left_out = str(found.get("LEFT_OUT") or "")
        if left_out:
            parts += [tr("Pairs left out:"), left_out]
        if not found.get("HELD_OUT_PATCHES"):
            parts.append(
                tr("There is too little ground to hold any out: the model will have no scores.")
            )
        self.facts.setText("\n".join(filter(None, parts)))
        self._turn_to(GROUND)

    # --- the training ---

    def _train(self) -> None:
        name = self.name.text().strip()
        given = {
            train.DATA: self._data,
            train.NAME: name,
            p.METHOD: self.method.currentData(),
            train.MINUTES: self.minutes.currentData(),
        }
        self.curve.begin()
        curve.expect(name, self.curve)
        self._run(TRAIN, given, self._show_result)
        self._turn_to(RUNNING)

    def _show_result(self, found: Mapping[str, Any]) -> None:
        self._trained = str(found.get("NAME") or "")
        self.outcome.tell(json.loads(found.get("IN_USE") or "{}"), bool(found.get("GAINED")))
        self._turn_to(RESULT)

    def _delete(self) -> None:
        asked = tr("Delete the model '{}'?").format(self._trained)
        if QMessageBox.question(self, self.windowTitle(), asked) == QMessageBox.StandardButton.Yes:
            problem = models.delete(self._trained)
            if problem:
                self._bar.pushMessage(problem, Qgis.MessageLevel.Warning, 0)
            else:
                self._turn_to(IMAGES)

    # --- runs ---

    def _run(
        self, algorithm: str, given: Mapping[str, Any], then: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self.progress.setValue(0)
        self.job = BackgroundRun(algorithm, given, self)
        self.job.status.connect(self.status.setText)
        self.job.progressed.connect(lambda percent: self.progress.setValue(int(percent)))
        self.job.finished.connect(lambda *ended: self._done(*ended, then))
        self.job.start()
        self._refresh()

    def _stop(self) -> None:
        self.job.cancel()
        self.stop.setEnabled(False)

    def _done(
        self,
        good: bool,
        found: Mapping[str, Any],
        failure: str,
        then: Callable[[Mapping[str, Any]], None],
    ) -> None:
        job, self.job = self.job, None
        cancelled = job.cancelled
        job.deleteLater()
        self.stop.setEnabled(True)
        if good:
            then(found)
            return
        if cancelled:
            text = tr("Stopped. Press Train again to continue with the same name and images.")
            self._bar.pushMessage(text, Qgis.MessageLevel.Info, 0)
        else:
            self._bar.pushMessage(failure.strip(), Qgis.MessageLevel.Critical, 0)
        if self.pages.currentIndex() == RUNNING:
            self._turn_to(GROUND)
        self._refresh()


def _page(*parts: QWidget | QFormLayout) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        if isinstance(part, QFormLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part, part.sizePolicy().verticalPolicy() == _GROWING)
    layout.addStretch(0)
    return page


def _wrapped(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label


def _checked(item: QListWidgetItem) -> bool:
    return item.checkState() == Qt.CheckState.Checked


def _free_name(layer: str) -> str:
    """Return a name for a model, from that of a layer."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", layer).strip("-_") or "my-sensor"
    taken = {model.name.lower() for model in models.all_models()}
    numbers = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return next(name for name in (stem, *numbers) if name.lower() not in taken)
