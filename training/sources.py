# SPDX-License-Identifier: GPL-2.0-or-later
"""Read a recipe's sources: pairs of rasters, PanCollection files, synthetic scenes.

By Wald's protocol MS itself is the reference, and PAN is reduced to its grid. How both are degraded
further is drawn anew for every batch (`training.simulated_sensor`).

An entry of a recipe's ``sources`` is one of

- ``{"folder": str}``: every pair of a folder and those below, see `core.commands.folder_pairs`,
- ``{"pan": str, "ms": str}``: one pair; of files of single bands, lists of them,
- ``{"images": str}``: every ``*.tif`` in a folder, of three bands or more, whose PAN is simulated,
- ``{"pancollection": str}``: a file of training samples, see `training.pancollection`,
- ``{"generated": count, "size": PAN px, "seed": int}``: synthetic scenes, `core.synthetic.pairs`.

Every entry may have ``weight``, its share of the draws, divided among its scenes; ``bits``, see
`training.scenes.TrainingScene`; ``validation``, what is held out of training: names of scenes, a
share of them, or true for all. Pairs may have ``average_ms``, 2 for an MS that was delivered
up-sampled by two; ``align``, true to remove a shift between PAN and MS; ``sensor``, the key of a
card (by default the files tell); ``nodata``, ``extent``, ``pan_band`` and ``ms_bands`` as
`core.pair.scene.Scene.open`; ``clouds``, true to leave out thick ones.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.crs import CRS
from scipy.ndimage import binary_dilation, binary_erosion, binary_opening
from scipy.sparse.csgraph import connected_components

from core.commands.folder_files import Names, files_of
from core.commands.folder_pairs import find_pairs
from core.errors import InputError
from core.gdal_names import path_in
from core.imaging.arrays import Image, Mask
from core.pair.geometry import bounds
from core.pair.scene import Scene
from core.products.inputs import one_raster
from core.progress import silent
from core.raster.reader import open_raster
from core.raster.source import Source, data_bands
from core.registration.shift_estimate import aligned
from core.sensors import AUTO, GENERIC, Sensor, band_of, sensor_of
from core.synthetic.pairs import generate
from training.pancollection import load_samples
from training.scenes import TRAIN, VALIDATION, TrainingScene, all_valid

log = logging.getLogger(__name__)

Box = tuple[CRS | None, float, float, float, float]
"""CRS of a scene and its left, bottom, right and top; no CRS where the files have none."""

#: MS px read at once.
TILE = 512
#: MS px around pixels without data that are left out: they are interpolated in part.
RIM = 2
OPTIONS = ("pan_band", "ms_bands", "nodata", "extent")
KINDS = ("folder", "pan", "images", "pancollection", "generated")
#: Bands of the smallest image from which a PAN is simulated.
COLOURS = 3
#: Least brightness of a cloud in every visible band; the median of the scene is 1.
CLOUD = 2.5
#: Least brightness of a cloud in blue relative to red; bright ground is redder.
CLOUD_BLUE = 0.8


def load_sources(entries: list[dict[str, Any]], data: Path) -> list[TrainingScene]:
    """Read a recipe's ``sources`` from the folder `data`.

    Raises InputError when a folder holds no pair, a pair is none, an entry is of no known kind,
    scenes cannot be held out as asked, or show ground that is trained on.
    """
    scenes: list[TrainingScene] = []
    placed: list[tuple[TrainingScene, Box]] = []
    for entry in entries:
        found, boxes = _read_entry(entry, data)
        held = _held_out(entry, [scene.name for scene in found], boxes)
        found = [replace(s, part=VALIDATION) if s.name in held else s for s in found]
        placed += zip(found, boxes or [], strict=boxes is not None)
        weight = {
            part: entry.get("weight", 1.0) / max(sum(s.part == part for s in found), 1)
            for part in (TRAIN, VALIDATION)
        }
        bits = entry.get("bits", 16)
        scenes += [replace(s, weight=weight[s.part], bits=bits) for s in found]
        _log(entry, found)
    _check_split(placed)
    return scenes


def _log(entry: dict[str, Any], found: list[TrainingScene]) -> None:
    kind = next(k for k in KINDS if k in entry)
    count = sum(s.part == VALIDATION for s in found)
    if kind == "pan":
        log.info("%s: %s", found[0].name, "held out" if count else "to train on")
    else:
        log.info("%s %s: %d scenes, %d for validation", kind, entry[kind], len(found), count)


def _check_split(placed: Sequence[tuple[TrainingScene, Box]]) -> None:
    """Raise InputError where held-out ground is trained on, in whichever entry."""
    for held, its in placed:
        for other, box in placed:
            if held.part == VALIDATION and other.part == TRAIN and its[0] and overlap(its, box):
                raise InputError("held-out-overlaps", held_out=held.name, trained_on=other.name)


def _read_entry(entry: dict[str, Any], data: Path) -> tuple[list[TrainingScene], list[Box] | None]:
    """Return the scenes of an entry, and the boxes of those read from rasters."""
    if "generated" in entry:
        return [_synthetic(entry, i) for i in range(entry["generated"])], None
    if "pancollection" in entry:
        return [load_samples(data / entry["pancollection"], entry.get("sensor", AUTO))], None
    if "images" in entry:
        files = sorted((data / entry["images"]).rglob("*.tif"))
        names = _names(data / entry["images"], files)
        scenes = [_read_image(file, name) for file, name in zip(files, names, strict=True)]
        if not scenes:
            raise InputError("no-training-images", folder=data / entry["images"])
        return [scene for scene, _ in scenes], [box for _, box in scenes]
    if "folder" in entry:
        pairs = pairs_of(data / entry["folder"])
        if not pairs:
            raise InputError("no-training-pairs", folder=data / entry["folder"])
    elif "pan" in entry and "ms" in entry:
        pairs = [(_under(data, entry["pan"]), _under(data, entry["ms"]))]
    else:
        raise InputError("unknown-source-kind", entry=entry)
    firsts = [path_in(files_of(ms)[0]) for _, ms in pairs]
    names = _names(data / entry.get("folder", ""), firsts)
    read = [_read_pair(*pair, entry, name) for pair, name in zip(pairs, names, strict=True)]
    return [scene for scene, _ in read], [box for _, box in read]


def _names(folder: Path, files: Sequence[PurePath]) -> list[str]:
    """Return the stems of files, with their folders where a stem is not unique."""
    stems = [path.stem for path in files]
    return [
        path.stem
        if stems.count(path.stem) == 1
        else path.relative_to(folder).with_suffix("").as_posix()
        for path in files
    ]


def pairs_of(folder: Path) -> list[tuple[Names, Names]]:
    """Return PAN and MS of each pair of a folder and those below. Raises InputError without it."""
    pairs = []
    for found in find_pairs(folder):
        if found.pan and found.ms:
            pairs.append((found.pan, found.ms))
            if found.doubts:
                log.warning("Is %s a pair? %s", found.name, " ".join(found.doubts))
    return pairs


@contextmanager
def open_pair(pan: Names, ms: Names, **options: Any) -> Iterator[Scene]:
    """Open a pair as `core.pair.scene.Scene.open`, of single bands or a delivered product too."""
    with (
        one_raster(pan, "PAN") as fine,
        one_raster(ms, "MS") as coarse,
        Scene.open(fine, coarse, **options) as scene,
    ):
        yield scene


def _under(data: Path, given: str | Sequence[str]) -> Names:
    """Return the files of an entry, whose names count from the folder of the data."""
    if isinstance(given, str):
        return str(data / given)
    return tuple(str(data / name) for name in given)


def _read_pair(
    pan: Names, ms: Names, entry: dict[str, Any], name: str
) -> tuple[TrainingScene, Box]:
    options = {name: entry[name] for name in OPTIONS if name in entry}
    with open_pair(pan, ms, **options) as opened:
        scene = aligned(opened, silent)[0] if entry.get("align") else opened
        bands, reduced, valid = _pixels(scene, entry.get("average_ms", 1))
        card: Sensor = sensor_of(entry.get("sensor", AUTO), *scene.rasters)
        names, box = scene.band_names, box_of(scene)
    if entry.get("clouds"):
        valid &= ~clouds(bands, valid, names)
    if not valid.any():
        raise InputError("nothing-to-train-on", ms=ms if isinstance(ms, str) else name)
    known = card.key != GENERIC
    sensor, gains = (card.key, card.gains(names)) if known else ("", ())
    return TrainingScene(name, bands, reduced, valid, 1.0, sensor=sensor, gains=gains), box


def _read_image(path: Path, name: str) -> tuple[TrainingScene, Box]:
    """Return an image of several bands without PAN, and where it lies."""
    with open_raster(path, "image") as dataset:
        bands = data_bands(dataset)
        source = Source(dataset, bands, None)
        values, valid = source.read(source.whole)
        box = dataset.crs, *dataset.bounds
    if len(bands) < COLOURS:
        raise InputError("image-of-few-bands", image=path, bands=len(bands), least=COLOURS)
    known = np.any(values, axis=0) & (True if valid is None else valid)
    if not known.any():
        raise InputError("nothing-to-train-on", ms=path)
    mask = all_valid(known.shape) if known.all() else known
    return TrainingScene(name, values, None, mask, 1.0), box


def box_of(scene: Scene) -> Box:
    """Return where a scene lies."""
    return scene.crs, *bounds(scene.transform, scene.whole)


def _pixels(scene: Scene, average_ms: int) -> tuple[Image, Image, Mask]:
    """Return MS (C, h, w), PAN reduced to its grid (h, w), and where both are ground (h, w), DN.

    Nodata is what the files or the user declare, and black collars: zero in every band, or zero
    in PAN all around.
    """
    ms = np.empty((scene.bands, *scene.ms_grid.shape), np.float32)
    pan = np.empty(scene.ms_grid.shape, np.float32)
    valid = np.empty(scene.ms_grid.shape, bool)
    for tile in scene.plan_ms_grid(TILE, 0):
        coarse = scene.read_reduced(tile.inner)
        at = tile.inner.slices
        ms[(..., *at)], pan[at], valid[at] = coarse.ms, coarse.pan, coarse.valid
    valid &= (ms != 0).any(axis=0)
    # Where reduced PAN is zero it was so all around; just beside it, it is zero in part.
    not_black = binary_erosion(pan != 0, iterations=RIM, border_value=1)
    if average_ms > 1:
        ms, pan = _average(ms, average_ms), _average(pan[None], average_ms)[0]
        valid, not_black = (_average(m[None], average_ms)[0] == 1 for m in (valid, not_black))
    valid = binary_erosion(valid & not_black, iterations=RIM, border_value=1)
    return ms, pan, valid


def _average(image: NDArray[Any], factor: int) -> Image:
    """Return means of factor x factor px: (C, h, w) -> (C, h // factor, w // factor)."""
    c, h, w = image.shape
    whole = image[:, : h // factor * factor, : w // factor * factor]
    blocks = whole.reshape(c, h // factor, factor, w // factor, factor)
    return blocks.mean(axis=(2, 4), dtype=np.float32)


def clouds(ms: Image, valid: Mask, names: Sequence[str | None]) -> Mask:
    """Return the mask of thick clouds and their surroundings: (C, h, w) -> (h, w).

    A cloud is bright in every visible band and as bright in blue as in red, relative to the
    scene's dark pixels (0) and its median (1), over more than 5 px. Thin clouds and shadows are
    not found; the rule is for scenes of some ten metres, where no roof is so large.

    Raises InputError when the bands blue, green and red are not named.
    """
    bands = {band_of(name): band for name, band in zip(names, ms, strict=True)}
    visible = [bands[name] for name in ("blue", "green", "red") if name in bands]
    if len(visible) < 3:
        raise InputError("clouds-need-bands")
    stack = np.stack(visible)
    low, middle = np.percentile(stack[:, valid], (1, 50), axis=1)[..., None, None]
    bright = (stack - low) / np.maximum(middle - low, 1e-6)
    white = (bright.min(axis=0) > CLOUD) & (bright[0] > CLOUD_BLUE * bright[2])
    return binary_dilation(binary_opening(white, iterations=2), iterations=4)


def _synthetic(entry: dict[str, Any], index: int) -> TrainingScene:
    scene = generate(entry["size"], 8, entry["seed"] + index)
    name = f"generated-{entry['seed'] + index}"
    return TrainingScene(name, scene.reference, scene.pan, all_valid(scene.pan.shape), 1.0)


def _held_out(entry: dict[str, Any], names: list[str], boxes: list[Box] | None) -> set[str]:
    """Return the names of an entry's scenes for validation."""
    asked = entry.get("validation", 0)
    if asked is True:
        return set(names)
    if isinstance(asked, list):
        unknown = sorted(set(asked) - set(names))
        if unknown or set(asked) == set(names):
            raise InputError(
                "scenes-not-held-out", unknown=", ".join(unknown or asked), known=", ".join(names)
            )
        return set(asked)
    groups = overlapping_groups(boxes) if boxes else [[i] for i in range(len(names))]
    if asked and len(groups) < 2:
        raise InputError("share-not-held-out")
    count = min(math.ceil(asked * len(groups)), len(groups) - 1)
    return {names[i] for group in groups[len(groups) - count :] for i in group}


def overlapping_groups(boxes: Sequence[Box]) -> list[list[int]]:
    """Return groups of images that show common ground, directly or through others."""
    near = [[None in (a[0], b[0]) or overlap(a, b) for b in boxes] for a in boxes]
    count, group = connected_components(np.reshape(near, (len(boxes), len(boxes))))
    return [np.flatnonzero(group == number).tolist() for number in range(count)]


def overlap(a: Box, b: Box) -> bool:
    """Return whether two images of one CRS overlap."""
    return a[0] == b[0] and a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
