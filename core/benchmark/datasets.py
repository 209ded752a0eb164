# SPDX-License-Identifier: GPL-2.0-or-later
"""The scenes of a bench: what a folder holds, how each is made ready, and how results are scored.

A pair is sharpened reduced by Wald's protocol, MS being the truth, and at full resolution as it
is. Tiles whose PAN is on the grid of MS (`X_gt.tif`) are at reduced resolution only. Samples of
PanCollection's files are what their file says, and are scored as the field's toolbox does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio

from core.benchmark import pancollection
from core.benchmark.pancollection import SampleFile
from core.benchmark.tables import Scale
from core.errors import InputError
from core.imaging.degrade import Phase
from core.imaging.filters import mtf_filter
from core.imaging.resample import fill
from core.pair.reduced_files import write_reduced
from core.pair.scene import Scene
from core.progress import Progress
from core.quality import whole_image
from core.quality.assess import TILE, in_order
from core.quality.dynamic_range import largest_of, scale_and_peak
from core.quality.interpolated_ms import expansion, largest_ms
from core.quality.no_reference import NoReference, Universal, unreferred
from core.quality.on_grid import FILL
from core.quality.streaming import Compared, Place, places
from core.raster.reader import data_bands, open_raster
from core.sensors import Sensor, sensor_of

Image = npt.NDArray[np.floating]

#: Border that the field's toolbox leaves out of the scores, PAN px; other authors take 30.
TOOLBOX_CUT = 21

NO_FULL = "no full resolution, because the PAN of these scenes is already on the grid of MS."


@dataclass(frozen=True)
class Ready:
    """Files that a method is given, and the scores of what it makes of them, `(C, H, W)` DN.

    ``lms`` is what the row of interpolation is, where it is given with the data.
    """

    pan: Path
    ms: Path
    score: Callable[[Scene, Image, Progress], dict[str, float]]
    lms: Image | None = None


@dataclass(frozen=True)
class Trial:
    """A scene at one scale; ``ready`` writes what it needs into a folder. ``pixels`` of PAN.

    ``note`` is what is to be told of its set.
    """

    set: str
    scene: str
    scale: Scale
    card: Sensor
    gains: tuple[float, ...]
    pixels: int
    ready: Callable[[Path, Progress], Ready]
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """What is asked for: sets by name, all if None; ``cut`` None is what is usual."""

    sets: tuple[str, ...] | None = None
    sensor: str = "auto"
    phase: Phase = "benchmark"
    cut: int | None = None


def find(data: Path, choice: Choice) -> list[Trial]:
    """All trials of a file or folder, set by set; every file is looked into.

    Raises InputError where there is nothing to measure, or a set that is asked for is missing.
    """
    if not data.exists():
        raise InputError("data-folder-missing", folder=data)
    root = data / "val" if (data / "val").is_dir() else data
    sets = _sets(root)
    if not sets:
        raise InputError("no-benchmark-sets", folder=data)
    unknown = [name for name in choice.sets or () if name not in sets]
    if unknown:
        raise InputError(
            "unknown-benchmark-set", unknown=", ".join(unknown), folder=root, sets=", ".join(sets)
        )
    return [
        trial
        for name in choice.sets or sets
        for path in sets[name]
        for trial in _trials(name, path, choice)
    ]


def _sets(root: Path) -> dict[str, list[Path]]:
    """By the name of each set, its MS rasters or sample files."""
    if root.is_file():
        return {_set_of(root): [root]}
    sets: dict[str, list[Path]] = {}
    for folder in [root, *sorted(path for path in root.iterdir() if path.is_dir())]:
        # By PAN: a truth stands before an MS, which then was made of it.
        rasters = sorted(folder.glob("*ms.tif")) + sorted(folder.glob("*gt.tif"))
        pairs = {_pan_of(path): path for path in rasters if _pan_of(path).is_file()}
        if pairs:
            sets[folder.resolve().name] = [pairs[pan] for pan in sorted(pairs)]
        for path in pancollection.find(folder):
            sets.setdefault(_set_of(path), []).append(path)
    return sets


def _set_of(path: Path) -> str:
    """The set of a sample file: a .mat holds one sample, and its number ends its name."""
    return re.sub(r"_?\d+$", "", path.stem) if path.suffix.lower() == ".mat" else path.stem


def _pan_of(path: Path) -> Path:
    """`X_pan.tif` for `X_ms.tif`, `pan.tif` for `ms.tif`."""
    return path.with_name(re.sub(r"(gt|ms)\.tif$", "pan.tif", path.name))


def _trials(name: str, path: Path, choice: Choice) -> Iterator[Trial]:
    """The trials of one MS raster or sample file."""
    if path.suffix.lower() in pancollection.SUFFIXES:
        yield from _samples(name, path, choice)
        return
    pan_path = _pan_of(path)
    with open_raster(pan_path, "PAN") as pan, open_raster(path, "MS") as ms:
        card = sensor_of(choice.sensor, ms, pan)
        gains = card.gains([ms.descriptions[band - 1] for band in data_bands(ms)])
        sizes = {"RR": ms.height * ms.width, "FR": pan.height * pan.width}
    scene = path.stem.rpartition("_")[0] or name
    reduced = path.stem.endswith("gt")
    cut = choice.cut or 0
    ready = partial(_reduced, pan_path, path, card, gains, reduced, choice.phase, cut)
    note = NO_FULL if reduced else ""
    yield Trial(name, scene, "RR", card, gains, sizes["RR"], ready, note)
    if not reduced:
        whole = partial(_full, pan_path, path, card, gains)
        yield Trial(name, scene, "FR", card, gains, sizes["FR"], whole)


def _samples(name: str, path: Path, choice: Choice) -> Iterator[Trial]:
    file = SampleFile.open(path, choice.sensor)
    gains = file.card.gains(file.band_names)
    cut = TOOLBOX_CUT if choice.cut is None else choice.cut
    for number in range(file.count):
        scene = path.stem if file.count == 1 else f"{path.stem} {number + 1}"
        scale: Scale = "FR" if file.full else "RR"
        ready = partial(_sample, file, number, gains, cut)
        yield Trial(name, scene, scale, file.card, gains, file.height * file.width, ready)


def _reduced(
    pan: Path,
    ms: Path,
    card: Sensor,
    gains: Sequence[float],
    on_one_grid: bool,
    phase: Phase,
    cut: int,
    folder: Path,
    progress: Progress,
) -> Ready:
    """A pair reduced by Wald's protocol."""
    ratio = card.ratio if on_one_grid else None
    pair = write_reduced(pan, ms, folder, ratio, gains, phase, progress=progress)

    def score(scene: Scene, fused: Image, progress: Progress) -> dict[str, float]:
        with rasterio.open(pair.gt) as dataset:
            truth = dataset.read()
        return with_reference(truth, fused, pair.ratio, card, cut)

    return Ready(pair.pan, pair.ms, score)


