# SPDX-License-Identifier: GPL-2.0-or-later
"""The installed models: their cards, read without the worker, and what each can be used for.

A model is `<folder>/<name>/<name>.safetensors` with its ONNX graphs next to it. The file begins
with the length of its header (8 bytes), followed by the header (JSON), which holds the card. This
module only decides which models to offer; the worker checks more before it runs one.
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

_MAX_HEADER = 1 << 24  # bytes; our models have some ten thousand
_FORMAT = json.loads((paths.RESOURCES / "modelfile.json").read_text(encoding="utf-8"))
GRAPHS: Mapping[str, list[str]] = _FORMAT["graphs"]


@dataclass(frozen=True)
class ModelInfo:
    """A model file as far as it could be read; `problem` says why it is not usable.

    `bands` None means any number. `sensors` are keys of sensor cards, none for any sensor.
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
        """Name in lists, commands and folders."""
        return self.path.stem

    @property
    def size(self) -> int:
        """Size of all its files in bytes."""
        files = self.path.parent.glob(self.name + ".*")
        try:
            return sum(file.stat().st_size for file in files if file.is_file())
        except OSError:
            return 0


def folder() -> Path:
    """Return the folder of the user's own models, which updates of the plugin keep."""
    return paths.home() / "models"


def runs() -> Path:
    """Return the folder of the training runs, with what they need to continue."""
    return paths.home() / "training"


def all_models() -> list[ModelInfo]:
    """Return the shipped models, then the user's own, each sorted by name."""
    found = [read(path, shipped=True) for path in _files(paths.RESOURCES / "models")]
    taken = {model.name for model in found}
    return found + [read(path) for path in _files(folder()) if path.stem not in taken]


def _files(place: Path) -> list[Path]:
    try:
        # Lists and helps may render names as markup; valid names have none.
        names = sorted(e.name for e in place.iterdir() if not re.match(r"\.|.*[<>&]", e.name))
    except OSError:
        return []
    named = [place / name / (name + ".safetensors") for name in names]
    return [path for path in named if _exists(path)]


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # no permission for its folder: `read` reports it
        return True


def fitting(method: str) -> list[ModelInfo]:
    """Return the models that a method can use."""
    return [model for model in all_models() if not model.problem and model.method == method]


def find(name: str) -> ModelInfo | None:
    """Return the model of a name, usable or not."""
    return next((model for model in all_models() if model.name == name), None)


def find_or_missing(name: str) -> ModelInfo:
    """Return the model of a name, or one whose problem is that it does not exist."""
    return find(name) or ModelInfo(Path(name), problem=tr("it does not exist"))


def misfit(model: ModelInfo, method: str) -> str:
    """Return why a method cannot use a model; empty if it can."""
    if model.problem:
        return model.problem
    if model.method != method:
        return tr("it is a model for the method {}").format(model.method)
    return ""


def bands_problem(model: ModelInfo, bands: int) -> str:
    """Return why a usable model cannot sharpen an MS of a number of bands; empty if it can."""
    if model.bands in (None, bands):
        return ""
    fits = [other.name for other in fitting(model.method) if other.bands in (None, bands)]
    return tr("The model '{}' is for {} bands, but MS has {}. Usable models: {}.").format(
        model.name, model.bands, bands, ", ".join(fits) or tr("none")
    )


def name_problem(name: str) -> str:
    """Return why a name is not allowed for a new model; empty if it is."""
    if not re.fullmatch(_FORMAT["name"], name) or name in _FORMAT["reserved"]:
        return tr(
            "'{}' is not a valid model name: use up to 64 letters without accents, digits, - and "
            "_, beginning with a letter or digit. The words {}, and names such as NUL or COM1, "
            "are reserved."
        ).format(name, tr(" and ").join(_FORMAT["reserved"]))
    model = next((m for m in all_models() if m.name.lower() == name.lower()), None)
    if model is not None and model.shipped:
        return tr("The model '{}' comes with the plugin: choose another name.").format(model.name)
    if model is not None or (folder() / name).exists():
        return tr("A model '{}' exists already: choose another name, or delete it.").format(name)
    return ""


def changed() -> None:
    """Refresh the model lists of the algorithms, from any thread.

    The refresh is queued, since the caller may be one of the algorithms that it replaces.
    """
    _refresher().requested.emit()


class _Refresher(QObject):
    """Refreshes the provider in the main thread; other threads may have no event loop."""

    requested = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.moveToThread(QCoreApplication.instance().thread())
        self.requested.connect(self.refresh, Qt.ConnectionType.QueuedConnection)

    @pyqtSlot()
    def refresh(self) -> None:
        provider = QgsApplication.processingRegistry().providerById("ksdiff")
        if provider is not None:
            provider.refreshAlgorithms()


@cache
def _refresher() -> _Refresher:
    return _Refresher()


def delete(name: str) -> str:
    """Delete one of the user's own models; return why it could not be deleted, empty if it was."""
    model = find(name)
    if model is None:
        return tr("There is no model '{}'.").format(name)
    if model.shipped:
        return tr("The model '{}' comes with the plugin and cannot be deleted.").format(name)
    home = model.path.parent
    gone = home.with_name(f".{name}.deleted")
    try:
        shutil.rmtree(gone, ignore_errors=True)
        home.rename(gone)  # atomic: all files or none
    except OSError as error:
        return tr("{} cannot be deleted: {}.").format(home, error.strerror or error)
    shutil.rmtree(gone, ignore_errors=True)
    return ""


def read(path: Path, shipped: bool = False) -> ModelInfo:
    """Read a model file; errors are kept in `problem` of the result."""
    try:
        card = _card(path)
        return _model(path, shipped, card)
    except OSError as error:
        problem = tr("it cannot be read ({})").format(error.strerror or error)
    except (LookupError, ArithmeticError, ValueError, TypeError, RecursionError):
        problem = tr("it is damaged or not a KSDiff model")
    return ModelInfo(path, shipped, problem)


def _card(path: Path) -> dict[str, Any]:
    """Read the card in a file's header. Raises ValueError, KeyError or TypeError if invalid."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(_MAX_HEADER, path.stat().st_size - 8):
            raise ValueError(length)
        header = json.loads(file.read(length).decode("utf-8"))
    card = json.loads(header["__metadata__"]["card"])
    if not isinstance(card, dict):
        raise TypeError(card)
    return card


def _plain(value: object) -> str:
    """Return a value of a card for a sentence: short, and without markup."""
    return re.sub(r"[^\w .-]", "?", str(value)[:64])


def _model(path: Path, shipped: bool, card: Mapping[str, Any]) -> ModelInfo:
    problem = ""
    if card["format"] != _FORMAT["format"]:
        problem = tr("it has format {}, but this plugin reads format {}").format(
            _plain(card["format"]), _FORMAT["format"]
        )
    elif card["method"] not in GRAPHS:
        problem = tr("its method {} is unknown to this plugin").format(_plain(card["method"]))
    elif card["name"] != path.stem:
        problem = tr("its files were renamed from '{}'").format(_plain(card["name"]))
    else:
        graphs = [path.with_name(f"{path.stem}.{role}.onnx") for role in GRAPHS[card["method"]]]
        missing = [graph.name for graph in graphs if not graph.is_file()]
        if missing:
            problem = tr("{} is missing").format(missing[0])
    bands, low_high = card["bands"], card["ratios"]
    if bands is not None and (not isinstance(bands, int) or bands < 1):
        raise ValueError(bands)
    return ModelInfo(
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
