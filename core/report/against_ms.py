# SPDX-License-Identifier: GPL-2.0-or-later
"""Sections of a quality report: each band and indices of two bands against MS; odd values."""

from __future__ import annotations

from html import escape

from core.quality.outcome import Assessment
from core.report import charts
from core.report.figures import regression
from core.report.markup import Cell, chart, count, dn, label, number, panels, table

#: What an index says, with the names of both bands.
MEANINGS = {
    "NDVI": "vegetation",
    "NDWI": "open water",
    "NDRE": "chlorophyll",
    "NDMI": "water in leaves; its negative is NDBI, built-up land",
}


def consistency_bands(a: Assessment) -> str:
    """Return a table of each band, degraded to MS, against MS."""
    head: list[Cell] = ["Band"]
    head += [(text, "n") for text in ("RMSE (DN)", "RMSE (%)", "Bias (DN)", "Bias (%)", "Q")]
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
    head: list[Cell] = ["Index", "Bands", *((text, "n") for text in (
        "MS pixels", "Mean MS", "Bias", "RMSE", "r"))]  # fmt: skip
    rows: list[list[Cell]] = []
    cells = []
    sample = zip(a.index_sample.ms, a.index_sample.fused, strict=True)
    for index, (ms, fused) in zip(a.indices, sample, strict=True):
        first, second = (escape(a.band_names[number]) for number in index.bands)
        values = (index.mean, index.bias, index.rmse, index.correlation)
        rows.append([
            (index.name, "name"), f"{first}, {second}: {MEANINGS[index.name]}",
            (count(index.pixels), "n"), *((number(value, 4), "n") for value in values),
        ])  # fmt: skip
        svg = charts.scatter(ms, fused, regression(ms, fused)[0], "MS")
        size = charts.WIDTH, charts.SCATTER
        cells.append(label(index.name) + chart(svg, f"Scatter of {index.name}", *size))
    return (
        "<h3>Indices of two bands</h3>\n<p>Normalised differences of the fused image, degraded to "
        "the MS' pixels, against those of the MS. They are made of the values as they are, without "
        "calibration: only their difference counts here. Pixels where the sum of both bands is "
        f"near zero are left out.</p>\n{table(head, rows)}\n{panels(cells, 4)}"
    )


def odd_values(a: Assessment) -> str:
    """Return the shares of values that are negative or clipped, and that of no data."""
    head: list[Cell] = ["Band"]
    head += [(text, "n") for text in ("Negative (%)", "Lowest of type (%)", "Highest of type (%)")]
    shares = zip(a.shares.negative, a.shares.clipped_low, a.shares.clipped_high, strict=True)
    rows: list[list[Cell]] = [
        [(escape(band.name), "name"), *((number(100 * share, 3), "n") for share in row)]
        for band, row in zip(a.bands, shares, strict=True)
    ]
    nodata = number(100 * a.shares.nodata, 3)
    title = "<h3>Negative, clipped and missing values</h3>\n"
    missing = (
        f"Of the pixels with data in PAN and MS, {nodata}&nbsp;% have none in the fused image."
    )
    if not any(map(any, (a.shares.negative, a.shares.clipped_low, a.shares.clipped_high))):
        return f"{title}<p>No value is negative, or at an end of the file's type. {missing}</p>"
    return (
        f"{title}<p>Shares of each band's values that are below zero, or at an end of what the "
        f"file's integers can hold. {missing}</p>\n{table(head, rows)}"
    )
