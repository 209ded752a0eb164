# SPDX-License-Identifier: GPL-2.0-or-later
"""What the methods are trained for: of a batch, the image that is compared with the truth, and
the other losses. The trainer does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.networks.batch import Batch, to_windows
from core.networks.guidance import blurred, gaussian_kernel
from core.networks.ksdiff import KSDiff
from core.networks.srino import SRINO
from training.batches import Layout
from training.recipe import Recipe

Losses = dict[str, Tensor]


@dataclass(frozen=True)
class Draws:
    """Random numbers of a step: drawn for the whole batch, of which this process has `own` scenes.

    So several processes train on what one alone would.
    """

    generator: torch.Generator
    layout: Layout
    own: slice
    device: torch.device

    def normal(self, *shape: int) -> Tensor:
        """(K*S, *shape) for every window."""
        drawn = torch.randn(
            self.layout.windows, self.layout.scenes, *shape, generator=self.generator
        )
        return drawn[:, self.own].flatten(0, 1).to(self.device)

    def steps(self, high: int) -> Tensor:
        """(K*S,) whole numbers below `high`, one a window."""
        size = (self.layout.windows, self.layout.scenes)
        drawn = torch.randint(high, size, generator=self.generator)
        return drawn[:, self.own].flatten().to(self.device)

    def of_scenes(self, *shape: int) -> Tensor:
        """(S, *shape) between 0 and 1 for every scene."""
        drawn = torch.rand(self.layout.scenes, *shape, generator=self.generator)
        return drawn[self.own].to(self.device)

    def chance(self) -> float:
        """One number between 0 and 1 for the whole batch."""
        return float(torch.rand((), generator=self.generator))


def ksdiff(
    model: KSDiff, stage: int, batch: Batch, draws: Draws, recipe: Recipe
) -> tuple[Tensor, Losses]:
    """Stage 1: the prior of the truth. Stage 2: the sampled one, and the latent's loss (eq. 9)."""
    if stage == 1:
        return model.stage1(batch), {}
    config = model.config
    noise, start = (draws.normal(config.tokens, config.c_z) for _ in range(2))
    t = draws.steps(config.steps)
    latent, hrms = model.stage2(batch, noise, start, t, recipe.ddim_train_steps)
    return hrms, {"latent": recipe.latent_weight * latent}


def srino(
    model: SRINO, stage: int, batch: Batch, draws: Draws, recipe: Recipe
) -> tuple[Tensor, Losses]:
    """Stage I: the operator with the truth, f_M2P and f_KE. Stage II: guided (eqs. 10 and 18)."""
    config = model.config
    x0 = config.scale * (batch.gt - batch.lms)
    t = _times(model, draws, recipe.first_share if stage == 2 else 0.0)
    x_t = model.schedule.add_noise(x0, t, draws.normal(*x0.shape[1:]))
    if stage == 1:
        detail = x0 if config.bands is not None else disturbed(x0, draws)
        condition = batch.lms + detail / config.scale
        abar = model.schedule.alpha_bar[t]
        found = model.operator(x_t, t, abar, condition, detail, batch.scenes).x0
        pan = (model.m2p(batch.gt, batch.weight) - batch.pan[:, :1]).abs().mean()
        kernels = model.ke(batch.pan, batch.lms, batch.scenes)
        # Not at the border, where blurring has to make up what lies beyond.
        rim = config.kernel // 2
        inner = (..., slice(rim, -rim), slice(rim, -rim))
        blur = (blurred(batch.gt, kernels) - batch.lms)[inner].abs().mean()
        return batch.lms + found / config.scale, {"pan": pan, "blur": blur}
    with torch.no_grad():
        kernels = model.ke(batch.pan, batch.lms, batch.scenes)
    prediction = model.predict(batch)
    y = prediction.image.detach()
    if draws.chance() < recipe.self_conditioning:
        with torch.no_grad():
            spectral = model.spectral_residual(y, kernels, batch.lms)
            found = model.denoise(x_t, t, y, prediction, batch, spectral).x0
            y = batch.lms + found / config.scale
    spectral = model.spectral_residual(y, kernels, batch.lms)
    found = model.denoise(x_t, t, y, prediction, batch, spectral).x0
    pseudo = recipe.pseudo_weight * (prediction.image - batch.gt).abs().mean()
    return batch.lms + found / config.scale, {"pseudo": pseudo}


def _times(model: SRINO, draws: Draws, first: float) -> Tensor:
    """Steps of the diffusion, one a scene; a share of them is the step where sampling begins."""
    uniform = (draws.of_scenes() * model.config.steps).long()
    begin = model.schedule.timesteps(1)[0]
    chosen = torch.where(draws.of_scenes() < first, begin, uniform)
    count = len(chosen) * draws.layout.windows
    return to_windows(chosen, count).expand(count)


def disturbed(x0: Tensor, draws: Draws) -> Tensor:
    """The truth's residual as an imperfect predictor gives it: too soft, too weak or strong, noisy.

    Stage II puts such a one in the place of the truth; an operator that has only seen the truth
    would take it at its word, and have no use for X_t.
    """
    soft = blurred(x0, gaussian_kernel(5, 0.8).expand(1, x0.shape[1], -1, -1))
    windows = len(x0)
    share = to_windows(draws.of_scenes(1, 1, 1), windows)
    strength = 0.8 + 0.4 * to_windows(draws.of_scenes(x0.shape[1], 1, 1), windows)
    noise = draws.normal(*x0.shape[1:]) * to_windows(draws.of_scenes(1, 1, 1), windows)
    level = 0.3 * x0.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()
    return strength * (x0 + share * (soft - x0)) + level * noise


OBJECTIVES: dict[str, Callable[..., tuple[Tensor, Losses]]] = {"ksdiff": ksdiff, "srino": srino}
