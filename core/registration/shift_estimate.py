# SPDX-License-Identifier: GPL-2.0-or-later
"""The shift of MS against PAN, to a fraction of a PAN pixel.

PAN and a linear combination of MS bands that is closest to it are compared on the MS grid, in
windows scattered over the scene, by `phase_correlation`. The shift of the scene is fitted to the
mean cross-power spectrum of all windows, that of a block to the spectrum of its window. Then MS is
shifted back and the rest is measured: a small shift is not biased by edges and aliasing.

A shift is rows and columns (PAN px) that the content of MS lies further down and right.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
from scipy import ndimage

from core.imaging.arrays import FloatArray
from core.language import later, say
from core.pair.moved_pan import MOST_MOVED
from core.pair.reduced import AnyScene, MovedPan
from core.pair.scene import ReducedPatch, Scene
from core.progress import Progress, scaled, silent
from core.raster.window import scattered
from core.registration.phase_correlation import Shift, Spectrum, cross_power, fit_shift, match_of

log = logging.getLogger(__name__)


MEASURE_WINDOWS, ESTIMATE_WINDOWS = 64, 16
"""Number of windows to correct a shift, and to detect one."""
MAX_EDGE, MIN_EDGE = 128, 32  # MS px, of a window
MIN_SCENE = 16  # MS px: smaller scenes are not measured
MIN_VALID = 0.5  # valid share of a window
SIGMA = 4.0  # MS px, of the low-pass that is subtracted from detail
MIN_MATCH = 0.6
"""Least match of a window that is used; unrelated images and noise do not reach it."""
MIN_CONFIDENCE = 0.5  # least match of the mean spectrum; it is lower if windows disagree
MIN_CLEAR = 0.125  # least share of windows with a match
MAX_ROUNDS, TOLERANCE = 3, 0.05
"""MS is shifted back and measured again up to this number of times, until less (PAN px) is left."""
RIDGE = 0.01  # of the regression: avoids large weights of both signs for similar bands
MOVE_ABOVE = 0.2  # PAN px: for larger shifts PAN is moved
WARN_ABOVE = 1.0  # PAN px: larger shifts are a warning
MAX_RESIDUAL = 1.0  # PAN px: 90th percentile of residuals above which one shift does not fit


@dataclass(frozen=True)
class BlockShift:
    """Shift (PAN px) and match of one window; `row` and `col` are its centre (PAN px)."""

    row: float
    col: float
    shift: Shift
    match: float


@dataclass(frozen=True)
class Registration:
    """The measured shift of MS against PAN.

    Parameters
    ----------
    shift : of the whole scene; None if it cannot be measured.
    confidence : 0 to 1, match of that shift with the phases of all windows.
    unmoved : match of no shift.
    blocks : the windows with a clear match.
    windows : number of windows that were read.
    """

    shift: Shift | None
    confidence: float
    unmoved: float
    blocks: tuple[BlockShift, ...]
    windows: int

    @property
    def length(self) -> float:
        """Length of the shift (PAN px); 0 without one."""
        return math.hypot(*self.shift) if self.shift else 0.0

    def residual(self, block: BlockShift) -> Shift:
        """Return the shift of a block less that of the scene."""
        rows, cols = self.shift or (0.0, 0.0)
        return block.shift[0] - rows, block.shift[1] - cols

    @property
    def residual_p90(self) -> float:
        """90th percentile of the lengths of the blocks' residuals (PAN px)."""
        if not self.blocks:
            return 0.0
        return float(np.percentile([math.hypot(*self.residual(b)) for b in self.blocks], 90))

    def disagreement(self) -> list[str]:
        """Return a sentence if one shift does not fit all blocks; else nothing."""
        if self.residual_p90 <= MAX_RESIDUAL:
            return []
        how = say(
            "differs from place to place, as over relief or where clouds and their shadows moved"
        )
        if self.tilted:
            how = say("changes evenly across the scene, as by a tilt or a wrong pixel size")
        return [
            say(
                "The shift {}: a tenth of the blocks lies more than {} PAN pixels from it. One "
                "shift cannot mend that; warp MS to PAN with control points.",
                how,
                f"{self.residual_p90:.1f}",
            )
        ]

    @property
    def tilted(self) -> bool:
        """Return whether the residuals are mostly linear in the position, as by a tilt."""
        if len(self.blocks) < 6:
            return False
        residuals = np.array([self.residual(b) for b in self.blocks])
        at = np.array([(1.0, b.row, b.col) for b in self.blocks])
        left = residuals - at @ np.linalg.lstsq(at, residuals, rcond=None)[0]
        return bool((left**2).sum() < 0.5 * (residuals**2).sum())


