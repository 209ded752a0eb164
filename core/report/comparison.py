# SPDX-License-Identifier: GPL-2.0-or-later
"""The result of a reduced-resolution test as part of a page: scores and charts of methods.

A test is a mapping: `rows` (`method`, `error`, `ERGAS`, `SAM`, `Q2n`, `SCC`, `seconds`; best
first), `best` (the method of least error), `winner` (the one to use), `pixels`, `windows`, `ratio`,
`sentence`, `adaptation`, and `left_out`, reasons why methods were not tried.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

from core.language import later, say
from core.methods.registry import FINE_TUNED, METHODS, title_of
from core.quality.assessment import INDICES
from core.report import charts, figures
from core.report.markup import Cell, chart, count, label, number, panels, table, template

#: Decimals of each column, and whether a higher value is better.
METRICS = {
    "error": (3, False),
    "expected": (3, False),
    **{m: (INDICES[m].decimals, INDICES[m].best == "1") for m in ("ERGAS", "SAM", "Q2n", "SCC")},
    "reprojected": (3, False),
}
#: Heads of the columns that are words.
HEADS = {
    "error": later("Error"),
    "expected": later("Expected"),
    "reprojected": later("Reprojected"),
}


def comparison(test: Mapping[str, Any]) -> str:
    """Show scores and charts, how the methods were compared, and the limits of the test."""
    rows = list(test["rows"])
    return template(
        "comparison.html",
        scores=_scores(rows),
        charts=_charts(rows),
        left_out=_left_out(test.get("left_out") or {}),
        ratio=f"{float(test['ratio']):.4g}",
        where=escape(_where(test)),
    )


def headline(test: Mapping[str, Any], used: str) -> str:
    """Return a sentence on the method that is used, and on another with a lower error."""
    winner, best = str(test["winner"]), str(test["best"])
    if used == best:
        return say("{} is the best method on this scene.", title_of(best))
    rows = {row["method"]: row for row in test["rows"] if row["method"] in (best, used)}
    errors = _values([rows.get(best, {}), rows.get(used, {})], "error")
    less = 100 * (1 - errors[0] / errors[1]) if errors[1] else math.nan
    names = title_of(used), title_of(best)
    if math.isnan(less):
        texts = (
            later("{} is used; {} had a lower error."),
            later(
                "{} is used; {} had a lower error in the test, but is expected to have a higher "
                "one on the scene."
            ),
        )
        return say(texts[used == winner], *names)
    texts = (
        later("{} is used; {} had an error {} % lower."),
        later(
            "{} is used; {} had an error {} % lower in the test, but is expected to have a higher "
            "one on the scene."
        ),
    )
    return say(texts[used == winner], *names, number(less, int(less < 1)))


def _where(test: Mapping[str, Any]) -> str:
    """Return sentences on the pixels that were compared and the data of fine-tuned methods."""
    windows = int(test["windows"])
    pixels = count(int(test["pixels"]))
    text = say("{} pixels of the MS were compared.", pixels)
    if windows > 1:
        text = say(
            "{} pixels of the MS were compared, in {} windows scattered over the scene.",
            pixels,
            windows,
        )
    for row in test["rows"]:
        if row["method"] in FINE_TUNED:
            name = title_of(METHODS[row["method"]].fine_tunes or "")
            adapted = later("The adapted {} was trained on these pixels: half of its gain counts.")
            text += " " + say(adapted, name)
    return text


def _values(rows: list[Mapping[str, Any]], name: str) -> list[float]:
    """Return a column; NaN for null."""
    return [math.nan if row.get(name) is None else float(row[name]) for row in rows]


def _best(values: list[float], highest: bool) -> int | None:
    known = [(value if highest else -value, -n) for n, value in enumerate(values) if value == value]
    return -max(known)[1] if known else None


def _scores(rows: list[Mapping[str, Any]]) -> str:
    names = [(say(HEADS.get(name, name)), "n") for name in METRICS]
    head: list[Cell] = [say("Method"), *names, (say("Seconds"), "n")]
    cells: list[list[Cell]] = [[(escape(title_of(str(r["method"]))), "name")] for r in rows]
    for name, (digits, highest) in METRICS.items():
        values = _values(rows, name)
        best = _best(values, highest)
        for n, value in enumerate(values):
            shown = number(value, digits)
            cells[n].append((f"<b>{shown}</b>", "n best") if n == best else (shown, "n"))
    for n, value in enumerate(_values(rows, "seconds")):
        cells[n].append((number(value, 2), "n"))
    return table(head, cells)


def _charts(rows: list[Mapping[str, Any]]) -> str:
    parts = []
    titles = {
        "ERGAS": say("ERGAS: shorter is better"),
        "SAM": say("SAM (degrees): shorter is better"),
    }
    for name, title in titles.items():
        values = _values(rows, name)
        pairs = [(title_of(str(r["method"])), v) for r, v in zip(rows, values, strict=True)]
        svg = charts.bars(pairs, _best(values, False), METRICS[name][0], figures.HALF)
        alt = say("{} of each method", name)
        parts.append(label(title) + chart(svg, alt, figures.HALF, charts.BAR * max(1, len(rows))))
    return panels(parts, 2)


def _left_out(reasons: Mapping[str, str]) -> str:
    if not reasons:
        return ""
    items = [f"<li>{escape(title_of(n))}: {escape(str(why))}</li>" for n, why in reasons.items()]
    return f"<p>{say('Not tried:')}</p>\n<ul>\n" + "\n".join(items) + "\n</ul>"
