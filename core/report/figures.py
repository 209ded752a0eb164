# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of a quality report, as HTML with embedded pictures: crops, maps, errors, values."""

from __future__ import annotations

import math
from html import escape

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from core.imaging.arrays import FloatArray
from core.language import say
from core.quality.assessment import Assessment, Crop
from core.report import charts, palettes
from core.report.markup import MINUS, TIMES, chart, label, number, panels, picture
from core.report.verdict import band_correlations, confused_bands

Bytes = npt.NDArray[np.uint8]

#: Widths of the text and of figures in two and four columns (px).
FULL, HALF, QUARTER = 912, 448, 220
#: Largest side of the error map of a band (px).
SMALL = 256
#: Side of the squares of the checkerboard of PAN and fused image (PAN px).
SQUARE = 16


def crops(assessment: Assessment) -> str:
    """Show each crop of every image side by side, and a checkerboard of PAN and fused image."""
    bands = list(palettes.rgb_bands(assessment.band_names))
    parts = [_crop(n, crop, bands) for n, crop in enumerate(assessment.crops, 1)]
    nothing = say("No part of the image has data to be shown.")
    return "\n".join(parts) or f'<p class="caption">{nothing}</p>'


def _crop(order: int, crop: Crop, bands: list[int]) -> str:
    window, limits = crop.window, palettes.stretch_limits(crop.ms[bands])
    if not limits.any():
        limits = palettes.stretch_limits(crop.fused[bands])
    pan_limits = palettes.stretch_limits(crop.pan[None])
    views = [
        ("PAN", palettes.stretch(crop.pan[None], pan_limits)),
        ("MS", palettes.stretch(crop.ms[bands], limits)),
        (say("Fused"), palettes.stretch(crop.fused[bands], limits)),
    ]
    if crop.reference is not None:
        views.append((say("Reference"), palettes.stretch(crop.reference[bands], limits)))
    mixed = checkerboard(crop.pan, crop.fused)
    text = say("Checkerboard of PAN and fused image")
    views.append((text, palettes.stretch(mixed[None], pan_limits)))
    height, width = crop.pan.shape
    each = FULL // len(views) - 8
    times = max(1, math.ceil(2 * each / max(height, width)))
    size = each, max(1, round(each * height / width))
    cells = [
        picture(palettes.enlarge(view, times), say("Crop {}: {}", order, name), *size) + label(name)
        for name, view in views
    ]
    size_text = f"{height} {TIMES} {width}"
    where = say("{} PAN pixels from row {}, column {}", size_text, window.row, window.col)
    title = f'{order} · {escape(say(crop.title))} <span class="place">{where}</span>'
    return f"<h3>{title}</h3>\n{panels(cells, len(cells))}"


