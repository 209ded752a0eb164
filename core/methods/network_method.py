# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the methods with a network, which is calibrated on the scene and then local.

A network takes only means over pixels from the whole scene. `prepare` computes them on windows
scattered over the scene, and keeps them as constants of a `SceneNetwork`.

At reduced resolution MS is the reference, from which the gain of the network's detail is fitted for
each band (`scene_network.fitted_detail_gain`); the detail is added to the scene fit if the network
starts from it, else to LMS. Since the network does not know the sensor's MTF, back-projection makes
its image consistent with MS. The result of a network that does not start from the scene fit is a
weighted mean of that image and the fit (`scene_fit`), whose errors differ. A fine-tuned method also
trains its network on the scene (`fine_tuning`).
"""

from __future__ import annotations

import logging
import math
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from core.errors import InputError, ModelError
from core.imaging.arrays import Image
from core.imaging.nominal_mtf import lowpass_radius
from core.language import counted
from core.methods.backprojection import BackProjection, radius
from core.methods.full_resolution_windows import FullWindows
from core.methods.interface import Method, OnStep, Settings
from core.methods.network_inputs import (
    SAMPLE,
    Inputs,
    NetworkInputs,
    ReducedPairs,
    read_with_halo,
    starting_image,
)
from core.methods.scene_fit import SceneFit, SceneFitContext, unfitted
from core.methods.scene_fit_features import feature_radius
from core.methods.scene_fit_weights import SceneFitWeights
from core.methods.scene_network import Parts, SceneNetwork, fitted_detail_gain, padded
from core.methods.separable_backprojection import PASSES, BackProjectionPasses, reach
from core.models import modelfile
from core.models.onnx_session import Graph
from core.pair.moved_pan import PAN_REACH, with_pan_moved
from core.pair.pan_sharpness import PAN_GAINS, pan_weights
from core.pair.reduced import AnyScene, ReducedScene
from core.pair.scene import Patch
from core.pair.valid_windows import draw_valid, training_tiles
from core.progress import Progress, scaled
from core.raster.tile_plan import Tile
from core.raster.window import Window
from core.registration.shift_estimate import with_pan_on_ms
from core.sensors import GENERIC_GAIN, gains_for

if TYPE_CHECKING:
    from torch import nn

log = logging.getLogger(__name__)

CALIBRATION_WINDOWS, TRAINING_WINDOWS = 64, 64
"""Largest number of windows for calibration, and of training pairs."""
TUNED_SHARE = 0.6
"""Share of a network fine-tuned to the scene in the result; see `NetworkMethod.share`."""
BAND_WINDOWS = 512
"""Largest number of calibration windows times bands, which limits the memory."""


Network = TypeVar("Network", bound=SceneNetwork)


@dataclass(frozen=True)
class NetworkContext(Generic[Network]):
    """The context that `NetworkMethod.prepare` makes of a scene.

    inputs : makes the network's inputs of a window.
    network : calibrated on the scene.
    detail_gain : (C,), factor on the detail that the network adds to each band.
    restore : back-projection that makes the result consistent with MS; None: not used.
    base : the scene fit that the result is averaged with; None: the result is the network's alone.
    whole : the scene, where halos end.
    pan_shift : how far PAN is moved, PAN px.
    seconds_per_pixel : time of one network evaluation of a PAN pixel.
    """

    inputs: NetworkInputs
    network: Network
    detail_gain: Image
    restore: Callable[[Image, Patch], Image] | None
    base: SceneFitContext | None
    whole: Window
    pan_shift: tuple[float, float]
    seconds_per_pixel: float


class NetworkMethod(Method, Generic[Network]):
    """A method with a model file; the abstract methods, last, are those of each network.

    Parameters
    ----------
    settings : with the name or path of the model file.
    fine_tuned : whether `prepare` trains the network on the scene.

    Attributes
    ----------
    method : its name in model cards.
    share : weight of the network in the result; the rest is the scene fit, see docs/scene-fit.md.
    part : largest edge of a run of the network, without halo, PAN px.
    input_names : the inputs of the network, see `network_inputs.Inputs`.

    Raises
    ------
    ModelError : the model is missing, damaged, another method's, or cannot be fine-tuned.
    """

    method: str
    share: float
    tile_multiple = 2
    part: int
    input_names: tuple[str, ...] = ("pan", "lms", "gain", "weight", "details")

    def __init__(self, settings: Settings, fine_tuned: bool = False) -> None:
        self.settings = settings
        self.name = fine_tuned_name(self.method) if fine_tuned else self.method
        self._fine_tune = _fine_tuning() if fine_tuned else None
        # The scene fit has its default passes: the setting is for other methods.
        fit = settings.fit if settings.fit and settings.fit.passes == PASSES else None
        self._base = SceneFit(replace(settings, back_projection=None, fit=fit, save_fit=None))
        self.model = modelfile.load(settings.model or "", self.method)
        self.card = self.model.card
        self.model_hash = self.card.hashes["weights"]
        self.align = self.card.stride
        self.starts_from_fit = self.card.bands is None and self.card.network.get("details") == 3
        ratio, known = settings.ratio, settings.gains or (GENERIC_GAIN,)
        if self.card.profile == "paper":
            before, after = lowpass_radius(ratio), 0
        elif self.starts_from_fit:
            before, after = feature_radius(ratio), PAN_REACH + reach(ratio, known, PASSES)
        else:
            before, after = lowpass_radius(ratio), radius(ratio, known)
        looks = math.ceil(self.receptive_field())
        self._parts = Parts(self.part, before, looks, self.align)
        self.halo = max(before + looks + after, self._base.halo)
        if self.card.profile == "paper" and fine_tuned:
            raise ModelError("model-not-fine-tunable", model=self.card.name, method=self.method)

    def describe(self, context: NetworkContext[Network]) -> dict[str, object]:
        """Return method, model, and the device in use."""
        return {"method": self.name, "model": self.card.name, "device": context.network.device}

    def graph(self, role: str, weights: Mapping[str, Image] | None = None) -> Graph:
        """Open a graph of the model file by its role, with these weights in place of its own."""
        return Graph(self.model.graph(role), self.settings.device, weights)

    def seconds_per_pixel(self, context: NetworkContext[Network]) -> float:
        """Return the time of one network evaluation of a PAN pixel."""
        return context.seconds_per_pixel

    def prepare(self, scene: AnyScene, progress: Progress) -> NetworkContext[Network]:
        """Calibrate the network on the scene, and fine-tune it if this is a fine-tuned method.

        Raises ModelError when the model has another number of bands, or the scene is too small, the
        time too short or the memory too little to fine-tune; InputError when no pixel is valid in
        both images.
        """
        if self._fine_tune is None:
            return self.calibrated(scene, progress)[0]
        context, pairs = self.calibrated(scene, scaled(progress, 0.0, 0.4))
        if pairs is None:
            height, width = scene.ms_grid.shape
            raise ModelError("scene-too-small-to-fine-tune", height=height, width=width)
        weights = self._fine_tune(
            self.to_torch(context),
            pairs,
            self.full_windows(scene, context.inputs),
            context.detail_gain,
            device=context.network.device,
            seed=self.settings.seed,
            seconds=self.settings.fine_tuning_seconds,
            progress=scaled(progress, 0.4, 1.0),
        )
        return self.with_weights(context, weights)

    def at_reduced_resolution(
        self, context: NetworkContext[Network], reduced: ReducedScene, progress: Progress
    ) -> NetworkContext[Network]:
        """Return the network fine-tuned to the scene, with the inputs of the reduced scene.

        It is tested on its training data, so that `core.fusion.selection_rule` counts only a part
        of its gain.
        """
        plain, _ = self.calibrated(reduced, progress)
        return replace(plain, network=context.network, detail_gain=context.detail_gain)

    def fuse(
        self, patch: Patch, context: NetworkContext[Network], *, on_step: OnStep | None = None
    ) -> Image:
        """Sharpen a window whose row and column are multiples of `align`: `(C, H, W)` in DN."""
        patch = with_pan_moved(patch, context.pan_shift)
        # The halo of the window keeps LMS, except at the edges of the scene.
        image = patch.lms.copy()
        for part in self._parts.of(patch.window, context.whole):
            made = self._network_part(patch, part, context, on_step)
            image[(..., *part.inner.shift(-patch.window.row, -patch.window.col).slices)] = made
        image = context.restore(image, patch) if context.restore else image
        if context.base is None:
            return image
        fitted = context.base.fuse(patch, self.settings.ratio)
        share = TUNED_SHARE if self._fine_tune else self.share
        return fitted + np.float32(share) * (image - fitted)

    def _network_part(
        self, patch: Patch, part: Tile, context: NetworkContext[Network], on_step: OnStep | None
    ) -> Image:
        """Return a part of a patch sharpened by the network alone, (C, h, w) in DN."""
        around = part.outer.grow(self._parts.before, patch.window)
        size = [n + -n % self.align for n in part.outer.shape]
        cut = (..., *part.outer.shift(-around.row, -around.col).slices)
        inputs = {
            name: value if value.ndim == 1 else padded(value[cut], size, "edge")
            for name, value in self._inputs(patch.cut(around), context.inputs).items()
        }
        window = Window(part.outer.row, part.outer.col, *size)
        hrms = context.network(inputs, window, on_step=on_step)
        if self.card.profile == "paper":
            return hrms[(..., *part.crop)] * np.float32(self.card.scale)
        of, start = context.inputs.statistics, starting_image(inputs)
        hrms = (start + context.detail_gain[:, None, None] * (hrms - start))[(..., *part.crop)]
        return np.asarray(hrms * of.std[:, None, None] + of.mean[:, None, None], np.float32)

    def calibrated(
        self, scene: AnyScene, progress: Progress
    ) -> tuple[NetworkContext[Network], ReducedPairs | None]:
        """Return the context, and training pairs; None of these for a scene that is too small."""
        settings, gains = self.settings, gains_for(scene.bands, self.settings.gains)
        self._check(scene)
        scene = with_pan_on_ms(scene) if self.starts_from_fit else scene
        sample = scene.scattered(self.card.window, SAMPLE, settings.seed, self.align)
        fit = self._fit(scene, gains, scaled(progress, 0.0, 0.1))
        inputs, shares = NetworkInputs.estimate(
            scene, sample, settings.ratio, gains, settings.seed, fit, scaled(progress, 0.1, 0.6),
            shared=settings.statistics,
        )  # fmt: skip
        most = max(min(CALIBRATION_WINDOWS, BAND_WINDOWS // scene.bands), 1)
        shown = draw_valid(sample, shares, most, settings.seed)
        windows = self.window_inputs(scene, shown, inputs)
        network = self.calibrate(windows, scaled(progress, 0.6, 0.7))
        number = counted(len(windows["pan"]), "window")
        log.info("The network was shown %s of the scene, on %s.", number, network.device)
        detail_gain, where = np.ones(scene.bands, np.float32), (scene.whole, scene.pan_shift)
        if self.card.profile == "paper":
            pace = self._seconds_per_pixel(network, windows)
            return NetworkContext(inputs, network, detail_gain, None, None, *where, pace), None
        pairs = self._reduced_pairs(scene, gains, fit, scaled(progress, 0.7, 0.8))
        if pairs:
            begun = time.monotonic()
            detail_gain = fitted_detail_gain(network, pairs, scaled(progress, 0.8, 0.9))
            pace = (time.monotonic() - begun) / pairs.valid.size / self.evaluations
        else:
            pace = self._seconds_per_pixel(network, windows)
        restore: BackProjection | BackProjectionPasses = BackProjection.onto(scene, gains)
        if fit:
            restore, base = BackProjectionPasses.onto(scene, gains, PASSES), None
        else:
            base = self._base.fitted(scene, scaled(progress, 0.9, 1.0))
        progress(1.0, "The scene is known")
        return NetworkContext(inputs, network, detail_gain, restore, base, *where, pace), pairs

    def _fit(
        self, scene: AnyScene, gains: Sequence[float], progress: Progress
    ) -> SceneFitWeights | None:
        """Return the fit that the network starts from; None where it starts from LMS."""
        if not self.starts_from_fit:
            return None
        fitted, settings = self._base.fitted(scene, progress), self.settings
        if fitted:
            return fitted.fit
        return unfitted(scene, settings.ratio, tuple(gains), settings.seed, progress)

    def window_inputs(
        self, scene: AnyScene, windows: Sequence[Window], inputs: NetworkInputs
    ) -> Inputs:
        """Return the network's inputs of windows, stacked: (K, ...)."""
        size = self.card.window, self.card.window
        stacks: dict[str, list[Image]] = {}
        for window in windows:
            patch, crop = read_with_halo(scene, window, inputs.ratio)
            for name, value in self._inputs(patch, inputs).items():
                if value.ndim > 1:
                    # Only a scene smaller than a window leaves something to fill.
                    value = padded(value[(..., *crop)], size, "symmetric")
                stacks.setdefault(name, []).append(value)
        return {name: np.stack(values) for name, values in stacks.items()}

    def _check(self, scene: AnyScene) -> None:
        """Raise ModelError for another number of bands; warn of a ratio beyond training."""
        if self.card.bands not in (None, scene.bands):
            raise ModelError(
                "model-band-count",
                model=self.card.name,
                model_bands=self.card.bands,
                ms=scene.ms_name,
                scene_bands=scene.bands,
            )
        low, high = self.card.ratios
        if not 0.7 * low < scene.ratio < 1.5 * high:
            log.warning(
                "%s was trained for ratios from %g to %g, this pair has %.3g: compare the result "
                "with a classical method.", self.card.name, low, high, scene.ratio,
            )  # fmt: skip

    def _seconds_per_pixel(self, network: Network, windows: Inputs) -> float:
        """Measure the time of one evaluation of a pixel on one of the calibration windows."""
        window = Window(0, 0, *windows["lms"].shape[-2:])
        begun = time.monotonic()
        network({name: value[0] for name, value in windows.items()}, window)
        return (time.monotonic() - begun) / (window.height * window.width) / self.evaluations

    def _reduced_pairs(
        self,
        scene: AnyScene,
        gains: Sequence[float],
        fit: SceneFitWeights | None,
        progress: Progress,
    ) -> ReducedPairs | None:
        """Return training pairs of the scene; None where it is too small."""
        seed, size = self.settings.seed, self.card.window
        parts = training_tiles(scene, seed)
        if not parts:
            return None
        margin = feature_radius(round(scene.ratio)) + self.align
        try:
            pan_gain = PAN_GAINS[int(np.argmax(pan_weights(scene, seed)))]
            reduced = ReducedScene(scene, gains, "product", None, parts, margin, pan_gain)
            sample = reduced.scattered(size, TRAINING_WINDOWS, seed, self.align)
            inputs, shares = NetworkInputs.estimate(
                reduced, sample, reduced.ratio, gains, seed, fit, progress
            )
        except InputError:
            return None
        windows = [w for w, share in zip(sample, shares, strict=True) if share > 0]
        stacks = self.window_inputs(reduced, windows, inputs)
        return ReducedPairs.read(reduced, windows, stacks, inputs.statistics, size)

    def full_windows(self, scene: AnyScene, inputs: NetworkInputs) -> FullWindows:
        """Return windows of the scene at full resolution, for fine-tuning."""
        scene = with_pan_on_ms(scene) if self.starts_from_fit else scene
        most = max(min(CALIBRATION_WINDOWS, BAND_WINDOWS // scene.bands), 1)
        sample = scene.scattered(self.card.window, most, self.settings.seed, self.align)
        gains = gains_for(scene.bands, self.settings.gains)
        return FullWindows.read(scene, sample, self.window_inputs(scene, sample, inputs), gains)

    def _inputs(self, patch: Patch, inputs: NetworkInputs) -> Inputs:
        """Return the network's inputs of a patch, by name."""
        if self.card.profile == "paper":
            scale = np.float32(self.card.scale)
            return {"pan": patch.pan[None] / scale, "lms": patch.lms / scale}
        given = inputs.of(patch)
        return {name: given[name] for name in self.input_names}

    @abstractmethod
    def receptive_field(self) -> float:
        """Return the receptive field of the network (radius, PAN px), as far as it matters."""

    @abstractmethod
    def calibrate(self, windows: Inputs, progress: Progress) -> Network:
        """Calibrate the network on windows, stacked (K, ...)."""

    @abstractmethod
    def to_torch(self, context: NetworkContext[Network]) -> nn.Module:
        """Return the module that fine-tuning trains: inputs by name (K, ...) to (K, C, H, W)."""

    @abstractmethod
    def with_weights(
        self, context: NetworkContext[Network], weights: Mapping[str, Image]
    ) -> NetworkContext[Network]:
        """Return the context with the trained weights of `to_torch`, by name."""


def fine_tuned_name(method: str) -> str:
    """Return the name of the method that fine-tunes a network method to the scene."""
    return f"{method}-adapted"


def _fine_tuning() -> Callable[..., dict[str, Image]]:
    """Import `fine_tune`, which needs torch; raise ModelError without it."""
    try:
        from core.methods.fine_tuning import fine_tune
    except ModuleNotFoundError as error:
        raise ModelError("fine-tuning-needs-package", package=error.name) from error
    return fine_tune
