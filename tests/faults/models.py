# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases of files that someone made to do harm: models, fits of a scene, archives."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import onnx

from core.models.modelfile import MODELS
from tests.faults.case import Case, Outcome
from tests.faults.files import SCENE, vrt
from tests.faults.rasters import pair
from tests.faults.right import close, mask, or_refused, refused, values

#: A model file taken apart: its header (JSON), and the bytes of its weights.
Parts = tuple[dict[str, Any], bytes]


def packed(header: bytes, weights: bytes, length: int | None = None) -> bytes:
    return (len(header) if length is None else length).to_bytes(8, "little") + header + weights


def unpacked(content: bytes) -> Parts:
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def carded(**changes: Any) -> Callable[[bytes], bytes]:
    """Other values in the card; None removes one."""

    def change(content: bytes) -> bytes:
        header, weights = unpacked(content)
        card = json.loads(header["__metadata__"]["card"]) | changes
        card = {key: value for key, value in card.items() if value != "REMOVED"}
        header["__metadata__"]["card"] = json.dumps(card)
        return packed(json.dumps(header).encode(), weights)

    return change


def headed(change: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], bytes]:
    """Another header."""

    def changed(content: bytes) -> bytes:
        header, weights = unpacked(content)
        header = change(header) or header
        return packed(json.dumps(header).encode(), weights)

    return changed


def first(header: dict[str, Any]) -> dict[str, Any]:
    """The entry of the first weight."""
    found: dict[str, Any] = next(value for key, value in header.items() if key != "__metadata__")
    return found


