# SPDX-License-Identifier: GPL-2.0-or-later
"""The patch file: scenes ready for training in one memory-mapped file.

Any number of processes share it, and reading it needs nothing but numpy. It is a .safetensors file:
for scene i the array ``i.ms``, and where there are any ``i.pan``, ``i.lms`` and ``i.valid`` (bits,
packed); its metadata describes them. Whole DN are stored in 8 or 16 bits, other values in
`TrainingScene.bits` bits between the least and the largest of each band.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.arrays import Image
from training.scenes import PixelArray, TrainingScene, all_valid

FORMAT = "ksdiff patches 1"

#: Types of a patch file's arrays, in the order in which they lie in it: aligned without gaps.
_TYPES: dict[str, np.dtype[Any]] = {"U16": np.dtype("<u2"), "U8": np.dtype("u1")}

Arrays = dict[str, NDArray[Any]]
Entries = Sequence[dict[str, Any]]
"""A recipe's ``sources``."""


class StoredArray:
    """Pixels in a patch file: whole numbers, a scale and an offset for each band."""

    def __init__(self, values: NDArray[Any], scale: Image, offset: Image) -> None:
        self._values, self._scale, self._offset = values, scale, offset

    @property
    def shape(self) -> tuple[int, ...]:
        """As numpy's."""
        return self._values.shape

    def __getitem__(self, key: Any) -> Image:
        """Return pixels as float32, DN."""
        return self._values[key].astype(np.float32) * self._scale + self._offset


@dataclass(frozen=True)
class StoredScene(TrainingScene):
    """A scene of a patch file; another process is given its place there, not its pixels."""

    path: Path = Path()
    number: int = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return _stored, (self.path, self.number)


@cache
def _opened(path: Path) -> list[TrainingScene]:
    return open(path)


def _stored(path: Path, number: int) -> TrainingScene:
    return _opened(path)[number]


@dataclass(frozen=True)
class _Encoding:
    """Type and shape of a stored array, scale and offset of each band."""

    kind: str
    shape: tuple[int, ...]
    scale: Image
    offset: Image

    @property
    def nbytes(self) -> int:
        return int(np.prod(self.shape)) * _TYPES[self.kind].itemsize

    def encode(self, image: Image) -> NDArray[Any]:
        """Return DN, of any shape, as whole numbers."""
        top = np.iinfo(_TYPES[self.kind]).max
        return np.rint(np.clip((image - self.offset) / self.scale, 0, top))


