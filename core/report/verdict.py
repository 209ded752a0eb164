# SPDX-License-Identifier: GPL-2.0-or-later
"""Interpret an assessment in sentences: findings that need attention, and others.

Every sentence follows from numbers by the fixed thresholds below. They were set so that six methods
on scenes of four sensors (QuickBird, SPOT-6, GeoEye-1, WorldView-2) raise no finding, and the same
images with reversed bands, moved by three PAN pixels, or not sharpened do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from core.imaging.arrays import FloatArray
from core.quality.outcome import Assessment, ValuePairs

#: Upper bounds of the departure from MS (%, root mean square) and the spectral angle (degrees) of
#: colours that are those of MS, nearly those, and changed ones.
COLOURS = ((5.0, 1.5), (10.0, 3.0), (25.0, 10.0))
#: Upper bounds of D_s for bands that relate to PAN much as, and roughly as, at MS resolution.
DETAIL = (0.05, 0.15)
#: Lower bounds of SCC for nearly all, and most, of the reference's edges.
EDGES = (0.95, 0.85)
#: Displacements (PAN px) that are a note and a finding.
SHIFT_NOTE, SHIFT_FINDING = 0.75, 1.0
#: Bias of a band (% of its mean) that is a finding.
BIAS = 2.0
#: Bias of all bands (%) that means another unit, not another brightness.
UNITS = 300.0
#: Correlation of a band's fine detail with PAN's, below which it is not PAN's. Interpolated MS has
#: 0.1 to 0.4, sharpened bands have 0.7 and more.
SHARP = 0.5
#: Strength of detail, relative to PAN's, above which it is exaggerated.
STRENGTH = 1.5
#: A band is confused with another MS band if that one leaves at most this share of the variance
#: unexplained that its own leaves. Brovey, which mixes bands, has 0.9, swapped bands have 0.14.
SWAPPED = 0.5
#: Share of a band's values that are negative or clipped, or of pixels without data, that is a note.
ODD_VALUES = 0.001
#: Shares of assessed pixels below which there is a note, and a finding.
COVERAGE_NOTE, COVERAGE_FINDING = 0.98, 0.5


@dataclass(frozen=True)
class Verdict:
    """`findings` need attention, `sentences` describe the quality, `notes` are remarks."""

    findings: tuple[str, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def headline(self) -> str:
        """Summary in one line."""
        count = len(self.findings)
        if not count:
            return "Nothing conspicuous in colours, detail, position and band order."
        return "One finding needs attention." if count == 1 else f"{count} findings need attention."


Kind = Literal["finding", "sentence", "note"]
Statement = tuple[Kind, str]


def verdict(assessment: Assessment) -> Verdict:
    """Return the findings, sentences and notes of an assessment."""
    checks = (
        _overall, _order, _colours, _brightness, _detail, _sharpness, _position, _pair, _values,
        _coverage,
    )  # fmt: skip
    statements = [found for check in checks if (found := check(assessment))]
    findings, sentences, notes = (
        tuple(text for kind, text in statements if kind == wanted) for wanted in get_args(Kind)
    )
    return Verdict(findings, sentences, notes)


def images(assessment: Assessment, joined: str) -> str:
    """List the images in which a pixel must be valid; `joined` is "and" or "or"."""
    if assessment.reference:
        return f"the fused image {joined} the reference"
    return f"the fused image, the PAN {joined} the MS"


def _coverage(assessment: Assessment) -> Statement | None:
    share = assessment.pixels / math.prod(assessment.size)
    together = images(assessment, "and")
    if not assessment.pixels:
        return "finding", f"No pixel has data in {together}: nothing could be assessed."
    text = f"{100 * share:.3g} % of the pixels have data in {together}"
    if share < COVERAGE_FINDING:
        return "finding", f"Only {text}; all that is said here is said of those."
    return ("note", f"{text}; only those were assessed.") if share < COVERAGE_NOTE else None


def band_correlations(sample: ValuePairs) -> FloatArray:
    """Return the correlation of every fused band (row) with every MS band (column), `(C, C)`.

    At MS resolution; NaN for a constant band.
    """
    fused, ms = (np.asarray(s, dtype=np.float64) for s in (sample.fused, sample.ms))
    known = np.isfinite(fused).all(axis=0) & np.isfinite(ms).all(axis=0)
    count = int(known.sum())
    if count < 2:
        return np.full((len(fused), len(ms)), np.nan)
    fused, ms = (s[:, known] - s[:, known].mean(axis=1, keepdims=True) for s in (fused, ms))
    norm = np.sqrt(np.outer((fused**2).sum(axis=1), (ms**2).sum(axis=1)))
    return np.divide(fused @ ms.T, norm, out=np.full(norm.shape, np.nan), where=norm > 0)


def confused_bands(assessment: Assessment) -> tuple[int | None, ...]:
    """Return for each band the MS band it is confused with, counted from 0; None for its own."""
    correlation = np.maximum(band_correlations(assessment.sample), 0)
    unexplained = 1 - np.minimum(correlation, 1) ** 2
    found = []
    for number, row in enumerate(assessment.bands):
        other = row.resembles
        clear = (
            other is not None
            and not unexplained[number, other] > SWAPPED * unexplained[number, number]
        )
        found.append(other if clear else None)
    return tuple(found)


def _order(assessment: Assessment) -> Statement | None:
    names = [f"band {n} ({row.name})" for n, row in enumerate(assessment.bands, 1)]
    taken = [(n, other) for n, other in enumerate(confused_bands(assessment)) if other is not None]
    if len(taken) > 1 and len({other for _, other in taken}) == 1:
        return "finding", (
            f"All bands look like {names[taken[0][1]]} of the MS: the image has lost its colours."
        )
    if taken:
        pairs = [f"{names[n]} looks like {names[other]}" for n, other in taken]
        return "finding", (
            f"The band order looks wrong: {_listed(pairs)} of the MS, more than like its own."
        )
    close = [
        f"{names[n]} is as close to {names[row.resembles]} of the MS as to its own"
        for n, row in enumerate(assessment.bands)
        if row.resembles is not None
    ]
    return ("note", f"Bands hardly told apart: {_listed(close)}.") if close else None


def _listed(texts: Sequence[str]) -> str:
    """Join texts: one, two and three."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def offset_text(shift: tuple[float, float]) -> str:
    """Describe a displacement (rows, columns, PAN px)."""
    rows, cols = (round(by, 1) for by in shift)
    moved = [f"{abs(rows):.1f} PAN pixels {'down' if rows > 0 else 'up'}"] if rows else []
    if cols:
        unit = "" if rows else "PAN pixels "
        moved.append(f"{abs(cols):.1f} {unit}{'right' if cols > 0 else 'left'}")
    return " and ".join(moved) or "0.0 PAN pixels"


