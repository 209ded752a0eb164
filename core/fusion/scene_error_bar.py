# SPDX-License-Identifier: GPL-2.0-or-later
"""The error bar of a method on a scene, from its errors at reduced resolution on that scene.

PAN is degraded in both ways, and the errors of both count alike: which is right is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.fusion.reduced_test import MARGIN, fit_for, sharpen_reduced
from core.imaging.arrays import FloatArray, Image
from core.methods import registry
from core.methods.error_bar import (
    ErrorBar,
    WindowErrors,
    detail_radius,
    fit_error_bar,
    local_detail,
)
from core.methods.interface import Method, Settings
from core.methods.registry import METHODS
from core.pair.pan_sharpness import PAN_GAINS
from core.pair.reduced import ReducedScene
from core.pair.scene import Scene
from core.pair.unseen_bands import less_detail
from core.pair.valid_windows import comparison_windows
from core.progress import Progress, scaled


def tested_error_bar(
    scene: Scene,
    method: Method,
    context: Any,
    settings: Settings,
    shares: FloatArray | None,
    progress: Progress,
) -> ErrorBar:
    """Return the error bar of what the method makes of the scene.

    Parameters
    ----------
    context : of the method, for the scene itself.
    settings : those the method was created by.
    shares : of the detail of each band that is kept; None: all.

    Raises
    ------
    InputError : the scene is too small to be reduced, or has no valid pixel.
    """
    ratio = round(scene.ratio)
    fit = fit_for(scene, [method.name], settings, scaled(progress, 0.0, 0.2))
    settings = replace(settings, ratio=float(ratio), fit=fit or settings.fit, save_fit=None)
    again = registry.create(method.name, settings)
    parts = comparison_windows(scene, settings.seed)
    margin = max(again.halo + again.align, detail_radius(ratio)) + MARGIN
    fine_tuned = context if METHODS[method.name].fine_tunes else None
    tests: list[WindowErrors] = []
    for number, gain in enumerate(PAN_GAINS):
        reduced = ReducedScene(scene, settings.gains, "product", None, parts, margin, gain)
        ends = (0.2 + 0.8 * each / len(PAN_GAINS) for each in (number, number + 1))
        images = sharpen_reduced(reduced, again, fine_tuned, scaled(progress, *ends))
        tests += _tests(reduced, images, shares)
    return fit_error_bar(tests, scene.ratio)


def _tests(
    reduced: ReducedScene, images: Sequence[Image], shares: FloatArray | None
) -> Iterator[WindowErrors]:
    """Yield what the sharpened parts of the reduced scene tell of the errors."""
    for part, image in zip(reduced.parts, images, strict=True):
        outer = part.grow(detail_radius(reduced.ratio), reduced.whole)
        around = reduced.read(outer)
        patch = around.cut(part)
        if shares is not None:
            image = less_detail(image, patch.lms, shares)
        reference, valid = reduced.reference(part)
        detail = local_detail(around.pan, around.valid, reduced.ratio)
        inner = part.shift(-outer.row, -outer.col).slices
        yield WindowErrors(
            detail[inner], np.abs(image - reference), valid & np.isfinite(image).all(0)
        )
