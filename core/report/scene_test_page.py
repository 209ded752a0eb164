# SPDX-License-Identifier: GPL-2.0-or-later
"""The report on a reduced-resolution test: one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from core.gdal_names import path_in
from core.language import say
from core.methods.registry import title_of
from core.raster.writer import write_texts
from core.report.comparison import comparison, headline
from core.report.markup import page, settings_table, template, verdict_box


def write_test_report(result: Mapping[str, Any], path: Path) -> None:
    """Write the page of a reduced-resolution test; raise OutputError, and leave no partial file.

    Parameters
    ----------
    result : a test as `core.report.comparison` describes it, and `chosen` (the method that was
        used), `sensor`, `seconds`, and the files `pan` and `ms`.
    """
    write_texts({path: scene_test_page(result)})


def scene_test_page(result: Mapping[str, Any]) -> str:
    """Return the page of a reduced-resolution test; see `write_test_report`."""
    winner, chosen = str(result["winner"]), str(result["chosen"])
    sentences = [str(result["sentence"])]
    if chosen != winner:
        asked, would = title_of(chosen), title_of(winner)
        sentences.append(say("{} was asked for; by this test {} would be used.", asked, would))
    if result.get("adaptation"):
        sentences.append(str(result["adaptation"]))
    ratio, sensor = f"{float(result['ratio']):.4g}", str(result["sensor"])
    pan, ms = (path_in(str(result[key])).name for key in ("pan", "ms"))
    settings = [
        ("PAN", str(result["pan"])),
        ("MS", str(result["ms"])),
        (say("Sensor"), sensor),
        (say("Method used"), title_of(chosen)),
        (say("Time of the comparison"), f"{float(result['seconds']):.1f} s"),
    ]
    body = template(
        "scenetest.html",
        name=escape(ms),
        facts=escape(f"{sensor} · {say('ratio {}', ratio)} · {say('sharpened by {}', pan)}"),
        verdict=verdict_box(headline(result, chosen), [], sentences, []),
        comparison=comparison(result),
        settings=settings_table(settings),
    )
    return page(say("Methods compared on {}", ms), body)