def write(path: Path, scenes: Sequence[TrainingScene], entries: Entries | None = None) -> int:
    """Write a patch file; return its size in bytes.

    ``entries`` are the recipe's sources that it is made of; `open` compares them. A scene of many
    samples is read one at a time, twice: for its range, and to write it.
    """
    encodings: dict[str, _Encoding] = {}
    for number, scene in enumerate(scenes):
        encodings[f"{number}.ms"] = _encoding(scene.ms, scene)
        for name in ("pan", "lms"):
            if (pixels := getattr(scene, name)) is not None:
                encodings[f"{number}.{name}"] = _encoding(pixels, scene)
        if not scene.valid.all():
            none = np.zeros(0, np.float32)
            shape = (-(-scene.valid.size // 8),)
            encodings[f"{number}.valid"] = _Encoding("U8", shape, none, none)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    arrays = _create(temporary, encodings, _metadata(scenes, encodings, entries))
    for name, encoding in encodings.items():
        index, what = name.split(".")
        scene = scenes[int(index)]
        if what == "valid":
            arrays[name][:] = np.packbits(scene.valid)
            continue
        for part, image in _parts(getattr(scene, what), scene):
            arrays[name][part] = encoding.encode(image)
    del arrays  # written out, on Windows too
    temporary.replace(path)
    return path.stat().st_size


def made_of(path: Path) -> list[dict[str, Any]]:
    """Return the recipe's sources that a patch file was made of. Raises InputError as `open`."""
    open(path)
    return list(json.loads(_map(path)[1]["entries"]) or [])


def open(path: Path, entries: Entries | None = None) -> list[TrainingScene]:
    """Return the scenes in a patch file, memory-mapped.

    Raises InputError when the file is none, is incomplete, or was made of other sources than the
    recipe's ``entries``, where these are given.
    """
    try:
        arrays, metadata = _map(path)
        if metadata.get("format") != FORMAT:
            raise ValueError("it holds something else")
        scenes = json.loads(metadata["sources"])
        made_of = json.loads(metadata["entries"])
    except OSError as error:
        raise InputError("patches-unreadable", path=path, reason=error.strerror) from error
    except (ValueError, KeyError, struct.error) as error:
        raise InputError("not-a-patch-file", path=path, reason=error) from error
    if entries is not None and made_of is not None and made_of != json.loads(json.dumps(entries)):
        raise InputError("patches-of-other-sources", path=path)
    return [_scene(path, number, about, arrays) for number, about in enumerate(scenes)]


def _scene(path: Path, number: int, about: dict[str, Any], arrays: Arrays) -> StoredScene:
    def stored(name: str) -> StoredArray:
        scale, offset = (np.asarray(values, np.float32) for values in about[name])
        return StoredArray(arrays[f"{number}.{name}"], scale, offset)

    ms = stored("ms")
    pan, lms = (stored(name) if name in about else None for name in ("pan", "lms"))
    valid = all_valid((*ms.shape[:-3], *ms.shape[-2:]))
    if f"{number}.valid" in arrays:
        bits = np.unpackbits(arrays[f"{number}.valid"], count=valid.size)
        valid = bits.astype(bool).reshape(valid.shape)
    return StoredScene(
        about["name"], ms, pan, valid, about["weight"], about["part"], about["sensor"],
        tuple(about["gains"]), lms, about["bits"], path, number,
    )  # fmt: skip


def _parts(pixels: PixelArray, scene: TrainingScene) -> Iterator[tuple[Any, Image]]:
    """Yield the pixels of a scene at once, those of samples one after the other."""
    if scene.samples is None:
        yield slice(None), pixels[:]
        return
    for number in range(scene.samples):
        yield number, pixels[number]


def _encoding(pixels: PixelArray, scene: TrainingScene) -> _Encoding:
    """Keep whole DN as they are; scale others between the least and the largest of a band."""
    whole, lows, highs = True, [], []
    for _, image in _parts(pixels, scene):
        lows.append(image.min(axis=(-2, -1), keepdims=True))
        highs.append(image.max(axis=(-2, -1), keepdims=True))
        whole = whole and np.array_equal(image, np.rint(image))
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    if whole and low.min() >= 0 and high.max() < 2**16:
        kind = "U8" if high.max() < 2**8 else "U16"
        return _Encoding(kind, pixels.shape, np.ones_like(low), np.zeros_like(low))
    scale = np.maximum(high - low, 1e-12) / np.float32(2**scene.bits - 1)
    return _Encoding(f"U{scene.bits}", pixels.shape, scale.astype(np.float32), low)


def _metadata(
    scenes: Sequence[TrainingScene], encodings: dict[str, _Encoding], entries: Entries | None
) -> dict[str, str]:
    described = []
    for number, scene in enumerate(scenes):
        names = ("name", "weight", "part", "sensor", "gains", "bits")
        about: dict[str, Any] = {name: getattr(scene, name) for name in names}
        for name in ("ms", "pan", "lms"):
            encoding = encodings.get(f"{number}.{name}")
            if encoding is not None:
                about[name] = [encoding.scale.tolist(), encoding.offset.tolist()]
        described.append(about)
    return {"format": FORMAT, "sources": json.dumps(described), "entries": json.dumps(entries)}


def _create(path: Path, encodings: dict[str, _Encoding], metadata: dict[str, str]) -> Arrays:
    """Create a .safetensors file of the right size; return its arrays, mapped to be filled."""
    header: dict[str, Any] = {"__metadata__": metadata}
    start = 0
    names = sorted(encodings, key=lambda name: -_TYPES[encodings[name].kind].itemsize)
    for name in names:
        encoding = encodings[name]
        end = start + encoding.nbytes
        offsets = [start, end]
        header[name] = {
            "dtype": encoding.kind, "shape": encoding.shape, "data_offsets": offsets
        }  # fmt: skip
        start = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + start)
    content = np.memmap(path, np.uint8, "r+", 8 + len(text))
    return {name: _view(content, header[name]) for name in names}


def _view(content: NDArray[Any], about: dict[str, Any]) -> NDArray[Any]:
    """Return an array of a .safetensors file from the bytes after its header."""
    start, end = about["data_offsets"]
    return content[start:end].view(_TYPES[about["dtype"]]).reshape(about["shape"])


def _map(path: Path) -> tuple[Arrays, dict[str, str]]:
    """Return arrays and metadata of a .safetensors file; arrays are read when they are used."""
    size = path.stat().st_size
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > size - 8:
            raise ValueError("its header is incomplete")
        header = json.loads(file.read(length))
    metadata = header.pop("__metadata__", {})
    last = max((about["data_offsets"][1] for about in header.values()), default=0)
    if not last or 8 + length + last > size:
        raise ValueError("it is incomplete")
    content = np.memmap(path, np.uint8, "r", 8 + length)
    return {name: _view(content, about) for name, about in header.items()}, metadata
