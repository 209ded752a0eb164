# SPDX-License-Identifier: GPL-2.0-or-later
"""Guess which layer belongs to which: pure functions over what is known of the layers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

_PAN_WORD = re.compile(r"(^|[^a-z])(pan|panchro\w*|p)([^a-z]|$)|_b0?8([^0-9]|$)", re.IGNORECASE)
_MS_WORD = re.compile(r"(^|[^a-z])(ms|mss|mul|multi\w*|xs|rgb\w*|m)([^a-z]|$)", re.IGNORECASE)
_SMALLEST_RATIO, _LARGEST_RATIO = 1.2, 12.0
_LEAST_OVERLAP = 0.2


@dataclass(frozen=True)
class Candidate:
    """A raster layer, reduced to what the guess looks at.

    `box` is (xmin, ymin, xmax, ymax) in a CRS common to all candidates, `pixel` the pixel size
    in its units.
    """

    id: str
    name: str
    box: tuple[float, float, float, float]
    pixel: float
    bands: int


@dataclass(frozen=True)
class Pair:
    """Ids of the layers to fill in; None where nothing fits.

    `rivals` are the layers that might have been taken instead of the partner, the likeliest first.
    """

    pan: str | None
    ms: str | None
    rivals: tuple[str, ...] = ()


def guess(clicked: Candidate, others: Sequence[Candidate]) -> Pair:
    """Find the partner of the clicked layer, whichever of the two it is."""
    pairs = _by_score((clicked, other) for other in others)
    if pairs:
        rivals = (fine if coarse is clicked else coarse for fine, coarse in pairs[1:])
        return Pair(pairs[0][0].id, pairs[0][1].id, tuple(rival.id for rival in rivals))
    return Pair(clicked.id, None) if looks_pan(clicked) else Pair(None, clicked.id)


def of_two(first: Candidate, second: Candidate) -> Pair:
    """Which of two layers is PAN: the finer one, or that of one band where both are as fine."""
    fine, coarse = sorted((first, second), key=lambda c: (c.pixel, c.bands))
    if coarse.bands == 1 < fine.bands and coarse.pixel < fine.pixel * _SMALLEST_RATIO:
        fine, coarse = coarse, fine
    return Pair(fine.id, coarse.id)


def best(layers: Sequence[Candidate]) -> Pair:
    """The likeliest pair of all layers; rivals are the finer layers of the other pairs."""
    pairs = _by_score(combinations(layers, 2))
    if not pairs:
        return Pair(None, None)
    pan, ms = pairs[0]
    rivals = dict.fromkeys(fine.id for fine, _ in pairs[1:] if fine.id != pan.id)
    return Pair(pan.id, ms.id, tuple(rivals))


def _by_score(
    pairs: Iterable[tuple[Candidate, Candidate]],
) -> list[tuple[Candidate, Candidate]]:
    """What can be pairs, as (PAN, MS), the likeliest first."""
    ordered = [sorted(pair, key=lambda c: c.pixel) for pair in pairs]
    marks = [(score(fine, coarse), fine, coarse) for fine, coarse in ordered]
    marks.sort(key=lambda mark: -mark[0])
    return [(fine, coarse) for mark, fine, coarse in marks if mark > 0]


def score(fine: Candidate, coarse: Candidate) -> float:
    """How well two layers make a pair, 0 for not at all."""
    if fine.pixel <= 0 or not _SMALLEST_RATIO <= coarse.pixel / fine.pixel <= _LARGEST_RATIO:
        return 0.0
    shared = overlap(fine.box, coarse.box)
    if shared < _LEAST_OVERLAP:
        return 0.0
    named_pan = bool(_PAN_WORD.search(fine.name))
    if fine.bands > 1 and not named_pan:
        return 0.0
    mark = 2.0 * shared
    mark += 1.5 if fine.bands == 1 else 0.0
    mark += 1.0 if coarse.bands > 1 else -0.5
    mark += 1.0 if named_pan else 0.0
    mark += 0.5 if _MS_WORD.search(coarse.name) else 0.0
    mark += similarity(fine.name, coarse.name)
    return mark


def looks_pan(layer: Candidate) -> bool:
    """Whether a layer alone looks like a PAN."""
    return layer.bands == 1 or (
        bool(_PAN_WORD.search(layer.name)) and not _MS_WORD.search(layer.name)
    )


def overlap(
    first: tuple[float, float, float, float], second: tuple[float, float, float, float]
) -> float:
    """Shared area over the smaller of the two areas, 0..1."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    smaller = min(_area(first), _area(second))
    return max(width, 0.0) * max(height, 0.0) / smaller if smaller > 0 else 0.0


def similarity(first: str, second: str) -> float:
    """Shared words of two layer names over all words, 0..1: products of one scene share most."""
    words = [set(re.findall(r"[a-z]+|[0-9]+", name.lower())) for name in (first, second)]
    together = words[0] | words[1]
    return len(words[0] & words[1]) / len(together) if together else 0.0


def _area(box: tuple[float, float, float, float]) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
