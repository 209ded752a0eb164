# SPDX-License-Identifier: GPL-2.0-or-later
"""Bands whose detail PAN hardly explains, such as SWIR or thermal bands.

They are found by the correlation of a band's high-pass with PAN's at the resolution of MS.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
from scipy.ndimage import uniform_filter

from core.errors import InputError
from core.imaging.arrays import FloatArray, Image
from core.imaging.moments import Moments
from core.pair.scene import Patch, Scene
from core.pair.valid_windows import comparison_windows
from core.requests.scenes import UNSEEN_BANDS

HIGH_PASS = 5  # MS px, edge of the mean that a high-pass subtracts
SEEN = 0.3  # correlation from which PAN explains a band
GENTLE = 0.5  # share of the detail that is kept with the policy gentle
LEAST = 256  # least number of valid MS pixels for a correlation

log = logging.getLogger(__name__)


def detail_correlation(scene: Scene, seed: int = 0) -> FloatArray:
    """Return the correlation (C,) of each band's detail with PAN's, at the resolution of MS.

    NaN with too few pixels, or without any detail.
    """
    moments = Moments(scene.bands + 1)
    if min(scene.ms_grid.shape) < HIGH_PASS:
        return np.full(scene.bands, np.nan)
    for window in comparison_windows(scene, seed):
        seen = scene.read_reduced(window)
        images = np.concatenate([seen.ms, seen.pan[None]])
        details = images - uniform_filter(images, (0, HIGH_PASS, HIGH_PASS))
        valid = uniform_filter(seen.valid.astype(np.float32), HIGH_PASS) > 0.999
        moments.add(details[:, valid])
    spread = np.sqrt(np.diag(moments.cov))
    if moments.count < LEAST:
        return np.full(scene.bands, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(moments.cov[-1, :-1] / (spread[-1] * spread[:-1]))


def detail_shares(scene: Scene, policy: str) -> FloatArray | None:
    """Return the share (C,) of its detail that each band keeps, and log the bands below 1.

    None if all keep all. Raises InputError for a policy that is not in `UNSEEN_BANDS`.
    """
    if policy not in UNSEEN_BANDS:
        raise InputError("unseen-bands-unknown", value=policy, known=", ".join(UNSEEN_BANDS))
    found = detail_correlation(scene)
    unseen = found < SEEN
    if not unseen.any():
        return None
    share = {"fit": 1.0, "gentle": GENTLE, "interpolate": 0.0}[policy]
    done = {
        "fit": "sharpened as the others (unseen-bands gentle or interpolate is more careful)",
        "gentle": f"given {100 * GENTLE:.0f} % of the detail",
        "interpolate": "only interpolated",
    }
    bands = scene.sources[0].bands
    names = ", ".join(
        f"{scene.band_names[k] or f'MS band {bands[k]}'} ({found[k]:.2f})"
        for k in np.flatnonzero(unseen).tolist()
    )
    log.log(
        logging.INFO if share == 1.0 else logging.WARNING,
        "PAN hardly explains the detail of %s (correlation at the resolution of MS); it is %s.",
        names,
        done[policy],
    )
    return None if share == 1.0 else np.where(unseen, share, 1.0)


def with_less_detail(
    fuse: Callable[..., Image],
    shares: FloatArray,
    patch: Patch,
    on_step: Callable[[int], None] | None = None,
) -> Image:
    """Fuse a patch as `Method.fuse` does, and keep a share (C,) of the detail of each band."""
    return less_detail(fuse(patch, on_step=on_step), patch.lms, shares)


def less_detail(image: Image, lms: Image, shares: FloatArray) -> Image:
    """Return an image (C, H, W) with a share (C,) of each band's detail; 1 changes nothing."""
    result = image.copy()
    for band in np.flatnonzero(shares < 1.0):
        result[band] = lms[band] + np.float32(shares[band]) * (result[band] - lms[band])
    return result
