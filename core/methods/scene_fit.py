# SPDX-License-Identifier: GPL-2.0-or-later
"""Scene fit: weights of PAN's details, fitted on the scene itself at reduced resolution.

A linear model of eleven features a band (`core.methods.scene_fit_features`), ridge regression on
the scene's own pair at reduced resolution with a correction at full resolution
(`core.methods.scene_fit_regression`), and back-projection. Regression of the injected detail at
reduced resolution is that of Garzelli, Nencini, Capobianco (IEEE TGRS 46(1), 2008) and Vivone (IEEE
GRSL 16(6), 2019), the ridge that of Hoerl, Kennard (Technometrics 12(1), 1970).

`prepare` reads windows scattered over the scene, for the intensity and for the normal equations; no
image is kept. `fuse` is local. A scene that is too small for a fit is sharpened by the classical
method that is best at its reduced resolution, followed by the same back-projection.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import InputError
from core.imaging.arrays import Image
from core.imaging.mtf import TAPS as FILTER_TAPS
from core.methods.classical import BdsdPc, BtH, ClassicalMethod, Gsa, MtfGlpFs
from core.methods.high_pass import AwlpH, HpmH, HpmR
from core.methods.interface import Method, OnStep, Settings
from core.methods.scene_fit_features import (
    Features,
    feature_radius,
    fit_intensity,
)
from core.methods.scene_fit_file import fit_text
from core.methods.scene_fit_regression import (
    prior,
)
from core.methods.scene_fit_weights import SceneFitWeights
from core.methods.scene_fit_windows import PART, PARTS, fit_scene
from core.methods.separable_backprojection import (
    PASSES,
    BackProjectionPasses,
    check_passes,
    reach,
)
from core.methods.with_back_projection import BackProjected
from core.pair.moved_pan import PAN_REACH, with_pan_moved
from core.pair.reduced import AnyScene, ReducedScene
from core.pair.scene import Patch
from core.pair.valid_windows import training_tiles
from core.progress import Progress, silent
from core.raster.writer import write_texts
from core.registration.shift_estimate import with_pan_on_ms
from core.sensors import GENERIC_GAIN, gains_for

log = logging.getLogger(__name__)

PLAIN: tuple[type[ClassicalMethod], ...] = (MtfGlpFs, Gsa, BtH, BdsdPc, HpmH, HpmR, AwlpH)
"""The methods one of which takes the place of a fit; the first where they cannot be compared."""


@dataclass(frozen=True)
class SceneFitContext:
    """The weights, the back-projection onto the scene's MS, and how far PAN is moved (PAN px)."""

    fit: SceneFitWeights
    restore: BackProjectionPasses
    pan_shift: tuple[float, float]

    def fuse(self, patch: Patch, ratio: float) -> Image:
        """Sharpen one window: `(C, H, W)` in DN."""
        patch = with_pan_moved(patch, self.pan_shift)
        return self.restore(fused(patch, self.fit, ratio), patch)


@dataclass(frozen=True)
class PlainContext:
    """A method that takes the place of the fit, and its context."""

    method: Method
    context: Any


