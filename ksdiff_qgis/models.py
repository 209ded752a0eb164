# SPDX-License-Identifier: GPL-2.0-or-later
"""The models that are there, read without the worker: what each says of itself, and what it fits.

A model is `<folder>/<name>/<name>.safetensors` with its ONNX graphs beside it. The file begins with
the length of its header (8 bytes), then comes the header (JSON), which holds the card. The worker
checks more before it runs a model; what is read here only decides what is offered.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt, pyqtSignal, pyqtSlot

from . import paths
from .language import tr

_LONGEST = 1 << 24  # bytes of a header; those of our models have some ten thousand
_KNOWN = json.loads((paths.RESOURCES / "modelfile.json").read_text(encoding="utf-8"))
GRAPHS: Mapping[str, list[str]] = _KNOWN["graphs"]


@dataclass(frozen=True)
class Model:
    """A model file as far as it could be read; `problem` says why it cannot be used, if so.

    `bands` None is any number. `sensors` are keys of sensor cards, none for any sensor.
    """

    path: Path
    shipped: bool = False
    problem: str = ""
    method: str = ""
    bands: int | None = None
    ratios: tuple[float, float] = (0.0, 0.0)
    sensors: tuple[str, ...] = ()
    licence: str = ""
    notes: str = ""
    scores: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As it is called in lists, commands and folders."""
        return self.path.stem

    @property
    def size(self) -> int:
        """Bytes of all of its files."""
        files = self.path.parent.glob(self.name + ".*")
        try:
            return sum(file.stat().st_size for file in files if file.is_file())
        except OSError:
            return 0


def folder() -> Path:
    """Where the user's own models are; outside the plugin, so an update leaves them alone."""
    return paths.home() / "models"


def runs() -> Path:
    """Where trainings keep what they need to go on."""
    return paths.home() / "training"


def all_models() -> list[Model]:
    """Shipped ones first, then one's own, each by name."""
    found = [read(path, shipped=True) for path in _files(paths.RESOURCES / "models")]
    taken = {model.name for model in found}
    return found + [read(path) for path in _files(folder()) if path.stem not in taken]


def _files(place: Path) -> list[Path]:
    try:
        # Lists and helps may take names for markup; no model of ours is named so.
        names = sorted(e.name for e in place.iterdir() if not re.match(r"\.|.*[<>&]", e.name))
    except OSError:
        return []
    named = [place / name / (name + ".safetensors") for name in names]
    return [path for path in named if _is_there(path)]


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # its folder may not be looked into: `read` tells
        return True


def fitting(method: str) -> list[Model]:
    """The models that a method can use."""
    return [model for model in all_models() if not model.problem and model.method == method]


def find(name: str) -> Model | None:
    """The model of that name, whatever its state."""
    return next((model for model in all_models() if model.name == name), None)


def misfit(model: Model, method: str) -> str:
    """Why a method cannot use a model; empty where it can."""
    if model.problem:
        return model.problem
    if model.method != method:
        return tr("it is a model for the method {}").format(model.method)
    return ""


def bands_problem(model: Model, bands: int) -> str:
    """Why a model cannot sharpen an MS of so many bands; empty where it can."""
    if model.problem:
        return tr("The model '{}' cannot be used: {}.").format(model.name, model.problem)
    if model.bands in (None, bands):
        return ""
    fits = [other.name for other in fitting(model.method) if other.bands in (None, bands)]
    return tr("The model '{}' is for {} bands, MS has {}. It fits: {}.").format(
        model.name, model.bands, bands, ", ".join(fits) or tr("no model that is here")
    )


def name_problem(name: str) -> str:
    """Why a model of one's own cannot be called so; empty where it can."""
    if not re.fullmatch(_KNOWN["name"], name) or name in _KNOWN["reserved"]:
        return tr(
            "'{}' cannot be the name of a model: up to 64 letters without accents, digits, - and "
            "_, beginning with a letter or digit; {} have a meaning of their own, and names such "
            "as NUL or COM1 have one in Windows."
        ).format(name, tr(" and ").join(_KNOWN["reserved"]))
    model = next((m for m in all_models() if m.name.lower() == name.lower()), None)
    if model is not None and model.shipped:
        return tr("The model '{}' came with the plugin: give another name.").format(model.name)
    if model is not None or (folder() / name).exists():
        return tr("There is a model '{}' already: give another name, or delete it.").format(name)
    return ""


