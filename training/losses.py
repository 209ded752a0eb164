# SPDX-License-Identifier: GPL-2.0-or-later
"""Losses of a training step: of the sharpened image, and the other losses of a method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from core.networks.batch import Batch, scene_mean, to_windows
from core.networks.guidance import blurred, gaussian_kernel
from core.networks.ksdiff import KSDiff
from core.networks.srino import SRINO
from training.batches import BatchShape
from training.distributed import Processes
from training.recipe import Recipe

#: Blur of the reference's residual in stage I of SRINO: side and std of the kernel (PAN px).
SOFT_KERNEL = (5, 0.8)
#: Factor of the residual there: lower bound, and width of the range.
STRENGTH = (0.8, 0.4)
#: Largest std of the noise there, over the root mean square of the residual.
NOISE = 0.3
#: Px at the border of a window that the loss leaves out where the image is back-projected.
RIM = 8
#: Largest weight of a scene whose fit has a small error, and its inverse.
MOST_WEIGHT = 4.0
#: Share of the loss that is taken before back-projection: it keeps what MS sees in its place.
BEFORE = 0.2


class StepResult(NamedTuple):
    """The sharpened image (K*S, C, H, W), losses besides its own by name, and SRINO's H^."""

    image: Tensor
    losses: dict[str, Tensor]
    pseudo: Tensor | None = None


@dataclass(frozen=True)
class StepRandom:
    """Random numbers of a step, drawn for the whole batch, of which this process has `own` scenes.

    So several processes train on the numbers that one alone would. They are drawn where they are
    used; `chance`, between 0 and 1, decides what is computed and is known to the CPU: a GPU is
    never waited for.
    """

    generator: torch.Generator
    device: torch.device
    shape: BatchShape
    own: range
    chance: float

    @classmethod
    def of(
        cls, seed: int, step: int, shape: BatchShape, processes: Processes, device: torch.device
    ) -> StepRandom:
        """Return the random numbers of a step. On a GPU its own generator is seeded for them."""
        seed = seed * 1_000_003 + step
        host = torch.Generator().manual_seed(seed)
        chance = float(torch.rand((), generator=host))
        generator = torch.Generator(device).manual_seed(seed)
        if device.type == "cuda":
            # The generator of the GPU itself is the one that a captured graph may use.
            index = torch.cuda.current_device() if device.index is None else device.index
            generator = torch.cuda.default_generators[index].manual_seed(seed)
        return cls(generator, device, shape, processes.shard(shape.scenes), chance)

    def normal(self, *shape: int) -> Tensor:
        """Return normal numbers for every window, (K*S, *shape)."""
        size = (self.shape.windows, self.shape.scenes, *shape)
        return self._own(torch.randn(size, **self._how), dim=1).flatten(0, 1)

    def steps(self, high: int) -> Tensor:
        """Return whole numbers below `high`, one a window, (K*S,)."""
        size = (self.shape.windows, self.shape.scenes)
        return self._own(torch.randint(high, size, **self._how), dim=1).flatten()

    def per_scene(self, *shape: int) -> Tensor:
        """Return numbers between 0 and 1 for every scene, (S, *shape)."""
        return self._own(torch.rand(self.shape.scenes, *shape, **self._how), dim=0)

    @property
    def _how(self) -> dict[str, Any]:
        return {"generator": self.generator, "device": self.device}

    def _own(self, drawn: Tensor, dim: int) -> Tensor:
        return drawn.narrow(dim, self.own.start, len(self.own))


def ksdiff(
    model: KSDiff, stage: int, batch: Batch, random: StepRandom, recipe: Recipe
) -> StepResult:
    """Return a step of KSDiff.

    Stage 1: the prior of the reference. Stage 2: the sampled one, and the latent loss (eq. 9).
    """
    if stage == 1:
        return StepResult(model.stage1(batch), {})
    config = model.config
    noise, start = (random.normal(config.tokens, config.c_z) for _ in range(2))
    t = random.steps(config.steps)
    latent, image = model.stage2(batch, noise, start, t, recipe.ddim_train_steps)
    return StepResult(image, {"latent": recipe.latent_weight * latent})


def srino(model: SRINO, stage: int, batch: Batch, random: StepRandom, recipe: Recipe) -> StepResult:
    """Return a step of SRINO.

    Stage I: operator, f_M2P and f_KE with the reference (eq. 10), and Phi alone where it serves any
    number of bands: half of its training is done then. Stage II: guided (eq. 18).
    """
    x0 = model.config.scale * (batch.gt - batch.lms)
    t = _timesteps(model, random, recipe.first_share if stage == 2 else 0.0)
    x_t = model.schedule.add_noise(x0, t, random.normal(*x0.shape[1:]))
    if stage == 1:
        return _srino_stage1(model, batch, random, x0, x_t, t)
    with torch.no_grad():
        kernels = model.ke(batch.pan, batch.lms, batch.scenes)
    prediction = model.predict(batch)

    def estimate(y: Tensor) -> Tensor:
        """Return the sharp image of this step, given that of the step before."""
        spectral = model.spectral_residual(y, kernels, batch.lms)
        x0 = model.denoise(x_t, t, y, prediction, batch, spectral).x0
        return batch.lms + x0 / model.config.scale

    y = prediction.image.detach()
    if random.chance < recipe.self_conditioning:
        with torch.no_grad():
            y = estimate(y)
    image = estimate(y)
    return StepResult(image, {}, prediction.image)


