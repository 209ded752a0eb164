# SPDX-License-Identifier: GPL-2.0-or-later
"""The task ``trainingset``: pairs of rasters to one file to train on, and its recipe.

The model is scored on held-out ground. Where there are enough scenes, whole ones are held out; else
every scene is cut, and its end is held out, some pixels away from the rest.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.commands.folder_files import Names, files_of
from core.errors import InputError, OutputError, PansharpenError
from core.gdal_names import path_in
from core.progress import Pace, Progress
from core.raster.output_files import check_target, folder_beside, put_in_place
from core.report.palettes import png
from training import patches
from training.requests import MakeTrainingSet
from training.scenes import MARGIN, TRAIN, TrainingScene
from training.sources import Box, box_of, load_sources, open_pair, overlapping_groups, pairs_of
from training.tasks import groundmap

log = logging.getLogger(__name__)

RECIPES = Path(__file__).resolve().parents[1] / "recipes"
SUFFIX = ".patches"
#: Side of a training window (MS px), as in the recipes.
PATCH = 64
#: Sides (MS px) of the smallest piece to train on, and to score on.
LEAST = PATCH + MARGIN, 48
#: MS px between training and held-out ground of the same scene.
GAP = 8
#: Side (MS px) of the window that is scored of a held-out piece, and how many pieces at most.
SCORED, PIECES = 256, 4
#: Synthetic scenes that keep what a network knows of other sensors.
GENERATED: dict[str, Any] = {"generated": 12, "size": 320, "seed": 1000, "bits": 8}

Entry = dict[str, Any]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Pair:
    """A pair that can be opened; `pixel` is the size of an MS pixel in units of the CRS."""

    pan: Names
    ms: Names
    box: Box
    pixel: float

    @property
    def extent(self) -> Extent:
        """Left, bottom, right and top of the ground that both show."""
        return self.box[1:]


def perform(request: MakeTrainingSet, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Write the training set; return its contents in numbers.

    Pairs that do not fit are logged and left out. Raises PansharpenError where none fits, or for
    what the user can correct; nothing is written then.
    """
    started = time.monotonic()
    named = _named(request)
    files = [file for pair in named for file in files_of(*pair)]
    target = check_target(Path(request.out), files, (SUFFIX,))
    recipe, drawn = (target.with_name(f"{target.name}{end}") for end in (".json", ".png"))
    pairs, refused = _open_pairs(named, _options(request))
    entries = _entries(pairs, request)
    if request.generated:
        entries.append({**GENERATED, "weight": request.generated})
    sources, entries, failed = _read(entries, progress)
    real = [s for s, e in zip(sources, entries, strict=True) if "pan" in e]
    if all(source.part != TRAIN for source in real):
        raise InputError("no-pair-trainable", pairs=len(named), reason=(refused + failed)[0])
    progress(0.95, "Writing the training set")
    facts = _facts(sources, entries)
    grounds = _grounds(pairs, sources, entries)
    shares = groundmap.shares(grounds)
    try:
        with folder_beside(target) as folder:
            # Each entry once, however many scenes it has.
            made_of = [e for i, e in enumerate(entries) if e not in entries[:i]]
            size = patches.write(folder / target.name, sources, made_of)
            # The recipe of the shipped KSDiff with these sources, for the command line.
            shipped = json.loads((RECIPES / "ksdiff-scene.json").read_text(encoding="utf-8"))
            notes = {"training set": facts}
            made = {**shipped, "name": target.stem, "sources": made_of, "notes": notes}
            text = json.dumps(made, indent=2)
            (folder / recipe.name).write_text(text + "\n", encoding="utf-8")
            (folder / drawn.name).write_bytes(png(groundmap.picture(grounds)))
            # The set first: where another program has it open, the old recipe stays with it.
            put_in_place(folder / target.name, target)
            put_in_place(folder / recipe.name, recipe)
            put_in_place(folder / drawn.name, drawn)
    except OSError as error:
        raise OutputError(
            "training-set-not-written", target=target, reason=error.strerror
        ) from error
    seconds = round(time.monotonic() - started, 2)
    place = {"out": str(target), "recipe": str(recipe), "map": str(drawn)}
    return {
        **place,
        **facts,
        "mb": round(size / 1e6, 2),
        "shares": shares,
        "refused": len(named) - facts["pairs"],
        "reasons": [*refused, *failed],
        "seconds": seconds,
    }


