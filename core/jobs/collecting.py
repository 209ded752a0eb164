# SPDX-License-Identifier: GPL-2.0-or-later
"""Collect a job: check every part, join the parts of each scene into files, write a manifest."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.io import DatasetReader

from core import __version__
from core.errors import InputError
from core.jobs.frozen_scene import FrozenScene, thawed
from core.jobs.job import (
    FORMAT,
    Job,
    Part,
    SceneFolder,
    part_numbers,
    read_json,
    sha256,
    write_json,
)
from core.jobs.mosaic import write_mosaic
from core.jobs.storage import name_of
from core.progress import Progress, scaled
from core.raster.gdal import quietly
from core.raster.pixels import default_nodata
from core.raster.writer import OutputFile
from core.worker.versions import versions

log = logging.getLogger(__name__)

OPEN_PARTS = 128  # files at a time; a system allows some hundreds


def refuse_missing(job: Job, missing: Sequence[Part]) -> None:
    """Raise InputError, which names the parts, unless none is missing."""
    if missing:
        raise InputError(
            "job-parts-missing", count=len(missing), all=len(job.parts), parts=part_numbers(missing)
        )


def collect_scene(job: Job, number: int, mosaic_only: bool, progress: Progress) -> dict[str, Any]:
    """Join the parts of a scene into files; return their record, which is written beside the parts.

    A scene that was collected before, and whose files are unchanged, is skipped. Raises InputError
    where parts are missing or damaged.
    """
    folder = job.scene(number)
    before = collected_before(folder)
    if before and (mosaic_only or before["files"]):
        return before
    records = _checked(job, number, progress)
    with thawed(folder) as frozen:
        planned = frozen.planned
        made = [] if mosaic_only else planned.files()  # needs the folder of the results
        mosaics = []
        for of_file, (_, layout) in enumerate(planned.layouts):
            named = [
                (window, f"parts/{record['files'][of_file]['name']}")
                for window, record in zip(frozen.parts, records, strict=True)
            ]
            holes = any(record["files"][of_file]["counts"]["holes"] for record in records)
            nodata = layout.nodata
            if holes and nodata is None:
                nodata = default_nodata(layout.dtype)
            place = folder.path if not of_file else folder.path / "spread"
            mosaics.append(_mosaic(place, folder, layout, nodata, named))
        if not mosaic_only:
            with planned.writing(made, progress):
                _copy_all(frozen, folder, made, records, scaled(progress, 0.2, 0.9))
    values = _result(folder, [file.target for file in made], mosaics, records)
    write_json(folder.result, values)
    _remove_others(folder, records)
    return values


def _remove_others(folder: SceneFolder, records: list[dict[str, Any]]) -> None:
    """Remove files that no record names: of a process that was killed, or that came second."""
    names = {file["name"] for record in records for file in record["files"]}
    for path in (folder.path / "parts").glob("*.tif"):
        if path.name not in names:
            path.unlink(missing_ok=True)


def _mosaic(place: Path, folder: SceneFolder, layout: Any, nodata: Any, named: Any) -> str:
    place.mkdir(exist_ok=True)
    up = "" if place == folder.path else "../"
    return name_of(write_mosaic(place, layout, nodata, [(w, f"{up}{name}") for w, name in named]))


def collected_before(folder: SceneFolder) -> dict[str, Any] | None:
    """Return the record of an earlier collection, if its files have the sizes recorded."""
    try:
        before = read_json(folder.result)
        whole = all(Path(each["path"]).stat().st_size == each["bytes"] for each in before["files"])
    except (InputError, OSError):
        return None
    return before if whole else None


def _checked(job: Job, number: int, progress: Progress) -> list[dict[str, Any]]:
    """Check the hashes of the parts of a scene, and return the records of the parts."""
    folder = job.scene(number)
    parts = [each for each in job.parts if each.scene == number]
    records: list[dict[str, Any]] = []
    bad = []
    for part in parts:
        progress(0.2 * len(records) / len(parts), "Checking the parts")
        record = folder.done(part.at)
        if record and all(_is_whole(folder, each) for each in record["files"]):
            records.append(record)
        else:
            # Without a record, the part is done again by the next run.
            folder.record(part.at).unlink(missing_ok=True)
            bad.append(part)
    refuse_missing(job, bad)
    if len({record["device"] for record in records}) > 1:
        log.warning(
            "Parts of %s were made on different devices: their bytes may differ in rounding.",
            job.names[number],
        )
    return records


def _is_whole(folder: SceneFolder, file: dict[str, Any]) -> bool:
    return sha256(folder.path / "parts" / file["name"]) == file["sha256"]


def _copy_all(
    frozen: FrozenScene,
    folder: SceneFolder,
    files: list[OutputFile],
    records: list[dict[str, Any]],
    progress: Progress,
) -> None:
    """Copy the parts into open files, in the order in which one machine writes the tiles."""
    for of_file, sink in enumerate(files):
        paths = [folder.path / "parts" / each["files"][of_file]["name"] for each in records]
        for record in records:
            sink.counts.merge(record["files"][of_file]["counts"])
        with closing(_OpenParts(paths)) as opened:
            _copy(frozen, sink, opened, progress)


class _OpenParts:
    """The files of parts, of which the `OPEN_PARTS` last used stay open."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self._open: OrderedDict[int, DatasetReader] = OrderedDict()

    def __getitem__(self, part: int) -> DatasetReader:
        if part not in self._open:
            if len(self._open) >= OPEN_PARTS:
                self._open.popitem(last=False)[1].close()
            with quietly():
                self._open[part] = rasterio.open(name_of(self._paths[part]))
        self._open.move_to_end(part)
        return self._open[part]

    def close(self) -> None:
        while self._open:
            self._open.popitem()[1].close()