def _full(
    pan: Path, ms: Path, card: Sensor, gains: Sequence[float], folder: Path, progress: Progress
) -> Ready:
    """A pair as it is."""
    return Ready(pan, ms, partial(no_reference, card, gains))


def _sample(
    file: SampleFile,
    number: int,
    gains: Sequence[float],
    cut: int,
    folder: Path,
    progress: Progress,
) -> Ready:
    """A sample of PanCollection; without a truth it is scored against the LMS that it brings."""
    sample = file.read(number)
    pan, ms = pancollection.write_pair(file, sample, folder)

    def score(scene: Scene, fused: Image, progress: Progress) -> dict[str, float]:
        if sample.gt is not None:
            return with_reference(sample.gt, fused, file.ratio, file.card, cut)
        largest = largest_of(sample.lms, _known(sample.lms))
        scale, _ = scale_and_peak(file.card, largest, sample.lms.dtype)
        spectral = whole_image.d_lambda_k(scale * fused, scale * sample.lms, gains, file.ratio)
        spatial = whole_image.d_s(fused, sample.lms, sample.pan, file.ratio)
        plain = whole_image.d_lambda(fused, sample.lms)
        return {
            "D_lambda": plain,
            "D_lambda_K": spectral,
            "D_s": spatial,
            "QNR": (1 - plain) * (1 - spatial),
            "HQNR": (1 - spectral) * (1 - spatial),
        }

    return Ready(pan, ms, score, sample.lms)


def with_reference(
    truth: Image, fused: Image, ratio: float, card: Sensor, cut: int
) -> dict[str, float]:
    """Scores within a border, of pixels that are known in both.

    As the toolbox cuts: rows and columns `cut` to `size - cut`, counted from 1, both included.
    """
    height, width = truth.shape[1:]
    if min(height, width) <= 2 * cut:
        raise InputError("border-too-wide", cut=cut, height=height, width=width)
    first = max(0, cut - 1)
    scale, peak = scale_and_peak(card, largest_of(truth, _known(truth)), truth.dtype)
    inner = (slice(None), slice(first, height - cut), slice(first, width - cut))
    x, y = truth[inner].astype(np.float64), fused[inner].astype(np.float64)
    valid = _known(x) & _known(y)
    x, y = np.where(valid, x, 0.0), np.where(valid, y, 0.0)
    return whole_image.scores(x, y, ratio, peak, valid, scale)


def _known(image: Image) -> npt.NDArray[np.bool_]:
    """Where all bands have a value `(H, W)`."""
    return np.asarray(np.isfinite(image).all(axis=0))


def no_reference(
    card: Sensor, gains: Sequence[float], scene: Scene, fused: Image, progress: Progress
) -> dict[str, float]:
    """Scores of a whole scene without a truth, of pixels that are known in all images."""
    source = expansion(scene)
    scale, _ = scale_and_peak(card, largest_ms(source, scene.coarse), scene.dtype)
    values = fused.astype(np.float32, copy=False)
    known = _known(values)
    if known.any() and not known.all():
        values = values.copy()
        fill(values, known, FILL)

    def measure(place: Place) -> tuple[Compared, Universal]:
        outer = values[(slice(None), *place.outer.slices)].astype(np.float64)
        expanded = source.read(place.around)
        valid = expanded.valid & known[place.around.slices]
        degraded = place.cut(mtf_filter(outer, gains, scene.ratio), place.around)
        return unreferred(place, expanded, outer, degraded, valid, scale)

    tally = NoReference(scene.bands)
    plan = places(scene.whole, TILE)
    with closing(in_order(measure, plan)) as parts:
        for number, part in enumerate(parts, start=1):
            tally.add(*part)
            progress(number / len(plan), f"Scores, tile {number} of {len(plan)}")
    return tally.scores()
