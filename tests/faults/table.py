# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of cases: number -> case.

Each group begins at a number of its own, and a new case is added at the end of its group: a number
stays with its case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.faults import bands, files, models, pixels, places, runs
from tests.faults.case import Case

GROUPS: dict[int, Callable[[], Iterator[Case]]] = {
    1: pixels.types,
    150: pixels.beyond,
    200: pixels.mixed,
    300: pixels.masks,
    450: pixels.one_band,
    500: pixels.undeclared,
    600: places.grids,
    800: places.overlaps,
    850: places.systems,
    1000: bands.bands,
    1100: bands.meanings,
    1200: files.forms,
    1400: files.options,
    1700: files.damages,
    1900: files.wrong_things,
    2000: models.models,
    2200: models.fits,
    2250: models.archives,
    2300: runs.kills,
    2400: runs.disks,
    2500: runs.targets,
    2600: runs.at_once,
}


def _numbered() -> dict[int, Case]:
    table: dict[int, Case] = {}
    for begin, group in GROUPS.items():
        for number, case in enumerate(group(), begin):
            if number in table or number in GROUPS.keys() - {begin}:
                raise ValueError(f"the group from {begin} reaches the next one")
            table[number] = case
    return table


TABLE = _numbered()