def _named(request: MakeTrainingSet) -> list[tuple[Names, Names]]:
    """Return the pairs of a request. Raises InputError for a request that makes no sense."""
    if not 0 <= request.held_out <= 0.5:
        raise InputError("held-out-share")
    if not 0 <= request.generated <= 0.9:
        raise InputError("generated-share")
    if len(request.pans) != len(request.mss):
        raise InputError("pan-ms-count")
    named: list[tuple[Names, Names]] = list(zip(request.pans, request.mss, strict=True))
    if request.folder:
        named += pairs_of(Path(request.folder))
    if not named:
        if request.folder:
            raise InputError("no-training-pair", folder=request.folder)
        raise InputError("no-training-pair-named")
    return named


def _options(request: MakeTrainingSet) -> dict[str, Any]:
    """Return the options of `core.pair.scene.Scene.open` for every pair."""
    bands = list(request.ms_bands) if request.ms_bands else None
    given = {"pan_band": request.pan_band, "ms_bands": bands, "nodata": request.nodata}
    return {key: value for key, value in given.items() if value is not None}


def _open_pairs(
    named: Sequence[tuple[Names, Names]], options: dict[str, Any]
) -> tuple[list[Pair], list[str]]:
    """Return the pairs that can be opened, and the reasons why others cannot."""
    pairs, refused = [], []
    for pan, ms in named:
        try:
            with open_pair(pan, ms, **options) as scene:
                box = box_of(scene)
                pixel = (box[3] - box[1]) / scene.width * scene.ratio
        except PansharpenError as error:
            log.warning("Left out: %s. %s", " and ".join(files_of(pan, ms)), error)
            refused.append(str(error))
            continue
        pairs.append(Pair(pan, ms, box, pixel))
    if not pairs:
        raise InputError("no-pair-opens", pairs=len(named), reason=refused[0])
    return pairs, refused


def _entries(pairs: Sequence[Pair], request: MakeTrainingSet) -> list[Entry]:
    """Return a recipe's sources: the training and the held-out ground of each pair."""
    groups = _groups(pairs)
    whole = round(request.held_out * len(groups))
    if whole and any(pair.box[0] is None for pair in pairs):
        log.warning(
            "Some images do not say where they lie: nobody can check that those held out show "
            "other ground than those trained on."
        )
    cut: list[tuple[Pair, Extent, bool]] = []
    for number, group in enumerate(groups):
        if whole or not request.held_out:
            held = number >= len(groups) - whole
            cut += [(pair, pair.extent, held) for pair in group]
        else:
            cut += _cut(group, request.held_out)
    cut = [piece for each in cut for piece in _windows(*each)]
    if request.held_out and not any(held for _, _, held in cut):
        log.warning("The scenes are too small to hold anything out: the model will have no scores.")
    area = sum((e[2] - e[0]) * (e[3] - e[1]) for _, e, held in cut if not held)
    entries = []
    for pair, extent, held in cut:
        share = (extent[2] - extent[0]) * (extent[3] - extent[1]) / max(area, 1e-12)
        entry: Entry = {"pan": pair.pan, "ms": pair.ms, "sensor": request.sensor}
        entry |= _options(request)
        entry |= {"weight": round((1 - request.generated) * share, 6), "validation": held}
        entries.append(entry if extent == pair.extent else {**entry, "extent": extent})
    return entries