def _copy(frozen: FrozenScene, sink: OutputFile, opened: _OpenParts, progress: Progress) -> None:
    ready = frozen.planned.ready
    tiles = ready.tiles(frozen.planned.scene, ready.method.halo, ready.method.align)
    first = frozen.parts[0]  # all but the last ones have its size
    per_row = sum(each.row == 0 for each in frozen.parts)
    for number, tile in enumerate(tiles):
        progress(number / len(tiles), f"Tile {number + 1} of {len(tiles)}")
        part = tile.inner.row // first.height * per_row + tile.inner.col // first.width
        origin = frozen.parts[part]
        at = tile.inner.shift(-origin.row, -origin.col)
        area = ((at.row, at.row_end), (at.col, at.col_end))
        pixels = opened[part].read(window=area)
        missing = np.isnan(pixels) if np.isnan(sink.nodata) else pixels == sink.nodata
        sink.put(tile.inner, pixels, ~missing.any(axis=0))


def _result(
    folder: SceneFolder, paths: list[Path], mosaics: list[str], records: list[dict[str, Any]]
) -> dict[str, Any]:
    state = folder.read()
    kept = ("name", "method", "model_sha256", "description", "inputs", "arrays_sha256", "facts")
    return {
        "format": FORMAT,
        **{name: state[name] for name in kept},
        "files": [
            {"path": str(path), "bytes": path.stat().st_size, "sha256": sha256(path)}
            for path in paths
        ],
        "mosaics": mosaics,
        "seconds": round(sum(record["seconds"] for record in records), 3),
        "parts": [
            {
                "window": window,
                "files": [{k: f[k] for k in ("name", "bytes", "sha256")} for f in record["files"]],
                **{k: record[k] for k in ("seconds", "memory", "device", "host")},
            }
            for window, record in zip(state["parts"], records, strict=True)
        ],
    }


def write_manifest(job: Job, scenes: list[dict[str, Any]]) -> Path:
    """Write the manifest, scenes, parts, inputs and software with their hashes; return its path."""
    path = job.folder / "manifest.json"
    values = {"format": FORMAT, "version": __version__, "packages": versions(), "scenes": scenes}
    write_json(path, values)
    return path
