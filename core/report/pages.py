# SPDX-License-Identifier: GPL-2.0-or-later
"""Reports as self-contained HTML pages: the quality of a fused image, the reduced-resolution test.

Texts and styles are in `resources/report`; `core.report.verdict` interprets the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from core.names import path_in
from core.quality.outcome import DESCRIPTORS, INDICES, Assessment
from core.raster.writer import write_texts
from core.report import against_ms, figures, verdict
from core.report.comparison import comparison, headline, method_name
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

LABELS = {"D_lambda": "D<sub>λ</sub>", "D_lambda_K": "D<sub>λ,K</sub>", "D_s": "D<sub>s</sub>"}
INTERPOLATION = {
    "23-tap": "The MS was interpolated by the 23-tap filter that is usual in the field, so the "
    "numbers can be compared with published ones.",
    "georeferenced": "The MS was interpolated to where its georeference puts it, since its grid "
    "and the PAN's do not nest; the numbers are near published ones, not equal in kind.",
}


def write_test_report(result: Mapping[str, Any], path: Path) -> None:
    """Write the page of a reduced-resolution test; raise OutputError, and leave no partial file.

    Parameters
    ----------
    result : a test as `core.report.comparison` describes it, and `chosen` (the method that was
        used), `sensor`, `seconds`, and the files `pan` and `ms`.
    """
    write_texts({path: scene_test_page(result)})


def quality_page(a: Assessment, test: Mapping[str, Any] | None = None) -> str:
    """Return the page of a fused image's quality.

    `test` is a test of the scene, see `core.report.comparison`.
    """
    text, fused = verdict.verdict(a), path_in(a.fused).name
    body = template(
        "quality.html",
        name=escape(fused),
        facts=escape(
            f"{a.sensor} · {len(a.bands)} band{'s' * (len(a.bands) != 1)} · {_size(a)} PAN pixels "
            f"· ratio {a.ratio:.4g} · {a.when[:10]}"
        ),
        verdict=verdict_box(text.headline, text.findings, text.sentences, text.notes),
        against=_against(a),
        scores=_scores(a),
        consistency=_consistency(a),
        descriptors=_descriptors(a),
        indices_of_bands=against_ms.indices(a),
        odd_values=against_ms.odd_values(a),
        truth="reference" if a.reference else "MS",
        at_ms="" if a.reference else ", at the MS' pixels",
        bands=_bands(a),
        resemblance=figures.correlation_table(a),
        and_reference=", reference" if a.reference else "",
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
    return page(f"Quality of {fused}", body)


def _compared(test: Mapping[str, Any]) -> str:
    """Return a section on the test of methods on the scene."""
    use = f"By this test {method_name(str(test['winner']))} is the method to use."
    text = f"<p>{escape(str(test['sentence']))} {escape(use)}</p>\n"
    return "<h2>Methods compared on this scene</h2>\n" + text + comparison(test) + "\n"


def _indices(a: Assessment) -> str:
    """Return how the scores were computed."""
    with_reference = template("with_reference.html") if a.reference else ""
    if "D_s" not in a.scores:
        return with_reference
    return with_reference + template("no_reference.html") + INTERPOLATION[a.interpolation]


def _left_out_pixels(a: Assessment) -> str:
    """Return which pixels do not count."""
    if not a.reference:
        return f"Pixels without data in {verdict.images(a, 'or')}"
    described = " (for the descriptors, in the fused image, the PAN or the MS)"
    where = verdict.images(a, "or") + (described if "D_s" in a.scores else "")
    return f"Pixels without data in {where}"


def _size(a: Assessment) -> str:
    return f"{count(a.size[0])} {TIMES} {count(a.size[1])}"


def _against(a: Assessment) -> str:
    where = f"{count(a.pixels)} pixels and {count(a.blocks)} blocks of 32 {TIMES} 32"
    if a.reference:
        name = escape(path_in(a.reference).name)
        return f"The fused image against the reference <b>{name}</b>, on {where}."
    return (
        "No reference was given: the fused image is compared with the MS at the MS' own resolution,"
        f" and how it relates to PAN and MS is described, on {where}."
    )


SCORE_HEAD: list[Cell] = [("Index", "index"), ("Value", "n value"), ("Best", "n value"), "Meaning"]


def _score(name: str, value: float) -> list[Cell]:
    index = INDICES[name]
    shown = number(value, index.decimals) + (index.unit if math.isfinite(value) else "")
    return [(LABELS.get(name, name), "name"), (shown, "n"), (index.best, "n"), index.meaning]


def _scores(a: Assessment) -> str:
    names = [name for name in INDICES if name in a.scores and name not in DESCRIPTORS]
    rows = [_score(name, a.scores[name]) for name in names]
    for row in rows:
        if row[0] == ("PSNR", "name"):
            row[-1] = f"{INDICES['PSNR'].meaning} Largest: {dn(a.peak, a.peak)}."
    return table(SCORE_HEAD, rows) if rows else ""


def _descriptors(a: Assessment) -> str:
    """Return the indices that describe without a reference; empty where there is none."""
    rows = [_score(name, a.scores[name]) for name in DESCRIPTORS if name in a.scores]
    if not rows:
        return ""
    head = [SCORE_HEAD[0], SCORE_HEAD[1], SCORE_HEAD[3]]
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
        meaning = "Root mean square of the difference over all bands, of the bands' means."
        rows.append([("Departure", "name"), (f"{number(away, 2)} %", "n"), ("0", "n"), meaning])
    if "bias_percent" in a.consistency:
        value = number(a.consistency["bias_percent"], 2)
        meaning = f"Of the band where it is largest: brighter (+) or darker ({MINUS}) than the MS."
        rows.append([("Bias", "name"), (f"{value} %", "n"), ("0", "n"), meaning])
    return table(SCORE_HEAD, rows) + (against_ms.consistency_bands(a) if a.reference else "")


def _bands(a: Assessment) -> str:
    confused = verdict.confused_bands(a)
    with_psnr = any(row.psnr is not None for row in a.bands)
    names = [f"Mean {'reference' if a.reference else 'MS'}", "Mean fused", "Bias (DN)", "Bias (%)"]
    names += ["RMSE (DN)", "RMSE (%)", "r"]
    names += ["PSNR (dB)"] if with_psnr else []
    names += [] if a.reference else ["Q"]
    names += ["Detail"] if a.detail else []
    head: list[Cell] = ["Band", *((name, "n") for name in names)]
    head += ["Looks like"] if len(a.bands) > 1 else []
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
    files = {"Fused image": a.fused, "PAN": a.pan, "MS": a.ms, "Reference": a.reference}
    rows = [(name, file) for name, file in files.items() if file is not None]
    rows += [
        ("Sensor", a.sensor),
        ("MTF at the Nyquist frequency", f"{gains}. {a.mtf_source}"),
        ("Ratio of the pixel sizes", f"{a.ratio:.6g}"),
        ("Largest value", f"{dn(a.peak, a.peak)} DN"),
        ("Pixels assessed", f"{count(a.pixels)} of {_size(a)} ({share:.4g} %)"),
        ("Interpolation of the MS", a.interpolation),
        ("Displacement from the MS", _shift(a.shift)),
        ("Displacement from the PAN", _shift(a.pan_shift)),
        ("Displacement of the MS from the PAN", _shift(a.ms_shift)),
        ("Time taken", f"{a.seconds:.1f} s"),
        ("Software", ", ".join(f"{name} {text}" for name, text in a.versions.items())),
        ("Date", a.when.replace("T", " ").replace("+00:00", " UTC")),
    ]
    return settings_table(rows)


def _shift(shift: tuple[float, float] | None) -> str:
    if shift is None:
        return "could not be told"
    return f"{number(shift[0], 2)} rows, {number(shift[1], 2)} columns (PAN pixels)"


def scene_test_page(result: Mapping[str, Any]) -> str:
    """Return the page of a reduced-resolution test; see `write_test_report`."""
    winner, chosen = str(result["winner"]), str(result["chosen"])
    sentences = [str(result["sentence"])]
    if chosen != winner:
        asked, would = method_name(chosen), method_name(winner)
        sentences.append(f"{asked} was asked for; by this test {would} would be used.")
    if result.get("adaptation"):
        sentences.append(str(result["adaptation"]))
    ratio, sensor = f"{float(result['ratio']):.4g}", str(result["sensor"])
    pan, ms = (path_in(str(result[key])).name for key in ("pan", "ms"))
    settings = [
        ("PAN", str(result["pan"])),
        ("MS", str(result["ms"])),
        ("Sensor", sensor),
        ("Method used", method_name(chosen)),
        ("Time of the comparison", f"{float(result['seconds']):.1f} s"),
    ]
    body = template(
        "scenetest.html",
        name=escape(ms),
        facts=escape(f"{sensor} · ratio {ratio} · sharpened by {pan}"),
        verdict=verdict_box(headline(result, chosen), [], sentences, []),
        comparison=comparison(result),
        settings=settings_table(settings),
    )
    return page(f"Methods compared on {ms}", body)
