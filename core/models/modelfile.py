# SPDX-License-Identifier: GPL-2.0-or-later
"""Model files: weights and card in ``<name>.safetensors``, ONNX graphs beside it.

The card is JSON in the safetensors metadata: what the model is, how its inputs are normalised,
what it was trained on and how it scores, and the hashes by which weights and graphs are checked
before anything runs. No pickle anywhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.errors import ModelError
from core.resources import MODELS, RESOURCES

if TYPE_CHECKING:
    import onnx


# What the plugin must know too, which reads cards by itself.
_KNOWN = json.loads((RESOURCES / "modelfile.json").read_text("utf-8"))
FORMAT = int(_KNOWN["format"])
#: By method: the model that is used where none is named, and what graphs a model has.
DEFAULT_MODELS = {"ksdiff": "ksdiff-scene", "srino": "srino-scene"}
ROLES = {method: tuple(roles) for method, roles in _KNOWN["graphs"].items()}

POINTER = 128
"""Bytes that pointing to a weight takes, about: smaller ones are not worth it."""

Weights = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class ModelCard:
    """What a model says of itself.

    Attributes
    ----------
    bands : number of bands, or None for any number.
    ratios : least and largest MS px / PAN px trained for.
    profile : ``scene`` (normalised by scene statistics) or ``paper`` (divided by `scale`).
    scale : DN of full scale, profile ``paper`` only.
    receptive : how far (PAN px) the network looks, a multiple of `stride`.
    stride : PAN px; windows start at multiples of it.
    window : PAN px, side of the windows that show the network the scene.
    version : of this project, when the model was written.
    latent : KSDiff's: shape (tokens, C_z) of the noise the prior is diffused from.
    kernels : KSDiff's: names of the weights that the scene replaces.
    steps : SRINO's: of the sampling, where nobody asks for another number.
    step_receptive : SRINO's: how far (PAN px) each step looks beyond that.
    sensors : keys of the cards of the sensors it was trained for; none for any.
    licence, notes : what its maker says of it.
    training, scores : what it was trained on and for how long; what it scores.
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
        """Raises TypeError or ValueError when the text is not a card."""
        values = json.loads(text)
        for name in ("latent", "kernels", "ratios", "sensors"):
            if name in values:
                values[name] = tuple(values[name])
        card = cls(**values)
        if card.profile not in ("scene", "paper") or card.stride < 1 or card.window < 1:
            raise ValueError("profile, stride or window make no sense")
        if card.method not in ROLES:
            raise ValueError(f"there is no method {card.method}")
        if set(card.hashes) != {"weights", *ROLES[card.method]}:
            raise ValueError("hashes are missing")
        return card


@dataclass(frozen=True)
class ModelFile:
    """A checked model: its card and where its files are."""

    path: Path
    card: ModelCard

    def graph(self, role: str) -> Path:
        """The ONNX graph of one of the method's `ROLES`."""
        return self.path.with_name(f"{self.path.stem}.{role}.onnx")


def weights_hash(weights: Weights) -> str:
    """SHA-256 over names, shapes and bytes, independent of their order in the file."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        value = np.ascontiguousarray(weights[name])
        digest.update(f"{name} {value.dtype.str} {value.shape}".encode())
        digest.update(value.tobytes())
    return digest.hexdigest()


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(folder: Path, card: ModelCard, weights: Weights, graphs: dict[str, bytes]) -> ModelFile:
    """Write ``<folder>/<name>/<name>.*`` and the hashes into the card.

    A graph's weights that are in the .safetensors stay there: ONNX can point into another file.
    """
    target = folder / card.name
    target.mkdir(parents=True, exist_ok=True)
    model = ModelFile(target / f"{card.name}.safetensors", card)
    # Where the weights lie depends on how long the card is, not on what its hashes are.
    hashes = dict.fromkeys(("weights", *graphs), "0" * 64)
    _save(model.path, card, hashes, weights)
    hashes["weights"] = weights_hash(weights)
    for role, graph in graphs.items():
        content = _without(graph, model.path)
        model.graph(role).write_bytes(content)
        hashes[role] = hashlib.sha256(content).hexdigest()
    return ModelFile(model.path, _save(model.path, card, hashes, weights))


def _save(path: Path, card: ModelCard, hashes: dict[str, str], weights: Weights) -> ModelCard:
    checked = ModelCard(**{**asdict(card), "hashes": hashes})
    metadata = {"card": json.dumps(asdict(checked))}
    save_file({k: np.ascontiguousarray(v) for k, v in weights.items()}, path, metadata)
    path.chmod(0o644)  # safetensors makes it its owner's alone
    return checked


def _without(graph: bytes, path: Path) -> bytes:
    """A graph whose weights are pointers to equal ones, of the same name, in a .safetensors file.

    A name there may go on before that of the graph, which then is of a part of the network.
    """
    import onnx

    content, places = path.read_bytes(), _places(path)
    model = onnx.load_model_from_string(graph)
    for tensor in model.graph.initializer:
        raw = onnx.numpy_helper.to_array(tensor).tobytes()
        for name in (tensor.name, f"net.{tensor.name}"):
            start, end = places.get(name, (0, 0))
            if content[start:end] == raw and len(raw) > POINTER:
                tensor.raw_data = raw
                onnx.external_data_helper.set_external_data(
                    tensor, path.name, offset=start, length=end - start
                )
                tensor.ClearField("raw_data")
                break
    return bytes(model.SerializeToString())


def _places(path: Path) -> dict[str, tuple[int, int]]:
    """First byte of each weight in a .safetensors file, and the one behind its last."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    begin = 8 + length
    return {
        name: (begin + value["data_offsets"][0], begin + value["data_offsets"][1])
        for name, value in header.items()
        if name != "__metadata__"
    }