NOT_FOUND = Registration(None, 0.0, 0.0, (), 0)


#: The warning and every method ask for the shift of the same scene.
_estimates: WeakKeyDictionary[AnyScene, Registration] = WeakKeyDictionary()


def measure(scene: Scene, progress: Progress = silent) -> Registration:
    """Measure the shift of MS, of the scene and of blocks, precisely enough to correct it.

    Memory is bounded by the number of windows, for a scene of any size.
    """
    found = _measure_once(scene, MEASURE_WINDOWS, SIGMA, scaled(progress, 0.0, 0.4))
    for number in range(MAX_ROUNDS):
        if found.shift is None:
            break
        begun = 0.4 + 0.6 * number / MAX_ROUNDS
        step = scaled(progress, begun, begun + 0.6 / MAX_ROUNDS)
        again = _measure_once(scene.shifted(*found.shift), MEASURE_WINDOWS, 0.0, step)
        if again.shift is None:
            break
        found = replace(
            again,
            shift=_sum(found.shift, again.shift),
            unmoved=found.unmoved,
            blocks=tuple(replace(b, shift=_sum(found.shift, b.shift)) for b in again.blocks),
        )
        if again.length < TOLERANCE:
            break
    return found


def estimate(scene: AnyScene) -> Registration:
    """Measure the shift once for a scene, in fewer windows, to detect one."""
    if scene not in _estimates:
        _estimates[scene] = _measure_once(scene, ESTIMATE_WINDOWS, SIGMA, silent)
    return _estimates[scene]


def describe_shift(shift: Shift) -> str:
    """Return a shift (PAN px) as text."""
    rows, cols = shift
    text = {
        (True, True): later(
            "{} rows further down and {} columns further right than the PAN (PAN pixels)"
        ),
        (True, False): later(
            "{} rows further down and {} columns further left than the PAN (PAN pixels)"
        ),
        (False, True): later(
            "{} rows further up and {} columns further right than the PAN (PAN pixels)"
        ),
        (False, False): later(
            "{} rows further up and {} columns further left than the PAN (PAN pixels)"
        ),
    }[rows >= 0, cols >= 0]
    return say(text, f"{abs(rows):.2f}", f"{abs(cols):.2f}")


def aligned(scene: Scene, progress: Progress) -> tuple[Scene, Shift | None]:
    """Return the scene with the shift removed, and the shift; log it."""
    found = measure(scene, progress)
    if found.shift is None:
        log.warning(
            "PAN and MS have too little in common to be aligned, or lie too far apart: MS stays "
            "where it is."
        )
        return scene, None
    log.info("The MS lies %s; it is moved back.", describe_shift(found.shift))
    for text in found.disagreement():
        log.warning("%s", text)
    return scene.shifted(*found.shift), found.shift


def with_pan_on_ms(scene: AnyScene) -> AnyScene:
    """Return the scene with its PAN where the content of MS lies.

    It stays as it is where the two lie nearly together, or further apart than PAN can be moved, and
    where it is smaller than a window: there the shift is uncertain.
    """
    if isinstance(scene, MovedPan) or min(scene.ms_grid.shape) < MIN_EDGE:
        return scene
    found = estimate(scene)
    if found.shift is None or found.length < MOVE_ABOVE or max(map(abs, found.shift)) > MOST_MOVED:
        return scene
    log.info("The MS lies %s; PAN is moved there.", describe_shift(found.shift))
    return MovedPan(scene, found.shift)


def warn_if_displaced(scene: Scene) -> None:
    """Log a warning if the shift is above `WARN_ABOVE`."""
    found = estimate(scene)
    if found.shift is not None and found.length > WARN_ABOVE:
        log.warning(
            "The MS lies %s. Detail may not sit on its colours: choose to align it to the PAN "
            "(ALIGN in QGIS, --align at the command line).",
            describe_shift(found.shift),
        )


