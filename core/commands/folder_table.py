# SPDX-License-Identifier: GPL-2.0-or-later
"""Read the pairs that a table of files names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core.commands.folder_files import RASTERS, FoundPair, Names, described, doubts_of, misfit
from core.errors import InputError
from core.gdal_names import is_path, path_in
from core.language import say
from core.products import pairing


def read_table(path: Path) -> Iterator[FoundPair]:
    """Yield the pairs of a table; relative names are relative to its folder.

    Raises InputError for a table without the columns pan and ms.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    mark = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.DictReader(text.splitlines(), delimiter=mark)
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    if not {"pan", "ms"} <= columns.keys():
        raise InputError("table-columns", path=path, found=", ".join(columns) or "none")
    for row in rows:
        cells = {key: (row[name] or "").strip() for key, name in columns.items() if key}
        pan, ms = (_named(cells[key], path.parent) for key in ("pan", "ms"))
        if pan or ms:
            out = cells.get("out", "")
            yield _checked(FoundPair("", pan, ms, _from(path.parent, out) if out else ""))


def _named(cell: str, folder: Path) -> Names | None:
    """Return the file that a cell names, or files of single bands, separated by |."""
    names = tuple(_from(folder, name.strip()) for name in cell.split("|") if name.strip())
    return (names[0] if len(names) == 1 else names) or None


def _from(folder: Path, name: str) -> str:
    return str(folder / name) if is_path(name) else name


def _checked(pair: FoundPair) -> FoundPair:
    """Return a pair of a table with its name, and with doubts and problems."""
    pan, ms = pair.pan, pair.ms
    pair = replace(pair, name=path_in(pair.files[0]).stem)
    if pan is None or ms is None:
        return replace(pair, problem=say("The table names no {}.", "PAN" if pan is None else "MS"))
    missing = [each for each in pair.files if is_path(each) and not Path(each).exists()]
    if missing:
        names = ", ".join(path_in(each).name for each in missing)
        return replace(pair, problem=say("{} does not exist.", names))
    if not (isinstance(pan, str) and isinstance(ms, str)):
        return pair  # files of single bands
    both = Path(pan), Path(ms)
    if not all(each.is_file() and each.suffix.lower() in RASTERS for each in both):
        return pair  # a delivered product, or no path
    pair = replace(pair, name=pairing.scene_name(*both))
    rasters, broken = described(both)
    if broken:
        return replace(pair, problem=" ".join(broken.values()))
    if len(rasters) < 2:
        return replace(pair, doubts=(say("One of the two is a result of this program."),))
    first, second = rasters
    if not pairing.shared_score(*pairing.seen_together(first, second)):
        return replace(pair, problem=misfit(first, second))
    return replace(pair, doubts=tuple(doubts_of(first, second, named=True)))
