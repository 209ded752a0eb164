# SPDX-License-Identifier: GPL-2.0-or-later
"""Interpret an assessment in sentences: findings that need attention, descriptions, notes.

Sentences follow from numbers by the fixed thresholds below. With these, six methods on scenes of
four sensors (QuickBird, SPOT-6, GeoEye-1, WorldView-2) raise no finding; the same images with
reversed bands, moved by three PAN pixels, or not sharpened do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from core.imaging.arrays import FloatArray
from core.language import later, say
from core.quality.assessment import Assessment, ValuePairs

#: Upper bounds of the departure from MS (%, root mean square) and the spectral angle (degrees) of
#: colours that are unchanged, nearly unchanged, and changed.
COLOURS = ((5.0, 1.5), (10.0, 3.0), (25.0, 10.0))
#: Upper bounds of D_s for bands that relate to PAN much as at MS resolution, and roughly so.
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
    """`findings` need attention, `sentences` describe the quality, `notes` are minor remarks."""

    findings: tuple[str, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def headline(self) -> str:
        """Summary in one line."""
        count = len(self.findings)
        if not count:
            return say("Nothing conspicuous in colours, detail, position and band order.")
        if count == 1:
            return say("One finding needs attention.")
        return say("{} findings need attention.", count)


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


def _coverage(assessment: Assessment) -> Statement | None:
    share = assessment.pixels / math.prod(assessment.size)
    together = say("the fused image, the PAN and the MS")
    if assessment.reference:
        together = say("the fused image and the reference")
    if not assessment.pixels:
        return "finding", say("No pixel has data in {}: nothing could be assessed.", together)
    text = say("{} % of the pixels have data in {}", f"{100 * share:.3g}", together)
    if share < COVERAGE_FINDING:
        return "finding", say("Only {}; everything here refers to those pixels.", text)
    if share < COVERAGE_NOTE:
        return "note", say("{}; only those were assessed.", text)
    return None


def band_correlations(sample: ValuePairs) -> FloatArray:
    """Return the correlation of every fused band (row) with every MS band (column), `(C, C)`.

    At MS resolution; NaN for a constant band.
    """
    fused, ms = (np.asarray(s, dtype=np.float64) for s in (sample.fused, sample.ms))
    known = np.isfinite(fused).all(axis=0) & np.isfinite(ms).all(axis=0)
    if known.sum() < 2:
        return np.full((len(fused), len(ms)), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        every = np.corrcoef(fused[:, known], ms[:, known])
    return np.asarray(every[: len(fused), len(fused) :])


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
    names = [say("band {} ({})", n, row.name) for n, row in enumerate(assessment.bands, 1)]
    taken = [(n, other) for n, other in enumerate(confused_bands(assessment)) if other is not None]
    if len(taken) > 1 and len({other for _, other in taken}) == 1:
        text = later("All bands look like {} of the MS: the image has lost its colours.")
        return "finding", say(text, names[taken[0][1]])
    if taken:
        pairs = [say("{} looks like {}", names[n], names[other]) for n, other in taken]
        text = later("The band order looks wrong: {} of the MS, more than like its own.")
        return "finding", say(text, _listed(pairs))
    close = [
        say("{} is as close to {} of the MS as to its own", names[n], names[row.resembles])
        for n, row in enumerate(assessment.bands)
        if row.resembles is not None
    ]
    return ("note", say("Bands hardly told apart: {}.", _listed(close))) if close else None


def _listed(texts: Sequence[str]) -> str:
    """Join texts: one, two and three."""
    return texts[0] if len(texts) == 1 else say("{} and {}", ", ".join(texts[:-1]), texts[-1])


def offset_text(shift: tuple[float, float]) -> str:
    """Describe a displacement (rows, columns, PAN px)."""
    rows, cols = (round(by, 1) for by in shift)
    moved = []
    if rows:
        text = later("{} PAN pixels down") if rows > 0 else later("{} PAN pixels up")
        moved.append(say(text, f"{abs(rows):.1f}"))
    if cols and rows:
        text = later("{} right") if cols > 0 else later("{} left")
        moved.append(say(text, f"{abs(cols):.1f}"))
    elif cols:
        text = later("{} PAN pixels right") if cols > 0 else later("{} PAN pixels left")
        moved.append(say(text, f"{abs(cols):.1f}"))
    return _listed(moved) if moved else say("0.0 PAN pixels")


def _position(assessment: Assessment) -> Statement | None:
    shift, pan_shift = assessment.shift, assessment.pan_shift
    from_ms, from_pan = (math.hypot(*s) if s else math.nan for s in (shift, pan_shift))
    if math.isnan(from_ms) and math.isnan(from_pan):
        return "note", say(
            "The position of the image relative to MS and PAN could not be measured: too few edges."
        )
    far = max(d for d in (from_ms, from_pan) if not math.isnan(d))
    if far < SHIFT_NOTE:
        known = [name for name, d in (("MS", from_ms), ("PAN", from_pan)) if not math.isnan(d)]
        text = later("Position: it lies on the {}, to within {} PAN pixel.")
        return "sentence", say(text, _listed(known), f"{max(far, 0.1):.1f}")
    text = _displaced(shift, pan_shift, from_ms, from_pan)
    return ("finding" if far >= SHIFT_FINDING else "note"), text


def _pair(assessment: Assessment) -> Statement | None:
    """Point to a shift between PAN and MS, whatever the fused image."""
    shift = assessment.ms_shift
    if shift is None or math.hypot(*shift) < SHIFT_NOTE:
        return None
    return "note", say("The MS itself is shifted from the PAN: {}.", offset_text(shift))


def _values(assessment: Assessment) -> Statement | None:
    """Point to negative, clipped and missing values."""
    shares = assessment.shares
    kinds = {
        later("{} % of band {} ({}) are negative"): shares.negative,
        later("{} % of band {} ({}) are at the lowest value of the file's type"): (
            shares.clipped_low
        ),
        later("{} % of band {} ({}) are at the highest value of the file's type"): (
            shares.clipped_high
        ),
    }
    texts = [
        say(words, f"{100 * share:.1f}", n, row.name)
        for words, of_bands in kinds.items()
        for n, (row, share) in enumerate(zip(assessment.bands, of_bands, strict=True), 1)
        if share > ODD_VALUES
    ]
    if shares.nodata > ODD_VALUES:
        text = later("{} % of the pixels with data in PAN and MS have none")
        texts.append(say(text, f"{100 * shares.nodata:.1f}"))
    return ("note", say("Values: {}.", _listed(texts))) if texts else None


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
        return say("The fused image is displaced against the {}: {}.", other, words)
    if from_pan < SHIFT_NOTE:
        back = (-shift[0], -shift[1])
        return say(
            "PAN and MS do not lie on each other: the fused image follows the PAN, and the MS lies "
            "off by {}. Colours run over edges, and the pair should be aligned; if it was, assess "
            "against the aligned MS, not against the original one.",
            offset_text(back),
        )
    if from_ms < SHIFT_NOTE:
        text = later("The detail is shifted from the PAN: {}; the colours lie on the MS.")
        return say(text, offset_text(pan_shift))
    return say(
        "The fused image is displaced: {} against the PAN, {} against the MS. Was it moved, cut or "
        "resampled?",
        offset_text(pan_shift),
        offset_text(shift),
    )


def _brightness(assessment: Assessment) -> Statement | None:
    image = say("the reference") if assessment.reference else say("the MS")
    brighter, darker = later("band {} ({}) is {} % brighter"), later("band {} ({}) is {} % darker")
    # The bias of a band that is confused with another one means nothing.
    bands = zip(assessment.bands, confused_bands(assessment), strict=True)
    off = [
        say(
            brighter if row.bias_percent > 0 else darker,
            n,
            row.name,
            f"{abs(row.bias_percent):.1f}",
        )
        for n, (row, other) in enumerate(bands, 1)
        if other is None and abs(row.bias_percent) > BIAS
    ]
    if assessment.bands and min(abs(row.bias_percent) for row in assessment.bands) > UNITS:
        return "finding", say(
            "The fused image and {} seem to be in different units or scales: on average {}.",
            image,
            _listed(off),
        )
    if off:
        text = later("The brightness departs from {}: on average {}.")
        return "finding", say(text, image, _listed(off))
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
    numbers = say(
        "at MS resolution the image departs from the MS by {} % (root mean square)", f"{away:.1f}"
    )
    if len(assessment.bands) > 1:
        numbers += say(", with a spectral angle of {} degrees", f"{angle:.1f}")
    bias = [abs(row.bias_percent) for row in assessment.bands if math.isfinite(row.bias_percent)]
    if bias and not assessment.reference and max(bias) <= BIAS:
        numbers += say("; every band's mean is right to {} %", f"{max(0.1, *bias):.1f}")
    if worst == len(COLOURS):
        return "finding", say("These are not the colours of the MS: {}.", numbers)
    texts = (
        later("Colours: those of the MS; {}."),
        later("Colours: nearly those of the MS; {}."),
        later("Colours: changed; {}."),
    )
    return "sentence", say(texts[worst], numbers)


def _level(value: float, bounds: Iterable[float]) -> int:
    """Count the bounds that a value exceeds."""
    return sum(value > bound for bound in bounds)


def _detail(assessment: Assessment) -> Statement | None:
    scores = assessment.scores
    edges, distortion = scores.get("SCC", math.nan), scores.get("D_s", math.nan)
    if not math.isnan(edges):
        worst = sum(edges < bound for bound in EDGES)
        texts = (
            later("Detail: nearly all of the reference's edges are there (SCC {})."),
            later("Detail: most of the reference's edges are there (SCC {})."),
            later("Detail: only a part of the reference's edges are there (SCC {})."),
        )
        return "sentence", say(texts[worst], f"{edges:.3f}")
    if not math.isnan(distortion):
        texts = (
            later(
                "Detail: the bands relate to the PAN much as at the MS' own resolution (D_s {})."
            ),
            later(
                "Detail: the bands relate to the PAN roughly as at the MS' own resolution (D_s {})."
            ),
            later(
                "Detail: the bands relate to the PAN differently than at the MS' own resolution "
                "(D_s {})."
            ),
        )
        return "sentence", say(texts[_level(distortion, DETAIL)], f"{distortion:.3f}")
    return None


def _sharpness(assessment: Assessment) -> Statement | None:
    """Check that the fine detail is PAN's, unless the image is displaced."""
    moved = assessment.pan_shift is not None and math.hypot(*assessment.pan_shift) >= SHIFT_NOTE
    if not assessment.detail or moved:
        return None
    low = [n for n, r in enumerate(assessment.detail) if r < SHARP]
    if len(low) == len(assessment.detail):
        return "finding", say(
            "The fine detail is not the PAN's (correlation {}): the image was not sharpened, or "
            "noise covers it.",
            f"{np.median(assessment.detail):.2f}",
        )
    if low:
        bands = [f"{n + 1} ({assessment.bands[n].name})" for n in low]
        return "finding", say(
            "The fine detail of band {} is not the PAN's, unlike that of the others: is it "
            "displaced or noisy?",
            _listed(bands),
        )
    strength = float(np.median(assessment.strength))
    if strength > STRENGTH:
        return "finding", say(
            "The fine detail is {} times as strong as the PAN's: it is exaggerated, look for rims "
            "along edges.",
            f"{strength:.1f}",
        )
    return None


def _overall(assessment: Assessment) -> Statement | None:
    scores = assessment.scores
    if math.isfinite(scores.get("ERGAS", math.nan)):
        known = (
            ("SAM", later("spectral angle {} degrees"), 2),
            ("ERGAS", "ERGAS {}", 2),
            ("Q2n", later("Q2n {} of 1"), 3),
        )
        texts = [
            say(text, f"{scores[name]:.{digits}f}")
            for name, text, digits in known
            if math.isfinite(scores.get(name, math.nan))
        ]
        return "sentence", say("Against the reference: {}.", _listed(texts))
    return None
