# SPDX-License-Identifier: GPL-2.0-or-later
"""The weights of a scene fit, from windows scattered over one scene, or over several.

The sums of `core.methods.scene_fit_regression` and of the intensity add up over windows and over
scenes; no image is kept.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import numpy as np

from core.errors import InputError
from core.imaging.arrays import FloatArray
from core.methods.scene_fit_features import (
    Features,
    Intensity,
    IntensitySums,
    feature_radius,
    of_bands,
    pixels_of,
)
from core.methods.scene_fit_regression import (
    NormalEquations,
    full_scale_gain,
    full_scale_shift,
    ridge,
)
from core.methods.scene_fit_weights import SceneFitWeights
from core.methods.separable_backprojection import BackProjectionPasses, Sampling, border, reach
from core.pair.pan_sharpness import PAN_GAINS, PanSharpness
from core.pair.reduced import AnyScene, ReducedScene
from core.pair.scene import Patch
from core.pair.valid_windows import training_tiles
from core.progress import Progress, scaled
from core.raster.window import Window

log = logging.getLogger(__name__)

PART, PARTS = 128, 9
"""Edge (MS px) and number of the windows that the scene is fitted on."""
LEAST_PIXELS = 24 * 24
"""MS px of reference below which no fit is made: those of 28 x 28 without their border."""


def fit_scene(
    scene: AnyScene,
    ratio: float,
    gains: tuple[float, ...],
    passes: int,
    seed: int,
    progress: Progress,
) -> SceneFitWeights | None:
    """Fit the weights on windows of the scene; None where there are too few pixels for that.

    Raises InputError when no pixel is valid in both images.
    """
    return fit_scenes([lambda: nullcontext(scene)], ratio, gains, passes, seed, progress)


def fit_scenes(
    scenes: Sequence[Callable[[], AbstractContextManager[AnyScene]]],
    ratio: float,
    gains: tuple[float, ...],
    passes: int,
    seed: int,
    progress: Progress,
) -> SceneFitWeights | None:
    """Fit one set of weights on windows of all scenes, each of which is opened twice.

    Their sums are added up, so that the weights are those of one scene with the windows of all.
    None where there are too few pixels for that. Raises InputError when no pixel is valid.
    """
    sums: IntensitySums | None = None
    for number, opened in enumerate(scenes):
        part = scaled(progress, 0.2 * number / len(scenes), 0.2 * (number + 1) / len(scenes))
        with opened() as scene:
            parts = training_tiles(scene, seed, PART, PARTS)
            names = scene.band_names
            if sums is None and parts:
                sums = IntensitySums(scene.bands, names, len(scenes) * pixels_of(parts))
            if sums and parts:
                sums.add(scene, parts, part)
    if sums is None:
        return None
    intensity = sums.fit()
    reduced = [NormalEquations(len(gains)) for _ in PAN_GAINS]
    consistency, sharpness = NormalEquations(len(gains)), PanSharpness()
    for number, opened in enumerate(scenes):
        part = scaled(progress, *(0.2 + 0.8 * n / len(scenes) for n in (number, number + 1)))
        with opened() as scene:
            parts = training_tiles(scene, seed, PART, PARTS)
            found = _equations(scene, parts, intensity, ratio, gains, passes, part)
            if found:
                for total, more in zip((*reduced, consistency), found[0], strict=True):
                    total.take(more)
                sharpness.energy += found[1].energy
    if min(total.pixels for total in reduced) < LEAST_PIXELS:
        return None
    weights = _weights([total.mean()[:2] for total in reduced], consistency, sharpness)
    return SceneFitWeights(intensity, weights, gains, passes, ratio, names)


def _equations(
    scene: AnyScene,
    parts: Sequence[Window],
    intensity: Intensity,
    ratio: float,
    gains: tuple[float, ...],
    passes: int,
    progress: Progress,
) -> tuple[list[NormalEquations], PanSharpness] | None:
    """Return the equations of a scene, at reduced resolution by each PAN, then at full resolution.

    None where the scene is too small.
    """
    if not parts:
        return None
    found = []
    for number, pan_gain in enumerate(PAN_GAINS):
        progress(0.25 * number, "Fitting at reduced resolution")
        try:
            found.append(reduced_equations(scene, parts, intensity, gains, passes, pan_gain))
        except InputError:
            return None
    progress(0.5, "Fitting at full resolution")
    consistency, sharpness = full_equations(scene, parts, intensity, ratio, gains)
    return [*found, consistency], sharpness


def _weights(
    equations: Sequence[tuple[FloatArray, FloatArray]],
    consistency: NormalEquations,
    sharpness: PanSharpness,
) -> FloatArray:
    """Return the weights of equations at reduced resolution, corrected at full resolution."""
    share = sharpness.share
    square, product = (
        share * sharp + (1 - share) * soft for sharp, soft in zip(*equations, strict=True)
    )
    weights = ridge(square, product)
    if consistency.pixels:
        weights *= full_scale_gain(weights, consistency)[:, None]
        weights += full_scale_shift(weights, consistency)
    log.info("Fitted on %d MS pixels; sharpness of PAN %.2f.", consistency.pixels, sharpness.value)
    return weights


def reduced_equations(
    scene: AnyScene,
    parts: Sequence[Window],
    intensity: Intensity,
    gains: Sequence[float],
    passes: int,
    pan_gain: float | None,
) -> NormalEquations:
    """Normal equations of what MS has and its LMS at reduced resolution lacks.

    `pan_gain` is how PAN is degraded, see `ReducedScene`. Raises InputError where the scene is too
    small to be reduced.
    """
    ratio = round(scene.ratio)
    halo = feature_radius(ratio) + reach(ratio, gains, passes)
    reduced = ReducedScene(scene, gains, "product", parts=parts, margin=halo, pan_gain=pan_gain)
    restore = BackProjectionPasses.onto(reduced, gains, passes)
    total = NormalEquations(scene.bands)
    for part in parts:
        outer = part.grow(halo, reduced.whole)
        patch, (reference, _) = reduced.read(outer), reduced.reference(outer)
        where = np.zeros(patch.valid.shape, bool)
        crop = _inner(part, reduced.whole).shift(-outer.row, -outer.col).slices
        where[crop] = patch.valid[crop]
        operators = _operators(restore, outer, gains)
        if not operators:
            continue
        features = _features(patch, intensity, ratio)
        stacks = of_bands(features, patch.lms, intensity, operators, Sampling.unseen)
        for band, (x, operator) in enumerate(zip(stacks, operators, strict=True)):
            y = operator.unseen(np.where(patch.valid, reference[band] - patch.lms[band], 0))
            total.add(band, x, y, where)
        total.pixels += int(where.sum())
    return total


def full_equations(
    scene: AnyScene,
    parts: Sequence[Window],
    intensity: Intensity,
    ratio: float,
    gains: Sequence[float],
) -> tuple[NormalEquations, PanSharpness]:
    """Normal equations of what MS has and LMS lacks at full resolution, and PAN's sharpness."""
    margin = feature_radius(ratio) + border(ratio, gains)
    edge = math.ceil(margin / ratio)
    seeing = BackProjectionPasses.onto(scene, gains, 1)
    total, sharpness = NormalEquations(scene.bands), PanSharpness()
    for part in parts:
        window = _on_pan(part, scene).grow(margin, scene.whole)
        patch = scene.read(window)
        sharpness.add(patch.pan, patch.valid)
        operators = _operators(seeing, window, gains)
        if not operators:
            continue
        where = operators[0].degrade(patch.valid.astype(np.float32)) > 0.999
        inner = np.zeros(where.shape, bool)
        inner[edge:-edge, edge:-edge] = True
        where &= inner
        features = _features(patch, intensity, ratio)
        stacks = of_bands(features, patch.lms, intensity, operators, Sampling.degrade)
        for band, (x, operator) in enumerate(zip(stacks, operators, strict=True)):
            y = operator.at_centres(patch.lms[band]) - operator.degrade(patch.lms[band])
            total.add(band, x, y, where)
        total.pixels += int(where.sum())
    return total, sharpness