def _measure_once(scene: AnyScene, count: int, sigma: float, progress: Progress) -> Registration:
    """Measure the shift in `count` windows; `sigma` (MS px) is that of `_mix`."""
    parts = _read_windows(scene, count, progress)
    mix = _mix(parts, sigma)
    spectra = [(part, _spectrum(part, mix)) for part in parts]
    views = [(part, spectrum) for part, spectrum in spectra if spectrum is not None]
    if not views:
        return replace(NOT_FOUND, windows=len(parts))
    size = parts[0].window.shape
    found = [(part, spectrum, *fit_shift([spectrum], size)) for part, spectrum in views]
    clear = [each for each in found if each[3] >= MIN_MATCH]
    if len(clear) < max(1.0, MIN_CLEAR * len(parts)):
        mean = float(np.mean([match for *_, match in found]))
        return replace(NOT_FOUND, confidence=mean, windows=len(parts))
    kept = [spectrum for _, spectrum, _, _ in clear]
    whole, confidence = fit_shift(kept, size)
    unmoved = match_of(kept, size, (0.0, 0.0))
    if confidence < MIN_CONFIDENCE:
        return Registration(None, confidence, unmoved, (), len(parts))
    blocks = tuple(
        BlockShift(*_centre(scene, part), _scaled(shift, scene.ratio_yx), match)
        for part, _, shift, match in clear
    )
    return Registration(_scaled(whole, scene.ratio_yx), confidence, unmoved, blocks, len(parts))


def _sum(one: Shift, other: Shift) -> Shift:
    return one[0] + other[0], one[1] + other[1]


def _scaled(shift: Shift, ratio_yx: tuple[float, float]) -> Shift:
    """Return a shift in MS px as PAN px."""
    return shift[0] * ratio_yx[0], shift[1] * ratio_yx[1]


def _read_windows(scene: AnyScene, count: int, progress: Progress) -> list[ReducedPatch]:
    """Read windows of the MS grid, and return those with enough data."""
    height, width = scene.ms_grid.shape
    if min(height, width) < MIN_SCENE:
        return []
    edge = min(MAX_EDGE, max(MIN_EDGE, min(height, width) // 3))
    windows = scattered(height, width, edge, count, seed=0)
    parts = []
    for number, window in enumerate(windows):
        progress(number / len(windows), "Comparing PAN and MS")
        part = scene.read_reduced(window)
        if part.valid.mean() >= MIN_VALID:
            parts.append(part)
    return parts


def _mix(parts: Sequence[ReducedPatch], sigma: float) -> FloatArray:
    """Return the weights (C,) of the linear combination of bands closest to PAN, by least squares.

    Both are smoothed by a Gaussian of `sigma` (MS px) first: the detail of a shifted pair does not
    fit.
    """
    if not parts:
        return np.zeros(0)
    bands = len(parts[0].ms)
    square: FloatArray = np.zeros((bands, bands))
    product: FloatArray = np.zeros(bands)
    for part in parts:
        layers: FloatArray = np.concatenate([part.ms, part.pan[None]])
        if sigma:
            layers = ndimage.gaussian_filter(layers, (0, sigma, sigma), mode="nearest")
        layers = layers[:, part.valid]
        layers -= layers.mean(axis=1, keepdims=True)
        square += layers[:-1] @ layers[:-1].T
        product += layers[:-1] @ layers[-1]
    square[np.diag_indices(bands)] *= 1.0 + RIDGE
    weights = np.linalg.lstsq(square, product, rcond=1e-6)[0]
    return np.asarray(weights, dtype=np.float64)


def _spectrum(part: ReducedPatch, mix: FloatArray) -> Spectrum | None:
    """Return the cross-power spectrum of a window; None if PAN or MS has no detail."""
    return cross_power(part.pan, np.tensordot(mix, part.ms, axes=1), part.valid, SIGMA)


def _centre(scene: AnyScene, part: ReducedPatch) -> tuple[float, float]:
    """Return the centre of a window (PAN px)."""
    (rows, cols), (height, width) = scene.centres, part.window.shape
    return float(rows[part.window.row + height // 2]), float(cols[part.window.col + width // 2])
