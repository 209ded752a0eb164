# SPDX-License-Identifier: GPL-2.0-or-later
"""One scene fit, and for networks one normalisation, of all scenes of a job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from core.errors import InputError
from core.jobs.job import write_bytes
from core.jobs.planning import SceneRequest
from core.methods.network_inputs import statistics_of_all
from core.methods.registry import FINE_TUNED, NETWORKS
from core.methods.scene_fit_file import fit_text
from core.methods.scene_fit_windows import fit_scenes
from core.methods.separable_backprojection import PASSES
from core.pair.reduced import AnyScene
from core.pair.scene import Scene
from core.products.inputs import one_raster
from core.progress import Progress, silent
from core.registration.shift_estimate import aligned, with_pan_on_ms
from core.requests.scenes import Pansharpen
from core.sensors import gains_for, sensor_of

_RATIO_TOLERANCE = 0.01  # relative, between scenes of one sensor


def fit_together(path: Path, scenes: Sequence[SceneRequest], progress: Progress) -> None:
    """Fit the scenes together, and write the fit to a file; for networks, their statistics, too.

    Raises InputError where their bands, ratios or sensors differ, or they are too small for a fit.
    """
    kinds = [_gains_ratio_names(each.request) for each in scenes]
    gains, ratio, _ = kinds[0]
    for each, (other, its_ratio, names) in zip(scenes, kinds, strict=True):
        alike = (other, names) == (gains, kinds[0][2])
        if not alike or abs(its_ratio - ratio) > _RATIO_TOLERANCE * ratio:
            raise InputError("shared-fit-differs", scene=each.name, other=scenes[0].name)
    request = scenes[0].request
    passes = PASSES if request.back_projection is None else request.back_projection
    openers = [partial(_as_fitted, each.request) for each in scenes]
    fit = fit_scenes(openers, ratio, gains, passes, request.seed, progress)
    if fit is None:
        raise InputError("shared-fit-too-small")
    network = request.method in (*NETWORKS, *FINE_TUNED)
    shared = statistics_of_all(openers, ratio, request.seed, progress) if network else None
    write_bytes(path, fit_text(fit, shared).encode())


def _gains_ratio_names(
    request: Pansharpen,
) -> tuple[tuple[float, ...], float, tuple[str | None, ...]]:
    with _opened(replace(request, align=False)) as scene:
        card = sensor_of(request.sensor, *scene.rasters)
        gains = gains_for(scene.bands, card.gains(scene.band_names))
        return tuple(gains), scene.ratio, scene.band_names


@contextmanager
def _opened(request: Pansharpen) -> Iterator[Scene]:
    with one_raster(request.pan, "PAN") as pan, one_raster(request.ms, "MS") as ms:
        named = replace(request, pan=pan, ms=ms)
        with Scene.of(named, named.extent, named.extent_crs) as scene:
            yield aligned(scene, silent)[0] if request.align else scene


@contextmanager
def _as_fitted(request: Pansharpen) -> Iterator[AnyScene]:
    with _opened(request) as scene:
        yield with_pan_on_ms(scene)