def _position(assessment: Assessment) -> Statement | None:
    shift, pan_shift = assessment.shift, assessment.pan_shift
    from_ms, from_pan = (math.hypot(*s) if s else math.nan for s in (shift, pan_shift))
    if math.isnan(from_ms) and math.isnan(from_pan):
        text = "Whether the image lies where MS and PAN do could not be told: too few edges."
        return "note", text
    far = max(d for d in (from_ms, from_pan) if not math.isnan(d))
    if far < SHIFT_NOTE:
        known = [name for name, d in (("MS", from_ms), ("PAN", from_pan)) if not math.isnan(d)]
        return "sentence", (
            f"Position: it lies on the {_listed(known)}, to within {max(far, 0.1):.1f} PAN pixel."
        )
    text = _displaced(shift, pan_shift, from_ms, from_pan)
    return ("finding" if far >= SHIFT_FINDING else "note"), text


def _pair(assessment: Assessment) -> Statement | None:
    """Point to a shift between PAN and MS, whatever the fused image."""
    shift = assessment.ms_shift
    if shift is None or math.hypot(*shift) < SHIFT_NOTE:
        return None
    return "note", f"The MS itself lies off the PAN: {offset_text(shift)}."


def _values(assessment: Assessment) -> Statement | None:
    """Point to negative, clipped and missing values."""
    shares = assessment.shares
    kinds = {
        "negative": shares.negative,
        "at the lowest value of the file's type": shares.clipped_low,
        "at the highest value of the file's type": shares.clipped_high,
    }
    texts = [
        f"{100 * share:.1f} % of band {n} ({row.name}) are {words}"
        for words, of_bands in kinds.items()
        for n, (row, share) in enumerate(zip(assessment.bands, of_bands, strict=True), 1)
        if share > ODD_VALUES
    ]
    if shares.nodata > ODD_VALUES:
        texts.append(f"{100 * shares.nodata:.1f} % of the pixels with data in PAN and MS have none")
    return ("note", f"Values: {_listed(texts)}.") if texts else None


def _displaced(
    shift: tuple[float, float] | None,
    pan_shift: tuple[float, float] | None,
    from_ms: float,
    from_pan: float,
) -> str:
    """Describe which of PAN, MS and the fused image is displaced."""
    if pan_shift is None or shift is None:
        other, by = ("MS", shift) if pan_shift is None else ("PAN", pan_shift)
        words = offset_text(by or (0.0, 0.0))
        return f"The fused image is displaced against the {other}: {words}."
    if from_pan < SHIFT_NOTE:
        back = (-shift[0], -shift[1])
        return (
            "PAN and MS do not lie on each other: the fused image follows the PAN, and the MS lies "
            f"off by {offset_text(back)}. Colours run over edges, and the pair should be aligned; "
            "if it was, assess against the aligned MS, not against the original one."
        )
    if from_ms < SHIFT_NOTE:
        return (
            f"The details do not lie on the PAN: {offset_text(pan_shift)}, while the colours lie "
            "on the MS."
        )
    return (
        f"The fused image is displaced: {offset_text(pan_shift)} against the PAN, "
        f"{offset_text(shift)} against the MS. Was it moved, cut or resampled?"
    )


