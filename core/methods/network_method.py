# SPDX-License-Identifier: GPL-2.0-or-later
"""What learned methods have in common: the scene is known first, then every window is local.

Each is a network that is made to know the scene (`Sharpener`), from windows scattered over it: all
that it takes from a scene is a mean over pixels, so it pools over windows and is the same for every
tile.

Two things come from the scene itself. One ratio coarser its MS is the truth, and shows how much of
what the network adds to each band is right there (`core.methods.injection.fit_strength`). And the
result is made consistent with MS (`core.methods.backprojection`): the network is not told the
sensor's MTF.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError, ModelError
from core.imaging.arrays import Image
from core.imaging.nominal_mtf import lowpass_radius
from core.methods.backprojection import BackProjection, radius
from core.methods.injection import fit_strength
from core.methods.network_inputs import WINDOWS, Known, Pairs, around, know, places
from core.models import modelfile
from core.pair.reduced import AnyScene, ReducedScene
from core.pair.scene import Patch
from core.progress import Progress, scaled
from core.raster.window import Window
from core.sensors import GENERIC_GAIN

if TYPE_CHECKING:
    from torch import nn

log = logging.getLogger(__name__)

SAMPLE = 1024
"""Windows of the scene that its statistics are taken from."""
BAND_WINDOWS = 512
"""Limits windows times bands in what a network learns of a scene: memory."""


class Sharpener(Protocol):
    """A network that knows the scene."""

    @property
    def device(self) -> str:
        """The one it really runs on, ``cpu`` or ``cuda``."""

    def __call__(self, inputs: Mapping[str, Image], window: Window) -> Image:
        """HRMS (C, H, W) of one window, normalised.

        `inputs` are those of `LearnedMethod.takes`, `window` is their place on the PAN grid; it may
        end beyond the scene, where they are continued.
        """


@dataclass(frozen=True)
class LearnedContext:
    """What is known of the scene, and the network that knows it.

    ``strength`` (C,) is how much of what the network adds is added; ``restore`` None leaves the
    network's result as it is. ``pace`` is the seconds that a pixel takes, once through.
    """

    known: Known
    network: Sharpener
    strength: Image
    restore: BackProjection | None
    pace: float


class LearnedMethod:
    """A method with a model file; what is each method's own comes last.

    Parameters
    ----------
    ratio : MS px / PAN px of the scenes to come.
    model : name or path, None for the method's default model.
    device : ``auto``, ``cpu`` or ``cuda``.
    seed : of the noise, and of where the windows lie.
    gains : MTF gain of each MS band; the generic one by default.

    Attributes
    ----------
    takes : names of the inputs that its networks are given of a window: PAN and its detail
        (2, H, W), LMS (C, H, W), gain and weight (C,), details (C, D, H, W).
    windows : at most so many windows of a scene make a network know it.

    Raises
    ------
    ModelError : the model is missing, damaged, or another method's.
    """

    name: str
    takes: tuple[str, ...] = ("pan", "lms", "gain", "weight", "details")
    windows = 64

    def __init__(
        self,
        ratio: float,
        model: str | None = None,
        device: str = "auto",
        seed: int = 0,
        gains: Sequence[float] | None = None,
    ) -> None:
        self.ratio, self.gains, self.device, self.seed = ratio, gains, device, seed
        self.model = modelfile.load(model, self.name)
        self.card = self.model.card
        self.align = self.card.stride
        self.halo = self.reach() + lowpass_radius(ratio)
        if self.card.profile == "scene":
            self.halo += radius(ratio, gains or (GENERIC_GAIN,))
        self.used_device = ""

    @property
    def rounds(self) -> int:
        """How often a window is gone through."""
        return 1

    def describe(self) -> dict[str, object]:
        """Method, model, and the device that was really used."""
        return {"method": self.name, "model": self.card.name, "device": self.used_device}

    def prepare(self, scene: AnyScene, progress: Progress) -> LearnedContext:
        """Statistics, details, network and strength of the scene.

        Raises ModelError when the model has another number of bands, InputError when no pixel is
        valid in both images.
        """
        return self.learnt(scene, progress)[0]

    def fuse(self, patch: Patch, context: LearnedContext) -> Image:
        """Sharpen a window whose row and column are multiples of `align`."""
        inputs = self._inputs(patch, context.known)
        height, width = patch.pan.shape
        rest = [(0, -height % self.align), (0, -width % self.align)]
        padded = {
            name: value
            if value.ndim == 1
            else np.pad(value, [(0, 0)] * (value.ndim - 2) + rest, mode="edge")
            for name, value in inputs.items()
        }
        window = Window(patch.window.row, patch.window.col, *padded["lms"].shape[-2:])
        hrms = context.network(padded, window)[:, :height, :width]
        if self.card.profile == "paper":
            return hrms * np.float32(self.card.scale)
        of, lms = context.known.statistics, inputs["lms"]
        hrms = lms + context.strength[:, None, None] * (hrms - lms)
        image = np.asarray(hrms * of.std[:, None, None] + of.mean[:, None, None], np.float32)
        return context.restore(image, patch) if context.restore else image

    def _check(self, scene: AnyScene) -> None:
        """Raise ModelError for another number of bands."""
        if self.card.bands not in (None, scene.bands):
            raise ModelError(
                "model-band-count",
                model=self.card.name,
                model_bands=self.card.bands,
                ms=scene.ms_path,
                scene_bands=scene.bands,
            )
        low, high = self.card.ratios
        if not 0.7 * low < scene.ratio < 1.5 * high:
            log.warning(
                "%s was trained for ratios from %g to %g, this pair has %.3g: compare the result "
                "with a classical method.", self.card.name, low, high, scene.ratio,
            )  # fmt: skip

    def learnt(self, scene: AnyScene, progress: Progress) -> tuple[LearnedContext, Pairs | None]:
        """What is learnt of a scene, and the pairs one ratio coarser, if it is not too small."""
        gains = self._gains(scene)
        self._check(scene)
        sample = scene.scattered(self.card.window, SAMPLE, self.seed, self.align)
        known, shares = know(
            scene, sample, self.ratio, gains, self.seed, scaled(progress, 0.0, 0.6)
        )
        most = max(min(self.windows, BAND_WINDOWS // scene.bands), 1)
        windows = self._windows(scene, self._chosen(sample, shares, most), known)
        network = self.sharpener(windows, scaled(progress, 0.6, 0.7))
        self.used_device = network.device
        log.info("%d windows of the scene shown, on %s", len(windows["pan"]), network.device)
        strength = np.ones(scene.bands, np.float32)
        if self.card.profile == "paper":
            pace = self._pace(network, windows)
            return LearnedContext(known, network, strength, None, pace), None
        pairs = self._pairs(scene, scaled(progress, 0.7, 0.8))
        if pairs:
            begun = time.monotonic()
            strength = _strength(network, pairs, scaled(progress, 0.8, 1.0))
            pace = (time.monotonic() - begun) / pairs.known.size / self.rounds
        else:
            pace = self._pace(network, windows)
        restore = BackProjection.onto(scene, gains)
        progress(1.0, "The scene is known")
        return LearnedContext(known, network, strength, restore, pace), pairs

    def _pace(self, network: Sharpener, windows: dict[str, Image]) -> float:
        """Seconds that a pixel takes, once through, as one of the windows shown tells."""
        window = Window(0, 0, *windows["lms"].shape[-2:])
        begun = time.monotonic()
        network({name: value[0] for name, value in windows.items()}, window)
        return (time.monotonic() - begun) / (window.height * window.width) / self.rounds

    def _gains(self, scene: AnyScene) -> tuple[float, ...]:
        """Of each band. Raises InputError where there are more or fewer than bands."""
        gains = tuple(self.gains or (GENERIC_GAIN,) * scene.bands)
        if len(gains) != scene.bands:
            raise InputError("mtf-gain-count", bands=scene.bands, gains=len(gains))
        return gains

    def _pairs(self, scene: AnyScene, progress: Progress) -> Pairs | None:
        """Windows of the scene one ratio coarser, with their truth; None where it is too small."""
        parts = places(scene, self.seed)
        if not parts:
            return None
        gains, margin = self._gains(scene), lowpass_radius(round(scene.ratio)) + self.align
        try:
            reduced = ReducedScene(scene, gains, "product", parts=parts, margin=margin)
            sample = reduced.scattered(self.card.window, WINDOWS, self.seed, self.align)
            known, shares = know(reduced, sample, reduced.ratio, gains, self.seed, progress)
        except InputError:
            return None
        windows = [w for w, share in zip(sample, shares, strict=True) if share > 0]
        stacks = self._windows(reduced, windows, known)
        return Pairs.of(reduced, windows, stacks, known.statistics, self.card.window)

    def _chosen(self, sample: list[Window], shares: NDArray[np.float64], most: int) -> list[Window]:
        """At most `most` windows to show the network, full of valid pixels where there are such."""
        # Filled pixels dilute the means; windows with many of them count only if all have.
        good = np.flatnonzero(shares >= min(0.9, shares.max()))
        if len(good) > most:
            good = np.sort(np.random.default_rng(self.seed).choice(good, most, replace=False))
        return [sample[i] for i in good]

    def _windows(self, scene: AnyScene, windows: list[Window], known: Known) -> dict[str, Image]:
        """What the network is given of the windows, stacked: (K, ...)."""
        size = self.card.window
        stacks: dict[str, list[Image]] = {}
        for window in windows:
            patch, crop = around(scene, window, known.ratio)
            for name, value in self._inputs(patch, known).items():
                if value.ndim > 1:
                    value = value[(..., *crop)]
                    # Only a scene smaller than a window leaves something to fill.
                    rest = [(0, size - n) for n in value.shape[-2:]]
                    value = np.pad(value, [(0, 0)] * (value.ndim - 2) + rest, "symmetric")
                stacks.setdefault(name, []).append(value)
        return {name: np.stack(values) for name, values in stacks.items()}

    def _inputs(self, patch: Patch, known: Known) -> dict[str, Image]:
        """What the network is given of a patch, by the names of its inputs."""
        if self.card.profile == "paper":
            scale = np.float32(self.card.scale)
            return {"pan": patch.pan[None] / scale, "lms": patch.lms / scale}
        given = known.inputs(patch)
        return {name: given[name] for name in self.takes}

    def reach(self) -> int:
        """How far (PAN px) the network looks."""
        raise NotImplementedError

    def sharpener(self, windows: dict[str, Image], progress: Progress) -> Sharpener:
        """The network that knows the scene, of which `windows` are the inputs, stacked (K, ...)."""
        raise NotImplementedError

    def trainable(self, context: LearnedContext) -> nn.Module:
        """What learns when the method is adapted: inputs by name (K, ...) to HRMS (K, C, H, W)."""
        raise NotImplementedError

    def adopted(self, context: LearnedContext, weights: Mapping[str, Image]) -> LearnedContext:
        """The context with what `trainable` has learnt in it: its weights, by name."""
        raise NotImplementedError


def _strength(network: Sharpener, pairs: Pairs, progress: Progress) -> Image:
    """How much of what the network adds is right one ratio coarser, (C,)."""
    added, missing = [], []
    for k, window in enumerate(pairs.windows):
        progress(k / len(pairs.windows), "Measuring how much detail to add")
        inputs = {name: value[k] for name, value in pairs.inputs.items()}
        hrms, known = network(inputs, window), pairs.known[k]
        added.append((hrms - inputs["lms"])[:, known])
        missing.append((pairs.truth[k] - inputs["lms"])[:, known])
    strength = fit_strength(*(np.concatenate(x, axis=1).astype(float) for x in (added, missing)))
    log.info("of the detail of each band is added: %s", ", ".join(f"{x:.0%}" for x in strength))
    return strength.astype(np.float32)
