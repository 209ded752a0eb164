# SPDX-License-Identifier: GPL-2.0-or-later
"""What is right: checks of an outcome, to be put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import rasterio
from scipy import ndimage

from tests.faults.case import Case, Check, Outcome
from tests.faults.rasters import Floats, Mask, Pair, centres, flat, unit


def read(done: Outcome) -> tuple[Floats, Mask, tuple[Floats, Floats]]:
    """The result's values `(C, H, W)`, where it has data, and where on PAN its pixels lie."""
    with rasterio.open(done.out) as made:
        rows, cols = centres(made.shape)
        if not made.transform.is_identity:
            cols, rows = ~done.case.pair.pan.grid * (made.transform * (cols, rows))
        return made.read().astype(float), (made.read_masks() > 0).all(axis=0), (rows, cols)


def bands_of(done: Outcome) -> list[int]:
    """The bands of MS that the result is made of, from 0."""
    chosen = done.case.ask.get("ms_bands") or range(1, done.case.pair.bands + 1)
    return [band - 1 for band in chosen]


def succeeded(check: Callable[[Outcome], Iterable[str]]) -> Check:
    """The check of a result; an error is wrong."""

    def checked(done: Outcome) -> Iterator[str]:
        if done.code:
            yield f"refused with {done.code}: {done.text}"
        else:
            yield from check(done)

    return checked


def values(units: float = 0.06, margin: float | None = None, by: float = 1.0) -> Check:
    """The truth of the scene, to `units` of it, where there must be data.

    `margin` is kept from holes and borders (PAN px), beyond which an interpolation does not see: by
    default three MS pixels, and none for a flat scene. Whole numbers may be rounded twice.
    """

    @succeeded
    def check(done: Outcome) -> Iterator[str]:
        pair = done.case.pair
        found, valid, at = read(done)
        sure, _ = pair.has_data(by, *at)
        ratio = abs(pair.ms.grid.determinant / pair.pan.grid.determinant) ** 0.5
        keep = (0 if pair.scene is flat else 3 * ratio) if margin is None else margin
        if keep:
            grown = 2 * int(np.ceil(keep)) + 1
            sure = ndimage.binary_erosion(sure, np.ones((grown, grown), bool))
        wanted = pair.truth(*at)[bands_of(done)]
        if len(found) != len(wanted) or not (sure & valid).any():
            yield "there is nothing to compare"
            return
        apart = np.abs(found - wanted)[:, sure & valid].max()
        whole = np.dtype(pair.ms.dtype).kind != "f"
        allowed = units * unit(pair.ms.dtype) + (1.05 if whole and units else 0.0)
        if not apart <= max(allowed, 1e-5):
            yield f"{apart:.4g} DN from the truth, {allowed:.4g} are allowed"

    return check


def mask(by: float = 1.0) -> Check:
    """Data where both have data, none where one has none; `by` PAN px from an edge, either."""

    @succeeded
    def check(done: Outcome) -> Iterator[str]:
        _, valid, at = read(done)
        present, absent = done.case.pair.has_data(by, *at)
        if lost := int((present & ~valid).sum()):
            yield f"{lost} of {int(present.sum())} pixels with data have none"
        if gained := int((absent & valid).sum()):
            yield f"{gained} of {int(absent.sum())} pixels without data have some"

    return check


@succeeded
def kept(done: Outcome) -> Iterator[str]:
    """Every pixel has data."""
    if lost := int((~read(done)[1]).sum()):
        yield f"{lost} pixels have no data"


RIGHT = values(), mask()
EXACT = values(0.0), mask()


def refused(*codes: str) -> tuple[Check]:
    """An error of one of these codes; of any, if none is named."""

    def check(done: Outcome) -> Iterator[str]:
        if not done.code:
            yield f"was done, must be refused {codes or ''}"
        elif codes and done.code not in codes:
            yield f"refused with {done.code}, not {' or '.join(codes)}: {done.text}"

    return (check,)


def or_refused(*checks: Check) -> tuple[Check]:
    """A right result, or a clear word instead of it."""

    def check(done: Outcome) -> Iterator[str]:
        if not done.code:
            yield from (text for each in checks for text in each(done))

    return (check,)


def or_warned(word: str, *checks: Check) -> tuple[Check]:
    """A right result, or a warning that holds a word."""

    def check(done: Outcome) -> Iterator[str]:
        if word.lower() not in done.warnings.lower():
            wrong = [text for each in checks for text in each(done)]
            yield from (f"{text} (and no warning says {word!r})" for text in wrong)

    return (check,)


def names(*words: str) -> Check:
    """The error's sentences hold these words."""

    def check(done: Outcome) -> Iterator[str]:
        for word in words:
            if word not in done.text:
                yield f"the error does not name {word}: {done.text}"

    return check


def before_work(done: Outcome) -> Iterator[str]:
    """The error comes before the methods are compared and before the scene is sharpened."""
    work = [stage for stage in done.stages if stage.split()[0] not in ("Opening", "Preparing")]
    if work:
        yield f"said only after {work[0]!r} and {len(work) - 1} steps more"


def in_time(done: Outcome) -> Iterator[str]:
    """If there is an error, it comes before that work."""
    if done.code:
        yield from before_work(done)


def same_as(plain: Case, bands: Sequence[int] | None = None) -> Check:
    """The values and the mask of a run without the trouble, to the bit.

    `bands` are those of the plain result, from 0, that this one must have.
    """

    @succeeded
    def check(done: Outcome) -> Iterator[str]:
        other = replace(plain, right=()).outcome(done.folder / "plain")
        if other.code:
            yield f"the plain run failed: {other.text}"
            return
        (found, valid, _), (wanted, wanted_valid, _) = read(done), read(other)
        wanted = wanted if bands is None else wanted[list(bands)]
        if found.shape != wanted.shape:
            yield f"the shape is {found.shape}, not {wanted.shape}"
        elif (valid != wanted_valid).any():
            yield f"{int((valid != wanted_valid).sum())} pixels differ in whether they have data"
        elif (found != wanted)[:, valid].any():
            apart = np.abs(found - wanted)[:, valid]
            yield f"{np.mean(apart > 0):.1%} of the values differ, by up to {apart.max():.4g}"

    return check


def as_plain(pair: Pair, **ask: Any) -> tuple[Check]:
    """The result of the same pair without the trouble, to the bit."""
    return (same_as(Case("plain", (), pair, ask)),)


def close(bound: float) -> Check:
    """An error below a bound, as a share of the truth's spread, 8 PAN px from the border."""

    @succeeded
    def check(done: Outcome) -> Iterator[str]:
        found, valid, at = read(done)
        present, _ = done.case.pair.has_data(8.0, *at)
        wanted = done.case.pair.truth(*at)[bands_of(done)]
        if len(found) != len(wanted) or not (present & valid).any():
            yield "there is nothing to compare"
            return
        found, wanted = found[:, present & valid], wanted[:, present & valid]
        error = np.sqrt(((found - wanted) ** 2).mean(axis=1))
        share = float((error / wanted.std(axis=1)).max())
        if not share < bound:
            yield f"the error is {share:.3f} of the truth's spread, {bound} is allowed"

    return check


def has(what: str, look: Callable[[Any], Any], wanted: Any) -> Check:
    """The result has a property."""

    @succeeded
    def check(done: Outcome) -> Iterator[str]:
        with rasterio.open(done.out) as made:
            found = look(made)
        if found != wanted:
            yield f"{what} is {found}, not {wanted}"

    return check