class SceneFit(Method):
    """Details of PAN with weights that are fitted on the scene, and back-projection.

    Gains and passes are those of the settings, or of the fit that the settings name.

    Raises InputError for a number of passes that is not allowed.
    """

    name = "scene-fit"

    def __init__(self, settings: Settings) -> None:
        if not settings.ratio > 1:
            raise InputError("ratio-too-small", ratio=settings.ratio)
        asked = PASSES if settings.back_projection is None else settings.back_projection
        check_passes(asked)
        self.fit = settings.fit
        self.save_to = Path(settings.save_fit) if settings.save_fit else None
        self.ratio, self.seed = settings.ratio, settings.seed
        self.gains = self.fit.gains if self.fit else settings.gains
        self.passes = self.fit.passes if self.fit else asked
        known = self.gains or (GENERIC_GAIN,)
        looks = max(feature_radius(self.ratio), FILTER_TAPS // 2)
        self.halo = PAN_REACH + looks + reach(self.ratio, known, self.passes)

    def describe(self, context: SceneFitContext | PlainContext) -> dict[str, object]:
        """Return what the result reports.

        `used` is the method that took the place of a fit, `save_fit` the file of the fit saved.
        """
        used, saved = self.name, self.save_to
        if isinstance(context, PlainContext):
            used, saved = context.method.name, None
        return {
            **super().describe(context),
            "back_projection": self.passes,
            "used": used,
            "save_fit": str(saved) if saved else None,
        }

    def prepare(self, scene: AnyScene, progress: Progress) -> SceneFitContext | PlainContext:
        """Fit the weights, or take those of the settings.

        Raises InputError when no pixel is valid in both images.
        """
        context = self.fitted(scene, progress)
        if context is None:
            return self._plain(scene, progress)
        if self.save_to:
            write_texts({self.save_to: fit_text(context.fit)})
        progress(1.0, "The scene is known")
        return context

    def fitted(self, scene: AnyScene, progress: Progress) -> SceneFitContext | None:
        """Return the context of the fit; None where the scene is too small for one."""
        gains = gains_for(scene.bands, self.gains)
        scene = with_pan_on_ms(scene)
        fit = self.fit or fit_scene(scene, self.ratio, gains, self.passes, self.seed, progress)
        if fit is None:
            return None
        restore = BackProjectionPasses.onto(scene, fit.gains, fit.passes)
        return SceneFitContext(fit, restore, scene.pan_shift)

    def fuse(
        self,
        patch: Patch,
        context: SceneFitContext | PlainContext,
        *,
        on_step: OnStep | None = None,
    ) -> Image:
        """Sharpen one window: `(C, H, W)` in DN."""
        if isinstance(context, PlainContext):
            return context.method.fuse(patch, context.context)
        return context.fuse(patch, self.ratio)

    def _plain(self, scene: AnyScene, progress: Progress) -> PlainContext:
        """The classical method that is best at reduced resolution, with back-projection."""
        gains = gains_for(scene.bands, self.gains)
        kind = best_plain(scene, gains, self.passes)
        log.warning(
            "This scene is too small for a fit (%d x %d MS pixels, or most of them without data): "
            "it is sharpened by %s with back-projection.",
            scene.ms_grid.height, scene.ms_grid.width, kind.name,
        )  # fmt: skip
        if self.save_to:
            log.warning("There is no fit to save: %s was not written.", self.save_to)
        method = _back_projected(kind, self.ratio, gains, self.passes)
        return PlainContext(method, method.prepare(scene, progress))


def fused(patch: Patch, fit: SceneFitWeights, ratio: float) -> Image:
    """A window sharpened without back-projection, `(C, H, W)`, DN."""
    lms = np.asarray(patch.lms, np.float32)
    features = Features.of(lms, np.asarray(patch.pan, np.float32), fit.intensity, ratio)
    return lms + features.weighted(fit.weights, lms, fit.intensity)


def unfitted(
    scene: AnyScene, ratio: float, gains: tuple[float, ...], seed: int, progress: Progress
) -> SceneFitWeights:
    """Return the weights that a fit is drawn to, the mean of both details, for any scene.

    Raises InputError when no pixel is valid in both images.
    """
    parts = training_tiles(scene, seed, PART, PARTS) or [scene.ms_grid]
    intensity = fit_intensity(scene, parts, progress)
    weights = np.tile(prior(), (scene.bands, 1))
    return SceneFitWeights(intensity, weights, gains, PASSES, ratio, scene.band_names)


def best_plain(scene: AnyScene, gains: Sequence[float], passes: int) -> type[ClassicalMethod]:
    """The classical method with the least error at reduced resolution, with back-projection.

    The error is the sum over the bands of the mean square relative to the band's mean, as in ERGAS.
    """
    try:
        reduced = ReducedScene(scene, gains, "product", parts=[scene.ms_grid])
    except InputError:
        return PLAIN[0]
    patch, (reference, known) = reduced.read(reduced.whole), reduced.reference(reduced.whole)
    errors = {}
    for kind in PLAIN:
        method = _back_projected(kind, reduced.ratio, gains, passes)
        try:
            context = method.prepare(reduced, silent)
        except InputError:
            continue
        off = (method.fuse(patch, context) - reference)[:, known]
        errors[kind] = float(np.sum((off**2).mean(axis=1) / reference[:, known].mean(axis=1) ** 2))
    return min(errors, key=errors.__getitem__) if errors else PLAIN[0]


def _back_projected(
    kind: type[ClassicalMethod], ratio: float, gains: Sequence[float], passes: int
) -> Method:
    settings = Settings(ratio, gains)
    return BackProjected(kind.name, kind(settings), settings, passes)
