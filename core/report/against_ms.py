# SPDX-License-Identifier: GPL-2.0-or-later
"""Sections of a quality report: each band and indices of two bands against MS; odd values."""

from __future__ import annotations

from html import escape

from core.language import later, say
from core.quality.assessment import Assessment
from core.report import charts
from core.report.figures import regression
from core.report.markup import Cell, chart, count, dn, label, number, panels, table

#: What each index measures.
MEANINGS = {
    "NDVI": later("vegetation"),
    "NDWI": later("open water"),
    "NDRE": later("chlorophyll"),
    "NDMI": later("water in leaves; its negative is NDBI, built-up land"),
}


def consistency_bands(a: Assessment) -> str:
    """Return a table of each band, degraded to MS, against MS."""
    titles = ("RMSE (DN)", "RMSE (%)", say("Bias (DN)"), say("Bias (%)"), "Q")
    head: list[Cell] = [say("Band"), *((text, "n") for text in titles)]
    rows: list[list[Cell]] = []
    for band, row in zip(a.bands, a.consistency_bands, strict=True):
        size = band.mean / 10
        cells = (
            dn(row.rmse, size), number(row.rmse_percent, 2),
            dn(row.bias, size), number(row.bias_percent, 2), number(row.q, 4),
        )  # fmt: skip
        rows.append([(escape(band.name), "name"), *((text, "n") for text in cells)])
    return table(head, rows)


def indices(a: Assessment) -> str:
    """Show indices of two bands, as numbers and scatter plots; empty without any."""
    if not a.indices:
        return ""
    titles = (say("MS pixels"), say("Mean MS"), say("Bias"), "RMSE", "r")
    head: list[Cell] = [say("Index"), say("Bands"), *((text, "n") for text in titles)]
    rows: list[list[Cell]] = []
    cells = []
    sample = zip(a.index_sample.ms, a.index_sample.fused, strict=True)
    for index, (ms, fused) in zip(a.indices, sample, strict=True):
        first, second = (escape(a.band_names[number]) for number in index.bands)
        values = (index.mean, index.bias, index.rmse, index.correlation)
        rows.append([
            (index.name, "name"), f"{first}, {second}: {say(MEANINGS[index.name])}",
            (count(index.pixels), "n"), *((number(value, 4), "n") for value in values),
        ])  # fmt: skip
        svg = charts.scatter(ms, fused, regression(ms, fused)[0], "MS")
        size = charts.WIDTH, charts.SCATTER
        cells.append(label(index.name) + chart(svg, say("Scatter of {}", index.name), *size))
    text = say(
        "Normalised differences of the fused image, degraded to the MS' pixels, against those of "
        "the MS. They are made of the values as they are, without calibration: only their "
        "difference counts here. Pixels where the sum of both bands is near zero are left out."
    )
    title = say("Indices of two bands")
    return f"<h3>{title}</h3>\n<p>{text}</p>\n{table(head, rows)}\n{panels(cells, 4)}"


def odd_values(a: Assessment) -> str:
    """Return the shares of values that are negative or clipped, and that of no data."""
    titles = (say("Negative (%)"), say("Lowest of type (%)"), say("Highest of type (%)"))
    head: list[Cell] = [say("Band"), *((text, "n") for text in titles)]
    shares = zip(a.shares.negative, a.shares.clipped_low, a.shares.clipped_high, strict=True)
    rows: list[list[Cell]] = [
        [(escape(band.name), "name"), *((number(100 * share, 3), "n") for share in row)]
        for band, row in zip(a.bands, shares, strict=True)
    ]
    nodata = number(100 * a.shares.nodata, 3)
    title = say("Negative, clipped and missing values")
    missing = say(
        "Of the pixels with data in PAN and MS, {}&nbsp;% have none in the fused image.", nodata
    )
    if any(map(any, (a.shares.negative, a.shares.clipped_low, a.shares.clipped_high))):
        text = say(
            "Shares of each band's values that are below zero, or at an end of what the file's "
            "integers can hold."
        )
        return f"<h3>{title}</h3>\n<p>{text} {missing}</p>\n{table(head, rows)}"
    text = say("No value is negative, or at an end of the file's type.")
    return f"<h3>{title}</h3>\n<p>{text} {missing}</p>"
