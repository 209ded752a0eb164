# SPDX-License-Identifier: GPL-2.0-or-later
"""The reduced-resolution test: methods compared on the scene itself, where its MS is the reference.

The best method on other scenes need not be the best on this one. PAN and MS are reduced by Wald's
protocol in windows scattered over the scene, every method sharpens them as it would the scene, and
MS is the reference. The command line and the plugin call it the scene test.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from core.errors import InputError, ModelError
from core.fusion.comparison import INTERPOLATION, METRICS, Comparison, MethodScores, ranked
from core.fusion.stream import fused_tiles, in_one_step, threads
from core.imaging.arrays import FloatArray, Image, Mask
from core.methods import registry
from core.methods.interface import Method, Settings
from core.methods.registry import METHODS, PUBLISHED
from core.methods.scene_fit import SceneFit
from core.methods.scene_fit_weights import SceneFitWeights
from core.models.onnx_session import cpu_runs
from core.pair.pan_sharpness import PAN_GAINS, pan_weights
from core.pair.reduced import ReducedScene
from core.pair.scene import Scene
from core.pair.valid_windows import comparison_windows
from core.progress import Progress, scaled, shared_progress, silent
from core.quality.consistency import Consistency
from core.quality.dynamic_range import scale_and_peak
from core.quality.streaming import block_tiles
from core.quality.with_reference import WithReference
from core.raster.tile_plan import plan
from core.raster.window import Window
from core.sensors import GENERIC, sensor

log = logging.getLogger(__name__)

TILE = 512
MARGIN = 16  # px beyond the halo of a method, so that outer windows can be aligned
FIT_SHARE, TUNING_SHARE = 0.1, 0.5
"""Shares of the progress bar: the scene fit; of the rest, the fine-tuning of networks."""


def run(
    scene: Scene,
    names: Sequence[str],
    settings: Settings,
    progress: Progress = silent,
    weights: Sequence[float] | None = None,
) -> Comparison:
    """Compare methods on the scene at reduced resolution.

    The scene fit and fine-tuning are those of the scene itself: on the reduced scene they would be
    worse than in the result.

    Parameters
    ----------
    names : the methods.
    settings : of the methods, which are created for the ratio of the reduced scene; MS is reduced
        with `gains`, and `seed` draws the windows.
    weights : of the degradations of PAN in `PAN_GAINS`; by default by the sharpness of PAN.

    Raises
    ------
    InputError : the scene is too small to be reduced, or has no valid pixel.
    Cancelled : raised by ``progress``, passed on.
    """
    started = time.monotonic()
    seconds: dict[str, float] = {}
    left_out: dict[str, str] = {}
    with _timed(SceneFit.name, seconds):
        fit = fit_for(scene, names, settings, scaled(progress, 0.0, FIT_SHARE))
    settings = replace(settings, fit=fit)
    rest = scaled(progress, FIT_SHARE, 1.0)
    tuned = [name for name in names if METHODS[name].fine_tunes]
    share = TUNING_SHARE if tuned else 0.0
    contexts = _fine_tuned(scene, tuned, settings, left_out, seconds, scaled(rest, 0.0, share))
    parts = comparison_windows(scene, settings.seed)
    methods = _create(names, replace(settings, ratio=float(round(scene.ratio))), left_out)
    margin = max((m.halo + m.align for m in methods.values()), default=0) + MARGIN
    given = zip(PAN_GAINS, weights or pan_weights(scene, settings.seed), strict=True)
    ways = [(gain, weight) for gain, weight in given if weight]
    found = []
    for number, (gain, _) in enumerate(ways):
        reduced = ReducedScene(scene, settings.gains, "product", None, parts, margin, gain)
        ends = (share + (1 - share) * each / len(ways) for each in (number, number + 1))
        part = scaled(rest, *ends)
        found.append(_measure(reduced, methods, contexts, left_out, seconds, part))
    tests, shares = [scores for scores, _ in found], [weight for _, weight in ways]
    return Comparison(
        rows=tuple(ranked(_pooled(tests, shares, seconds))),
        pixels=found[0][1],
        windows=len(parts),
        whole=parts == [scene.ms_grid],
        ratio=round(scene.ratio),
        seconds=round(time.monotonic() - started, 2),
        left_out=left_out,
        fit=fit,
        contexts=contexts,
    )


def fit_for(
    scene: Scene, names: Sequence[str], settings: Settings, progress: Progress
) -> SceneFitWeights | None:
    """Return the fit of the scene itself, if a method uses it and the scene is large enough."""
    if {*names} <= {*PUBLISHED, INTERPOLATION}:
        return None
    context = SceneFit(settings).fitted(scene, progress)
    return context.fit if context else None


def _fine_tuned(
    scene: Scene,
    names: Sequence[str],
    settings: Settings,
    left_out: dict[str, str],
    seconds: dict[str, float],
    progress: Progress,
) -> dict[str, Any]:
    """Return the contexts of networks fine-tuned to the scene itself, by method.

    The reason why one cannot be fine-tuned is added to `left_out`.
    """
    contexts = {}
    for name, share in zip(names, _shares(progress, names), strict=True):
        with _timed(name, seconds), _leaving_out(name, left_out):
            contexts[name] = registry.create(name, settings).prepare(scene, share)
    return contexts


def _measure(
    reduced: ReducedScene,
    methods: Mapping[str, Method],
    contexts: Mapping[str, Any],
    left_out: dict[str, str],
    seconds: dict[str, float],
    progress: Progress,
) -> tuple[dict[str, dict[str, float]], int]:
    """Return the scores with one degradation of PAN, and the number of pixels compared.

    `contexts` are those of fine-tuned networks; methods that fail are added to `left_out`.
    """
    shares = _shares(progress, methods)

    def sharpened(name: str, share: Progress) -> list[Image] | None:
        with _timed(name, seconds), _leaving_out(name, left_out):
            return sharpen_reduced(reduced, methods[name], contexts.get(name), share)
        return None

    # Two methods run at a time, each network on its share of the cores.
    with threads("test", cpu_runs()) as pool:
        images = dict(zip(methods, pool.map(sharpened, methods, shares), strict=True))
    fused = {name: of for name, of in images.items() if of is not None}
    for name in [name for name in methods if name in left_out]:  # in the order of the methods
        left_out[name] = left_out.pop(name)
    if not fused:
        raise InputError("no-method-fits", reasons="; ".join(left_out.values()))
    return _scores(reduced, fused)


@contextmanager
def _timed(name: str, seconds: dict[str, float]) -> Iterator[None]:
    """Add the time of the block to that of a method, seconds."""
    begun = time.monotonic()
    yield
    seconds[name] = seconds.get(name, 0.0) + time.monotonic() - begun


@contextmanager
def _leaving_out(name: str, left_out: dict[str, str]) -> Iterator[None]:
    """End the block where a method cannot sharpen the scene, and add the reason to `left_out`."""
    try:
        yield
    except ModelError as error:
        left_out[name] = error.message
    except InputError as error:
        # Fine-tuning trains on the reduced scene, which may be too small.
        if not METHODS[name].fine_tunes:
            raise
        left_out[name] = error.message


def _pooled(
    tests: Sequence[Mapping[str, Mapping[str, float]]],
    weights: Sequence[float],
    seconds: Mapping[str, float],
) -> list[MethodScores]:
    """Return the weighted mean indices of the methods that every test has."""
    return [
        MethodScores(
            name,
            {m: float(np.average([t[name][m] for t in tests], weights=weights)) for m in METRICS},
            round(seconds[name], 2),
        )
        for name in tests[0]
        if all(name in test for test in tests)
    ]


def _create(
    names: Sequence[str], settings: Settings, left_out: dict[str, str]
) -> dict[str, Method]:
    """Return the methods that can be created; the reason for others is added to `left_out`."""
    methods: dict[str, Method] = {}
    for name in names:
        if name not in left_out:
            with _leaving_out(name, left_out):
                methods[name] = registry.create(name, settings)
    return methods


def _shares(progress: Progress, names: Iterable[str]) -> list[Progress]:
    """Return the progress of each method, in proportion to the cost of its test."""
    shares = shared_progress(progress, [METHODS[name].test_cost for name in names])

    def share(name: str, within: Progress) -> Progress:
        text = f"Testing {name} on the scene"
        return lambda fraction, _: within(fraction, text)

    return [share(*each) for each in zip(names, shares, strict=True)]


def sharpen_reduced(
    reduced: ReducedScene, method: Method, fine_tuned: Any, progress: Progress
) -> list[Image]:
    """Prepare a method for the reduced scene, and sharpen each part of it: `(C, h, w)` in DN.

    `fine_tuned` is the context of a method fine-tuned to the scene itself, else None.
    """
    before, after = scaled(progress, 0.0, 0.5), scaled(progress, 0.5, 1.0)
    if fine_tuned is None:
        context = method.prepare(reduced, before)
    else:
        context = method.at_reduced_resolution(fine_tuned, reduced, before)
    images = []
    for number, part in enumerate(reduced.parts):
        after(number / len(reduced.parts), "Sharpening")
        image = np.empty((reduced.bands, *part.shape), np.float32)
        tiles = plan(part, TILE, method.halo, method.align, reduced.whole)
        with closing(fused_tiles(reduced, in_one_step(method, context), tiles)) as stream:
            for tile, values, _ in stream:
                image[(slice(None), *tile.inner.shift(-part.row, -part.col).slices)] = values
        images.append(image)
    progress(1.0, "Sharpening")
    return images


def _scores(
    reduced: ReducedScene, fused: Mapping[str, Sequence[Image]]
) -> tuple[dict[str, dict[str, float]], int]:
    """Return the indices of each method over all parts, and the number of pixels compared.

    Pixels are compared that have a reference and a finite result of every method.
    """
    references = [reduced.reference(part) for part in reduced.parts]
    valid = [
        mask & np.isfinite(np.concatenate(images)).all(axis=0)
        for (_, mask), *images in zip(references, *fused.values(), strict=True)
    ]
    if not any(each.any() for each in valid):
        raise InputError("no-pixel-to-test")
    pairs = [(image, v) for (image, _), v in zip(references, valid, strict=True)]
    largest = max(float(image.max(where=v, initial=-np.inf)) for image, v in pairs)
    scale, _ = scale_and_peak(sensor(GENERIC), largest, reduced.dtype)
    wanted = [_zero_if_invalid(image, v) for image, v in pairs]

    with threads("score", cpu_runs()) as pool:
        found = pool.map(partial(_score, reduced, wanted, valid, scale), fused.values())
        scores = dict(zip(fused, found, strict=True))
    return scores, sum(int(each.sum()) for each in valid)


def _score(
    reduced: ReducedScene,
    wanted: Sequence[FloatArray],
    valid: Sequence[Mask],
    scale: float,
    images: Sequence[Image],
) -> dict[str, float]:
    """Return the indices of one method, from its images `(C, h, w)` of all parts."""
    consistency = Consistency(reduced, reduced.gains, scale)
    for part, image in zip(reduced.parts, images, strict=True):
        consistency.add(image, reduced.read(part))
    indices = WithReference(reduced.bands, reduced.ratio, math.nan, scale)
    for x, image, v in zip(wanted, images, valid, strict=True):
        y = _zero_if_invalid(image, v)
        for tile in block_tiles(Window(0, 0, *v.shape), TILE):
            a, b, mask = (tile.cut(each, tile.outer, tile.whole) for each in (x, y, v))
            indices.update(indices.measure(tile, a, b, mask))
    found = indices.compute() | {"reprojected": consistency.compute()["ERGAS"]}
    if reduced.bands == 1:
        found["SAM"] = math.nan  # one band has no spectrum
    return {metric: found[metric] for metric in METRICS}


def _zero_if_invalid(image: Image, valid: Mask) -> FloatArray:
    """Return the image `(C, h, w)` in double precision, zero where not valid."""
    return np.where(valid, image, 0.0).astype(np.float64)
