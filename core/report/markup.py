# SPDX-License-Identifier: GPL-2.0-or-later
"""Pieces of a report's page: templates, tables, pictures, numbers as text.

The pages are one file each and plain: tables and pictures that browsers, paper and Qt's own text
views show alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from string import Template

from core.report import palettes
from core.resources import REPORT

MINUS, TIMES = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}"
NARROW, DASH = "\N{NARROW NO-BREAK SPACE}", "\N{EN DASH}"


def template(name: str, /, **parts: str) -> str:
    """A file of `resources/report` with its placeholders filled with HTML."""
    return Template((REPORT / name).read_text(encoding="utf-8")).substitute(parts)


def page(title: str, body: str) -> str:
    """A whole page of its own: nothing is loaded from elsewhere. `title` is text, `body` HTML."""
    style = (REPORT / "style.css").read_text(encoding="utf-8")
    return template("page.html", title=escape(title), style=style, body=body)


def number(value: float | None, digits: int) -> str:
    """With so many decimals; a dash for what is no number."""
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{value:,.{digits}f}".replace(",", NARROW)
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def dn(value: float | None, scale: float) -> str:
    """A value in DN, as fine as DN of that scale are told apart: reflectances have decimals."""
    scale = abs(scale)
    if not math.isfinite(scale) or scale == 0:
        return number(value, 2)
    return number(value, max(0, 3 - math.floor(math.log10(scale))))


def count(value: int) -> str:
    """A whole number in groups of three digits."""
    return f"{value:,}".replace(",", NARROW)


Cell = str | tuple[str, str]


def _cell(tag: str, cell: Cell) -> str:
    text, look = (cell, "") if isinstance(cell, str) else cell
    # Qt's text views know the attribute only.
    align = ' align="right"' if "n" in look.split() else ""
    return f'<{tag} class="{look}"{align}>{text}</{tag}>' if look else f"<{tag}>{text}</{tag}>"


def table(head: Sequence[Cell], rows: Sequence[Sequence[Cell]], look: str = "rule") -> str:
    """A table of cells in HTML; a cell may be a pair of its text and its classes (`n`: number)."""
    lines = [
        f'<div class="wide"><table class="{look}" width="100%" cellspacing="0" cellpadding="4">'
    ]
    if head:
        lines.append(f"<tr>{''.join(_cell('th', cell) for cell in head)}</tr>")
    lines += [f"<tr>{''.join(_cell('td', cell) for cell in row)}</tr>" for row in rows]
    return "\n".join([*lines, "</table></div>"])


def panels(cells: Sequence[str], columns: int) -> str:
    """Cells in HTML side by side, so many in a row; an empty end of a row stays empty."""
    lines = ['<table class="panels" width="100%" cellspacing="0" cellpadding="4">']
    for first in range(0, len(cells), columns):
        row = [*cells[first : first + columns], *[""] * columns][:columns]
        width = f"{100 / columns:.4g}%"
        lines.append("<tr>")
        lines += [f'<td width="{width}" valign="top">{cell}</td>' for cell in row]
        lines.append("</tr>")
    return "\n".join([*lines, "</table>"])


def image(address: str, alt: str, width: int, height: int) -> str:
    """A picture, `width` x `height` px where there is room; `alt` is text."""
    size = f'width="{width}" height="{height}"'
    return f'<div class="picture"><img src="{address}" alt="{escape(alt)}" {size}></div>'


def chart(svg: bytes, alt: str, width: int, height: int) -> str:
    """An SVG file as a picture."""
    return image(palettes.data_uri(svg, "image/svg+xml"), alt, width, height)


def label(text: str) -> str:
    """What stands above or below a picture; text, not HTML."""
    return f'<div class="label">{escape(text)}</div>'


def verdict_box(
    headline: str, findings: Sequence[str], sentences: Sequence[str], notes: Sequence[str]
) -> str:
    """The box at the top of a page; all texts, not HTML."""
    items = [f'<li class="finding">{escape(text)}</li>' for text in findings]
    items += [f"<li>{escape(text)}</li>" for text in sentences]
    items += [f'<li class="note">{escape(text)}</li>' for text in notes]
    look, colour = ("bad", "#fdeee2") if findings else ("good", "#eaf1f8")
    return (
        f'<table class="verdict {look}" width="100%" cellpadding="12" cellspacing="0"><tr>'
        f'<td bgcolor="{colour}"><p class="headline">{escape(headline)}</p>\n<ul>\n'
        + "\n".join(items)
        + "\n</ul></td></tr></table>"
    )
