# SPDX-License-Identifier: GPL-2.0-or-later
"""Model files: weights and card in ``<name>.safetensors``, ONNX graphs beside it.

The card is JSON in the safetensors metadata: kind of model, normalisation, training data, scores,
and hashes of weights and graphs, which are checked before anything runs. Nothing is pickled.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core import RESOURCES
from core.errors import ModelError

if TYPE_CHECKING:
    import onnx


#: Folder of the shipped models.
MODELS = RESOURCES / "models"
_SHARED = json.loads((RESOURCES / "modelfile.json").read_text("utf-8"))  # with the plugin
FORMAT = int(_SHARED["format"])
#: Method -> the roles of its models' graphs.
ROLES = {method: tuple(roles) for method, roles in _SHARED["graphs"].items()}

MAX_PX = 8192  # of a card's sizes; memory grows with the square
MIN_EXTERNAL = 128  # bytes; smaller weights stay in the graph: a pointer needs about as many

Weights = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class ModelCard:
    """The card of a model.

    Parameters
    ----------
    network : configuration of the network.
    bands : number of bands, or None for any number.
    ratios : smallest and largest ratio (MS px / PAN px) of the training.
    profile : `scene` (normalised by scene statistics) or `paper` (divided by `scale`).
    scale : DN of full scale, profile `paper` only.
    receptive : receptive field (PAN px to each side), a multiple of `stride`.
    stride : PAN px; windows start at multiples of it.
    window : edge (PAN px) of the windows that the scene's context is computed from.
    version : of this project, when the model was written.
    latent : KSDiff: shape (tokens, C_z) of the noise that the prior is sampled from.
    kernels : KSDiff: names of the weights that the scene's kernels replace.
    steps : SRINO: default number of sampling steps.
    step_receptive : SRINO: receptive field (PAN px to each side) that each step adds.
    sensors : keys of the sensors of the training; empty for any.
    licence, notes : texts of the author.
    training, scores : training data and duration; scores.
    """

    name: str
    method: str
    network: dict[str, Any]
    bands: int | None
    profile: str
    receptive: int
    stride: int
    window: int
    ratios: tuple[float, float]
    version: str
    latent: tuple[int, ...] = ()
    kernels: tuple[str, ...] = ()
    steps: int | None = None
    step_receptive: int = 0
    scale: float | None = None
    sensors: tuple[str, ...] = ()
    licence: str = ""
    notes: str = ""
    training: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def from_json(cls, text: str) -> ModelCard:
        """Parse a card; raise TypeError or ValueError if it is not valid."""
        values = json.loads(text)
        for name in ("latent", "kernels", "ratios", "sensors"):
            if name in values:
                values[name] = tuple(values[name])
        card = cls(**values)
        if card.method not in ROLES:
            raise ValueError(f"there is no method {card.method}")
        if set(card.hashes) != {"weights", *ROLES[card.method]}:
            raise ValueError("hashes are missing")
        if card.profile not in ("scene", "paper") or not isinstance(card.network, dict):
            raise ValueError("profile or network make no sense")
        if not (1 <= card.stride <= card.window <= MAX_PX and 0 <= card.receptive <= MAX_PX):
            raise ValueError("stride, window or receptive make no sense")
        least, most = card.ratios
        if not least <= most or (card.profile == "paper" and not (card.scale or 0.0) > 0.0):
            raise ValueError("ratios or scale make no sense")
        return card


@dataclass(frozen=True)
class ModelFile:
    """The path of a model's .safetensors, and its card."""

    path: Path
    card: ModelCard

    def graph(self, role: str) -> Path:
        """Return the path of the ONNX graph of one of the method's `ROLES`."""
        return self.path.with_name(f"{self.path.stem}.{role}.onnx")


def weights_hash(weights: Weights) -> str:
    """Return the SHA-256 of names, types, shapes and bytes, in any order."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        value = np.ascontiguousarray(weights[name])
        digest.update(f"{name} {value.dtype.str} {value.shape}".encode())
        digest.update(value.tobytes())
    return digest.hexdigest()


def write(folder: Path, card: ModelCard, weights: Weights, graphs: dict[str, bytes]) -> ModelFile:
    """Write a model as `<folder>/<name>/<name>.*`, with its hashes in the card.

    Graphs have pointers to the weights in the .safetensors.
    """
    target = folder / card.name
    target.mkdir(parents=True, exist_ok=True)
    model = ModelFile(target / f"{card.name}.safetensors", card)
    # The offsets of the weights depend on the length of the card: hashes of this length first.
    hashes = dict.fromkeys(("weights", *graphs), "0" * 64)
    save(model.path, card, hashes, weights)
    hashes["weights"] = weights_hash(weights)
    for role, graph in graphs.items():
        content = _with_external_weights(graph, model.path)
        model.graph(role).write_bytes(content)
        hashes[role] = hashlib.sha256(content).hexdigest()
    return ModelFile(model.path, save(model.path, card, hashes, weights))


def save(path: Path, card: ModelCard, hashes: dict[str, str], weights: Weights) -> ModelCard:
    """Write weights and card to a .safetensors, with these hashes; return that card."""
    checked = replace(card, hashes=hashes)
    metadata = {"card": json.dumps(asdict(checked))}
    save_file({k: np.ascontiguousarray(v) for k, v in weights.items()}, path, metadata)
    path.chmod(0o644)  # safetensors writes it with 0600
    return checked


def _names_in_file(name: str) -> tuple[str, ...]:
    """Return the names that a weight of a graph may have in the file, as part of a model or not."""
    return name, f"net.{name}"


def _with_external_weights(graph: bytes, path: Path) -> bytes:
    """Replace the weights of a graph by pointers to equal ones in a .safetensors file."""
    import onnx

    content, ranges = path.read_bytes(), _byte_ranges(path)
    model = onnx.load_model_from_string(graph)
    for tensor in model.graph.initializer:
        raw = onnx.numpy_helper.to_array(tensor).tobytes()
        for name in _names_in_file(tensor.name):
            start, end = ranges.get(name, (0, 0))
            if content[start:end] == raw and len(raw) > MIN_EXTERNAL:
                tensor.raw_data = raw
                onnx.external_data_helper.set_external_data(
                    tensor, path.name, offset=start, length=end - start
                )
                tensor.ClearField("raw_data")
                break
    return bytes(model.SerializeToString())


def _byte_ranges(path: Path) -> dict[str, tuple[int, int]]:
    """Return the first byte of each weight in a .safetensors file, and the one after its last."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    spans = {name: value["data_offsets"] for name, value in header.items()}
    return {name: (8 + length + start, 8 + length + end) for name, (start, end) in spans.items()}