class Bomb:
    """Makes a file where it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> Any:
        return Path.mkdir, (self.folder / "unpickled",)


CARDS: Mapping[str, Any] = {
    "another method": {"method": "no-such"},
    "no method": {"method": "REMOVED"},
    "an unknown field": {"execute": "rm -rf"},
    "stride 0": {"stride": 0},
    "stride of words": {"stride": "four"},
    "window below 0": {"window": -64},
    "window of nothing": {"window": None},
    "window beyond memory": {"window": 10**9},
    "receptive field beyond memory": {"receptive": 10**9},
    "receptive field below 0": {"receptive": -5},
    "ratios of words": {"ratios": "all"},
    "ratios of one": {"ratios": [2.0]},
    "bands below 0": {"bands": -3},
    "bands of words": {"bands": "many"},
    "another count of bands": {"bands": 7},
    "a scale of 0": {"profile": "paper", "scale": 0.0},
    "no scale": {"profile": "paper", "scale": None},
    "no hashes": {"hashes": {}},
    "hashes of other files": {"hashes": {"weights": "0", "../../x": "0"}},
    "hashes of numbers": {"hashes": 7},
    "a later format": {"format": 99},
    "format of words": {"format": "two"},
    "a path for a name": {"name": "../../../evil"},
    "a network of nothing": {"network": None},
    "a very long note": {"notes": "x" * 20_000_000, "format": 99},
}
HEADERS: Mapping[str, Callable[[bytes], bytes]] = {
    "length 2^63": lambda content: packed(content[8:], b"", 1 << 63),
    "length 2^64 - 1": lambda content: packed(content[8:], b"", (1 << 64) - 1),
    "length of 90 GB": lambda content: packed(content[8:], b"", 90 << 30),
    "length 0": lambda content: packed(content[8:], b"", 0),
    "length 1": lambda content: packed(content[8:], b"", 1),
    "cut in the length": lambda content: content[:5],
    "cut in the header": lambda content: content[:1000],
    "cut in the weights": lambda content: content[:-1000],
    "bytes behind the weights": lambda content: content + bytes(1000),
    "empty": lambda content: b"",
    "text": lambda content: b"no model at all\n" * 100,
    "no JSON": lambda content: packed(b"{" * 500, b""),
    "a list": lambda content: packed(b"[1, 2, 3]", b""),
    "nested 100 000 deep": lambda content: packed(b"[" * 100_000 + b"]" * 100_000, b""),
    "no metadata": headed(lambda header: {k: v for k, v in header.items() if k[0] != "_"}),
    "no card": headed(lambda header: header.update(__metadata__={})),
    "an empty card": headed(lambda header: header["__metadata__"].update(card="")),
    "a card of a list": headed(lambda header: header["__metadata__"].update(card="[]")),
    "a card of a number": headed(lambda header: header["__metadata__"].update(card="7")),
    "a card nested deep": headed(lambda header: header["__metadata__"].update(card="[" * 100_000)),
    "a wrong shape": headed(lambda header: first(header).update(shape=[3, 3])),
    "a shape beyond memory": headed(lambda header: first(header).update(shape=[1 << 40, 1 << 40])),
    "a shape below 0": headed(lambda header: first(header).update(shape=[-1])),
    "an unknown type": headed(lambda header: first(header).update(dtype="OBJECT")),
    "offsets beyond the end": headed(
        lambda header: first(header).update(data_offsets=[0, 1 << 50])
    ),
    "offsets reversed": headed(lambda header: first(header).update(data_offsets=[512, 0])),
    "a weight renamed": headed(
        lambda header: {f"{key}x" if key[0] != "_" else key: value for key, value in header.items()}
    ),
    "another weight": lambda content: content[:-4] + b"\x01\x02\x03\x04",
    "weights that are no numbers": lambda content: content[:-400] + b"\xff" * 400,
    **{f"card with {name}": carded(**change) for name, change in CARDS.items()},
}


@contextmanager
def model(method: str, change: Callable[[bytes], bytes], folder: Path) -> Iterator[None]:
    """A copy of a shipped model, changed, as `m/NAME.safetensors` among the inputs."""
    name = f"{method}-scene"
    (folder / "in" / "m").mkdir()
    for path in (MODELS / name).glob("*.onnx"):
        shutil.copy(path, folder / "in" / "m")
    content = (MODELS / name / f"{name}.safetensors").read_bytes()
    (folder / "in" / "m" / f"{name}.safetensors").write_bytes(change(content))
    yield


@contextmanager
def graphs(
    method: str, role: str, change: Callable[[bytes], bytes], folder: Path
) -> Iterator[None]:
    """A model whose graph is another, and whose card has the hash of that one."""
    name = f"{method}-scene"
    content = change((MODELS / name / f"{name}.{role}.onnx").read_bytes())
    header, _ = unpacked((MODELS / name / f"{name}.safetensors").read_bytes())
    hashes = json.loads(header["__metadata__"]["card"])["hashes"]
    hashes = {**hashes, role: hashlib.sha256(content).hexdigest()}
    with model(method, carded(hashes=hashes), folder):
        (folder / "in" / "m" / f"{name}.{role}.onnx").write_bytes(content)
        yield


def pointing(**to: str) -> Callable[[bytes], bytes]:
    """A graph whose weights are said to lie elsewhere."""

    def change(content: bytes) -> bytes:
        graph = onnx.load_model_from_string(content)
        for tensor in graph.graph.initializer:
            for entry in tensor.external_data:
                entry.value = to.get(entry.key, entry.value)
        return bytes(graph.SerializeToString())

    return change


GRAPHS: Mapping[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "garbage": lambda content: b"\xa5" * 1000,
    "cut": lambda content: content[: len(content) // 2],
    "weights in a file of the system": pointing(location="/etc/passwd"),
    "weights in a folder above": pointing(location="../pan.tif"),
    "weights of a device": pointing(location="/dev/zero"),
    "weights beyond the end": pointing(offset=str(1 << 50)),
    "weights of another length": pointing(length=str(1 << 40)),
}


def _no_trace(done: Outcome) -> Iterator[str]:
    if (done.folder / "unpickled").exists():
        yield "something was unpickled"


def models() -> Iterator[Case]:
    for method in ("ksdiff", "srino"):
        ask = {"method": method, "model": f"{{in}}/m/{method}-scene.safetensors"}
        for name, change in HEADERS.items():
            around = partial(model, method, change)
            right = or_refused(mask()) if name in FREE else refused()
            yield Case(f"models {method} {name}", right, SCENE, ask, around=around)
        for name, change in GRAPHS.items():
            if "weights" in name and method == "ksdiff":
                continue  # its graphs point to none
            around = partial(graphs, method, "fuse", change)
            yield Case(f"models {method} graph: {name}", refused(), SCENE, ask, around=around)
        for name, make in OTHERS.items():
            right = (*refused(), _no_trace)
            yield Case(
                f"models {method} {name}", right, SCENE, ask, around=partial(other, method, make)
            )
        unchanged = partial(model, method, lambda content: content)
        yield Case(
            f"models {method} as shipped", (mask(), close(1.0)), SCENE, ask, around=unchanged
        )


#: What says nothing that a run uses.
FREE = {"card with a path for a name", "card with ratios of one", "card with ratios of words",
        "card with a network of nothing", "card with receptive field below 0",
        "card with receptive field beyond memory"}  # fmt: skip


@contextmanager
def other(method: str, make: Callable[[Path], Any], folder: Path) -> Iterator[None]:
    """Something else in the model's place."""
    (folder / "in" / "m").mkdir()
    make(folder / "in" / "m" / f"{method}-scene.safetensors")
    yield


def _pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps(Bomb(path.parents[2])))


