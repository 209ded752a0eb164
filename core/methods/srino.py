# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO on a whole scene: Galerkin contexts and gates once from scattered windows, then tiles.

A step of the sampling sees the whole image through means over pixels alone: the Galerkin context
of each layer, and what opens its gates. `prepare` samples the calibration windows together and
keeps both for every step and layer. After that a step is local, and since the noise is a function
of the place, so is the whole chain.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
from scipy.ndimage import correlate

from core.errors import InputError
from core.imaging.arrays import FloatArray, Image
from core.methods.interface import OnStep, Settings
from core.methods.network_inputs import Inputs
from core.methods.network_method import NetworkContext, NetworkMethod
from core.methods.noise import normal
from core.methods.scene_network import SEEN
from core.models import modelfile
from core.models.onnx_session import GpuLostError, Graph
from core.networks import schedule
from core.networks.config import OPERATOR_SHARE
from core.progress import Progress, duration, silent
from core.raster.window import Window

if TYPE_CHECKING:
    from core.networks.srino import PredictorStage

log = logging.getLogger(__name__)

HALO_STEPS = 4
"""Steps up to which the halo holds the whole receptive field of a chain.

More steps look farther, in theory; what lies beyond moves the result by less than rounding does
(`tests/core/methods/test_srino.py`).
"""

SEEN_OF_STEP = 0.1
"""As `SEEN`, of what a step looks: its layers correct what the step before has left."""

LONG = 60.0
"""Seconds of calibration that are worth a warning."""

Predict = Callable[[int, Image, Image], Image]
"""X0 (K, C, H, W), scaled, from the number of the step, X_t and the estimate Y of the last one."""


@dataclass(frozen=True)
class Chain:
    """The sampling: DDIM steps, each of which estimates the whole image.

    times : steps of the schedule. alpha_bar : (T,). scale : of what is diffused.
    low, high : (C, 1, 1), range of the scene's values.
    hard_limits : estimates are clipped to that range; else to the range widened by its own width
        on both sides, and from LMS as far.
    share : of the last estimate in the image; the rest is Phi's image.
    """

    times: tuple[int, ...]
    alpha_bar: FloatArray
    scale: float
    low: Image
    high: Image
    hard_limits: bool
    share: float

    def limits(self, lms: Image) -> tuple[Image, Image]:
        """Return the least and the largest value that an estimate may have."""
        if self.hard_limits:
            return self.low, self.high
        width = self.high - self.low
        return np.minimum(lms, self.low) - width, np.maximum(lms, self.high) + width

    def run(self, lms: Image, pseudo: Image, noise: Image, predict: Predict) -> Image:
        """Return the sharpened image from noise, all (K, C, H, W), normalised."""
        least, most = self.limits(lms)
        x, y = noise, pseudo
        for number, t in enumerate(self.times):
            y = np.clip(lms + predict(number, x, y) / self.scale, least, most)
            if number + 1 < len(self.times):
                earlier = self.alpha_bar[self.times[number + 1]]
                x0 = self.scale * (y - lms)
                x = schedule.ddim(x, x0, float(self.alpha_bar[t]), float(earlier))
        return y if self.share == 1.0 else pseudo + np.float32(self.share) * (y - pseudo)


@dataclass(frozen=True)
class Sampler:
    """The networks, with what is fixed of the scene: contexts and gates of every step.

    windows : the calibration windows' inputs, (K, ...).
    """

    begin: Graph
    step: Graph
    chain: Chain
    contexts: Sequence[tuple[Image, Image]]
    seed: int
    windows: Inputs

    @property
    def device(self) -> str:
        """``cpu`` or ``cuda``."""
        return self.step.device

    def __call__(
        self,
        inputs: Mapping[str, Image],
        window: Window,
        *,
        on_step: OnStep | None = None,
    ) -> Image:
        """Return HRMS (C, H, W) of one window, sampled from the noise of its place."""
        try:
            return self._sampled(inputs, window, on_step)
        except GpuLostError:  # anew, on the CPU
            return self._sampled(inputs, window, on_step)

    def _sampled(
        self, inputs: Mapping[str, Image], window: Window, on_step: OnStep | None
    ) -> Image:
        given = {name: value[None] for name, value in inputs.items()}
        features, pseudo = self.begin.keep(**{name: given[name] for name in self.begin.inputs})
        fixed = {"features": features, "pseudo": pseudo, **_step_inputs(given, self.step)}
        noise = normal(self.seed, len(inputs["lms"]), window)[None]

        def predict(number: int, x: Image, y: Image) -> Image:
            contexts, gates = self.contexts[number]
            t = np.array([self.chain.times[number]], np.float32)
            (x0,) = self.step.run(**fixed, x_t=x, y=y, t=t, contexts=contexts, gates=gates)
            if on_step:
                on_step(number + 1)
            return cast(Image, x0)

        return self.chain.run(given["lms"], pseudo.numpy(), noise, predict)[0]


