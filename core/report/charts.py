# SPDX-License-Identifier: GPL-2.0-or-later
"""Charts of a report as SVG files: histogram, scatter, bars, pictures with boxes or arrows.

Plain SVG that Qt can draw, too: no style sheets, no scripts, embedded pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray
from core.language import say
from core.report import palettes

Box = tuple[float, float, float, float]
Arrow = tuple[float, float, float, float]

INK, GREY, PALE, BLUE, ORANGE = "#222222", "#767676", "#cfcfcf", "#1f5a9e", "#b5500c"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
WIDTH, BINS, CELLS = 220, 64, 48
HISTOGRAM, SCATTER, BAR = 132, 218, 24  # heights of charts and of each bar, px
#: Percentiles at the ends of axes, so that outliers do not stretch them.
AXIS_PERCENTILES = (0.25, 99.75)


def _svg(width: float, height: float, parts: Sequence[str]) -> bytes:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'font-family="{FONT}" font-size="10">'
    )
    return "\n".join([head, *parts, "</svg>\n"]).encode()


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = GREY) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}">{escape(text)}</text>'


def _line(x0: float, y0: float, x1: float, y1: float, colour: str, more: str = "") -> str:
    ends = f'x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}"'
    return f'<line {ends} stroke="{colour}" {more}/>'


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f"<rect {place} {look}/>"


def _picture(x: float, y: float, width: float, height: float, content: bytes) -> str:
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    address = palettes.data_uri(content)
    return f'<image {place} preserveAspectRatio="none" xlink:href="{address}"/>'


def axis_number(value: float) -> str:
    """Format a number at an axis with three or four digits, without exponent."""
    size = abs(value)
    digits = 0 if size >= 100 or size == round(size) else 1 if size >= 10 else 3
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def axis_range(*values: npt.ArrayLike) -> tuple[float, float] | None:
    """Return the range of an axis, `AXIS_PERCENTILES` of all values; None without values."""
    flat = np.concatenate([np.asarray(v, dtype=np.float64).ravel() for v in values])
    flat = flat[np.isfinite(flat)]
    if not flat.size:
        return None
    low, high = (float(v) for v in np.percentile(flat, AXIS_PERCENTILES))
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _nothing(height: float) -> bytes:
    return _svg(WIDTH, height, [_text(WIDTH / 2, height / 2, say("no data"), "middle")])


def histogram(ms: npt.ArrayLike, fused: npt.ArrayLike) -> bytes:
    """Draw the histograms of values `(n,)`, DN: MS as a grey area, the fused image as a line."""
    height, left, right, top, bottom = HISTOGRAM, 20.0, WIDTH - 6.0, 6.0, HISTOGRAM - 18.0
    axis = axis_range(ms, fused)
    if axis is None:
        return _nothing(height)
    counts = [_counts(values, axis) for values in (ms, fused)]
    peak = max(float(c.max()) for c in counts) or 1.0
    edges = np.linspace(left, right, BINS + 1)
    steps = []
    for count in counts:
        ys = bottom - count / peak * (bottom - top)
        points = zip(edges.repeat(2)[1:-1], ys.repeat(2), strict=True)
        steps.append(" ".join(f"{x:.1f},{y:.1f}" for x, y in points))
    area = f"{left},{bottom} {steps[0]} {right},{bottom}"
    return _svg(
        WIDTH,
        height,
        [
            f'<polygon points="{area}" fill="{PALE}"/>',
            f'<polyline points="{steps[1]}" fill="none" stroke="{BLUE}" stroke-width="1.5"/>',
            _line(left, bottom, right, bottom, GREY),
            _text(left, height - 4, axis_number(axis[0])),
            _text(WIDTH / 2, height - 4, "DN", "middle"),
            _text(right, height - 4, axis_number(axis[1]), "end"),
        ],
    )


def _counts(values: npt.ArrayLike, axis: tuple[float, float]) -> FloatArray:
    flat = np.asarray(values, dtype=np.float64).ravel()
    return np.histogram(flat[np.isfinite(flat)], BINS, axis)[0].astype(np.float64)


def scatter(
    ms: npt.ArrayLike,
    fused: npt.ArrayLike,
    line: tuple[float, float] | None,
    across_label: str = "MS (DN)",
) -> bytes:
    """Draw the density of fused over MS, the 1:1 line and the regression (slope, offset)."""
    height, left, right, top, bottom = SCATTER, 20.0, WIDTH - 6.0, 6.0, SCATTER - 18.0
    x = np.asarray(ms, dtype=np.float64).ravel()
    y = np.asarray(fused, dtype=np.float64).ravel()
    known = np.isfinite(x) & np.isfinite(y)
    axis = axis_range(x[known], y[known])
    if axis is None:
        return _nothing(height)
    count = np.histogram2d(y[known], x[known], CELLS, (axis, axis))[0][::-1]
    density = np.log1p(count)
    cells = palettes.palette_indices(density, 0, float(density.max()))
    content = palettes.png(palettes.enlarge(cells, 8), palettes.DENSITY)

    def across(value: float) -> float:
        return left + (value - axis[0]) / (axis[1] - axis[0]) * (right - left)

    def up(value: float) -> float:
        return bottom - (value - axis[0]) / (axis[1] - axis[0]) * (bottom - top)

    parts = [
        _picture(left, top, right - left, bottom - top, content),
        _line(left, bottom, right, top, GREY, 'stroke-dasharray="4,3"'),
    ]
    ends = _within(line, axis) if line else None
    if ends:
        (x0, y0), (x1, y1) = ends
        parts.append(_line(across(x0), up(y0), across(x1), up(y1), ORANGE, 'stroke-width="1.5"'))
    middle, upwards = (top + bottom) / 2, _text(0, 0, say("fused"), "middle")
    parts += [
        _rect(left, top, right - left, bottom - top, f'fill="none" stroke="{PALE}"'),
        _text(left, height - 4, axis_number(axis[0])),
        _text((left + right) / 2, height - 4, across_label, "middle"),
        _text(right, height - 4, axis_number(axis[1]), "end"),
        f'<g transform="translate(13,{middle:g}) rotate(-90)">{upwards}</g>',
    ]
    return _svg(WIDTH, height, parts)


def _within(
    line: tuple[float, float], axis: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the ends of `y = slope x + offset` within the axis, which both coordinates share."""
    slope, offset = line
    low, high = axis
    if slope:
        crossings = sorted(((low - offset) / slope, (high - offset) / slope))
        low, high = max(low, crossings[0]), min(high, crossings[1])
    elif not low <= offset <= high:
        return None
    return ((low, slope * low + offset), (high, slope * high + offset)) if low < high else None


