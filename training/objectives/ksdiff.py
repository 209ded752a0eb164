# SPDX-License-Identifier: GPL-2.0-or-later
"""Objective and graphs of KSDiff.

Graphs: ``context``, windows of a scene to its kernels (PLFE2, the whole DDIM chain, the
generators), and ``fuse``, the fusion network as a plain convolutional network whose depth-wise
weights carry the names under which the context graph returns the scene's kernels.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from core.networks.batch import Batch
from core.networks.ksdiff import KSDiff, KSDiffConfig, fusion_network
from training.batches import Batches
from training.objectives.objective import (
    Objective,
    StepRandom,
    StepResult,
    StepSettings,
    Weights,
)
from training.onnx_graphs import Axes, export_graph, export_named, unet_receptive_field

#: Number of batches over whose scenes the kernels are averaged for a network without generators.
BATCHES = 8


class KSDiffObjective(Objective[KSDiff, KSDiffConfig]):
    """Stage 1: the prior of the reference. Stage 2: the sampled prior, latent loss (eq. 9)."""

    network = KSDiff
    config = KSDiffConfig
    stage2_cost = 0.6

    def step(
        self, model: KSDiff, stage: int, batch: Batch, random: StepRandom, settings: StepSettings
    ) -> StepResult:
        """Return image and losses of a training step."""
        if stage == 1:
            return StepResult(model.stage1(batch), {})
        config = model.config
        noise, start = (random.normal(config.tokens, config.c_z) for _ in range(2))
        t = random.steps(config.steps)
        latent, image = model.stage2(batch, noise, start, t, settings.ddim_train_steps)
        return StepResult(image, {"latent": settings.latent_weight * latent})

    def fusion_part(self, model: KSDiff) -> nn.Module:
        """Return the fusion network, whose kernels are modulated."""
        return model.net

    def fusion_weights(self, model: KSDiff, batches: Batches) -> Weights:
        """Return the fusion network's weights, with the mean kernels of the first batches."""
        generator = torch.Generator().manual_seed(batches.seed)
        noise = torch.randn(1, model.config.tokens, model.config.c_z, generator=generator)
        kernels: list[list[Tensor]] = []
        with torch.no_grad():
            for step in range(BATCHES):
                b = batches.make(step)
                kernels.append(model.eval().scene_kernels(b.pan, b.lms, b.gain, b.details, noise))
        weights = _plain_weights(model)
        for name, *of_scenes in zip(model.net.kernel_names(), *kernels, strict=True):
            weights[name] = torch.stack(of_scenes).mean(dim=0)
        return weights

    def card_fields(self, model: KSDiff) -> dict[str, Any]:
        """Return size of the prior and names of the modulated kernels."""
        latent = (model.config.tokens, model.config.c_z)
        return {"latent": latent, "kernels": tuple(model.net.kernel_names())}

    def receptive_field(self, config: KSDiffConfig) -> int:
        """Return that of the U-Net (PAN px)."""
        return unet_receptive_field(config)

    def graphs(self, model: KSDiff, window: int) -> dict[str, bytes]:
        """Return ``context`` and ``fuse``."""
        config = model.config
        bands = config.bands or 4
        pan = torch.randn(2, config.pan_channels, window, window)
        lms = torch.randn(2, bands, window, window)
        noise = torch.randn(1, config.tokens, config.c_z)
        windows = {name: {0: "windows"} for name in ("pan", "lms", "gain", "details")}
        image: Axes = {
            "pan": {2: "height", 3: "width"},
            "lms": {2: "height", 3: "width"},
            "gain": {},
            "details": {3: "height", 4: "width"},
        }
        names = ["pan", "lms", "noise"]
        inputs = [pan, lms, noise]
        if config.bands is None:
            names += ["gain", "details"]
            inputs += [torch.rand(2, bands), torch.randn(2, bands, config.details, window, window)]
            for axes in (windows, image):
                for name in ("lms", "gain", "details"):
                    axes[name][1] = "bands"
        context = export_graph(_Context(model), inputs, names, model.net.kernel_names(), windows)
        del names[2], inputs[2]
        one = [x[:1] for x in inputs]
        fuse = export_named(plain_network(model), one, names, ["hrms"], image)
        return {"context": context, "fuse": fuse}


def plain_network(model: KSDiff) -> nn.Module:
    """Return the fusion network without generators: its base kernels under the kernels' names."""
    plain = fusion_network(model.config, plain=True)
    plain.load_state_dict(_plain_weights(model))
    return plain.eval()


def _plain_weights(model: KSDiff) -> Weights:
    return {k: v for k, v in model.net.state_dict().items() if ".generator." not in k}


class _Context(nn.Module):
    """The graph ``context``."""

    def __init__(self, model: KSDiff) -> None:
        super().__init__()
        self.plfe2, self.denoiser, self.net = model.plfe2, model.denoiser, model.net
        self._kernels = model.scene_kernels

    def forward(
        self,
        pan: Tensor,
        lms: Tensor,
        noise: Tensor,
        gain: Tensor | None = None,
        details: Tensor | None = None,
    ) -> tuple[Tensor, ...]:
        """Return the kernels (Cout, 1, k, k) of a scene from K of its windows.

        PAN (K, P, H, W), LMS (K, C, H, W), noise (1, tokens, C_z), gain (K, C) and details
        (K, C, D, H, W); a network for a fixed number of bands takes neither of the last two.
        """
        if gain is None or details is None:
            gain, details = lms.new_zeros(lms.shape[:2]), lms.new_zeros(0)
        return tuple(self._kernels(pan, lms, gain, details, noise))
