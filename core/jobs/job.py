# SPDX-License-Identifier: GPL-2.0-or-later
"""The folder of a job.

    asked.json                    the scenes as requested
    job.json                      version, scenes, number of parts of each, memory of a part
    scenes/0000/scene.json        the frozen scene: method, context, settings; its parts
    scenes/0000/arrays.npz        the arrays of that
    scenes/0000/parts/0003.json   a part that is done: its files, hashes, counts
    scenes/0000/parts/0003-*.tif  its pixels
    scenes/0000/mosaic.vrt        all parts as one raster, or mosaic.gti where there are many
    scenes/0000/result.json       the record of the collected files
    manifest.json                 all of it, when the job is collected

Every file is written under another name, synced, and renamed; into a store (`core.jobs.storage`) it
is uploaded. Each attempt at a part writes its pixels under a new name, and the part is done once
its .json exists: processes that do the same part do not disturb each other.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core import __version__
from core.errors import InputError
from core.jobs.freezing import Arrays
from core.jobs.storage import folder_for, name_of, put, read_bytes
from core.raster.window import Window

FORMAT = 1


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Write a file atomically."""
    write_bytes(path, (json.dumps(values, indent=1) + "\n").encode("utf-8", "backslashreplace"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically."""
    with folder_for(path) as folder:
        made = folder / path.name
        made.write_bytes(content)
        put(made, path)


def read_json(path: Path) -> dict[str, Any]:
    """Return the content of a file; raise InputError if it is missing or not of this format."""
    try:
        values = json.loads(read_bytes(path).decode("utf-8"))
        if values["format"] != FORMAT:
            raise ValueError(f"format {values['format']}")
    except FileNotFoundError as error:
        raise InputError("job-missing", path=name_of(path)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("job-damaged", path=path, reason=error) from error
    found: dict[str, Any] = values
    return found


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


@dataclass(frozen=True)
class Part:
    """A part of a scene.

    number : of all parts of the job, from 1. scene, at : of its scene, and within that, from 0.
    """

    number: int
    scene: int
    at: int


@dataclass(frozen=True)
class SceneFolder:
    """The folder of one scene of a job."""

    path: Path

    @property
    def state(self) -> Path:
        """The frozen scene."""
        return self.path / "scene.json"

    @property
    def failure(self) -> Path:
        """The reason why it could not be frozen."""
        return self.path / "failed.json"

    @property
    def result(self) -> Path:
        """The record of the files made of the parts."""
        return self.path / "result.json"

    def record(self, at: int) -> Path:
        """Return the record of a part; the part is done if it exists."""
        return self.path / "parts" / f"{at:04d}.json"

    def read(self) -> dict[str, Any]:
        """Return the frozen scene, without its arrays."""
        return read_json(self.state)

    @property
    def out(self) -> str:
        """The file that is to be made of the parts."""
        return str(self.read()["out"])

    def windows(self) -> list[Window]:
        """Return the windows of the parts."""
        return [Window(*each) for each in self.read()["parts"]]

    def write(self, values: Mapping[str, Any], arrays: Arrays) -> None:
        """Write the frozen scene: the arrays first, so that it exists only as a whole."""
        (self.path / "parts").mkdir(parents=True, exist_ok=True)
        packed = io.BytesIO()
        np.savez(packed, **arrays)  # type: ignore[arg-type]
        content = packed.getvalue()
        write_bytes(self.path / "arrays.npz", content)
        hashed = hashlib.sha256(content).hexdigest()
        write_json(self.state, {"format": FORMAT, **values, "arrays_sha256": hashed})

    def arrays(self, expected: str) -> Arrays:
        """Return the arrays of the frozen scene; raise InputError for another hash."""
        path = self.path / "arrays.npz"
        try:
            content = read_bytes(path)
        except OSError as error:
            raise InputError("job-damaged", path=path, reason=error) from error
        if hashlib.sha256(content).hexdigest() != expected:
            raise InputError("job-damaged", path=path, reason="its hash is another")
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}

    def done(self, at: int) -> dict[str, Any] | None:
        """Return the record of a part that is done: its files have the sizes recorded."""
        try:
            record = read_json(self.record(at))
            folder, files = self.record(at).parent, record["files"]
            whole = files and all(_has_size(folder / f["name"], f["bytes"]) for f in files)
        except (InputError, KeyError, TypeError):  # a record that something else has spoilt
            return None
        return record if whole else None


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


@dataclass(frozen=True)
class Job:
    """A job: the names of its scenes, and how many parts each has.

    memory : bytes that a process takes at most for a part.
    """

    folder: Path
    names: tuple[str, ...]
    counts: tuple[int, ...]
    memory: int

    @classmethod
    def open(cls, folder: Path) -> Job:
        """Raise InputError where there is no job, or one of another version."""
        if not (folder / "job.json").exists() and (folder / "asked.json").exists():
            left = sum(
                not scene_folder(folder, number).state.exists()
                for number, _ in enumerate(read_json(folder / "asked.json")["scenes"])
            )
            raise InputError("job-not-prepared", job=folder, left=left)
        values = read_json(folder / "job.json")
        if values["version"] != __version__:
            raise InputError("job-version", job=folder, version=values["version"], here=__version__)
        scenes = values["scenes"]
        return cls(
            folder,
            tuple(each["name"] for each in scenes),
            tuple(each["parts"] for each in scenes),
            values["needs"]["memory"],
        )

    def scene(self, number: int) -> SceneFolder:
        """Return the folder of a scene, counted from 0."""
        return scene_folder(self.folder, number)

    @property
    def parts(self) -> list[Part]:
        """All parts, scene by scene."""
        places = [(n, at) for n, count in enumerate(self.counts) for at in range(count)]
        return [Part(number, *place) for number, place in enumerate(places, start=1)]

    def chosen(self, part: str | None) -> list[Part]:
        """Return part `I`, or the share `I/N` of all; see `share_of`."""
        parts = self.parts
        return [parts[at] for at in share_of(part, len(parts))]

    def missing(self, scenes: Sequence[int] | None = None) -> list[Part]:
        """Return the parts that are not done, of some scenes or of all."""
        asked = [each for each in self.parts if scenes is None or each.scene in scenes]
        return [each for each in asked if self.scene(each.scene).done(each.at) is None]


def scene_folder(job: Path, number: int) -> SceneFolder:
    """Return the folder of a scene of a job, counted from 0."""
    return SceneFolder(job / "scenes" / f"{number:04d}")


def share_of(part: str | None, count: int) -> range:
    """Return which of `count` things are meant by `I`, counted from 1, or by the share `I/N`.

    None means all. Raises InputError for a number or share that does not exist.
    """
    if part is None:
        return range(count)
    first, slash, rest = part.partition("/")
    try:
        number, of = int(first), int(rest) if slash else count
    except ValueError:
        number = of = 0
    if not 1 <= number <= of:
        raise InputError("job-part-unknown", part=part, parts=count)
    return range(count * (number - 1) // of, count * number // of)


def part_numbers(parts: Sequence[Part]) -> str:
    """Return the numbers of parts as text, such as 1-3, 7."""
    runs: list[list[int]] = []
    for part in parts:
        if runs and runs[-1][1] + 1 == part.number:
            runs[-1][1] = part.number
        else:
            runs.append([part.number, part.number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
