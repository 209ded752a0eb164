# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks calibrated on windows all over the scene, in one place, of one tile, or on all of it.

KSDiff's kernels, and SRINO's contexts and gates, come from means over windows. Those
of each tile follow its ground, but leave seams that no halo removes; those of the scene leave none.
All regimes have the scene's statistics, details and detail gain, and the same noise; only the
windows differ.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

from core.benchmark.datasets import (
    BenchmarkCase,
    Floats,
    PreparedCase,
    reference_scores,
)
from core.fusion.stream import fused_tiles, in_one_step
from core.fusion.tiled import in_memory
from core.methods.network_method import NetworkContext
from core.pair.scene import Scene
from core.progress import Progress
from core.raster.window import Window
from core.sensors import GENERIC, Sensor, sensor
from core.synthetic import pairs
from experiments.errors import input_error
from experiments.regimes.windows import (
    CHANCE,
    FREE,
    IMAGE,
    PLACE,
    PLACE_SIZE,
    SCENE,
    TILE,
    Calibration,
    lattice,
    middle,
)

#: Tiles in which regimes that know the scene are computed; of no influence on the result.
WORK_TILE = 512
#: PAN px of a scene that can be seen at once: memory.
MOST = 1024 * 1024
GENERATED = "generated"
#: File name of a reduced pair's reference, beside its PAN.
REFERENCE = "gt.tif"


@dataclass(frozen=True)
class Outcome:
    """One regime on one scene.

    ``windows`` is the number of different windows for calibration. ``seconds`` are those of
    calibration and fusion, without the statistics. ``scores`` has the indices and `seams`.
    """

    set: str
    scene: str
    regime: str
    windows: int
    scores: dict[str, float]
    seconds: float


def compare(
    case: BenchmarkCase,
    folder: Path,
    create: Callable[[float], Calibration],
    tile: int,
    progress: Progress,
) -> Iterator[Outcome]:
    """Yield every regime of the method on one scene; files are written into the folder.

    Parameters
    ----------
    create : the method for scenes of a ratio.
    tile : edge of the tiles that know themselves only (PAN px), a multiple of the window's.

    Raises
    ------
    ModelError : a model of no use here, or for another number of bands.
    InputError : the scene is too large to be seen at once, where a regime does that.
    """
    prepared = case.prepare(folder, partial(_steady, progress, 0.0))
    with Scene.open(prepared.pan, prepared.ms) as scene:
        chosen = create(scene.ratio)
        if FREE in chosen.regimes and scene.height * scene.width > MOST:
            raise input_error(
                f"{scene.height} x {scene.width} pixels are too many to be seen at once."
            )
        known = chosen.prepare(scene, partial(_steady, progress, 0.1))
        images = _images(scene, chosen, known, tile, progress)
        whole, reference = images[chosen.seamless][0], _reference(folder)
        for regime, (image, windows, seconds) in images.items():
            scores = prepared.score(scene, image, partial(_steady, progress, 1.0))
            scores |= seams(image, whole, reference, tile)
            yield Outcome(case.set, case.scene, regime, windows, scores, round(seconds, 2))


def _steady(progress: Progress, at: float, fraction: float, text: str) -> None:
    progress(at, text)


def _reference(folder: Path) -> Floats | None:
    """Return the reference (C, H, W), DN, of a reduced pair; None if the data has its own."""
    path = folder / REFERENCE
    if not path.is_file():
        return None
    with rasterio.open(path) as dataset:
        return np.asarray(dataset.read(), np.float32)


def _images(
    scene: Scene, chosen: Calibration, known: NetworkContext[Any], tile: int, progress: Progress
) -> dict[str, tuple[Floats, int, float]]:
    """Return image, number of windows and seconds of each regime."""
    sets, method = _sets(scene, chosen), chosen.method
    made: dict[tuple[frozenset[Window], int], tuple[Floats, int, float]] = {}
    found: dict[str, tuple[Floats, int, float]] = {}
    for number, regime in enumerate(chosen.regimes):
        tell = partial(_part, progress, regime, number / len(chosen.regimes))
        started = time.perf_counter()
        if regime == TILE:
            image = by_tiles(scene, chosen, known, tile, tell)
            windows = len(lattice(Window(0, 0, tile, tile), scene.whole, method.card.window, 1))
            found[regime] = image, windows, time.perf_counter() - started
        elif regime == FREE:
            image = in_memory(scene, method, chosen.free(known), max(scene.whole.shape), tell)
            found[regime] = image, 1, time.perf_counter() - started
        else:
            shown, noise = sets[regime]
            key = frozenset(shown), noise  # a small scene has the same few for every count
            if key not in made:
                context = chosen.context(scene, shown, known, noise)
                image = in_memory(scene, method, context, WORK_TILE, tell)
                made[key] = image, len(shown), time.perf_counter() - started
            found[regime] = made[key]
    return found


