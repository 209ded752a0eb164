# SPDX-License-Identifier: GPL-2.0-or-later
"""Find the pairs among the rasters of a folder, and describe doubts and problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import reason_of
from core.language import say
from core.products import pairing
from core.products.pairing import Candidate
from core.raster.gdal import GDAL_ERRORS

Names = str | tuple[str, ...]

RASTERS = (".tif", ".tiff", ".gtiff", ".jp2", ".img", ".vrt", ".ntf", ".pix", ".til")
#: Two pairs whose scores differ by less are hard to tell apart.
_CLOSE = 0.75
#: Share of the smaller image that both cover, below which a pair is doubtful.
_ENOUGH_GROUND = 0.9


@dataclass(frozen=True)
class FoundPair:
    """A pair, or PAN or MS alone.

    Parameters
    ----------
    name : of the pair; that of its result begins with it.
    out : the file for the result, if the table names one.
    doubts : sentences, why it may not be a pair.
    problem : a sentence, why it cannot be sharpened; may be empty.
    """

    name: str
    pan: Names | None
    ms: Names | None
    out: str = ""
    doubts: tuple[str, ...] = ()
    problem: str = ""

    @property
    def files(self) -> list[str]:
        """All files of PAN and MS."""
        return files_of(*(each for each in (self.pan, self.ms) if each is not None))


def files_of(*rasters: Names) -> list[str]:
    """Return the files of rasters, of which each may be several files of single bands."""
    return [file for each in rasters for file in ((each,) if isinstance(each, str) else each)]


def match_rasters(files: Sequence[Path]) -> Iterator[FoundPair]:
    """Yield the pairs that fit best, each raster in one of them, then the rasters left over."""
    rasters, broken = described(files)
    scored = [(pairing.score(pan, ms), pan, ms) for pan in rasters for ms in rasters if pan != ms]
    scored = sorted((each for each in scored if each[0] > 0), key=lambda each: -each[0])
    taken: set[Path] = set()
    chosen = []
    for found, pan, ms in scored:
        if not {pan.path, ms.path} & taken:
            taken |= {pan.path, ms.path}
            chosen.append((found, pan, ms))
    for found, pan, ms in sorted(chosen, key=lambda each: each[1].path):
        rivals = [
            other.path.name
            for rival, *two in scored
            for mine, other in (two, two[::-1])
            if mine in (pan, ms) and other not in (pan, ms) and rival > found - _CLOSE
        ]
        doubts = (*doubts_of(pan, ms), *_hard_to_tell(rivals))
        name = pairing.scene_name(pan.path, ms.path)
        yield FoundPair(name, str(pan.path), str(ms.path), doubts=doubts)
    yield from _left_over([each for each in rasters if each.path not in taken], broken)


def described(files: Iterable[Path]) -> tuple[list[Candidate], dict[Path, str]]:
    """Return the rasters that are not results, and why some cannot be opened."""
    rasters, broken = [], {}
    for path in files:
        try:
            found = pairing.describe(path)
        except (*GDAL_ERRORS, ValueError) as error:
            broken[path] = say("{} cannot be opened ({}).", path.name, reason_of(error))
            continue
        if not found.made_here:
            rasters.append(found)
    return rasters, broken


def doubts_of(pan: Candidate, ms: Candidate, named: bool = False) -> list[str]:
    """Return why two rasters may not be a pair; `named`: the user says that they are one."""
    doubts = []
    if not named and not pairing.common_names(pan.path, ms.path):
        doubts.append(say("Their extents match, their names do not."))
    fine, coarse = pairing.seen_together(pan, ms)
    shared = pairing.overlap(fine, coarse)
    if fine.box is None and not named:
        doubts.append(say("Their names match; their positions are not known."))
    elif shared < _ENOUGH_GROUND:
        doubts.append(say("They share {} of the ground.", f"{shared:.0%}"))
    if pan.day and ms.day and pan.day != ms.day:
        doubts.append(say("PAN is of {}, MS of {}.", _shown(pan.day), _shown(ms.day)))
    return doubts


def _shown(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}"


def _hard_to_tell(rivals: Sequence[str]) -> list[str]:
    listed = ", ".join(dict.fromkeys(rivals))
    return [say("It could also form a pair with {}.", listed)] if listed else []


def _left_over(rasters: Sequence[Candidate], broken: dict[Path, str]) -> Iterator[FoundPair]:
    """Yield pairs by name that cannot be sharpened, and PAN or MS alone."""
    pans = {each.path: each for each in rasters if each.bands == 1 or each.named_pan}
    others = {each.path: each for each in rasters if each.path not in pans}
    unreadable = [path for path in broken if pairing.says_pan(path)]
    open_pans, open_mss = [*pans, *unreadable], [*others, *(broken.keys() - set(unreadable))]
    for ms in sorted(open_mss):
        pan = next((each for each in sorted(open_pans) if pairing.common_names(each, ms)), None)
        if pan is None:
            yield FoundPair(
                ms.stem, None, str(ms), problem=broken.get(ms) or say("No PAN was found for it.")
            )
            continue
        open_pans.remove(pan)
        problem = broken.get(pan) or broken.get(ms) or misfit(pans[pan], others[ms])
        yield FoundPair(pairing.scene_name(pan, ms), str(pan), str(ms), problem=problem)
    for pan in sorted(open_pans):
        problem = broken.get(pan) or say("No MS was found for it.")
        yield FoundPair(pan.stem, str(pan), None, problem=problem)


def misfit(pan: Candidate, ms: Candidate) -> str:
    """Return why two rasters with similar names are not a pair."""
    fine, coarse = pairing.seen_together(pan, ms)
    if coarse.pixel < fine.pixel:
        return say("PAN and MS are swapped: the pixels of MS are the smaller ones.")
    if coarse.pixel / fine.pixel < pairing.RULE["least_ratio"]:
        return say("PAN does not have smaller pixels than MS.")
    if pairing.overlap(fine, coarse) < pairing.RULE["least_overlap"]:
        return say("PAN and MS show different ground.")
    return say("They do not fit as PAN and MS.")
