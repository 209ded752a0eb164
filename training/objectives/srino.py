# SPDX-License-Identifier: GPL-2.0-or-later
"""Objective and graphs of SRINO.

Graphs: ``begin``, a window to V and the pseudo-HRMS; ``blur``, windows to the scene's blur kernels;
one step of the sampling as ``context``, which sees windows of the scene and returns its contexts
and gates, too, and as ``fuse``, which is given them.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from core.networks.batch import Batch, to_windows
from core.networks.denoiser import SceneContext
from core.networks.guidance import BlurModel, blurred, gain_at, gaussian_kernel
from core.networks.srino import SRINO, Prediction, PredictorStage, SRINOConfig
from training.objectives.objective import (
    Objective,
    StepRandom,
    StepResult,
    StepSettings,
    on_grid,
)
from training.onnx_graphs import Axes, export_graph, export_named, unet_receptive_field

#: Blur of the reference's residual in stage I: side and std of the kernel (PAN px).
SOFT_KERNEL = (5, 0.8)
#: Factor of the residual there: lower bound, and width of the range.
STRENGTH = (0.8, 0.4)
#: Largest std of the noise there, over the root mean square of the residual.
NOISE = 0.3


class SRINOObjective(Objective[SRINO, SRINOConfig]):
    """Stage I: the operator and the models of the sensor. Stage II: what guides the operator."""

    network = SRINO
    config = SRINOConfig
    stage2_cost = 2.0

    def step(
        self, model: SRINO, stage: int, batch: Batch, random: StepRandom, settings: StepSettings
    ) -> StepResult:
        """Return image and losses of a training step.

        Stage I: operator, f_M2P and f_KE with the reference (eq. 10), and Phi alone where it serves
        any number of bands: half of its training is done then. Stage II: guided (eq. 18).
        """
        x0 = model.config.scale * (batch.gt - batch.lms)
        t = _timesteps(model, random, settings.first_share if stage == 2 else 0.0)
        x_t = model.schedule.add_noise(x0, t, random.normal(*x0.shape[1:]))
        if stage == 1:
            return _stage1(model, batch, random, x0, x_t, t)
        with torch.no_grad():
            kernels = model.ke(batch.pan, batch.lms, batch.scenes)
        prediction = model.predict(batch)

        def estimate(y: Tensor) -> Tensor:
            """Return the sharp image of this step, given that of the step before."""
            spectral = model.spectral_residual(y, kernels, batch.lms)
            x0 = model.denoise(x_t, t, y, prediction, batch, spectral).x0
            return batch.lms + x0 / model.config.scale

        y = prediction.image.detach()
        if self.is_variant(random, settings):
            with torch.no_grad():
                y = estimate(y)
        image = estimate(y)
        return StepResult(image, {}, prediction.image)

    def is_variant(self, random: StepRandom, settings: StepSettings) -> bool:
        """Return whether the operator is guided by its own estimate (self-conditioning)."""
        return random.chance < settings.self_conditioning

    def fusion_part(self, model: SRINO) -> nn.Module:
        """Return the fusion network of Phi, which Phi for a fixed number of bands has not."""
        part: nn.Module = model.phi.net  # type: ignore[assignment]
        return part

    def card_fields(self, model: SRINO) -> dict[str, Any]:
        """Return number and receptive field of the sampling steps."""
        config = model.config
        return {
            "steps": config.sampling,
            "step_receptive": on_grid(step_receptive_field(config), config),
        }

    def receptive_field(self, config: SRINOConfig) -> int:
        """Return that of V (PAN px): the U-Net and the convolution to the operator's pixels.

        For a fixed number of bands V has ten 3x3 convolutions.
        """
        return unet_receptive_field(config) + config.stride if config.bands is None else 10

    def graphs(self, model: SRINO, window: int) -> dict[str, bytes]:
        """Return ``begin``, ``blur``, ``context`` and ``fuse``."""
        config = model.config
        bands, size = config.bands or 4, (window, window)
        small, channels = [window // config.stride] * 2, config.width // config.heads
        band = torch.randn(2, bands, *size)
        example = {
            "pan": torch.randn(2, config.pan_channels, *size),
            "lms": band, "gain": torch.rand(2, bands), "weight": torch.rand(2, bands),
            "details": torch.randn(2, bands, config.details, *size),
            "x_t": band, "t": torch.zeros(1), "y": band, "pseudo": band, "spectral": band,
            "features": torch.randn(2, config.features, *small),
            "contexts": torch.randn(config.layers, config.heads, *[channels] * 2),
            "gates": torch.rand(config.layers, config.width),
        }  # fmt: skip
        axes: Axes = {name: {0: "windows", 2: "height", 3: "width"} for name in example}
        axes["features"] = {0: "windows", 2: "rows", 3: "cols"}
        axes["details"] = {0: "windows", 3: "height", 4: "width"}
        axes |= {
            "gain": {0: "windows"},
            "weight": {0: "windows"},
            "t": {},
            "contexts": {},
            "gates": {},
        }
        any_bands = ["gain", "weight", "details"] if config.bands is None else []
        if any_bands:
            for name in ("lms", "gain", "weight", "details", "x_t", "y", "pseudo", "spectral"):
                axes[name][1] = "bands"
        axes["x0"] = axes["x_t"]
        step = ["pan", "lms", "x_t", "t", "y", "features", "pseudo", *any_bands[1:2]]

        def export(
            make: Callable[..., bytes], module: nn.Module, names: list[str], outputs: list[str]
        ) -> bytes:
            return make(module, [example[name] for name in names], names, outputs, axes)

        begin = _Begin(deepcopy(model.predictor_stage))
        results = ["x0", "contexts", "gates"]
        return {
            "begin": export(
                export_named, begin, ["pan", "lms", *any_bands], ["features", "pseudo"]
            ),
            "blur": blur_graph(model.ke, config, window),
            "context": export(export_graph, _Step(model), [*step, "spectral"], results),
            "fuse": export(export_graph, _Step(model), [*step, "contexts", "gates"], ["x0"]),
        }


def blur_graph(ke: BlurModel, config: SRINOConfig, window: int) -> bytes:
    """Return the graph ``blur`` of an f_KE; `window` is the side of the example (PAN px)."""
    bands = config.bands or 4
    inputs = [torch.randn(2, n, window, window) for n in (config.pan_channels, bands)]
    axes: Axes = {"pan": {0: "windows"}, "lms": {0: "windows"}, "kernels": {}}
    if config.bands is None:
        axes["lms"][1] = axes["kernels"][1] = "bands"
    return export_graph(_Blur(ke), inputs, ["pan", "lms"], ["kernels"], axes)


def _stage1(
    model: SRINO, batch: Batch, random: StepRandom, x0: Tensor, x_t: Tensor, t: Tensor
) -> StepResult:
    """Return a step of stage I; x0 and x_t (K*S, C, H, W), scaled, and t (K*S,)."""
    config = model.config
    detail = x0 if config.bands is not None else perturb_residual(x0, random)
    condition = batch.lms + detail / config.scale
    abar = model.schedule.alpha_bar[t]
    found = model.operator(x_t, t, abar, condition, detail, batch.scenes).x0
    pan = (model.m2p(batch.gt, batch.weight) - batch.pan[:, :1]).abs().mean()
    kernels = model.ke(batch.pan, batch.lms, batch.scenes)
    losses = {"pan": pan}
    if batch.mtf is not None:
        losses["blur"] = blur_error(kernels, batch.mtf[: batch.scenes])
    image = batch.lms + found / config.scale
    if config.bands is not None:
        return StepResult(image, losses)
    return StepResult(image, losses, model.predict(batch).image)


def blur_error(kernels: Tensor, mtf: Tensor) -> Tensor:
    """Return the mean error of the MTF gain of kernels (S, C, k, k), see `Batch.mtf` (S, C, 2)."""
    gain, frequency = mtf.unbind(-1)
    known = gain > 0
    error = (gain_at(kernels, frequency) - gain).abs() * known
    return error.sum() / known.sum().clamp(min=1)


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


def step_receptive_field(config: SRINOConfig) -> int:
    """Return the distance (PAN px) of the farthest input that a sampling step depends on.

    Two 3x3 convolutions before each layer, those of the stem, and at the finest resolution one
    more, whose pixels are then grouped.
    """
    far = config.stride * (2 * config.layers + (2 if config.bands is None else 5))
    return far + 1 + 2 * (config.stride - 1)


class _Begin(nn.Module):
    """The graph ``begin``."""

    def __init__(self, stage: PredictorStage) -> None:
        super().__init__()
        self.m2p, self.phi = stage.m2p, stage.phi
        self._predict = stage.predict

    def forward(
        self,
        pan: Tensor,
        lms: Tensor,
        gain: Tensor | None = None,
        weight: Tensor | None = None,
        details: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return V (1, c_V, h, w) and the pseudo-HRMS (1, C, H, W) of a window.

        PAN (1, P, H, W), LMS (1, C, H, W), gain and weight (1, C), details (1, C, D, H, W).
        """
        none = lms.new_zeros(0)  # not used by a network for a fixed number of bands
        scene = [none if value is None else value for value in (gain, weight, details)]
        return self._predict(pan, lms, *scene)