def _sets(scene: Scene, chosen: Calibration) -> dict[str, tuple[list[Window], int]]:
    """Return windows and noise seed of each regime that is calibrated on some windows."""
    seed, size = chosen.method.settings.seed, chosen.method.card.window
    align = chosen.method.align
    sample, other = chosen.sample(scene, seed), chosen.sample(scene, seed + 1)
    cover = lattice(scene.whole, scene.whole, size, align)
    place = lattice(middle(scene.whole, PLACE_SIZE, align), scene.whole, size, align)
    sets = {regime: (chosen.among(scene, sample, count), seed) for count, regime in SCENE.items()}
    sets[IMAGE] = chosen.among(scene, cover, len(cover)), seed
    sets[PLACE] = chosen.among(scene, place, len(place)), seed
    sets[CHANCE] = chosen.among(scene, other, 64), seed + 1
    return sets


def _part(progress: Progress, regime: str, done: float, fraction: float, text: str) -> None:
    progress(0.1 + 0.9 * done, regime)


def by_tiles(
    scene: Scene, chosen: Calibration, known: NetworkContext[Any], tile: int, progress: Progress
) -> Floats:
    """Return the scene (C, H, W), DN, fused with each tile calibrated on itself only.

    Tiles have their halo, so that only the calibration changes between them.
    """
    method = chosen.method
    tiles = scene.plan(tile, method.halo, method.align)
    result = np.full((scene.bands, scene.height, scene.width), np.nan, np.float32)
    for number, each in enumerate(tiles, start=1):
        windows = lattice(each.inner, scene.whole, method.card.window, method.align)
        context = chosen.context(scene, windows, known, method.settings.seed)
        with closing(fused_tiles(scene, in_one_step(method, context), [each])) as stream:
            for _, values, valid in stream:
                result[(slice(None), *each.inner.slices)] = np.where(valid, values, np.nan)
        progress(number / len(tiles), f"Tile {number} of {len(tiles)}")
    return result


def seams(image: Floats, whole: Floats, reference: Floats | None, tile: int) -> dict[str, float]:
    """Return how much more an image (C, H, W) changes across tile borders than elsewhere.

    ``seam`` is mean |jump across borders| / mean |gradient elsewhere|, over that of the whole-image
    result; ``seam/reference`` over that of the reference. ``step`` is the same of the difference
    from the whole-image result, in which the ground does not hide the borders: 1 where there are
    none. None of them is there for an image without borders inside.
    """
    mine, plain = borders(image, tile), borders(whole, tile)
    found = {"seam": mine / plain}
    if reference is not None:
        found["seam/reference"] = mine / borders(reference, tile)
    found["step"] = borders(image - whole, tile)
    return {name: value for name, value in found.items() if np.isfinite(value)}


def borders(image: Floats, tile: int) -> float:
    """Return mean |jump| across borders / mean |gradient| elsewhere, mean over bands of (C, H, W).

    Both are differences of neighbours, down and right; NaN without borders or without change.
    """
    across, elsewhere = [], []
    for axis in (1, 2):
        change = np.abs(np.diff(image.astype(np.float64), axis=axis))
        change = np.moveaxis(change, axis, 1).reshape(len(image), change.shape[axis], -1)
        border = np.arange(1, change.shape[1] + 1) % tile == 0
        across.append(change[:, border].reshape(len(image), -1))
        elsewhere.append(change[:, ~border].reshape(len(image), -1))
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing is meant to be NaN
        jump, gradient = (np.nanmean(np.hstack(each), axis=1) for each in (across, elsewhere))
        return float(np.mean(jump / gradient))


def generated(size: int, count: int) -> list[BenchmarkCase]:
    """Return synthetic scenes of `size` PAN px, 4 bands, with a reference on PAN's grid."""
    card = sensor(GENERIC)
    gains = (pairs.MTF_GAIN,) * 4
    return [
        BenchmarkCase(
            GENERATED,
            f"seed {seed}",
            "RR",
            card,
            gains,
            size * size,
            partial(_generated, size, seed, card),
        )
        for seed in range(1, count + 1)
    ]


def _generated(
    size: int, seed: int, card: Sensor, folder: Path, progress: Progress
) -> PreparedCase:
    progress(0.0, f"Drawing scene {seed}")
    pan, ms, path = pairs.write_pair(folder, size, 4, seed)
    made = path.rename(folder / REFERENCE)

    def score(scene: Scene, fused: Floats, progress: Progress) -> dict[str, float]:
        with rasterio.open(made) as dataset:
            reference = dataset.read()
        return reference_scores(reference, fused, pairs.RATIO, card, 0)

    return PreparedCase(pan, ms, score)


def relative(found: Sequence[Outcome], regime: str, loss: str) -> float:
    """Return a loss over that of the first regime, minus 1: mean over sets of the sets' means."""
    first = found[0].regime
    shares = []
    for name in dict.fromkeys(each.set for each in found):
        mine, other = (
            np.mean([_loss(o.scores, loss) for o in found if o.set == name and o.regime == wanted])
            for wanted in (regime, first)
        )
        shares.append(mine / other - 1)
    return float(np.mean(shares))


def _loss(scores: Mapping[str, float], name: str) -> float:
    return 1 - scores["Q2n"] if name == "1 - Q2n" else scores[name]