def _brightness(assessment: Assessment) -> Statement | None:
    image = "reference" if assessment.reference else "MS"
    # The bias of a band that is confused with another one means nothing.
    bands = zip(assessment.bands, confused_bands(assessment), strict=True)
    off = [
        f"band {n} ({row.name}) is {abs(row.bias_percent):.1f} % "
        f"{'brighter' if row.bias_percent > 0 else 'darker'}"
        for n, (row, other) in enumerate(bands, 1)
        if other is None and abs(row.bias_percent) > BIAS
    ]
    if assessment.bands and min(abs(row.bias_percent) for row in assessment.bands) > UNITS:
        return "finding", (
            f"The fused image and the {image} seem to be in different units or scales: on average "
            f"{_listed(off)}."
        )
    if off:
        return "finding", f"The brightness departs from the {image}: on average {_listed(off)}."
    return None


def departure(assessment: Assessment) -> float:
    """Return the root mean square difference of the degraded image from MS, % of the bands' means.

    ERGAS is this number divided by the ratio.
    """
    return assessment.consistency.get("ERGAS", math.nan) * assessment.ratio


def _colours(assessment: Assessment) -> Statement | None:
    away, angle = departure(assessment), assessment.consistency.get("SAM", math.nan)
    if math.isnan(away):
        return None
    angle = 0.0 if math.isnan(angle) else angle  # one band has no angle
    worst = max(_level(away, [c[0] for c in COLOURS]), _level(angle, [c[1] for c in COLOURS]))
    numbers = f"at MS resolution the image departs from the MS by {away:.1f} % (root mean square)"
    if len(assessment.bands) > 1:
        numbers += f", with a spectral angle of {angle:.1f} degrees"
    bias = [abs(row.bias_percent) for row in assessment.bands if math.isfinite(row.bias_percent)]
    if bias and not assessment.reference and max(bias) <= BIAS:
        numbers += f"; every band's mean is right to {max(0.1, *bias):.1f} %"
    if worst == len(COLOURS):
        return "finding", f"These are not the colours of the MS: {numbers}."
    words = ("those of the MS", "nearly those of the MS", "changed")[worst]
    return "sentence", f"Colours: {words}; {numbers}."


def _level(value: float, bounds: Iterable[float]) -> int:
    """Count the bounds that a value exceeds."""
    return sum(value > bound for bound in bounds)


def _detail(assessment: Assessment) -> Statement | None:
    scores = assessment.scores
    edges, distortion = scores.get("SCC", math.nan), scores.get("D_s", math.nan)
    if not math.isnan(edges):
        worst = sum(edges < bound for bound in EDGES)
        words = ("nearly all", "most", "only a part")[worst]
        return "sentence", f"Detail: {words} of the reference's edges are there (SCC {edges:.3f})."
    if not math.isnan(distortion):
        words = ("much as", "roughly as", "differently than")[_level(distortion, DETAIL)]
        return "sentence", (
            f"Detail: the bands relate to the PAN {words} at the MS' own resolution "
            f"(D_s {distortion:.3f})."
        )
    return None


def _sharpness(assessment: Assessment) -> Statement | None:
    """Check that the fine detail is PAN's, unless the image is displaced."""
    moved = assessment.pan_shift is not None and math.hypot(*assessment.pan_shift) >= SHIFT_NOTE
    if not assessment.detail or moved:
        return None
    low = [n for n, r in enumerate(assessment.detail) if r < SHARP]
    if len(low) == len(assessment.detail):
        return "finding", (
            f"The fine detail is not the PAN's (correlation {np.median(assessment.detail):.2f}): "
            "the image was not sharpened, or noise covers it."
        )
    if low:
        bands = [f"{n + 1} ({assessment.bands[n].name})" for n in low]
        return "finding", (
            f"The fine detail of band {_listed(bands)} is not the PAN's, unlike that of the "
            "others: is it displaced or noisy?"
        )
    strength = float(np.median(assessment.strength))
    if strength > STRENGTH:
        return "finding", (
            f"The fine detail is {strength:.1f} times as strong as the PAN's: it is exaggerated, "
            "look for rims along edges."
        )
    return None


def _overall(assessment: Assessment) -> Statement | None:
    scores = assessment.scores
    if math.isfinite(scores.get("ERGAS", math.nan)):
        known = (("spectral angle", "SAM", " degrees", 2), ("ERGAS", "ERGAS", "", 2))
        texts = [f"{word} {scores[name]:.{d}f}{unit}" for word, name, unit, d in known
                 if math.isfinite(scores.get(name, math.nan))]  # fmt: skip
        if math.isfinite(scores.get("Q2n", math.nan)):
            texts.append(f"Q2n {scores['Q2n']:.3f} of 1")
        return "sentence", f"Against the reference: {_listed(texts)}."
    return None
