# SPDX-License-Identifier: GPL-2.0-or-later
"""Parts of a report's page: templates, tables, pictures, numbers as text.

A page is one plain file: tables and pictures that browsers, printers and Qt's text views can show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from string import Template

from core import RESOURCES
from core.language import say, say_template
from core.report import palettes

_TEMPLATES = RESOURCES / "report"

MINUS, TIMES = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}"
NARROW, DASH = "\N{NARROW NO-BREAK SPACE}", "\N{EN DASH}"


def template(name: str, /, **parts: str) -> str:
    """Fill the placeholders of a file of `resources/report` with HTML."""
    html = (_TEMPLATES / name).read_text(encoding="utf-8")
    return Template(say_template(html)).substitute(parts)


def page(title: str, body: str) -> str:
    """Return a self-contained page; `title` is text, `body` HTML."""
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    language = say("en")
    return template("page.html", language=language, title=escape(title), style=style, body=body)


def number(value: float | None, digits: int) -> str:
    """Format a number with `digits` decimals; a dash for None and NaN."""
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{value:,.{digits}f}".replace(",", NARROW)
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def dn(value: float | None, scale: float) -> str:
    """Format DN with four significant digits of a value of the size `scale`."""
    scale = abs(scale)
    if not math.isfinite(scale) or scale == 0:
        return number(value, 2)
    return number(value, max(0, 3 - math.floor(math.log10(scale))))


def count(value: int) -> str:
    """Format a whole number in groups of three digits."""
    return f"{value:,}".replace(",", NARROW)


#: Text of a table's cell, or text and classes (`n`: a number).
Cell = str | tuple[str, str]


def _cell(tag: str, cell: Cell) -> str:
    text, look = (cell, "") if isinstance(cell, str) else cell
    # Qt's text views support the attribute only.
    align = ' align="right"' if "n" in look.split() else ""
    return f'<{tag} class="{look}"{align}>{text}</{tag}>' if look else f"<{tag}>{text}</{tag}>"


def table(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a table; texts of cells are HTML."""
    lines = ['<div class="wide"><table class="rule" width="100%" cellspacing="0" cellpadding="4">']
    if head:
        lines.append(f"<tr>{''.join(_cell('th', cell) for cell in head)}</tr>")
    lines += [f"<tr>{''.join(_cell('td', cell) for cell in row)}</tr>" for row in rows]
    return "\n".join([*lines, "</table></div>"])


def panels(cells: Sequence[str], columns: int) -> str:
    """Arrange HTML in rows of `columns`; the last row may have empty cells."""
    lines = ['<table class="panels" width="100%" cellspacing="0" cellpadding="4">']
    for first in range(0, len(cells), columns):
        row = [*cells[first : first + columns], *[""] * columns][:columns]
        width = f"{100 / columns:.4g}%"
        lines.append("<tr>")
        lines += [f'<td width="{width}" valign="top">{cell}</td>' for cell in row]
        lines.append("</tr>")
    return "\n".join([*lines, "</table>"])


def settings_table(rows: Sequence[tuple[str, str]]) -> str:
    """Return a table of names and values, both text."""
    return table(
        [], [[(escape(name), "name setting"), (escape(value), "path")] for name, value in rows]
    )


def _image(address: str, alt: str, width: int, height: int) -> str:
    size = f'width="{width}" height="{height}"'
    return f'<div class="picture"><img src="{address}" alt="{escape(alt)}" {size}></div>'


def picture(
    pixels: palettes.Bytes, alt: str, width: int, height: int, palette: palettes.Bytes | None = None
) -> str:
    """Return pixels `(H, W, 3)` or `(H, W)`, see `palettes.png`, as an image of this size."""
    return _image(palettes.data_uri(palettes.png(pixels, palette)), alt, width, height)


def chart(svg: bytes, alt: str, width: int, height: int) -> str:
    """Return an SVG file as an image."""
    return _image(palettes.data_uri(svg, "image/svg+xml"), alt, width, height)


def label(text: str) -> str:
    """Return the label above or below a picture; `text` is not HTML."""
    return f'<div class="label">{escape(text)}</div>'


def verdict_box(
    headline: str, findings: Sequence[str], sentences: Sequence[str], notes: Sequence[str]
) -> str:
    """Return the box at the top of a page; all arguments are text, not HTML."""
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
