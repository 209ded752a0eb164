# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff on a whole scene: kernels once from scattered windows, then a plain network per tile.

The prior and the generators' features are means over pixels, so they pool over windows. After
`prepare` the kernels W1 = W0 * W are constants of the scene, folded into the fusion graph:
`fuse` costs what the unmodulated network costs, and does not know where its tile came from.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core import modelfile
from core.backends import Graph
from core.errors import InputError, ModelError
from core.moments import Moments
from core.normalise import (
    Image,
    SceneStatistics,
    lowpass,
    lowpass_radius,
    normalise,
    pixel_vectors,
    statistics,
)
from core.progress import Progress
from core.reduced import AnyScene
from core.scene import Patch
from core.tiles import Window

log = logging.getLogger(__name__)

SAMPLE = 1024
"""Windows of the scene that its statistics are taken from."""
KERNEL_WINDOWS = 64
"""Those of them that its kernels are made from."""
BAND_WINDOWS = 512
"""Limits windows times bands in the kernel pass: memory."""


@dataclass(frozen=True)
class KSDiffContext:
    """The scene's statistics, and the fusion network with the scene's kernels in it."""

    statistics: SceneStatistics
    network: Graph


class KSDiffMethod:
    """KSDiff with a model file.

    Parameters
    ----------
    ratio : MS px / PAN px of the scenes to come.
    model : name or path, None for the default model.
    device : ``auto``, ``cpu`` or ``cuda``.
    seed : of the noise the prior starts from, and of where the windows lie.

    Raises
    ------
    ModelError : the model is missing or damaged.
    """

    name = "ksdiff"

    def __init__(
        self, ratio: float, model: str | None = None, device: str = "auto", seed: int = 0
    ) -> None:
        self.ratio, self.device, self.seed = ratio, device, seed
        self.model = modelfile.load(model)
        self.card = self.model.card
        if self.card.method != self.name:
            raise ModelError(f"{self.card.name} is a model for {self.card.method}, not KSDiff.")
        self.align = self.card.stride
        self.halo = self.card.receptive + lowpass_radius(ratio)
        self.used_device = ""

    def describe(self) -> dict[str, object]:
        """Method, model, and the device that was really used."""
        return {"method": self.name, "model": self.card.name, "device": self.used_device}

    def prepare(self, scene: AnyScene, progress: Progress) -> KSDiffContext:
        """Statistics and kernels of the scene.

        Raises ModelError when the model has another number of bands, InputError when no pixel is
        valid in both images.
        """
        if self.card.bands not in (None, scene.bands):
            raise ModelError(
                f"{self.card.name} is for {self.card.bands} bands, {scene.ms_path} has "
                f"{scene.bands}.",
                "Choose as many bands as the model has, or a model for any number of bands.",
            )
        low, high = self.card.ratios
        if not 0.7 * low < scene.ratio < 1.5 * high:
            log.warning(
                "%s was trained for ratios from %g to %g, this pair has %.3g: compare the result "
                "with a classical method.", self.card.name, low, high, scene.ratio,
            )  # fmt: skip
        sample = scene.scattered(self.card.window, SAMPLE, self.seed, self.align)
        known, shares = self._statistics(scene, sample, progress)
        progress(0.7, "Diffusing the prior, making the kernels")
        pan, lms = self._windows(scene, self._chosen(sample, shares, scene.bands), known)
        kernels = self._kernels(pan, lms, known)
        network = Graph(self.model.graph("fuse"), self.device, kernels)
        self.used_device = network.device
        progress(1.0, "Kernels ready")
        log.info("kernels from %d windows, on %s", len(pan), network.device)
        return KSDiffContext(known, network)

    def fuse(self, patch: Patch, context: KSDiffContext) -> Image:
        """Sharpen a window whose row and column are multiples of `align`."""
        pan, lms = self._inputs(patch, context.statistics)
        height, width = patch.pan.shape
        rest = [(0, 0), (0, -height % self.align), (0, -width % self.align)]
        inputs = {"pan": np.pad(pan, rest, mode="edge")[None]}
        inputs["lms"] = np.pad(lms, rest, mode="edge")[None]
        if self.card.profile == "scene":
            inputs["gain"] = context.statistics.gain[None]
        hrms = context.network.run(**inputs)[0][0, :, :height, :width]
        if self.card.profile == "paper":
            return hrms * np.float32(self.card.scale)
        std, mean = context.statistics.std, context.statistics.mean
        return hrms * std[:, None, None] + mean[:, None, None]

    def _statistics(
        self, scene: AnyScene, sample: list[Window], progress: Progress
    ) -> tuple[SceneStatistics, NDArray[np.float64]]:
        """Statistics over the sample, and the share of valid pixels in each of its windows."""
        moments = Moments(scene.bands + 2)
        shares = np.zeros(len(sample))
        for i, window in enumerate(sample):
            progress(0.7 * i / len(sample), "Statistics of the scene")
            patch, crop = self._read(scene, window)
            low = lowpass(patch.pan, self.ratio)
            lms, valid = patch.lms[(slice(None), *crop)], patch.valid[crop]
            moments.add(pixel_vectors(lms, patch.pan[crop], low[crop], valid))
            shares[i] = valid.mean()
        if moments.count == 0:
            raise InputError(
                f"No pixel is valid in both {scene.pan_path} and {scene.ms_path}.",
                "Check the nodata value and that the images overlap; an extent around the "
                "data helps where they are few.",
            )
        return statistics(moments), shares

    def _chosen(
        self, sample: list[Window], shares: NDArray[np.float64], bands: int
    ) -> list[Window]:
        """Windows for the kernels: full of valid pixels, as far as the scene has such."""
        # Filled pixels dilute the means; windows with many of them count only if all have.
        good = np.flatnonzero(shares >= min(0.9, shares.max()))
        most = max(min(KERNEL_WINDOWS, BAND_WINDOWS // bands), 1)
        if len(good) > most:
            good = np.sort(np.random.default_rng(self.seed).choice(good, most, replace=False))
        return [sample[i] for i in good]

    def _windows(
        self, scene: AnyScene, windows: list[Window], known: SceneStatistics
    ) -> tuple[Image, Image]:
        """Normalised PAN (K, 1 or 2, P, P) and LMS (K, C, P, P) of the windows."""
        size = self.card.window
        pans, bands = [], []
        for window in windows:
            patch, crop = self._read(scene, window)
            pan, lms = (x[(slice(None), *crop)] for x in self._inputs(patch, known))
            # Only a scene smaller than a window leaves something to fill.
            rest = [(0, 0), (0, size - pan.shape[1]), (0, size - pan.shape[2])]
            pans.append(np.pad(pan, rest, "symmetric"))
            bands.append(np.pad(lms, rest, "symmetric"))
        return np.stack(pans), np.stack(bands)

    def _kernels(
        self, pan: Image, lms: Image, known: SceneStatistics
    ) -> dict[str, NDArray[np.float32]]:
        inputs: dict[str, Image] = {"pan": pan, "lms": lms}
        rng = np.random.default_rng(self.seed)
        inputs["noise"] = rng.standard_normal((1, *self.card.latent), np.float32)
        if self.card.profile == "scene":
            inputs["gain"] = np.repeat(known.gain[None], len(pan), axis=0)
        found = Graph(self.model.graph("context"), self.device).run(**inputs)
        return dict(zip(self.card.kernels, found, strict=True))

    def _read(self, scene: AnyScene, window: Window) -> tuple[Patch, tuple[slice, slice]]:
        """The window with what the low-pass of PAN needs around it, and where it lies in that."""
        outer = window.grow(lowpass_radius(self.ratio), scene.whole)
        return scene.read(outer), window.shift(-outer.row, -outer.col).slices

    def _inputs(self, patch: Patch, known: SceneStatistics) -> tuple[Image, Image]:
        if self.card.profile == "paper":
            scale = np.float32(self.card.scale)
            return patch.pan[None] / scale, patch.lms / scale
        low = lowpass(patch.pan, self.ratio)
        return normalise(patch.pan, low, patch.lms, patch.valid, known)