def changed() -> None:
    """Have the algorithms offer the models that are there now; soon, and from any thread.

    Not at once: whoever asks may be one of the algorithms that are then made anew.
    """
    _refresher().asked.emit()


class _Refresher(QObject):
    """Lives in the main thread: those that work may have no events, so no timers either."""

    asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.moveToThread(QCoreApplication.instance().thread())
        self.asked.connect(self.refresh, Qt.ConnectionType.QueuedConnection)

    @pyqtSlot()
    def refresh(self) -> None:
        provider = QgsApplication.processingRegistry().providerById("ksdiff")
        if provider is not None:
            provider.refreshAlgorithms()


@cache
def _refresher() -> _Refresher:
    return _Refresher()


def delete(name: str) -> str:
    """Delete a model of one's own; what is wrong where it stays, else empty."""
    model = find(name)
    if model is None:
        return tr("There is no model '{}'.").format(name)
    if model.shipped:
        return tr("The model '{}' came with the plugin and stays.").format(name)
    home = model.path.parent
    gone = home.with_name(f".{name}.deleted")
    try:
        shutil.rmtree(gone, ignore_errors=True)
        home.rename(gone)  # all of it is gone at once, or none
    except OSError as error:
        return tr("{} cannot be deleted: {}.").format(home, error.strerror or error)
    shutil.rmtree(gone, ignore_errors=True)
    return ""


def read(path: Path, shipped: bool = False) -> Model:
    """A model file; whatever is wrong with it is told in the result."""
    try:
        card = _card(path)
        return _model(path, shipped, card)
    except OSError as error:
        problem = tr("it cannot be read ({})").format(error.strerror or error)
    except (LookupError, ArithmeticError, ValueError, TypeError, RecursionError):
        problem = tr("it is damaged, or no model of KSDiff")
    return Model(path, shipped, problem)


def _card(path: Path) -> dict[str, Any]:
    """The card in a file's header. Raises ValueError or KeyError where there is none."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(_LONGEST, path.stat().st_size - 8):
            raise ValueError(length)
        header = json.loads(file.read(length).decode("utf-8"))
    card = json.loads(header["__metadata__"]["card"])
    if not isinstance(card, dict):
        raise TypeError(card)
    return card


def _plain(value: object) -> str:
    """What a card says, for a sentence: short, and nothing that a window takes for markup."""
    return re.sub(r"[^\w .-]", "?", str(value)[:64])


def _model(path: Path, shipped: bool, card: Mapping[str, Any]) -> Model:
    problem = ""
    if card["format"] != _KNOWN["format"]:
        problem = tr("it has format {}, this plugin reads format {}").format(
            _plain(card["format"]), _KNOWN["format"]
        )
    elif card["method"] not in GRAPHS:
        problem = tr("its method {} is unknown to this plugin").format(_plain(card["method"]))
    elif card["name"] != path.stem:
        problem = tr("its files were renamed, it was '{}'").format(_plain(card["name"]))
    else:
        graphs = [path.with_name(f"{path.stem}.{role}.onnx") for role in GRAPHS[card["method"]]]
        missing = [graph.name for graph in graphs if not graph.is_file()]
        if missing:
            problem = tr("{} is missing beside it").format(missing[0])
    bands, low_high = card["bands"], card["ratios"]
    if bands is not None and (not isinstance(bands, int) or bands < 1):
        raise ValueError(bands)
    return Model(
        path,
        shipped,
        problem,
        str(card["method"]),
        bands,
        (float(low_high[0]), float(low_high[1])),
        tuple(str(key) for key in card.get("sensors") or ()),
        str(card.get("licence") or ""),
        str(card.get("notes") or ""),
        card["scores"] if isinstance(card.get("scores"), dict) else {},
    )