def _srino_stage1(
    model: SRINO, batch: Batch, random: StepRandom, x0: Tensor, x_t: Tensor, t: Tensor
) -> StepResult:
    config = model.config
    detail = x0 if config.bands is not None else perturb_residual(x0, random)
    condition = batch.lms + detail / config.scale
    abar = model.schedule.alpha_bar[t]
    found = model.operator(x_t, t, abar, condition, detail, batch.scenes).x0
    pan = (model.m2p(batch.gt, batch.weight) - batch.pan[:, :1]).abs().mean()
    kernels = model.ke(batch.pan, batch.lms, batch.scenes)
    # Not at the border, where blurring extrapolates.
    rim = config.kernel // 2
    inner = (..., slice(rim, -rim), slice(rim, -rim))
    blur = model.spectral_residual(batch.gt, kernels, batch.lms)[inner].abs().mean()
    image = batch.lms + found / config.scale
    if config.bands is not None:
        return StepResult(image, {"pan": pan, "blur": blur})
    return StepResult(image, {"pan": pan, "blur": blur}, model.predict(batch).image)


def _timesteps(model: SRINO, random: StepRandom, first_share: float) -> Tensor:
    """Return diffusion steps (K*S,), one a scene; a share of them is where sampling begins."""
    uniform = (random.per_scene() * model.config.steps).long()
    begin = model.schedule.timesteps(1)[0]
    chosen = torch.where(random.per_scene() < first_share, begin, uniform)
    count = len(chosen) * random.shape.windows
    return to_windows(chosen, count).expand(count)


def perturb_residual(x0: Tensor, random: StepRandom) -> Tensor:
    """Return the reference's residual as a predictor gives it: too soft, weak or strong, noisy.

    Stage II replaces the reference by such a prediction. An operator trained on the reference
    alone would copy its condition and ignore X_t. (K*S, C, H, W) -> the same.
    """
    windows, bands = x0.shape[:2]
    kernel = gaussian_kernel(*SOFT_KERNEL, device=x0.device)
    soft = blurred(x0, kernel.expand(1, bands, -1, -1))
    share = to_windows(random.per_scene(1, 1, 1), windows)
    low, width = STRENGTH
    strength = low + width * to_windows(random.per_scene(bands, 1, 1), windows)
    noise = random.normal(*x0.shape[1:]) * to_windows(random.per_scene(1, 1, 1), windows)
    level = NOISE * x0.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()
    return strength * (x0 + share * (soft - x0)) + level * noise


#: By method: the losses of a step, from model, stage, batch, random numbers and recipe.
LOSSES: dict[str, Callable[[Any, int, Batch, StepRandom, Recipe], StepResult]] = {
    "ksdiff": ksdiff,
    "srino": srino,
}


def scene_weights(batch: Batch) -> Tensor | None:
    """Return the weights (B, 1, 1, 1) of the errors: the inverse of the scene fit's, by scene.

    What is to fall is the ratio of the two. None where the fit is not known.
    """
    if batch.seen is None:
        return None
    with torch.no_grad():
        fitted = back_projected(batch.lms + batch.details[:, :, -1], batch)
        least = _inner(fitted - batch.gt).abs().mean(dim=(1, 2, 3))
        least = to_windows(scene_mean(least, batch.scenes), len(least))[:, None, None, None]
        return (least.mean() / least.clamp(min=1e-6)).clamp(1 / MOST_WEIGHT, MOST_WEIGHT)


def image_loss(
    image: Tensor, batch: Batch, weights: Tensor | None, share: float, processes: Processes
) -> Tensor:
    """Return the loss of a sharpened image (B, C, H, W), see `error_weighted_l1`.

    With `weights`, those of `scene_weights`, the image is back-projected first, as in use.
    """
    if weights is None:
        return error_weighted_l1((image - batch.gt).abs(), share, processes)
    image = image.float()
    seen, before = (
        error_weighted_l1(weights * _inner(x - batch.gt).abs(), share, processes)
        for x in (back_projected(image, batch), image)
    )
    return (1 - BEFORE) * seen + BEFORE * before


def error_weighted_l1(error: Tensor, share: float, processes: Processes) -> Tensor:
    """Return the mean of errors (B, C, H, W); a `share` of its weight is proportional to the error.

    The weights are relative to the mean error over all `processes`.
    """
    if not share:
        return error.mean()
    mean = error.detach().mean()
    processes.average([mean])
    weight = error.detach() / mean.clamp(min=1e-6)
    return (error * (1 - share + share * weight)).mean()


def back_projected(image: Tensor, batch: Batch) -> Tensor:
    """Return an image (B, C, H, W) made consistent with MS, but for a border of `RIM` px.

    A pass is ``x + LMS - M x M^T`` with the batch's `seen` M.
    """
    if batch.seen is None:
        return image
    from core.methods.separable_backprojection import PASSES  # needs scipy

    lines = to_windows(batch.seen, len(image))
    for _ in range(PASSES):
        image = image + batch.lms - lines @ image @ lines.mT
    return image


def _inner(image: Tensor) -> Tensor:
    return image[..., RIM:-RIM, RIM:-RIM]
