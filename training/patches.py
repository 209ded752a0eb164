# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes ready for training, and the one file they are kept in.

The training loop knows no rasters: it draws from `Source`s, which are arrays in memory
(`training.sources` reads them) or lie in a patch file, memory-mapped, which any number of
processes share and which needs nothing but numpy to be read.

A patch file is a .safetensors file: for source i the arrays ``i.ms``, ``i.pan``, and where there
are any ``i.lms`` and ``i.valid`` (bits, packed); its metadata says what they are. Whole DN are
kept as they are in 8 or 16 bits, other values in `Source.bits` bits between the least and the
largest of each band.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.arrays import Image

TRAIN, VALIDATION = "train", "validation"
FORMAT = "ksdiff patches 1"

#: Types of a patch file's arrays, in the order in which they lie in it: aligned without gaps.
_TYPES: dict[str, np.dtype[Any]] = {"U16": np.dtype("<u2"), "U8": np.dtype("u1")}


class Pixels(Protocol):
    """What draws need of an array; all bands must be asked for, `[:, rows, cols]` or `[n]`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """As numpy's."""

    def __getitem__(self, key: Any) -> Image:
        """Pixels as float32, DN."""


@dataclass(frozen=True)
class Source:
    """One scene on one grid, or many small samples of one sensor.

    ``ms`` (C, h, w), ``pan`` and ``valid`` (h, w), DN; of samples (N, C, h, w) and (N, h, w).
    ``weight`` is its share of the draws, ``part`` `TRAIN` or `VALIDATION`, ``sensor`` the key of
    its sensor's card or empty, ``gains`` the MTF gains of the bands where the sensor is known.
    ``lms``, of `ms`' shape, is given where files bring their own. ``bits`` (8 or 16) is the
    precision of values that are no whole DN in a patch file.
    """

    name: str
    ms: Pixels
    pan: Pixels
    valid: NDArray[np.bool_]
    weight: float
    part: str = TRAIN
    sensor: str = ""
    gains: tuple[float, ...] = ()
    lms: Pixels | None = None
    bits: int = 16
    _places: dict[int, NDArray[np.intp]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def places(self, side: int) -> NDArray[np.intp]:
        """`places_in` this scene, found once."""
        if side not in self._places:
            self._places[side] = places_in(self.valid, side)
        return self._places[side]

    @property
    def bands(self) -> int:
        """Number of MS bands."""
        return self.ms.shape[-3]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, of one sample where there are many (px)."""
        height, width = self.pan.shape[-2:]
        return height, width

    @property
    def samples(self) -> int | None:
        """Number of samples; None for a scene."""
        return self.ms.shape[0] if len(self.ms.shape) == 4 else None

    def sample(self, number: int) -> Source:
        """One of the samples as a scene of its own."""
        lms = None if self.lms is None else self.lms[number]
        return Source(
            f"{self.name}[{number}]", self.ms[number], self.pan[number], self.valid[number],
            self.weight, self.part, self.sensor, self.gains, lms, self.bits,
        )  # fmt: skip


class Stored:
    """Pixels in a patch file: whole numbers, a scale and an offset for each band."""

    def __init__(self, values: NDArray[Any], scale: Image, offset: Image) -> None:
        self._values, self._scale, self._offset = values, scale, offset

    @property
    def shape(self) -> tuple[int, ...]:
        """As numpy's."""
        return self._values.shape

    def __getitem__(self, key: Any) -> Image:
        """Pixels as float32, DN."""
        return self._values[key].astype(np.float32) * self._scale + self._offset


def everywhere(shape: Sequence[int]) -> NDArray[np.bool_]:
    """A mask of valid pixels only, which takes no memory."""
    return np.broadcast_to(np.True_, tuple(shape))


def places_in(valid: NDArray[np.bool_], side: int) -> NDArray[np.intp]:
    """Upper left corners (n, 2) of squares without nodata, `side` px wide.

    One for every cell of an eighth of a side that has any: enough to draw from. Each row of the
    mask (h, w) is looked at once, and no more than some rows are kept in memory.
    """
    step = max(side // 8, 1)
    depth = np.zeros(valid.shape[1], np.int32)  # valid pixels in a column, up from this row
    taken = np.zeros(valid.shape[1] // step + 1, bool)
    found: list[tuple[int, int]] = []
    for last, line in enumerate(valid):
        depth = (depth + 1) * line
        row = last + 1 - side
        if row < 0:
            continue
        if row % step == 0:
            taken[:] = False
        sums = np.cumsum(np.pad(depth >= side, (1, 0)))
        columns = np.flatnonzero(sums[side:] - sums[:-side] == side)
        cells, first = np.unique(columns // step, return_index=True)
        new = ~taken[cells]
        taken[cells] = True
        found += [(row, int(column)) for column in columns[first[new]]]
    return np.array(found, np.intp).reshape(-1, 2)


@dataclass(frozen=True)
class _Plan:
    """How an array is stored: type, scale and offset a band."""

    kind: str
    shape: tuple[int, ...]
    scale: Image
    offset: Image

    def code(self, image: Image) -> NDArray[Any]:
        """Pixels as they are stored."""
        top = np.iinfo(_TYPES[self.kind]).max
        return np.rint(np.clip((image - self.offset) / self.scale, 0, top))


def write(
    path: Path, sources: Sequence[Source], entries: Sequence[dict[str, Any]] | None = None
) -> int:
    """Write a patch file; returns its size in bytes.

    ``entries`` are the recipe's sources it was made of, which `open` compares. A source of many
    samples is read one at a time, twice: to see its range, and to write it.
    """
    plans: dict[str, _Plan] = {}
    for number, source in enumerate(sources):
        plans[f"{number}.ms"] = _plan(source.ms, source)
        plans[f"{number}.pan"] = _plan(source.pan, source)
        if source.lms is not None:
            plans[f"{number}.lms"] = _plan(source.lms, source)
        if not source.valid.all():
            none = np.zeros(0, np.float32)
            plans[f"{number}.valid"] = _Plan("U8", (-(-source.valid.size // 8),), none, none)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    arrays = _create(temporary, plans, _metadata(sources, plans, entries))
    for name, plan in plans.items():
        place, what = name.split(".")
        source = sources[int(place)]
        if what == "valid":
            arrays[name][:] = np.packbits(source.valid)
            continue
        for part, image in _parts(getattr(source, what), source):
            arrays[name][part] = plan.code(image)
    del arrays  # written out, on Windows too
    temporary.replace(path)
    return path.stat().st_size


def made_of(path: Path) -> list[dict[str, Any]]:
    """The recipe's sources that a patch file was made of. Raises InputError where it is none."""
    open(path)
    return list(json.loads(_map(path)[1]["entries"]) or [])


def open(path: Path, entries: Sequence[dict[str, Any]] | None = None) -> list[Source]:
    """The sources in a patch file, memory-mapped.

    Raises InputError when the file is none, is incomplete, or was made of other sources than the
    recipe's ``entries``, where these are given.
    """
    try:
        arrays, metadata = _map(path)
        if metadata.get("format") != FORMAT:
            raise ValueError("it holds something else")
        told = json.loads(metadata["sources"])
        made_of = json.loads(metadata["entries"])
    except OSError as error:
        raise InputError("patches-unreadable", path=path, reason=error.strerror) from error
    except (ValueError, KeyError, struct.error) as error:
        raise InputError("not-a-patch-file", path=path, reason=error) from error
    if entries is not None and made_of is not None and made_of != json.loads(json.dumps(entries)):
        raise InputError("patches-of-other-sources", path=path)
    return [_source(str(number), about, arrays) for number, about in enumerate(told)]


def _source(number: str, about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Source:
    def stored(name: str) -> Stored:
        scale, offset = (np.asarray(values, np.float32) for values in about[name])
        return Stored(arrays[f"{number}.{name}"], scale, offset)

    ms, pan = stored("ms"), stored("pan")
    valid = everywhere(pan.shape)
    if f"{number}.valid" in arrays:
        bits = np.unpackbits(arrays[f"{number}.valid"], count=valid.size)
        valid = bits.astype(bool).reshape(pan.shape)
    return Source(
        about["name"], ms, pan, valid, about["weight"], about["part"], about["sensor"],
        tuple(about["gains"]), stored("lms") if "lms" in about else None, about["bits"],
    )  # fmt: skip


def _parts(pixels: Pixels, source: Source) -> Iterator[tuple[Any, Image]]:
    """The pixels of a scene at once, those of samples one after the other."""
    if source.samples is None:
        yield slice(None), pixels[:]
        return
    for number in range(source.samples):
        yield number, pixels[number]


def _plan(pixels: Pixels, source: Source) -> _Plan:
    """Whole DN as they are, others between the least and the largest of a band."""
    whole, lows, highs = True, [], []
    for _, image in _parts(pixels, source):
        lows.append(image.min(axis=(-2, -1), keepdims=True))
        highs.append(image.max(axis=(-2, -1), keepdims=True))
        whole = whole and np.array_equal(image, np.rint(image))
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    if whole and low.min() >= 0 and high.max() < 2**16:
        kind = "U8" if high.max() < 2**8 else "U16"
        return _Plan(kind, pixels.shape, np.ones_like(low), np.zeros_like(low))
    kind = f"U{source.bits}"
    scale = np.maximum(high - low, 1e-12) / np.float32(2**source.bits - 1)
    return _Plan(kind, pixels.shape, scale.astype(np.float32), low)


def _metadata(
    sources: Sequence[Source],
    plans: dict[str, _Plan],
    entries: Sequence[dict[str, Any]] | None,
) -> dict[str, str]:
    told = []
    for number, source in enumerate(sources):
        about: dict[str, Any] = {"name": source.name, "weight": source.weight}
        about |= {"part": source.part, "sensor": source.sensor, "gains": source.gains}
        about["bits"] = source.bits
        for name in ("ms", "pan", "lms"):
            plan = plans.get(f"{number}.{name}")
            if plan is not None:
                about[name] = [plan.scale.tolist(), plan.offset.tolist()]
        told.append(about)
    return {"format": FORMAT, "sources": json.dumps(told), "entries": json.dumps(entries)}


def _create(
    path: Path, plans: dict[str, _Plan], metadata: dict[str, str]
) -> dict[str, NDArray[Any]]:
    """A .safetensors file of the right size, its arrays mapped to be filled."""
    header: dict[str, Any] = {"__metadata__": metadata}
    at = 0
    names = sorted(plans, key=lambda name: -_TYPES[plans[name].kind].itemsize)
    for name in names:
        plan = plans[name]
        end = at + int(np.prod(plan.shape)) * _TYPES[plan.kind].itemsize
        header[name] = {"dtype": plan.kind, "shape": plan.shape, "data_offsets": [at, end]}
        at = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + at)
    everything = np.memmap(path, np.uint8, "r+", 8 + len(text))
    return {name: _view(everything, header[name]) for name in names}


def _view(everything: NDArray[Any], about: dict[str, Any]) -> NDArray[Any]:
    """An array of a .safetensors file in the bytes after its header."""
    first, end = about["data_offsets"]
    return everything[first:end].view(_TYPES[about["dtype"]]).reshape(about["shape"])


def _map(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Arrays and metadata of a .safetensors file, the arrays read when they are looked at."""
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
    everything = np.memmap(path, np.uint8, "r", 8 + length)
    return {name: _view(everything, about) for name, about in header.items()}, metadata
