# SPDX-License-Identifier: GPL-2.0-or-later
"""Matching of PAN and MS layers by pixel size, overlap, number of bands and name.

The words, limits and weights of the rule are those of the core (`resources/pairing.json`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer

from .. import paths
from .geometry import data_bands, extent_in, pixel_size

_RULE: Mapping[str, Any] = paths.pairing_rule()
_PAN_WORD = re.compile(_RULE["pan"], re.IGNORECASE)
_MS_WORD = re.compile(_RULE["ms"], re.IGNORECASE)

Box = tuple[float, float, float, float]  # (xmin, ymin, xmax, ymax)


@dataclass(frozen=True)
class Candidate:
    """A raster layer, reduced to what the pairing needs.

    `box` is in a CRS common to all candidates, `pixel` the pixel size in its units.
    """

    id: str
    name: str
    box: Box
    pixel: float
    bands: int

    @classmethod
    def of(cls, layer: QgsRasterLayer, crs: QgsCoordinateReferenceSystem) -> Candidate | None:
        """Describe a layer in a CRS; None if its extent cannot be transformed to it."""
        box = extent_in(layer, crs)
        if box is None:
            return None
        corners = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
        return cls(
            layer.id(), layer.name(), corners, pixel_size(box, layer), len(data_bands(layer))
        )


@dataclass(frozen=True)
class LayerPair:
    """Ids of the layers to fill in; None where nothing fits.

    `rivals` are the layers that also fit, the best first.
    """

    pan: str | None
    ms: str | None
    rivals: tuple[str, ...] = ()


def find_partner(clicked: Candidate, others: Sequence[Candidate]) -> LayerPair:
    """Find the partner of a layer, which may be PAN or MS."""
    pairs = _by_score((clicked, other) for other in others)
    if pairs:
        rivals = (fine if coarse is clicked else coarse for fine, coarse in pairs[1:])
        return LayerPair(pairs[0][0].id, pairs[0][1].id, tuple(rival.id for rival in rivals))
    return LayerPair(clicked.id, None) if looks_like_pan(clicked) else LayerPair(None, clicked.id)


def order_two(first: Candidate, second: Candidate) -> LayerPair:
    """Return two layers as PAN and MS: the finer is PAN; at equal pixel size, the single band."""
    fine, coarse = sorted((first, second), key=lambda c: (c.pixel, c.bands))
    if coarse.bands == 1 < fine.bands and coarse.pixel < fine.pixel * _RULE["least_ratio"]:
        fine, coarse = coarse, fine
    return LayerPair(fine.id, coarse.id)


def best_pair(layers: Sequence[Candidate]) -> LayerPair:
    """Find the best pair among layers; rivals are the PANs of the other pairs."""
    pairs = _by_score(combinations(layers, 2))
    if not pairs:
        return LayerPair(None, None)
    pan, ms = pairs[0]
    rivals = dict.fromkeys(fine.id for fine, _ in pairs[1:] if fine.id != pan.id)
    return LayerPair(pan.id, ms.id, tuple(rivals))


def match_pairs(
    pans: Sequence[QgsRasterLayer], mss: Sequence[QgsRasterLayer], pan_band_chosen: bool = False
) -> tuple[list[tuple[QgsRasterLayer, QgsRasterLayer]], list[str]]:
    """Match each PAN with the MS of the highest score, none twice.

    Parameters
    ----------
    pan_band_chosen : whether a PAN may have several bands, of which one is chosen.

    Returns
    -------
    The pairs as (PAN, MS), and the names of the layers without a partner.
    """
    scores = []
    for i, pan in enumerate(pans):
        fine = Candidate.of(pan, pan.crs())
        for j, ms in enumerate(mss):
            coarse = Candidate.of(ms, pan.crs())
            if fine is None or coarse is None:
                continue
            score = pair_score(replace(fine, bands=1) if pan_band_chosen else fine, coarse)
            if score > 0:
                scores.append((-score, i, j))
    chosen: dict[int, int] = {}
    for _, i, j in sorted(scores):
        if i not in chosen and j not in chosen.values():
            chosen[i] = j
    alone = [pan.name() for i, pan in enumerate(pans) if i not in chosen]
    alone += [ms.name() for j, ms in enumerate(mss) if j not in chosen.values()]
    return [(pans[i], mss[j]) for i, j in sorted(chosen.items())], alone


def _by_score(
    pairs: Iterable[tuple[Candidate, Candidate]],
) -> list[tuple[Candidate, Candidate]]:
    """Return the possible pairs as (PAN, MS), the best first."""
    ordered = [sorted(pair, key=lambda c: c.pixel) for pair in pairs]
    scored = [(pair_score(fine, coarse), fine, coarse) for fine, coarse in ordered]
    scored.sort(key=lambda each: -each[0])
    return [(fine, coarse) for score, fine, coarse in scored if score > 0]


def pair_score(fine: Candidate, coarse: Candidate) -> float:
    """Rate two layers as PAN and MS; 0 if they cannot be a pair."""
    if fine.pixel <= 0:
        return 0.0
    if not _RULE["least_ratio"] <= coarse.pixel / fine.pixel <= _RULE["most_ratio"]:
        return 0.0
    shared, named_pan = overlap(fine.box, coarse.box), bool(_PAN_WORD.search(fine.name))
    if shared < _RULE["least_overlap"] or (fine.bands > 1 and not named_pan):
        return 0.0
    weights = _RULE["weights"]
    score: float = weights["overlap"] * shared
    score += weights["pan_has_one_band"] if fine.bands == 1 else 0.0
    score += weights["ms_has_several_bands" if coarse.bands > 1 else "ms_has_one_band"]
    score += weights["pan_is_named_so"] if named_pan else 0.0
    score += weights["ms_is_named_so"] if _MS_WORD.search(coarse.name) else 0.0
    score += weights["words_in_common"] * name_similarity(fine.name, coarse.name)
    return score


def looks_like_pan(layer: Candidate) -> bool:
    """Return whether a layer looks like a PAN by its bands and name."""
    return layer.bands == 1 or (
        bool(_PAN_WORD.search(layer.name)) and not _MS_WORD.search(layer.name)
    )


def overlap(first: Box, second: Box) -> float:
    """Return the shared area over the smaller of the two areas, 0..1."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    smaller = min(_area(first), _area(second))
    return max(width, 0.0) * max(height, 0.0) / smaller if smaller > 0 else 0.0


def name_similarity(first: str, second: str) -> float:
    """Return the share of words that two layer names have in common, 0..1."""
    words = [set(re.findall(r"[a-z]+|[0-9]+", name.lower())) for name in (first, second)]
    together = words[0] | words[1]
    return len(words[0] & words[1]) / len(together) if together else 0.0


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
