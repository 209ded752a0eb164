# SPDX-License-Identifier: GPL-2.0-or-later
"""The report on the shift between PAN and MS, of the scene and of its blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt
from rasterio.enums import Resampling

from core.gdal_names import as_called, path_in
from core.language import say
from core.pair.scene import Scene
from core.raster.window import Window
from core.registration.shift_estimate import Registration, describe_shift
from core.report import charts, figures, palettes
from core.report.markup import (
    TIMES,
    Cell,
    chart,
    count,
    label,
    number,
    page,
    panels,
    picture,
    settings_table,
    table,
    template,
    verdict_box,
)

CROP = 192  # PAN px
OVERVIEW = 448  # px, largest side


def alignment_page(
    scene: Scene, found: Registration, sentences: Sequence[str], findings: Sequence[str]
) -> str:
    """Return the page; `scene` is the pair before the alignment, texts are not HTML."""
    title = say("The shift between PAN and MS cannot be measured.")
    if found.shift:
        title = say("The MS lies {}.", describe_shift(found.shift))
    name, pan = (path_in(as_called(each)).name for each in (scene.ms_name, scene.pan_name))
    size = f"{count(scene.height)} {TIMES} {count(scene.width)}"
    body = template(
        "align.html",
        name=escape(name),
        facts=escape(
            f"{say('{} PAN pixels', size)} · {say('ratio {}', f'{scene.ratio:.4g}')} · PAN {pan}"
        ),
        verdict=verdict_box(title, findings, sentences, []),
        before_after=_before_after(scene, found),
        maps=_maps(scene, found),
        blocks=_blocks(found),
        looked=str(found.windows),
        settings=_settings(scene, found),
    )
    return page(say("Alignment of {}", name), body)


def _settings(scene: Scene, found: Registration) -> str:
    rows = [
        ("PAN", as_called(scene.pan_name)),
        ("MS", as_called(scene.ms_name)),
        (say("Match with the shift"), number(found.confidence, 3)),
        (say("Match without it"), number(found.unmoved, 3)),
        (say("Blocks with a clear shift"), say("{} of {}", len(found.blocks), found.windows)),
        (
            say("Nine of ten blocks lie within"),
            say("{} PAN pixels of the shift", number(found.residual_p90, 2)),
        ),
    ]
    return settings_table(rows)


def _blocks(found: Registration) -> str:
    """Return the table of blocks, from the top left to the bottom right."""
    if not found.blocks:
        return ""
    titles = (
        say("Row"), say("Column"), say("Shift, rows"), say("columns"), say("Residual, rows"),
        say("columns"), say("Match"),
    )  # fmt: skip
    head: list[Cell] = [(title, "n") for title in titles]
    rows: list[list[Cell]] = []
    for block in found.blocks:
        values = [number(each, 2) for each in (*block.shift, *found.residual(block), block.match)]
        at = [count(round(block.row)), count(round(block.col))]
        rows.append([(text, "n") for text in (*at, *values)])
    return table(head, rows)


def _maps(scene: Scene, found: Registration) -> str:
    """Show the blocks' shifts, and their residuals, as arrows on PAN."""
    if not found.blocks:
        return f'<p class="caption">{say("No block has a measurable shift.")}</p>'
    pan = _overview(scene)
    grey = palettes.stretch(pan[None], palettes.stretch_limits(pan[None]))
    cells = []
    for title, vectors in (
        (say("Shift of each block"), [block.shift for block in found.blocks]),
        (say("Residual shift of each block"), [found.residual(block) for block in found.blocks]),
    ):
        longest = max(math.hypot(*vector) for vector in vectors)
        marks = [
            (block.row / scene.height, block.col / scene.width, *vector)
            for block, vector in zip(found.blocks, vectors, strict=True)
        ]
        svg = charts.arrows(grey, marks, longest, figures.HALF)
        height = round(figures.HALF * grey.shape[0] / grey.shape[1])
        key = say("{}: the longest arrow is {} PAN pixels", title, number(longest, 2))
        cells.append(chart(svg, title, figures.HALF, height) + label(key))
    return panels(cells, 2)


def _overview(scene: Scene) -> npt.NDArray[np.float32]:
    """Read PAN within the scene, reduced to at most `OVERVIEW` px a side; NaN without data."""
    source = scene.sources[1]
    corner = ~source.dataset.transform * scene.transform
    step = max(1.0, max(scene.whole.shape) / OVERVIEW)
    shape = tuple(max(1, round(size / step)) for size in scene.whole.shape)
    part = ((round(corner.f), round(corner.f) + scene.height),
            (round(corner.c), round(corner.c) + scene.width))  # fmt: skip
    how = {"window": part, "out_shape": shape}
    values = source.dataset.read(
        source.bands[0], out_dtype="float32", resampling=Resampling.average, **how
    )
    known = source.dataset.read_masks(source.bands[0], **how) > 0
    return np.where(known, values, np.nan).astype(np.float32)


def _before_after(scene: Scene, found: Registration) -> str:
    """Show a checkerboard of PAN and MS before and after, at the block that matches best."""
    if found.shift is None or not found.blocks:
        return f'<p class="caption">{say("There is nothing to compare.")}</p>'
    best = max(found.blocks, key=lambda block: block.match)
    half = CROP // 2
    at = round(best.row) - half, round(best.col) - half
    window = Window(*at, CROP, CROP).intersect(scene.whole)
    cells = []
    for title, pair in ((say("Before"), scene), (say("After"), scene.shifted(*found.shift))):
        patch = pair.read(window)
        pan, lms = (np.where(patch.valid, each, np.nan) for each in (patch.pan, patch.lms))
        limits = palettes.stretch_limits(pan[None])
        mixed = palettes.stretch(figures.checkerboard(pan, lms)[None], limits)
        height = round(figures.HALF * window.height / window.width)
        shown = picture(palettes.enlarge(mixed, 4), title, figures.HALF, height)
        cells.append(shown + label(title))
    return panels(cells, 2)
