# SPDX-License-Identifier: GPL-2.0-or-later
"""The report on the quality of a fused image: one self-contained HTML page.

Texts and styles are in `resources/report`; `core.report.verdict` interprets the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

from core.gdal_names import path_in
from core.language import later, say
from core.methods.registry import title_of
from core.quality.assessment import DESCRIPTORS, INDICES, Assessment
from core.report import against_ms, figures, verdict
from core.report.comparison import comparison
from core.report.markup import (
    MINUS,
    TIMES,
    Cell,
    count,
    dn,
    number,
    page,
    settings_table,
    table,
    template,
    verdict_box,
)
from core.report.palettes import PERCENTILES

BLOCK = f"32 {TIMES} 32"
KINDS = {"23-tap": later("23-tap"), "georeferenced": later("georeferenced")}
LABELS = {"D_lambda": "D<sub>λ</sub>", "D_lambda_K": "D<sub>λ,K</sub>", "D_s": "D<sub>s</sub>"}
INTERPOLATION = {
    "23-tap": later(
        "The MS was interpolated by the 23-tap filter that is usual in the field, so the numbers "
        "can be compared with published ones."
    ),
    "georeferenced": later(
        "The MS was interpolated to where its georeference puts it, since its grid and the PAN's "
        "do not nest; the numbers are near published ones, not equal in kind."
    ),
}


def quality_page(a: Assessment, test: Mapping[str, Any] | None = None) -> str:
    """Return the page of a fused image's quality.

    `test` is a test of the scene, see `core.report.comparison`.
    """
    text, fused = verdict.verdict(a), path_in(a.fused).name
    bands = say("{} bands", len(a.bands)) if len(a.bands) != 1 else say("1 band")
    body = template(
        "quality.html",
        name=escape(fused),
        facts=escape(
            f"{a.sensor} · {bands} · {say('{} PAN pixels', _size(a))} · "
            f"{say('ratio {}', f'{a.ratio:.4g}')} · {a.when[:10]}"
        ),
        verdict=verdict_box(text.headline, text.findings, text.sentences, text.notes),
        against=_against(a),
        scores=_scores(a),
        consistency=_consistency(a),
        descriptors=_descriptors(a),
        indices_of_bands=against_ms.indices(a),
        odd_values=against_ms.odd_values(a),
        against_bands=_against_bands(a),
        bands=_bands(a),
        resemblance=figures.correlation_table(a),
        middle=f"{PERCENTILES[1] - PERCENTILES[0]}",
        crops=figures.crops(a),
        maps=figures.maps(a),
        errors=figures.errors(a),
        values=figures.values(a),
        compared=_compared(test) if test else "",
        settings=_settings(a),
        indices=_indices(a),
        left_out=_left_out_pixels(a),
        shift_finding=f"{verdict.SHIFT_FINDING:g}",
        bias=f"{verdict.BIAS:g}",
        away=f"{verdict.COLOURS[-1][0]:g}",
        angle=f"{verdict.COLOURS[-1][1]:g}",
        coverage=f"{100 * verdict.COVERAGE_FINDING:g}",
    )
    return page(say("Quality of {}", fused), body)


def _compared(test: Mapping[str, Any]) -> str:
    """Return a section on the test of methods on the scene."""
    use = say("By this test {} is the method to use.", title_of(str(test["winner"])))
    text = f"<p>{escape(str(test['sentence']))} {escape(use)}</p>\n"
    title = say("Methods compared on this scene")
    return f"<h2>{title}</h2>\n{text}{comparison(test)}\n"


def _indices(a: Assessment) -> str:
    """Return how the scores were computed."""
    texts = []
    if a.reference:
        texts.append(
            say(
                "SAM, ERGAS, Q2n, SCC, PSNR and SSIM compare the fused image with the reference "
                "pixel by pixel. Q2n is the mean over blocks of {}; PSNR pools the squared error "
                "of all bands.",
                BLOCK,
            )
        )
    if "D_s" in a.scores:
        descriptors = say(
            "D_lambda, D_lambda_K and D_s compare the fused image with the MS, interpolated onto "
            "the PAN's grid, and with the PAN, in blocks of {}. QNR = (1 - D_lambda)(1 - D_s) and "
            "HQNR = (1 - D_lambda_K)(1 - D_s).",
            BLOCK,
        ).replace("1 - ", f"1 {MINUS} ")
        texts += [_subscripts(descriptors), say(INTERPOLATION[a.interpolation])]
    return " ".join(texts)


def _left_out_pixels(a: Assessment) -> str:
    """Return which pixels do not count."""
    if not a.reference:
        return say("Pixels without data in the fused image, the PAN or the MS are left out.")
    if "D_s" in a.scores:
        return say(
            "Pixels without data in the fused image or the reference (for the descriptors, in the "
            "fused image, the PAN or the MS) are left out."
        )
    return say("Pixels without data in the fused image or the reference are left out.")


def _size(a: Assessment) -> str:
    return f"{count(a.size[0])} {TIMES} {count(a.size[1])}"


def _against(a: Assessment) -> str:
    where = say("{} pixels and {} blocks of {}", count(a.pixels), count(a.blocks), BLOCK)
    if a.reference:
        name = escape(path_in(a.reference).name)
        return say("The fused image against the reference <b>{}</b>, on {}.", name, where)
    return say(
        "No reference was given: the fused image is compared with the MS at the MS' own resolution,"
        " and how it relates to PAN and MS is described, on {}.",
        where,
    )


def _against_bands(a: Assessment) -> str:
    """Return what the bands are compared with."""
    if a.reference:
        return say("Each band of the fused image against the same band of the reference.")
    return say("Each band of the fused image against the same band of the MS, at the MS' pixels.")


def _score_head() -> list[Cell]:
    return [
        (say("Index"), "index"), (say("Value"), "n value"), (say("Best"), "n value"), say("Meaning")
    ]  # fmt: skip


def _score(name: str, value: float) -> list[Cell]:
    index = INDICES[name]
    shown = number(value, index.decimals) + (index.unit if math.isfinite(value) else "")
    return [
        (LABELS.get(name, name), "name"),
        (shown, "n"),
        (say(index.best), "n"),
        say(index.meaning),
    ]


def _scores(a: Assessment) -> str:
    names = [name for name in INDICES if name in a.scores and name not in DESCRIPTORS]
    rows = [_score(name, a.scores[name]) for name in names]
    for row in rows:
        if row[0] == ("PSNR", "name"):
            row[-1] = f"{row[-1]} {say('Largest: {}.', dn(a.peak, a.peak))}"
    return table(_score_head(), rows) if rows else ""


def _descriptors(a: Assessment) -> str:
    """Return the table of descriptors, which need no reference; may be empty."""
    rows = [_score(name, a.scores[name]) for name in DESCRIPTORS if name in a.scores]
    if not rows:
        return ""
    index, best_value, _, explained = _score_head()
    head = [index, best_value, explained]
    cells = [[name, value, _subscripts(str(meaning))] for name, value, _, meaning in rows]
    return template("descriptors.html") + table(head, cells)


def _subscripts(text: str) -> str:
    """Return a text with the names of indices as in formulas."""
    for name in sorted(LABELS, key=len, reverse=True):
        text = text.replace(name, LABELS[name])
    return text


def _consistency(a: Assessment) -> str:
    rows = [_score(name, a.consistency[name]) for name in INDICES if name in a.consistency]
    away = verdict.departure(a)
    if math.isfinite(away):
        meaning = say("Root mean square of the difference over all bands, of the bands' means.")
        rows.append(
            [(say("Departure"), "name"), (f"{number(away, 2)} %", "n"), ("0", "n"), meaning]
        )
    if "bias_percent" in a.consistency:
        value = number(a.consistency["bias_percent"], 2)
        meaning = say(
            "Of the band where it is largest: brighter (+) or darker ({}) than the MS.", MINUS
        )
        rows.append([(say("Bias"), "name"), (f"{value} %", "n"), ("0", "n"), meaning])
    return table(_score_head(), rows) + (against_ms.consistency_bands(a) if a.reference else "")


def _bands(a: Assessment) -> str:
    confused = verdict.confused_bands(a)
    with_psnr = any(row.psnr is not None for row in a.bands)
    names = [say("Mean reference") if a.reference else say("Mean MS"), say("Mean fused")]
    names += [say("Bias (DN)"), say("Bias (%)")]
    names += ["RMSE (DN)", "RMSE (%)", "r"]
    names += ["PSNR (dB)"] if with_psnr else []
    names += [] if a.reference else ["Q"]
    names += [say("Detail")] if a.detail else []
    head: list[Cell] = [say("Band"), *((name, "n") for name in names)]
    head += [say("Looks like")] if len(a.bands) > 1 else []
    rows: list[list[Cell]] = []
    for n, (row, other) in enumerate(zip(a.bands, confused, strict=True)):
        off = " off" if abs(row.bias_percent) > verdict.BIAS else ""
        cells: list[Cell] = [
            (escape(row.name), "name"),
            (dn(row.mean, row.mean), "n"),
            (dn(row.fused_mean, row.mean), "n"),
            (dn(row.bias, row.mean / 10), "n" + off),
            (number(row.bias_percent, 2), "n" + off),
            (dn(row.rmse, row.mean / 10), "n"),
            (number(row.rmse_percent, 2), "n"),
            (number(row.correlation, 4), "n"),
        ]
        cells += [(number(row.psnr, 2), "n")] if with_psnr else []
        cells += [] if a.reference else [(number(a.consistency_bands[n].q, 4), "n")]
        if a.detail:
            cells.append((number(a.detail[n], 2), "n off" if a.detail[n] < verdict.SHARP else "n"))
        if len(a.bands) > 1:
            name = escape(row.name if other is None else a.bands[other].name)
            cells.append((name, "" if other is None else "off"))
        rows.append(cells)
    return table(head, rows)


def _settings(a: Assessment) -> str:
    names = zip(a.band_names, a.gains, strict=True)
    gains = ", ".join(f"{name} {gain:.3g}" for name, gain in names)
    share = 100 * a.pixels / max(1, math.prod(a.size))
    images = {say("Fused image"): a.fused, "PAN": a.pan, "MS": a.ms, say("Reference"): a.reference}
    rows = [(name, file) for name, file in images.items() if file is not None]
    rows += [
        (say("Sensor"), a.sensor),
        (say("MTF at the Nyquist frequency"), f"{gains}. {say(a.mtf_source)}"),
        (say("Ratio of the pixel sizes"), f"{a.ratio:.6g}"),
        (say("Largest value"), f"{dn(a.peak, a.peak)} DN"),
        (say("Pixels assessed"), say("{} of {} ({} %)", count(a.pixels), _size(a), f"{share:.4g}")),
        (say("Interpolation of the MS"), say(KINDS[a.interpolation])),
        (say("Displacement from the MS"), _shift(a.shift)),
        (say("Displacement from the PAN"), _shift(a.pan_shift)),
        (say("Displacement of the MS from the PAN"), _shift(a.ms_shift)),
        (say("Time taken"), f"{a.seconds:.1f} s"),
        (say("Software"), ", ".join(f"{name} {text}" for name, text in a.versions.items())),
        (say("Date"), a.when.replace("T", " ").replace("+00:00", " UTC")),
    ]
    return settings_table(rows)


def _shift(shift: tuple[float, float] | None) -> str:
    if shift is None:
        return say("could not be measured")
    return say("{} rows, {} columns (PAN pixels)", number(shift[0], 2), number(shift[1], 2))