def _torch(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("archive/data.pkl", pickle.dumps(Bomb(path.parents[2])))
        made.writestr("archive/version", "3")


OTHERS: Mapping[str, Callable[[Path], Any]] = {
    "a pickle": _pickled,
    "a file of torch": _torch,
    "a folder": lambda path: path.mkdir(),
    "nothing": lambda path: None,
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a device": lambda path: path.symlink_to("/dev/null"),
}


FITS: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "no object": lambda fit: [1, 2],
    "a number": lambda fit: 7,
    "nothing": lambda fit: {},
    "another kind": lambda fit: fit | {"kind": "recipe"},
    "a later version": lambda fit: fit | {"version": 99},
    "weights of words": lambda fit: fit | {"weights": "heavy"},
    "weights of another shape": lambda fit: fit | {"weights": [[1.0]]},
    "weights that are no numbers": lambda fit: fit | {"weights": [[float("nan")] * 11] * 3},
    "weights without end": lambda fit: fit | {"weights": [[float("inf")] * 11] * 3},
    "no intensity": lambda fit: fit | {"intensity": None},
    "an intensity of a list": lambda fit: fit | {"intensity": []},
    "offset without end": lambda fit: (
        fit | {"intensity": fit["intensity"] | {"offset": float("nan")}}
    ),
    "gains of words": lambda fit: fit | {"gains": ["a", "b", "c"]},
    "gains beyond 1": lambda fit: fit | {"gains": [7.0] * 3},
    "gains below 0": lambda fit: fit | {"gains": [-0.5] * 3},
    "passes without end": lambda fit: fit | {"passes": 10**12},
    "passes below 0": lambda fit: fit | {"passes": -1},
    "another ratio": lambda fit: fit | {"ratio": 2.0},
    "ratio 0": lambda fit: fit | {"ratio": 0.0},
    "a ratio that is no number": lambda fit: fit | {"ratio": float("nan")},
    "bands of another count": lambda fit: fit | {"bands": ["a"] * 4},
    "bands of numbers": lambda fit: fit | {"bands": [1, 2, 3]},
    "bands of nothing": lambda fit: fit | {"bands": None},
}


@contextmanager
def fit(change: Callable[[dict[str, Any]], Any], folder: Path) -> Iterator[None]:
    """A fit of the right form, changed, as `fit.json` among the inputs."""
    values = {
        "kind": "scene-fit", "version": 1,
        "intensity": {"weight": [1 / 3] * 3, "offset": 0.0, "haze": [0.0] * 3, "gain": [1.0] * 3},
        "weights": [[0.0] * 11] * 3, "gains": [0.3] * 3, "passes": 3, "ratio": 4.0,
        "bands": [None] * 3,
    }  # fmt: skip
    (folder / "in" / "fit.json").write_text(json.dumps(change(values)))
    yield


@contextmanager
def fit_text(content: bytes, folder: Path) -> Iterator[None]:
    (folder / "in" / "fit.json").write_bytes(content)
    yield


TEXTS = {
    "empty": b"",
    "garbage": b"\xa5" * 99,
    "deep": b"[" * 100_000,
    "a huge number": b'{"version": 1e999}',
    "a zero byte": b'{"kind": "\0"}',
}


def fits() -> Iterator[Case]:
    ask = {"method": "scene-fit", "fit": "{in}/fit.json"}
    unchanged = partial(fit, lambda values: values)
    yield Case("fits as it is", (mask(), close(1.2)), SCENE, ask, around=unchanged)
    for name, change in FITS.items():
        yield Case(f"fits {name}", refused(), SCENE, ask, around=partial(fit, change))
    for name, content in TEXTS.items():
        told, around = refused("fit-damaged", "fit-not-read"), partial(fit_text, content)
        yield Case(f"fits {name}", told, SCENE, ask, around=around)


def archives() -> Iterator[Case]:
    """Archives and rasters that are larger than they look, or lie elsewhere than they say."""
    for name, make in ARCHIVES.items():
        for where in ("PAN", "MS"):
            yield Case(f"archives {where}: {name}", refused(), SCENE.at(where, change=make))
    told = refused("too-little-space")
    yield Case("archives PAN of terabytes", told, SCENE.at("PAN", change=_huge))
    right = values(margin=28), mask()
    yield Case("archives MS of terabytes", right, pair(size=128).at("MS", change=_huge))


def _zip(path: Path, members: Mapping[str, bytes], inner: str) -> str:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return f"/vsizip/{path.with_suffix('.zip')}/{inner}"


def _huge(path: Path) -> str:
    """A kilobyte that says it is a raster of terabytes, with the raster at its upper left."""
    made = Path(vrt(path))
    text = made.read_text()
    return str(made) if made.write_text(re.sub(r'(raster.Size="\d+)', r"\g<1>0000", text)) else ""


ARCHIVES: Mapping[str, Callable[[Path], str]] = {
    "a path outside": lambda path: _zip(path, {"../../evil.tif": path.read_bytes()}, "nothing.tif"),
    "100 MB of zeros": lambda path: _zip(path, {"zeros.tif": bytes(100_000_000)}, "zeros.tif"),
    "a thousand members": lambda path: _zip(path, {f"{n}.txt": b"" for n in range(1000)}, "a.tif"),
    "a zip in a zip": lambda path: _zip(path, {"a.zip": b"PK\x05\x06" + bytes(18)}, "a.zip"),
    "no member is named": lambda path: _zip(path, {"a.txt": b"", "b.txt": b""}, ""),
}
