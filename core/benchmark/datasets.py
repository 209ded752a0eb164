# SPDX-License-Identifier: GPL-2.0-or-later
"""The data sets of a benchmark: find cases in a folder, prepare their files, score results.

A pair is sharpened at reduced resolution by Wald's protocol, with its MS as the reference, and at
full resolution as it is. Tiles whose PAN is on the grid of MS (`X_gt.tif`) have reduced resolution
only. Samples of PanCollection files have the resolution of their file, and are scored as the
field's toolbox does.
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
from core.imaging.arrays import Mask
from core.imaging.degrade import Phase
from core.imaging.mtf import mtf_filter
from core.imaging.resample import fill
from core.language import later
from core.pair.reduced_files import files_in, write_reduced
from core.pair.scene import Scene
from core.progress import Progress
from core.quality import no_reference, with_reference
from core.quality.assess import TILE, map_in_order
from core.quality.dynamic_range import largest_of, largest_value, scale_and_peak
from core.quality.interpolated_ms import interpolated_ms
from core.quality.no_reference import NoReference, NoReferenceSums
from core.quality.on_grid import FILL
from core.quality.streaming import BlockTile, block_tiles
from core.raster.reader import open_raster
from core.raster.source import data_bands
from core.sensors import Sensor, sensor_of

Floats = npt.NDArray[np.floating]

#: Border that the field's toolbox leaves out of the scores (PAN px); other authors take 30.
TOOLBOX_CUT = 21

NO_FULL = later("no full resolution, because the PAN of these scenes is already on the grid of MS.")


@dataclass(frozen=True)
class PreparedCase:
    """The files of a case, and a function that scores a sharpened image `(C, H, W)` in DN.

    ``lms`` is the interpolated MS where the data set brings it: the result of the method ``exp``.
    """

    pan: Path
    ms: Path
    score: Callable[[Scene, Floats, Progress], dict[str, float]]
    lms: Floats | None = None


@dataclass(frozen=True)
class BenchmarkCase:
    """A scene at one scale. ``prepare`` writes its files into a folder; ``pixels`` are PAN's.

    ``note`` is a remark on its set.
    """

    set: str
    scene: str
    scale: Scale
    card: Sensor
    gains: tuple[float, ...]
    pixels: int
    prepare: Callable[[Path, Progress], PreparedCase]
    note: str = ""


@dataclass(frozen=True)
class CaseSelection:
    """Sets by name (None: all), sensor, phase of reduced MS, border ``cut`` (None: the usual).

    Each pair is reduced once more with PAN under an MTF of ``pan_gain``, if that is not 0; see
    `core.pair.reduced_files`.
    """

    sets: tuple[str, ...] | None = None
    sensor: str = "auto"
    phase: Phase = "benchmark"
    cut: int | None = None
    pan_gain: float = 0.0


def find_cases(data: Path, selection: CaseSelection) -> list[BenchmarkCase]:
    """Return all cases of a file or folder, set by set; every file is opened.

    Raises InputError if there are none, or a selected set is missing.
    """
    if not data.exists():
        raise InputError("data-folder-missing", folder=data)
    root = data / "val" if (data / "val").is_dir() else data
    sets = _sets(root)
    if not sets:
        raise InputError("no-benchmark-sets", folder=data)
    unknown = [name for name in selection.sets or () if name not in sets]
    if unknown:
        raise InputError(
            "unknown-benchmark-set", unknown=", ".join(unknown), folder=root, sets=", ".join(sets)
        )
    return [
        case
        for name in selection.sets or sets
        for path in sets[name]
        for case in _cases(name, path, selection)
    ]


def _sets(root: Path) -> dict[str, list[Path]]:
    """Return the MS rasters or sample files of each set, by its name."""
    if root.is_file():
        return {_set_of(root): [root]}
    sets: dict[str, list[Path]] = {}
    for folder in [root, *sorted(path for path in root.iterdir() if path.is_dir())]:
        # Keyed by PAN: where there are X_gt.tif and X_ms.tif, MS was made from the reference.
        rasters = sorted(folder.glob("*ms.tif")) + sorted(folder.glob("*gt.tif"))
        pairs = {_pan_of(path): path for path in rasters if _pan_of(path).is_file()}
        if pairs:
            sets[folder.resolve().name] = [pairs[pan] for pan in sorted(pairs)]
        for path in pancollection.find_files(folder):
            sets.setdefault(_set_of(path), []).append(path)
    return sets


def _set_of(path: Path) -> str:
    """Return the set of a sample file; a .mat holds one sample, whose number ends its name."""
    return re.sub(r"_?\d+$", "", path.stem) if path.suffix.lower() == ".mat" else path.stem


def _pan_of(path: Path) -> Path:
    """Return `X_pan.tif` for `X_ms.tif` or `X_gt.tif`, `pan.tif` for `ms.tif`."""
    return path.with_name(re.sub(r"(gt|ms)\.tif$", "pan.tif", path.name))


def _cases(name: str, path: Path, selection: CaseSelection) -> Iterator[BenchmarkCase]:
    """Yield the cases of one MS raster or sample file of the set `name`."""
    if path.suffix.lower() in pancollection.SUFFIXES:
        yield from _sample_cases(name, path, selection)
        return
    pan_path = _pan_of(path)
    with open_raster(pan_path, "PAN") as pan, open_raster(path, "MS") as ms:
        card = sensor_of(selection.sensor, ms, pan)
        gains = card.gains([ms.descriptions[band - 1] for band in data_bands(ms)])
        sizes = {"RR": ms.height * ms.width, "FR": pan.height * pan.width}
    scene = path.stem.rpartition("_")[0] or name
    on_one_grid = path.stem.endswith("gt")

    def prepare_reduced(pan_gain: float | None, folder: Path, progress: Progress) -> PreparedCase:
        ratio = card.ratio if on_one_grid else None
        with Scene.open(pan_path, path, same_grid=True) as scene:
            pair = write_reduced(
                scene,
                files_in(folder),
                ratio,
                gains,
                selection.phase,
                pan_gain=pan_gain,
                progress=progress,
            )

        def score(scene: Scene, fused: Floats, progress: Progress) -> dict[str, float]:
            with rasterio.open(pair.gt) as dataset:
                return reference_scores(dataset.read(), fused, pair.ratio, card, selection.cut or 0)

        return PreparedCase(pair.pan, pair.ms, score)

    def prepare_full(folder: Path, progress: Progress) -> PreparedCase:
        return PreparedCase(pan_path, path, partial(full_resolution_scores, card, gains))

    note = NO_FULL if on_one_grid else ""
    bicubic = partial(prepare_reduced, None)
    yield BenchmarkCase(name, scene, "RR", card, gains, sizes["RR"], bicubic, note)
    if not on_one_grid:
        if selection.pan_gain:
            soft = partial(prepare_reduced, selection.pan_gain)
            yield BenchmarkCase(name, scene, "RR-MTF", card, gains, sizes["RR"], soft)
        yield BenchmarkCase(name, scene, "FR", card, gains, sizes["FR"], prepare_full)


def _sample_cases(name: str, path: Path, selection: CaseSelection) -> Iterator[BenchmarkCase]:
    file = SampleFile.open(path, selection.sensor)
    gains = file.card.gains(file.band_names)
    cut = TOOLBOX_CUT if selection.cut is None else selection.cut
    for number in range(file.count):
        scene = path.stem if file.count == 1 else f"{path.stem} {number + 1}"
        scale: Scale = "FR" if file.full else "RR"
        prepare = partial(_prepare_sample, file, number, gains, cut)
        yield BenchmarkCase(name, scene, scale, file.card, gains, file.height * file.width, prepare)


def _prepare_sample(
    file: SampleFile,
    number: int,
    gains: Sequence[float],
    cut: int,
    folder: Path,
    progress: Progress,
) -> PreparedCase:
    """Write a PanCollection sample as a pair; without a reference it is scored against its LMS."""
    sample = file.read(number)
    pan, ms = pancollection.write_pair(file, sample, folder)

    def score(scene: Scene, fused: Floats, progress: Progress) -> dict[str, float]:
        if sample.gt is not None:
            return reference_scores(sample.gt, fused, file.ratio, file.card, cut)
        largest = largest_of(sample.lms, _finite(sample.lms))
        scale, _ = scale_and_peak(file.card, largest, sample.lms.dtype)
        return no_reference.scores(fused, sample.lms, sample.pan, gains, file.ratio, scale)

    return PreparedCase(pan, ms, score, sample.lms)


def reference_scores(
    reference: Floats, fused: Floats, ratio: float, card: Sensor, cut: int
) -> dict[str, float]:
    """Score `(C, H, W)` within a border, over pixels that are finite in both images.

    As in the toolbox rows and columns `cut` to `size - cut` are kept, counted from 1, both
    included. Raises InputError if the border leaves nothing.
    """
    height, width = reference.shape[1:]
    if min(height, width) <= 2 * cut:
        raise InputError("border-too-wide", cut=cut, height=height, width=width)
    first = max(0, cut - 1)
    largest = largest_of(reference, _finite(reference))
    scale, peak = scale_and_peak(card, largest, reference.dtype)
    inner = (slice(None), slice(first, height - cut), slice(first, width - cut))
    x, y = reference[inner], fused[inner]
    return with_reference.scores(x, y, ratio, peak, _finite(x) & _finite(y), scale)


def _finite(image: Floats) -> Mask:
    """Return where all bands of `(C, H, W)` are finite, `(H, W)`."""
    return np.asarray(np.isfinite(image).all(axis=0))


def full_resolution_scores(
    card: Sensor, gains: Sequence[float], scene: Scene, fused: Floats, progress: Progress
) -> dict[str, float]:
    """Score `fused` `(C, H, W)`, DN, without a reference, over pixels valid in all images."""
    ms = interpolated_ms(scene)
    scale, _ = scale_and_peak(card, largest_value(ms.read_ms, scene.ms_grid.shape), scene.dtype)
    values = fused.astype(np.float32, copy=False)
    finite = _finite(values)
    if finite.any() and not finite.all():
        values = values.copy()
        fill(values, finite, FILL)
    indices = NoReference(scene.bands, scene.ratio, scale)

    def measure(tile: BlockTile) -> NoReferenceSums:
        outer = values[(slice(None), *tile.outer.slices)].astype(np.float64)
        images = ms.read(tile.padded)
        degraded, padded = (
            tile.cut(i, tile.padded) for i in (mtf_filter(outer, gains, scene.ratio), outer)
        )
        valid = images.valid & finite[tile.padded.slices]
        return indices.measure(tile, images, padded, degraded, valid)

    plan = block_tiles(scene.whole, TILE)
    with closing(map_in_order(measure, plan)) as measured:
        for number, sums in enumerate(measured, start=1):
            indices.update(sums)
            progress(number / len(plan), f"Scores, tile {number} of {len(plan)}")
    return indices.compute()
