# SPDX-License-Identifier: GPL-2.0-or-later
"""Which PAN goes with which MS: by pixel size, common ground, bands, names and days.

Words, limits and weights are shared with the plugin, which pairs layers (`resources/pairing.json`).
"""

from __future__ import annotations

import json
import math
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import rasterio
from rasterio.crs import CRS
from rasterio.io import DatasetReader
from rasterio.warp import transform_bounds

from core import RESOURCES
from core.raster.gdal import GDAL_ERRORS, quietly
from core.raster.metadata import read_tags
from core.raster.source import data_bands
from core.requests.scenes import Extent

RULE: dict[str, Any] = json.loads((RESOURCES / "pairing.json").read_text("utf-8"))
PAN_WORD = re.compile(RULE["pan"], re.IGNORECASE)
MS_WORD = re.compile(RULE["ms"], re.IGNORECASE)
WGS84 = CRS.from_epsg(4326)
# Added to the shared score, which is at most 7.
SAME_NAME, SAME_FOLDER, SAME_DAY, OTHER_DAY = 3.0, 1.0, 0.5, -1.0
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True)
class Candidate:
    """A raster that may be PAN or MS of a pair.

    Parameters
    ----------
    box : (xmin, ymin, xmax, ymax) in `crs`; None without georeference.
    day : of the acquisition, such as 20200131, from tags or name; empty if unknown.
    made_here : whether it is a result of this program.
    """

    path: Path
    crs: CRS | None
    box: Extent | None
    width: int
    height: int
    bands: int
    day: str = ""
    made_here: bool = False

    @property
    def pixel(self) -> float:
        """Mean edge of a pixel in units of the CRS; without georeference, of the image's width."""
        if self.box is None:
            return 1.0 / self.width
        return math.sqrt(_area(self.box) / (self.width * self.height))

    @property
    def named_pan(self) -> bool:
        """Return whether its name says PAN and not MS."""
        return says_pan(self.path)


def says_pan(path: Path) -> bool:
    """Return whether the name of a file says PAN and not MS."""
    return bool(PAN_WORD.search(path.stem)) and not MS_WORD.search(path.stem)


def describe(path: Path) -> Candidate:
    """Describe a raster; raise OSError or an error of GDAL if it cannot be opened."""
    with quietly(), rasterio.open(path) as dataset:
        crs, box = _place(dataset)
        found = _DAY.search(path.stem)
        told = read_tags(dataset, "IMAGERY").get("ACQUISITIONDATETIME", "")
        day = "".join(re.findall(r"\d", told))[:8] or ("".join(found.groups()) if found else "")
        size, made_here = (dataset.width, dataset.height), "KSDIFF_VERSION" in dataset.tags()
        return Candidate(path, crs, box, *size, len(data_bands(dataset)), day, made_here)


def _place(dataset: DatasetReader) -> tuple[CRS | None, Extent | None]:
    """Return the CRS and the box of a raster, by its grid, ground control points or RPCs."""
    if not dataset.transform.is_identity:
        return dataset.crs, _ordered(*dataset.bounds)
    points, crs = dataset.gcps
    if points:
        xs, ys = [p.x for p in points], [p.y for p in points]
        return crs, (min(xs), min(ys), max(xs), max(ys))
    rpcs = dataset.rpcs
    if rpcs:
        x, y, dx, dy = rpcs.long_off, rpcs.lat_off, rpcs.long_scale, rpcs.lat_scale
        return WGS84, (x - dx, y - dy, x + dx, y + dy)
    return None, None


def _ordered(left: float, bottom: float, right: float, top: float) -> Extent:
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def seen_together(pan: Candidate, ms: Candidate) -> tuple[Candidate, Candidate]:
    """Return both with their boxes in PAN's CRS; without boxes if one of them has none."""
    if pan.box is None or ms.box is None:
        return replace(pan, box=None), replace(ms, box=None)
    if ms.crs == pan.crs or ms.crs is None or pan.crs is None:
        return pan, ms
    with suppress(*GDAL_ERRORS):
        box = transform_bounds(ms.crs, pan.crs, *ms.box)
        if all(map(math.isfinite, box)):
            return pan, replace(ms, box=box)
    return replace(pan, box=None), replace(ms, box=None)


