# SPDX-License-Identifier: GPL-2.0-or-later
"""Write docs/parameters.md from the algorithms; run by QGIS' Python."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.headless import qgis  # noqa: E402 - the checkout has to be found first

PAGE = ROOT / "docs" / "parameters.md"
HEAD = """# Algorithms and parameters

Everything the toolbox, batch runs, the model designer and `qgis_process` offer. This page is made
from the algorithms (`make docs`), in the toolbox' groups. Names never change.
"""
ROWS = "| Parameter | What it is | Value | Default |\n|---|---|---|---|"
TYPES = {
    "raster": "raster layer",
    "multilayer": "layers",
    "band": "bands",
    "enum": "choice",
    "number": "number",
    "boolean": "yes or no",
    "file": "file or folder",
    "extent": "extent",
    "string": "text",
    "rasterDestination": "raster to write",
    "fileDestination": "file to write",
    "folderDestination": "folder to write",
    "outputNumber": "number",
    "outputString": "text",
    "outputBoolean": "yes or no",
    "outputRaster": "raster layer",
    "outputFile": "file",
    "outputFolder": "folder",
    "outputHtml": "HTML page",
}


def cell(text: str) -> str:
    """Escape a text for a table's cell."""
    return " ".join(text.replace("|", "\\|").split())


def default(parameter: Any) -> str:
    """Return a parameter's default as it is typed; empty for none."""
    value = parameter.defaultValue()
    if value in (None, "") or parameter.isDestination():
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"`{value}`"


def parameter_rows(algorithm: Any, advanced: bool) -> Iterator[str]:
    """Yield the rows of the parameters that the dialog shows at once, or under *Advanced*."""
    from qgis.core import QgsProcessingParameterDefinition

    flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    optional = QgsProcessingParameterDefinition.Flag.FlagOptional
    hidden = QgsProcessingParameterDefinition.Flag.FlagHidden
    for parameter in algorithm.parameterDefinitions():
        if parameter.flags() & hidden or bool(parameter.flags() & flag) != advanced:
            continue
        kind = TYPES.get(parameter.type(), parameter.type())
        if parameter.type() == "enum":
            kind = ", ".join(f"`{option}`" for option in parameter.options())
        if parameter.flags() & optional:
            kind += "; may be left empty"
        text = f"**{cell(parameter.description())}**. {cell(parameter.help())}".strip()
        yield f"| `{parameter.name()}` | {text} | {kind} | {default(parameter)} |"


def output_rows(algorithm: Any) -> Iterator[str]:
    given = {parameter.name() for parameter in algorithm.parameterDefinitions()}
    for output in algorithm.outputDefinitions():
        if output.name() not in given:
            kind = TYPES.get(output.type(), output.type())
            yield f"| `{output.name()}` | {cell(output.description())} | {kind} |"


def section(algorithm: Any) -> str:
    """Return an algorithm as Markdown."""
    lines = [
        f"### {algorithm.displayName()}",
        "",
        f"`ksdiff:{algorithm.name()}`. {cell(algorithm.shortDescription())}",
        "",
        ROWS,
        *parameter_rows(algorithm, advanced=False),
    ]
    more = list(parameter_rows(algorithm, advanced=True))
    if more:
        lines += ["", "Under *Advanced Parameters*:", "", ROWS, *more]
    outputs = list(output_rows(algorithm))
    if outputs:
        lines += ["", "Returned:", "", "| Output | What it is | Value |", "|---|---|---|", *outputs]
    return "\n".join(lines)


def page() -> str:
    """Return the whole page."""
    from ksdiff_qgis.provider import Provider

    provider = Provider()
    provider.loadAlgorithms()
    groups: dict[str, list[Any]] = {}
    for algorithm in provider.algorithms():
        groups.setdefault(algorithm.group(), []).append(algorithm)
    contents, sections = ["| Group | Algorithms |", "|---|---|"], []
    for name, members in groups.items():
        members.sort(key=lambda a: a.displayName())
        titles = [f"[{a.displayName()}](#{anchor(a.displayName())})" for a in members]
        contents.append(f"| {name} | {', '.join(titles)} |")
        sections += [f"## {name}", *map(section, members)]
    return "\n".join([HEAD, *contents, "", "\n\n".join(sections), ""])


def anchor(title: str) -> str:
    """Return the anchor of a heading."""
    return re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))


if __name__ == "__main__":
    with qgis():
        PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is made")