def _groups(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """Return groups of pairs that show common ground; pairs without a CRS are alone."""
    placed = [pair for pair in pairs if pair.box[0] is not None]
    together = [
        [placed[i] for i in group] for group in overlapping_groups([pair.box for pair in placed])
    ]
    return together + [[pair] for pair in pairs if pair.box[0] is None]


def _cut(group: Sequence[Pair], share: float) -> list[tuple[Pair, Extent, bool]]:
    """Cut scenes of common ground by one line across all of them."""
    boxes = [pair.extent for pair in group]
    low = [min(box[i] for box in boxes) for i in (0, 1)]
    high = [max(box[i] for box in boxes) for i in (2, 3)]
    axis = 0 if high[0] - low[0] >= high[1] - low[1] else 1
    pixel = max(pair.pixel for pair in group)
    # A small scene gives enough to score on, even if that is more than its share.
    end = max(share * (high[axis] - low[axis]), (LEAST[1] + GAP / 2) * pixel)
    line = high[axis] - end
    pieces = []
    for pair in group:
        for held in (False, True):
            extent = list(pair.extent)
            side = axis if held else axis + 2
            edge = line + (GAP / 2 * pixel if held else -GAP / 2 * pixel)
            extent[side] = max(extent[side], edge) if held else min(extent[side], edge)
            left, bottom, right, top = extent
            if min(right - left, top - bottom) >= LEAST[held] * pair.pixel:
                pieces.append((pair, (left, bottom, right, top), held))
    if not any(held for _, _, held in pieces) or all(held for _, _, held in pieces):
        return [(pair, pair.extent, False) for pair in group]
    return pieces


def _windows(pair: Pair, extent: Extent, held: bool) -> list[tuple[Pair, Extent, bool]]:
    """Divide a held-out piece into a few: one window of each is scored."""
    left, bottom, right, top = extent
    sizes = right - left, top - bottom
    axis = 0 if sizes[0] >= sizes[1] else 1
    count = min(max(int(sizes[axis] / (SCORED * pair.pixel)), 1), PIECES) if held else 1
    pieces = []
    for number in range(count):
        piece = list(extent)
        piece[axis] = extent[axis] + sizes[axis] * number / count
        piece[axis + 2] = extent[axis] + sizes[axis] * (number + 1) / count
        pieces.append((pair, (piece[0], piece[1], piece[2], piece[3]), held))
    return pieces


def _read(
    entries: Sequence[Entry], progress: Progress
) -> tuple[list[TrainingScene], list[Entry], list[str]]:
    """Return the scenes, the entry of each, and the reasons why other entries are left out."""
    sources: list[TrainingScene] = []
    used: list[Entry] = []
    failed: list[str] = []
    for number, entry in enumerate(entries):
        name = path_in(files_of(entry["ms"])[0]).name if "ms" in entry else "synthetic scenes"
        progress(0.05 + 0.9 * number / len(entries), f"Reading {name}")
        try:
            found = load_sources([entry], Path())
            for source in found:
                _check(source)
        except PansharpenError as error:
            log.warning("Left out: %s", error)
            failed.append(str(error))
            continue
        sources += found
        used += [entry] * len(found)
    return sources, used, failed


def _check(source: TrainingScene) -> None:
    """Raise InputError for a scene that is too small for a patch."""
    if source.part == TRAIN:
        if min(source.size) < LEAST[0]:
            raise InputError("scene-below-least", source=source.name, least=LEAST[0])
        source.region_side(1, PATCH)
    elif not len(source.squares(32)):
        raise InputError("no-measurable-place", source=source.name)


def _grounds(
    pairs: Sequence[Pair], sources: Sequence[TrainingScene], entries: Sequence[Entry]
) -> list[groundmap.PairGround]:
    """Return the ground of each pair that is used, and where the pieces of it lie."""
    found = []
    for pair in pairs:
        left, bottom, right, top = pair.extent
        pieces = []
        for source, entry in zip(sources, entries, strict=True):
            if (entry.get("pan"), entry.get("ms")) == (pair.pan, pair.ms):
                extent = entry.get("extent", pair.extent)
                row, col = ((d / pair.pixel) for d in (top - extent[3], extent[0] - left))
                pieces.append(groundmap.Piece(source, round(row), round(col)))
        if pieces:
            shape = (round((top - bottom) / pair.pixel), round((right - left) / pair.pixel))
            found.append(groundmap.PairGround(shape, pieces))
    return found


def _facts(sources: Sequence[TrainingScene], entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the contents of the training set in numbers."""
    real = [(s, e) for s, e in zip(sources, entries, strict=True) if "pan" in e]
    train = [s for s, _ in real if s.part == TRAIN]
    held = [s for s, _ in real if s.part != TRAIN]
    return {
        "pairs": len({(e["pan"], e["ms"]) for _, e in real}),
        "patches": sum(int(s.valid.sum()) // PATCH**2 for s in train),
        "held_out": sum(int(s.valid.sum()) // PATCH**2 for s in held),
        "made_up": len(sources) - len(real),
        "bands": sorted({s.bands for s, _ in real}),
        "sensors": sorted({s.sensor for s, _ in real if s.sensor}),
    }