def check_pointers(graph: onnx.ModelProto, path: Path) -> None:
    """Raise ModelError where a graph's weights point elsewhere than to those of its model.

    The model's hash does not say where in the file a weight lies: a card that was written anew, or
    a file with another name, would leave pointers to something else.
    """
    weights = path.with_name(f"{path.name.rsplit('.', 2)[0]}.safetensors")
    places: dict[str, tuple[int, int]] | None = None
    for tensor in graph.graph.initializer:
        if not tensor.external_data:
            continue
        if places is None:
            places = _places(weights) if weights.is_file() else {}
        told = {entry.key: entry.value for entry in tensor.external_data}
        start = int(told.get("offset", 0))
        place = start, start + int(told.get("length", 0))
        named = (places.get(name) for name in (tensor.name, f"net.{tensor.name}"))
        if told.get("location") != weights.name or place not in named:
            raise ModelError(
                "model-graph-mismatch",
                path=path,
                weights=weights.name,
                tensor=tensor.name,
            )


def check_name(name: str) -> None:
    """Raise ModelError for what cannot be the name of a model of one's own: it names files too."""
    if not re.fullmatch(_KNOWN["name"], name) or name in _KNOWN["reserved"]:
        raise ModelError(
            "model-name-invalid", model=name, reserved=" and ".join(_KNOWN["reserved"])
        )
    if name in shipped_models():
        raise ModelError("model-name-reserved", model=name)


def renewed(model: ModelFile, card: ModelCard, folder: Path) -> ModelFile:
    """The model with another card as ``<folder>/<name>/``; the graphs are made to fit.

    Where weights lie in the file depends on how long the card is, and the graphs point to them.
    """
    import onnx

    graphs = {}
    for role in ROLES[card.method]:
        graph = onnx.load(model.graph(role), load_external_data=False)
        check_pointers(graph, model.graph(role))
        onnx.external_data_helper.load_external_data_for_model(graph, str(model.path.parent))
        graphs[role] = bytes(graph.SerializeToString())
    return write(folder, card, read_weights(model.path), graphs)


def find(name: str) -> Path:
    """The .safetensors of a shipped model, or the given path.

    Raises ModelError naming the models there are.
    """
    path = Path(name)
    if path.suffix == ".safetensors" or not (MODELS / name).is_dir():
        if path.is_file():
            return path
        shipped = ", ".join(shipped_models()) or "none"
        raise ModelError("model-unknown", model=name, shipped=shipped)
    return MODELS / name / f"{name}.safetensors"


def shipped_models() -> list[str]:
    """Names in resources/models."""
    return sorted(p.parent.name for p in MODELS.glob("*/*.safetensors"))


def read_card(path: Path) -> ModelCard:
    """The card alone. Raises ModelError when the file is not a model of this project."""
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
        card = ModelCard.from_json(metadata["card"])
    except OSError as error:
        raise ModelError("model-unreadable", path=path, reason=error) from error
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelError("not-a-model", path=path, reason=error) from error
    if card.format != FORMAT:
        raise ModelError("model-format", path=path, model_format=card.format, format=FORMAT)
    return card


def read_weights(path: Path) -> Weights:
    """All tensors of a model file."""
    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def load(name: str | None, method: str = "ksdiff") -> ModelFile:
    """Find a method's model, by default its `DEFAULT_MODELS`, and check card, weights and graphs.

    Raises ModelError when it is another method's, a file is missing or not the one the card speaks
    of.
    """
    path = find(name or DEFAULT_MODELS[method])
    model = ModelFile(path, read_card(path))
    if model.card.method != method:
        raise ModelError(
            "model-for-other-method",
            model=model.card.name,
            model_method=model.card.method,
            method=method,
        )
    for role, expected in model.card.hashes.items():
        if role == "weights":
            found = weights_hash(read_weights(path))
            damaged = path
        else:
            damaged = model.graph(role)
            if not damaged.is_file():
                raise ModelError("model-graph-missing", graph=damaged.name, path=path)
            found = _file_hash(damaged)
        if found != expected:
            raise ModelError("model-damaged", path=damaged)
    return model
