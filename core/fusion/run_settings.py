# SPDX-License-Identifier: GPL-2.0-or-later
"""Choose how a pair is sharpened: its alignment, sensor, settings and method."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from core.errors import ModelError
from core.fusion import run_files
from core.fusion.method_selection import Selection, select_method
from core.fusion.provenance import of_request, of_run
from core.imaging.arrays import FloatArray
from core.language import counted
from core.methods import registry
from core.methods.interface import Method, Settings
from core.methods.registry import FINE_TUNED
from core.methods.scene_fit_file import read_fit
from core.pair.scene import Scene
from core.pair.unseen_bands import detail_shares
from core.progress import Progress, scaled
from core.registration.shift_estimate import Shift, aligned, warn_if_displaced
from core.requests.scenes import Pansharpen
from core.sensors import Sensor, sensor_of

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class RunSettings:
    """A scene, aligned if requested, and how it is sharpened.

    shift : removed by the alignment, (rows, columns) in PAN px. shares : (C,), of each band's
    detail that are kept; None: all.
    """

    scene: Scene
    shift: Shift | None
    card: Sensor
    settings: Settings
    selection: Selection
    shares: FloatArray | None

    def with_first(self, request: Pansharpen, work: Callable[[Method, Any], T]) -> tuple[str, T]:
        """Do `work` with the first selected method whose model can be used; return name and result.

        `work` gets the method, and its context if the scene test has prepared it.
        """
        *others, last = self.selection.names
        for name in others:
            try:
                return name, work(self.method(request, name), self.selection.context(name))
            except ModelError as error:
                log.warning("%s was left out: %s", name, error.message)
        return last, work(self.method(request, last), self.selection.context(last))

    def method(self, request: Pansharpen, name: str) -> Method:
        """Return a method that uses the fit of the scene test, and saves it if requested."""
        return registry.create(name, self.saving(request))

    def saving(self, request: Pansharpen) -> Settings:
        """Return the settings of the run, which saves a fit; the scene test does not."""
        fit = self.selection.fit or self.settings.fit
        return replace(self.settings, fit=fit, save_fit=request.save_fit)

    def options(self, request: Pansharpen) -> dict[str, Any]:
        """Return the options of the request for `core.fusion.tiled.plan_scene`."""
        tags = of_run(self.scene, request.seed, self.selection.test) | of_request(request)
        settings = {"spread": run_files.spread_of(request), "settings": self.saving(request)}
        return {**settings, "tile": request.tile, "shares": self.shares, "tags": tags}

    def adapted(self, name: str) -> dict[str, object]:
        """Return whether the method used is fine-tuned, and the sentence on fine-tuning."""
        return {"adapted": name in FINE_TUNED, "adaptation": self.selection.adaptation}

    def facts(self, name: str) -> dict[str, Any] | None:
        """Return the facts of the scene test, and the method used; None without a test."""
        test = self.selection.test
        if test is None:
            return None
        return {**test.facts(), **self.adapted(name), "sensor": self.card.name, "chosen": name}


@contextmanager
def run_settings_for(request: Pansharpen, progress: Progress) -> Iterator[RunSettings]:
    """Open the scene of a request, rehearse its files, and select the method."""
    with Scene.of(request, request.extent, request.extent_crs) as opened:
        output, spread = run_files.output_of(request), run_files.spread_of(request)
        run_files.rehearse(opened, output, spread=spread, tile=request.tile)
        yield _choose(opened, request, progress)


def _choose(opened: Scene, request: Pansharpen, progress: Progress) -> RunSettings:
    """Align a scene if requested, and select the method."""
    scene, shift = _aligned(opened, request, progress)
    bands = counted(scene.bands, "band")
    size = (scene.width, scene.height, bands, scene.ratio, scene.dtype)
    log.info("PAN %d x %d, MS %s, ratio %.4g, %s.", *size)
    card = sensor_of(request.sensor, *scene.rasters)
    log.info("Sensor: %s.", card.name)
    settings = _settings(scene, request, card)
    selection = select_method(scene, request, settings, progress)
    shares = detail_shares(scene, request.unseen_bands)
    return RunSettings(scene, shift, card, settings, selection, shares)


def _aligned(opened: Scene, request: Pansharpen, progress: Progress) -> tuple[Scene, Shift | None]:
    """Return the scene and the shift removed; without ``align``, warn of a shift."""
    if request.align:
        return aligned(opened, scaled(progress, 0.0, 0.0))
    warn_if_displaced(opened)
    return opened, None


def _settings(scene: Scene, request: Pansharpen, card: Sensor) -> Settings:
    fit, statistics = None, None
    if request.fit:
        fit, statistics = read_fit(Path(request.fit), scene.ratio, scene.band_names)
    gains = card.gains(scene.band_names)
    return Settings.of(request, scene.ratio, gains, fit=fit, statistics=statistics)
