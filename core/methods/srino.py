# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO on a whole scene: Galerkin contexts and gates once from scattered windows, then tiles.

A step of the sampling sees the whole image through means over pixels alone: the Galerkin context
of each layer, and what opens its gates. `prepare` samples the scattered windows together and keeps
both for every step and layer. After that a step is local, and since the noise is a function of
the place, so is the whole chain.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import correlate

from core.errors import InputError
from core.imaging.arrays import Image
from core.methods.network_method import LearnedContext, LearnedMethod
from core.methods.noise import normal
from core.models import modelfile
from core.models.onnx_session import Graph
from core.networks import schedule
from core.pair.scene import Patch
from core.progress import Progress, duration
from core.raster.window import Window

if TYPE_CHECKING:
    from core.networks.srino import PredictorStage

log = logging.getLogger(__name__)

FEW = 4
"""Steps up to which the halo holds all that a chain looks at.

More steps look farther, in theory; what lies beyond moves the result by less than rounding does
(`tests/core/methods/test_srino.py`).
"""

SAMPLING = 4
"""Steps, at least, where a spread over seeds is wanted: with fewer, the noise hardly matters."""

LONG = 60.0
"""Seconds of preparing that are worth a warning."""

Predict = Callable[[int, Image, Image], Image]
"""X0 (K, C, H, W), scaled, from the number of the step, X_t and the estimate Y of the last one."""


@dataclass(frozen=True)
class Chain:
    """The sampling: DDIM steps, each of which estimates the whole image.

    times : steps of the schedule. alpha_bar : (T,). scale : of what is diffused.
    low, high : (C, 1, 1), what the scene's values lie between.
    firm : no estimate lies beyond; else by the distance of the two, and from LMS as far.
    """

    times: tuple[int, ...]
    alpha_bar: NDArray[np.float64]
    scale: float
    low: Image
    high: Image
    firm: bool

    def limits(self, lms: Image) -> tuple[Image, Image]:
        """Least and largest value that an estimate may have."""
        if self.firm:
            return self.low, self.high
        reach = self.high - self.low
        return np.minimum(lms, self.low) - reach, np.maximum(lms, self.high) + reach

    def run(self, lms: Image, pseudo: Image, noise: Image, predict: Predict) -> Image:
        """The sharpened image from noise, all (K, C, H, W), in normalised units."""
        least, most = self.limits(lms)
        x, y = noise, pseudo
        for number, t in enumerate(self.times):
            y = np.clip(lms + predict(number, x, y) / self.scale, least, most)
            if number + 1 < len(self.times):
                earlier = self.alpha_bar[self.times[number + 1]]
                x0 = self.scale * (y - lms)
                x = schedule.ddim(x, x0, float(self.alpha_bar[t]), float(earlier))
        return y


@dataclass(frozen=True)
class Sampler:
    """The networks, and what is frozen of the scene: contexts and gates of every step.

    ``windows`` showed it the scene; they are kept for other steps, and for when the networks learn
    on it. ``told`` is called with the number of each step.
    """

    begin: Graph
    step: Graph
    chain: Chain
    contexts: Sequence[tuple[Image, Image]]
    seed: int
    windows: Mapping[str, Image]
    told: Callable[[int], None] = lambda step: None

    @property
    def device(self) -> str:
        """``cpu`` or ``cuda``."""
        return self.step.device

    def __call__(self, inputs: Mapping[str, Image], window: Window) -> Image:
        """HRMS (C, H, W) of one window."""
        given = {name: value[None] for name, value in inputs.items()}
        features, pseudo = self.begin.run(**{name: given[name] for name in self.begin.inputs})
        fixed = {"features": features, "pseudo": pseudo, **_of_step(given, self.step)}
        noise = normal(self.seed, len(inputs["lms"]), window)[None]

        def predict(number: int, x: Image, y: Image) -> Image:
            contexts, gates = self.contexts[number]
            t = np.array([self.chain.times[number]], np.float32)
            (x0,) = self.step.run(**fixed, x_t=x, y=y, t=t, contexts=contexts, gates=gates)
            self.told(number + 1)
            return cast(Image, x0)

        return self.chain.run(given["lms"], pseudo, noise, predict)[0]