def bars(rows: Sequence[tuple[str, float]], best: int | None, digits: int, width: float) -> bytes:
    """Draw a bar from zero for each name, with its value; the best one is blue."""
    step, value_width = float(BAR), 52.0
    # About 7 px a letter; the rest is left to the bars.
    name_width = min(
        max(104.0, 8 + 7.0 * max((len(name) for name, _ in rows), default=0)), 0.6 * width
    )
    longest = max((v for _, v in rows if np.isfinite(v)), default=0.0) or 1.0
    parts = []
    for number, (name, value) in enumerate(rows):
        y = number * step
        colour = BLUE if number == best else "#9aa5b1"
        parts.append(_text(name_width - 8, y + 16, name, "end", INK))
        if not np.isfinite(value):
            parts.append(_text(name_width, y + 16, "\N{EN DASH}"))
            continue
        length = max(0.0, value) / longest * (width - name_width - value_width)
        parts.append(_rect(name_width, y + 4, length, step - 8, f'fill="{colour}"'))
        parts.append(_text(name_width + length + 6, y + 16, f"{value:.{digits}f}", colour=INK))
    return _svg(width, max(1.0, step * len(rows)), parts).replace(b'"10"', b'"12"', 1)


def boxed(picture: palettes.Bytes, boxes: Sequence[Box], width: float) -> bytes:
    """Draw a picture `(H, W, 3)`, `width` px wide, with numbered boxes.

    A box is `(row, column, height, width)` in shares of the picture's height and width.
    """
    height = round(width * picture.shape[0] / picture.shape[1], 1)
    parts = [_picture(0, 0, width, height, palettes.png(picture))]
    for number, (row, col, tall, wide) in enumerate(boxes, 1):
        place = (col * width, row * height, wide * width, tall * height)
        parts.append(_rect(*place, 'fill="none" stroke="#000000" stroke-width="3"'))
        parts.append(_rect(*place, 'fill="none" stroke="#ffffff" stroke-width="1.5"'))
        x = min(place[0] + place[2] + 2, width - 14)
        y = min(max(place[1], 0), height - 14)
        parts.append(_rect(x, y, 14, 14, 'fill="#ffffff"'))
        parts.append(_text(x + 7, y + 10.5, str(number), "middle", INK))
    return _svg(width, height, parts)


def arrows(picture: palettes.Bytes, marks: Sequence[Arrow], longest: float, width: float) -> bytes:
    """Draw a picture `(H, W, 3)`, `width` px wide, with arrows; one of length `longest` has 44 px.

    An arrow is the row and column of its start, in shares of the picture's height and width, and
    its components down and right; a dot if both are zero.
    """
    height = round(width * picture.shape[0] / picture.shape[1], 1)
    parts = [_picture(0, 0, width, height, palettes.png(picture))]
    for row, col, down, right in marks:
        x, y = col * width, row * height
        long = np.hypot(down, right)
        dx, dy = (44 * each / longest if longest else 0.0 for each in (right, down))
        head = min(7.0, 44 * float(long) / longest if longest else 0.0)
        ends = [(x, y, x + dx, y + dy)]
        for turn in (2.6, -2.6) if long else ():
            angle = np.arctan2(dy, dx) + turn
            ends.append(
                (x + dx, y + dy, x + dx + head * np.cos(angle), y + dy + head * np.sin(angle))
            )
        for colour, stroke in (("#000000", 4), ("#ffffff", 2)):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{stroke:g}" fill="{colour}"/>')
            more = f'stroke-width="{stroke}" stroke-linecap="round"'
            parts += [_line(*end, colour, more) for end in ends]
    return _svg(width, height, parts)