def checkerboard(pan: npt.ArrayLike, fused: npt.ArrayLike) -> FloatArray:
    """Return squares of PAN `(H, W)` and, in between, of an image `(C, H, W)` in PAN's tones.

    The weights of its bands are fitted to PAN on structures larger than a displacement, and the
    contrast is PAN's: lines are continuous if the image lies on PAN, and broken if it does not.
    """
    p, bands = (np.asarray(x, dtype=np.float64) for x in (pan, fused))
    known = np.isfinite(p) & np.isfinite(bands).all(axis=0)
    if not known.any():
        return np.full(p.shape, np.nan)
    layers = np.concatenate([p[None], bands])
    layers = layers - layers[:, known].mean(axis=1)[:, None, None]
    coarse = ndimage.gaussian_filter(np.where(known, layers, 0.0), (0, SQUARE / 4, SQUARE / 4))
    mix = np.linalg.lstsq(coarse[1:, known].T, coarse[0, known], rcond=None)[0]
    grey = np.tensordot(mix, layers[1:], axes=1)
    std = float(grey[known].std())
    grey *= float(p[known].std()) / std if std > 0 else 0.0
    rows, cols = (np.arange(size) // SQUARE for size in p.shape)
    return np.where((rows[:, None] + cols) % 2 == 0, p, grey + p[known].mean())


def maps(assessment: Assessment) -> str:
    """Show the fused image with the windows of the crops, PAN, and the maps of SAM and Q2n."""
    overview, pan = assessment.overview, assessment.pan_overview
    bands = list(palettes.rgb_bands(assessment.band_names))
    limits = palettes.stretch_limits(assessment.sample.ms[bands])
    if not limits.any():
        limits = palettes.stretch_limits(overview[bands])
    height, width = (max(1, n) for n in assessment.size)
    boxes = [
        (w.row / height, w.col / width, w.height / height, w.width / width)
        for w in (crop.window for crop in assessment.crops)
    ]
    size = _fitted(overview.shape[1:], HALF)
    svg = charts.boxed(palettes.stretch(overview[bands], limits), boxes, size[0])
    hues = say("Spectral angle against the MS: where hues changed. Dark is good.")
    agreement = say("Q2n against the MS in blocks of 32 pixels. Bright is good.")
    if assessment.reference:
        hues = say("Spectral angle against the reference: where hues changed. Dark is good.")
        agreement = say("Q2n against the reference in blocks of 32 pixels. Bright is good.")
    angle = _upper_limit(assessment.sam_map)
    worst = _lower_limit(assessment.q2n_map)
    grey = palettes.stretch(pan[None], palettes.stretch_limits(pan[None]))[..., 0]
    cells = [
        chart(svg, say("The fused image with the places of the crops"), *size)
        + say("The fused image; the numbered boxes are the crops above."),
        picture(np.ascontiguousarray(grey), say("The PAN"), *_fitted(pan.shape, HALF))
        + say("The PAN."),
        _map(assessment.sam_map, (0.0, angle), palettes.SEQUENTIAL, say("SAM map"))
        + _legend("0°", say("{}° and more", f"{angle:g}"), palettes.SEQUENTIAL)
        + hues,
        _map(assessment.q2n_map, (worst, 1.0), palettes.SEQUENTIAL, say("Q2n map"))
        + _legend(say("{} and less", f"{worst:g}") if worst else "0", "1", palettes.SEQUENTIAL)
        + agreement,
    ]
    return panels(cells, 2)


def _fitted(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """Return width and height of a picture `(H, W)` scaled to the larger side `side`."""
    height, width = shape
    scale = side / max(height, width)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _map(
    values: npt.NDArray[np.float32], ends: tuple[float, float], palette: Bytes, alt: str,
    side: int = HALF,
) -> str:  # fmt: skip
    """Show values `(H, W)` in colours; small maps are enlarged by whole factors."""
    times = max(1, math.ceil(side / max(values.shape)))
    pixels = palettes.enlarge(palettes.palette_indices(values, *ends), times)
    missing = "" if np.isfinite(values).any() else say("Nothing here could be computed.")
    return picture(pixels, alt, *_fitted(values.shape, side), palette) + missing


def _legend(low: str, high: str, palette: Bytes) -> str:
    bar = np.arange(palettes.MISSING, dtype=np.uint8)[None].repeat(4, axis=0)
    scale = picture(bar, say("colours from {} to {}", low, high), 200, 10, palette)
    return (
        '<table class="legend" cellspacing="0" cellpadding="2"><tr>'
        f'<td>{escape(low)}</td><td class="scale">{scale}</td><td>{escape(high)}</td>'
        "</tr></table>"
    )


def _upper_limit(values: npt.NDArray[np.float32]) -> float:
    """Return a round number that 98 % of the magnitudes do not exceed; 1 without values."""
    known = np.abs(values[np.isfinite(values)])
    top = float(np.percentile(known, 98)) if known.size else 0.0
    if top <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(top))
    return next(float(f"{step * power:.4g}") for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
                if step * power >= top * 0.9999)  # fmt: skip


def _lower_limit(values: npt.NDArray[np.float32]) -> float:
    """Return a multiple of 0.1, at most 0.9, that 98 % of the values reach."""
    known = values[np.isfinite(values)]
    low = float(np.percentile(known, 2)) if known.size else 0.0
    return min(0.9, max(0.0, math.floor(low * 10) / 10))


def errors(assessment: Assessment) -> str:
    """Show the signed errors of the bands, all on one scale."""
    step = max(1, math.ceil(max(assessment.error_map.shape[1:]) / SMALL))
    error = assessment.error_map[:, ::step, ::step]
    top = _upper_limit(error)
    cells = [
        _map(band, (-top, top), palettes.DIVERGING, say("Error of {}", name), QUARTER) + label(name)
        for name, band in zip(assessment.band_names, error, strict=True)
    ]
    text = say(
        "The fused image less the MS: blue where it is too dark, orange where too bright; white is "
        "right."
    )
    if assessment.reference:
        text = say(
            "The fused image less the reference: blue where it is too dark, orange where too "
            "bright; white is right."
        )
    low, high = (f"{sign}{top:g} DN" for sign in (MINUS, "+"))
    return f"<p>{text}</p>\n{_legend(low, high, palettes.DIVERGING)}\n{panels(cells, 4)}"


def values(assessment: Assessment) -> str:
    """Show histograms and scatter plots of each band: MS, and the fused image degraded to it."""
    cells = []
    pairs = zip(assessment.band_names, assessment.sample.ms, assessment.sample.fused, strict=True)
    for name, ms, fused in pairs:
        line, r = regression(ms, fused)
        slope = number(line[0] if line else None, 3)
        cells.append(
            label(name)
            + chart(
                charts.histogram(ms, fused),
                say("Histogram of {}", name),
                charts.WIDTH,
                charts.HISTOGRAM,
            )
            + chart(
                charts.scatter(ms, fused, line),
                say("Scatter of {}", name),
                charts.WIDTH,
                charts.SCATTER,
            )
            + say("r {}, slope {}", number(r, 3), slope)
        )
    return panels(cells, 4)


def regression(ms: npt.ArrayLike, fused: npt.ArrayLike) -> tuple[tuple[float, float] | None, float]:
    """Return (slope, offset) of fused over MS by least squares, and r; None and NaN if flat."""
    x, y = (np.asarray(v, dtype=np.float64) for v in (ms, fused))
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if x.size < 2 or not np.ptp(x) > 0:
        return None, math.nan
    dx, dy = x - x.mean(), y - y.mean()
    slope = float((dx * dy).sum() / (dx * dx).sum())
    norm = math.sqrt(float((dx * dx).sum() * (dy * dy).sum()))
    r = float((dx * dy).sum()) / norm if norm > 0 else math.nan
    return (slope, float(y.mean() - slope * x.mean())), r


def correlation_table(assessment: Assessment) -> str:
    """Show the correlation of each fused band with every MS band; empty for a single band."""
    names = [escape(name) for name in assessment.band_names]
    if len(names) < 2:
        return ""
    correlation, other = band_correlations(assessment.sample), confused_bands(assessment)
    head = "".join(f"<th>{name}</th>" for name in names)
    digits = 3 if len(names) <= 10 else 2  # as many columns as fit the page
    lines = [f"<tr><th>{say('fused')} \\ MS</th>{head}</tr>"]
    for n, name in enumerate(names):
        cells = "".join(
            _shaded(float(correlation[n, m]), digits, n == m, other[n] == m)
            for m in range(len(names))
        )
        lines.append(f"<tr><th>{name}</th>{cells}</tr>")
    table = "\n".join(lines)
    text = say(
        "Correlation of each fused band (row), degraded to the MS' pixels, with each band of the "
        "MS (column). In a good image the highest number of each row is on the diagonal, in bold."
    )
    return (
        f"<h3>{say('Which band looks like which')}</h3>\n<p>{text}</p>\n"
        f'<div class="wide"><table class="matrix" cellspacing="0" cellpadding="4">\n{table}\n'
        "</table></div>"
    )


def _shaded(value: float, digits: int, own: bool, taken: bool) -> str:
    """Return a cell that is the darker the higher the correlation."""
    share = 0.0 if math.isnan(value) else max(0.0, value) ** 4 * 0.75
    colour = "#{:02x}{:02x}{:02x}".format(*palettes.DENSITY[round(share * (palettes.MISSING - 1))])
    text = "#ffffff" if share > 0.45 else "#222222"
    if taken:
        colour, text = "#b5500c", "#ffffff"
    shown = number(value, digits)
    shown = f"<b>{shown}</b>" if own or taken else shown
    return f'<td align="right" bgcolor="{colour}" style="color: {text}">{shown}</td>'