def read_graph(path: Path) -> onnx.ModelProto:
    """Read a graph with its weights; raise ModelError if it does not point to them.

    After a change of the card or of the file name the pointers would be wrong, though the hash of
    the weights is not.
    """
    import onnx

    graph = onnx.load(path, load_external_data=False)
    weights = path.with_name(f"{path.name.rsplit('.', 2)[0]}.safetensors")
    ranges = _byte_ranges(weights) if weights.is_file() else {}
    for tensor in graph.graph.initializer:
        if tensor.external_data:
            pointer = {entry.key: entry.value for entry in tensor.external_data}
            start = int(pointer.get("offset", 0))
            span = start, start + int(pointer.get("length", 0))
            spans = [ranges.get(name) for name in _names_in_file(tensor.name)]
            if pointer.get("location") != weights.name or span not in spans:
                raise ModelError(
                    "model-graph-mismatch", path=path, weights=weights.name, tensor=tensor.name
                )
    onnx.external_data_helper.load_external_data_for_model(graph, str(path.parent))
    return graph


def check_name(name: str) -> None:
    """Raise ModelError unless a user's model, and its files, can have this name."""
    if not re.fullmatch(_SHARED["name"], name) or name in _SHARED["reserved"]:
        raise ModelError(
            "model-name-invalid", model=name, reserved=" and ".join(_SHARED["reserved"])
        )
    if name in shipped_models():
        raise ModelError("model-name-reserved", model=name)


def write_with_card(model: ModelFile, card: ModelCard, folder: Path) -> ModelFile:
    """Write a model with another card to `<folder>/<name>/`, and new pointers in its graphs."""
    return write(folder, card, read_weights(model.path), read_graphs(model))


def read_graphs(model: ModelFile) -> dict[str, bytes]:
    """Return the graphs of a model, by role, with the weights that they point to."""
    return {
        role: bytes(read_graph(model.graph(role)).SerializeToString())
        for role in ROLES[model.card.method]
    }


def find(name: str) -> Path:
    """Return the .safetensors of a shipped model, or the given path if it is a file.

    Raises ModelError for an unknown name.
    """
    path = Path(name)
    if path.suffix == ".safetensors" or not (MODELS / name).is_dir():
        if path.is_file():
            return path
        shipped = ", ".join(shipped_models()) or "none"
        raise ModelError("model-unknown", model=name, shipped=shipped)
    return MODELS / name / f"{name}.safetensors"


def shipped_models() -> list[str]:
    """Return the names of the models in resources/models."""
    return sorted(p.parent.name for p in MODELS.glob("*/*.safetensors"))


def read_card(path: Path) -> ModelCard:
    """Read the card of a file; raise ModelError if it is not a model of this project."""
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
        card = ModelCard.from_json(metadata["card"])
    except OSError as error:
        raise ModelError("model-unreadable", path=path, reason=error) from error
    except (SafetensorError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ModelError("not-a-model", path=path, reason=error) from error
    if card.format != FORMAT:
        raise ModelError("model-format", path=path, model_format=card.format, format=FORMAT)
    return card


def read_weights(path: Path) -> Weights:
    """Read all tensors of a model file."""
    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def load(name: str, method: str | None = None) -> ModelFile:
    """Find a model by name or path; check card, weights and graphs.

    Raises ModelError if it is not for `method`, or a file is missing or has another hash.
    """
    path = find(name)
    card = read_card(path)
    model = ModelFile(path, card)
    if method not in (None, card.method):
        raise ModelError(
            "model-for-other-method", model=card.name, model_method=card.method, method=method
        )
    for role, expected in card.hashes.items():
        if role == "weights":
            file, found = path, weights_hash(read_weights(path))
        else:
            file = model.graph(role)
            if not file.is_file():
                raise ModelError("model-graph-missing", graph=file.name, path=path)
            found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != expected:
            raise ModelError("model-damaged", path=file)
    return model