class _Blur(nn.Module):
    """The graph ``blur``."""

    def __init__(self, ke: BlurModel) -> None:
        super().__init__()
        self.ke = ke

    def forward(self, pan: Tensor, lms: Tensor) -> Tensor:
        """Return a scene's kernels (1, C, k, k): PAN (K, P, H, W), LMS (K, C, H, W)."""
        result: Tensor = self.ke(pan, lms, 1)
        return result


class _Step(nn.Module):
    """The graphs ``context`` and ``fuse``: one step of the sampling."""

    def __init__(self, model: SRINO) -> None:
        super().__init__()
        self.operator, self.adapters, self.m2p = model.operator, model.adapters, model.m2p
        self._denoise, self._bands = model.denoise, model.config.bands

    def forward(
        self, pan: Tensor, lms: Tensor, x_t: Tensor, t: Tensor, y: Tensor, features: Tensor,
        pseudo: Tensor, *rest: Tensor,
    ) -> tuple[Tensor, ...]:  # fmt: skip
        """Return X0 (K, C, H, W), scaled, and contexts and gates unless they are given.

        PAN (K, P, H, W); LMS, X_t, Y and pseudo-HRMS (K, C, H, W); t (1,); features V
        (K, c_V, h, w). `rest` is the weight (K, C) of a network for any number of bands; then
        R_spe (K, C, H, W), or contexts (layers, heads, c, c) and gates (layers, width).
        """
        weight, rest = (rest[0], rest[1:]) if self._bands is None else (lms, rest)
        batch = Batch(pan, lms, lms, weight, lms, lms, scenes=1)
        known = spectral = None
        if len(rest) == 2:
            known = SceneContext(*([*value.unsqueeze(1).unbind(0)] for value in rest))
        else:
            spectral = rest[0]
        prediction = Prediction(features, pseudo)
        x0, used = self._denoise(x_t, t.long(), y, prediction, batch, spectral, known)
        return (x0,) if known else (x0, torch.cat(used.contexts), torch.cat(used.gates))