def shared_score(pan: Candidate, ms: Candidate) -> float:
    """Return the score of two rasters of `seen_together` as PAN and MS; 0 if they are no pair."""
    if not RULE["least_ratio"] <= ms.pixel / pan.pixel <= RULE["most_ratio"]:
        return 0.0
    shared, names = overlap(pan, ms), (pan.path.stem, ms.path.stem)
    named_pan = bool(PAN_WORD.search(names[0]))
    if shared < RULE["least_overlap"] or (pan.bands > 1 and not named_pan):
        return 0.0
    weights = RULE["weights"]
    score: float = weights["overlap"] * shared
    score += weights["pan_has_one_band"] if pan.bands == 1 else 0.0
    score += weights["ms_has_several_bands" if ms.bands > 1 else "ms_has_one_band"]
    score += weights["pan_is_named_so"] if named_pan else 0.0
    score += weights["ms_is_named_so"] if MS_WORD.search(names[1]) else 0.0
    return score + float(weights["words_in_common"]) * _similarity(*names)


def score(pan: Candidate, ms: Candidate) -> float:
    """Return the score of two files of a folder as PAN and MS; 0 if they are no pair."""
    fine, coarse = seen_together(pan, ms)
    found = shared_score(fine, coarse)
    if not found or (ms.bands == 1 and ms.named_pan):
        return 0.0
    named_alike = bool(common_names(pan.path, ms.path))
    if fine.box is None and not named_alike:
        return 0.0
    found += SAME_NAME if named_alike else 0.0
    found += SAME_FOLDER if pan.path.parent == ms.path.parent else 0.0
    if pan.day and ms.day:
        found += SAME_DAY if pan.day == ms.day else OTHER_DAY
    return max(found, 0.1)


def overlap(pan: Candidate, ms: Candidate) -> float:
    """Return the common area over the smaller of both, 0..1; 1 without georeference."""
    if pan.box is None or ms.box is None:
        return 1.0
    left, bottom = (max(pan.box[n], ms.box[n]) for n in (0, 1))
    right, top = (min(pan.box[n], ms.box[n]) for n in (2, 3))
    smaller = min(_area(pan.box), _area(ms.box))
    return max(right - left, 0.0) * max(top - bottom, 0.0) / smaller if smaller > 0 else 0.0


def common_names(pan: Path, ms: Path) -> list[str]:
    """Return the names that both have without the words for PAN and MS, the longest first.

    Files in one folder may have no name besides these words.
    """
    both = _names(pan.stem, PAN_WORD).keys() & _names(ms.stem, MS_WORD).keys()
    if pan.parent != ms.parent:
        both -= {""}
    return sorted(both, key=lambda name: (-len(name), name))


def scene_name(pan: Path, ms: Path | None = None) -> str:
    """Return the name of a pair: the common part of both names, or else that of PAN."""
    own = _names(pan.stem, PAN_WORD)
    common = common_names(pan, ms) if ms else []
    return own[common[0] if common else min(own, key=len)] or pan.parent.name


def _names(stem: str, word: re.Pattern[str]) -> dict[str, str]:
    """Return a name, and the name without each word for its role: simplified -> as written."""
    found = {_simple(stem): stem}
    for hit in word.finditer(stem):
        start, end = stem[: hit.start()].rstrip("-_. "), stem[hit.end() :].lstrip("-_. ")
        rest = "_".join(filter(None, (start, end)))
        found.setdefault(_simple(rest), rest)
    return found


def _simple(text: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", text.lower()))


def _similarity(first: str, second: str) -> float:
    """Return the share of common words of two names, 0..1."""
    words = [set(re.findall(r"[a-z]+|[0-9]+", name.lower())) for name in (first, second)]
    together = words[0] | words[1]
    return len(words[0] & words[1]) / len(together) if together else 0.0


def _area(box: Extent) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