class SRINOMethod(LearnedMethod):
    """SRINO with a model file; see `LearnedMethod`.

    Parameters
    ----------
    steps : of the sampling; None for as many as the model's card says.

    Raises
    ------
    InputError : no step, or more than there are from where sampling begins.
    """

    name = "srino"

    def __init__(
        self,
        ratio: float,
        model: str | None = None,
        device: str = "auto",
        seed: int = 0,
        gains: Sequence[float] | None = None,
        steps: int | None = None,
    ) -> None:
        self._asked = steps
        super().__init__(ratio, model, device, seed, gains)
        steps_of_all = int(self.card.network["steps"])
        most = len(schedule.timesteps(steps_of_all, steps_of_all))
        if not 1 <= self.steps <= most:
            raise InputError("steps-out-of-range", steps=self.steps, most=most)

    @property
    def steps(self) -> int:
        """Of the sampling."""
        return self._asked if self._asked is not None else self.card.steps or 1

    @property
    def rounds(self) -> int:
        """How often a window is gone through."""
        return self.steps

    def describe(self) -> dict[str, object]:
        """Method, model, device, and the number of steps."""
        return {**super().describe(), "steps": self.steps}

    def reach(self) -> int:
        """How far (PAN px) the networks look, see `FEW`."""
        return self.card.receptive + min(self.steps, FEW) * self.card.step_receptive

    def fuse(
        self,
        patch: Patch,
        context: LearnedContext,
        *,
        seed: int | None = None,
        told: Callable[[int], None] | None = None,
    ) -> Image:
        """As every method's; with a `seed` from other noise than the method's own."""
        network = _sampler(context)
        network = network if seed is None else replace(network, seed=seed)
        network = replace(network, told=told) if told else network
        return super().fuse(patch, replace(context, network=network))

    def sampling(
        self, context: LearnedContext, progress: Progress
    ) -> tuple[SRINOMethod, LearnedContext]:
        """The method with as many steps as a spread over seeds needs, and its context."""
        if self.steps >= SAMPLING:
            return self, context
        path = str(self.model.path)
        more = SRINOMethod(self.ratio, path, self.device, self.seed, self.gains, SAMPLING)
        known = _sampler(context)
        network = more._calibrated(known.begin, known.windows, progress)
        return more, replace(context, network=network)

    def sharpener(self, windows: dict[str, Image], progress: Progress) -> Sampler:
        """The networks with the contexts and gates of the windows, sampled together."""
        return self._calibrated(Graph(self.model.graph("begin"), self.device), windows, progress)

    def _calibrated(
        self, begin: Graph, windows: Mapping[str, Image], progress: Progress
    ) -> Sampler:
        count, bands, size, _ = windows["lms"].shape
        chain = self._chain(windows["lms"])
        features, pseudo = begin.run(**{name: windows[name] for name in begin.inputs})
        blur = Graph(self.model.graph("blur"), self.device)
        (kernels,) = blur.run(**{name: windows[name] for name in blur.inputs})
        step = Graph(self.model.graph("context"), self.device)
        fixed = {"features": features, "pseudo": pseudo, **_of_step(windows, step)}
        # Beside each other on a strip of their own: where they lie does not matter here.
        strip = normal(self.seed, bands, Window(0, 0, count * size, size))
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
        local = Graph(self.model.graph("fuse"), self.device)
        return Sampler(begin, local, chain, found, self.seed, windows)

    def _warn(self, seconds_per_step: float) -> None:
        """Tell of many steps early: the windows go through the chain twice before the tiles do."""
        seconds = 2 * seconds_per_step * self.steps
        if seconds > LONG:
            log.warning(
                "With %d steps, looking at the scene alone takes about %s on this device, and the "
                "tiles come after it. Fewer steps or a GPU make it shorter; it can be cancelled.",
                self.steps, duration(seconds),
            )  # fmt: skip

    def _chain(self, lms: Image) -> Chain:
        """The sampling of scenes whose LMS has such values."""
        network = self.card.network
        firm = self.card.profile == "paper"
        low, high = np.zeros((1, 1, 1), np.float32), np.ones((1, 1, 1), np.float32)
        if not firm:
            low, high = (f(lms, axis=(0, 2, 3), keepdims=True)[0] for f in (np.min, np.max))
        times = tuple(schedule.timesteps(network["steps"], self.steps))
        alpha_bar = schedule.cosine(network["steps"])
        return Chain(times, alpha_bar, network["scale"], low, high, firm)

    def trainable(self, context: LearnedContext) -> PredictorStage:
        """What the operator is guided by: f_M2P, which stays as it is, and Phi."""
        import torch

        from core.networks.srino import PredictorStage, SRINOConfig

        config = SRINOConfig.from_json(self.card.network)
        net = PredictorStage.untrained(config)
        stored = modelfile.read_weights(self.model.path)
        net.load_state_dict({name: torch.tensor(stored[name]) for name in net.state_dict()})
        net.m2p.requires_grad_(False)
        return net

    def adopted(self, context: LearnedContext, weights: Mapping[str, Image]) -> LearnedContext:
        """The context with these weights of f_M2P and Phi; the operator sees the scene anew."""
        begin = Graph(self.model.graph("begin"), self.device, weights)
        windows = _sampler(context).windows
        return replace(context, network=self._calibrated(begin, windows, lambda f, text: None))


def _sampler(context: LearnedContext) -> Sampler:
    return cast(Sampler, context.network)


def _of_step(given: Mapping[str, Image], step: Graph) -> dict[str, Image]:
    """What a step is given of a window as it is."""
    return {name: value for name, value in given.items() if name in step.inputs}


def spectral_residual(y: Image, kernels: Image, lms: Image) -> Image:
    """R_spe = k * Y - L of windows (K, C, H, W); kernels (1, C, k, k), borders repeated."""
    result = np.empty_like(lms)
    for band, kernel in enumerate(kernels[0]):
        result[:, band] = correlate(y[:, band], kernel[None], mode="nearest") - lms[:, band]
    return result