class SRINOMethod(NetworkMethod[Sampler]):
    """SRINO with a model file; see `NetworkMethod`.

    Raises InputError for less than one sampling step, or more than the schedule has.
    """

    method = "srino"
    share = 0.6
    part = 400  # its features at full resolution take more memory than KSDiff's

    def __init__(self, settings: Settings, fine_tuned: bool = False) -> None:
        super().__init__(settings, fine_tuned)
        steps_of_all = int(self.card.network["steps"])
        most = len(schedule.timesteps(steps_of_all, steps_of_all))
        if not 1 <= self.steps <= most:
            raise InputError("steps-out-of-range", steps=self.steps, most=most)
        self.evaluations = self.steps

    @property
    def steps(self) -> int:
        """Sampling steps: those asked for, else the model card's."""
        return self.settings.steps if self.settings.steps is not None else self.card.steps or 1

    def describe(self, context: NetworkContext[Sampler]) -> dict[str, object]:
        """Return method, model, device, and the number of steps."""
        return {**super().describe(context), "steps": self.steps}

    def receptive_field(self) -> float:
        """Return how far (PAN px) the networks look, as far as it matters, see `HALO_STEPS`."""
        of_steps = min(self.steps, HALO_STEPS) * self.card.step_receptive
        return SEEN * self.card.receptive + SEEN_OF_STEP * of_steps

    def calibrate(self, windows: Inputs, progress: Progress) -> Sampler:
        """Sample the windows together, and keep the contexts and gates of all steps."""
        begin = Graph(self.model.graph("begin"), self.settings.device)
        return self._sampler(begin, windows, progress)

    def _sampler(self, begin: Graph, windows: Inputs, progress: Progress) -> Sampler:
        count, bands, size, _ = windows["lms"].shape
        chain = self.chain(windows["lms"])
        features, pseudo = begin.run(**{name: windows[name] for name in begin.inputs})
        blur = Graph(self.model.graph("blur"), self.settings.device, alone=True)
        (kernels,) = blur.run(**{name: windows[name] for name in blur.inputs})
        step = Graph(self.model.graph("context"), self.settings.device, alone=True)
        fixed = {"features": features, "pseudo": pseudo, **_step_inputs(windows, step)}
        # Side by side on a strip of their own: where they lie does not matter here.
        strip = normal(self.settings.seed, bands, Window(0, 0, count * size, size))
        noise = strip.reshape(bands, count, size, size).swapaxes(0, 1)
        found: list[tuple[Image, Image]] = []
        begun = time.monotonic()

        def predict(number: int, x: Image, y: Image) -> Image:
            if number == 1:
                self._warn(time.monotonic() - begun)
            progress(number / len(chain.times), "Calibrating on windows of the scene")
            spectral = spectral_residual(y, kernels, windows["lms"])
            t = np.array([chain.times[number]], np.float32)
            x0, contexts, gates = step.run(**fixed, x_t=x, y=y, t=t, spectral=spectral)
            found.append((contexts, gates))
            return cast(Image, x0)

        chain.run(windows["lms"], pseudo, noise, predict)
        local = Graph(self.model.graph("fuse"), self.settings.device)
        return Sampler(begin, local, chain, found, self.settings.seed, windows)

    def _warn(self, seconds_per_step: float) -> None:
        """Warn of many steps early: the windows are sampled twice before the tiles are."""
        seconds = 2 * seconds_per_step * self.steps
        if seconds > LONG:
            log.warning(
                "With %d steps, looking at the scene alone takes about %s on this device, and the "
                "tiles come after it. Fewer steps or a GPU make it shorter; it can be cancelled.",
                self.steps, duration(seconds),
            )  # fmt: skip

    def chain(self, lms: Image) -> Chain:
        """Return the sampling for scenes whose LMS has such values, (K, C, H, W)."""
        network = self.card.network
        hard_limits = self.card.profile == "paper"
        low, high = np.zeros((1, 1, 1), np.float32), np.ones((1, 1, 1), np.float32)
        if not hard_limits:
            low, high = (f(lms, axis=(0, 2, 3), keepdims=True)[0] for f in (np.min, np.max))
        times = tuple(schedule.timesteps(network["steps"], self.steps))
        alpha_bar = schedule.cosine(network["steps"])
        share = OPERATOR_SHARE if self.starts_from_fit else 1.0
        return Chain(times, alpha_bar, network["scale"], low, high, hard_limits, share)

    def to_torch(self, context: NetworkContext[Sampler]) -> PredictorStage:
        """Return f_M2P, which is not trained, and Phi: what the operator is guided by."""
        import torch

        from core.networks.srino import PredictorStage, SRINOConfig

        config = SRINOConfig.from_json(self.card.network)
        net = PredictorStage.untrained(config)
        stored = modelfile.read_weights(self.model.path)
        net.load_state_dict({name: torch.tensor(stored[name]) for name in net.state_dict()})
        net.m2p.requires_grad_(False)
        return net

    def with_weights(
        self, context: NetworkContext[Sampler], weights: Mapping[str, Image]
    ) -> NetworkContext[Sampler]:
        """Return the context with these weights of f_M2P and Phi, calibrated anew."""
        begin = Graph(self.model.graph("begin"), self.settings.device, weights)
        windows = context.network.windows
        return replace(context, network=self._sampler(begin, windows, silent))


def _step_inputs(given: Mapping[str, Image], step: Graph) -> dict[str, Image]:
    """Return the inputs of a window that a step takes."""
    return {name: value for name, value in given.items() if name in step.inputs}


def spectral_residual(y: Image, kernels: Image, lms: Image) -> Image:
    """Return R_spe = k * Y - L of windows (K, C, H, W); kernels (1, C, k, k), borders repeated."""
    result = np.empty_like(lms)
    for band, kernel in enumerate(kernels[0]):
        result[:, band] = correlate(y[:, band], kernel[None], mode="nearest") - lms[:, band]
    return result