def _features(patch: Patch, intensity: Intensity, ratio: float) -> Features:
    """The features of a patch, zero where it is invalid."""
    features = Features.of(patch.lms, patch.pan, intensity, ratio)
    if patch.valid.all():
        return features
    return Features(features.shared * patch.valid, features.modulated * patch.valid)


def _operators(
    restore: BackProjectionPasses, window: Window, gains: Sequence[float]
) -> list[Sampling]:
    """The operator of every band, one for those of one gain; none where there is no MS centre."""
    by_gain = {gain: restore.sampling(window, gain) for gain in set(gains)}
    return [found for gain in gains if (found := by_gain[gain])]


def _inner(part: Window, whole: Window) -> Window:
    """A part without the border of the scene, where LMS at reduced resolution is uncertain."""
    cut = max(2, min(8, min(whole.shape) // 12))
    return part.intersect(Window(cut, cut, whole.height - 2 * cut, whole.width - 2 * cut))


def _on_pan(part: Window, scene: AnyScene) -> Window:
    """The window of PAN between the outermost MS centres of a window of the MS grid."""
    rows, cols = scene.centres
    return Window.between(
        math.floor(rows[part.row]),
        math.floor(cols[part.col]),
        math.ceil(rows[part.row_end - 1]) + 1,
        math.ceil(cols[part.col_end - 1]) + 1,
    ).intersect(scene.whole)
